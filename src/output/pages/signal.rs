//! Signals as templates see them: a sentence, a drawing and a table.

use chrono::{Datelike as _, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Utc};

use super::chart::signal::{self as chart, Chart, Span};
use super::edition::Edition;
use super::view::{Moment, SignalLevel, SignalRow, SignalView, TickView};
use crate::site::config::Limit;
use crate::site::signal::{Signal, SignalIndex, family};
use crate::status::breach::Reading;
use crate::status::occurrence::OccurrenceIndex;
use crate::status::response;
use crate::time::Instant;

/// The least time that a chart of a breach shows.
const LEAST: TimeDelta = TimeDelta::hours(3);

/// How many times the length of a breach its chart shows.
const BREACHES: i32 = 4;

/// The most instants that are named below a chart.
const TICKS: i32 = 3;

/// The lengths between such instants, in minutes: as long as clocks and calendars have them.
const STEPS: [i64; 14] = [
    15,
    30,
    60,
    120,
    180,
    360,
    720,
    DAY,
    2 * DAY,
    5 * DAY,
    10 * DAY,
    30 * DAY,
    90 * DAY,
    365 * DAY,
];

/// A day in minutes.
const DAY: i64 = 24 * 60;

/// The shares of the width of a chart between which an instant has room for its text.
const ROOM: std::ops::RangeInclusive<f64> = 0.1..=0.9;

/// How far two of them are apart at least, in per cent of the width: their texts have room on a phone.
const APART: f64 = 45.0;

/// All signals over the last day, or as much of it as shows a breach well.
pub(super) fn last_day(edition: &Edition<'_>) -> Vec<SignalView> {
    let now = edition.status.now();
    let day = TimeDelta::days(1);
    // Those that an entry tells apart by region show the same time.
    let span = |index: SignalIndex| {
        let all = family(&edition.site.signals, index);
        let breaches = all.filter_map(|it| edition.status.signals[it.0].breach());
        let since = breaches.map(|breach| breach.since).min();
        let shown = since.map_or(day, |since| ((now - since) * BREACHES).clamp(LEAST, day));
        Span {
            from: now - shown,
            until: now,
        }
    };
    let open = edition.status.snapshot.incidents.iter();
    let updates: Vec<Instant> = open
        .flat_map(|index| edition.status.occurrence(*index).published(edition.site))
        .map(|update| update.at)
        .collect();
    (0..edition.site.signals.len())
        .map(SignalIndex)
        .map(|index| view(edition, index, span(index), &updates))
        .collect()
}

/// The signals that show an incident, over its time and a little more.
pub(super) fn of_incident(edition: &Edition<'_>, index: OccurrenceIndex) -> Vec<SignalView> {
    let now = edition.status.now();
    let occurrence = edition.status.occurrence(index);
    let course = &occurrence.course;
    let end = course.end.unwrap_or(now).min(now);
    let around = response::around(course.start, end);
    let span = Span {
        from: course.start - around,
        until: (end + around).min(now),
    };
    let updates = occurrence.published(edition.site).iter();
    let updates: Vec<Instant> = updates.map(|update| update.at).collect();
    let shown = edition.status.response(index).signals.iter();
    shown
        .map(|shown| view(edition, shown.signal, span, &updates))
        .collect()
}

/// The name of a signal, with its region where its entry has several.
pub(super) fn name(edition: &Edition<'_>, index: SignalIndex) -> String {
    let signal = &edition.site.signals[index.0];
    let name = edition.own(&signal.name);
    let region = match signal.region {
        Some(region) => edition.own(&edition.site.regions[region.0].name).to_owned(),
        None if is_told_apart(edition, index) => edition.text("signal-total", &[]),
        None => return name.to_owned(),
    };
    edition.text("signal-of-region", &[("name", name), ("region", &region)])
}

/// Whether a signal is one of several, which an entry tells apart by region.
fn is_told_apart(edition: &Edition<'_>, index: SignalIndex) -> bool {
    family(&edition.site.signals, index).nth(1).is_some()
}

fn view(edition: &Edition<'_>, index: SignalIndex, span: Span, updates: &[Instant]) -> SignalView {
    let signal = &edition.site.signals[index.0];
    let Span { from, until } = span;
    let state = &edition.status.signals[index.0];
    let readings = state.readings_between(from, until);
    let chart = chart::signal(signal, readings, span, updates);
    let ends_now = until == edition.status.now();
    let breach = state.breach().filter(|_| ends_now);
    let words = Words {
        edition,
        signal,
        name: name(edition, index),
        says_usual: is_told_apart(edition, index),
        from: edition.moment(from),
        until: edition.moment(until),
    };
    let (start, end) = (edition.day_of(from), edition.day_of(until));
    let is_near = end <= start.succ_opt().unwrap_or(start);
    let newest = readings.last();
    let (text, label) = match (&chart, newest) {
        (Some(chart), Some(newest)) => {
            let peak = words.peak(chart.peak, *newest);
            let label = words.label(&peak);
            let text = breach.map_or(peak, |breach| words.breach(*newest, breach.since));
            (text, label)
        }
        _ => (edition.text("signal-silent", &[]), String::new()),
    };
    let rows = chart.as_ref().map_or(&[][..], |chart| &chart.rows);
    let rows = rows.iter().map(|reading| SignalRow {
        at: edition.moment(reading.sample.at),
        value: words.capped(reading, edition.locale.decimal(reading.sample.value)),
        threshold: words.threshold(reading),
    });
    SignalView {
        name: words.name.clone(),
        unit: words.unit().to_owned(),
        breaching: breach.is_some(),
        text,
        label,
        width: chart::WIDTH,
        height: chart::HEIGHT,
        limit: (readings.last()).map_or_else(String::new, |last| words.threshold(last)),
        rows: rows.collect(),
        levels: (chart.as_ref()).map_or_else(Vec::new, |chart| levels(edition, chart)),
        ticks: (chart.as_ref()).map_or_else(Vec::new, |_| ticks(edition, span)),
        above: chart
            .as_ref()
            .map_or_else(String::new, |it| it.above.clone()),
        from: words.from.text.clone(),
        until: match is_near {
            true => words.until.time.clone(),
            false => words.until.text.clone(),
        },
        values: chart
            .as_ref()
            .map_or_else(String::new, |it| it.values.clone()),
        threshold: chart
            .as_ref()
            .map_or_else(String::new, |it| it.threshold.clone()),
        updates: chart.map_or_else(String::new, |it| it.updates),
    }
}

/// The values beside a chart.
fn levels(edition: &Edition<'_>, chart: &Chart) -> Vec<SignalLevel> {
    let levels = chart.levels.iter();
    levels
        .map(|level| SignalLevel {
            y: percent(1.0 - level.height),
            text: edition.locale.decimal(level.value),
            threshold: level.is_threshold,
        })
        .collect()
}

/// The instants that are named below a chart: full hours, or the days that begin.
pub(super) fn ticks(edition: &Edition<'_>, span: Span) -> Vec<TickView> {
    let Span { from, until } = span;
    let length = until - from;
    let is_long = |step: &i64| length / TICKS <= TimeDelta::minutes(*step);
    let step = STEPS.into_iter().find(is_long).unwrap_or(365 * DAY);
    let zone = edition.site.settings.time_zone;
    let (first, last) = (edition.day_of(from), edition.day_of(until));
    let every = (step / DAY).max(1);
    let days = first.iter_days().take_while(|day| *day <= last);
    let days = days.filter(|day| i64::from(day.num_days_from_ce()) % every == 0);
    let times = days.flat_map(|day| {
        let minutes = (0..DAY).step_by(usize::try_from(step.min(DAY)).unwrap_or(1));
        minutes.map(move |minutes| day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes))
    });
    let shown = times.filter_map(|local| {
        let at = zone
            .from_local_datetime(&local)
            .earliest()?
            .with_timezone(&Utc);
        let share = (at - from).as_seconds_f64() / length.as_seconds_f64();
        ROOM.contains(&share).then_some((local, at, percent(share)))
    });
    let all: Vec<(NaiveDateTime, Instant, f64)> = shown.collect();
    let mut shown: Vec<(NaiveDateTime, Instant, f64)> = Vec::new();
    for tick in all.into_iter().rev() {
        if shown
            .last()
            .is_none_or(|(_, _, next)| tick.2 + APART <= *next)
        {
            shown.push(tick);
        }
    }
    let ticks = shown.into_iter().rev().map(|(local, at, x)| {
        let text = match local.time() == NaiveTime::MIN {
            true => edition.locale.day_month(local.date()),
            false => edition.moment(at).time,
        };
        TickView { x, text }
    });
    ticks.collect()
}

/// A share in per cent, to a tenth.
pub(super) fn percent(share: f64) -> f64 {
    (share * 1000.0).round() / 10.0
}

/// The sentences about a signal.
struct Words<'a> {
    edition: &'a Edition<'a>,
    signal: &'a Signal,
    name: String,
    /// Whether a breach is told with what is usual.
    says_usual: bool,
    from: Moment,
    until: Moment,
}

impl Words<'_> {
    fn unit(&self) -> &str {
        let unit = self.signal.unit.as_ref();
        unit.map_or("", |unit| self.edition.own(unit))
    }

    /// A value with its unit.
    fn value(&self, value: f64) -> String {
        let number = self.edition.locale.decimal(value);
        match self.unit() {
            "" => number,
            unit => self
                .edition
                .text("signal-value", &[("number", &number), ("unit", unit)]),
        }
    }

    /// The value of a reading, which may be the least that there was.
    fn read(&self, reading: &Reading) -> String {
        self.capped(reading, self.value(reading.sample.value))
    }

    /// The text of the value of a reading, which says so where more may have been there.
    fn capped(&self, reading: &Reading, value: String) -> String {
        match self.signal.is_capped(reading.sample.at) {
            true => self.edition.text("signal-at-least", &[("value", &value)]),
            false => value,
        }
    }

    fn breach(&self, newest: Reading, since: Instant) -> String {
        let value = self.read(&newest);
        let usual = newest.usual.filter(|_| self.says_usual);
        let value = usual.map_or(value.clone(), |usual| {
            let usual = self.edition.locale.decimal(usual);
            let parts = [("value", value.as_str()), ("usual", usual.as_str())];
            self.edition.text("signal-usual", &parts)
        });
        self.edition.text(
            "signal-breach",
            &[
                ("value", &value),
                ("threshold", &self.threshold(&newest)),
                ("since", &self.edition.moment_text(since)),
            ],
        )
    }

    /// The threshold of a reading; empty where there is none yet.
    fn threshold(&self, reading: &Reading) -> String {
        let threshold = reading.threshold;
        threshold.map_or_else(String::new, |it| self.edition.locale.decimal(it))
    }

    /// The highest reading in a sentence, which says so where the newest one has no threshold yet.
    fn peak(&self, peak: Reading, newest: Reading) -> String {
        let value = self.read(&peak);
        let time = self.edition.moment_text(peak.sample.at);
        let (value, time) = (("value", value.as_str()), ("time", time.as_str()));
        match peak.threshold.and(newest.threshold) {
            None if self.signal.limit == Limit::Never => {
                self.edition.text("signal-no-threshold", &[value, time])
            }
            None => self.edition.text("signal-no-baseline", &[value, time]),
            Some(_) => {
                let threshold = self.threshold(&peak);
                let threshold = ("threshold", threshold.as_str());
                self.edition.text("signal-peak", &[value, time, threshold])
            }
        }
    }

    fn label(&self, peak: &str) -> String {
        self.edition.text(
            "signal-label",
            &[
                ("name", &self.name),
                ("from", &self.from.text),
                ("until", &self.until.text),
                ("peak", peak),
            ],
        )
    }
}
