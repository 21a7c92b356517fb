//! The state of a rendering, and which part of it writes which event.

use std::ops::Range;

use pulldown_cmark::{Alignment, Event, LinkType, Tag, TagEnd};

use super::options::{Html, Options};
use super::plan::Plan;

/// The state of one rendering.
pub(super) struct Renderer<'e, 'a> {
    pub(super) events: &'e [Event<'a>],
    pub(super) plan: Plan,
    pub(super) options: &'e Options<'e>,
    pub(super) out: String,
    /// Text that is not written yet: the next event may go on with it, as an address may.
    pub(super) text: String,
    /// The source's levels of the headings around this place, each deeper than the one before.
    pub(super) headings: Vec<u8>,
    pub(super) links: Vec<OpenLink<'e>>,
    pub(super) alignments: &'e [Alignment],
    pub(super) column: usize,
    /// Whether no row of the table's body has begun.
    pub(super) in_head: bool,
    pub(super) cell_end: &'static str,
    /// Whether neither an id nor a link was written that depends on the place of the body.
    pub(super) stands_anywhere: bool,
}

/// A link around the present place.
pub(super) struct OpenLink<'e> {
    /// The address; `None` where the link was refused and only its text is written.
    pub(super) target: Option<&'e str>,
    /// Where its text starts in the output.
    pub(super) text_start: usize,
}

impl<'e, 'a> Renderer<'e, 'a> {
    /// The rendering of the events of a source that is `length` bytes long, before its first event.
    pub(super) fn new(events: &'e [Event<'a>], options: &'e Options<'e>, length: usize) -> Self {
        Self {
            events,
            plan: Plan::new(events),
            options,
            out: String::with_capacity(length + length / 2 + 64),
            text: String::new(),
            headings: Vec::new(),
            links: Vec::new(),
            alignments: &[],
            column: 0,
            in_head: false,
            cell_end: "",
            stands_anywhere: true,
        }
    }

    /// The HTML of all events, with the footnotes at its end.
    pub(super) fn whole(mut self) -> Html {
        self.blocks(0..self.events.len());
        self.footnotes();
        Html {
            text: self.out,
            stands_anywhere: self.stands_anywhere,
        }
    }

    /// Writes the events of `range`, which holds each start with its end.
    pub(super) fn blocks(&mut self, range: Range<usize>) {
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
            } => match *link_type == LinkType::Inline && self.is_bare(at, dest_url) {
                true => self.link(LinkType::Autolink, dest_url, title),
                false => self.link(*link_type, dest_url, title),
            },
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
    pub(super) fn open(&mut self, tag: &str) {
        if !self.out.is_empty() && !self.out.ends_with(['\n', '>']) {
            self.out.push('\n');
        }
        self.out.push_str(tag);
    }
}
