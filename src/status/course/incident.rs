//! The course of an incident proper: it opens when it starts, and its updates close and reopen it.

use std::collections::BTreeSet;

use super::log::Log;
use super::partial::{Cover, PartialCourse};
use super::statement::Statement;
use crate::site::component::ComponentIndex;
use crate::site::post::Incident;
use crate::site::region::RegionIndex;
use crate::site::update::{Change, Update};
use crate::site::vocabulary::{State, Status};
use crate::time::Instant;

/// The course of an incident of which a statement has only what is known.
///
/// Its state is that of the last update that says one, and `resolved` from the explicit end on. Nothing counts
/// before it started, not even an update that is dated earlier; nothing counts after its explicit end, unless it
/// opens again what was resolved. An explicit end that is later than the update that resolves it is the end all
/// the same.
pub(super) fn partial_course(
    incident: &Incident,
    statement: Statement<'_>,
    now: Instant,
) -> PartialCourse {
    let mut walk = Walk::new(incident, statement, now);
    for update in statement.updates {
        walk.enter(update);
    }
    walk.finish()
}

/// The state of an incident right after each of its updates of which a statement has only what is known.
pub(super) fn states(incident: &Incident, statement: Statement<'_>, now: Instant) -> Vec<State> {
    let mut walk = Walk::new(incident, statement, now);
    let states = statement.updates.iter().map(|update| {
        walk.enter(update);
        walk.state_at(update.at)
    });
    states.collect()
}

/// An incident up to one of its updates.
struct Walk<'a> {
    incident: &'a Incident,
    has_begun: bool,
    /// The end that the file says apart from its updates, once it is reached and until it is left behind.
    explicit_end: Option<Instant>,
    /// From when on no update ends it, because the explicit end does.
    ends_later: Option<Instant>,
    state: State,
    /// Since when its updates have had it closed.
    closed: Option<Instant>,
    /// Since when it is open, up to the explicit end.
    open: Option<Instant>,
    /// The times in which it was open.
    was_open: Vec<(Instant, Option<Instant>)>,
    /// The components that it names, in a region or everywhere, each with the instant from which on.
    named: Vec<(Named, Instant)>,
    /// The same components: whoever names one again says nothing new.
    known: BTreeSet<Named>,
    log: Log,
}

/// A component that is named in a region, or everywhere.
type Named = (ComponentIndex, Option<RegionIndex>);

impl<'a> Walk<'a> {
    fn new(incident: &'a Incident, statement: Statement<'_>, now: Instant) -> Self {
        let has_begun = incident.started <= now;
        let mut walk = Self {
            incident,
            has_begun,
            explicit_end: statement.ended,
            ends_later: statement
                .ended
                .and_then(|end| resolved_for(statement.updates, end)),
            state: State::Investigating,
            closed: None,
            open: Some(incident.started).filter(|_| has_begun),
            was_open: Vec::new(),
            named: Vec::with_capacity(incident.components.len()),
            known: BTreeSet::new(),
            log: Log::of(&statement.post.regions),
        };
        for change in &incident.components {
            let status = match has_begun {
                true => change.status,
                false => Status::Operational,
            };
            let entered = Change { status, ..*change };
            walk.log.enter(entered, incident.started);
            walk.name(*change, incident.started);
        }
        walk
    }

    /// Notes that a change names its component, in its region or wherever the incident concerns it.
    fn name(&mut self, change: Change, at: Instant) {
        let Change {
            component,
            region,
            status,
        } = change;
        let first = self.known.range((component, None)..).next();
        let is_named = first.is_some_and(|it| it.0 == component);
        // To be well again everywhere is no news of another place.
        let is_known = status == Status::Operational && is_named;
        let regions: Vec<Option<RegionIndex>> = match (region, self.log.concerned()) {
            (Some(_), _) => vec![region],
            (None, []) if is_known => return,
            (None, []) => vec![None],
            (None, concerned) => concerned.iter().copied().map(Some).collect(),
        };
        for region in regions {
            if self.known.insert((component, region)) {
                self.named.push(((component, region), at));
            }
        }
    }

    fn enter(&mut self, update: &Update) {
        let at = update.at.max(self.incident.started);
        let ends = update.state.ends_incident();
        let reopens = !ends && update.state != State::Update && self.closed.is_some();
        if let Some(end) = self.explicit_end.filter(|end| reopens && *end <= at) {
            self.pass_explicit_end(end);
        }
        if ends {
            self.closed.get_or_insert(at);
        } else if update.state != State::Update {
            self.closed = None;
        }
        if update.state != State::Update {
            self.state = update.state;
        }
        if self.explicit_end.is_some_and(|end| end <= at) {
            return;
        }
        if ends && self.ends_later.is_none_or(|from| at < from) {
            let open = self.open.take();
            self.was_open.extend(open.map(|since| (since, Some(at))));
            self.log.clear(at);
        } else if !ends && update.state != State::Update && self.has_begun {
            self.open.get_or_insert(at);
        }
        for change in &update.changes {
            let status = match self.open {
                Some(_) => change.status,
                None => Status::Operational,
            };
            self.log.enter(Change { status, ..*change }, at);
            self.name(*change, update.at);
        }
    }

    /// Leaves the explicit end behind: it was that of what came before.
    fn pass_explicit_end(&mut self, end: Instant) {
        self.log.clear(end);
        let open = self.open.take();
        self.was_open.extend(open.map(|since| (since, Some(end))));
        self.explicit_end = None;
        self.ends_later = None;
    }

    /// Its state at an instant no earlier than its last update.
    fn state_at(&self, at: Instant) -> State {
        match self.explicit_end {
            Some(end) if end <= at && !self.state.ends_incident() => State::Resolved,
            _ => self.state,
        }
    }

    fn finish(mut self) -> PartialCourse {
        if let Some(end) = self.explicit_end {
            self.log.clear(end);
        }
        let open = self.open.map(|since| (since, self.explicit_end));
        self.was_open.extend(open);
        let end = self.explicit_end.or(self.closed);
        PartialCourse {
            state: Some(self.state_at(Instant::MAX_UTC)),
            is_open: end.is_none(),
            is_over: end.is_some(),
            start: self.incident.started,
            end,
            entered: self.incident.started,
            covered: covered(&self.named, &self.was_open),
            log: self.log,
        }
    }
}

/// Since when an incident has been resolved by its updates at an instant; `None` where it is open by them.
fn resolved_for(updates: &[Update], at: Instant) -> Option<Instant> {
    let states = updates
        .iter()
        .filter(|it| it.state != State::Update && it.at < at);
    let ends = states.rev().take_while(|it| it.state.ends_incident());
    ends.last().map(|update| update.at)
}

/// The times in which an incident is open and has named a component.
fn covered(named: &[(Named, Instant)], open: &[(Instant, Option<Instant>)]) -> Vec<Cover> {
    let covers = named.iter().flat_map(|((component, region), named)| {
        open.iter().map(|(from, until)| Cover {
            component: *component,
            region: *region,
            except: Vec::new(),
            from: (*named).max(*from),
            until: *until,
        })
    });
    covers
        .filter(|cover| cover.until.is_none_or(|until| cover.from < until))
        .collect()
}
