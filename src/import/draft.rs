//! The draft of an incident file: what an importer makes of a foreign incident.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{SecondsFormat, TimeDelta};

use super::origin::Origin;
use super::tally::Losses;
use crate::locale::Locale;
use crate::site::edit::heading::{NewHeading, NewStatus, NewUpdate};
use crate::site::edit::incident::{FrontMatter, NewFile, scalar};
use crate::site::edit::time::utc;
use crate::site::update::{NEWS, Telling};
use crate::site::vocabulary::{Impact, State, Word};
use crate::time::Instant;

/// An incident or a maintenance of a foreign document, in the words of an incident file.
#[derive(Debug)]
pub(super) struct Draft {
    /// The id in the documents.
    pub(super) id: Option<String>,
    /// The title.
    pub(super) title: String,
    /// Its kind, with what only that kind has.
    pub(super) kind: DraftKind,
    /// Its updates, in the order in which they were posted.
    pub(super) updates: Vec<DraftUpdate>,
    /// The losses: what its document says and the draft does not.
    pub(super) losses: Losses,
}

/// The kind of a post, with what only that kind has.
#[derive(Debug)]
pub(super) enum DraftKind {
    Incident {
        started: Instant,
        /// Its end, where the updates do not say it.
        ended: Option<Instant>,
        impact: Impact,
        components: DraftComponents,
    },
    Maintenance {
        starts: Instant,
        ends: Option<Instant>,
        components: Vec<String>,
    },
}

/// The components of an incident when it started.
#[derive(Debug)]
pub(super) enum DraftComponents {
    /// Components without a known status, which follows the impact.
    Listed(Vec<String>),
    /// Their statuses.
    With(Vec<NewStatus>),
}

/// An update of a draft.
#[derive(Debug)]
pub(super) struct DraftUpdate {
    pub(super) state: State,
    pub(super) at: Instant,
    pub(super) changes: Vec<NewStatus>,
    /// Markdown without a newline at its end, as [`super::body::Converter`] makes it.
    pub(super) body: String,
}

impl Draft {
    /// The instant that gives it its place in the history.
    pub(super) fn start(&self) -> Instant {
        match self.kind {
            DraftKind::Incident { started, .. } => started,
            DraftKind::Maintenance { starts, .. } => starts,
        }
    }
}

/// The text of the incident file of a draft, which remembers the origin in a comment.
pub(super) fn text(
    draft: &Draft,
    origin: Option<&Origin<'_>>,
    now: Instant,
    english: &Locale,
) -> String {
    let mut front_matter = FrontMatter::default();
    if let Some(origin) = origin {
        front_matter.comment(&origin.to_string());
    }
    front_matter.value("title", &scalar(&draft.title));
    match &draft.kind {
        DraftKind::Incident {
            started,
            ended,
            impact,
            components,
        } => {
            let none = matches!(components, DraftComponents::Listed(ids) if ids.is_empty());
            if !(none && *impact == Impact::None) {
                front_matter.value("impact", impact.as_str());
            }
            let first = draft.updates.first().map(|update| update.at);
            if first.is_none_or(|first| (first - started).abs() >= TimeDelta::seconds(1)) {
                front_matter.value("started", &utc(*started));
            }
            if let Some(ended) = ended {
                front_matter.value("ended", &utc(*ended));
            }
            match components {
                DraftComponents::Listed(ids) => front_matter.components(ids),
                DraftComponents::With(statuses) => front_matter.statuses(statuses),
            }
        }
        DraftKind::Maintenance {
            starts,
            ends,
            components,
        } => {
            front_matter.value("kind", "maintenance");
            front_matter.value("starts", &utc(*starts));
            if let Some(ends) = ends {
                front_matter.value("ends", &utc(*ends));
            }
            front_matter.components(components);
        }
    }
    let file = NewFile {
        front_matter,
        summary: String::new(),
        updates: updates(&draft.updates, now, english),
    };
    file.text()
}

/// The updates with the newest on top; of one instant those that were posted first, as a file is read.
fn updates(updates: &[DraftUpdate], now: Instant, english: &Locale) -> Vec<NewUpdate> {
    let times = DraftTimes::of(updates);
    let mut updates: Vec<&DraftUpdate> = updates.iter().collect();
    updates.sort_by_key(|update| std::cmp::Reverse(update.at));
    let written = updates.into_iter().map(|update| NewUpdate {
        heading: NewHeading {
            changes: update.changes.clone(),
            telling: match update.at > now - NEWS {
                true => Telling::Silent,
                false => Telling::Aloud,
            },
            ..NewHeading::new(update.state, english, times.heading(update.at))
        },
        message: update.body.clone(),
    });
    written.collect()
}

/// The times of a file's updates as text.
struct DraftTimes {
    /// The seconds in which updates were posted at different instants.
    shared_seconds: BTreeSet<i64>,
}

impl DraftTimes {
    fn of(updates: &[DraftUpdate]) -> Self {
        let mut instants: BTreeMap<i64, Instant> = BTreeMap::new();
        let mut shared_seconds = BTreeSet::new();
        for update in updates {
            let second = update.at.timestamp();
            let other = instants.insert(second, update.at);
            if other.is_some_and(|other| other != update.at) {
                shared_seconds.insert(second);
            }
        }
        Self { shared_seconds }
    }

    /// The text of the time of an update: to the second, unless another update shares it.
    fn heading(&self, at: Instant) -> String {
        if self.shared_seconds.contains(&at.timestamp()) {
            return at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        }
        utc(at)
    }
}
