//! Times and durations, as files say them and as people type them.

use allclear::site::edit::time::{duration, local, utc};
use allclear::time::{
    Instant, SpokenTime, TimeError, parse, parse_date, parse_duration, parse_spoken, parse_zone,
    rfc3339, with_offset, written, zone_hint,
};
use chrono::{DurationRound as _, TimeDelta};
use chrono_tz::Tz;

use super::sound::text;

/// A time or a duration of a file: what the program writes of it is read again as the same.
///
/// The first line is the zone; the rest is the text.
pub fn time(bytes: &[u8]) {
    let input = text(bytes);
    let (zone, text) = zone_and_rest(&input);
    match parse(text, zone) {
        Ok(instant) => assert_written(instant, zone),
        Err(TimeError::Ambiguous { readings, .. } | TimeError::Skipped { readings, .. }) => {
            assert_ne!(readings[0], readings[1]);
            readings
                .into_iter()
                .for_each(|instant| assert_written(instant, zone));
        }
        Err(TimeError::UnknownZone(name)) => assert!(!zone_hint(&name).is_empty()),
        Err(TimeError::Malformed | TimeError::NoSuchTime) => {}
    }
    if let Some(length) = parse_duration(text) {
        assert!(length > TimeDelta::zero());
        assert_eq!(parse_duration(&duration(length)), Some(length));
    }
    if let Some(day) = parse_date(text) {
        assert_eq!(day.to_string(), text);
    }
    if let Some(canonical) = written(text, |word| word == "December").and_then(|it| it.canonical) {
        let read = parse(&canonical, zone);
        assert_ne!(
            read,
            Err(TimeError::Malformed),
            "{text:?} is told to be {canonical:?}"
        );
    }
}

/// Asserts that what the program writes of an instant is read as that instant.
fn assert_written(instant: Instant, zone: Tz) {
    let to = |length: TimeDelta| instant.duration_trunc(length);
    if let Ok(second) = to(TimeDelta::seconds(1)) {
        assert_eq!(parse(&rfc3339(second), zone), Ok(second));
        assert_eq!(parse(&utc(second), zone), Ok(second));
        assert_local(second, zone);
    }
    if let Ok(minute) = to(TimeDelta::minutes(1)) {
        let text = with_offset(minute, zone);
        if is_whole(minute, zone) {
            assert_eq!(parse(&text, zone), Ok(minute), "{text}");
        }
    }
}

/// Asserts it of the form in the zone.
fn assert_local(second: Instant, zone: Tz) {
    let text = local(second, zone);
    if is_whole(second, zone) {
        assert_eq!(parse(&text, zone), Ok(second), "{text}");
    }
}

/// Whether the zone's offset is one of whole minutes then, and the year one of four digits; others cannot be written.
fn is_whole(instant: Instant, zone: Tz) -> bool {
    use chrono::{Datelike as _, Offset as _};
    let local = instant.with_timezone(&zone);
    local.offset().fix().local_minus_utc() % 60 == 0 && (0..=9999).contains(&local.year())
}

/// A time that somebody types: what a file may say means the same here.
///
/// The first line is the zone, the second the present; the rest is the text.
pub fn spoken(bytes: &[u8]) {
    let input = text(bytes);
    let (zone, rest) = zone_and_rest(&input);
    let (now, text) = rest.split_once('\n').unwrap_or(("", rest));
    let now =
        parse(now, zone).unwrap_or_else(|_| "2022-12-28T20:00:00Z".parse().expect("an instant"));
    let spoken = parse_spoken(text, now, zone);
    match parse(text, zone) {
        Ok(instant) => assert_eq!(spoken, Ok(SpokenTime::At(instant))),
        Err(TimeError::Malformed) => {}
        Err(error) => assert_eq!(spoken, Err(error.into())),
    }
    if let Some(length) = parse_duration(text).filter(|_| text.is_ascii()) {
        assert_eq!(spoken, Ok(SpokenTime::Later(length)), "{text:?}");
    }
    assert_eq!(
        parse_spoken(&format!(" {text} "), now, zone),
        spoken,
        "white space means nothing"
    );
}

/// The zone that the first line of an input names, and the rest.
pub fn zone_and_rest(input: &str) -> (Tz, &str) {
    let (first, rest) = input.split_once('\n').unwrap_or(("", input));
    (parse_zone(first.trim()).unwrap_or(Tz::Europe__Berlin), rest)
}
