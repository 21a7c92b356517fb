//! The course of a maintenance: its window opens and closes by itself unless updates say otherwise.

use super::log::Log;
use super::partial::{Cover, PartialCourse};
use super::statement::Statement;
use crate::site::component::ComponentIndex;
use crate::site::post::Maintenance;
use crate::site::region::RegionIndex;
use crate::site::update::{Change, Update};
use crate::site::vocabulary::{State, Status};
use crate::time::{Instant, Window};

/// The course of a maintenance of which a statement has only what is published; its components are under
/// maintenance while it is open.
///
/// Its window closes by itself, but that is an assumption: an update that says later that the work goes on, or is
/// done only now, replaces it. Until then the maintenance overran. That excuses no outage after the fact, so that
/// nothing is covered in between.
pub(super) fn partial_course(
    maintenance: &Maintenance,
    statement: Statement<'_>,
    now: Instant,
) -> PartialCourse {
    let window = statement.window.unwrap_or(maintenance.window);
    let mut walk = Walk::new(&maintenance.components, &statement.post.regions, window);
    for (at, event) in events(window, statement, now) {
        walk.enter(event, at);
    }
    walk.finish(now)
}

/// The state of a maintenance right after each of its updates of which a statement has only what is published.
pub(super) fn states(
    maintenance: &Maintenance,
    statement: Statement<'_>,
    now: Instant,
) -> Vec<State> {
    let window = statement.window.unwrap_or(maintenance.window);
    let mut walk = Walk::new(&maintenance.components, &statement.post.regions, window);
    let mut states = Vec::with_capacity(statement.updates.len());
    for (at, event) in events(window, statement, now) {
        walk.enter(event, at);
        if let MaintenanceEvent::Update(_) = event {
            states.push(walk.state);
        }
    }
    states
}

/// A maintenance up to one of its events.
struct Walk<'a> {
    components: &'a [ComponentIndex],
    window: Window,
    state: State,
    /// When it first opened.
    opened: Option<Instant>,
    /// Since when it is completed or cancelled.
    closed: Option<Instant>,
    /// The statuses that it gives its components.
    log: Log,
    /// The same, if it went on at the end of its window; where that closed it.
    if_it_went_on: Option<Log>,
    /// The times in which it covers components, as statuses: wherever nothing else is said, and behind that in each region
    /// that has a status of its own.
    excused: Vec<(Option<RegionIndex>, Log)>,
}

impl<'a> Walk<'a> {
    fn new(components: &'a [ComponentIndex], regions: &[RegionIndex], window: Window) -> Self {
        let mut log = Log::of(regions);
        for component in components {
            // It is named, but has no status yet: the window may lie in the future.
            log.set(*component, Status::Operational, Instant::MIN_UTC);
        }
        Self {
            components,
            window,
            state: State::Scheduled,
            opened: None,
            closed: None,
            log,
            if_it_went_on: None,
            excused: vec![(None, Log::default())],
        }
    }

    /// Whether it is under way.
    fn is_open(&self) -> bool {
        matches!(self.state, State::InProgress | State::Verifying)
    }

    fn enter(&mut self, event: MaintenanceEvent<'_>, at: Instant) {
        let mut was_open = self.is_open();
        self.state = self.after(event, at);
        if let Some(log) = self.overran(event) {
            self.log = log;
            self.closed = None;
            was_open = true;
        }
        match (was_open, self.is_open()) {
            (false, true) => self.open(at),
            // What it covers already stays as it is.
            (true, true) => self.cover(at),
            (true, false) => self.close(event, at),
            (false, false) => {}
        }
        match self.state {
            State::Completed | State::Cancelled => {
                self.closed.get_or_insert(at);
            }
            _ => self.closed = None,
        }
        if let MaintenanceEvent::Update(update) = event {
            self.change(&update.changes, at);
        }
    }

    /// The statuses up to a word that it went on at the end of its window, which had closed it.
    fn overran(&mut self, event: MaintenanceEvent<'_>) -> Option<Log> {
        match event {
            MaintenanceEvent::Update(update) => match update.state {
                State::Scheduled | State::Update => None,
                _ => self.if_it_went_on.take(),
            },
            MaintenanceEvent::WindowStarts | MaintenanceEvent::WindowEnds => None,
        }
        .filter(|_| self.state != State::Cancelled)
    }

    fn open(&mut self, at: Instant) {
        self.opened.get_or_insert(at);
        for component in self.components {
            self.log.set(*component, Status::UnderMaintenance, at);
        }
        self.cover(at);
    }

    /// Covers what it has under maintenance.
    fn cover(&mut self, at: Instant) {
        for region in self.log.regions() {
            if !self.excused.iter().any(|it| it.0 == Some(region)) {
                // Up to now it was as everywhere.
                let log = self.excused[0].1.clone();
                self.excused.push((Some(region), log));
            }
        }
        for (region, excused) in &mut self.excused {
            for (component, status) in self.log.statuses(*region) {
                excused.set(component, status, at);
            }
        }
    }

    fn close(&mut self, event: MaintenanceEvent<'_>, at: Instant) {
        if let MaintenanceEvent::WindowEnds = event {
            self.if_it_went_on = Some(self.log.clone());
        }
        self.log.clear(at);
        for (_, excused) in &mut self.excused {
            excused.clear(at);
        }
    }

    fn change(&mut self, changes: &[Change], at: Instant) {
        for change in changes {
            if let Some(log) = &mut self.if_it_went_on {
                log.enter(*change, at);
            }
            let status = match self.is_open() {
                true => change.status,
                false => Status::Operational,
            };
            self.log.enter(Change { status, ..*change }, at);
        }
        self.cover(at);
    }

    /// The state that an event leads to.
    fn after(&self, event: MaintenanceEvent<'_>, at: Instant) -> State {
        let word = match event {
            MaintenanceEvent::Update(update) => update.state,
            MaintenanceEvent::WindowStarts if self.state == State::Scheduled => State::InProgress,
            MaintenanceEvent::WindowStarts => return self.state,
            MaintenanceEvent::WindowEnds => State::Completed,
        };
        match (self.state, word) {
            (_, State::Scheduled) => self.planned(at),
            (State::Cancelled, State::InProgress) => State::InProgress,
            (State::Cancelled, _) | (_, State::Update) => self.state,
            (_, word) => word,
        }
    }

    /// The state where it is said to be planned: that stops nothing, and brings back what was over while there is
    /// a window left.
    fn planned(&self, at: Instant) -> State {
        if !self.state.ends_maintenance() || self.window.ends() <= at {
            return self.state;
        }
        match self.window.starts() <= at {
            true => State::InProgress,
            false => State::Scheduled,
        }
    }

    fn finish(self, now: Instant) -> PartialCourse {
        let announced = Some(self.window.ends());
        let end = match self.opened {
            Some(_) => self.closed.or(announced.filter(|end| now < *end)),
            None => announced,
        };
        let start = self.opened.unwrap_or(self.window.starts());
        let called_off = self.closed.filter(|_| self.opened.is_none());
        let is_open = self.is_open();
        let regions: Vec<RegionIndex> = self.excused.iter().filter_map(|it| it.0).collect();
        let excused = self.excused.into_iter().flat_map(|(region, log)| {
            let effects = log.finish().effects.into_iter();
            let regions = regions.as_slice();
            effects.map(move |effect| Cover::of(effect, region, regions))
        });
        PartialCourse {
            state: Some(self.state),
            is_open,
            is_over: self.closed.is_some(),
            start,
            end,
            entered: called_off.map_or(start, |at| at.min(start)),
            log: self.log,
            covered: excused.collect(),
        }
    }
}

/// An event that may move a maintenance on.
#[derive(Debug, Clone, Copy)]
enum MaintenanceEvent<'a> {
    WindowStarts,
    WindowEnds,
    Update(&'a Update),
}

/// The events that have moved it so far, in the order of time; its window goes before an update of the same
/// instant, so that the update has the last word.
fn events(
    window: Window,
    statement: Statement<'_>,
    now: Instant,
) -> Vec<(Instant, MaintenanceEvent<'_>)> {
    let next = statement
        .next
        .map(|next| (next, MaintenanceEvent::WindowEnds));
    let updates = statement.updates.iter();
    let mut events: Vec<_> = [
        (window.starts(), MaintenanceEvent::WindowStarts),
        (window.ends(), MaintenanceEvent::WindowEnds),
    ]
    .into_iter()
    .chain(next)
    .filter(|(at, _)| *at <= now)
    .chain(updates.map(|update| (update.at, MaintenanceEvent::Update(update))))
    .collect();
    events.sort_by_key(|(at, _)| *at);
    events
}
