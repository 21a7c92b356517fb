//! The course of an incident proper: it opens when it starts, and its updates close and reopen it.

use super::log::Ledger;
use super::published;
use crate::site::component::Status;
use crate::site::post::{Incident, Post};
use crate::site::update::State;
use crate::time::Instant;

/// The state of the last update that says one, and `resolved` from the said end on.
pub(super) fn state(post: &Post, course: &Incident, now: Instant) -> State {
    let said = published(post, now)
        .iter()
        .rev()
        .map(|update| update.state)
        .find(|state| *state != State::Update)
        .unwrap_or(State::Investigating);
    match said_end(course, now) {
        Some(_) if !said.ends_incident() => State::Resolved,
        _ => said,
    }
}

/// Since when it is over; `None` while it is open.
pub(super) fn over(post: &Post, course: &Incident, now: Instant) -> Option<Instant> {
    said_end(course, now).or_else(|| {
        let mut over = None;
        for update in published(post, now) {
            if update.state.ends_incident() {
                over = over.or(Some(update.at.max(course.started)));
            } else if update.state != State::Update {
                over = None;
            }
        }
        over
    })
}

/// From when until when it is open, or was; it may be reopened.
pub(super) fn open(
    post: &Post,
    course: &Incident,
    now: Instant,
) -> Vec<(Instant, Option<Instant>)> {
    let mut since = Some(course.started).filter(|started| *started <= now);
    let end = said_end(course, now);
    let mut open = Vec::new();
    for update in published(post, now) {
        let at = update.at.max(course.started);
        if end.is_some_and(|end| end <= at) {
            break;
        }
        if update.state.ends_incident() {
            open.extend(since.take().map(|since| (since, Some(at))));
        } else if update.state != State::Update {
            since = since.or(Some(at).filter(|at| *at <= now));
        }
    }
    open.extend(since.map(|since| (since, end)));
    open
}

/// Enters what it says of its components.
///
/// Nothing counts before it started, not even an update that is dated earlier; nothing counts after
/// its said end.
pub(super) fn enter(ledger: &mut Ledger, post: &Post, course: &Incident, now: Instant) {
    let begun = course.started <= now;
    for (component, status) in &course.components {
        let status = if begun { *status } else { Status::Operational };
        ledger.set(*component, status, course.started);
    }
    let end = said_end(course, now);
    let mut open = begun;
    for update in published(post, now) {
        let at = update.at.max(course.started);
        if end.is_some_and(|end| end <= at) {
            break;
        }
        if update.state.ends_incident() {
            open = false;
            ledger.clear(at);
        } else if update.state != State::Update {
            open = begun;
        }
        for (component, status) in &update.changes {
            let status = if open { *status } else { Status::Operational };
            ledger.set(*component, status, at);
        }
    }
    if let Some(end) = end {
        ledger.clear(end);
    }
}

/// The end that the file says apart from its updates, once it is reached.
fn said_end(course: &Incident, now: Instant) -> Option<Instant> {
    course.ended.filter(|end| *end <= now)
}
