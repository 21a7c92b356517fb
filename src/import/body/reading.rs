//! Reading Markdown back, to see that it says what was meant.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// The content of a Markdown text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MarkdownContent {
    /// Its text without white space.
    pub(super) text: String,
    /// The items of its lists: a number, or `None` for a bullet.
    pub(super) items: Vec<Option<u64>>,
    /// Whether it has nothing but paragraphs and lists of mere text.
    pub(super) plain: bool,
}

/// Reads Markdown; `None` where it has a heading that could be an update's, raw HTML, or something
/// that reaches beyond its end, as an open fence does.
pub(super) fn read(markdown: &str) -> Option<MarkdownContent> {
    // A heading after it shows whether an update after it would be found.
    let probe = format!("{markdown}\n\n## {SENTINEL}\n");
    let mut reading = MarkdownContent {
        text: String::new(),
        items: Vec::new(),
        plain: true,
    };
    let mut lists: Vec<Option<u64>> = Vec::new();
    let mut depth = 0_usize;
    let mut images = 0_usize;
    let mut ended = false;
    for event in Parser::new_ext(&probe, dialect()) {
        if ended {
            return None;
        }
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) => return None,
            Event::Start(Tag::Heading {
                level: HeadingLevel::H2,
                ..
            }) if depth > 0 => return None,
            Event::End(TagEnd::Heading(HeadingLevel::H2)) => {
                ended = true;
                depth -= 1;
            }
            Event::Html(_) | Event::InlineHtml(_) => return None,
            Event::Start(tag) => {
                depth += 1;
                match tag {
                    Tag::Paragraph
                    | Tag::Heading {
                        level: HeadingLevel::H2,
                        ..
                    } => {}
                    Tag::List(start) => lists.push(start),
                    Tag::Item => {
                        let number = lists.last_mut().and_then(Option::as_mut);
                        reading.items.push(number.as_deref().copied());
                        if let Some(number) = number {
                            *number += 1;
                        }
                    }
                    Tag::Image { .. } => {
                        images += 1;
                        reading.plain = false;
                    }
                    _ => reading.plain = false,
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                match tag {
                    TagEnd::List(_) => {
                        lists.pop();
                    }
                    TagEnd::Image => images = images.saturating_sub(1),
                    _ => {}
                }
            }
            Event::Text(text) if images == 0 => push(&mut reading.text, &text),
            Event::Code(text) if images == 0 => {
                reading.plain = false;
                push(&mut reading.text, &text);
            }
            Event::Text(_) | Event::SoftBreak | Event::HardBreak => {}
            _ => reading.plain = false,
        }
    }
    let length = reading.text.strip_suffix(SENTINEL).filter(|_| ended)?.len();
    reading.text.truncate(length);
    Some(reading)
}

const SENTINEL: &str = "End";

/// The dialect in which incident files are read.
fn dialect() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_HEADING_ATTRIBUTES
}

fn push(out: &mut String, text: &CowStr<'_>) {
    out.extend(text.chars().filter(|c| !c.is_whitespace()));
}

/// The text without white space.
pub(super) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
