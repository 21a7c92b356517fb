//! Instants and durations as people write them.
//!
//! An instant is RFC 3339, or `YYYY-MM-DD HH:MM[:SS]` followed by nothing (the site's zone), `Z`,
//! `UTC`, `±HH:MM` or an IANA zone name. A local time that a daylight-saving change skips or
//! repeats is not guessed at: it is an error that names both readings.

use chrono::{
    DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeDelta, TimeZone,
    Utc,
};
use chrono_tz::Tz;

use crate::diagnostic::nearest;

/// A moment in time.
pub type Instant = DateTime<Utc>;

/// Why a text is no instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeError {
    /// It does not look like a date and a time.
    Malformed,
    /// It looks like one, but the calendar has no such day or the clock no such time.
    NoSuchTime,
    /// What follows the time is neither an offset nor a zone.
    UnknownZone(String),
    /// The clocks went back: it happened twice.
    Ambiguous {
        /// The two readings.
        readings: [Instant; 2],
        /// The zone.
        zone: Tz,
    },
    /// The clocks went forward: it never happened.
    Skipped {
        /// The same wall-clock distance before and after the change.
        readings: [Instant; 2],
        /// The zone.
        zone: Tz,
    },
}

/// Reads an instant; a time without a zone is in `zone`.
///
/// # Errors
///
/// Where the text is no instant, or two, or none.
pub fn parse(text: &str, zone: Tz) -> Result<Instant, TimeError> {
    if let Some(instant) = in_utc(text.as_bytes()) {
        return Ok(instant);
    }
    let text = text.trim();
    let date = text.get(..10).ok_or(TimeError::Malformed)?;
    if !shaped(date, "dddd-dd-dd") {
        return Err(TimeError::Malformed);
    }
    let rest = text[10..]
        .strip_prefix(['T', 't'])
        .unwrap_or_else(|| text[10..].trim_start());
    if rest.len() == text.len() - 10 && !rest.is_empty() {
        return Err(TimeError::Malformed);
    }
    let (clock, seconds) = match (rest.get(..8), rest.get(..5)) {
        (Some(clock), _) if shaped(clock, "dd:dd:dd") => (clock, true),
        (_, Some(clock)) if shaped(clock, "dd:dd") => (clock, false),
        _ => return Err(TimeError::Malformed),
    };
    let mut rest = &rest[clock.len()..];
    let mut nanos = 0;
    if seconds && let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return Err(TimeError::Malformed);
        }
        let kept = &fraction[..digits.min(9)];
        nanos = kept.parse::<u32>().map_err(|_| TimeError::Malformed)?
            * 10_u32.pow(9 - kept.len() as u32);
        rest = &fraction[digits..];
    }
    let number = |text: &str| text.parse::<u32>().map_err(|_| TimeError::Malformed);
    let year = i32::try_from(number(&date[..4])?).map_err(|_| TimeError::Malformed)?;
    let date = NaiveDate::from_ymd_opt(year, number(&date[5..7])?, number(&date[8..])?);
    let second = if seconds { number(&clock[6..])? } else { 0 };
    let time =
        NaiveTime::from_hms_nano_opt(number(&clock[..2])?, number(&clock[3..5])?, second, nanos);
    let local = date.zip(time).ok_or(TimeError::NoSuchTime)?;
    resolve(NaiveDateTime::new(local.0, local.1), rest.trim(), zone)
}

/// An instant in the form in which programs write a million of them: `2022-12-29T01:30:00Z`.
fn in_utc(text: &[u8]) -> Option<Instant> {
    let [
        a,
        b,
        c,
        d,
        b'-',
        e,
        f,
        b'-',
        g,
        h,
        b'T',
        i,
        j,
        b':',
        k,
        l,
        b':',
        m,
        n,
        b'Z',
    ] = *text
    else {
        return None;
    };
    let digits = |digits: &[u8]| {
        digits.iter().try_fold(0, |number, digit| {
            let digit = digit.is_ascii_digit().then(|| u32::from(digit - b'0'))?;
            Some(number * 10 + digit)
        })
    };
    let year = i32::try_from(digits(&[a, b, c, d])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, digits(&[e, f])?, digits(&[g, h])?)?;
    let time = NaiveTime::from_hms_opt(digits(&[i, j])?, digits(&[k, l])?, digits(&[m, n])?)?;
    Some(NaiveDateTime::new(date, time).and_utc())
}

/// Whether a text has the shape of a pattern in which `d` is a digit.
fn shaped(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern.bytes())
            .all(|(byte, wanted)| match wanted {
                b'd' => byte.is_ascii_digit(),
                _ => byte == wanted,
            })
}

fn resolve(local: NaiveDateTime, suffix: &str, zone: Tz) -> Result<Instant, TimeError> {
    WallClock::of(suffix, zone)?.instant(local)
}

/// The clock on the wall that a time is read from.
#[derive(Debug, Clone, Copy)]
pub(super) enum WallClock {
    /// One in a zone, which may be put forward and back.
    Zone(Tz),
    /// One with this offset from UTC.
    Offset(TimeDelta),
}

impl WallClock {
    /// The clock that stands behind a time: `Z`, `UTC`, an offset or a zone; one in `zone` where nothing does.
    pub(super) fn of(suffix: &str, zone: Tz) -> Result<Self, TimeError> {
        if suffix.is_empty() {
            return Ok(Self::Zone(zone));
        }
        if suffix.eq_ignore_ascii_case("z") || suffix == "UTC" {
            return Ok(Self::Zone(Tz::UTC));
        }
        if let Some(offset) = offset(suffix) {
            return Ok(Self::Offset(offset));
        }
        let zone = parse_zone(suffix).map(Self::Zone);
        zone.ok_or_else(|| TimeError::UnknownZone(suffix.to_owned()))
    }

    /// The instant at which it shows a time.
    pub(super) fn instant(self, local: NaiveDateTime) -> Result<Instant, TimeError> {
        match self {
            Self::Zone(zone) => in_zone(local, zone),
            Self::Offset(offset) => {
                let instant = local.and_utc().checked_sub_signed(offset);
                instant.ok_or(TimeError::NoSuchTime)
            }
        }
    }

    /// The day that it is at an instant.
    pub(super) fn day(self, at: Instant) -> Result<NaiveDate, TimeError> {
        match self {
            Self::Zone(zone) => Ok(at.with_timezone(&zone).date_naive()),
            Self::Offset(offset) => {
                let local = at.checked_add_signed(offset).ok_or(TimeError::NoSuchTime)?;
                Ok(local.date_naive())
            }
        }
    }
}

/// Abbreviations that the IANA database keeps as names of zones. Each stands for one offset, or for
/// the rules of a place that its name does not say, and nobody who writes one means that.
const ABBREVIATIONS: [&str; 7] = ["CET", "EET", "EST", "HST", "MET", "MST", "WET"];

/// The zone of an IANA name; never of an abbreviation.
pub fn parse_zone(name: &str) -> Option<Tz> {
    name.parse().ok().filter(|_| !ABBREVIATIONS.contains(&name))
}

/// The hint for a name that is no zone.
pub fn zone_hint(name: &str) -> String {
    if let Some(offset) = offset_in_words(name) {
        return format!("write `{offset}`");
    }
    let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    match nearest(name, names).filter(|_| !is_abbreviation(name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write `UTC`, or an IANA name such as `America/New_York`".to_owned(),
    }
}

/// The offset that `UTC+1` or `GMT-05:30` means, as files say it.
fn offset_in_words(name: &str) -> Option<String> {
    let behind = ["UTC", "GMT"]
        .iter()
        .find_map(|zone| name.strip_prefix(zone))?
        .trim_start();
    let (sign, time) = behind.split_at_checked(1)?;
    let (hours, minutes) = time.split_once(':').unwrap_or((time, "00"));
    let written = format!("{sign}{hours:0>2}:{minutes}");
    offset(&written).map(|_| written)
}

/// Whether a name is written like `EST`, to which no other name is near in a useful sense.
fn is_abbreviation(name: &str) -> bool {
    name.len() <= 5 && name.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn offset(text: &str) -> Option<TimeDelta> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    if !shaped(&text[1..], "dd:dd") {
        return None;
    }
    let hours: i64 = text[1..3].parse().ok()?;
    let minutes: i64 = text[4..].parse().ok()?;
    (hours < 24 && minutes < 60).then(|| TimeDelta::minutes(sign * (hours * 60 + minutes)))
}

fn in_zone(local: NaiveDateTime, zone: Tz) -> Result<Instant, TimeError> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(instant) => Ok(instant.with_timezone(&Utc)),
        LocalResult::Ambiguous(first, second) => {
            let mut readings = [first.with_timezone(&Utc), second.with_timezone(&Utc)];
            readings.sort();
            Err(TimeError::Ambiguous { readings, zone })
        }
        LocalResult::None => {
            // Read with the offsets in force a day before and a day after the change.
            let reading = |days: i64| {
                let near = local.checked_add_signed(TimeDelta::days(days))?;
                let near = zone.from_local_datetime(&near).earliest()?;
                let offset = near.naive_local() - near.naive_utc();
                local.and_utc().checked_sub_signed(offset)
            };
            match (reading(-1), reading(1)) {
                (Some(before), Some(after)) => Err(TimeError::Skipped {
                    readings: [before, after],
                    zone,
                }),
                _ => Err(TimeError::NoSuchTime),
            }
        }
    }
}

/// The instant of a wall-clock time, as RFC 5545 (section 3.3.5) reads it: one that the clocks skip as if
/// they had not been put forward, and of one that they repeat the first. `None` beyond the calendar.
pub fn on_the_wall(local: NaiveDateTime, zone: Tz) -> Option<Instant> {
    match in_zone(local, zone) {
        Ok(instant) => Some(instant),
        Err(TimeError::Ambiguous { readings, .. } | TimeError::Skipped { readings, .. }) => {
            Some(readings[0])
        }
        Err(TimeError::Malformed | TimeError::NoSuchTime | TimeError::UnknownZone(_)) => None,
    }
}

/// An instant as an incident file says it with its offset: `2022-10-30 02:30 +01:00`.
pub fn with_offset(instant: Instant, zone: Tz) -> String {
    instant
        .with_timezone(&zone)
        .format("%Y-%m-%d %H:%M %:z")
        .to_string()
}

/// RFC 3339 in UTC, to the second: `2022-12-29T01:30:00Z`.
pub fn rfc3339(instant: Instant) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A day, as `2022-12-28`.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let date = text.parse().ok();
    date.filter(|_| shaped(text, "dddd-dd-dd"))
}

/// Reads a duration: whole numbers of `s`, `m`, `h`, `d` or `w`, as in `15m` or `1h30m`; never zero.
pub fn parse_duration(text: &str) -> Option<TimeDelta> {
    let mut rest = text.trim();
    let mut total = TimeDelta::zero();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: i64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            'w' => 7 * 24 * 60 * 60,
            _ => return None,
        };
        total = total.checked_add(&TimeDelta::try_seconds(number.checked_mul(seconds)?)?)?;
        rest = rest[digits + 1..].trim_start();
    }
    let longest = TimeDelta::days(100 * 366);
    (total > TimeDelta::zero() && total <= longest).then_some(total)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn every_form_of_an_instant() {
        let zone = chrono_tz::America::New_York;
        for (text, instant) in [
            ("2022-12-28 19:45", "2022-12-29T00:45:00Z"),
            ("2022-12-28\u{a0}19:45", "2022-12-29T00:45:00Z"),
            ("2022-12-28T19:45:10", "2022-12-29T00:45:10Z"),
            ("2022-12-28 19:45 UTC", "2022-12-28T19:45:00Z"),
            ("2022-12-28 19:45Z", "2022-12-28T19:45:00Z"),
            ("2022-12-28 19:45 +03:30", "2022-12-28T16:15:00Z"),
            ("2022-12-28 19:45:00-05:00", "2022-12-29T00:45:00Z"),
            ("2022-12-28 19:45 Asia/Tokyo", "2022-12-28T10:45:00Z"),
            ("2022-12-28T19:45:00.250Z", "2022-12-28T19:45:00Z"),
            ("2022-11-06 01:30 -04:00", "2022-11-06T05:30:00Z"),
        ] {
            assert_eq!(
                parse(text, zone).map(rfc3339).as_deref(),
                Ok(instant),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_instant() {
        let zone = chrono_tz::America::New_York;
        for text in [
            "",
            "yesterday",
            "2022-12-28",
            "19:45",
            "2022-12-2819:45",
            "28.12.2022 19:45",
            "2022-12-28 7:45",
            "2022-12-28 19.45",
        ] {
            assert_eq!(parse(text, zone), Err(TimeError::Malformed), "{text}");
        }
        assert_eq!(parse("2022-02-29 10:00", zone), Err(TimeError::NoSuchTime));
        assert_eq!(parse("2022-12-28 25:00", zone), Err(TimeError::NoSuchTime));
        for zone_name in ["EDT5", "+24:00", "-01:60", "+24:60"] {
            assert_eq!(
                parse(&format!("2022-12-28 10:00 {zone_name}"), zone),
                Err(TimeError::UnknownZone(zone_name.into()))
            );
        }
    }

    #[test]
    fn fractions_of_a_second_are_kept_to_the_nanosecond() {
        for (fraction, nanos) in [
            (".25", 250_000_000),
            (",000000001", 1),
            (".1234567899", 123_456_789),
        ] {
            let text = format!("2022-12-28T19:45:10{fraction}Z");
            let instant = parse(&text, Tz::UTC).unwrap();
            assert_eq!(instant.timestamp_subsec_nanos(), nanos, "{text}");
        }
    }

    /// [`parse`] would read it in either case, but takes longer.
    #[test]
    fn what_programs_write_is_read_the_short_way() {
        let instant = "2022-12-29T01:30:45Z".parse().unwrap();
        assert_eq!(in_utc(b"2022-12-29T01:30:45Z"), Some(instant));
    }

    #[test]
    fn what_is_no_zone_has_a_hint() {
        let general = "write `UTC`, or an IANA name such as `America/New_York`";
        for (name, hint) in [
            ("UTC+1", "write `+01:00`"),
            ("GMT-05:30", "write `-05:30`"),
            ("UTC +24:00", general),
            ("America/New_Yrok", "did you mean `America/New_York`?"),
            ("Japn", "did you mean `Japan`?"),
            ("EDT", general),
            ("somewhere", general),
        ] {
            assert_eq!(zone_hint(name), hint, "{name}");
        }
    }

    #[test]
    fn a_change_of_clocks_names_both_readings() {
        let zone = chrono_tz::America::New_York;
        let both = |first: &str, second: &str| [first.parse().unwrap(), second.parse().unwrap()];
        assert_eq!(
            parse("2022-11-06 01:30", zone),
            Err(TimeError::Ambiguous {
                readings: both("2022-11-06T05:30:00Z", "2022-11-06T06:30:00Z"),
                zone
            })
        );
        assert_eq!(
            parse("2022-03-13 02:30", zone),
            Err(TimeError::Skipped {
                readings: both("2022-03-13T07:30:00Z", "2022-03-13T06:30:00Z"),
                zone
            })
        );
    }

    #[test]
    fn durations() {
        assert_eq!(parse_duration("15m"), Some(TimeDelta::minutes(15)));
        assert_eq!(parse_duration("1h30m"), Some(TimeDelta::minutes(90)));
        assert_eq!(parse_duration("2d"), Some(TimeDelta::days(2)));
        assert_eq!(parse_duration("90s"), Some(TimeDelta::seconds(90)));
        assert_eq!(parse_duration("2w"), Some(TimeDelta::days(14)));
        assert_eq!(parse_duration("36600d"), Some(TimeDelta::days(36_600)));
        for text in [
            "",
            "0m",
            "15",
            "m",
            "15x",
            "-5m",
            "99999999999999999999d",
            "900000000w",
            "36601d",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
