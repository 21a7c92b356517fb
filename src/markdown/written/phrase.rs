//! The inside of a paragraph that is read from HTML: its text, and where its emphasis is.

use super::escape::{push_bracket, push_code, push_target, push_text};

/// The mark of a line break within a paragraph. No text holds this noncharacter.
pub(super) const BREAK: char = '\u{fdd0}';

/// A kind of emphasis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emphasis {
    Weak,
    Strong,
    Struck,
}

impl Emphasis {
    fn mark(self) -> &'static str {
        match self {
            Self::Weak => "*",
            Self::Strong => "**",
            Self::Struck => "~~",
        }
    }
}

/// The marks of an emphasis: before which bytes of the text they stand.
#[derive(Debug, Clone, Copy)]
struct Span {
    emphasis: Emphasis,
    open: usize,
    close: usize,
}

/// The inside of a paragraph, of a heading or of a cell.
#[derive(Debug, Default)]
pub(super) struct Phrase {
    text: String,
    spans: Vec<Span>,
    open: Vec<(Emphasis, usize)>,
    link: Option<Link>,
}

/// A link whose end has not come yet.
#[derive(Debug)]
struct Link {
    target: String,
    title: String,
}

impl Phrase {
    /// Adds plain text.
    pub(super) fn text(&mut self, text: &str) {
        push_text(&mut self.text, text);
    }

    /// Adds what is Markdown already.
    pub(super) fn raw(&mut self, markdown: &str) {
        self.text.push_str(markdown);
    }

    pub(super) fn line_break(&mut self) {
        self.text.push(BREAK);
    }

    pub(super) fn code(&mut self, code: &str) {
        push_code(&mut self.text, &code.replace('\n', " "));
    }

    pub(super) fn open(&mut self, emphasis: Emphasis) {
        self.open.push((emphasis, self.text.len()));
    }

    pub(super) fn close(&mut self) {
        let Some((emphasis, open)) = self.open.pop() else {
            return;
        };
        let is_in_same = self.open.iter().any(|(outer, _)| *outer == emphasis);
        if !is_in_same {
            let close = self.text.len();
            self.spans.push(Span {
                emphasis,
                open,
                close,
            });
        }
    }

    pub(super) fn open_link(&mut self, target: &str, title: &str) {
        push_bracket(&mut self.text);
        let (target, title) = (target.to_owned(), title.to_owned());
        self.link = Some(Link { target, title });
    }

    pub(super) fn close_link(&mut self) {
        if let Some(link) = self.link.take() {
            self.target(&link.target, &link.title);
        }
    }

    pub(super) fn image(&mut self, description: &str, target: &str, title: &str) {
        self.text.push_str("![");
        self.text(&description.replace('\n', " "));
        self.target(target, title);
    }

    /// Ends the text of a link with its target and title.
    fn target(&mut self, target: &str, title: &str) {
        self.text.push_str("](");
        push_target(&mut self.text, target);
        if !title.is_empty() {
            self.text.push_str(" \"");
            let mut escaped = String::new();
            push_text(&mut escaped, &title.replace('\n', " "));
            self.text.push_str(&escaped.replace('"', "\\\""));
            self.text.push('"');
        }
        self.text.push(')');
    }

    /// Takes away the space at its end.
    pub(super) fn trim_end(&mut self) {
        let length = self.text.trim_end_matches(' ').len();
        self.text.truncate(length);
    }

    /// Whether nothing but space and line breaks is in it.
    pub(super) fn is_blank(&self) -> bool {
        let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | BREAK);
        self.text.chars().all(is_blank)
    }

    /// Takes everything out of it.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.spans.clear();
        self.open.clear();
        self.link = None;
    }

    /// Its Markdown with [`BREAK`]s, in lines that may be empty. Nothing is left in it.
    pub(super) fn take(&mut self) -> String {
        let phrase = std::mem::take(self);
        if phrase.spans.is_empty() {
            return phrase.text;
        }
        let mut kept: Vec<Span> = Vec::with_capacity(phrase.spans.len());
        for span in &phrase.spans {
            if phrase.holds(*span, &kept) {
                kept.push(*span);
            }
        }
        // At one place ends come first, and of two ends that of the inner emphasis; of two starts that of the outer.
        let count = kept.len();
        let ends = kept.iter().enumerate().map(|(at, it)| (it.close, at, it));
        let starts = kept.iter().enumerate();
        let starts = starts.map(|(at, it)| (it.open, 2 * count - at, it));
        let mut marks: Vec<_> = ends.chain(starts).collect();
        marks.sort_by_key(|(at, rank, _)| (*at, *rank));
        let mut whole = String::with_capacity(phrase.text.len() + 4 * marks.len());
        let mut from = 0;
        for (at, _, span) in marks {
            whole.push_str(&phrase.text[from..at]);
            whole.push_str(span.emphasis.mark());
            from = at;
        }
        whole.push_str(&phrase.text[from..]);
        whole
    }

    /// Whether the marks of an emphasis would be read as such. Where one is unsure the words stay, without it.
    fn holds(&self, span: Span, kept: &[Span]) -> bool {
        let inside = &self.text[span.open..span.close];
        let (Some(first), Some(last)) = (inside.chars().next(), inside.chars().next_back()) else {
            return false;
        };
        let before = self.text[..span.open].chars().next_back();
        let after = self.text[span.close..].chars().next();
        let touches = |at: usize| {
            let mut others = kept.iter().chain(&self.spans);
            others.any(|it| {
                let is_itself = it.open == span.open && it.close == span.close;
                !is_itself && (it.open == at || it.close == at)
            })
        };
        let opens = !is_space(first)
            && (is_apart(before) || first.is_alphanumeric() && !touches(span.open));
        let closes =
            !is_space(last) && (is_apart(after) || last.is_alphanumeric() && !touches(span.close));
        let is_beside = self.spans.iter().any(|it| it.close == span.open);
        let is_before = kept.iter().any(|it| it.open == span.close);
        opens && closes && !is_beside && !is_before
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c == BREAK
}

/// Whether a character keeps a mark behind or before it apart from words: a space, or punctuation.
fn is_apart(c: Option<char>) -> bool {
    c.is_none_or(|c| is_space(c) || c.is_ascii_punctuation())
}
