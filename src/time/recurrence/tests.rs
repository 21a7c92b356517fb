#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use chrono::TimeDelta;
use chrono_tz::America::New_York;
use chrono_tz::Europe::Berlin;

use super::*;
use crate::time::{self, Instant};

mod properties;

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
fn a_rhythm_is_said_of_rules_that_are_no_more_than_that() {
    let rhythm = |rule| repeat("2023-03-11 02:00", rule).unwrap().rhythm();
    assert_eq!(rhythm("FREQ=DAILY"), Some(Rhythm::Daily));
    let weekly = |days: &[Weekday]| Some(Rhythm::Weekly(days.to_vec()));
    assert_eq!(rhythm("FREQ=WEEKLY"), weekly(&[Weekday::Sat]));
    let rule = "FREQ=WEEKLY;BYDAY=SA,TU;COUNT=9";
    assert_eq!(rhythm(rule), weekly(&[Weekday::Tue, Weekday::Sat]));
    assert_eq!(rhythm("FREQ=MONTHLY"), Some(Rhythm::Monthly));
    assert_eq!(rhythm("FREQ=MONTHLY;BYDAY=2SA"), Some(Rhythm::Monthly));
    let rule = "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=3";
    assert_eq!(rhythm(rule), Some(Rhythm::Monthly));
    for rule in [
        "FREQ=WEEKLY;INTERVAL=2",
        "FREQ=DAILY;BYDAY=SA",
        "FREQ=MONTHLY;BYDAY=SA",
        "FREQ=MONTHLY;BYMONTHDAY=11,12",
        "FREQ=WEEKLY;BYMONTH=3",
        "FREQ=YEARLY",
    ] {
        assert_eq!(rhythm(rule), None, "{rule}");
    }
    // Not every month has a 31st or a fifth Saturday, and each has a last day.
    for (start, rule, is_monthly) in [
        ("2023-03-31 02:00", "FREQ=MONTHLY", false),
        ("2023-03-31 02:00", "FREQ=MONTHLY;BYMONTHDAY=31", false),
        ("2023-04-29 02:00", "FREQ=MONTHLY;BYDAY=5SA", false),
        (
            "2023-04-29 02:00",
            "FREQ=MONTHLY;BYDAY=SA;BYSETPOS=5",
            false,
        ),
        ("2023-03-31 02:00", "FREQ=MONTHLY;BYMONTHDAY=-1", true),
    ] {
        let rhythm = repeat(start, rule).unwrap().rhythm();
        assert_eq!(rhythm, is_monthly.then_some(Rhythm::Monthly), "{rule}");
    }
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
    use RecurrenceError::{Empty, NotFirst, Overlap, TimeOfDay};
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    for (rule, error) in [
        ("FREQ=HOURLY", TimeOfDay("FREQ=HOURLY".to_owned())),
        (
            "FREQ=DAILY;BYHOUR=2,14",
            TimeOfDay("BYHOUR=2,14".to_owned()),
        ),
        ("FREQ=WEEKLY;UNTIL=20230303", Empty),
        ("FREQ=WEEKLY;COUNT=0", Empty),
        ("FREQ=WEEKLY;INTERVAL=0", Empty),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", Empty),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", Empty),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", Empty),
        ("FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2", Empty),
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

/// The problem with a rule, and what to write, without the words that all share.
fn problem(rule: &str) -> (String, String) {
    let error = repeat("2023-03-04 02:00", rule).unwrap_err();
    let (message, hint) = error.in_words(rule);
    let why = message.strip_prefix("this is no rule of RFC 5545: ");
    (why.unwrap_or(&message).to_owned(), hint)
}

#[test]
fn what_breaks_the_grammar_is_named_with_what_to_write() {
    let general = "write it as `FREQ=WEEKLY`, `FREQ=MONTHLY;BYDAY=1SA` or the like";
    let ascii = "a rule has only letters A to Z, digits and `;`, `=`, `,`, `+`, `-`: write `BYDAY=MO` or the like";
    let weekday = "write `MO`, `TU`, `WE`, `TH`, `FR`, `SA` or `SU`";
    let signed = |last: u32| {
        format!("write numbers from 1 to {last}, or from -{last} to -1 to count from the end")
    };
    let month_days = signed(31);
    let year_days = signed(366);
    let until = "write `UNTIL=20231231`, or with a time `UNTIL=20231231T235959`";
    let whole = "write a whole number from 1 to 36525";
    for (rule, why, instead) in [
        (
            "every week",
            "`EVERY WEEK` is not of the form `NAME=VALUE`",
            general,
        ),
        ("FREQ= WEEKLY", "it has a blank", ascii),
        ("FREQ=\tWEEKLY", "it has the character U+0009", ascii),
        ("", "`` is not of the form `NAME=VALUE`", general),
        (
            "FREQ=WEEKLY;",
            "`` is not of the form `NAME=VALUE`",
            general,
        ),
        (
            "FREQ=WEEKLY;BYDAY=",
            "`BYDAY=` is not of the form `NAME=VALUE`",
            general,
        ),
        (
            "FREQ=WEEKLY;BYDAY=\u{6708}",
            "it has the character `\u{6708}`",
            ascii,
        ),
        (
            "FREQ=WEEKLY;BYDAY=\u{ff2d}\u{ff2f}",
            "it has the character `\u{ff2d}`",
            ascii,
        ),
        (
            "FREQ=WEEKLY;BYDAY=\u{e9}1",
            "it has the character `\u{e9}`",
            ascii,
        ),
        // What becomes ASCII in capitals is none.
        (
            "FREQ=WEEKLY;BYDAY=\u{17f}u",
            "it has the character `\u{17f}`",
            ascii,
        ),
        (
            "FREQ=WEKLY",
            "`FREQ=WEKLY` is no frequency",
            "write `FREQ=DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`",
        ),
        ("BYDAY=SA", "it has no `FREQ`", general),
        (
            "FREQ=WEEKLY;BYDAYS=SA",
            "it has no part `BYDAYS`",
            "write `BYDAY=...`",
        ),
        (
            "FREQ=WEEKLY;BYDAY=SA;BYDAY=SU",
            "`BYDAY` is there twice",
            "write all its values behind one, with commas between them",
        ),
        ("FREQ=WEEKLY;UNTIL=SOON", "`SOON` is no day or time", until),
        (
            "FREQ=WEEKLY;UNTIL=20239901",
            "`20239901` is no day or time",
            until,
        ),
        (
            "FREQ=WEEKLY;UNTIL=20231201Z",
            "`20231201Z` is no day or time",
            until,
        ),
        (
            "FREQ=WEEKLY;UNTIL=2023121",
            "`2023121` is no day or time",
            until,
        ),
        (
            "FREQ=WEEKLY;UNTIL=20231201T02000",
            "`20231201T02000` is no day or time",
            until,
        ),
        (
            "FREQ=WEEKLY;UNTIL=2023+1+1",
            "`2023+1+1` is no day or time",
            until,
        ),
        (
            "FREQ=DAILY;COUNT=2;UNTIL=20230401",
            "`COUNT` and `UNTIL` exclude one another",
            "take one of them out",
        ),
        (
            "FREQ=WEEKLY;COUNT=99999999999",
            "`COUNT=99999999999` is no number that it can have",
            whole,
        ),
        (
            "FREQ=WEEKLY;COUNT=+5",
            "`COUNT=+5` is no number that it can have",
            whole,
        ),
        (
            "FREQ=WEEKLY;INTERVAL=-1",
            "`INTERVAL=-1` is no number that it can have",
            whole,
        ),
        (
            "FREQ=WEEKLY;WKST=MON",
            "`MON` is no day that `WKST` can have",
            weekday,
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,",
            "`` is no day that `BYDAY` can have",
            weekday,
        ),
        (
            "FREQ=MONTHLY;BYDAY=0MO",
            "`0MO` is no day that `BYDAY` can have",
            weekday,
        ),
        (
            "FREQ=YEARLY;BYMONTH=13",
            "`13` is no number that `BYMONTH` can have",
            "write numbers from 1 to 12",
        ),
        (
            "FREQ=YEARLY;BYMONTH=+1",
            "`+1` is no number that `BYMONTH` can have",
            "write numbers from 1 to 12",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "`32` is no number that `BYMONTHDAY` can have",
            &month_days,
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=0",
            "`0` is no number that `BYMONTHDAY` can have",
            &month_days,
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-+5",
            "`-+5` is no number that `BYMONTHDAY` can have",
            &month_days,
        ),
        (
            "FREQ=YEARLY;BYYEARDAY=-367",
            "`-367` is no number that `BYYEARDAY` can have",
            &year_days,
        ),
        (
            "FREQ=MONTHLY;BYDAY=SA;BYSETPOS=367",
            "`367` is no number that `BYSETPOS` can have",
            &year_days,
        ),
        (
            "FREQ=MONTHLY;BYSETPOS=1",
            "`BYSETPOS` chooses among the days of another part, and there is none",
            "add `BYDAY` or the like, or take `BYSETPOS` out",
        ),
        (
            "FREQ=WEEKLY;BYMONTHDAY=4",
            "`BYMONTHDAY` does not go with `FREQ=WEEKLY`",
            "write `FREQ=MONTHLY`, or `BYDAY`",
        ),
        (
            "FREQ=MONTHLY;BYYEARDAY=63",
            "`BYYEARDAY` does not go with `FREQ=MONTHLY`",
            "write `FREQ=YEARLY`, or `BYMONTHDAY`",
        ),
        (
            "FREQ=MONTHLY;BYWEEKNO=9",
            "`BYWEEKNO` does not go with `FREQ=MONTHLY`",
            "write `FREQ=YEARLY`, or `INTERVAL` with `FREQ=WEEKLY`",
        ),
        (
            "FREQ=WEEKLY;BYDAY=1SA",
            "a number in `BYDAY` does not go with `FREQ=WEEKLY`",
            "write `FREQ=MONTHLY`, or the day alone, as `BYDAY=SA`",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=9;BYDAY=1SA",
            "a number in `BYDAY` does not go with `BYWEEKNO`",
            "write the day alone, as `BYDAY=SA`",
        ),
        (
            "FREQ=MONTHLY;BYDAY=6SA",
            "no month has more than five of a day of the week, as `BYDAY` asks for",
            "write a number from -5 to 5, as `BYDAY=1SA` or `BYDAY=-1SA`",
        ),
        (
            "weekly",
            "`WEEKLY` is not of the form `NAME=VALUE`",
            "write `FREQ=WEEKLY`",
        ),
    ] {
        assert_eq!(
            problem(rule),
            (why.to_owned(), instead.to_owned()),
            "{rule}"
        );
    }
    let (long, _) = problem(&format!("FREQ=WEEKLY;{}=1", "X".repeat(100_000)));
    assert_eq!(long, format!("it has no part `{}…`", "X".repeat(199)));
}

#[test]
fn a_start_that_no_wall_clock_tells_is_refused() {
    let start = time::parse("2023-10-29 02:30 +01:00", Berlin).unwrap();
    let second = Window::new(start, start + TimeDelta::minutes(30)).unwrap();
    let error = Recurrence::new("FREQ=DAILY", second, Berlin).unwrap_err();
    assert_eq!(error, RecurrenceError::OddStart);
}

#[test]
fn a_rule_goes_on_for_a_hundred_years_at_most() {
    let repeat = repeat("2023-03-04 02:00", "FREQ=DAILY").unwrap();
    assert_eq!(repeat.windows().count(), 36_525);
    let last = repeat.windows().last().unwrap();
    assert_eq!(repeat.day(last).to_string(), "2123-03-04");
}

#[test]
fn a_rule_that_begins_too_early_is_refused() {
    for start in ["0001-01-01 02:00", "1969-12-31 02:00"] {
        for rule in ["FREQ=DAILY", "FREQ=MONTHLY;BYDAY=+1MO"] {
            let error = repeat(start, rule).unwrap_err();
            assert_eq!(error, RecurrenceError::TooEarly(1970), "{start} {rule}");
        }
    }
    assert!(repeat("1970-01-01 02:00", "FREQ=DAILY").is_ok());
    assert!(repeat("9999-12-31 02:00", "FREQ=DAILY").is_ok());
}

#[test]
fn days_of_the_week_and_numbered_ones_are_all_meant() {
    let repeat = repeat("2023-03-04 02:00", "FREQ=MONTHLY;BYDAY=1SA,TU").unwrap();
    assert_eq!(
        starts(repeat.windows()),
        [
            "2023-03-04 02:00 +01:00",
            "2023-03-07 02:00 +01:00",
            "2023-03-14 02:00 +01:00",
            "2023-03-21 02:00 +01:00"
        ]
    );
}

#[test]
fn days_are_counted_from_the_start_and_from_the_end() {
    for (rule, days) in [
        (
            "FREQ=YEARLY",
            ["2023-03-04", "2024-03-04", "2025-03-04", "2026-03-04"],
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=2",
            ["2023-01-02", "2023-02-02", "2023-03-02", "2023-04-02"],
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            ["2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=-1SA",
            ["2023-01-28", "2023-02-25", "2023-03-25", "2023-04-29"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=5SA",
            ["2023-04-29", "2023-07-29", "2023-09-30", "2023-12-30"],
        ),
        (
            "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
            ["2023-03-26", "2024-03-31", "2025-03-30", "2026-03-29"],
        ),
        (
            "FREQ=YEARLY;BYDAY=9SA",
            ["2023-03-04", "2024-03-02", "2025-03-01", "2026-02-28"],
        ),
        (
            "FREQ=YEARLY;BYYEARDAY=-1",
            ["2023-12-31", "2024-12-31", "2025-12-31", "2026-12-31"],
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=TU",
            ["2023-12-26", "2024-12-24", "2025-12-23", "2026-12-29"],
        ),
    ] {
        let repeat = repeat(&format!("{} 10:00", days[0]), rule).unwrap();
        let found = repeat
            .windows()
            .take(4)
            .map(|it| repeat.day(it).to_string());
        assert_eq!(found.collect::<Vec<_>>(), days, "{rule}");
    }
}

#[test]
fn a_week_has_the_day_on_which_the_rule_begins() {
    let repeat = repeat("2023-03-04 02:00", "FREQ=YEARLY;BYWEEKNO=9").unwrap();
    assert_eq!(
        starts(repeat.windows())[..2],
        ["2023-03-04 02:00 +01:00", "2024-03-02 02:00 +01:00"]
    );
}

#[test]
fn a_position_counts_among_the_days_of_the_whole_week() {
    let rule = "FREQ=WEEKLY;BYDAY=WE,SA;BYSETPOS=-1";
    let last = repeat("2023-03-04 02:00", rule).unwrap();
    assert_eq!(starts(last.windows())[1], "2023-03-11 02:00 +01:00");
    // Of its first week, the first day was before it began.
    let first = repeat("2023-03-04 02:00", "FREQ=WEEKLY;BYDAY=WE,SA;BYSETPOS=1").unwrap_err();
    assert_eq!(
        first,
        RecurrenceError::NotFirst("2023-03-08".parse().unwrap())
    );
}
