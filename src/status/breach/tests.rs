#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use super::*;
use crate::locale::LocalizedText;

fn at(minute: i64) -> Instant {
    "2022-12-29T00:00:00Z".parse::<Instant>().unwrap() + TimeDelta::minutes(minute)
}

fn sampled(limit: Limit, sustained: i64, samples: &[(i64, f64)]) -> Signal {
    Signal {
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
    assert_eq!(found(0, 60, &[(0, 900.0)]), [(0, 0, Some(60))]);
    assert_eq!(found(0, 59, &[(0, 900.0)]), [(0, 0, None)]);
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
    let hours: Vec<Instant> = (0..24 * 12)
        .map(|hour| first + TimeDelta::hours(hour))
        .collect();
    let local = |at: &Instant| f64::from(at.with_timezone(&zone).hour());
    let mut signal_ = sampled(
        Limit::Baseline {
            days: 3,
            factor: 1.0,
            floor: -1.0,
        },
        0,
        &[],
    );
    let samples = hours.iter().map(|at| Sample {
        at: *at,
        value: local(at),
    });
    signal_.samples = Arc::new(samples.collect());
    let now = *hours.last().unwrap();
    for reading in readings(&signal_, zone, first + TimeDelta::days(4), now) {
        let expected = Some(local(&reading.sample.at));
        assert_eq!(reading.threshold, expected, "{reading:?}");
    }
}
