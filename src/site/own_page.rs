//! Pages of a site's own, as an imprint or terms.

use super::slug::Slug;
use super::update::LocalizedMarkdown;
use crate::diagnostic::Place;
use crate::locale::LocalizedText;

/// A page of a site's own, as its index in [`crate::site::Site::own_pages`]; it always exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnPageIndex(pub usize);

/// A page of a site's own: `pages/NAME.md` with its translations.
#[derive(Debug, Clone)]
pub struct OwnPage {
    /// Its name in addresses, unique among pages and none of allclear's own.
    pub slug: Slug,
    /// Its title.
    pub title: LocalizedText,
    /// Its text.
    pub text: LocalizedMarkdown,
    /// Its front matter, for diagnostics.
    pub place: Place,
}
