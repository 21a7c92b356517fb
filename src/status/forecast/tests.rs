//! What is foretold, held against builds of the same files at each later step.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use chrono::DateTime;
use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
use proptest::sample::{select, subsequence};
use proptest::test_runner::Config;

use super::*;
use crate::site::Site;
use crate::site::component::Requirement;
use crate::site::config::Silence;
use crate::site::fixtures::{
    at, incident, maintenance, overridden, saw, signal, site, update, word,
};
use crate::site::observation::Observation;
use crate::site::post::{Kind, Post};
use crate::site::signal::Signal;
use crate::site::update::Update;
use crate::site::vocabulary::State;
use crate::status::observed::Coverage;
use crate::status::{HeadlineState, SiteStatus, breach, occurrence, snapshot};
use crate::time::{Interval, Recurrence};

const COMPONENTS: usize = 2;

/// The step of the build; everything happens at steps of ten minutes.
const NOW: i64 = 30;

fn step(number: i64) -> Instant {
    DateTime::from_timestamp(1_672_185_600 + number * 600, 0).unwrap()
}

/// Observations up to now by one source, with the times in which it is not believed, which may be to come.
type Source = (Vec<Observation>, Vec<Silence>);

fn sources() -> impl Strategy<Value = Source> {
    let statuses = select(vec![
        Status::Operational,
        Status::Operational,
        Status::UnderMaintenance,
        Status::DegradedPerformance,
        Status::MajorOutage,
    ]);
    let seen = vec((0..COMPONENTS, statuses, 20..=NOW, 0..6_i64), 0..6);
    let silences = vec((20..36_i64, 1..8_i64), 0..3);
    (seen, silences).prop_map(|(seen, silences)| {
        let seen = seen.into_iter().map(|(component, status, from, length)| {
            saw(
                component,
                status,
                step(from),
                step((from + length).min(NOW)),
            )
        });
        let silences = silences.into_iter().map(|(from, length)| Silence {
            from: step(from),
            until: step(from + length),
            reason: crate::locale::LocalizedText::plain("Moved.".to_owned()),
        });
        (seen.collect(), silences.collect())
    })
}

fn words() -> impl Strategy<Value = Vec<Observation>> {
    let one = (
        0..COMPONENTS,
        select(Status::REPORTABLE.to_vec()),
        20..=NOW,
        1..20_i64,
    );
    vec(one, 0..3).prop_map(|said| {
        let words = said
            .into_iter()
            .map(|(of, status, from, length)| word(of, status, step(from), step(from + length)));
        words.collect()
    })
}

fn work() -> impl Strategy<Value = Post> {
    let components = subsequence((0..COMPONENTS).collect::<Vec<_>>(), 1..=COMPONENTS);
    (24..44_i64, 1..8_i64, components).prop_map(|(starts, length, components)| {
        let announced = update(State::Scheduled, step(10), &[]);
        maintenance(
            step(starts),
            step(starts + length),
            &components,
            &[announced],
        )
    })
}

fn signals() -> impl Strategy<Value = Signal> {
    let samples = vec(select(vec![1.0, 9.0]), 6);
    (0..COMPONENTS, 0..4_i64, samples).prop_map(|(component, sustained, values)| {
        let samples: Vec<(Instant, f64)> = (NOW - 5..=NOW).map(step).zip(values).collect();
        signal(component, TimeDelta::minutes(10 * sustained), &samples)
    })
}

fn sites() -> impl Strategy<Value = Site> {
    let requirement = select(vec![
        Requirement::Always,
        Requirement::OnceObserved,
        Requirement::Never,
    ]);
    let rules = vec((requirement, 1..4_usize), COMPONENTS);
    let said = (words(), vec(work(), 0..3));
    (vec(sources(), 1..4), said, vec(signals(), 0..2), rules).prop_map(
        |(sources, (words, posts), signals, rules)| {
            let mut site = site(COMPONENTS);
            for (number, (seen, silences)) in sources.into_iter().enumerate() {
                let name = format!("source-{number}");
                site = site.observed(&name, &seen);
                let source = site.sources.iter_mut().find(|it| it.name == name).unwrap();
                source.silences = silences;
            }
            let mut site = overridden(site, &words);
            site.posts = posts.into_iter().map(Arc::new).collect();
            site.signals = signals;
            for (component, (required, quorum)) in site.components.iter_mut().zip(rules) {
                component.required = required;
                component.quorum = quorum;
            }
            site
        },
    )
}

/// The headline that a page of the present shows at a later instant.
fn shown(status: &SiteStatus, at: Instant) -> HeadlineState {
    let mut later = status.forecast.headlines.iter().rev();
    let begun = later.find(|(from, _)| *from <= at);
    begun.map_or(status.snapshot.headline.state, |(_, headline)| {
        headline.state
    })
}

proptest! {
    #![proptest_config(Config { cases: 64, failure_persistence: None, ..Config::default() })]

    /// Confirmed until that instant, and not a moment longer or shorter.
    #[test]
    fn an_all_clear_ends_where_a_build_would_no_longer_give_it(site in sites()) {
        let present = SiteStatus::new(&site, step(NOW));
        if present.snapshot.headline.state != HeadlineState::AllClear {
            prop_assert_eq!(present.snapshot.headline.valid_until, None);
            return Ok(());
        }
        let mut later = (NOW + 1..NOW + 40).map(step);
        let is_over = |at: &Instant| {
            SiteStatus::new(&site, *at).snapshot.headline.state != HeadlineState::AllClear
        };
        let first = later.find(is_over);
        prop_assert!(first.is_some());
        prop_assert_eq!(present.snapshot.headline.valid_until, first);
        prop_assert_eq!(present.forecast.headlines.first().map(|(at, _)| *at), first);
    }

    /// An open page says what a build would say, but for what has become better since.
    #[test]
    fn an_old_page_is_never_better_than_a_build(site in sites()) {
        let present = SiteStatus::new(&site, step(NOW));
        let mut said: Vec<Condition> = present.snapshot.components.iter().map(ComponentNow::condition).collect();
        for at in (NOW + 1..NOW + 40).map(step) {
            let built = SiteStatus::new(&site, at).snapshot;
            for (index, (said, built)) in said.iter_mut().zip(&built.components).enumerate() {
                let next = built.condition();
                if badness(*said) < badness(next) || next.status == Status::Unknown {
                    *said = next;
                }
                let changes = &present.forecast.components[index];
                let begun = changes.iter().rfind(|it| it.interval.start() <= at);
                let shown = begun.map_or(present.snapshot.components[index].condition(), Segment::condition);
                prop_assert_eq!(shown, *said, "{} at {}", index, at);
            }
            prop_assert!(shown(&present, at) <= built.headline.state, "at {}", at);
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 64, failure_persistence: None, ..Config::default() })]

    /// Whoever builds at the next change, and at the one after that, misses none, be it better or worse.
    #[test]
    fn nothing_changes_by_itself_before_the_next_change(site in sites()) {
        let said = |status: &SiteStatus| {
            let snapshot = &status.snapshot;
            let components = snapshot.components.iter().map(ComponentNow::condition);
            (
                snapshot.headline.state,
                components.collect::<Vec<_>>(),
                (snapshot.incidents.clone(), snapshot.maintenances.clone()),
                status.signals.iter().map(|it| it.breach().is_some()).collect::<Vec<_>>(),
            )
        };
        let mut built = SiteStatus::new(&site, step(NOW));
        for at in (NOW + 1..NOW + 40).map(step) {
            let status = SiteStatus::new(&site, at);
            if built.next_change(&site).is_some_and(|next| next <= at) {
                built = status;
            } else {
                prop_assert_eq!(said(&built), said(&status), "at {}", at);
            }
        }
    }
}

/// An all-clear that rests on evidence for years ends when that runs out.
#[test]
fn an_all_clear_ends_beyond_the_horizon_too() {
    let mut site = site(1).observed(
        "probe",
        &[saw(0, Status::Operational, at("10:00"), at("10:00"))],
    );
    site.components[0].valid_for = HORIZON * 3;
    let status = SiteStatus::new(&site, at("12:00"));
    let ends = at("10:00") + HORIZON * 3;
    assert_eq!(status.snapshot.headline.valid_until, Some(ends));
}

/// Segments of half an hour each.
fn segments(statuses: &[Status]) -> Vec<Segment> {
    let segment = |(number, status): (i64, &Status)| Segment {
        interval: Interval::new(step(3 * number), step(3 * number + 3)).unwrap(),
        status: *status,
        confirmed: true,
        counted: *status,
    };
    (0..).zip(statuses).map(segment).collect()
}

#[test]
fn only_what_is_worse_is_told_and_six_times_that_nobody_knows() {
    use Status::{MajorOutage, Operational, PartialOutage, Unknown};
    for (statuses, told) in [
        (&[Operational][..], &[][..]),
        (&[Operational, Operational], &[]),
        (&[Operational, Unknown, Unknown], &[1]),
        (
            &[Operational, PartialOutage, Operational, MajorOutage],
            &[1, 3],
        ),
        (&[MajorOutage, PartialOutage, Unknown, Unknown], &[2]),
        (
            &[
                MajorOutage,
                Unknown,
                MajorOutage,
                Unknown,
                MajorOutage,
                Unknown,
                MajorOutage,
                Unknown,
                MajorOutage,
            ],
            &[1, 2, 3, 4, 5, 6],
        ),
        (
            &[
                PartialOutage,
                Unknown,
                PartialOutage,
                Unknown,
                PartialOutage,
                Unknown,
                PartialOutage,
                Unknown,
                MajorOutage,
            ],
            &[1, 2, 3, 4, 5, 6, 8],
        ),
    ] {
        let changes = no_good_news(&segments(statuses));
        let starts: Vec<Instant> = changes.iter().map(|it| it.interval.start()).collect();
        let expected: Vec<Instant> = told.iter().map(|number| step(3 * number)).collect();
        assert_eq!(starts, expected, "{statuses:?}");
    }
}

#[test]
fn a_window_within_the_horizon_is_foretold() {
    let window = |days: i64| {
        let starts = at("12:00") + TimeDelta::days(days);
        maintenance(starts, starts + TimeDelta::hours(1), &[0], &[])
    };
    for (days, told) in [(29, 1), (30, 0)] {
        let forecast = SiteStatus::new(&site(1).with(window(days)), at("12:00")).forecast;
        assert_eq!(forecast.components[0].len(), told, "{days}");
        assert_eq!(forecast.headlines.len(), told, "{days}");
    }
}

/// An answer from the facts of a site at an instant.
fn from_facts<T>(site: &Site, now: Instant, answer: impl FnOnce(Facts<'_>) -> T) -> T {
    answer(Facts {
        site,
        now,
        occurrences: &occurrence::occurrences(site, now),
        coverage: &Coverage::new(site, now),
        signals: &breach::signals(site, now, now),
    })
}

/// The states of the headlines of a site to which changes of its component come, of whose end nobody knows.
fn states(site: &Site, changes: &[Status]) -> Vec<HeadlineState> {
    from_facts(site, step(0), |facts| {
        let snapshot = snapshot::snapshot(facts);
        let headlines = headlines(facts, &snapshot, &[segments(changes)[1..].to_vec()]);
        headlines
            .iter()
            .map(|(_, headline)| headline.state)
            .collect()
    })
}

#[test]
fn headlines_change_six_times_and_then_to_worse_ones() {
    use HeadlineState::{MajorOutage as Major, PartialOutage as Partial, Unknown as Lost};
    use Status::{MajorOutage, Operational, PartialOutage, Unknown};
    let site = site(1);
    for (changes, expected) in [
        (
            &[Operational, MajorOutage, PartialOutage][..],
            &[Major, Partial][..],
        ),
        (
            &[
                Operational,
                PartialOutage,
                Unknown,
                PartialOutage,
                Unknown,
                PartialOutage,
                Unknown,
                PartialOutage,
                MajorOutage,
                Unknown,
            ],
            &[Partial, Lost, Partial, Lost, Partial, Lost, Partial, Major],
        ),
        (
            &[
                Operational,
                Unknown,
                PartialOutage,
                Unknown,
                PartialOutage,
                Unknown,
                PartialOutage,
                Unknown,
            ],
            &[Lost, Partial, Lost, Partial, Lost, Partial],
        ),
    ] {
        assert_eq!(states(&site, changes), expected, "{changes:?}");
    }
}

#[test]
fn nothing_is_clear_from_the_first_silence_of_a_signal_on() {
    let seen = [saw(0, Status::Operational, at("12:00"), at("12:00"))];
    let mut site = site(1).observed("probe", &seen);
    site.components[0].valid_for = TimeDelta::hours(3);
    let of_nothing = Signal {
        components: Vec::new(),
        ..signal(0, TimeDelta::zero(), &[(at("11:10"), 1.0)])
    };
    site.signals = vec![
        of_nothing,
        signal(0, TimeDelta::zero(), &[(at("11:50"), 1.0)]),
        signal(0, TimeDelta::zero(), &[(at("11:30"), 1.0)]),
    ];
    let foretold = |now: &str| -> Vec<(Instant, HeadlineState)> {
        let headlines = SiteStatus::new(&site, at(now)).forecast.headlines;
        headlines.iter().map(|(at, it)| (*at, it.state)).collect()
    };
    let no_longer = [(at("12:30"), HeadlineState::NoKnownProblems)];
    assert_eq!(foretold("12:00"), no_longer);
    assert_eq!(foretold("12:30"), []);
}

/// A maintenance of an hour at 10:00 on each Tuesday from 20 December 2022 on.
fn weekly(updates: &[Update]) -> Post {
    let mut post = maintenance(at("20 10:00"), at("20 11:00"), &[0], updates);
    if let Kind::Maintenance(maintenance) = &mut post.kind {
        let rule = Recurrence::new("FREQ=WEEKLY", maintenance.window, chrono_tz::UTC);
        maintenance.recurrence = Some(Arc::new(rule.unwrap()));
    }
    post
}

#[test]
fn the_next_window_of_a_maintenance_that_repeats_is_foretold() {
    let next = at("27 10:00") + TimeDelta::weeks(1);
    let status = SiteStatus::new(&site(1).with(weekly(&[])), at("28 12:00"));
    let changes = &status.forecast.components[0];
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].interval.start(), next);
    // One that overruns ends with the next window.
    let goes_on = site(1).with(weekly(&[update(State::InProgress, at("27 11:30"), &[])]));
    let now = at("28 12:00");
    let until = next + TimeDelta::hours(2);
    let timelines = from_facts(&goes_on, now, |facts| {
        timeline::timelines(facts, std::iter::empty(), Period { from: now, until })
    });
    let statuses = timelines[0].segments.iter().map(|it| it.status);
    assert_eq!(
        statuses.collect::<Vec<_>>(),
        [Status::UnderMaintenance, Status::Operational]
    );
}

#[test]
fn what_is_not_published_yet_is_not_foretold() {
    let announced = [update(State::Scheduled, at("12:30"), &[])];
    let site = site(1)
        .with(maintenance(at("13:00"), at("14:00"), &[0], &announced))
        .with(incident(at("12:10"), &[(0, Status::MajorOutage)], &[]));
    let forecast = SiteStatus::new(&site, at("12:00")).forecast;
    assert_eq!(forecast.components, [vec![]]);
    assert_eq!(forecast.headlines, []);
}
