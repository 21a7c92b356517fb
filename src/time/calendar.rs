//! Days in a zone: what date an instant is of, and when a day begins and ends.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::{Instant, Interval};

/// A date with its time in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarDay {
    /// The date.
    pub date: NaiveDate,
    /// The time from its first instant to that of the next; `None` for a day that the zone skipped.
    pub interval: Option<Interval>,
}

/// The `count` days up to and with `last` in a zone, oldest first; made once for all components.
pub fn calendar(last: NaiveDate, count: u32, zone: Tz) -> Vec<CalendarDay> {
    (0..u64::from(count))
        .rev()
        .filter_map(|back| last.checked_sub_days(Days::new(back)))
        .map(|date| CalendarDay {
            date,
            interval: day_interval(date, zone),
        })
        .collect()
}

/// The date of an instant in a zone.
pub fn date(instant: Instant, zone: Tz) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

/// A whole day in a zone; `None` for a day that the zone skipped, or at the end of the calendar.
pub fn day_interval(date: NaiveDate, zone: Tz) -> Option<Interval> {
    Interval::new(day_start(date, zone)?, day_start(date.succ_opt()?, zone)?)
}

/// The first instant of a day: midnight, the first of two, or the end of a gap that swallowed it.
fn day_start(date: NaiveDate, zone: Tz) -> Option<Instant> {
    let midnight = NaiveDateTime::new(date, NaiveTime::MIN);
    if let Some(start) = zone.from_local_datetime(&midnight).earliest() {
        return Some(start.with_timezone(&Utc));
    }
    // The clocks went forward over midnight, as in São Paulo in 2018, or over a whole day, as in
    // Apia in 2011. The change is the first instant whose local time is midnight or later.
    let (mut before, mut after) = (-DAY_AND_NIGHT, DAY_AND_NIGHT);
    let at = |seconds| {
        midnight
            .and_utc()
            .checked_add_signed(TimeDelta::seconds(seconds))
    };
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        match at(middle)?.with_timezone(&zone).naive_local() < midnight {
            true => before = middle,
            false => after = middle,
        }
    }
    at(after)
}

/// No zone is further from UTC, in seconds.
const DAY_AND_NIGHT: i64 = 24 * 60 * 60;

#[cfg(test)]
mod tests;
