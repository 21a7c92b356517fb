//! The part of a course that each kind of post computes in its own way.

use super::log::{Effect, Log};
use crate::site::component::ComponentIndex;
use crate::site::vocabulary::State;
use crate::time::Instant;

/// A time in which a post covers a component, so that evidence of trouble there is no contradiction: an incident
/// while it is open and names it, a maintenance while it has it under maintenance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cover {
    /// The component.
    pub component: ComponentIndex,
    /// The instant at which it begins.
    pub from: Instant,
    /// The instant at which it ends, later than `from`; `None` while it lasts.
    pub until: Option<Instant>,
}

impl From<Effect> for Cover {
    fn from(effect: Effect) -> Self {
        let Effect {
            component,
            from,
            until,
            ..
        } = effect;
        Self {
            component,
            from,
            until,
        }
    }
}

/// The part of a course that does not depend on whether the post is published.
#[derive(Debug)]
pub(super) struct PartialCourse {
    /// Its state; `None` for a notice.
    pub(super) state: Option<State>,
    /// Whether it is going on.
    pub(super) is_open: bool,
    /// Whether no further update is due.
    pub(super) is_over: bool,
    /// When it began, or will.
    pub(super) start: Instant,
    /// When it was over, or will be where that is announced.
    pub(super) end: Option<Instant>,
    /// When it entered the history.
    pub(super) entered: Instant,
    /// The statuses that it gives its components.
    pub(super) log: Log,
    /// The times in which it covers components.
    pub(super) covered: Vec<Cover>,
}
