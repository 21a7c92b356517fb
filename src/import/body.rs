//! The body of an update as Markdown.
//!
//! A body is plain text or simple HTML, and nothing says which. Only tags of HTML are markup; any
//! other `<word>` is what somebody wrote. HTML goes through a library. Its result is read back and
//! kept only if it says the same text and leaves the headings of the updates alone; otherwise the
//! text alone is taken.

use std::borrow::Cow;

use htmd::HtmlToMarkdown;
use htmd::options::{BulletListMarker, LinkStyle, Options};
use pulldown_cmark::{Event, Parser};

use self::html::Piece;

mod html;
mod plain;
mod reading;

/// The most tags that may stand open at once, for the library descends into them.
const DEEPEST: usize = 64;

/// Turns bodies into Markdown.
pub(super) struct Converter {
    html: HtmlToMarkdown,
}

impl Converter {
    pub(super) fn new() -> Self {
        let options = Options {
            bullet_list_marker: BulletListMarker::Dash,
            ul_bullet_spacing: 1,
            ol_number_spacing: 1,
            link_style: LinkStyle::InlinedPreferAutolinks,
            ..Options::default()
        };
        Self {
            html: HtmlToMarkdown::builder().options(options).build(),
        }
    }

    /// A body as Markdown without a newline at its end; it is empty where the body says nothing.
    ///
    /// Whatever the body, no line of the result is a heading of the first or second level, and
    /// nothing in it reaches beyond its end.
    pub(super) fn markdown(&self, body: &str) -> String {
        let body = tidy(body);
        let pieces = html::pieces(&body);
        if pieces.iter().all(|piece| matches!(piece, Piece::Text(_))) {
            return plain::markdown(&tidy(&decode(&body)));
        }
        self.checked_html(&pieces)
            .unwrap_or_else(|| plain::markdown(&tidy(&html::text(&pieces))))
    }

    /// The HTML as Markdown, unless that would not say the same.
    fn checked_html(&self, pieces: &[Piece<'_>]) -> Option<String> {
        if html::depth(pieces) > DEEPEST {
            return None;
        }
        let markdown = self.html.convert(&html::source(pieces)).ok()?;
        let markdown = markdown.trim_end();
        let reading = reading::read(markdown)?;
        (reading.text == reading::squeeze(&html::text(pieces))).then(|| markdown.to_owned())
    }
}

/// The text with newlines of one kind, and without control characters, which no file should hold.
fn tidy(text: &str) -> Cow<'_, str> {
    let odd = |c: char| c.is_control() && c != '\n' && c != '\t';
    if !text.contains(odd) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(text.replace(odd, "\u{fffd}"))
}

/// The text with its entities (`&amp;`, `&#39;`) as the characters that they stand for.
fn decode(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        out.push_str(before);
        let name = entity[1..]
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
            .count();
        let end = match entity.as_bytes().get(1 + name) {
            Some(b';') => name + 2,
            _ => 1,
        };
        // HTML and CommonMark have the same entities, so the parser of the one decodes the other's.
        for event in Parser::new(&entity[..end]) {
            if let Event::Text(character) = event {
                out.push_str(&character);
            }
        }
        rest = &entity[end..];
    }
    if out.is_empty() && rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests;
