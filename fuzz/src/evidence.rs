//! Evidence: component states and samples, in each of their formats.

use std::collections::BTreeSet;

use allclear::diagnostic::{Diagnostics, Severity};
use allclear::site::edit::observation::{NewObservation, record};
use allclear::site::lookup::Directory;
use allclear::site::observation::Observation;
use allclear::site::read::evidence::{States, states};
use allclear::site::read::samples::{holds_samples, samples};
use allclear::site::signal::Sample;
use allclear::site::vocabulary::Status;
use chrono::TimeDelta;
use chrono_tz::Tz;

use super::ground::Ground;
use super::sound::{assert_placed, file, text};

/// Component states in JSON Lines; an observation that is recorded is there afterwards, and nothing else is other.
pub fn states_jsonl(bytes: &[u8]) {
    let text = text(bytes);
    let (before, wrong) = read_states("evidence/states.jsonl", &text);
    let at = "2022-12-29T01:30:00Z".parse().expect("an instant");
    let seen = NewObservation {
        component: "web",
        status: Status::PartialOutage,
        source: "fuzz",
        at,
    };
    let change = record(text.as_bytes(), seen, TimeDelta::minutes(15));
    let recorded = change.applied(&text);
    let (after, wrong_after) = read_states("evidence/states.jsonl", &recorded);
    assert!(
        wrong_after <= wrong,
        "recorded, and worse than before:\n{recorded}"
    );
    let is_seen = |it: &Observation| {
        it.status == Status::PartialOutage && it.from <= at && it.seen_until() >= at
    };
    let there = after
        .get("fuzz")
        .is_some_and(|observations| observations.iter().any(is_seen));
    assert!(there, "recorded, and not there:\n{recorded}");
    for (source, observations) in before.iter().filter(|(source, _)| *source != "fuzz") {
        assert_eq!(
            after.get(source).map(|it| it.len()),
            Some(observations.len()),
            "{source} has lost lines"
        );
    }
}

/// Component states in CSV.
pub fn states_csv(bytes: &[u8]) {
    read_states("evidence/states.csv", &text(bytes));
}

/// Samples in CSV; quotes around the names of the columns change nothing.
pub fn samples_csv(bytes: &[u8]) {
    let text = text(bytes);
    let (read, errors) = read_samples("evidence/reports.csv", &text);
    if let Some(rest) = text.strip_prefix("time,value\n") {
        let (slowly, errors_slowly) = read_samples(
            "evidence/reports.csv",
            &format!("\"time\",\"value\"\n{rest}"),
        );
        assert_eq!(errors, errors_slowly);
        assert_eq!(format!("{read:?}"), format!("{slowly:?}"));
    }
}

/// Samples in JSON Lines.
pub fn samples_jsonl(bytes: &[u8]) {
    read_samples("evidence/reports.jsonl", &text(bytes));
}

/// The answer of Prometheus to a `query_range`.
pub fn prometheus(bytes: &[u8]) {
    read_samples("evidence/reports.json", &text(bytes));
}

fn read_states(path: &str, text: &str) -> (States, usize) {
    let components = Directory::new(&Ground::get().site.components);
    let file = file(path, text);
    let mut diagnostics = Diagnostics::new();
    let read = states(&file, &components, Tz::Europe__Berlin, &mut diagnostics);
    assert_placed(&diagnostics);
    for (source, observations) in &read {
        assert!(!source.trim().is_empty());
        assert!(observations.is_sorted_by_key(Observation::order));
        for it in observations.iter() {
            assert!(
                it.component.0 < components.all().len()
                    && it.from <= it.to
                    && it.from <= it.seen_until()
            );
            assert_eq!(it.claim.is_some(), source == "operator");
        }
    }
    (read, wrong_lines(&diagnostics))
}

/// The number of lines with an error: one line may have several.
fn wrong_lines(diagnostics: &Diagnostics) -> usize {
    let errors = diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Error);
    let places = errors.filter_map(|it| it.location.place());
    let lines: BTreeSet<usize> = places.map(|place| place.line_column().0).collect();
    lines.len()
}

fn read_samples(path: &str, text: &str) -> (Vec<Sample>, usize) {
    let file = file(path, text);
    holds_samples(&file);
    let mut diagnostics = Diagnostics::new();
    let read = samples(&file, Tz::Europe__Berlin, &mut diagnostics);
    assert_placed(&diagnostics);
    assert!(
        read.windows(2).all(|pair| pair[0].at < pair[1].at),
        "each instant once, in order"
    );
    (read, diagnostics.errors())
}
