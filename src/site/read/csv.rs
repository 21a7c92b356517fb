//! CSV files of evidence, whose first line names the columns.

use std::ops::Range;

use super::last_line::{Form, read_line};
use crate::diagnostic::{Code, nearest_hint};
use crate::syntax::Reader;

/// The columns of a CSV file of evidence.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    /// The code of a line that cannot be read at all.
    pub broken: Code,
    /// The names that columns may have.
    pub known: &'a [&'a str],
    /// The names without which nothing can be read.
    pub required: &'a [&'a str],
}

/// Reads each record of a CSV text whose first line names its columns; `#` begins a comment line.
///
/// `read` takes the cells in the order of the known columns, and the bytes of the line.
pub(super) fn each_record(
    reader: &mut Reader<'_>,
    columns: &Columns<'_>,
    mut read: impl FnMut(&mut Reader<'_>, &[Option<&str>], &Range<usize>),
) {
    let text = &reader.file.text;
    let mut csv = ::csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let Ok(headers) = csv.headers().cloned() else {
        return;
    };
    let mut found = None;
    let line = first_line(text, &headers);
    read_line(reader, Form::Csv, &line, |reader| {
        found = places(reader, columns, &headers);
    });
    let Some(places) = found else {
        return;
    };
    let mut record = ::csv::StringRecord::new();
    loop {
        let start = usize::try_from(csv.position().byte()).unwrap_or(0);
        let more = csv.read_record(&mut record);
        let end = usize::try_from(csv.position().byte())
            .unwrap_or(text.len())
            .min(text.len());
        let start = skip_comments(text, start.min(end)).min(end);
        let span = start..start + text[start..end].trim_end().len();
        match more {
            Ok(false) => return,
            Ok(true) => {
                let cells: Vec<Option<&str>> = places
                    .iter()
                    .map(|place| place.and_then(|at| record.get(at)))
                    .collect();
                read(reader, &cells, &span);
            }
            Err(error) => read_line(reader, Form::Csv, &span, |reader| {
                reader.error(columns.broken, &span, what_is_wrong(&error), None);
            }),
        }
    }
}

/// Which cell of a line each known column is; `None`, with a diagnostic, where the first line does not say.
fn places(
    reader: &mut Reader<'_>,
    columns: &Columns<'_>,
    headers: &::csv::StringRecord,
) -> Option<Vec<Option<usize>>> {
    let line = first_line(&reader.file.text, headers);
    let mut places = vec![None; columns.known.len()];
    for (at, name) in headers.iter().enumerate() {
        let cell = nth_cell(&reader.file.text, &line, at);
        match columns.known.iter().position(|key| *key == name) {
            Some(key) if places[key].is_some() => {
                let message = format!("the column `{name}` stands here twice");
                reader.error(
                    columns.broken,
                    &cell,
                    message,
                    "keep one of them".to_owned(),
                );
                return None;
            }
            Some(key) => places[key] = Some(at),
            None => {
                let message = match name {
                    "" => "this column has no name".to_owned(),
                    name => format!("there is no column `{name}`"),
                };
                let hint = nearest_hint(name, columns.known.iter().copied());
                reader.error(Code::UnknownKey, &cell, message, hint);
                return None;
            }
        }
    }
    for key in columns.required {
        if !headers.iter().any(|name| name == *key) {
            let message = format!("the column `{key}` is missing");
            let names = columns.required.join(",");
            let hint = format!("the first line names the columns, as `{names}`");
            reader.error(Code::MissingKey, &line, message, hint);
            return None;
        }
    }
    Some(places)
}

/// The line that names the columns.
fn first_line(text: &str, headers: &::csv::StringRecord) -> Range<usize> {
    let start = headers
        .position()
        .map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
    let start = skip_comments(text, start);
    let length = text[start..].find('\n');
    start..length.map_or(text.len(), |length| start + length)
}

/// What is wrong with a line that cannot be taken apart.
fn what_is_wrong(error: &::csv::Error) -> String {
    match error.kind() {
        ::csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("this line has {len} cells, but the first line names {expected_len} columns"),
        _ => format!("this line is not CSV: {error}"),
    }
}

/// The cell of the first line at an index; quotes do not occur in the names of columns.
fn nth_cell(text: &str, line: &Range<usize>, index: usize) -> Range<usize> {
    let cells = text[line.clone()].split(',');
    let start = line.start
        + cells
            .clone()
            .take(index)
            .map(|cell| cell.len() + 1)
            .sum::<usize>();
    let cell = cells.clone().nth(index).unwrap_or_default();
    let start = start.min(line.end) + (cell.len() - cell.trim_start().len());
    start..start + cell.trim().len()
}

/// Where the first line at or after `start` begins that is neither empty nor a comment.
pub(super) fn skip_comments(text: &str, start: usize) -> usize {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let content = line.trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            return at + (line.len() - content.len());
        }
        at += line.len();
    }
    at
}
