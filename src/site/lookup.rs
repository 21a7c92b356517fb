//! Looking up what a name stands for: what is not there is reported the same everywhere, with what is near.

use std::collections::HashMap;

use super::component::{Component, ComponentIndex, Group, GroupIndex};
use super::config::{ComponentConfig, GroupConfig};
use super::signal::{Signal, SignalIndex};
use super::vocabulary::Status;
use crate::diagnostic::{Code, KnownNames, UnknownName, nearest_hint};
use crate::site::vocabulary::Word;

/// Something of a site that files and arguments name by its id.
pub trait Named {
    /// Its kind, as messages name it.
    const KIND: &'static str;
    /// The table of `allclear.toml` that adds one.
    const TABLE: &'static str;
    /// The code of an id that none has.
    const CODE: Code;

    /// Its id.
    fn id(&self) -> &str;
}

impl Named for Component {
    const KIND: &'static str = "component";
    const TABLE: &'static str = "components";
    const CODE: Code = Code::UnknownComponent;

    fn id(&self) -> &str {
        &self.id
    }
}

impl Named for ComponentConfig {
    const KIND: &'static str = Component::KIND;
    const TABLE: &'static str = Component::TABLE;
    const CODE: Code = Component::CODE;

    fn id(&self) -> &str {
        &self.id.value
    }
}

impl Named for Group {
    const KIND: &'static str = "group";
    const TABLE: &'static str = "groups";
    const CODE: Code = Code::UnknownGroup;

    fn id(&self) -> &str {
        &self.id
    }
}

impl Named for GroupConfig {
    const KIND: &'static str = Group::KIND;
    const TABLE: &'static str = Group::TABLE;
    const CODE: Code = Group::CODE;

    fn id(&self) -> &str {
        &self.id.value
    }
}

impl Named for Signal {
    const KIND: &'static str = "signal";
    const TABLE: &'static str = "signals";
    const CODE: Code = Code::UnknownSignal;

    fn id(&self) -> &str {
        &self.id
    }
}

/// What a site has of one kind, found by its id without a look at all of it.
#[derive(Debug)]
pub struct Directory<'a, T> {
    all: &'a [T],
    /// The first of each id.
    by_id: HashMap<&'a str, usize>,
    names: KnownNames<'a>,
}

impl<'a, T: Named> Directory<'a, T> {
    /// The directory of all that a site has of a kind.
    pub fn new(all: &'a [T]) -> Self {
        let mut by_id = HashMap::with_capacity(all.len());
        for (index, it) in all.iter().enumerate() {
            by_id.entry(it.id()).or_insert(index);
        }
        Self {
            all,
            by_id,
            names: KnownNames::new(all.iter().map(T::id)),
        }
    }

    /// All of it, in the order of the site.
    pub fn all(&self) -> &'a [T] {
        self.all
    }

    /// The index of what has an id.
    ///
    /// # Errors
    ///
    /// Where nothing has it, with the nearest id.
    fn find(&self, id: &str) -> Result<usize, UnknownName> {
        self.find_beside(&[], id)
    }

    /// The index of what has an id, where `others` are words that may stand in its place.
    ///
    /// # Errors
    ///
    /// Where nothing has it, with the nearest id or word.
    pub fn find_beside(&self, others: &[&str], id: &str) -> Result<usize, UnknownName> {
        let found = self.by_id.get(id).copied();
        found.ok_or_else(|| {
            let add = || format!("add it to `allclear.toml` as a `[[{}]]` table", T::TABLE);
            UnknownName {
                code: T::CODE,
                message: format!("there is no {} `{id}`", T::KIND),
                hint: Some(self.names.hint(id, others).unwrap_or_else(add)),
            }
        })
    }
}

impl Directory<'_, Component> {
    /// The component of an id.
    ///
    /// # Errors
    ///
    /// Where the site has none, with the nearest id.
    pub fn component(&self, id: &str) -> Result<ComponentIndex, UnknownName> {
        self.find(id).map(ComponentIndex)
    }
}

impl Directory<'_, GroupConfig> {
    /// The group of an id.
    ///
    /// # Errors
    ///
    /// Where the site has none, with the nearest id.
    pub fn group(&self, id: &str) -> Result<GroupIndex, UnknownName> {
        self.find(id).map(GroupIndex)
    }
}

impl Directory<'_, Signal> {
    /// The signal of an id.
    ///
    /// # Errors
    ///
    /// Where the site has none, with the nearest id.
    pub fn signal(&self, id: &str) -> Result<SignalIndex, UnknownName> {
        self.find(id).map(SignalIndex)
    }
}

/// The component of an id, for those who ask once.
///
/// # Errors
///
/// Where the site has none, with the nearest id.
pub fn component(components: &[Component], id: &str) -> Result<ComponentIndex, UnknownName> {
    Directory::new(components).component(id)
}

/// The status that a word says.
///
/// # Errors
///
/// Where it says none, or one that only follows from evidence, with the nearest word.
pub fn status(word: &str) -> Result<Status, UnknownName> {
    Status::parse(word).ok_or_else(|| UnknownName {
        code: Code::UnknownStatus,
        message: match word.parse::<Status>() {
            Ok(_) => format!("`{word}` follows from evidence; nobody can say it"),
            Err(_) => format!("`{word}` is no component status"),
        },
        hint: meant(word).or_else(|| nearest_hint(word, Status::words())),
    })
}

/// The words that people use for a status instead of its own, in lower case with `_` between them.
const WORDS_FOR: [(Status, &[&str]); 5] = [
    (
        Status::Operational,
        &[
            "up",
            "ok",
            "okay",
            "fine",
            "good",
            "well",
            "works",
            "working",
            "healthy",
            "normal",
            "green",
            "online",
            "available",
            "running",
            "alive",
            "passing",
            "success",
            "fixed",
            "resolved",
            "recovered",
            "restored",
            "back",
        ],
    ),
    (
        Status::UnderMaintenance,
        &[
            "maintenance",
            "in_maintenance",
            "maintaining",
            "planned",
            "planned_work",
            "upgrade",
            "upgrading",
        ],
    ),
    (
        Status::DegradedPerformance,
        &[
            "degraded",
            "degradation",
            "slow",
            "slowly",
            "sluggish",
            "minor",
            "unstable",
            "unreliable",
            "flaky",
            "impaired",
            "yellow",
            "warning",
            "degraded_service",
        ],
    ),
    (
        Status::PartialOutage,
        &[
            "partial",
            "partly",
            "partially",
            "partially_down",
            "partly_down",
            "partial_down",
            "minor_outage",
            "orange",
        ],
    ),
    (
        Status::MajorOutage,
        &[
            "down",
            "major",
            "dead",
            "offline",
            "unavailable",
            "unreachable",
            "critical",
            "red",
            "full_outage",
            "complete_outage",
            "total_outage",
            "out",
            "crashed",
        ],
    ),
];

/// The words for an outage that do not say how much of a component is down.
const WORDS_FOR_AN_OUTAGE: [&str; 9] = [
    "outage",
    "broken",
    "failing",
    "failed",
    "failure",
    "fails",
    "error",
    "errors",
    "disruption",
];

/// The status that a word means, be it its own or one that people use instead of it; `None` where it could be
/// several, or none.
pub fn meant_status(word: &str) -> Option<Status> {
    let word = word.trim().to_lowercase().replace([' ', '-'], "_");
    let mut of_words = WORDS_FOR.iter();
    let of_words = of_words.find(|(_, words)| words.contains(&word.as_str()));
    of_words.map_or_else(|| Status::parse(&word), |(status, _)| Some(*status))
}

/// The hint for a word that people use instead of a status.
fn meant(word: &str) -> Option<String> {
    if let Some(status) = meant_status(word) {
        return Some(format!("did you mean `{}`?", status.as_str()));
    }
    let is_outage = WORDS_FOR_AN_OUTAGE.contains(&word.trim().to_lowercase().as_str());
    let which = "did you mean `major_outage`, or `partial_outage` where a part of it works?";
    is_outage.then(|| which.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{WORDS_FOR, WORDS_FOR_AN_OUTAGE, meant_status, status};
    use crate::site::vocabulary::{Status, Word};

    #[test]
    fn each_word_means_one_thing_and_is_no_status() {
        let mut seen = BTreeSet::new();
        let of_statuses = WORDS_FOR.iter().flat_map(|(_, words)| words.iter());
        for word in of_statuses.chain(&WORDS_FOR_AN_OUTAGE) {
            assert!(seen.insert(word), "`{word}` stands there twice");
            assert!(status(word).is_err(), "`{word}` is a status");
            assert_eq!(word.to_lowercase().replace([' ', '-'], "_"), **word);
        }
        for known in Status::REPORTABLE {
            assert_eq!(meant_status(known.as_str()), Some(known));
        }
        for word in ["outage", "suspected", "unknown", "", "purple"] {
            assert_eq!(meant_status(word), None, "{word}");
        }
    }
}
