//! The history: the overview of all months, and a page or more of each.

use std::collections::BTreeSet;
use std::sync::Arc;

use self::month::{MonthPage, month_link, month_page, occurrences, told};
use super::edition::Edition;
use super::list::{count, counts, mentioned};
use super::page::{Body, Page};
use super::view::{
    EntryView, HistoryComponentView, HistoryView, MonthCell, MonthLink, StatusView, YearView,
};
use super::{incident, unreported};
use crate::output::Route;
use crate::site::component::ComponentIndex;
use crate::site::vocabulary::{Status, Word as _};
use crate::status::history::Month;
use crate::status::occurrence::OccurrenceIndex;

mod days;
mod month;

/// The number of entries that the overview lists at most, in whole months from the newest on.
const OVERVIEW: usize = 1_000;

/// The number of entries of a year above which each of its months is folded.
const LONG: usize = 60;

/// The number of days with trouble that no incident tells of that the overview shows of a month.
const UNREPORTED: usize = 3;

/// The height of the bar of the month with the most incidents, in the drawing's own units.
const HEIGHT: u32 = 24;

/// The height of the bar of a month of which something is told, but no incident.
const LEAST: u32 = 4;

/// The overview of all months and the pages of each.
pub(super) fn pages<'a>(edition: &Edition<'_>, entries: &'a [Arc<EntryView>]) -> Vec<Page<'a>> {
    let months = &edition.status.months;
    if months.is_empty() {
        return Vec::new();
    }
    let mut pages = vec![overview(edition, entries, months)];
    for (at, month) in months.iter().enumerate() {
        let newer = at.checked_sub(1).map(|at| month_link(edition, &months[at]));
        let older = months.get(at + 1).map(|month| month_link(edition, month));
        let chunks = month.pages();
        for (number, chunk) in chunks.iter().enumerate() {
            pages.push(month_page(
                edition,
                entries,
                month,
                MonthPage {
                    number: number + 1,
                    pages: chunks.len(),
                    entries: chunk,
                    newer: &newer,
                    older: &older,
                },
            ));
        }
    }
    pages
}

fn overview<'a>(
    edition: &Edition<'_>,
    entries: &'a [Arc<EntryView>],
    months: &[Month],
) -> Page<'a> {
    let mut years: Vec<(i32, YearView<'a>)> = Vec::new();
    let most = months.iter().map(|month| incidents(edition, month)).max();
    let scale = most.unwrap_or(0);
    let mut room = OVERVIEW;
    let mut is_cut = false;
    for month in months {
        if years.last().is_none_or(|(year, _)| *year != month.year) {
            years.push((
                month.year,
                year(edition, entries, months, month.year, scale),
            ));
        }
        // A month is listed as a whole, or has a page only.
        let is_listed = month.entries.len() <= room;
        room = match is_listed {
            true => room - month.entries.len(),
            false => 0,
        };
        is_cut |= !is_listed;
        let listed = month.entries.iter().filter(|_| is_listed);
        let link = MonthLink {
            url: Route::month(edition.prefix(), month.year, month.month, 1).url(),
            name: edition.locale.month_name(month.month),
            count: counts(edition, &occurrences(month)),
            entries: listed
                .map(|mention| mentioned(edition, entries, mention))
                .collect(),
            unreported: unreported::of_month(edition, month)
                .into_iter()
                .take(UNREPORTED)
                .collect(),
        };
        if let Some((_, year)) = years.last_mut() {
            year.months.push(link);
        }
    }
    let history = HistoryView {
        components: named(edition, months),
        cut: match is_cut {
            true => {
                let count = edition.locale.number(OVERVIEW as u64);
                edition.text("history-cut", &[("count", &count)])
            }
            false => String::new(),
        },
        years: years.into_iter().map(|(_, year)| year).collect(),
    };
    let (title, description) = (
        edition.text("title-history", &[]),
        edition.text("describe-history", &[]),
    );
    let body = Body::History { history };
    edition.page(Route::history, title, description, body)
}

/// A year with the overview of its months, but none of their entries yet.
fn year<'a>(
    edition: &Edition<'_>,
    entries: &[Arc<EntryView>],
    months: &[Month],
    year: i32,
    most: u64,
) -> YearView<'a> {
    let of_year = || months.iter().filter(|month| month.year == year);
    // What went on in many months is one incident of the year.
    let all: BTreeSet<OccurrenceIndex> = of_year().flat_map(occurrences).collect();
    let cell = |number: u32| {
        let name = edition.locale.short_month_name(number);
        let full = edition.locale.month(year, number);
        let Some(month) = of_year().find(|month| month.month == number) else {
            return MonthCell {
                name,
                url: String::new(),
                count: String::new(),
                title: full,
                worst: None,
                height: 0,
            };
        };
        let incidents = incidents(edition, month);
        let worst = month
            .entries
            .iter()
            .map(|entry| entries[entry.occurrence.0].worst.clone());
        let unreported = unreported::of_month(edition, month).into_iter();
        let unreported = unreported
            .flat_map(|day| day.unreported)
            .map(|it| it.status);
        let worst = worst.chain(unreported);
        let rank = |status: &StatusView| Status::ALL.iter().position(|it| it.as_str() == status.id);
        MonthCell {
            name,
            url: Route::month(edition.prefix(), year, number, 1).url(),
            count: match incidents {
                0 => String::new(),
                count => edition.locale.number(count),
            },
            title: edition.text(
                "describe-month",
                &[("month", &full), ("count", &told(edition, month))],
            ),
            worst: worst.max_by_key(rank),
            height: height(incidents, most),
        }
    };
    YearView {
        name: edition.locale.year(year),
        count: counts(edition, &all),
        long: all.len() > LONG,
        overview: (1..=12).map(cell).collect(),
        months: Vec::new(),
    }
}

/// How many incidents a month lists.
fn incidents(edition: &Edition<'_>, month: &Month) -> u64 {
    count(edition, &occurrences(month), "incident")
}

/// The height of the bar of a month with so many incidents, where the worst month of all has `most`.
fn height(incidents: u64, most: u64) -> u32 {
    let share = incidents as f64 / most.max(1) as f64;
    LEAST + (share * f64::from(HEIGHT - LEAST)).round() as u32
}

/// The components that the history names, in the order of `allclear.toml`.
fn named(edition: &Edition<'_>, months: &[Month]) -> Vec<HistoryComponentView> {
    let occurrences = months.iter().flat_map(occurrences);
    let named: BTreeSet<ComponentIndex> = occurrences
        .flat_map(|index| incident::named(edition.site, edition.status.occurrence(index)))
        .collect();
    let views = named.into_iter().map(|index| HistoryComponentView {
        id: edition.site.components[index.0].id.clone(),
        name: edition.component_name(index).to_owned(),
    });
    views.collect()
}
