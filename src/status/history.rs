//! The history: what has happened, by month, by day and by component.
//!
//! It holds what readers may see and what has begun by `now`, or was called off before it began. A
//! maintenance that is still to come is a plan, not history.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate};

use self::touch::Touch;
use super::facts::Facts;
use super::occurrence::{Occurrence, OccurrenceIndex};
use crate::site::component::ComponentIndex;
use crate::site::vocabulary::State;
use crate::time::{Instant, calendar};

mod touch;

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

/// The number of months, up to the last, for which a month lists what only went on in it: whatever a file says of its
/// begin, the history is no longer than people remember.
const CONTINUED_MONTHS: u32 = 120;

/// An entry on one of the days, or in one of the months, that it touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The occurrence.
    pub occurrence: OccurrenceIndex,
    /// That day; of a month, the day on which it began, or of its first update, or the first one on which it went on.
    pub day: NaiveDate,
    /// The states of the updates that were posted then, oldest first; `None` where it entered the history then, so that
    /// all of it is told.
    pub later: Option<Vec<State>>,
}

/// A month in the site's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// The year.
    pub year: i32,
    /// The number of the month, from 1 to 12.
    pub month: u32,
    /// The entries that touched it, newest first, so that those that began earlier come last; empty where evidence
    /// alone tells of the month.
    pub entries: Vec<Mention>,
}

impl Month {
    /// Its entries in pages of at most [`PAGE`]; one page where there are none.
    pub fn pages(&self) -> Vec<&[Mention]> {
        match self.entries.is_empty() {
            true => vec![&[]],
            false => self.entries.chunks(PAGE).collect(),
        }
    }
}

/// A day in the site's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryDay {
    /// The date.
    pub date: NaiveDate,
    /// The entries that touched it, newest first, and after them what is still to come and had an update on it.
    pub entries: Vec<Mention>,
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

/// The months that an entry touched since it entered the history, or that have one of the days on which evidence
/// shows trouble that no incident tells of, newest first.
pub(super) fn months(
    facts: Facts<'_>,
    entries: &[HistoryEntry],
    unreported: &BTreeSet<NaiveDate>,
) -> Vec<Month> {
    let mut months: BTreeMap<Reverse<NaiveDate>, Vec<Mention>> = BTreeMap::new();
    for entry in entries {
        for (month, mention) in months_of(facts, *entry) {
            months.entry(Reverse(month)).or_default().push(mention);
        }
    }
    for day in unreported {
        months.entry(Reverse(first_of_month(*day))).or_default();
    }
    let months = months.into_iter();
    months
        .map(|(Reverse(first), entries)| Month {
            year: first.year(),
            month: first.month(),
            entries,
        })
        .collect()
}

/// The months that an entry touched, by their first days.
fn months_of(facts: Facts<'_>, entry: HistoryEntry) -> BTreeMap<NaiveDate, Mention> {
    let touch = Touch::new(
        &facts.occurrences[entry.occurrence.0],
        facts.site,
        facts.now,
    );
    let entered = calendar::date(entry.at, facts.site.settings.time_zone);
    let mut months = BTreeMap::from([(
        first_of_month(entered),
        Mention {
            occurrence: entry.occurrence,
            day: entered,
            later: None,
        },
    )]);
    let continued = |day| Mention {
        occurrence: entry.occurrence,
        day,
        later: Some(Vec::new()),
    };
    for days in &touch.went_on {
        let (first, last) = (*days.start(), first_of_month(*days.end()));
        let oldest = last.checked_sub_months(Months::new(CONTINUED_MONTHS - 1));
        let mut day = oldest.map_or(first, |oldest| first.max(oldest));
        while day <= *days.end() {
            let month = first_of_month(day);
            months.entry(month).or_insert_with(|| continued(day));
            let Some(next) = month.checked_add_months(Months::new(1)) else {
                break;
            };
            day = next;
        }
    }
    for update in touch.updates.iter().filter(|it| entry.at <= it.at) {
        let mention = months
            .entry(first_of_month(update.day))
            .or_insert_with(|| continued(update.day));
        if let Some(states) = &mut mention.later {
            if states.is_empty() {
                mention.day = update.day;
            }
            states.push(update.state);
        }
    }
    months
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The last [`RECENT_DAYS`] days in the site's zone up to today, newest first, those without an entry too: as far back
/// as a component counts its days, or the site's files know of anything.
pub(super) fn recent_days(facts: Facts<'_>, entries: &[HistoryEntry]) -> Vec<HistoryDay> {
    let zone = facts.site.settings.time_zone;
    let today = calendar::date(facts.now, zone);
    let since = facts.site.components.iter().filter_map(|it| it.since);
    let Some(first) = since.chain(facts.first_known()).min() else {
        return Vec::new();
    };
    let mut days: Vec<HistoryDay> = (0..u64::from(RECENT_DAYS))
        .filter_map(|back| today.checked_sub_days(Days::new(back)))
        .take_while(|date| first <= *date)
        .map(|date| HistoryDay {
            date,
            entries: Vec::new(),
        })
        .collect();
    let Some(oldest) = days.last().map(|day| day.date) else {
        return days;
    };
    let begun = entries
        .iter()
        .map(|entry| (entry.occurrence, Some(entry.at)));
    let planned = (facts.occurrences.iter().enumerate())
        .map(|(index, occurrence)| (index, &occurrence.course))
        .filter(|(_, it)| it.is_published && facts.now < it.entered)
        .map(|(index, _)| (OccurrenceIndex(index), None));
    for (index, entered) in begun.chain(planned) {
        let occurrence = &facts.occurrences[index.0];
        let last_update = occurrence.published(facts.site).last();
        let last = occurrence.course.end.unwrap_or(facts.now);
        let last = last_update.map_or(last, |update| update.at.max(last));
        if calendar::date(last, zone) < oldest {
            continue;
        }
        let touch = Touch::new(occurrence, facts.site, facts.now);
        let entered = entered.map(|at| calendar::date(at, zone));
        for day in &mut days {
            let states = touch.states(day.date);
            let begins = entered == Some(day.date);
            if begins || !states.is_empty() || touch.is_on(day.date) {
                day.entries.push(Mention {
                    occurrence: index,
                    day: day.date,
                    later: (!begins).then_some(states),
                });
            }
        }
    }
    days
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
