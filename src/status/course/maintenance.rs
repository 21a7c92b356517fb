//! The course of a maintenance: its window opens and closes by itself unless updates say otherwise.

use super::log::Ledger;
use super::published;
use crate::site::component::Status;
use crate::site::post::{Maintenance, Post};
use crate::site::update::{State, Update};
use crate::time::{Instant, Window};

/// How far a maintenance has got.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress {
    /// Its state.
    pub(super) state: State,
    /// When it first opened.
    opened: Option<Instant>,
    /// Since when it is completed or cancelled.
    closed: Option<Instant>,
}

impl Progress {
    /// Whether it is under way.
    pub(super) fn is_open(self) -> bool {
        matches!(self.state, State::InProgress | State::Verifying)
    }

    /// Whether it is completed or cancelled.
    pub(super) fn is_over(self) -> bool {
        self.closed.is_some()
    }

    /// When it was closed without ever having opened.
    pub(super) fn called_off(self) -> Option<Instant> {
        self.closed.filter(|_| self.opened.is_none())
    }

    /// When it opened and closed, or else what its window announces.
    pub(super) fn span(self, window: Window, now: Instant) -> (Instant, Option<Instant>) {
        let Some(opened) = self.opened else {
            return (window.starts(), Some(window.ends()));
        };
        let announced = Some(window.ends()).filter(|end| now < *end);
        (opened, self.closed.or(announced))
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

/// Where a maintenance stands.
pub(super) fn progress(post: &Post, maintenance: &Maintenance, now: Instant) -> Progress {
    let mut progress = PLANNED;
    for (at, step) in steps(post, maintenance, now) {
        progress.enter(after(progress.state, step, at, maintenance.window), at);
    }
    progress
}

/// Enters its components as under maintenance while it is open.
pub(super) fn enter(ledger: &mut Ledger, post: &Post, maintenance: &Maintenance, now: Instant) {
    for component in &maintenance.components {
        // Named, but nothing is said of it yet: the window may lie in the future.
        ledger.set(*component, Status::Operational, Instant::MIN_UTC);
    }
    let mut progress = PLANNED;
    for (at, step) in steps(post, maintenance, now) {
        let was_open = progress.is_open();
        progress.enter(after(progress.state, step, at, maintenance.window), at);
        match (was_open, progress.is_open()) {
            (false, true) => {
                for component in &maintenance.components {
                    ledger.set(*component, Status::UnderMaintenance, at);
                }
            }
            (true, false) => ledger.clear(at),
            _ => {}
        }
        if let Step::Update(update) = step {
            for (component, status) in &update.changes {
                let open = progress.is_open();
                let status = if open { *status } else { Status::Operational };
                ledger.set(*component, status, at);
            }
        }
    }
}

const PLANNED: Progress = Progress {
    state: State::Scheduled,
    opened: None,
    closed: None,
};

/// What may move a maintenance on.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    WindowStarts,
    WindowEnds,
    Update(&'a Update),
}

/// What has moved it so far, in the order of time; its window goes before an update of the same
/// instant, so that the update has the last word.
fn steps<'a>(post: &'a Post, maintenance: &Maintenance, now: Instant) -> Vec<(Instant, Step<'a>)> {
    let Maintenance { window, next, .. } = maintenance;
    let updates = published(post, now).iter();
    let mut steps: Vec<_> = [
        (window.starts(), Step::WindowStarts),
        (window.ends(), Step::WindowEnds),
    ]
    .into_iter()
    .chain(next.map(|next| (next, Step::WindowEnds)))
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
            said => said,
        },
    }
}
