//! The last line of a file of evidence, of which a writer that was killed may have left half.

use std::ops::Range;

use serde::de::IgnoredAny;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Location, Severity};
use crate::syntax::Reader;

/// The signs by which half a line is told from one that is wrong.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// It is no JSON.
    Json,
    /// What is wrong with it reaches up to its end.
    Csv,
}

/// Reads a line. Where it is the last, without its line end, and only a half, it is left out with a warning.
pub(super) fn read_line(
    reader: &mut Reader<'_>,
    form: Form,
    span: &Range<usize>,
    read: impl FnOnce(&mut Reader<'_>),
) {
    let file = reader.file;
    let text = &file.text;
    let behind = &text[span.end..];
    if behind.contains('\n') || !behind.trim().is_empty() {
        return read(reader);
    }
    if text[span.clone()].ends_with('\u{fffd}') {
        return leave_out(reader, span, "its last character is cut off");
    }
    let mut found = Diagnostics::new();
    read(&mut Reader {
        file,
        diagnostics: &mut found,
    });
    let line = &text[span.clone()];
    let reaches_end = |diagnostic: &&Diagnostic| {
        let Location::Text(place) = &diagnostic.location else {
            return false;
        };
        diagnostic.severity == Severity::Error && place.span.end == span.end
    };
    // After a power cut there may be zeros where a line should be.
    let begins = line.starts_with('{') || line.contains('\0');
    let is_half = match form {
        Form::Json => begins && !begins_whole(line),
        Form::Csv => true,
    };
    let error = found.iter().find(reaches_end).filter(|_| is_half);
    let Some(error) = error else {
        return reader.diagnostics.append(found);
    };
    leave_out(reader, span, &error.message);
}

/// Whether a line begins with a whole value, so that what is wrong stands behind it, and is no line that was torn.
fn begins_whole(line: &str) -> bool {
    let line = line.trim_end_matches('\0');
    let mut values = serde_json::Deserializer::from_str(line).into_iter::<IgnoredAny>();
    matches!(values.next(), Some(Ok(_)))
}

fn leave_out(reader: &mut Reader<'_>, span: &Range<usize>, reason: &str) {
    let message = format!("the last line has no end and is left out: {reason}");
    let hint = "whatever wrote it was most likely stopped in the middle; the next run of it makes this good, or delete the line";
    reader.warning(Code::UnfinishedLine, span, message, hint.to_owned());
}
