//! Lists of posts: the history by month, and the lines that every list is made of.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::edition::{Edition, icon};
use super::incident::kind;
use super::memo::{self, Key, PageMemo};
use super::page::{Body, Page};
use super::unreported;
use super::view::{
    EntryView, HistoryView, LinkView, MonthCell, MonthLink, MonthView, PageLink, StatusView,
    YearView,
};
use crate::output::Route;
use crate::site::component::ComponentIndex;
use crate::site::post::{Incident, Kind, Post};
use crate::site::vocabulary::{Impact, State, Status, Word};
use crate::status::course::Course;
use crate::status::history::{Mention, Month};
use crate::status::occurrence::{Occurrence, OccurrenceIndex};

/// The number of entries that the overview shows of a month.
const OVERVIEW: usize = 3;

/// The line of each occurrence of a post, in their order; `keys` says which the memo may have.
pub(super) fn entries(
    edition: &Edition<'_>,
    keys: &[Option<Key>],
    memo: &PageMemo,
) -> Vec<Arc<EntryView>> {
    (keys.par_iter().zip(&edition.status.occurrences))
        .map(|(key, occurrence)| {
            let known = key.as_ref().and_then(|key| {
                let name = memo::name(edition.site, occurrence);
                memo.entry(edition.language(), &name, key)
            });
            known.unwrap_or_else(|| Arc::new(entry(edition, occurrence)))
        })
        .collect()
}

/// The line of an occurrence.
pub(super) fn entry(edition: &Edition<'_>, occurrence: &Occurrence) -> EntryView {
    let post = edition.site.post(occurrence.post);
    let course = &occurrence.course;
    let title = edition.title(&post.title);
    let components: Vec<ComponentIndex> = match &post.kind {
        Kind::Incident(_) | Kind::Maintenance(_) => course
            .affected
            .iter()
            .map(|affected| affected.component)
            .collect(),
        Kind::Notice(notice) => notice.components.clone(),
    };
    let day = edition.day_of(course.entered);
    EntryView {
        kind: kind(post),
        url: Route::post(edition.prefix(), &post.slug).url(),
        title: title.text,
        lang: title.lang,
        dir: title.dir,
        day: edition.locale.day_month(day),
        full_day: edition.locale.full_day(day),
        date: day.to_string(),
        later: String::new(),
        started: edition.moment(course.start),
        open: course.is_open,
        outcome: outcome(edition, post, course),
        worst: worst(edition, post, course),
        components: edition.names(&components),
    }
}

/// The line of an entry on a day, or in a month, that it touched: short where it began before.
pub(super) fn mentioned<'a>(
    edition: &Edition<'_>,
    entries: &'a [Arc<EntryView>],
    mention: &Mention,
) -> Cow<'a, EntryView> {
    let entry = entries[mention.occurrence.0].as_ref();
    let Some(states) = &mention.later else {
        return Cow::Borrowed(entry);
    };
    let mut told: Vec<State> = Vec::new();
    for state in states {
        if !told.contains(state) {
            told.push(*state);
        }
    }
    let word = |state: &State| edition.text(&format!("state-{}", state.as_str()), &[]);
    let words: Vec<String> = told.iter().map(word).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Cow::Owned(EntryView {
        day: edition.locale.day_month(mention.day),
        full_day: edition.locale.full_day(mention.day),
        date: mention.day.to_string(),
        later: match words.is_empty() {
            true => edition.text("outcome-continued", &[]),
            false => edition.locale.list(&words),
        },
        ..entry.clone()
    })
}

/// The outcome of a post, in a word or two.
fn outcome(edition: &Edition<'_>, post: &Post, course: &Course) -> String {
    let lasted = |key: &str| match course.end {
        Some(end) => edition.text(
            key,
            &[("duration", &edition.locale.duration(end - course.start))],
        ),
        None => String::new(),
    };
    match (&post.kind, course.is_open, course.state) {
        (Kind::Incident(_), true, _) => edition.text("outcome-open", &[]),
        (Kind::Incident(_), false, _) => lasted("outcome-resolved-in"),
        (Kind::Maintenance(_), _, Some(State::Completed)) => lasted("outcome-completed-in"),
        (Kind::Maintenance(_), _, Some(state)) => {
            edition.text(&format!("outcome-{}", state.as_str()), &[])
        }
        (Kind::Maintenance(_), _, None) => String::new(),
        (Kind::Notice(_), true, _) => edition.text("outcome-in-force", &[]),
        (Kind::Notice(_), false, _) => edition.text("outcome-ended", &[]),
    }
}

/// The shape of a post: of an incident, the worst status that it gave a component, or its impact where it gave none.
fn worst(edition: &Edition<'_>, post: &Post, course: &Course) -> StatusView {
    match &post.kind {
        Kind::Incident(incident) => {
            let named = (course.affected)
                .iter()
                .map(|affected| affected.worst)
                .max()
                .unwrap_or(Status::Operational);
            if named == Status::Operational {
                return of_impact(edition, incident);
            }
            edition.status(named)
        }
        Kind::Maintenance(_) => {
            let text = edition.text("kind-maintenance", &[]);
            StatusView {
                id: Status::UnderMaintenance.as_str(),
                icon: icon(Status::UnderMaintenance),
                text,
            }
        }
        Kind::Notice(_) => StatusView {
            id: "no_data",
            icon: "dash",
            text: edition.text("kind-notice", &[]),
        },
    }
}

/// The shape of an incident that made no component worse: the impact that it says, else what it is.
fn of_impact(edition: &Edition<'_>, incident: &Incident) -> StatusView {
    let impact = incident.impact;
    let status = impact.map_or(Status::Operational, Impact::status);
    let (id, icon) = match status {
        Status::Operational => ("no_data", "dash"),
        status => (status.as_str(), icon(status)),
    };
    let key = match impact {
        Some(impact) => format!("impact-{}", impact.as_str()),
        None => "kind-incident".to_owned(),
    };
    StatusView {
        id,
        icon,
        text: edition.text(&key, &[]),
    }
}

/// The overview of all months and the pages of each.
pub(super) fn history<'a>(edition: &Edition<'_>, entries: &'a [Arc<EntryView>]) -> Vec<Page<'a>> {
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
    for month in months {
        if years.last().is_none_or(|(year, _)| *year != month.year) {
            years.push((month.year, year(edition, entries, months, month.year)));
        }
        let newest = month
            .entries
            .iter()
            .take(OVERVIEW)
            .map(|mention| mentioned(edition, entries, mention))
            .collect();
        let link = MonthLink {
            url: Route::month(edition.prefix(), month.year, month.month, 1).url(),
            name: edition.locale.month_name(month.month),
            count: counts(edition, &occurrences(month)),
            entries: newest,
            unreported: unreported::of_month(edition, month)
                .into_iter()
                .take(OVERVIEW)
                .collect(),
        };
        if let Some((_, year)) = years.last_mut() {
            year.months.push(link);
        }
    }
    let history = HistoryView {
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
            };
        };
        let occurrences = occurrences(month);
        let incidents = count(edition, &occurrences, "incident");
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
        }
    };
    YearView {
        name: edition.locale.year(year),
        count: counts(edition, &all),
        overview: (1..=12).map(cell).collect(),
        months: Vec::new(),
    }
}

/// One of the pages of a month.
struct MonthPage<'a> {
    number: usize,
    /// How many pages the month has.
    pages: usize,
    entries: &'a [Mention],
    newer: &'a Option<LinkView>,
    older: &'a Option<LinkView>,
}

fn month_page<'a>(
    edition: &Edition<'_>,
    entries: &'a [Arc<EntryView>],
    month: &Month,
    page: MonthPage<'_>,
) -> Page<'a> {
    let MonthPage {
        number,
        pages,
        newer,
        older,
        ..
    } = page;
    let route_of =
        |language: Option<&str>, number| Route::month(language, month.year, month.month, number);
    let name = edition.locale.month(month.year, month.month);
    let count = told(edition, month);
    let title = match number {
        1 => edition.text("title-month", &[("month", &name)]),
        _ => {
            let number = edition.locale.number(number as u64);
            edition.text("title-month-page", &[("month", &name), ("number", &number)])
        }
    };
    let description = edition.text("describe-month", &[("month", &name), ("count", &count)]);
    let page_links = (1..=pages)
        .filter(|_| pages > 1)
        .map(|other| PageLink {
            number: other,
            url: route_of(edition.prefix(), other).url(),
            current: other == number,
        })
        .collect();
    let view = MonthView {
        name,
        entries: page
            .entries
            .iter()
            .map(|mention| mentioned(edition, entries, mention))
            .collect(),
        unreported: match number {
            1 => unreported::of_month(edition, month),
            _ => Vec::new(),
        },
        count,
        page: number,
        pages,
        page_links,
        newer: newer.clone(),
        older: older.clone(),
    };
    let of = page
        .entries
        .iter()
        .map(|entry| Arc::clone(&entries[entry.occurrence.0]))
        .collect();
    edition.page(
        |language| route_of(language, number),
        title,
        description,
        Body::Month { month: view, of },
    )
}

fn month_link(edition: &Edition<'_>, month: &Month) -> LinkView {
    LinkView {
        url: Route::month(edition.prefix(), month.year, month.month, 1).url(),
        text: edition.locale.month(month.year, month.month),
    }
}

/// The occurrences that a month lists.
fn occurrences(month: &Month) -> BTreeSet<OccurrenceIndex> {
    let entries = month.entries.iter();
    entries.map(|mention| mention.occurrence).collect()
}

/// How much a month lists, in words, or that no incident was reported.
fn told(edition: &Edition<'_>, month: &Month) -> String {
    match month.entries.is_empty() {
        true => edition.text("outcome-unreported", &[]),
        false => counts(edition, &occurrences(month)),
    }
}

/// `3 incidents, 1 maintenance`.
pub(super) fn counts(edition: &Edition<'_>, occurrences: &BTreeSet<OccurrenceIndex>) -> String {
    let kinds = [
        ("incident", "incidents-count"),
        ("maintenance", "maintenances-count"),
        ("notice", "notices-count"),
    ];
    let counts: Vec<String> = kinds
        .into_iter()
        .map(|(kind, key)| (count(edition, occurrences, kind), key))
        .filter(|(count, _)| *count > 0)
        .map(|(count, key)| edition.locale.count(key, count, &[]))
        .collect();
    let counts: Vec<&str> = counts.iter().map(String::as_str).collect();
    edition.locale.list(&counts)
}

/// The number of occurrences of a kind.
fn count(edition: &Edition<'_>, occurrences: &BTreeSet<OccurrenceIndex>, wanted: &str) -> u64 {
    let post = |index: &OccurrenceIndex| edition.site.post(edition.status.occurrence(*index).post);
    let of_kind = |index: &&OccurrenceIndex| kind(post(index)) == wanted;
    occurrences.iter().filter(of_kind).count() as u64
}
