//! From when until when each observation counts.
//!
//! An observation holds from `from` up to its `to` and the component's `valid_for`, or up to the
//! next observation of the same source. Nothing is known before somebody saw it, so an observation
//! that begins after `now` is not looked at, and one that ends after `now` was seen up to `now`.
//!
//! A silenced source is not believed: what it saw only in such a time is as if it had never been
//! said, and what it saw before ends there.

use chrono::TimeDelta;

use super::component::{Claim, EvidenceNow, OperatorNow};
use crate::locale::LocalizedText;
use crate::site::Site;
use crate::site::component::{ComponentIndex, Status};
use crate::site::observation::{Observation, Source};
use crate::time::interval::IntervalSet;
use crate::time::{Instant, Interval};

/// What all sources saw, by component.
#[derive(Debug)]
pub(super) struct Coverage<'a>(Vec<Vec<SourceView<'a>>>);

/// What one source saw of one component.
#[derive(Debug)]
pub(super) struct SourceView<'a> {
    /// The source, as an index into [`Site::sources`].
    source: usize,
    /// Whether it is an operator, whose word is no evidence.
    pub(super) is_operator: bool,
    /// By time, without overlaps; what follows at once differs in status.
    pub(super) holds: Vec<Span>,
    /// The last believed observation.
    last: Credible<'a>,
}

/// A status that a source vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// The status.
    pub(super) status: Status,
    /// From when until when; it may reach beyond `now`.
    pub(super) interval: Interval,
}

/// An observation with what counts of it.
#[derive(Debug, Clone, Copy)]
struct Credible<'a> {
    status: Status,
    from: Instant,
    /// When it was last seen.
    seen: Instant,
    /// When it runs out, unless another observation comes first.
    until: Instant,
    reason: Option<&'a LocalizedText>,
}

impl<'a> Coverage<'a> {
    /// What every source saw of a component.
    pub(super) fn of(&self, component: ComponentIndex) -> &[SourceView<'a>] {
        self.0.get(component.0).map_or(&[], Vec::as_slice)
    }
}

/// What counts of all observations of a site at `now`.
pub(super) fn holds(site: &Site, now: Instant) -> Coverage<'_> {
    let mut by_component: Vec<Vec<SourceView<'_>>> = Vec::new();
    by_component.resize_with(site.components.len(), Vec::new);
    for (index, source) in site.sources.iter().enumerate() {
        let silences = silences(source);
        for seen in source
            .observations
            .chunk_by(|a, b| a.component == b.component)
        {
            let ComponentIndex(component) = seen[0].component;
            let valid_for = site.components[component].valid_for;
            let believed = seen
                .iter()
                .filter_map(|observation| believe(observation, valid_for, &silences, now));
            let mut witness = witness(index, source, believed, &silences);
            if let Some(witness) = &mut witness {
                // After a silence that is still to come.
                witness.holds.retain(|hold| hold.interval.start() <= now);
            }
            by_component[component].extend(witness);
        }
    }
    Coverage(by_component)
}

fn silences(source: &Source) -> IntervalSet {
    source
        .silences
        .iter()
        .filter_map(|silence| Interval::new(silence.from, silence.until))
        .collect()
}

/// What counts of an observation; `None` where it is not believed, or not made yet.
fn believe<'a>(
    observation: &'a Observation,
    valid_for: TimeDelta,
    silences: &IntervalSet,
    now: Instant,
) -> Option<Credible<'a>> {
    let from = observation.from;
    let seen = match silences.around(observation.to.min(now)) {
        Some(silence) if silence.start() <= from => return None,
        Some(silence) => silence.start(),
        None => observation.to.min(now),
    };
    let claim = observation.claim.as_ref();
    let until = claim.map_or_else(|| seen + valid_for, |claim| claim.until);
    (from <= now).then_some(Credible {
        status: observation.status,
        from,
        seen,
        until,
        reason: claim.map(|claim| &claim.reason),
    })
}

/// Lets every observation hold up to the next; `None` where nothing was believed.
fn witness<'a>(
    index: usize,
    source: &Source,
    believed: impl Iterator<Item = Credible<'a>>,
    silences: &IntervalSet,
) -> Option<SourceView<'a>> {
    let mut holds = Vec::new();
    let mut last: Option<Credible<'a>> = None;
    for next in believed {
        if let Some(last) = last {
            hold(last, last.until.min(next.from), silences, &mut holds);
        }
        last = Some(next);
    }
    let last = last?;
    hold(last, last.until, silences, &mut holds);
    Some(SourceView {
        source: index,
        is_operator: source.is_operator(),
        holds,
        last,
    })
}

/// Adds what an observation vouches for up to `end`, apart from the silences.
fn hold(believed: Credible<'_>, end: Instant, silences: &IntervalSet, holds: &mut Vec<Span>) {
    let Some(interval) = Interval::new(believed.from, end) else {
        return;
    };
    if silences.is_empty() {
        join(believed.status, interval, holds);
        return;
    }
    let whole: IntervalSet = [interval].into_iter().collect();
    for interval in whole.difference(silences).iter() {
        join(believed.status, interval, holds);
    }
}

/// A monitor that says the same every minute says one thing.
fn join(status: Status, interval: Interval, holds: &mut Vec<Span>) {
    if let Some(last) = holds.last_mut()
        && last.status == status
        && last.interval.end() == interval.start()
        && let Some(longer) = Interval::new(last.interval.start(), interval.end())
    {
        last.interval = longer;
    } else {
        holds.push(Span { status, interval });
    }
}

impl SourceView<'_> {
    /// What it vouches for at `now`, after which it has seen nothing.
    fn at(&self, now: Instant) -> Option<Span> {
        let newest = self.holds.last().copied();
        newest.filter(|hold| hold.interval.contains(now))
    }

    /// Until when its last observation holds, or held.
    fn valid_until(&self) -> Instant {
        match self.holds.last() {
            Some(hold) => hold.interval.end(),
            None => self.last.until,
        }
    }
}

/// What is known of a component at `now`.
pub(super) fn evidence(
    holds: &Coverage<'_>,
    component: ComponentIndex,
    quorum: usize,
    now: Instant,
) -> Option<EvidenceNow> {
    let sources = || {
        let witnesses = holds.of(component).iter();
        witnesses.filter(|witness| !witness.is_operator)
    };
    let (confirmed_at, valid_until) = sources()
        .map(|witness| (witness.last.seen, witness.valid_until()))
        .max()?;
    let fresh_until = sources()
        .filter_map(|witness| witness.at(now))
        .map(|hold| hold.interval.end())
        .min();
    let shown = sources().filter_map(|witness| witness.at(now));
    let mut statuses: Vec<Status> = shown.clone().map(|hold| hold.status).collect();
    statuses.sort_unstable_by(|a, b| b.cmp(a));
    let agreed_on = statuses.get(quorum.min(statuses.len()).saturating_sub(1));
    let agreed = shown.map(|hold| hold.interval.start()).max();
    let mut claims: Vec<Claim> = holds
        .of(component)
        .iter()
        .filter_map(|witness| {
            let hold = witness.at(now)?;
            Some(Claim {
                source: witness.source,
                status: hold.status,
            })
        })
        .collect();
    claims.sort_by_key(|claim| (std::cmp::Reverse(claim.status), claim.source));
    Some(EvidenceNow {
        sources: sources().map(|witness| witness.source).collect(),
        confirmed_at,
        valid_until,
        expired: valid_until <= now,
        claims,
        fresh_until,
        shown: agreed_on.copied(),
        operational_since: agreed.filter(|_| statuses.first() == Some(&Status::Operational)),
    })
}

/// The word of an operator that is in force at `now`.
pub(super) fn operator(
    holds: &Coverage<'_>,
    component: ComponentIndex,
    now: Instant,
) -> Option<OperatorNow> {
    let mut witnesses = holds.of(component).iter();
    let operator = witnesses.find(|witness| witness.is_operator)?;
    let hold = operator.at(now)?;
    Some(OperatorNow {
        status: hold.status,
        reason: operator.last.reason?.clone(),
        from: operator.last.from,
        until: hold.interval.end(),
    })
}
