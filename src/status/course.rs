//! The course of an incident, a maintenance or a notice up to an instant.
//!
//! `now` cuts everything. An update that is dated later has not been published yet and counts for
//! nothing, so a build with an earlier `now` shows the page as it was that night. What has happened
//! is another matter than what has been said of it: an incident that is published an hour late still
//! began when its file says that it began.
//!
//! A course is computed in one walk over the updates; everything else in the room reads its fields.

use crate::site::post::{Kind, Notice, Post};
use crate::site::region::RegionIndex;
use crate::site::update::Change;
use crate::site::vocabulary::{Impact, State, Status};
use crate::time::Instant;

use self::log::Log;
use self::partial::PartialCourse;

pub use self::log::{Affected, Effect, Regional};
pub use self::partial::{Cover, Places};
pub use self::statement::Statement;

mod incident;
mod log;
mod maintenance;
mod partial;
mod statement;

/// An incident, a maintenance or a notice as it is known at an instant.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Course {
    /// Whether readers see it at all.
    ///
    /// It is published with its first update. Without any, an incident or a notice is published when it
    /// begins, and a maintenance at once: to announce it is all that its file is for.
    pub is_published: bool,
    /// Its state; `None` for a notice.
    ///
    /// An incident that is over is resolved or in its postmortem, and one in any other state is open.
    pub state: Option<State>,
    /// The impact of an incident: said, or else from the worst status that it has given a component so far.
    pub impact: Option<Impact>,
    /// Whether it is going on: an incident that is not over, a maintenance under way, a notice in force.
    pub is_open: bool,
    /// When it began, or will.
    pub start: Instant,
    /// When it was over, or will be where that is announced.
    ///
    /// A maintenance has no end while it overruns, for nobody has announced one.
    pub end: Option<Instant>,
    /// When it entered the history: when it began, or when it was called off before that.
    pub entered: Instant,
    /// The number of its updates that are published.
    pub published: usize,
    /// When the next update is promised for, where the newest update promises one and it is not over.
    pub next_update: Option<Instant>,
    /// Every component that it names, in the order in which it names them.
    pub affected: Vec<Affected>,
    /// The statuses that it gives its components, and when.
    pub effects: Vec<Effect>,
    /// The present statuses of its components by place.
    pub regional: Vec<Regional>,
    /// The regions that it concerns by what is published, in the order in which it names them; none where that is everywhere.
    pub regions: Vec<RegionIndex>,
    /// The times in which it covers components, of an incident or a maintenance.
    pub covered: Vec<Cover>,
}

impl Course {
    /// The course of a post, or of one occurrence of it, as it is known at `now`.
    pub fn at(statement: Statement<'_>, now: Instant) -> Self {
        let is_published = is_published(statement.post, now);
        let statement = statement.known_at(now);
        let partial = match &statement.post.kind {
            Kind::Incident(incident) => incident::partial_course(incident, statement, now),
            Kind::Maintenance(maintenance) => {
                maintenance::partial_course(maintenance, statement, now)
            }
            Kind::Notice(notice) => notice_course(notice, now),
        };
        let promised = statement.updates.last().and_then(|update| update.next);
        let mut course = Self {
            is_published,
            state: partial.state,
            impact: match &statement.post.kind {
                Kind::Incident(incident) => Some(incident.impact_by(statement.updates)),
                Kind::Maintenance(_) | Kind::Notice(_) => None,
            },
            is_open: is_published && partial.is_open,
            start: partial.start,
            end: partial.end,
            entered: partial.entered,
            published: statement.updates.len(),
            next_update: promised.filter(|_| is_published && !partial.is_over),
            affected: Vec::new(),
            effects: Vec::new(),
            regional: Vec::new(),
            regions: Vec::new(),
            covered: Vec::new(),
        };
        // What is not published has had no effect yet as far as readers know.
        if is_published {
            course.covered = partial.covered;
            let finished = partial.log.finish();
            course.affected = finished.affected;
            course.effects = finished.effects;
            course.regional = finished.regional;
            course.regions = regions(statement);
        }
        course
    }

    /// When a maintenance was called off before it began.
    pub fn called_off(&self) -> Option<Instant> {
        (self.entered < self.start).then_some(self.entered)
    }
}

/// The state of a post right after each of its updates that are known at `now`: of one that is only news, the state that
/// it leaves as it is. Nothing for a notice.
pub(super) fn states(statement: Statement<'_>, now: Instant) -> Vec<State> {
    let statement = statement.known_at(now);
    match &statement.post.kind {
        Kind::Incident(incident) => incident::states(incident, statement, now),
        Kind::Maintenance(maintenance) => maintenance::states(maintenance, statement, now),
        Kind::Notice(_) => Vec::new(),
    }
}

/// The regions that a post concerns by its file and its updates; none where that is everywhere.
fn regions(statement: Statement<'_>) -> Vec<RegionIndex> {
    let post = statement.post;
    let first = match &post.kind {
        Kind::Incident(incident) => incident.components.as_slice(),
        Kind::Maintenance(_) | Kind::Notice(_) => &[],
    };
    let updates = statement.updates.iter();
    let changes = || {
        first
            .iter()
            .chain(updates.clone().flat_map(|it| &it.changes))
    };
    let is_everywhere = match &post.kind {
        Kind::Incident(_) => {
            let is_wide = |it: &Change| it.region.is_none() && it.status != Status::Operational;
            changes().any(is_wide)
        }
        Kind::Maintenance(_) | Kind::Notice(_) => true,
    };
    if post.regions.is_empty() && is_everywhere {
        return Vec::new();
    }
    let mut regions = post.regions.clone();
    for region in changes().filter_map(|it| it.region) {
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    regions
}

fn is_published(post: &Post, now: Instant) -> bool {
    let first = post.updates.first().map(|update| update.at);
    match &post.kind {
        Kind::Incident(incident) => first.unwrap_or(incident.started) <= now,
        Kind::Maintenance(maintenance) => maintenance.first_update.is_none_or(|at| at <= now),
        Kind::Notice(notice) => notice.starts <= now && first.is_none_or(|at| at <= now),
    }
}

fn notice_course(notice: &Notice, now: Instant) -> PartialCourse {
    let is_open = notice.ends.is_none_or(|ends| now < ends);
    let mut log = Log::default();
    for component in &notice.components {
        log.set(*component, Status::Operational, notice.starts);
    }
    PartialCourse {
        state: None,
        is_open,
        is_over: !is_open,
        start: notice.starts,
        end: notice.ends,
        entered: notice.starts,
        log,
        covered: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
