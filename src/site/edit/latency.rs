//! Rows of latency: adding them, thinning what is old, and joining two copies of a file.
//!
//! What is younger than a day is kept as it was measured. Older rows become one for each component and each five
//! minutes: their median, at the start of these. A part is thinned once all of it is older than a day, and never again,
//! so that no median is ever taken of medians, and it does not matter how often or when this is done.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};

use super::tail::TailChange;
use crate::site::latency::{KEPT, is_thinned, median, part_of};
use crate::time::Instant;

/// The first line of a file of latency.
const HEADER: &str = "time,component,milliseconds";

/// A look that succeeded, with the component by its id.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LatencyRow<'a> {
    /// When it was looked at.
    pub at: Instant,
    /// The component's id.
    pub component: &'a str,
    /// How long it took.
    pub milliseconds: f64,
}

impl LatencyRow<'_> {
    /// The row as it is written, without a line end.
    fn line(&self) -> String {
        let at = self.at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        format!("{at},{},{}", self.component, self.milliseconds)
    }
}

/// The change of a text, of which `end` is the end, that adds a row behind the others, to a tenth of a millisecond. Half
/// a last line goes.
pub fn add(end: &[u8], row: LatencyRow<'_>) -> TailChange {
    let row = LatencyRow {
        milliseconds: (row.milliseconds * 10.0).round() / 10.0,
        ..row
    };
    let last = end.iter().rposition(|byte| *byte == b'\n');
    let last = last.map_or(0, |at| at + 1);
    let is_whole = str::from_utf8(&end[last..]).is_ok_and(|line| {
        line.is_empty() || line.trim_end() == HEADER || read_row(line.trim_end()).is_some()
    });
    let kept = if is_whole { end.len() } else { last };
    TailChange {
        kept,
        line: match kept {
            0 => format!("{HEADER}\n{}", row.line()),
            _ => row.line(),
        },
        instead: None,
    }
}

/// Whether a text, of which `end` is the end, should be [`thinned`] before a row of `at` is added: once an hour, so that
/// a row a minute does not write all of it anew each time.
pub fn is_thinning_due(end: &[u8], at: Instant) -> bool {
    let end = String::from_utf8_lossy(end);
    let newest = end.lines().rev().find_map(|line| Some(read_row(line)?.at));
    let hour = |at: Instant| at.timestamp().div_euclid(3600);
    newest.is_some_and(|newest| hour(newest) < hour(at))
}

/// A text whose old rows are thinned as of `now`, sorted by time; comments stand before the rows.
///
/// # Errors
///
/// Where a line cannot be read: it is nobody's to delete. Its number, from 1.
pub fn thinned(text: &str, now: Instant) -> Result<String, usize> {
    let table = Table::read(text)?;
    let rows = thin(table.rows, now);
    Ok(written(&table.comments, &rows))
}

/// The rows of some that are left as of `now`, sorted by time.
pub fn thin(rows: Vec<LatencyRow<'_>>, now: Instant) -> Vec<LatencyRow<'_>> {
    let mut parts: BTreeMap<(Instant, &str), Vec<f64>> = BTreeMap::new();
    let mut left = Vec::new();
    for row in rows {
        let part = part_of(row.at);
        if !is_thinned(part, now) {
            left.push(row);
        } else if now - KEPT <= part {
            let values = parts.entry((part, row.component)).or_default();
            values.push(row.milliseconds);
        }
    }
    let medians = parts
        .into_iter()
        .filter_map(|((at, component), mut values)| {
            Some(LatencyRow {
                at,
                component,
                milliseconds: median(&mut values)?,
            })
        });
    left.extend(medians);
    sort(&mut left);
    left
}

/// A text with the rows of another copy of it as of `now`, and how many of them it did not have.
///
/// Both are thinned first. Of the same five minutes of both the longer latency stays, and of what is younger all rows
/// do: so the order does not matter in which copies are joined, nor how often. Where each copy has seen but a part of five
/// minutes, that is the median of the slower part: what is known of a latency only grows.
///
/// # Errors
///
/// Where a line of one of them cannot be read.
pub fn merged(text: &str, other: &str, now: Instant) -> Result<Merged, MergeError> {
    let own = Table::read(text).map_err(MergeError::Own)?;
    let other = Table::read(other).map_err(MergeError::Other)?;
    let before = thin(own.rows, now);
    let mut old: BTreeMap<(Instant, &str), f64> = BTreeMap::new();
    let mut rows: Vec<LatencyRow<'_>> = Vec::new();
    for row in before.iter().copied().chain(thin(other.rows, now)) {
        if is_thinned(part_of(row.at), now) {
            let longest = old.entry((row.at, row.component)).or_insert(0.0);
            *longest = longest.max(row.milliseconds);
        } else {
            rows.push(row);
        }
    }
    rows.extend(
        old.into_iter()
            .map(|((at, component), milliseconds)| LatencyRow {
                at,
                component,
                milliseconds,
            }),
    );
    sort(&mut rows);
    rows.dedup();
    let mut known = before;
    known.dedup();
    let added = rows.iter().filter(|row| {
        let place = known.binary_search_by(|it| order(it, row));
        place.is_err()
    });
    Ok(Merged {
        added: added.count(),
        text: written(&own.comments, &rows),
    })
}

/// Two copies of a file of latency as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The text of both.
    pub text: String,
    /// The number of rows that the first did not have.
    pub added: usize,
}

/// The copy of which a line cannot be read, and the number of that line, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeError {
    /// The first.
    Own(usize),
    /// The other one.
    Other(usize),
}

/// A text of rows, in their order.
pub fn text<'a>(rows: impl IntoIterator<Item = &'a LatencyRow<'a>>) -> String {
    let lines = rows.into_iter().map(|row| row.line() + "\n");
    [format!("{HEADER}\n")].into_iter().chain(lines).collect()
}

fn written(comments: &[&str], rows: &[LatencyRow<'_>]) -> String {
    let comments = comments.iter().map(|comment| format!("{comment}\n"));
    comments.collect::<String>() + &text(rows)
}

/// By time, then by component, then by length.
fn sort(rows: &mut [LatencyRow<'_>]) {
    rows.sort_by(order);
}

fn order(a: &LatencyRow<'_>, b: &LatencyRow<'_>) -> std::cmp::Ordering {
    let by_place = (a.at, a.component).cmp(&(b.at, b.component));
    by_place.then(a.milliseconds.total_cmp(&b.milliseconds))
}

/// A file of latency, taken apart.
#[derive(Debug)]
struct Table<'a> {
    comments: Vec<&'a str>,
    rows: Vec<LatencyRow<'a>>,
}

impl<'a> Table<'a> {
    /// The table in a text; the number of the first line that cannot be read otherwise.
    fn read(text: &'a str) -> Result<Self, usize> {
        let mut table = Self {
            comments: Vec::new(),
            rows: Vec::new(),
        };
        let mut has_header = false;
        let text = text.trim_start_matches('\u{feff}');
        for (number, line) in (1_usize..).zip(text.lines()) {
            let line = line.trim_end();
            if line.starts_with('#') {
                table.comments.push(line);
            } else if !has_header && line == HEADER {
                has_header = true;
            } else if !line.is_empty() {
                let row = read_row(line).filter(|_| has_header);
                table.rows.push(row.ok_or(number)?);
            }
        }
        Ok(table)
    }
}

/// The row of a line in the form in which it is written.
fn read_row(line: &str) -> Option<LatencyRow<'_>> {
    let mut cells = line.split(',').map(unquoted);
    let (time, component, length) = (cells.next()?, cells.next()?, cells.next()?);
    let milliseconds = length.parse::<f64>().ok()?;
    let is_length = milliseconds.is_finite() && milliseconds >= 0.0;
    let is_whole = is_length && cells.next().is_none() && !component.contains('"');
    is_whole.then_some(LatencyRow {
        at: DateTime::parse_from_rfc3339(time).ok()?.with_timezone(&Utc),
        component,
        milliseconds,
    })
}

/// The text of a cell, which a spreadsheet may have quoted: there is no comma and no quote in it.
fn unquoted(cell: &str) -> &str {
    let cell = cell.trim();
    let quoted = cell.strip_prefix('"');
    quoted
        .and_then(|cell| cell.strip_suffix('"'))
        .unwrap_or(cell)
}

#[cfg(test)]
mod tests;
