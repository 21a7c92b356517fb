//! The condition of a component: what a page says of it in one word.

use crate::site::vocabulary::Status;

/// The status of a component, and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    /// The status.
    pub status: Status,
    /// Whether fresh evidence covers the component, whatever that says.
    pub confirmed: bool,
}
