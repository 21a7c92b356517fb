//! The rules once more, read naively at one instant, to hold the sweep against.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;
use proptest::test_runner::Config;

use self::strategies::{incidents, maintenances, sites};
use super::facts::Facts;
use super::observed::Coverage;
use super::period::Period;
use super::{HeadlineState, Indicator, SiteStatus, Snapshot, Timeline};
use super::{breach, occurrence, timeline, uptime};
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::fixtures::maintenance;
use crate::site::post::{Kind, Post};
use crate::site::signal::Signal;
use crate::site::update::Update;
use crate::site::vocabulary::{State, Status};
use crate::time::{Instant, Window, calendar};

mod strategies;

/// Everything happens at a whole step of ten minutes of one day and a half, so that what is true
/// at a step is true up to the next.
const STEPS: i64 = 216;
const COMPONENTS: usize = 3;

fn step(number: i64) -> Instant {
    DateTime::from_timestamp(1_672_185_600 + number * 600, 0).unwrap()
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

/// The status of a component at `instant` as it is known at `now`.
fn status_at(site: &Site, component: usize, instant: Instant, now: Instant) -> Status {
    let published = |post: &Post| match (&post.kind, post.updates.first()) {
        (_, Some(first)) => first.at <= now,
        (Kind::Incident(incident), None) => incident.started <= now,
        _ => true,
    };
    let visible: Vec<&Arc<Post>> = site.posts.iter().filter(|it| published(it)).collect();
    let posted = visible
        .iter()
        .filter_map(|it| incident_at(it, component, instant, now))
        .max();
    let window = visible
        .iter()
        .any(|it| window_at(it, component, instant, now));

    let mut seen = Vec::new();
    let mut operator = None;
    for source in &site.sources {
        let valid_for = site.components[component].valid_for;
        // The last that had begun is the only one that may hold.
        let newest = source
            .observations
            .iter()
            .rfind(|it| it.component.0 == component && it.from <= instant && it.from <= now);
        match newest {
            Some(it) if source.is_operator() => {
                operator = Some(it)
                    .filter(|it| instant < it.claim.as_ref().unwrap().until)
                    .map(|it| it.status);
            }
            Some(it) if instant < it.to.min(now) + valid_for => seen.push(it.status),
            _ => {}
        }
    }
    seen.sort();
    let quorum = site.components[component].quorum.min(seen.len());
    let seen = seen
        .len()
        .checked_sub(quorum)
        .and_then(|at| seen.get(at).copied());
    let softened = seen.map(|seen| {
        if window {
            seen.min(Status::UnderMaintenance)
        } else {
            seen
        }
    });
    // Nobody knows what nobody looked at, from the first look on; without any look, nothing at all.
    let is_expected = first_look(site, component, now).is_none_or(|first| first <= instant);
    let gap = match site.components[component].required && is_expected {
        true => Status::Unknown,
        false => Status::Operational,
    };
    let facts = match (softened, operator) {
        (Some(seen), Some(operator)) if operator >= seen => operator,
        (Some(seen), Some(operator)) if seen > Status::Suspected => operator.max(Status::Suspected),
        (Some(seen), _) => seen,
        (None, operator) => operator.map_or(gap, |operator| operator.max(gap)),
    };
    let covered = visible
        .iter()
        .any(|it| names_at(it, component, instant, now));
    let breaches = site
        .signals
        .iter()
        .any(|it| it.components[0].0 == component && breaches_at(it, instant, now));
    let suspected = (breaches && !covered && !window).then_some(Status::Suspected);
    let shown = visible
        .iter()
        .any(|it| overran_at(it, component, instant, now));
    let window = (window || shown).then_some(Status::UnderMaintenance);
    [posted, window, suspected, Some(facts)]
        .into_iter()
        .flatten()
        .max()
        .unwrap()
}

/// When a source that is no operator first observed a component.
fn first_look(site: &Site, component: usize, now: Instant) -> Option<Instant> {
    let sources = site.sources.iter().filter(|source| !source.is_operator());
    let observations = sources.flat_map(|source| source.observations.iter());
    let of_component = observations.filter(|it| it.component.0 == component && it.from <= now);
    of_component.map(|it| it.from).min()
}

fn incident_at(post: &Post, component: usize, instant: Instant, now: Instant) -> Option<Status> {
    let Kind::Incident(incident) = &post.kind else {
        return None;
    };
    let over = incident
        .ended
        .is_some_and(|end| end <= now && end <= instant);
    if instant < incident.started || over {
        return None;
    }
    let mut open = true;
    let named = |list: &[(ComponentIndex, Status)]| {
        list.iter()
            .find(|(it, _)| it.0 == component)
            .map(|(_, status)| *status)
    };
    let mut status = named(&incident.components);
    for update in post
        .updates
        .iter()
        .filter(|it| it.at <= instant && it.at <= now)
    {
        open = match update.state {
            State::Update => open,
            State::Resolved | State::Postmortem => ends_later(post, update, now),
            _ => true,
        };
        status = match open {
            true => named(&update.changes).or(status),
            false => None,
        };
    }
    status
}

/// Whether an incident goes on after an update that ends it, for its file says that it ended later.
fn ends_later(post: &Post, update: &Update, now: Instant) -> bool {
    let Kind::Incident(incident) = &post.kind else {
        return false;
    };
    let Some(end) = incident.ended.filter(|end| *end <= now) else {
        return false;
    };
    let this = post.updates.iter().position(|it| std::ptr::eq(it, update));
    let after = post
        .updates
        .iter()
        .skip(this.unwrap())
        .filter(|it| it.at < end);
    let mut states = after.map(|it| it.state).filter(|it| *it != State::Update);
    update.at < end && states.all(State::ends_incident)
}

/// Whether an incident is open at `instant` and has named a component.
fn names_at(post: &Post, component: usize, instant: Instant, now: Instant) -> bool {
    let Kind::Incident(incident) = &post.kind else {
        return false;
    };
    let over = incident
        .ended
        .is_some_and(|end| end <= now && end <= instant);
    let posted: Vec<&Update> = post
        .updates
        .iter()
        .filter(|it| it.at <= instant && it.at <= now)
        .collect();
    let mut states = posted.iter().rev().map(|it| it.state);
    let last = states.find(|it| *it != State::Update);
    let last = last.filter(|_| {
        let mut ends = posted.iter().rev().filter(|it| it.state != State::Update);
        !ends.next().is_some_and(|end| ends_later(post, end, now))
    });
    let changes = posted.iter().flat_map(|it| &it.changes);
    incident.started <= instant
        && !over
        && !last.is_some_and(State::ends_incident)
        && (incident.components.iter().chain(changes)).any(|(it, _)| it.0 == component)
}

/// Whether a signal has been high at every step for as long as it takes.
fn breaches_at(signal: &Signal, instant: Instant, now: Instant) -> bool {
    let is_high = |instant: Instant| {
        let mut samples = signal.samples.iter();
        let newest = samples.rfind(|it| it.at <= instant && it.at <= now);
        newest.is_some_and(|it| it.value >= 5.0 && instant < it.at + signal.valid_for)
    };
    let mut at = instant - signal.sustained;
    while at <= instant {
        if !is_high(at) {
            return false;
        }
        at += TimeDelta::minutes(10);
    }
    true
}

/// The updates of a maintenance of a component, and its window; `None` where it is another post.
fn work_on(post: &Post, component: usize) -> Option<(&[Update], Window)> {
    let maintenance = post.maintenance()?;
    let named = maintenance.components.iter().any(|it| it.0 == component);
    named.then_some((post.updates.as_slice(), maintenance.window))
}

/// Whether a maintenance of a component is under way at `instant` by what had been said until then.
fn window_at(post: &Post, component: usize, instant: Instant, now: Instant) -> bool {
    let Some((updates, window)) = work_on(post, component) else {
        return false;
    };
    let (starts, ends) = (window.starts(), window.ends());
    let mut state = State::Scheduled;
    let mut at = starts.min(updates.first().map_or(starts, |update| update.at));
    while at <= instant {
        state = match state {
            State::Scheduled if at == starts => State::InProgress,
            State::Cancelled => state,
            _ if at == ends => State::Completed,
            _ => state,
        };
        for update in updates.iter().filter(|it| it.at == at && it.at <= now) {
            let is_over = matches!(state, State::Completed | State::Cancelled);
            state = match update.state {
                State::Scheduled if is_over && at < starts => State::Scheduled,
                State::Scheduled if is_over && at < ends => State::InProgress,
                State::Scheduled | State::Update => state,
                State::Verifying | State::Completed if state == State::Cancelled => state,
                said => said,
            };
        }
        at += TimeDelta::minutes(10);
    }
    matches!(state, State::InProgress | State::Verifying)
}

/// Whether a maintenance of a component overran at `instant`, as became known by `now`.
fn overran_at(post: &Post, component: usize, instant: Instant, now: Instant) -> bool {
    let Some((updates, window)) = work_on(post, component) else {
        return false;
    };
    let ends = window.ends();
    let mut words = updates.iter().filter(|it| ends <= it.at && it.at <= now);
    let word = words.find(|it| !matches!(it.state, State::Scheduled | State::Update));
    window_at(post, component, ends - TimeDelta::minutes(10), now)
        && word.is_some_and(|word| {
            word.state != State::Cancelled && ends <= instant && instant < word.at
        })
}

/// A site without what lies after `now`.
fn as_known_at(mut site: Site, now: Instant) -> Site {
    for source in &mut site.sources {
        Arc::make_mut(&mut source.observations).retain(|it| it.to <= now);
    }
    for signal in &mut site.signals {
        Arc::make_mut(&mut signal.samples).retain(|it| it.at <= now);
    }
    site.posts.retain(|it| {
        let begun = match &it.kind {
            Kind::Incident(incident) => {
                incident.started <= now && incident.ended.is_none_or(|end| end <= now)
            }
            _ => true,
        };
        begun && it.updates.iter().all(|it| it.at <= now)
    });
    site
}

proptest! {
    #![proptest_config(Config { cases: 96, ..Config::default() })]

    #[test]
    fn the_sweep_agrees_with_the_rules_at_every_instant(site in sites(), now in steps()) {
        let timelines = timelines(&site, step(-6), now);
        for (component, timeline) in timelines.iter().enumerate() {
            prop_assert_eq!(timeline.status, status_at(&site, component, now, now));
            let mut end = step(-6);
            for segment in &timeline.segments {
                prop_assert_eq!(segment.interval.start(), end);
                end = segment.interval.end();
                let mut instant = segment.interval.start();
                while instant < end {
                    let expected = status_at(&site, component, instant, now);
                    prop_assert_eq!(segment.status, expected, "component {} at {}", component, instant);
                    instant += TimeDelta::minutes(10);
                }
            }
            prop_assert_eq!(end, now.max(step(-6)));
        }
    }

    #[test]
    fn the_time_of_every_day_adds_up(site in sites(), now in steps(), zone in select(chrono_tz::TZ_VARIANTS.to_vec())) {
        let from = step(-300);
        let timelines = timelines(&site, from, now);
        let calendar = calendar::calendar(calendar::date(now, zone), 5, zone);
        for (component, timeline) in timelines.iter().enumerate() {
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
            // Overlaps count once, at the worst: so say the minutes, looked at one by one.
            let mut down = 0;
            let mut unknown = 0;
            let mut instant = step(-6);
            while instant < now {
                let status = status_at(&site, component, instant, now);
                down += i32::from(status.is_outage());
                unknown += i32::from(status == Status::Unknown && instant >= step(0));
                instant += TimeDelta::minutes(10);
            }
            prop_assert_eq!(all.durations.down(), TimeDelta::minutes(10) * down);
            let nobody_looked = site.components[component].required
                && first_look(&site, component, now).is_none();
            let before = if nobody_looked { step(0) - from } else { TimeDelta::zero() };
            let before = before.min(now - from);
            prop_assert_eq!(all.durations.unknown(), TimeDelta::minutes(10) * unknown + before);
        }
    }

    #[test]
    fn an_open_incident_lowers_the_headline(site in sites(), now in steps()) {
        let snapshot = snapshot(&site, now);
        if !snapshot.incidents.is_empty() {
            prop_assert!(snapshot.headline.indicator() >= Indicator::Minor);
        }
        if snapshot.headline.state == HeadlineState::AllClear {
            prop_assert!(snapshot.headline.valid_until.is_some_and(|until| now < until));
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
            component.required = false;
        }
        let posted = timelines(&silent, step(-6), now);
        let after = snapshot(&site.with(work.clone()), now);
        let Kind::Maintenance(maintenance) = &work.kind else { return Ok(()) };
        for (component, posted) in posted.iter().enumerate() {
            let status = after.components[component].status;
            prop_assert!(status >= posted.status);
            if !maintenance.components.contains(&ComponentIndex(component)) {
                prop_assert_eq!(status, before.components[component].status);
            }
        }
    }

    /// What is forecast is what a build of the same files says later.
    #[test]
    fn a_forecast_comes_true(site in sites(), now in steps()) {
        let site = as_known_at(site, now);
        let status_now = SiteStatus::new(&site, now);
        let (present, forecast) = (&status_now.snapshot, &status_now.forecast);
        for later in 1..60 {
            let at = now + TimeDelta::minutes(10 * later);
            let then = snapshot(&site, at);
            let mut headlines = forecast.headlines.iter().rev();
            let headline = headlines
                .find(|(from, _)| *from <= at)
                .map_or(&present.headline, |(_, headline)| headline);
            if then.headline.state < HeadlineState::NoKnownProblems {
                prop_assert_eq!(headline.state, then.headline.state, "at {}", at);
            } else {
                prop_assert!(headline.state <= then.headline.state);
            }
            if forecast.headlines.iter().any(|(from, _)| *from == at) {
                prop_assert_eq!(headline.since, then.headline.since);
            }
            for (component, segments) in forecast.components.iter().enumerate() {
                let mut segments = segments.iter().rev();
                let status = segments
                    .find(|segment| segment.interval.start() <= at)
                    .map_or(present.components[component].status, |segment| segment.status);
                let then = &then.components[component];
                if then.status != Status::Operational || !then.confirmed {
                    prop_assert_eq!(status, then.status, "{} at {}", component, at);
                }
            }
        }
    }

    #[test]
    fn a_window_to_come_never_touches_today(site in sites(), length in 1..30_i64, later in 1..30_i64, now in steps()) {
        let before = snapshot(&site, now);
        let start = now + TimeDelta::minutes(later);
        let work = maintenance(start, start + TimeDelta::minutes(length), &[0, 1, 2], &[]);
        let after = snapshot(&site.with(work), now);
        prop_assert_eq!(before.headline, after.headline);
        prop_assert_eq!(before.timelines, after.timelines);
        prop_assert_eq!(after.upcoming.len(), before.upcoming.len() + 1);
    }
}
