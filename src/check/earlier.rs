//! An earlier version of a site as findings point to it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use camino::Utf8PathBuf;

use crate::diagnostic::{Place, SourceFile};

/// An earlier version of a site, whose files have the names that git has for them.
pub(super) struct Earlier<'a> {
    revision: &'a str,
    /// The files that findings point to, each made once.
    files: RefCell<HashMap<Utf8PathBuf, Arc<SourceFile>>>,
}

impl<'a> Earlier<'a> {
    pub(super) fn at(revision: &'a str) -> Self {
        Self {
            revision,
            files: RefCell::default(),
        }
    }

    /// A place of that version.
    pub(super) fn place(&self, place: &Place) -> Place {
        let mut files = self.files.borrow_mut();
        let file = files.entry(place.file.path.clone()).or_insert_with(|| {
            Arc::new(SourceFile {
                path: format!("{}:{}", self.revision, place.file.path).into(),
                text: place.file.text.clone(),
            })
        });
        Place::new(file, place.span.clone())
    }
}
