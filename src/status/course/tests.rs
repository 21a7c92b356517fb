#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::site::component::ComponentIndex;
use crate::site::fixtures::{at, ended, incident, maintenance, notice, update};
use crate::site::post::Post;
use crate::site::update::Update;
use crate::site::vocabulary::State::{
    Cancelled, Completed, Identified, InProgress, Investigating, Monitoring, Postmortem, Resolved,
    Scheduled, Verifying,
};
use crate::site::vocabulary::Status::{
    DegradedPerformance, MajorOutage, Operational, PartialOutage, UnderMaintenance,
};
use crate::site::vocabulary::Word;

mod maintenance;

fn span(post: &Post, now: &str) -> (Instant, Option<Instant>) {
    let Course { start, end, .. } = course(post, now);
    (start, end)
}

fn course(post: &Post, now: &str) -> Course {
    Course::at(Statement::whole(post), at(now))
}

/// The statuses of component 0, as `from-until status`.
fn statuses_of(post: &Post, now: &str) -> Vec<String> {
    let time = |instant: Instant| instant.format("%H:%M").to_string();
    course(post, now)
        .effects
        .into_iter()
        .filter(|effect| effect.component == ComponentIndex(0))
        .map(|effect| {
            let until = effect.until.map_or("now".to_owned(), time);
            format!("{}-{until} {}", time(effect.from), effect.status.as_str())
        })
        .collect()
}

fn night() -> Post {
    incident(
        at("19:00"),
        &[(0, MajorOutage)],
        &[
            update(Investigating, at("19:45"), &[]),
            update(State::Update, at("20:00"), &[(0, PartialOutage)]),
            update(Monitoring, at("21:00"), &[(0, Operational)]),
            update(Resolved, at("22:00"), &[]),
            update(Postmortem, at("29 10:00"), &[]),
        ],
    )
}

#[test]
fn an_incident_as_it_was_known_at_each_instant() {
    for (now, published, open, state, effects) in [
        ("19:30", false, false, Investigating, vec![]),
        (
            "19:45",
            true,
            true,
            Investigating,
            vec!["19:00-now major_outage"],
        ),
        (
            "20:00",
            true,
            true,
            Investigating,
            vec!["19:00-20:00 major_outage", "20:00-now partial_outage"],
        ),
        (
            "21:00",
            true,
            true,
            Monitoring,
            vec!["19:00-20:00 major_outage", "20:00-21:00 partial_outage"],
        ),
        (
            "22:00",
            true,
            false,
            Resolved,
            vec!["19:00-20:00 major_outage", "20:00-21:00 partial_outage"],
        ),
        (
            "29 10:00",
            true,
            false,
            Postmortem,
            vec!["19:00-20:00 major_outage", "20:00-21:00 partial_outage"],
        ),
    ] {
        let night = night();
        assert_eq!(course(&night, now).is_published, published, "{now}");
        assert_eq!(course(&night, now).is_open, open, "{now}");
        assert_eq!(course(&night, now).state, Some(state), "{now}");
        assert_eq!(statuses_of(&night, now), effects, "{now}");
    }
    assert_eq!(span(&night(), "21:59"), (at("19:00"), None));
    assert_eq!(span(&night(), "29 12:00"), (at("19:00"), Some(at("22:00"))));
    let worst = course(&night(), "29 12:00").affected;
    assert_eq!((worst[0].now, worst[0].worst), (Operational, MajorOutage));
}

#[test]
fn an_incident_without_updates() {
    let quiet = ended(
        incident(at("10:00"), &[(0, DegradedPerformance)], &[]),
        at("11:00"),
    );
    assert!(!course(&quiet, "09:59").is_published);
    assert!(course(&quiet, "10:59").is_open);
    assert!(!course(&quiet, "11:00").is_open);
    assert_eq!(course(&quiet, "11:00").state, Some(Resolved));
    assert_eq!(
        statuses_of(&quiet, "12:00"),
        ["10:00-11:00 degraded_performance"]
    );
}

#[test]
fn an_incident_reopens_with_nothing_down_until_an_update_names_it() {
    let again = incident(
        at("10:00"),
        &[(0, MajorOutage)],
        &[
            update(Resolved, at("11:00"), &[]),
            update(State::Update, at("11:30"), &[(0, MajorOutage)]),
            update(Identified, at("12:00"), &[]),
            update(State::Update, at("12:30"), &[(0, PartialOutage)]),
        ],
    );
    assert!(!course(&again, "11:30").is_open);
    assert!(course(&again, "12:00").is_open);
    assert_eq!(
        statuses_of(&again, "13:00"),
        ["10:00-11:00 major_outage", "12:30-now partial_outage"]
    );
}

#[test]
fn a_said_end_is_the_end_whatever_the_updates_say() {
    let over = ended(night(), at("20:30"));
    assert_eq!(
        statuses_of(&over, "20:15"),
        ["19:00-20:00 major_outage", "20:00-now partial_outage"]
    );
    assert!(course(&over, "20:15").is_open);
    assert!(!course(&over, "21:00").is_open);
    assert_eq!(course(&over, "21:00").state, Some(Resolved));
    assert_eq!(
        statuses_of(&over, "23:00"),
        ["19:00-20:00 major_outage", "20:00-20:30 partial_outage"]
    );
    assert_eq!(span(&over, "23:00"), (at("19:00"), Some(at("20:30"))));
}

#[test]
fn a_said_end_counts_after_the_update_that_resolves_too() {
    let over = ended(night(), at("23:00"));
    // It is not known before.
    assert_eq!(span(&over, "22:30"), (at("19:00"), Some(at("22:00"))));
    assert_eq!(span(&over, "23:30"), (at("19:00"), Some(at("23:00"))));
    let long = ended(
        incident(
            at("10:00"),
            &[(0, MajorOutage), (1, PartialOutage)],
            &[
                update(Resolved, at("11:00"), &[]),
                update(Identified, at("12:00"), &[(0, PartialOutage)]),
                update(Resolved, at("13:00"), &[]),
                update(Postmortem, at("13:30"), &[]),
            ],
        ),
        at("14:00"),
    );
    assert_eq!(
        statuses_of(&long, "20:00"),
        ["10:00-11:00 major_outage", "12:00-14:00 partial_outage"]
    );
    assert_eq!(course(&long, "20:00").state, Some(Postmortem));
    let covered: Vec<Option<Instant>> = (course(&long, "20:00").covered.iter())
        .map(|cover| cover.until)
        .collect();
    assert!(covered.contains(&Some(at("14:00"))), "{covered:?}");
    // That end is not the one of what opened again after it.
    let early = ended(long, at("11:30"));
    assert_eq!(
        statuses_of(&early, "20:00"),
        ["10:00-11:30 major_outage", "12:00-13:00 partial_outage"]
    );
}

#[test]
fn what_opens_again_after_a_said_end_is_open() {
    let resolved_late = [
        update(Investigating, at("10:00"), &[]),
        update(Resolved, at("11:00"), &[]),
        update(Identified, at("12:00"), &[(0, PartialOutage)]),
    ];
    let again = ended(
        incident(at("10:00"), &[(0, MajorOutage)], &resolved_late),
        at("10:45"),
    );
    assert_eq!(span(&again, "11:30"), (at("10:00"), Some(at("10:45"))));
    let open = course(&again, "12:30");
    assert!(open.is_open);
    assert_eq!((open.state, open.end), (Some(Identified), None));
    assert_eq!(
        statuses_of(&again, "12:30"),
        ["10:00-10:45 major_outage", "12:00-now partial_outage"]
    );
    let covers: Vec<_> = (open.covered.iter())
        .map(|cover| (cover.from, cover.until))
        .collect();
    assert_eq!(
        covers,
        [(at("10:00"), Some(at("10:45"))), (at("12:00"), None)]
    );
    // At that very end, too: it lasted until then, although an update had resolved it before.
    let at_once = [
        update(Investigating, at("10:00"), &[]),
        update(Resolved, at("10:30"), &[]),
        update(Identified, at("10:45"), &[(0, PartialOutage)]),
    ];
    let at_once = ended(
        incident(at("10:00"), &[(0, MajorOutage)], &at_once),
        at("10:45"),
    );
    assert_eq!(
        statuses_of(&at_once, "12:30"),
        ["10:00-10:45 major_outage", "10:45-now partial_outage"]
    );
    // A word of an incident that was not resolved before only tells that the team learnt late.
    let slow = [
        update(Investigating, at("10:00"), &[]),
        update(Identified, at("12:00"), &[(0, PartialOutage)]),
    ];
    let slow = ended(
        incident(at("10:00"), &[(0, MajorOutage)], &slow),
        at("10:45"),
    );
    assert!(!course(&slow, "12:30").is_open);
    assert_eq!(statuses_of(&slow, "12:30"), ["10:00-10:45 major_outage"]);
}

#[test]
fn a_first_update_replaces_what_was_said_of_the_same_instant() {
    let once = incident(
        at("10:00"),
        &[(0, MajorOutage)],
        &[update(Investigating, at("10:00"), &[(0, PartialOutage)])],
    );
    assert_eq!(statuses_of(&once, "11:00"), ["10:00-now partial_outage"]);
    assert_eq!(course(&once, "11:00").affected[0].worst, PartialOutage);
}

#[test]
fn a_promise_is_kept_by_the_next_update_and_ends_with_the_incident() {
    let mut promising = night();
    for (index, next) in [(0, "20:15"), (2, "21:30"), (3, "23:00")] {
        promising.updates[index].next = Some(at(next));
    }
    for (now, next) in [
        ("19:00", None),
        ("19:50", Some("20:15")),
        ("20:30", None),
        ("21:45", Some("21:30")),
        ("22:00", None),
    ] {
        assert_eq!(course(&promising, now).next_update, next.map(at), "{now}");
    }
}

#[test]
fn a_notice_is_in_force_from_its_start_to_its_end() {
    let notice = notice(at("10:00"), Some(at("12:00")));
    for (now, open) in [
        ("09:59", false),
        ("10:00", true),
        ("11:59", true),
        ("12:00", false),
    ] {
        assert_eq!(course(&notice, now).is_open, open, "{now}");
    }
    assert_eq!(course(&notice, "11:00").state, None);
}

#[test]
fn a_notice_is_published_with_its_first_update_and_keeps_promises_while_in_force() {
    let mut told = notice(at("10:00"), Some(at("12:00")));
    told.updates = vec![update(State::Update, at("10:30"), &[])];
    told.updates[0].next = Some(at("11:30"));
    for (now, is_published, next) in [
        ("10:15", false, None),
        ("10:30", true, Some(at("11:30"))),
        ("12:00", true, None),
    ] {
        let course = course(&told, now);
        assert_eq!(course.is_published, is_published, "{now}");
        assert_eq!(course.next_update, next, "{now}");
    }
}

#[test]
fn each_update_leaves_a_post_in_a_state() {
    let all = |post: &Post| states(Statement::whole(post), at("13:00"));
    let told = [
        update(Investigating, at("10:00"), &[]),
        update(Monitoring, at("10:30"), &[]),
        update(State::Update, at("10:45"), &[]),
        update(Resolved, at("11:00"), &[]),
        update(Postmortem, at("12:00"), &[]),
        update(State::Update, at("13:01"), &[]),
    ];
    let over = ended(incident(at("10:00"), &[], &told), at("10:45"));
    assert_eq!(
        all(&over),
        [Investigating, Monitoring, Resolved, Resolved, Postmortem]
    );
    let told = [
        update(Scheduled, at("08:00"), &[]),
        update(State::Update, at("10:30"), &[]),
        update(Completed, at("11:30"), &[]),
    ];
    let work = maintenance(at("10:00"), at("12:00"), &[0], &told);
    assert_eq!(all(&work), [Scheduled, InProgress, Completed]);
    assert_eq!(all(&notice(at("10:00"), None)), []);
}
