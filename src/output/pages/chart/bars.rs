//! Drawings, as the data of SVG paths.

use crate::site::vocabulary::{Status, Word};
use crate::status::uptime::ComponentDay;
use crate::time::{Instant, Interval};

/// The height of the bars of days, in the drawing's own units.
pub const BAR_HEIGHT: u32 = 28;
/// From the left edge of a bar to that of the next.
const STEP: usize = 6;
/// The width of a bar.
const WIDTH: usize = 4;
/// All bars of one status as one path: a vertical line each, which the style sheet strokes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// The status of the bars.
    pub status: Status,
    /// The path's data.
    pub path: String,
}

/// The width of the bars of so many days.
pub fn bars_width(days: usize) -> u32 {
    u32::try_from(days * STEP - (STEP - WIDTH)).unwrap_or(u32::MAX)
}

/// The middle of the bar of a day, from 0, in per cent of the width of so many days, to a tenth.
pub fn middle(day: usize, days: usize) -> f64 {
    let middle = (day * STEP) as f64 + WIDTH as f64 / 2.0;
    (middle / f64::from(bars_width(days)) * 1000.0).round() / 10.0
}

/// The bars of days, oldest first: the worse the day, the taller its bar, so that it is seen without colour.
///
/// One path a status keeps a page of many components small.
pub fn bars(days: &[ComponentDay]) -> Vec<Bars> {
    let mut bars: Vec<Bars> = Status::ALL
        .iter()
        .map(|status| Bars {
            status: *status,
            path: String::new(),
        })
        .collect();
    let mut pens: Vec<Option<i64>> = vec![None; bars.len()];
    for (at, day) in days.iter().enumerate() {
        let Some(status) = day.status() else { continue };
        let x = i64::try_from(at * STEP + WIDTH / 2).unwrap_or(0);
        let (kind, height) = (status as usize, height(status));
        let path = &mut bars[kind].path;
        // A step from the last bar is shorter than a place, and repeats: it compresses to nothing.
        match pens[kind].replace(x) {
            None => path.push_str(&format!("M{x} {BAR_HEIGHT}v-{height}")),
            Some(last) => path.push_str(&format!("m{} {height}v-{height}", x - last)),
        }
    }
    bars.retain(|bars| !bars.path.is_empty());
    bars
}

/// How tall the bar of a day is. A day that was not measured is a dot: it was neither quiet nor bad.
fn height(status: Status) -> u32 {
    match status {
        Status::Unknown => 4,
        Status::Operational => 12,
        Status::UnderMaintenance => 16,
        Status::Suspected | Status::DegradedPerformance => 20,
        Status::PartialOutage => 24,
        Status::MajorOutage => BAR_HEIGHT,
    }
}

/// The width of a strip of time, in its own units.
pub const STRIP_WIDTH: u32 = 1000;

/// The statuses over a time, as lines from the left to the right of a strip of time: one path a status, worst
/// last, and first the whole as `track`.
pub fn strip(parts: &[(Interval, Status)], span: Interval) -> Vec<(&'static str, String)> {
    let seconds = span.len().as_seconds_f64();
    let x = |at: Instant| {
        let share = (at - span.start()).as_seconds_f64() / seconds;
        (share * f64::from(STRIP_WIDTH)).round() as u32
    };
    let mut paths = vec![("track", format!("M0 4H{STRIP_WIDTH}"))];
    for status in Status::ALL.iter().copied() {
        let path: String = (parts.iter())
            .filter(|(_, of)| *of == status)
            .map(|(interval, _)| format!("M{} 4H{}", x(interval.start()), x(interval.end())))
            .collect();
        if !path.is_empty() {
            paths.push((status.as_str(), path));
        }
    }
    paths
}

/// Instants on a strip of time: a line without a length at each, which the style sheet gives round ends.
pub fn marks(instants: &[Instant], span: Interval) -> String {
    let seconds = span.len().as_seconds_f64();
    let inside = (instants.iter()).filter(|at| (span.start()..=span.end()).contains(at));
    inside
        .map(|at| {
            let share = (*at - span.start()).as_seconds_f64() / seconds;
            format!("M{} 4h0", (share * f64::from(STRIP_WIDTH)).round() as u32)
        })
        .collect()
}
