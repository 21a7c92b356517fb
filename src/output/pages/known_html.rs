//! The HTML of texts that is the same wherever they stand: pages, feeds and the API show the same updates.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use crate::diagnostic::Place;
use crate::markdown::{Html, Options};

/// The HTML that is known already of the texts of a site in one of its languages.
#[derive(Debug, Default)]
pub(super) struct KnownHtml(RwLock<HashMap<TextKey, Arc<str>>>);

/// The inputs of the HTML of a text that is the same wherever it stands. A text is in one language, and so are the words
/// that rendering adds to it.
#[derive(Debug, PartialEq, Eq, Hash)]
struct TextKey {
    /// The path of the file, as a text: a path is compared part by part.
    file: String,
    span: Range<usize>,
    heading_level: u8,
}

impl KnownHtml {
    /// The HTML of the text at a place in the files of the site, which `make` makes where it is not known.
    pub(super) fn html(
        &self,
        place: &Place,
        options: &Options<'_>,
        make: impl FnOnce() -> Html,
    ) -> String {
        let key = TextKey {
            file: place.file.path.as_str().to_owned(),
            span: place.span.clone(),
            heading_level: options.heading_level,
        };
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(html) = known.get(&key) {
            return html.to_string();
        }
        drop(known);
        let html = make();
        if html.stands_anywhere {
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(key, html.text.as_str().into());
        }
        html.text
    }
}
