//! The files of a site that cannot be read as they are now.
//!
//! What was published and cannot be found in such a site need not be gone: most likely it is in one of them.

use std::collections::HashSet;

use camino::Utf8Path;

use crate::diagnostic::{Diagnostics, Severity};
use crate::site::{Site, Slug};
use crate::source::{CONFIG, INCIDENTS};

/// The files of a site with errors of their own.
#[derive(Debug)]
pub struct Unread {
    /// Whether the configuration is one of them, so that nothing is known of what the others mean.
    has_config: bool,
    /// For each incident file, the slugs that it may have, in small letters: its name may end in a language.
    files: Vec<HashSet<String>>,
    /// The same slugs of all files.
    slugs: HashSet<String>,
}

impl Unread {
    /// The files that diagnostics of reading a site are about.
    pub fn of(diagnostics: &Diagnostics) -> Self {
        let errors = diagnostics.iter().filter(|it| {
            it.severity == Severity::Error && !it.code.is_rule() && !it.code.is_contradiction()
        });
        let paths: HashSet<&Utf8Path> = errors.map(|it| it.location.path()).collect();
        let files = paths.iter().filter(|path| path.starts_with(INCIDENTS));
        let files: Vec<HashSet<String>> = files.map(|path| slugs(path)).collect();
        Self {
            has_config: paths.contains(Utf8Path::new(CONFIG)),
            slugs: files.iter().flatten().cloned().collect(),
            files,
        }
    }

    /// Whether the configuration is one of them, so that nothing is known of what it says.
    pub fn has_config(&self) -> bool {
        self.has_config
    }

    /// Whether a post stands in one of them.
    pub(super) fn has(&self, slug: &Slug) -> bool {
        self.has_config || self.slugs.contains(&slug.folded())
    }

    /// Whether one of them holds something that another site did not have, or had under another name.
    pub(super) fn has_others(&self, other: &Site) -> bool {
        let known: HashSet<String> = other.posts.iter().map(|it| it.slug.folded()).collect();
        self.has_config || self.files.iter().any(|slugs| slugs.is_disjoint(&known))
    }
}

/// The slugs that a file may have.
fn slugs(path: &Utf8Path) -> HashSet<String> {
    let stem = path.file_stem().unwrap_or_default();
    let original = stem.rsplit_once('.').map_or(stem, |(name, _)| name);
    [stem, original]
        .iter()
        .map(|stem| Slug::name_in_path(path, stem).to_uppercase().to_lowercase())
        .collect()
}
