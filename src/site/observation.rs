//! Component states: what monitors and operators saw, and when.

use super::component::{ComponentIndex, Status};
use super::config::Silence;
use crate::locale::LocalizedText;
use crate::time::Instant;

/// The name of the source whose word is an operator's.
pub const OPERATOR: &str = "operator";

/// Who observed, with all that was observed.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// The times in which it is not believed.
    pub silences: Vec<Silence>,
    /// By component and then by `from`; those of one instant in the order of the files.
    pub observations: Vec<Observation>,
}

impl Source {
    /// Whether its word is an operator's: an override.
    pub fn is_operator(&self) -> bool {
        self.name == OPERATOR
    }
}

/// What a source saw of a component.
#[derive(Debug, Clone)]
pub struct Observation {
    /// Of what.
    pub component: ComponentIndex,
    /// What.
    pub status: Status,
    /// From when.
    pub from: Instant,
    /// Until when it was seen, never before `from`; it holds for the component's `valid_for` longer.
    pub to: Instant,
    /// What an operator's word rests on; only of the source `operator`.
    pub claim: Option<Override>,
}

/// An operator's word.
#[derive(Debug, Clone)]
pub struct Override {
    /// Why, for readers.
    pub reason: LocalizedText,
    /// Until when it holds.
    pub until: Instant,
}
