//! The evidence of trouble in two versions of a site.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::site::Site;
use crate::site::observation::{Observation, Source};
use crate::site::signal::{Sample, Signal};
use crate::site::vocabulary::Status;
use crate::status::breach::{Breach, SignalStatus};
use crate::time::Instant;

/// Observations of trouble of a component by a source that a later version does not have.
pub(super) struct Lost<'a> {
    pub(super) source: &'a str,
    pub(super) first: &'a Observation,
    pub(super) count: usize,
}

/// The time for which evidence is kept whole: what is older may be thinned out.
const KEPT: TimeDelta = TimeDelta::days(400);

/// The observations of trouble up to `now` of which the later version does not say the same, or worse, of the same source
/// and component at the same time. Lines may have become fewer, as long as what is left holds for as long.
pub(super) fn lost<'a>(old: &'a Site, new: &Site, now: Instant) -> Vec<Lost<'a>> {
    let mut lost: Vec<Lost<'a>> = Vec::new();
    let there: HashSet<&str> = new.components.iter().map(|it| it.id.as_str()).collect();
    let later = new.sources.iter().map(|it| (it.name.as_str(), it));
    let later: HashMap<&str, &Source> = later.collect();
    for source in &old.sources {
        let after = later.get(source.name.as_str());
        let seen = after.map(|after| Seen::of(after, new)).unwrap_or_default();
        let mut of_source: BTreeMap<usize, Lost<'a>> = BTreeMap::new();
        let bad = source
            .observations
            .iter()
            .filter(|it| it.status.is_trouble() && it.from <= now && now - KEPT <= it.from);
        for observation in bad {
            let component = &old.components[observation.component.0].id;
            // A component that is gone is told as such.
            if !there.contains(component.as_str()) || seen.has(component, observation, now) {
                continue;
            }
            let of_component = of_source.entry(observation.component.0);
            of_component
                .and_modify(|lost| lost.count += 1)
                .or_insert(Lost {
                    source: &source.name,
                    first: observation,
                    count: 1,
                });
        }
        lost.extend(of_source.into_values());
    }
    lost
}

/// The breaches of a signal up to `now` that the samples of a later version of it do not show for half as long; the
/// later version's limit does not matter.
///
/// A monitor that is asked again may answer for other instants. A file of the newest days only may lose the oldest,
/// as long as it tells of half as much time as before.
pub(super) fn lost_breaches(
    before: &Signal,
    after: &Signal,
    zone: Tz,
    now: Instant,
) -> Vec<Breach> {
    let first = now - KEPT;
    let known = SignalStatus::new(before, zone, first, now);
    let has_rolled_on = told(&before.samples) <= told(&after.samples) * 2;
    let oldest = after.samples.first().filter(|_| has_rolled_on);
    let is_lost = |breach: &Breach| {
        let until = breach.until.unwrap_or(now);
        let may_be_gone = oldest.is_some_and(|oldest| until <= oldest.at);
        if until < first || may_be_gone {
            return false;
        }
        let readings = known.readings_between(breach.rose, until).iter();
        let lowest = readings.filter_map(|it| it.threshold).reduce(f64::min);
        let is_high = |sample: &Sample| lowest.is_some_and(|lowest| lowest <= sample.value);
        let samples = &after.samples;
        let start = samples.partition_point(|sample| sample.at <= breach.rose);
        let start = start.saturating_sub(1);
        let end = samples.partition_point(|sample| sample.at < until);
        let mut high = TimeDelta::zero();
        for (at, sample) in samples.iter().enumerate().take(end).skip(start) {
            let next = samples.get(at + 1).map_or(until, |next| next.at);
            let held = sample.at.checked_add_signed(before.valid_for);
            let held = held.unwrap_or(until).min(next).min(until);
            if is_high(sample) {
                high += (held - sample.at.max(breach.rose)).max(TimeDelta::zero());
            }
        }
        high * 2 < until - breach.rose
    };
    known.breaches.iter().copied().filter(is_lost).collect()
}

/// The time of which samples tell.
fn told(samples: &[Sample]) -> TimeDelta {
    match samples {
        [first, .., last] => last.at - first.at,
        _ => TimeDelta::zero(),
    }
}

/// The times from the first instant at which a source saw a status, or worse, up to the last for which that held.
type Spans = Vec<(Instant, Instant)>;

/// The trouble that a source saw of each component, for each status the times of it or worse.
#[derive(Default)]
struct Seen<'a>(BTreeMap<(&'a str, Status), Spans>);

impl<'a> Seen<'a> {
    fn of(source: &Source, site: &'a Site) -> Self {
        let mut seen: BTreeMap<(&str, Status), Spans> = BTreeMap::new();
        // By component and then by time.
        let next = source.observations.iter().skip(1).map(Some).chain([None]);
        for (observation, next) in source.observations.iter().zip(next) {
            let component = &site.components[observation.component.0];
            let next = next.filter(|next| next.component == observation.component);
            let end = held_until(observation, next, component.valid_for);
            let milder = Status::ALL.iter();
            let milder = milder.filter(|it| it.is_trouble() && **it <= observation.status);
            for status in milder {
                let spans = seen.entry((component.id.as_str(), *status)).or_default();
                match spans.last_mut() {
                    Some((_, last)) if observation.from <= *last => *last = end.max(*last),
                    _ => spans.push((observation.from, end)),
                }
            }
        }
        Self(seen)
    }

    /// Whether it saw the same, or worse, for all of the time of an observation up to `now`.
    fn has(&self, component: &str, observation: &Observation, now: Instant) -> bool {
        let Some(spans) = self.0.get(&(component, observation.status)) else {
            return false;
        };
        let next = spans.partition_point(|(start, _)| *start <= observation.from);
        let until = said_until(observation).min(now);
        next.checked_sub(1).is_some_and(|at| until <= spans[at].1)
    }
}

/// The last instant of which an observation speaks: an operator's word holds until its end.
fn said_until(observation: &Observation) -> Instant {
    match &observation.claim {
        Some(claim) => claim.until.max(observation.to),
        None => observation.to,
    }
}

/// The end of the time for which an observation holds: what its source saw next ends it.
fn held_until(
    observation: &Observation,
    next: Option<&Observation>,
    valid_for: TimeDelta,
) -> Instant {
    let said = said_until(observation);
    let held = said.checked_add_signed(valid_for).unwrap_or(said);
    next.map_or(held, |next| held.min(next.from.max(said)))
}
