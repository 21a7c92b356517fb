//! Markdown bodies: where the updates of an incident file begin, and what a body is as HTML.
//!
//! The dialect is GitHub's (tables, footnotes, strikethrough, task lists, alerts, bare addresses),
//! because incident files are read on code hosts too, where they should look the same.
//!
//! A status page often shows text that others wrote: an imported incident, a pasted log line, a
//! customer's words. So the output is safe by construction, not by filtering. Every tag that
//! [`to_html`] writes is a literal in this module; whatever comes from the source is escaped text
//! or the value of an attribute; and a link is a link only if its scheme is on a short list. On the
//! other hand nothing that somebody wrote may vanish: `<ip>` in a sentence is what the author meant
//! to say, so raw HTML is shown as the text that it is.

pub use self::escape::escaped;
pub use self::html::{Html, Labels, Options, html, to_html};
pub use self::outline::{Attribute, Outline, Section, outline};
pub use self::plain::text_of_html;
pub use self::reference::{Reference, references};
pub use self::standing::{Standing, Swallower, standings};
pub use self::summary::plain_text;
pub use self::written::{Document, Inline};

mod autolink;
mod dialect;
mod escape;
mod html;
mod html_text;
mod outline;
mod plain;
#[cfg(test)]
mod properties;
mod reference;
mod standing;
mod summary;
mod target;
mod written;
