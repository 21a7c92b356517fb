//! The shape of a line of component states.

#![allow(dead_code, reason = "these types are described, and never made")]

use schemars::JsonSchema;

use super::form::Time;
use crate::site::vocabulary::Status;

/// What a monitor saw of a component, or what an operator says.
#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("examples" = [
        {
            "component": "web",
            "status": "operational",
            "from": "2022-12-28T08:00:00Z",
            "to": "2022-12-28T17:55:00Z",
            "source": "blackbox",
        },
        {
            "component": "api",
            "status": "operational",
            "from": "2022-12-28T18:05:00Z",
            "source": "operator",
            "reason": "Checked by hand.",
            "until": "2022-12-28T20:00:00Z",
        },
    ])
)]
pub(super) struct ObservationLine {
    /// The id of the component.
    component: String,
    /// The status that was seen.
    status: Status,
    /// The instant at which it was seen first.
    from: Time,
    /// The instant at which it was seen last; by default `from`. It holds for `valid_for` longer, or until the next
    /// observation of the same source.
    to: Option<Time>,
    /// Who saw it, as `blackbox`; by default nobody is named. `operator` is a person's word, which needs `reason` and
    /// `until`.
    source: Option<String>,
    /// Of an operator: why they say so, for readers.
    reason: Option<String>,
    /// Of an operator: the instant until which their word holds.
    until: Option<Time>,
}
