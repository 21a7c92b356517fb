//! Uptime, counted step by step.

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};

use super::reading::Reading;
use super::{STEP, step};
use crate::site::post::{Kind, Post};
use crate::site::vocabulary::Status;
use crate::status::uptime::{ComponentDay, Uptime};
use crate::time::{Instant, on_the_wall};

/// The number of days of which an uptime speaks.
const DAYS: u64 = 90;

/// The step before which nothing happens.
const BEFORE: i64 = -150;

/// The parts of some time that counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Counted {
    total: TimeDelta,
    unknown: TimeDelta,
    major: TimeDelta,
    partial: TimeDelta,
    /// The uptime in millionths, where enough is known.
    ratio: Option<i64>,
}

impl Counted {
    fn none() -> Self {
        Self {
            total: TimeDelta::zero(),
            unknown: TimeDelta::zero(),
            major: TimeDelta::zero(),
            partial: TimeDelta::zero(),
            ratio: None,
        }
    }

    /// What the site's status says.
    pub(super) fn of(uptime: &Uptime) -> Self {
        Self {
            total: uptime.durations.total(),
            unknown: uptime.durations.unknown(),
            major: uptime.durations.of(Status::MajorOutage),
            partial: uptime.durations.of(Status::PartialOutage),
            ratio: uptime.ratio.map(millionths),
        }
    }

    /// What it says of a day; a day has no percentage here.
    pub(super) fn of_day(day: &ComponentDay) -> Self {
        Self {
            total: day.durations.total(),
            unknown: day.durations.unknown(),
            major: day.durations.of(Status::MajorOutage),
            partial: day.durations.of(Status::PartialOutage),
            ratio: None,
        }
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "a share has seven digits here"
)]
fn millionths(ratio: f64) -> i64 {
    (ratio * 1e6).round() as i64
}

/// The uptime of a component over the last days.
pub(super) fn uptime(reading: Reading<'_>, component: usize) -> Counted {
    let zone = reading.site.settings.time_zone;
    let today = reading.now.with_timezone(&zone).date_naive();
    let first = today - Days::new(DAYS - 1);
    let mut sum = Counted::none();
    for day in first.iter_days().take_while(|day| *day <= today) {
        let counted = of_day(reading, component, day);
        sum.total += counted.total;
        sum.unknown += counted.unknown;
        sum.major += counted.major;
        sum.partial += counted.partial;
    }
    let known = sum.total - sum.unknown;
    if known >= TimeDelta::days(1) && known * 10 >= sum.total {
        let down = sum.major.as_seconds_f64() + 0.3 * sum.partial.as_seconds_f64();
        sum.ratio = Some(millionths(1.0 - down / known.as_seconds_f64()));
    }
    sum
}

/// A day of a component; nothing of it counts before the first that does.
pub(super) fn of_day(reading: Reading<'_>, component: usize, day: NaiveDate) -> Counted {
    let mut sum = Counted::none();
    let zone = reading.site.settings.time_zone;
    let said = reading.site.components[component].since;
    let known = first_known(reading).map(|at| at.with_timezone(&zone).date_naive());
    if said.or(known).is_none_or(|first| day < first) {
        return sum;
    }
    let midnight = |day: NaiveDate| on_the_wall(day.and_time(NaiveTime::MIN), zone);
    let (Some(start), Some(end)) = (midnight(day), day.succ_opt().and_then(midnight)) else {
        return sum;
    };
    let end = end.min(reading.now);
    let mut at = start;
    while at < end {
        // Midnight may lie within a step.
        let next = match end <= step(BEFORE) {
            true => end,
            false => (floor(at) + STEP).min(end),
        };
        let length = next - at;
        sum.total += length;
        match reading.component(component, floor(at)).counted {
            Status::Unknown => sum.unknown += length,
            Status::MajorOutage => sum.major += length,
            Status::PartialOutage => sum.partial += length,
            _ => {}
        }
        at = next;
    }
    sum
}

/// The step in which an instant lies.
fn floor(at: Instant) -> Instant {
    at - TimeDelta::seconds(at.timestamp().rem_euclid(STEP.num_seconds()))
}

/// The first instant of which the site's files know anything.
fn first_known(reading: Reading<'_>) -> Option<Instant> {
    let sources = reading.site.sources.iter();
    let observed = sources.flat_map(|source| {
        let components = 0..reading.site.components.len();
        components.filter_map(move |component| reading.first_believed(source, component))
    });
    let begun = |post: &Post| match &post.kind {
        Kind::Incident(incident) => incident.started,
        Kind::Maintenance(maintenance) => maintenance.window.starts(),
        Kind::Notice(notice) => notice.starts,
    };
    let posted = reading.posts().flat_map(|post| {
        let announced = post.updates.first().map(|it| it.at);
        [Some(begun(post)), announced]
    });
    let known = posted.flatten().chain(observed);
    known.filter(|at| *at <= reading.now).min()
}
