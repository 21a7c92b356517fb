//! Texts in the form in which they are compared.

use crate::characters::is_invisible;

/// A text as a reader sees it: without emphasis, code, tags and escapes, and with plain forms of digits and marks.
pub(super) fn plain(text: &str) -> String {
    let text = text
        .replace("&middot;", "·")
        .replace("&ndash;", "–")
        .replace("&mdash;", "—")
        .replace("&nbsp;", " ");
    let mut plain = String::with_capacity(text.len());
    let mut is_tag = false;
    for c in text.chars() {
        let c = folded(c);
        match c {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            _ if is_tag => {}
            '*' | '`' | '\\' | '~' => {}
            '\u{fe0e}' | '\u{fe0f}' => {}
            c if is_invisible(c) => {}
            _ => plain.push(c),
        }
    }
    let plain = plain.replace("__", "");
    plain
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '_' | '#'))
        .to_owned()
}

/// A character in its plain form: digits of other scripts, wide forms, and marks that look like separators.
fn folded(c: char) -> char {
    let wide = |base: u32, ascii: u32| char::from_u32(u32::from(c) - base + ascii).unwrap_or(c);
    match c {
        '\u{ff01}'..='\u{ff5e}' => wide(0xff01, 0x21),
        '\u{660}'..='\u{669}' => wide(0x660, 0x30),
        '\u{6f0}'..='\u{6f9}' => wide(0x6f0, 0x30),
        '\u{966}'..='\u{96f}' => wide(0x966, 0x30),
        '\u{3000}' | '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
        '・' | '･' | '•' | '∙' | '⋅' | '‧' | '●' => '·',
        '―' | '‒' | '−' | '﹣' => '–',
        '‐' | '\u{2011}' => '-',
        '│' | '¦' => '|',
        '،' => ',',
        _ => c,
    }
}
