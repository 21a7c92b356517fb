//! Latency: how long the successful looks of probes took.

use std::sync::Arc;

use camino::Utf8Path;
use chrono::{DateTime, TimeDelta};

use super::component::ComponentIndex;
use crate::time::Instant;

/// The folder of latency in a site's folder and in what is published of it, one file a source.
pub const LATENCY: &str = "evidence/latency";

/// The time for which latency is kept, and published.
pub const KEPT: TimeDelta = TimeDelta::days(400);

/// The time for which every row is kept as it was measured; of older ones there is one for each [`PART`].
pub const WHOLE: TimeDelta = TimeDelta::days(1);

/// The length of the parts of time of which older rows are the medians; they begin at whole multiples of it since 1970.
pub const PART: TimeDelta = TimeDelta::minutes(5);

/// The latency that a source measured.
#[derive(Debug, Clone)]
pub struct LatencySource {
    /// The name of its file, without the ending: the source's name made safe for a file.
    pub name: String,
    /// What is believed, by component and then by time; shared, as there may be many.
    pub samples: Arc<Vec<LatencySample>>,
}

/// A look that succeeded, and how long it took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LatencySample {
    /// The component.
    pub component: ComponentIndex,
    /// When it was looked at.
    pub at: Instant,
    /// How long that took; finite and not negative.
    pub milliseconds: f64,
}

impl LatencySource {
    /// What was measured of a component, by time.
    pub fn of(&self, component: ComponentIndex) -> &[LatencySample] {
        let first = self.samples.partition_point(|it| it.component < component);
        let end = self.samples.partition_point(|it| it.component <= component);
        &self.samples[first..end]
    }
}

/// Whether a path from the site's folder is that of a file of latency.
pub fn is_latency(path: &Utf8Path) -> bool {
    path.starts_with(LATENCY)
}

/// The start of the part of time in which an instant lies, to the second.
pub fn part_of(at: Instant) -> Instant {
    let seconds = at.timestamp();
    let start = seconds - seconds.rem_euclid(PART.num_seconds());
    DateTime::from_timestamp(start, 0).unwrap_or(at)
}

/// Whether a part of time, by its start, is older than [`WHOLE`] as a whole, so that its rows are one.
pub fn is_thinned(part: Instant, now: Instant) -> bool {
    part + PART <= now - WHOLE
}

/// A percentile of some values by nearest rank: the least of the values such that at least `percent` per cent of all are
/// no greater; `None` where there is no value. It is always a value that was measured.
pub fn percentile(values: &mut [f64], percent: usize) -> Option<f64> {
    let rank = (values.len() * percent).div_ceil(100).max(1);
    if rank > values.len() {
        return None;
    }
    let (_, value, _) = values.select_nth_unstable_by(rank - 1, f64::total_cmp);
    Some(*value)
}

/// The median of some values by nearest rank; see [`percentile`].
pub fn median(values: &mut [f64]) -> Option<f64> {
    percentile(values, 50)
}

/// The medians of five minutes each of what one source measured of a component, with the first look of each. It does not
/// matter which of the rows are medians already.
pub fn medians(samples: &[LatencySample]) -> Vec<(Instant, f64)> {
    let parts = samples.chunk_by(|a, b| part_of(a.at) == part_of(b.at));
    let medians = parts.filter_map(|part| {
        let mut values: Vec<f64> = part.iter().map(|it| it.milliseconds).collect();
        Some((part.first()?.at, median(&mut values)?))
    });
    medians.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixtures::at;

    #[test]
    fn a_percentile_is_a_value_that_was_measured() {
        let percentiles = |values: &[f64]| {
            [1, 50, 95, 100].map(|percent| percentile(&mut values.to_vec(), percent))
        };
        assert_eq!(percentiles(&[]), [None; 4]);
        assert_eq!(percentiles(&[7.0]), [Some(7.0); 4]);
        let (low, high) = (Some(1.0), Some(2.0));
        assert_eq!(percentiles(&[2.0, 1.0]), [low, low, high, high]);
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(
            percentiles(&hundred),
            [Some(1.0), Some(50.0), Some(95.0), Some(100.0)]
        );
        let twenty: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(percentiles(&twenty)[2], Some(19.0));
    }

    #[test]
    fn a_part_begins_at_a_multiple_of_five_minutes() {
        assert_eq!(part_of(at("20:14:59")), at("20:10"));
        assert_eq!(part_of(at("20:15")), at("20:15"));
        assert!(is_thinned(at("20:10"), at("29 20:15")));
        assert!(!is_thinned(at("20:10"), at("29 20:14:59")));
    }
}
