//! The rules once more, read naively at one instant, to hold the sweep against.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};

use self::delays::Delays;
use self::reading::Reading;
use self::strategies::{incidents, maintenances, sites};
use self::work::Work;
use super::facts::Facts;
use super::observed::Coverage;
use super::period::Period;
use super::{HeadlineState, SiteStatus, Snapshot, Timeline, shortest};
use super::{breach, occurrence, timeline, uptime};
use crate::site::Site;
use crate::site::component::{ComponentIndex, Requirement};
use crate::site::fixtures::maintenance;
use crate::site::observation::Observation;
use crate::site::post::Kind;
use crate::site::vocabulary::Status;
use crate::time::{Instant, calendar};

mod days;
mod delays;
mod evidence;
mod reading;
mod strategies;
mod work;

/// Everything happens at a whole step of ten minutes of one day and a half, so that what is true
/// at a step is true up to the next.
const STEPS: i64 = 216;
const STEP: TimeDelta = TimeDelta::minutes(10);
const SECOND: TimeDelta = TimeDelta::seconds(1);
const COMPONENTS: usize = 3;

/// 29 October 2022 in UTC, and so many steps later; on the 30th the clocks change in Europe.
fn step(number: i64) -> Instant {
    DateTime::from_timestamp(1_667_001_600 + number * 600, 0).unwrap()
}

/// The windows of a site as far as any test looks.
fn works(site: &Site) -> Vec<Vec<Work<'_>>> {
    work::works(site, step(3 * STEPS))
}

fn steps() -> impl Strategy<Value = Instant> {
    (0..STEPS).prop_map(step)
}

fn snapshot(site: &Site, now: Instant) -> Snapshot {
    SiteStatus::new(site, now).snapshot
}

/// The timelines of all components from `from` up to `now`.
fn timelines(site: &Site, from: Instant, now: Instant) -> Vec<Timeline> {
    let signals = breach::signals(site, from, now);
    let facts = Facts {
        site,
        now,
        occurrences: &occurrence::occurrences(site, now),
        coverage: &Coverage::new(site, now),
        signals: &signals,
    };
    let breaches = signals.iter().map(|signal| signal.breaches.as_slice());
    timeline::timelines(facts, breaches, Period { from, until: now })
}

/// A site without what is dated later than `now` and not published yet; what is announced stays.
fn as_known_at(site: &Site, now: Instant) -> Site {
    let mut known = site.clone();
    let reading = Reading {
        site,
        works: &[],
        now,
    };
    for source in &mut known.sources {
        let observations = Arc::make_mut(&mut source.observations);
        observations.retain(|it| it.from <= now);
        for observation in observations {
            observation.to = observation.to.min(now);
        }
    }
    for signal in &mut known.signals {
        Arc::make_mut(&mut signal.samples).retain(|it| it.at <= now);
    }
    known.posts.retain(|it| reading.is_published(it));
    for post in &mut known.posts {
        let post = Arc::make_mut(post);
        post.updates.retain(|it| it.at <= now);
        if let Kind::Incident(incident) = &mut post.kind {
            incident.ended = incident.ended.filter(|end| *end <= now);
        }
    }
    known
}

/// A site that knows of its evidence only what is published of it.
fn recorded(site: &Site, now: Instant) -> Site {
    let mut short = site.clone();
    for (source, record) in short.sources.iter_mut().zip(shortest(site, now)) {
        source.observations = Arc::new(record);
    }
    short
}

/// What follows from the evidence of a site, as text.
fn everything(site: &Site, now: Instant) -> String {
    let status = SiteStatus::new(site, now);
    let components = status.components.iter();
    let days: Vec<_> = components
        .map(|it| (&it.uptime, &it.year[it.year.len().saturating_sub(4)..]))
        .collect();
    let SiteStatus {
        snapshot,
        forecast,
        interventions,
        unreported,
        ..
    } = &status;
    format!("{snapshot:?} {forecast:?} {interventions:?} {unreported:?} {days:?}")
}

/// The first later instant at which a build of the same files does not say that all is clear.
fn clear_until(site: &Site, now: Instant) -> Option<Instant> {
    let known = as_known_at(site, now);
    let works = works(&known);
    let later = (1..STEPS).map(|number| now + STEP * i32::try_from(number).unwrap());
    let mut later = later.map(|now| Reading {
        site: &known,
        works: &works,
        now,
    });
    let ends = later.find(|it| it.headline(it.now) != HeadlineState::AllClear);
    ends.map(|it| it.now)
}

proptest! {
    #![proptest_config(Config { cases: 96, rng_seed: RngSeed::Fixed(13), failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_instant_is_as_the_rules_say(site in sites(), now in steps()) {
        let works = works(&site);
        let reading = Reading { site: &site, works: &works, now };
        let timelines = timelines(&site, step(-6), now);
        for (component, timeline) in timelines.iter().enumerate() {
            let mut end = step(-6);
            for segment in &timeline.segments {
                prop_assert_eq!(segment.interval.start(), end);
                end = segment.interval.end();
                let mut instant = segment.interval.start();
                while instant < end {
                    let known = reading.component(component, instant);
                    let expected = (known.status, known.counted, known.is_fresh);
                    let found = (segment.status, segment.counted, segment.confirmed);
                    prop_assert_eq!(found, expected, "component {} at {}", component, instant);
                    instant += STEP;
                }
            }
            prop_assert_eq!(end, now.max(step(-6)));
        }
    }

    #[test]
    fn the_present_is_as_the_rules_say(site in sites(), now in steps()) {
        let works = works(&site);
        let reading = Reading { site: &site, works: &works, now };
        let status = SiteStatus::new(&site, now);
        let snapshot = &status.snapshot;
        for (index, component) in snapshot.components.iter().enumerate() {
            let known = reading.component(index, now);
            prop_assert_eq!(component.status, known.status, "component {}", index);
            prop_assert_eq!(component.confirmed, known.is_fresh, "component {}", index);
            prop_assert_eq!(snapshot.covered.contains(&ComponentIndex(index)), known.is_covered, "component {}", index);
            prop_assert_eq!(component.since, delays::since(reading, index), "component {}", index);
            let until = component.evidence.as_ref().and_then(|it| it.valid_until);
            let known = as_known_at(&site, now);
            let expected = Reading { site: &known, works: &[], now }.fresh_until(index);
            prop_assert_eq!(until, expected, "component {}", index);
        }
        let headline = reading.headline(now);
        prop_assert_eq!(snapshot.headline.state, headline);
        let until = (headline == HeadlineState::AllClear).then(|| clear_until(&site, now)).flatten();
        prop_assert_eq!(snapshot.headline.valid_until, until);

        let open: BTreeSet<usize> = (snapshot.incidents.iter())
            .map(|it| status.occurrence(*it).post.0)
            .collect();
        let expected: BTreeSet<usize> = (site.posts.iter().enumerate())
            .filter(|(_, post)| reading.open_incident(post, now).is_some())
            .map(|(index, _)| index)
            .collect();
        prop_assert_eq!(open, expected);
        for incident in &snapshot.incidents {
            let occurrence = status.occurrence(*incident);
            let expected = reading.open_incident(site.post(occurrence.post), now).unwrap();
            prop_assert_eq!(occurrence.course.state, Some(expected.state));
            prop_assert_eq!(occurrence.course.impact, reading.impact(site.post(occurrence.post)));
            let affected = occurrence.course.affected.iter();
            let statuses: BTreeMap<usize, Status> = affected.map(|it| (it.component.0, it.now)).collect();
            prop_assert_eq!(statuses, expected.statuses);
        }
        let under_way: BTreeSet<(usize, Option<Instant>)> = (snapshot.maintenances.iter())
            .map(|it| status.occurrence(*it))
            .map(|it| (it.post.0, it.window.map(|window| window.starts())))
            .collect();
        let expected: BTreeSet<(usize, Option<Instant>)> = (works.iter().enumerate())
            .filter(|(post, _)| reading.is_published(&site.posts[*post]))
            .flat_map(|(post, works)| works.iter().map(move |work| (post, work)))
            .filter(|(_, work)| work.progress(now, now).is_open)
            .map(|(post, work)| (post, Some(work.window.starts())))
            .collect();
        prop_assert_eq!(under_way, expected);
        for (index, signal) in site.signals.iter().enumerate() {
            let mut found = snapshot.contradictions.iter();
            let found = found.find(|it| it.signal.0 == index);
            let found: BTreeSet<usize> = (found.into_iter())
                .flat_map(|it| it.components.iter().map(|it| it.0))
                .collect();
            prop_assert_eq!(found, reading.uncovered(signal));
        }
        let year = Delays {
            incidents: status.year.incidents,
            to_detect: status.year.to_detect,
            to_first_update: status.year.to_first_update,
            to_end: status.year.to_end,
            maintenances: status.year.maintenances,
            overran: status.year.overran,
        };
        prop_assert_eq!(year, Delays::of(reading));
    }

    #[test]
    fn the_time_of_every_day_adds_up(site in sites(), now in steps(), zone in select(chrono_tz::TZ_VARIANTS.to_vec())) {
        let from = step(-300);
        let timelines = timelines(&site, from, now);
        let calendar = calendar::calendar(calendar::date(now, zone), 5, zone);
        for timeline in &timelines {
            let days = uptime::days(timeline, &calendar, calendar.first().map(|day| day.date));
            for day in &days {
                let length = day.interval.map_or(TimeDelta::zero(), |it| it.len());
                let durations = &day.durations;
                prop_assert_eq!(durations.total(), length);
                prop_assert_eq!(durations.up() + durations.down() + durations.unknown(), length);
                prop_assert!(day.confirmed <= length);
            }
            let all = uptime::uptime(&days, &site.settings.weights);
            prop_assert_eq!(all.durations.total(), now - from);
        }
    }

    #[test]
    fn uptime_counts_what_the_rules_give(site in sites(), now in steps()) {
        let works = works(&site);
        let reading = Reading { site: &site, works: &works, now };
        let status = SiteStatus::new(&site, now);
        for (component, days) in status.components.iter().enumerate() {
            let expected = days::uptime(reading, component);
            let found = days::Counted::of(&days.uptime);
            prop_assert_eq!(found, expected, "component {}", component);
            for day in days.year.iter().rev().take(4) {
                let expected = days::of_day(reading, component, day.date);
                prop_assert_eq!(days::Counted::of_day(day), expected, "component {} on {}", component, day.date);
            }
        }
    }

    #[test]
    fn more_trouble_never_makes_the_indicator_milder(site in sites(), more in incidents(), now in steps()) {
        let before = snapshot(&site, now).headline.indicator();
        let after = snapshot(&site.with(more), now).headline.indicator();
        prop_assert!(before <= after);
    }

    #[test]
    fn maintenance_hides_no_outage_that_is_said_and_none_of_another_component(
        site in sites(), work in maintenances(), now in steps(),
    ) {
        let before = snapshot(&site, now);
        let mut silent = Site { sources: Vec::new(), signals: Vec::new(), ..site.clone() };
        for component in &mut silent.components {
            component.required = Requirement::Never;
        }
        let posted = timelines(&silent, step(-6), now);
        let after = snapshot(&site.with(work.clone()), now);
        let Kind::Maintenance(maintenance) = &work.kind else { return Ok(()) };
        for (component, posted) in posted.iter().enumerate() {
            let status = after.components[component].status;
            prop_assert!(status >= posted.status);
            let mut changes = work.updates.iter().flat_map(|it| &it.changes);
            let is_named = changes.any(|it| it.component.0 == component);
            if !is_named && !maintenance.components.contains(&ComponentIndex(component)) {
                prop_assert_eq!(status, before.components[component].status);
            }
        }
    }

    /// What the page says by itself later is never better than a build of the same files would be then, and what it
    /// foretells comes true at that instant.
    #[test]
    fn a_forecast_comes_true(site in sites(), now in steps()) {
        let known = as_known_at(&site, now);
        let works = works(&known);
        let status = SiteStatus::new(&site, now);
        let (present, forecast) = (&status.snapshot, &status.forecast);
        for later in 1..150 {
            let at = now + STEP * later;
            let then = Reading { site: &known, works: &works, now: at };
            let mut headlines = forecast.headlines.iter().rev();
            let headline = headlines.find(|(from, _)| *from <= at);
            let says = headline.map_or(&present.headline, |it| &it.1).state;
            prop_assert!(says <= then.headline(at), "{:?} at {}", says, at);
            for (component, segments) in forecast.components.iter().enumerate() {
                let mut segments = segments.iter().rev();
                let segment = segments.find(|it| it.interval.start() <= at);
                let says = segment.map_or(present.components[component].status, |it| it.status);
                let expected = then.component(component, at).status;
                prop_assert!(says >= expected, "{:?} of {} at {}", says, component, at);
            }
        }
    }

    /// Files are cut at the instant: what came later is not known yet.
    #[test]
    fn what_comes_later_changes_nothing(site in sites(), now in steps()) {
        let known = as_known_at(&site, now);
        let (all, cut) = (SiteStatus::new(&site, now), SiteStatus::new(&known, now));
        prop_assert_eq!(&all.snapshot.headline, &cut.snapshot.headline);
        prop_assert_eq!(&all.snapshot.timelines, &cut.snapshot.timelines);
        prop_assert_eq!(&all.forecast.headlines, &cut.forecast.headlines);
        prop_assert_eq!(all.year, cut.year);
    }

    /// The page can be computed again from what it publishes.
    #[test]
    fn the_shortest_record_says_the_same(site in sites(), now in steps()) {
        let short = recorded(&site, now);
        prop_assert_eq!(everything(&site, now), everything(&short, now));
        prop_assert_eq!(
            format!("{:?}", shortest(&short, now)),
            format!("{:?}", shortest(&site, now))
        );
    }

    /// A build that knows only what an earlier one published, and what came since, goes on where that stopped.
    #[test]
    fn what_comes_later_goes_on_from_the_shortest_record(site in sites(), now in steps(), later in 0..40_i64) {
        let since = |known: Site| {
            let mut known = known;
            for (source, all) in known.sources.iter_mut().zip(&site.sources) {
                let observations = Arc::make_mut(&mut source.observations);
                observations.extend(all.observations.iter().filter(|it| it.from > now).cloned());
                observations.sort_by_key(Observation::order);
            }
            known
        };
        let cut = Site { sources: as_known_at(&site, now).sources, ..site.clone() };
        let then = now + STEP * i32::try_from(later).unwrap();
        prop_assert_eq!(
            everything(&since(recorded(&site, now)), then),
            everything(&since(cut), then)
        );
    }

    #[test]
    fn a_window_to_come_never_touches_today(site in sites(), length in 1..30_i64, later in 1..30_i64, now in steps()) {
        let before = snapshot(&site, now);
        let start = now + TimeDelta::minutes(later);
        let work = maintenance(start, start + TimeDelta::minutes(length), &[0, 1, 2], &[]);
        let after = snapshot(&site.with(work), now);
        prop_assert_eq!(before.headline.state, after.headline.state);
        prop_assert_eq!(before.headline.affected, after.headline.affected);
        let until = before.headline.valid_until.map(|until| until.min(start));
        prop_assert_eq!(after.headline.valid_until, until);
        prop_assert_eq!(before.timelines, after.timelines);
        prop_assert_eq!(after.upcoming.len(), before.upcoming.len() + 1);
    }
}
