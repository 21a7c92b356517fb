//! Foreign documents, from which a site is imported.

use std::fs;

use camino::Utf8Path;
use walkdir::WalkDir;

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
        if entry.file_type().is_file() && file.extension() == Some(extension) {
            documents.push(document(file)?);
        }
    }
    Ok(documents)
}

fn document(path: &Utf8Path) -> Result<SourceFile, Error> {
    Ok(SourceFile {
        path: path.to_owned(),
        text: fs::read_to_string(path).map_err(Error::io("read", path))?,
    })
}
