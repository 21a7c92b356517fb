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
use super::condition::{Condition, Conditions};
use super::course::Course;
use super::facts::Facts;
use super::headline::{self, Headline};
use super::period::Period;
use super::snapshot::Snapshot;
use super::timeline::{self, Segment};
use crate::site::vocabulary::Status;
use crate::time::Instant;

/// The time that a forecast looks ahead.
pub const HORIZON: TimeDelta = TimeDelta::days(30);

/// The number of changes after which only worse ones are added to a forecast: enough for evidence that runs out
/// around a maintenance.
const MOST: usize = 6;

/// The changes that come with time alone.
#[derive(Debug, Clone, Default)]
pub struct Forecast {
    /// The headlines to come that are no good news, each with the instant from which on it holds;
    /// neighbours differ in their state, or in where it is so.
    pub headlines: Vec<(Instant, Headline)>,
    /// The statuses to come of each component, each worse than the one before it or unknown, in the order of
    /// [`Site::components`](crate::site::Site::components). Each holds from the start of its interval up to the next.
    pub components: Vec<Vec<Segment>>,
    /// The first instant at which the status of a component is another one, be it better or worse, or at which a signal
    /// begins or ceases to breach.
    pub first_change: Option<Instant>,
}

impl Forecast {
    /// The end of an all-clear that is given now: the instant of the first change.
    pub(super) fn end(&self) -> Option<Instant> {
        self.headlines.first().map(|(at, _)| *at)
    }
}

/// The forecast that follows from the facts.
pub(super) fn forecast(facts: Facts<'_>, snapshot: &Snapshot) -> Forecast {
    let Facts { site, now, .. } = facts;
    let period = Period {
        from: now,
        until: (now + HORIZON).max(end_of_evidence(facts, snapshot)),
    };
    let signals = site.signals.iter().zip(facts.signals);
    let breaches: Vec<Vec<Breach>> = signals
        .map(|(signal, state)| state.breaches_until(signal, period.until))
        .collect();
    let of_breaches = (breaches.iter().flatten()).flat_map(|it| [Some(it.since), it.until]);
    let of_breaches = of_breaches.flatten().filter(|at| facts.now < *at);
    let timelines = timeline::timelines(facts, breaches.iter().map(Vec::as_slice), period);
    let second = timelines.iter().filter_map(|it| it.segments.get(1));
    let of_components = second.map(|segment| segment.interval.start());
    let first_change = of_components.chain(of_breaches).min();
    let components: Vec<Vec<Segment>> = timelines
        .into_iter()
        .map(|timeline| no_good_news(&timeline.segments))
        .collect();
    Forecast {
        first_change,
        headlines: headlines(facts, snapshot, &components),
        components,
    }
}

/// An instant by which an all-clear is over in any case: the evidence behind it has run out.
fn end_of_evidence(facts: Facts<'_>, snapshot: &Snapshot) -> Instant {
    let components = snapshot.components.iter();
    let components = components.filter_map(|it| it.evidence.as_ref()?.valid_until);
    let signals = facts.signals.iter().filter_map(|it| it.valid_until);
    let first = components.chain(signals).min().unwrap_or(facts.now);
    first + TimeDelta::seconds(1)
}

/// The changes of a component, of which the first segment is the present one, without those to something better.
///
/// That nobody knows any more is said in any case, whatever was known before.
fn no_good_news(segments: &[Segment]) -> Vec<Segment> {
    let mut said = segments.first().map(Segment::condition);
    let mut changes: Vec<Segment> = Vec::new();
    for segment in segments.iter().skip(1) {
        let next = segment.condition();
        let is_worse = said.is_none_or(|said| badness(said) < badness(next));
        let is_lost = said.is_some_and(|said| said.status != next.status)
            && next.status == Status::Unknown
            && changes.len() < MOST;
        if is_worse || is_lost {
            said = Some(next);
            changes.push(*segment);
        }
    }
    changes
}

/// How bad a condition is: the worse one is greater.
fn badness(condition: Condition) -> (Status, bool) {
    (condition.status, !condition.confirmed)
}

fn headlines(
    facts: Facts<'_>,
    snapshot: &Snapshot,
    changes: &[Vec<Segment>],
) -> Vec<(Instant, Headline)> {
    let first_silence = first_silence(facts);
    let mut begins: Vec<(Instant, usize, Condition)> = (changes.iter().enumerate())
        .flat_map(|(component, changes)| {
            let begins = changes.iter();
            begins.map(move |it| (it.interval.start(), component, it.condition()))
        })
        .collect();
    begins.sort_by_key(|(at, ..)| *at);
    let confined = snapshot.components.iter();
    let confined = confined.filter_map(|it| it.confined?.until);
    let instants: BTreeSet<Instant> = (begins.iter().map(|(at, ..)| *at))
        .chain(first_silence)
        .chain(confined)
        .collect();
    let mut begins = begins.into_iter().peekable();
    let components = snapshot.components.iter();
    let mut each: Vec<Condition> = components.map(ComponentNow::condition).collect();
    let mut conditions = Conditions::of(each.iter().copied());
    let mut open = snapshot.incidents.iter();
    let is_watched =
        open.any(|index| headline::takes_nothing_down(&facts.occurrences[index.0].course));
    let mut headlines: Vec<(Instant, Headline)> = Vec::new();
    for at in instants {
        while let Some((_, component, next)) = begins.next_if(|(begin, ..)| *begin <= at) {
            conditions.replace(each[component], next);
            each[component] = next;
        }
        let is_silent = first_silence.is_some_and(|first| first <= at);
        let next = conditions.state(is_watched, is_silent);
        let last = headlines
            .last()
            .map_or(&snapshot.headline, |(_, last)| last);
        let (last, region) = (last.state, last.region);
        // Worse states stand before better ones.
        if next < last || next != last && headlines.len() < MOST {
            headlines.push((at, headline_at(facts, snapshot, changes, at)));
        } else if next == last && region.is_some() {
            let next = headline_at(facts, snapshot, changes, at);
            // That it is so elsewhere, too, is no good news.
            if next.state == last && next.region != region {
                headlines.push((at, next));
            }
        }
    }
    headlines
}

/// The first instant at which a signal of a component is silent.
fn first_silence(facts: Facts<'_>) -> Option<Instant> {
    let signals = facts.site.signals.iter().zip(facts.signals);
    let of_components = signals.filter(|(signal, _)| !signal.components.is_empty());
    of_components
        .map(|(_, state)| state.valid_until.unwrap_or(Instant::MIN_UTC))
        .min()
}

fn headline_at(
    facts: Facts<'_>,
    snapshot: &Snapshot,
    changes: &[Vec<Segment>],
    at: Instant,
) -> Headline {
    let components: Vec<ComponentNow> = (snapshot.components.iter())
        .zip(changes)
        .map(|(component, changes)| component_at(component, changes, at))
        .collect();
    // What is dated ahead is not published yet, so that an incident stays as open as it is.
    let open: Vec<&Course> = (snapshot.incidents.iter())
        .map(|index| &facts.occurrences[index.0].course)
        .collect();
    headline::headline(facts.site, &components, facts.signals, &open, at)
}

/// A component as it will be, of which nothing new has become known.
fn component_at(component: &ComponentNow, changes: &[Segment], at: Instant) -> ComponentNow {
    let begun = changes.partition_point(|it| it.interval.start() <= at);
    let Some(segment) = changes[..begun].last() else {
        let confined = component.confined;
        let confined = confined.filter(|it| it.until.is_none_or(|until| at < until));
        return ComponentNow {
            confined,
            ..component.clone()
        };
    };
    ComponentNow {
        status: segment.status,
        confirmed: segment.confirmed,
        since: Some(segment.interval.start()),
        is_excused: false,
        evidence: None,
        untold: None,
        operator: None,
        regions: Vec::new(),
        confined: None,
    }
}

#[cfg(test)]
mod tests;
