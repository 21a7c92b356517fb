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
///
/// An entry of `allclear.toml` with `by = "region"` is a family: a signal for each region, in the order of the site's, and
/// behind them the one of all together. They have the id and the name of the entry.
#[derive(Debug, Clone)]
pub struct Signal {
    /// The id of its entry, unique among entries.
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
    /// The instants of samples of which only so much was counted, so that their values are the least that there was; by
    /// time, and mostly none.
    pub capped: Arc<Vec<Instant>>,
    /// Its id in `allclear.toml`, for diagnostics.
    pub place: Place,
}

impl Signal {
    /// Whether the value of an instant is only the least that there was.
    pub fn is_capped(&self, at: Instant) -> bool {
        self.capped.binary_search(&at).is_ok()
    }
}

/// The signals of the entry of a signal: itself, or one for each region and behind them the one of all together.
pub fn family(
    signals: &[Signal],
    SignalIndex(at): SignalIndex,
) -> impl Iterator<Item = SignalIndex> {
    let id = signals[at].id.as_str();
    let is_other = |signal: &Signal| signal.id != id;
    let first = signals[..at].iter().rposition(is_other);
    let end = signals[at..].iter().position(is_other);
    let end = end.map_or(signals.len(), |length| at + length);
    (first.map_or(0, |before| before + 1)..end).map(SignalIndex)
}

/// A value at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// The instant.
    pub at: Instant,
    /// The value, which may be infinite; not a number where nothing was measured, which ends the sample before it.
    pub value: f64,
}
