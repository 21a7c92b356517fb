//! Signals as templates see them: a sentence, a drawing and a table.

use chrono::TimeDelta;

use super::chart::signal::{self as chart, Span};
use super::edition::Edition;
use super::view::{Moment, SignalRow, SignalView};
use crate::site::signal::{Signal, SignalIndex};
use crate::status::breach::Reading;
use crate::status::occurrence::OccurrenceIndex;
use crate::status::response;
use crate::time::Instant;

/// All signals over the last day.
pub(super) fn last_day(edition: &Edition<'_>) -> Vec<SignalView> {
    let now = edition.status.now();
    let span = Span {
        from: now - TimeDelta::days(1),
        until: now,
    };
    let open = edition.status.snapshot.incidents.iter();
    let updates: Vec<Instant> = open
        .flat_map(|index| edition.status.occurrence(*index).published(edition.site))
        .map(|update| update.at)
        .collect();
    (0..edition.site.signals.len())
        .map(SignalIndex)
        .map(|index| view(edition, index, span, &updates))
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
        from: edition.moment(from),
        until: edition.moment(until),
    };
    let (start, end) = (edition.day_of(from), edition.day_of(until));
    let is_near = end <= start.succ_opt().unwrap_or(start);
    let (text, label) = match (&chart, breach.zip(state.newest())) {
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

/// The sentences about a signal.
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
