//! How long looks at a component took lately: the median and the 95th percentile of a day and of 90 days.
//!
//! Percentiles are by nearest rank, see [`percentile`], over the rows of all sources together; but those of probes that only
//! connect (`tcp`) are left out where others heard an answer, for the two are no one number. Those of a day are of each
//! look. Those of 90 days are of the medians of five minutes of each source, as older rows are known no finer: so it does
//! not matter which of them are thinned already.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use rayon::prelude::*;

use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::evidence_file::file_stem;
use crate::site::latency::{LatencySource, medians, percentile};
use crate::site::probe::Kind;
use crate::time::Instant;

/// A stretch of time that is shown: its length, how many parts of it are drawn at most, and how many are written.
struct Shown {
    length: TimeDelta,
    drawn: usize,
    written: usize,
}

impl Shown {
    /// How many parts are drawn of so many looks: as many as are written where there are too few, as of one an hour, for
    /// the drawing would be nothing but gaps.
    fn parts(&self, looks: usize) -> usize {
        match looks < self.drawn {
            true => self.drawn.min(self.written),
            false => self.drawn,
        }
    }
}

const DAY: Shown = Shown {
    length: TimeDelta::days(1),
    drawn: 48,
    written: 24,
};

const QUARTER: Shown = Shown {
    length: TimeDelta::days(90),
    drawn: 90,
    written: 18,
};

/// The latency of a component.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ComponentLatency {
    /// Over the last 24 hours; `None` where nothing was measured.
    pub day: Option<Stretch>,
    /// Over the last 90 days; `None` where nothing was measured before the last 24 hours.
    pub quarter: Option<Stretch>,
}

/// The latency over a stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// Its start.
    pub from: Instant,
    /// Its end.
    pub until: Instant,
    /// All of it.
    pub whole: Spread,
    /// Equal parts of it by time, as they are drawn; `None` where nothing was measured.
    pub drawn: Vec<Option<Spread>>,
    /// Longer parts of it with their starts, as they are written; only those in which something was measured.
    pub written: Vec<(Instant, Spread)>,
}

/// How long looks took, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The median.
    pub median: f64,
    /// The 95th percentile.
    pub high: f64,
}

impl Spread {
    /// The spread of some values; `None` where there is none.
    fn of(values: &mut [f64]) -> Option<Self> {
        Some(Self {
            median: percentile(values, 50)?,
            high: percentile(values, 95)?,
        })
    }
}

/// A look, from whatever source.
type Look = (Instant, f64);

/// The latency of each component of a site at `now`.
pub(super) fn latency(site: &Site, now: Instant) -> Vec<ComponentLatency> {
    let components = (0..site.components.len()).into_par_iter();
    components
        .map(|index| component(site, ComponentIndex(index), now))
        .collect()
}

fn component(site: &Site, index: ComponentIndex, now: Instant) -> ComponentLatency {
    let since = |length: TimeDelta| {
        let sources = site.latency.iter();
        let rows = sources.filter_map(|source| {
            let samples = source.of(index);
            let first = samples.partition_point(|it| it.at <= now - length);
            let end = samples.partition_point(|it| it.at <= now);
            let rows = &samples[first..end.max(first)];
            (!rows.is_empty()).then_some((source, rows))
        });
        let (connected, answered): (Vec<_>, Vec<_>) =
            rows.partition(|(source, _)| is_connection(site, source, index));
        let shown = if answered.is_empty() { connected } else { answered };
        shown.into_iter().map(|(_, rows)| rows)
    };
    let day: Vec<Look> = since(DAY.length)
        .flatten()
        .map(|it| (it.at, it.milliseconds))
        .collect();
    let quarter: Vec<Look> = since(QUARTER.length).flat_map(medians).collect();
    let is_older = quarter.iter().any(|(at, _)| *at <= now - DAY.length);
    ComponentLatency {
        day: stretch(&day, &DAY, now),
        quarter: stretch(&quarter, &QUARTER, now).filter(|_| is_older),
    }
}

/// Whether a source measures how long it takes to connect to a component, and not until an answer is there.
fn is_connection(site: &Site, source: &LatencySource, index: ComponentIndex) -> bool {
    let mut probes = site.probes.iter();
    probes.any(|probe| {
        matches!(probe.kind, Kind::Tcp(_))
            && probe.components.contains(&index)
            && file_stem(&probe.source) == source.name
    })
}

fn stretch(looks: &[Look], shown: &Shown, now: Instant) -> Option<Stretch> {
    let from = now - shown.length;
    let mut all: Vec<f64> = looks.iter().map(|(_, value)| *value).collect();
    let whole = Spread::of(&mut all)?;
    let count = shown.parts(looks.len());
    let mut drawn = vec![None; count];
    for (part, spread) in parts(looks, from, shown.length, count) {
        drawn[part] = Some(spread);
    }
    let length = shown.length / i32::try_from(shown.written).unwrap_or(1);
    let written = parts(looks, from, shown.length, shown.written).into_iter();
    let written = written.map(|(part, spread)| {
        let start = from + length * i32::try_from(part).unwrap_or_default();
        (start, spread)
    });
    Some(Stretch {
        from,
        until: now,
        whole,
        drawn,
        written: written.collect(),
    })
}

/// The spread in each of `count` equal parts of a time in which something was measured, by its number.
fn parts(looks: &[Look], from: Instant, length: TimeDelta, count: usize) -> Vec<(usize, Spread)> {
    let mut values: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for (at, value) in looks {
        let share = (*at - from).as_seconds_f64() / length.as_seconds_f64();
        // The present is the end of the last part.
        let part = ((share * count as f64) as usize).min(count - 1);
        values.entry(part).or_default().push(*value);
    }
    let spreads = values.into_iter();
    spreads
        .filter_map(|(part, mut values)| Some((part, Spread::of(&mut values)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::sync::Arc;

    use super::*;
    use crate::site::fixtures::{at, site};
    use crate::site::latency::LatencySample;

    fn source(name: &str, looks: &[Look]) -> LatencySource {
        let samples = looks.iter().map(|(at, milliseconds)| LatencySample {
            component: ComponentIndex(0),
            at: *at,
            milliseconds: *milliseconds,
        });
        LatencySource {
            name: name.to_owned(),
            samples: Arc::new(samples.collect()),
        }
    }

    fn of(sources: &[LatencySource], now: Instant) -> ComponentLatency {
        let mut site = site(1);
        site.latency = sources.to_vec();
        component(&site, ComponentIndex(0), now)
    }

    fn spread(median: f64, high: f64) -> Spread {
        Spread { median, high }
    }

    #[test]
    fn the_last_day_is_of_each_look_of_all_sources() {
        let now = at("29 12:00");
        let east = source(
            "east",
            &[
                (at("12:00"), 9.0),
                (at("12:10"), 1.0),
                (at("29 12:00"), 2.0),
            ],
        );
        let west = source("west", &[(at("12:10"), 5.0), (at("29 12:01"), 100.0)]);
        let day = of(&[east, west], now).day.unwrap();
        assert_eq!(day.whole, spread(2.0, 5.0));
        assert_eq!((day.from, day.until), (at("12:00"), now));
        let drawn: Vec<usize> = (0..24).filter(|it| day.drawn[*it].is_some()).collect();
        assert_eq!((drawn, day.drawn.len()), (vec![0, 23], 24));
        assert_eq!(
            day.written,
            [
                (at("12:00"), spread(1.0, 5.0)),
                (at("29 11:00"), spread(2.0, 2.0))
            ]
        );
    }

    #[test]
    fn a_look_a_minute_is_drawn_finer_than_one_an_hour() {
        let now = at("29 12:00");
        let looks = (1..=1440).map(|minute| (at("12:00") + TimeDelta::minutes(minute), 1.0));
        let day = of(&[source("east", &looks.collect::<Vec<_>>())], now)
            .day
            .unwrap();
        assert_eq!(day.drawn, [Some(spread(1.0, 1.0)); 48]);
    }

    /// A minute that was looked at often is worth no more than one that is thinned already.
    #[test]
    fn a_quarter_is_of_medians() {
        let now = at("29 12:00");
        let often = (0..5).map(|minute| (at("29 11:00") + TimeDelta::minutes(minute), 1.0));
        let mut looks = vec![(at("20 10:00"), 7.0), (at("20 10:05"), 9.0)];
        looks.extend(often);
        let quarter = of(&[source("east", &looks)], now).quarter.unwrap();
        assert_eq!(quarter.whole, spread(7.0, 9.0));
        // So few are drawn five days at a time.
        let drawn = quarter.drawn.iter().flatten().count();
        assert_eq!((drawn, quarter.drawn.len()), (2, 18));
    }

    #[test]
    fn nothing_is_said_twice_or_of_nothing() {
        let now = at("29 12:00");
        assert_eq!(of(&[], now), ComponentLatency::default());
        let young = of(&[source("east", &[(at("29 11:00"), 1.0)])], now);
        assert!(young.day.is_some() && young.quarter.is_none());
        let old = of(&[source("east", &[(at("28 11:00"), 1.0)])], now);
        assert!(old.day.is_none() && old.quarter.is_some());
        let later = of(&[source("east", &[(at("29 13:00"), 1.0)])], now);
        assert_eq!(later, ComponentLatency::default());
        assert_eq!(latency(&site(2), now).len(), 2);
    }
}
