//! Incident files that need not be read again.

use std::collections::HashMap;
use std::sync::Arc;

use camino::Utf8PathBuf;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::diagnostic::{Diagnostics, SourceFile};
use crate::incident::file::{Content, Known};
use crate::source::Files;

/// Incident files that were read before: what the same text means is the same, while the configuration is.
#[derive(Debug, Default)]
pub struct Parsed {
    config: String,
    files: HashMap<Utf8PathBuf, Read>,
}

/// A file with what was read from it.
type Read = (Arc<SourceFile>, Option<Content>, Diagnostics);

impl Parsed {
    /// Forgets everything unless the configuration is what it was.
    pub(super) fn share(&mut self, config: &Arc<SourceFile>) {
        if self.config != config.text {
            self.files.clear();
            self.config.clone_from(&config.text);
        }
    }

    /// Reads files, but those whose very text was read before.
    pub(super) fn read(
        &mut self,
        files: &Files,
        known: &Known<'_>,
    ) -> Vec<(Option<Content>, Diagnostics)> {
        let read: Vec<Read> = (files.incidents.par_iter())
            .map(|file| match self.files.get(&file.path) {
                Some(read) if Arc::ptr_eq(&read.0, file) => read.clone(),
                _ => {
                    let (content, found) = crate::incident::file::read(file, known);
                    (Arc::clone(file), content, found)
                }
            })
            .collect();
        let now = read.iter().map(|read| (read.0.path.clone(), read.clone()));
        self.files = now.collect();
        let contents = read.into_iter();
        contents
            .map(|(_, content, found)| (content, found))
            .collect()
    }
}
