//! Headings, lists, tables, code, raw HTML and footnotes.

use std::fmt::Write as _;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Tag, TagEnd};

use super::renderer::Renderer;
use crate::markdown::escape::push_text;
use crate::markdown::html_text::{self, Piece};

impl<'e> Renderer<'e, '_> {
    /// Drops a paragraph of which nothing was left.
    pub(super) fn end_paragraph(&mut self) {
        match self.out.strip_suffix("<p>").map(str::len) {
            Some(before) => self.out.truncate(before),
            None => self.out.push_str("</p>\n"),
        }
    }

    /// Starts the heading at `at`, and returns where to go on; an empty one is left out.
    pub(super) fn heading(&mut self, source_level: u8, at: usize) -> usize {
        if matches!(
            self.events.get(at + 1),
            Some(Event::End(TagEnd::Heading(_)))
        ) {
            return at + 1;
        }
        while self
            .headings
            .pop_if(|outer| *outer >= source_level)
            .is_some()
        {}
        self.headings.push(source_level);
        let level = self.heading_level();
        self.open("<h");
        self.stands_anywhere = false;
        let _ = write!(self.out, "{level} id=\"");
        push_text(&mut self.out, self.options.id_prefix);
        let id = self.plan.heading_id(at);
        push_text(&mut self.out, id);
        self.out.push_str(self.id_end(id));
        self.out.push_str("\">");
        at
    }

    pub(super) fn end_heading(&mut self) {
        let level = self.heading_level();
        let _ = writeln!(self.out, "</h{level}>");
    }

    /// The level in the page of the innermost heading.
    fn heading_level(&self) -> usize {
        let outermost = usize::from(self.options.heading_level.clamp(1, 6));
        (outermost + self.headings.len().saturating_sub(1)).min(6)
    }

    pub(super) fn alert(&mut self, kind: BlockQuoteKind) {
        let labels = self.options.labels;
        let (class, title) = match kind {
            BlockQuoteKind::Note => ("note", &labels.note),
            BlockQuoteKind::Tip => ("tip", &labels.tip),
            BlockQuoteKind::Important => ("important", &labels.important),
            BlockQuoteKind::Warning => ("warning", &labels.warning),
            BlockQuoteKind::Caution => ("caution", &labels.caution),
        };
        self.open("<div class=\"alert alert-");
        self.out.push_str(class);
        self.out.push_str("\">\n<p class=\"alert-title\">");
        push_text(&mut self.out, title);
        self.out.push_str("</p>\n");
    }

    pub(super) fn list(&mut self, start: Option<u64>) {
        match start {
            None => self.open("<ul>\n"),
            Some(1) => self.open("<ol>\n"),
            Some(start) => {
                self.open("<ol start=\"");
                let _ = writeln!(self.out, "{start}\">");
            }
        }
    }

    /// Starts a list item; the marker of a task is its first event, or the first of its paragraph.
    pub(super) fn item(&mut self, at: usize) {
        let is_task = match self.events.get(at + 1) {
            Some(Event::Start(Tag::Paragraph)) => {
                matches!(self.events.get(at + 2), Some(Event::TaskListMarker(_)))
            }
            first => matches!(first, Some(Event::TaskListMarker(_))),
        };
        self.out.push_str(if is_task {
            "<li class=\"task\">"
        } else {
            "<li>"
        });
    }

    pub(super) fn table(&mut self, alignments: &'e [Alignment]) {
        self.alignments = alignments;
        self.open("<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"");
        push_text(&mut self.out, &self.options.labels.table);
        self.out.push_str("\">\n<table>\n");
    }

    /// Starts a cell; an empty cell of the head is no heading of anything.
    pub(super) fn cell(&mut self, at: usize) {
        let is_empty = matches!(self.events.get(at + 1), Some(Event::End(TagEnd::TableCell)));
        let start = if self.in_head && !is_empty {
            self.cell_end = "</th>";
            "<th scope=\"col\""
        } else {
            self.cell_end = "</td>";
            "<td"
        };
        self.out.push_str(start);
        self.out.push_str(match self.alignments.get(self.column) {
            Some(Alignment::Left) => " class=\"align-left\">",
            Some(Alignment::Center) => " class=\"align-center\">",
            Some(Alignment::Right) => " class=\"align-right\">",
            Some(Alignment::None) | None => ">",
        });
    }

    /// Writes the code block that starts at `at`, and returns its end.
    pub(super) fn code_block(&mut self, kind: &CodeBlockKind<'_>, at: usize) -> usize {
        self.open("<pre dir=\"ltr\" tabindex=\"0\"><code");
        let language = match kind {
            CodeBlockKind::Fenced(info) => {
                info.split(|c: char| c.is_whitespace() || c == ',').next()
            }
            CodeBlockKind::Indented => None,
        };
        if let Some(language) = language.filter(|language| !language.is_empty()) {
            self.out.push_str(" class=\"language-");
            push_text(&mut self.out, language);
            self.out.push('"');
        }
        self.out.push('>');
        let mut end = at + 1;
        while let Some(Event::Text(text)) = self.events.get(end) {
            push_text(&mut self.out, text);
            end += 1;
        }
        self.out.push_str("</code></pre>\n");
        end
    }

    /// Writes the block of raw HTML that starts at `at` as paragraphs of text, and returns its end.
    pub(super) fn html_block(&mut self, at: usize) -> usize {
        const BREAK: char = '\u{2028}';
        let mut source = String::new();
        let mut end = at + 1;
        while let Some(Event::Html(html) | Event::Text(html)) = self.events.get(end) {
            source.push_str(html);
            end += 1;
        }
        let mut text = String::with_capacity(source.len());
        html_text::pieces(&source, |piece| match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::Break => text.push(BREAK),
        });
        let mut paragraph = 0;
        let mut line_start = 0;
        for line in text.split_inclusive('\n') {
            if line.trim().is_empty() {
                self.html_paragraph(&text[paragraph..line_start], BREAK);
                paragraph = line_start;
            }
            line_start += line.len();
        }
        self.html_paragraph(&text[paragraph..], BREAK);
        end
    }

    fn html_paragraph(&mut self, text: &str, line_break: char) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.open("<p>");
        for (index, part) in text.split(line_break).enumerate() {
            if index > 0 {
                self.out.push_str("<br>\n");
            }
            self.text.push_str(part.trim());
            self.flush();
        }
        self.out.push_str("</p>\n");
    }

    /// Writes the list of footnotes, in the order of the first references to them.
    ///
    /// One that nothing refers to comes last: its words are on the page nevertheless.
    pub(super) fn footnotes(&mut self) {
        if self.plan.has_no_notes() {
            return;
        }
        self.open("<ol class=\"footnotes\" aria-label=\"");
        push_text(&mut self.out, &self.options.labels.footnotes);
        self.out.push_str("\">\n");
        let mut number = 1;
        while let Some(range) = self.plan.note(number) {
            self.out.push_str("<li id=\"");
            self.push_id(format_args!("fn:{number}"));
            self.out.push_str("\">\n");
            self.blocks(range);
            self.back_links(number);
            self.out.push_str("</li>\n");
            number += 1;
        }
        self.out.push_str("</ol>\n");
    }

    /// Adds a link back to each reference, inside the last paragraph where the note ends with one.
    fn back_links(&mut self, number: usize) {
        let references = self.plan.references(number);
        if references == 0 {
            return;
        }
        match self.out.strip_suffix("</p>\n").map(str::len) {
            Some(text_end) => self.out.truncate(text_end),
            None => self.open("<p>"),
        }
        for nth in 1..=references {
            if !self.out.ends_with('>') || nth > 1 {
                self.out.push(' ');
            }
            self.out.push_str("<a class=\"footnote-back\" href=\"");
            self.own_fragment();
            self.push_reference_id(number, nth);
            self.out.push_str("\" aria-label=\"");
            let label = &self.options.labels.footnote_back;
            push_text(
                &mut self.out,
                &label.replace("{number}", &number.to_string()),
            );
            self.out.push_str("\">↩\u{fe0e}</a>");
        }
        self.out.push_str("</p>\n");
    }
}
