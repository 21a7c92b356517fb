//! The characters that no output may hold, and what stands in their place.
//!
//! Controls and noncharacters are forbidden in HTML, in the XML of feeds and in calendars: one of them in a title
//! makes a whole feed unreadable. Every text that readers see is cleaned where it is read, so that no output needs
//! to think of it. A terminal obeys some more.

use std::borrow::Cow;

/// The character in the place of a forbidden one, as Unicode recommends.
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// The same as a text.
const REPLACEMENT_TEXT: &str = "\u{fffd}";

/// Whether no HTML document may hold `c`, not even as a reference.
///
/// Tabs and line feeds are allowed. A carriage return is not: outputs write a line feed for it.
pub fn is_forbidden(c: char) -> bool {
    let is_control = matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}');
    (is_control && !matches!(c, '\t' | '\n')) || is_noncharacter(c)
}

/// Whether `c` is a mark of direction, a joiner or the like, which nobody sees in a text.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
}

/// Whether Unicode says that `c` is none of its characters (The Unicode Standard, section 23.7).
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// The first character of a text that no output may hold, with its place; the carriage return of a line's end
/// does not count.
pub fn first_forbidden(text: &str) -> Option<(usize, char)> {
    let mut at = 0;
    while let Some(found) = first_suspect(&text.as_bytes()[at..]) {
        at += found;
        let c = text[at..].chars().next()?;
        if is_forbidden(c) && c != '\r' {
            return Some((at, c));
        }
        at += c.len_utf8();
    }
    None
}

/// The place of the first byte of a text with which a forbidden character may begin. Most texts have none.
fn first_suspect(bytes: &[u8]) -> Option<usize> {
    let is_suspect = |byte: &u8| {
        let is_control = *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
        is_control || matches!(byte, 0x7f | 0xc2 | 0xef | 0xf0..)
    };
    // Of a fixed length and without a way out, so that the processor compares many bytes at once.
    let (parts, _) = bytes.as_chunks::<64>();
    let is_plain = |part: &&[u8; 64]| !part.iter().fold(false, |has, byte| has | is_suspect(byte));
    let start = parts.iter().take_while(is_plain).count() * 64;
    let found = bytes[start..].iter().position(is_suspect)?;
    Some(start + found)
}

/// The bytes with U+FFFD for the half of a character at their end, where whatever wrote them was stopped.
pub fn without_half_a_character(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Err(error) = str::from_utf8(&bytes)
        && error.error_len().is_none()
    {
        bytes.truncate(error.valid_up_to());
        bytes.extend_from_slice("\u{fffd}".as_bytes());
    }
    bytes
}

/// A text with U+FFFD in the place of every character that no output may hold.
pub fn clean(text: &str) -> Cow<'_, str> {
    match first_forbidden(text) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.replace(|c| is_forbidden(c) && c != '\r', "\u{fffd}")),
    }
}

/// The name of a forbidden character, for messages: `the control character U+001B`.
pub fn name(c: char) -> String {
    let kind = match is_noncharacter(c) {
        true => "noncharacter",
        false => "control character",
    };
    format!("the {kind} U+{:04X}", u32::from(c))
}

/// A text that a terminal shows and does not obey: no controls, and nothing that turns the writing direction of
/// what stands after it. Nor does what runs a pipeline obey it, which reads the same lines.
///
/// Embeddings and overrides become U+FFFD, and so do isolates in a line in which one is not closed, and a sign of what
/// begins a command of a pipeline.
pub fn for_terminal(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let are_closed = are_isolates_closed(line);
        let begins = shown.len();
        shown.extend(line.chars().map(|c| match c {
            '\u{202a}'..='\u{202e}' => REPLACEMENT,
            '\u{2066}'..='\u{2069}' if !are_closed => REPLACEMENT,
            c if is_forbidden(c) => REPLACEMENT,
            c => c,
        }));
        let blank = shown[begins..].len() - shown[begins..].trim_start().len();
        if shown[begins + blank..].starts_with("::") {
            shown.replace_range(begins + blank..=begins + blank, REPLACEMENT_TEXT);
        }
    }
    without_old_commands(shown)
}

/// A text that stays in its line, and that a terminal shows and does not obey.
pub fn line_for_terminal(text: &str) -> String {
    for_terminal(text).replace(['\n', '\t'], REPLACEMENT_TEXT)
}

/// A text without the commands of pipelines that count anywhere in a line (`##[group]`, `##vso[...]`).
pub fn without_old_commands(text: String) -> String {
    const COMMANDS: [&str; 3] = ["##[", "##vso[", "##teamcity["];
    let mut text = text;
    for command in COMMANDS {
        if text.contains(command) {
            text = text.replace(command, &format!("#{REPLACEMENT}{}", &command[2..]));
        }
    }
    text
}

/// A JSON document in which a terminal finds nothing to obey: what it would obey stands only in strings, where JSON
/// has escapes for it.
pub fn escaped_json(document: String) -> String {
    if document.is_ascii() && !document.contains('\u{7f}') {
        return document;
    }
    let mut escaped = String::with_capacity(document.len());
    for c in document.chars() {
        match is_obeyed(c) {
            true => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    escaped.push_str(&format!("\\u{unit:04x}"));
                }
            }
            false => escaped.push(c),
        }
    }
    escaped
}

/// Whether a terminal may obey `c`, wherever it stands: a control, or what turns the writing direction.
pub fn is_obeyed(c: char) -> bool {
    is_forbidden(c) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn are_isolates_closed(line: &str) -> bool {
    let mut open = 0_usize;
    for c in line.chars() {
        match c {
            '\u{2066}'..='\u{2068}' => open += 1,
            '\u{2069}' => match open.checked_sub(1) {
                Some(less) => open = less,
                None => return false,
            },
            _ => {}
        }
    }
    open == 0
}

#[cfg(test)]
mod tests {
    use super::{
        clean, escaped_json, first_forbidden, for_terminal, is_forbidden, line_for_terminal, name,
    };

    #[test]
    fn controls_and_noncharacters_are_forbidden() {
        for c in [
            '\0',
            '\u{7}',
            '\u{1b}',
            '\r',
            '\u{7f}',
            '\u{85}',
            '\u{9b}',
            '\u{fdd0}',
            '\u{fffe}',
            '\u{10ffff}',
        ] {
            assert!(is_forbidden(c), "{c:?}");
        }
        for c in [
            '\t', '\n', ' ', '\u{a0}', 'é', '\u{200f}', '\u{202e}', '\u{fffd}', '\u{feff}', '😀',
        ] {
            assert!(!is_forbidden(c), "{c:?}");
        }
    }

    #[test]
    fn a_forbidden_character_is_found_and_replaced() {
        assert_eq!(first_forbidden("plain\r\n\ttext é"), None);
        assert_eq!(clean("plain\r\n"), "plain\r\n");
        assert_eq!(first_forbidden("é a\u{1b}[31m"), Some((4, '\u{1b}')));
        assert_eq!(clean("a\u{1b}[31m\u{fffe}"), "a\u{fffd}[31m\u{fffd}");
        assert_eq!(name('\u{1b}'), "the control character U+001B");
        assert_eq!(name('\u{1ffff}'), "the noncharacter U+1FFFF");
    }

    #[test]
    fn no_text_begins_a_command_of_a_pipeline() {
        assert_eq!(
            for_terminal("a::b\n::error::c\n  ::debug::d ##[group]\n## Heading [x]\n"),
            "a::b\n\u{fffd}:error::c\n  \u{fffd}:debug::d #\u{fffd}[group]\n## Heading [x]\n"
        );
        assert_eq!(line_for_terminal("a\n::b"), "a\u{fffd}\u{fffd}:b");
    }

    #[test]
    fn json_escapes_what_a_terminal_obeys() {
        let text = "{\n  \"é\": \"\u{9b}2J\u{202e}\u{1fffe}\"\n}\n";
        let escaped = escaped_json(text.to_owned());
        assert_eq!(
            escaped,
            "{\n  \"é\": \"\\u009b2J\\u202e\\ud83f\\udffe\"\n}\n"
        );
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        assert_eq!(read(text), read(&escaped));
    }

    #[test]
    fn no_forbidden_character_is_overlooked_among_plain_ones() {
        let plain = "a·é。\r\n\t😀".repeat(8);
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            let found = first_forbidden(c.encode_utf8(&mut [0; 4])).is_some();
            assert_eq!(found, is_forbidden(c) && c != '\r', "{c:?}");
        }
        for c in [
            '\0',
            '\u{7f}',
            '\u{80}',
            '\u{9f}',
            '\u{fdd0}',
            '\u{ffff}',
            '\u{10ffff}',
        ] {
            let text = format!("{plain}{c}{plain}");
            assert_eq!(first_forbidden(&text), Some((plain.len(), c)));
        }
        assert_eq!(first_forbidden(&plain), None);
    }

    #[test]
    fn a_terminal_is_told_nothing_but_text() {
        assert_eq!(
            for_terminal("a\u{1b}[2J\u{9b}\rb\tc\n"),
            "a\u{fffd}[2J\u{fffd}\u{fffd}b\tc\n"
        );
        assert_eq!(for_terminal("web \u{202e}down"), "web \u{fffd}down");
        assert_eq!(
            for_terminal("\u{2068}حالة\u{2069} 1"),
            "\u{2068}حالة\u{2069} 1"
        );
        assert_eq!(
            for_terminal("\u{2067}a\n\u{2066}b\u{2069}"),
            "\u{fffd}a\n\u{2066}b\u{2069}"
        );
        assert_eq!(for_terminal("a\u{2069}\u{2068}b"), "a\u{fffd}\u{fffd}b");
    }
}
