//! Regions: the parts of the world that a site tells apart.

use crate::locale::LocalizedText;

/// A region of a site, as its index in [`crate::site::Site::regions`]; it always exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionIndex(pub usize);

/// A region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its id, unique among regions.
    pub id: String,
    /// Its name, as it stands behind "in".
    pub name: LocalizedText,
    /// The names of the sources of evidence that look from there.
    pub sources: Vec<String>,
    /// What else programs call it, as countries by ISO 3166-1: `US`, `CA`. Case does not count.
    pub codes: Vec<String>,
}

impl Region {
    /// Whether a source of evidence looks from here: one that is listed, or that is named as the region is.
    pub fn has_source(&self, name: &str) -> bool {
        self.id == name || self.sources.iter().any(|it| it == name)
    }

    /// Whether a word that a program writes, or a reader's choice, means this region: its id, or one of its codes.
    pub fn is_meant_by(&self, word: &str) -> bool {
        let is_it = |it: &str| it.eq_ignore_ascii_case(word);
        is_it(&self.id) || self.codes.iter().any(|it| is_it(it))
    }
}
