//! Components: the parts of a service whose state readers care about.

use chrono::{NaiveDate, TimeDelta};

use crate::locale::LocalizedText;

/// A component of a site, as its index in [`crate::site::Site::components`]; it always exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentIndex(pub usize);

/// A component.
#[derive(Debug, Clone)]
pub struct Component {
    /// Its id: small letters, digits, `-` and `_`; unique in the site.
    pub id: String,
    /// Its name.
    pub name: LocalizedText,
    /// What it is.
    pub description: Option<LocalizedText>,
    /// Its group, as an index into [`crate::site::Site::groups`].
    pub group: Option<usize>,
    /// The first day that counts towards its uptime, in the site's zone.
    pub since: Option<NaiveDate>,
    /// Whether time that no observation covers is unknown.
    pub required: bool,
    /// How long an observation holds.
    pub valid_for: TimeDelta,
    /// How many of its fresh sources must agree before a bad status counts; all of them where fewer
    /// are fresh.
    pub quorum: usize,
}

/// A group of components.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its id, unique among groups.
    pub id: String,
    /// Its name.
    pub name: LocalizedText,
}

/// The state of a component, best first, so that the worst of several is their maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It works.
    Operational,
    /// It is inside an announced window.
    UnderMaintenance,
    /// Evidence is required and none is fresh.
    Unknown,
    /// Evidence contradicts what is said.
    Suspected,
    /// It works, but badly.
    DegradedPerformance,
    /// It does not work for some.
    PartialOutage,
    /// It does not work.
    MajorOutage,
}

impl Status {
    /// All of them, best first.
    pub const ALL: [Self; 7] = [
        Self::Operational,
        Self::UnderMaintenance,
        Self::Unknown,
        Self::Suspected,
        Self::DegradedPerformance,
        Self::PartialOutage,
        Self::MajorOutage,
    ];

    /// What a person or a probe can say; the others are derived.
    pub const SAID: [Self; 5] = [
        Self::Operational,
        Self::UnderMaintenance,
        Self::DegradedPerformance,
        Self::PartialOutage,
        Self::MajorOutage,
    ];

    /// The word in files, in the API and in templates.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operational => "operational",
            Self::UnderMaintenance => "under_maintenance",
            Self::Unknown => "unknown",
            Self::Suspected => "suspected",
            Self::DegradedPerformance => "degraded_performance",
            Self::PartialOutage => "partial_outage",
            Self::MajorOutage => "major_outage",
        }
    }

    /// The status that a word in a file says; the derived ones cannot be said.
    pub fn parse(word: &str) -> Option<Self> {
        Self::SAID
            .into_iter()
            .find(|status| status.as_str() == word)
    }

    /// Whether the component is, to its users, not what it should be.
    pub fn is_trouble(self) -> bool {
        self >= Self::DegradedPerformance
    }

    /// Whether it counts as an outage.
    pub fn is_outage(self) -> bool {
        self >= Self::PartialOutage
    }
}

/// How bad an incident is, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Nobody noticed.
    None,
    /// Something is slow or unreliable.
    Minor,
    /// Something does not work for some.
    Major,
    /// Something does not work.
    Critical,
}

impl Impact {
    /// All of them, least first.
    pub const ALL: [Self; 4] = [Self::None, Self::Minor, Self::Major, Self::Critical];

    /// The word in files, in the API and in templates.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }

    /// The impact that a word in a file says.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|impact| impact.as_str() == word)
    }

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
