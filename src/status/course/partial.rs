//! The part of a course that each kind of post computes in its own way.

use super::log::Log;
use crate::site::component::ComponentIndex;
use crate::site::vocabulary::State;
use crate::time::Instant;

/// A time in which an incident is open and names a component, so that evidence of trouble there is no
/// contradiction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cover {
    /// The component.
    pub component: ComponentIndex,
    /// The instant at which it begins.
    pub from: Instant,
    /// The instant at which it ends, later than `from`; `None` while the incident is open.
    pub until: Option<Instant>,
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
