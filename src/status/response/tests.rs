#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::site::fixtures::{at, incident, maintenance, signal, site, update};
use crate::site::post::Post;
use crate::site::update::Update;
use crate::site::vocabulary::State::{
    Cancelled, InProgress, Investigating, Monitoring, Resolved, Scheduled,
};
use crate::site::vocabulary::Status::{MajorOutage, PartialOutage};
use crate::status::SiteStatus;

const HALF: TimeDelta = TimeDelta::minutes(30);

/// An incident of 19:00 that was known at 19:20, announced at 19:45, and over at 23:00; an update
/// promised for 20:15 came at 20:25.
fn disclosed() -> Post {
    let mut first = update(Investigating, at("19:45"), &[]);
    first.next = Some(at("20:15"));
    let updates = [
        first,
        update(Monitoring, at("20:25"), &[]),
        update(Resolved, at("23:00"), &[]),
    ];
    let mut post = incident(at("19:00"), &[(0, MajorOutage)], &updates);
    if let Kind::Incident(incident) = &mut post.kind {
        incident.detected = Some(at("19:20"));
    }
    post
}

/// Reports that are too high from 18:50 on, and count from 19:05 on.
fn reported(component: usize) -> crate::site::signal::Signal {
    let samples = [
        ("18:50", 9.0),
        ("19:30", 9.0),
        ("20:20", 9.0),
        ("21:00", 1.0),
    ];
    signal(
        component,
        TimeDelta::minutes(15),
        &samples.map(|(time, value)| (at(time), value)),
    )
}

/// How the team responded to one more post of a site.
fn response_to(site: &Site, post: &Post, now: &str) -> Response {
    let status = SiteStatus::new(&site.clone().with(post.clone()), at(now));
    status.responses.into_iter().next_back().unwrap()
}

fn times(site: &Site, post: &Post, now: &str) -> Option<ResponseTimes> {
    response_to(site, post, now).times
}

#[test]
fn the_response_times_of_an_incident() {
    let mut site = site(2);
    site.signals = vec![reported(0), reported(1)];
    let delays = times(&site, &disclosed(), "23:30").unwrap();
    assert_eq!(delays.breached, Some(at("19:05")));
    assert_eq!(delays.to_detect(), Some(TimeDelta::minutes(20)));
    assert_eq!(delays.to_first_update(), Some(TimeDelta::minutes(45)));
    assert_eq!(delays.from_breach(), Some(TimeDelta::minutes(40)));
    assert_eq!(delays.to_end(), Some(TimeDelta::hours(4)));
    assert_eq!(delays.late, [TimeDelta::minutes(10)]);
    assert_eq!(delays.overdue, None);
    assert_eq!(
        response_to(&site, &disclosed(), "23:30").signals,
        [ShownSignal {
            signal: SignalIndex(0),
            breached: Some(at("19:05")),
        }]
    );
    // Up to then, nothing more was known.
    let early = times(&site, &disclosed(), "20:20").unwrap();
    assert_eq!((early.ended, early.overdue), (None, Some(at("20:15"))));
    assert_eq!(times(&site, &disclosed(), "19:10"), None);
}

#[test]
fn what_happens_at_the_very_moment_is_neither_late_nor_overdue() {
    let begun = times(&site(1), &disclosed(), "19:45").unwrap();
    assert_eq!(begun.first_update, Some(at("19:45")));
    assert_eq!(
        times(&site(1), &disclosed(), "20:15").unwrap().overdue,
        None
    );
    let mut promise = update(Investigating, at("19:00"), &[]);
    promise.next = Some(at("19:30"));
    let kept = update(Monitoring, at("19:30"), &[]);
    let post = incident(at("19:00"), &[(0, MajorOutage)], &[promise, kept]);
    let delays = times(&site(1), &post, "20:00").unwrap();
    assert_eq!(delays.late, []);
    let now = incident(at("19:00"), &[(0, MajorOutage)], &[]);
    let delays = times(&site(1), &now, "19:00").unwrap();
    assert_eq!(delays.started, at("19:00"));
}

#[test]
fn a_breach_from_the_end_of_an_incident_on_is_not_its_own() {
    let mut site = site(1);
    site.signals = vec![reported(0)];
    let until = |end: &str| {
        let updates = [
            update(Investigating, at("18:00"), &[]),
            update(Resolved, at(end), &[]),
        ];
        let post = incident(at("18:00"), &[(0, MajorOutage)], &updates);
        response_to(&site, &post, "23:30").signals.len()
    };
    assert_eq!((until("19:05"), until("19:06")), (0, 1));
}

#[test]
fn signals_are_looked_at_from_a_while_before_the_first_incident() {
    let resolved = [
        update(Investigating, at("10:00"), &[]),
        update(Resolved, at("18:00"), &[]),
    ];
    let site = site(1)
        .with(maintenance(at("08:00"), at("09:00"), &[0], &[]))
        .with(incident(at("10:00"), &[(0, MajorOutage)], &resolved))
        .with(incident(at("12:00"), &[(0, MajorOutage)], &[]));
    for (now, first) in [("09:30", "09:30"), ("11:00", "09:00"), ("20:00", "08:00")] {
        let occurrences = SiteStatus::new(&site, at(now)).occurrences;
        let found = first_look(&site, &occurrences, at(now));
        assert_eq!(found, at(first), "{now}");
    }
    assert_eq!(around(at("10:00"), at("11:00")), TimeDelta::hours(1));
    assert_eq!(around(at("10:00"), at("18:00")), TimeDelta::hours(2));
}

#[test]
fn a_breach_began_when_it_began_however_long_before_the_start() {
    let half_hours: Vec<(Instant, f64)> = (0..90)
        .map(|number| (at("27 00:00") + HALF * number, 9.0))
        .collect();
    let mut site = site(1);
    site.signals = vec![signal(0, TimeDelta::minutes(15), &half_hours)];
    let times = times(&site, &disclosed(), "23:30").unwrap();
    assert_eq!(times.breached, Some(at("27 00:15")));
}

#[test]
fn what_is_not_said_is_no_delay() {
    let first = [update(Investigating, at("19:00"), &[])];
    let post = without_start(incident(at("19:00"), &[(0, PartialOutage)], &first));
    let delays = times(&site(1), &post, "20:00").unwrap();
    assert_eq!(delays.to_first_update(), None);
    assert_eq!(delays.to_detect(), None);
    assert_eq!(delays.from_breach(), None);
    assert_eq!(delays.to_end(), None);
}

/// The same incident, of which the file does not say when it began.
fn without_start(mut post: Post) -> Post {
    if let Kind::Incident(incident) = &mut post.kind {
        incident.is_start_said = false;
    }
    post
}

#[test]
fn no_delay_is_a_delay_too_where_the_start_is_said() {
    let told = |minutes: i64| {
        let first = at("10:00") + TimeDelta::minutes(minutes);
        let updates = [
            update(Investigating, first, &[]),
            update(Resolved, at("11:00"), &[]),
        ];
        incident(at("10:00"), &[(0, PartialOutage)], &updates)
    };
    let year = |site: Site| SiteStatus::new(&site, at("23:30")).year;
    let both = year(site(1).with(told(0)).with(told(10)));
    assert_eq!(both.to_first_update, Some(TimeDelta::minutes(5)));
    // One whose start nobody said has had no delays from there.
    let unsaid = [
        update(Investigating, at("12:00"), &[]),
        update(Resolved, at("12:04"), &[]),
    ];
    let mut unsaid = without_start(incident(at("12:00"), &[(0, PartialOutage)], &unsaid));
    if let Kind::Incident(incident) = &mut unsaid.kind {
        incident.detected = Some(at("12:00"));
    }
    let three = year(site(1).with(told(0)).with(told(10)).with(unsaid));
    assert_eq!(three.to_first_update, Some(TimeDelta::minutes(5)));
    assert_eq!(three.to_detect, None);
    assert_eq!(three.to_end, Some(TimeDelta::hours(1)));
    assert_eq!(three.incidents, 3);
}

#[test]
fn a_maintenance_overruns() {
    let window = (at("20:00"), at("21:00"));
    let late = [update(InProgress, at("21:10"), &[])];
    let work = maintenance(window.0, window.1, &[0], &late);
    let delays = |now| times(&site(1), &work, now);
    assert_eq!(delays("21:05"), None, "its first update is not out yet");
    assert_eq!(delays("21:30").unwrap().overran, Some(HALF));
    let kept = maintenance(window.0, window.1, &[0], &[]);
    assert_eq!(times(&site(1), &kept, "22:00").unwrap().overran, None);
    assert_eq!(times(&site(1), &kept, "19:00"), None);
}

#[test]
fn what_was_called_off_beforehand_did_not_take_place() {
    let of_year = |updates: &[Update]| {
        let work = maintenance(at("20:00"), at("21:00"), &[0], updates);
        let status = SiteStatus::new(&site(1).with(work), at("22:00"));
        status.year.maintenances
    };
    assert_eq!(of_year(&[update(Cancelled, at("19:00"), &[])]), 0);
    assert_eq!(of_year(&[update(Cancelled, at("20:30"), &[])]), 1);
    let returned = [
        update(Cancelled, at("19:00"), &[]),
        update(Scheduled, at("19:30"), &[]),
    ];
    assert_eq!(of_year(&returned), 1);
}

#[test]
fn a_year_in_figures() {
    let quick = [
        update(Investigating, at("10:05"), &[]),
        update(Resolved, at("11:00"), &[]),
    ];
    let late = [update(InProgress, at("21:10"), &[])];
    let site = site(1)
        .with(disclosed())
        .with(incident(at("10:00"), &[(0, PartialOutage)], &quick))
        .with(maintenance(at("20:00"), at("21:00"), &[0], &late));
    assert_eq!(
        SiteStatus::new(&site, at("23:30")).year,
        Overview {
            incidents: 2,
            to_detect: Some(TimeDelta::minutes(20)),
            to_first_update: Some(TimeDelta::minutes(25)),
            from_breach: None,
            to_end: Some(TimeDelta::minutes(150)),
            late: 1,
            maintenances: 1,
            overran: 1,
        }
    );
    let later = at("23:30") + TimeDelta::days(365);
    assert_eq!(SiteStatus::new(&site, later).year, Overview::default());
}
