//! A body as HTML.
//!
//! These are its decisions, with their reasons:
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

use pulldown_cmark::{Event, Parser};

pub use self::options::{Html, Labels, Options};
pub(super) use self::plan::Plan;
use self::renderer::Renderer;
use super::autolink;
use super::dialect::SYNTAX;
use super::target::Brackets;

mod block;
mod inline;
mod options;
mod plan;
mod renderer;
#[cfg(test)]
pub(super) mod tests;

/// `markdown` as HTML that may stand wherever flow content may.
///
/// The output is well-formed, and harmless whatever the input is: see [`crate::markdown`].
pub fn to_html(markdown: &str, options: &Options<'_>) -> String {
    html(markdown, options).text
}

/// The HTML of [`to_html`], and whether it is the same elsewhere.
pub fn html(markdown: &str, options: &Options<'_>) -> Html {
    linked_to_html(&autolink::with_links(markdown), options)
}

/// A source that has the links of [`autolink`] as HTML.
fn linked_to_html(markdown: &str, options: &Options<'_>) -> Html {
    let mut brackets = Brackets::default();
    let parser = Parser::new_ext(markdown, SYNTAX);
    let events: Vec<Event<'_>> = parser
        .map(|event| brackets.read(autolink::without_seams(event)))
        .collect();
    Renderer::new(&events, options, markdown.len()).whole()
}
