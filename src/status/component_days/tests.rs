#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use crate::site::fixtures::{at, incident, maintenance, saw, site, update};
use crate::site::post::Post;
use crate::site::vocabulary::State::Resolved;
use crate::site::vocabulary::Status::{DegradedPerformance, MajorOutage, PartialOutage};
use crate::status::SiteStatus;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An incident of component 0.
fn trouble(status: Status, from: Instant, until: Instant) -> Post {
    incident(from, &[(0, status)], &[update(Resolved, until, &[])])
}

/// A component of which everything before 20 October 2022 is unknown, and what a monitor saw on the 10th and the 20th
/// of December.
fn status() -> (Site, SiteStatus) {
    let seen = |day: u32| {
        let at = |hour: u32| at(&format!("{day} {hour}:00"));
        saw(0, MajorOutage, at(10), at(11))
    };
    let october = "2022-10-20T10:00:00Z".parse::<Instant>().unwrap();
    let site = site(1)
        .observed("probe", &[seen(10), seen(20)])
        .with(trouble(
            PartialOutage,
            october,
            october + TimeDelta::hours(1),
        ))
        .with(maintenance(at("15 10:00"), at("15 11:00"), &[0], &[]))
        .with(trouble(DegradedPerformance, at("20 09:00"), at("20 13:00")))
        .with(trouble(MajorOutage, at("20 09:30"), at("20 10:00")))
        .with(trouble(MajorOutage, at("20 14:00"), at("20 15:00")))
        .with(trouble(PartialOutage, at("26 22:00"), at("27 00:00")));
    let status = SiteStatus::new(&site, at("28 12:00"));
    (site, status)
}

#[test]
fn a_year_has_its_months_from_the_first_that_is_known() {
    let (_, status) = status();
    let component = &status.components[0];
    let dates: Vec<NaiveDate> = component.year.iter().map(|it| it.date).collect();
    assert_eq!((dates[0], dates.len()), (day("2022-01-01"), 362));
    assert_eq!(dates[361], day("2022-12-28"));
    assert_eq!(component.days().len(), 90);
    assert_eq!(component.days()[0].date, day("2022-09-30"));
    let months: Vec<_> = (component.months.iter())
        .map(|month| (month.first, month.days.clone()))
        .collect();
    assert_eq!(
        months,
        [
            (day("2022-10-01"), 273..304),
            (day("2022-11-01"), 304..334),
            (day("2022-12-01"), 334..362)
        ]
    );
}

#[test]
fn the_cause_of_a_day_is_the_first_of_the_worst_on_it() {
    let (_, status) = status();
    let causes: Vec<_> = (status.components[0].causes.iter())
        .map(|(day, post)| (*day, post.0))
        .collect();
    // What ends at midnight causes nothing on the next day.
    assert_eq!(
        causes,
        [
            (day("2022-10-20"), 0),
            (day("2022-12-15"), 1),
            (day("2022-12-20"), 3),
            (day("2022-12-26"), 5)
        ]
    );
}

#[test]
fn trouble_is_unreported_on_a_day_of_which_no_incident_tells() {
    let (site, status) = status();
    let days: Vec<NaiveDate> = status.unreported.iter().copied().collect();
    assert_eq!(days, [day("2022-12-10")]);
    for (text, unreported) in [
        ("2022-12-10", Some(MajorOutage)),
        ("2022-12-11", None),
        ("2022-12-15", None),
        ("2022-12-20", None),
    ] {
        let component = &status.components[0];
        assert_eq!(component.unreported(day(text), &site), unreported, "{text}");
    }
}
