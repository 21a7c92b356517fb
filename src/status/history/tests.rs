#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::site::Site;
use crate::site::fixtures::{at, ended, incident, maintenance, notice, site, update};
use crate::site::post::Post;
use crate::site::vocabulary::State::Cancelled;
use crate::site::vocabulary::Status::MajorOutage;
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
