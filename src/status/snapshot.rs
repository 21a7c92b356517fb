//! The claims that a site's page may make at an instant: the status of every component, and the headline.
//!
//! Everything here is a pure function of the validated site and of `now`. An all-clear is never
//! typed by anybody: it is what is left when no incident is open, nothing contradicts it, and fresh
//! evidence confirms every component.

use std::collections::BTreeSet;

use super::breach::{Breach, Reading};
use super::component::ComponentNow;
use super::course::Places;
use super::facts::Facts;
use super::family::{self, Untold};
use super::headline::{self, Headline};
use super::occurrence::{Occurrence, OccurrenceIndex};
use super::period::{LOOK_BACK, Period};
use super::region;
use super::timeline::{self, Timeline};
use crate::site::component::ComponentIndex;
use crate::site::post::Kind;
use crate::site::signal::SignalIndex;
use crate::site::vocabulary::{State, Status};
use crate::time::{Instant, Window};

/// A site at an instant.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The instant.
    pub now: Instant,
    /// The answer to "does it work?".
    pub headline: Headline,
    /// Its components, in the order of [`Site::components`](crate::site::Site::components).
    pub components: Vec<ComponentNow>,
    /// The components that an open incident names, or that a maintenance under way has under maintenance.
    pub covered: BTreeSet<ComponentIndex>,
    /// The same by place.
    pub covered_places: Places,
    /// The signals that breach although no open incident or window covers all their components.
    pub contradictions: Vec<Contradiction>,
    /// The [`LOOK_BACK`] of its components up to `now`, in the order of
    /// [`Site::components`](crate::site::Site::components).
    pub timelines: Vec<Timeline>,
    /// The open incidents: pinned ones first, then those that give a component the worst status, then the
    /// newest.
    pub incidents: Vec<OccurrenceIndex>,
    /// The soonest next update that an open incident promises.
    pub next_update: Option<Instant>,
    /// The maintenances under way, soonest end first.
    pub maintenances: Vec<OccurrenceIndex>,
    /// The maintenances to come, soonest first.
    pub upcoming: Vec<OccurrenceIndex>,
    /// The notices in force: pinned ones first, then the newest.
    pub notices: Vec<OccurrenceIndex>,
}

/// A signal that breaches although no open incident or window covers components that it speaks of.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradiction {
    /// The signal.
    pub signal: SignalIndex,
    /// Those components.
    pub components: Vec<ComponentIndex>,
    /// The breach.
    pub breach: Breach,
    /// Its newest reading; of all regions together without those that something covers.
    pub newest: Reading,
}

/// The snapshot that follows from the facts.
pub(super) fn snapshot(facts: Facts<'_>) -> Snapshot {
    let Facts { site, now, .. } = facts;
    let period = Period {
        from: now - LOOK_BACK,
        until: now,
    };
    let breaches = facts.signals.iter().map(|it| it.breaches.as_slice());
    let timelines = timeline::timelines(facts, breaches, period);
    let excused = excused(facts);
    let covered_places = places(facts, |_| true);
    let covers = Covers {
        covered: &covered_places,
        excused: &places(facts, |kind| matches!(kind, Kind::Maintenance(_))),
    };
    let components: Vec<ComponentNow> = timelines
        .iter()
        .enumerate()
        .map(|(index, timeline)| {
            let now = component(ComponentIndex(index), timeline, &excused, facts);
            let untold = region::untold_evidence(facts, ComponentIndex(index), &covered_places);
            let now = ComponentNow { untold, ..now };
            in_regions(now, ComponentIndex(index), covers, facts)
        })
        .collect();
    let incidents = open_incidents(facts);
    let open: Vec<_> = (incidents.iter())
        .map(|index| &facts.occurrences[index.0].course)
        .collect();
    let covered: BTreeSet<ComponentIndex> = covered_places.iter().map(|it| it.0).collect();
    Snapshot {
        next_update: open.iter().filter_map(|course| course.next_update).min(),
        headline: headline::headline(site, &components, facts.signals, &open, now),
        contradictions: contradictions(facts, &covered_places),
        covered,
        covered_places,
        now,
        components,
        timelines,
        incidents,
        maintenances: open_maintenances(facts),
        upcoming: upcoming_maintenances(facts),
        notices: notices(facts),
    }
}

/// The places in which components are covered, and those in which a maintenance covers them.
#[derive(Clone, Copy)]
struct Covers<'a> {
    covered: &'a Places,
    excused: &'a Places,
}

/// The places in which open posts of some kinds cover components.
fn places(facts: Facts<'_>, is_wanted: impl Fn(&Kind) -> bool) -> Places {
    let regions = facts.site.regions.len();
    let open = of_kind(facts, is_wanted).filter(|(_, it)| it.course.is_open);
    let covers = open.flat_map(|(_, occurrence)| &occurrence.course.covered);
    let covers = covers.filter(|cover| cover.until.is_none());
    covers
        .flat_map(|cover| cover.places(regions).map(|place| (cover.component, place)))
        .collect()
}

/// A component with what is known of it in each region.
fn in_regions(
    now: ComponentNow,
    index: ComponentIndex,
    covers: Covers<'_>,
    facts: Facts<'_>,
) -> ComponentNow {
    if facts.site.regions.is_empty() {
        return now;
    }
    let Covers { covered, excused } = covers;
    ComponentNow {
        regions: region::regions_now(facts, index, covered, excused),
        confined: region::confined(facts, index, now.status, covered, excused),
        ..now
    }
}

fn contradictions(facts: Facts<'_>, covered: &Places) -> Vec<Contradiction> {
    let components = (0..facts.site.components.len()).map(ComponentIndex);
    let mut untold: Vec<(ComponentIndex, Untold)> = components
        .flat_map(|it| {
            family::untold(facts, covered, it)
                .into_iter()
                .map(move |of| (it, of))
        })
        .collect();
    untold.sort_by_key(|(_, it)| it.signal);
    // What covers one component need not cover another.
    let alike = untold.chunk_by(|(_, a), (_, b)| a == b);
    alike
        .map(|alike| {
            let Untold {
                signal,
                breach,
                newest,
            } = alike[0].1;
            Contradiction {
                signal,
                components: alike.iter().map(|it| it.0).collect(),
                breach,
                newest,
            }
        })
        .collect()
}

fn component(
    index: ComponentIndex,
    timeline: &Timeline,
    excused: &BTreeSet<ComponentIndex>,
    facts: Facts<'_>,
) -> ComponentNow {
    let quorum = facts.site.components[index.0].quorum;
    let evidence = facts.coverage.evidence(index, quorum);
    // Evidence may have run out longer ago than anybody looks back.
    let ran_out = || {
        let evidence = evidence.as_ref()?;
        (timeline.status == Status::Unknown).then_some(evidence.held_until)
    };
    ComponentNow {
        status: timeline.status,
        confirmed: timeline.confirmed,
        since: timeline.since().or_else(ran_out),
        is_excused: excused.contains(&index),
        operator: facts.coverage.operator(index),
        evidence,
        untold: None,
        regions: Vec::new(),
        confined: None,
    }
}

/// The components that a maintenance under way announces everywhere, and has not given back.
fn excused(facts: Facts<'_>) -> BTreeSet<ComponentIndex> {
    let maintenances = of_kind(facts, |kind| matches!(kind, Kind::Maintenance(_)));
    let under_way = maintenances.filter(|(_, it)| it.course.is_open);
    let regional = under_way.flat_map(|(_, occurrence)| &occurrence.course.regional);
    regional
        .filter(|it| it.region.is_none() && it.now == Status::UnderMaintenance)
        .map(|it| it.component)
        .collect()
}

fn open_incidents(facts: Facts<'_>) -> Vec<OccurrenceIndex> {
    let mut open: Vec<_> = of_kind(facts, |kind| matches!(kind, Kind::Incident(_)))
        .filter(|(_, occurrence)| occurrence.course.is_open)
        .map(|(index, occurrence)| {
            let course = &occurrence.course;
            let worst = course.affected.iter().map(|affected| affected.now).max();
            let pinned = facts.site.post(occurrence.post).pinned;
            ((pinned, worst, course.start), index)
        })
        .collect();
    open.sort_by(|(a, _), (b, _)| b.cmp(a));
    open.into_iter().map(|(_, index)| index).collect()
}

fn open_maintenances(facts: Facts<'_>) -> Vec<OccurrenceIndex> {
    let mut open: Vec<_> = of_kind(facts, |kind| matches!(kind, Kind::Maintenance(_)))
        .filter(|(_, occurrence)| occurrence.course.is_open)
        .map(|(index, occurrence)| (occurrence.window.map(Window::ends), index))
        .collect();
    open.sort_by_key(|(ends, _)| *ends);
    open.into_iter().map(|(_, index)| index).collect()
}

fn upcoming_maintenances(facts: Facts<'_>) -> Vec<OccurrenceIndex> {
    let mut upcoming: Vec<_> = of_kind(facts, |kind| matches!(kind, Kind::Maintenance(_)))
        .filter(|(_, it)| it.course.is_published && it.course.state == Some(State::Scheduled))
        .map(|(index, occurrence)| (occurrence.window.map(Window::starts), index))
        .collect();
    upcoming.sort_by_key(|(starts, _)| *starts);
    upcoming.into_iter().map(|(_, index)| index).collect()
}

fn notices(facts: Facts<'_>) -> Vec<OccurrenceIndex> {
    let mut notices: Vec<_> = of_kind(facts, |kind| matches!(kind, Kind::Notice(_)))
        .filter(|(_, occurrence)| occurrence.course.is_open)
        .map(|(index, occurrence)| {
            let pinned = facts.site.post(occurrence.post).pinned;
            ((pinned, occurrence.course.start), index)
        })
        .collect();
    notices.sort_by(|(a, _), (b, _)| b.cmp(a));
    notices.into_iter().map(|(_, index)| index).collect()
}

fn of_kind(
    facts: Facts<'_>,
    is_wanted: impl Fn(&Kind) -> bool,
) -> impl Iterator<Item = (OccurrenceIndex, &Occurrence)> {
    let occurrences = facts.occurrences.iter().enumerate();
    occurrences
        .filter(move |(_, it)| is_wanted(&facts.site.post(it.post).kind))
        .map(|(index, occurrence)| (OccurrenceIndex(index), occurrence))
}

#[cfg(test)]
mod tests;
