//! Signals: counts over time, as user reports or error rates.

use std::sync::Arc;

use chrono::TimeDelta;

use super::component::ComponentIndex;
use super::config::Limit;
use crate::diagnostic::Place;
use crate::locale::LocalizedText;
use crate::time::Instant;

/// A signal with its samples.
#[derive(Debug, Clone)]
pub struct Signal {
    /// Its id, unique among signals.
    pub id: String,
    /// Its name.
    pub name: LocalizedText,
    /// What it speaks of.
    pub components: Vec<ComponentIndex>,
    /// What its values count.
    pub unit: Option<LocalizedText>,
    /// From where on a value is too high.
    pub limit: Limit,
    /// How long the value must stay too high before it counts.
    pub sustained: TimeDelta,
    /// How long a sample holds.
    pub valid_for: TimeDelta,
    /// By time; shared, as there may be millions.
    pub samples: Arc<Vec<Sample>>,
    /// Its id in `allclear.toml`, for diagnostics.
    pub place: Place,
}

/// A value at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// When.
    pub at: Instant,
    /// How much; finite.
    pub value: f64,
}
