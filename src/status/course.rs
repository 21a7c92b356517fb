//! The course of an incident, a maintenance or a notice up to an instant.
//!
//! `now` cuts everything. An update that is dated later has not been published yet and counts for
//! nothing, so a build with an earlier `now` shows the page as it was that night. What has happened
//! is another matter than what has been said of it: an incident that is published an hour late still
//! began when its file says that it began.

use crate::site::component::{ComponentIndex, Status};
use crate::site::post::{Kind, Post};
use crate::site::update::{State, Update};
use crate::time::Instant;

use self::log::Ledger;

mod incident;
mod log;
mod maintenance;

/// What an incident or a maintenance makes of a component, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// The component.
    pub component: ComponentIndex,
    /// Its status; never operational.
    pub status: Status,
    /// From when on.
    pub from: Instant,
    /// Up to when, later than `from`; `None` while it holds.
    pub until: Option<Instant>,
}

/// A component in the course of an incident or a maintenance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Affected {
    /// The component.
    pub component: ComponentIndex,
    /// What is said of it now.
    pub now: Status,
    /// The worst that was said of it so far.
    pub worst: Status,
}

/// The updates that are out.
pub fn published(post: &Post, now: Instant) -> &[Update] {
    let count = post.updates.partition_point(|update| update.at <= now);
    &post.updates[..count]
}

/// Whether readers see it at all.
///
/// It is published with its first update. Without any, an incident or a notice is published when it
/// begins, and a maintenance at once: to announce it is all that its file is for.
pub fn is_published(post: &Post, now: Instant) -> bool {
    match (&post.kind, post.updates.first()) {
        (Kind::Notice(notice), first) => {
            notice.starts <= now && first.is_none_or(|update| update.at <= now)
        }
        (Kind::Maintenance(maintenance), _) => maintenance.first_update.is_none_or(|at| at <= now),
        (Kind::Incident(_), Some(first)) => first.at <= now,
        (Kind::Incident(course), None) => course.started <= now,
    }
}

/// Whether it is going on: an incident that is not over, a maintenance under way, a notice in force.
pub fn is_open(post: &Post, now: Instant) -> bool {
    is_published(post, now)
        && match &post.kind {
            Kind::Incident(course) => incident::over(post, course, now).is_none(),
            Kind::Maintenance(maintenance) => {
                maintenance::progress(post, maintenance, now).is_open()
            }
            Kind::Notice(notice) => notice.ends.is_none_or(|ends| now < ends),
        }
}

/// Its state; `None` for a notice.
///
/// An incident that is over is resolved or in its postmortem, and one in any other state is open.
pub fn state(post: &Post, now: Instant) -> Option<State> {
    match &post.kind {
        Kind::Incident(course) => Some(incident::state(post, course, now)),
        Kind::Maintenance(maintenance) => Some(maintenance::progress(post, maintenance, now).state),
        Kind::Notice(_) => None,
    }
}

/// When it began, or will; and when it was over, or will be where that is announced.
///
/// A maintenance has no end while it overruns, for nobody has announced one.
pub fn span(post: &Post, now: Instant) -> (Instant, Option<Instant>) {
    match &post.kind {
        Kind::Incident(course) => (course.started, incident::over(post, course, now)),
        Kind::Maintenance(maintenance) => {
            maintenance::progress(post, maintenance, now).span(maintenance.window, now)
        }
        Kind::Notice(notice) => (notice.starts, notice.ends),
    }
}

/// When it entered the history: when it began, or when it was called off before that.
pub fn entered(post: &Post, now: Instant) -> Instant {
    let (start, _) = span(post, now);
    match &post.kind {
        Kind::Maintenance(maintenance) => maintenance::progress(post, maintenance, now)
            .called_off()
            .map_or(start, |at| at.min(start)),
        Kind::Incident(_) | Kind::Notice(_) => start,
    }
}

/// What it makes of its components, and when.
pub fn effects(post: &Post, now: Instant) -> Vec<Effect> {
    ledger(post, now).effects()
}

/// The components that an incident covers, each from when on and up to when: it is open and names
/// them, so that evidence of trouble there is no contradiction.
pub fn covered(post: &Post, now: Instant) -> Vec<(ComponentIndex, Instant, Option<Instant>)> {
    let Kind::Incident(course) = &post.kind else {
        return Vec::new();
    };
    if !is_published(post, now) {
        return Vec::new();
    }
    let open = incident::open(post, course, now);
    let at_first = course
        .components
        .iter()
        .map(|(it, _)| (*it, course.started));
    let later = published(post, now)
        .iter()
        .flat_map(|update| update.changes.iter().map(|(it, _)| (*it, update.at)));
    at_first
        .chain(later)
        .flat_map(|(component, named)| {
            open.iter()
                .map(move |(from, until)| (component, named.max(*from), *until))
        })
        .filter(|(_, from, until)| until.is_none_or(|until| *from < until))
        .collect()
}

/// Every component that it names, with what is said of it; in the order in which it names them.
pub fn affected(post: &Post, now: Instant) -> Vec<Affected> {
    ledger(post, now).affected()
}

/// When the next update is promised for, where the newest update promises one and it is not over.
pub fn next_update(post: &Post, now: Instant) -> Option<Instant> {
    let over = match &post.kind {
        Kind::Maintenance(maintenance) => maintenance::progress(post, maintenance, now).is_over(),
        Kind::Incident(_) | Kind::Notice(_) => !is_open(post, now),
    };
    let newest = published(post, now).last()?;
    newest.next.filter(|_| !over)
}

fn ledger(post: &Post, now: Instant) -> Ledger {
    let mut ledger = Ledger::default();
    if is_published(post, now) {
        match &post.kind {
            Kind::Incident(course) => incident::enter(&mut ledger, post, course, now),
            Kind::Maintenance(maintenance) => {
                maintenance::enter(&mut ledger, post, maintenance, now)
            }
            Kind::Notice(notice) => {
                for component in &notice.components {
                    ledger.set(*component, Status::Operational, notice.starts);
                }
            }
        }
    }
    ledger
}

#[cfg(test)]
mod tests;
