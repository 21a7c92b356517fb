//! The rules as prose has them, read at one instant: every question walks through the whole site again.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{breaches_since, by_quorum, confirms};
use super::work::Work;
use crate::site::Site;
use crate::site::post::{Kind, Post};
use crate::site::update::{Change, Update};
use crate::site::vocabulary::{Impact, State, Status};
use crate::status::HeadlineState;
use crate::time::Instant;

/// A site as it is known at an instant.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    /// The site, with what is dated later too.
    pub(super) site: &'a Site,
    /// The windows of its posts.
    pub(super) works: &'a [Vec<Work<'a>>],
    /// The instant.
    pub(super) now: Instant,
}

/// The answers about a component at an instant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    /// Its status.
    pub(super) status: Status,
    /// The status that uptime counts.
    pub(super) counted: Status,
    /// Whether fresh evidence covers it.
    pub(super) is_fresh: bool,
    /// Whether an open incident names it, or a maintenance under way has it.
    pub(super) is_covered: bool,
    /// The places in which that is so.
    pub(super) covered: BTreeSet<Option<usize>>,
}

/// An incident that is open.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OpenIncident {
    /// Its state.
    pub(super) state: State,
    /// The statuses of its components.
    pub(super) statuses: BTreeMap<usize, Status>,
    /// Where it names which component.
    pub(super) named: BTreeSet<Place>,
}

/// A component in a region, or in none.
pub(super) type Place = (usize, Option<usize>);

/// What a post says so far of components in places.
pub(super) struct Said {
    /// The regions that it concerns; everywhere where there is none.
    pub(super) concerned: Vec<usize>,
    /// The statuses by place; that in no region is for all that have none of their own.
    pub(super) places: BTreeMap<Place, Status>,
    named: BTreeSet<Place>,
}

impl Said {
    pub(super) fn of(post: &Post) -> Self {
        Self {
            concerned: post.regions.iter().map(|it| it.0).collect(),
            places: BTreeMap::new(),
            named: BTreeSet::new(),
        }
    }

    pub(super) fn apply(&mut self, change: &Change) {
        let (component, status) = (change.component.0, change.status);
        if let Some(region) = change.region.map(|it| it.0) {
            if !self.concerned.is_empty() {
                self.concerned.push(region);
            }
            self.places.insert((component, Some(region)), status);
            self.named.insert((component, Some(region)));
            return;
        }
        let wide: Vec<Option<usize>> = match self.concerned.is_empty() {
            true => vec![None],
            false => self.concerned.iter().copied().map(Some).collect(),
        };
        let is_named = self.named.iter().any(|it| it.0 == component);
        if wide == [None] {
            self.places.retain(|place, _| place.0 != component);
        }
        for region in wide {
            self.places.insert((component, region), status);
            if region.is_some() || !is_named || status != Status::Operational {
                self.named.insert((component, region));
            }
        }
    }

    /// The status in a place.
    pub(super) fn status(&self, (component, region): Place) -> Option<Status> {
        let own = self.places.get(&(component, region));
        own.or_else(|| self.places.get(&(component, None))).copied()
    }
}

impl<'a> Reading<'a> {
    /// The posts that readers see.
    pub(super) fn posts(self) -> impl Iterator<Item = &'a Post> {
        let posts = self.site.posts.iter().map(AsRef::as_ref);
        posts.filter(move |post| self.is_published(post))
    }

    /// The windows that readers see.
    pub(super) fn works(self) -> impl Iterator<Item = &'a Work<'a>> {
        let posts = self.site.posts.iter().zip(self.works);
        let published = posts.filter(move |(post, _)| self.is_published(post));
        published.flat_map(|(_, works)| works)
    }

    /// Whether readers see a post.
    pub(super) fn is_published(self, post: &Post) -> bool {
        match (&post.kind, post.updates.first()) {
            (_, Some(first)) => first.at <= self.now,
            (Kind::Incident(incident), None) => incident.started <= self.now,
            (Kind::Maintenance(_) | Kind::Notice(_), None) => true,
        }
    }

    /// The updates of a post that were posted by `at`.
    pub(super) fn updates(self, post: &Post, at: Instant) -> impl Iterator<Item = &Update> {
        let by = at.min(self.now);
        post.updates.iter().filter(move |it| it.at <= by)
    }

    /// An incident at `at`, where it is open then.
    pub(super) fn open_incident(self, post: &Post, at: Instant) -> Option<OpenIncident> {
        let Kind::Incident(incident) = &post.kind else {
            return None;
        };
        let is_over = (self.said_end(post, at)).is_some_and(|end| end <= at);
        if !self.is_published(post) || at < incident.started || is_over {
            return None;
        }
        let mut state = State::Investigating;
        let mut said = Said::of(post);
        incident.components.iter().for_each(|it| said.apply(it));
        for update in self.updates(post, at) {
            if update.state != State::Update {
                state = update.state;
            }
            update.changes.iter().for_each(|it| said.apply(it));
            if state.ends_incident() {
                for status in said.places.values_mut() {
                    *status = Status::Operational;
                }
            }
        }
        let mut statuses: BTreeMap<usize, Status> = BTreeMap::new();
        for ((component, _), status) in &said.places {
            let worst = statuses.entry(*component).or_insert(*status);
            *worst = (*worst).max(*status);
        }
        let named = said.named;
        (!state.ends_incident()).then_some(OpenIncident {
            state,
            statuses,
            named,
        })
    }

    /// The end that the file of an incident says, unless an update has opened it again by `at` that was resolved then.
    pub(super) fn said_end(self, post: &Post, at: Instant) -> Option<Instant> {
        let Kind::Incident(incident) = &post.kind else {
            return None;
        };
        let end = incident.ended.filter(|end| *end <= self.now)?;
        let states: Vec<&Update> = (self.updates(post, at))
            .filter(|it| it.state != State::Update)
            .collect();
        let opens_again = states.windows(2).any(|pair| {
            let ended = pair[0].state.ends_incident();
            ended && !pair[1].state.ends_incident() && end <= pair[1].at
        });
        Some(end).filter(|_| !opens_again)
    }

    /// The impact of an incident: said, or else by the worst status that it has given a component so far.
    pub(super) fn impact(self, post: &Post) -> Option<Impact> {
        let Kind::Incident(incident) = &post.kind else {
            return None;
        };
        let changes = self.updates(post, self.now).flat_map(|it| &it.changes);
        let statuses = incident.components.iter().chain(changes);
        let worst = statuses.map(|it| it.status).max();
        let by_worst = Impact::of(worst.unwrap_or(Status::Operational));
        Some(incident.impact.unwrap_or(by_worst))
    }

    /// A component at `at`.
    pub(super) fn component(self, component: usize, at: Instant) -> Known {
        let incidents = self.posts().filter_map(|it| self.open_incident(it, at));
        let incidents: Vec<OpenIncident> = incidents.collect();
        let said: Vec<Option<Status>> = (incidents.iter())
            .map(|it| it.statuses.get(&component).copied())
            .collect();
        let is_shut =
            (self.works()).any(|work| work.under_maintenance(at, self.now).contains(&component));
        let regions = (0..self.site.regions.len()).map(Some);
        let places: Vec<Option<usize>> = std::iter::once(None).chain(regions).collect();
        let is_excused = |place: Option<usize>| {
            (self.works()).any(|work| work.excused(at, self.now, (component, place)))
        };
        let is_covered_in = |place: Option<usize>| {
            let is_named = |it: &OpenIncident| {
                it.named.contains(&(component, None)) || it.named.contains(&(component, place))
            };
            is_excused(place) || incidents.iter().any(is_named)
        };
        let is_covered = places.iter().any(|place| is_covered_in(*place));

        let fresh = self.fresh(component, at);
        let quorum = self.site.components[component].quorum;
        let all: Vec<Status> = fresh.iter().map(|(_, status)| *status).collect();
        let evidence = match places.iter().all(|place| is_excused(*place)) {
            true => by_quorum(&all, quorum).map(|it| it.min(Status::UnderMaintenance)),
            false => {
                let news = fresh
                    .iter()
                    .map(|(place, status)| match is_excused(*place) {
                        true => (*status).min(Status::UnderMaintenance),
                        false => *status,
                    });
                by_quorum(&news.collect::<Vec<_>>(), quorum)
            }
        };
        let gap = self.gap(component, at);
        let word = self.word(component, at);
        let (status, counted) = match (evidence, word) {
            (None, word) => {
                let both = word.map_or(gap, |word| word.max(gap));
                (both, both)
            }
            (Some(evidence), Some(word)) if word >= evidence => (word, word),
            (Some(evidence), Some(word)) if evidence >= Status::Suspected => {
                (word.max(Status::Suspected), evidence)
            }
            (Some(evidence), _) => (evidence, evidence),
        };
        let breached = self.site.signals.iter().any(|signal| {
            let is_told = match signal.region {
                None => is_covered,
                Some(region) => is_covered_in(Some(region.0)),
            };
            signal.components.iter().any(|it| it.0 == component)
                && breaches_since(self, signal, at).is_some()
                && !is_told
        });
        let suspected = breached.then_some(Status::Suspected);
        let shut = is_shut.then_some(Status::UnderMaintenance);
        let others = said.into_iter().chain([shut, suspected]).flatten().max();
        let worst = |status: Status| others.map_or(status, |other| other.max(status));
        Known {
            status: worst(status),
            counted: worst(counted),
            is_fresh: !fresh.is_empty(),
            is_covered,
            covered: (places.into_iter())
                .filter(|place| is_covered_in(*place))
                .collect(),
        }
    }

    /// The state of the headline at `at`: the first row of the table that matches.
    pub(super) fn headline(self, at: Instant) -> HeadlineState {
        let components: Vec<Known> = (0..self.site.components.len())
            .map(|component| self.component(component, at))
            .collect();
        let all = |status| components.iter().all(|it| it.status == status);
        let any = |status| components.iter().any(|it| it.status == status);
        let is_quiet =
            |open: OpenIncident| open.statuses.values().all(|it| *it == Status::Operational);
        let mut incidents = self.posts().filter_map(|it| self.open_incident(it, at));
        if all(Status::MajorOutage) {
            HeadlineState::MajorOutage
        } else if any(Status::MajorOutage) || all(Status::PartialOutage) {
            HeadlineState::PartialOutage
        } else if any(Status::PartialOutage) {
            HeadlineState::MinorOutage
        } else if any(Status::DegradedPerformance) {
            HeadlineState::DegradedPerformance
        } else if any(Status::Suspected) {
            HeadlineState::Suspected
        } else if incidents.any(is_quiet) {
            HeadlineState::Incident
        } else if any(Status::Unknown) {
            HeadlineState::Unknown
        } else if any(Status::UnderMaintenance) {
            HeadlineState::Maintenance
        } else if components.iter().any(|it| !it.is_fresh)
            || self.site.signals.iter().any(|it| !confirms(self, it, at))
        {
            HeadlineState::NoKnownProblems
        } else {
            HeadlineState::AllClear
        }
    }

    /// The components of a signal that breaches although nothing covers them.
    pub(super) fn uncovered(self, signal: &crate::site::signal::Signal) -> BTreeSet<usize> {
        if breaches_since(self, signal, self.now).is_none() {
            return BTreeSet::new();
        }
        let components = signal.components.iter().map(|it| it.0);
        components
            .filter(|it| {
                let known = self.component(*it, self.now);
                match signal.region {
                    None => !known.is_covered,
                    Some(region) => !known.covered.contains(&Some(region.0)),
                }
            })
            .collect()
    }
}
