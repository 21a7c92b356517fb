//! Everything that follows from a site at an instant, computed once for all pages and languages.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use self::breach::SignalStatus;
use self::course::Effect;
use self::history::{Entry, Month};
use self::known::Known;
use self::observed::Coverage;
use self::occurrence::{Occurrence, OccurrenceIndex};
use self::response::{Overview, Response};
use self::uptime::{Day, Uptime};
use crate::site::Site;
use crate::site::component::{ComponentIndex, Status};
use crate::site::post::PostIndex;
use crate::site::update::{State, Update};
use crate::time::{Instant, calendar};

pub mod breach;
mod component;
pub mod course;
mod forecast;
mod headline;
pub mod history;
mod known;
#[cfg(test)]
mod model;
mod observed;
pub mod occurrence;
mod period;
pub mod response;
pub mod snapshot;
mod timeline;
pub mod uptime;

pub use self::component::{Claim, ComponentNow, EvidenceNow, OperatorNow};
pub use self::forecast::{Forecast, HORIZON};
pub use self::headline::{Headline, HeadlineState, Indicator};
pub use self::period::LOOK_BACK;
pub use self::snapshot::{Contradiction, Snapshot};
pub use self::timeline::{Segment, Timeline};

/// How many days bars and uptime cover.
pub const DAYS: u32 = 90;
/// How many months are known of each component, this one included.
const MONTHS: u32 = 12;

/// What follows from a site at an instant.
#[derive(Debug)]
pub struct SiteStatus {
    /// The state of everything at that instant.
    pub snapshot: Snapshot,
    /// What it will be if nothing new comes.
    pub forecast: Forecast,
    /// The signals, in the order of [`Site::signals`].
    pub signals: Vec<SignalStatus>,
    /// The components, in the order of [`Site::components`].
    pub components: Vec<ComponentDays>,
    /// The posts, in the order of [`Site::posts`].
    pub posts: Vec<PostStatus>,
    /// The occurrences of all posts, in the order of [`Site::posts`], and of each soonest first.
    pub occurrences: Vec<Occurrence>,
    /// How the team responded to each occurrence.
    pub responses: Vec<Response>,
    /// The response times of the last 365 days.
    pub year: Overview,
    /// The history, newest first: what is still to come is no part of it.
    pub entries: Vec<Entry>,
    /// The history by month, newest first, without months in which nothing began.
    pub months: Vec<Month>,
    /// The history of the last [`RECENT_DAYS`](history::RECENT_DAYS), newest first.
    pub recent_days: Vec<history::Day>,
}

/// A post at an instant.
#[derive(Debug)]
pub struct PostStatus {
    /// Its occurrences, as indices into [`SiteStatus::occurrences`]: more than one where it is a maintenance
    /// that repeats.
    pub occurrences: Range<usize>,
    /// The occurrence that its page shows: the one that is under way, or else the next one, or else the last
    /// one; `None` where it is not published and has no page.
    pub shown: Option<OccurrenceIndex>,
    /// How many of its updates are published.
    pub published: usize,
}

/// The last twelve months of a component.
#[derive(Debug)]
pub struct ComponentDays {
    /// Its days, oldest first, from the first day of a month up to today.
    pub year: Vec<Day>,
    /// Its uptime over the last [`DAYS`] days.
    pub uptime: Uptime,
    /// The post that touched it worst on a day: what the bar of that day leads to.
    pub causes: BTreeMap<NaiveDate, PostIndex>,
    /// The history of what names it, newest first.
    pub entries: Vec<Entry>,
}

impl ComponentDays {
    /// The last [`DAYS`] days, oldest first, ending today.
    pub fn days(&self) -> &[Day] {
        last_days(&self.year)
    }
}

fn last_days(year: &[Day]) -> &[Day] {
    &year[year.len().saturating_sub(DAYS as usize)..]
}

impl SiteStatus {
    /// What follows from a site at `now`.
    pub fn new(site: &Site, now: Instant) -> Self {
        let occurrences = occurrence::occurrences(site, now);
        let first_look = response::first_look(site, &occurrences, now);
        let signals = breach::signals(site, first_look, now);
        let known = Known {
            site,
            now,
            occurrences: &occurrences,
            coverage: &Coverage::new(site, now),
            signals: &signals,
        };
        let snapshot = snapshot::snapshot(known);
        let forecast = forecast::forecast(known, &snapshot);
        let responses = response::responses(known);
        let year = response::overview(known, &responses, now - TimeDelta::days(365));
        let entries = history::entries(&occurrences, site.time_zone, now);
        let today = calendar::date(now, site.time_zone);
        Self {
            components: components(known, &snapshot, &entries),
            forecast,
            responses,
            year,
            months: history::months(&entries, site.time_zone),
            recent_days: history::recent_days(&entries, site.time_zone, today),
            entries,
            posts: posts(site, &occurrences),
            snapshot,
            occurrences,
            signals,
        }
    }

    /// An occurrence.
    pub fn occurrence(&self, index: OccurrenceIndex) -> &Occurrence {
        &self.occurrences[index.0]
    }

    /// How the team responded to an occurrence.
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

/// The posts of a site with the occurrences of all of them.
fn posts(site: &Site, occurrences: &[Occurrence]) -> Vec<PostStatus> {
    let mut start = 0;
    let posts = (0..site.posts.len()).map(|post| {
        let left = &occurrences[start..];
        let count = left.partition_point(|it| it.post <= PostIndex(post));
        let of_post = start..start + count;
        start = of_post.end;
        PostStatus {
            shown: shown(occurrences, of_post.clone()),
            published: (occurrences[of_post.clone()].iter())
                .map(|occurrence| occurrence.course.published)
                .sum(),
            occurrences: of_post,
        }
    });
    posts.collect()
}

/// The occurrence that the page of a post shows.
fn shown(occurrences: &[Occurrence], of_post: Range<usize>) -> Option<OccurrenceIndex> {
    let published = || {
        of_post
            .clone()
            .filter(|it| occurrences[*it].course.is_published)
    };
    let is_open = |index: &usize| occurrences[*index].course.is_open;
    let is_to_come = |index: &usize| occurrences[*index].course.state == Some(State::Scheduled);
    published()
        .find(is_open)
        .or_else(|| published().find(is_to_come))
        .or_else(|| published().next_back())
        .map(OccurrenceIndex)
}

/// The last twelve months of each component.
fn components(known: Known<'_>, snapshot: &Snapshot, entries: &[Entry]) -> Vec<ComponentDays> {
    let Known { site, now, .. } = known;
    let today = calendar::date(now, site.time_zone);
    let first = first_day(today);
    let count = (today - first).num_days() + 1;
    let count = u32::try_from(count).unwrap_or(DAYS);
    let calendar = calendar::calendar(today, count, site.time_zone);
    let causes = causes(known, now - TimeDelta::days(i64::from(count)));
    let entries = history::by_component(site.components.len(), entries, known.occurrences);
    let components = snapshot.timelines.iter().zip(&site.components);
    (components.zip(causes).zip(entries))
        .map(|(((timeline, component), causes), entries)| {
            let year = uptime::days(timeline, &calendar, component.since);
            ComponentDays {
                uptime: uptime::uptime(last_days(&year), &site.weights),
                year,
                causes,
                entries,
            }
        })
        .collect()
}

/// The first day of the first of the last [`MONTHS`] months.
fn first_day(today: NaiveDate) -> NaiveDate {
    let this_month = today.with_day(1).unwrap_or(today);
    let first = this_month.checked_sub_months(Months::new(MONTHS - 1));
    first.unwrap_or(this_month)
}

/// The post that touched each component worst on each day from `first` on.
fn causes(known: Known<'_>, first: Instant) -> Vec<BTreeMap<NaiveDate, PostIndex>> {
    let mut causes = vec![BTreeMap::new(); known.site.components.len()];
    let mut worst: BTreeMap<(ComponentIndex, NaiveDate), Status> = BTreeMap::new();
    let is_recent = |it: &&Occurrence| it.course.end.is_none_or(|end| end > first);
    for occurrence in known.occurrences.iter().filter(is_recent) {
        for effect in &occurrence.course.effects {
            for day in days_of(effect, known, first) {
                let worst = worst
                    .entry((effect.component, day))
                    .or_insert(Status::Operational);
                if effect.status > *worst {
                    *worst = effect.status;
                    causes[effect.component.0].insert(day, occurrence.post);
                }
            }
        }
    }
    causes
}

/// The days that an effect touches, from `first` on.
fn days_of(effect: &Effect, known: Known<'_>, first: Instant) -> impl Iterator<Item = NaiveDate> {
    let (zone, now) = (known.site.time_zone, known.now);
    let start = calendar::date(effect.from.max(first), zone);
    // The last instant before the end: an effect up to midnight does not touch the next day.
    let end = calendar::date(
        effect.until.unwrap_or(now).min(now) - TimeDelta::nanoseconds(1),
        zone,
    );
    start.iter_days().take_while(move |day| *day <= end)
}
