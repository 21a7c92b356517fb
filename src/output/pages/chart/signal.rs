//! A signal over a stretch of time: its values, its threshold and the updates.

use chrono::TimeDelta;

use crate::site::signal::Signal;
use crate::status::breach::Reading;
use crate::time::Instant;

/// The width of a chart, in its own units: a column each.
pub const WIDTH: u32 = 320;
/// The height of a chart, in its own units.
pub const HEIGHT: u32 = 100;
/// The height of the line of an update.
const TICK: u32 = 6;
/// The width of a value by itself, which no line shows.
const DASH: u32 = 6;
/// The least share of the height between two values beside a chart: less, and their texts would meet.
const APART: f64 = 0.17;
/// How many rows its table has at most.
const ROWS: i32 = 24;

/// A chart. What is drawn reaches from the first instant at the left to the last at the right, and from
/// 0, or the lowest value below it, to the highest value or threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The path of the values; it breaks off where samples ran out.
    pub values: String,
    /// The path of the threshold.
    pub threshold: String,
    /// The outline of what lies at or above the threshold; empty where nothing does.
    pub above: String,
    /// The path of the updates: a short line each, at the bottom.
    pub updates: String,
    /// The values beside the drawing, from its bottom to its top: nought, the last threshold and the highest value, as
    /// far as there is room for each.
    pub levels: Vec<Level>,
    /// The highest value, with its threshold.
    pub peak: Reading,
    /// The highest value in each of at most 24 equal parts of the time, by time.
    pub rows: Vec<Reading>,
}

/// A value beside a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// How far above the bottom it lies, as a share of the height.
    pub height: f64,
    /// The value.
    pub value: f64,
    /// Whether it is the threshold.
    pub is_threshold: bool,
}

/// The time that a chart shows.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Its first instant, at the left.
    pub from: Instant,
    /// Its last instant, at the right.
    pub until: Instant,
}

/// The chart of a signal's readings in a span of time; `None` where there is none.
///
/// A chart of a million samples is no larger than one of a thousand: of each column, its lowest and its
/// highest value are drawn.
pub fn signal(
    signal: &Signal,
    readings: &[Reading],
    span: Span,
    updates: &[Instant],
) -> Option<Chart> {
    let Span { from, until } = span;
    let first = readings.partition_point(|reading| reading.sample.at < from);
    let end = readings.partition_point(|reading| reading.sample.at <= until);
    let shown = readings.get(first..end)?;
    let measured = shown.iter().copied().filter(is_measured);
    let peak = measured.reduce(|peak, next| match next.sample.value > peak.sample.value {
        true => next,
        false => peak,
    })?;
    let scale = Scale::new(shown, from, until)?;
    let lines = updates
        .iter()
        .filter(|at| (from..=until).contains(at))
        .map(|at| format!("M{} {HEIGHT}v-{TICK}", scale.x(*at)));
    Some(Chart {
        values: values(shown, signal.valid_for, &scale),
        threshold: threshold(shown, &scale),
        above: above(shown, signal.valid_for, &scale),
        levels: levels(shown, peak, &scale),
        updates: lines.collect(),
        peak,
        rows: rows(shown, from, until),
    })
}

/// Whether a reading holds a number.
fn is_measured(reading: &Reading) -> bool {
    !reading.sample.value.is_nan()
}

/// From instants and values to the units of the drawing; what is infinite lies at its edge.
#[derive(Debug)]
struct Scale {
    from: Instant,
    seconds: f64,
    bottom: f64,
    span: f64,
}

impl Scale {
    fn new(shown: &[Reading], from: Instant, until: Instant) -> Option<Self> {
        let seconds = (until - from).as_seconds_f64();
        let is_finite = |value: &f64| value.is_finite();
        let values = || shown.iter().map(|reading| reading.sample.value);
        let thresholds = shown.iter().filter_map(|reading| reading.threshold);
        let all = values().chain(thresholds).filter(is_finite);
        let top = all.fold(0.0, f64::max);
        let bottom = values().filter(is_finite).fold(0.0, f64::min);
        // Some air above what is highest.
        let span = (top - bottom) * 1.05;
        (seconds > 0.0).then_some(Self {
            from,
            seconds,
            bottom,
            span: if span > 0.0 { span } else { 1.0 },
        })
    }

    fn x(&self, at: Instant) -> u32 {
        let share = (at - self.from).as_seconds_f64() / self.seconds;
        (share * f64::from(WIDTH))
            .round()
            .clamp(0.0, f64::from(WIDTH)) as u32
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.bottom) / self.span;
        tenth((1.0 - share.clamp(0.0, 1.0)) * f64::from(HEIGHT))
    }
}

fn values(shown: &[Reading], valid_for: TimeDelta, scale: &Scale) -> String {
    let mut path = String::new();
    let mut last: Option<Instant> = None;
    // Where the path ends with a value by itself.
    let mut alone: Option<u32> = None;
    let dash = |path: &mut String, x: u32| match x < DASH {
        true => path.push_str(&format!("h{DASH}")),
        false => path.push_str(&format!("h-{DASH}")),
    };
    for column in shown.chunk_by(|a, b| scale.x(a.sample.at) == scale.x(b.sample.at)) {
        let (Some(first), Some(end)) = (column.first(), column.last()) else {
            continue;
        };
        let pen = match last {
            Some(last) if first.sample.at <= last + valid_for => 'L',
            _ => 'M',
        };
        let x = scale.x(first.sample.at);
        let measured = column.iter().filter(|reading| is_measured(reading));
        let ys = measured.map(|reading| scale.y(reading.sample.value));
        if ys.clone().next().is_none() {
            last = None;
            continue;
        }
        let (low, high) = (
            ys.clone().fold(f64::MIN, f64::max),
            ys.fold(f64::MAX, f64::min),
        );
        if let Some(x) = alone.filter(|_| pen == 'M') {
            dash(&mut path, x);
        }
        alone = Some(x).filter(|_| pen == 'M' && high == low);
        path.push_str(&format!("{pen}{x} {low}"));
        if high < low {
            path.push_str(&format!("V{high}"));
        }
        let after = scale.y(end.sample.value);
        if column.len() > 2 && after > high {
            path.push_str(&format!("V{after}"));
        }
        last = Some(end.sample.at).filter(|_| is_measured(end));
    }
    if let Some(x) = alone {
        dash(&mut path, x);
    }
    path
}

/// The path of the threshold; it begins where there is one.
fn threshold(shown: &[Reading], scale: &Scale) -> String {
    let mut path = String::new();
    let mut last = None;
    for (number, reading) in shown.iter().enumerate() {
        let x = match number {
            0 => 0,
            _ => scale.x(reading.sample.at),
        };
        let y = reading.threshold.map(|threshold| scale.y(threshold));
        match (last, y) {
            (None, Some(y)) => path.push_str(&format!("M{x} {y}")),
            (Some(last), Some(y)) if last != y => path.push_str(&format!("H{x}V{y}")),
            (Some(_), None) => path.push_str(&format!("H{x}")),
            _ => {}
        }
        last = y;
    }
    if last.is_some() {
        path.push_str(&format!("H{WIDTH}"));
    }
    path
}

/// The values beside a chart, by height. The threshold matters most, then the highest value.
fn levels(shown: &[Reading], peak: Reading, scale: &Scale) -> Vec<Level> {
    let level = |value: f64, is_threshold| Level {
        height: 1.0 - scale.y(value) / f64::from(HEIGHT),
        value,
        is_threshold,
    };
    let threshold = shown.last().and_then(|last| last.threshold);
    let wanted = [
        threshold.map(|it| level(it, true)),
        Some(level(peak.sample.value, false)),
        Some(level(0.0, false)),
    ];
    let mut levels: Vec<Level> = Vec::new();
    for level in wanted.into_iter().flatten() {
        let is_apart = |other: &Level| (other.height - level.height).abs() >= APART;
        if levels.iter().all(is_apart) {
            levels.push(level);
        }
    }
    levels.sort_by(|a, b| a.height.total_cmp(&b.height));
    levels
}

/// The highest value of a column of a chart and its threshold, as places from the top.
#[derive(Clone, Copy)]
struct Crest {
    at: Instant,
    x: f64,
    value: f64,
    threshold: f64,
}

/// The outline of what lies at or above the threshold: a closed path for each stretch of samples.
fn above(shown: &[Reading], valid_for: TimeDelta, scale: &Scale) -> String {
    let mut crests: Vec<Crest> = Vec::new();
    let mut path = String::new();
    for column in shown.chunk_by(|a, b| scale.x(a.sample.at) == scale.x(b.sample.at)) {
        let highest = column
            .iter()
            .filter(|it| is_measured(it))
            .max_by(|a, b| a.sample.value.total_cmp(&b.sample.value));
        let crest = highest.and_then(|highest| {
            Some(Crest {
                at: highest.sample.at,
                x: f64::from(scale.x(highest.sample.at)),
                value: scale.y(highest.sample.value),
                threshold: scale.y(highest.threshold?),
            })
        });
        let goes_on = crests.last().zip(crest.as_ref());
        if goes_on.is_some_and(|(last, next)| next.at > last.at + valid_for) || crest.is_none() {
            path.push_str(&outline(&crests));
            crests.clear();
        }
        crests.extend(crest);
    }
    path.push_str(&outline(&crests));
    path
}

/// The outline between values and thresholds where the values are the higher ones.
fn outline(crests: &[Crest]) -> String {
    let mut path = String::new();
    let mut back: Vec<(f64, f64)> = Vec::new();
    let close = |path: &mut String, back: &mut Vec<(f64, f64)>| {
        for (x, y) in back.drain(..).rev() {
            path.push_str(&format!("L{} {}", tenth(x), tenth(y)));
        }
        if !path.is_empty() && !path.ends_with('Z') {
            path.push('Z');
        }
    };
    let mut last: Option<Crest> = None;
    for crest in crests {
        let is_above = crest.value <= crest.threshold;
        let crossing = last.filter(|last| (last.value <= last.threshold) != is_above);
        if let Some((x, y)) = crossing.map(|last| meeting(last, *crest)) {
            let pen = if back.is_empty() { 'M' } else { 'L' };
            path.push_str(&format!("{pen}{} {}", tenth(x), tenth(y)));
            if !is_above {
                close(&mut path, &mut back);
            } else {
                back.push((x, y));
            }
        }
        if is_above {
            let pen = if back.is_empty() { 'M' } else { 'L' };
            path.push_str(&format!("{pen}{} {}", crest.x, crest.value));
            back.push((crest.x, crest.threshold));
        }
        last = Some(*crest);
    }
    close(&mut path, &mut back);
    path
}

/// The point at which the values between two crests meet the threshold of the second.
fn meeting(from: Crest, to: Crest) -> (f64, f64) {
    let rise = to.value - from.value;
    let share = if rise == 0.0 {
        1.0
    } else {
        ((to.threshold - from.value) / rise).clamp(0.0, 1.0)
    };
    (from.x + share * (to.x - from.x), to.threshold)
}

/// A tenth of a unit is finer than a screen shows.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// The highest reading of each part of the time that has one.
fn rows(shown: &[Reading], from: Instant, until: Instant) -> Vec<Reading> {
    let part = (until - from) / ROWS;
    let number = |reading: &Reading| {
        let passed = (reading.sample.at - from).num_milliseconds();
        (passed / part.num_milliseconds().max(1)).min(i64::from(ROWS) - 1)
    };
    let parts = shown.chunk_by(|a, b| number(a) == number(b));
    parts
        .filter_map(|part| {
            let by_value = |a: &&Reading, b: &&Reading| a.sample.value.total_cmp(&b.sample.value);
            let measured = part.iter().filter(|reading| is_measured(reading));
            measured.max_by(by_value).copied()
        })
        .collect()
}

#[cfg(test)]
mod tests;
