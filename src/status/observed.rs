//! The coverage of observations: from when until when each counts.
//!
//! An observation holds from `from` up to its `to` and the component's `valid_for`, or up to the
//! next observation of the same source. Nothing is known before somebody saw it, so an observation
//! that begins after `now` is not looked at, and one that ends after `now` was seen up to `now`.
//!
//! A silenced source is not believed: what it saw only in such a time is as if it had never been
//! said, what it saw before ends there, and what it saw until later begins at the end of that time.

use chrono::TimeDelta;

use super::component::{Claim, EvidenceNow, OperatorWord};
use super::quorum::{Counts, agreed};
use crate::locale::LocalizedText;
use crate::site::Site;
use crate::site::component::{ComponentIndex, Requirement};
use crate::site::observation::{Observation, Source, SourceIndex};
use crate::site::region::RegionIndex;
use crate::site::vocabulary::Status;
use crate::time::interval::IntervalSet;
use crate::time::{Instant, Interval};

/// The observations of all sources up to an instant.
#[derive(Debug)]
pub(super) struct Coverage<'a> {
    now: Instant,
    by_component: Vec<Vec<SourceView<'a>>>,
}

/// What is said of a component by a source, or by all that look from one region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Voice {
    /// The region.
    pub(super) region: Option<RegionIndex>,
    /// The status.
    pub(super) status: Status,
}

/// The observations of one component by one source.
#[derive(Debug)]
pub(super) struct SourceView<'a> {
    /// The source.
    pub(super) source: SourceIndex,
    /// The region that it looks from, where it is one of the site's.
    pub(super) region: Option<RegionIndex>,
    /// Whether it is an operator, whose word is no evidence.
    pub(super) is_operator: bool,
    /// Its spans by time, without overlaps; spans that touch differ in status. The last ones may begin after `now`, at
    /// the end of a silence.
    pub(super) spans: Vec<Span>,
    /// The instant of the first credible observation.
    first: Instant,
    /// The last credible observation.
    last: Credible<'a>,
}

/// A status that a source vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// The status.
    pub(super) status: Status,
    /// Its interval, which may reach beyond `now`.
    pub(super) interval: Interval,
}

/// An observation that is believed, and the part of it that counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Credible<'a> {
    /// The status.
    pub(super) status: Status,
    /// The start.
    pub(super) from: Instant,
    /// When it was last seen.
    pub(super) seen: Instant,
    /// When it runs out, unless another observation comes first.
    pub(super) until: Instant,
    reason: Option<&'a LocalizedText>,
}

impl<'a> Coverage<'a> {
    /// The coverage of a site at `now`.
    pub(super) fn new(site: &'a Site, now: Instant) -> Self {
        let mut by_component: Vec<Vec<SourceView<'a>>> = Vec::new();
        by_component.resize_with(site.components.len(), Vec::new);
        for (index, source) in site.sources.iter().enumerate() {
            let silences = silences(source);
            let region = site.region_of(&source.name);
            let of_each = source
                .observations
                .chunk_by(|a, b| a.component == b.component);
            for observations in of_each {
                let ComponentIndex(component) = observations[0].component;
                let valid_for = site.components[component].valid_for;
                let credible = observations
                    .iter()
                    .filter_map(|observation| credible(observation, valid_for, &silences, now));
                let view = source_view(SourceIndex(index), source, credible, &silences);
                by_component[component].extend(view.map(|view| SourceView { region, ..view }));
            }
        }
        Self { now, by_component }
    }

    /// The observations of a component by each source.
    pub(super) fn views(&self, component: ComponentIndex) -> &[SourceView<'a>] {
        self.by_component
            .get(component.0)
            .map_or(&[], Vec::as_slice)
    }

    /// Since when evidence about a component is required; `None` where it is not.
    ///
    /// Before anybody looked, incident reports alone tell; where nobody ever did and it is always required, nobody knows.
    pub(super) fn required_since(
        &self,
        component: ComponentIndex,
        requirement: Requirement,
    ) -> Option<Instant> {
        let monitors = self.views(component).iter().filter(|it| !it.is_operator);
        let first = monitors.map(|view| view.first).min();
        match requirement {
            Requirement::Never => None,
            Requirement::OnceObserved => first,
            Requirement::Always => Some(first.unwrap_or(Instant::MIN_UTC)),
        }
    }

    /// When anything was first said of any component.
    pub(super) fn first_known(&self) -> Option<Instant> {
        let views = self.by_component.iter().flatten();
        views.map(|view| view.first).min()
    }

    /// The evidence about a component, of whose sources so many must agree.
    pub(super) fn evidence(&self, component: ComponentIndex, quorum: usize) -> Option<EvidenceNow> {
        let sources = || {
            self.views(component)
                .iter()
                .filter(|view| !view.is_operator)
        };
        let confirmed_at = sources().map(|view| view.last.seen).max()?;
        let held_until = sources().map(|view| view.held_until(self.now)).max()?;
        let shown: Vec<Span> = sources().filter_map(|view| view.at(self.now)).collect();
        let voices = self.voices(component);
        let mut counts = Counts::default();
        for voice in &voices {
            counts[voice.status as usize] += 1;
        }
        // A silence to come leaves a gap in what one source shows, which another may fill.
        let to_come = sources()
            .flat_map(|view| view.spans.iter().map(|span| span.interval))
            .filter(|interval| self.now < interval.end());
        let fresh: IntervalSet = to_come.collect();
        let agreed_since = shown.iter().map(|span| span.interval.start()).max();
        let is_well = shown.iter().all(|span| span.status == Status::Operational);
        let mut claims: Vec<Claim> = (self.views(component).iter())
            .filter_map(|view| {
                Some(Claim {
                    source: view.source,
                    is_operator: view.is_operator,
                    status: view.at(self.now)?.status,
                })
            })
            .collect();
        claims.sort_by_key(|claim| (std::cmp::Reverse(claim.status), claim.source));
        Some(EvidenceNow {
            sources: sources().map(|view| view.source).collect(),
            confirmed_at,
            held_until,
            valid_until: fresh.around(self.now).map(Interval::end),
            claims,
            fresh: voices.len(),
            shown: agreed(&counts, quorum),
            operational_since: agreed_since.filter(|_| is_well),
        })
    }

    /// What each voice says of a component now that is fresh: each source of no region, and each region by the worst that its
    /// sources show.
    pub(super) fn voices(&self, component: ComponentIndex) -> Vec<Voice> {
        let mut voices: Vec<Voice> = Vec::new();
        for view in self.views(component).iter().filter(|it| !it.is_operator) {
            let Some(span) = view.at(self.now) else {
                continue;
            };
            let of_region = voices
                .iter_mut()
                .find(|voice| view.region.is_some() && voice.region == view.region);
            match of_region {
                Some(voice) => voice.status = voice.status.max(span.status),
                None => voices.push(Voice {
                    region: view.region,
                    status: span.status,
                }),
            }
        }
        voices
    }

    /// The word of an operator that is in force.
    pub(super) fn operator(&self, component: ComponentIndex) -> Option<OperatorWord> {
        let mut views = self.views(component).iter();
        let operator = views.find(|view| view.is_operator)?;
        let span = operator.at(self.now)?;
        Some(OperatorWord {
            status: span.status,
            reason: operator.last.reason?.clone(),
            from: operator.last.from,
            until: span.interval.end(),
        })
    }
}

/// The times in which a source is not believed.
pub(super) fn silences(source: &Source) -> IntervalSet {
    source
        .silences
        .iter()
        .filter_map(|silence| Interval::new(silence.from, silence.until))
        .collect()
}

/// The part of an observation that counts; `None` where it is not believed, or not made yet.
pub(super) fn credible<'a>(
    observation: &'a Observation,
    valid_for: TimeDelta,
    silences: &IntervalSet,
    now: Instant,
) -> Option<Credible<'a>> {
    let begun = silences.around(observation.from);
    let from = begun.map_or(observation.from, Interval::end);
    let seen = observation.to.min(now);
    let seen = silences.around(seen).map_or(seen, Interval::start);
    let claim = observation.claim.as_ref();
    let until = claim.map_or_else(|| seen + valid_for, |claim| claim.until);
    (from <= seen).then_some(Credible {
        status: observation.status,
        from,
        seen,
        until,
        reason: claim.map(|claim| &claim.reason),
    })
}

/// The view of a source in which every observation holds up to the next; `None` where none is credible.
fn source_view<'a>(
    index: SourceIndex,
    source: &Source,
    credible: impl Iterator<Item = Credible<'a>>,
    silences: &IntervalSet,
) -> Option<SourceView<'a>> {
    let mut spans = Vec::new();
    let mut first: Option<Instant> = None;
    let mut last: Option<Credible<'a>> = None;
    for next in credible {
        first.get_or_insert(next.from);
        if let Some(last) = last {
            add_spans(last, last.until.min(next.from), silences, &mut spans);
        }
        last = Some(next);
    }
    let last = last?;
    add_spans(last, last.until, silences, &mut spans);
    Some(SourceView {
        source: index,
        region: None,
        is_operator: source.is_operator(),
        spans,
        first: first?,
        last,
    })
}

/// Adds what an observation vouches for up to `end`, apart from the silences.
fn add_spans(
    observation: Credible<'_>,
    end: Instant,
    silences: &IntervalSet,
    spans: &mut Vec<Span>,
) {
    let Some(interval) = Interval::new(observation.from, end) else {
        return;
    };
    if silences.is_empty() {
        add_span(observation.status, interval, spans);
        return;
    }
    let whole: IntervalSet = [interval].into_iter().collect();
    for interval in whole.difference(silences).iter() {
        add_span(observation.status, interval, spans);
    }
}

/// Adds a span, or makes the last one longer: a monitor that says the same every minute says one thing.
fn add_span(status: Status, interval: Interval, spans: &mut Vec<Span>) {
    if let Some(last) = spans.last_mut()
        && last.status == status
        && last.interval.end() == interval.start()
        && let Some(longer) = Interval::new(last.interval.start(), interval.end())
    {
        last.interval = longer;
    } else {
        spans.push(Span { status, interval });
    }
}

impl SourceView<'_> {
    /// Until when what it last saw holds, or held.
    pub(super) fn last_until(&self) -> Instant {
        self.last.until
    }

    /// When it last saw the component, by `now`.
    pub(super) fn last_seen(&self) -> Instant {
        self.last.seen
    }

    /// The status that this source vouches for at `now`, after which it has seen nothing.
    pub(super) fn at(&self, now: Instant) -> Option<Span> {
        let newest = self.begun(now).last().copied();
        newest.filter(|span| span.interval.contains(now))
    }

    /// Until when its last observation holds, or held.
    fn held_until(&self, now: Instant) -> Instant {
        match self.begun(now).last() {
            Some(span) => span.interval.end(),
            None => self.last.until,
        }
    }

    /// Its spans that have begun.
    fn begun(&self, now: Instant) -> &[Span] {
        let begun = self.spans.partition_point(|it| it.interval.start() <= now);
        &self.spans[..begun]
    }
}
