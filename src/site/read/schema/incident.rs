//! The shape of the front matter of an incident, a maintenance or a notice.

#![allow(dead_code, reason = "these types are described, and never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::form::{Day, LocalText, Rule, Time};
use crate::site::vocabulary::{Impact, PostKind, Status};

/// The front matter of an incident, a maintenance or a notice.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct IncidentFile {
    /// As readers see it.
    title: LocalText,
    /// What it is; by default an incident.
    kind: Option<PostKind>,
    /// What it touches: a table of id and status, or a list of ids, whose status follows `impact`.
    components: Option<Components>,
    /// How bad it is; by default from the worst status of its components.
    impact: Option<Impact>,
    /// When the trouble began; by default with the first update.
    started: Option<Time>,
    /// When the team knew.
    detected: Option<Time>,
    /// When it was over; by default with the update that says so.
    ended: Option<Time>,
    /// When the window of a maintenance opens, or from when a notice is shown.
    starts: Option<Time>,
    /// When the window of a maintenance closes, or until when a notice is shown.
    ends: Option<Time>,
    /// By what rule of RFC 5545 a maintenance takes place again, as `FREQ=WEEKLY`.
    repeat: Option<Rule>,
    /// The days on which a maintenance that repeats does not take place.
    except: Option<Vec<Day>>,
    /// The ids of the signals to chart; by default those of its components that breached.
    signals: Option<Vec<String>>,
    /// What was changed after publication, for readers.
    corrections: Option<Vec<Correction>>,
    /// Whether it is built only with `--drafts`.
    draft: Option<bool>,
    /// Whether it stays on top.
    pinned: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Components {
    /// Ids with the status from `started` on.
    Statuses(BTreeMap<String, Status>),
    /// Ids.
    List(Vec<String>),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Correction {
    /// When.
    at: Time,
    /// What and why.
    note: LocalText,
}
