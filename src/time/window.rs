//! The windows of maintenances.

use super::Instant;

/// The announced time of a maintenance: from `starts` up to, and without, `ends`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    starts: Instant,
    ends: Instant,
}

impl Window {
    /// A window; `None` where it would end before it starts, or at once.
    pub fn new(starts: Instant, ends: Instant) -> Option<Self> {
        (starts < ends).then_some(Self { starts, ends })
    }

    /// When it opens.
    pub fn starts(self) -> Instant {
        self.starts
    }

    /// When it closes.
    pub fn ends(self) -> Instant {
        self.ends
    }
}
