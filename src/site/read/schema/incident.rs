//! The shape of the front matter of an incident, a maintenance or a notice.

#![allow(dead_code, reason = "these types are described, and never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::form::{Day, LocalText, Rule, Time};
use crate::site::vocabulary::{Impact, PostKind, Status};

/// The front matter of an incident, a maintenance or a notice.
#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("examples" = [{
        "title": "Log-in fails",
        "components": { "login": "major_outage", "web": "partial_outage" },
        "started": "2022-12-28 19:00",
        "detected": "2022-12-28 19:20",
    }])
)]
pub(super) struct IncidentFile {
    /// The title, as readers see it.
    title: LocalText,
    /// What the file describes.
    #[schemars(extend("default" = "incident"))]
    kind: Option<PostKind>,
    /// The components that it touches. Of an incident each id with its status from `started` on, or a list of ids, whose
    /// status follows `impact`; of a maintenance or a notice a list of ids.
    components: Option<Components>,
    /// The ids of the `[[regions]]` that it concerns; by default it concerns every place. A component may also have its status
    /// in one region: `web@jp: major_outage`.
    regions: Option<Vec<String>>,
    /// How bad an incident is; by default by the worst status of its components.
    impact: Option<Impact>,
    /// Of an incident: when the trouble began; by default with the first update.
    started: Option<Time>,
    /// Of an incident: when the team knew of it; by default that is not said.
    detected: Option<Time>,
    /// Of an incident: when it was over; by default with the update that says so.
    ended: Option<Time>,
    /// Of a maintenance: when its window opens; of a notice: from when it is shown.
    starts: Option<Time>,
    /// Of a maintenance: when its window closes; of a notice: until when it is shown.
    ends: Option<Time>,
    /// Of a maintenance: how it repeats, as `FREQ=WEEKLY` or `FREQ=MONTHLY;BYDAY=1SA`.
    repeat: Option<Rule>,
    /// Of a maintenance that repeats: the days on which it does not take place.
    except: Option<Vec<Day>>,
    /// The ids of the signals to chart on its page; by default those of its components that were too high.
    signals: Option<Vec<String>>,
    /// What was changed after publication, for readers; `check --since` asks for an entry where history is rewritten.
    corrections: Option<Vec<Correction>>,
    /// Whether it is left out, unless built with `--drafts`.
    #[schemars(extend("default" = false))]
    draft: Option<bool>,
    /// Whether it stands before all others of its list.
    #[schemars(extend("default" = false))]
    pinned: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Components {
    /// The ids with their statuses from `started` on.
    Statuses(BTreeMap<String, Status>),
    /// The ids alone.
    List(Vec<String>),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Correction {
    /// When it was changed.
    at: Time,
    /// What was changed and why, for readers.
    note: LocalText,
}
