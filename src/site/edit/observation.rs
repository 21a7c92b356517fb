//! Adding what a monitor saw to a file of component states.

use chrono::TimeDelta;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::tail::{Replacement, TailChange};
use crate::site::torn_line::whole_part;
use crate::site::vocabulary::{Status, Word};
use crate::time::{self, Instant};

/// A line of component states in the form in which it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// The change of a text of JSON Lines, of which `end` is the end, that adds what was seen.
///
/// Where the newest line of that source and component says the same and still holds, which it does for `valid_for`, its
/// end is moved: a check every minute does not grow the file. Every new line has an end of its own from the start, so that
/// there is one to be moved without moving anything else. Every other line stays as it was, to the byte. Half a last line
/// goes.
pub fn record(end: &[u8], seen: NewObservation<'_>, valid_for: TimeDelta) -> TailChange {
    let kept = end_of_whole_lines(end);
    let at = time::rfc3339(seen.at);
    let line = StateRecord {
        component: seen.component.to_owned(),
        status: seen.status.as_str().to_owned(),
        from: at.clone(),
        to: Some(at.clone()),
        source: seen.source.to_owned(),
    };
    TailChange {
        kept,
        instead: newest(&end[..kept], seen).and_then(|newest| newest.until(&at, seen, valid_for)),
        // A struct of texts always has a JSON form.
        line: serde_json::to_string(&line).unwrap_or_default(),
    }
}

/// A line that is there.
#[derive(Debug)]
struct Line<'a> {
    /// Where it begins.
    start: usize,
    text: &'a str,
    record: StateRecord,
}

impl Line<'_> {
    /// The bytes that make it hold until `at`, where it says what was seen and still holds, and where such a time has its
    /// place in it.
    fn until(
        &self,
        at: &str,
        seen: NewObservation<'_>,
        valid_for: TimeDelta,
    ) -> Option<Replacement> {
        let read = |text: &str| time::parse(text, Tz::UTC).ok();
        let until = self.record.to.as_deref()?;
        let (began, ended) = (read(&self.record.from)?, read(until)?);
        let holds =
            began <= ended && ended <= seen.at && seen.at <= ended.checked_add_signed(valid_for)?;
        if !holds || self.record.status != seen.status.as_str() || until.len() != at.len() {
            return None;
        }
        const KEY: &str = "\"to\":\"";
        let value = format!("{KEY}{until}\"");
        let mut places = self.text.match_indices(&value);
        let (place, _) = places.next().filter(|_| places.next().is_none())?;
        // Only what differs, which is less than what could be torn.
        let differs = |(a, b): (u8, u8)| a != b;
        let mut pairs = until.bytes().zip(at.bytes());
        let first = pairs.clone().position(differs).unwrap_or(at.len());
        let end = pairs.rposition(differs).map_or(first, |last| last + 1);
        Some(Replacement {
            at: self.start + place + KEY.len() + first,
            bytes: at[first..end].to_owned(),
        })
    }
}

/// The newest line of the source and the component of what was seen.
fn newest<'a>(text: &'a [u8], seen: NewObservation<'_>) -> Option<Line<'a>> {
    let mut start = text.len();
    let lines = text.split_inclusive(|byte| *byte == b'\n').rev();
    let mut whole = lines.filter_map(|line| {
        start -= line.len();
        let text = str::from_utf8(line).ok()?;
        let record: StateRecord = serde_json::from_str(text.trim()).ok()?;
        Some(Line {
            start,
            text,
            record,
        })
    });
    whole.find(|it| it.record.component == seen.component && it.record.source == seen.source)
}

/// The end of the lines that stay: where the half of a last line begins that a stopped writer has left, and the end of
/// the text where there is none.
fn end_of_whole_lines(text: &[u8]) -> usize {
    let last = text.iter().rposition(|byte| *byte == b'\n');
    let last = last.map_or(0, |at| at + 1);
    last + whole_part(&text[last..])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn change(text: &[u8], component: &str, status: Status, clock: &str) -> TailChange {
        let at = format!("2022-12-29T{clock}:00Z").parse().unwrap();
        let seen = NewObservation {
            component,
            status,
            source: "probe",
            at,
        };
        record(text, seen, TimeDelta::minutes(15))
    }

    /// The text after a change, as it is written.
    fn saw(text: &str, component: &str, status: Status, clock: &str) -> String {
        change(text.as_bytes(), component, status, clock).applied(text)
    }

    #[test]
    fn what_stays_the_same_is_one_line() {
        let first = saw("", "web", Status::Operational, "01:00");
        assert_eq!(
            first,
            "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-29T01:00:00Z\",\"to\":\"2022-12-29T01:00:00Z\",\"source\":\"probe\"}\n"
        );
        let both = saw(&first, "api", Status::Operational, "01:01");
        assert!(both.starts_with(&first));
        let mut later = both.clone();
        for clock in ["01:00", "01:09", "01:10", "01:15"] {
            later = saw(&later, "web", Status::Operational, clock);
            assert_eq!(later.lines().count(), 2);
            assert!(later.contains(&format!("\"to\":\"2022-12-29T{clock}:00Z\"")));
            assert_eq!(later.lines().nth(1), both.lines().nth(1));
        }
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
    }

    #[test]
    fn only_an_end_that_has_its_place_is_moved() {
        let line = |rest: &str| {
            format!(
                "{{\"component\":\"web\",\"status\":\"operational\",\"source\":\"probe\",\"from\":\"2022-12-29T01:00:00Z\"{rest}}}\n"
            )
        };
        for rest in [
            "",
            ",\"to\":\"2022-12-29 01:01Z\"",
            ",\"to\":\"2022-12-29T01:01:00Z\",\"reason\":\"why\"",
            ",\"to\":\"2022-12-29T01:01:00+00:00\"",
            ",\"to\" : \"2022-12-29T01:01:00Z\"",
            ",\"to\":\"2022-12-29T01:01:00\\u005a\"",
        ] {
            let text = line(rest);
            let after = saw(&text, "web", Status::Operational, "01:05");
            assert!(after.starts_with(&text), "{after}");
            assert_eq!(after.lines().count(), 2, "{after}");
        }
        let text = line(",\"to\":\"2022-12-29T01:01:00Z\"");
        let after = saw(&text, "web", Status::Operational, "01:05");
        assert_eq!(after, line(",\"to\":\"2022-12-29T01:05:00Z\""));
    }

    #[test]
    fn half_a_last_line_goes() {
        let whole = saw("", "web", Status::Operational, "01:00");
        let halves: [&[u8]; 4] = [b"{\"compo", b"\0\0\0", b"{\"source\":\"caf\xc3", b"\xff"];
        for half in halves {
            let text = [whole.as_bytes(), half].concat();
            let change = change(&text, "web", Status::MajorOutage, "01:05");
            assert_eq!((change.kept, change.instead), (whole.len(), None));
        }
        // What a power cut put behind a whole one does, but not that one.
        let text = format!("{}\0\0\0", whole.trim_end());
        let zeroed = change(text.as_bytes(), "api", Status::Operational, "01:05");
        assert_eq!(zeroed.kept, whole.trim_end().len());
        // Neither does one with half a character behind it.
        for half in [b"\xc3".as_slice(), b"\xef\xbf\xbd"] {
            let text = [whole.trim_end().as_bytes(), half].concat();
            let halved = change(&text, "api", Status::Operational, "01:05");
            assert_eq!(halved.kept, whole.trim_end().len());
        }
        // A whole one does not, with a line end or without.
        for text in [&whole, whole.trim_end(), &format!("{whole}  ")] {
            let change = change(text.as_bytes(), "api", Status::Operational, "01:05");
            assert_eq!(change.kept, text.len());
        }
    }

    #[test]
    fn nothing_goes_that_is_no_half_of_a_line() {
        let whole = saw("", "web", Status::Operational, "01:00");
        let whole = whole.trim_end();
        for text in [
            format!("\u{feff}{whole}"),
            format!("\u{feff}{whole}\n{whole}"),
            format!("{whole}\r{whole}\r"),
            format!("{whole},"),
            format!("{whole}\u{a0}"),
            format!("{whole}\nto be written"),
            "\u{feff}".to_owned(),
        ] {
            let change = change(text.as_bytes(), "api", Status::Operational, "01:05");
            assert_eq!(change.kept, text.len(), "{text:?}");
        }
        let half = format!("\u{feff}{}", &whole[..20]);
        let change = change(half.as_bytes(), "api", Status::Operational, "01:05");
        assert_eq!(change.kept, 0);
    }
}
