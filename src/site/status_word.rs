//! The words by which people name the status of a component.

use super::vocabulary::{Status, Word};
use crate::diagnostic::{Code, UnknownName, nearest_hint};

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
