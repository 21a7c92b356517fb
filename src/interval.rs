//! Half-open intervals of time.

use crate::time::Instant;

/// From `start` up to, and without, `end`; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    start: Instant,
    end: Instant,
}
