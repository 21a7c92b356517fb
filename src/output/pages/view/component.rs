//! Views of components.

use schemars::JsonSchema;
use serde::Serialize;

use super::about::OverrideView;
use super::bars::BarsView;
use super::history::EntryView;
use super::latency::LatencyView;
use super::parts::{LaterView, LinkView, Moment, StatusView, TickView};

/// A component.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ComponentView {
    /// Its id in `allclear.toml`.
    pub id: String,
    /// In the page's language.
    pub name: String,
    /// Plain text; may be empty.
    pub description: String,
    /// From the site's root.
    pub url: String,
    /// Now.
    pub status: StatusView,
    /// Since when it has had this status, where that is known.
    pub since: Option<Moment>,
    /// The statuses to come if nothing new does, each worse than the one before it, or unknown.
    pub later: Vec<LaterView>,
    /// The last days.
    pub bars: BarsView,
    /// The share of the last days that it was up.
    pub uptime: UptimeView,
    /// Its evidence; `None` for a component without any.
    pub evidence: Option<EvidenceView>,
}

/// The share of time that a component was up.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UptimeView {
    /// How many days it covers.
    pub days: u32,
    /// `99.21 %`, rounded down; empty where too little of the time is known.
    pub ratio: String,
    /// `97.2 %` of the time is known; empty where all of it is, and where there is no ratio.
    pub measured: String,
    /// The whole in words: `99.21 % uptime, 97.2 % of the time measured`, or `not measured long enough`.
    pub text: String,
}

/// The evidence of a component.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EvidenceView {
    /// The names of its sources, sorted.
    pub sources: Vec<String>,
    /// The end of the newest observation.
    pub confirmed_at: Moment,
    /// Until when its observations hold, or held: those of one source are enough.
    pub valid_until: Moment,
    /// Whether that has passed.
    pub expired: bool,
    /// The claims of its sources and of an operator now, worst first, where they differ or too few are fresh; else
    /// empty.
    pub claims: Vec<ClaimView>,
    /// The rules by which some of them count, in sentences; may be empty.
    pub counts: String,
}

/// The claim of one source about a component.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ClaimView {
    /// The source's name.
    pub source: String,
    /// The status that it claims.
    pub status: StatusView,
}

/// Components under one heading.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GroupView {
    /// In the page's language; empty for the components without a group.
    pub name: String,
    /// The worst status of its components.
    pub status: StatusView,
    /// The worst statuses to come if nothing new does.
    pub later: Vec<LaterView>,
    /// Whether any component is other than operational.
    pub troubled: bool,
    /// In the order of `allclear.toml`.
    pub components: Vec<ComponentView>,
    /// Those of them that are operational, where others are not.
    pub others: Option<OthersView>,
}

/// The components of a group that are operational, beside those that are not.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OthersView {
    /// How many: `48 others`.
    pub text: String,
    /// The worst status of them.
    pub status: StatusView,
    /// The worst statuses to come if nothing new does.
    pub later: Vec<LaterView>,
}

/// A component's own page, as `component`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ComponentPageView<'a> {
    /// The component.
    pub row: ComponentView,
    /// How it is in each region of which anything is known, where that is not the same in all; else empty.
    pub regions: Vec<RegionView>,
    /// Its group, empty where it has none.
    pub group: String,
    /// How long it has been as it is: `Operational for 69 d`; empty where that is not known, or less than an hour.
    pub held: String,
    /// Its uptime over the last 90, 30 and 365 days, in this order; one that would count the same days as another is left
    /// out.
    pub figures: Vec<UptimeFigureView>,
    /// The months below its bars.
    pub ticks: Vec<TickView>,
    /// The last twelve months, newest first, without those before anything is known of it.
    pub months: Vec<MonthBarsView>,
    /// Whether nothing is known to have happened to it, and nothing is planned.
    pub quiet: bool,
    /// Its open incidents and maintenances under way.
    pub open: Vec<&'a EntryView>,
    /// The newest entries that name it, at most 50.
    pub entries: Vec<&'a EntryView>,
    /// The link to its part of the page `subscribe/`, where that has one.
    pub follow: Option<LinkView>,
    /// Its latency over the last 24 hours and the last 90 days, as far as it was measured; may be empty.
    pub latency: Vec<LatencyView>,
    /// The instant of the build.
    pub built: Moment,
    /// The operator's word that is in force.
    pub operator: Option<OverrideView>,
    /// Until when fresh evidence shows that it is operational, where it does.
    pub good_until: Option<Moment>,
    /// What its status rests on where no source measures it; else empty.
    pub unmeasured: String,
    /// How uptime is computed, in one sentence with the site's weights.
    pub formula: String,
}

/// A component in a region.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RegionView {
    /// The region's name in the page's language.
    pub name: String,
    /// How the component is there.
    pub status: StatusView,
    /// Since when, where that is known.
    pub since: Option<Moment>,
    /// When a source of the region last saw it, where there is any.
    pub confirmed_at: Option<Moment>,
    /// The names of the sources that look from there; may be empty.
    pub sources: Vec<String>,
}

/// The uptime of a component over some days, as a figure.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UptimeFigureView {
    /// `last 90 days`, or as many as count where these are fewer.
    pub days: String,
    /// `99.21 %`, rounded down; empty where too little of the time is known.
    pub ratio: String,
    /// The same in words, where there is more to say than the figure: how much of the time was measured, and whether
    /// incident reports tell of some of it; else empty.
    pub note: String,
}

/// A month of a component.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MonthBarsView {
    /// `December 2022`.
    pub name: String,
    /// The month's page of the history, from the site's root; empty where it has none.
    pub url: String,
    /// Its days, in a drawing as wide as a month of 31 days.
    pub bars: BarsView,
    /// The share of it that the component was up.
    pub uptime: UptimeView,
}
