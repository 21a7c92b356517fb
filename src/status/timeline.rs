//! The status of every component over a period.
//!
//! Whatever speaks of a component (an incident, a window, a source, an operator) makes a claim that
//! begins and ends. One sweep over those beginnings and ends in the order of time gives the
//! component's whole timeline: what overlaps counts once, at the worst, and the cost grows with what
//! was said and seen, not with the number of days.

use super::breach::Breach;
use super::condition::Condition;
use super::course::{Course, Cover};
use super::facts::Facts;
use super::occurrence::Occurrence;
use super::period::Period;
use super::quorum::{Counts, agreed};
use crate::site::component::ComponentIndex;
use crate::site::post::Kind;
use crate::site::vocabulary::Status;
use crate::time::{Instant, Interval};

/// The status of a component over a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// Its segments by time, without gaps; neighbours differ.
    pub segments: Vec<Segment>,
    /// The status at the first instant after the last segment.
    pub status: Status,
    /// Whether fresh evidence covers that instant.
    pub confirmed: bool,
}

/// A time in which nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The time in which it holds.
    pub interval: Interval,
    /// The status.
    pub status: Status,
    /// Whether fresh evidence covers it, whatever that says.
    pub confirmed: bool,
    /// The status that counts towards uptime: that of the evidence where an operator says that it is better.
    pub counted: Status,
}

impl Segment {
    /// The status, and whether evidence confirms it.
    pub fn condition(&self) -> Condition {
        Condition {
            status: self.status,
            confirmed: self.confirmed,
        }
    }
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

/// The timelines of all components over a period in which signals breach as they do, in the order of
/// [`Site::components`](crate::site::Site::components).
pub(super) fn timelines<'a>(
    facts: Facts<'_>,
    breaches: impl Iterator<Item = &'a [Breach]>,
    period: Period,
) -> Vec<Timeline> {
    let mut events: Vec<Events> = Vec::new();
    events.resize_with(facts.site.components.len(), || Events {
        period,
        events: Vec::new(),
    });
    for occurrence in facts.occurrences {
        enter(&mut events, facts, occurrence, period);
    }
    for (signal, breaches) in facts.site.signals.iter().zip(breaches) {
        for ComponentIndex(component) in &signal.components {
            for breach in breaches {
                let (since, until) = (breach.since, breach.until);
                events[*component].add(Origin::Signal, Status::Suspected, since, until);
            }
        }
    }
    let components = facts.site.components.iter().zip(events).enumerate();
    components
        .map(|(index, (component, mut events))| {
            for view in facts.coverage.views(ComponentIndex(index)) {
                let origin = match view.is_operator {
                    true => Origin::Operator,
                    false => Origin::Evidence,
                };
                for span in &view.spans {
                    let (start, end) = (span.interval.start(), span.interval.end());
                    events.add(origin, span.status, start, Some(end));
                }
            }
            let required = facts
                .coverage
                .required_since(ComponentIndex(index), component.required);
            if let Some(since) = required {
                events.add(Origin::Expected, Status::Unknown, since, None);
            }
            events.sweep(component.quorum)
        })
        .collect()
}

/// Enters what an occurrence says of its components.
fn enter(events: &mut [Events], facts: Facts<'_>, occurrence: &Occurrence, period: Period) {
    let Period { from, until } = period;
    let cover = match facts.site.post(occurrence.post).kind {
        Kind::Incident(_) => Origin::Cover,
        Kind::Maintenance(_) => Origin::Window,
        Kind::Notice(_) => return,
    };
    let course = &occurrence.course;
    // What is not published yet is no part of it, but a window that is announced opens by itself.
    let is_announced = matches!(cover, Origin::Window) && course.is_published;
    let later = (is_announced && until != facts.now)
        .then(|| Course::at(occurrence.statement(facts.site), until));
    let Course {
        end,
        effects,
        covered,
        ..
    } = later.as_ref().unwrap_or(course);
    // Most incidents of a site are long over.
    if end.is_some_and(|end| end <= from) {
        return;
    }
    for effect in effects {
        let ComponentIndex(component) = effect.component;
        events[component].add(Origin::Post, effect.status, effect.from, effect.until);
    }
    for Cover {
        component: ComponentIndex(component),
        from,
        until,
    } in covered
    {
        events[*component].add(cover, Status::Operational, *from, *until);
    }
}

/// The origin of a claim about a component.
#[derive(Debug, Clone, Copy)]
enum Origin {
    /// An incident or a maintenance.
    Post,
    /// A maintenance that covers the component.
    Window,
    Evidence,
    Operator,
    /// A signal that breaches.
    Signal,
    /// An open incident that names the component, whatever it says of it.
    Cover,
    /// Evidence that is due: without any, nobody knows.
    Expected,
}

const ORIGINS: usize = 7;

/// The begin or the end of a claim.
#[derive(Debug, Clone, Copy)]
struct Event {
    at: Instant,
    origin: Origin,
    status: Status,
    begins: bool,
}

/// The begins and ends of all claims about a component.
#[derive(Debug)]
struct Events {
    period: Period,
    events: Vec<Event>,
}

impl Events {
    /// Adds a claim; what lies outside of the period is left out.
    fn add(&mut self, origin: Origin, status: Status, start: Instant, end: Option<Instant>) {
        if start > self.period.until || end.is_some_and(|end| end <= self.period.from) {
            return;
        }
        self.events.push(Event {
            at: start.max(self.period.from),
            origin,
            status,
            begins: true,
        });
        self.events
            .extend(end.filter(|end| *end <= self.period.until).map(|at| Event {
                at,
                origin,
                status,
                begins: false,
            }));
    }

    fn sweep(mut self, quorum: usize) -> Timeline {
        self.events.sort_unstable_by_key(|event| event.at);
        let mut segments: Vec<Segment> = Vec::new();
        let mut push = |start, end, verdict: Verdict| {
            let Some(interval) = Interval::new(start, end) else {
                return;
            };
            let Verdict { condition, counted } = verdict;
            match segments.last_mut() {
                Some(last) if last.condition() == condition && last.counted == counted => {
                    let longer = Interval::new(last.interval.start(), end);
                    last.interval = longer.unwrap_or(interval);
                }
                _ => segments.push(Segment {
                    interval,
                    status: condition.status,
                    confirmed: condition.confirmed,
                    counted,
                }),
            }
        };
        let mut claims = Claims::default();
        let mut start = self.period.from;
        for together in self.events.chunk_by(|a, b| a.at == b.at) {
            let at = together[0].at;
            push(start, at, claims.verdict(quorum));
            start = at;
            for event in together {
                claims.apply(*event);
            }
        }
        let verdict = claims.verdict(quorum);
        push(start, self.period.until, verdict);
        Timeline {
            segments,
            status: verdict.condition.status,
            confirmed: verdict.condition.confirmed,
        }
    }
}

/// The number of claims of each origin and status that hold.
#[derive(Debug, Default)]
struct Claims([Counts; ORIGINS]);

impl Claims {
    fn apply(&mut self, event: Event) {
        let count = &mut self.0[event.origin as usize][event.status as usize];
        // A claim ends after it began, so that this never falls below zero.
        *count = match event.begins {
            true => *count + 1,
            false => count.saturating_sub(1),
        };
    }

    fn worst(&self, origin: Origin) -> Option<Status> {
        let counts = &self.0[origin as usize];
        let mut worst_first = Status::ALL.iter().copied().rev();
        worst_first.find(|status| counts[*status as usize] > 0)
    }

    /// The verdict about the component.
    fn verdict(&self, quorum: usize) -> Verdict {
        let window = self.worst(Origin::Window);
        let evidence = agreed(&self.0[Origin::Evidence as usize], quorum);
        // What is announced may be down: that is no news, unless a person says so.
        let seen = match window {
            Some(_) => evidence.map(|seen| seen.min(Status::UnderMaintenance)),
            None => evidence,
        };
        let without_evidence = self.worst(Origin::Expected).unwrap_or(Status::Operational);
        let facts = observed(seen, self.worst(Origin::Operator), without_evidence);
        let posted = self.worst(Origin::Post);
        let covered = window.or(self.worst(Origin::Cover)).is_some();
        let suspected = self.worst(Origin::Signal).filter(|_| !covered);
        let status = [posted, suspected]
            .into_iter()
            .flatten()
            .fold(facts, Status::max);
        Verdict {
            condition: Condition {
                status,
                confirmed: evidence.is_some(),
            },
            counted: seen.map_or(status, |seen| status.max(seen)),
        }
    }
}

/// The condition of a component, and what of it counts.
#[derive(Debug, Clone, Copy)]
struct Verdict {
    condition: Condition,
    /// The status that counts towards uptime.
    counted: Status,
}

/// The status that follows from evidence and an operator's word.
///
/// An operator is believed about trouble, never about its absence: where the word is better than fresh evidence of
/// trouble, it is the worse of that word and suspected, and without any evidence a good word is none.
fn observed(seen: Option<Status>, operator: Option<Status>, without_evidence: Status) -> Status {
    let Some(reported) = operator else {
        return seen.unwrap_or(without_evidence);
    };
    match seen {
        Some(seen) => reported.max(seen.min(Status::Suspected)),
        None => reported.max(without_evidence),
    }
}
