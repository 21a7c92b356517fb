//! What an incident of a Statuspage was, in the words of an incident file.

use std::collections::BTreeMap;

use chrono::{TimeDelta, Timelike as _};
use chrono_tz::Tz;

use super::catalogue::Catalogue;
use super::document::{Affected, Component, Incident, Update as Posted, instant};
use super::lose_rest;
use crate::import::{Loss, Report};
use crate::site::vocabulary::{Impact, State, Status};
use crate::time::Instant;

/// An incident or a maintenance, ready to be written.
#[derive(Debug)]
pub(super) struct Course {
    /// The id on its Statuspage.
    pub(super) id: Option<String>,
    pub(super) title: String,
    pub(super) kind: Kind,
    /// In the order in which they were posted.
    pub(super) updates: Vec<Update>,
}

/// What it was.
#[derive(Debug)]
pub(super) enum Kind {
    Incident {
        started: Instant,
        /// Where the updates do not say it.
        ended: Option<Instant>,
        impact: Impact,
        components: Components,
    },
    Maintenance {
        starts: Instant,
        ends: Option<Instant>,
        components: Vec<String>,
    },
}

/// The components of an incident when it started.
#[derive(Debug)]
pub(super) enum Components {
    /// No status of theirs is known, so it follows the impact.
    Listed(Vec<String>),
    /// Their statuses.
    With(Vec<(String, Status)>),
}

/// An update.
#[derive(Debug)]
pub(super) struct Update {
    pub(super) state: State,
    pub(super) at: Instant,
    pub(super) changes: Vec<(String, Status)>,
    /// As it was posted: plain text or HTML.
    pub(super) body: String,
}

impl Course {
    /// The instant that gives it its place in the history.
    pub(super) fn start(&self) -> Instant {
        match self.kind {
            Kind::Incident { started, .. } => started,
            Kind::Maintenance { starts, .. } => starts,
        }
    }
}

/// An update with what was read of it.
struct Step {
    state: State,
    at: Instant,
    affected: Vec<(String, Option<Status>, Option<Status>)>,
    body: String,
}

/// The course of an incident, with what is lost counted; `None` where it says no time at all.
pub(super) fn of(
    incident: Incident,
    zone: Tz,
    catalogue: &Catalogue,
    report: &mut Report,
) -> Option<Course> {
    let Incident {
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
    lose_rest(report, "incidents", &rest);
    let mut time = |field: &str, text: Option<String>| {
        let at = instant(text.as_deref(), zone);
        if at.is_none() && text.is_some() {
            report.lose(Loss::Time(format!("incidents.{field}")));
        }
        at
    };
    let times = Times {
        created: time("created_at", created_at),
        updated: time("updated_at", updated_at),
        monitored: time("monitoring_at", monitoring_at),
        resolved: time("resolved_at", resolved_at),
        started: time("started_at", started_at),
        opens: time("scheduled_for", scheduled_for),
        closes: time("scheduled_until", scheduled_until),
    };
    let planned =
        times.opens.is_some() || times.closes.is_some() || impact.as_deref() == Some("maintenance");
    let mut steps = Vec::new();
    for update in incident_updates.into_iter().flatten().rev() {
        let fallback = times.any();
        steps.push(step(update, planned, zone, fallback, catalogue, report)?);
    }
    // Newest first in the document: turned round, those of one instant keep their order.
    steps.sort_by_key(|step| step.at);
    let listed = listed(components.unwrap_or_default(), &steps, catalogue, report);
    let (kind, updates) = if planned {
        maintenance(&times, impact, listed, steps, report)?
    } else {
        let over = matches!(
            status.as_deref(),
            Some("resolved" | "postmortem" | "completed")
        );
        trouble(&times, impact, over, listed, steps, report)?
    };

    let words: Vec<&str> = name
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let mut title = words.join(" ");
    if title.is_empty() {
        report.lose(Loss::Name);
        title = if planned { "Maintenance" } else { "Incident" }.to_owned();
    }
    Some(Course {
        id,
        title,
        kind,
        updates,
    })
}

/// The times of an incident or a maintenance.
struct Times {
    created: Option<Instant>,
    updated: Option<Instant>,
    monitored: Option<Instant>,
    resolved: Option<Instant>,
    started: Option<Instant>,
    opens: Option<Instant>,
    closes: Option<Instant>,
}

impl Times {
    /// The best guess at its start where nothing better is said.
    fn any(&self) -> Option<Instant> {
        self.started
            .or(self.opens)
            .or(self.created)
            .or(self.updated)
    }
}

fn maintenance(
    times: &Times,
    impact: Option<String>,
    listed: Listed,
    steps: Vec<Step>,
    report: &mut Report,
) -> Option<(Kind, Vec<Update>)> {
    let first = steps.first().map(|step| step.at);
    let starts = times.opens.or(times.started).or(first).or(times.any())?;
    let ends = times
        .closes
        .or(last(&steps, State::Completed))
        .or(times.resolved);
    for (_, _, status) in steps.iter().flat_map(|step| &step.affected) {
        if status.is_some_and(Status::is_trouble) {
            report.lose(Loss::StatusInMaintenance);
        }
    }
    if impact.is_some_and(|word| word != "maintenance" && word != "none") {
        let field = "scheduled_maintenances.impact".to_owned();
        report.lose(Loss::Field(field));
    }
    let kind = Kind::Maintenance {
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

fn trouble(
    times: &Times,
    impact: Option<String>,
    over: bool,
    listed: Listed,
    steps: Vec<Step>,
    report: &mut Report,
) -> Option<(Kind, Vec<Update>)> {
    let first = steps.first().map(|step| step.at);
    let started = times.started.or(first).or(times.any())?;
    // A Statuspage that was written after the fact can say that an incident began when its record
    // did. Nobody tells of trouble before it is there.
    let started = match first {
        Some(first) if first < started => {
            report.lose(Loss::Start);
            first
        }
        _ => started,
    };
    if times.created.is_some_and(|at| !same_second(at, started)) {
        report.lose(Loss::Field("incidents.created_at".to_owned()));
    }
    let monitoring = |at| {
        steps
            .iter()
            .any(|step| step.state == State::Monitoring && same_second(step.at, at))
    };
    if times.monitored.is_some_and(|at| !monitoring(at)) {
        report.lose(Loss::Field("incidents.monitoring_at".to_owned()));
    }
    let end = last(&steps, State::Resolved);
    let ended = match (times.resolved, end) {
        _ if !over => None,
        (Some(resolved), Some(end)) if same_second(resolved, end) => None,
        (Some(resolved), _) => Some(resolved),
        (None, Some(_)) => None,
        (None, None) if last(&steps, State::Postmortem).is_some() => None,
        (None, None) => times.updated,
    };
    let impact = match impact.as_deref() {
        None => Impact::None,
        Some(word) => Impact::parse(word).unwrap_or_else(|| {
            report.lose(Loss::Impact(word.to_owned()));
            Impact::None
        }),
    };
    let (components, updates) = statuses(listed, over, steps, report);
    let kind = Kind::Incident {
        started,
        ended,
        impact,
        components,
    };
    Some((kind, updates))
}

/// When an update last said this.
fn last(steps: &[Step], state: State) -> Option<Instant> {
    let step = steps.iter().rev().find(|step| step.state == state)?;
    Some(step.at)
}

/// Whether two instants are in one second: Statuspage writes what happens together a few
/// milliseconds apart.
fn same_second(a: Instant, b: Instant) -> bool {
    (a - b).abs() < TimeDelta::seconds(1) || a.with_nanosecond(0) == b.with_nanosecond(0)
}

fn step(
    update: Posted,
    planned: bool,
    zone: Tz,
    fallback: Option<Instant>,
    catalogue: &Catalogue,
    report: &mut Report,
) -> Option<Step> {
    let Posted {
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
    lose_rest(report, "incident_updates", &rest);
    let created = instant(created_at.as_deref(), zone);
    let updated = instant(updated_at.as_deref(), zone);
    let shown = instant(display_at.as_deref(), zone);
    for (field, text, at) in [
        ("created_at", &created_at, created),
        ("updated_at", &updated_at, updated),
        ("display_at", &display_at, shown),
    ] {
        if at.is_none() && text.is_some() {
            report.lose(Loss::Time(format!("incident_updates.{field}")));
        }
    }
    let at = shown.or(created).or(updated).or(fallback)?;
    if created.is_some_and(|created| !same_second(created, at)) {
        report.lose(Loss::Field("incident_updates.created_at".to_owned()));
    }
    if updated
        .zip(created)
        .is_some_and(|(updated, created)| !same_second(updated, created))
    {
        report.lose(Loss::Field("incident_updates.updated_at".to_owned()));
    }
    let word = status.unwrap_or_default();
    let state = state(&word, planned).unwrap_or_else(|| {
        report.lose(Loss::State(word));
        State::Update
    });
    let mut affected = Vec::new();
    for row in affected_components.unwrap_or_default() {
        affected.extend(affected_of(row, catalogue, report));
    }
    Some(Step {
        state,
        at,
        affected,
        body: body.unwrap_or_default(),
    })
}

/// The state that a word says in an incident, or in a maintenance; each has its own words.
fn state(word: &str, planned: bool) -> Option<State> {
    let state = match (word, planned) {
        ("resolved", true) => State::Completed,
        ("completed", false) => State::Resolved,
        ("verifying", false) => State::Monitoring,
        ("canceled", true) => State::Cancelled,
        _ => State::parse(word)?,
    };
    let fits = if planned {
        state.fits_maintenance()
    } else {
        state.fits_incident()
    };
    fits.then_some(state)
}

fn affected_of(
    row: Affected,
    catalogue: &Catalogue,
    report: &mut Report,
) -> Option<(String, Option<Status>, Option<Status>)> {
    let Affected {
        code,
        name,
        old_status,
        new_status,
        rest,
    } = row;
    lose_rest(report, "incident_updates.affected_components", &rest);
    if catalogue.is_group(code.as_deref()) {
        report.lose(Loss::Field(
            "incident_updates.affected_components: a group".to_owned(),
        ));
        return None;
    }
    let id = catalogue.id(code.as_deref(), name.as_deref())?.to_owned();
    Some((id, status(old_status, report), status(new_status, report)))
}

fn status(word: Option<String>, report: &mut Report) -> Option<Status> {
    let word = word.filter(|word| !word.is_empty())?;
    let status = Status::parse(&word);
    if status.is_none() {
        report.lose(Loss::Status(word));
    }
    status
}

/// The components that an incident names.
struct Listed {
    /// Their ids, in the order in which they are named.
    ids: Vec<String>,
    /// The statuses that they had when the document was written.
    current: BTreeMap<String, Status>,
}

fn listed(
    components: Vec<Component>,
    steps: &[Step],
    catalogue: &Catalogue,
    report: &mut Report,
) -> Listed {
    let mut ids: Vec<String> = Vec::new();
    let mut current = BTreeMap::new();
    for row in components {
        if row.group == Some(true) {
            continue;
        }
        let Some(id) = catalogue.id(row.id.as_deref(), row.name.as_deref()) else {
            continue;
        };
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
        if let Some(status) = status(row.status, report) {
            current.insert(id.to_owned(), status);
        }
    }
    for (id, _, _) in steps.iter().flat_map(|step| &step.affected) {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    Listed { ids, current }
}

/// Where each component stood when the incident started, and the updates with what they change.
///
/// What the first update says of a component holds from the start, since that is what it reports;
/// one that is named later had its old status until then. One that no update names has, in an
/// incident that is not over, the status of its document.
fn statuses(
    Listed { ids, current }: Listed,
    over: bool,
    steps: Vec<Step>,
    report: &mut Report,
) -> (Components, Vec<Update>) {
    let listed = |id: &String| match over {
        true => Status::Operational,
        false => current.get(id).copied().unwrap_or(Status::Operational),
    };
    let said = steps.iter().any(|step| !step.affected.is_empty());
    if !said && ids.iter().all(|id| listed(id) == Status::Operational) {
        let updates = steps
            .into_iter()
            .map(|step| update_of(step, Vec::new()))
            .collect();
        return (Components::Listed(ids), updates);
    }
    let start = |id: &String| {
        steps
            .iter()
            .enumerate()
            .find_map(|(at, step)| {
                let (_, old, new) = step.affected.iter().find(|(known, _, _)| known == id)?;
                Some(if at == 0 {
                    new.or(*old)
                } else {
                    old.or(Some(Status::Operational))
                })
            })
            .unwrap_or_else(|| Some(listed(id)))
            .unwrap_or(Status::Operational)
    };
    let started: Vec<(String, Status)> = ids.iter().map(|id| (id.clone(), start(id))).collect();
    let mut now: BTreeMap<String, Status> = started.iter().cloned().collect();
    let mut updates = Vec::with_capacity(steps.len());
    for step in steps {
        let mut changes: Vec<(String, Status)> = Vec::new();
        if step.state == State::Resolved {
            let worse = |status: &Option<Status>| {
                status.is_some_and(|status| status != Status::Operational)
            };
            for _ in step.affected.iter().filter(|(_, _, new)| worse(new)) {
                report.lose(Loss::StatusAtTheEnd);
            }
            now.values_mut()
                .for_each(|status| *status = Status::Operational);
        } else {
            for (id, _, new) in &step.affected {
                if let Some(new) = new
                    && now.insert(id.clone(), *new) != Some(*new)
                {
                    changes.retain(|(known, _)| known != id);
                    changes.push((id.clone(), *new));
                }
            }
        }
        updates.push(update_of(step, changes));
    }
    (Components::With(started), updates)
}

fn update_of(step: Step, changes: Vec<(String, Status)>) -> Update {
    Update {
        state: step.state,
        at: step.at,
        changes,
        body: step.body,
    }
}
