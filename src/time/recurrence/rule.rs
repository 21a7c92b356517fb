//! The text of a rule of recurrence as a value (RFC 5545, section 3.3.10).
//!
//! The grammar is kept here to the letter: the parts that there are, each of them once, ASCII alone, the range of
//! every number, and which parts go with which frequency. What is left out follows from the first day.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, TimeZone as _, Utc, Weekday};
use chrono_tz::Tz;

use super::error::RecurrenceError;
use crate::diagnostic::{code_list, nearest, shortened};

/// The greatest number of windows of a rule: one a day for a hundred years.
pub(super) const MOST: u32 = 36_525;

/// The parts of a rule.
const PARTS: [&str; 14] = [
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "BYMONTH",
    "BYWEEKNO",
    "BYYEARDAY",
    "BYMONTHDAY",
    "BYDAY",
    "BYSETPOS",
    "WKST",
    "BYHOUR",
    "BYMINUTE",
    "BYSECOND",
];

/// The parts that choose days.
const CHOOSING: [&str; 5] = ["BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY"];

/// The days of the week as rules write them.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

/// The period of which a rule takes every one, or every second, third and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

impl Frequency {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "DAILY" => Self::Daily,
            "WEEKLY" => Self::Weekly,
            "MONTHLY" => Self::Monthly,
            "YEARLY" => Self::Yearly,
            _ => return None,
        })
    }
}

/// A rule whose every part is valid. Each list is a set; one that is empty chooses nothing out.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) frequency: Frequency,
    /// Every so many periods count, the first of them among these.
    pub(super) interval: u32,
    /// The number of days, where it is said.
    pub(super) count: Option<u32>,
    /// The last time, on the clock on the wall.
    pub(super) until: Option<NaiveDateTime>,
    pub(super) week_start: Weekday,
    pub(super) months: BTreeSet<i32>,
    pub(super) week_numbers: BTreeSet<i32>,
    pub(super) year_days: BTreeSet<i32>,
    pub(super) month_days: BTreeSet<i32>,
    pub(super) weekdays: BTreeSet<OrdinalWeekday>,
    /// Which of the days of a period count; all where it is empty.
    pub(super) positions: BTreeSet<i32>,
}

/// A day of the week with its number in a month or a year; 0 for every one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OrdinalWeekday {
    pub(super) number: i32,
    /// Counted from Monday, which is 0.
    pub(super) weekday: u32,
}

impl OrdinalWeekday {
    fn every(weekday: Weekday) -> Self {
        Self {
            number: 0,
            weekday: weekday.num_days_from_monday(),
        }
    }
}

/// The parts of a rule in capitals, in the order in which they were written.
pub(super) struct Parts<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parts<'a> {
    /// Takes a rule in capitals apart.
    pub(super) fn of(rule: &'a str) -> Result<Self, RecurrenceError> {
        if !rule.contains('=') {
            let why = format!("`{}` is not of the form `NAME=VALUE`", shortened(rule));
            return Err(malformed(why, GENERAL));
        }
        if let Some(odd) = rule.chars().find(|c| !c.is_ascii_graphic()) {
            let why = match odd {
                ' ' => "it has a blank".to_owned(),
                odd if odd.is_control() => format!("it has the character U+{:04X}", odd as u32),
                odd => format!("it has the character `{odd}`"),
            };
            let instead = "a rule has only letters A to Z, digits and `;`, `=`, `,`, `+`, `-`: write `BYDAY=MO` or the like";
            return Err(malformed(why, instead));
        }
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for part in rule.split(';') {
            let why = || format!("`{}` is not of the form `NAME=VALUE`", shortened(part));
            let (name, value) = part
                .split_once('=')
                .ok_or_else(|| malformed(why(), GENERAL))?;
            if value.is_empty() || name.is_empty() {
                return Err(malformed(why(), GENERAL));
            }
            if !PARTS.contains(&name) {
                let why = format!("it has no part `{}`", shortened(name));
                let instead = match nearest(name, PARTS) {
                    Some(near) => format!("write `{near}=...`"),
                    None => format!("its parts are {}", code_list(&PARTS[..11])),
                };
                return Err(malformed(why, instead));
            }
            if parts.iter().any(|(known, _)| *known == name) {
                let why = format!("`{name}` is there twice");
                return Err(malformed(
                    why,
                    "write all its values behind one, with commas between them",
                ));
            }
            parts.push((name, value));
        }
        Ok(Self(parts))
    }

    /// The value of a part.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        let mut parts = self.0.iter();
        parts
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }

    /// The rule with another value in the place of that of `UNTIL`.
    pub(super) fn with_until(&self, until: Option<&str>) -> String {
        let parts = self.0.iter().map(|(name, value)| match (*name, until) {
            ("UNTIL", Some(until)) => format!("{name}={until}"),
            _ => format!("{name}={value}"),
        });
        parts.collect::<Vec<_>>().join(";")
    }
}

impl Rule {
    /// The rule that parts make whose first day is `first`, with `UNTIL` on the clock on the wall of `zone`.
    pub(super) fn new(
        parts: &Parts<'_>,
        first: NaiveDate,
        zone: Tz,
    ) -> Result<Self, RecurrenceError> {
        let frequency = frequency(parts)?;
        if parts.get("COUNT").is_some() && parts.get("UNTIL").is_some() {
            let why = "`COUNT` and `UNTIL` exclude one another";
            return Err(malformed(why, "take one of them out"));
        }
        let number = |name: &str| match parts.get(name) {
            Some(value) => whole_number(name, value).map(Some),
            None => Ok(None),
        };
        let mut rule = Self {
            frequency,
            interval: number("INTERVAL")?.unwrap_or(1),
            count: number("COUNT")?,
            until: until(parts, zone)?,
            week_start: match parts.get("WKST") {
                Some(value) => weekday(value).ok_or_else(|| no_weekday("WKST", value))?,
                None => Weekday::Mon,
            },
            months: Numbers::from_one_to(12).unsigned().read(parts, "BYMONTH")?,
            week_numbers: Numbers::from_one_to(53).read(parts, "BYWEEKNO")?,
            year_days: Numbers::from_one_to(366).read(parts, "BYYEARDAY")?,
            month_days: Numbers::from_one_to(31).read(parts, "BYMONTHDAY")?,
            weekdays: weekdays(parts)?,
            positions: Numbers::from_one_to(366).read(parts, "BYSETPOS")?,
        };
        rule.fits_frequency(parts)?;
        rule.complete(first);
        Ok(rule)
    }

    /// Refuses parts that do not go with the frequency or with one another.
    fn fits_frequency(&self, parts: &Parts<'_>) -> Result<(), RecurrenceError> {
        let frequency = parts.get("FREQ").unwrap_or_default();
        let refuse = |what: &str, instead: &str| {
            let why = format!("{what} does not go with `FREQ={frequency}`");
            Err(malformed(why, instead))
        };
        let is_yearly = self.frequency == Frequency::Yearly;
        if !is_yearly && !self.week_numbers.is_empty() {
            return refuse(
                "`BYWEEKNO`",
                "write `FREQ=YEARLY`, or `INTERVAL` with `FREQ=WEEKLY`",
            );
        }
        if !is_yearly && !self.year_days.is_empty() {
            return refuse("`BYYEARDAY`", "write `FREQ=YEARLY`, or `BYMONTHDAY`");
        }
        if self.frequency == Frequency::Weekly && !self.month_days.is_empty() {
            return refuse("`BYMONTHDAY`", "write `FREQ=MONTHLY`, or `BYDAY`");
        }
        let is_numbered = self.weekdays.iter().any(|it| it.number != 0);
        if is_numbered && matches!(self.frequency, Frequency::Daily | Frequency::Weekly) {
            let instead = "write `FREQ=MONTHLY`, or the day alone, as `BYDAY=SA`";
            return refuse("a number in `BYDAY`", instead);
        }
        if is_numbered && !self.week_numbers.is_empty() {
            let why = "a number in `BYDAY` does not go with `BYWEEKNO`";
            return Err(malformed(why, "write the day alone, as `BYDAY=SA`"));
        }
        let in_month = self.frequency == Frequency::Monthly || !self.months.is_empty();
        if in_month && self.weekdays.iter().any(|it| it.number.abs() > 5) {
            let why = "no month has more than five of a day of the week, as `BYDAY` asks for";
            return Err(malformed(
                why,
                "write a number from -5 to 5, as `BYDAY=1SA` or `BYDAY=-1SA`",
            ));
        }
        if !self.positions.is_empty() && CHOOSING.iter().all(|name| parts.get(name).is_none()) {
            let why = "`BYSETPOS` chooses among the days of another part, and there is none";
            return Err(malformed(
                why,
                "add `BYDAY` or the like, or take `BYSETPOS` out",
            ));
        }
        Ok(())
    }

    /// Adds what the rule leaves to its first day.
    fn complete(&mut self, first: NaiveDate) {
        let has_days =
            !self.year_days.is_empty() || !self.month_days.is_empty() || !self.weekdays.is_empty();
        if has_days {
            return;
        }
        match self.frequency {
            Frequency::Daily => {}
            Frequency::Weekly => drop(self.weekdays.insert(OrdinalWeekday::every(first.weekday()))),
            Frequency::Yearly if !self.week_numbers.is_empty() => {
                self.weekdays.insert(OrdinalWeekday::every(first.weekday()));
            }
            Frequency::Monthly => drop(self.month_days.insert(first.day().cast_signed())),
            Frequency::Yearly => {
                if self.months.is_empty() {
                    self.months.insert(first.month().cast_signed());
                }
                self.month_days.insert(first.day().cast_signed());
            }
        }
    }
}

/// What to do about a rule that is none at all.
const GENERAL: &str = "write it as `FREQ=WEEKLY`, `FREQ=MONTHLY;BYDAY=1SA` or the like";

fn malformed(why: impl Into<String>, instead: impl Into<String>) -> RecurrenceError {
    RecurrenceError::Malformed {
        why: why.into(),
        instead: instead.into(),
    }
}

fn frequency(parts: &Parts<'_>) -> Result<Frequency, RecurrenceError> {
    let by_time = ["BYHOUR", "BYMINUTE", "BYSECOND"];
    if let Some((name, value)) = parts.0.iter().find(|(name, _)| by_time.contains(name)) {
        let part = format!("{name}={}", shortened(value));
        return Err(RecurrenceError::TimeOfDay(part));
    }
    let word = parts
        .get("FREQ")
        .ok_or_else(|| malformed("it has no `FREQ`", GENERAL))?;
    if matches!(word, "HOURLY" | "MINUTELY" | "SECONDLY") {
        return Err(RecurrenceError::TimeOfDay(format!("FREQ={word}")));
    }
    Frequency::parse(word).ok_or_else(|| {
        let why = format!("`FREQ={}` is no frequency", shortened(word));
        malformed(why, "write `FREQ=DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`")
    })
}

/// The number of `INTERVAL` or `COUNT`; that it is 0 shows later, as no window at all.
fn whole_number(name: &str, value: &str) -> Result<u32, RecurrenceError> {
    let number = (value.len() <= 9 && is_digits(value)).then(|| value.parse().ok());
    number
        .flatten()
        .filter(|number| *number <= MOST)
        .ok_or_else(|| {
            let why = format!(
                "`{name}={}` is no number that it can have",
                shortened(value)
            );
            malformed(why, format!("write a whole number from 1 to {MOST}"))
        })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The numbers that a list may have.
#[derive(Clone, Copy)]
struct Numbers {
    last: i32,
    is_signed: bool,
}

impl Numbers {
    /// From one to a last one, from the start or, with a minus, from the end.
    fn from_one_to(last: i32) -> Self {
        Self {
            last,
            is_signed: true,
        }
    }

    /// The same without those from the end.
    fn unsigned(self) -> Self {
        Self {
            is_signed: false,
            ..self
        }
    }

    /// The numbers of a part; none where there is no such part.
    fn read(self, parts: &Parts<'_>, name: &str) -> Result<BTreeSet<i32>, RecurrenceError> {
        let values = parts
            .get(name)
            .into_iter()
            .flat_map(|value| value.split(','));
        let number = |text: &str| {
            self.number(text).ok_or_else(|| {
                let why = format!("`{}` is no number that `{name}` can have", shortened(text));
                let from_end = match self.is_signed {
                    true => format!(", or from -{} to -1 to count from the end", self.last),
                    false => String::new(),
                };
                malformed(
                    why,
                    format!("write numbers from 1 to {}{from_end}", self.last),
                )
            })
        };
        values.map(number).collect()
    }

    fn number(self, text: &str) -> Option<i32> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let is_plain = self.is_signed || digits.len() == text.len();
        let has_room = digits.len() <= self.last.to_string().len();
        if !is_plain || !has_room || !is_digits(digits) {
            return None;
        }
        let number: i32 = digits.parse().ok()?;
        (1..=self.last).contains(&number).then_some(sign * number)
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    let mut known = WEEKDAYS.into_iter();
    known.find(|(it, _)| *it == name).map(|(_, day)| day)
}

fn no_weekday(name: &str, text: &str) -> RecurrenceError {
    let why = format!("`{}` is no day that `{name}` can have", shortened(text));
    malformed(why, "write `MO`, `TU`, `WE`, `TH`, `FR`, `SA` or `SU`")
}

/// The days of `BYDAY`.
fn weekdays(parts: &Parts<'_>) -> Result<BTreeSet<OrdinalWeekday>, RecurrenceError> {
    let values = parts
        .get("BYDAY")
        .into_iter()
        .flat_map(|value| value.split(','));
    let day = |text: &str| {
        let wrong = || no_weekday("BYDAY", text);
        let at = text.len().checked_sub(2).ok_or_else(wrong)?;
        let (number, name) = text.split_at_checked(at).ok_or_else(wrong)?;
        let weekday = weekday(name).ok_or_else(wrong)?.num_days_from_monday();
        let number = match number {
            "" => 0,
            number => Numbers::from_one_to(53).number(number).ok_or_else(wrong)?,
        };
        Ok(OrdinalWeekday { number, weekday })
    };
    values.map(day).collect()
}

/// The end of a rule, on the clock on the wall: a day up to its last second, a time, or a time in UTC.
fn until(parts: &Parts<'_>, zone: Tz) -> Result<Option<NaiveDateTime>, RecurrenceError> {
    let Some(text) = parts.get("UNTIL") else {
        return Ok(None);
    };
    let wrong = || {
        let why = format!("`{}` is no day or time", shortened(text));
        malformed(
            why,
            "write `UNTIL=20231231`, or with a time `UNTIL=20231231T235959`",
        )
    };
    until_of(text, zone).map(Some).ok_or_else(wrong)
}

fn until_of(text: &str, zone: Tz) -> Option<NaiveDateTime> {
    let (plain, is_in_utc) = match text.strip_suffix('Z') {
        Some(plain) => (plain, true),
        None => (text, false),
    };
    let (day, time) = match plain.split_once('T') {
        Some((day, time)) => (day, time),
        None if is_in_utc => return None,
        None => (plain, "235959"),
    };
    if day.len() != 8 || time.len() != 6 || !is_digits(day) || !is_digits(time) {
        return None;
    }
    let number = |text: &str| text.parse::<u32>().ok();
    let year = day[..4].parse().ok()?;
    let day = NaiveDate::from_ymd_opt(year, number(&day[4..6])?, number(&day[6..])?)?;
    let time = day.and_hms_opt(
        number(&time[..2])?,
        number(&time[2..4])?,
        number(&time[4..])?,
    )?;
    Some(match is_in_utc {
        true => Utc
            .from_utc_datetime(&time)
            .with_timezone(&zone)
            .naive_local(),
        false => time,
    })
}
