#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use chrono::TimeDelta;
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

use super::*;
use crate::site::fixtures::{self, at, ended, incident, maintenance, update};
use crate::site::vocabulary::State::{
    Cancelled, Completed, InProgress, Investigating, Resolved, Scheduled, Update as News, Verifying,
};
use crate::site::vocabulary::Status;
use crate::status::SiteStatus;
use crate::time::Recurrence;

/// A maintenance of an hour at 02:00 UTC from 1 December 2022 on.
fn repeating(rule: &str, updates: &[Update]) -> Arc<Post> {
    let mut post = maintenance(at("01 02:00"), at("01 03:00"), &[0], updates);
    if let Kind::Maintenance(maintenance) = &mut post.kind {
        let recurrence = Recurrence::new(rule, maintenance.window, chrono_tz::UTC).unwrap();
        maintenance.recurrence = Some(Arc::new(recurrence));
    }
    Arc::new(post)
}

fn of(post: &Arc<Post>, now: &str) -> Vec<Occurrence> {
    occurrences(&fixtures::site(1).with(Post::clone(post)), at(now))
}

fn starts(occurrence: &Occurrence) -> Instant {
    occurrence.window.unwrap().starts()
}

/// Each occurrence as the day on which it opens, its state, and how many updates it has.
fn states(post: &Arc<Post>, now: &str) -> Vec<(String, State, usize)> {
    (of(post, now).iter())
        .map(|it| {
            let day = starts(it).format("%m-%d").to_string();
            (day, it.course.state.unwrap(), it.updates.len())
        })
        .collect()
}

#[test]
fn what_takes_place_once_stays_as_it_is() {
    let once = Arc::new(maintenance(at("01 02:00"), at("01 03:00"), &[0], &[]));
    assert_eq!(of(&once, "28 00:00").len(), 1);
}

#[test]
fn windows_are_known_for_sixty_days_and_the_next_one_always() {
    let days = |rule: &str, now: &str| {
        let all = of(&repeating(rule, &[]), now);
        let to_come = all.iter().filter(|it| at(now) < starts(it)).count();
        (all.len(), to_come)
    };
    assert_eq!(days("FREQ=DAILY", "11 00:00"), (70, 60));
    assert_eq!(days("FREQ=WEEKLY", "10 00:00"), (10, 8));
    assert_eq!(days("FREQ=YEARLY", "10 00:00"), (2, 1));
    assert_eq!(days("FREQ=DAILY;COUNT=5", "10 00:00"), (5, 0));
    assert_eq!(days("FREQ=DAILY;COUNT=5", "01 01:00"), (5, 5));
}

#[test]
fn a_page_shows_the_window_under_way_or_the_next_or_the_last() {
    let daily = repeating("FREQ=DAILY;COUNT=3", &[]);
    let site = fixtures::site(1)
        .with(fixtures::incident(at("30 00:00"), &[], &[]))
        .with(Post::clone(&daily));
    let shown = |now: &str| {
        let status = SiteStatus::new(&site, at(now));
        let [incident, maintenance] = status.posts.as_slice() else {
            unreachable!()
        };
        assert_eq!(incident.shown, None, "it is not published at {now}");
        assert_eq!(
            (&incident.occurrences, &maintenance.occurrences),
            (&(0..1), &(1..4))
        );
        maintenance.shown
    };
    for (now, expected) in [
        ("01 00:00", 1),
        ("01 02:30", 1),
        ("01 03:00", 2),
        ("03 02:30", 3),
        ("28 00:00", 3),
    ] {
        assert_eq!(shown(now), Some(OccurrenceIndex(expected)), "{now}");
    }
}

#[test]
fn an_update_speaks_of_the_window_that_it_is_about() {
    let updates = [
        // Before the first.
        update(Scheduled, at("01 00:00"), &[]),
        // Inside of the second, and after its end, when it took longer.
        update(InProgress, at("08 02:10"), &[]),
        update(Verifying, at("08 03:30"), &[]),
        update(Completed, at("08 04:00"), &[]),
        // News of the nearer one.
        update(News, at("09 00:00"), &[]),
        update(News, at("14 00:00"), &[]),
        // Called off right after the third.
        update(Cancelled, at("15 04:00"), &[]),
        // Begun early.
        update(InProgress, at("29 01:00"), &[]),
    ];
    let weekly = repeating("FREQ=WEEKLY;COUNT=6", &updates);
    let day = |day: &str, state, updates| (day.to_owned(), state, updates);
    assert_eq!(
        states(&weekly, "29 01:30"),
        [
            day("12-01", Completed, 1),
            day("12-08", Completed, 4),
            day("12-15", Completed, 1),
            day("12-22", Cancelled, 1),
            day("12-29", InProgress, 1),
            day("01-05", Scheduled, 0),
        ]
    );
}

#[test]
fn what_was_said_before_word_of_a_window_speaks_of_no_later_one() {
    for news in [Scheduled, News] {
        let updates = [
            update(Verifying, at("05 03:10"), &[]),
            update(news, at("05 21:00"), &[]),
            update(Completed, at("05 22:00"), &[]),
        ];
        let daily = repeating("FREQ=DAILY;COUNT=7", &updates);
        let states: Vec<(State, usize)> = states(&daily, "06 01:00")
            .into_iter()
            .map(|(_, state, updates)| (state, updates))
            .collect();
        assert_eq!(states[4..6], [(Completed, 3), (Scheduled, 0)]);
    }
}

#[test]
fn what_is_said_after_the_next_one_was_cancelled_speaks_of_that_one() {
    for word in [News, Verifying, Completed] {
        let updates = [
            update(Cancelled, at("02 04:00"), &[]),
            update(word, at("03 04:00"), &[]),
        ];
        let weekly = repeating("FREQ=WEEKLY;COUNT=3", &updates);
        let states: Vec<(State, usize)> = states(&weekly, "08 02:10")
            .into_iter()
            .map(|(_, state, updates)| (state, updates))
            .collect();
        assert_eq!(states, [(Completed, 0), (Cancelled, 2), (Scheduled, 0)]);
    }
    let updates = [
        update(Cancelled, at("02 04:00"), &[]),
        update(Scheduled, at("03 04:00"), &[]),
    ];
    let back = repeating("FREQ=WEEKLY;COUNT=3", &updates);
    assert_eq!(states(&back, "08 02:10")[1].1, InProgress);
}

#[test]
fn what_is_dated_ahead_moves_no_update_to_another_window() {
    let updates = [
        update(InProgress, at("07 22:00"), &[]),
        update(Completed, at("07 23:00"), &[]),
    ];
    let weekly = repeating("FREQ=WEEKLY;COUNT=2", &updates);
    let states: Vec<State> = (states(&weekly, "07 22:30").into_iter())
        .map(|(_, state, _)| state)
        .collect();
    assert_eq!(states, [Completed, InProgress]);
}

#[test]
fn there_is_always_a_next_window() {
    let updates = [update(Cancelled, at("01 04:00"), &[])];
    let yearly = repeating("FREQ=YEARLY", &updates);
    let day = |day: &str, state, updates| (day.to_owned(), state, updates);
    let (first, next) = (day("12-01", Completed, 0), day("12-01", Cancelled, 1));
    assert_eq!(
        states(&yearly, "02 00:00"),
        [first, next, day("12-01", Scheduled, 0)]
    );
    let over = repeating("FREQ=YEARLY;COUNT=2", &updates);
    assert_eq!(states(&over, "02 00:00").len(), 2);
}

#[test]
fn what_is_dated_ahead_is_not_said_yet() {
    let ahead = [
        update(Investigating, at("01 04:00"), &[]),
        update(Resolved, at("01 06:00"), &[(0, Status::MajorOutage)]),
    ];
    let incident = Arc::new(ended(
        incident(at("01 03:00"), &[(0, Status::PartialOutage)], &ahead),
        at("01 05:30"),
    ));
    let occurrences = of(&incident, "01 05:00");
    let occurrence = &occurrences[0];
    assert!(occurrence.course.is_open);
    let site = fixtures::site(1).with(Post::clone(&incident));
    let later = Course::at(occurrence.statement(&site), at("01 07:00"));
    assert_eq!(later, occurrence.course);
    assert!(!of(&incident, "01 03:30")[0].course.is_published);
}

#[test]
fn the_next_window_ends_the_last_one() {
    let daily = repeating(
        "FREQ=DAILY;COUNT=7",
        &[update(Verifying, at("05 03:10"), &[])],
    );
    let states = |now: &str| {
        let states = states(&daily, now);
        [states[4].1, states[5].1]
    };
    assert_eq!(states("06 01:59"), [Verifying, Scheduled]);
    assert_eq!(states("06 02:00"), [Completed, InProgress]);
}

#[test]
fn nobody_knows_of_it_before_it_is_announced() {
    let weekly = repeating("FREQ=WEEKLY", &[update(Scheduled, at("10 00:00"), &[])]);
    let published = |now: &str| {
        let all = of(&weekly, now);
        all.iter().all(|it| it.course.is_published)
    };
    assert!(!published("09 00:00"));
    assert!(published("10 00:00"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// A site that repeats says of each instant what one with each window written out says.
    #[test]
    fn a_rule_is_short_for_its_windows(every in 1..9_i64, hour in 0..1500_i64) {
        let now = at("01 00:00") + TimeDelta::hours(hour);
        let rule = format!("FREQ=DAILY;INTERVAL={every};COUNT=30");
        let repeating = fixtures::site(2).with(Post::clone(&repeating(&rule, &[])));
        let mut written = fixtures::site(2);
        for number in 0..30 {
            let start = at("01 02:00") + TimeDelta::days(number * every);
            written = written.with(maintenance(start, start + TimeDelta::hours(1), &[0], &[]));
        }
        let (repeating, written) = (SiteStatus::new(&repeating, now), SiteStatus::new(&written, now));
        let (a, b) = (&repeating.snapshot, &written.snapshot);
        prop_assert_eq!(&a.headline, &b.headline);
        prop_assert_eq!(&a.timelines, &b.timelines);
        prop_assert_eq!(a.maintenances.len(), b.maintenances.len());
        let shown = |it: &&OccurrenceIndex| {
            let start = starts(written.occurrence(**it));
            start <= now + AHEAD || start == starts(written.occurrence(b.upcoming[0]))
        };
        prop_assert_eq!(a.upcoming.len(), b.upcoming.iter().filter(shown).count());
        prop_assert!(repeating.occurrences.windows(2).all(|pair| pair[0].window.unwrap().ends() <= starts(&pair[1])));
    }
}

#[test]
fn an_update_between_two_windows_speaks_of_the_nearer_one() {
    let windows: Vec<Window> = (repeating("FREQ=DAILY;COUNT=2", &[]).maintenance())
        .and_then(|it| it.recurrence.as_ref())
        .map(|recurrence| recurrence.windows().collect())
        .unwrap();
    // From 03:00 on the one to 02:00 on the other, the middle is at 14:30.
    for (state, posted, window) in [
        (Scheduled, "01 02:59", 0),
        (Scheduled, "01 03:00", 1),
        (Cancelled, "01 03:00", 1),
        (Completed, "02 01:59", 0),
        (News, "01 03:00", 0),
        (News, "01 14:30", 0),
        (News, "01 14:31", 1),
        (Completed, "02 02:00", 1),
    ] {
        let found = window_of(&windows, &update(state, at(posted), &[]));
        assert_eq!(found, window, "{state:?} {posted}");
    }
}
