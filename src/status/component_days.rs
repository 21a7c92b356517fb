//! The last twelve months of a component: its bars, its uptime, and its history.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use super::course::Effect;
use super::facts::Facts;
use super::history::{self, HistoryEntry};
use super::occurrence::Occurrence;
use super::snapshot::Snapshot;
use super::uptime::{self, ComponentDay, Uptime};
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::config::Weights;
use crate::site::post::{Kind, PostIndex};
use crate::site::vocabulary::Status;
use crate::time::{Instant, calendar};

/// How many days bars and uptime cover.
pub const DAYS: u32 = 90;
/// How many months are known of each component, this one included.
const MONTHS: u32 = 12;

/// The last twelve months of a component.
#[derive(Debug)]
pub struct ComponentDays {
    /// Its days, oldest first, from the first day of a month up to today.
    pub year: Vec<ComponentDay>,
    /// Its uptime over the last [`DAYS`] days.
    pub uptime: Uptime,
    /// The post that touched it worst on a day: what the bar of that day leads to.
    pub causes: BTreeMap<NaiveDate, PostIndex>,
    /// Its months, oldest first, without those before anything is known of it.
    pub months: Vec<ComponentMonth>,
    /// The history of what names it, newest first.
    pub entries: Vec<HistoryEntry>,
}

/// A month of a component.
#[derive(Debug)]
pub struct ComponentMonth {
    /// Its first day that is looked at: the first of the month.
    pub first: NaiveDate,
    /// Its days, as indices into [`ComponentDays::year`].
    pub days: Range<usize>,
    /// Its uptime over these days.
    pub uptime: Uptime,
}

impl ComponentDays {
    /// The trouble of a day, or the doubt, that no incident tells of.
    pub fn unreported(&self, date: NaiveDate, site: &Site) -> Option<Status> {
        let day = self.year.binary_search_by_key(&date, |day| day.date).ok()?;
        let day = &self.year[day];
        let worst = day.durations.worst()?;
        let cause = self.causes.get(&date).map(|post| &site.post(*post).kind);
        let is_told = matches!(cause, Some(Kind::Incident(_)));
        (worst >= Status::Suspected && !is_told).then_some(worst)
    }

    /// The last [`DAYS`] days, oldest first, ending today.
    pub fn days(&self) -> &[ComponentDay] {
        last_days(&self.year)
    }
}

/// The days on which some component has trouble, or a doubt, that no incident tells of.
pub(super) fn unreported(components: &[ComponentDays], site: &Site) -> BTreeSet<NaiveDate> {
    let days = components.iter().flat_map(|component| {
        let dates = component.year.iter().map(|day| day.date);
        dates.filter(|date| component.unreported(*date, site).is_some())
    });
    days.collect()
}

fn last_days(year: &[ComponentDay]) -> &[ComponentDay] {
    &year[year.len().saturating_sub(DAYS as usize)..]
}

/// The last twelve months of each component.
pub(super) fn component_days(
    facts: Facts<'_>,
    snapshot: &Snapshot,
    entries: &[HistoryEntry],
) -> Vec<ComponentDays> {
    let Facts { site, now, .. } = facts;
    let today = calendar::date(now, site.settings.time_zone);
    let first = first_day(today);
    let count = (today - first).num_days() + 1;
    let count = u32::try_from(count).unwrap_or(DAYS);
    let calendar = calendar::calendar(today, count, site.settings.time_zone);
    let causes = causes(facts, now - TimeDelta::days(i64::from(count)));
    let entries = history::by_component(site.components.len(), entries, facts.occurrences);
    let first_known = facts.first_known();
    let components = snapshot.timelines.iter().zip(&site.components);
    (components.zip(causes).zip(entries))
        .map(|(((timeline, component), causes), entries)| {
            let year = uptime::days(timeline, &calendar, component.since.or(first_known));
            ComponentDays {
                uptime: uptime::uptime(last_days(&year), &site.settings.weights),
                months: months(&year, &site.settings.weights),
                year,
                causes,
                entries,
            }
        })
        .collect()
}

/// The months of a year, oldest first, without those before anything is known.
fn months(year: &[ComponentDay], weights: &Weights) -> Vec<ComponentMonth> {
    let month = |day: &ComponentDay| (day.date.year(), day.date.month());
    let mut start = 0;
    let mut months = Vec::new();
    for days in year.chunk_by(|a, b| month(a) == month(b)) {
        let uptime = uptime::uptime(days, weights);
        let is_unknown = uptime.durations.total() == uptime.durations.unknown();
        if !is_unknown || !months.is_empty() {
            months.push(ComponentMonth {
                first: days[0].date,
                days: start..start + days.len(),
                uptime,
            });
        }
        start += days.len();
    }
    months
}

/// The first day of the first of the last [`MONTHS`] months.
fn first_day(today: NaiveDate) -> NaiveDate {
    let this_month = today.with_day(1).unwrap_or(today);
    let first = this_month.checked_sub_months(Months::new(MONTHS - 1));
    first.unwrap_or(this_month)
}

/// The post that touched each component worst on each day from `first` on.
fn causes(facts: Facts<'_>, first: Instant) -> Vec<BTreeMap<NaiveDate, PostIndex>> {
    let mut causes = vec![BTreeMap::new(); facts.site.components.len()];
    let mut worst: BTreeMap<(ComponentIndex, NaiveDate), Status> = BTreeMap::new();
    let is_recent = |it: &&Occurrence| it.course.end.is_none_or(|end| end > first);
    for occurrence in facts.occurrences.iter().filter(is_recent) {
        for effect in &occurrence.course.effects {
            for day in days_of(effect, facts, first) {
                let worst = worst
                    .entry((effect.component, day))
                    .or_insert(Status::Operational);
                if effect.status > *worst {
                    *worst = effect.status;
                    causes[effect.component.0].insert(day, occurrence.post);
                }
            }
        }
    }
    causes
}

/// The days that an effect touches, from `first` on.
fn days_of(effect: &Effect, facts: Facts<'_>, first: Instant) -> impl Iterator<Item = NaiveDate> {
    let (zone, now) = (facts.site.settings.time_zone, facts.now);
    let start = calendar::date(effect.from.max(first), zone);
    // The last instant before the end: an effect up to midnight does not touch the next day.
    let end = calendar::date(
        effect.until.unwrap_or(now).min(now) - TimeDelta::nanoseconds(1),
        zone,
    );
    start.iter_days().take_while(move |day| *day <= end)
}

#[cfg(test)]
mod tests;
