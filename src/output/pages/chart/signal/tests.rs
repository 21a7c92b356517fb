#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use chrono_tz::Tz;
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, prop_assert, proptest};

use super::*;
use crate::site::fixtures;
use crate::status::breach::SignalStatus;

fn chart(samples: &[(Instant, f64)], updates: &[Instant]) -> Option<Chart> {
    let span = Span {
        from: fixtures::at("12:00"),
        until: fixtures::at("20:00"),
    };
    let it = fixtures::signal(0, TimeDelta::zero(), samples);
    let status = SignalStatus::new(&it, Tz::UTC, span.from, span.until);
    let readings = status.readings_between(span.from, span.until);
    signal(&it, readings, span, updates)
}

#[test]
fn a_line_with_a_gap() {
    let at = fixtures::at;
    let samples = [
        (at("11:00"), 90.0),
        (at("12:00"), 0.0),
        (at("13:00"), 10.0),
        (at("16:00"), 5.0),
        (at("16:30"), 5.0),
    ];
    let chart = chart(&samples, &[at("14:00"), at("21:00")]).unwrap();
    assert_eq!(chart.values, "M0 100L40 4.8M160 52.4L180 52.4");
    assert_eq!(chart.threshold, "M0 52.4H320");
    assert_eq!(chart.updates, "M80 100v-6");
    assert_eq!(chart.peak.sample.value, 10.0);
    assert_eq!(chart.rows.len(), 4);
}

#[test]
fn a_value_by_itself_is_seen() {
    let at = fixtures::at;
    let path = |samples: &[(Instant, f64)]| chart(samples, &[]).unwrap().values;
    assert_eq!(path(&[(at("13:00"), 10.0)]), "M40 4.8h-6");
    assert_eq!(
        path(&[(at("12:00"), 10.0), (at("16:00"), 5.0)]),
        "M0 4.8h6M160 52.4h-6"
    );
}

#[test]
fn what_lies_above_the_threshold_is_outlined() {
    let at = fixtures::at;
    let samples = [
        (at("12:00"), 0.0),
        (at("13:00"), 10.0),
        (at("14:00"), 10.0),
        (at("15:00"), 0.0),
    ];
    let chart = chart(&samples, &[]).unwrap();
    assert_eq!(chart.threshold, "M0 52.4H320");
    // Up to the point where the values meet the threshold, and back along it.
    let outline = "M20 52.4L40 4.8L80 4.8L100 52.4L80 52.4L40 52.4L20 52.4Z";
    assert_eq!(chart.above, outline);
    let quiet = super::tests::chart(&[(at("12:00"), 1.0), (at("13:00"), 2.0)], &[]);
    assert_eq!(quiet.unwrap().above, "");
}

#[test]
fn values_beside_a_chart_have_room() {
    let at = fixtures::at;
    let values = |highest: f64| {
        let chart = chart(&[(at("12:00"), 0.0), (at("13:00"), highest)], &[]);
        let levels = chart.unwrap().levels.into_iter();
        levels
            .map(|it| (it.value, it.is_threshold))
            .collect::<Vec<_>>()
    };
    assert_eq!(values(10.0), [(0.0, false), (5.0, true), (10.0, false)]);
    // The highest value would stand on the threshold's, and nought does where the highest is far away.
    assert_eq!(values(5.5), [(0.0, false), (5.0, true)]);
    assert_eq!(values(100.0), [(5.0, true), (100.0, false)]);
}

#[test]
fn without_samples_there_is_no_chart() {
    assert_eq!(chart(&[], &[]), None);
    assert_eq!(chart(&[(fixtures::at("20:01"), 1.0)], &[]), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_chart_stays_small_and_inside(values in vec(-1e12..1e12_f64, 1..4000)) {
        let start = fixtures::at("12:00");
        let samples: Vec<(Instant, f64)> = values
            .iter()
            .zip(0..)
            .map(|(value, number)| (start + TimeDelta::seconds(7 * number), *value))
            .collect();
        let chart = chart(&samples, &[]).unwrap();
        prop_assert!(chart.values.len() < 10_000);
        prop_assert!(chart.rows.len() <= 24);
        let numbers = chart.values.split(|it: char| !(it.is_ascii_digit() || it == '.' || it == '-'));
        for number in numbers.filter(|number| !number.is_empty()) {
            let number: f64 = number.parse().unwrap();
            prop_assert!((0.0..=f64::from(WIDTH)).contains(&number));
        }
    }
}
