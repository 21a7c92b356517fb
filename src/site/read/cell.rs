//! Lines and cells of files of evidence.

use std::ops::Range;

use chrono_tz::Tz;

use crate::diagnostic::Code;
use crate::syntax::Reader;
use crate::time::{self, Instant};

/// The lines of a text that hold something, each with its place.
pub(super) fn each_line(text: &str, mut read: impl FnMut(&str, Range<usize>)) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() {
            let at = start + (line.len() - line.trim_start().len());
            read(trimmed, at..at + trimmed.len());
        }
        start += line.len();
    }
}

/// The instant that a cell holds.
pub(super) fn instant(
    reader: &mut Reader<'_>,
    key: &str,
    text: &str,
    span: &Range<usize>,
    zone: Tz,
) -> Option<Instant> {
    if let Ok(instant) = time::parse(text, zone) {
        return Some(instant);
    }
    let at = within(reader, span, key, text);
    reader.instant_at(text, &at, zone)
}

/// The number that a cell of a line of CSV holds, which is not a number where nothing was measured; or a diagnostic.
pub(super) fn number(reader: &mut Reader<'_>, text: &str, span: &Range<usize>) -> Option<f64> {
    let number = match text {
        "" => Ok(f64::NAN),
        text => text.parse::<f64>(),
    };
    if number.is_err() {
        let at = within(reader, span, "value", text);
        let message = format!("`{text}` is not a number");
        reader.error(Code::BadSample, &at, message, None);
    }
    number.ok()
}

/// Where a text stands in a line: in JSON behind its key.
pub(super) fn within(
    reader: &Reader<'_>,
    span: &Range<usize>,
    key: &str,
    text: &str,
) -> Range<usize> {
    let line = &reader.file.text[span.clone()];
    let quoted = format!("\"{key}\"");
    let behind = line.find(&quoted).map_or(0, |at| at + quoted.len());
    match line[behind..].find(text) {
        Some(at) => span.start + behind + at..span.start + behind + at + text.len(),
        None => span.clone(),
    }
}
