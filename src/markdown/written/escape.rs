//! Text, escaped for Markdown.

/// Which bytes may need care within a line.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut marks: &[u8] = b"\\`*_[]<~&:.";
    while let [mark, rest @ ..] = marks {
        special[*mark as usize] = true;
        marks = rest;
    }
    special
};

/// Adds plain text that stands within a line.
///
/// An underscore inside of a word is nobody's emphasis, and an ampersand that begins no reference is one: they stay as
/// they are, for these documents are read as they stand, too. Readers that make links of bare addresses take an escape
/// in one for one of its characters; a word that looks like an address and needs escapes is kept from being one.
pub(super) fn push_text(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if !SPECIAL[usize::from(*byte)] {
            continue;
        }
        let is_plain = match byte {
            b'_' => is_inside_word(text, at),
            b'&' => !is_reference(&bytes[at + 1..]),
            b':' => !text[at..].starts_with("://") || !needs_escapes(&text[at + 1..]),
            b'.' => !text[..at].ends_with("www") || !needs_escapes(&text[at + 1..]),
            _ => false,
        };
        if !is_plain {
            out.push_str(&text[from..at]);
            out.push('\\');
            from = at;
        }
    }
    out.push_str(&text[from..]);
}

/// Whether what follows up to the next space has a character that may need an escape, or a mark behind the text may
/// follow without a space.
fn needs_escapes(rest: &str) -> bool {
    let Some(end) = rest.find(char::is_whitespace) else {
        return true;
    };
    let may_need = |byte: u8| SPECIAL[usize::from(byte)] && !b":.".contains(&byte);
    rest[..end].bytes().any(may_need)
}

/// Whether the underscore at `at` has a letter or a figure on both sides.
fn is_inside_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + 1..].chars().next();
    before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
}

/// Whether what follows an ampersand makes a reference of it, as `amp;` or `#60;` do.
fn is_reference(rest: &[u8]) -> bool {
    let name = rest.strip_prefix(b"#").unwrap_or(rest);
    let length = name
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    length > 0 && name.get(length) == Some(&b';')
}

/// Adds the inside of a line, escaped before, as a line of its own: its first characters begin no block.
pub(super) fn push_line(out: &mut String, line: &str) {
    let bytes = line.as_bytes();
    let is_end = |at: usize| matches!(bytes.get(at), None | Some(b' ' | b'\t'));
    let is_marker = match bytes.first() {
        Some(b'>' | b'|') => true,
        Some(b'#') => is_end(run(bytes, b'#')),
        Some(b'=') => line.trim_end().len() == run(bytes, b'='),
        Some(b'+') => is_end(1),
        Some(b'-') => is_end(1) || matches!(bytes[1], b'-' | b':' | b'|'),
        Some(b':') => bytes.get(1) == Some(&b'-'),
        _ => false,
    };
    if is_marker {
        out.push('\\');
    }
    let figures = bytes.iter().take_while(|byte| byte.is_ascii_digit());
    let figures = figures.count();
    let is_numbered = matches!(bytes.get(figures), Some(b'.' | b')')) && is_end(figures + 1);
    // A footnote's text begins with a reference and a colon.
    let note = line.strip_prefix("[^").and_then(|note| note.find("]:"));
    let split = match note {
        Some(end) => "[^]".len() + end,
        None if figures > 0 && is_numbered => figures,
        None => return out.push_str(line),
    };
    out.push_str(&line[..split]);
    out.push('\\');
    out.push_str(&line[split..]);
}

/// How often a text begins with a byte.
fn run(bytes: &[u8], byte: u8) -> usize {
    bytes.iter().take_while(|it| **it == byte).count()
}

/// Adds the inside of a line, escaped before, as the text of a heading: it has no closing `#` and no attributes.
pub(super) fn push_heading(out: &mut String, line: &str) {
    let before_signs = line.trim_end_matches('#');
    let is_closed = before_signs.is_empty() || before_signs.ends_with([' ', '\t']);
    if let Some(rest) = line.strip_suffix('#').filter(|_| is_closed) {
        out.push_str(rest);
        out.push_str("\\#");
    } else if let Some(rest) = line.strip_suffix('}') {
        // A backslash does not keep a brace from ending attributes.
        out.push_str(rest);
        out.push_str("&#125;");
    } else {
        out.push_str(line);
    }
}

/// Begins the text of a link; behind an exclamation mark it would be that of a picture, and at once behind the
/// reference of a footnote its label.
pub(super) fn push_bracket(out: &mut String) {
    if out.ends_with(']') && !out.ends_with("\\]") {
        out.push(' ');
    }
    if out.ends_with('!') {
        out.insert(out.len() - 1, '\\');
    }
    out.push('[');
}

/// Adds an address as the target of a link; it is percent-encoded already.
pub(super) fn push_target(out: &mut String, url: &str) {
    let bytes = url.as_bytes();
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let is_special = match byte {
            b'\\' | b'(' | b')' | b'<' | b'>' => true,
            b'&' => is_reference(&bytes[at + 1..]),
            _ => false,
        };
        if is_special {
            out.push_str(&url[from..at]);
            out.push('\\');
            from = at;
        }
    }
    out.push_str(&url[from..]);
}

/// Adds code between as many backticks as it needs.
pub(super) fn push_code(out: &mut String, code: &str) {
    let fence = "`".repeat(longest_run(code, '`') + 1);
    let ends_with_mark = code.starts_with('`') || code.ends_with('`');
    // Of spaces on both sides, parsers take one away.
    let is_padded = code.starts_with(' ') && code.ends_with(' ') && !code.trim().is_empty();
    let pad = if ends_with_mark || is_padded { " " } else { "" };
    for part in [&fence, pad, code, pad, &fence] {
        out.push_str(part);
    }
}

/// The length of the longest run of a character in a text.
pub(super) fn longest_run(text: &str, c: char) -> usize {
    let (mut longest, mut current) = (0, 0);
    for it in text.chars() {
        current = if it == c { current + 1 } else { 0 };
        longest = longest.max(current);
    }
    longest
}
