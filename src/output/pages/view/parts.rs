//! Parts of views that many of them have.

use schemars::JsonSchema;
use serde::Serialize;

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
    /// Both without the zone, as `28 Dec 2022, 8:30 PM`, for an instant before another one in the same zone.
    pub local: String,
    /// The name of the zone at that instant, as `EST`.
    pub zone: String,
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
    /// The name of the icon, as in `HeadlineView::icon`.
    pub icon: &'static str,
    /// In the page's language.
    pub text: String,
}

impl StatusView {
    /// No status at all, beside this icon.
    pub fn none(icon: &'static str) -> Self {
        Self {
            id: "no_data",
            icon,
            text: String::new(),
        }
    }
}

/// A status to come if nothing new does.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LaterView {
    /// From when on it holds.
    pub since: Moment,
    /// The status from then on.
    pub status: StatusView,
}

/// A component in a list within a sentence, to be printed as `{{ name.before }}` and, where it has one, its link.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NameView {
    /// What stands before it: a comma, or the word for "and"; behind the last name of some, how many others there are.
    pub before: String,
    /// In the page's language; empty where only `before` is to be printed.
    pub name: String,
    /// From the site's root.
    pub url: String,
}

/// A text below a drawing.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TickView {
    /// The place of its middle, from the earlier end on, in per cent of the width.
    pub x: f64,
    /// In the page's language.
    pub text: String,
}

/// A link with its text.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LinkView {
    /// From the site's root, or a whole address.
    pub url: String,
    /// In the page's language.
    pub text: String,
}
