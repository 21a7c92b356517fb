//! An incident or a maintenance of a Statuspage as a draft.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{TimeDelta, Timelike as _};
use chrono_tz::Tz;

use super::components::{PageComponents, plain_name};
use super::document::{
    StatuspageAffected, StatuspageComponent, StatuspageIncident, StatuspageUpdate, instant,
};
use super::losses::lose_rest;
use super::statuses::{Listed, Phase, ReadUpdate, Touched, statuses, update_of};
use super::words::{Sort, state, status};
use crate::import::body::Converter;
use crate::import::draft::{Draft, DraftKind, DraftUpdate};
use crate::import::tally::{Loss, Losses};
use crate::site::vocabulary::{Impact, State, Status, Word};
use crate::time::Instant;

/// The context that all drafts of a Statuspage share.
pub(super) struct PageContext<'a> {
    components: &'a PageComponents,
    converter: Converter,
}

impl<'a> PageContext<'a> {
    pub(super) fn new(components: &'a PageComponents) -> Self {
        Self {
            components,
            converter: Converter::new(),
        }
    }

    /// The draft of an incident or a maintenance, with what is lost counted; `None` where it says no time at all.
    ///
    /// `zone` is that of times that name none.
    pub(super) fn draft(&self, incident: StatuspageIncident, zone: Tz) -> Option<Draft> {
        let StatuspageIncident {
            id,
            name,
            status,
            created_at,
            updated_at,
            monitoring_at,
            resolved_at,
            started_at,
            scheduled_for,
            scheduled_until,
            impact,
            page_id: _,
            incident_updates,
            components,
            rest,
        } = incident;
        let mut losses = Losses::default();
        lose_rest(&mut losses, "incidents", &rest);
        if id.is_some() {
            losses.lose(Loss::Id);
        }
        let mut time = |field: &str, text: Option<String>| {
            let at = instant(text.as_deref(), zone);
            if at.is_none() && text.is_some() {
                losses.lose(Loss::Time(format!("incidents.{field}")));
            }
            at
        };
        let times = IncidentTimes {
            created: time("created_at", created_at),
            updated: time("updated_at", updated_at),
            monitored: time("monitoring_at", monitoring_at),
            resolved: time("resolved_at", resolved_at),
            started: time("started_at", started_at),
            opens: time("scheduled_for", scheduled_for),
            closes: time("scheduled_until", scheduled_until),
        };
        let is_planned = times.opens.is_some() || times.closes.is_some();
        let sort = if is_planned || impact.as_deref() == Some("maintenance") {
            Sort::Maintenance
        } else {
            Sort::Incident
        };
        let mut steps = Vec::new();
        for update in incident_updates.into_iter().flatten().rev() {
            steps.push(self.step(update, sort, zone, times.any(), &mut losses)?);
        }
        // Newest first in the document: turned round, those of one instant keep their order.
        steps.sort_by_key(|step| step.at);
        let listed = self.listed(components.unwrap_or_default(), &steps, &mut losses);
        let (kind, updates) = match sort {
            Sort::Maintenance => maintenance_kind(&times, impact, listed, steps, &mut losses)?,
            Sort::Incident => {
                let phase = match status.as_deref() {
                    Some("resolved" | "postmortem" | "completed") => Phase::Over,
                    _ => Phase::Open,
                };
                incident_kind(&times, impact, phase, listed, steps, &mut losses)?
            }
        };
        Some(Draft {
            id,
            title: title(name, sort, &mut losses),
            kind,
            updates,
            losses,
        })
    }

    /// An update; `fallback` is its time where it says none.
    fn step(
        &self,
        update: StatuspageUpdate,
        sort: Sort,
        zone: Tz,
        fallback: Option<Instant>,
        losses: &mut Losses,
    ) -> Option<ReadUpdate> {
        let StatuspageUpdate {
            id: _,
            incident_id: _,
            status,
            body,
            created_at,
            updated_at,
            display_at,
            affected_components,
            rest,
        } = update;
        lose_rest(losses, "incident_updates", &rest);
        let created = instant(created_at.as_deref(), zone);
        let updated = instant(updated_at.as_deref(), zone);
        let shown = instant(display_at.as_deref(), zone);
        for (field, text, at) in [
            ("created_at", &created_at, created),
            ("updated_at", &updated_at, updated),
            ("display_at", &display_at, shown),
        ] {
            if at.is_none() && text.is_some() {
                losses.lose(Loss::Time(format!("incident_updates.{field}")));
            }
        }
        let at = shown.or(created).or(updated).or(fallback)?;
        if created.is_some_and(|created| !same_second(created, at)) {
            losses.lose(Loss::Field("incident_updates.created_at".to_owned()));
        }
        if updated
            .zip(created)
            .is_some_and(|(updated, created)| !same_second(updated, created))
        {
            losses.lose(Loss::Field("incident_updates.updated_at".to_owned()));
        }
        let word = status.unwrap_or_default();
        let state = state(&word, sort).unwrap_or_else(|| {
            losses.lose(Loss::State(word));
            State::Update
        });
        let mut affected = Vec::new();
        for row in affected_components.unwrap_or_default() {
            affected.extend(self.affected(row, losses));
        }
        Some(ReadUpdate {
            state,
            at,
            affected,
            body: self.converter.markdown(&body.unwrap_or_default()),
        })
    }

    /// A component that an update touches; `None` for a group or a nameless one.
    fn affected(&self, row: StatuspageAffected, losses: &mut Losses) -> Option<Touched> {
        let StatuspageAffected {
            code,
            name,
            old_status,
            new_status,
            rest,
        } = row;
        lose_rest(losses, "incident_updates.affected_components", &rest);
        if self.components.is_group(code.as_deref()) {
            losses.lose(Loss::Field(
                "incident_updates.affected_components: a group".to_owned(),
            ));
            return None;
        }
        let id = self
            .components
            .id(code.as_deref(), name.as_deref())?
            .to_owned();
        Some(Touched {
            id,
            old: status(old_status, losses),
            new: status(new_status, losses),
        })
    }

    /// The components that an incident names, itself or in its updates.
    fn listed(
        &self,
        components: Vec<StatuspageComponent>,
        steps: &[ReadUpdate],
        losses: &mut Losses,
    ) -> Listed {
        let mut ids: Vec<String> = Vec::new();
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut current = BTreeMap::new();
        for row in components {
            if row.group == Some(true) {
                continue;
            }
            let Some(id) = self.components.id(row.id.as_deref(), row.name.as_deref()) else {
                continue;
            };
            if known.insert(id.to_owned()) {
                ids.push(id.to_owned());
            }
            if let Some(status) = status(row.status, losses) {
                current.insert(id.to_owned(), status);
            }
        }
        for touched in steps.iter().flat_map(|step| &step.affected) {
            if known.insert(touched.id.clone()) {
                ids.push(touched.id.clone());
            }
        }
        Listed { ids, current }
    }
}

/// The title of a draft.
fn title(name: Option<String>, sort: Sort, losses: &mut Losses) -> String {
    if let Some(name) = name.as_deref().and_then(plain_name) {
        return name;
    }
    losses.lose(Loss::Name);
    match sort {
        Sort::Maintenance => "Maintenance".to_owned(),
        Sort::Incident => "Incident".to_owned(),
    }
}

/// The times of an incident or a maintenance.
struct IncidentTimes {
    created: Option<Instant>,
    updated: Option<Instant>,
    monitored: Option<Instant>,
    resolved: Option<Instant>,
    started: Option<Instant>,
    opens: Option<Instant>,
    closes: Option<Instant>,
}

impl IncidentTimes {
    /// Its start, where nothing better is said.
    fn any(&self) -> Option<Instant> {
        self.started
            .or(self.opens)
            .or(self.created)
            .or(self.updated)
    }
}

/// The kind and the updates of a maintenance; `None` where it says no time.
fn maintenance_kind(
    times: &IncidentTimes,
    impact: Option<String>,
    listed: Listed,
    steps: Vec<ReadUpdate>,
    losses: &mut Losses,
) -> Option<(DraftKind, Vec<DraftUpdate>)> {
    let first = steps.first().map(|step| step.at);
    let starts = times.opens.or(times.started).or(first).or(times.any())?;
    let said = [times.closes, last(&steps, State::Completed), times.resolved];
    let ends = end_of_window(starts, &said, losses);
    for touched in steps.iter().flat_map(|step| &step.affected) {
        if touched.new.is_some_and(Status::is_trouble) {
            losses.lose(Loss::StatusInMaintenance);
        }
    }
    if impact.is_some_and(|word| word != "maintenance" && word != "none") {
        let field = "scheduled_maintenances.impact".to_owned();
        losses.lose(Loss::Field(field));
    }
    let kind = DraftKind::Maintenance {
        starts,
        ends,
        components: listed.ids,
    };
    let updates = steps
        .into_iter()
        .map(|step| update_of(step, Vec::new()))
        .collect();
    Some((kind, updates))
}

/// The kind and the updates of an incident; `None` where it says no time.
fn incident_kind(
    times: &IncidentTimes,
    impact: Option<String>,
    phase: Phase,
    listed: Listed,
    steps: Vec<ReadUpdate>,
    losses: &mut Losses,
) -> Option<(DraftKind, Vec<DraftUpdate>)> {
    let first = steps.first().map(|step| step.at);
    let started = times.started.or(first).or(times.any())?;
    // A Statuspage that was written after the fact can say that an incident began when its record
    // did. Nobody reports trouble before it is there.
    let started = match first {
        Some(first) if first < started => {
            losses.lose(Loss::Start);
            first
        }
        _ => started,
    };
    if times.created.is_some_and(|at| !same_second(at, started)) {
        losses.lose(Loss::Field("incidents.created_at".to_owned()));
    }
    let monitoring = |at| {
        steps
            .iter()
            .any(|step| step.state == State::Monitoring && same_second(step.at, at))
    };
    if times.monitored.is_some_and(|at| !monitoring(at)) {
        losses.lose(Loss::Field("incidents.monitoring_at".to_owned()));
    }
    let ended = match phase {
        Phase::Open => None,
        Phase::Over => end_of_incident(started, times, &steps, losses),
    };
    let impact = match impact.as_deref() {
        None => Impact::None,
        Some(word) => Impact::parse(word).unwrap_or_else(|| {
            losses.lose(Loss::Impact(word.to_owned()));
            Impact::None
        }),
    };
    let (components, updates) = statuses(listed, phase, steps, losses);
    let kind = DraftKind::Incident {
        started,
        ended,
        impact,
        components,
    };
    Some((kind, updates))
}

/// The end of a window: the first one said that is after its start. Of a window that ended when it began, as work does
/// that was entered when it was done, it is a minute later, for no window is empty.
fn end_of_window(
    starts: Instant,
    said: &[Option<Instant>],
    losses: &mut Losses,
) -> Option<Instant> {
    let first = said.iter().flatten().next().copied()?;
    // A file says both to the second.
    let after = |end: &Instant| starts.timestamp() < end.timestamp();
    if after(&first) {
        return Some(first);
    }
    let later = said.iter().flatten().copied().find(after);
    let at_once = same_second(first, starts).then(|| starts + TimeDelta::minutes(1));
    let ends = later.or(at_once);
    if ends.is_some() {
        losses.lose(Loss::Window);
    }
    ends.or(Some(first))
}

/// The end of an incident that is over, where its updates do not say it.
fn end_of_incident(
    started: Instant,
    times: &IncidentTimes,
    steps: &[ReadUpdate],
    losses: &mut Losses,
) -> Option<Instant> {
    let resolved = times.resolved.filter(|at| started <= *at);
    if resolved != times.resolved {
        losses.lose(Loss::End);
    }
    let is_end = |state| matches!(state, State::Resolved | State::Postmortem);
    let mut states = steps.iter().map(|step| step.state);
    let last_state = states.rfind(|state| *state != State::Update);
    if !last_state.is_some_and(is_end) {
        // Nothing but this says that it is over.
        let known = resolved.or(times.updated).filter(|at| started <= *at);
        return known.or(steps.last().map(|step| step.at)).or(Some(started));
    }
    match (resolved, last(steps, State::Resolved)) {
        (Some(resolved), Some(end)) if same_second(resolved, end) => None,
        (Some(resolved), Some(end)) if end < resolved => {
            losses.lose(Loss::End);
            None
        }
        (resolved, _) => resolved,
    }
}

/// The time of the last update with a state.
fn last(steps: &[ReadUpdate], state: State) -> Option<Instant> {
    let step = steps.iter().rev().find(|step| step.state == state)?;
    Some(step.at)
}

/// Whether two instants are in one second: Statuspage writes what happens together a few
/// milliseconds apart.
fn same_second(a: Instant, b: Instant) -> bool {
    (a - b).abs() < TimeDelta::seconds(1) || a.with_nanosecond(0) == b.with_nanosecond(0)
}
