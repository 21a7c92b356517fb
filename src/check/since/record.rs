//! What a site recorded of its components in the past, and what readers were told since.

use std::collections::{HashMap, HashSet};

use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::post::Kind;
use crate::time::Instant;

/// What was recorded of a component up to an instant.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Record {
    /// When a file first spoke of it.
    pub(super) first: Option<Instant>,
    /// Whether evidence speaks of it.
    pub(super) is_observed: bool,
    /// Whether evidence saw it in trouble.
    pub(super) was_bad: bool,
}

impl Record {
    fn note(&mut self, at: Instant) {
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
    }
}

/// What was recorded of each component of a site up to `now`; the evidence of a later version counts too, for a site's
/// repository need not have it.
pub(super) fn records(site: &Site, later: &Site, now: Instant) -> Vec<Record> {
    let mut records = vec![Record::default(); site.components.len()];
    for post in &site.posts {
        let (at, components): (Instant, Vec<ComponentIndex>) = match &post.kind {
            Kind::Incident(it) => {
                let changed = post.updates.iter().flat_map(|update| &update.changes);
                let named = it.components.iter().chain(changed).map(|of| of.component);
                (it.started, named.collect())
            }
            Kind::Maintenance(it) => (it.window.starts(), it.components.clone()),
            Kind::Notice(it) => (it.starts, it.components.clone()),
        };
        for component in components.iter().filter(|_| at <= now) {
            records[component.0].note(at);
        }
    }
    let places = site.components.iter().enumerate();
    let places: HashMap<&str, usize> = places.map(|(at, it)| (it.id.as_str(), at)).collect();
    for version in [site, later] {
        let observations = version.sources.iter().flat_map(|it| it.observations.iter());
        for observation in observations.filter(|it| it.from <= now) {
            let id = version.components[observation.component.0].id.as_str();
            if let Some(at) = places.get(id) {
                let record = &mut records[*at];
                record.note(observation.from);
                record.is_observed = true;
                record.was_bad |= observation.status.is_trouble();
            }
        }
    }
    records
}

/// The components that notices tell readers of which an earlier version did not have.
pub(super) struct NoticedComponents {
    /// Whether one of them names no component, and so speaks of all.
    of_all: bool,
    components: HashSet<String>,
}

impl NoticedComponents {
    /// What the new notices that are shown at `now` tell.
    pub(super) fn of(old: &Site, new: &Site, now: Instant) -> Self {
        let known: HashSet<String> = old.posts.iter().map(|post| post.slug.folded()).collect();
        let mut told = Self {
            of_all: false,
            components: HashSet::new(),
        };
        for post in new.posts.iter().filter(|post| !post.draft) {
            if let Kind::Notice(notice) = &post.kind
                && notice.starts <= now
                && !known.contains(&post.slug.folded())
            {
                let ids = notice.components.iter();
                let ids = ids.map(|component| new.components[component.0].id.clone());
                told.components.extend(ids);
                told.of_all |= notice.components.is_empty();
            }
        }
        told
    }

    /// Whether they tell of all components.
    pub(super) fn is_of_all(&self) -> bool {
        self.of_all
    }

    /// Whether they tell of a component.
    pub(super) fn is_of(&self, component: &str) -> bool {
        self.of_all || self.components.contains(component)
    }
}
