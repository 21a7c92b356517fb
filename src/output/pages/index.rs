//! The index: what is going on, at one glance.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::edition::Edition;
use super::incident;
use super::members::{self, Members};
use super::page::{Body, Page};
use super::view::{DayView, EntryView, GroupView, HeadlineView, IncidentView, IndexView};
use super::{card, component, headline, list, signal, unreported};
use crate::output::Route;
use crate::site::vocabulary::Status;
use crate::status::occurrence::OccurrenceIndex;

/// The index of an edition.
pub(super) fn page<'a>(edition: &Edition<'_>, entries: &'a [Arc<EntryView>]) -> Page<'a> {
    let snapshot = &edition.status.snapshot;
    let views = |occurrences: &[OccurrenceIndex]| -> Vec<IncidentView> {
        occurrences
            .iter()
            .map(|index| incident::on_index(edition, *index))
            .collect()
    };
    let headline = headline::view(edition);
    let now = edition.status.now();
    let description = edition.text(
        "describe-index",
        &[
            ("headline", &headline.text),
            ("time", &edition.moment_text(now)),
        ],
    );
    let index = Box::new(IndexView {
        incidents: views(&snapshot.incidents),
        maintenances: views(&snapshot.maintenances),
        upcoming: views(&soonest(edition, &snapshot.upcoming)),
        notices: views(&snapshot.notices),
        signals: signal::last_day(edition),
        breached: edition
            .status
            .signals
            .iter()
            .any(|it| it.breach().is_some()),
        groups: groups(edition),
        bars_since: bars_since(edition),
        days: days(edition, entries),
        built: edition.moment(now),
        late_from: (edition.site.settings.build.expected_every)
            .map(|every| edition.moment(now + every * 2)),
        coverage: edition.coverage(),
        formula: edition.formula(),
    });
    let title = headline.text.clone();
    let icon = headline.icon;
    let shared = format!("{}: {title}", edition.own(&edition.site.settings.title));
    let card = card::card(edition, &shared, &card_text(edition, &headline), icon);
    let body = Body::Index { headline, index };
    let mut page = edition.page(Route::index, title, description, body);
    page.view.icon = icon;
    page.view.card = card;
    page
}

/// What is affected, and as of when that is said.
fn card_text(edition: &Edition<'_>, headline: &HeadlineView) -> String {
    let now = edition.moment_text(edition.status.now());
    let as_of = edition.text("share-as-of", &[("time", &now)]);
    match headline.detail.as_str() {
        "" => as_of,
        detail => format!("{detail} {as_of}"),
    }
}

/// The occurrence of each post that comes first: its view knows of those after it.
fn soonest(edition: &Edition<'_>, upcoming: &[OccurrenceIndex]) -> Vec<OccurrenceIndex> {
    let mut seen = HashSet::new();
    let is_first = |index: &OccurrenceIndex| seen.insert(edition.status.occurrence(*index).post);
    upcoming.iter().copied().filter(is_first).collect()
}

/// The groups with what is known of their components.
fn groups(edition: &Edition<'_>) -> Vec<GroupView> {
    let groups = members::members(edition).into_iter().map(|members| {
        let Members { name, components } = members;
        let statuses = components
            .iter()
            .map(|component| edition.status.snapshot.components[component.0].status);
        GroupView {
            name,
            status: headline::worst(edition, &components),
            later: headline::worst_later(edition, &components),
            troubled: statuses
                .max()
                .is_some_and(|worst| worst != Status::Operational),
            components: components
                .iter()
                .map(|component| component::view(edition, *component))
                .collect(),
        }
    });
    groups.collect()
}

/// The first day for which a component has a bar.
fn bars_since(edition: &Edition<'_>) -> String {
    let components = edition.status.components.iter();
    let first = components.filter_map(|it| component::first_counted(it.days()));
    let first = first.map(|day| day.date).min();
    first.map_or_else(String::new, |date| edition.locale.full_day(date))
}

/// The last days, newest first; runs of days on which nothing happened are one line.
fn days<'a>(edition: &Edition<'_>, entries: &'a [Arc<EntryView>]) -> Vec<DayView<'a>> {
    let days = edition.status.recent_days.iter().map(|day| DayView {
        date: edition.locale.day(day.date),
        iso: day.date.to_string(),
        entries: (day.entries.iter())
            .map(|mention| list::mentioned(edition, entries, mention))
            .collect(),
        unreported: unreported::of_day(edition, day.date),
    });
    let mut rows: Vec<DayView<'a>> = Vec::new();
    // The days of a run of quiet ones, newest first.
    let mut run: Vec<NaiveDate> = Vec::new();
    for (view, day) in days.zip(&edition.status.recent_days) {
        if view.entries.is_empty() && view.unreported.is_empty() {
            run.push(day.date);
            match run.first().filter(|newest| **newest != day.date) {
                // The row of the run stands already; it grows.
                Some(newest) => {
                    rows.pop();
                    rows.push(quiet_view(edition, day.date, *newest));
                }
                None => rows.push(view),
            }
        } else {
            run.clear();
            rows.push(view);
        }
    }
    rows
}

/// A run of days, from the oldest to the newest, on which nothing happened.
fn quiet_view<'a>(edition: &Edition<'_>, oldest: NaiveDate, newest: NaiveDate) -> DayView<'a> {
    let (start, end) = (edition.locale.day(oldest), edition.locale.day(newest));
    DayView {
        date: edition.text("days-range", &[("start", &start), ("end", &end)]),
        iso: String::new(),
        entries: Vec::new(),
        unreported: Vec::new(),
    }
}
