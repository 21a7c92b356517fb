//! Everything that follows from a site at an instant, computed once for all pages and languages.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use self::course::{Affected, Effect};
use self::history::Entry;
use self::uptime::{Day, Uptime};
use crate::site::Site;
use crate::site::component::{ComponentIndex, Status};
use crate::site::post::Post;
use crate::site::update::State;
use crate::time::{Instant, calendar};

pub mod breach;
mod component;
pub mod course;
mod forecast;
mod headline;
pub mod history;
#[cfg(test)]
mod model;
mod observed;
pub mod occurrence;
pub mod response;
pub mod snapshot;
mod timeline;
pub mod uptime;

pub use self::component::{Claim, ComponentNow, EvidenceNow, OperatorNow};
pub use self::forecast::{Forecast, HORIZON};
pub use self::headline::{Headline, HeadlineState, Indicator};
pub use self::snapshot::{Contradiction, Snapshot, snapshot};
pub use self::timeline::{LOOK_BACK, Segment, Timeline, timelines};

/// How many days bars and uptime cover.
pub const DAYS: u32 = 90;
/// How many months are known of each component, this one included.
const MONTHS: u32 = 12;

/// What follows from a site at an instant.
#[derive(Debug)]
pub struct SiteStatus {
    /// The state of everything at that instant.
    pub snapshot: Snapshot,
    /// Of each component, in the order of [`Site::components`].
    pub components: Vec<ComponentDays>,
    /// Of each incident, in the order of [`Site::incidents`].
    pub courses: Vec<Course>,
    /// What readers may see: as indices into [`Site::incidents`].
    pub published: Vec<usize>,
    /// The part of it that has a page: of a maintenance that repeats, the occurrence that is under way, or
    /// else the next one, or else the last one.
    pub pages: Vec<usize>,
    /// The part of it that is history, newest first: what is still to come is not.
    pub entries: Vec<Entry>,
}

/// The last twelve months of a component.
#[derive(Debug)]
pub struct ComponentDays {
    /// Oldest first, from the first day of a month up to today.
    pub year: Vec<Day>,
    /// Over the last [`DAYS`] days.
    pub uptime: Uptime,
    /// Which incident touched it worst on a day: what the bar of that day leads to.
    pub causes: BTreeMap<NaiveDate, usize>,
}

/// The course of an incident so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Its state; `None` for a notice.
    pub state: Option<State>,
    /// Whether it is going on.
    pub open: bool,
    /// When it began, or will.
    pub start: Instant,
    /// When it was over, or will be.
    pub end: Option<Instant>,
    /// How many of its updates are published.
    pub published: usize,
    /// When the next update is promised for.
    pub next_update: Option<Instant>,
    /// What it makes of each component that it names.
    pub affected: Vec<Affected>,
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
    /// Computes it.
    pub fn new(site: &Site, now: Instant) -> Self {
        let snapshot = snapshot::snapshot(site, now);
        let today = calendar::date(now, site.time_zone);
        let first = first_day(today);
        let count = (today - first).num_days() + 1;
        let count = u32::try_from(count).unwrap_or(DAYS);
        let calendar = calendar::calendar(today, count, site.time_zone);
        let mut components: Vec<ComponentDays> = snapshot
            .timelines
            .iter()
            .zip(&site.components)
            .map(|(timeline, component)| {
                let year = uptime::days(timeline, &calendar, component.since);
                let uptime = uptime::uptime(last_days(&year), &site.weights);
                ComponentDays {
                    year,
                    uptime,
                    causes: BTreeMap::new(),
                }
            })
            .collect();
        let courses: Vec<Course> = site
            .posts
            .par_iter()
            .map(|incident| Course::new(incident, now))
            .collect();
        let first = now - TimeDelta::days(i64::from(count));
        let recent = |course: &Course| course.end.is_none_or(|end| end > first);
        let mut worst: BTreeMap<(ComponentIndex, NaiveDate), Status> = BTreeMap::new();
        for (index, incident) in site
            .posts
            .iter()
            .enumerate()
            .filter(|(index, _)| recent(&courses[*index]))
        {
            for effect in course::effects(incident, now) {
                for day in days_of(&effect, site, first, now) {
                    let known = worst
                        .entry((effect.component, day))
                        .or_insert(Status::Operational);
                    if effect.status > *known {
                        *known = effect.status;
                        components[effect.component.0].causes.insert(day, index);
                    }
                }
            }
        }
        let published: Vec<usize> = (0..site.posts.len())
            .filter(|index| course::is_published(&site.posts[*index], now))
            .collect();
        Self {
            pages: pages(site, &published, &courses),
            published,
            entries: history::entries(site, now),
            snapshot,
            components,
            courses,
        }
    }

    /// Whether a maintenance is published.
    pub fn has_maintenances(&self, site: &Site) -> bool {
        let mut pages = self.pages.iter();
        pages.any(|index| site.posts[*index].maintenance().is_some())
    }

    /// The instant.
    pub fn now(&self) -> Instant {
        self.snapshot.now
    }
}

/// One of each slug.
fn pages(site: &Site, published: &[usize], courses: &[Course]) -> Vec<usize> {
    let slug = |index: &usize| &site.posts[*index].slug;
    let of_one_file = published.chunk_by(|a, b| slug(a) == slug(b));
    let page = |occurrences: &[usize]| {
        let find = |wanted: &dyn Fn(&Course) -> bool| {
            let mut found = occurrences.iter().filter(|index| wanted(&courses[**index]));
            found.next().copied()
        };
        find(&|course| course.open)
            .or_else(|| find(&|course| course.state == Some(State::Scheduled)))
            .or(occurrences.last().copied())
    };
    of_one_file.filter_map(page).collect()
}

/// The first day of the first of the last [`MONTHS`] months.
fn first_day(today: NaiveDate) -> NaiveDate {
    let this_month = today.with_day(1).unwrap_or(today);
    let first = this_month.checked_sub_months(Months::new(MONTHS - 1));
    first.unwrap_or(this_month)
}

impl Course {
    fn new(post: &Post, now: Instant) -> Self {
        let (start, end) = course::span(post, now);
        Self {
            state: course::state(post, now),
            open: course::is_open(post, now),
            start,
            end,
            published: course::published(post, now).len(),
            next_update: course::next_update(post, now),
            affected: course::affected(post, now),
        }
    }
}

/// The days that an effect touches, from `first` up to `now`.
fn days_of(
    effect: &Effect,
    site: &Site,
    first: Instant,
    now: Instant,
) -> impl Iterator<Item = NaiveDate> {
    let zone = site.time_zone;
    let start = calendar::date(effect.from.max(first), zone);
    // The last instant before the end: an effect up to midnight does not touch the next day.
    let end = calendar::date(
        effect.until.unwrap_or(now).min(now) - TimeDelta::nanoseconds(1),
        zone,
    );
    start.iter_days().take_while(move |day| *day <= end)
}
