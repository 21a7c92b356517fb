//! Uptime: how long each status held, by day and over many days.
//!
//! Unknown time is neither up nor down. It counts towards the total only, so that a monitor that was
//! off makes a number less sure, and never better. Overlaps have been counted once, at the worst,
//! by the timeline that these sums are made of.

use std::ops::AddAssign;

use chrono::{NaiveDate, TimeDelta};

use super::timeline::Timeline;
use crate::site::config::Weights;
use crate::site::vocabulary::Status;
use crate::time::Interval;
use crate::time::calendar::CalendarDay;

/// The time for which each status held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Durations([TimeDelta; Status::ALL.len()]);

impl Default for Durations {
    fn default() -> Self {
        Self([TimeDelta::zero(); Status::ALL.len()])
    }
}

impl Durations {
    /// How long a status held.
    pub fn of(&self, status: Status) -> TimeDelta {
        self.0[status as usize]
    }

    /// The time of all statuses together.
    pub fn total(&self) -> TimeDelta {
        self.0.into_iter().sum()
    }

    /// The time in an outage, partial or major.
    pub fn down(&self) -> TimeDelta {
        self.sum(Status::is_outage)
    }

    /// The time that was measured, and not in an outage.
    pub fn up(&self) -> TimeDelta {
        self.sum(|status| !status.is_outage() && status != Status::Unknown)
    }

    /// The time in which nobody knows.
    pub fn unknown(&self) -> TimeDelta {
        self.of(Status::Unknown)
    }

    /// The seconds of outage, each counted by the weight of its status.
    pub fn outage(&self, weights: &Weights) -> f64 {
        let Weights {
            major_outage,
            partial_outage,
            degraded_performance,
        } = *weights;
        [
            (Status::MajorOutage, major_outage),
            (Status::PartialOutage, partial_outage),
            (Status::DegradedPerformance, degraded_performance),
        ]
        .into_iter()
        .map(|(status, weight)| weight * self.of(status).as_seconds_f64())
        .sum()
    }

    /// The worst status that held at all.
    pub fn worst(&self) -> Option<Status> {
        let mut worst_first = Status::ALL.iter().copied().rev();
        worst_first.find(|status| self.of(*status) > TimeDelta::zero())
    }

    fn sum(&self, counts: impl Fn(Status) -> bool) -> TimeDelta {
        let counted = Status::ALL.iter().copied().filter(|status| counts(*status));
        counted.map(|status| self.of(status)).sum()
    }

    /// Counts some more time of a status.
    pub fn add(&mut self, status: Status, duration: TimeDelta) {
        self.0[status as usize] += duration;
    }
}

impl AddAssign for Durations {
    fn add_assign(&mut self, other: Self) {
        for status in Status::ALL.iter().copied() {
            self.add(status, other.of(status));
        }
    }
}

/// A day of a component, in the site's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComponentDay {
    /// The date.
    pub date: NaiveDate,
    /// The part of it that counts: today ends at `now`, the days of a change of clocks have 23 or 25 hours, and
    /// what the timeline does not reach is left out. `None` where nothing does: a day to come, or one
    /// before the component's first.
    pub interval: Option<Interval>,
    /// How long each status held; together as long as `interval`.
    pub durations: Durations,
    /// For how long fresh evidence covered it.
    pub confirmed: TimeDelta,
}

impl ComponentDay {
    /// The status that stands for the whole day; `None` where nothing of it counts.
    ///
    /// Trouble shows, however short; then doubt that lasted more than half of the day; then work that
    /// was announced.
    pub fn status(&self) -> Option<Status> {
        self.interval?;
        let durations = &self.durations;
        let worst = durations.worst()?;
        let held = |status| durations.of(status) > TimeDelta::zero();
        Some(if worst >= Status::Suspected {
            worst
        } else if durations.unknown() * 2 > durations.total() {
            Status::Unknown
        } else if held(Status::UnderMaintenance) {
            Status::UnderMaintenance
        } else {
            Status::Operational
        })
    }
}

/// The days of a component.
///
/// Days before `first`, the first that counts, are among them, but nothing of them counts; of none of them where
/// no day does.
pub fn days(
    timeline: &Timeline,
    calendar: &[CalendarDay],
    first: Option<NaiveDate>,
) -> Vec<ComponentDay> {
    let mut segments = timeline.segments.as_slice();
    let reach = segments.first().zip(segments.last());
    let reach =
        reach.and_then(|(first, last)| Interval::new(first.interval.start(), last.interval.end()));
    calendar
        .iter()
        .map(|CalendarDay { date, interval }| {
            let whole = interval.filter(|_| first.is_some_and(|first| first <= *date));
            let mut day = ComponentDay {
                date: *date,
                interval: whole
                    .zip(reach)
                    .and_then(|(whole, reach)| whole.intersect(reach)),
                durations: Durations::default(),
                confirmed: TimeDelta::zero(),
            };
            let Some(interval) = day.interval else {
                return day;
            };
            let over = segments.partition_point(|it| it.interval.end() <= interval.start());
            segments = &segments[over..];
            for segment in segments {
                let Some(part) = segment.interval.intersect(interval) else {
                    break;
                };
                day.durations.add(segment.counted, part.len());
                if segment.confirmed {
                    day.confirmed += part.len();
                }
            }
            day
        })
        .collect()
}

/// The time that must be known for a percentage.
pub const LEAST_TIME: TimeDelta = TimeDelta::days(1);

/// One part in so many of the time that counts must be known for a percentage.
pub const LEAST_SHARE: i32 = 10;

/// The share of some days that a component was up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uptime {
    /// 1 less the weighted share of outage in the time that is known, from 0 to 1; `None` where that is less than
    /// [`LEAST_TIME`], or less than [`LEAST_SHARE`] of the time that counts.
    pub ratio: Option<f64>,
    /// The share of the time that is not unknown, from 0 to 1; 0 where no time counts.
    pub measured: f64,
    /// How long each status held.
    pub durations: Durations,
    /// For how long fresh evidence covered it; zero where the ratio rests on incident reports alone.
    pub confirmed: TimeDelta,
    /// The numbers of days of each kind.
    pub days: DayCounts,
}

impl Uptime {
    /// The time that is known: all that counts, apart from that in which nobody knows.
    pub fn known(&self) -> TimeDelta {
        self.durations.total() - self.durations.unknown()
    }
}

/// The numbers of days of each kind among some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayCounts {
    /// The days of which something counts.
    pub counted: u64,
    /// Those among them with an outage.
    pub down: u64,
    /// Those among them without an outage, but with trouble.
    pub minor: u64,
    /// Those among them that show announced work.
    pub maintenance: u64,
    /// Those among them with time in which nobody knows.
    pub unknown: u64,
}

impl DayCounts {
    fn add(&mut self, day: &ComponentDay) {
        if day.interval.is_none() {
            return;
        }
        self.counted += 1;
        self.down += u64::from(day.durations.down() > TimeDelta::zero());
        match day.status() {
            Some(Status::DegradedPerformance | Status::Suspected) => self.minor += 1,
            Some(Status::UnderMaintenance) => self.maintenance += 1,
            _ => {}
        }
        self.unknown += u64::from(day.durations.unknown() > TimeDelta::zero());
    }
}

/// The uptime over some days.
pub fn uptime(days: &[ComponentDay], weights: &Weights) -> Uptime {
    let mut durations = Durations::default();
    let mut confirmed = TimeDelta::zero();
    let mut counts = DayCounts::default();
    for day in days {
        counts.add(day);
        durations += day.durations;
        confirmed += day.confirmed;
    }
    let known = durations.total() - durations.unknown();
    let is_enough = known >= LEAST_TIME && known * LEAST_SHARE >= durations.total();
    let total = durations.total().as_seconds_f64();
    let measured = known.as_seconds_f64();
    let outage = durations.outage(weights);
    Uptime {
        ratio: is_enough.then(|| (1.0 - outage / measured).clamp(0.0, 1.0)),
        measured: if total > 0.0 { measured / total } else { 0.0 },
        durations,
        confirmed,
        days: counts,
    }
}

#[cfg(test)]
mod tests;
