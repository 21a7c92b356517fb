//! Drawings, as the data of SVG paths.

use chrono::TimeDelta;

use crate::site::vocabulary::{Status, Word};
use crate::status::uptime::ComponentDay;
use crate::time::{Instant, Interval};

/// The height of the bars of days, in the drawing's own units.
pub const BAR_HEIGHT: u32 = 28;
/// From the left edge of a bar to that of the next.
const STEP: usize = 6;
/// The width of a bar.
const WIDTH: usize = 4;
/// The least height of what is filled, and of what is left open, so that both are seen.
const LEAST: u32 = 4;

/// All bars of one kind as one path: a vertical line each, which the style sheet strokes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// The status of the bars; `None` for the unfilled part of bars.
    pub status: Option<Status>,
    /// The path's data.
    pub path: String,
}

/// The width of the bars of so many days.
pub fn bars_width(days: usize) -> u32 {
    u32::try_from(days * STEP - (STEP - WIDTH)).unwrap_or(u32::MAX)
}

/// The left edge of the bar of a day, from 0.
pub fn bar_left(day: usize) -> u32 {
    u32::try_from(day * STEP).unwrap_or(u32::MAX)
}

/// The middle of the bar of a day, from 0, in per cent of the width of so many days, to a tenth.
pub fn middle(day: usize, days: usize) -> f64 {
    let middle = f64::from(bar_left(day)) + WIDTH as f64 / 2.0;
    (middle / f64::from(bars_width(days)) * 1000.0).round() / 10.0
}

/// The bars of days, oldest first: each filled from below by the share of its measured time without
/// an outage. One path a kind, the unfilled parts first, keeps a page of many components small.
pub fn bars(days: &[ComponentDay]) -> Vec<Bars> {
    let kinds = std::iter::once(None).chain(Status::ALL.iter().copied().map(Some));
    let mut bars: Vec<Bars> = kinds
        .map(|status| Bars {
            status,
            path: String::new(),
        })
        .collect();
    let mut pens: Vec<Option<(i64, i64)>> = vec![None; bars.len()];
    let mut line = |kind: usize, day: usize, from: u32, to: u32| {
        let x = i64::try_from(day * STEP + WIDTH / 2).unwrap_or(0);
        let path = &mut bars[kind].path;
        // A step from the last bar is shorter than a place, and repeats: it compresses to nothing.
        match pens[kind] {
            None => path.push_str(&format!("M{x} {from}V{to}")),
            Some((last_x, last_y)) => path.push_str(&format!(
                "m{} {}V{to}",
                x - last_x,
                i64::from(from) - last_y
            )),
        }
        pens[kind] = Some((x, i64::from(to)));
    };
    for (at, day) in days.iter().enumerate() {
        let Some(status) = day.status() else { continue };
        let top = notch(day);
        if top > 0 {
            line(0, at, top, 0);
        }
        line(1 + status as usize, at, BAR_HEIGHT, top);
    }
    bars.retain(|bars| !bars.path.is_empty());
    bars
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

/// How much of a bar stays open at its top: the share of the measured day with an outage.
fn notch(day: &ComponentDay) -> u32 {
    let down = day.durations.down();
    if down <= TimeDelta::zero() {
        return 0;
    }
    let measured = day.durations.total() - day.durations.unknown();
    let share = down.as_seconds_f64() / measured.as_seconds_f64();
    // Rounded, and between a notch and a stub that can both be seen.
    let open = (share * f64::from(BAR_HEIGHT)).round() as u32;
    open.clamp(LEAST, BAR_HEIGHT - LEAST)
}
