#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use chrono::TimeDelta;

use crate::locale::LocalizedText;
use crate::site::Site;
use crate::site::fixtures::{at, incident, overridden, saw, site, word};
use crate::site::post::{Correction, Post};
use crate::site::vocabulary::Status;
use crate::status::{LOOK_BACK, SiteStatus};
use crate::time::Instant;

fn now() -> Instant {
    at("12:00")
}

#[test]
fn overrides_that_have_begun_are_listed_for_a_year_newest_first() {
    let hour = TimeDelta::hours(1);
    let year_ago = now() - LOOK_BACK;
    let site = overridden(
        site(2),
        &[
            word(0, Status::MajorOutage, year_ago - hour, year_ago),
            word(0, Status::PartialOutage, year_ago - hour, year_ago + hour),
            word(0, Status::DegradedPerformance, at("11:00"), at("13:00")),
            word(0, Status::Operational, at("12:01"), at("13:00")),
            word(1, Status::Operational, at("11:30"), at("11:40")),
        ],
    );
    let status = SiteStatus::new(&site, now());
    let overrides = status.interventions.overrides.iter();
    let seen: Vec<_> = overrides
        .map(|it| (it.component.0, it.word.status, it.in_force))
        .collect();
    let expected = [
        (1, Status::Operational, false),
        (0, Status::DegradedPerformance, true),
        (0, Status::PartialOutage, false),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn one_word_takes_the_place_of_another_with_the_same_end() {
    let words = [
        word(0, Status::MajorOutage, at("10:00"), at("14:00")),
        word(0, Status::PartialOutage, at("11:00"), at("14:00")),
    ];
    let status = SiteStatus::new(&overridden(site(1), &words), now());
    let overrides = status.interventions.overrides.iter();
    let in_force: Vec<bool> = overrides.map(|it| it.in_force).collect();
    assert_eq!(in_force, [true, false]);
}

#[test]
fn what_a_monitor_saw_is_no_override() {
    let site = site(1).observed(
        "probe",
        &[saw(0, Status::Operational, at("11:00"), at("12:00"))],
    );
    let status = SiteStatus::new(&site, now());
    assert!(status.interventions.overrides.is_empty());
}

#[test]
fn silences_that_have_begun_are_listed_for_a_year_newest_first() {
    let hour = TimeDelta::hours(1);
    let year_ago = now() - LOOK_BACK;
    let seen = [saw(0, Status::Operational, at("11:00"), at("12:00"))];
    let site = site(1)
        .observed("probe", &seen)
        .silenced(year_ago - hour, year_ago)
        .silenced(year_ago - hour, year_ago + hour)
        .silenced(at("12:00"), at("13:00"))
        .silenced(at("12:01"), at("13:00"));
    let status = SiteStatus::new(&site, now());
    let silences = status.interventions.silences.iter();
    let seen: Vec<_> = silences.map(|it| it.silence.from).collect();
    assert_eq!(seen, [at("12:00"), year_ago - hour]);
}

/// A site with an incident that was corrected at these instants.
fn corrected(started: Instant, corrections: &[Instant]) -> Site {
    let corrections = corrections.iter().map(|at| Correction {
        at: *at,
        note: LocalizedText::plain("a note".to_owned()),
    });
    let mut site = site(1);
    site.posts.push(Arc::new(Post {
        corrections: corrections.collect(),
        ..incident(started, &[], &[])
    }));
    site
}

#[test]
fn corrections_of_what_is_published_are_listed_once_made_newest_first() {
    let site = corrected(at("10:00"), &[at("11:00"), at("12:00"), at("12:01")]);
    let status = SiteStatus::new(&site, now());
    let corrections = status.interventions.corrections.iter();
    let seen: Vec<_> = corrections.map(|it| it.correction.at).collect();
    assert_eq!(seen, [at("12:00"), at("11:00")]);

    let site = corrected(at("12:30"), &[at("11:00")]);
    let status = SiteStatus::new(&site, now());
    assert!(status.interventions.corrections.is_empty());
}
