//! Foreign documents, from which a site is imported.

use std::io;

use camino::Utf8Path;
use walkdir::WalkDir;

use super::inside::read_anywhere;
use super::text::LARGEST_EVIDENCE;
use crate::diagnostic::SourceFile;
use crate::error::Error;

/// The document at a path, or all documents below a folder whose names end with `extension`, sorted by path.
///
/// # Errors
///
/// Where one of them cannot be read, or is not UTF-8.
pub fn documents(path: &Utf8Path, extension: &str) -> Result<Vec<SourceFile>, Error> {
    if !path.is_dir() {
        return Ok(vec![document(path)?]);
    }
    let mut documents = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name() {
        let entry = entry.map_err(|error| Error::io("read", path)(error.into()))?;
        let Some(file) = Utf8Path::from_path(entry.path()) else {
            continue;
        };
        if !file.is_dir() && file.extension() == Some(extension) {
            documents.push(document(file)?);
        }
    }
    Ok(documents)
}

/// A document is a file, wherever it lies: whoever names it may read it.
fn document(path: &Utf8Path) -> Result<SourceFile, Error> {
    let bytes = read_anywhere(path, LARGEST_EVIDENCE).map_err(|it| it.error("read", path))?;
    let text = String::from_utf8(bytes).map_err(|error| io::Error::other(error.utf8_error()));
    Ok(SourceFile {
        path: path.to_owned(),
        text: text.map_err(Error::io("read", path))?,
    })
}
