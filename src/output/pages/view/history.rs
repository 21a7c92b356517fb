//! Views of lists of incidents and of the history.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::bars::BarsView;
use super::parts::{LinkView, Moment, NameView, StatusView, TickView};

/// A line of a list of incidents.
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
    /// The day, as `28 Dec`: the one on which it began, or was called off; in a later
    /// month that of its first update, or the first one on which it went on.
    pub day: String,
    /// The same day with its year, for a list without a heading that has it.
    pub full_day: String,
    /// The same day as `2022-12-28`.
    pub date: String,
    /// Where it began on an earlier day, or in an earlier month, what came of it in this one: `continued`, or the states
    /// of its updates as `Identified and Resolved`. Empty where all of it is to be told.
    pub later: String,
    /// When it began.
    pub started: Moment,
    /// Whether it is going on.
    pub open: bool,
    /// Its outcome: `resolved in 42 min`, `open`, `completed`.
    pub outcome: String,
    /// How long it lasted: `42 min`; empty for what is not over, was called off, or is a notice.
    pub duration: String,
    /// The worst status that it gave a component.
    pub worst: StatusView,
    /// The names of its components, as a list in the page's language; may be empty.
    pub components: String,
    /// The same with links.
    pub named: Vec<NameView>,
    /// The ids of all its components, with blanks between them.
    pub ids: String,
}

/// A day of the last two weeks, or a run of days on which nothing happened.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DayView<'a> {
    /// The day, as `Wed, 28 Dec`, or the run, as `Thu, 15 Dec – Tue, 27 Dec`.
    pub date: String,
    /// `2022-12-28`; empty for a run of days.
    pub iso: String,
    /// The entries that touched that day, newest first; empty for a run of days.
    pub entries: Vec<Cow<'a, EntryView>>,
    /// How many of its incidents are open, and how many only went on, where there are more than three: `13 incidents ·
    /// open`. These are not among `entries`.
    pub folded: Vec<String>,
    /// The trouble of that day that evidence shows and no incident tells of, worst first.
    pub unreported: Vec<UnreportedView>,
}

/// Trouble that evidence shows and no incident tells of.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UnreportedView {
    /// The worst status of some components on a day.
    pub status: StatusView,
    /// The names of these components, as a list in the page's language: at most four, and how many others there are.
    pub components: String,
    /// The ids of all of them, with blanks between them.
    pub ids: String,
    /// `no incident reported`.
    pub text: String,
}

/// A day with trouble that evidence shows and no incident tells of.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UnreportedDayView {
    /// `2022-12-28`.
    pub date: String,
    /// `Dec 28`.
    pub day: String,
    /// Worst first.
    pub unreported: Vec<UnreportedView>,
}

/// A month of the history, or a page of it, as `month`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MonthView<'a> {
    /// `December 2022`.
    pub name: String,
    /// Newest first, those that began in an earlier month last; at most 50.
    pub entries: Vec<Cow<'a, EntryView>>,
    /// The days with trouble that evidence shows and no incident tells of, newest first; empty on all pages of the month
    /// but the first.
    pub unreported: Vec<UnreportedDayView>,
    /// Its days as bars; `None` where nothing is known of any.
    pub days: Option<MonthDaysView>,
    /// The components that it names, those of which it lists the most first; at most 12.
    pub components: Vec<MonthComponentView>,
    /// How many other components it names: `3 others`; empty where there are none.
    pub others: String,
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

/// The days of a month.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MonthDaysView {
    /// Each in the colour of the worst that is known of it, in a drawing as wide as a month of 31 days.
    pub bars: BarsView,
    /// Some of its days, to stand below them.
    pub ticks: Vec<TickView>,
}

/// A component that a month names.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MonthComponentView {
    /// In the page's language.
    pub name: String,
    /// From the site's root.
    pub url: String,
    /// How many incidents, in words.
    pub count: String,
}

/// A link to a page of a month.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PageLink {
    /// From 1.
    pub number: usize,
    /// From the site's root.
    pub url: String,
    /// Whether it is this page.
    pub current: bool,
}

/// The overview of all months, as `history`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HistoryView<'a> {
    /// Newest first.
    pub years: Vec<YearView<'a>>,
    /// The components that it names, for a filter.
    pub components: Vec<HistoryComponentView>,
    /// A sentence that older months are not listed here; empty where all are.
    pub cut: String,
}

/// A component that the history names.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HistoryComponentView {
    /// Its id in `allclear.toml`.
    pub id: String,
    /// In the page's language.
    pub name: String,
}

/// A year of the history.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct YearView<'a> {
    /// `2022`.
    pub name: String,
    /// How many incidents, in words.
    pub count: String,
    /// Whether it has so many entries that each month is better folded for itself.
    pub long: bool,
    /// All twelve months, from January on.
    pub overview: Vec<MonthCell>,
    /// Newest first, those of which something is told.
    pub months: Vec<MonthLink<'a>>,
}

/// A month in the overview of a year.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MonthCell {
    /// `Dec`.
    pub name: String,
    /// From the site's root; empty for a month of which nothing is told.
    pub url: String,
    /// How many incidents, as a figure; empty for none.
    pub count: String,
    /// The height of its bar, from 0 to 24, by how many incidents the month has, compared with the month that has the most;
    /// 0 for a month of which nothing is told.
    pub height: u32,
    /// `December 2022: 3 incidents`.
    pub title: String,
    /// The worst status of the month's entries, or that evidence shows; `None` for a month without either.
    pub worst: Option<StatusView>,
}

/// A month with its newest entries.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MonthLink<'a> {
    /// From the site's root.
    pub url: String,
    /// `December`.
    pub name: String,
    /// How many incidents, in words; may be empty.
    pub count: String,
    /// Its entries, newest first; none where the 1,000 newest of the whole history do not reach it: its page has them.
    pub entries: Vec<Cow<'a, EntryView>>,
    /// The newest days with trouble that evidence shows and no incident tells of, at most 3.
    pub unreported: Vec<UnreportedDayView>,
}
