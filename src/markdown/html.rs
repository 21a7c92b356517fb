//! A body as HTML.
//!
//! What was decided, and why:
//!
//! - No `rel` on links. They open in the same window, so `noopener` does nothing; and they are the
//!   team's own words, not a visitor's, so `nofollow` would be untrue.
//! - No `dir="auto"` on paragraphs. The language of an update is known and declared around it.
//!   `auto` goes by the first letter, and would turn an Arabic sentence that starts with a product's
//!   name. Code and bare addresses are left-to-right in every language, and say so.
//! - Images of other sites become links. The published policy is `img-src 'self'`: a browser would
//!   show a hole, and readers' addresses are nobody else's business.
//! - Tables scroll in a focusable `group`, not in a `region`: regions are landmarks, which must be
//!   few and named differently.
//! - Headings nest by their order, not by their numbers, so that whatever an author wrote makes an
//!   outline without gaps.

use std::ops::Range;

use pulldown_cmark::{Alignment, Event, Parser, Tag, TagEnd};

use self::inline::OpenLink;
use self::plan::Plan;
use super::SYNTAX;
use super::target::Brackets;

mod block;
mod inline;
mod plan;
#[cfg(test)]
pub(super) mod tests;

/// The words that rendering adds, in the page's language and as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// The title of a note.
    pub note: String,
    /// The title of a tip.
    pub tip: String,
    /// The title of an important remark.
    pub important: String,
    /// The title of a warning.
    pub warning: String,
    /// The title of a caution.
    pub caution: String,
    /// What the list of footnotes is.
    pub footnotes: String,
    /// What leads from a footnote back to the text.
    pub footnote_back: String,
    /// What a table that can be scrolled is.
    pub table: String,
    /// A task that is done.
    pub task_done: String,
    /// A task that is not done.
    pub task_open: String,
}

/// How a body stands in its page.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// What every id in the output starts with.
    ///
    /// It is unique in the page, so that two updates never share an id, and has no white space.
    pub id_prefix: &'a str,
    /// What leads from this page to the one that the body's relative links and images are meant
    /// for, as `../incidents/x/`; empty where that is this page.
    pub base: &'a str,
    /// The level of the outermost headings, from 1 to 6.
    pub heading_level: u8,
    /// The words that rendering adds.
    pub labels: &'a Labels,
}

/// `markdown` as HTML that may stand wherever flow content may.
///
/// The output is well-formed, and harmless whatever the input is: see [`crate::markdown`].
pub fn to_html(markdown: &str, options: &Options<'_>) -> String {
    let mut brackets = Brackets::default();
    let parser = Parser::new_ext(markdown, SYNTAX);
    let events: Vec<Event<'_>> = parser.map(|event| brackets.read(event)).collect();
    let plan = Plan::new(&events);
    let mut page = Renderer {
        events: &events,
        plan,
        options,
        out: String::with_capacity(markdown.len() + markdown.len() / 2 + 64),
        text: String::new(),
        headings: Vec::new(),
        links: Vec::new(),
        alignments: &[],
        column: 0,
        in_head: false,
        cell_end: "",
    };
    page.blocks(0..events.len());
    page.footnotes();
    page.out
}

/// The state of one rendering.
struct Renderer<'e, 'a> {
    events: &'e [Event<'a>],
    plan: Plan,
    options: &'e Options<'e>,
    out: String,
    /// Text that is not written yet: the next event may go on with it, as an address may.
    text: String,
    /// The source's levels of the headings around this place, each deeper than the one before.
    headings: Vec<u8>,
    links: Vec<OpenLink<'e>>,
    alignments: &'e [Alignment],
    column: usize,
    /// Whether no row of the table's body has begun.
    in_head: bool,
    cell_end: &'static str,
}

impl<'e> Renderer<'e, '_> {
    /// Writes the events of `range`, which holds each start with its end.
    fn blocks(&mut self, range: Range<usize>) {
        let events = self.events;
        let mut at = range.start;
        while at < range.end {
            match &events[at] {
                Event::Text(text) => self.text.push_str(text),
                Event::InlineHtml(html) => self.raw(html),
                event => {
                    self.flush();
                    match event {
                        Event::Start(Tag::FootnoteDefinition(_)) => at = self.plan.note_end(at),
                        Event::Start(Tag::HtmlBlock) => at = self.html_block(at),
                        Event::Start(Tag::CodeBlock(kind)) => at = self.code_block(kind, at),
                        Event::Start(Tag::Image {
                            dest_url, title, ..
                        }) => at = self.image(dest_url, title, at),
                        Event::Start(Tag::Heading { level, .. }) => {
                            at = self.heading(*level as u8, at)
                        }
                        Event::Start(tag) => self.start(tag, at),
                        Event::End(tag) => self.end(*tag),
                        event => self.inline(event),
                    }
                }
            }
            at += 1;
        }
        self.flush();
    }

    fn start(&mut self, tag: &'e Tag<'_>, at: usize) {
        match tag {
            Tag::Paragraph => self.out.push_str("<p>"),
            Tag::BlockQuote(None) => self.open("<blockquote>\n"),
            Tag::BlockQuote(Some(kind)) => self.alert(*kind),
            Tag::List(start) => self.list(*start),
            Tag::Item => self.item(at),
            Tag::Table(alignments) => self.table(alignments),
            Tag::TableHead => {
                self.column = 0;
                self.in_head = true;
                self.out.push_str("<thead>\n<tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.out.push_str(if self.in_head {
                    "<tbody>\n<tr>"
                } else {
                    "<tr>"
                });
                self.in_head = false;
            }
            Tag::TableCell => self.cell(at),
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<del>"),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => self.link(*link_type, dest_url, title),
            // Not here: `blocks` took them, or the dialect lacks them.
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let close = match tag {
            TagEnd::Paragraph => return self.end_paragraph(),
            TagEnd::Heading(_) => return self.end_heading(),
            TagEnd::Link => return self.end_link(),
            TagEnd::BlockQuote(None) => "</blockquote>\n",
            TagEnd::BlockQuote(Some(_)) => "</div>\n",
            TagEnd::List(true) => "</ol>\n",
            TagEnd::List(false) => "</ul>\n",
            TagEnd::Item => "</li>\n",
            TagEnd::Table if self.in_head => "</table>\n</div>\n",
            TagEnd::Table => "</tbody>\n</table>\n</div>\n",
            TagEnd::TableHead => "</tr>\n</thead>\n",
            TagEnd::TableRow => "</tr>\n",
            TagEnd::TableCell => {
                self.column += 1;
                self.cell_end
            }
            TagEnd::Emphasis => "</em>",
            TagEnd::Strong => "</strong>",
            TagEnd::Strikethrough => "</del>",
            _ => "",
        };
        self.out.push_str(close);
    }

    /// Writes the start of a block on a line of its own, unless a block has just started.
    fn open(&mut self, tag: &str) {
        if !self.out.is_empty() && !self.out.ends_with(['\n', '>']) {
            self.out.push('\n');
        }
        self.out.push_str(tag);
    }
}
