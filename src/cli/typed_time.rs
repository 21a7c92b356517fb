//! Times as arguments: every option reads them by one rule.

use allclear::site::edit::time::{duration, local};
use allclear::time::{
    self, Instant, SpokenTime, SpokenTimeError, TimeError, parse_spoken, with_offset, zone_hint,
};
use chrono::TimeDelta;
use chrono_tz::Tz;

use super::failure::{Failure, bad_option};

/// A time that an option says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypedTime {
    /// The instant.
    pub(crate) at: Instant,
    /// The text of it for a file.
    pub(crate) text: String,
}

/// An option with what was typed behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeOption<'a> {
    /// Its name, as `--starts`.
    pub(crate) name: &'static str,
    /// The text behind it.
    pub(crate) typed: &'a str,
}

impl TimeOption<'_> {
    /// The refusal of what was typed.
    pub(crate) fn refuse(
        self,
        message: impl std::fmt::Display,
        hint: impl Into<String>,
    ) -> Failure {
        bad_option(self.name, self.typed, message, hint)
    }
}

/// The place and the time from which typed times are seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewpoint {
    /// The present.
    pub(crate) now: Instant,
    /// The zone of times that name none: the site's.
    pub(crate) zone: Tz,
}

impl Viewpoint {
    /// The same view from the last whole minute, to which people name times.
    pub(crate) fn to_the_minute(self) -> Self {
        let seconds = self.now.timestamp().rem_euclid(60);
        Self {
            now: self.now - TimeDelta::seconds(seconds),
            ..self
        }
    }

    /// The time that an option says; a length of time alone counts from `base`.
    pub(crate) fn read(self, option: TimeOption<'_>, base: Instant) -> Result<TypedTime, Failure> {
        let at = match self.spoken(option)? {
            SpokenTime::At(at) => at,
            SpokenTime::Later(length) => base.checked_add_signed(length).ok_or_else(|| {
                option.refuse("the calendar ends before that", "look at the number")
            })?,
        };
        let text = self.text(option, at);
        Ok(TypedTime { at, text })
    }

    /// The time of something that has happened.
    pub(crate) fn read_past(self, option: TimeOption<'_>) -> Result<TypedTime, Failure> {
        let read = self.read(option, self.now)?;
        if read.at <= self.now {
            return Ok(read);
        }
        let at = with_offset(read.at, self.zone);
        let message = format!("that is still to come, at {at}");
        let typed = option.typed.trim();
        let hint = match (
            self.spoken(option)?,
            parse_spoken(&format!("yesterday {typed}"), self.now, self.zone),
        ) {
            (SpokenTime::Later(_), _) => {
                let length = typed.trim_start_matches('+').trim_start();
                format!("write `-{length}`, or `{length} ago`")
            }
            (SpokenTime::At(_), Ok(_)) => format!("did you mean `yesterday {typed}`?"),
            (SpokenTime::At(_), Err(_)) => "name a time that has passed".to_owned(),
        };
        Err(option.refuse(message, hint))
    }

    /// The promise of an update after the one at `posted`, as headings write it: a length of time, or a time.
    pub(crate) fn read_promise(
        self,
        option: TimeOption<'_>,
        posted: Instant,
    ) -> Result<String, Failure> {
        let at = match self.spoken(option)? {
            SpokenTime::Later(length) => return Ok(duration(length)),
            SpokenTime::At(at) => at,
        };
        if at <= posted {
            let message = format!("that has passed: it was {}", with_offset(at, self.zone));
            let tomorrow = format!("tomorrow {}", option.typed.trim());
            let hint = match parse_spoken(&tomorrow, self.now, self.zone) {
                Ok(_) => format!("write how long it will take, as `30m`, or `{tomorrow}`"),
                Err(_) => "write how long it will take, as `30m`, or a time to come".to_owned(),
            };
            return Err(option.refuse(message, hint));
        }
        Ok(self.text(option, at))
    }

    fn spoken(self, option: TimeOption<'_>) -> Result<SpokenTime, Failure> {
        let typed = option.typed.trim();
        parse_spoken(typed, self.now, self.zone).map_err(|error| {
            let (message, hint) = in_words(&error, typed);
            option.refuse(message, hint)
        })
    }

    /// A time as a file has it: as it was typed, where files may say that.
    fn text(self, option: TimeOption<'_>, at: Instant) -> String {
        let words: Vec<&str> = option.typed.split_whitespace().collect();
        let typed = words.join(" ");
        match time::parse(&typed, self.zone) {
            Ok(read) if read == at => typed,
            _ => local(at, self.zone),
        }
    }
}

/// The problem with a typed time, and what to do about it.
fn in_words(error: &SpokenTimeError, typed: &str) -> (String, String) {
    let error = match error {
        SpokenTimeError::NoTimeOfDay => {
            let message = "this says a day, and no time of day";
            return (message.to_owned(), format!("write `{typed} 10:30`"));
        }
        SpokenTimeError::Time(error) => error,
    };
    let either = |readings: &[Instant; 2], zone: Tz| {
        let [first, second] = readings.map(|reading| with_offset(reading, zone));
        format!("write `{first}` or `{second}`")
    };
    match error {
        TimeError::Malformed => (
            match typed {
                "" => "this is empty".to_owned(),
                _ => "this is not a time".to_owned(),
            },
            "write `10:30` (today), `yesterday 22:00`, `5pm`, `now`, `-20m`, `in 2h`, `30m` or `2022-12-28 19:45`".to_owned(),
        ),
        TimeError::NoSuchTime => (
            "there is no such time".to_owned(),
            match typed.contains("24:00") {
                true => "write `00:00` of the next day".to_owned(),
                false => "look at the day of the month and at the hour".to_owned(),
            },
        ),
        TimeError::UnknownZone(zone) => (format!("`{zone}` is no time zone"), zone_hint(zone)),
        TimeError::Ambiguous { readings, zone } => (
            format!("this happened twice in {zone}: the clocks went back"),
            either(readings, *zone),
        ),
        TimeError::Skipped { readings, zone } => (
            format!("this never happened in {zone}: the clocks went forward"),
            either(readings, *zone),
        ),
    }
}
