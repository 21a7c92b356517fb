//! Periods that timelines look at.

use chrono::TimeDelta;

use crate::time::Instant;

/// The time that a snapshot looks back, and for which a status can be seen to have held.
pub const LOOK_BACK: TimeDelta = TimeDelta::days(366);

/// A period that timelines look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Period {
    /// Its first instant.
    pub(super) from: Instant,
    /// Its end; later than the instant of the build where it is asked what follows if nothing new comes.
    pub(super) until: Instant,
}
