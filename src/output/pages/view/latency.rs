//! Views of latency.

use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{Moment, TickView};
use super::signal::SignalLevel;

/// The latency of a component over a stretch of time: how long successful looks at it took.
///
/// Its drawing is stretched to the width of its place, and mirrored where a language is written from the right, so that
/// strokes must not scale.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LatencyView {
    /// `Last 24 hours` or `Last 90 days`.
    pub name: String,
    /// The median and the 95th percentile of all of it, in a sentence without its full stop.
    pub text: String,
    /// A description of the drawing, in a sentence.
    pub label: String,
    /// The width of the drawing in its own units.
    pub width: u32,
    /// The height of the drawing in its own units.
    pub height: u32,
    /// The data of the path of the medians; never empty.
    pub median: String,
    /// The data of the path of the 95th percentiles; never empty.
    pub high: String,
    /// The values beside the drawing, from the bottom to the top: nought and the highest, in milliseconds.
    pub levels: Vec<SignalLevel>,
    /// What stands below the drawing: full hours, the last of them with its zone; of 90 days the months that begin.
    pub ticks: Vec<TickView>,
    /// The same as a table: at most 24 rows, by time.
    pub rows: Vec<LatencyRow>,
}

/// The latency over a part of the time.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LatencyRow {
    /// Its start.
    pub at: Moment,
    /// The median with its unit: `182 ms`.
    pub median: String,
    /// The 95th percentile with its unit.
    pub high: String,
}
