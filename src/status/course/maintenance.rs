//! The course of a maintenance: its window opens and closes by itself unless updates say otherwise.

use super::log::Log;
use super::partial::PartialCourse;
use super::statement::Statement;
use crate::site::post::Maintenance;
use crate::site::update::Update;
use crate::site::vocabulary::{State, Status};
use crate::time::{Instant, Window};

/// The course of a maintenance of which a statement has only what is published; its components are under
/// maintenance while it is open.
pub(super) fn partial_course(
    maintenance: &Maintenance,
    statement: Statement<'_>,
    now: Instant,
) -> PartialCourse {
    let window = statement.window.unwrap_or(maintenance.window);
    let mut log = Log::default();
    for component in &maintenance.components {
        // It is named, but has no status yet: the window may lie in the future.
        log.set(*component, Status::Operational, Instant::MIN_UTC);
    }
    let mut progress = PLANNED;
    for (at, event) in events(window, statement, now) {
        let was_open = progress.is_open();
        progress.enter(after(progress.state, event, at, window), at);
        match (was_open, progress.is_open()) {
            (false, true) => {
                for component in &maintenance.components {
                    log.set(*component, Status::UnderMaintenance, at);
                }
            }
            (true, false) => log.clear(at),
            _ => {}
        }
        if let MaintenanceEvent::Update(update) = event {
            for (component, status) in &update.changes {
                let open = progress.is_open();
                let status = if open { *status } else { Status::Operational };
                log.set(*component, status, at);
            }
        }
    }
    let start = progress.opened.unwrap_or(window.starts());
    PartialCourse {
        state: Some(progress.state),
        is_open: progress.is_open(),
        is_over: progress.closed.is_some(),
        start,
        end: progress.end(window, now),
        entered: progress.called_off().map_or(start, |at| at.min(start)),
        log,
        covered: Vec::new(),
    }
}

/// The progress of a maintenance.
#[derive(Debug, Clone, Copy)]
struct Progress {
    state: State,
    /// When it first opened.
    opened: Option<Instant>,
    /// Since when it is completed or cancelled.
    closed: Option<Instant>,
}

const PLANNED: Progress = Progress {
    state: State::Scheduled,
    opened: None,
    closed: None,
};

impl Progress {
    /// Whether it is under way.
    fn is_open(self) -> bool {
        matches!(self.state, State::InProgress | State::Verifying)
    }

    /// When it was closed without ever having opened.
    fn called_off(self) -> Option<Instant> {
        self.closed.filter(|_| self.opened.is_none())
    }

    /// When it closed, or else what its window announces.
    fn end(self, window: Window, now: Instant) -> Option<Instant> {
        let announced = Some(window.ends());
        match self.opened {
            Some(_) => self.closed.or(announced.filter(|end| now < *end)),
            None => announced,
        }
    }

    fn enter(&mut self, state: State, at: Instant) {
        self.state = state;
        if self.is_open() {
            self.opened.get_or_insert(at);
        }
        match state {
            State::Completed | State::Cancelled => {
                self.closed.get_or_insert(at);
            }
            _ => self.closed = None,
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

/// The state that an event leads to.
fn after(state: State, event: MaintenanceEvent<'_>, at: Instant, window: Window) -> State {
    match (state, event) {
        (State::Cancelled, _) => State::Cancelled,
        (State::Scheduled, MaintenanceEvent::WindowStarts) => State::InProgress,
        (_, MaintenanceEvent::WindowStarts) => state,
        (_, MaintenanceEvent::WindowEnds) => State::Completed,
        (_, MaintenanceEvent::Update(update)) => match update.state {
            State::Update => state,
            // A window that is over is no plan.
            State::Scheduled if window.ends() <= at => state,
            state => state,
        },
    }
}
