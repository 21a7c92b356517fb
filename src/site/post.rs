//! Posts: incidents, maintenances and notices.

use std::sync::Arc;

use super::component::ComponentIndex;
use super::region::RegionIndex;
use super::signal::SignalIndex;
use super::slug::Slug;
use super::update::{Change, LocalizedMarkdown, Update};
use super::vocabulary::{Impact, Status};
use crate::diagnostic::Place;
use crate::locale::LocalizedText;
use crate::time::{Instant, Recurrence, Window};

/// A post of a site, as its index in [`crate::site::Site::posts`]; it always exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostIndex(pub usize);

/// One incident file with its translations.
#[derive(Debug, Clone)]
pub struct Post {
    /// Its slug, unique in the site.
    pub slug: Slug,
    /// Its title.
    pub title: LocalizedText,
    /// Its kind, with the data that only that kind has.
    pub kind: Kind,
    /// The regions that it concerns, in the order of the file; everywhere where it names none.
    pub regions: Vec<RegionIndex>,
    /// The text before the first update.
    pub summary: LocalizedMarkdown,
    /// Its updates, oldest first; those of one instant in the order in which they were written.
    pub updates: Vec<Update>,
    /// The changes after publication, oldest first.
    pub corrections: Vec<Correction>,
    /// Whether it is built only with `--drafts`.
    pub draft: bool,
    /// Whether it stays on top.
    pub pinned: bool,
    /// Its front matter, for diagnostics.
    pub place: Place,
}

impl Post {
    /// The data of a maintenance, where it is one.
    pub fn maintenance(&self) -> Option<&Maintenance> {
        match &self.kind {
            Kind::Maintenance(maintenance) => Some(maintenance),
            Kind::Incident(_) | Kind::Notice(_) => None,
        }
    }

    /// Whether it is a maintenance with more than one window, by a rule.
    pub fn repeats(&self) -> bool {
        self.maintenance()
            .is_some_and(|maintenance| maintenance.recurrence.is_some())
    }
}

/// The kind of a post, with its data.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Something that went wrong.
    Incident(Incident),
    /// Planned work.
    Maintenance(Maintenance),
    /// News without an effect on any status.
    Notice(Notice),
}

/// The data that only an incident has.
#[derive(Debug, Clone)]
pub struct Incident {
    /// When the trouble began.
    pub started: Instant,
    /// Whether the file says so; else it began with its first update, and nothing is known of delays from there.
    pub is_start_said: bool,
    /// When the team knew.
    pub detected: Option<Instant>,
    /// When it was over, where the file says it apart from the updates.
    pub ended: Option<Instant>,
    /// Its impact, where the file says it; else it follows from the worst component status.
    pub impact: Option<Impact>,
    /// The status of its components from `started` on.
    pub components: Vec<Change>,
    /// The signals to chart.
    pub signals: Vec<SignalIndex>,
}

impl Incident {
    /// Its impact, by so many of its updates: said, or else from the worst status that it gives a component.
    pub fn impact_by(&self, updates: &[Update]) -> Impact {
        let changes = updates.iter().flat_map(|update| &update.changes);
        let statuses = self.components.iter().chain(changes);
        let worst = statuses.map(|change| change.status).max();
        (self.impact).unwrap_or_else(|| Impact::of(worst.unwrap_or(Status::Operational)))
    }
}

/// The data that only a maintenance has.
#[derive(Debug, Clone)]
pub struct Maintenance {
    /// When it takes place; of one that repeats, the first time.
    pub window: Window,
    /// The components that it may take down.
    pub components: Vec<ComponentIndex>,
    /// The instant from which on readers know of it, its file's first update; `None` where that has none.
    pub first_update: Option<Instant>,
    /// The rule by which it takes place again.
    pub recurrence: Option<Arc<Recurrence>>,
}

/// The data that only a notice has.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The instant from which on it is shown.
    pub starts: Instant,
    /// The instant until which it is shown; for ever where nothing is said.
    pub ends: Option<Instant>,
    /// The components that it concerns.
    pub components: Vec<ComponentIndex>,
}

/// A change after publication.
#[derive(Debug, Clone)]
pub struct Correction {
    /// The instant of the change.
    pub at: Instant,
    /// The change and its reason.
    pub note: LocalizedText,
}
