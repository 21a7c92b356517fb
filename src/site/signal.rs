//! Signals: counts over time, as user reports or error rates.

use std::sync::Arc;

use chrono::TimeDelta;

use super::component::ComponentIndex;
use super::config::Limit;
use super::region::RegionIndex;
use crate::diagnostic::Place;
use crate::locale::LocalizedText;
use crate::time::Instant;

/// A signal of a site, as its index in [`crate::site::Site::signals`]; it always exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignalIndex(pub usize);

/// A signal with its samples.
#[derive(Debug, Clone)]
pub struct Signal {
    /// Its id, unique among signals.
    pub id: String,
    /// The region of which alone it counts; `None` where it counts all together.
    pub region: Option<RegionIndex>,
    /// Its name.
    pub name: LocalizedText,
    /// The components that it concerns.
    pub components: Vec<ComponentIndex>,
    /// The unit of its values.
    pub unit: Option<LocalizedText>,
    /// The limit from which on a value is too high.
    pub limit: Limit,
    /// The time for which the value must stay too high before it counts.
    pub sustained: TimeDelta,
    /// The time for which a sample holds.
    pub valid_for: TimeDelta,
    /// Its samples by time; shared, as there may be millions.
    pub samples: Arc<Vec<Sample>>,
    /// Its id in `allclear.toml`, for diagnostics.
    pub place: Place,
}

/// A value at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// The instant.
    pub at: Instant,
    /// The value, which may be infinite; not a number where nothing was measured, which ends the sample before it.
    pub value: f64,
}
