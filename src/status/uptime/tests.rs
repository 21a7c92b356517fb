#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::site::Site;
use crate::site::fixtures::{at, incident, saw, site, update};
use crate::site::vocabulary::State;
use crate::site::vocabulary::Status::{
    DegradedPerformance, MajorOutage, Operational, PartialOutage, Suspected, UnderMaintenance,
    Unknown,
};
use crate::status::SiteStatus;
use crate::time::Instant;
use crate::time::calendar::{calendar, date, day_interval};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn hours(hours: i64) -> TimeDelta {
    TimeDelta::hours(hours)
}

/// The last `count` days of component 0 at `now`.
fn days_of(site: &Site, now: Instant, count: u32) -> Vec<ComponentDay> {
    let timelines = SiteStatus::new(site, now).snapshot.timelines;
    let calendar = calendar(
        date(now, site.settings.time_zone),
        count,
        site.settings.time_zone,
    );
    let first = site.components[0].since.or(Some(calendar[0].date));
    days(&timelines[0], &calendar, first)
}

#[test]
fn a_day_sums_up_what_held_on_it() {
    let site = site(1).with(incident(
        at("22:00"),
        &[(0, MajorOutage)],
        &[update(State::Resolved, at("29 01:00"), &[])],
    ));
    let days = days_of(&site, at("29 06:00"), 3);
    let rows: Vec<_> = days
        .iter()
        .map(|day| (day.durations.total(), day.durations.down(), day.status()))
        .collect();
    assert_eq!(
        rows,
        [
            (hours(24), hours(0), Some(Operational)),
            (hours(24), hours(2), Some(MajorOutage)),
            (hours(6), hours(1), Some(MajorOutage)),
        ]
    );
}

#[test]
fn days_before_the_first_that_counts_do_not_exist() {
    let mut site = site(1);
    site.components[0].since = Some(day("2022-12-27"));
    let days = days_of(&site, at("06:00"), 4);
    let exist: Vec<bool> = days.iter().map(|day| day.interval.is_some()).collect();
    assert_eq!(exist, [false, false, true, true]);
    assert_eq!(days[0].status(), None);
    assert_eq!(
        uptime(&days, &site.settings.weights).durations.total(),
        hours(30)
    );
}

#[test]
fn the_status_that_stands_for_a_day() {
    for (held, expected) in [
        (&[(Operational, 24)][..], Operational),
        (
            &[(Operational, 23), (UnderMaintenance, 1)],
            UnderMaintenance,
        ),
        (&[(Operational, 23), (Suspected, 1)], Suspected),
        (
            &[(Unknown, 23), (DegradedPerformance, 1)],
            DegradedPerformance,
        ),
        (&[(Unknown, 12), (Operational, 12)], Operational),
        (&[(Unknown, 12), (UnderMaintenance, 12)], UnderMaintenance),
        (&[(Unknown, 13), (UnderMaintenance, 11)], Unknown),
    ] {
        let mut durations = Durations::default();
        for (status, length) in held {
            durations.add(*status, hours(*length));
        }
        let date = day("2022-12-28");
        let interval = day_interval(date, chrono_tz::UTC);
        let day = ComponentDay {
            date,
            interval,
            durations,
            confirmed: hours(0),
        };
        assert_eq!(day.status(), Some(expected), "{held:?}");
    }
}

#[test]
fn uptime_weighs_outages_and_leaves_out_what_nobody_knows() {
    let site = site(1)
        .with_evidence_required()
        .observed("probe", &[saw(0, Operational, at("00:00"), at("19:00"))]);
    let site = site
        .with(incident(
            at("02:00"),
            &[(0, MajorOutage)],
            &[update(State::Resolved, at("03:00"), &[])],
        ))
        // Half of this overlaps with the major outage, which counts once.
        .with(incident(
            at("02:30"),
            &[(0, PartialOutage)],
            &[update(State::Resolved, at("05:00"), &[])],
        ))
        .with(incident(
            at("06:00"),
            &[(0, DegradedPerformance)],
            &[update(State::Resolved, at("07:00"), &[])],
        ));
    // The day before is known from incident reports, the next from 19:00 and an hour on is not known.
    let uptime = uptime(&days_of(&site, at("29 00:00"), 3), &site.settings.weights);
    assert_eq!(uptime.durations.unknown(), hours(4));
    assert_eq!(uptime.durations.down(), hours(3));
    assert_eq!(uptime.durations.up(), hours(41));
    assert_eq!(uptime.known(), hours(44));
    assert_eq!(uptime.confirmed, hours(20));
    assert_eq!(uptime.measured, 44.0 / 48.0);
    assert_eq!(uptime.ratio, Some(1.0 - (1.0 + 0.3 * 2.0) / 44.0));
    let counts = DayCounts {
        counted: 3,
        down: 1,
        minor: 0,
        maintenance: 0,
        unknown: 1,
    };
    let days = days_of(&site, at("29 00:00"), 4);
    assert_eq!(super::uptime(&days, &site.settings.weights).days, counts);
}

#[test]
fn nothing_measured_has_no_ratio() {
    let site = site(1).with_evidence_required();
    let unknown = uptime(&days_of(&site, at("12:00"), 90), &site.settings.weights);
    assert_eq!((unknown.ratio, unknown.measured), (None, 0.0));
    let none = uptime(&[], &site.settings.weights);
    assert_eq!((none.ratio, none.measured), (None, 0.0));
}

#[test]
fn a_ratio_needs_a_day_and_a_tenth_of_the_time() {
    for (known, unknown, expected) in [
        (24, 0, true),
        (23, 0, false),
        (24, 216, true),
        (24, 217, false),
        (240, 2160, true),
        (239, 2160, false),
    ] {
        let mut durations = Durations::default();
        durations.add(Operational, hours(known));
        durations.add(Unknown, hours(unknown));
        let day = ComponentDay {
            date: day("2022-12-28"),
            interval: None,
            durations,
            confirmed: hours(0),
        };
        let ratio = uptime(&[day], &Weights::default()).ratio;
        assert_eq!(ratio.is_some(), expected, "{known} {unknown}");
    }
}
