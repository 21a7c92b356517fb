//! Incidents, maintenances and notices.

use std::sync::Arc;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use super::component::Component;
use super::document::Document;
use super::json::json;
use super::page::Page;
use super::subject::Subject;
use super::update::{IncidentUpdates, Update};
use super::words;
use crate::output::pages::{DocumentMemo, Key, PageMemo, name_in_memo, named, summary_away};
use crate::site::post::{self, Kind, Post};
use crate::site::update::Update as PostUpdate;
use crate::site::vocabulary::{Impact, State, Word as _};
use crate::status::course::Course;
use crate::status::occurrence::{Occurrence, OccurrenceIndex};
use crate::time::Instant;

/// An incident, a maintenance or a notice.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Incident<'a> {
    /// The slug, and for one window of a maintenance that repeats the slug with the window's start:
    /// `SLUG?20230114T070000Z`.
    id: &'a str,
    /// The title in the site's first language.
    name: &'a str,
    /// Of an incident `investigating`, `identified`, `monitoring`, `resolved` or `postmortem`; of a maintenance
    /// `scheduled`, `in_progress`, `verifying` or `completed`, also where it was cancelled; of a notice `monitoring` while
    /// it is shown, then `resolved`.
    status: &'static str,
    /// The instant at which readers first knew of it.
    created_at: String,
    /// The instant at which anything of it last changed.
    updated_at: String,
    /// The instant since which it is watched.
    monitoring_at: Option<String>,
    /// The instant at which it was over; null while it is not.
    resolved_at: Option<String>,
    /// `none`, `minor`, `major` or `critical`; of a maintenance `maintenance`, of a notice `none`.
    impact: &'static str,
    /// The address of its page.
    shortlink: String,
    /// The instant at which the trouble or the work began.
    started_at: String,
    /// The id of the page.
    page_id: &'a str,
    /// The updates, newest first. Where there is none, one stands for the summary.
    incident_updates: Vec<Update<'a>>,
    /// The components that it names, as they are now.
    #[schemars(with = "Vec<Component<'static>>")]
    components: &'a [&'a RawValue],
    /// Always null.
    reminder_intervals: (),
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    window: Option<Scheduled>,
    /// What Statuspage's API has no place for.
    allclear: IncidentClaims<'a>,
}

/// The window of a maintenance.
#[derive(Debug, Serialize, JsonSchema)]
struct Scheduled {
    /// Of a maintenance: the instant at which its window opens.
    scheduled_for: String,
    /// Of a maintenance: the instant at which its window closes.
    scheduled_until: String,
}

/// What Statuspage's API has no place for in an incident.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "IncidentAllclear")]
struct IncidentClaims<'a> {
    /// `incident`, `maintenance` or `notice`.
    kind: &'static str,
    /// The slug: the name of its file, and of its page below `incidents/`.
    slug: &'a str,
    /// The exact state, which may be `cancelled`; null of a notice.
    state: Option<&'static str>,
    /// The instant at which the team knew of it, where its file says.
    detected_at: Option<String>,
    /// The instant until which the next update is promised.
    next_update_at: Option<String>,
    /// The ids of the regions that it concerns; empty where that is everywhere, and absent where the site has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    regions: Option<Vec<String>>,
    /// The text before the first update, as HTML.
    summary: String,
    /// What was changed after publication, oldest first.
    corrections: Vec<Correction<'a>>,
}

/// A change after publication.
#[derive(Debug, Serialize, JsonSchema)]
struct Correction<'a> {
    /// The instant of the change.
    at: String,
    /// What was changed and why.
    note: &'a str,
}

/// An incident in JSON, with what documents choose and sort by.
#[derive(Debug)]
pub(super) struct Entry {
    /// The occurrence.
    pub(super) index: OccurrenceIndex,
    /// The instant by which lists are sorted: when readers first knew of an incident, or when a window opens.
    pub(super) order: Instant,
    /// When anything of it last changed.
    pub(super) updated: Instant,
    /// The entry in lists.
    pub(super) json: Arc<RawValue>,
    /// The document of it alone; empty for a window that the page of its post does not show.
    pub(super) document: Bytes,
}

/// An occurrence that is published, with what depends on the instant.
struct PublishedOccurrence<'a> {
    subject: &'a Subject<'a>,
    index: OccurrenceIndex,
    occurrence: &'a Occurrence,
    post: &'a Post,
    state: &'static str,
    created: Instant,
    updated: Instant,
    /// The components that it names.
    components: Vec<&'a RawValue>,
    /// Whether the page of its post shows it.
    is_shown: bool,
}

/// The entry of an occurrence that is published, that of the last build where that would be the same again, and what the
/// next build needs for that; `components` are those of the site, in their order.
pub(super) fn entry(
    subject: &Subject<'_>,
    index: OccurrenceIndex,
    components: &[Box<RawValue>],
    memo: &PageMemo,
) -> (Entry, (String, DocumentMemo)) {
    let edition = subject.edition;
    let occurrence = edition.status.occurrence(index);
    let post = edition.site.post(occurrence.post);
    // Of a plan that nobody needs to know yet, all that is known is that the site is there.
    let created = occurrence.announced.unwrap_or(subject.created);
    let named = named(edition.site, occurrence);
    let published = PublishedOccurrence {
        subject,
        index,
        occurrence,
        post,
        state: match occurrence.course.state {
            Some(state) => words::state(state),
            None => words::notice(!occurrence.course.is_open),
        },
        created,
        updated: occurrence.changed.map_or(created, |at| at.max(created)),
        components: named.iter().map(|it| &*components[it.0]).collect(),
        is_shown: edition.status.posts[occurrence.post.0].shown == Some(index),
    };
    let name = name_in_memo(edition.site, occurrence);
    let key = published.key();
    let (json, document) = match memo.document(edition.language(), &name, &key) {
        Some(known) => (Arc::clone(&known.entry), known.document.clone()),
        None => published.made(),
    };
    let remembered = DocumentMemo {
        key,
        entry: Arc::clone(&json),
        document: document.clone(),
    };
    let entry = Entry {
        index,
        order: occurrence.window.map_or(created, |window| window.starts()),
        updated: published.updated,
        json,
        document,
    };
    (entry, (name, remembered))
}

impl PublishedOccurrence<'_> {
    /// The inputs of its documents, besides what all of them share.
    fn key(&self) -> Key {
        let status = self.subject.edition.status;
        let corrections = self.known_corrections().count();
        let rows: Vec<&str> = self.components.iter().map(|row| row.get()).collect();
        let others = (
            &self.occurrence.course,
            (self.state, self.created, self.updated, self.is_shown),
            (self.detected(), corrections, rows),
            status.posts[self.occurrence.post.0].published,
        );
        Key::new(self.post, &self.post.updates, others)
    }

    /// The entry in lists, and the document of the incident alone.
    fn made(&self) -> (Arc<RawValue>, Bytes) {
        let entry = json(&self.incident(&id(self.post, self.occurrence)));
        let document = self.is_shown.then(|| {
            let document = Document {
                page: Some(&Page::then(self.subject, self.updated)),
                incident: Some(&entry),
                ..Document::default()
            };
            document.bytes()
        });
        (entry.into(), document.unwrap_or_default())
    }

    fn incident<'i>(&'i self, id: &'i str) -> Incident<'i> {
        let Self {
            subject,
            index,
            occurrence,
            post,
            state,
            created,
            ..
        } = *self;
        let updates = IncidentUpdates {
            subject,
            index,
            id,
            created,
        };
        let stamp = |at: Instant| subject.stamp(at);
        let now = subject.edition.status.now();
        Incident {
            id,
            name: subject.text(&post.title),
            status: state,
            created_at: stamp(created),
            updated_at: stamp(self.updated),
            monitoring_at: monitoring(post, occurrence).map(stamp),
            resolved_at: resolved(&occurrence.course, now).map(stamp),
            impact: impact(post, &occurrence.course),
            shortlink: subject.post_url(post),
            started_at: stamp(occurrence.course.start),
            page_id: &subject.page_id,
            incident_updates: updates.updates(),
            components: &self.components,
            reminder_intervals: (),
            window: occurrence.window.map(|window| Scheduled {
                scheduled_for: stamp(window.starts()),
                scheduled_until: stamp(window.ends()),
            }),
            allclear: self.claims(),
        }
    }

    fn claims(&self) -> IncidentClaims<'_> {
        let Self { subject, post, .. } = *self;
        let course = &self.occurrence.course;
        let stamp = |at: Instant| subject.stamp(at);
        IncidentClaims {
            kind: match &post.kind {
                Kind::Incident(_) => "incident",
                Kind::Maintenance(_) => "maintenance",
                Kind::Notice(_) => "notice",
            },
            slug: post.slug.as_str(),
            state: course.state.map(State::as_str),
            detected_at: self.detected().map(stamp),
            next_update_at: course.next_update.map(stamp),
            regions: subject.region_ids(&course.regions),
            summary: summary_away(subject.edition, post),
            corrections: (self.known_corrections())
                .map(|correction| Correction {
                    at: stamp(correction.at),
                    note: subject.text(&correction.note),
                })
                .collect(),
        }
    }

    /// When the team knew, where readers are told of it yet.
    fn detected(&self) -> Option<Instant> {
        let now = self.subject.edition.status.now();
        match &self.post.kind {
            Kind::Incident(incident) => incident.detected.filter(|at| *at <= now),
            Kind::Maintenance(_) | Kind::Notice(_) => None,
        }
    }

    /// The corrections that readers are told of.
    fn known_corrections(&self) -> impl Iterator<Item = &post::Correction> {
        let now = self.subject.edition.status.now();
        self.post.corrections.iter().filter(move |it| it.at <= now)
    }
}

/// The id of an incident, which is its slug, so that a link made of it leads to its page. So does that of one of the
/// windows of a maintenance that repeats, which has a mark that no slug can have: `SLUG?20230114T070000Z`.
fn id(post: &Post, occurrence: &Occurrence) -> String {
    match occurrence.window.filter(|_| post.repeats()) {
        Some(window) => format!("{}?{}", post.slug, window.starts().format("%Y%m%dT%H%M%SZ")),
        None => post.slug.as_str().to_owned(),
    }
}

/// Since when an incident was watched, unless it had to be looked into again; a notice is watched from its begin.
fn monitoring(post: &Post, occurrence: &Occurrence) -> Option<Instant> {
    let updates = &post.updates[occurrence.updates.clone()];
    let is_watched = |update: &&PostUpdate| update.state == State::Monitoring;
    let is_not =
        |update: &&PostUpdate| matches!(update.state, State::Investigating | State::Identified);
    match post.kind {
        Kind::Incident(_) => {
            let since = updates
                .iter()
                .rposition(|it| is_not(&it))
                .map_or(0, |at| at + 1);
            updates[since..].iter().find(is_watched).map(|it| it.at)
        }
        Kind::Maintenance(_) => None,
        Kind::Notice(_) => Some(occurrence.course.start),
    }
}

/// When it was over.
fn resolved(course: &Course, now: Instant) -> Option<Instant> {
    let is_over = match course.state {
        Some(state) => state.ends_incident() || state.ends_maintenance(),
        None => true,
    };
    let end = course.called_off().or(course.end);
    end.filter(|end| is_over && !course.is_open && *end <= now)
}

fn impact(post: &Post, course: &Course) -> &'static str {
    match post.kind {
        Kind::Incident(_) => course.impact.map_or(words::NO_IMPACT, Impact::as_str),
        Kind::Maintenance(_) => words::MAINTENANCE,
        Kind::Notice(_) => words::NO_IMPACT,
    }
}
