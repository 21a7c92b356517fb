//! Updates, and the components that each changed.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::subject::Subject;
use super::words;
use crate::output::pages::{summary_away, update_away};
use crate::site::component::ComponentIndex;
use crate::site::post::{Kind, Post};
use crate::site::update::Update as PostUpdate;
use crate::site::vocabulary::{State, Status};
use crate::status::course::{Course, Effect};
use crate::status::occurrence::{Occurrence, OccurrenceIndex};
use crate::time::Instant;

/// An update of an incident or a maintenance.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Update<'a> {
    /// The slug with the update's number in the order of time, which later updates do not change.
    id: String,
    /// The state that it says, of the words of the incident's `status`.
    status: &'static str,
    /// The text as HTML.
    body: String,
    /// The id of the incident.
    incident_id: &'a str,
    /// The instant of the update.
    created_at: String,
    /// The same.
    updated_at: String,
    /// The same.
    display_at: String,
    /// The components that it named, or found or left other than operational; null where there are none.
    affected_components: Option<Vec<AffectedComponent<'a>>>,
    /// Always true.
    deliver_notifications: bool,
    /// Always null.
    custom_tweet: (),
    /// Always null.
    tweet_id: (),
}

/// A component that an update found, or left, other than operational.
#[derive(Debug, Serialize, JsonSchema)]
struct AffectedComponent<'a> {
    /// The component's id.
    code: &'a str,
    /// The component's name in the site's first language.
    name: &'a str,
    /// The status right before the update.
    old_status: &'static str,
    /// The status after it.
    new_status: &'static str,
}

/// The inputs of the updates of an incident.
#[derive(Debug, Clone, Copy)]
pub(super) struct IncidentUpdates<'a> {
    /// The site.
    pub(super) subject: &'a Subject<'a>,
    /// The occurrence.
    pub(super) index: OccurrenceIndex,
    /// Its id.
    pub(super) id: &'a str,
    /// The instant at which readers first knew of it.
    pub(super) created: Instant,
}

impl<'a> IncidentUpdates<'a> {
    fn occurrence(&self) -> &'a Occurrence {
        self.subject.edition.status.occurrence(self.index)
    }

    fn post(&self) -> &'a Post {
        self.subject.edition.site.post(self.occurrence().post)
    }

    /// Its published updates, newest first. Clients look at the first one, so one that stands for the summary, numbered 0,
    /// is there where there is no other.
    pub(super) fn updates(&self) -> Vec<Update<'a>> {
        let occurrence = self.occurrence();
        if occurrence.updates.is_empty() {
            return vec![self.without_update()];
        }
        let edition = self.subject.edition;
        let states = edition.status.states(edition.site, self.index);
        let mut effects = Effects::new(self.post(), &occurrence.course);
        let numbered = occurrence.updates.clone().enumerate();
        let mut updates: Vec<Update<'a>> = numbered
            .map(|(at, index)| {
                let update = &self.post().updates[index];
                let status = match states.get(at) {
                    Some(after) if update.state == State::Update => words::state(*after),
                    Some(_) => words::state(update.state),
                    None => words::notice(has_ended(self.post(), update.at)),
                };
                let body = update_away(edition, self.post(), index);
                let affected = effects.of(update);
                Update {
                    affected_components: self.affected(&affected),
                    ..self.update(index + 1, status, body, update.at)
                }
            })
            .collect();
        updates.reverse();
        updates
    }

    /// The update that stands for the summary, or where there is none, for what was said when all windows of a maintenance
    /// were planned. It has the state of that time, whatever came of it.
    fn without_update(&self) -> Update<'a> {
        let (edition, post) = (self.subject.edition, self.post());
        let mut body = summary_away(edition, post);
        let published = edition
            .status
            .published(edition.site, self.occurrence().post);
        let planned = published
            .iter()
            .rposition(|it| it.state == State::Scheduled);
        if let Some(planned) = planned.filter(|_| body.is_empty()) {
            body = update_away(edition, post, planned);
        }
        Update {
            // Each window of a maintenance that repeats may have one.
            id: format!("{}-update-0", self.id),
            ..self.update(0, first_state(post), body, self.created)
        }
    }

    /// An update by its number, which later ones do not change: it is the order of time.
    fn update(&self, number: usize, status: &'static str, body: String, at: Instant) -> Update<'a> {
        let at = self.subject.stamp(at);
        Update {
            id: format!("{}-update-{number}", self.post().slug),
            status,
            body,
            incident_id: self.id,
            created_at: at.clone(),
            updated_at: at.clone(),
            display_at: at,
            affected_components: None,
            deliver_notifications: true,
            custom_tweet: (),
            tweet_id: (),
        }
    }

    /// The rows of components; `None` where there are none, as Statuspage has it.
    fn affected(&self, changes: &[Change]) -> Option<Vec<AffectedComponent<'a>>> {
        let components = &self.subject.edition.site.components;
        let rows = changes.iter().map(|change| {
            let component = &components[change.component.0];
            AffectedComponent {
                code: &component.id,
                name: self.subject.text(&component.name),
                old_status: words::component(change.old),
                new_status: words::component(change.new),
            }
        });
        (!changes.is_empty()).then(|| rows.collect())
    }
}

/// The state of a post when it was announced, where no update says one.
fn first_state(post: &Post) -> &'static str {
    match &post.kind {
        Kind::Incident(_) => words::state(State::Investigating),
        Kind::Maintenance(_) => words::state(State::Scheduled),
        Kind::Notice(_) => words::notice(false),
    }
}

/// Whether a notice is over at an instant.
fn has_ended(post: &Post, at: Instant) -> bool {
    match &post.kind {
        Kind::Notice(notice) => notice.ends.is_some_and(|ends| ends <= at),
        Kind::Incident(_) | Kind::Maintenance(_) => false,
    }
}

/// The statuses of a component right before an update, and after it.
#[derive(Debug)]
struct Change {
    component: ComponentIndex,
    old: Status,
    new: Status,
}

/// The statuses that a post gives its components, read in the order of time.
struct Effects<'a> {
    /// The components, each with its effects that are not over yet, latest first.
    components: Vec<(ComponentIndex, Vec<&'a Effect>)>,
    /// The components that no update needs to name: the file's front matter does, until the first update is told.
    said: BTreeSet<ComponentIndex>,
    is_first: bool,
}

impl<'a> Effects<'a> {
    fn new(post: &Post, course: &'a Course) -> Self {
        let said = match &post.kind {
            Kind::Incident(incident) => incident.components.iter().map(|it| it.component).collect(),
            Kind::Maintenance(maintenance) => maintenance.components.iter().copied().collect(),
            Kind::Notice(_) => BTreeSet::new(),
        };
        let affected = match &post.kind {
            Kind::Notice(_) => &[],
            Kind::Incident(_) | Kind::Maintenance(_) => course.affected.as_slice(),
        };
        let components = affected.iter().map(|affected| {
            let of_it = course.effects.iter();
            let of_it = of_it.filter(|effect| effect.component == affected.component);
            let mut effects: Vec<&Effect> = of_it.collect();
            effects.sort_by_key(|effect| std::cmp::Reverse(effect.from));
            (affected.component, effects)
        });
        Self {
            components: components.collect(),
            said,
            is_first: true,
        }
    }

    /// The components that an update names, or finds or leaves other than operational; the first update names those of
    /// the front matter. Before it, readers knew of nothing.
    fn of(&mut self, update: &PostUpdate) -> Vec<Change> {
        let at = update.at;
        let is_first = std::mem::replace(&mut self.is_first, false);
        let mut named: BTreeSet<ComponentIndex> =
            update.changes.iter().map(|it| it.component).collect();
        named.append(&mut self.said);
        let mut changes = Vec::new();
        for (component, effects) in &mut self.components {
            while effects
                .last()
                .is_some_and(|it| it.until.is_some_and(|until| until < at))
            {
                effects.pop();
            }
            // The one that ends now, and the one that begins now.
            let near = || effects.iter().rev().take(2);
            let old = near().find(|it| it.from < at && !is_first);
            let new = near().find(|it| it.from <= at && it.until.is_none_or(|until| at < until));
            let [old, new] =
                [old, new].map(|effect| effect.map_or(Status::Operational, |it| it.status));
            let is_affected = old != Status::Operational || new != Status::Operational;
            if is_affected || named.contains(component) {
                changes.push(Change {
                    component: *component,
                    old,
                    new,
                });
            }
        }
        changes
    }
}
