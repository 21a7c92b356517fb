//! Families of signals: what shows in all regions together, beside that of which something tells already.
//!
//! A post about one region tells of what is counted there, and of nothing else. So all regions together are compared with
//! their threshold without those that are told of.

use std::collections::BTreeSet;

use super::breach::{self, Breach, Reading};
use super::facts::Facts;
use super::region::Places;
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

/// The breach of a signal that goes on, and its newest reading, where nothing tells of it that covers a component.
///
/// A signal that does not count by region is told of by a post about any: nobody knows where it comes from.
pub(super) fn untold(
    facts: Facts<'_>,
    covered: &Places,
    signal: SignalIndex,
    component: ComponentIndex,
) -> Option<(Breach, Reading)> {
    let state = &facts.signals[signal.0];
    let whole = || Some((state.breach()?, state.newest()?));
    if let Some(region) = facts.site.signals[signal.0].region {
        let is_told = covered.contains(&(component, Some(region)));
        return whole().filter(|_| !is_told);
    }
    let told = covered.range((component, None)..);
    let mut told = told
        .take_while(|it| it.0 == component)
        .map(|it| it.1)
        .peekable();
    match told.peek() {
        None => whole(),
        Some(Some(_)) if is_sum(facts.site, signal) => {
            let regions = told.flatten().collect();
            let newest = *readings_without(facts, signal, &regions).last()?;
            let breaches = breaches_without(facts, signal, &regions, facts.now);
            let breach = breaches.last().filter(|it| it.until.is_none())?;
            Some((*breach, newest))
        }
        Some(_) => None,
    }
}
