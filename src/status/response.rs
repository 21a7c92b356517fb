//! ResponseTimes: how long it took to notice trouble, to say so, and to end it.
//!
//! The signs of trouble are its start, the first breach of a signal, and the moment the team knew. Each
//! delay is counted only where both of its ends were said or seen: an incident file without `started`
//! begins with its first update by definition, and says nothing of a delay.

use chrono::TimeDelta;

use super::{breach, course};
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::post::{Incident, Kind, Post};
use crate::time::Instant;

/// How long before its start an incident may have shown in a signal.
const BEFORE: TimeDelta = TimeDelta::hours(6);

/// The moments of an incident or a maintenance between which delays lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseTimes {
    /// When it began.
    pub started: Instant,
    /// Since when a signal of its components has breached: the first such moment.
    pub breached: Option<Instant>,
    /// When the team knew.
    pub detected: Option<Instant>,
    /// When it was first said to readers.
    pub first_update: Option<Instant>,
    /// When it was over.
    pub ended: Option<Instant>,
    /// By how much each promised update was late that came late, in their order.
    pub late: Vec<TimeDelta>,
    /// Since when an update is overdue that was promised and has not come.
    pub overdue: Option<Instant>,
    /// By how much a maintenance lasted longer than announced.
    pub overran: Option<TimeDelta>,
}

impl ResponseTimes {
    /// From its start to when the team knew; `None` where one of the two is not said, as below.
    pub fn to_detect(&self) -> Option<TimeDelta> {
        self.after_start(self.detected)
    }

    /// From its start to the first update.
    pub fn to_first_update(&self) -> Option<TimeDelta> {
        self.after_start(self.first_update)
            .filter(|delay| *delay > TimeDelta::zero())
    }

    /// From the first breach to the first update; nothing where the update came first.
    pub fn from_breach(&self) -> Option<TimeDelta> {
        let delay = self.first_update? - self.breached?;
        Some(delay.max(TimeDelta::zero()))
    }

    /// From its start to its end.
    pub fn to_end(&self) -> Option<TimeDelta> {
        self.after_start(self.ended)
    }

    fn after_start(&self, at: Option<Instant>) -> Option<TimeDelta> {
        at.map(|at| (at - self.started).max(TimeDelta::zero()))
    }
}

/// The delays of an incident or a maintenance up to `now`; `None` for a notice, and for what has not
/// begun.
pub fn of(site: &Site, post: &Post, now: Instant) -> Option<ResponseTimes> {
    if !course::is_published(post, now) {
        return None;
    }
    let (started, end) = course::span(post, now);
    if now < started {
        return None;
    }
    let ended = end.filter(|end| *end <= now);
    let updates = course::published(post, now);
    let promises = updates.iter().enumerate().filter_map(|(at, update)| {
        let next = updates.get(at + 1)?;
        Some(next.at - update.next?).filter(|late| *late > TimeDelta::zero())
    });
    let mut delays = ResponseTimes {
        started,
        breached: None,
        detected: None,
        first_update: updates.first().map(|update| update.at),
        ended,
        late: promises.collect(),
        overdue: course::next_update(post, now).filter(|next| *next < now),
        overran: None,
    };
    match &post.kind {
        Kind::Notice(_) => return None,
        Kind::Incident(course) => {
            delays.detected = course.detected.filter(|at| *at <= now);
            delays.breached = signals(site, post, course, now)
                .into_iter()
                .map(|(_, since)| since)
                .min();
        }
        Kind::Maintenance(maintenance) => {
            let late = ended.unwrap_or(now) - maintenance.window.ends();
            delays.overran = Some(late).filter(|late| *late > TimeDelta::zero());
        }
    }
    Some(delays)
}

/// The signals that an incident shows, as indices into [`Site::signals`], each with when it first
/// breached: those that its file names, or else those of its components that breached while it was open.
pub fn signals(site: &Site, post: &Post, course: &Incident, now: Instant) -> Vec<(usize, Instant)> {
    let until = course::span(post, now).1.unwrap_or(now).min(now);
    let named: Vec<ComponentIndex> = course::affected(post, now)
        .iter()
        .map(|standing| standing.component)
        .collect();
    let all = site.signals.iter().enumerate();
    all.filter(|(index, signal)| {
        if course.signals.is_empty() {
            signal.components.iter().any(|it| named.contains(it))
        } else {
            course.signals.contains(index)
        }
    })
    .filter_map(|(index, signal)| {
        let from = course.started - BEFORE;
        let state = breach::signal(signal, site.time_zone, from, until, until);
        let mut breaches = state.breaches.iter();
        let first = breaches.find(|breach| {
            breach.since < until && breach.until.is_none_or(|end| course.started < end)
        })?;
        Some((index, first.since))
    })
    .collect()
}

/// The delays of a stretch of time in figures: medians, each `None` where nothing was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// How many incidents began.
    pub incidents: usize,
    /// From their start to when the team knew.
    pub to_detect: Option<TimeDelta>,
    /// From their start to the first update.
    pub to_first_update: Option<TimeDelta>,
    /// From the first breach of a signal to the first update.
    pub from_breach: Option<TimeDelta>,
    /// From their start to their end, of those that are over.
    pub to_end: Option<TimeDelta>,
    /// How many promised updates came late or are overdue.
    pub late: usize,
    /// How many maintenances took place.
    pub maintenances: usize,
    /// How many of those lasted longer than announced.
    pub overran: usize,
}

/// The delays of what began from `from` up to `now`.
pub fn overview(site: &Site, from: Instant, now: Instant) -> Overview {
    let all: Vec<(bool, ResponseTimes)> = site
        .posts
        .iter()
        .filter_map(|incident| {
            let is_incident = matches!(incident.kind, Kind::Incident(_));
            Some((is_incident, of(site, incident, now)?))
        })
        .filter(|(_, delays)| from <= delays.started)
        .collect();
    let incidents = || all.iter().filter(|(is_incident, _)| *is_incident);
    let middle = |delay: fn(&ResponseTimes) -> Option<TimeDelta>| {
        let mut seconds: Vec<f64> = incidents()
            .filter_map(|(_, delays)| delay(delays))
            .map(|delay| delay.as_seconds_f64())
            .collect();
        let middle = breach::median(&mut seconds)?;
        Some(TimeDelta::seconds(middle.round() as i64))
    };
    Overview {
        incidents: incidents().count(),
        to_detect: middle(ResponseTimes::to_detect),
        to_first_update: middle(ResponseTimes::to_first_update),
        from_breach: middle(ResponseTimes::from_breach),
        to_end: middle(ResponseTimes::to_end),
        late: all
            .iter()
            .map(|(_, delays)| delays.late.len() + usize::from(delays.overdue.is_some()))
            .sum(),
        maintenances: all.len() - incidents().count(),
        overran: all
            .iter()
            .filter(|(_, delays)| delays.overran.is_some())
            .count(),
    }
}

#[cfg(test)]
mod tests;
