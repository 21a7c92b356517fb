//! Rules by which a maintenance takes place again and again (RFC 5545, section 3.3.10).
//!
//! A rule counts on the clock on the wall: "every Saturday at two" stays at two when the clocks change. So it
//! is followed without a zone, and each wall-clock time becomes an instant of the site's zone only then.

use chrono::{NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use rrule::{RRule, RRuleError, RRuleSet, Unvalidated};

use super::instant::on_the_wall;
use super::window::Window;

/// The greatest number of windows of a rule: one a day for a hundred years.
const MOST: usize = 36_525;

/// The number of windows that are searched for two that overlap: one a day for a year.
const LOOKED_AT: usize = 366;

/// The windows of a maintenance that takes place again and again.
#[derive(Debug, Clone)]
pub struct Recurrence {
    rule: String,
    /// The local times at which windows open, as if they were of UTC.
    local_times: RRuleSet,
    first: Window,
    exceptions: Vec<NaiveDate>,
    zone: Tz,
}

/// Why a text is no rule for a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecurrenceError {
    /// It is no rule at all; this says why, in English.
    Malformed(String),
    /// This part of it repeats more often than once a day, or at other times of day than the window's own.
    TimeOfDay(String),
    /// It gives no window.
    Empty,
    /// The window opens on none of its days; the first one after it is this.
    NotFirst(NaiveDate),
    /// A window is still open when the next one opens, on this day.
    Overlap(NaiveDate),
}

impl RecurrenceError {
    /// The problem with a rule, and what to do about it.
    pub fn in_words(&self, rule: &str) -> (String, String) {
        let (message, hint) = self.in_general();
        let word = rule.trim().to_uppercase();
        match ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].contains(&word.as_str()) {
            true => (message, format!("write `FREQ={word}`")),
            false => (message, hint),
        }
    }

    fn in_general(&self) -> (String, String) {
        match self {
            Self::Malformed(why) => (
                format!("this is no rule of RFC 5545: {why}"),
                "write it as `FREQ=WEEKLY`, `FREQ=MONTHLY;BYDAY=1SA` or the like".to_owned(),
            ),
            Self::TimeOfDay(part) => (
                format!("a maintenance takes place once a day at most, and `{part}` asks for more"),
                "the time of day is that of `starts`: write `FREQ=DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`, or several maintenances".to_owned(),
            ),
            Self::Empty => (
                "this rule has no window at all".to_owned(),
                "look at `UNTIL`, `COUNT` and `INTERVAL`, and at days that no month has".to_owned(),
            ),
            Self::NotFirst(day) => (
                "`starts` is on none of the days of this rule".to_owned(),
                format!("its first day after that is {day}: begin there"),
            ),
            Self::Overlap(day) => (
                format!("a window is still open when the next one opens, on {day}"),
                "let it end earlier, or repeat less often".to_owned(),
            ),
        }
    }
}

impl Recurrence {
    /// The windows that begin with `first` and follow `rule` in `zone`.
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
        let (mut by_the_wall, mut published) = (Vec::new(), Vec::new());
        let rule = rule.trim();
        let rule = match rule.split_once(':') {
            Some((name, rule)) if name.eq_ignore_ascii_case("RRULE") => rule,
            _ => rule,
        };
        for part in rule.split(';') {
            let malformed = format!("`{part}` is not of the form `NAME=VALUE`");
            let part = part.to_uppercase();
            let parts = part.split_once('=');
            let (key, value) = parts.ok_or(RecurrenceError::Malformed(malformed))?;
            let is_by_time = matches!(key, "BYHOUR" | "BYMINUTE" | "BYSECOND")
                || key == "FREQ" && matches!(value, "HOURLY" | "MINUTELY" | "SECONDLY");
            if is_by_time {
                return Err(RecurrenceError::TimeOfDay(part));
            }
            if key == "UNTIL" {
                let malformed =
                    || RecurrenceError::Malformed(format!("`{value}` is no day or time"));
                let until = until(value, zone).ok_or_else(malformed)?;
                if until < start {
                    return Err(RecurrenceError::Empty);
                }
                let instant = on_the_wall(until, zone).ok_or_else(malformed)?;
                by_the_wall.push(format!("UNTIL={}", in_utc(until)));
                published.push(format!("UNTIL={}", in_utc(instant.naive_utc())));
            } else {
                by_the_wall.push(part.clone());
                published.push(part);
            }
        }
        let has = |key: &str| published.iter().any(|part| part.starts_with(key));
        if has("COUNT=") && has("UNTIL=") {
            let both = "`COUNT` and `UNTIL` exclude one another".to_owned();
            return Err(RecurrenceError::Malformed(both));
        }
        let start = rrule::Tz::UTC.from_utc_datetime(&start);
        let malformed = |error| RecurrenceError::Malformed(in_words(&error));
        let parsed: RRule<Unvalidated> = by_the_wall.join(";").parse().map_err(malformed)?;
        let parsed = parsed.validate(start).map_err(malformed)?;
        let recurrence = Self {
            rule: published.join(";"),
            local_times: RRuleSet::new(start).rrule(parsed).limit(),
            first,
            exceptions: Vec::new(),
            zone,
        };
        recurrence.fits()?;
        Ok(recurrence)
    }

    fn fits(&self) -> Result<(), RecurrenceError> {
        let windows: Vec<Window> = self.with_exceptions().take(LOOKED_AT).collect();
        let first = windows.first().ok_or(RecurrenceError::Empty)?;
        if *first != self.first && self.day(*first) == self.day(self.first) {
            let odd = "`starts` is in the second of two equal hours, or between two seconds";
            return Err(RecurrenceError::Malformed(odd.to_owned()));
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
    pub fn without(self, exceptions: Vec<NaiveDate>) -> Self {
        Self { exceptions, ..self }
    }

    /// The rule as a calendar file has it: in capitals, without `RRULE:`, and `UNTIL` in UTC.
    pub fn rule(&self) -> &str {
        &self.rule
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

    /// The windows that would be there but for the exceptions, soonest first.
    pub fn exceptions(&self) -> impl Iterator<Item = Window> {
        let last = self.exceptions.iter().max().copied();
        self.with_exceptions()
            .take_while(move |window| Some(self.day(*window)) <= last)
            .filter(|window| self.exceptions.contains(&self.day(*window)))
    }

    fn with_exceptions(&self) -> impl Iterator<Item = Window> {
        let length = self.first.ends() - self.first.starts();
        let windows = self.local_times.into_iter().map_while(move |local| {
            let starts = on_the_wall(local.naive_utc(), self.zone)?;
            Window::new(starts, starts.checked_add_signed(length)?)
        });
        windows.take(MOST)
    }

    /// The day of the zone on which a window opens.
    pub fn day(&self, window: Window) -> NaiveDate {
        window.starts().with_timezone(&self.zone).date_naive()
    }
}

/// The end of a rule, on the clock on the wall: a day up to its last second, a time, or a time in UTC.
fn until(text: &str, zone: Tz) -> Option<NaiveDateTime> {
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y%m%d") {
        return day.and_hms_opt(23, 59, 59);
    }
    let time = |text| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok();
    match text.strip_suffix('Z') {
        Some(text) => Some(
            Utc.from_utc_datetime(&time(text)?)
                .with_timezone(&zone)
                .naive_local(),
        ),
        None => time(text),
    }
}

/// `20230401T000000Z`.
fn in_utc(time: NaiveDateTime) -> String {
    time.format("%Y%m%dT%H%M%SZ").to_string()
}

/// The message of an error, without the library's own introduction.
fn in_words(error: &RRuleError) -> String {
    let text = error.to_string();
    let text = text
        .split_once(": ")
        .map_or(text.as_str(), |(_, text)| text);
    text.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
