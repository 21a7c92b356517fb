//! Component states that monitors and operators observed.

use std::sync::Arc;

use super::component::ComponentIndex;
use super::config::Silence;
use super::vocabulary::Status;
use crate::locale::LocalizedText;
use crate::time::Instant;

/// The name of the source of operators' overrides.
pub const OPERATOR: &str = "operator";

/// The file of what was pulled from the live page, from the site's folder. Nothing else writes to it.
pub const PULLED: &str = "evidence/pulled/states.jsonl";

/// A source of a site, as its index in [`crate::site::Site::sources`]; it always exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceIndex(pub usize);

/// A source of observations, with all of them.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// The times in which it is not believed.
    pub silences: Vec<Silence>,
    /// By component and then by `from`; those of one instant in the order of the files. Shared with the memory of
    /// the build.
    pub observations: Arc<Vec<Observation>>,
}

impl Source {
    /// Whether its observations are an operator's overrides.
    pub fn is_operator(&self) -> bool {
        self.name == OPERATOR
    }
}

/// An observation of a component by a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The component.
    pub component: ComponentIndex,
    /// The status that was observed.
    pub status: Status,
    /// The start.
    pub from: Instant,
    /// The last instant at which it was observed, never before `from`; it holds for the component's `valid_for` longer.
    pub to: Instant,
    /// The reason and the end of an override; only of the source `operator`. Of many observations hardly one has it.
    pub claim: Option<Box<Override>>,
}

impl Observation {
    /// The last instant that it claims to know of; an operator's word ends when it says so, which may lie ahead.
    pub fn seen_until(&self) -> Instant {
        match self.claim {
            Some(_) => self.from,
            None => self.to,
        }
    }

    /// The key by which a source's observations are sorted.
    ///
    /// Of several of one instant the last one counts. Those of a monitor stay as they stand in the files; of an operator's
    /// words the worst comes last, for in the files of a repository no order is meant.
    pub fn order(&self) -> (ComponentIndex, Instant, Option<(Status, Instant)>) {
        let word = self.claim.as_ref().map(|claim| (self.status, claim.until));
        (self.component, self.from, word)
    }
}

/// An operator's override of the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The reason, for readers.
    pub reason: LocalizedText,
    /// The end of its validity.
    pub until: Instant,
}
