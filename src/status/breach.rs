//! Breaches: times in which a signal was too high for too long.
//!
//! A sample holds until the next one, and at most for the signal's `valid_for`: where samples are
//! missing for longer, nothing is known, and nothing breaches. A signal breaches from the moment it
//! has been at or above its threshold for `for`, until it falls below. A count that is capped says how much there was at
//! least: it may show that a value is too high, and never that it is not any more.

use std::ops::Range;

use chrono::{Offset as _, TimeDelta, TimeZone as _};
use chrono_tz::Tz;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::period::LOOK_BACK;
use crate::site::Site;
use crate::site::config::{LEAST_DAYS, Limit};
use crate::site::signal::{Sample, Signal};
use crate::time::Instant;

/// A time in which a signal was too high for too long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Breach {
    /// When it rose to its threshold.
    pub rose: Instant,
    /// Since when it has breached: `for` later.
    pub since: Instant,
    /// When it fell below or its samples ran out, later than `since`; `None` while it goes on.
    pub until: Option<Instant>,
}

/// A signal as it is known at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalStatus {
    /// Its samples beside their thresholds, oldest first, as far back as anything looks.
    pub readings: Vec<Reading>,
    /// Until when the newest sample holds, or held; `None` where nothing can be said of it: it holds no number, or has
    /// no threshold yet.
    pub valid_until: Option<Instant>,
    /// Its breaches as far back as its readings, and so at least of the [`LOOK_BACK`]; oldest first.
    pub breaches: Vec<Breach>,
}

impl SignalStatus {
    /// A signal at `now`; what looks back furthest looks back to `first`.
    pub fn new(signal: &Signal, zone: Tz, first: Instant, now: Instant) -> Self {
        let mut from = first.min(now - LOOK_BACK);
        let mut back = TimeDelta::days(1);
        let mut known = readings(signal, zone, from, now);
        // A breach that was going on by then began earlier.
        while let Some(oldest) = known.first()
            && (oldest.is_high() || oldest.is_least)
            && (signal.samples.first()).is_some_and(|first| first.at < oldest.sample.at)
        {
            from -= back;
            back = back * 2;
            known = readings(signal, zone, from, now);
        }
        let newest = known
            .last()
            .filter(|newest| newest.says_something(signal.limit));
        Self {
            valid_until: newest.map(|reading| reading.sample.at + signal.valid_for),
            breaches: breaches(signal, &known, now),
            readings: known,
        }
    }

    /// Its newest sample, and the threshold that holds for it; `None` where there is none yet.
    pub fn newest(&self) -> Option<Reading> {
        self.readings.last().copied()
    }

    /// The breach that is going on.
    pub fn breach(&self) -> Option<Breach> {
        self.breaches
            .last()
            .copied()
            .filter(|breach| breach.until.is_none())
    }

    /// Its readings from `from` up to `until`, and the one before them.
    pub fn readings_between(&self, from: Instant, until: Instant) -> &[Reading] {
        let before = |at: Instant| self.readings.partition_point(|it| it.sample.at < at);
        let end = self.readings.partition_point(|it| it.sample.at <= until);
        &self.readings[before(from).saturating_sub(1).min(end)..end]
    }

    /// Its breaches as its readings show them up to `until`; those after the newest one are what follows if no sample
    /// is added.
    pub(super) fn breaches_until(&self, signal: &Signal, until: Instant) -> Vec<Breach> {
        breaches(signal, &self.readings, until)
    }
}

/// A sample beside the threshold of its instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The sample.
    pub sample: Sample,
    /// The value from which on it is too high; `None` where a baseline has seen too few days to know, and where none is.
    pub threshold: Option<f64>,
    /// The value that is usual at its time of day, where a baseline knows it.
    pub usual: Option<f64>,
    /// Whether there was more than could be counted.
    pub is_least: bool,
}

impl Reading {
    /// Whether it is too high.
    pub(super) fn is_high(self) -> bool {
        let value = self.sample.value;
        self.threshold.is_some_and(|threshold| value >= threshold)
    }

    /// Whether it says that the value is too high, or that it is not.
    fn says_something(self, limit: Limit) -> bool {
        let is_judged = self.threshold.is_some() || limit == Limit::Never;
        is_judged && !self.sample.value.is_nan()
    }
}

/// The samples of a signal from `from` up to `now` with their thresholds, and the one before them.
fn readings(signal: &Signal, zone: Tz, from: Instant, now: Instant) -> Vec<Reading> {
    let samples = &signal.samples;
    let end = samples.partition_point(|sample| sample.at <= now);
    let start = samples
        .partition_point(|sample| sample.at < from)
        .saturating_sub(1)
        .min(end);
    match signal.limit {
        Limit::Threshold(threshold) => of_threshold(signal, start..end, Some(threshold)),
        Limit::Never => of_threshold(signal, start..end, None),
        Limit::Baseline {
            days,
            factor,
            floor,
        } => {
            // What lies further back than the usual looks is not looked at.
            let back = TimeDelta::days(i64::from(days) + 1) + signal.valid_for;
            let first = samples.get(start).map_or(now, |sample| sample.at) - back;
            let first = samples.partition_point(|sample| sample.at < first);
            let mut usual = Usual::new(&samples[first..end], days, signal.valid_for, zone);
            samples[start..end]
                .iter()
                .map(|sample| {
                    let usual = usual.at(sample.at);
                    Reading {
                        sample: *sample,
                        threshold: usual.map(|usual| (usual * factor).max(floor)),
                        usual,
                        is_least: signal.is_capped(sample.at),
                    }
                })
                .collect()
        }
    }
}

/// Samples of a signal beside a threshold that is always the same.
fn of_threshold(signal: &Signal, range: Range<usize>, threshold: Option<f64>) -> Vec<Reading> {
    let readings = signal.samples[range].iter().map(|sample| Reading {
        sample: *sample,
        threshold,
        usual: None,
        is_least: signal.is_capped(sample.at),
    });
    readings.collect()
}

/// The breaches that readings, by time, show up to `until`.
pub(super) fn breaches(signal: &Signal, readings: &[Reading], until: Instant) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut rose: Option<Instant> = None;
    let mut close = |rose: Instant, end: Option<Instant>| {
        let since = rose + signal.sustained;
        if since <= until && end.is_none_or(|end| since < end) {
            breaches.push(Breach {
                rose,
                since,
                until: end,
            });
        }
    };
    for (at, reading) in readings.iter().enumerate() {
        let seen = reading.sample.at;
        if reading.is_high() {
            rose = rose.or(Some(seen));
        } else if !reading.is_least
            && let Some(rose) = rose.take()
        {
            close(rose, Some(seen));
        }
        let runs_out = seen + signal.valid_for;
        let next = readings.get(at + 1).map_or(until, |next| next.sample.at);
        if (runs_out < next || runs_out <= until && at + 1 == readings.len())
            && let Some(rose) = rose.take()
        {
            close(rose, Some(runs_out));
        }
    }
    if let Some(rose) = rose {
        close(rose, None);
    }
    breaches
}

/// The usual value of a time of day: the median of that time on the days before.
#[derive(Debug)]
struct Usual<'a> {
    samples: &'a [Sample],
    /// When they are, in milliseconds since 1970: a day of a calendar costs more to subtract.
    times: Vec<i64>,
    valid_for: i64,
    zone: Tz,
    /// For each day back, what is known of it.
    days: Vec<DayBack>,
    /// The quarter of an hour for which the days' offsets hold: clocks change at its ends only.
    quarter: Option<i64>,
    values: Vec<f64>,
}

/// A day before an instant.
#[derive(Debug, Clone, Copy, Default)]
struct DayBack {
    /// How many samples are not later than the time of day of that instant.
    passed: usize,
    /// From the instant back to that time of day, in milliseconds.
    back: i64,
}

impl<'a> Usual<'a> {
    fn new(samples: &'a [Sample], days: u32, valid_for: TimeDelta, zone: Tz) -> Self {
        Self {
            samples,
            times: samples
                .iter()
                .map(|sample| sample.at.timestamp_millis())
                .collect(),
            valid_for: valid_for.num_milliseconds(),
            zone,
            days: vec![DayBack::default(); days as usize],
            quarter: None,
            values: Vec::with_capacity(days as usize),
        }
    }

    /// The median of what held at the time of day of `at` on the days before, in the site's zone; `None` where
    /// samples did on fewer than three of them, or than half. Each `at` must not be earlier than the last.
    fn at(&mut self, at: Instant) -> Option<f64> {
        let quarter = at.timestamp().div_euclid(15 * 60);
        if self.quarter.replace(quarter) != Some(quarter) {
            let offset = offset_of(self.zone, at);
            for (days, day) in (1_i64..).zip(&mut self.days) {
                let whole = TimeDelta::days(days);
                let back = whole - (offset - offset_of(self.zone, at - whole));
                day.back = back.num_milliseconds();
            }
        }
        self.values.clear();
        let at = at.timestamp_millis();
        let times = &self.times;
        for DayBack { passed, back } in &mut self.days {
            let same_time = at - *back;
            // The clocks may go back, and then so does this.
            while *passed > 0 && times[*passed - 1] > same_time {
                *passed -= 1;
            }
            while times.get(*passed).is_some_and(|time| *time <= same_time) {
                *passed += 1;
            }
            if let Some(held) = passed.checked_sub(1)
                && same_time < times[held] + self.valid_for
                && !self.samples[held].value.is_nan()
            {
                self.values.push(self.samples[held].value);
            }
        }
        let needed = (LEAST_DAYS as usize).max(self.days.len().div_ceil(2));
        match self.values.len() < needed {
            true => None,
            false => median(&mut self.values),
        }
    }
}

/// How far the clocks of a zone are ahead of UTC.
fn offset_of(zone: Tz, at: Instant) -> TimeDelta {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    TimeDelta::seconds(i64::from(offset.local_minus_utc()))
}

/// The middle of some values, or the mean of the two in the middle.
pub fn median(values: &mut [f64]) -> Option<f64> {
    let half = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let is_odd = values.len() % 2 == 1;
    let (below, middle, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let middle = *middle;
    if is_odd {
        return Some(middle);
    }
    let below = below.iter().copied().max_by(f64::total_cmp)?;
    Some(below.midpoint(middle))
}

/// Every signal of a site at `now`; what looks back furthest looks back to `first`.
pub(super) fn signals(site: &Site, first: Instant, now: Instant) -> Vec<SignalStatus> {
    let signals = site.signals.par_iter();
    signals
        .map(|signal| SignalStatus::new(signal, site.settings.time_zone, first, now))
        .collect()
}

#[cfg(test)]
mod tests;
