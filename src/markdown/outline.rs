//! The level-2 headings of a body.
//!
//! The parser decides what a heading is. Most incident files are so plain, though, that their
//! headings can be told by looking at the first bytes of each line; [`scan`] does that, and leaves
//! every file in which a line could mean something else to [`parse`]. Both give the same answer: a
//! property test compares them.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::target::Brackets;
use super::{SYNTAX, summary};

/// A word in the braces that end a heading: `next=30m` in `## Investigating {next=30m}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// What stands before the first `=`, or the whole word. An identifier keeps its `#` and a class
    /// its `.`, which no component's id starts with.
    pub key: String,
    /// What stands after the first `=`, without any unquoting.
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
    /// From there to the next level-2 heading, or to the end.
    pub body: Range<usize>,
    /// The heading's text as a reader sees it.
    pub text: String,
}

/// A body, cut at its level-2 headings.
///
/// `before`, and `whole` and `body` of every section, cover the body without gaps or overlaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// What stands before the first level-2 heading.
    pub before: Range<usize>,
    /// In the order of the source.
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

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "a test may fail loudly")]

    use proptest::prelude::*;
    use pulldown_cmark::{Event, Parser, Tag};

    use super::{Attribute, Outline, SYNTAX, Section, outline, parse, scan};

    /// Both ways of finding the headings, which must agree wherever the quick one answers.
    fn both(body: &str) -> Outline {
        if let Some(sections) = scan(body) {
            assert_eq!(sections, parse(body), "{body:?}");
        }
        outline(body)
    }

    /// `heading`, `text`, attributes and body of each section.
    fn shown(body: &str) -> Vec<(&str, String, Vec<&str>, &str)> {
        let mut at = 0;
        let Outline { before, sections } = both(body);
        assert_eq!(before.start, 0);
        let mut end = before.end;
        let mut shown = Vec::new();
        for section in sections {
            assert_eq!(
                (section.whole.start, section.body.start),
                (end, section.whole.end)
            );
            assert!(
                section.whole.start <= section.heading.start
                    && section.heading.end <= section.whole.end
            );
            end = section.body.end;
            at += 1;
            shown.push((
                &body[section.heading],
                section.text,
                section
                    .attributes
                    .into_iter()
                    .map(|attribute| &body[attribute.span])
                    .collect(),
                &body[section.body],
            ));
        }
        assert_eq!(end, body.len(), "after section {at}");
        shown
    }

    #[test]
    fn a_plain_incident() {
        let body = "Summary.\n\n## Investigating · 2022-12-28 19:45 {next=30m a.b-c_d=operational}\n\nText.\n\n## Resolved\n";
        assert_eq!(
            both(body),
            Outline {
                before: 0..10,
                sections: vec![
                    Section {
                        heading: 13..46,
                        attributes: vec![
                            Attribute {
                                key: "next".to_owned(),
                                value: Some("30m".to_owned()),
                                span: 48..56,
                            },
                            Attribute {
                                key: "a.b-c_d".to_owned(),
                                value: Some("operational".to_owned()),
                                span: 57..76,
                            },
                        ],
                        whole: 10..78,
                        body: 78..86,
                        text: "Investigating · 2022-12-28 19:45".to_owned(),
                    },
                    Section {
                        heading: 89..97,
                        attributes: vec![],
                        whole: 86..98,
                        body: 98..98,
                        text: "Resolved".to_owned(),
                    },
                ],
            }
        );
        assert!(scan(body).is_some());
    }

    #[test]
    fn no_heading() {
        assert_eq!(
            both(""),
            Outline {
                before: 0..0,
                sections: vec![]
            }
        );
        assert_eq!(shown("a\n\n# b\n\n### c\n\n##d\n\n\\## e\n"), []);
    }

    #[test]
    fn every_notation() {
        assert_eq!(
            shown("##  a  ##  \na\n## \n##\n   ## *b* `c` \\#\nd\ne {f=g}\n---\nh\n## i"),
            [
                ("a", "a".to_owned(), vec![], "a\n"),
                ("", String::new(), vec![], ""),
                ("", String::new(), vec![], ""),
                ("*b* `c` \\#", "b c #".to_owned(), vec![], ""),
                ("d\ne", "d e".to_owned(), vec!["f=g"], "h\n"),
                ("i", "i".to_owned(), vec![], ""),
            ]
        );
        assert_eq!(
            shown("## a {b=c}\r\nd\r\n\r\n## e ##\r\n"),
            [
                ("a", "a".to_owned(), vec!["b=c"], "d\r\n\r\n"),
                ("e", "e".to_owned(), vec![], ""),
            ]
        );
    }

    #[test]
    fn only_headings_of_the_body_itself() {
        let body = "```\n## a\n```\n\n<pre>\n## b\n</pre>\n\n<div>\n## c\n\n- ## d\n  ## e\n\n> ## f\n\n    ## g\n\n[^1]: h\n\n    ## i\n";
        assert_eq!(shown(body), []);
        assert_eq!(shown("- a\n## b\n> c\n## d\n").len(), 2);
    }

    #[test]
    fn attributes_of_any_kind() {
        let body = "## a {#b .c d e=f=g  h=}";
        let attributes: Vec<_> = both(body).sections.remove(0).attributes;
        let expected = [
            ("#b", None, 6..8),
            (".c", None, 9..11),
            ("d", None, 12..13),
            ("e", Some("f=g"), 14..19),
            ("h", Some(""), 21..23),
        ];
        assert_eq!(
            attributes,
            expected.map(|(key, value, span)| Attribute {
                key: key.to_owned(),
                value: value.map(str::to_owned),
                span,
            })
        );
        assert_eq!(shown("## {next=30m}")[0].0, "");
        assert_eq!(shown("## a {}")[0].0, "a");
        assert_eq!(shown("## a {b} c")[0].0, "a {b} c");
        assert_eq!(shown("## a {b\\}")[0].0, "a {b\\}");
    }

    /// Lines of incident files, ordinary and odd.
    const LINES: &[&str] = &[
        "",
        "",
        "text",
        "More text, with: punctuation.",
        "## Investigating · 2022-12-28 19:45",
        "## Update {next=30m}",
        "## Resolved ##",
        "##",
        "## ",
        "##\ta",
        "## a\t",
        "### b",
        "# c",
        "#d",
        "##e",
        " ## f",
        "\t## g",
        "    ## h",
        "- i",
        "- ## j",
        "  ## k",
        "  l",
        "1. m",
        "> n",
        "> ## o",
        "> [!NOTE]",
        "| a | b |",
        "|---|---|",
        "---|---",
        "***",
        "_ _ _",
        "---",
        "--",
        "- ",
        "-",
        "===",
        "```",
        "~~~",
        "    ```",
        "- ```",
        "<div>",
        "</div>",
        "<!--",
        "-->",
        "a <b",
        "[c]: /d",
        "[c]:",
        "'e",
        "[^1]: f",
        "[g](h)",
        "i `j",
        "`` k",
        "\\",
        "## *a* {b=c}",
        "## [c] {d",
        "## a {b} {c=d}",
        "## {e}",
        "## a \u{a0}",
        "## a | b {#c .d e f=}",
        "a\rb",
        "\r",
        "## a\r## b",
        "\u{0}## a",
        "\u{b}## a",
        "\u{feff}## a",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_quick_way_agrees_with_the_parser(
            lines in prop::collection::vec(prop::sample::select(LINES), 0..8),
            line_end in prop::sample::select(vec!["\n", "\r\n"]),
        ) {
            both(&lines.join(line_end));
        }

        #[test]
        fn the_quick_way_agrees_on_any_text(body in "([#\\-] ?|[ -~\n]|\\PC|## ){0,80}") {
            both(&body);
        }

        #[test]
        fn attributes_are_those_of_the_parser(inside in "[a-z#.= {}-]{0,20}") {
            let body = format!("## a {{{inside}}}");
            let Some(Event::Start(Tag::Heading { id, classes, attrs, .. })) = Parser::new_ext(&body, SYNTAX).next() else {
                panic!("no heading: {body}");
            };
            let words = outline(&body).sections.remove(0).attributes;
            let words: Vec<_> = words.into_iter().filter(|word| word.span.len() > 1).collect();
            let with = |mark: char| words.iter().filter(move |word| word.key.starts_with(mark)).map(|word| &word.key[1..]);
            prop_assert_eq!(with('#').next_back(), id.as_deref());
            prop_assert!(with('.').eq(classes.iter().map(|class| &**class)));
            let others = words.iter().filter(|word| !word.key.starts_with(['#', '.']));
            prop_assert!(others.map(|word| (&*word.key, word.value.as_deref())).eq(attrs.iter().map(|(key, value)| (&**key, value.as_deref()))));
        }
    }
}
