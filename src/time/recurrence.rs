//! Rules by which a maintenance takes place again and again (RFC 5545, section 3.3.10).
//!
//! A rule counts on the clock on the wall: "every Saturday at two" stays at two when the clocks change. So it
//! is followed without a zone, and each wall-clock time becomes an instant of the site's zone only then.

use std::collections::BTreeSet;

use chrono::{
    Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Weekday,
};
use chrono_tz::Tz;

pub use self::error::RecurrenceError;
use self::rule::{Frequency, Parts, Rule};
use super::Instant;
use super::instant::on_the_wall;
use super::window::Window;

mod days;
mod error;
mod rule;

/// The number of windows that are searched for two that overlap: one a day for a year.
const LOOKED_AT: usize = 366;

/// The first year in which a rule may begin: all its windows up to now can then be looked at.
const FIRST_YEAR: i32 = 1970;

/// A rhythm that is said in a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rhythm {
    /// Every day.
    Daily,
    /// On these days of every week, from Monday on.
    Weekly(Vec<Weekday>),
    /// Every month, on whichever of its days.
    Monthly,
}

/// The windows of a maintenance that takes place again and again.
#[derive(Debug, Clone)]
pub struct Recurrence {
    /// The rule as calendar files have it.
    published: String,
    rule: Rule,
    /// The day of the zone on which the first window opens.
    first_day: NaiveDate,
    /// The time on the clock on the wall at which windows open.
    time: NaiveTime,
    first: Window,
    exceptions: BTreeSet<NaiveDate>,
    zone: Tz,
}

impl Recurrence {
    /// The windows that begin with `first` and follow `rule` in `zone`, for a hundred years at most.
    ///
    /// `UNTIL` may be a day, a time in the zone, or a time in UTC. Each window is as long as the first (RFC 5545,
    /// section 3.8.5.3). A wall-clock time that the clocks skip is read as if they had not been put forward; of
    /// one that they repeat, the first counts (section 3.3.5).
    ///
    /// # Errors
    ///
    /// Where the rule cannot be read, does not fit `first`, or has windows that overlap.
    pub fn new(rule: &str, first: Window, zone: Tz) -> Result<Self, RecurrenceError> {
        let start = first.starts().with_timezone(&zone).naive_local();
        let text = rule.trim().to_ascii_uppercase();
        let parts = Parts::of(text.strip_prefix("RRULE:").unwrap_or(&text))?;
        let rule = Rule::new(&parts, start.date(), zone)?;
        if start.year() < FIRST_YEAR {
            return Err(RecurrenceError::TooEarly(FIRST_YEAR));
        }
        if rule.until.is_some_and(|until| until < start) {
            return Err(RecurrenceError::Empty);
        }
        let until = rule.until.and_then(|until| on_the_wall(until, zone));
        let until = until.map(|until| in_utc(until.naive_utc()));
        let recurrence = Self {
            published: parts.with_until(until.as_deref()),
            rule,
            first_day: start.date(),
            time: start.time().with_nanosecond(0).unwrap_or(start.time()),
            first,
            exceptions: BTreeSet::new(),
            zone,
        };
        recurrence.fits()?;
        Ok(recurrence)
    }

    fn fits(&self) -> Result<(), RecurrenceError> {
        let windows: Vec<Window> = self.with_exceptions().take(LOOKED_AT).collect();
        let first = windows.first().ok_or(RecurrenceError::Empty)?;
        if *first != self.first && self.day(*first) == self.first_day {
            return Err(RecurrenceError::OddStart);
        }
        if *first != self.first {
            return Err(RecurrenceError::NotFirst(self.day(*first)));
        }
        let overlapping = (windows.windows(2)).find(|pair| pair[1].starts() < pair[0].ends());
        match overlapping {
            Some(pair) => Err(RecurrenceError::Overlap(self.day(pair[1]))),
            None => Ok(()),
        }
    }

    /// The same recurrence without the windows that open on these days of the zone.
    #[must_use]
    pub fn without(self, exceptions: impl IntoIterator<Item = NaiveDate>) -> Self {
        Self {
            exceptions: exceptions.into_iter().collect(),
            ..self
        }
    }

    /// The rule as a calendar file has it: in capitals, without `RRULE:`, and `UNTIL` in UTC.
    pub fn rule(&self) -> &str {
        &self.published
    }

    /// The rhythm of the rule; `None` where it leaves out days, weeks or months that the words would not.
    pub fn rhythm(&self) -> Option<Rhythm> {
        let rule = &self.rule;
        let is_plain = rule.interval == 1
            && rule.months.is_empty()
            && rule.week_numbers.is_empty()
            && rule.year_days.is_empty();
        let chooses = !rule.weekdays.is_empty() || !rule.month_days.is_empty();
        match rule.frequency {
            _ if !is_plain => None,
            Frequency::Daily if !chooses => Some(Rhythm::Daily),
            Frequency::Weekly if rule.positions.is_empty() => Some(Rhythm::Weekly(self.weekdays())),
            Frequency::Monthly if self.is_once_a_month() => Some(Rhythm::Monthly),
            _ => None,
        }
    }

    /// Whether a rule by months chooses one day of each, of February too.
    fn is_once_a_month(&self) -> bool {
        let Rule {
            weekdays,
            month_days,
            positions,
            ..
        } = &self.rule;
        let is_one_of_many = positions.len() == 1;
        let has_number = weekdays.iter().all(|day| day.number != 0);
        let is_one = is_one_of_many || (has_number && weekdays.len() + month_days.len() <= 1);
        let has_day = month_days.iter().all(|day| day.abs() <= 28)
            && weekdays.iter().all(|day| day.number.abs() <= 4)
            && positions.iter().all(|position| position.abs() <= 4);
        let is_named = !weekdays.is_empty() || !month_days.is_empty();
        is_one && has_day && (is_named || self.first_day.day() <= 28)
    }

    /// The days of the week of the rule: those that it names, or else the first window's.
    fn weekdays(&self) -> Vec<Weekday> {
        let named = self.rule.weekdays.iter();
        let named = named.filter_map(|day| Weekday::try_from(u8::try_from(day.weekday).ok()?).ok());
        let named: Vec<Weekday> = named.collect();
        match named.is_empty() {
            true => vec![self.first_day.weekday()],
            false => named,
        }
    }

    /// The window that the rule begins with, be it an exception or not.
    pub fn first(&self) -> Window {
        self.first
    }

    /// Every window, soonest first.
    pub fn windows(&self) -> impl Iterator<Item = Window> {
        self.with_exceptions()
            .filter(|window| !self.exceptions.contains(&self.day(*window)))
    }

    /// The windows that are not over at an instant, soonest first.
    pub fn windows_after(&self, at: Instant) -> impl Iterator<Item = Window> {
        let length = self.first.ends() - self.first.starts();
        // A day more for the clocks, and one for the time of day.
        let from = at.checked_sub_signed(length + TimeDelta::days(2));
        let from = from.map_or(self.first_day, |from| from.date_naive());
        self.on_days(self.rule.days_from(self.first_day, from))
            .filter(|window| !self.exceptions.contains(&self.day(*window)))
            .skip_while(move |window| window.ends() <= at)
    }

    /// The windows that would be there but for the exceptions, soonest first.
    pub fn exceptions(&self) -> impl Iterator<Item = Window> {
        let last = self.exceptions.last().copied();
        self.with_exceptions()
            .take_while(move |window| Some(self.day(*window)) <= last)
            .filter(|window| self.exceptions.contains(&self.day(*window)))
    }

    fn with_exceptions(&self) -> impl Iterator<Item = Window> {
        self.on_days(self.rule.days(self.first_day))
    }

    /// The windows that open on days.
    fn on_days(&self, days: impl Iterator<Item = NaiveDate>) -> impl Iterator<Item = Window> {
        let length = self.first.ends() - self.first.starts();
        let until = self.rule.until.unwrap_or(NaiveDateTime::MAX);
        days.map(|day| day.and_time(self.time))
            .take_while(move |local| *local <= until)
            .map_while(move |local| {
                let starts = on_the_wall(local, self.zone)?;
                Window::new(starts, starts.checked_add_signed(length)?)
            })
    }

    /// The day of the zone on which a window opens.
    pub fn day(&self, window: Window) -> NaiveDate {
        window.starts().with_timezone(&self.zone).date_naive()
    }
}

/// `20230401T000000Z`; of a year that calendar files cannot say, their last second.
fn in_utc(time: NaiveDateTime) -> String {
    match time.year() {
        ..=9999 => time.format("%Y%m%dT%H%M%SZ").to_string(),
        _ => "99991231T235959Z".to_owned(),
    }
}

#[cfg(test)]
mod tests;
