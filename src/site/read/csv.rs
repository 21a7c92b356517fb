//! CSV files of evidence, whose first line names the columns.

use std::ops::Range;

use crate::diagnostic::{Code, nearest_hint};
use crate::syntax::Reader;

/// Reads each record of a CSV text whose first line names its columns; `#` begins a comment line.
pub(super) fn each_record(
    reader: &mut Reader<'_>,
    broken: Code,
    known: &[&str],
    required: &[&str],
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
    let header_start = headers
        .position()
        .map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
    let header_start = skip_comments(text, header_start);
    let header_span = header_start
        ..text[header_start..]
            .find('\n')
            .map_or(text.len(), |at| header_start + at);
    let mut columns = vec![None; known.len()];
    for (at, name) in headers.iter().enumerate() {
        let cell = nth_cell(text, &header_span, at);
        match known.iter().position(|key| *key == name) {
            Some(key) if columns[key].is_some() => {
                let message = format!("the column `{name}` stands here twice");
                reader.error(broken, &cell, message, "keep one of them".to_owned());
                return;
            }
            Some(key) => columns[key] = Some(at),
            None => {
                let message = match name {
                    "" => "this column has no name".to_owned(),
                    name => format!("there is no column `{name}`"),
                };
                let hint = nearest_hint(name, known.iter().copied());
                reader.error(Code::UnknownKey, &cell, message, hint);
                return;
            }
        }
    }
    for key in required {
        let present = known
            .iter()
            .position(|name| name == key)
            .and_then(|at| columns[at])
            .is_some();
        if !present {
            let hint = format!(
                "the first line names the columns, as `{}`",
                required.join(",")
            );
            reader.error(
                Code::MissingKey,
                &header_span,
                format!("the column `{key}` is missing"),
                hint,
            );
            return;
        }
    }
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
                let cells: Vec<Option<&str>> = columns
                    .iter()
                    .map(|column| column.and_then(|at| record.get(at)))
                    .collect();
                read(reader, &cells, &span);
            }
            Err(error) => {
                let message = match error.kind() {
                    ::csv::ErrorKind::UnequalLengths {
                        expected_len, len, ..
                    } => {
                        format!(
                            "this line has {len} cells, but the first line names {expected_len} columns"
                        )
                    }
                    _ => format!("this line is not CSV: {error}"),
                };
                reader.error(broken, &span, message, None);
            }
        }
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
