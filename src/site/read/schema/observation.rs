//! The shape of a line of component states.

#![allow(dead_code, reason = "these types are described, and never made")]

use schemars::JsonSchema;

use super::form::Time;
use crate::site::vocabulary::Status;

/// What a monitor saw of a component, or what an operator says.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ObservationLine {
    /// The component's id.
    component: String,
    /// How it was.
    status: Status,
    /// From when.
    from: Time,
    /// To when; without it, `from`.
    to: Option<Time>,
    /// Who saw it; `operator` is an override, which needs `reason` and `until`.
    source: Option<String>,
    /// Why an operator says so, for readers.
    reason: Option<String>,
    /// Until when an operator's word holds.
    until: Option<Time>,
}
