//! Latency of a component as templates see it: for each stretch of time a sentence, a drawing and a table.

use chrono::{Datelike as _, TimeDelta};

use super::chart::latency as chart;
use super::chart::signal::{HEIGHT, Span, WIDTH};
use super::edition::Edition;
use super::signal::{percent, ticks};
use super::view::{LatencyRow, LatencyView, SignalLevel, TickView};
use crate::site::component::ComponentIndex;
use crate::status::latency::{Spread, Stretch};
use crate::time::calendar::day_interval;

/// The share of the height below which the highest value would meet the nought.
const APART: f64 = 0.17;

/// The latency of a component over the last 24 hours and the last 90 days, as far as it was measured.
pub(super) fn of_component(edition: &Edition<'_>, index: ComponentIndex) -> Vec<LatencyView> {
    let latency = &edition.status.latency[index.0];
    let stretches = [(&DAY, &latency.day), (&QUARTER, &latency.quarter)];
    let stretches = stretches.into_iter();
    stretches
        .filter_map(|(keys, stretch)| Some(view(edition, keys, stretch.as_ref()?)))
        .collect()
}

/// The keys of what is said of a stretch of time.
struct Keys {
    /// Its name.
    name: &'static str,
    /// The sentence about all of it.
    sentence: &'static str,
}

const DAY: Keys = Keys {
    name: "latency-day",
    sentence: "latency-text",
};

/// Of 90 days only medians of five minutes are known, so that nothing can be said of all checks.
const QUARTER: Keys = Keys {
    name: "latency-days",
    sentence: "latency-medians",
};

fn view(edition: &Edition<'_>, keys: &Keys, stretch: &Stretch) -> LatencyView {
    let chart = chart::latency(stretch);
    let text = sentence(edition, keys.sentence, stretch.whole);
    let (from, until) = (edition.moment(stretch.from), edition.moment(stretch.until));
    let subject = edition.text("page-latency", &[]);
    let label = [
        ("name", subject.as_str()),
        ("from", &from.text),
        ("until", &until.text),
        ("peak", &text),
    ];
    let nought = SignalLevel {
        y: 100.0,
        text: edition.locale.decimal(0.0),
        threshold: false,
    };
    let peak = (chart.peak_height >= APART).then(|| SignalLevel {
        y: percent(1.0 - chart.peak_height),
        text: edition.locale.decimal(chart.peak),
        threshold: false,
    });
    let rows = stretch.written.iter().map(|(at, spread)| LatencyRow {
        at: edition.moment(*at),
        median: milliseconds(edition, spread.median),
        high: milliseconds(edition, spread.high),
    });
    LatencyView {
        name: edition.text(keys.name, &[]),
        label: edition.text("signal-label", &label),
        text,
        width: WIDTH,
        height: HEIGHT,
        median: chart.median,
        high: chart.high,
        levels: [nought].into_iter().chain(peak).collect(),
        ticks: below(edition, stretch),
        rows: rows.collect(),
    }
}

/// The instants below a drawing: of a long time the months that begin.
fn below(edition: &Edition<'_>, stretch: &Stretch) -> Vec<TickView> {
    let (from, until) = (stretch.from, stretch.until);
    if until - from <= TimeDelta::days(1) {
        return ticks(edition, Span { from, until });
    }
    let (first, last) = (edition.day_of(from), edition.day_of(until));
    let days = first.iter_days().take_while(|day| *day <= last);
    let begins = days.filter(|day| day.day() == 1).filter_map(|day| {
        let at = day_interval(day, edition.site.settings.time_zone)?.start();
        let share = (at - from).as_seconds_f64() / (until - from).as_seconds_f64();
        Some(TickView {
            x: percent(share),
            text: edition.locale.short_month_name(day.month()),
        })
    });
    // One at the edge would have no room.
    begins
        .filter(|tick| (3.0..=97.0).contains(&tick.x))
        .collect()
}

fn sentence(edition: &Edition<'_>, key: &str, spread: Spread) -> String {
    let values = [
        ("median", &*milliseconds(edition, spread.median)),
        ("high", &*milliseconds(edition, spread.high)),
        ("share", &*edition.locale.percent(0.95, 0)),
    ];
    edition.text(key, &values)
}

/// A number of milliseconds, with its unit.
fn milliseconds(edition: &Edition<'_>, value: f64) -> String {
    let number = edition.locale.decimal(value);
    edition.text("latency-milliseconds", &[("number", &number)])
}
