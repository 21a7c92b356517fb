//! The body of a foreign update as Markdown.
//!
//! A body is plain text or simple HTML, and nothing says which. Only tags of HTML are markup; any
//! other `<word>` is what somebody wrote. HTML goes through a library. Its result is read back and
//! kept only if it says the same text and leaves the headings of the updates alone; otherwise the
//! text alone is taken.

use std::borrow::Cow;

use htmd::HtmlToMarkdown;
use htmd::options::{BulletListMarker, LinkStyle, Options};

use self::entities::decode;
use self::html::Piece;
use crate::characters::is_forbidden;
use crate::site::read::stray;

mod entities;
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
    /// Whatever the body, no line of the result is a heading of the first or second level or reads like an
    /// update, and nothing in it reaches beyond its end.
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
        let reading = reading::read(markdown).filter(|_| !stray::may_be_there(markdown))?;
        (reading.text == reading::squeeze(&html::text(pieces))).then(|| markdown.to_owned())
    }
}

/// The text with newlines of one kind, and without control characters, which no file should hold.
fn tidy(text: &str) -> Cow<'_, str> {
    if !text.contains(is_forbidden) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(text.replace(is_forbidden, "\u{fffd}"))
}

#[cfg(test)]
mod tests;
