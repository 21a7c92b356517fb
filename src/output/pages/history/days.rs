//! The days of a month of the history as bars: the worst that the site's files and its evidence know of each.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate, TimeDelta};

use crate::output::Route;
use crate::output::pages::chart::bars;
use crate::output::pages::edition::Edition;
use crate::output::pages::list::counts;
use crate::output::pages::view::{BarDay, BarPath, BarsView, MonthDaysView, TickView};
use crate::site::vocabulary::{Status, Word as _};
use crate::status::history::Month;
use crate::status::occurrence::OccurrenceIndex;
use crate::status::uptime::{ComponentDay, Durations};
use crate::time::{Interval, calendar};

/// The number of days of the longest month.
const LONGEST: usize = 31;

/// The number of days from one that is named below the bars to the next.
const NAMED: u32 = 7;

/// The worst of a day, and what it is known from.
#[derive(Clone, Copy)]
struct Worst {
    status: Status,
    lasted: TimeDelta,
    /// The entry that says it; `None` where evidence alone does.
    told_by: Option<OccurrenceIndex>,
}

/// The days of a month; `None` where nothing is known of any.
pub(super) fn days(
    edition: &Edition<'_>,
    month: &Month,
    occurrences: &BTreeSet<OccurrenceIndex>,
) -> Option<MonthDaysView> {
    let first = NaiveDate::from_ymd_opt(month.year, month.month, 1)?;
    let dates = first
        .iter_days()
        .take_while(|day| day.month() == month.month);
    let known = known_since(edition)?;
    let today = edition.day_of(edition.status.now());
    let zone = edition.site.settings.time_zone;
    let mut days = Vec::new();
    let mut told = Vec::new();
    for date in dates {
        let is_known = known <= date && date <= today;
        let interval = calendar::day_interval(date, zone).filter(|_| is_known);
        let worst = interval.and_then(|interval| worst(edition, occurrences, date, interval));
        let quiet = interval.filter(|_| worst.is_none());
        let worst = worst.or_else(|| unmeasured(edition, date, quiet?));
        let interval = interval.filter(|_| worst.is_some() || counted(edition, date).is_some());
        days.push(bar(date, interval, worst));
        if let Some(worst) = worst.filter(|worst| worst.status.is_trouble()) {
            told.push(bar_day(edition, date, worst));
        }
    }
    let first_counted = days.iter().find(|day| day.interval.is_some())?.date;
    let name = edition.locale.month(month.year, month.month);
    let count = match occurrences.is_empty() {
        true => edition.text("outcome-unreported", &[]),
        false => counts(edition, occurrences),
    };
    let paths = bars::bars(&days).into_iter().map(|bars| BarPath {
        class: bars.status.as_str(),
        d: bars.path,
    });
    Some(MonthDaysView {
        bars: BarsView {
            width: bars::bars_width(LONGEST),
            height: bars::BAR_HEIGHT,
            paths: paths.collect(),
            places: Vec::new(),
            days: told,
            label: edition.text("describe-month", &[("month", &name), ("count", &count)]),
            first: edition.locale.full_day(first),
            recent: edition.locale.full_day(first),
            since: edition.locale.full_day(first_counted),
        },
        ticks: ticks(edition, days.len()),
    })
}

/// The first day of which the site's files know anything.
fn known_since(edition: &Edition<'_>) -> Option<NaiveDate> {
    let since = edition.site.components.iter().filter_map(|it| it.since);
    let oldest = edition
        .status
        .entries
        .iter()
        .map(|entry| edition.day_of(entry.at));
    let counted = (edition.status.components.iter())
        .filter_map(|it| it.year.iter().find(|day| day.interval.is_some()))
        .map(|day| day.date);
    since.chain(oldest).chain(counted).min()
}

/// The worst of a day: of what its entries say, and of what evidence shows beyond that.
fn worst(
    edition: &Edition<'_>,
    occurrences: &BTreeSet<OccurrenceIndex>,
    date: NaiveDate,
    day: Interval,
) -> Option<Worst> {
    let said = occurrences.iter().flat_map(|index| {
        let effects = edition.status.occurrence(*index).course.effects.iter();
        effects.filter_map(move |effect| {
            let end = effect.until.unwrap_or(edition.status.now());
            let part = Interval::new(effect.from, end)?.intersect(day)?;
            Some(Worst {
                status: effect.status,
                lasted: part.len(),
                told_by: Some(*index),
            })
        })
    });
    let is_unreported = edition.status.unreported.contains(&date);
    let components = edition.status.components.iter().filter(|_| is_unreported);
    let shown = components.filter_map(|it| {
        Some(Worst {
            status: it.unreported(date, edition.site)?,
            lasted: day.len(),
            told_by: None,
        })
    });
    said.chain(shown).max_by_key(|it| (it.status, it.lasted))
}

/// A day on which nothing was reported, where that was not measured of every component.
fn unmeasured(edition: &Edition<'_>, date: NaiveDate, day: Interval) -> Option<Worst> {
    let worst = counted(edition, date)?;
    (worst == Status::Unknown).then_some(Worst {
        status: worst,
        lasted: day.len(),
        told_by: None,
    })
}

/// The worst of a day of those components of which it counts; `None` where it counts of none.
fn counted(edition: &Edition<'_>, date: NaiveDate) -> Option<Status> {
    let days = edition.status.components.iter().flat_map(|it| &it.year);
    let days = days.filter(|day| day.date == date);
    days.filter_map(ComponentDay::status).max()
}

/// A day as the drawing of bars wants it.
fn bar(date: NaiveDate, interval: Option<Interval>, worst: Option<Worst>) -> ComponentDay {
    let mut durations = Durations::default();
    if let Some(interval) = interval {
        let lasted = worst.map_or(TimeDelta::zero(), |worst| worst.lasted);
        if let Some(worst) = worst {
            durations.add(worst.status, lasted);
        }
        durations.add(Status::Operational, interval.len() - lasted);
    }
    ComponentDay {
        date,
        interval,
        durations,
        confirmed: TimeDelta::zero(),
    }
}

/// The words for a day with trouble, and the page that tells of it.
fn bar_day(edition: &Edition<'_>, date: NaiveDate, worst: Worst) -> BarDay {
    let day = edition.locale.full_day(date);
    let status = edition.status(worst.status).text;
    let post = worst
        .told_by
        .map(|index| edition.site.post(edition.status.occurrence(index).post));
    let what = match post {
        Some(post) => format!("{status} – {}", edition.title(&post.title).text),
        None => status,
    };
    BarDay {
        title: edition.text("feed-title", &[("state", &day), ("title", &what)]),
        url: post.map_or_else(String::new, |post| {
            Route::post(edition.prefix(), &post.slug).url()
        }),
    }
}

/// Some days of a month below its bars.
fn ticks(edition: &Edition<'_>, days: usize) -> Vec<TickView> {
    let named = (0..u32::try_from(days).unwrap_or(0)).step_by(NAMED as usize);
    named
        .map(|at| TickView {
            x: bars::middle(at as usize, LONGEST),
            text: edition.locale.number(u64::from(at) + 1),
        })
        .collect()
}
