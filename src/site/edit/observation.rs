//! Adding what a monitor saw to the text of a file of component states.

use chrono::TimeDelta;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::site::vocabulary::{Status, Word};
use crate::time::{self, Instant};

/// A line of component states in the form in which it is written.
#[derive(Debug, Serialize, Deserialize)]
struct StateRecord {
    component: String,
    status: String,
    from: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    source: String,
}

/// An observation to be added.
#[derive(Debug, Clone, Copy)]
pub struct NewObservation<'a> {
    /// The component's id.
    pub component: &'a str,
    /// Its status.
    pub status: Status,
    /// The name of the source that saw it.
    pub source: &'a str,
    /// The instant at which it was seen.
    pub at: Instant,
}

/// The change of a file to which an observation was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// A line was added.
    Added,
    /// The newest line of the source and component was extended.
    Extended,
}

/// A text of JSON Lines with what was seen.
///
/// Where the newest line of that source and component says the same and still holds, which it does
/// for `valid_for`, it is extended: a check every minute does not grow the file. Every other line
/// stays as it was, to the byte. Half a last line is written over.
pub fn record(text: &str, seen: NewObservation<'_>, valid_for: TimeDelta) -> (String, Recorded) {
    let NewObservation {
        component,
        status,
        source,
        at,
    } = seen;
    let text = &text[..end_of_whole_lines(text)];
    let mut start = text.len();
    let lines = text.split_inclusive('\n').rev();
    let newest = lines
        .map(|line| {
            start -= line.len();
            (start, line)
        })
        .find_map(|(start, line)| {
            let read: StateRecord = serde_json::from_str(line.trim()).ok()?;
            (read.component == component && read.source == source).then_some((start, line, read))
        });
    if let Some((start, line, mut read)) = newest
        && read.status == status.as_str()
    {
        let until = read.to.as_deref().unwrap_or(&read.from);
        let until = time::parse(until, chrono_tz::Tz::UTC).ok();
        if until.is_some_and(|until| until <= at && at <= until + valid_for) {
            read.to = Some(time::rfc3339(at));
            let rest = &text[start + line.trim_end().len()..];
            let text = format!("{}{}{rest}", &text[..start], json(&read));
            return (text, Recorded::Extended);
        }
    }
    let separator = match text.is_empty() || text.ends_with('\n') {
        true => "",
        false => "\n",
    };
    let line = StateRecord {
        component: component.to_owned(),
        status: status.as_str().to_owned(),
        from: time::rfc3339(at),
        to: None,
        source: source.to_owned(),
    };
    (
        format!("{text}{separator}{}\n", json(&line)),
        Recorded::Added,
    )
}

/// The start of the half of a last line that a stopped writer has left; the end where there is none.
fn end_of_whole_lines(text: &str) -> usize {
    let last = text.rfind('\n').map_or(0, |at| at + 1);
    let is_whole = serde_json::from_str::<IgnoredAny>(&text[last..]).is_ok();
    match is_whole || text[last..].trim().is_empty() {
        true => text.len(),
        false => last,
    }
}

fn json(line: &StateRecord) -> String {
    // A struct of texts always has a JSON form.
    serde_json::to_string(line).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn saw(text: &str, component: &str, status: Status, clock: &str) -> String {
        let at = format!("2022-12-29T{clock}:00Z").parse().unwrap();
        let seen = NewObservation {
            component,
            status,
            source: "probe",
            at,
        };
        record(text, seen, TimeDelta::minutes(15)).0
    }

    #[test]
    fn what_stays_the_same_is_one_line() {
        let first = saw("", "web", Status::Operational, "01:00");
        assert_eq!(
            first,
            "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-29T01:00:00Z\",\"source\":\"probe\"}\n"
        );
        let both = saw(&first, "api", Status::Operational, "01:01");
        assert!(both.starts_with(&first));
        let later = saw(&both, "web", Status::Operational, "01:15");
        assert_eq!(later.lines().count(), 2);
        assert!(later.contains("\"to\":\"2022-12-29T01:15:00Z\""));
        assert_eq!(later.lines().nth(1), both.lines().nth(1));
    }

    #[test]
    fn a_change_a_gap_and_an_earlier_time_are_lines_of_their_own() {
        let first = saw("", "web", Status::Operational, "01:00");
        for (status, clock) in [
            (Status::MajorOutage, "01:05"),
            (Status::Operational, "01:16"),
            (Status::Operational, "00:59"),
        ] {
            let text = saw(&first, "web", status, clock);
            assert_eq!(text.lines().count(), 2, "{text}");
            assert!(text.starts_with(&first));
        }
        assert_eq!(
            saw(first.trim_end(), "web", Status::MajorOutage, "01:05")
                .lines()
                .count(),
            2
        );
    }
}
