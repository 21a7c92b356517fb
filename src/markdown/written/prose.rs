//! The texts of operators, from the HTML that the page shows.

use super::address::absolute;
use super::document::Document;
use super::escape::{longest_run, push_line};
use super::phrase::{BREAK, Emphasis, Phrase};
use super::table::{Side, Table};
use super::tag::{Attributes, Token, next, unescaped};

/// The number of blocks around a block from which on a further one leaves no mark: each would lengthen every line.
const DEEPEST: usize = 20;

impl Document {
    /// Adds what [`to_html`](crate::markdown::to_html) has made of a text.
    pub fn prose(&mut self, html: &str) {
        let mut reader = Reader {
            document: self,
            phrase: Phrase::default(),
            around: Vec::new(),
            table: Table::default(),
        };
        reader.read(html);
    }
}

/// The state of reading a text.
struct Reader<'d> {
    document: &'d mut Document,
    /// The inside of the paragraph, heading or cell that is being read.
    phrase: Phrase,
    /// The blocks around this place, the outermost first.
    around: Vec<Around>,
    table: Table,
}

/// A block with others in it.
#[derive(Debug)]
enum Around {
    /// A quote, an alert or an item. It has made the prefix longer than this.
    Marked(usize),
    List(List),
    /// One without a mark.
    Bare,
}

#[derive(Debug)]
struct List {
    /// A bullet, or what stands behind a number.
    marker: char,
    /// The number of the next item; `None` for bullets.
    number: Option<u64>,
    is_notes: bool,
    /// Whether its items hold paragraphs.
    is_loose: bool,
}

impl Reader<'_> {
    fn read(&mut self, html: &str) {
        let mut rest = html;
        while let Some((token, after)) = next(rest) {
            rest = match token {
                Token::Text(text) => {
                    self.phrase.text(&unescaped(text));
                    after
                }
                Token::Open(name, attributes) => self.open(name, attributes, after),
                Token::Close(name) => {
                    self.close(name);
                    after
                }
            };
        }
        self.end_paragraph();
    }

    /// Reads a start, and returns where to go on.
    fn open<'h>(&mut self, name: &str, attributes: Attributes<'h>, after: &'h str) -> &'h str {
        match name {
            "em" => self.phrase.open(Emphasis::Weak),
            "strong" => self.phrase.open(Emphasis::Strong),
            "del" => self.phrase.open(Emphasis::Struck),
            "br" => self.phrase.line_break(),
            "code" => return self.code(after),
            "a" => return self.link(attributes, after),
            "sup" => return self.reference(after),
            "img" => self.image(attributes),
            "input" => {
                let is_done = attributes.has("checked");
                self.phrase.raw(if is_done { "[x]" } else { "[ ]" });
            }
            "th" | "td" => self.open_cell(attributes),
            "tr" => self.table.rows.push(Vec::new()),
            "thead" | "tbody" => {}
            _ => {
                self.end_paragraph();
                return self.open_block(name, attributes, after);
            }
        }
        after
    }

    fn open_block<'h>(
        &mut self,
        name: &str,
        attributes: Attributes<'h>,
        after: &'h str,
    ) -> &'h str {
        match name {
            "p" => {
                if let [.., Around::List(list), Around::Marked(_)] = self.around.as_mut_slice() {
                    list.is_loose = true;
                }
                if attributes.is_of("alert-title") {
                    self.phrase.open(Emphasis::Strong);
                }
            }
            "pre" => return self.code_block(after),
            "hr" => {
                self.document.begin();
                // No bullets and no dashes: beside those of a list they would be something else.
                self.document.out.push_str("___\n");
            }
            "blockquote" => self.mark("> ", "> "),
            "div" if attributes.is_of("alert") => self.mark("> ", "> "),
            "div" => self.around.push(Around::Bare),
            "table" => self.table = Table::default(),
            "ul" | "ol" => self.list(name == "ol", attributes, after),
            "li" => self.item(attributes),
            _ => {}
        }
        after
    }

    fn close(&mut self, name: &str) {
        match name {
            "em" | "strong" | "del" => self.phrase.close(),
            "a" => self.phrase.close_link(),
            "th" | "td" => {
                let cell = lines(&self.phrase.take()).collect::<Vec<_>>().join(" ");
                if let Some(row) = self.table.rows.last_mut() {
                    row.push(cell);
                }
            }
            "table" => {
                let table = std::mem::take(&mut self.table);
                self.document.push_table(&table);
                self.phrase = Phrase::default();
            }
            "tr" | "thead" | "tbody" => {}
            _ => {
                // An alert's title is strong.
                self.phrase.close();
                match name.strip_prefix('h').and_then(|level| level.parse().ok()) {
                    Some(level) => self.end_heading(level),
                    None => self.end_paragraph(),
                }
                if ["ul", "ol", "li", "blockquote", "div"].contains(&name) {
                    self.leave();
                }
            }
        }
    }

    /// Writes what has been read of a paragraph.
    fn end_paragraph(&mut self) {
        // Most tags of blocks stand on lines of their own: there is only a line end before them.
        if self.phrase.is_blank() {
            self.phrase.clear();
            return;
        }
        let text = self.phrase.take();
        let mut lines = lines_with_breaks(&text);
        let Some((first, mut is_broken)) = lines.next() else {
            return;
        };
        self.document.begin();
        self.push_paragraph_line(first);
        // The marker of a task is none without a text behind it.
        let mut is_marker = matches!(first, "[x]" | "[ ]");
        for (line, breaks) in lines {
            if is_marker {
                self.document.out.push(' ');
            } else {
                self.document.out.push_str(match is_broken {
                    true => "\\\n",
                    false => "\n",
                });
                self.document.indent();
            }
            self.push_paragraph_line(line);
            (is_broken, is_marker) = (breaks, false);
        }
        self.document.out.push('\n');
    }

    fn push_paragraph_line(&mut self, line: &str) {
        let out = &mut self.document.out;
        // The marker of a task is ours; behind it everything is text.
        match line.strip_prefix("[x] ").or(line.strip_prefix("[ ] ")) {
            Some(rest) => {
                out.push_str(&line[..line.len() - rest.len()]);
                push_line(out, rest);
            }
            None => push_line(out, line),
        }
    }

    fn end_heading(&mut self, level: u8) {
        let text = lines(&self.phrase.take()).collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            self.document.push_heading(level, &text);
        }
    }

    /// Writes the marker of a block around others, unless there are too many around this place.
    fn mark(&mut self, marker: &str, prefix: &str) {
        if self.around.len() >= DEEPEST {
            self.around.push(Around::Bare);
            return;
        }
        self.document.begin();
        self.document.out.push_str(marker);
        let length = self.document.prefix.len();
        self.document.prefix.push_str(prefix);
        self.document.has_marker = true;
        self.around.push(Around::Marked(length));
    }

    /// Leaves the innermost block.
    fn leave(&mut self) {
        let document = &mut *self.document;
        match self.around.pop() {
            Some(Around::Marked(length)) => {
                if std::mem::take(&mut document.has_marker) {
                    let trimmed = document.out.trim_end_matches(' ').len();
                    document.out.truncate(trimmed);
                    document.out.push('\n');
                }
                document.prefix.truncate(length);
                document.ended_list = None;
                document.needs_blank = match self.around.last() {
                    Some(Around::List(list)) => list.is_loose || list.is_notes,
                    _ => true,
                };
            }
            Some(Around::List(list)) => {
                document.needs_blank = true;
                document.ended_list = Some(list.marker);
            }
            Some(Around::Bare) | None => {}
        }
    }

    fn list(&mut self, is_numbered: bool, attributes: Attributes<'_>, after: &str) {
        let is_notes = attributes.is_of("footnotes");
        let start = attributes.raw("start").and_then(|it| it.parse().ok());
        let number = is_numbered.then(|| start.unwrap_or(1));
        let marker = match (number, self.document.ended_list) {
            (None, _) => self.document.bullet(),
            (Some(_), Some('.')) => ')',
            (Some(_), _) => '.',
        };
        // In an item without paragraphs it follows at once, where such a list may interrupt a paragraph.
        let is_inside = matches!(self.around.as_slice(), [.., Around::List(list), Around::Marked(_)] if !list.is_loose);
        let interrupts = number.is_none_or(|number| number == 1);
        let is_empty = after.trim_start().starts_with("<li></li>");
        if is_inside && interrupts && !is_empty && !self.document.has_marker {
            self.document.needs_blank = self.document.ended_list.is_some();
        }
        self.around.push(Around::List(List {
            marker,
            number,
            is_notes,
            is_loose: false,
        }));
    }

    fn item(&mut self, attributes: Attributes<'_>) {
        let Some(Around::List(list)) = self.around.last_mut() else {
            return self.around.push(Around::Bare);
        };
        if list.is_notes {
            let id = attributes.get("id").unwrap_or_default();
            return self.mark(&format!("[^{}]: ", label(&id)), "    ");
        }
        let marker = match &mut list.number {
            None => format!("{} ", list.marker),
            Some(number) => {
                let marker = format!("{number}{} ", list.marker);
                *number += 1;
                marker
            }
        };
        let prefix = " ".repeat(marker.len());
        self.mark(&marker, &prefix);
    }

    fn code<'h>(&mut self, after: &'h str) -> &'h str {
        let (code, rest) = after.split_once("</code>").unwrap_or((after, ""));
        self.phrase.code(&unescaped(code));
        rest
    }

    fn code_block<'h>(&mut self, after: &'h str) -> &'h str {
        let (block, rest) = after.split_once("</pre>").unwrap_or((after, ""));
        let Some((Token::Open(_, attributes), code)) = next(block) else {
            return rest;
        };
        let code = code.strip_suffix("</code>").unwrap_or(code);
        let code = unescaped(code);
        let class = attributes.get("class").unwrap_or_default();
        let language = class.strip_prefix("language-").unwrap_or_default();
        let is_word = !language.contains(|c: char| c.is_whitespace() || "`\\&".contains(c));
        let fence = "`".repeat(longest_run(&code, '`').max(2) + 1);
        let document = &mut *self.document;
        document.begin();
        document.out.push_str(&fence);
        document.out.push_str(if is_word { language } else { "" });
        document.out.push('\n');
        for line in code.lines() {
            match line.is_empty() {
                true => document.out.push_str(document.prefix.trim_end()),
                false => document.indent(),
            }
            document.out.push_str(line);
            document.out.push('\n');
        }
        document.indent();
        document.out.push_str(&fence);
        document.out.push('\n');
        rest
    }

    /// Begins a link, or writes the whole of one whose text is its address.
    fn link<'h>(&mut self, attributes: Attributes<'h>, after: &'h str) -> &'h str {
        let (text, rest) = after.split_once("</a>").unwrap_or((after, ""));
        if attributes.is_of("footnote-back") {
            self.phrase.trim_end();
            return rest;
        }
        let href = attributes.raw("href").unwrap_or_default();
        let is_address = match href == text {
            true => is_web_autolink(&unescaped(text)),
            false => href.strip_prefix("mailto:") == Some(text) && is_mail_autolink(text),
        };
        let href = unescaped(href);
        if is_address {
            self.phrase.raw("<");
            self.phrase.raw(&unescaped(text));
            self.phrase.raw(">");
            return rest;
        }
        let title = attributes.get("title").unwrap_or_default();
        let target = absolute(&self.document.page, &href);
        self.phrase.open_link(&target, &title);
        after
    }

    /// Writes a reference to a footnote.
    fn reference<'h>(&mut self, after: &'h str) -> &'h str {
        let (inside, rest) = after.split_once("</sup>").unwrap_or((after, ""));
        if let Some((Token::Open("a", attributes), _)) = next(inside) {
            let href = attributes.get("href").unwrap_or_default();
            let fragment = href.rsplit('#').next().unwrap_or_default();
            self.phrase.raw(&format!("[^{}]", label(fragment)));
        }
        rest
    }

    fn image(&mut self, attributes: Attributes<'_>) {
        let value = |name| attributes.get(name).unwrap_or_default();
        let source = value("src");
        let source = absolute(&self.document.page, &source);
        self.phrase.image(&value("alt"), &source, &value("title"));
    }

    fn open_cell(&mut self, attributes: Attributes<'_>) {
        self.phrase = Phrase::default();
        if self.table.rows.len() == 1 {
            self.table.sides.push(match attributes.raw("class") {
                Some("align-left") => Side::Left,
                Some("align-center") => Side::Center,
                Some("align-right") => Side::Right,
                _ => Side::Unsaid,
            });
        }
    }
}

/// The label of a footnote from its id: other texts in the document have other prefixes.
fn label(id: &str) -> String {
    id.replacen("fn:", "", 1)
}

/// Whether an address may stand between angle brackets as it is.
fn is_web_autolink(address: &str) -> bool {
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    let is_plain = |c: char| c.is_ascii_graphic() && !"<>\\`|".contains(c);
    is_web && address.chars().all(is_plain)
}

/// The same of a mail address, without its scheme (CommonMark, section 6.5).
fn is_mail_autolink(address: &str) -> bool {
    let Some((name, host)) = address.split_once('@') else {
        return false;
    };
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    let is_label = |label: &str| {
        let is_of_label = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&label.len())
            && label.chars().all(is_of_label)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    !name.is_empty() && name.chars().all(is_of_name) && host.split('.').all(is_label)
}

/// The lines of a phrase without the space around them, and without those that are empty.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    lines_with_breaks(text).map(|(line, _)| line)
}

/// The same, each with whether a line break stands behind it.
fn lines_with_breaks(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let lines = text.split_inclusive('\n');
    let parts = lines.flat_map(|line| line.split_inclusive(BREAK));
    let mut trimmed = parts
        .map(|part| {
            let line = part.trim_matches(['\n', BREAK]);
            (line.trim_matches([' ', '\t']), part.ends_with(BREAK))
        })
        .peekable();
    std::iter::from_fn(move || {
        let (line, mut is_broken) = trimmed.find(|(line, _)| !line.is_empty())?;
        // What follows a line break at once may be a line end.
        while let Some((_, breaks)) = trimmed.next_if(|(line, _)| line.is_empty()) {
            is_broken |= breaks;
        }
        Some((line, is_broken))
    })
}
