//! Pages of earlier builds, to be used again where nothing that they show has changed.
//!
//! Nearly all pages of a site are those of incidents that are long over. Each such page is a function of
//! its own file, of what the course of the incident is now, and of what all pages share. Whatever is still
//! moving (an open incident, one whose charts still grow, a notice) is rendered each time.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;

use super::edition::Edition;
use super::signal;
use super::view::EntryView;
use crate::incident::Kind;
use crate::text::LanguageIndex;

/// Pages of the last build.
#[derive(Debug, Default)]
pub struct Cache {
    /// What all pages share.
    shared: u64,
    /// By language, and by slug.
    pages: Vec<HashMap<String, Kept>>,
}

/// A page and what it was made from.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) key: u64,
    /// None for an incident that is not published.
    pub(super) page: Option<Bytes>,
    pub(super) entry: Arc<EntryView>,
}

impl Cache {
    /// Forgets all pages unless what they share is what it was.
    pub fn share(&mut self, shared: u64) {
        if self.shared != shared {
            *self = Self {
                shared,
                pages: Vec::new(),
            };
        }
    }

    /// The page of an incident, if it is still what `key` says.
    pub(super) fn page(&self, language: LanguageIndex, slug: &str, key: u64) -> Option<Bytes> {
        self.kept(language, slug, key)?.page.clone()
    }

    /// The line of an incident in lists, if it is still what `key` says.
    pub(super) fn entry(
        &self,
        language: LanguageIndex,
        slug: &str,
        key: u64,
    ) -> Option<Arc<EntryView>> {
        Some(Arc::clone(&self.kept(language, slug, key)?.entry))
    }

    fn kept(&self, language: LanguageIndex, slug: &str, key: u64) -> Option<&Kept> {
        let kept = self.pages.get(language)?.get(slug)?;
        (kept.key == key).then_some(kept)
    }

    /// Keeps the pages of a language for the next build, and forgets all others of it.
    pub(super) fn keep(&mut self, language: LanguageIndex, pages: HashMap<String, Kept>) {
        if self.pages.len() <= language {
            self.pages.resize_with(language + 1, HashMap::new);
        }
        self.pages[language] = pages;
    }
}

/// What the page of an incident is made from, besides what all pages share; `None` for one that may be
/// another in a moment.
pub(super) fn key(edition: &Edition<'_>, index: usize) -> Option<u64> {
    let incident = &edition.site.incidents[index];
    let course = &edition.derived.courses[index];
    let end = course.end.filter(|_| !course.open)?;
    let charted = end + signal::around(course.start, end);
    let corrections = (incident.corrections.iter()).map(|correction| correction.at);
    let is_settled = matches!(incident.kind, Kind::Incident(_))
        && edition.derived.now() > charted + TimeDelta::seconds(1)
        && corrections
            .max()
            .is_none_or(|last| last <= edition.derived.now());
    is_settled.then(|| {
        let language = edition.language();
        let mut hasher = DefaultHasher::new();
        incident.place.file.text.hash(&mut hasher);
        incident.title.get(language).hash(&mut hasher);
        incident.summary.get(language).hash(&mut hasher);
        for update in &incident.updates {
            update.text.get(language).hash(&mut hasher);
        }
        format!("{course:?}").hash(&mut hasher);
        hasher.finish()
    })
}
