//! Views of the page that explains how everything is computed.

use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{LinkView, Moment, StatusView};

/// How all of it is computed, and from what, as `about`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AboutView {
    /// How uptime is computed, in one sentence with the site's weights.
    pub formula: String,
    /// How many days uptime covers.
    pub days: String,
    /// The IANA name of the site's time zone.
    pub zone: String,
    /// How much of the page is backed by evidence, in a sentence.
    pub coverage: String,
    /// The evidence of the components: those together of which the same is to be said.
    pub evidence: Vec<CoverageView>,
    /// The signals with their thresholds.
    pub signals: Vec<LimitView>,
    /// The operators' overrides of the last year, newest first.
    pub overrides: Vec<OverrideView>,
    /// How often that was, in words.
    pub overrides_count: String,
    /// When sources were not believed, newest first.
    pub silences: Vec<SilenceView>,
    /// The corrections of published incidents, newest first.
    pub corrections: Vec<CorrectedView>,
    /// The delays of the last year, each in a name and a figure.
    pub delays: Vec<FigureView>,
    /// The instant of the build.
    pub built: Moment,
}

/// The evidence of some components that have the same.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct CoverageView {
    /// Their names in a list: at most four, and how many others there are.
    pub names: String,
    /// All of them, with links.
    pub components: Vec<LinkView>,
    /// The names of its sources in a list; empty where it has none.
    pub sources: String,
    /// How many of them must agree, in words; empty where one is enough.
    pub quorum: String,
    /// How long an observation holds.
    pub valid_for: String,
    /// The end of the newest observation, of the component whose is the oldest.
    pub confirmed_at: Option<Moment>,
    /// Whether fresh evidence covers them.
    pub fresh: bool,
    /// What their status rests on where they have no source; else empty.
    pub unmeasured: String,
}

/// From where on a signal is too high.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LimitView {
    /// In the page's language.
    pub name: String,
    /// `500 reports for 15 min`.
    pub text: String,
    /// The names of its components in a list.
    pub components: String,
}

/// An operator's override of a component's status.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OverrideView {
    /// The component's name in the page's language.
    pub component: String,
    /// The status that the operator gave it.
    pub status: StatusView,
    /// Why.
    pub reason: String,
    /// From when on it holds.
    pub from: Moment,
    /// Until when it holds, or held.
    pub until: Moment,
    /// Whether it holds now.
    pub in_force: bool,
}

/// A time in which a source was not believed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SilenceView {
    /// The source's name.
    pub source: String,
    /// From when.
    pub from: Moment,
    /// Until when.
    pub until: Moment,
    /// Why.
    pub reason: String,
}

/// A correction with its incident.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CorrectedView {
    /// The incident's title.
    pub title: String,
    /// Where its page is, from the site's root.
    pub url: String,
    /// When it was corrected.
    pub at: Moment,
    /// The change and its reason.
    pub note: String,
}

/// A name and a figure.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FigureView {
    /// `From start to first update, median`.
    pub name: String,
    /// `45 min`.
    pub text: String,
}
