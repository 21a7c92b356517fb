//! Views of an incident.

use schemars::JsonSchema;
use serde::Serialize;

use super::bars::BarPath;
use super::parts::{Moment, Promise, StatusView};
use super::signal::SignalView;

/// A component as an incident names it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AffectedView {
    /// In the page's language.
    pub name: String,
    /// From the site's root.
    pub url: String,
    /// Now, or of what is over, the worst while it lasted. Its text is empty where a maintenance has not begun, or
    /// never took place: it has given no status.
    pub status: StatusView,
}

/// An incident, a maintenance or a notice.
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
    /// In the page's language: `Major impact`; empty unless the author set it, since else it follows from the statuses of
    /// components, which say more.
    pub impact_text: String,
    /// The name of the icon of the impact, as in `HeadlineView::icon`; empty where `impact_text` is.
    pub impact_icon: &'static str,
    /// The name of the icon of the state; empty for a notice.
    pub icon: &'static str,
    /// Whether it is going on: an open incident, a maintenance under way, a notice in force.
    pub open: bool,
    /// When the trouble began, or the window opens.
    pub started: Moment,
    /// When it was over, or the window closes.
    pub ended: Option<Moment>,
    /// The further windows of a maintenance that repeats, soonest first: those of the next 60 days, or else the next
    /// one.
    pub windows: Vec<WindowView>,
    /// The rhythm in which a maintenance repeats, with the time of day: `Repeats weekly: Sunday, 2:00 AM – 2:30 AM CET`;
    /// empty where it does not, or where its rule is not that simple.
    pub repeats: String,
    /// `7 further dates in the next 60 days`; empty where there are none.
    pub windows_text: String,
    /// How long it lasted, or has lasted, where it is over: `2 h 10 min`; else empty.
    pub duration: String,
    /// When the team knew.
    pub detected: Option<Moment>,
    /// The regions that it concerns, in words: `Concerns: Japan`; empty where that is everywhere.
    pub concerns: String,
    /// The components that it names.
    pub components: Vec<AffectedView>,
    /// The status of each of them over time, on its own page; empty where nothing changed.
    pub course: Vec<ComponentTimelineView>,
    /// The data of a path over that time, as of the drawings in `course`: a line without a length at each update.
    pub course_updates: String,
    /// `Not translated yet; this is the original in English.`, where the title or the summary is in another
    /// language than the page; else empty.
    pub original: String,
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
    /// The corrections after publication.
    pub corrections: Vec<CorrectionView>,
    /// The signals that show it, on its own page.
    pub signals: Vec<SignalView>,
    /// How long it took to notice, to say and to end it, on its own page; the steps in the order of
    /// time, or none where they say nothing that the updates do not.
    pub delays: Vec<DelayView>,
    /// The delays in words: of promised updates, or of the end of a maintenance; may be empty.
    pub late: Vec<String>,
}

/// A window of a maintenance.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WindowView {
    /// When it opens.
    pub started: Moment,
    /// When it closes.
    pub ended: Moment,
}

/// A component in the course of an incident, as a drawing that is stretched to the width of its place.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ComponentTimelineView {
    /// In the page's language.
    pub name: String,
    /// From the site's root.
    pub url: String,
    /// Its worst status in the incident.
    pub status: StatusView,
    /// The width of the drawing in its own units; it is 8 high, and starts where the incident did.
    pub width: u32,
    /// One path a status, each a line at the height 4 that the style sheet strokes.
    pub paths: Vec<BarPath>,
    /// The same in words: `partial outage for 1 h 10 min and degraded performance for 20 min`.
    pub steps: String,
    /// With the name: `Web: partial outage for 1 h 10 min.`
    pub label: String,
}

/// A step in the course of an incident.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DelayView {
    /// Its name: `First update`.
    pub name: String,
    /// When.
    pub at: Moment,
    /// How long after the start, `45 min after the start`; empty for the start.
    pub after: String,
}

/// An update.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UpdateView {
    /// The fragment that leads to it: `update-1` for the first one, and so on in the order of time.
    pub id: String,
    /// `investigating`, `identified`, `monitoring`, `resolved`, `postmortem`, `update`, `scheduled`,
    /// `in_progress`, `verifying`, `completed` or `cancelled`.
    pub state: &'static str,
    /// In the page's language.
    pub state_text: String,
    /// The state that lasts, in the page's language, where the update keeps it: `Identified` of an `update` after
    /// that; else empty.
    pub lasting: String,
    /// When it was posted.
    pub at: Moment,
    /// The text as HTML; may be empty.
    pub html: String,
    /// The language of the text, empty where it is the page's.
    pub lang: String,
    /// The direction of the text, empty where the language is the page's.
    pub dir: &'static str,
    /// As [`IncidentView::original`], of this text.
    pub original: String,
    /// Which components it changed, and to what.
    pub changes: Vec<AffectedView>,
}

/// A correction after publication.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CorrectionView {
    /// The fragment that leads to it: `correction-1` for the first one, and so on in the order of time.
    pub id: String,
    /// When.
    pub at: Moment,
    /// The change and its reason.
    pub note: String,
}
