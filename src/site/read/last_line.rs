//! The last line of a file of evidence, of which a writer that was killed may have left half.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Location, Severity};
use crate::site::torn_line::whole_part;
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
    let line = &text[span.clone()];
    let is_half = match form {
        Form::Json => whole_part(line.as_bytes()) == 0,
        Form::Csv => true,
    };
    if is_half && line.ends_with('\u{fffd}') {
        return leave_out(reader, span, "its last character is cut off");
    }
    let mut found = Diagnostics::new();
    read(&mut Reader {
        file,
        diagnostics: &mut found,
    });
    let reaches_end = |diagnostic: &&Diagnostic| {
        let Location::Text(place) = &diagnostic.location else {
            return false;
        };
        diagnostic.severity == Severity::Error && place.span.end == span.end
    };
    let error = found.iter().find(reaches_end).filter(|_| is_half);
    let Some(error) = error else {
        return reader.diagnostics.append(found);
    };
    leave_out(reader, span, &error.message);
}

fn leave_out(reader: &mut Reader<'_>, span: &Range<usize>, reason: &str) {
    let message = format!("the last line has no end and is left out: {reason}");
    let hint = "whatever wrote it was most likely stopped in the middle; the next run of it makes this good, or delete the line";
    reader.warning(Code::UnfinishedLine, span, message, hint.to_owned());
}
