//! What single lines of a body are to the parser: a heading, code, HTML or text.
//!
//! A line that reads like a heading to a person may be none to the parser. Whoever asks has found such lines by
//! their text; what they are is told here.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

use super::dialect::SYNTAX;

#[cfg(test)]
mod tests;

/// The role of a line in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// A heading of the second level, of the body itself, which [`outline`](super::outline) has as well.
    Section,
    /// Any other heading.
    Heading {
        /// Its level, from 1 to 6.
        level: u8,
        /// Whether it stands in a list, a block quote or a footnote.
        is_nested: bool,
    },
    /// A part of a paragraph with bold or italic text in it.
    Emphasis {
        /// Whether no word of the line is anything else.
        is_whole: bool,
        /// How many lines of the paragraph start with such text.
        alike: usize,
    },
    /// Any other text.
    Text,
    /// In code, HTML or a comment that begins further above and swallows what was not meant to be in it.
    Swallowed {
        /// The kind of block that it is in.
        by: Swallower,
        /// The bytes of the line that begins it.
        opening: Range<usize>,
    },
    /// Code or a comment with an end, a table, or nothing that is shown.
    Content,
}

/// A kind of block that swallows lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swallower {
    /// A code block between fences.
    Fence,
    /// A comment.
    Comment,
    /// A block of HTML.
    Html,
    /// The blanks before the line itself, which make it code.
    Indent,
}

/// The role of each of `lines`, which are byte ranges of `body` in its order.
pub fn standings(body: &str, lines: &[Range<usize>]) -> Vec<Standing> {
    let mut found = Found {
        body,
        lines,
        standings: vec![None; lines.len()],
        fenced: Vec::new(),
        is_doubtful: false,
    };
    let mut open: Vec<TagEnd> = Vec::new();
    let mut paragraph: Option<Paragraph> = None;
    for (event, range) in Parser::new_ext(body, SYNTAX).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                let is_nested = !open.is_empty();
                found.block(&tag, &range, is_nested);
                match &tag {
                    Tag::Paragraph if !open.contains(&TagEnd::Item) => {
                        paragraph = Some(Paragraph::of(range));
                    }
                    Tag::Strong | Tag::Emphasis => {
                        if let Some(paragraph) = &mut paragraph {
                            paragraph.emphasised.push(range);
                        }
                    }
                    _ => {}
                }
                open.push(tag.to_end());
            }
            Event::End(tag) => {
                open.pop();
                if tag == TagEnd::Paragraph
                    && let Some(paragraph) = paragraph.take()
                {
                    found.paragraph(&paragraph);
                }
            }
            Event::InlineHtml(html) if is_emphasis(&html) => {
                if let Some(paragraph) = &mut paragraph {
                    paragraph.toggle(range);
                }
            }
            Event::Text(text) | Event::Code(text) => {
                found.set(&range, &Standing::Text);
                let is_bare = !open.contains(&TagEnd::Strong) && !open.contains(&TagEnd::Emphasis);
                if let Some(paragraph) = &mut paragraph
                    && is_bare
                    && paragraph.open_tag.is_none()
                    && text.chars().any(char::is_alphanumeric)
                {
                    paragraph.bare.push(range);
                }
            }
            _ => {}
        }
    }
    found.finish()
}

/// A paragraph on the way to its end.
struct Paragraph {
    range: Range<usize>,
    /// The bold and italic parts.
    emphasised: Vec<Range<usize>>,
    /// The words outside of these.
    bare: Vec<Range<usize>>,
    /// The start of such a part that a tag of HTML began.
    open_tag: Option<usize>,
}

impl Paragraph {
    fn of(range: Range<usize>) -> Self {
        Self {
            range,
            emphasised: Vec::new(),
            bare: Vec::new(),
            open_tag: None,
        }
    }

    /// Opens or closes a part between tags of HTML.
    fn toggle(&mut self, tag: Range<usize>) {
        match self.open_tag.take() {
            Some(start) => self.emphasised.push(start..tag.end),
            None => self.open_tag = Some(tag.start),
        }
    }
}

/// Whether a tag of HTML begins or ends bold or italic text.
fn is_emphasis(tag: &str) -> bool {
    let name = tag.trim_matches(['<', '>', '/']);
    ["b", "strong", "i", "em"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// The answers so far.
struct Found<'a> {
    body: &'a str,
    lines: &'a [Range<usize>],
    standings: Vec<Option<Standing>>,
    /// The lines in fences that have an end, with the line that begins each.
    fenced: Vec<(usize, Range<usize>)>,
    /// Whether a fence has no end, so that none can be relied on to stand where it was meant to.
    is_doubtful: bool,
}

impl Found<'_> {
    /// The lines that share bytes with a range.
    fn within(&self, range: &Range<usize>) -> Range<usize> {
        let first = self.lines.partition_point(|line| line.end <= range.start);
        let end = self.lines.partition_point(|line| line.start < range.end);
        first..end.max(first)
    }

    /// Gives a standing to those lines in a range that have none yet.
    fn set(&mut self, range: &Range<usize>, standing: &Standing) {
        for line in self.within(range) {
            self.standings[line].get_or_insert_with(|| standing.clone());
        }
    }

    /// The start of a block.
    fn block(&mut self, tag: &Tag<'_>, range: &Range<usize>, is_nested: bool) {
        match tag {
            Tag::Heading { level, .. } => {
                let standing = match level {
                    HeadingLevel::H2 if !is_nested => Standing::Section,
                    level => Standing::Heading {
                        level: *level as u8,
                        is_nested,
                    },
                };
                self.set(range, &standing);
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => self.fence(range),
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                for line in self.within(range) {
                    let opening = self.lines[line].clone();
                    self.standings[line].get_or_insert(swallowed(Swallower::Indent, opening));
                }
            }
            Tag::Table(_) => self.set(range, &Standing::Content),
            Tag::HtmlBlock => {
                let standing = self.html(range);
                self.set(range, &standing);
            }
            _ => {}
        }
    }

    fn fence(&mut self, range: &Range<usize>) {
        let block = &self.body[range.clone()];
        let opening = first_line(self.body, range);
        match fence_end(block) {
            FenceEnd::Closed => {
                let lines = self.within(range);
                self.fenced
                    .extend(lines.map(|line| (line, opening.clone())));
                self.set(range, &Standing::Content);
            }
            FenceEnd::Doubtful => self.set(range, &swallowed(Swallower::Fence, opening)),
            FenceEnd::Missing => {
                self.is_doubtful = true;
                self.set(range, &swallowed(Swallower::Fence, opening));
            }
        }
    }

    /// The standing of the lines in a block of HTML.
    fn html(&self, range: &Range<usize>) -> Standing {
        let opening = first_line(self.body, range);
        let block = self.body[range.clone()].trim_start();
        if let Some(comment) = block.strip_prefix("<!--") {
            return match comment.split_once("-->") {
                Some((inside, _)) if !inside.contains("<!--") => Standing::Content,
                _ => swallowed(Swallower::Comment, opening),
            };
        }
        let lowered = block.to_ascii_lowercase();
        let ends = [
            ("<pre", "</pre>"),
            ("<script", "</script>"),
            ("<style", "</style>"),
            ("<textarea", "</textarea>"),
            ("<![cdata[", "]]>"),
            ("<?", "?>"),
        ];
        let known = ends.iter().find(|(start, _)| lowered.starts_with(start));
        match known {
            Some((_, end)) if lowered.contains(end) => Standing::Content,
            // Any other block ends at the first empty line, whatever its tags are.
            _ => swallowed(Swallower::Html, opening),
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph) {
        let text = &self.body[paragraph.range.clone()];
        let starts = |line: &&str| line.trim_start_matches([' ', '>']).starts_with(['*', '_']);
        let alike = text.lines().filter(starts).count();
        let (emphasised, bare) = (apart(&paragraph.emphasised), apart(&paragraph.bare));
        let share = |parts: &[Range<usize>], line: &Range<usize>| {
            let after = parts.partition_point(|part| part.end <= line.start);
            parts.get(after).is_some_and(|part| part.start < line.end)
        };
        for index in self.within(&paragraph.range) {
            let line = &self.lines[index];
            if share(&emphasised, line) {
                self.standings[index] = Some(Standing::Emphasis {
                    is_whole: !share(&bare, line),
                    alike,
                });
            }
        }
    }

    fn finish(mut self) -> Vec<Standing> {
        if self.is_doubtful {
            for (line, opening) in self.fenced {
                self.standings[line] = Some(swallowed(Swallower::Fence, opening));
            }
        }
        let standings = self.standings.into_iter();
        let standings = standings.map(|standing| standing.unwrap_or(Standing::Content));
        standings.collect()
    }
}

/// The bytes of some parts in their order, as parts that do not overlap.
fn apart(parts: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut sorted = parts.to_vec();
    sorted.sort_by_key(|part| part.start);
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(sorted.len());
    for part in sorted {
        match apart.last_mut() {
            Some(last) if part.start < last.end => last.end = last.end.max(part.end),
            _ => apart.push(part),
        }
    }
    apart
}

fn swallowed(by: Swallower, opening: Range<usize>) -> Standing {
    Standing::Swallowed { by, opening }
}

fn first_line(body: &str, range: &Range<usize>) -> Range<usize> {
    let line = body[range.clone()].lines().next().unwrap_or_default();
    range.start..range.start + line.len()
}

/// How a fenced code block ends.
enum FenceEnd {
    /// With a fence.
    Closed,
    /// With a fence, but another one with a language stands inside, so that it is most likely that one's.
    Doubtful,
    /// With what it stands in.
    Missing,
}

fn fence_end(block: &str) -> FenceEnd {
    let bare = |line: &str| {
        line.trim_start_matches([' ', '>', '\t'])
            .trim_end()
            .to_owned()
    };
    let mut lines = block.lines();
    let opening = bare(lines.next().unwrap_or_default());
    let mark = opening.chars().next().unwrap_or('`');
    let length = opening.chars().take_while(|c| *c == mark).count();
    let fence = mark.to_string().repeat(length);
    let rest: Vec<String> = lines.map(bare).collect();
    let Some((last, inside)) = rest.split_last() else {
        return FenceEnd::Missing;
    };
    if !last.starts_with(&fence) || last.chars().any(|c| c != mark) {
        return FenceEnd::Missing;
    }
    let opens = |line: &String| {
        let info = line.strip_prefix(&fence);
        info.is_some_and(|info| info.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    match inside.iter().any(opens) {
        true => FenceEnd::Doubtful,
        false => FenceEnd::Closed,
    }
}
