//! A component in each region: how it is there, and whether what is wrong with it is confined to one.
//!
//! The status of a component is the worst of all places, whoever is there. This says only where.

use std::collections::BTreeSet;

use super::component::{Confined, RegionNow};
use super::course::Places;
use super::facts::Facts;
use super::family::untold;
use super::observed::{SourceView, Voice};
use super::quorum::{Counts, agreed};
use super::timeline::observed;
use crate::site::component::ComponentIndex;
use crate::site::post::Kind;
use crate::site::region::RegionIndex;
use crate::site::vocabulary::Status;
use crate::time::Instant;

/// What is known of a component in each region.
pub(super) fn regions_now(
    facts: Facts<'_>,
    component: ComponentIndex,
    covered: &Places,
    excused: &Places,
) -> Vec<RegionNow> {
    let regions = (0..facts.site.regions.len()).map(RegionIndex);
    regions
        .filter_map(|region| region_now(facts, component, region, covered, excused))
        .collect()
}

fn region_now(
    facts: Facts<'_>,
    component: ComponentIndex,
    region: RegionIndex,
    covered: &Places,
    excused: &Places,
) -> Option<RegionNow> {
    let place = (component, Some(region));
    let views = facts.coverage.views(component).iter();
    let views = || {
        let of_region = |it: &&SourceView<'_>| !it.is_operator && it.region == Some(region);
        views.clone().filter(of_region)
    };
    let fresh = || views().filter_map(|view| view.at(facts.now));
    let seen = fresh().map(|span| span.status).max();
    let seen = match excused.contains(&place) {
        true => seen.map(|status| status.min(Status::UnderMaintenance)),
        false => seen,
    };
    let word = facts.coverage.operator(component);
    let gap = match facts
        .coverage
        .required_since(component, facts.site.components[component.0].required)
    {
        Some(_) if views().next().is_some() => Status::Unknown,
        _ => Status::Operational,
    };
    // What nobody looks at any more, nor has to, is not known to be well.
    let is_looked_at = seen.is_some() || word.is_some() || gap == Status::Unknown;
    let base = observed(seen, word.as_ref().map(|it| it.status), gap);
    let worst = fresh().max_by_key(|span| (span.status, std::cmp::Reverse(span.interval.start())));
    let since = match (worst, &word) {
        (Some(span), Some(word)) if span.status < base => Some(word.from),
        (Some(span), _) => Some(span.interval.start()),
        (None, Some(word)) if gap < base => Some(word.from),
        (None, _) => views().map(SourceView::last_until).max(),
    };
    let of_evidence = is_looked_at.then_some((base, since));
    let of_posts = posted(facts, component, region);
    let of_signals = untold(facts, covered, component).into_iter();
    let of_signals = of_signals
        .filter(|it| facts.site.signals[it.signal.0].region == Some(region))
        .map(|it| (Status::Suspected, Some(it.breach.since)));
    // Of those that say the same, what is seen there says it best.
    let all = of_signals.chain(of_posts).chain(of_evidence);
    let (status, since) = all.max_by_key(|(status, _)| *status)?;
    Some(RegionNow {
        region,
        status,
        since,
        confirmed_at: views().map(SourceView::last_seen).max(),
        sources: views().map(|view| view.source).collect(),
        valid_until: fresh().map(|span| span.interval.end()).max(),
        operational_since: (fresh().all(|span| span.status == Status::Operational))
            .then(|| fresh().map(|span| span.interval.start()).max())
            .flatten(),
    })
}

/// The statuses that posts give a component in a region, each with the instant from which it holds.
fn posted(
    facts: Facts<'_>,
    component: ComponentIndex,
    region: RegionIndex,
) -> impl Iterator<Item = (Status, Option<Instant>)> {
    let open = facts.occurrences.iter().filter(|it| it.course.is_open);
    let told = open.filter(move |it| !matches!(facts.site.post(it.post).kind, Kind::Notice(_)));
    told.filter_map(move |occurrence| {
        let places = occurrence.course.regional.iter();
        let places = || places.clone().filter(|it| it.component == component);
        let of_region = places().find(|it| it.region == Some(region));
        let said = of_region.or_else(|| places().find(|it| it.region.is_none()))?;
        Some((said.now, Some(said.since)))
    })
}

/// What evidence of a component shows where no post covers it. Of what is covered counts only that it bears the others out.
pub(super) fn untold_evidence(
    facts: Facts<'_>,
    component: ComponentIndex,
    covered: &Places,
) -> Option<Status> {
    let voices = facts.coverage.voices(component);
    let is_covered = |it: &Voice| covered.contains(&(component, it.region));
    let others = voices.iter().filter(|it| !is_covered(it));
    let worst = others.map(|it| it.status).max()?;
    let mut counts = Counts::default();
    for voice in &voices {
        counts[voice.status.min(worst) as usize] += 1;
    }
    agreed(&counts, facts.site.components[component.0].quorum)
}

/// The region to which all that is wrong with a component is confined.
///
/// An author says it by the regions of an incident. Evidence says it where only what looks from one region shows trouble,
/// and something else is fresh and shows none.
pub(super) fn confined(
    facts: Facts<'_>,
    component: ComponentIndex,
    status: Status,
    covered: &Places,
    excused: &Places,
) -> Option<Confined> {
    let site = facts.site;
    if site.regions.is_empty() || matches!(status, Status::Operational | Status::Unknown) {
        return None;
    }
    let word = facts.coverage.operator(component);
    if word.is_some_and(|word| word.status != Status::Operational) {
        return None;
    }
    let mut places: BTreeSet<Option<RegionIndex>> = BTreeSet::new();
    let open = facts.occurrences.iter().filter(|it| it.course.is_open);
    let posted = open.flat_map(|it| &it.course.regional);
    let posted = posted.filter(|it| it.component == component && it.now != Status::Operational);
    places.extend(posted.map(|it| it.region));
    let breached = untold(facts, covered, component).into_iter();
    places.extend(breached.map(|it| site.signals[it.signal.0].region));
    // Evidence of one region alone needs something to compare it with.
    let is_said = !places.is_empty();
    let voices = facts.coverage.voices(component);
    let is_bad = |region: Option<RegionIndex>, status: Status| {
        status != Status::Operational && !excused.contains(&(component, region))
    };
    let quorum = site.components[component.0].quorum;
    let evidence = facts.coverage.evidence(component, quorum);
    let counts = evidence.is_some_and(|it| it.shown.is_some_and(|it| it != Status::Operational));
    let bad = voices
        .iter()
        .filter(|it| counts && is_bad(it.region, it.status));
    let bad: BTreeSet<Option<RegionIndex>> = bad.map(|it| it.region).collect();
    places.extend(bad.iter().copied());
    let mut only = places.into_iter();
    let (Some(Some(region)), None) = (only.next(), only.next()) else {
        return None;
    };
    let until = match bad.is_empty() || is_said {
        true => None,
        false => Some(otherwise_until(facts, component, region)?),
    };
    Some(Confined { region, until })
}

/// Until when something that does not look from a region shows that a component is operational.
fn otherwise_until(
    facts: Facts<'_>,
    component: ComponentIndex,
    region: RegionIndex,
) -> Option<Instant> {
    let views = facts.coverage.views(component).iter();
    let others = views.filter(|it| !it.is_operator && it.region != Some(region));
    let shown = others.filter_map(|view| view.at(facts.now));
    let well = shown.filter(|span| span.status == Status::Operational);
    well.map(|span| span.interval.end()).max()
}

#[cfg(test)]
mod tests;
