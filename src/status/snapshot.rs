//! What a site's page may claim at an instant: the status of every component, and the headline.
//!
//! Everything here is a pure function of the validated site and of `now`. An all-clear is never
//! typed by anybody: it is what is left when no incident is open, nothing contradicts it, and fresh
//! evidence confirms every component.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::breach::{self, Breach, Reading, SignalNow};
use super::component::ComponentNow;
use super::course;
use super::forecast::{self, Forecast};
use super::headline::{self, Headline};
use super::observed::{self, Coverage};
use super::timeline::{self, LOOK_BACK, Period, Timeline};
use crate::site::Site;
use crate::site::component::{ComponentIndex, Status};
use crate::site::post::{Kind, Post};
use crate::site::update::State;
use crate::time::{Instant, Window};

/// A site at an instant.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The instant.
    pub now: Instant,
    /// The answer to "does it work?".
    pub headline: Headline,
    /// Its components, in the order of [`Site::components`].
    pub components: Vec<ComponentNow>,
    /// What it will be if nothing new comes.
    pub forecast: Forecast,
    /// Its signals, in the order of [`Site::signals`], with their breaches of the [`LOOK_BACK`].
    pub signals: Vec<SignalNow>,
    /// The components that an open incident or a maintenance under way names.
    pub covered: BTreeSet<ComponentIndex>,
    /// The signals that breach although nothing is said of all their components.
    pub contradictions: Vec<Contradiction>,
    /// The [`LOOK_BACK`] of its components up to `now`, in the order of [`Site::components`].
    pub timelines: Vec<Timeline>,
    /// The open incidents, as indices into [`Site::incidents`]: pinned ones first, then those that
    /// give a component the worst status, then the newest.
    pub incidents: Vec<usize>,
    /// The maintenances under way, as indices into [`Site::incidents`], soonest end first.
    pub maintenances: Vec<usize>,
    /// The maintenances to come, as indices into [`Site::incidents`], soonest first.
    pub upcoming: Vec<usize>,
    /// The notices in force, as indices into [`Site::incidents`]: pinned ones first, then the newest.
    pub notices: Vec<usize>,
}

/// A signal that breaches although no open incident or window covers components that it speaks of.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradiction {
    /// The signal, as an index into [`Site::signals`].
    pub signal: usize,
    /// Those components.
    pub components: Vec<ComponentIndex>,
    /// The breach.
    pub breach: Breach,
    /// Its newest sample.
    pub reading: Reading,
}

/// A site at `now`.
pub fn snapshot(site: &Site, now: Instant) -> Snapshot {
    let holds = observed::holds(site, now);
    let signals = breach::signals(site, now - LOOK_BACK, now);
    let stretch = Period {
        from: now - LOOK_BACK,
        until: now,
        now,
    };
    let timelines = timeline::of(site, &holds, &signals, stretch);
    let components: Vec<ComponentNow> = timelines
        .iter()
        .enumerate()
        .map(|(index, timeline)| {
            let quorum = site.components[index].quorum;
            component(ComponentIndex(index), timeline, &holds, quorum, now)
        })
        .collect();
    let incidents = open_incidents(site, now);
    let covered = covered(site, now);
    let headline = headline::of(site, &components, &signals, &incidents, now);
    Snapshot {
        forecast: forecast::of(site, &holds, (&headline, &components), &incidents, now),
        headline,
        contradictions: contradictions(site, &signals, &covered),
        covered,
        signals,
        now,
        components,
        timelines,
        incidents,
        maintenances: open_maintenances(site, now),
        upcoming: upcoming_maintenances(site, now),
        notices: notices(site, now),
    }
}

fn covered(site: &Site, now: Instant) -> BTreeSet<ComponentIndex> {
    let mut covered: BTreeSet<ComponentIndex> = BTreeSet::new();
    let open = site.posts.iter().filter(|it| course::is_open(it, now));
    for incident in open {
        let open = course::covered(incident, now).into_iter();
        covered.extend(
            open.filter(|(_, _, until)| until.is_none())
                .map(|(component, _, _)| component),
        );
        if let Kind::Maintenance(maintenance) = &incident.kind {
            covered.extend(&maintenance.components);
        }
    }
    covered
}

fn contradictions(
    site: &Site,
    signals: &[SignalNow],
    covered: &BTreeSet<ComponentIndex>,
) -> Vec<Contradiction> {
    let breaching = site.signals.iter().zip(signals).enumerate();
    breaching
        .filter_map(|(index, (signal, state))| {
            let components: Vec<ComponentIndex> = signal
                .components
                .iter()
                .copied()
                .filter(|component| !covered.contains(component))
                .collect();
            Some(Contradiction {
                signal: index,
                breach: state.breach()?,
                reading: state.newest?,
                components,
            })
        })
        .filter(|contradiction| !contradiction.components.is_empty())
        .collect()
}

fn component(
    index: ComponentIndex,
    timeline: &Timeline,
    holds: &Coverage<'_>,
    quorum: usize,
    now: Instant,
) -> ComponentNow {
    let evidence = observed::evidence(holds, index, quorum, now);
    // Evidence may have run out longer ago than anybody looks back.
    let ran_out = || {
        let evidence = evidence.as_ref()?;
        (timeline.status == Status::Unknown).then_some(evidence.valid_until)
    };
    ComponentNow {
        status: timeline.status,
        confirmed: timeline.confirmed,
        since: timeline.since().or_else(ran_out),
        operator: observed::operator(holds, index, now),
        evidence,
    }
}

fn open_incidents(site: &Site, now: Instant) -> Vec<usize> {
    let mut open: Vec<_> = of_kind(site, |kind| matches!(kind, Kind::Incident(_)))
        .filter(|(_, incident)| course::is_open(incident, now))
        .map(|(index, incident)| {
            let affected = course::affected(incident, now);
            let worst = affected.iter().map(|standing| standing.now).max();
            let (started, _) = course::span(incident, now);
            ((incident.pinned, worst, started), index)
        })
        .collect();
    open.sort_by(|(a, _), (b, _)| b.cmp(a));
    open.into_iter().map(|(_, index)| index).collect()
}

fn open_maintenances(site: &Site, now: Instant) -> Vec<usize> {
    let mut open: Vec<usize> = of_kind(site, |kind| matches!(kind, Kind::Maintenance(_)))
        .filter(|(_, incident)| course::is_open(incident, now))
        .map(|(index, _)| index)
        .collect();
    open.sort_by_key(|index| window(&site.posts[*index]).map(Window::ends));
    open
}

fn upcoming_maintenances(site: &Site, now: Instant) -> Vec<usize> {
    let mut upcoming: Vec<usize> = of_kind(site, |kind| matches!(kind, Kind::Maintenance(_)))
        .filter(|(_, incident)| course::is_published(incident, now))
        .filter(|(_, incident)| course::state(incident, now) == Some(State::Scheduled))
        .map(|(index, _)| index)
        .collect();
    upcoming.sort_by_key(|index| window(&site.posts[*index]).map(Window::starts));
    upcoming
}

fn notices(site: &Site, now: Instant) -> Vec<usize> {
    let mut notices: Vec<_> = of_kind(site, |kind| matches!(kind, Kind::Notice(_)))
        .filter(|(_, incident)| course::is_open(incident, now))
        .map(|(index, incident)| ((incident.pinned, course::span(incident, now).0), index))
        .collect();
    notices.sort_by(|(a, _), (b, _)| b.cmp(a));
    notices.into_iter().map(|(_, index)| index).collect()
}

fn of_kind(site: &Site, wanted: impl Fn(&Kind) -> bool) -> impl Iterator<Item = (usize, &Post)> {
    let incidents = site.posts.iter().map(Arc::as_ref).enumerate();
    incidents.filter(move |(_, incident)| wanted(&incident.kind))
}

fn window(post: &Post) -> Option<Window> {
    Some(post.maintenance()?.window)
}

#[cfg(test)]
mod tests;
