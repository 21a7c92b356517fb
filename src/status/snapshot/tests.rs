#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use chrono::TimeDelta;

use super::*;
use crate::site::Site;
use crate::site::fixtures::{
    at, incident, maintenance, notice, overridden, saw, signal, site, update, word,
};
use crate::site::observation::Observation;
use crate::site::observation::SourceIndex;
use crate::site::post::Post;
use crate::site::vocabulary::State::{Identified, InProgress, Monitoring, Resolved};
use crate::site::vocabulary::Status::{
    DegradedPerformance, MajorOutage, Operational, PartialOutage, Suspected, UnderMaintenance,
    Unknown,
};
use crate::site::vocabulary::Word;
use crate::status::{Claim, EvidenceNow, HeadlineState, SiteStatus};

/// The instant of every table here.
const NOW: &str = "12:00";

/// The observations of a monitor, each with its start and end, and the expected status.
type Case<'a> = (&'a [(Status, &'a str, &'a str)], Status);

fn snapshot(site: &Site, now: Instant) -> Snapshot {
    SiteStatus::new(site, now).snapshot
}

fn status_of(site: &Site) -> Status {
    snapshot(site, at(NOW)).components[0].status
}

fn trouble(components: &[(usize, Status)]) -> Post {
    incident(at("11:00"), components, &[])
}

fn work(component: usize) -> Post {
    maintenance(at("11:00"), at("13:00"), &[component], &[])
}

/// A monitor that has just seen both components operational.
fn healthy(site: Site) -> Site {
    site.observed(
        "probe",
        &[0, 1].map(|component| saw(component, Operational, at("09:00"), at("11:45"))),
    )
}

#[test]
fn every_row_of_the_headline_table() {
    let watched = |updates: &[(State, &str)]| {
        let updates: Vec<_> = updates
            .iter()
            .map(|(state, time)| update(*state, at(time), &[]))
            .collect();
        incident(at("11:00"), &[(0, Operational)], &updates)
    };
    let two = || healthy(site(2).with_evidence_required());
    let rows = [
        (
            "major_outage",
            "critical",
            two().with(trouble(&[(0, MajorOutage), (1, MajorOutage)])),
        ),
        (
            "partial_outage",
            "major",
            two().with(trouble(&[(0, MajorOutage)])),
        ),
        (
            "partial_outage",
            "major",
            two().with(trouble(&[(0, MajorOutage), (1, PartialOutage)])),
        ),
        (
            "partial_outage",
            "major",
            two().with(trouble(&[(0, PartialOutage), (1, PartialOutage)])),
        ),
        (
            "minor_outage",
            "minor",
            two().with(trouble(&[(1, PartialOutage)])),
        ),
        (
            "degraded_performance",
            "minor",
            two().with(trouble(&[(0, DegradedPerformance)])),
        ),
        (
            "suspected",
            "minor",
            overridden(
                site(1).observed("probe", &[saw(0, MajorOutage, at("11:00"), at("11:50"))]),
                &[word(0, Operational, at("11:30"), at("13:00"))],
            ),
        ),
        ("incident", "minor", two().with(watched(&[]))),
        (
            "incident",
            "minor",
            two().with(watched(&[(Identified, "11:30")])),
        ),
        ("incident", "minor", two().with(trouble(&[]))),
        ("incident", "minor", site(0).with(trouble(&[]))),
        (
            "incident",
            "minor",
            site(1)
                .with_evidence_required()
                .with(trouble(&[]))
                .with(work(0)),
        ),
        (
            "unknown",
            "minor",
            site(2).with_evidence_required().with(work(0)),
        ),
        ("maintenance", "maintenance", two().with(work(0))),
        ("maintenance", "maintenance", site(2).with(work(0))),
        ("no_known_problems", "none", site(0)),
        ("no_known_problems", "none", site(2)),
        ("no_known_problems", "none", healthy(site(3))),
        ("all_clear", "none", two()),
        (
            "all_clear",
            "none",
            two().with(watched(&[(Resolved, "11:30")])),
        ),
    ];
    for (row, (state, indicator, site)) in rows.iter().enumerate() {
        let headline = snapshot(site, at(NOW)).headline;
        assert_eq!(headline.state.as_str(), *state, "row {row}");
        assert_eq!(headline.indicator().as_str(), *indicator, "row {row}");
        let good_until = (*state == "all_clear").then(|| at("12:45"));
        assert_eq!(headline.valid_until, good_until, "row {row}");
    }
}

#[test]
fn a_headline_says_why() {
    let partly = snapshot(&healthy(site(3)), at(NOW)).headline;
    assert_eq!(
        (partly.confirmed, partly.affected),
        (2, vec![ComponentIndex(2)])
    );
    let watching = site(1).with(incident(
        at("11:00"),
        &[],
        &[update(Monitoring, at("11:30"), &[])],
    ));
    assert!(snapshot(&watching, at(NOW)).headline.monitoring);
    assert!(
        !snapshot(&watching.clone().with(trouble(&[])), at(NOW))
            .headline
            .monitoring
    );
    let stale = healthy(site(2).with_evidence_required());
    let headline = snapshot(&stale, at("29 12:00")).headline;
    assert_eq!(
        (headline.state, headline.since),
        (HeadlineState::Unknown, Some(at("12:45")))
    );
    // The page of a team that has been gone for years still says since when.
    let years = at("12:45") + TimeDelta::days(1400);
    assert_eq!(snapshot(&stale, years).headline.since, Some(at("12:45")));
}

#[test]
fn a_headline_names_the_components_that_make_it_say_so() {
    let breaching = |mut site: Site| {
        site.signals = vec![signal(0, TimeDelta::zero(), &[(at("11:30"), 9.0)])];
        site
    };
    let silent = |mut site: Site| {
        site.signals = vec![signal(0, TimeDelta::zero(), &[(at("10:30"), 1.0)])];
        site
    };
    let both = || healthy(site(2));
    for (site, state) in [
        (
            both().with(trouble(&[(0, DegradedPerformance)])),
            HeadlineState::DegradedPerformance,
        ),
        (breaching(both()), HeadlineState::Suspected),
        (both().with(work(0)), HeadlineState::Maintenance),
        // An incident that gives a component no more than that takes something down.
        (
            both().with(trouble(&[(0, UnderMaintenance)])),
            HeadlineState::Maintenance,
        ),
        (silent(both()), HeadlineState::NoKnownProblems),
    ] {
        let headline = snapshot(&site, at(NOW)).headline;
        assert_eq!(headline.state, state);
        assert_eq!(headline.affected, [ComponentIndex(0)], "{state:?}");
    }
}

#[test]
fn a_breach_contradicts_what_is_said_of_components_that_no_incident_names() {
    let mut breaching = site(2);
    breaching.signals = vec![signal(0, TimeDelta::zero(), &[(at("11:30"), 9.0)])];
    breaching.signals[0].components.push(ComponentIndex(1));
    for (named, contradicted, statuses) in [
        (&[][..], &[0, 1][..], [Suspected, Suspected]),
        (&[(0, Operational)], &[1], [Operational, Suspected]),
        (
            &[(0, Operational), (1, Operational)],
            &[],
            [Operational, Operational],
        ),
    ] {
        let snapshot = snapshot(&breaching.clone().with(trouble(named)), at(NOW));
        let found = snapshot.contradictions.iter();
        let found: Vec<usize> = found.flat_map(|it| &it.components).map(|it| it.0).collect();
        assert_eq!(found, contradicted, "{named:?}");
        assert_eq!(snapshot.contradictions.len(), contradicted.len().min(1));
        let covered: Vec<usize> = snapshot.covered.iter().map(|it| it.0).collect();
        let names: Vec<usize> = named.iter().map(|(component, _)| *component).collect();
        assert_eq!(covered, names, "{named:?}");
        let found: Vec<Status> = snapshot.components.iter().map(|it| it.status).collect();
        assert_eq!(found, statuses, "{named:?}");
    }
}

#[test]
fn a_maintenance_excuses_what_it_has_not_given_back() {
    let given_back = [update(InProgress, at("11:30"), &[(1, Operational)])];
    let site = site(3).with(maintenance(at("11:00"), at("13:00"), &[0, 1], &given_back));
    let components = snapshot(&site, at(NOW)).components;
    let excused: Vec<bool> = components.iter().map(|it| it.is_excused).collect();
    assert_eq!(excused, [true, false, false]);
}

#[test]
fn sources_that_say_the_same_leave_one_segment() {
    let site = site(1)
        .observed("a", &[saw(0, Operational, at("11:00"), at("11:50"))])
        .observed("b", &[saw(0, Operational, at("11:20"), at("11:30"))]);
    let snapshot = snapshot(&site, at(NOW));
    let starts: Vec<Instant> = (snapshot.timelines[0].segments.iter())
        .map(|it| it.interval.start())
        .collect();
    assert_eq!(starts, [at(NOW) - crate::status::LOOK_BACK, at("11:00")]);
    let evidence = snapshot.components[0].evidence.as_ref().unwrap();
    assert_eq!(evidence.operational_since, Some(at("11:20")));
}

#[test]
fn an_all_clear_holds_as_long_as_each_component_has_a_fresh_source() {
    let site = site(2)
        .observed(
            "a",
            &[
                saw(0, Operational, at("11:30"), at("11:30")),
                saw(1, Operational, at("11:50"), at("11:50")),
            ],
        )
        .observed("b", &[saw(0, Operational, at("11:10"), at("11:20"))]);
    assert_eq!(
        snapshot(&site, at(NOW)).headline.valid_until,
        Some(at("12:30"))
    );
    assert_eq!(
        snapshot(&site, at("12:29")).headline.state,
        HeadlineState::AllClear
    );
    assert_eq!(
        snapshot(&site, at("12:30")).headline.state,
        HeadlineState::NoKnownProblems
    );
}

/// What one source's observations of component 0 come to at noon, where evidence is required.
#[test]
fn an_observation_holds_until_it_runs_out_or_the_next_comes() {
    let cases: [Case<'_>; 10] = [
        (&[], Unknown),
        (&[(Operational, "10:00", "11:00")], Unknown),
        (&[(Operational, "10:00", "11:01")], Operational),
        (&[(Operational, "11:30", "11:30")], Operational),
        (&[(Operational, "12:00", "12:00")], Operational),
        (&[(Operational, "12:01", "12:01")], Unknown),
        (&[(MajorOutage, "11:00", "15:00")], MajorOutage),
        (
            &[
                (MajorOutage, "11:00", "11:30"),
                (Operational, "11:40", "11:40"),
            ],
            Operational,
        ),
        (
            &[
                (MajorOutage, "11:00", "11:55"),
                (Operational, "11:40", "11:40"),
            ],
            Operational,
        ),
        (
            &[
                (MajorOutage, "11:40", "11:50"),
                (Operational, "11:40", "11:40"),
            ],
            Operational,
        ),
    ];
    for (observations, expected) in cases {
        let observations: Vec<Observation> = observations
            .iter()
            .map(|(status, from, to)| saw(0, *status, at(from), at(to)))
            .collect();
        let site = site(1)
            .with_evidence_required()
            .observed("probe", &observations);
        assert_eq!(status_of(&site), expected, "{observations:?}");
    }
}

#[test]
fn the_worst_of_several_sources_wins_and_readers_see_all_claims() {
    let site = site(1)
        .observed("a", &[saw(0, Operational, at("11:00"), at("11:50"))])
        .observed("b", &[saw(0, PartialOutage, at("11:30"), at("11:40"))])
        .observed("c", &[saw(0, MajorOutage, at("08:00"), at("08:10"))]);
    let component = &snapshot(&site, at(NOW)).components[0];
    let claim = |source, status| Claim {
        source: SourceIndex(source),
        is_operator: false,
        status,
    };
    assert_eq!(
        (component.status, component.since),
        (PartialOutage, Some(at("11:30")))
    );
    let evidence = component.evidence.as_ref().unwrap();
    assert!(evidence.differs());
    assert_eq!(
        *evidence,
        EvidenceNow {
            sources: vec![SourceIndex(0), SourceIndex(1), SourceIndex(2)],
            confirmed_at: at("11:50"),
            held_until: at("12:50"),
            valid_until: Some(at("12:50")),
            claims: vec![claim(1, PartialOutage), claim(0, Operational)],
            fresh: 2,
            shown: Some(PartialOutage),
            operational_since: None,
        }
    );
}

/// What an operator's word and a probe's come to, where evidence is required and where it is not.
#[test]
fn an_operator_is_believed_about_trouble_only() {
    let cases = [
        (None, Operational, Unknown, Operational),
        (None, UnderMaintenance, Unknown, UnderMaintenance),
        (
            None,
            DegradedPerformance,
            DegradedPerformance,
            DegradedPerformance,
        ),
        (Some(Operational), Operational, Operational, Operational),
        (Some(Operational), MajorOutage, MajorOutage, MajorOutage),
        (Some(MajorOutage), Operational, Suspected, Suspected),
        (Some(MajorOutage), UnderMaintenance, Suspected, Suspected),
        (
            Some(MajorOutage),
            PartialOutage,
            PartialOutage,
            PartialOutage,
        ),
        (
            Some(UnderMaintenance),
            Operational,
            UnderMaintenance,
            UnderMaintenance,
        ),
    ];
    for (seen, operator, required, not_required) in cases {
        let observations: Vec<_> = seen
            .map(|status| saw(0, status, at("11:00"), at("11:50")))
            .into_iter()
            .collect();
        let sample = overridden(
            site(1).observed("probe", &observations),
            &[word(0, operator, at("11:00"), at("12:30"))],
        );
        assert_eq!(status_of(&sample), not_required, "{seen:?} {operator:?}");
        let confirmed = snapshot(&sample, at(NOW)).components[0].confirmed;
        assert_eq!(confirmed, seen.is_some(), "{seen:?} {operator:?}");
        assert_eq!(
            status_of(&sample.with_evidence_required()),
            required,
            "{seen:?} {operator:?}"
        );
    }
    let over = overridden(site(1), &[word(0, MajorOutage, at("11:00"), at("12:00"))]);
    assert_eq!(status_of(&over), Operational);
    let in_force = overridden(site(1), &[word(0, MajorOutage, at("11:00"), at("12:01"))]);
    let word = snapshot(&in_force, at(NOW)).components[0]
        .operator
        .clone()
        .unwrap();
    assert_eq!((word.status, word.until), (MajorOutage, at("12:01")));
}

/// What a probe that is silenced from 11:00 to 11:30 comes to at noon.
#[test]
fn a_silenced_source_is_not_believed() {
    let cases: [Case<'_>; 4] = [
        // Unchanged only while nobody believed it.
        (&[(MajorOutage, "11:10", "11:20")], Unknown),
        // It does not end what was seen before, either.
        (
            &[
                (Operational, "10:30", "11:40"),
                (MajorOutage, "11:10", "11:20"),
            ],
            Operational,
        ),
        // What was seen before holds no longer for having been repeated.
        (&[(Operational, "09:00", "11:20")], Unknown),
        (&[(Operational, "11:10", "11:40")], Operational),
    ];
    for (observations, expected) in cases {
        let observations: Vec<_> = observations
            .iter()
            .map(|(status, from, to)| saw(0, *status, at(from), at(to)))
            .collect();
        let site = site(1)
            .with_evidence_required()
            .observed("probe", &observations);
        let site = site.silenced(at("11:00"), at("11:30"));
        assert_eq!(status_of(&site), expected, "{observations:?}");
    }
}

/// From 11:00 to 11:30 it is not, and then what it saw before holds for the rest of its hour.
#[test]
fn what_was_seen_before_a_silence_holds_after_it() {
    let site = site(1)
        .with_evidence_required()
        .observed("probe", &[saw(0, Operational, at("10:30"), at("11:20"))])
        .silenced(at("11:00"), at("11:30"));
    for (now, expected) in [
        ("10:59", Operational),
        ("11:15", Unknown),
        ("11:45", Operational),
        ("12:00", Unknown),
    ] {
        assert_eq!(
            snapshot(&site, at(now)).components[0].status,
            expected,
            "{now}"
        );
    }
}

#[test]
fn maintenance_hides_what_it_announced_and_nothing_else() {
    let down =
        |site: Site| site.observed("probe", &[saw(0, MajorOutage, at("11:00"), at("11:50"))]);
    assert_eq!(status_of(&down(site(1)).with(work(0))), UnderMaintenance);
    assert_eq!(status_of(&down(site(2)).with(work(1))), MajorOutage);
    assert_eq!(
        status_of(&site(1).with(work(0)).with(trouble(&[(0, PartialOutage)]))),
        PartialOutage
    );
    assert_eq!(
        status_of(&site(1).with_evidence_required().with(work(0))),
        Unknown
    );
    let operator = overridden(
        down(site(1)),
        &[word(0, DegradedPerformance, at("11:00"), at("13:00"))],
    );
    assert_eq!(status_of(&operator.with(work(0))), DegradedPerformance);
    let future = maintenance(at("12:01"), at("13:00"), &[0], &[]);
    assert_eq!(status_of(&healthy(site(2)).with(future)), Operational);
}

#[test]
fn a_status_is_seen_to_have_held_since_it_began() {
    let since = |site: &Site| snapshot(site, at(NOW)).components[0].since;
    assert_eq!(since(&site(1)), None);
    assert_eq!(
        since(&site(1).with(trouble(&[(0, MajorOutage)]))),
        Some(at("11:00"))
    );
    let now = incident(at(NOW), &[(0, MajorOutage)], &[]);
    assert_eq!(since(&site(1).with(now)), Some(at(NOW)));
    let over = incident(
        at("10:00"),
        &[(0, MajorOutage)],
        &[update(Resolved, at("10:30"), &[])],
    );
    assert_eq!(since(&site(1).with(over)), Some(at("10:30")));
}

#[test]
fn what_is_open_is_sorted_for_readers() {
    let pinned = |mut post: Post| {
        post.pinned = true;
        post
    };
    let open = |start, status| incident(at(start), &[(0, status)], &[]);
    let site = site(1)
        .with(open("09:00", PartialOutage))
        .with(open("10:00", PartialOutage))
        .with(open("08:00", MajorOutage))
        .with(pinned(open("07:00", Operational)))
        .with(open("12:01", MajorOutage))
        .with(maintenance(at("29 10:00"), at("29 11:00"), &[], &[]))
        .with(maintenance(at("15:00"), at("16:00"), &[], &[]))
        .with(maintenance(at("11:00"), at("16:00"), &[], &[]))
        .with(notice(at("09:00"), None))
        .with(notice(at("10:00"), None))
        .with(notice(at("13:00"), None));
    let snapshot = snapshot(&site, at(NOW));
    assert_eq!(snapshot.incidents, [3, 2, 1, 0].map(OccurrenceIndex));
    assert_eq!(snapshot.upcoming, [6, 5].map(OccurrenceIndex));
    assert_eq!(snapshot.maintenances, [7].map(OccurrenceIndex));
    assert_eq!(snapshot.notices, [9, 8].map(OccurrenceIndex));
}
