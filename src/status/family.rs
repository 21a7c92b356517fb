//! Families of signals: what shows in all regions together, beside that of which something tells already.
//!
//! A post about one region tells of what is counted there, and of nothing else. So all regions together are compared with
//! their threshold without those that are told of.

use std::collections::BTreeSet;

use super::breach::{self, Breach, Reading};
use super::course::Places;
use super::facts::Facts;
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::region::RegionIndex;
use crate::site::signal::{SignalIndex, family};
use crate::time::Instant;

/// Whether a signal is that of all regions together, each of which has one, too.
pub(super) fn is_sum(site: &Site, signal: SignalIndex) -> bool {
    site.signals[signal.0].region.is_none() && family(&site.signals, signal).count() > 1
}

/// The readings of all regions together without some of them, beside the same thresholds.
pub(super) fn readings_without(
    facts: Facts<'_>,
    sum: SignalIndex,
    regions: &BTreeSet<RegionIndex>,
) -> Vec<Reading> {
    let signals = &facts.site.signals;
    let without = family(signals, sum).map(|it| &signals[it.0]);
    let without: Vec<_> = without
        .filter(|it| it.region.is_some_and(|region| regions.contains(&region)))
        .collect();
    let mut readings = facts.signals[sum.0].readings.clone();
    for reading in &mut readings {
        for signal in &without {
            let samples = &signal.samples;
            let at = samples.binary_search_by_key(&reading.sample.at, |it| it.at);
            reading.sample.value -= at.map_or(0.0, |at| samples[at].value);
        }
    }
    readings
}

/// The breaches of all regions together without some of them, up to `until`.
pub(super) fn breaches_without(
    facts: Facts<'_>,
    sum: SignalIndex,
    regions: &BTreeSet<RegionIndex>,
    until: Instant,
) -> Vec<Breach> {
    let readings = readings_without(facts, sum, regions);
    breach::breaches(&facts.site.signals[sum.0], &readings, until)
}

/// A breach that goes on, of which nothing tells that covers a component.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Untold {
    /// The signal.
    pub(super) signal: SignalIndex,
    /// The breach.
    pub(super) breach: Breach,
    /// Its newest reading; of all regions together without those that something covers.
    pub(super) newest: Reading,
}

/// The breaches of a component's signals of which nothing tells. What shows in all regions together is told by those that
/// show it, too, where it would not without them.
pub(super) fn untold(facts: Facts<'_>, covered: &Places, component: ComponentIndex) -> Vec<Untold> {
    let signals = &facts.site.signals;
    let of_it = signals.iter().enumerate();
    let of_it = of_it.filter(|(_, signal)| signal.components.contains(&component));
    let untold: Vec<Untold> = of_it
        .filter_map(|(at, _)| not_covered(facts, covered, SignalIndex(at), component))
        .collect();
    let is_told = |sum: &Untold| {
        if !is_sum(facts.site, sum.signal) {
            return false;
        }
        let others = family(signals, sum.signal).filter(|it| *it != sum.signal);
        let shown = others.filter(|other| untold.iter().any(|it| it.signal == *other));
        let mut regions: BTreeSet<_> = shown.filter_map(|it| signals[it.0].region).collect();
        if regions.is_empty() {
            return false;
        }
        regions.extend(covered_regions(covered, component));
        let rest = readings_without(facts, sum.signal, &regions);
        !rest.last().is_some_and(|newest| newest.is_high())
    };
    let all = untold.iter().filter(|it| !is_told(it));
    all.copied().collect()
}

/// The breach of a signal that goes on where nothing covers it.
///
/// A signal that does not count by region is covered by a post about any: nobody knows where it comes from.
fn not_covered(
    facts: Facts<'_>,
    covered: &Places,
    signal: SignalIndex,
    component: ComponentIndex,
) -> Option<Untold> {
    let state = &facts.signals[signal.0];
    let (breach, newest) = (state.breach()?, state.newest()?);
    let whole = Untold {
        signal,
        breach,
        newest,
    };
    if let Some(region) = facts.site.signals[signal.0].region {
        let is_covered = covered.contains(&(component, Some(region)));
        return (!is_covered).then_some(whole);
    }
    let regions: BTreeSet<_> = covered_regions(covered, component).collect();
    if covered.contains(&(component, None)) {
        None
    } else if regions.is_empty() {
        Some(whole)
    } else if is_sum(facts.site, signal) {
        let newest = *readings_without(facts, signal, &regions).last()?;
        let breaches = breaches_without(facts, signal, &regions, facts.now);
        let breach = *breaches.last().filter(|it| it.until.is_none())?;
        Some(Untold {
            signal,
            breach,
            newest,
        })
    } else {
        None
    }
}

/// The regions in which a component is covered.
fn covered_regions(
    covered: &Places,
    component: ComponentIndex,
) -> impl Iterator<Item = RegionIndex> {
    let places = covered.range((component, None)..);
    let places = places.take_while(move |it| it.0 == component);
    places.filter_map(|it| it.1)
}
