//! Views of a signal.

use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{Moment, TickView};

/// A signal over a stretch of time.
///
/// Its drawing is stretched to the width of its place, and mirrored where a language is written from
/// the right, so that strokes must not scale.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SignalView {
    /// In the page's language.
    pub name: String,
    /// The unit of its values; may be empty.
    pub unit: String,
    /// Whether it breaches now.
    pub breaching: bool,
    /// Its newest or its highest value with the threshold, in a sentence: `10,110 reports, at or above
    /// the threshold of 500 since 7:30 PM EST`.
    pub text: String,
    /// A description of the drawing, in a sentence.
    pub label: String,
    /// The width of the drawing in its own units.
    pub width: u32,
    /// The height of the drawing in its own units.
    pub height: u32,
    /// The data of the path of the values; empty, as the next three, where there is none in this time.
    pub values: String,
    /// The data of the path of the threshold.
    pub threshold: String,
    /// The data of the outline of what lies at or above the threshold; empty where nothing does.
    pub above: String,
    /// The data of the path of the updates: a short line at the bottom for each.
    pub updates: String,
    /// The values beside the drawing, from the bottom to the top: at most nought, the threshold and the highest.
    pub levels: Vec<SignalLevel>,
    /// The instants below the drawing: full hours, the last of them with its zone, or days that begin.
    pub ticks: Vec<TickView>,
    /// Its earlier end, in short: `Dec 27, 8:30 PM EST`.
    pub from: String,
    /// Its later end; without its day where that is the other's, or the next one.
    pub until: String,
    /// The threshold at the end of this time, as a number; empty where nothing is drawn.
    pub limit: String,
    /// The same as a table: at most 24 rows, by time.
    pub rows: Vec<SignalRow>,
}

/// A value beside the drawing of a signal.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SignalLevel {
    /// How far it lies below the top, in per cent of the height.
    pub y: f64,
    /// The value.
    pub text: String,
    /// Whether it is the threshold.
    pub threshold: bool,
}

/// The highest value of a part of the time.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SignalRow {
    /// When.
    pub at: Moment,
    /// The value.
    pub value: String,
    /// The threshold at that instant.
    pub threshold: String,
}
