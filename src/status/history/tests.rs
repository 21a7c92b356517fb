#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::site::Site;
use crate::site::fixtures::{at, ended, incident, maintenance, notice, saw, site, update};
use crate::site::post::Post;
use crate::site::vocabulary::State::{
    Cancelled, Identified, Investigating, Resolved, Scheduled, Update,
};
use crate::site::vocabulary::Status::{MajorOutage, Operational};
use crate::status::SiteStatus;

fn indices(entries: &[HistoryEntry]) -> Vec<usize> {
    entries.iter().map(|entry| entry.occurrence.0).collect()
}

fn mentioned(entries: &[Mention]) -> Vec<usize> {
    entries.iter().map(|entry| entry.occurrence.0).collect()
}

/// An incident of a minute.
fn short(started: Instant) -> Post {
    ended(
        incident(started, &[], &[]),
        started + chrono::TimeDelta::minutes(1),
    )
}

fn entries_of(site: &Site, now: Instant) -> Vec<HistoryEntry> {
    SiteStatus::new(site, now).entries
}

#[test]
fn months_and_days_are_those_of_the_zone() {
    let mut site = site(0)
        .with(short(at("26 12:00")))
        .with(short(at("31 23:30")))
        .with(short(at("31 12:00")));
    let now = at("31 23:45");
    let months_of = |site: &Site| -> Vec<(i32, u32, Vec<usize>)> {
        SiteStatus::new(site, now)
            .months
            .into_iter()
            .map(|month| (month.year, month.month, mentioned(&month.entries)))
            .collect()
    };
    assert_eq!(months_of(&site), [(2022, 12, vec![1, 2, 0])]);
    site.settings.time_zone = chrono_tz::Asia::Tokyo;
    assert_eq!(
        months_of(&site),
        [(2023, 1, vec![1]), (2022, 12, vec![2, 0])]
    );
    let days: Vec<(String, Vec<usize>)> = SiteStatus::new(&site, now)
        .recent_days
        .into_iter()
        .take(3)
        .map(|day| (day.date.to_string(), mentioned(&day.entries)))
        .collect();
    let expected = [
        ("2023-01-01", vec![1]),
        ("2022-12-31", vec![2]),
        ("2022-12-30", vec![]),
    ];
    assert_eq!(
        days,
        expected.map(|(date, entries)| (date.to_owned(), entries))
    );
}

#[test]
fn a_plan_is_no_history_unless_it_was_called_off() {
    let called_off = [update(Cancelled, at("11:00"), &[])];
    let site = site(0)
        .with(maintenance(at("13:00"), at("14:00"), &[], &[]))
        .with(maintenance(at("13:00"), at("14:00"), &[], &called_off))
        .with(maintenance(at("10:00"), at("14:00"), &[], &[]))
        .with(notice(at("09:00"), None))
        .with(notice(at("12:01"), None))
        .with(incident(at("12:01"), &[], &[]))
        .with(incident(
            at("08:00"),
            &[],
            &[update(Cancelled, at("12:01"), &[])],
        ));
    assert_eq!(indices(&entries_of(&site, at("12:00"))), [1, 2, 3]);
}

fn utc(text: &str) -> Instant {
    text.parse().unwrap()
}

/// Mentions in words: what began, or with a plus what went on, and what was said of it.
fn told(entries: &[Mention]) -> String {
    let words: Vec<String> = (entries.iter())
        .map(|entry| match &entry.later {
            None => format!("{}", entry.occurrence.0),
            Some(states) => format!("{}+{states:?}", entry.occurrence.0),
        })
        .collect();
    words.join(" ")
}

/// An incident over three months, one that was over before an update said so, one that was reopened, a plan, one that
/// begins at this very moment, which is noon on 5 December, and one of a minute.
fn going_on() -> Site {
    site(0)
        .with(incident(
            utc("2022-10-31T12:00:00Z"),
            &[],
            &[
                update(Identified, at("02 10:00"), &[]),
                update(Resolved, at("03 00:00"), &[]),
            ],
        ))
        .with(ended(
            incident(
                utc("2022-11-22T10:00:00Z"),
                &[],
                &[update(Resolved, utc("2022-11-24T09:00:00Z"), &[])],
            ),
            utc("2022-11-22T11:00:00Z"),
        ))
        .with(incident(
            utc("2022-11-25T10:00:00Z"),
            &[],
            &[
                update(Resolved, utc("2022-11-25T11:00:00Z"), &[]),
                update(Update, utc("2022-11-27T10:00:00Z"), &[]),
                update(Investigating, utc("2022-11-29T10:00:00Z"), &[]),
                update(Resolved, utc("2022-12-01T10:00:00Z"), &[]),
            ],
        ))
        .with(maintenance(
            at("08 10:00"),
            at("08 11:00"),
            &[],
            &[update(Scheduled, at("04 10:00"), &[])],
        ))
        .with(incident(at("05 12:00"), &[], &[]))
        .with(short(utc("2022-11-22T08:00:00Z")))
}

#[test]
fn each_day_tells_what_began_went_on_and_was_said_on_it() {
    let days = SiteStatus::new(&going_on(), at("05 12:00")).recent_days;
    let days: Vec<(String, String)> = (days.iter())
        .map(|day| (day.date.format("%m-%d").to_string(), told(&day.entries)))
        .collect();
    let expected = [
        ("12-05", "4"),
        ("12-04", "3+[Scheduled]"),
        ("12-03", "0+[Resolved]"),
        ("12-02", "0+[Identified]"),
        ("12-01", "2+[Resolved] 0+[]"),
        ("11-30", "2+[] 0+[]"),
        ("11-29", "2+[Investigating] 0+[]"),
        ("11-28", "0+[]"),
        ("11-27", "2+[Update] 0+[]"),
        ("11-26", "0+[]"),
        ("11-25", "2 0+[]"),
        ("11-24", "1+[Resolved] 0+[]"),
        ("11-23", "0+[]"),
        ("11-22", "1 5 0+[]"),
    ];
    assert_eq!(
        days,
        expected.map(|(day, told)| (day.to_owned(), told.to_owned()))
    );
}

#[test]
fn each_month_tells_what_went_on_in_it_from_its_first_update_on() {
    let months = SiteStatus::new(&going_on(), at("05 12:00")).months;
    let months: Vec<(u32, String, Vec<u32>)> = (months.iter())
        .map(|month| {
            let days = month.entries.iter().map(|it| it.day.day());
            (month.month, told(&month.entries), days.collect())
        })
        .collect();
    let expected = [
        (12, "4 2+[Resolved] 0+[Identified, Resolved]", vec![5, 1, 2]),
        (11, "2 1 5 0+[]", vec![25, 22, 22, 1]),
        (10, "0", vec![31]),
    ];
    assert_eq!(
        months,
        expected.map(|(month, told, days)| (month, told.to_owned(), days))
    );
}

#[test]
fn what_goes_on_for_ever_is_in_the_month_of_its_begin_and_in_ten_years() {
    let site = site(0).with(incident(utc("2001-05-04T10:00:00Z"), &[], &[]));
    let months = SiteStatus::new(&site, at("05 12:00")).months;
    assert_eq!(months.len(), 121);
    assert_eq!((months[119].year, months[119].month), (2013, 1));
    assert_eq!((months[120].year, months[120].month), (2001, 5));
}

#[test]
fn days_go_back_to_the_first_observation() {
    let seen = [saw(0, Operational, at("26 10:00"), at("26 10:00"))];
    let status = SiteStatus::new(&site(1).observed("probe", &seen), at("28 12:00"));
    let days = status.recent_days.iter().map(|it| it.date.day());
    assert_eq!(days.collect::<Vec<_>>(), [28, 27, 26]);
}

#[test]
fn a_month_has_pages() {
    let mut site = site(0);
    for minute in 0..51 {
        site = site.with(incident(
            at("10:00") + chrono::TimeDelta::minutes(minute),
            &[],
            &[],
        ));
    }
    let months = SiteStatus::new(&site, at("12:00")).months;
    let pages: Vec<usize> = months[0]
        .pages()
        .into_iter()
        .map(<[Mention]>::len)
        .collect();
    assert_eq!(pages, [50, 1]);
}

#[test]
fn a_component_lists_what_names_it() {
    let site = site(2)
        .with(incident(at("08:00"), &[(0, MajorOutage)], &[]))
        .with(maintenance(at("09:00"), at("10:00"), &[0, 1], &[]));
    let components = SiteStatus::new(&site, at("12:00")).components;
    let lists: Vec<Vec<usize>> = (components.iter())
        .map(|component| indices(&component.entries))
        .collect();
    assert_eq!(lists, [vec![1, 0], vec![1]]);
}
