//! The status of every component over a period.
//!
//! Whatever speaks of a component (an incident, a window, a source, an operator) makes a claim that
//! begins and ends. One sweep over those beginnings and ends in the order of time gives the
//! component's whole timeline: what overlaps counts once, at the worst, and the cost grows with what
//! was said and seen, not with the number of days.

use std::collections::{BTreeMap, BTreeSet};

use super::breach::Breach;
use super::condition::Condition;
use super::course::Course;
use super::facts::Facts;
use super::family;
use super::occurrence::Occurrence;
use super::period::Period;
use super::quorum::{Counts, agreed, worst};
use crate::site::component::ComponentIndex;
use crate::site::post::Kind;
use crate::site::region::RegionIndex;
use crate::site::signal::SignalIndex;
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
    for ((at, signal), breaches) in facts.site.signals.iter().enumerate().zip(breaches) {
        let is_sum = family::is_sum(facts.site, SignalIndex(at));
        for ComponentIndex(component) in &signal.components {
            let events = &mut events[*component];
            match is_sum {
                true => enter_sum(events, facts, SignalIndex(at), breaches),
                false => breaches.iter().for_each(|breach| {
                    let claim = Claim {
                        place: signal.region,
                        ..Claim::of(Origin::Signal, Status::Suspected)
                    };
                    events.add(claim, breach.since, breach.until);
                }),
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
                    let claim = Claim {
                        origin,
                        place: view.region,
                        status: span.status,
                    };
                    events.add(claim, start, Some(end));
                }
            }
            let required = facts
                .coverage
                .required_since(ComponentIndex(index), component.required);
            if let Some(since) = required {
                events.add(Claim::of(Origin::Expected, Status::Unknown), since, None);
            }
            events.sweep(component.quorum, facts.site.regions.len())
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
        let claim = Claim::of(Origin::Post, effect.status);
        events[component].add(claim, effect.from, effect.until);
    }
    let regions = facts.site.regions.len();
    for it in covered {
        let ComponentIndex(component) = it.component;
        for place in it.places(regions) {
            let claim = Claim {
                place,
                ..Claim::of(cover, Status::Operational)
            };
            events[component].add(claim, it.from, it.until);
        }
    }
}

/// Enters what a signal of all regions together shows of a component, beside the regions that are covered at the time.
fn enter_sum(events: &mut Events, facts: Facts<'_>, sum: SignalIndex, breaches: &[Breach]) {
    let until = events.period.until;
    let changes = events.covered_regions();
    for (at, (from, regions)) in changes.iter().enumerate() {
        let end = changes.get(at + 1).map(|it| it.0);
        let without;
        let breaches = match regions.is_empty() {
            true => breaches,
            false => {
                without = family::breaches_without(facts, sum, regions, until);
                &without
            }
        };
        for breach in breaches {
            let start = breach.since.max(*from);
            let end = breach.until.into_iter().chain(end).min();
            if end.is_none_or(|end| start < end) {
                events.add(Claim::of(Origin::Sum, Status::Suspected), start, end);
            }
        }
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
    /// A signal of all regions together that breaches without those that are covered.
    Sum,
    /// An open incident that names the component, whatever it says of it.
    Cover,
    /// Evidence that is due: without any, nobody knows.
    Expected,
}

const ORIGINS: usize = 8;

/// What is said of a component.
#[derive(Debug, Clone, Copy)]
struct Claim {
    origin: Origin,
    /// The region of which it is said; `None` for what is in none.
    place: Option<RegionIndex>,
    status: Status,
}

impl Claim {
    /// A claim that names no region.
    fn of(origin: Origin, status: Status) -> Self {
        Self {
            origin,
            place: None,
            status,
        }
    }
}

/// The begin or the end of a claim.
#[derive(Debug, Clone, Copy)]
struct Event {
    at: Instant,
    claim: Claim,
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
    fn add(&mut self, claim: Claim, start: Instant, end: Option<Instant>) {
        if start > self.period.until || end.is_some_and(|end| end <= self.period.from) {
            return;
        }
        self.events.push(Event {
            at: start.max(self.period.from),
            claim,
            begins: true,
        });
        self.events
            .extend(end.filter(|end| *end <= self.period.until).map(|at| Event {
                at,
                claim,
                begins: false,
            }));
    }

    /// The instants of the period at which the regions that are covered become others, each with them; the first one is
    /// its begin.
    fn covered_regions(&mut self) -> Vec<(Instant, BTreeSet<RegionIndex>)> {
        self.events.sort_by_key(|event| event.at);
        let mut counts: BTreeMap<RegionIndex, usize> = BTreeMap::new();
        let mut changes = vec![(self.period.from, BTreeSet::new())];
        for event in &self.events {
            let (Origin::Cover | Origin::Window, Some(region)) =
                (event.claim.origin, event.claim.place)
            else {
                continue;
            };
            let count = counts.entry(region).or_default();
            *count = match event.begins {
                true => *count + 1,
                false => count.saturating_sub(1),
            };
            let covered = counts.iter().filter(|it| *it.1 > 0);
            let covered = covered.map(|(region, _)| *region).collect();
            match changes.last_mut().filter(|last| last.0 == event.at) {
                Some(last) => last.1 = covered,
                None => changes.push((event.at, covered)),
            }
        }
        changes
    }

    fn sweep(mut self, quorum: usize, regions: usize) -> Timeline {
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
        let mut claims = Claims::of(regions);
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

/// The number of claims of each origin and status that hold, by place: of what is in no region, and of each region.
#[derive(Debug)]
struct Claims(Vec<[Counts; ORIGINS]>);

impl Claims {
    fn of(regions: usize) -> Self {
        Self(vec![Default::default(); regions + 1])
    }

    fn apply(&mut self, event: Event) {
        let Claim {
            origin,
            place,
            status,
        } = event.claim;
        let place = place.map_or(0, |RegionIndex(at)| at + 1);
        let count = &mut self.0[place][origin as usize][status as usize];
        // A claim ends after it began, so that this never falls below zero.
        *count = match event.begins {
            true => *count + 1,
            false => count.saturating_sub(1),
        };
    }

    /// The worst status of an origin that names no region.
    fn worst(&self, origin: Origin) -> Option<Status> {
        worst(&self.0[0][origin as usize])
    }

    /// Whether anything of an origin holds in a place.
    fn has(place: &[Counts; ORIGINS], origin: Origin) -> bool {
        place[origin as usize].iter().any(|count| *count > 0)
    }

    /// What voices show of the component: each source of no region, and each region by the worst that its sources show;
    /// `excuse` says what is the worst that counts in a place.
    fn voices(&self, excuse: impl Fn(&[Counts; ORIGINS]) -> Status) -> Counts {
        let mut voices = Counts::default();
        let (elsewhere, regions) = (&self.0[0], &self.0[1..]);
        let worst_of_all = excuse(elsewhere);
        for status in Status::ALL.iter().copied() {
            let count = elsewhere[Origin::Evidence as usize][status as usize];
            voices[status.min(worst_of_all) as usize] += count;
        }
        for region in regions {
            if let Some(status) = worst(&region[Origin::Evidence as usize]) {
                voices[status.min(excuse(region)) as usize] += 1;
            }
        }
        voices
    }

    /// What evidence shows, and the part of it that is news: what is announced may be down, unless a person says so.
    fn evidence(&self, quorum: usize) -> (Option<Status>, Option<Status>) {
        let all = agreed(&self.voices(|_| Status::MajorOutage), quorum);
        let is_announced = |place: &[Counts; ORIGINS]| Self::has(place, Origin::Window);
        let announced = self.0.iter().filter(|place| is_announced(place)).count();
        let news = if announced == 0 {
            all
        } else if announced == self.0.len() {
            all.map(|seen| seen.min(Status::UnderMaintenance))
        } else {
            let excuse = |place: &[Counts; ORIGINS]| match is_announced(place) {
                true => Status::UnderMaintenance,
                false => Status::MajorOutage,
            };
            agreed(&self.voices(excuse), quorum)
        };
        (all, news)
    }

    /// What signals suspect where nothing tells of it: of a region where it is not covered there, of all together without
    /// those where it is, and of no region where it is covered nowhere.
    fn suspected(&self) -> Option<Status> {
        let is_covered = |place: &[Counts; ORIGINS]| {
            Self::has(place, Origin::Window) || Self::has(place, Origin::Cover)
        };
        let is_breached = |place: &[Counts; ORIGINS]| Self::has(place, Origin::Signal);
        let of_all = is_breached(&self.0[0]) && !self.0.iter().any(is_covered);
        let of_sum = Self::has(&self.0[0], Origin::Sum) && !is_covered(&self.0[0]);
        let mut regions = self.0[1..].iter();
        let of_region = regions.any(|place| is_breached(place) && !is_covered(place));
        (of_all || of_sum || of_region).then_some(Status::Suspected)
    }

    /// The verdict about the component.
    fn verdict(&self, quorum: usize) -> Verdict {
        let (evidence, seen) = self.evidence(quorum);
        let without_evidence = self.worst(Origin::Expected).unwrap_or(Status::Operational);
        let facts = observed(seen, self.worst(Origin::Operator), without_evidence);
        let posted = self.worst(Origin::Post);
        let status = [posted, self.suspected()]
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
pub(super) fn observed(
    seen: Option<Status>,
    operator: Option<Status>,
    without_evidence: Status,
) -> Status {
    let Some(reported) = operator else {
        return seen.unwrap_or(without_evidence);
    };
    match seen {
        Some(seen) => reported.max(seen.min(Status::Suspected)),
        None => reported.max(without_evidence),
    }
}
