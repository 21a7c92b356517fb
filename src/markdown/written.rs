//! Documents in Markdown that this program writes.
//!
//! Such a document says what a page says, for readers without a browser: programs, terminals, language models. It is
//! safe by construction, as HTML from [`to_html`](super::to_html) is. Plain text gets into it only by [`Inline`] and is
//! escaped there, so that no title begins a heading, opens a link or hides what comes after it. The texts of
//! operators come by [`Document::prose`] from the HTML that the page shows, not from their source: raw HTML has
//! become text, links that lead nowhere good are gone, headings are in their place and footnotes have their numbers.
//! All that was decided once, and the two cannot disagree.

pub use self::document::Document;
pub use self::inline::Inline;

mod address;
mod document;
mod escape;
mod inline;
mod phrase;
mod prose;
mod table;
mod tag;
#[cfg(test)]
mod tests;
