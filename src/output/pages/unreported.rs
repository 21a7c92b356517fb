//! The trouble that evidence shows and no incident tells of.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};

use super::edition::Edition;
use super::view::{UnreportedDayView, UnreportedView};
use crate::site::component::ComponentIndex;
use crate::site::vocabulary::Status;
use crate::status::history::Month;

/// The trouble of a day, worst first.
pub(super) fn of_day(edition: &Edition<'_>, date: NaiveDate) -> Vec<UnreportedView> {
    if !edition.status.unreported.contains(&date) {
        return Vec::new();
    }
    let mut by_status: BTreeMap<Reverse<Status>, Vec<ComponentIndex>> = BTreeMap::new();
    for (index, days) in edition.status.components.iter().enumerate() {
        if let Some(status) = days.unreported(date, edition.site) {
            let components = by_status.entry(Reverse(status)).or_default();
            components.push(ComponentIndex(index));
        }
    }
    let views = by_status.into_iter();
    views
        .map(|(Reverse(status), components)| UnreportedView {
            status: edition.status(status),
            components: edition.names(&components),
            ids: edition.ids(&components),
            text: edition.text("outcome-unreported", &[]),
        })
        .collect()
}

/// The days of a month with such trouble, newest first.
pub(super) fn of_month(edition: &Edition<'_>, month: &Month) -> Vec<UnreportedDayView> {
    let first = NaiveDate::from_ymd_opt(month.year, month.month, 1);
    let days = first.into_iter().flat_map(|first| {
        let days = first.iter_days();
        days.take_while(move |day| (day.year(), day.month()) == (month.year, month.month))
    });
    let mut views: Vec<UnreportedDayView> = days
        .map(|date| UnreportedDayView {
            date: date.to_string(),
            day: edition.locale.day_month(date),
            unreported: of_day(edition, date),
        })
        .filter(|day| !day.unreported.is_empty())
        .collect();
    views.reverse();
    views
}
