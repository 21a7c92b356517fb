//! The days that an occurrence touched: those on which it went on, and those on which it was updated.

use std::ops::RangeInclusive;

use chrono::{NaiveDate, TimeDelta};

use crate::site::Site;
use crate::site::post::Kind;
use crate::site::update::Update;
use crate::site::vocabulary::State;
use crate::status::course::Course;
use crate::status::occurrence::Occurrence;
use crate::time::{Instant, calendar};

/// The days that an occurrence touched, in the site's zone.
#[derive(Debug)]
pub(super) struct Touch {
    /// The days on which it went on, oldest first. A notice tells something on the day on which it begins.
    pub(super) went_on: Vec<RangeInclusive<NaiveDate>>,
    /// Its published updates, oldest first.
    pub(super) updates: Vec<Posted>,
}

/// An update on its day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Posted {
    pub(super) at: Instant,
    pub(super) day: NaiveDate,
    pub(super) state: State,
}

impl Touch {
    /// The days that an occurrence has touched up to `now`.
    pub(super) fn new(occurrence: &Occurrence, site: &Site, now: Instant) -> Self {
        let zone = site.settings.time_zone;
        let updates = occurrence.published(site);
        let course = &occurrence.course;
        let spans = match site.post(occurrence.post).kind {
            Kind::Incident(_) => open_spans(course, updates),
            Kind::Maintenance(_) if course.entered < course.start => Vec::new(),
            Kind::Maintenance(_) => vec![(course.start, course.end)],
            Kind::Notice(_) => vec![(course.start, Some(course.start))],
        };
        let begun = spans.into_iter().filter(|(start, _)| *start <= now);
        let days = begun.map(|(start, end)| {
            let first = calendar::date(start, zone);
            // What ends at midnight does not touch the next day.
            let end = end.unwrap_or(now).min(now) - TimeDelta::nanoseconds(1);
            first..=calendar::date(end, zone).max(first)
        });
        Self {
            went_on: days.collect(),
            updates: (updates.iter())
                .map(|update| Posted {
                    at: update.at,
                    day: calendar::date(update.at, zone),
                    state: update.state,
                })
                .collect(),
        }
    }

    /// Whether it went on on a day.
    pub(super) fn is_on(&self, day: NaiveDate) -> bool {
        self.went_on.iter().any(|days| days.contains(&day))
    }

    /// The states of the updates of a day, oldest first.
    pub(super) fn states(&self, day: NaiveDate) -> Vec<State> {
        let of_day = self.updates.iter().filter(|it| it.day == day);
        of_day.map(|it| it.state).collect()
    }
}

/// The times in which an incident was open, oldest first; the last one has no end while it is.
fn open_spans(course: &Course, updates: &[Update]) -> Vec<(Instant, Option<Instant>)> {
    let mut spans = Vec::new();
    let mut open = Some(course.start);
    for update in updates {
        let at = update.at.max(course.start);
        if course.end.is_some_and(|end| end < at) {
            break;
        }
        if update.state.ends_incident() {
            spans.extend(open.take().map(|since| (since, Some(at))));
        } else if update.state != State::Update {
            open.get_or_insert(at);
        }
    }
    spans.extend(open.map(|since| (since, course.end)));
    spans
}
