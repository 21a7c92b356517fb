//! The status of every component over a stretch of time.
//!
//! Whatever speaks of a component (an incident, a window, a source, an operator) makes a claim that
//! begins and ends. One sweep over those beginnings and ends in the order of time gives the
//! component's whole timeline: what overlaps counts once, at the worst, and the cost grows with what
//! was said and seen, not with the number of days.

use chrono::TimeDelta;

use super::breach::{self, SignalNow};
use super::course;
use super::observed::{self, Coverage};
use crate::site::Site;
use crate::site::component::{Component, ComponentIndex, Status};
use crate::site::post::Kind;
use crate::time::{Instant, Interval};

/// How far back a snapshot looks, and how long a status can be seen to have held.
pub const LOOK_BACK: TimeDelta = TimeDelta::days(366);

/// The status of a component over a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// Without gaps, by time; neighbours differ.
    pub segments: Vec<Segment>,
    /// The status at the first instant after the last segment.
    pub status: Status,
    /// Whether fresh evidence covers that instant.
    pub confirmed: bool,
}

/// A time in which nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// From when until when.
    pub interval: Interval,
    /// The status.
    pub status: Status,
    /// Whether fresh evidence covers it, whatever that says.
    pub confirmed: bool,
}

impl Timeline {
    /// Since when the component has had the status that it has at the end; `None` where it has had
    /// it throughout.
    pub fn since(&self) -> Option<Instant> {
        let other = self
            .segments
            .iter()
            .rposition(|segment| segment.status != self.status)?;
        Some(self.segments[other].interval.end())
    }
}

/// The timelines of all components from `from` up to `now`, in the order of [`Site::components`].
pub fn timelines(site: &Site, from: Instant, now: Instant) -> Vec<Timeline> {
    let signals = breach::signals(site, from, now);
    let stretch = Period {
        from,
        until: now,
        now,
    };
    of(site, &observed::holds(site, now), &signals, stretch)
}

/// A stretch of time to look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Period {
    /// Its first instant.
    pub(super) from: Instant,
    /// Its end; after `now` where it is asked what follows if nothing new comes.
    pub(super) until: Instant,
    /// What is later than this is not known.
    pub(super) now: Instant,
}

/// The same, where it is known already when each observation holds and each signal breaches.
pub(super) fn of(
    site: &Site,
    holds: &Coverage<'_>,
    signals: &[SignalNow],
    stretch: Period,
) -> Vec<Timeline> {
    let Period { from, until, now } = stretch;
    let mut events: Vec<Events> = Vec::new();
    events.resize_with(site.components.len(), || Events {
        from,
        until,
        events: Vec::new(),
    });
    for incident in &site.posts {
        let voice = match incident.kind {
            Kind::Incident(_) => Origin::Incident,
            Kind::Maintenance(_) => Origin::Window,
            Kind::Notice(_) => continue,
        };
        // What is not published yet is no part of it, but a window that is announced opens by itself.
        let known = match voice {
            Origin::Window if course::is_published(incident, now) => until,
            _ => now,
        };
        // Most incidents of a site are long over.
        let (_, end) = course::span(incident, known);
        if end.is_some_and(|end| end <= from) {
            continue;
        }
        for effect in course::effects(incident, known) {
            let ComponentIndex(component) = effect.component;
            events[component].add(voice, effect.status, effect.from, effect.until);
        }
        for (ComponentIndex(component), from, until) in course::covered(incident, now) {
            events[component].add(Origin::Cover, Status::Operational, from, until);
        }
    }
    for (signal, state) in site.signals.iter().zip(signals) {
        for ComponentIndex(component) in &signal.components {
            for breach in &state.breaches {
                let (since, until) = (breach.since, breach.until);
                events[*component].add(Origin::Signal, Status::Suspected, since, until);
            }
        }
    }
    let components = site.components.iter().zip(events).enumerate();
    components
        .map(|(index, (component, mut events))| {
            for witness in holds.of(ComponentIndex(index)) {
                let voice = match witness.is_operator {
                    true => Origin::Operator,
                    false => Origin::Evidence,
                };
                for hold in &witness.holds {
                    let (start, end) = (hold.interval.start(), hold.interval.end());
                    events.add(voice, hold.status, start, Some(end));
                }
            }
            events.sweep(component)
        })
        .collect()
}

/// Who speaks of a component.
#[derive(Debug, Clone, Copy)]
enum Origin {
    Incident,
    Window,
    Evidence,
    Operator,
    /// A signal that breaches.
    Signal,
    /// An open incident that names the component, whatever it says of it.
    Cover,
}

const VOICES: usize = 6;
const STATUSES: usize = Status::ALL.len();

/// A claim begins or ends.
#[derive(Debug, Clone, Copy)]
struct Event {
    at: Instant,
    voice: Origin,
    status: Status,
    begins: bool,
}

/// What begins and ends for a component.
#[derive(Debug)]
struct Events {
    from: Instant,
    until: Instant,
    events: Vec<Event>,
}

impl Events {
    /// Adds a claim; what lies outside the stretch of time is left out.
    fn add(&mut self, voice: Origin, status: Status, start: Instant, end: Option<Instant>) {
        if start > self.until || end.is_some_and(|end| end <= self.from) {
            return;
        }
        self.events.push(Event {
            at: start.max(self.from),
            voice,
            status,
            begins: true,
        });
        self.events
            .extend(end.filter(|end| *end <= self.until).map(|at| Event {
                at,
                voice,
                status,
                begins: false,
            }));
    }

    fn sweep(mut self, component: &Component) -> Timeline {
        self.events.sort_unstable_by_key(|event| event.at);
        let mut segments: Vec<Segment> = Vec::new();
        let mut push = |start, end, (status, confirmed)| {
            let Some(interval) = Interval::new(start, end) else {
                return;
            };
            match segments.last_mut() {
                Some(last) if (last.status, last.confirmed) == (status, confirmed) => {
                    let longer = Interval::new(last.interval.start(), end);
                    last.interval = longer.unwrap_or(interval);
                }
                _ => segments.push(Segment {
                    interval,
                    status,
                    confirmed,
                }),
            }
        };
        let mut claims = Claims::default();
        let mut start = self.from;
        for together in self.events.chunk_by(|a, b| a.at == b.at) {
            let at = together[0].at;
            push(start, at, claims.condition(component));
            start = at;
            for event in together {
                claims.apply(*event);
            }
        }
        let (status, confirmed) = claims.condition(component);
        push(start, self.until, (status, confirmed));
        Timeline {
            segments,
            status,
            confirmed,
        }
    }
}

/// How many claims of each voice and status stand.
#[derive(Debug, Default)]
struct Claims([[u32; STATUSES]; VOICES]);

impl Claims {
    fn apply(&mut self, event: Event) {
        let count = &mut self.0[event.voice as usize][event.status as usize];
        // A claim ends after it began, so that this never falls below zero.
        *count = match event.begins {
            true => *count + 1,
            false => count.saturating_sub(1),
        };
    }

    fn worst(&self, voice: Origin) -> Option<Status> {
        let counts = &self.0[voice as usize];
        let mut worst_first = Status::ALL.iter().copied().rev();
        worst_first.find(|status| counts[*status as usize] > 0)
    }

    /// The worst status that so many sources agree on, each saying that or worse; all of them where
    /// there are fewer.
    fn agreed(&self, quorum: usize) -> Option<Status> {
        let counts = &self.0[Origin::Evidence as usize];
        let all: usize = counts.iter().map(|count| *count as usize).sum();
        let needed = quorum.min(all);
        let mut agree = 0;
        let mut worst_first = Status::ALL.iter().copied().rev();
        worst_first
            .find(|status| {
                agree += counts[*status as usize] as usize;
                agree >= needed
            })
            .filter(|_| all > 0)
    }

    /// The component's status, and whether fresh evidence covers it.
    fn condition(&self, component: &Component) -> (Status, bool) {
        let window = self.worst(Origin::Window);
        let evidence = self.agreed(component.quorum);
        // What is announced may be down: that is no news, unless a person says so.
        let seen = match window {
            Some(_) => evidence.map(|seen| seen.min(Status::UnderMaintenance)),
            None => evidence,
        };
        let known = known(seen, self.worst(Origin::Operator), component.required);
        let said = self.worst(Origin::Incident).max(window);
        let covered = window.or(self.worst(Origin::Cover)).is_some();
        let suspected = self.worst(Origin::Signal).filter(|_| !covered);
        let status = [said, suspected]
            .into_iter()
            .flatten()
            .fold(known, Status::max);
        (status, evidence.is_some())
    }
}

/// What evidence and an operator's word come to.
///
/// An operator is believed about trouble, never about its absence: a word that is better than fresh
/// evidence leaves the component suspected, and without any evidence a good word is none.
fn known(seen: Option<Status>, operator: Option<Status>, required: bool) -> Status {
    let without_evidence = match required {
        true => Status::Unknown,
        false => Status::Operational,
    };
    let Some(said) = operator else {
        return seen.unwrap_or(without_evidence);
    };
    match seen {
        Some(seen) if said < seen => said.max(seen.min(Status::Suspected)),
        Some(_) => said,
        None => said.max(without_evidence),
    }
}
