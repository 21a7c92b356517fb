//! The index: what is going on, at one glance.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::card;
use super::edition::Edition;
use super::incident;
use super::members::{self, Members};
use super::page::{Body, Page};
use super::view::{
    DayView, EntryView, GroupView, HeadlineView, IncidentView, IndexView, OthersView,
};
use super::{component, headline, list, signal, unreported};
use crate::output::Route;
use crate::site::component::ComponentIndex;
use crate::site::vocabulary::Status;
use crate::status::history::{HistoryDay, Mention};
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
    let headline = Box::new(headline::view(edition));
    let now = edition.status.now();
    let description = headline::description(edition, &headline);
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
        components: edition.site.components.len(),
        bars_since: bars_since(edition),
        uptime: uptime_of(edition),
        days: days(edition, entries),
        built: edition.moment(now),
        late_from: edition.late_from().map(|at| edition.moment(at)),
        coverage: edition.coverage(),
        formula: edition.formula(),
    });
    let title = headline.text.clone();
    let icon = headline.icon;
    let shared = format!("{}: {title}", edition.own(&edition.site.settings.title));
    let shared = card::title(&shared, icon, &edition.moment_text(now));
    let card = edition
        .gallery()
        .card(&shared, &card_text(edition, &headline), icon);
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
    edition.locale.sentences(&[&headline.detail, &as_of])
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
        let status_of =
            |component: &ComponentIndex| edition.status.snapshot.components[component.0].status;
        let is_troubled = |component: &ComponentIndex| status_of(component) != Status::Operational;
        let (troubled, others): (Vec<ComponentIndex>, Vec<ComponentIndex>) =
            components.iter().copied().partition(is_troubled);
        GroupView {
            name,
            status: headline::worst(edition, &components),
            later: headline::worst_later(edition, &components),
            others: (!troubled.is_empty() && !others.is_empty()).then(|| OthersView {
                text: edition
                    .locale
                    .count("names-others", others.len() as u64, &[]),
                status: headline::worst(edition, &others),
                later: headline::worst_later(edition, &others),
            }),
            troubled: !troubled.is_empty(),
            components: components
                .iter()
                .map(|component| component::view(edition, *component))
                .collect(),
        }
    });
    groups.collect()
}

/// What the percentages beside components are, in words.
fn uptime_of(edition: &Edition<'_>) -> String {
    let days = u64::from(crate::status::DAYS);
    let days = edition.locale.count("days-count", days, &[]);
    format!("{} · {days}", edition.text("page-uptime", &[]))
}

/// The first day for which a component has a bar.
fn bars_since(edition: &Edition<'_>) -> String {
    let components = edition.status.components.iter();
    let first = components.filter_map(|it| component::first_counted(it.days()));
    let first = first.map(|day| day.date).min();
    first.map_or_else(String::new, |date| edition.locale.full_day(date))
}

/// The kind of the entries that a day may count instead of listing them.
const INCIDENT: &str = "incident";

/// The number of open incidents of a day, and of those that only went on, that it lists; of more it says how many.
const MOST_LISTED: usize = 3;

/// A day of the last ones.
fn day_view<'a>(
    edition: &Edition<'_>,
    entries: &'a [Arc<EntryView>],
    day: &HistoryDay,
) -> DayView<'a> {
    let is_open = |mention: &Mention| entries[mention.occurrence.0].open;
    let has_gone_on =
        |mention: &Mention| mention.later.as_ref().is_some_and(Vec::is_empty) && !is_open(mention);
    let incidents =
        (day.entries.iter()).filter(|mention| entries[mention.occurrence.0].kind == INCIDENT);
    let many = |is: &dyn Fn(&Mention) -> bool| {
        let count = incidents.clone().filter(|mention| is(mention)).count();
        (count > MOST_LISTED).then_some(count as u64)
    };
    let (open, gone_on) = (many(&is_open), many(&has_gone_on));
    let is_told = |mention: &&Mention| {
        let folded =
            open.is_some() && is_open(mention) || gone_on.is_some() && has_gone_on(mention);
        entries[mention.occurrence.0].kind != INCIDENT || !folded
    };
    let counted = |count: Option<u64>, outcome: &str| {
        let incidents = edition.locale.count("incidents-count", count?, &[]);
        Some(format!("{incidents} · {}", edition.text(outcome, &[])))
    };
    let folded = [
        counted(open, "outcome-open"),
        counted(gone_on, "outcome-continued"),
    ];
    DayView {
        date: edition.locale.day(day.date),
        iso: day.date.to_string(),
        entries: (day.entries.iter().filter(is_told))
            .map(|mention| list::mentioned(edition, entries, mention))
            .collect(),
        folded: folded.into_iter().flatten().collect(),
        unreported: unreported::of_day(edition, day.date),
    }
}

/// The last days, newest first; runs of days on which nothing happened are one line.
fn days<'a>(edition: &Edition<'_>, entries: &'a [Arc<EntryView>]) -> Vec<DayView<'a>> {
    let mut rows: Vec<DayView<'a>> = Vec::new();
    // The days of a run of quiet ones, newest first.
    let mut run: Vec<NaiveDate> = Vec::new();
    for day in &edition.status.recent_days {
        let view = day_view(edition, entries, day);
        if day.entries.is_empty() && view.unreported.is_empty() {
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
        folded: Vec::new(),
        unreported: Vec::new(),
    }
}
