//! Everything that follows from a site at an instant, computed once for all pages and languages.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};

use self::breach::SignalStatus;
use self::facts::Facts;
use self::history::{HistoryEntry, Month};
use self::latency::ComponentLatency;
use self::observed::Coverage;
use self::occurrence::{Occurrence, OccurrenceIndex};
use self::response::{Overview, Response};
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::post::PostIndex;
use crate::site::update::Update;
use crate::site::vocabulary::{State, Status};
use crate::time::Instant;

pub mod breach;
mod component;
mod component_days;
mod condition;
pub mod course;
mod facts;
mod family;
mod forecast;
mod headline;
pub mod history;
mod intervention;
pub mod latency;
#[cfg(test)]
mod model;
mod next_change;
mod observed;
pub mod occurrence;
mod period;
mod post;
mod quorum;
mod region;
pub mod response;
mod shortest;
pub mod snapshot;
mod timeline;
pub mod uptime;

pub use self::component::{Claim, ComponentNow, Confined, EvidenceNow, OperatorWord, RegionNow};
pub use self::component_days::{ComponentDays, ComponentMonth, DAYS};
pub use self::condition::{Condition, Conditions};
pub use self::course::Places;
pub use self::forecast::{Forecast, HORIZON};
pub use self::headline::{Headline, HeadlineState, Indicator};
pub use self::intervention::{ComponentOverride, Interventions, PostCorrection, SourceSilence};
pub use self::period::LOOK_BACK;
pub use self::post::PostStatus;
pub use self::shortest::{RECORDED, shortest};
pub use self::snapshot::{Contradiction, Snapshot};
pub use self::timeline::{Segment, Timeline};

/// The status of a site at an instant: everything that follows from it, each thing once.
#[derive(Debug)]
pub struct SiteStatus {
    /// The state of everything at that instant.
    pub snapshot: Snapshot,
    /// The forecast: what follows if nothing new is reported.
    pub forecast: Forecast,
    /// The signals, in the order of [`Site::signals`].
    pub signals: Vec<SignalStatus>,
    /// The components, in the order of [`Site::components`].
    pub components: Vec<ComponentDays>,
    /// The latency of the components, in the order of [`Site::components`].
    pub latency: Vec<ComponentLatency>,
    /// The posts, in the order of [`Site::posts`].
    pub posts: Vec<PostStatus>,
    /// The occurrences of all posts, in the order of [`Site::posts`], and of each soonest first.
    pub occurrences: Vec<Occurrence>,
    /// The response of the team to each occurrence, in the order of `occurrences`.
    pub responses: Vec<Response>,
    /// The response times of the last 365 days.
    pub year: Overview,
    /// The history, newest first: what is still to come is no part of it.
    pub entries: Vec<HistoryEntry>,
    /// The history by month, newest first, without months in which nothing happened.
    pub months: Vec<Month>,
    /// The history of the last [`RECENT_DAYS`](history::RECENT_DAYS), newest first.
    pub recent_days: Vec<history::HistoryDay>,
    /// The days on which some component has trouble, or a doubt, that no incident tells of.
    pub unreported: BTreeSet<NaiveDate>,
    /// The interventions of people in what the page says.
    pub interventions: Interventions,
}

impl SiteStatus {
    /// The status of a site at `now`.
    pub fn new(site: &Site, now: Instant) -> Self {
        let occurrences = occurrence::occurrences(site, now);
        let first_look = response::first_look(site, &occurrences, now);
        let signals = breach::signals(site, first_look, now);
        let facts = Facts {
            site,
            now,
            occurrences: &occurrences,
            coverage: &Coverage::new(site, now),
            signals: &signals,
        };
        let mut snapshot = snapshot::snapshot(facts);
        let forecast = forecast::forecast(facts, &snapshot);
        if snapshot.headline.state == HeadlineState::AllClear {
            snapshot.headline.valid_until = forecast.end();
        }
        let responses = response::responses(facts);
        let year = response::overview(facts, &responses, now - TimeDelta::days(365));
        let entries = history::entries(facts);
        let posts = post::posts(facts);
        let components = component_days::component_days(facts, &snapshot, &entries);
        let unreported = component_days::unreported(&components, site);
        Self {
            components,
            latency: latency::latency(site, now),
            forecast,
            responses,
            year,
            months: history::months(facts, &entries, &unreported),
            recent_days: history::recent_days(facts, &entries),
            entries,
            unreported,
            interventions: intervention::interventions(facts, &snapshot.components, &posts),
            posts,
            snapshot,
            occurrences,
            signals,
        }
    }

    /// The instant until which it is known that a component works: its evidence runs out then, or a window opens before.
    pub fn good_until(&self, ComponentIndex(at): ComponentIndex) -> Option<Instant> {
        let component = &self.snapshot.components[at];
        let evidence = component.evidence.as_ref();
        let valid_until = evidence.and_then(|evidence| evidence.valid_until);
        let until = valid_until.filter(|_| component.status == Status::Operational)?;
        let first_change = self.forecast.components[at].first();
        Some(first_change.map_or(until, |segment| segment.interval.start().min(until)))
    }

    /// An occurrence.
    pub fn occurrence(&self, index: OccurrenceIndex) -> &Occurrence {
        &self.occurrences[index.0]
    }

    /// The response of the team to an occurrence.
    pub fn response(&self, index: OccurrenceIndex) -> &Response {
        &self.responses[index.0]
    }

    /// The occurrences that have a page: of each published post the one that its page shows.
    pub fn pages(&self) -> impl Iterator<Item = OccurrenceIndex> {
        self.posts.iter().filter_map(|post| post.shown)
    }

    /// The occurrences of a post, soonest first.
    pub fn of_post(&self, post: PostIndex) -> &[Occurrence] {
        &self.occurrences[self.posts[post.0].occurrences.clone()]
    }

    /// The published updates of a post, oldest first.
    pub fn published<'a>(&self, site: &'a Site, post: PostIndex) -> &'a [Update] {
        &site.post(post).updates[..self.posts[post.0].published]
    }

    /// The state of an occurrence right after each of its published updates, oldest first; nothing for a notice.
    pub fn states(&self, site: &Site, index: OccurrenceIndex) -> Vec<State> {
        course::states(self.occurrence(index).statement(site), self.now())
    }

    /// Whether a maintenance is published.
    pub fn has_maintenances(&self, site: &Site) -> bool {
        let mut published = self.pages().map(|it| self.occurrence(it).post);
        published.any(|post| site.post(post).maintenance().is_some())
    }

    /// The instant.
    pub fn now(&self) -> Instant {
        self.snapshot.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixtures::{at, incident, maintenance, site, update};
    use crate::site::vocabulary::State::{Investigating, Monitoring, Resolved};
    use crate::site::vocabulary::Status::MajorOutage;

    #[test]
    fn what_belongs_to_a_post_is_found_by_its_index() {
        let updates = [
            update(Investigating, at("10:00"), &[]),
            update(Monitoring, at("11:00"), &[]),
            update(Resolved, at("13:00"), &[]),
        ];
        let site = site(1)
            .with(incident(at("12:30"), &[], &[]))
            .with(incident(at("10:00"), &[(0, MajorOutage)], &updates))
            .with(maintenance(at("29 10:00"), at("29 11:00"), &[0], &[]));
        let status = SiteStatus::new(&site, at("12:00"));
        assert_eq!(status.now(), at("12:00"));
        let pages: Vec<usize> = status.pages().map(|index| index.0).collect();
        assert_eq!(pages, [1, 2]);
        assert_eq!(status.of_post(PostIndex(1)).len(), 1);
        let occurrence = &status.of_post(PostIndex(1))[0];
        assert_eq!(occurrence.course.start, at("10:00"));
        assert_eq!(status.published(&site, PostIndex(1)).len(), 2);
        assert_eq!(occurrence.published(&site).len(), 2);
        let states = status.states(&site, OccurrenceIndex(1));
        assert_eq!(states, [Investigating, Monitoring]);
        let times = status.response(OccurrenceIndex(1)).times.as_ref();
        assert_eq!(times.map(|it| it.started), Some(at("10:00")));
        assert!(status.has_maintenances(&site));
    }

    #[test]
    fn a_site_without_maintenances_has_none() {
        let site = site(1).with(incident(at("10:00"), &[], &[]));
        assert!(!SiteStatus::new(&site, at("12:00")).has_maintenances(&site));
    }
}
