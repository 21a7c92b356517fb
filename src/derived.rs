//! Everything that follows from a site at an instant, computed once for all pages and languages.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::component::{ComponentIndex, Status};
use crate::course;
use crate::history;
use crate::interval::Interval;
use crate::site::Site;
use crate::status::{self, Snapshot};
use crate::time::Instant;
use crate::uptime::{self, Day, Uptime};

/// How many days bars and uptime cover.
pub const DAYS: u32 = 90;

/// What follows from a site at an instant.
#[derive(Debug)]
pub struct Derived {
    /// The instant.
    pub now: Instant,
    /// The state of everything at that instant.
    pub snapshot: Snapshot,
    /// Of each component.
    pub components: Vec<ComponentDays>,
    /// Of each incident of the site, in its order.
    pub courses: Vec<Course>,
    /// The published incidents, newest first.
    pub newest: Vec<usize>,
}

/// The last days of a component.
#[derive(Debug)]
pub struct ComponentDays {
    /// Oldest first, ending today.
    pub days: Vec<Day>,
    /// Over all of them.
    pub uptime: Uptime,
    /// Which incident touched it most on a day, by day: what the bar of that day leads to.
    pub causes: BTreeMap<NaiveDate, usize>,
}

/// The course of an incident so far.
#[derive(Debug)]
pub struct Course {
    /// Its last state.
    pub state: crate::update::State,
    /// Whether it is going on.
    pub open: bool,
    /// When it began, or its window opens.
    pub start: Instant,
    /// When it was over, or its window closes.
    pub end: Option<Instant>,
    /// How many of its updates are published.
    pub published: usize,
    /// What it promised last, and has not kept yet.
    pub next_update: Option<Instant>,
    /// The worst status that it gave each of its components.
    pub worst: Vec<(ComponentIndex, Status)>,
    /// The status that it gives each of its components now.
    pub present: Vec<(ComponentIndex, Status)>,
}

impl Derived {
    /// Computes it.
    pub fn new(site: &Site, now: Instant) -> Self {
        let today = now.with_timezone(&site.time_zone).date_naive();
        let from = uptime::start_of(today - chrono::Days::new(u64::from(DAYS) - 1), site.time_zone);
        let timelines = status::timelines(site, from, now);
        let mut components: Vec<ComponentDays> = timelines
            .iter()
            .zip(&site.components)
            .map(|(timeline, component)| {
                let days = uptime::days(timeline, site.time_zone, today, DAYS, component.since);
                let uptime = uptime::uptime(&days, &site.weights);
                ComponentDays { days, uptime, causes: BTreeMap::new() }
            })
            .collect();
        let courses: Vec<Course> = site.incidents.iter().map(|incident| Course::new(incident, now)).collect();
        let mut severities: BTreeMap<(ComponentIndex, NaiveDate), Status> = BTreeMap::new();
        for (index, incident) in site.incidents.iter().enumerate() {
            let recent = courses[index].end.is_none_or(|end| end > from);
            if !recent {
                continue;
            }
            for effect in course::effects(incident, now) {
                let days = days_of(effect.interval, site.time_zone, from);
                for day in days {
                    let worst = severities.entry((effect.component, day)).or_insert(Status::Operational);
                    if effect.status > *worst {
                        *worst = effect.status;
                        components[effect.component.0].causes.insert(day, index);
                    }
                }
            }
        }
        let newest = history::newest_first(site, now);
        Self {
            now,
            snapshot: status::snapshot(site, now),
            components,
            courses,
            newest,
        }
    }
}

impl Course {
    fn new(incident: &crate::incident::Incident, now: Instant) -> Self {
        let (start, end) = course::span(incident, now);
        Self {
            state: course::state(incident, now),
            open: course::is_open(incident, now),
            start,
            end,
            published: incident.updates.partition_point(|update| update.at <= now),
            next_update: course::next_update(incident, now),
            worst: course::worst(incident, now),
            present: course::present(incident, now),
        }
    }
}

/// The days that an interval touches, from the day of `from` on.
fn days_of(interval: Interval, zone: chrono_tz::Tz, from: Instant) -> impl Iterator<Item = NaiveDate> {
    let first = interval.start().max(from).with_timezone(&zone).date_naive();
    let last = (interval.end() - chrono::TimeDelta::nanoseconds(1)).with_timezone(&zone).date_naive();
    first.iter_days().take_while(move |day| *day <= last)
}
