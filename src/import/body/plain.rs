//! Plain text as Markdown that reads the same.
//!
//! Most text means itself in Markdown, and stays as it is. Where it does not, what has a meaning is
//! escaped; where even that is not enough, all punctuation is. Lists stay lists.

use std::borrow::Cow;

use super::reading::{self, squeeze};

/// A line of text, without white space around it.
#[derive(Debug, Clone, Copy)]
struct TextLine<'a> {
    /// A bullet or a number that makes it an item of a list, else empty.
    marker: &'a str,
    text: &'a str,
}

/// The text as Markdown without a newline at its end.
pub(super) fn markdown(text: &str) -> String {
    let lines: Vec<TextLine<'_>> = text.lines().map(|line| line_of(line.trim())).collect();
    let wanted: String = lines.iter().map(|line| squeeze(line.text)).collect();
    let items: Vec<Option<u64>> = lines
        .iter()
        .filter(|line| !line.marker.is_empty())
        .map(|line| line.marker[..line.marker.len() - 1].parse().ok())
        .collect();
    let same = |markdown: &String| {
        reading::read(markdown).is_some_and(|reading| {
            reading.plain && reading.text == wanted && reading.items == items
        })
    };
    Some(layout(&lines, Cow::Borrowed))
        .filter(same)
        .or_else(|| Some(layout(&lines, escape)).filter(same))
        .unwrap_or_else(|| {
            let lines: Vec<TextLine<'_>> = text
                .lines()
                .map(|line| TextLine {
                    marker: "",
                    text: line.trim(),
                })
                .collect();
            layout(&lines, escape_all)
        })
}

fn line_of(line: &str) -> TextLine<'_> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let marker = match line.as_bytes().get(digits) {
        Some(b'-' | b'*' | b'+') if digits == 0 => 1,
        Some(b'.' | b')') if (1..=9).contains(&digits) => digits + 1,
        _ => 0,
    };
    let (marker, text) = line.split_at(marker);
    if marker.is_empty() || !text.starts_with([' ', '\t']) || text.trim().is_empty() {
        return TextLine {
            marker: "",
            text: line,
        };
    }
    TextLine {
        marker,
        text: text.trim(),
    }
}

/// The lines as paragraphs and lists. A newline inside a paragraph stays a break.
fn layout<'a>(lines: &[TextLine<'a>], escape: impl Fn(&'a str) -> Cow<'a, str>) -> String {
    let mut out = String::new();
    let mut before: Option<&TextLine<'_>> = None;
    for line in lines {
        if line.text.is_empty() {
            if before.take().is_some() {
                out.push('\n');
            }
            continue;
        }
        match before {
            None if out.is_empty() => {}
            None => out.push('\n'),
            Some(before) => match (before.marker.is_empty(), line.marker.is_empty()) {
                (true, true) => out.push_str("\\\n"),
                (false, false) => out.push('\n'),
                _ => out.push_str("\n\n"),
            },
        }
        if !line.marker.is_empty() {
            out.push_str(line.marker);
            out.push(' ');
        }
        out.push_str(&escape(line.text));
        before = Some(line);
    }
    out.truncate(out.trim_end_matches('\n').len());
    out
}

/// The text with a backslash before what has a meaning in Markdown.
fn escape(text: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(text.len() + 8);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut previous = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, c)| *c);
        let inside_word =
            previous.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric);
        let meant = match c {
            '*' | '`' | '[' | ']' | '~' => true,
            '_' => !inside_word,
            '\\' => next.is_none_or(|next| next.is_ascii_punctuation()),
            '<' => next
                .is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')),
            '&' => next.is_some_and(|next| next.is_ascii_alphabetic() || next == '#'),
            '#' | '>' | '+' | '-' | '=' | '|' | ':' => at == 0,
            '.' | ')' => at > 0 && at == digits,
            _ => false,
        };
        if meant {
            out.push('\\');
        }
        out.push(c);
        previous = Some(c);
    }
    Cow::Owned(out)
}

/// The text with a backslash before all ASCII punctuation, none of which has a meaning then.
fn escape_all(text: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    Cow::Owned(out)
}
