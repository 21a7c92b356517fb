//! The view of a page of the site's own.

use schemars::JsonSchema;
use serde::Serialize;

/// A page of the site's own, as an imprint.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DocumentView {
    /// From the site's root.
    pub url: String,
    /// The title; in the language `lang`.
    pub title: String,
    /// The language of the title, empty where it is the page's.
    pub lang: String,
    /// The direction of the title, empty where the language is the page's.
    pub dir: &'static str,
    /// `Not translated yet; this is the original in English.`, where the title or the text is in another language than
    /// the page; else empty.
    pub original: String,
    /// The text as HTML; may be empty.
    pub html: String,
    /// The language of the text, empty where it is the page's.
    pub html_lang: String,
    /// The direction of the text, empty where the language is the page's.
    pub html_dir: &'static str,
}
