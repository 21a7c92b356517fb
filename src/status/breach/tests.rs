#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use super::*;
use crate::locale::LocalizedText;

fn at(minute: i64) -> Instant {
    "2022-12-29T00:00:00Z".parse::<Instant>().unwrap() + TimeDelta::minutes(minute)
}

fn sampled(limit: Limit, sustained: i64, samples: &[(i64, f64)]) -> Signal {
    Signal {
        region: None,
        id: "reports".into(),
        name: LocalizedText::plain("Reports".into()),
        components: Vec::new(),
        unit: None,
        limit,
        sustained: TimeDelta::minutes(sustained),
        valid_for: TimeDelta::hours(1),
        samples: Arc::new(
            samples
                .iter()
                .map(|(minute, value)| Sample {
                    at: at(*minute),
                    value: *value,
                })
                .collect(),
        ),
        capped: Arc::default(),
        place: crate::site::fixtures::place(),
    }
}

/// The breaches up to a minute, as minutes: rose, since, until.
fn found(sustained: i64, now: i64, samples: &[(i64, f64)]) -> Vec<(i64, i64, Option<i64>)> {
    let signal_ = sampled(Limit::Threshold(500.0), sustained, samples);
    let minute = |instant: Instant| (instant - at(0)).num_minutes();
    SignalStatus::new(&signal_, Tz::UTC, at(-10_000), at(now))
        .breaches
        .into_iter()
        .map(|breach| {
            (
                minute(breach.rose),
                minute(breach.since),
                breach.until.map(minute),
            )
        })
        .collect()
}

#[test]
fn at_the_threshold_is_too_high() {
    assert_eq!(found(0, 5, &[(0, 500.0)]), [(0, 0, None)]);
    assert_eq!(found(0, 5, &[(0, 499.9)]), []);
}

#[test]
fn it_counts_once_it_has_lasted() {
    let samples = [(0, 900.0), (15, 900.0), (30, 900.0)];
    assert_eq!(found(15, 14, &samples), []);
    assert_eq!(found(15, 15, &samples), [(0, 15, None)]);
    assert_eq!(found(15, 20, &[(0, 900.0), (10, 3.0)]), []);
    assert_eq!(found(15, 20, &[(0, 900.0), (15, 3.0)]), []);
    assert_eq!(
        found(15, 60, &[(0, 900.0), (30, 3.0), (45, 900.0)]),
        [(0, 15, Some(30)), (45, 60, None)]
    );
}

#[test]
fn a_gap_ends_it() {
    assert_eq!(
        found(15, 300, &[(0, 900.0), (120, 900.0)]),
        [(0, 15, Some(60)), (120, 135, Some(180))]
    );
    // The next one follows at once.
    assert_eq!(found(15, 100, &[(0, 900.0), (60, 900.0)]), [(0, 15, None)]);
    assert_eq!(found(0, 60, &[(0, 900.0)]), [(0, 0, Some(60))]);
    assert_eq!(found(0, 59, &[(0, 900.0)]), [(0, 0, None)]);
}

#[test]
fn a_signal_says_something_while_its_newest_sample_holds() {
    let baseline = Limit::Baseline {
        days: 3,
        factor: 3.0,
        floor: 50.0,
    };
    let threshold = Limit::Threshold(500.0);
    for (limit, samples, valid_until) in [
        (threshold, [(0, 900.0), (5, 3.0)], Some(at(65))),
        (threshold, [(0, 900.0), (5, f64::NAN)], None),
        (baseline, [(0, 900.0), (5, 3.0)], None),
    ] {
        let status = SignalStatus::new(&sampled(limit, 0, &samples), Tz::UTC, at(0), at(9));
        assert_eq!(status.newest().map(|it| it.sample.at), Some(at(5)));
        assert_eq!(status.valid_until, valid_until, "{limit:?} {samples:?}");
    }
}

#[test]
fn a_breach_goes_on_and_comes_with_time() {
    let signal_ = sampled(Limit::Threshold(500.0), 15, &[(0, 900.0)]);
    let early = SignalStatus::new(&signal_, Tz::UTC, at(0), at(5));
    let breach = Breach {
        rose: at(0),
        since: at(15),
        until: None,
    };
    assert_eq!(early.breach(), None);
    assert_eq!(early.breaches_until(&signal_, at(20)), [breach]);
    let later = SignalStatus::new(&signal_, Tz::UTC, at(0), at(20));
    assert_eq!(later.breach(), Some(breach));
}

#[test]
fn readings_between_two_instants_begin_with_the_one_before() {
    let samples = [(0, 1.0), (10, 1.0), (20, 1.0), (30, 1.0)];
    let signal_ = sampled(Limit::Threshold(500.0), 0, &samples);
    let minutes = |readings: &[Reading]| -> Vec<i64> {
        let minutes = readings
            .iter()
            .map(|it| (it.sample.at - at(0)).num_minutes());
        minutes.collect()
    };
    let status = SignalStatus::new(&signal_, Tz::UTC, at(0), at(60));
    for (from, until, expected) in [
        (10, 20, vec![0, 10, 20]),
        (11, 19, vec![10]),
        (-5, -1, vec![]),
        (-5, 0, vec![0]),
        (40, 50, vec![30]),
    ] {
        let between = status.readings_between(at(from), at(until));
        assert_eq!(minutes(between), expected, "{from} {until}");
    }
    let known = readings(&signal_, Tz::UTC, at(10), at(20));
    assert_eq!(minutes(&known), [0, 10, 20]);
}

#[test]
fn the_usual_takes_days_on_which_a_sample_held() {
    let day = 24 * 60;
    let limit = Limit::Baseline {
        days: 3,
        factor: 1.0,
        floor: 0.0,
    };
    let threshold = |age: i64| {
        let samples = [
            (-3 * day, 10.0),
            (-2 * day - age, 20.0),
            (-day, 30.0),
            (0, 60.0),
        ];
        let readings = readings(&sampled(limit, 0, &samples), Tz::UTC, at(0), at(0));
        readings.last().and_then(|it| it.threshold)
    };
    assert_eq!(threshold(59), Some(20.0));
    assert_eq!(threshold(60), None);
}

#[test]
fn the_usual_looks_back_as_far_as_a_sample_may_hold() {
    let zone = chrono_tz::America::New_York;
    let mut signal_ = sampled(
        Limit::Baseline {
            days: 3,
            factor: 1.0,
            floor: 0.0,
        },
        0,
        &[],
    );
    signal_.valid_for = TimeDelta::hours(30);
    // At noon on the 4th, three days of 73 hours before the last, the first one holds for half an hour more.
    let samples = [
        ("2022-11-03T10:30:00Z", 7.0),
        ("2022-11-05T16:00:00Z", 8.0),
        ("2022-11-06T17:00:00Z", 9.0),
        ("2022-11-07T16:59:00Z", 1.0),
        ("2022-11-07T17:00:00Z", 1.0),
    ];
    let samples = samples.map(|(at, value)| Sample {
        at: at.parse().unwrap(),
        value,
    });
    signal_.samples = Arc::new(samples.to_vec());
    let now = samples[4].at;
    let newest = readings(&signal_, zone, now, now).pop().unwrap();
    assert_eq!(newest.threshold, Some(8.0));
}

#[test]
fn the_usual_is_the_median_of_the_time_of_day() {
    let day = 24 * 60;
    let mut samples: Vec<(i64, f64)> = Vec::new();
    for (days, value) in [(4, 10.0), (3, 1_000.0), (2, 20.0), (1, 30.0)] {
        samples.push((-days * day - 60, 5.0));
        samples.push((-days * day, value));
    }
    samples.extend([(-60, 49.0), (0, 60.0)]);
    let limit = Limit::Baseline {
        days: 3,
        factor: 3.0,
        floor: 50.0,
    };
    let signal_ = sampled(limit, 0, &samples);
    let thresholds: Vec<Option<f64>> = readings(&signal_, Tz::UTC, at(-60), at(0))
        .iter()
        .rev()
        .take(2)
        .map(|reading| reading.threshold)
        .collect();
    // 30, 20 and 1000 at this hour; always 5 in the hour before, where the floor holds.
    assert_eq!(thresholds, [Some(90.0), Some(50.0)]);
    assert!(
        SignalStatus::new(&signal_, Tz::UTC, at(-60), at(1))
            .breach()
            .is_none()
    );
}

#[test]
fn medians() {
    assert_eq!(median(&mut []), None);
    assert_eq!(median(&mut [3.0]), Some(3.0));
    assert_eq!(median(&mut [9.0, 1.0, 2.0]), Some(2.0));
    assert_eq!(median(&mut [9.0, 1.0, 2.0, 4.0]), Some(3.0));
}

#[test]
fn the_usual_is_that_of_the_local_hour_when_clocks_change() {
    use chrono::Timelike as _;
    let zone = chrono_tz::America::New_York;
    let first: Instant = "2022-11-01T00:00:00Z".parse().unwrap();
    // Of the hour that comes twice, the second half comes before the first half once more.
    let halves: Vec<Instant> = (0..48 * 12)
        .map(|half| first + TimeDelta::minutes(30 * half))
        .collect();
    let local = |at: &Instant| f64::from(at.with_timezone(&zone).num_seconds_from_midnight());
    let mut signal_ = sampled(
        Limit::Baseline {
            days: 3,
            factor: 1.0,
            floor: -1.0,
        },
        0,
        &[],
    );
    let samples = halves.iter().map(|at| Sample {
        at: *at,
        value: local(at),
    });
    signal_.samples = Arc::new(samples.collect());
    let now = *halves.last().unwrap();
    for reading in readings(&signal_, zone, first + TimeDelta::days(4), now) {
        let expected = Some(local(&reading.sample.at));
        assert_eq!(reading.threshold, expected, "{reading:?}");
    }
}
