//! The forecast: what a build of the same files would say later if nothing new came.
//!
//! Evidence runs out, windows open and close, and a reader's browser cannot know by itself what
//! follows from that. So it is worked out beforehand, and the page carries what it will have to say.
//! It never carries good news: that a component works again, or that all is clear, must be earned by a
//! build.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::breach::Breach;
use super::component::ComponentNow;
use super::course::Course;
use super::facts::Facts;
use super::headline::{self, Headline, HeadlineState};
use super::period::Period;
use super::snapshot::Snapshot;
use super::timeline::{self, Segment};
use crate::site::vocabulary::Status;
use crate::time::Instant;

/// The time that a forecast looks ahead.
pub const HORIZON: TimeDelta = TimeDelta::days(30);

/// The number of changes that a forecast has of each thing at most: enough for evidence that runs out around a
/// maintenance.
const MOST: usize = 6;

/// The changes that come with time alone.
#[derive(Debug, Clone, Default)]
pub struct Forecast {
    /// The headlines to come that are no good news, each with the instant from which on it holds;
    /// neighbours differ in their state.
    pub headlines: Vec<(Instant, Headline)>,
    /// The statuses to come of each component that are not known to be good, in the order of
    /// [`Site::components`](crate::site::Site::components).
    pub components: Vec<Vec<Segment>>,
}

/// The forecast that follows from the facts.
pub(super) fn forecast(facts: Facts<'_>, snapshot: &Snapshot) -> Forecast {
    let Facts { site, now, .. } = facts;
    let period = Period {
        from: now,
        until: now + HORIZON,
    };
    let signals = site.signals.iter().zip(facts.signals);
    let breaches: Vec<Vec<Breach>> = signals
        .map(|(signal, state)| state.breaches_between(signal, now - HORIZON, period.until))
        .collect();
    let breaches = breaches.iter().map(Vec::as_slice);
    let ahead: Vec<Vec<Segment>> = timeline::timelines(facts, breaches, period)
        .into_iter()
        .map(|timeline| timeline.segments)
        .collect();
    Forecast {
        headlines: headlines(facts, snapshot, &ahead),
        components: ahead
            .into_iter()
            .map(|segments| {
                let changes = segments.into_iter().skip(1);
                let is_good = |it: &Segment| it.status == Status::Operational && it.confirmed;
                changes.filter(|it| !is_good(it)).take(MOST).collect()
            })
            .collect(),
    }
}

fn headlines(
    facts: Facts<'_>,
    snapshot: &Snapshot,
    ahead: &[Vec<Segment>],
) -> Vec<(Instant, Headline)> {
    let changes = ahead.iter().flat_map(|segments| segments.iter().skip(1));
    let silences = facts.signals.iter().filter_map(|signal| signal.valid_until);
    let instants: BTreeSet<Instant> = changes
        .map(|segment| segment.interval.start())
        .chain(silences.filter(|at| ahead_of(ahead, *at)))
        .collect();
    let mut headlines: Vec<(Instant, Headline)> = Vec::new();
    for at in instants {
        let next = headline_at(facts, snapshot, ahead, at);
        let last = headlines
            .last()
            .map_or(&snapshot.headline, |(_, last)| last);
        let is_good = next.state > last.state && next.state >= HeadlineState::NoKnownProblems;
        if next.state == last.state || is_good {
            continue;
        }
        if headlines.len() == MOST {
            break;
        }
        headlines.push((at, next));
    }
    headlines
}

fn headline_at(
    facts: Facts<'_>,
    snapshot: &Snapshot,
    ahead: &[Vec<Segment>],
    at: Instant,
) -> Headline {
    let components: Vec<ComponentNow> = (snapshot.components.iter())
        .zip(ahead)
        .map(|(component, segments)| component_at(component, segments, at))
        .collect();
    let open: Vec<Course> = (snapshot.incidents.iter())
        .map(|index| Course::at(facts.occurrences[index.0].statement(facts.site), at))
        .collect();
    let open: Vec<&Course> = open.iter().collect();
    headline::headline(facts.site, &components, facts.signals, &open, at)
}

/// Whether an instant lies in the period of a forecast.
fn ahead_of(ahead: &[Vec<Segment>], at: Instant) -> bool {
    ahead
        .iter()
        .flatten()
        .any(|segment| segment.interval.contains(at))
}

/// A component as it will be, of which nothing new has become known.
fn component_at(component: &ComponentNow, segments: &[Segment], at: Instant) -> ComponentNow {
    let mut changes = segments.iter().skip(1);
    let Some(segment) = changes.find(|segment| segment.interval.contains(at)) else {
        return component.clone();
    };
    ComponentNow {
        status: segment.status,
        confirmed: segment.confirmed,
        since: Some(segment.interval.start()),
        // What a headline reads of it, the end of its evidence, is said by what comes next.
        evidence: None,
        operator: None,
    }
}
