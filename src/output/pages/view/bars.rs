//! Views of the drawing of a component's days.

use schemars::JsonSchema;
use serde::Serialize;

/// The last days of a component as a drawing: each day a bar, filled from below by the share of the
/// measured day without outage, in the colour of the worst status of that day.
///
/// A bar is a vertical line that the style sheet strokes 4 wide, so that it alone decides on colour
/// and pattern. A day with an outage, however short, leaves a notch of at least 4 at the top, and
/// keeps a stub of at least 4 at the bottom: both are seen without colour. A day that was not
/// measured is a full bar of `unknown`; a day that does not count, as those before the component existed, has no bar.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BarsView {
    /// The width of the drawing in its own units: each bar is 4 wide, each gap 2.
    pub width: u32,
    /// The height of the drawing in its own units.
    pub height: u32,
    /// One path a status that occurs, `track` first; draw `d` with `class`.
    pub paths: Vec<BarPath>,
    /// The days on which something happened, oldest first.
    pub days: Vec<BarDay>,
    /// A sentence that says the same: `90 days: 2 with an outage, 5 not measured.`
    pub label: String,
    /// The first day of the drawing, which need not have a bar.
    pub first: String,
    /// The first day that has a bar; empty where none has.
    pub since: String,
}

/// All bars of one status, as one path.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BarPath {
    /// The status, as in `StatusView::id`, or `track` for the unfilled part of a bar.
    pub class: &'static str,
    /// The path's data: a line a day, from the bottom upwards.
    pub d: String,
}

/// A day on which something happened.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BarDay {
    /// The left edge of the day's bar.
    pub x: u32,
    /// The day and what happened: `28 Dec 2022: partial outage for 2 h 10 min`.
    pub title: String,
    /// Where to read of it, from the site's root; empty where no incident tells of it.
    pub url: String,
}
