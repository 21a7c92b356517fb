//! Rows of readers' reports: adding those of a quarter of an hour, once.

use super::tail::{Replacement, TailChange};
use crate::time::{Instant, rfc3339};

/// The first line of a file of reports.
pub const HEADER: &str = "time,region,kind,value,capped";

/// How many reports of one region and kind there were in a quarter of an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow<'a> {
    /// The region's id; empty where none is known.
    pub region: &'a str,
    /// The kind's id; empty where there was no report at all.
    pub kind: &'a str,
    /// The number of reports.
    pub value: u64,
    /// Whether there were more, which were not counted.
    pub is_capped: bool,
}

/// Whether it was tried before to add the rows of a quarter of an hour.
///
/// Rows that stand there already may be those of an earlier attempt. In a first one they are others, which are the same by
/// chance, as after a clock was set back: then they add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It was not.
    First,
    /// It was, and some of them or all may be there.
    Again,
}

/// The change of a text, of which `end` is the end, that adds the rows of the quarter of an hour that ends at `at` behind the
/// others; in another attempt unless they are there. Half a last line goes.
///
/// Where a program was killed while it added the same rows, only those are added that lack.
pub fn add(end: &[u8], at: Instant, rows: &[ReportRow<'_>], attempt: Attempt) -> TailChange {
    let is_again = attempt == Attempt::Again;
    let rows: Vec<String> = rows.iter().map(|row| line(at, row)).collect();
    let last = end.iter().rposition(|byte| *byte == b'\n');
    let last = last.map_or(0, |at| at + 1);
    let rest = String::from_utf8_lossy(&end[last..]);
    // Also where nothing but the end of the line lacks.
    let is_begun = |row: &String| row.starts_with(&*rest);
    let is_ours = is_again && rows.iter().any(is_begun);
    let is_kept = rest.is_empty() || !is_ours && is_whole(&rest);
    let kept = if is_kept { end.len() } else { last };
    let text = String::from_utf8_lossy(&end[..kept]);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut runs = lines.windows(rows.len().max(1));
    if is_again && runs.any(|run| run.iter().eq(rows.iter())) {
        let nothing = Replacement {
            at: kept,
            bytes: String::new(),
        };
        return TailChange {
            kept,
            line: String::new(),
            instead: Some(nothing),
        };
    }
    let most = if is_again { rows.len() } else { 0 };
    let added = (0..most).rev().find(|n| {
        let there = lines.len().checked_sub(*n).map(|at| &lines[at..]);
        there.is_some_and(|there| there.iter().eq(rows[..*n].iter()))
    });
    let mut new = rows[added.unwrap_or_default()..].join("\n");
    if !lines.iter().any(|line| is_content(line)) {
        new.insert_str(0, &format!("{HEADER}\n"));
    }
    TailChange {
        kept,
        line: new,
        instead: None,
    }
}

/// A row as it is written, without a line end.
fn line(at: Instant, row: &ReportRow<'_>) -> String {
    let capped = if row.is_capped { "yes" } else { "" };
    format!(
        "{},{},{},{},{capped}",
        rfc3339(at),
        row.region,
        row.kind,
        row.value
    )
}

/// Whether a line is one of a table, and no comment.
fn is_content(line: &str) -> bool {
    !line.trim_start_matches('\u{feff}').is_empty() && !line.starts_with('#')
}

/// Whether a last line that does not end is one that somebody wrote as it is.
fn is_whole(line: &str) -> bool {
    let line = line.trim_end();
    let mut cells = line.split(',');
    let time = cells.next().unwrap_or_default();
    let is_row = chrono::DateTime::parse_from_rfc3339(time).is_ok() && cells.count() == 4;
    is_row || line.is_empty() || line.starts_with('#') || line == HEADER
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::site::fixtures::at;

    fn row<'a>(region: &'a str, kind: &'a str, value: u64) -> ReportRow<'a> {
        ReportRow {
            region,
            kind,
            value,
            is_capped: value > 100,
        }
    }

    fn added(text: &str, rows: &[ReportRow<'_>]) -> String {
        add(text.as_bytes(), at("19:15"), rows, Attempt::Again).applied(text)
    }

    const OLD: &str = "time,region,kind,value,capped\n2022-12-28T19:00:00Z,,,0,\n";

    #[test]
    fn rows_are_added_behind_the_others_once() {
        let rows = [row("", "slow", 3), row("jp", "login", 250)];
        let expected = "time,region,kind,value,capped
2022-12-28T19:15:00Z,,slow,3,
2022-12-28T19:15:00Z,jp,login,250,yes
";
        assert_eq!(added("", &rows), expected);
        assert_eq!(added(expected, &rows), expected);
        let comment = "# by hand\n";
        assert_eq!(added(comment, &rows), comment.to_owned() + expected);
        let nought = [row("", "", 0)];
        let more = added(expected, &nought);
        assert_eq!(more, expected.to_owned() + "2022-12-28T19:15:00Z,,,0,\n");
        // What somebody wrote without an end of the line stays.
        assert_eq!(added(OLD.trim_end(), &nought), added(OLD, &nought));
        // Rows of this quarter are made whole.
        assert_eq!(added(expected.trim_end(), &rows), expected);
        let two = [row("", "slow", 10), row("de", "slow", 101)];
        let whole = added(OLD, &two);
        assert_eq!(added(&whole[..OLD.len() + 67], &two), whole);
        let torn = OLD.to_owned() + "2022-12-28T19:14";
        assert_eq!(added(&torn, &nought), added(OLD, &nought));
    }

    #[test]
    fn rows_that_are_the_same_by_chance_add_up() {
        let first = |text: &str, rows: &[ReportRow<'_>]| {
            add(text.as_bytes(), at("19:15"), rows, Attempt::First).applied(text)
        };
        let rows = [row("", "slow", 3), row("jp", "login", 250)];
        let once = first(OLD, &rows);
        assert_eq!(once, added(OLD, &rows));
        let (_, added) = once.split_at(OLD.len());
        assert_eq!(first(&once, &rows), format!("{once}{added}"));
        // Neither the first of several nor one without the end of its line is taken for the beginning of them.
        let begun = first(OLD, &rows[..1]);
        assert_eq!(first(&begun, &rows), format!("{begun}{added}"));
        assert_eq!(first(begun.trim_end(), &rows), format!("{begun}{added}"));
        // Half a line goes all the same.
        assert_eq!(first(&format!("{OLD}2022-12-28T19:14"), &rows), once);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// However much of the rows a killed program has written, they are there once in the end.
        #[test]
        fn half_written_rows_are_made_whole(
            values in proptest::collection::vec(0_u64..300, 1..6),
            cut in 0_usize..400,
            is_new: bool,
        ) {
            let regions = ["", "de", "gb", "jp", "us", "za"];
            let rows: Vec<_> = values.iter().zip(regions).map(|(value, region)| row(region, "slow", *value)).collect();
            let before = if is_new { "" } else { OLD };
            let whole = added(before, &rows);
            let cut = (before.len() + cut).min(whole.len());
            prop_assert_eq!(added(&whole[..cut], &rows), whole);
        }
    }
}
