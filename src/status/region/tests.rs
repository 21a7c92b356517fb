use super::*;
use crate::site::Site;
use crate::site::fixtures::{at, incident, maintenance, saw, signal, site, update};
use crate::site::post::{Kind, Post};
use crate::site::update::{Change, Update};
use crate::site::vocabulary::State;
use crate::status::{HeadlineState, SiteStatus};
use Status::{MajorOutage, Operational, PartialOutage, Suspected, UnderMaintenance, Unknown};

const JP: Option<RegionIndex> = Some(RegionIndex(0));
const US: Option<RegionIndex> = Some(RegionIndex(1));

/// A site with the regions `jp` and `us`, which sources of these names look from.
fn world(components: usize) -> Site {
    site(components).with_regions(&["jp", "us"])
}

fn change(region: Option<RegionIndex>, status: Status) -> Change {
    Change {
        region,
        ..Change::everywhere(ComponentIndex(0), status)
    }
}

fn says(state: State, time: &str, changes: &[Change]) -> Update {
    Update {
        changes: changes.to_vec(),
        ..update(state, at(time), &[])
    }
}

/// An incident since 10:00 with these statuses, which concerns only some regions.
fn outage(regions: &[RegionIndex], first: &[Change], updates: &[Update]) -> Post {
    let first_update = [says(State::Investigating, "10:00", &[])];
    let updates = [&first_update, updates].concat();
    let mut post = incident(at("10:00"), &[], &updates);
    post.regions = regions.to_vec();
    if let Kind::Incident(incident) = &mut post.kind {
        incident.components = first.to_vec();
        incident.impact = None;
    }
    post
}

/// The status of the first component, where it is so, and how it is in each region.
fn known(site: &Site, time: &str) -> (Status, Option<RegionIndex>, Vec<(usize, Status)>) {
    let status = SiteStatus::new(site, at(time));
    let component = &status.snapshot.components[0];
    let regions = component.differing_regions().iter();
    let regions = regions.map(|it| (it.region.0, it.status)).collect();
    (component.status, component.confined_to(), regions)
}

fn headline(site: &Site, time: &str) -> (HeadlineState, Option<RegionIndex>) {
    let headline = SiteStatus::new(site, at(time)).snapshot.headline;
    (headline.state, headline.region)
}

#[test]
fn an_incident_of_a_region_is_confined_to_it_and_an_update_may_add_another() {
    let updates = [
        says(State::Identified, "11:00", &[change(US, PartialOutage)]),
        says(State::Monitoring, "12:00", &[change(JP, Operational)]),
        says(State::Update, "13:00", &[change(None, PartialOutage)]),
        says(State::Update, "14:00", &[change(None, Operational)]),
        says(State::Resolved, "15:00", &[]),
    ];
    let first = [change(None, MajorOutage)];
    let site = world(2).with(outage(&[RegionIndex(0)], &first, &updates));
    let both = |jp, us| vec![(0, jp), (1, us)];
    for (time, expected) in [
        ("10:30", (MajorOutage, JP, vec![(0, MajorOutage)])),
        (
            "11:30",
            (MajorOutage, None, both(MajorOutage, PartialOutage)),
        ),
        (
            "12:30",
            (PartialOutage, US, both(Operational, PartialOutage)),
        ),
        ("13:30", (PartialOutage, None, Vec::new())),
        ("14:30", (Operational, None, Vec::new())),
        ("15:30", (Operational, None, Vec::new())),
    ] {
        assert_eq!(known(&site, time), expected, "{time}");
    }
    assert_eq!(headline(&site, "10:30"), (HeadlineState::PartialOutage, JP));
    assert_eq!(
        headline(&site, "11:30"),
        (HeadlineState::PartialOutage, None)
    );
    assert_eq!(headline(&site, "12:30"), (HeadlineState::MinorOutage, US));
    assert_eq!(headline(&site, "15:30").1, None);
    let status = SiteStatus::new(&site, at("12:30"));
    let course = &status.occurrences[0].course;
    assert_eq!(course.regions, [RegionIndex(0), RegionIndex(1)]);
    assert_eq!(course.affected.len(), 1);
}

#[test]
fn an_incident_of_everywhere_gives_back_a_region_alone_and_all_together() {
    let updates = [
        says(State::Monitoring, "11:00", &[change(JP, Operational)]),
        says(State::Update, "12:00", &[change(None, Operational)]),
    ];
    let site = world(1).with(outage(&[], &[change(None, MajorOutage)], &updates));
    assert_eq!(known(&site, "10:30"), (MajorOutage, None, Vec::new()));
    let regions = vec![(0, Operational), (1, MajorOutage)];
    assert_eq!(known(&site, "11:30"), (MajorOutage, None, regions));
    assert_eq!(known(&site, "12:30"), (Operational, None, Vec::new()));
    let status = SiteStatus::new(&site, at("12:30"));
    assert_eq!(status.occurrences[0].course.regions, []);
}

#[test]
fn a_region_behind_a_component_says_where_it_is_alone() {
    let updates = [says(
        State::Monitoring,
        "11:00",
        &[change(None, Operational)],
    )];
    let site = world(1).with(outage(&[], &[change(JP, MajorOutage)], &updates));
    assert_eq!(
        known(&site, "10:30"),
        (MajorOutage, JP, vec![(0, MajorOutage)])
    );
    assert_eq!(known(&site, "11:30"), (Operational, None, Vec::new()));
    let status = SiteStatus::new(&site, at("11:30"));
    assert_eq!(status.occurrences[0].course.regions, [RegionIndex(0)]);
    // What it covers stays what it is about.
    let covered: Vec<_> = status.snapshot.covered_places.iter().copied().collect();
    assert_eq!(covered, [(ComponentIndex(0), JP)]);
}

#[test]
fn evidence_says_where_trouble_is_while_something_else_shows_none() {
    let seen = |status, until| [saw(0, status, at("09:00"), at(until))];
    let site = world(1)
        .with_evidence_required()
        .observed("jp", &seen(MajorOutage, "10:00"))
        .observed("us", &seen(Operational, "09:30"));
    let regions = vec![(0, MajorOutage), (1, Operational)];
    assert_eq!(known(&site, "10:00"), (MajorOutage, JP, regions));
    assert_eq!(headline(&site, "10:00"), (HeadlineState::MajorOutage, JP));
    // What the other saw holds for an hour.
    let lost = vec![(0, MajorOutage), (1, Unknown)];
    assert_eq!(known(&site, "10:45"), (MajorOutage, None, lost));
    let status = SiteStatus::new(&site, at("10:00"));
    assert_eq!(status.next_change(&site), Some(at("10:30")));
    let forecast = status.forecast.headlines.iter();
    let forecast: Vec<_> = forecast
        .map(|(at, it)| (*at, it.state, it.region))
        .collect();
    assert_eq!(forecast[0], (at("10:30"), HeadlineState::MajorOutage, None));
    // A source of no region that shows trouble could be anywhere.
    let site = site.observed("elsewhere", &seen(MajorOutage, "10:00"));
    assert_eq!(known(&site, "10:00").1, None);
}

#[test]
fn the_sources_of_a_region_are_one_voice() {
    let seen = |status| [saw(0, status, at("09:00"), at("10:00"))];
    let mut site = world(1);
    site.regions[0].sources = vec!["tokyo".to_owned(), "osaka".to_owned()];
    site.components[0].quorum = 2;
    let two = site
        .clone()
        .observed("tokyo", &seen(MajorOutage))
        .observed("osaka", &seen(MajorOutage));
    // Too few voices are fresh to be sure.
    assert_eq!(known(&two, "10:00").0, Suspected);
    let overruled = two.clone().observed("us", &seen(Operational));
    let regions = vec![(0, MajorOutage), (1, Operational)];
    assert_eq!(known(&overruled, "10:00"), (Operational, None, regions));
    let agreed = two.observed("us", &seen(PartialOutage));
    assert_eq!(known(&agreed, "10:00").0, PartialOutage);
    let apart = site
        .with_regions(&[])
        .observed("tokyo", &seen(MajorOutage))
        .observed("osaka", &seen(MajorOutage));
    assert_eq!(known(&apart, "10:00").0, MajorOutage);
}

#[test]
fn a_maintenance_of_a_region_excuses_that_region_alone() {
    let seen = |status| [saw(0, status, at("10:00"), at("11:00"))];
    let mut work = maintenance(at("10:00"), at("12:00"), &[0], &[]);
    work.regions = vec![RegionIndex(0)];
    let site = world(1).with(work);
    assert_eq!(headline(&site, "11:00"), (HeadlineState::Maintenance, JP));
    let excused = site
        .clone()
        .observed("jp", &seen(MajorOutage))
        .observed("us", &seen(Operational));
    let regions = vec![(0, UnderMaintenance), (1, Operational)];
    assert_eq!(known(&excused, "11:00"), (UnderMaintenance, JP, regions));
    let elsewhere = site.observed("us", &seen(MajorOutage));
    assert_eq!(known(&elsewhere, "11:00").0, MajorOutage);
    assert_eq!(known(&elsewhere, "11:00").1, None);
}

#[test]
fn a_region_that_a_maintenance_gives_back_is_not_excused_any_more() {
    let back = says(State::Update, "11:00", &[change(JP, Operational)]);
    let planned = says(State::Scheduled, "09:00", &[]);
    let site = world(1)
        .with(maintenance(
            at("10:00"),
            at("13:00"),
            &[0],
            &[planned, back],
        ))
        .observed("jp", &[saw(0, MajorOutage, at("10:30"), at("12:00"))]);
    assert_eq!(known(&site, "10:59").0, UnderMaintenance);
    assert_eq!(known(&site, "11:30").0, MajorOutage);
}

#[test]
fn a_signal_of_a_region_is_covered_only_by_what_is_about_that_region() {
    let mut of_region = signal(0, chrono::TimeDelta::zero(), &[(at("10:00"), 9.0)]);
    of_region.region = US;
    let mut site = world(1);
    site.signals = vec![of_region];
    assert_eq!(known(&site, "10:30"), (Suspected, US, vec![(1, Suspected)]));
    assert_eq!(headline(&site, "10:30"), (HeadlineState::Suspected, US));
    let quiet = |region| [change(region, Operational)];
    let of_other = site
        .clone()
        .with(outage(&[RegionIndex(0)], &quiet(None), &[]));
    assert_eq!(known(&of_other, "10:30").0, Suspected);
    assert_eq!(
        SiteStatus::new(&of_other, at("10:30"))
            .snapshot
            .contradictions
            .len(),
        1
    );
    let of_it = site.with(outage(&[RegionIndex(1)], &quiet(None), &[]));
    assert_eq!(known(&of_it, "10:30").0, Operational);
    assert_eq!(headline(&of_it, "10:30"), (HeadlineState::Incident, US));
    assert_eq!(
        SiteStatus::new(&of_it, at("10:30")).snapshot.contradictions,
        []
    );
}
