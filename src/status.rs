//! What a site's page may claim at an instant: the status of every component, and the headline.
//!
//! Everything here is a pure function of the validated site and of `now`. An all-clear is never
//! typed by anybody: it is what is left when no incident is open, nothing contradicts it, and fresh
//! evidence confirms every component.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::breach::{self, Breach, Reading, SignalNow};
use crate::course;
use crate::locale::LocalText;
use crate::site::Site;
use crate::site::component::{ComponentIndex, Status};
use crate::site::incident::{Incident, Kind};
use crate::site::update::State;
use crate::time::Instant;
use crate::time::Window;

pub use self::headline::{Headline, HeadlineState, Indicator};
pub use self::timeline::{Segment, Timeline, timelines};

use self::observed::Holds;
use self::timeline::Stretch;

pub use self::forecast::{Forecast, HORIZON};

mod forecast;
mod headline;
mod observed;
mod timeline;

/// How far back a snapshot looks, and how long a status can be seen to have held.
pub const LOOK_BACK: TimeDelta = TimeDelta::days(366);

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

/// A component at an instant.
#[derive(Debug, Clone)]
pub struct ComponentNow {
    /// Its status.
    pub status: Status,
    /// Whether fresh evidence covers it, whatever that says.
    pub confirmed: bool,
    /// Since when it has had this status; `None` where that is longer than the [`LOOK_BACK`].
    pub since: Option<Instant>,
    /// What is known of it; `None` where no source has observed it yet.
    pub evidence: Option<EvidenceNow>,
    /// The word of an operator that is in force.
    pub operator: Option<OperatorNow>,
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

/// What is known of a component at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceNow {
    /// Its sources, as indices into [`Site::sources`], which are sorted by name.
    pub sources: Vec<usize>,
    /// The end of the newest observation.
    pub confirmed_at: Instant,
    /// Until when that observation holds, or held.
    pub valid_until: Instant,
    /// Whether that has passed.
    pub expired: bool,
    /// What each fresh source says now, worst first; an operator's word is among them.
    pub claims: Vec<Claim>,
    /// The earliest instant at which a source that is fresh now no longer is.
    pub fresh_until: Option<Instant>,
    /// What as many fresh sources as it takes agree on; an operator's word is not among it.
    pub shown: Option<Status>,
    /// Since when every source that is fresh now has shown the component operational.
    pub operational_since: Option<Instant>,
}

impl EvidenceNow {
    /// Whether its sources contradict one another.
    pub fn differs(&self) -> bool {
        self.claims
            .windows(2)
            .any(|pair| pair[0].status != pair[1].status)
    }
}

/// What a source says of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The source, as an index into [`Site::sources`].
    pub source: usize,
    /// What it says.
    pub status: Status,
}

/// The word of an operator that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorNow {
    /// What is said.
    pub status: Status,
    /// Why, for readers.
    pub reason: LocalText,
    /// From when on it holds.
    pub from: Instant,
    /// Until when it holds.
    pub until: Instant,
}

/// A site at `now`.
pub fn snapshot(site: &Site, now: Instant) -> Snapshot {
    let holds = observed::holds(site, now);
    let signals = signals(site, now - LOOK_BACK, now);
    let stretch = Stretch {
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

fn signals(site: &Site, from: Instant, now: Instant) -> Vec<SignalNow> {
    let signals = site.signals.iter();
    signals
        .map(|signal| breach::signal(signal, site.time_zone, from, now, now))
        .collect()
}

fn covered(site: &Site, now: Instant) -> BTreeSet<ComponentIndex> {
    let mut covered: BTreeSet<ComponentIndex> = BTreeSet::new();
    let open = site.incidents.iter().filter(|it| course::is_open(it, now));
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
    holds: &Holds<'_>,
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
            let standings = course::standings(incident, now);
            let worst = standings.iter().map(|standing| standing.now).max();
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
    open.sort_by_key(|index| window(&site.incidents[*index]).map(Window::ends));
    open
}

fn upcoming_maintenances(site: &Site, now: Instant) -> Vec<usize> {
    let mut upcoming: Vec<usize> = of_kind(site, |kind| matches!(kind, Kind::Maintenance(_)))
        .filter(|(_, incident)| course::is_published(incident, now))
        .filter(|(_, incident)| course::state(incident, now) == Some(State::Scheduled))
        .map(|(index, _)| index)
        .collect();
    upcoming.sort_by_key(|index| window(&site.incidents[*index]).map(Window::starts));
    upcoming
}

fn notices(site: &Site, now: Instant) -> Vec<usize> {
    let mut notices: Vec<_> = of_kind(site, |kind| matches!(kind, Kind::Notice { .. }))
        .filter(|(_, incident)| course::is_open(incident, now))
        .map(|(index, incident)| ((incident.pinned, course::span(incident, now).0), index))
        .collect();
    notices.sort_by(|(a, _), (b, _)| b.cmp(a));
    notices.into_iter().map(|(_, index)| index).collect()
}

fn of_kind(
    site: &Site,
    wanted: impl Fn(&Kind) -> bool,
) -> impl Iterator<Item = (usize, &Incident)> {
    let incidents = site.incidents.iter().map(Arc::as_ref).enumerate();
    incidents.filter(move |(_, incident)| wanted(&incident.kind))
}

fn window(incident: &Incident) -> Option<Window> {
    Some(incident.maintenance()?.window)
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
