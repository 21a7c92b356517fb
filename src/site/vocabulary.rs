//! The words of the site's files: component statuses, impacts, states of updates and kinds of posts.
//!
//! Each word is the name of its variant in snake case, and is written nowhere else: readers, templates,
//! the API and the schemas take it from here.

use std::str::FromStr;

use schemars::JsonSchema;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A word of a closed vocabulary: the name of its variant in snake case.
pub trait Word: Copy + Into<&'static str> {
    /// The texts of the words that files may use.
    fn words() -> impl Iterator<Item = &'static str>
    where
        Self: VariantArray,
    {
        Self::VARIANTS.iter().map(|word| word.as_str())
    }

    /// The text of the word in files, in the API and in templates.
    fn as_str(self) -> &'static str {
        self.into()
    }

    /// The word of a text; `None` where files may not use it.
    fn parse(text: &str) -> Option<Self>
    where
        Self: FromStr,
    {
        text.parse().ok()
    }
}

/// A format in which a site is published beside its pages, by the word of `[build] formats`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[strum(serialize_all = "snake_case")]
#[schemars(
    rename_all = "snake_case",
    description = "A format in which the site is published beside its pages."
)]
pub enum FormatName {
    /// Statuspage's API, version 2.
    Api,
    /// The Atom feeds.
    Atom,
    /// The RSS feeds.
    Rss,
    /// The JSON feeds.
    JsonFeed,
    /// The calendars of maintenances.
    Calendar,
    /// The badges, and what shields.io reads.
    Badges,
    /// The page and the script to embed in other sites.
    Embed,
    /// The pages as Markdown, and `llms.txt`.
    Markdown,
    /// `sitemap.xml`.
    Sitemap,
    /// `robots.txt`.
    Robots,
    /// `_headers`, for hosts that read it.
    Headers,
}

impl FormatName {
    /// All of them.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

impl Word for FormatName {}

/// The state of a component, best first, so that the worst of several is their maximum.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumString,
    IntoStaticStr,
    VariantArray,
    JsonSchema,
)]
#[strum(serialize_all = "snake_case")]
#[schemars(rename_all = "snake_case", description = "How a component is.")]
pub enum Status {
    /// It works.
    Operational,
    /// Planned maintenance is in progress.
    UnderMaintenance,
    /// Evidence is required and none is fresh.
    #[schemars(skip)]
    Unknown,
    /// Evidence contradicts what is said.
    #[schemars(skip)]
    Suspected,
    /// It is slow or unreliable.
    DegradedPerformance,
    /// A part of it, or for some of its users, is down.
    PartialOutage,
    /// It is down.
    MajorOutage,
}

impl Status {
    /// All of them, best first.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The statuses that a person or a probe can report; the others are derived.
    pub const REPORTABLE: [Self; 5] = [
        Self::Operational,
        Self::UnderMaintenance,
        Self::DegradedPerformance,
        Self::PartialOutage,
        Self::MajorOutage,
    ];

    /// Whether the component is, to its users, not what it should be.
    pub fn is_trouble(self) -> bool {
        self >= Self::DegradedPerformance
    }

    /// Whether it counts as an outage.
    pub fn is_outage(self) -> bool {
        self >= Self::PartialOutage
    }
}

impl Word for Status {
    fn words() -> impl Iterator<Item = &'static str> {
        Self::REPORTABLE.into_iter().map(Self::as_str)
    }

    fn parse(text: &str) -> Option<Self> {
        let status = text.parse().ok();
        status.filter(|status| Self::REPORTABLE.contains(status))
    }
}

/// The impact of an incident, least first.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumString,
    IntoStaticStr,
    VariantArray,
    JsonSchema,
)]
#[strum(serialize_all = "snake_case")]
#[schemars(rename_all = "snake_case", description = "How bad an incident is.")]
pub enum Impact {
    /// Nobody notices.
    None,
    /// Something is slow or unreliable.
    Minor,
    /// Something is partly down.
    Major,
    /// Something is down.
    Critical,
}

impl Word for Impact {}

impl Impact {
    /// The impact of an incident whose worst component status is this.
    pub fn of(worst: Status) -> Self {
        match worst {
            Status::MajorOutage => Self::Critical,
            Status::PartialOutage => Self::Major,
            Status::DegradedPerformance => Self::Minor,
            Status::Operational
            | Status::UnderMaintenance
            | Status::Unknown
            | Status::Suspected => Self::None,
        }
    }

    /// The status of the components of an incident that names them without saying theirs.
    pub fn status(self) -> Status {
        match self {
            Self::None => Status::Operational,
            Self::Minor => Status::DegradedPerformance,
            Self::Major => Status::PartialOutage,
            Self::Critical => Status::MajorOutage,
        }
    }
}

/// The state of an incident or a maintenance: the word at the head of an update.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// The team is looking for the cause.
    Investigating,
    /// The team knows the cause.
    Identified,
    /// The team watches a fix.
    Monitoring,
    /// The incident is over.
    Resolved,
    /// The incident is over, and this is what was learnt.
    Postmortem,
    /// News that leave the state as it is.
    Update,
    /// The maintenance is planned.
    Scheduled,
    /// The maintenance has begun.
    InProgress,
    /// The work is done and is being checked.
    Verifying,
    /// The maintenance is over.
    Completed,
    /// The maintenance does not take place, or was broken off.
    Cancelled,
}

impl Word for State {}

impl State {
    /// All of them.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// Whether an incident may be in it.
    pub fn fits_incident(self) -> bool {
        matches!(
            self,
            Self::Investigating
                | Self::Identified
                | Self::Monitoring
                | Self::Resolved
                | Self::Postmortem
                | Self::Update
        )
    }

    /// Whether a maintenance may be in it.
    pub fn fits_maintenance(self) -> bool {
        matches!(
            self,
            Self::Scheduled
                | Self::InProgress
                | Self::Verifying
                | Self::Completed
                | Self::Cancelled
                | Self::Update
        )
    }

    /// Whether it ends a maintenance.
    pub fn ends_maintenance(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled)
    }

    /// Whether it ends an incident.
    pub fn ends_incident(self) -> bool {
        matches!(self, Self::Resolved | Self::Postmortem)
    }
}

/// What a file in `incidents/` describes: the word of its key `kind`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[strum(serialize_all = "snake_case")]
#[schemars(
    rename = "Kind",
    rename_all = "snake_case",
    description = "What a file in `incidents/` describes."
)]
pub enum PostKind {
    /// Something goes wrong.
    Incident,
    /// Work is planned.
    Maintenance,
    /// News without an effect on any status.
    Notice,
}

impl Word for PostKind {}

#[cfg(test)]
mod tests {
    use super::{State, Word};
    use crate::locale::{Language, Locale};

    #[test]
    fn the_english_messages_have_every_state() {
        let english = Language::parse("en").map(|language| Locale::new(&language));
        for state in State::ALL {
            let found = english
                .as_ref()
                .ok()
                .and_then(|it| it.update_state(state.as_str()));
            assert_eq!(found, Some(state.as_str()));
        }
    }
}
