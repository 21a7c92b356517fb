//! The delays of the last year, and since when a component is as it is, counted naively.

use chrono::TimeDelta;

use super::reading::Reading;
use super::{STEP, step};
use crate::site::post::{Kind, Post};
use crate::site::update::Update;
use crate::site::vocabulary::State;
use crate::time::Instant;

/// The step before which nothing happens.
const BEFORE: i64 = -150;

/// The delays of the incidents of a site.
#[derive(Debug, PartialEq)]
pub(super) struct Delays {
    /// How many incidents began.
    pub(super) incidents: usize,
    /// The median from their start to when the team knew.
    pub(super) to_detect: Option<TimeDelta>,
    /// The median from their start to the first update.
    pub(super) to_first_update: Option<TimeDelta>,
    /// The median from their start to their end.
    pub(super) to_end: Option<TimeDelta>,
    /// How many maintenances took place.
    pub(super) maintenances: usize,
    /// How many maintenances lasted longer than announced.
    pub(super) overran: usize,
}

impl Delays {
    /// The delays as they are known; everything lies within a year.
    pub(super) fn of(reading: Reading<'_>) -> Self {
        let (mut detect, mut say, mut end) = (Vec::new(), Vec::new(), Vec::new());
        let mut incidents = 0;
        for post in reading.posts() {
            let Kind::Incident(incident) = &post.kind else {
                continue;
            };
            if reading.now < incident.started {
                continue;
            }
            incidents += 1;
            if !incident.is_start_said {
                continue;
            }
            let posted: Vec<&Update> = reading.updates(post, reading.now).collect();
            let after = |at: Instant| at - incident.started;
            let known = incident.detected.filter(|at| *at <= reading.now);
            detect.extend(known.map(after));
            say.extend(posted.first().map(|it| after(it.at)));
            end.extend(over_since(reading, post, &posted).map(after));
        }
        let begun = reading.works().filter(|it| it.took_place(reading.now));
        let late = reading.works().filter(|it| it.overran(reading.now));
        Self {
            incidents,
            to_detect: median(detect),
            to_first_update: median(say),
            to_end: median(end),
            maintenances: begun.count(),
            overran: late.count(),
        }
    }
}

/// When an incident was over that is.
fn over_since(reading: Reading<'_>, post: &Post, posted: &[&Update]) -> Option<Instant> {
    if reading.open_incident(post, reading.now).is_some() {
        return None;
    }
    reading.said_end(post, reading.now).or_else(|| {
        let states = posted.iter().filter(|it| it.state != State::Update);
        let since_then = states.rev().take_while(|it| it.state.ends_incident());
        since_then.last().map(|it| it.at)
    })
}

fn median(mut delays: Vec<TimeDelta>) -> Option<TimeDelta> {
    delays.sort();
    let low = delays.get(delays.len().checked_sub(1)? / 2)?;
    let high = delays.get(delays.len() / 2)?;
    Some((*low + *high) / 2)
}

/// Since when a component has been as it is; `None` where it always was.
pub(super) fn since(reading: Reading<'_>, component: usize) -> Option<Instant> {
    let status = reading.component(component, reading.now).status;
    let mut at = reading.now;
    while reading.component(component, at - STEP).status == status {
        at -= STEP;
        if at < step(BEFORE) {
            return None;
        }
    }
    Some(at)
}
