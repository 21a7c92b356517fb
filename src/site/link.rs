//! Links beside the title of a site.

use camino::Utf8PathBuf;

use super::own_page::OwnPageIndex;
use crate::locale::LocalizedText;

/// A link beside the title.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its text.
    pub name: LocalizedText,
    /// Where it leads in each language of the site, in their order.
    pub targets: Vec<LinkTarget>,
}

/// The place that a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// Another site, or a program: an `https`, `http`, `mailto` or `tel` address.
    Away(String),
    /// A page of the site's own, at this fragment (empty, or `#` and its name).
    Page(OwnPageIndex, String),
    /// A file of `static/`, by its path in the output; with the fragment.
    File(Utf8PathBuf, String),
}
