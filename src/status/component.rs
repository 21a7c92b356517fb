//! A component at an instant: its status, and what it rests on.

use super::condition::Condition;
use crate::locale::LocalizedText;
use crate::site::observation::SourceIndex;
use crate::site::vocabulary::Status;
use crate::time::Instant;

/// A component at an instant.
#[derive(Debug, Clone)]
pub struct ComponentNow {
    /// Its status.
    pub status: Status,
    /// Whether fresh evidence covers it, whatever that says.
    pub confirmed: bool,
    /// Since when it has had this status; `None` where that is longer than the [`LOOK_BACK`](super::LOOK_BACK).
    pub since: Option<Instant>,
    /// The evidence about it; `None` where no source has observed it yet.
    pub evidence: Option<EvidenceNow>,
    /// The word of an operator that is in force.
    pub operator: Option<OperatorWord>,
}

impl ComponentNow {
    /// Its status, and whether evidence confirms it.
    pub fn condition(&self) -> Condition {
        Condition {
            status: self.status,
            confirmed: self.confirmed,
        }
    }
}

/// The evidence about a component at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceNow {
    /// Its sources, which are sorted by name.
    pub sources: Vec<SourceIndex>,
    /// The end of the newest observation.
    pub confirmed_at: Instant,
    /// Until when that observation holds, or held.
    pub valid_until: Instant,
    /// Whether that has passed.
    pub expired: bool,
    /// The claims of fresh sources, worst first; an operator's word is among them.
    pub claims: Vec<Claim>,
    /// The earliest instant at which a source that is fresh now no longer is.
    pub fresh_until: Option<Instant>,
    /// The status on which as many fresh sources as it takes agree; an operator's word does not count.
    pub shown: Option<Status>,
    /// Since when every source that is fresh now has shown the component operational.
    pub operational_since: Option<Instant>,
}

impl EvidenceNow {
    /// Whether its sources contradict one another.
    pub fn differs(&self) -> bool {
        self.claims
            .windows(2)
            .any(|pair| pair[0].status != pair[1].status)
    }
}

/// The status of a component according to a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The source.
    pub source: SourceIndex,
    /// The status.
    pub status: Status,
}

/// The word of an operator about a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorWord {
    /// The status.
    pub status: Status,
    /// Why, for readers.
    pub reason: LocalizedText,
    /// The instant from which it holds.
    pub from: Instant,
    /// The instant until which it holds.
    pub until: Instant,
}
