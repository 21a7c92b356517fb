//! Times as people type them on a command line: `10:30`, `yesterday 22:00`, `now`, `-20m`, `in 2h`, `5pm`.
//!
//! Everything that files may say is read as there ([`super::parse`]). What stands in files is never read by these
//! looser rules: a file is read on other days than the one on which it was written.
//!
//! A time of day without a day is today's, be it over or still to come. A length of time alone counts forwards from
//! what the option says; `-20m` and `20m ago` count backwards from the present, and `in 20m` forwards.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use super::instant::{Instant, TimeError, WallClock, parse, parse_date};

/// The meaning of a typed time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpokenTime {
    /// An instant.
    At(Instant),
    /// A length of time, which counts from what the option says.
    Later(TimeDelta),
}

/// Why a typed text is no time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpokenTimeError {
    /// It says a day, but no time of day.
    NoTimeOfDay,
    /// It is no time for the same reason for which it would be none in a file.
    Time(TimeError),
}

impl From<TimeError> for SpokenTimeError {
    fn from(error: TimeError) -> Self {
        Self::Time(error)
    }
}

/// Reads a time as it is typed at the instant `now`; one without a zone is in `zone`.
///
/// # Errors
///
/// Where the text is no time, or a day alone, or a time that a change of clocks skips or repeats.
pub fn parse_spoken(text: &str, now: Instant, zone: Tz) -> Result<SpokenTime, SpokenTimeError> {
    match parse(text, zone) {
        Err(TimeError::Malformed) => {}
        result => return Ok(SpokenTime::At(result?)),
    }
    let text = text.trim();
    if text.eq_ignore_ascii_case("now") {
        return Ok(SpokenTime::At(now));
    }
    let lowered = text.to_ascii_lowercase();
    let before = lowered.strip_prefix(['-', '\u{2212}']);
    let before = before.or_else(|| lowered.strip_suffix("ago"));
    let at = match (before, lowered.strip_prefix("in ")) {
        (Some(before), _) => length(before).map(|length| now.checked_sub_signed(length)),
        (None, Some(after)) => length(after).map(|length| now.checked_add_signed(length)),
        (None, None) => None,
    };
    if let Some(at) = at {
        return Ok(SpokenTime::At(at.ok_or(TimeError::NoSuchTime)?));
    }
    let later = length(lowered.strip_prefix('+').unwrap_or(&lowered));
    match later {
        Some(later) => Ok(SpokenTime::Later(later)),
        None => time_of_day(text, now, zone).map(SpokenTime::At),
    }
}

/// A length of time in lower case: `30m`, `30 min`, `1h30m`, `2 hours and 5 minutes`; never zero.
fn length(text: &str) -> Option<TimeDelta> {
    let mut rest = text.trim();
    let mut total = TimeDelta::zero();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: i64 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let seconds = match &rest[..letters] {
            "s" | "sec" | "secs" | "second" | "seconds" => 1,
            "m" | "min" | "mins" | "minute" | "minutes" => 60,
            "h" | "hr" | "hrs" | "hour" | "hours" => 60 * 60,
            "d" | "day" | "days" => 24 * 60 * 60,
            "w" | "week" | "weeks" => 7 * 24 * 60 * 60,
            _ => return None,
        };
        total = total.checked_add(&TimeDelta::try_seconds(number.checked_mul(seconds)?)?)?;
        rest = rest[letters..].trim_start();
        rest = rest.strip_prefix("and ").unwrap_or(rest).trim_start();
    }
    let longest = TimeDelta::days(100 * 366);
    (total > TimeDelta::zero() && total <= longest).then_some(total)
}

/// The day that a word names.
#[derive(Debug, Clone, Copy)]
enum Day {
    Date(NaiveDate),
    Yesterday,
    Today,
    Tomorrow,
}

impl Day {
    fn of(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "yesterday" => Some(Self::Yesterday),
            "today" => Some(Self::Today),
            "tomorrow" => Some(Self::Tomorrow),
            _ => parse_date(word).map(Self::Date),
        }
    }

    /// Its date, where it is `today`.
    fn date(self, today: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Date(date) => Some(date),
            Self::Yesterday => today.checked_sub_days(Days::new(1)),
            Self::Today => Some(today),
            Self::Tomorrow => today.checked_add_days(Days::new(1)),
        }
    }
}

/// A time of day, with a day before or after it, or today; and with a zone at its end, or in `zone`.
fn time_of_day(text: &str, now: Instant, zone: Tz) -> Result<Instant, SpokenTimeError> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let first_day = words.first().copied().and_then(Day::of);
    if first_day.is_some() {
        words.remove(0);
    }
    if words
        .first()
        .is_some_and(|word| word.eq_ignore_ascii_case("at"))
    {
        words.remove(0);
    }
    let [clock, rest @ ..] = words.as_slice() else {
        return Err(match first_day {
            Some(_) => SpokenTimeError::NoTimeOfDay,
            None => TimeError::Malformed.into(),
        });
    };
    let end = clock.find(|c: char| !c.is_ascii_digit() && c != ':');
    let (clock, attached) = clock.split_at(end.unwrap_or(clock.len()));
    let mut behind: Vec<&str> = Some(attached)
        .filter(|attached| !attached.is_empty())
        .into_iter()
        .chain(rest.iter().copied())
        .collect();
    let half = behind.first().copied().and_then(Half::of);
    if half.is_some() {
        behind.remove(0);
    }
    let clock = clock_time(clock, half)?;
    let last_day = behind.first().copied().and_then(Day::of);
    let day = match (first_day, last_day) {
        (Some(day), None) => day,
        (None, Some(day)) => {
            behind.remove(0);
            day
        }
        (None, None) => Day::Today,
        (Some(_), Some(_)) => return Err(TimeError::Malformed.into()),
    };
    let wall_clock = WallClock::of(&behind.join(" "), zone)?;
    let date = day
        .date(wall_clock.day(now)?)
        .ok_or(TimeError::NoSuchTime)?;
    Ok(wall_clock.instant(NaiveDateTime::new(date, clock))?)
}

/// The half of a day that a clock with twelve hours needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

impl Half {
    fn of(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "am" | "a.m." => Some(Self::Morning),
            "pm" | "p.m." => Some(Self::Afternoon),
            _ => None,
        }
    }
}

/// A time of day: `10:30`, `10:30:15`, or `5` and `5:30` with a half of the day.
fn clock_time(text: &str, half: Option<Half>) -> Result<NaiveTime, TimeError> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_short = |(at, part): (usize, &&str)| match at {
        0 => (1..=2).contains(&part.len()),
        _ => part.len() == 2,
    };
    let is_complete = parts.len() == 2 || parts.len() == 3 || parts.len() == 1 && half.is_some();
    if !is_complete || !parts.iter().enumerate().all(is_short) {
        return Err(TimeError::Malformed);
    }
    let number = |at: usize| match parts.get(at) {
        Some(part) => part.parse::<u32>().map_err(|_| TimeError::Malformed),
        None => Ok(0),
    };
    let hour = match (number(0)?, half) {
        (hour, None) => hour,
        (0 | 13.., Some(_)) => return Err(TimeError::NoSuchTime),
        (hour, Some(Half::Morning)) => hour % 12,
        (hour, Some(Half::Afternoon)) => hour % 12 + 12,
    };
    NaiveTime::from_hms_opt(hour, number(1)?, number(2)?).ok_or(TimeError::NoSuchTime)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    /// What a text means in New York, in the evening of 28 December.
    fn read(text: &str) -> Result<SpokenTime, SpokenTimeError> {
        let now = "2022-12-29T01:30:00Z".parse().unwrap();
        parse_spoken(text, now, chrono_tz::America::New_York)
    }

    #[test]
    fn what_files_may_say_means_the_same() {
        for (text, instant) in [
            ("2022-12-28 19:45", "2022-12-29T00:45:00Z"),
            ("2022-12-28 19:45 Europe/Paris", "2022-12-28T18:45:00Z"),
            ("2022-12-28T19:45:00Z", "2022-12-28T19:45:00Z"),
        ] {
            let instant = instant.parse().unwrap();
            assert_eq!(read(text), Ok(SpokenTime::At(instant)), "{text}");
        }
    }

    #[test]
    fn a_time_of_day_is_todays_in_the_zone_that_it_is_in() {
        for (text, instant) in [
            ("10:30", "2022-12-28T15:30:00Z"),
            ("23:59:30", "2022-12-29T04:59:30Z"),
            ("7:05", "2022-12-28T12:05:00Z"),
            ("5pm", "2022-12-28T22:00:00Z"),
            ("5:30 PM", "2022-12-28T22:30:00Z"),
            ("12am", "2022-12-28T05:00:00Z"),
            ("12 p.m.", "2022-12-28T17:00:00Z"),
            // It is the 29th already in UTC and in Tokyo.
            ("10:30Z", "2022-12-29T10:30:00Z"),
            ("10:30 UTC", "2022-12-29T10:30:00Z"),
            ("10:30 Asia/Tokyo", "2022-12-29T01:30:00Z"),
            ("10:30 +09:00", "2022-12-29T01:30:00Z"),
            ("today 5pm", "2022-12-28T22:00:00Z"),
            ("yesterday 22:00", "2022-12-28T03:00:00Z"),
            ("Yesterday at 22:00", "2022-12-28T03:00:00Z"),
            ("tomorrow 02:00", "2022-12-29T07:00:00Z"),
            ("2am tomorrow", "2022-12-29T07:00:00Z"),
            ("tomorrow 2:00 UTC", "2022-12-30T02:00:00Z"),
            ("2023-01-14 2am", "2023-01-14T07:00:00Z"),
        ] {
            let instant = instant.parse().unwrap();
            assert_eq!(read(text), Ok(SpokenTime::At(instant)), "{text}");
        }
    }

    #[test]
    fn a_length_counts_from_the_present_or_from_what_the_option_says() {
        for (text, instant) in [
            ("now", "2022-12-29T01:30:00Z"),
            ("-20m", "2022-12-29T01:10:00Z"),
            ("- 1h 30 min", "2022-12-29T00:00:00Z"),
            ("20 minutes ago", "2022-12-29T01:10:00Z"),
            ("in 2h", "2022-12-29T03:30:00Z"),
            ("In 2 hours and 5 minutes", "2022-12-29T03:35:00Z"),
        ] {
            let instant = instant.parse().unwrap();
            assert_eq!(read(text), Ok(SpokenTime::At(instant)), "{text}");
        }
        for (text, minutes) in [
            ("30m", 30),
            ("30 min", 30),
            ("+30m", 30),
            ("1h30m", 90),
            ("2 Hours", 120),
            ("1d", 24 * 60),
            ("120 secs", 2),
            ("2 weeks", 14 * 24 * 60),
            ("36600d", 36_600 * 24 * 60),
        ] {
            let length = TimeDelta::minutes(minutes);
            assert_eq!(read(text), Ok(SpokenTime::Later(length)), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_not_guessed_at() {
        let malformed = [
            "",
            "soon",
            "5",
            "10.30",
            "-",
            "ago",
            "in",
            "0m",
            "1.5h",
            "30 parsecs",
            "10:3",
            "10:30:5",
            "at",
            "-10:30",
            "today yesterday 10:30",
            "yesterday 10:30 today",
            "99999999999999999999 min",
            "36601d",
            "1030",
            "\u{e9}",
            "10:30\u{e9}m",
        ];
        for text in malformed {
            let found = read(text);
            let is_refused = matches!(
                found,
                Err(SpokenTimeError::Time(
                    TimeError::Malformed | TimeError::UnknownZone(_)
                ))
            );
            assert!(is_refused, "{text}: {found:?}");
        }
        for text in ["yesterday", "Tomorrow", "2022-12-28", "today at"] {
            assert_eq!(read(text), Err(SpokenTimeError::NoTimeOfDay), "{text}");
        }
        for text in ["25:00", "13pm", "0am", "10:61", "2022-02-29 10:00"] {
            let no_such_time = Err(TimeError::NoSuchTime.into());
            assert_eq!(read(text), no_such_time, "{text}");
        }
        let zone = Err(TimeError::UnknownZone("sharp".to_owned()).into());
        assert_eq!(read("10:30 sharp"), zone);
    }

    #[test]
    fn a_change_of_clocks_leaves_two_readings() {
        let now = "2022-11-06T12:00:00Z".parse().unwrap();
        let zone = chrono_tz::America::New_York;
        let readings = ["2022-11-06T05:30:00Z", "2022-11-06T06:30:00Z"];
        let readings = readings.map(|text| text.parse().unwrap());
        for text in ["1:30", "1:30am", "today 01:30"] {
            let twice = TimeError::Ambiguous { readings, zone };
            assert_eq!(parse_spoken(text, now, zone), Err(twice.into()), "{text}");
        }
        let now = "2022-03-12T12:00:00Z".parse().unwrap();
        let never = parse_spoken("tomorrow 2:30am", now, zone);
        let is_skipped = matches!(never, Err(SpokenTimeError::Time(TimeError::Skipped { .. })));
        assert!(is_skipped, "{never:?}");
    }
}
