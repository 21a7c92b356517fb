#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::site::fixtures::{at, overridden, saw, site, word};
use crate::site::vocabulary::Status::{self, MajorOutage, Operational};
use crate::time;

/// `c0 operational 20:00 20:30` of every observation, source by source.
fn shown(site: &Site, now: Instant) -> Vec<String> {
    let clock = |at: Instant| at.format("%H:%M").to_string();
    let line = |it: &Observation| {
        let status: &str = it.status.into();
        format!(
            "c{} {status} {} {}",
            it.component.0,
            clock(it.from),
            clock(it.to)
        )
    };
    let records = shortest(site, now);
    records.iter().flatten().map(line).collect()
}

fn every_ten_minutes(status: Status, from: &str, count: i32) -> Vec<Observation> {
    let instants = (0..count).map(|number| at(from) + TimeDelta::minutes(10) * number);
    instants.map(|at| saw(0, status, at, at)).collect()
}

#[test]
fn the_same_again_is_one_line() {
    let seen = [
        every_ten_minutes(Operational, "10:00", 10),
        every_ten_minutes(MajorOutage, "11:40", 2),
        every_ten_minutes(Operational, "12:00", 2),
        // The word of 12:10 holds until 13:10, and not until 13:11.
        vec![saw(0, Operational, at("13:10"), at("13:20"))],
        vec![saw(0, Operational, at("14:21"), at("15:20"))],
        vec![saw(1, Operational, at("10:00"), at("10:00"))],
    ];
    let site = site(2).observed("probe", &seen.concat());
    assert_eq!(
        shown(&site, at("15:00")),
        [
            "c0 operational 10:00 11:30",
            "c0 major_outage 11:40 11:50",
            "c0 operational 12:00 13:20",
            "c0 operational 14:21 15:00",
            "c1 operational 10:00 10:00",
        ]
    );
    assert_eq!(
        shown(&site, at("10:25")),
        ["c0 operational 10:00 10:20", "c1 operational 10:00 10:00"]
    );
}

#[test]
fn of_one_instant_the_last_one_counts() {
    let seen = [
        saw(0, Operational, at("10:00"), at("10:10")),
        saw(0, MajorOutage, at("10:20"), at("10:40")),
        saw(0, Operational, at("10:20"), at("10:30")),
    ];
    let site = site(1).observed("probe", &seen);
    assert_eq!(shown(&site, at("12:00")), ["c0 operational 10:00 10:30"]);
}

#[test]
fn what_is_not_believed_is_left_out() {
    let seen = [
        saw(0, Operational, at("10:00"), at("11:10")),
        saw(0, MajorOutage, at("11:20"), at("11:30")),
        saw(0, Operational, at("11:40"), at("12:30")),
    ];
    let site = site(1)
        .observed("probe", &seen)
        .silenced(at("11:00"), at("12:00"));
    assert_eq!(shown(&site, at("13:00")), ["c0 operational 10:00 12:30"]);
}

#[test]
fn no_two_lines_overlap() {
    let seen = [
        saw(0, MajorOutage, at("10:00"), at("10:50")),
        saw(0, Operational, at("10:20"), at("10:20")),
        saw(0, MajorOutage, at("10:30"), at("10:30")),
    ];
    let site = site(1).observed("probe", &seen);
    assert_eq!(
        shown(&site, at("12:00")),
        [
            "c0 major_outage 10:00 10:20",
            "c0 operational 10:20 10:20",
            "c0 major_outage 10:30 10:30",
        ]
    );
}

/// The first of two looks that begin in a silence is over before anybody believes it.
#[test]
fn what_begins_in_a_silence_begins_with_its_end() {
    let seen = [
        saw(0, MajorOutage, at("11:20"), at("12:30")),
        saw(0, Operational, at("11:40"), at("12:20")),
    ];
    let site = site(1)
        .observed("probe", &seen)
        .silenced(at("11:00"), at("12:00"));
    assert_eq!(shown(&site, at("13:00")), ["c0 operational 12:00 12:20"]);
}

#[test]
fn an_operators_words_are_as_they_were_said() {
    let words = [
        word(0, MajorOutage, at("10:00"), at("12:00")),
        word(0, MajorOutage, at("11:00"), at("12:00")),
        word(0, Operational, at("13:00"), at("14:00")),
    ];
    let site = overridden(site(1), &words);
    let said = shortest(&site, at("12:30")).concat();
    let said: Vec<Option<Instant>> = said
        .iter()
        .map(|it| Some(it.claim.as_ref()?.until))
        .collect();
    assert_eq!(said, [Some(at("12:00")); 2]);
}

#[test]
fn what_no_page_looks_at_is_left_out_but_for_one() {
    let day = |text: &str| time::parse(text, chrono_tz::UTC).unwrap();
    let on = |status, text: &str| saw(0, status, day(text), day(text));
    let seen = [
        on(Operational, "2019-05-01 10:00"),
        on(MajorOutage, "2020-05-01 10:00"),
        on(Operational, "2021-05-01 10:00"),
        on(MajorOutage, "2022-05-01 10:00"),
    ];
    let words = [
        word(
            0,
            MajorOutage,
            day("2021-05-01 10:00"),
            day("2021-05-02 10:00"),
        ),
        word(
            0,
            MajorOutage,
            day("2022-05-01 10:00"),
            day("2022-05-02 10:00"),
        ),
    ];
    let site = overridden(site(1).observed("probe", &seen), &words);
    let record = shortest(&site, day("2022-12-29 10:00"));
    let starts: Vec<Vec<Instant>> = record
        .iter()
        .map(|of_source| of_source.iter().map(|it| it.from).collect())
        .collect();
    assert_eq!(
        starts,
        [
            vec![day("2022-05-01 10:00")],
            vec![day("2021-05-01 10:00"), day("2022-05-01 10:00")],
        ]
    );
    // A source that has gone is known still.
    let later = shortest(&site, day("2025-12-29 10:00")).concat();
    assert_eq!(later.len(), 1);
}
