//! The view of the page for a frame in other pages.

use schemars::JsonSchema;
use serde::Serialize;

use super::history::EntryView;

/// The page for a frame in other pages, as `embed`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FrameView {
    /// What it says now.
    pub now: FrameClaimView,
    /// What it will say if nothing new comes.
    pub later: Vec<FrameClaimView>,
    /// A sentence that says what is affected, or how sure the page is, where no entry does; may be empty.
    pub detail: String,
    /// The open incidents, worst and newest first, then the maintenances under way: the first few of each.
    pub entries: Vec<EntryView>,
    /// How many there are, as `5 incidents, 1 maintenance`, where those are not all of them; else empty.
    pub count: String,
}

/// The answer to "does it work?" in two lines.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FrameClaimView {
    /// From when on it holds, RFC 3339 in UTC.
    pub from: String,
    /// As `HeadlineView::state`.
    pub state: &'static str,
    /// The name of the icon, as in `HeadlineView::icon`.
    pub icon: &'static str,
    /// The headline without its time: `Status unconfirmed`.
    pub text: String,
    /// The time that belongs to it: `Confirmed until Dec 28, 2022, 6:00 PM EST`.
    pub time: String,
}
