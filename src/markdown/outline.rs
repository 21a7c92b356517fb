//! The level-2 headings of a body.
//!
//! The parser decides what a heading is. Most incident files are so plain, though, that their
//! headings can be found by looking at the first bytes of each line; [`scan`] does that, and leaves
//! every file in which a line could mean something else to [`parse`]. Both give the same answer: a
//! property test compares them.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::dialect::SYNTAX;
use super::summary;
use super::target::Brackets;

#[cfg(test)]
mod tests;

/// A word in the braces that end a heading: `next=30m` in `## Investigating {next=30m}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The text before the first `=`, or the whole word. An identifier keeps its `#` and a class
    /// its `.`, which no component's id starts with.
    pub key: String,
    /// The text after the first `=`, without any unquoting.
    pub value: Option<String>,
    /// The bytes of the whole word in the body.
    pub span: Range<usize>,
}

/// A level-2 heading of a body with what follows it.
///
/// All ranges are byte offsets into the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The source of the heading's text: no `##`, no underline, no attributes, no space around it.
    pub heading: Range<usize>,
    /// The words in its braces, in their order.
    pub attributes: Vec<Attribute>,
    /// The heading's lines, the last line's end included.
    pub whole: Range<usize>,
    /// The text from there to the next level-2 heading, or to the end.
    pub body: Range<usize>,
    /// The heading's text as a reader sees it.
    pub text: String,
}

/// A body, cut at its level-2 headings.
///
/// `before`, and `whole` and `body` of every section, cover the body without gaps or overlaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The text before the first level-2 heading.
    pub before: Range<usize>,
    /// The sections, in the order of the source.
    pub sections: Vec<Section>,
}

/// The level-2 headings of `body`, in either notation of CommonMark (`## text`, or text underlined
/// with dashes).
///
/// Only headings of the body itself count, not those in a list, a block quote or a footnote.
pub fn outline(body: &str) -> Outline {
    arrange(body, scan(body).unwrap_or_else(|| parse(body)))
}

/// Gives each heading the text up to the next one.
fn arrange(body: &str, mut sections: Vec<Section>) -> Outline {
    let mut end = body.len();
    for section in sections.iter_mut().rev() {
        section.body = section.whole.end..end;
        end = section.whole.start;
    }
    Outline {
        before: 0..end,
        sections,
    }
}

/// The headings as the parser sees them; their `body` is not yet known.
fn parse(body: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut depth = 0_usize;
    let mut open: Option<(Range<usize>, String)> = None;
    let mut brackets = Brackets::default();
    for (event, range) in Parser::new_ext(body, SYNTAX).into_offset_iter() {
        match brackets.read(event) {
            Event::Start(Tag::Heading { level, .. }) => {
                if depth == 0 && level == HeadingLevel::H2 {
                    open = Some((range, String::new()));
                }
                depth += 1;
            }
            Event::Start(_) => depth += 1,
            Event::End(TagEnd::Heading(_)) => {
                depth -= 1;
                if let Some((range, text)) = open.take_if(|_| depth == 0) {
                    sections.push(section(body, range, Some(text)));
                }
            }
            Event::End(_) => depth -= 1,
            event => {
                if let Some((_, text)) = &mut open {
                    summary::push_inline(text, &event);
                }
            }
        }
    }
    sections
}

/// The headings of a body in which no line can be anything but what its first bytes say, or `None`.
///
/// A line that starts with `## ` without indentation ends whatever stands before it, be it a list,
/// a quote or a table, unless it is inside a code fence, a block of HTML or a link definition. No
/// line that could open one of these, nor one that could underline a heading, is let through.
fn scan(body: &str) -> Option<Vec<Section>> {
    let mut sections = Vec::new();
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        let bytes = line.as_bytes();
        let indent = bytes
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        match bytes.get(indent..).unwrap_or_default() {
            [b'#', b'#', b' ' | b'\r' | b'\n', ..] | [b'#', b'#'] if indent == 0 => {
                let section = section(body, range, None);
                let has_tab = bytes.iter().any(|byte| matches!(byte, b'\t' | 0x0b | 0x0c));
                if has_tab || !body[section.heading.clone()].bytes().all(is_plain) {
                    return None;
                }
                sections.push(section);
            }
            [b'#', b'#', b'#', ..] | [b'#', b' ', ..] => {}
            [b'#' | b'<' | b'[' | 0x0b | 0x0c, ..] => return None,
            [b'`', b'`', b'`', ..] | [b'~', b'~', b'~', ..] => return None,
            [b'-', rest @ ..]
                if rest
                    .iter()
                    .all(|byte| *byte == b'-' || byte.is_ascii_whitespace()) =>
            {
                return None;
            }
            rest if has_lone_return(rest) => return None,
            _ => {}
        }
    }
    Some(sections)
}

/// Whether a carriage return ends a line by itself.
fn has_lone_return(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    line.contains(&b'\r')
}

/// Whether a byte of a heading means itself, whatever stands beside it.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii() || b" .,:;-/+()@%'\"=?|#$".contains(&byte)
}

/// The heading at `range`; its `body` is not yet known, and its text is its source unless given.
fn section(body: &str, range: Range<usize>, text: Option<String>) -> Section {
    let line_start = body[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let indented = body[line_start..range.start]
        .bytes()
        .all(|byte| byte.is_ascii_whitespace());
    let whole = if indented {
        line_start..range.end
    } else {
        range.clone()
    };

    let source = &body[range.clone()];
    let (start, end) = match source.strip_prefix("##") {
        Some(rest) if rest.is_empty() || rest.starts_with(is_space) => (range.start + 2, range.end),
        _ => {
            let underline = source.trim_end_matches(is_space).trim_end_matches('-');
            (range.start, range.start + underline.len())
        }
    };
    let is_underlined = start == range.start;
    let mut heading = trim(body, start..end);
    let mut attributes = Vec::new();
    if let Some(braces) = braces(&body[heading.clone()]) {
        let inside = heading.start + braces + 1..heading.end - 1;
        attributes = words(body, inside);
        heading = trim(body, heading.start..heading.start + braces);
    }
    if !is_underlined {
        heading = without_closing_hashes(body, heading);
    }
    let text = text.unwrap_or_else(|| body[heading.clone()].to_owned());
    Section {
        heading,
        attributes,
        body: whole.end..whole.end,
        whole,
        text: text.trim_matches(is_space).to_owned(),
    }
}

/// White space in the parser's sense.
fn is_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ')
}

fn trim(body: &str, range: Range<usize>) -> Range<usize> {
    let start = range.end - body[range.clone()].trim_start_matches(is_space).len();
    let length = body[start..range.end].trim_end_matches(is_space).len();
    start..start + length
}

/// Where the attributes of a trimmed heading open, by the parser's rule: the heading ends in `}`,
/// and none of these bytes stands between the braces.
fn braces(heading: &str) -> Option<usize> {
    let inside = heading.strip_suffix('}')?;
    let open = inside.rfind(['{', '}', '<', '>', '\\', '\n', '\r'])?;
    inside[open..].starts_with('{').then_some(open)
}

/// The attributes in `range`.
fn words(body: &str, range: Range<usize>) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    let mut at = range.start;
    for word in body[range].split(|c: char| c.is_ascii_whitespace()) {
        let span = at..at + word.len();
        at = span.end + 1;
        if word.is_empty() {
            continue;
        }
        let (key, value) = match word.split_once('=') {
            Some((key, value)) if !word.starts_with(['#', '.']) => (key, Some(value)),
            _ => (word, None),
        };
        attributes.push(Attribute {
            key: key.to_owned(),
            value: value.map(str::to_owned),
            span,
        });
    }
    attributes
}

/// The heading without the hashes that may close it: `## text ##`.
fn without_closing_hashes(body: &str, heading: Range<usize>) -> Range<usize> {
    let text = &body[heading.clone()];
    let open = text.trim_end_matches('#');
    if open.is_empty() || open.ends_with(' ') {
        return trim(body, heading.start..heading.start + open.len());
    }
    heading
}
