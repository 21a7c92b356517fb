//! The rules as prose has them, read at one instant: every question walks through the whole site again.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{breaches_since, by_quorum, confirms};
use super::work::Work;
use crate::site::Site;
use crate::site::post::{Kind, Post};
use crate::site::update::Update;
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Known {
    /// Its status.
    pub(super) status: Status,
    /// The status that uptime counts.
    pub(super) counted: Status,
    /// Whether fresh evidence covers it.
    pub(super) is_fresh: bool,
    /// Whether an open incident names it, or a maintenance under way has it.
    pub(super) is_covered: bool,
}

/// An incident that is open.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OpenIncident {
    /// Its state.
    pub(super) state: State,
    /// The statuses of its components.
    pub(super) statuses: BTreeMap<usize, Status>,
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
        let first = incident.components.iter();
        let mut open = OpenIncident {
            state: State::Investigating,
            statuses: first.map(|(it, status)| (it.0, *status)).collect(),
        };
        for update in self.updates(post, at) {
            if update.state != State::Update {
                open.state = update.state;
            }
            let changes = update.changes.iter();
            open.statuses
                .extend(changes.map(|(it, status)| (it.0, *status)));
            if open.state.ends_incident() {
                for status in open.statuses.values_mut() {
                    *status = Status::Operational;
                }
            }
        }
        (!open.state.ends_incident()).then_some(open)
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
        let worst = statuses.map(|it| it.1).max();
        let by_worst = Impact::of(worst.unwrap_or(Status::Operational));
        Some(incident.impact.unwrap_or(by_worst))
    }

    /// A component at `at`.
    pub(super) fn component(self, component: usize, at: Instant) -> Known {
        let incidents = self.posts().filter_map(|it| self.open_incident(it, at));
        let said: Vec<Option<Status>> = incidents
            .map(|it| it.statuses.get(&component).copied())
            .collect();
        let is_named = said.iter().any(Option::is_some);
        let (mut is_shut, mut is_excused) = (false, false);
        for work in self.works() {
            is_shut |= work.under_maintenance(at, self.now).contains(&component);
            is_excused |= work.excused(at, self.now).contains(&component);
        }
        let is_covered = is_named || is_excused;

        let fresh = self.fresh(component, at);
        let quorum = self.site.components[component].quorum;
        let mut evidence = by_quorum(&fresh, quorum);
        if is_excused {
            evidence = evidence.map(|it| it.min(Status::UnderMaintenance));
        }
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
            signal.components.iter().any(|it| it.0 == component)
                && breaches_since(self, signal, at).is_some()
        });
        let suspected = (breached && !is_covered).then_some(Status::Suspected);
        let shut = is_shut.then_some(Status::UnderMaintenance);
        let others = said.into_iter().chain([shut, suspected]).flatten().max();
        let worst = |status: Status| others.map_or(status, |other| other.max(status));
        Known {
            status: worst(status),
            counted: worst(counted),
            is_fresh: !fresh.is_empty(),
            is_covered,
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
            .filter(|it| !self.component(*it, self.now).is_covered)
            .collect()
    }
}
