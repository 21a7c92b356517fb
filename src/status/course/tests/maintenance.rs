//! The course of a maintenance.

use super::*;

/// The updates of a maintenance from 10:00 to 12:00, and what it has come to.
#[test]
fn a_window_opens_and_closes_by_itself_unless_updates_say_otherwise() {
    let cases: [Case<'_>; 8] = [
        (&[], "09:59", Scheduled, &[]),
        (&[], "10:00", InProgress, &["10:00-now under_maintenance"]),
        (&[], "12:00", Completed, &["10:00-12:00 under_maintenance"]),
        (
            &[(InProgress, "09:30")],
            "09:45",
            InProgress,
            &["09:30-now under_maintenance"],
        ),
        (
            &[(InProgress, "09:30"), (Completed, "11:00")],
            "13:00",
            Completed,
            &["09:30-11:00 under_maintenance"],
        ),
        (
            &[(Verifying, "12:00")],
            "13:00",
            Verifying,
            &["10:00-now under_maintenance"],
        ),
        (&[(Cancelled, "09:00")], "10:30", Cancelled, &[]),
        (&[(Completed, "09:00")], "10:30", Completed, &[]),
    ];
    for case in cases {
        came_to(case);
    }
}

/// The updates of a maintenance from 10:00 to 12:00, an instant, and its state and effects then.
type Case<'a> = (&'a [(State, &'a str)], &'a str, State, &'a [&'a str]);

#[track_caller]
fn came_to((updates, now, state, effects): Case<'_>) {
    let updates: Vec<Update> = [(Scheduled, "08:00")]
        .iter()
        .chain(updates)
        .map(|(state, time)| update(*state, at(time), &[]))
        .collect();
    let work = maintenance(at("10:00"), at("12:00"), &[0], &updates);
    assert_eq!(course(&work, now).state, Some(state), "{updates:?} {now}");
    assert_eq!(statuses_of(&work, now), effects, "{updates:?} {now}");
    assert_eq!(
        course(&work, now).is_open,
        matches!(state, InProgress | Verifying)
    );
}

#[test]
fn a_plan_announces_and_never_stops_anything() {
    let cases: [Case<'_>; 7] = [
        (
            &[(Scheduled, "10:15")],
            "10:30",
            InProgress,
            &["10:00-now under_maintenance"],
        ),
        (
            &[(InProgress, "09:30"), (Scheduled, "09:40")],
            "09:50",
            InProgress,
            &["09:30-now under_maintenance"],
        ),
        (
            &[(Verifying, "11:00"), (Scheduled, "11:10")],
            "11:30",
            Verifying,
            &["10:00-now under_maintenance"],
        ),
        (
            &[(Completed, "10:20"), (Scheduled, "11:10")],
            "11:30",
            InProgress,
            &[
                "10:00-10:20 under_maintenance",
                "11:10-now under_maintenance",
            ],
        ),
        (
            &[(Completed, "09:00"), (Scheduled, "09:10")],
            "10:30",
            InProgress,
            &["10:00-now under_maintenance"],
        ),
        (
            &[(Scheduled, "12:00")],
            "12:30",
            Completed,
            &["10:00-12:00 under_maintenance"],
        ),
        (
            &[(InProgress, "12:30"), (Scheduled, "12:40")],
            "12:50",
            InProgress,
            &["10:00-now under_maintenance"],
        ),
    ];
    for case in cases {
        came_to(case);
    }
}

#[test]
fn only_a_plan_or_its_begin_brings_back_what_was_cancelled() {
    for word in [State::Update, Verifying, Completed] {
        came_to((
            &[(Cancelled, "09:00"), (word, "09:30")],
            "10:30",
            Cancelled,
            &[],
        ));
        came_to((
            &[(Cancelled, "11:00"), (word, "12:30")],
            "13:00",
            Cancelled,
            &["10:00-11:00 under_maintenance"],
        ));
    }
    let cases: [Case<'_>; 5] = [
        (
            &[(Cancelled, "09:00"), (Scheduled, "09:30")],
            "10:30",
            InProgress,
            &["10:00-now under_maintenance"],
        ),
        (
            &[(Cancelled, "09:00"), (Scheduled, "09:30")],
            "09:40",
            Scheduled,
            &[],
        ),
        (
            &[(Cancelled, "09:00"), (Scheduled, "11:30")],
            "11:40",
            InProgress,
            &["11:30-now under_maintenance"],
        ),
        (
            &[(Cancelled, "11:00"), (InProgress, "11:30")],
            "13:00",
            Completed,
            &[
                "10:00-11:00 under_maintenance",
                "11:30-12:00 under_maintenance",
            ],
        ),
        (
            &[(Cancelled, "11:00"), (Scheduled, "12:30")],
            "13:00",
            Cancelled,
            &["10:00-11:00 under_maintenance"],
        ),
    ];
    for case in cases {
        came_to(case);
    }
}

#[test]
fn what_ends_after_its_window_overran_until_then() {
    for word in [InProgress, Verifying] {
        came_to((
            &[(word, "12:30"), (Completed, "12:45")],
            "13:00",
            Completed,
            &["10:00-12:45 under_maintenance"],
        ));
    }
    for word in [State::Update, Scheduled] {
        came_to((
            &[(word, "12:30")],
            "13:00",
            Completed,
            &["10:00-12:00 under_maintenance"],
        ));
    }
    // Its window is over at that instant, and it is not.
    let goes_on = [update(InProgress, at("12:00"), &[])];
    let goes_on = maintenance(at("10:00"), at("12:00"), &[0], &goes_on);
    assert_eq!(span(&goes_on, "12:00"), (at("10:00"), None));
    let later = [update(InProgress, at("12:30"), &[])];
    let later = maintenance(at("10:00"), at("12:00"), &[0], &later);
    let covers: Vec<_> = (course(&later, "13:00").covered.iter())
        .map(|cover| (cover.from, cover.until))
        .collect();
    assert_eq!(
        covers,
        [(at("10:00"), Some(at("12:00"))), (at("12:30"), None)]
    );
    let late = maintenance(
        at("10:00"),
        at("12:00"),
        &[0, 1],
        &[
            update(Scheduled, at("08:00"), &[]),
            update(State::Update, at("11:00"), &[(1, Operational)]),
            update(Completed, at("13:00"), &[]),
        ],
    );
    assert_eq!(span(&late, "12:30"), (at("10:00"), Some(at("12:00"))));
    assert_eq!(span(&late, "14:00"), (at("10:00"), Some(at("13:00"))));
    assert_eq!(
        statuses_of(&late, "12:30"),
        ["10:00-12:00 under_maintenance"]
    );
    assert_eq!(
        statuses_of(&late, "14:00"),
        ["10:00-13:00 under_maintenance"]
    );
    // What was given back stays so, and that it took longer excuses no outage after the fact.
    let course = course(&late, "14:00");
    let given_back = course.effects.iter().filter(|it| it.component.0 == 1);
    let given_back: Vec<Option<Instant>> = given_back.map(|it| it.until).collect();
    assert_eq!(given_back, [Some(at("11:00"))]);
    let excused: Vec<Option<Instant>> = course.covered.iter().map(|it| it.until).collect();
    assert_eq!(excused, [Some(at("11:00")), Some(at("12:00"))]);
    // An end that was said is not moved.
    let twice = maintenance(
        at("10:00"),
        at("12:00"),
        &[0],
        &[
            update(Completed, at("11:00"), &[]),
            update(Completed, at("13:00"), &[]),
        ],
    );
    assert_eq!(span(&twice, "14:00"), (at("10:00"), Some(at("11:00"))));
}

#[test]
fn a_maintenance_lasts_as_long_as_it_did() {
    let work = |updates: &[Update]| maintenance(at("10:00"), at("12:00"), &[0], updates);
    let over = work(&[update(Cancelled, at("09:00"), &[])]);
    assert_eq!(span(&over, "09:30"), (at("10:00"), Some(at("12:00"))));
    assert_eq!(course(&over, "09:30").entered, at("09:00"));
    let early = work(&[
        update(InProgress, at("09:30"), &[]),
        update(Completed, at("11:00"), &[]),
    ]);
    assert_eq!(span(&early, "10:30"), (at("09:30"), Some(at("12:00"))));
    assert_eq!(span(&early, "13:00"), (at("09:30"), Some(at("11:00"))));
    let overrun = work(&[update(Verifying, at("12:30"), &[])]);
    assert_eq!(span(&overrun, "13:00"), (at("10:00"), None));
    assert_eq!(course(&overrun, "13:00").entered, at("10:00"));
}

#[test]
fn a_maintenance_gives_components_back_one_by_one() {
    let work = maintenance(
        at("10:00"),
        at("12:00"),
        &[0, 1],
        &[update(
            State::Update,
            at("11:00"),
            &[(0, Operational), (2, UnderMaintenance)],
        )],
    );
    let now: Vec<Status> = course(&work, "11:30")
        .affected
        .iter()
        .map(|it| it.now)
        .collect();
    assert_eq!(now, [Operational, UnderMaintenance, UnderMaintenance]);
    let covered = course(&work, "11:30").covered;
    let covered: Vec<usize> = (covered.iter())
        .filter(|cover| cover.until.is_none())
        .map(|cover| cover.component.0)
        .collect();
    assert_eq!(covered, [1, 2]);
    let worst: Vec<Status> = course(&work, "12:30")
        .affected
        .iter()
        .map(|it| it.worst)
        .collect();
    assert_eq!(worst, [UnderMaintenance; 3]);
}

#[test]
fn a_maintenance_is_published_with_its_first_update_or_at_once() {
    let announced = maintenance(
        at("10:00"),
        at("12:00"),
        &[0],
        &[update(Scheduled, at("11:00"), &[])],
    );
    assert!(!course(&announced, "10:30").is_published);
    assert!(!course(&announced, "10:30").is_open);
    assert_eq!(statuses_of(&announced, "10:30"), [""; 0]);
    assert!(course(&announced, "11:00").is_published);
    let at_once = maintenance(at("10:00"), at("12:00"), &[0], &[]);
    assert!(course(&at_once, "00:00").is_published);
}
