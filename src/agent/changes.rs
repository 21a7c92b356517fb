//! Whether the files of a site have changed: a cheap look at names, sizes and times.

use std::path::Path;

use camino::Utf8Path;

use crate::site::config::PICTURES;
use crate::source::{CONFIG, Closeness, EVIDENCE, INCIDENTS, Look, PAGES, Place, STATIC, THEMES};

/// What a look at the files of a site saw.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Seen {
    evidence: Look,
    others: Look,
}

/// What has changed since another look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Changed {
    /// Nothing.
    Nothing,
    /// Evidence, and nothing else.
    Evidence,
    /// Other files.
    Files,
}

impl Seen {
    /// Looks at the files of the site in a folder.
    pub(super) fn look(folder: &Utf8Path) -> Self {
        let trees = [INCIDENTS, PAGES, STATIC, THEMES].map(|part| Place::Tree(Utf8Path::new(part)));
        let mut others = vec![Place::Files(Utf8Path::new(""), is_of_root)];
        others.extend(trees);
        let evidence = [Place::Tree(Utf8Path::new(EVIDENCE))];
        Self {
            evidence: Look::at(folder, &evidence, Closeness::Times),
            others: Look::at(folder, &others, Closeness::Times),
        }
    }

    /// What has changed since an earlier look.
    pub(super) fn since(&self, earlier: &Self) -> Changed {
        if self.others != earlier.others {
            Changed::Files
        } else if self.evidence != earlier.evidence {
            Changed::Evidence
        } else {
            Changed::Nothing
        }
    }
}

/// Whether a file of the site's own folder can be part of the site.
fn is_of_root(path: &Path) -> bool {
    let extension = path.extension().and_then(|it| it.to_str());
    let is_picture = extension.is_some_and(|it| PICTURES.contains(&it.to_lowercase().as_str()));
    path.file_name().is_some_and(|name| name == CONFIG) || is_picture
}
