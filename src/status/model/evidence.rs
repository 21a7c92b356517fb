//! What is known, read naively: which observation of a source holds, which word of an operator, and whether a
//! signal is too high.

use chrono::TimeDelta;
use chrono_tz::UTC;

use super::STEP;
use super::reading::Reading;
use crate::site::component::Requirement;
use crate::site::config::Limit;
use crate::site::observation::{Observation, Source};
use crate::site::signal::Signal;
use crate::site::vocabulary::Status;
use crate::time::{Instant, on_the_wall};

/// A stretch of time in which a source looked and was believed.
type Look = (Instant, Instant);

/// An observation with what of it was believed, first things first.
struct Believed<'a> {
    looks: Vec<Look>,
    observation: &'a Observation,
}

impl<'a> Reading<'a> {
    /// The observations of a component by a source: what was seen in a silence was not seen.
    fn believed(self, source: &'a Source, component: usize) -> Vec<Believed<'a>> {
        let observations = source.observations.iter();
        let known = observations.filter(|it| it.component.0 == component && it.from <= self.now);
        let mut believed: Vec<Believed<'a>> = known
            .map(|observation| Believed {
                looks: looks(source, (observation.from, observation.to.min(self.now))),
                observation,
            })
            .filter(|it| !it.looks.is_empty())
            .collect();
        believed.sort_by_key(|it| it.looks[0].0);
        believed
    }

    /// The statuses that fresh voices show at `at`, operators apart: of each source of no region, and of each region the worst.
    pub(super) fn fresh(self, component: usize, at: Instant) -> Vec<(Option<usize>, Status)> {
        let mut voices: Vec<(Option<usize>, Status)> = Vec::new();
        for (region, status) in self.fresh_sources(component, at) {
            let mut known = voices.iter_mut();
            match known.find(|it| region.is_some() && it.0 == region) {
                Some(voice) => voice.1 = voice.1.max(status),
                None => voices.push((region, status)),
            }
        }
        voices
    }

    fn fresh_sources(self, component: usize, at: Instant) -> Vec<(Option<usize>, Status)> {
        let regions = &self.site.regions;
        let valid_for = self.site.components[component].valid_for;
        let is_heard = |it: &&Source| !it.is_operator() && !is_silenced(it, at);
        let mut statuses = Vec::new();
        for source in self.site.sources.iter().filter(is_heard) {
            let believed = self.believed(source, component);
            let newest = believed.iter().rfind(|it| it.looks[0].0 <= at);
            let last = |it: &Believed<'_>| {
                let begun = it.looks.iter().filter(|(from, _)| *from <= at);
                begun.map(|(_, to)| (*to).min(at)).max()
            };
            if let Some(newest) = newest
                && last(newest).is_some_and(|last| at < last + valid_for)
            {
                let region = regions
                    .iter()
                    .position(|it| it.sources.contains(&source.name));
                statuses.push((region, newest.observation.status));
            }
        }
        statuses
    }

    /// The word of an operator that is in force at `at`.
    pub(super) fn word(self, component: usize, at: Instant) -> Option<Status> {
        let operator = self.site.sources.iter().find(|it| it.is_operator())?;
        let believed = self.believed(operator, component);
        let newest = believed.iter().rfind(|it| it.observation.from <= at)?;
        let claim = newest.observation.claim.as_ref()?;
        (at < claim.until).then_some(newest.observation.status)
    }

    /// The status of a component at `at` where no source is fresh.
    pub(super) fn gap(self, component: usize, at: Instant) -> Status {
        let first = self.first_observed(component);
        let is_unknown = match (self.site.components[component].required, first) {
            (Requirement::Never, _) | (Requirement::OnceObserved, None) => false,
            (Requirement::Always, None) => true,
            (_, Some(first)) => first <= at,
        };
        match is_unknown {
            true => Status::Unknown,
            false => Status::Operational,
        }
    }

    /// When a component was first observed; an operator's word is no observation.
    fn first_observed(self, component: usize) -> Option<Instant> {
        let sources = self.site.sources.iter().filter(|it| !it.is_operator());
        let first = sources.filter_map(|source| self.first_believed(source, component));
        first.min()
    }

    /// When a source first saw a component, or spoke of it, and was believed.
    pub(super) fn first_believed(self, source: &'a Source, component: usize) -> Option<Instant> {
        let believed = self.believed(source, component);
        believed.iter().map(|it| it.looks[0].0).min()
    }

    /// Until when at least one source of a component is fresh without a break from `now` on.
    pub(super) fn fresh_until(self, component: usize) -> Option<Instant> {
        let mut at = self.now;
        while !self.fresh(component, at).is_empty() {
            at += STEP;
        }
        (at > self.now).then_some(at)
    }
}

/// What is left of a look without the silences of its source.
fn looks(source: &Source, look: Look) -> Vec<Look> {
    let mut looks = vec![look];
    for silence in &source.silences {
        let mut left = Vec::new();
        for (from, to) in looks {
            if to < silence.from || silence.until <= from {
                left.push((from, to));
                continue;
            }
            if from < silence.from {
                left.push((from, silence.from));
            }
            if silence.until <= to {
                left.push((silence.until, to));
            }
        }
        looks = left;
    }
    looks
}

/// Whether a source is not believed at `at`.
fn is_silenced(source: &Source, at: Instant) -> bool {
    source
        .silences
        .iter()
        .any(|it| it.from <= at && at < it.until)
}

/// The status that fresh sources show together: the worst that as many of them as it takes reach. `None` where none
/// is fresh.
pub(super) fn by_quorum(fresh: &[Status], quorum: usize) -> Option<Status> {
    let mut worst_first = fresh.to_vec();
    worst_first.sort();
    worst_first.reverse();
    if worst_first.len() >= quorum {
        worst_first.get(quorum - 1).copied()
    } else if worst_first.iter().any(|it| it.is_trouble()) {
        Some(Status::Suspected)
    } else {
        worst_first.last().copied()
    }
}

/// The instant and the value of the sample that holds at `at`; not a number ends what was before.
fn sample(reading: Reading<'_>, signal: &Signal, at: Instant) -> Option<(Instant, f64)> {
    let by = at.min(reading.now);
    let begun = signal.samples.iter().filter(|it| it.at <= by);
    let newest = begun.max_by_key(|it| it.at)?;
    let holds = !newest.value.is_nan() && at < newest.at + signal.valid_for;
    holds.then_some((newest.at, newest.value))
}

/// The value from which on a sample of `at` is too high; `None` while there is no baseline.
fn limit(reading: Reading<'_>, signal: &Signal, at: Instant) -> Option<f64> {
    let (days, factor, floor) = match signal.limit {
        Limit::Threshold(value) => return Some(value),
        Limit::Never => return None,
        Limit::Baseline {
            days,
            factor,
            floor,
        } => (days, factor, floor),
    };
    let zone = reading.site.settings.time_zone;
    let mut usual = Vec::new();
    for back in 1..=i64::from(days) {
        let clock = at.with_timezone(&zone).naive_local() - TimeDelta::days(back);
        let then = on_the_wall(clock, zone).or_else(|| on_the_wall(clock, UTC))?;
        usual.extend(sample(reading, signal, then).map(|it| it.1));
    }
    if usual.len() < 3 || usual.len() * 2 < days as usize {
        return None;
    }
    usual.sort_by(f64::total_cmp);
    let (low, high) = (usual[(usual.len() - 1) / 2], usual[usual.len() / 2]);
    Some((f64::midpoint(low, high) * factor).max(floor))
}

/// Whether a signal has anything to say at `at`.
pub(super) fn confirms(reading: Reading<'_>, signal: &Signal, at: Instant) -> bool {
    let held = sample(reading, signal, at);
    let is_judged = |since| signal.limit == Limit::Never || limit(reading, signal, since).is_some();
    held.is_some_and(|(since, _)| is_judged(since))
}

fn is_high(reading: Reading<'_>, signal: &Signal, at: Instant) -> bool {
    let held = sample(reading, signal, at);
    let limit = held.and_then(|(since, _)| limit(reading, signal, since));
    held.zip(limit)
        .is_some_and(|((_, value), limit)| value >= limit)
}

/// Since when a signal has breached that breaches at `at`: `for` after it rose.
pub(super) fn breaches_since(
    reading: Reading<'_>,
    signal: &Signal,
    at: Instant,
) -> Option<Instant> {
    let mut rose = at + STEP;
    while is_high(reading, signal, rose - STEP) {
        rose -= STEP;
    }
    let since = rose + signal.sustained;
    (rose <= at && since <= at).then_some(since)
}
