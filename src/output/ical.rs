//! The calendars of maintenances (RFC 5545): an event each, and one that repeats as its rule.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _};
use chrono_tz::{OffsetComponents as _, OffsetName as _, Tz};
use icalendar::{Calendar, Component as _, Event, EventStatus, Property};

use super::feed::{FeedKind, FeedLink};
use super::file::Output;
use super::format::{Format, Publish};
use super::pages::Edition;
use super::route::Route;
use crate::markdown;
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::post::PostIndex;
use crate::site::vocabulary::{FormatName, State};
use crate::status::occurrence::Occurrence;
use crate::time::{Instant, Recurrence, Window};

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: Some(FormatName::Calendar),
    publish: Publish::Language(|edition, _| calendars(edition)),
    feed: Some(FeedLink {
        kind: FeedKind::Calendar,
        media_type: "text/calendar",
        route: Route::calendar,
        title: "iCalendar",
        note: None,
        for_chats: false,
        is_linked: |site, status| status.has_maintenances(site),
    }),
};

/// The time for which a maintenance stays in the calendar once it is over.
const KEPT: TimeDelta = TimeDelta::days(90);

/// The time for which changes of the clocks are in the calendar beforehand.
const FORESEEN: TimeDelta = TimeDelta::days(10 * 366);

/// The length of the description of an event at most, in characters: its page says more.
const DESCRIPTION: usize = 1000;

const DAY: TimeDelta = TimeDelta::days(1);

/// The most exceptions on a line: the library folds one in a time that grows with the square of its length.
const ON_A_LINE: usize = 100;

/// The events of a maintenance, and the components that it may take down.
struct Planned<'a> {
    components: &'a [ComponentIndex],
    events: Vec<Event>,
}

/// The calendars of an edition: of the site, and of each component.
fn calendars(edition: &Edition<'_>) -> Vec<Output> {
    let (site, status) = (edition.site, edition.status);
    let (now, zone) = (status.now(), site.settings.time_zone);
    let mut earliest = now;
    let mut planned = Vec::new();
    for occurrence in status.pages().map(|index| status.occurrence(index)) {
        let maintenance = site.post(occurrence.post).maintenance();
        let Some((maintenance, window)) = maintenance.zip(occurrence.window) else {
            continue;
        };
        if window.ends() + KEPT < now {
            continue;
        }
        let first = match &maintenance.recurrence {
            Some(recurrence) => recurrence.first(),
            None => window,
        };
        earliest = earliest.min(first.starts());
        let events = match &maintenance.recurrence {
            Some(recurrence) => recurring(edition, occurrence.post, recurrence),
            None => {
                let state = event_status(occurrence);
                let span = span(site, occurrence, window);
                vec![event(edition, occurrence.post, span, state)]
            }
        };
        planned.push(Planned {
            components: &maintenance.components,
            events,
        });
    }
    let zone = time_zone(zone, earliest, now + FORESEEN);
    let components = (0..site.components.len()).map(|index| Some(ComponentIndex(index)));
    let of_each = std::iter::once(None).chain(components);
    of_each
        .map(|component| {
            let concerns =
                |it: &&Planned<'_>| component.is_none_or(|of| it.components.contains(&of));
            let events = planned.iter().filter(concerns).flat_map(|it| &it.events);
            calendar(edition, component, events, &zone)
        })
        .collect()
}

/// The calendar of the site, or of one of its components.
fn calendar<'a>(
    edition: &Edition<'_>,
    component: Option<ComponentIndex>,
    events: impl Iterator<Item = &'a Event>,
    zone: &str,
) -> Output {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//allclear//allclear//EN"))
        .append_property(("X-WR-CALNAME", edition.feed_title(component).as_str()))
        .timezone(edition.site.settings.time_zone.name());
    calendar.extend(events.cloned());
    let id = component.map(|of| edition.site.components[of.0].id.as_str());
    let route = Route::calendar(edition.prefix(), id);
    Output::new(route.file(), with_time_zone(&calendar.to_string(), zone))
}

/// The events of a maintenance that repeats: its rule, and each occurrence that was called off or took longer.
fn recurring(edition: &Edition<'_>, post: PostIndex, recurrence: &Recurrence) -> Vec<Event> {
    let zone = edition.site.settings.time_zone;
    let mut all = event(edition, post, recurrence.first(), EventStatus::Confirmed);
    all.append_property(("RRULE", recurrence.rule()));
    let exceptions: Vec<Instant> = recurrence.exceptions().map(Window::starts).collect();
    let mut lines = exceptions.chunks(ON_A_LINE);
    if let Some(first) = lines.next() {
        all.append_property(local("EXDATE", first, zone));
    }
    for more in lines {
        all.append_multi_property(local("EXDATE", more, zone));
    }
    let mut events = vec![all];
    // What was called off, or took longer, stands in the place of that occurrence.
    for occurrence in edition.status.of_post(post) {
        let Some(window) = occurrence.window else {
            continue;
        };
        let state = event_status(occurrence);
        let span = span(edition.site, occurrence, window);
        if state == EventStatus::Cancelled || span != window {
            let mut instead = event(edition, post, span, state);
            instead.append_property(local("RECURRENCE-ID", &[window.starts()], zone));
            events.push(instead);
        }
    }
    events
}

fn event_status(occurrence: &Occurrence) -> EventStatus {
    match occurrence.course.state {
        Some(State::Cancelled) => EventStatus::Cancelled,
        _ => EventStatus::Confirmed,
    }
}

/// The window of an occurrence, and the time by which it began before or went on after it: up to the last word of it
/// while it goes on, since nobody knows how long it will.
fn span(site: &Site, occurrence: &Occurrence, window: Window) -> Window {
    let course = &occurrence.course;
    let last_word = || occurrence.published(site).last().map(|update| update.at);
    let end = match course.is_open {
        true => last_word(),
        false => course.end,
    };
    let end = end.unwrap_or(window.ends());
    let (starts, ends) = (course.start.min(window.starts()), end.max(window.ends()));
    Window::new(starts, ends).unwrap_or(window)
}

fn event(edition: &Edition<'_>, index: PostIndex, window: Window, status: EventStatus) -> Event {
    let (site, zone) = (edition.site, edition.site.settings.time_zone);
    let post = site.post(index);
    // Only a rule needs the clock on the wall, which shows some hours twice.
    let repeats = post.repeats();
    let time = |name: &str, at: Instant| match repeats {
        true => local(name, &[at], zone),
        false => Property::new(name, format!("{}Z", basic(at.naive_utc()))),
    };
    let address = Route::post(edition.prefix(), &post.slug).on(edition.base_url);
    let updates = edition.status.published(site, index);
    // Nobody can say when a plan was made that has no update and is far off.
    let changed = edition.status.posts[index.0].updated;
    let changed = changed.unwrap_or(DateTime::UNIX_EPOCH);
    let place = edition.base_url.as_str();
    let place = place.split_once("://").map_or(place, |(_, place)| place);
    let mut event = Event::new();
    event
        .uid(&format!("{}@{}", post.slug, place.trim_end_matches('/')))
        .timestamp(changed)
        .summary(edition.own(&post.title))
        .url(&address)
        .status(status)
        .append_property(time("DTSTART", window.starts()))
        .append_property(Property::new(
            "DURATION",
            duration(window.ends() - window.starts()),
        ))
        .append_property(("TRANSP", "TRANSPARENT"));
    let texts = updates.iter().rev().map(|update| &update.text);
    let mut texts = std::iter::once(&post.summary).chain(texts);
    if let Some((text, _)) = texts.find_map(|text| text.get(edition.language())) {
        event.description(&markdown::plain_text(text, DESCRIPTION));
    }
    event
}

/// `PT1H30M`. Days are left out: a calendar's day has 23 hours where the clocks change.
fn duration(length: TimeDelta) -> String {
    let seconds = length.num_seconds();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, seconds) {
        (0, 0, seconds) => format!("PT{seconds}S"),
        (0, minutes, 0) => format!("PT{minutes}M"),
        (0, minutes, seconds) => format!("PT{minutes}M{seconds}S"),
        (hours, 0, 0) => format!("PT{hours}H"),
        (hours, minutes, 0) => format!("PT{hours}H{minutes}M"),
        (hours, minutes, seconds) => format!("PT{hours}H{minutes}M{seconds}S"),
    }
}

/// A property of instants on the clock of a zone.
fn local(name: &str, instants: &[Instant], zone: Tz) -> Property {
    let times: Vec<String> = (instants.iter())
        .map(|instant| basic(instant.with_timezone(&zone).naive_local()))
        .collect();
    let mut property = Property::new(name, times.join(","));
    property.add_parameter("TZID", zone.name());
    property
}

/// `20230401T000000`.
fn basic(time: NaiveDateTime) -> String {
    time.format("%Y%m%dT%H%M%S").to_string()
}

/// A calendar with the description of a zone.
fn with_time_zone(calendar: &str, zone: &str) -> String {
    // A line of its own: a title may hold the same words.
    let events = calendar.find("\r\nBEGIN:VEVENT\r\n");
    let end = || calendar.rfind("\r\nEND:VCALENDAR\r\n");
    let at = events.or_else(end).map_or(0, |line| line + 2);
    let (head, events) = calendar.split_at(at);
    [head, zone, events].concat()
}

/// The description of a zone. The library has none, and would give it a time stamp.
fn time_zone(zone: Tz, from: Instant, until: Instant) -> String {
    let mut text = format!("BEGIN:VTIMEZONE\r\nTZID:{}\r\n", zone.name());
    for (observance, starts) in observances(zone, from, until) {
        let Observance {
            is_daylight,
            before,
            after,
            name,
        } = observance;
        let kind = if is_daylight { "DAYLIGHT" } else { "STANDARD" };
        text.push_str(&format!("BEGIN:{kind}\r\n"));
        for (number, start) in starts.into_iter().enumerate() {
            let name = if number == 0 { "DTSTART" } else { "RDATE" };
            text.push_str(&format!("{name}:{}\r\n", basic(start)));
        }
        text.push_str(&format!(
            "TZOFFSETFROM:{}\r\nTZOFFSETTO:{}\r\nTZNAME:{name}\r\nEND:{kind}\r\n",
            offset(before),
            offset(after)
        ));
    }
    text.push_str("END:VTIMEZONE\r\n");
    text
}

/// A time in which the clocks of a zone have the same offset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Observance {
    is_daylight: bool,
    /// Seconds ahead of UTC before it begins.
    before: i32,
    /// Seconds ahead of UTC from then on.
    after: i32,
    name: String,
}

/// The observances of a zone, each with the local times at which it begins; the first holds from long before
/// `from`.
fn observances(zone: Tz, from: Instant, until: Instant) -> Vec<(Observance, Vec<NaiveDateTime>)> {
    let shown = |at: Instant, before: i32| {
        let offset = zone.offset_from_utc_datetime(&at.naive_utc());
        Observance {
            is_daylight: !offset.dst_offset().is_zero(),
            before,
            after: offset.fix().local_minus_utc(),
            name: offset.abbreviation().unwrap_or("LMT").to_owned(),
        }
    };
    let seconds_ahead = |at: Instant| shown(at, 0).after;
    let first = shown(from, seconds_ahead(from));
    let mut found = BTreeMap::from([(first.clone(), vec![DateTime::UNIX_EPOCH.naive_utc()])]);
    let (mut at, mut last) = (from, first);
    while at < until {
        let next = at + DAY;
        let same = |at: Instant| {
            Observance {
                before: last.before,
                ..shown(at, 0)
            } == last
        };
        if !same(next) {
            // The clocks change in this day: after so many seconds.
            let (mut before, mut after) = (0, DAY.num_seconds());
            while after - before > 1 {
                let middle = (before + after) / 2;
                match same(at + TimeDelta::seconds(middle)) {
                    true => before = middle,
                    false => after = middle,
                }
            }
            let ahead = last.after;
            let onset = at.naive_utc() + TimeDelta::seconds(after + i64::from(ahead));
            last = shown(next, ahead);
            found.entry(last.clone()).or_default().push(onset);
        }
        at = next;
    }
    found.into_iter().collect()
}

/// `+0130`, of seconds ahead of UTC.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests;
