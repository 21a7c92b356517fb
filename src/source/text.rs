//! One file of a site as bytes or as text, with what is wrong with it.

use std::sync::Arc;

use camino::Utf8Path;

use super::files::{FileKind, kind_of};
use super::inside;
use crate::characters;
use crate::diagnostic::{Code, Diagnostic, SourceFile};

/// The largest text file that is read, in bytes, apart from evidence.
pub const LARGEST_TEXT: u64 = 4 << 20;
/// The largest file of evidence, the largest attachment, and the largest foreign document, in bytes.
pub const LARGEST_EVIDENCE: u64 = 256 << 20;
/// The longest line of evidence, in bytes.
const LONGEST_LINE: usize = 1 << 20;

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
        refuse_long_line(path, &bytes)?;
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
    inside::read(root, path, largest).map_err(|refusal| Box::new(refusal.diagnostic(path)))
}

/// Refuses a file with a line that is too long to be an observation or a sample, before anybody takes it apart. An
/// answer of Prometheus is one line by nature.
fn refuse_long_line(path: &Utf8Path, bytes: &[u8]) -> Result<(), Box<Diagnostic>> {
    if path.extension() == Some("json") {
        return Ok(());
    }
    let mut start = 0;
    while let Some(next) = bytes.get(start..start + LONGEST_LINE + 1) {
        // The last line end in reach: all lines before it are short enough.
        let Some(end) = next.iter().rposition(|byte| *byte == b'\n') else {
            let line = bytes[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
            let most = LONGEST_LINE >> 20;
            let message = format!("line {line} of this file has more than {most} MB");
            let finding = Diagnostic::file_error(Code::FileTooLarge, path, message).hint(
                "a line is one observation or sample; what wrote it may have lost a line end",
            );
            return Err(Box::new(finding));
        };
        start += end + 1;
    }
    Ok(())
}
