//! The inside of a line that this program composes.

use std::borrow::Cow;

use super::escape::{push_bracket, push_target, push_text};

/// Text within one line, escaped, with links and emphasis of ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inline(String);

impl Inline {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plain text alone.
    pub fn of(text: &str) -> Self {
        Self::new().text(text)
    }

    /// Several, with ` · ` between them; empty ones are left out.
    pub fn facts(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::new();
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            if !all.is_empty() {
                all.0.push_str(" · ");
            }
            all.0.push_str(&part.0);
        }
        all
    }

    /// The line with plain text behind it; a line break in it is a space.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        push_text(&mut self.0, &one_line(text));
        self
    }

    /// The line with a mark of ours behind it, as `: `.
    #[must_use]
    pub fn mark(mut self, mark: &'static str) -> Self {
        self.0.push_str(mark);
        self
    }

    /// The line with strong text behind it. A space or nothing stands on both sides of that.
    #[must_use]
    pub fn strong(self, text: &str) -> Self {
        match text.trim() {
            "" => self,
            text => self.mark("**").text(text).mark("**"),
        }
    }

    /// The line with a link behind it, to a whole address.
    #[must_use]
    pub fn link(mut self, text: &str, url: &str) -> Self {
        let text = match text.trim() {
            "" => url,
            text => text,
        };
        self.push_link(&one_line(text), url);
        self
    }

    /// The line with a picture behind it that leads somewhere, both of whole addresses.
    #[must_use]
    pub fn picture_link(mut self, alt: &str, picture: &str, url: &str) -> Self {
        push_bracket(&mut self.0);
        self.0.push('!');
        self.0.push('[');
        push_text(&mut self.0, &one_line(alt));
        for target in [picture, url] {
            self.0.push_str("](");
            push_target(&mut self.0, target);
            self.0.push(')');
        }
        self
    }

    /// The line alone, for whoever copies it.
    pub fn into_line(self) -> String {
        self.0
    }

    /// The line with another line behind it.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.trim_matches([' ', '\t'])
    }

    fn push_link(&mut self, text: &str, url: &str) {
        push_bracket(&mut self.0);
        push_text(&mut self.0, text);
        self.0.push_str("](");
        push_target(&mut self.0, url);
        self.0.push(')');
    }
}

fn one_line(text: &str) -> Cow<'_, str> {
    match text
        .bytes()
        .any(|byte| matches!(byte, b'\n' | b'\r' | b'\t'))
    {
        true => Cow::Owned(text.replace(['\n', '\r', '\t'], " ")),
        false => Cow::Borrowed(text),
    }
}
