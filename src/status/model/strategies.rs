//! Sites of a few components on which everything happens at whole steps.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};

use super::{COMPONENTS, STEPS, step};
use crate::locale::LocalizedText;
use crate::site::Site;
use crate::site::component::{ComponentIndex, Requirement};
use crate::site::config::{Limit, Silence};
use crate::site::fixtures::{
    ended, incident, maintenance, notice, overridden, saw, signal, site, update, word,
};
use crate::site::observation::Observation;
use crate::site::post::{Kind, Post};
use crate::site::region::{Region, RegionIndex};
use crate::site::signal::Signal;
use crate::site::update::Update;
use crate::site::vocabulary::{State, Status};
use crate::time::{Instant, Recurrence};

/// Two of them change their clocks while everything happens.
const ZONES: [Tz; 4] = [
    Tz::UTC,
    Tz::Europe__Berlin,
    Tz::Europe__Dublin,
    Tz::Asia__Kathmandu,
];

fn subset(least: usize) -> impl Strategy<Value = Vec<usize>> {
    subsequence((0..COMPONENTS).collect::<Vec<_>>(), least..=COMPONENTS)
}

fn statuses() -> impl Strategy<Value = Vec<(usize, Status)>> {
    let status = select(vec![
        Status::Operational,
        Status::DegradedPerformance,
        Status::PartialOutage,
        Status::MajorOutage,
    ]);
    (subset(0), vec(status, COMPONENTS))
        .prop_map(|(components, statuses)| components.into_iter().zip(statuses).collect())
}

pub(super) fn incidents() -> impl Strategy<Value = Post> {
    let states: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|state| state.fits_incident())
        .collect();
    let updates = vec((select(states), 0..60_i64, statuses()), 0..5);
    let end = option::weighted(0.2, 1..80_i64);
    let keys = (
        any::<bool>(),
        any::<bool>(),
        option::weighted(0.3, 0..10_i64),
    );
    let times = (0..STEPS, end, keys);
    (times, statuses(), updates).prop_map(|((started, end, keys), components, updates)| {
        let updates: Vec<Update> = updates
            .iter()
            .map(|(state, later, changes)| update(*state, step(started + later), changes))
            .collect();
        let over = updates.iter().filter(|it| it.state.ends_incident());
        let over = over.map(|it| it.at).min();
        let mut incident = incident(step(started), &components, &updates);
        if let Kind::Incident(incident) = &mut incident.kind {
            let (is_start_said, is_impact_said, detected) = keys;
            incident.is_start_said = is_start_said;
            incident.impact = incident.impact.filter(|_| is_impact_said);
            incident.detected = detected.map(|later| step(started + later));
        }
        // An end after the update that says so is a contradiction, and reported.
        match end.map(|later| step(started + later)) {
            Some(end) if over.is_none_or(|over| end <= over) => ended(incident, end),
            _ => incident,
        }
    })
}

/// Single work, with updates in any order.
pub(super) fn maintenances() -> impl Strategy<Value = Post> {
    let states: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|state| state.fits_maintenance())
        .collect();
    let updates = vec((select(states), -20..40_i64, given_back()), 0..4);
    (0..STEPS, 1..30_i64, subset(1), updates).prop_map(|(starts, length, components, updates)| {
        let updates: Vec<Update> = updates
            .iter()
            .map(|(state, later, changes)| update(*state, step(starts + later), changes))
            .collect();
        let updates = distinct(updates);
        maintenance(step(starts), step(starts + length), &components, &updates)
    })
}

/// The updates without those that come at the instant of another: of these nobody can tell which was first.
fn distinct(mut updates: Vec<Update>) -> Vec<Update> {
    updates.sort_by_key(|it| it.at);
    updates.dedup_by_key(|it| it.at);
    updates
}

/// Now and then a component that works again, or that is taken down as well.
fn given_back() -> impl Strategy<Value = Vec<(usize, Status)>> {
    let status = select(vec![Status::Operational, Status::UnderMaintenance]);
    option::weighted(0.3, (0..COMPONENTS, status)).prop_map(|it| it.into_iter().collect())
}

/// Daily work, with updates that speak of one window or of the next or the last one.
fn repeating() -> impl Strategy<Value = Post> {
    let day = 144;
    let states = select(vec![
        State::Scheduled,
        State::Cancelled,
        State::Verifying,
        State::Completed,
        State::Update,
        State::InProgress,
    ]);
    let updates = vec((states, 0..3 * day, given_back()), 0..4);
    let except = option::weighted(0.3, 1..3_i64);
    (
        -day..STEPS - day,
        1..30_i64,
        subset(1),
        updates,
        (select(ZONES.to_vec()), except),
    )
        .prop_map(
            move |(starts, length, components, updates, (zone, except))| {
                let updates: Vec<Update> = updates
                    .iter()
                    // Whether work that begins between two windows is early or late, nobody can tell.
                    .filter(|(state, later, _)| {
                        let is_inside = later % day < length && Some(later / day) != except;
                        *state != State::InProgress || is_inside
                    })
                    .map(|(state, later, changes)| {
                        // What a window to come is told to give back, nobody can tell.
                        let speaks_of_next = matches!(state, State::Scheduled | State::Cancelled);
                        let changes = if speaks_of_next {
                            &[]
                        } else {
                            changes.as_slice()
                        };
                        update(*state, step(starts + later), changes)
                    })
                    .collect();
                let updates = distinct(updates);
                let mut work =
                    maintenance(step(starts), step(starts + length), &components, &updates);
                let Kind::Maintenance(maintenance) = &mut work.kind else {
                    return work;
                };
                // Where the clocks change, a window may open in the second of two equal hours.
                let rule = Recurrence::new("FREQ=DAILY", maintenance.window, zone);
                let day = |later: i64| step(starts + day * later).with_timezone(&zone).date_naive();
                maintenance.recurrence = rule.ok().map(|rule| {
                    let days: Vec<NaiveDate> = except.map(day).into_iter().collect();
                    Arc::new(rule.without(days))
                });
                work
            },
        )
}

fn notices() -> impl Strategy<Value = Post> {
    let ends = option::of(1..40_i64);
    (0..STEPS, ends)
        .prop_map(|(starts, ends)| notice(step(starts), ends.map(|later| step(starts + later))))
}

fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let status = prop_oneof![
        2 => Just(Status::Operational),
        2 => select(Status::REPORTABLE.to_vec()),
    ];
    let one = (0..COMPONENTS, status, 0..STEPS, 0..12_i64);
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

fn silences() -> impl Strategy<Value = Vec<Silence>> {
    vec((-10..STEPS, 1..60_i64), 0..2).prop_map(|times| {
        times
            .into_iter()
            .map(|(from, length)| Silence {
                from: step(from),
                until: step(from + length),
                reason: LocalizedText::plain("broken".to_owned()),
            })
            .collect()
    })
}

fn signals() -> impl Strategy<Value = Signal> {
    let values = vec![0.0, 1.0, 5.0, 9.0, 20.0, f64::INFINITY, f64::NAN];
    let sample = (0..STEPS, select(values));
    let limit = prop_oneof![
        6 => Just(Limit::Threshold(5.0)),
        1 => Just(Limit::Never),
        2 => (1..8_u32).prop_map(|days| Limit::Baseline { days, factor: 3.0, floor: 5.0 }),
    ];
    let days_before = 0..6_i64;
    (subset(1), 0..4_i64, vec(sample, 0..40), limit, days_before).prop_map(
        |(components, sustained, samples, limit, days_before)| {
            let mut all: BTreeMap<Instant, f64> = BTreeMap::new();
            if matches!(limit, Limit::Baseline { .. }) {
                // An hour apart, and so for ever after: what is usual never changes.
                let hours = -24 * days_before..=STEPS / 6;
                all.extend(hours.map(|hour| (step(6 * hour), 3.0)));
                let late = samples.last().map_or(0, |it| it.0);
                all.retain(|at, _| *at <= step(late));
                all.extend(samples.last().map(|(at, value)| (step(*at), *value)));
            } else {
                all.extend(samples.into_iter().map(|(at, value)| (step(at), value)));
            }
            let samples: Vec<(Instant, f64)> = all.into_iter().collect();
            let mut signal = signal(0, TimeDelta::minutes(10 * sustained), &samples);
            signal.limit = limit;
            signal.components = components.into_iter().map(ComponentIndex).collect();
            signal
        },
    )
}

/// What the configuration says of a component.
fn components() -> impl Strategy<Value = Vec<(Requirement, usize, Option<i64>)>> {
    let required = select(vec![
        Requirement::Always,
        Requirement::OnceObserved,
        Requirement::OnceObserved,
        Requirement::Never,
    ]);
    let since = option::weighted(0.4, -120..2_i64);
    vec((required, 1..4_usize, since), COMPONENTS)
}

/// The names of the sources of each region, and of each thing that may be of a region, in turn, of which it is.
type Geography = (Vec<Vec<&'static str>>, Vec<usize>);

fn geography() -> impl Strategy<Value = Geography> {
    let regions = select(vec![
        Vec::new(),
        Vec::new(),
        vec![vec!["first", "second"], vec!["third"]],
        vec![vec!["first"], Vec::new()],
        vec![vec!["second", "third"]],
    ]);
    (regions, vec(0..6_usize, 1..12))
}

/// The same site with regions.
fn in_regions(mut site: Site, (regions, turns): Geography) -> Site {
    site.regions = (regions.into_iter().zip(["jp", "us"]))
        .map(|(sources, id)| Region {
            id: id.to_owned(),
            name: LocalizedText::plain(id.to_owned()),
            sources: sources.into_iter().map(str::to_owned).collect(),
            codes: Vec::new(),
        })
        .collect();
    let count = site.regions.len();
    let mut turns = turns.into_iter().cycle();
    let mut next = || turns.next().filter(|it| *it < count).map(RegionIndex);
    for post in &mut site.posts {
        let post = Arc::make_mut(post);
        let (one, other) = (next(), next());
        post.regions = one
            .into_iter()
            .chain(other.filter(|it| Some(*it) != one))
            .collect();
        if let Kind::Incident(incident) = &mut post.kind {
            incident
                .components
                .iter_mut()
                .for_each(|it| it.region = next());
        }
        let changes = post.updates.iter_mut().flat_map(|it| &mut it.changes);
        changes.for_each(|it| it.region = next());
    }
    site.signals.iter_mut().for_each(|it| it.region = next());
    site
}

pub(super) fn sites() -> impl Strategy<Value = Site> {
    (sites_of_one_region(), geography()).prop_map(|(site, geography)| in_regions(site, geography))
}

fn sites_of_one_region() -> impl Strategy<Value = Site> {
    let posts = prop_oneof![
        4 => incidents(),
        2 => maintenances(),
        2 => repeating(),
        1 => notices(),
    ];
    let seen = (observations(), observations(), observations(), words());
    let silent = vec(silences(), 3);
    let posted = (vec(posts, 0..5), select(ZONES.to_vec()));
    (posted, seen, silent, vec(signals(), 0..3), components()).prop_map(
        |((posts, zone), (first, second, third, words), silent, signals, components)| {
            let mut site = site(COMPONENTS)
                .observed("first", &first)
                .observed("second", &second)
                .observed("third", &third);
            for (source, silences) in site.sources.iter_mut().zip(silent) {
                source.silences = silences;
            }
            let mut site = overridden(site, &words);
            site.settings.time_zone = zone;
            site.posts = posts.into_iter().map(Arc::new).collect();
            site.signals = signals;
            for (component, (required, quorum, since)) in site.components.iter_mut().zip(components)
            {
                component.required = required;
                component.quorum = quorum;
                component.since = since.map(|days| (step(0) + TimeDelta::days(days)).date_naive());
            }
            site
        },
    )
}
