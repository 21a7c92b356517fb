#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn hours(hours: i64) -> TimeDelta {
    TimeDelta::hours(hours)
}

#[test]
fn days_are_as_long_as_their_zone_makes_them() {
    for (zone, date, start, hours) in [
        ("UTC", "2022-12-28", "2022-12-28T00:00:00Z", 24.0),
        (
            "America/New_York",
            "2022-12-28",
            "2022-12-28T05:00:00Z",
            24.0,
        ),
        (
            "America/New_York",
            "2022-03-13",
            "2022-03-13T05:00:00Z",
            23.0,
        ),
        (
            "America/New_York",
            "2022-11-06",
            "2022-11-06T04:00:00Z",
            25.0,
        ),
        (
            "Australia/Lord_Howe",
            "2022-10-02",
            "2022-10-01T13:30:00Z",
            23.5,
        ),
        // Midnight was skipped.
        (
            "America/Sao_Paulo",
            "2018-11-04",
            "2018-11-04T03:00:00Z",
            23.0,
        ),
        ("Africa/Cairo", "2023-04-28", "2023-04-27T22:00:00Z", 23.0),
        ("Asia/Beirut", "2022-03-27", "2022-03-26T22:00:00Z", 23.0),
        // Midnight came twice, or the hour before it.
        ("America/Havana", "2022-11-06", "2022-11-06T04:00:00Z", 25.0),
        (
            "America/Sao_Paulo",
            "2018-02-17",
            "2018-02-17T02:00:00Z",
            25.0,
        ),
        ("Africa/Cairo", "2023-10-26", "2023-10-25T21:00:00Z", 25.0),
    ] {
        let interval = day_interval(day(date), zone.parse().unwrap()).unwrap();
        assert_eq!(
            crate::time::rfc3339(interval.start()),
            start,
            "{zone} {date}"
        );
        let length = interval.len().as_seconds_f64() / 3600.0;
        assert_eq!(length, hours, "{zone} {date}");
    }
    // Samoa went over the date line: there was no 30 December.
    let apia = chrono_tz::Pacific::Apia;
    assert_eq!(day_interval(day("2011-12-30"), apia), None);
    assert_eq!(
        day_interval(day("2011-12-29"), apia).unwrap().len(),
        hours(24)
    );
    assert_eq!(
        day_interval(day("2011-12-31"), apia).unwrap().len(),
        hours(24)
    );
}

#[test]
fn days_follow_one_another_in_every_zone() {
    for zone in chrono_tz::TZ_VARIANTS {
        let mut end = None;
        for date in day("2018-01-01").iter_days().take(365) {
            if let Some(interval) = day_interval(date, zone) {
                assert_eq!(
                    end.unwrap_or(interval.start()),
                    interval.start(),
                    "{zone} {date}"
                );
                end = Some(interval.end());
            }
        }
    }
}
