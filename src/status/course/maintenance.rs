//! The course of a maintenance: its window opens and closes by itself unless updates say otherwise.

use super::log::Log;
use super::outline::Outline;
use super::statement::Statement;
use crate::site::post::Maintenance;
use crate::site::update::Update;
use crate::site::vocabulary::{State, Status};
use crate::time::{Instant, Window};

/// The course of a maintenance of which a statement has only what is published; its components are under
/// maintenance while it is open.
pub(super) fn outline(
    maintenance: &Maintenance,
    statement: Statement<'_>,
    now: Instant,
) -> Outline {
    let window = statement.window.unwrap_or(maintenance.window);
    let mut log = Log::default();
    for component in &maintenance.components {
        // It is named, but has no status yet: the window may lie in the future.
        log.set(*component, Status::Operational, Instant::MIN_UTC);
    }
    let mut progress = PLANNED;
    for (at, step) in steps(window, statement, now) {
        let was_open = progress.is_open();
        progress.enter(after(progress.state, step, at, window), at);
        match (was_open, progress.is_open()) {
            (false, true) => {
                for component in &maintenance.components {
                    log.set(*component, Status::UnderMaintenance, at);
                }
            }
            (true, false) => log.clear(at),
            _ => {}
        }
        if let Step::Update(update) = step {
            for (component, status) in &update.changes {
                let open = progress.is_open();
                let status = if open { *status } else { Status::Operational };
                log.set(*component, status, at);
            }
        }
    }
    let start = progress.opened.unwrap_or(window.starts());
    Outline {
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
enum Step<'a> {
    WindowStarts,
    WindowEnds,
    Update(&'a Update),
}

/// The events that have moved it so far, in the order of time; its window goes before an update of the same
/// instant, so that the update has the last word.
fn steps(window: Window, statement: Statement<'_>, now: Instant) -> Vec<(Instant, Step<'_>)> {
    let next = statement.next.map(|next| (next, Step::WindowEnds));
    let updates = statement.updates.iter();
    let mut steps: Vec<_> = [
        (window.starts(), Step::WindowStarts),
        (window.ends(), Step::WindowEnds),
    ]
    .into_iter()
    .chain(next)
    .filter(|(at, _)| *at <= now)
    .chain(updates.map(|update| (update.at, Step::Update(update))))
    .collect();
    steps.sort_by_key(|(at, _)| *at);
    steps
}

/// The state that a step leads to.
fn after(state: State, step: Step<'_>, at: Instant, window: Window) -> State {
    match (state, step) {
        (State::Cancelled, _) => State::Cancelled,
        (State::Scheduled, Step::WindowStarts) => State::InProgress,
        (_, Step::WindowStarts) => state,
        (_, Step::WindowEnds) => State::Completed,
        (_, Step::Update(update)) => match update.state {
            State::Update => state,
            // A window that is over is no plan.
            State::Scheduled if window.ends() <= at => state,
            state => state,
        },
    }
}
