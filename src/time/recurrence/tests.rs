#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use chrono::TimeDelta;
use chrono_tz::America::New_York;
use chrono_tz::Europe::Berlin;

use super::*;
use crate::time::{self, Instant};

fn local(text: &str, zone: Tz) -> Instant {
    time::parse(text, zone).unwrap()
}

fn window(starts: &str, minutes: i64, zone: Tz) -> Window {
    let starts = local(starts, zone);
    Window::new(starts, starts + TimeDelta::minutes(minutes)).unwrap()
}

fn repeat(starts: &str, rule: &str) -> Result<Recurrence, RecurrenceError> {
    Recurrence::new(rule, window(starts, 90, Berlin), Berlin)
}

/// When windows open, in the zone.
fn starts(windows: impl Iterator<Item = Window>) -> Vec<String> {
    windows
        .take(4)
        .map(|window| time::with_offset(window.starts(), Berlin))
        .collect()
}

#[test]
fn the_time_of_day_stays_when_the_clocks_change() {
    let repeat = repeat("2023-03-11 02:00", "FREQ=WEEKLY").unwrap();
    assert_eq!(
        starts(repeat.windows()),
        [
            "2023-03-11 02:00 +01:00",
            "2023-03-18 02:00 +01:00",
            "2023-03-25 02:00 +01:00",
            "2023-04-01 02:00 +02:00"
        ]
    );
    assert!(
        repeat
            .windows()
            .take(9)
            .all(|it| it.ends() - it.starts() == TimeDelta::minutes(90))
    );
}

#[test]
fn a_time_that_the_clocks_skip_or_repeat_has_the_reading_of_the_rfc() {
    let spring = repeat("2023-03-25 02:30", "FREQ=DAILY").unwrap();
    assert_eq!(starts(spring.windows())[1], "2023-03-26 03:30 +02:00");
    let autumn = repeat("2023-10-28 02:30", "FREQ=DAILY").unwrap();
    assert_eq!(starts(autumn.windows())[1], "2023-10-29 02:30 +02:00");
    // Midnight itself is skipped there.
    let zone = chrono_tz::America::Sao_Paulo;
    let midnight =
        Recurrence::new("FREQ=DAILY", window("2018-11-03 00:00", 30, zone), zone).unwrap();
    let second = midnight.windows().nth(1).unwrap();
    assert_eq!(
        time::with_offset(second.starts(), zone),
        "2018-11-04 01:00 -02:00"
    );
}

#[test]
fn a_rule_is_read_as_people_write_it_and_published_as_calendars_read_it() {
    for (rule, published) in [
        ("FREQ=WEEKLY", "FREQ=WEEKLY"),
        (" rrule:freq=monthly;byday=1sa ", "FREQ=MONTHLY;BYDAY=1SA"),
        // A day counts up to its end, in the zone.
        (
            "FREQ=WEEKLY;UNTIL=20230401",
            "FREQ=WEEKLY;UNTIL=20230401T215959Z",
        ),
        (
            "FREQ=WEEKLY;UNTIL=20230401T020000",
            "FREQ=WEEKLY;UNTIL=20230401T000000Z",
        ),
        (
            "FREQ=WEEKLY;UNTIL=20230401T000000Z",
            "FREQ=WEEKLY;UNTIL=20230401T000000Z",
        ),
    ] {
        let repeat = repeat("2023-03-04 02:00", rule).unwrap();
        assert_eq!(repeat.rule(), published);
        if rule.contains("UNTIL") {
            assert_eq!(
                starts(repeat.windows().skip(4)),
                ["2023-04-01 02:00 +02:00"],
                "{rule}"
            );
        }
    }
    // Of the end, to the second.
    let earlier = repeat("2023-03-04 02:00", "FREQ=WEEKLY;UNTIL=20230401T015959").unwrap();
    assert_eq!(earlier.windows().count(), 4);
}

#[test]
fn days_can_be_excepted() {
    let repeat = repeat("2023-03-04 02:00", "FREQ=WEEKLY;COUNT=4").unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let repeat = repeat.without(vec![day("2023-03-18"), day("2023-03-04")]);
    let all = ["2023-03-11 02:00 +01:00", "2023-03-25 02:00 +01:00"];
    assert_eq!(starts(repeat.windows()), all);
    let exceptions = ["2023-03-04 02:00 +01:00", "2023-03-18 02:00 +01:00"];
    assert_eq!(starts(repeat.exceptions()), exceptions);
}

#[test]
fn what_is_no_rule_for_a_window_is_refused() {
    use RecurrenceError::{Empty, Malformed, NotFirst, Overlap, TimeOfDay};
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let malformed = |text: &str| Malformed(text.to_owned());
    for (rule, error) in [
        (
            "every week",
            malformed("`every week` is not of the form `NAME=VALUE`"),
        ),
        ("", malformed("`` is not of the form `NAME=VALUE`")),
        ("FREQ=WEKLY", malformed("`WEKLY` is not a valid frequency")),
        (
            "BYDAY=SA",
            malformed("The property `FREQ` wasn't found, and it is required"),
        ),
        (
            "FREQ=WEEKLY;UNTIL=SOON",
            malformed("`SOON` is no day or time"),
        ),
        (
            "FREQ=WEEKLY;UNTIL=20239901",
            malformed("`20239901` is no day or time"),
        ),
        (
            "FREQ=DAILY;COUNT=2;UNTIL=20230401",
            malformed("`COUNT` and `UNTIL` exclude one another"),
        ),
        ("FREQ=HOURLY", TimeOfDay("FREQ=HOURLY".to_owned())),
        (
            "FREQ=DAILY;BYHOUR=2,14",
            TimeOfDay("BYHOUR=2,14".to_owned()),
        ),
        ("FREQ=WEEKLY;UNTIL=20230303", Empty),
        ("FREQ=WEEKLY;COUNT=0", Empty),
        ("FREQ=WEEKLY;INTERVAL=0", Empty),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", Empty),
        ("FREQ=WEEKLY;BYDAY=SU", NotFirst(day("2023-03-05"))),
    ] {
        assert_eq!(
            repeat("2023-03-04 02:00", rule).unwrap_err(),
            error,
            "{rule}"
        );
    }
    let long = |days: i64| window("2023-03-01 00:00", days * 24 * 60, New_York);
    let weekly = |days: i64| Recurrence::new("FREQ=WEEKLY", long(days), New_York);
    assert_eq!(weekly(8).unwrap_err(), Overlap(day("2023-03-08")));
    // A week in which the clocks are put forward is an hour short of seven days.
    assert_eq!(weekly(7).unwrap_err(), Overlap(day("2023-03-15")));
    assert!(weekly(6).is_ok());
}

#[test]
fn a_start_that_no_wall_clock_tells_is_refused() {
    let start = time::parse("2023-10-29 02:30 +01:00", Berlin).unwrap();
    let second = Window::new(start, start + TimeDelta::minutes(30)).unwrap();
    let error = Recurrence::new("FREQ=DAILY", second, Berlin).unwrap_err();
    let odd = "`starts` is in the second of two equal hours, or between two seconds";
    assert_eq!(error, RecurrenceError::Malformed(odd.to_owned()));
}

#[test]
fn a_rule_without_an_end_has_one() {
    let repeat = repeat("2023-03-04 02:00", "FREQ=DAILY").unwrap();
    assert_eq!(repeat.windows().count(), MOST);
}
