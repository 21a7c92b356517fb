//! Views of the index.

use schemars::JsonSchema;
use serde::Serialize;

use super::component::GroupView;
use super::history::DayView;
use super::incident::IncidentView;
use super::parts::{Moment, Promise};
use super::signal::SignalView;

/// The page's answer to "does it work?", as `headline`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HeadlineView {
    /// `major_outage`, `partial_outage`, `minor_outage`, `degraded_performance`, `suspected`,
    /// `incident`, `unknown`, `maintenance`, `no_known_problems` or `all_clear`.
    pub state: &'static str,
    /// `none`, `maintenance`, `minor`, `major` or `critical`.
    pub indicator: &'static str,
    /// The name of the icon: `check`, `ring`, `dash`, `clock`, `question`, `eye`, `minus`, `triangle` or `cross`.
    pub icon: &'static str,
    /// The headline itself: `Partial outage`.
    pub text: String,
    /// A sentence that says what is affected, or how sure the page is; may be empty.
    pub detail: String,
    /// The instant up to which an all-clear holds.
    pub valid_until: Option<Moment>,
    /// From when on it holds, RFC 3339 in UTC; empty for the headline of now.
    pub from: String,
    /// The headlines to come if nothing new does; empty for one that is itself to come.
    pub later: Vec<HeadlineView>,
    /// The earliest promised next update of the open incidents.
    pub next_update: Option<Promise>,
    /// How many promised updates are overdue where several are: `9 updates are overdue`; else empty.
    pub overdue: String,
}

/// The index, as `index`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IndexView<'a> {
    /// The open incidents, worst and newest first.
    pub incidents: Vec<IncidentView>,
    /// The maintenances under way.
    pub maintenances: Vec<IncidentView>,
    /// The maintenances to come, soonest first.
    pub upcoming: Vec<IncidentView>,
    /// The notices in force.
    pub notices: Vec<IncidentView>,
    /// The signals over the last day.
    pub signals: Vec<SignalView>,
    /// Whether one of them breaches.
    pub breached: bool,
    /// The components in their groups.
    pub groups: Vec<GroupView>,
    /// The number of components.
    pub components: usize,
    /// The first day for which a component has a bar; empty where none has.
    pub bars_since: String,
    /// What the percentages beside components are: `Uptime · 90 days`.
    pub uptime: String,
    /// The last 14 days, newest first, those without an entry folded into runs; none before anything is known.
    pub days: Vec<DayView<'a>>,
    /// The instant of the build.
    pub built: Moment,
    /// When the page is late, where the site promises how often it is built: twice that after the
    /// build.
    pub late_from: Option<Moment>,
    /// How much of the page is backed by evidence: `5 of 5 components have evidence, from 2 sources.`
    pub coverage: String,
    /// How uptime is computed, in one sentence with the site's weights.
    pub formula: String,
}
