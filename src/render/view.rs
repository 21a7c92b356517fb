//! What templates see: the theme contract.
//!
//! A template never sees the model. It gets these plain structs, in which every text is ready to
//! print in the page's language and every decision has been made. Links are written from the
//! site's root and printed as `{{ page.root }}{{ incident.url }}`, so that one view serves pages at
//! any depth and below any sub-path.

use serde::Serialize;

/// The site, on every page as `site`.
#[derive(Debug, Clone, Serialize)]
pub struct SiteView {
    /// The site's title in the page's language.
    pub title: String,
    /// The history in the page's language, from the site's root; empty while there is no incident.
    pub history: String,
    /// The page that says how all of it is computed, from the site's root.
    pub about: String,
    /// The IANA name of the site's time zone.
    pub zone: String,
}

/// The page itself, on every page as `page`.
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
pub struct Promise {
    /// When it was promised for.
    pub at: Moment,
    /// Whether that has passed.
    pub overdue: bool,
}

/// A status word with how to show it.
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
pub struct LaterView {
    /// From when on it holds.
    pub since: Moment,
    /// What will be said.
    pub status: StatusView,
}

/// A component.
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
pub struct BarPath {
    /// The status, as in [`StatusView::id`], or `track` for the unfilled part of a bar.
    pub class: &'static str,
    /// The path's data: a line a day, from the bottom upwards.
    pub d: String,
}

/// A day on which something happened.
#[derive(Debug, Clone, Serialize)]
pub struct BarDay {
    /// The left edge of the day's bar.
    pub x: u32,
    /// The day and what happened: `28 Dec 2022: partial outage for 2 h 10 min`.
    pub title: String,
    /// Where to read of it, from the site's root; empty where no incident tells of it.
    pub url: String,
}

/// The share of time that a component was up.
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
pub struct ClaimView {
    /// The source's name.
    pub source: String,
    /// What it says.
    pub status: StatusView,
}

/// Components under one heading.
#[derive(Debug, Clone, Serialize)]
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

/// A component as an incident names it.
#[derive(Debug, Clone, Serialize)]
pub struct AffectedView {
    /// In the page's language.
    pub name: String,
    /// From the site's root.
    pub url: String,
    /// Now, or for an incident that is over, the worst while it lasted.
    pub status: StatusView,
}

/// An incident, a maintenance or a notice.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentView {
    /// `incident`, `maintenance` or `notice`.
    pub kind: &'static str,
    /// From the site's root.
    pub url: String,
    /// The title; in the language `lang`.
    pub title: String,
    /// The language of the title, empty where it is the page's.
    pub lang: String,
    /// The direction of the title, empty where the language is the page's.
    pub dir: &'static str,
    /// `investigating`, ..., `resolved`, `scheduled`, ..., `completed`; empty for a notice.
    pub state: &'static str,
    /// In the page's language.
    pub state_text: String,
    /// `none`, `minor`, `major` or `critical`; empty for a maintenance or notice.
    pub impact: &'static str,
    /// In the page's language: `Major impact`; empty where `impact` is empty or `none`.
    pub impact_text: String,
    /// The name of the icon of the impact, as in [`HeadlineView::icon`]; empty where `impact_text` is.
    pub impact_icon: &'static str,
    /// The name of the icon of the state; empty for a notice.
    pub icon: &'static str,
    /// Whether it is going on: an open incident, a maintenance under way, a notice in force.
    pub open: bool,
    /// When the trouble began, or the window opens.
    pub started: Moment,
    /// When it was over, or the window closes.
    pub ended: Option<Moment>,
    /// How long it lasted, or has lasted, where it is over: `2 h 10 min`; else empty.
    pub duration: String,
    /// When the team knew.
    pub detected: Option<Moment>,
    /// The components that it names.
    pub components: Vec<AffectedView>,
    /// The text before the first update as HTML; may be empty.
    pub summary: String,
    /// The language of the summary, empty where it is the page's.
    pub summary_lang: String,
    /// The direction of the summary, empty where the language is the page's.
    pub summary_dir: &'static str,
    /// Newest first.
    pub updates: Vec<UpdateView>,
    /// The promised next update of an open incident.
    pub next_update: Option<Promise>,
    /// What was changed after publication.
    pub corrections: Vec<CorrectionView>,
    /// The signals that show it, on its own page.
    pub signals: Vec<SignalView>,
    /// How long it took to notice, to say and to end it, on its own page; the steps in the order of
    /// time, or none where they say nothing that the updates do not.
    pub delays: Vec<DelayView>,
    /// What came late: promised updates, or the end of a maintenance; may be empty.
    pub late: Vec<String>,
}

/// A step in the course of an incident.
#[derive(Debug, Clone, Serialize)]
pub struct DelayView {
    /// What it was: `First update`.
    pub name: String,
    /// When.
    pub at: Moment,
    /// How long after the start, `45 min after the start`; empty for the start.
    pub after: String,
}

/// A signal over a stretch of time.
///
/// Its drawing is stretched to the width of its place, and mirrored where a language is written from
/// the right, so that strokes must not scale.
#[derive(Debug, Clone, Serialize)]
pub struct SignalView {
    /// In the page's language.
    pub name: String,
    /// What its values count; may be empty.
    pub unit: String,
    /// Whether it breaches now.
    pub breaching: bool,
    /// Its newest or its highest value with the threshold, in a sentence: `10,110 reports, at or above
    /// the threshold of 500 since 7:30 PM EST`.
    pub text: String,
    /// What the drawing shows, in a sentence.
    pub label: String,
    /// The width of the drawing in its own units.
    pub width: u32,
    /// The height of the drawing in its own units.
    pub height: u32,
    /// The data of the path of the values; empty, as the next two, where there is none in this time.
    pub values: String,
    /// The data of the path of the threshold.
    pub threshold: String,
    /// The data of the path of the updates: a line from the bottom to the top for each.
    pub updates: String,
    /// Its earlier end, in short: `Dec 27, 8:30 PM EST`.
    pub from: String,
    /// Its later end; without its day where that is the other's, or the next one.
    pub until: String,
    /// The same as a table: at most 24 rows, by time.
    pub rows: Vec<SignalRow>,
}

/// The highest value of a part of the time.
#[derive(Debug, Clone, Serialize)]
pub struct SignalRow {
    /// When.
    pub at: Moment,
    /// The value.
    pub value: String,
    /// The threshold at that instant.
    pub threshold: String,
}

/// An update.
#[derive(Debug, Clone, Serialize)]
pub struct UpdateView {
    /// The fragment that leads to it.
    pub id: String,
    /// `investigating`, `identified`, `monitoring`, `resolved`, `postmortem`, `update`, `scheduled`,
    /// `in_progress`, `verifying`, `completed` or `cancelled`.
    pub state: &'static str,
    /// In the page's language.
    pub state_text: String,
    /// When it was posted.
    pub at: Moment,
    /// The text as HTML; may be empty.
    pub html: String,
    /// The language of the text, empty where it is the page's.
    pub lang: String,
    /// The direction of the text, empty where the language is the page's.
    pub dir: &'static str,
    /// Which components it changed, and to what.
    pub changes: Vec<AffectedView>,
}

/// What was changed after publication.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectionView {
    /// When.
    pub at: Moment,
    /// What and why.
    pub note: String,
}

/// A link with its text.
#[derive(Debug, Clone, Serialize)]
pub struct LinkView {
    /// From the site's root.
    pub url: String,
    /// In the page's language.
    pub text: String,
}

/// A line of a list of incidents.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView {
    /// `incident`, `maintenance` or `notice`.
    pub kind: &'static str,
    /// From the site's root.
    pub url: String,
    /// The title; in the language `lang`.
    pub title: String,
    /// The language of the title, empty where it is the page's.
    pub lang: String,
    /// The direction of the title, empty where the language is the page's.
    pub dir: &'static str,
    /// The day, as `28 Dec`.
    pub day: String,
    /// When it began.
    pub started: Moment,
    /// Whether it is going on.
    pub open: bool,
    /// What became of it: `resolved in 42 min`, `open`, `completed`.
    pub outcome: String,
    /// The worst status that it gave a component.
    pub worst: StatusView,
    /// The names of its components, as a list in the page's language; may be empty.
    pub components: String,
}

/// A day of the last two weeks, or a run of days on which nothing began.
#[derive(Debug, Clone, Serialize)]
pub struct DayView<'a> {
    /// The day, as `Wed, 28 Dec`, or the run, as `Thu, 15 Dec – Tue, 27 Dec`.
    pub date: String,
    /// `2022-12-28`; empty for a run of days.
    pub iso: String,
    /// What began on that day, newest first; empty for a run of days.
    pub entries: Vec<&'a EntryView>,
}

/// The index, as `index`.
#[derive(Debug, Clone, Serialize)]
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

/// A month of the history, or a page of it, as `month`.
#[derive(Debug, Clone, Serialize)]
pub struct MonthView<'a> {
    /// `December 2022`.
    pub name: String,
    /// Newest first, at most 50.
    pub entries: Vec<&'a EntryView>,
    /// How many incidents, in words.
    pub count: String,
    /// This page of the month, from 1.
    pub page: usize,
    /// How many pages the month has.
    pub pages: usize,
    /// The other pages of the month, this one included; empty where there is one.
    pub page_links: Vec<PageLink>,
    /// The nearest newer month with an entry.
    pub newer: Option<LinkView>,
    /// The nearest older month with an entry.
    pub older: Option<LinkView>,
}

/// A link to a page of a month.
#[derive(Debug, Clone, Serialize)]
pub struct PageLink {
    /// From 1.
    pub number: usize,
    /// From the site's root.
    pub url: String,
    /// Whether it is this page.
    pub current: bool,
}

/// The overview of all months, as `history`.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryView<'a> {
    /// Newest first.
    pub years: Vec<YearView<'a>>,
}

/// A year of the history.
#[derive(Debug, Clone, Serialize)]
pub struct YearView<'a> {
    /// `2022`.
    pub name: String,
    /// Newest first, those with an entry.
    pub months: Vec<MonthLink<'a>>,
}

/// A month in the overview.
#[derive(Debug, Clone, Serialize)]
pub struct MonthLink<'a> {
    /// From the site's root.
    pub url: String,
    /// `December`.
    pub name: String,
    /// How many incidents, in words; may be empty.
    pub count: String,
    /// The newest entries, at most 3.
    pub entries: Vec<&'a EntryView>,
}

/// A component's own page, as `component`.
#[derive(Debug, Clone, Serialize)]
pub struct ComponentPageView<'a> {
    /// The component.
    pub row: ComponentView,
    /// Its group, empty where it has none.
    pub group: String,
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

/// How all of it is computed, and from what, as `about`.
#[derive(Debug, Clone, Serialize)]
pub struct AboutView {
    /// How uptime is computed, in one sentence with the site's weights.
    pub formula: String,
    /// How many days uptime covers.
    pub days: String,
    /// The IANA name of the site's time zone.
    pub zone: String,
    /// What the page rests on, in a sentence.
    pub coverage: String,
    /// What is known of each component.
    pub components: Vec<CoverageView>,
    /// What is counted, and from where on it is too much.
    pub signals: Vec<LimitView>,
    /// What operators have said in the last year, newest first.
    pub overrides: Vec<OverrideView>,
    /// How often that was, in words.
    pub overrides_count: String,
    /// When sources were not believed, newest first.
    pub silences: Vec<SilenceView>,
    /// What was changed after publication, newest first.
    pub corrections: Vec<CorrectedView>,
    /// The delays of the last year, each in a name and a figure.
    pub delays: Vec<FigureView>,
    /// The instant of the build.
    pub built: Moment,
}

/// What is known of a component.
#[derive(Debug, Clone, Serialize)]
pub struct CoverageView {
    /// In the page's language.
    pub name: String,
    /// From the site's root.
    pub url: String,
    /// The names of its sources in a list; empty where it has none.
    pub sources: String,
    /// How many of them must agree, in words; empty where one is enough.
    pub quorum: String,
    /// How long an observation holds.
    pub valid_for: String,
    /// The end of the newest observation.
    pub confirmed_at: Option<Moment>,
    /// Whether fresh evidence covers it.
    pub fresh: bool,
}

/// From where on a signal is too high.
#[derive(Debug, Clone, Serialize)]
pub struct LimitView {
    /// In the page's language.
    pub name: String,
    /// `500 reports for 15 min`.
    pub text: String,
    /// The names of its components in a list.
    pub components: String,
}

/// What an operator said.
#[derive(Debug, Clone, Serialize)]
pub struct OverrideView {
    /// The component's name in the page's language.
    pub component: String,
    /// What was said of it.
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

/// When a source was not believed.
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
pub struct CorrectedView {
    /// The incident's title.
    pub title: String,
    /// Where its page is, from the site's root.
    pub url: String,
    /// When it was corrected.
    pub at: Moment,
    /// What and why.
    pub note: String,
}

/// A name and a figure.
#[derive(Debug, Clone, Serialize)]
pub struct FigureView {
    /// `From start to first update, median`.
    pub name: String,
    /// `45 min`.
    pub text: String,
}
