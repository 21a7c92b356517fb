//! The history: what has happened, by month, by day and by component.
//!
//! It holds what readers may see and what has begun by `now`, or was called off before it began. A
//! maintenance that is still to come is a plan, not history.

use std::cmp::Reverse;

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;

use super::facts::Facts;
use super::occurrence::{Occurrence, OccurrenceIndex};
use crate::site::component::ComponentIndex;
use crate::time::{Instant, calendar};

/// The number of entries that a page of a month holds at most.
pub const PAGE: usize = 50;

/// The number of days that the index shows.
pub const RECENT_DAYS: u32 = 14;

/// An incident, a maintenance or a notice in the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The occurrence.
    pub occurrence: OccurrenceIndex,
    /// When it began, or was called off before that.
    pub at: Instant,
}

/// A month in the site's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// The year.
    pub year: i32,
    /// The number of the month, from 1 to 12.
    pub month: u32,
    /// Its entries, newest first; never empty.
    pub entries: Vec<HistoryEntry>,
}

impl Month {
    /// Its entries in pages of at most [`PAGE`].
    pub fn pages(&self) -> impl ExactSizeIterator<Item = &[HistoryEntry]> {
        self.entries.chunks(PAGE)
    }
}

/// A day in the site's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryDay {
    /// The date.
    pub date: NaiveDate,
    /// The entries that began on it, newest first.
    pub entries: Vec<HistoryEntry>,
}

/// All entries, newest first; what began at once stands in the order of the slugs.
pub(super) fn entries(facts: Facts<'_>) -> Vec<HistoryEntry> {
    let zone = facts.site.settings.time_zone;
    let mut entries: Vec<HistoryEntry> = (facts.occurrences.iter().enumerate())
        .filter(|(_, occurrence)| occurrence.course.is_published)
        .map(|(index, occurrence)| HistoryEntry {
            occurrence: OccurrenceIndex(index),
            at: occurrence.course.entered,
        })
        .filter(|entry| entry.at <= facts.now)
        .collect();
    // By day first: where the clocks go back over midnight, a later instant is of an earlier day.
    entries.sort_by_cached_key(|entry| Reverse((calendar::date(entry.at, zone), entry.at)));
    entries
}

/// The months in which something began, newest first.
pub(super) fn months(entries: &[HistoryEntry], zone: Tz) -> Vec<Month> {
    let month = |entry: &HistoryEntry| {
        let date = calendar::date(entry.at, zone);
        (date.year(), date.month())
    };
    entries
        .chunk_by(|a, b| month(a) == month(b))
        .map(|together| {
            let (year, month) = month(&together[0]);
            Month {
                year,
                month,
                entries: together.to_vec(),
            }
        })
        .collect()
}

/// The last [`RECENT_DAYS`] days in a zone up to today, newest first, those without an entry too.
pub(super) fn recent_days(entries: &[HistoryEntry], zone: Tz, today: NaiveDate) -> Vec<HistoryDay> {
    let date = |entry: &HistoryEntry| calendar::date(entry.at, zone);
    let mut left = entries;
    (0..u64::from(RECENT_DAYS))
        .filter_map(|back| today.checked_sub_days(Days::new(back)))
        .map(|day| {
            let on_it = left.partition_point(|entry| date(entry) >= day);
            let (entries, older) = left.split_at(on_it);
            left = older;
            HistoryDay {
                date: day,
                entries: entries.to_vec(),
            }
        })
        .collect()
}

/// The entries that name each of so many components, newest first.
pub(super) fn by_component(
    components: usize,
    entries: &[HistoryEntry],
    occurrences: &[Occurrence],
) -> Vec<Vec<HistoryEntry>> {
    let mut lists = vec![Vec::new(); components];
    for entry in entries {
        for affected in &occurrences[entry.occurrence.0].course.affected {
            let ComponentIndex(component) = affected.component;
            lists[component].push(*entry);
        }
    }
    lists
}

#[cfg(test)]
mod tests;
