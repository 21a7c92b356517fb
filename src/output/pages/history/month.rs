//! The pages of a month of the history.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::days;
use crate::output::Route;
use crate::output::pages::edition::Edition;
use crate::output::pages::incident;
use crate::output::pages::list::{counts, mentioned};
use crate::output::pages::page::{Body, Page};
use crate::output::pages::unreported;
use crate::output::pages::view::{EntryView, LinkView, MonthComponentView, MonthView, PageLink};
use crate::site::component::ComponentIndex;
use crate::status::history::{Mention, Month};
use crate::status::occurrence::OccurrenceIndex;

/// The most components that a page of a month counts one by one.
const MOST_COMPONENTS: usize = 12;

/// One of the pages of a month.
pub(super) struct MonthPage<'a> {
    pub(super) number: usize,
    /// How many pages the month has.
    pub(super) pages: usize,
    pub(super) entries: &'a [Mention],
    pub(super) newer: &'a Option<LinkView>,
    pub(super) older: &'a Option<LinkView>,
}

/// A page of a month.
pub(super) fn month_page<'a>(
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
    let named = components(edition, month);
    let view = MonthView {
        days: days::days(edition, month, &occurrences(month)),
        others: match named.len().saturating_sub(MOST_COMPONENTS) {
            0 => String::new(),
            others => edition.locale.count("names-others", others as u64, &[]),
        },
        components: named.into_iter().take(MOST_COMPONENTS).collect(),
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
        Body::Month {
            month: Box::new(view),
            of,
        },
    )
}

/// The link to a month.
pub(super) fn month_link(edition: &Edition<'_>, month: &Month) -> LinkView {
    LinkView {
        url: Route::month(edition.prefix(), month.year, month.month, 1).url(),
        text: edition.locale.month(month.year, month.month),
    }
}

/// How much a month lists of each component that it names, those of which it lists the most first.
fn components(edition: &Edition<'_>, month: &Month) -> Vec<MonthComponentView> {
    let mut named: BTreeMap<ComponentIndex, BTreeSet<OccurrenceIndex>> = BTreeMap::new();
    for index in occurrences(month) {
        for component in incident::named(edition.site, edition.status.occurrence(index)) {
            named.entry(component).or_default().insert(index);
        }
    }
    let mut named: Vec<_> = named.into_iter().collect();
    named.sort_by_key(|(_, occurrences)| Reverse(occurrences.len()));
    let views = named
        .into_iter()
        .map(|(component, occurrences)| MonthComponentView {
            name: edition.component_name(component).to_owned(),
            url: edition.component_url(component).to_owned(),
            count: counts(edition, &occurrences),
        });
    views.collect()
}

/// The occurrences that a month lists.
pub(super) fn occurrences(month: &Month) -> BTreeSet<OccurrenceIndex> {
    let entries = month.entries.iter();
    entries.map(|mention| mention.occurrence).collect()
}

/// How much a month lists, in words, or that no incident was reported.
pub(super) fn told(edition: &Edition<'_>, month: &Month) -> String {
    match month.entries.is_empty() {
        true => edition.text("outcome-unreported", &[]),
        false => counts(edition, &occurrences(month)),
    }
}
