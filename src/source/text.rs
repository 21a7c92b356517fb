//! One file of a site as bytes or as text, with what is wrong with it.

use std::fs;
use std::io;
use std::sync::Arc;

use camino::Utf8Path;

use super::files::{FileKind, kind_of};
use crate::characters;
use crate::diagnostic::{Code, Diagnostic, SourceFile};

/// The largest text file that is read, in bytes, apart from evidence.
pub(super) const LARGEST_TEXT: u64 = 4 << 20;
/// The largest file of evidence, and the largest attachment, in bytes.
pub(super) const LARGEST_EVIDENCE: u64 = 256 << 20;

/// Reads a text; a byte-order mark at its start is left out.
pub(super) fn text(
    root: &Utf8Path,
    path: &Utf8Path,
    largest: u64,
) -> Result<Arc<SourceFile>, Box<Diagnostic>> {
    let mut bytes = bytes(root, path, largest)?;
    if bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(..3);
    }
    if kind_of(path) == Some(FileKind::Evidence) {
        bytes = characters::without_half_a_character(bytes);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        Diagnostic::file_error(
            Code::NotUtf8,
            path,
            format!("line {line} of this file is not UTF-8"),
        )
        .hint("save it as UTF-8; in most editors that is a choice beside `Save as`")
    })?;
    Ok(Arc::new(SourceFile {
        path: path.to_owned(),
        text,
    }))
}

/// Reads a file as bytes.
pub(super) fn bytes(
    root: &Utf8Path,
    path: &Utf8Path,
    largest: u64,
) -> Result<Vec<u8>, Box<Diagnostic>> {
    let unreadable = |error: io::Error| unreadable(path, &error);
    let full = root.join(path);
    let length = fs::metadata(&full).map_err(unreadable)?.len();
    if length > largest {
        let message = format!(
            "this file has {} MB, more than the {} MB that are read",
            length >> 20,
            largest >> 20
        );
        let diagnostic = Diagnostic::file_error(Code::FileTooLarge, path, message);
        return Err(Box::new(diagnostic.hint("split it")));
    }
    Ok(fs::read(full).map_err(unreadable)?)
}

/// The report that a file cannot be read.
pub(super) fn unreadable(path: &Utf8Path, error: &io::Error) -> Diagnostic {
    let message = format!("cannot be read: {error}");
    Diagnostic::file_error(Code::UnreadableFile, path, message)
}
