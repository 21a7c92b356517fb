//! The statuses of an incident's components, from its start through its updates.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::draft::{DraftComponents, DraftUpdate};
use crate::import::tally::{Loss, Losses};
use crate::site::edit::heading::NewStatus;
use crate::site::vocabulary::{State, Status};
use crate::time::Instant;

/// How far an incident was when its document was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Open,
    Over,
}

/// An update with what was read of it.
pub(super) struct ReadUpdate {
    pub(super) state: State,
    pub(super) at: Instant,
    pub(super) affected: Vec<Touched>,
    /// Markdown.
    pub(super) body: String,
}

/// A component that an update touches.
pub(super) struct Touched {
    pub(super) id: String,
    /// Its status before the update.
    pub(super) old: Option<Status>,
    /// Its status since.
    pub(super) new: Option<Status>,
}

/// The components that an incident names.
pub(super) struct Listed {
    /// Their ids, in the order in which they are named.
    pub(super) ids: Vec<String>,
    /// The statuses that they had when the document was written.
    pub(super) current: BTreeMap<String, Status>,
}

/// The status of each component when the incident started, and the updates with what they change.
///
/// What the first update says of a component holds from the start, since that is what it reports;
/// one that is named later had its old status until then. One that no update names has, in an
/// incident that is not over, the status of its document.
pub(super) fn statuses(
    listed: Listed,
    phase: Phase,
    steps: Vec<ReadUpdate>,
    losses: &mut Losses,
) -> (DraftComponents, Vec<DraftUpdate>) {
    let Listed { ids, current } = listed;
    let listed = |id: &String| match phase {
        Phase::Over => Status::Operational,
        Phase::Open => current.get(id).copied().unwrap_or(Status::Operational),
    };
    let has_statuses = steps.iter().any(|step| !step.affected.is_empty());
    if !has_statuses && ids.iter().all(|id| listed(id) == Status::Operational) {
        let updates = steps
            .into_iter()
            .map(|step| update_of(step, Vec::new()))
            .collect();
        return (DraftComponents::Listed(ids), updates);
    }
    let mut at_start: BTreeMap<&str, Option<Status>> = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        for Touched { id, old, new } in &step.affected {
            at_start.entry(id).or_insert_with(|| match at {
                0 => new.or(*old),
                _ => old.or(Some(Status::Operational)),
            });
        }
    }
    let start = |id: &String| {
        let first = at_start.get(id.as_str()).copied();
        first
            .unwrap_or_else(|| Some(listed(id)))
            .unwrap_or(Status::Operational)
    };
    let mut now: BTreeMap<String, Status> = BTreeMap::new();
    let mut started = Vec::with_capacity(ids.len());
    for component in ids {
        let status = start(&component);
        now.insert(component.clone(), status);
        started.push(NewStatus { component, status });
    }
    let mut updates = Vec::with_capacity(steps.len());
    for step in steps {
        let mut changes: Vec<NewStatus> = Vec::new();
        let mut changed: BTreeSet<&str> = BTreeSet::new();
        if step.state == State::Resolved {
            let worse = |status: &Option<Status>| {
                status.is_some_and(|status| status != Status::Operational)
            };
            for _ in step.affected.iter().filter(|touched| worse(&touched.new)) {
                losses.lose(Loss::StatusAtTheEnd);
            }
            now.values_mut()
                .for_each(|status| *status = Status::Operational);
        } else {
            for Touched { id, new, .. } in &step.affected {
                if let Some(new) = new
                    && now.insert(id.clone(), *new) != Some(*new)
                {
                    if !changed.insert(id) {
                        changes.retain(|change| change.component != *id);
                    }
                    changes.push(NewStatus {
                        component: id.clone(),
                        status: *new,
                    });
                }
            }
        }
        updates.push(update_of(step, changes));
    }
    (DraftComponents::With(started), updates)
}

/// The update of a step.
pub(super) fn update_of(step: ReadUpdate, changes: Vec<NewStatus>) -> DraftUpdate {
    DraftUpdate {
        state: step.state,
        at: step.at,
        changes,
        body: step.body,
    }
}
