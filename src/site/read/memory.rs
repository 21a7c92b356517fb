//! Files that need not be read again.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::evidence::States;
use super::names::Names;
use super::post::Content;
use crate::diagnostic::{Diagnostics, SourceFile};
use crate::site::signal::Sample;
use crate::source::Files;

/// What files were found to mean: the same text means the same, while the configuration is the same.
#[derive(Debug, Default)]
pub struct Parsed {
    config: String,
    incidents: Kept<Option<Content>>,
    pub(super) states: Kept<States>,
    pub(super) samples: Kept<Vec<Sample>>,
}

/// What was read from files of one kind, and what is wrong with them.
#[derive(Debug)]
pub(super) struct Kept<T>(HashMap<Utf8PathBuf, (Arc<SourceFile>, T, Diagnostics)>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Clone> Kept<T> {
    /// What a file means, read only where its text was not read before.
    pub(super) fn read(
        &mut self,
        file: &Arc<SourceFile>,
        read: impl FnOnce() -> (T, Diagnostics),
    ) -> (T, Diagnostics) {
        if let Some(known) = self.get(file) {
            return known;
        }
        let (value, found) = read();
        let kept = (Arc::clone(file), value.clone(), found.clone());
        self.0.insert(file.path.clone(), kept);
        (value, found)
    }

    fn get(&self, file: &Arc<SourceFile>) -> Option<(T, Diagnostics)> {
        let (of, value, found) = self.0.get(&file.path)?;
        Arc::ptr_eq(of, file).then(|| (value.clone(), found.clone()))
    }

    fn retain(&mut self, paths: &HashSet<&Utf8Path>) {
        self.0.retain(|path, _| paths.contains(path.as_path()));
    }
}

impl Parsed {
    /// Forgets files that are gone, and everything unless the configuration is what it was.
    pub(super) fn share(&mut self, config: &Arc<SourceFile>, files: &Files) {
        if self.config != config.text {
            *self = Self {
                config: config.text.clone(),
                ..Self::default()
            };
        }
        let there = files.incidents.iter().chain(&files.evidence);
        let there = there.map(|file| file.path.as_path()).collect();
        self.incidents.retain(&there);
        self.states.retain(&there);
        self.samples.retain(&there);
    }

    /// Incident files, in their order.
    pub(super) fn incidents(
        &mut self,
        files: &Files,
        known: &Names<'_>,
    ) -> Vec<(Option<Content>, Diagnostics)> {
        let kept = &self.incidents;
        let read: Vec<_> = (files.incidents.par_iter())
            .map(|file| match kept.get(file) {
                Some(read) => (read, false),
                None => (crate::site::read::post::read(file, known), true),
            })
            .collect();
        let together = files.incidents.iter().zip(&read);
        for (file, ((content, found), _)) in together.filter(|(_, (_, is_new))| *is_new) {
            let kept = (Arc::clone(file), content.clone(), found.clone());
            self.incidents.0.insert(file.path.clone(), kept);
        }
        read.into_iter().map(|(read, _)| read).collect()
    }
}
