//! Views of the drawing of a component's days.

use schemars::JsonSchema;
use serde::Serialize;

/// The last days of a component as a drawing: each day a bar in the colour of the worst status of that day, and the
/// taller, the worse it was.
///
/// A bar is a vertical line that the style sheet strokes 4 wide, so that it alone decides on colour. A day that was
/// not measured is a dot at the bottom, of `unknown`; a day that does not count, as those before the component existed,
/// has no bar.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BarsView {
    /// The width of the drawing in its own units: each bar is 4 wide, each gap 2.
    pub width: u32,
    /// The height of the drawing in its own units.
    pub height: u32,
    /// One path a status that occurs; draw `d` with `class`.
    pub paths: Vec<BarPath>,
    /// The places in the drawing of the last days that lead to what happened, oldest first.
    pub places: Vec<BarPlace>,
    /// The days on which something happened, oldest first.
    pub days: Vec<BarDay>,
    /// A sentence that says the same: `90 days: 2 with an outage, 5 not measured.`
    pub label: String,
    /// The first day of the drawing, which need not have a bar.
    pub first: String,
    /// The first of its last 30 days, where no more of them have room.
    pub recent: String,
    /// The first day that has a bar; empty where none has.
    pub since: String,
}

/// All bars of one status, as one path.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BarPath {
    /// The status, as in `StatusView::id`, or in the course of an incident `track` for its whole time.
    pub class: &'static str,
    /// The path's data: a line a day, from the bottom upwards.
    pub d: String,
}

/// A day on which something happened.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BarDay {
    /// The day and what happened: `28 Dec 2022: partial outage for 2 h 10 min`.
    pub title: String,
    /// Where to read of it, from the site's root; empty where no incident tells of it.
    pub url: String,
}

/// A place of several days in the drawing, wide enough for a finger: a part of 15 of the last 90 days.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BarPlace {
    /// Its number, from 1 for the oldest days; the last 5 are those of the last 30 days.
    pub at: usize,
    /// What happened on its days: the titles of their `BarDay`.
    pub title: String,
    /// Where to read of it, from the site's root: the incident, or where there are several the month's page.
    pub url: String,
}
