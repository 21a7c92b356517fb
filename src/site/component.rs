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
    /// Its description, for readers.
    pub description: Option<LocalizedText>,
    /// Its group.
    pub group: Option<GroupIndex>,
    /// The first day that counts towards its uptime, in the site's zone.
    pub since: Option<NaiveDate>,
    /// When time that no observation covers is unknown.
    pub required: Requirement,
    /// The time for which an observation holds.
    pub valid_for: TimeDelta,
    /// The number of its fresh sources that must agree before a bad status counts.
    pub quorum: usize,
}

/// The rule by which evidence of a component is required: time that no observation covers is then unknown.
///
/// What is before its first observation is never unknown where there is one: it is known from posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// Also where nobody has ever observed it.
    Always,
    /// From its first observation on.
    OnceObserved,
    /// Never: time that no observation covers is merely without evidence.
    Never,
}

/// A group of components, as its index in [`crate::site::Site::groups`]; it always exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupIndex(pub usize);

/// A group of components.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its id, unique among groups.
    pub id: String,
    /// Its name.
    pub name: LocalizedText,
}
