//! Signals as templates see them: a sentence, a drawing and a table.

use chrono::TimeDelta;

use super::chart::signal as chart;
use super::edition::Edition;
use super::view::{Moment, SignalRow, SignalView};
use crate::site::signal::Signal;
use crate::status::Course;
use crate::status::breach::{self, Reading};
use crate::time::Instant;

/// All signals over the last day.
pub(super) fn last_day(edition: &Edition<'_>) -> Vec<SignalView> {
    let now = edition.derived.now();
    let span = (now - TimeDelta::days(1), now);
    let published = edition.derived.snapshot.incidents.iter().flat_map(|index| {
        let course = &edition.derived.courses[*index];
        &edition.site.posts[*index].updates[..course.published]
    });
    let updates: Vec<Instant> = published.map(|update| update.at).collect();
    (0..edition.site.signals.len())
        .map(|index| view(edition, index, span, &updates))
        .collect()
}

/// Some signals over the time of an incident and a little more.
pub(super) fn of_incident(
    edition: &Edition<'_>,
    signals: &[usize],
    course: &Course,
    updates: &[Instant],
) -> Vec<SignalView> {
    let now = edition.derived.now();
    let end = course.end.unwrap_or(now).min(now);
    let around = around(course.start, end);
    let span = (course.start - around, (end + around).min(now));
    signals
        .iter()
        .map(|index| view(edition, *index, span, updates))
        .collect()
}

/// How much time before and after an incident its charts show.
pub(super) fn around(start: Instant, end: Instant) -> TimeDelta {
    ((end - start) / 4).max(TimeDelta::hours(1))
}

fn view(
    edition: &Edition<'_>,
    index: usize,
    span: (Instant, Instant),
    updates: &[Instant],
) -> SignalView {
    let signal = &edition.site.signals[index];
    let (from, until) = span;
    let readings = breach::readings(signal, edition.site.time_zone, from, until);
    let chart = chart::signal(signal, &readings, span, updates);
    let ends_now = until == edition.derived.now();
    let state = &edition.derived.snapshot.signals[index];
    let breach = state.breach().filter(|_| ends_now);
    let words = Words {
        edition,
        signal,
        from: edition.moment(from),
        until: edition.moment(until),
    };
    let (start, end) = (edition.day_of(from), edition.day_of(until));
    let is_near = end <= start.succ_opt().unwrap_or(start);
    let (text, label) = match (&chart, breach.zip(state.newest)) {
        (None, _) => (edition.text("signal-silent", &[]), String::new()),
        (Some(chart), Some((breach, newest))) => {
            (words.breach(newest, breach.since), words.label(chart.peak))
        }
        (Some(chart), None) => (words.peak(chart.peak), words.label(chart.peak)),
    };
    let rows = chart.as_ref().map_or(&[][..], |chart| &chart.rows);
    let rows = rows.iter().map(|reading| SignalRow {
        at: edition.moment(reading.sample.at),
        value: edition.locale.decimal(reading.sample.value),
        threshold: edition.locale.decimal(reading.threshold),
    });
    SignalView {
        name: edition.own(&signal.name).to_owned(),
        unit: words.unit().to_owned(),
        breaching: breach.is_some(),
        text,
        label,
        width: chart::WIDTH,
        height: chart::HEIGHT,
        limit: (readings.last())
            .map_or_else(String::new, |last| edition.locale.decimal(last.threshold)),
        rows: rows.collect(),
        from: edition.day_and_time(from),
        until: match is_near {
            true => words.until.time.clone(),
            false => edition.day_and_time(until),
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

/// What is said of a signal.
struct Words<'a> {
    edition: &'a Edition<'a>,
    signal: &'a Signal,
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

    fn breach(&self, newest: Reading, since: Instant) -> String {
        self.edition.text(
            "signal-breach",
            &[
                ("value", &self.value(newest.sample.value)),
                ("threshold", &self.edition.locale.decimal(newest.threshold)),
                ("since", &self.edition.moment_text(since)),
            ],
        )
    }

    fn peak(&self, peak: Reading) -> String {
        self.edition.text(
            "signal-peak",
            &[
                ("value", &self.value(peak.sample.value)),
                ("time", &self.edition.moment_text(peak.sample.at)),
                ("threshold", &self.edition.locale.decimal(peak.threshold)),
            ],
        )
    }

    fn label(&self, peak: Reading) -> String {
        self.edition.text(
            "signal-label",
            &[
                ("name", self.edition.own(&self.signal.name)),
                ("from", &self.from.text),
                ("until", &self.until.text),
                ("peak", &self.peak(peak)),
            ],
        )
    }
}
