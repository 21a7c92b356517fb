//! The blocks of a document.

use super::escape::{push_heading, push_line};
use super::inline::Inline;

/// A document in Markdown that is being written from its beginning to its end.
///
/// A blank line stands between two blocks, so that none goes on with the other.
#[derive(Debug)]
pub struct Document {
    pub(super) out: String,
    /// The whole address of the page that it says the same as.
    pub(super) page: String,
    /// What each line of the blocks around this place begins with.
    pub(super) prefix: String,
    /// Whether the line has begun, with the marker of a block around the next one.
    pub(super) has_marker: bool,
    /// Whether a blank line stands before the next block.
    pub(super) needs_blank: bool,
    /// The marker of the list that has just ended here: one of the same marker would go on with it.
    pub(super) ended_list: Option<char>,
    /// The marker of the list that the next item of ours goes on with.
    items: Option<char>,
}

impl Document {
    /// An empty one, for the page at a whole address that ends with `/`.
    pub fn new(page: &str) -> Self {
        Self {
            out: String::with_capacity(2048),
            page: page.to_owned(),
            prefix: String::new(),
            has_marker: false,
            needs_blank: false,
            ended_list: None,
            items: None,
        }
    }

    /// Adds a heading of a level from 1 to 6; an empty one is left out.
    pub fn heading(&mut self, level: u8, text: &Inline) {
        if text.is_empty() {
            return;
        }
        self.push_heading(level, text.as_str());
    }

    /// Adds a paragraph; an empty one is left out.
    pub fn paragraph(&mut self, text: &Inline) {
        if text.is_empty() {
            return;
        }
        self.begin();
        push_line(&mut self.out, text.as_str());
        self.out.push('\n');
    }

    /// Adds a quote of one paragraph.
    pub fn quote(&mut self, text: &Inline) {
        self.begin();
        self.out.push_str("> ");
        push_line(&mut self.out, text.as_str());
        self.out.push('\n');
    }

    /// Adds an item to the list that the last block is, or begins one.
    pub fn item(&mut self, text: &Inline) {
        let marker = match self.items {
            Some(marker) => {
                self.needs_blank = false;
                marker
            }
            None => self.bullet(),
        };
        self.begin();
        self.out.push(marker);
        self.out.push(' ');
        push_line(&mut self.out, text.as_str());
        self.out.push('\n');
        self.items = Some(marker);
    }

    /// The text of the document, with one line end at its end.
    pub fn finish(self) -> String {
        self.out
    }

    pub(super) fn push_heading(&mut self, level: u8, text: &str) {
        self.begin();
        for _ in 0..level.clamp(1, 6) {
            self.out.push('#');
        }
        self.out.push(' ');
        push_heading(&mut self.out, text);
        self.out.push('\n');
    }

    /// The marker of a new list of bullets.
    pub(super) fn bullet(&self) -> char {
        match self.items.or(self.ended_list) {
            Some('-') => '*',
            _ => '-',
        }
    }

    /// Begins a block: what is written next is the inside of its first line.
    pub(super) fn begin(&mut self) {
        self.items = None;
        self.ended_list = None;
        if std::mem::take(&mut self.has_marker) {
            self.needs_blank = true;
            return;
        }
        if self.needs_blank && !self.out.is_empty() {
            self.out.push_str(self.prefix.trim_end());
            self.out.push('\n');
        }
        self.needs_blank = true;
        self.indent();
    }

    /// Begins a further line of a block.
    pub(super) fn indent(&mut self) {
        self.out.push_str(&self.prefix);
    }
}
