//! Sites of a few components on which everything happens at whole steps.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_oneof};
use proptest::sample::{select, subsequence};

use super::{COMPONENTS, STEPS, step};
use crate::site::Site;
use crate::site::component::Requirement;
use crate::site::fixtures::{
    ended, incident, maintenance, overridden, saw, signal, site, update, word,
};
use crate::site::observation::Observation;
use crate::site::post::Post;
use crate::site::signal::Signal;
use crate::site::update::Update;
use crate::site::vocabulary::{State, Status};
use crate::time::Instant;

fn statuses() -> impl Strategy<Value = Vec<(usize, Status)>> {
    let status = select(vec![
        Status::Operational,
        Status::DegradedPerformance,
        Status::PartialOutage,
        Status::MajorOutage,
    ]);
    let components = subsequence((0..COMPONENTS).collect::<Vec<_>>(), 0..=COMPONENTS);
    (components, vec(status, COMPONENTS))
        .prop_map(|(components, statuses)| components.into_iter().zip(statuses).collect())
}

pub(super) fn incidents() -> impl Strategy<Value = Post> {
    let states: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|state| state.fits_incident())
        .collect();
    let updates = vec((select(states), 0..60_i64, statuses()), 0..5);
    let end = proptest::option::weighted(0.2, 1..80_i64);
    (0..STEPS, statuses(), updates, end).prop_map(|(started, components, updates, end)| {
        let updates: Vec<Update> = updates
            .iter()
            .map(|(state, later, changes)| update(*state, step(started + later), changes))
            .collect();
        let incident = incident(step(started), &components, &updates);
        match end {
            Some(later) => ended(incident, step(started + later)),
            None => incident,
        }
    })
}

pub(super) fn maintenances() -> impl Strategy<Value = Post> {
    let states: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|state| state.fits_maintenance())
        .collect();
    let updates = vec((select(states), -20..40_i64), 0..4);
    let components = subsequence((0..COMPONENTS).collect::<Vec<_>>(), 1..=COMPONENTS);
    (0..STEPS, 1..30_i64, components, updates).prop_map(|(starts, length, components, updates)| {
        let updates: Vec<Update> = updates
            .iter()
            .map(|(state, later)| update(*state, step(starts + later), &[]))
            .collect();
        maintenance(step(starts), step(starts + length), &components, &updates)
    })
}

fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let one = (
        0..COMPONENTS,
        select(Status::REPORTABLE.to_vec()),
        0..STEPS,
        0..12_i64,
    );
    vec(one, 0..12).prop_map(|seen| {
        seen.into_iter()
            .map(|(component, status, from, length)| {
                saw(component, status, step(from), step(from + length))
            })
            .collect()
    })
}

fn words() -> impl Strategy<Value = Vec<Observation>> {
    let one = (
        0..COMPONENTS,
        select(Status::REPORTABLE.to_vec()),
        0..STEPS,
        1..40_i64,
    );
    vec(one, 0..4).prop_map(|posted| {
        posted
            .into_iter()
            .map(|(component, status, from, length)| {
                word(component, status, step(from), step(from + length))
            })
            .collect()
    })
}

fn signals() -> impl Strategy<Value = Signal> {
    let sample = (0..STEPS, select(vec![1.0, 5.0, 9.0]));
    (0..COMPONENTS, 0..4_i64, vec(sample, 0..40)).prop_map(|(component, sustained, samples)| {
        let samples: BTreeMap<Instant, f64> = samples
            .into_iter()
            .map(|(at, value)| (step(at), value))
            .collect();
        let samples: Vec<(Instant, f64)> = samples.into_iter().collect();
        signal(component, TimeDelta::minutes(10 * sustained), &samples)
    })
}

pub(super) fn sites() -> impl Strategy<Value = Site> {
    let posted = vec(prop_oneof![2 => incidents(), 1 => maintenances()], 0..5);
    let seen = (observations(), observations(), words());
    let requirements = vec![
        Requirement::Always,
        Requirement::OnceObserved,
        Requirement::Never,
    ];
    let components = vec((select(requirements), 1..4_usize), COMPONENTS);
    (posted, seen, vec(signals(), 0..4), components).prop_map(
        |(posted, (first, second, words), signals, components)| {
            let site = site(COMPONENTS)
                .observed("first", &first)
                .observed("second", &second);
            let mut site = overridden(site, &words);
            site.posts = posted.into_iter().map(Arc::new).collect();
            site.signals = signals;
            for (component, (required, quorum)) in site.components.iter_mut().zip(components) {
                component.required = required;
                component.quorum = quorum;
            }
            site
        },
    )
}
