//! What templates see: the theme contract.
//!
//! A template never sees the model. It gets these plain structs, in which every text is ready to
//! print in the page's language and every decision has been made. Links are written from the
//! site's root and printed as `{{ page.root }}{{ incident.url }}`, so that one view serves pages at
//! any depth and below any sub-path.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

pub use self::about::{
    AboutView, CorrectedView, CoverageView, FigureView, LimitView, OverrideView, SilenceView,
};
pub use self::history::{
    DayView, EntryView, HistoryView, MonthCell, MonthLink, MonthView, PageLink, YearView,
};
pub use self::incident::{
    AffectedView, ComponentTimelineView, CorrectionView, DelayView, IncidentView, UpdateView,
    WindowView,
};
pub use self::signal::{SignalRow, SignalView};

mod about;
mod history;
mod incident;
mod signal;

/// The site, on every page as `site`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SiteView {
    /// The site's title in the page's language.
    pub title: String,
    /// The history in the page's language, from the site's root; empty while there is no incident.
    pub history: String,
    /// The page that says how all of it is computed, from the site's root.
    pub about: String,
    /// The Atom feed in the page's language, from the site's root.
    pub feed: String,
    /// The calendar of maintenances in the page's language, from the site's root; empty while there is none.
    pub calendar: String,
    /// The IANA name of the site's time zone.
    pub zone: String,
    /// The picture beside the title.
    pub logo: Option<LogoView>,
    /// Links to other places, with whole addresses.
    pub links: Vec<LinkView>,
    /// The theme's options by their names, as the site sets them: a text or a choice as a text, a colour as
    /// a map of `light` and `dark`, else a number or a truth.
    pub options: BTreeMap<String, OptionView>,
}

/// The picture beside the title.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LogoView {
    /// From the site's root.
    pub light: String,
    /// The one for dark pages, from the site's root; empty where there is no other.
    pub dark: String,
}

/// The value of an option of the theme.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum OptionView {
    /// A text, in the page's language where it has several, or a choice.
    Text(String),
    /// A whole number.
    Number(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A colour for light pages and one for dark ones, each as `#rrggbb`.
    Color {
        /// For light pages.
        light: String,
        /// For dark pages.
        dark: String,
    },
}

/// The page itself, on every page as `page`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PageView {
    /// `index`, `incident`, `history`, `month`, `component`, `about` or `not_found`.
    pub kind: &'static str,
    /// The title of the page without the site's; on the index, the headline.
    pub title: String,
    /// One sentence for search results and previews.
    pub description: String,
    /// The absolute address of this page; empty on `404.html`, which has none.
    pub canonical: String,
    /// What leads from this page to the site's root: `./`, `../../`, or the whole path on `404.html`.
    pub root: String,
    /// What leads from this page to the index in this page's language.
    pub home: String,
    /// The BCP 47 tag of the page's language.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The instant of the build, RFC 3339 in UTC, where a reader may wait for news: on the index, a
    /// component's page, and the page of an incident or a maintenance that is not over; else empty.
    pub built: String,
    /// The same page in each language of the site, this one included; empty where there is one language.
    pub languages: Vec<LanguageView>,
}

/// The same page in another language.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LanguageView {
    /// The BCP 47 tag.
    pub tag: String,
    /// The language's own name for itself.
    pub name: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// From the site's root.
    pub url: String,
    /// The absolute address, for `hreflang`.
    pub canonical: String,
    /// Whether this is the language of the page.
    pub current: bool,
}

/// An instant in the site's zone, for readers and for programs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Moment {
    /// RFC 3339 in UTC, for `<time datetime>`.
    pub iso: String,
    /// The day, as `28 Dec 2022`.
    pub date: String,
    /// The time of day with its zone, as `8:30 PM EST`.
    pub time: String,
    /// Both, as `28 Dec 2022, 8:30 PM EST`.
    pub text: String,
}

/// The page's answer to "does it work?", as `headline`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HeadlineView {
    /// `major_outage`, `partial_outage`, `minor_outage`, `degraded_performance`, `suspected`,
    /// `incident`, `unknown`, `maintenance`, `no_known_problems` or `all_clear`.
    pub state: &'static str,
    /// `none`, `maintenance`, `minor`, `major` or `critical`.
    pub indicator: &'static str,
    /// The name of the icon: `check`, `dash`, `clock`, `question`, `eye`, `minus`, `triangle` or `cross`.
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
}

/// A promised next update.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Promise {
    /// When it was promised for.
    pub at: Moment,
    /// Whether that has passed.
    pub overdue: bool,
}

/// A status word with how to show it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StatusView {
    /// `operational`, `under_maintenance`, `unknown`, `suspected`, `degraded_performance`,
    /// `partial_outage`, `major_outage`, or `no_data` for an operational component without evidence.
    pub id: &'static str,
    /// The name of the icon, as in [`HeadlineView::icon`].
    pub icon: &'static str,
    /// In the page's language.
    pub text: String,
}

/// A status to come if nothing new does.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LaterView {
    /// From when on it holds.
    pub since: Moment,
    /// What will be said.
    pub status: StatusView,
}

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
    /// The statuses to come if nothing new does.
    pub later: Vec<LaterView>,
    /// The last days.
    pub bars: BarsView,
    /// The share of the last days that it was up.
    pub uptime: UptimeView,
    /// What is known of it; `None` for a component without evidence.
    pub evidence: Option<EvidenceView>,
}

/// The last days of a component as a drawing: each day a bar, filled from below by the share of the
/// measured day without outage, in the colour of the worst status of that day.
///
/// A bar is a vertical line that the style sheet strokes 4 wide, so that it alone decides on colour
/// and pattern. A day with an outage, however short, leaves a notch of at least 4 at the top, and
/// keeps a stub of at least 4 at the bottom: both are seen without colour. A day that was not
/// measured is a full bar of `unknown`; a day before the component existed has no bar.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BarsView {
    /// The width of the drawing in its own units: each bar is 4 wide, each gap 2.
    pub width: u32,
    /// The height of the drawing in its own units.
    pub height: u32,
    /// One path a status that occurs, `track` first; draw `d` with `class`.
    pub paths: Vec<BarPath>,
    /// The days on which something happened, oldest first.
    pub days: Vec<BarDay>,
    /// A sentence that says the same: `90 days: 2 with an outage, 5 not measured.`
    pub label: String,
    /// The first day of the drawing.
    pub first: String,
}

/// All bars of one status, as one path.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BarPath {
    /// The status, as in [`StatusView::id`], or `track` for the unfilled part of a bar.
    pub class: &'static str,
    /// The path's data: a line a day, from the bottom upwards.
    pub d: String,
}

/// A day on which something happened.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BarDay {
    /// The left edge of the day's bar.
    pub x: u32,
    /// The day and what happened: `28 Dec 2022: partial outage for 2 h 10 min`.
    pub title: String,
    /// Where to read of it, from the site's root; empty where no incident tells of it.
    pub url: String,
}

/// The share of time that a component was up.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UptimeView {
    /// How many days it covers.
    pub days: u32,
    /// `99.21 %`, rounded down; empty where nothing was measured.
    pub ratio: String,
    /// `97.2 %` of the time was measured; empty where all of it was, and for a component without evidence.
    pub measured: String,
    /// The whole in words: `99.21 % up, 97.2 % of the time measured`.
    pub text: String,
}

/// What is known of a component.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EvidenceView {
    /// The names of its sources, sorted.
    pub sources: Vec<String>,
    /// The end of the newest observation.
    pub confirmed_at: Moment,
    /// Until when that observation holds.
    pub valid_until: Moment,
    /// Whether that has passed.
    pub expired: bool,
    /// What each source says now, worst first, where they differ; else empty.
    pub claims: Vec<ClaimView>,
    /// What counts where they differ, in a sentence.
    pub counts: String,
}

/// What one source says of a component.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ClaimView {
    /// The source's name.
    pub source: String,
    /// What it says.
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
}

/// A link with its text.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LinkView {
    /// From the site's root, or a whole address.
    pub url: String,
    /// In the page's language.
    pub text: String,
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
    /// The last 14 days, newest first, those without an entry folded into runs.
    pub days: Vec<DayView<'a>>,
    /// The instant of the build.
    pub built: Moment,
    /// When the page is late, where the site promises how often it is built: twice that after the
    /// build.
    pub late_from: Option<Moment>,
    /// What the page rests on: `5 of 5 components have evidence, from 2 sources.`
    pub coverage: String,
    /// How uptime is computed, in one sentence with the site's weights.
    pub formula: String,
}

/// A component's own page, as `component`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ComponentPageView<'a> {
    /// The component.
    pub row: ComponentView,
    /// Its group, empty where it has none.
    pub group: String,
    /// The last twelve months, newest first, without those before anything is known of it.
    pub months: Vec<MonthBarsView>,
    /// Its open incidents and maintenances under way.
    pub open: Vec<&'a EntryView>,
    /// The newest entries that name it, at most 50.
    pub entries: Vec<&'a EntryView>,
    /// The instant of the build.
    pub built: Moment,
    /// The operator's word that is in force.
    pub operator: Option<OverrideView>,
    /// Until when fresh evidence shows that it is operational, where it does.
    pub good_until: Option<Moment>,
    /// How uptime is computed, in one sentence with the site's weights.
    pub formula: String,
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
