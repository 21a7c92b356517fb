//! The folder that holds files until they are whole.

use std::fs;
use std::io;

use camino::Utf8Path;

use super::disk;
use crate::error::Error;

/// The name of the folder that holds files until they are whole; it is there only while a build writes.
pub(super) const NAME: &str = ".allclear-tmp";

/// Removes what a build that was killed left behind.
pub(super) fn clear(folder: &Utf8Path) -> Result<(), Error> {
    let staging = folder.join(NAME);
    let removed = match fs::symlink_metadata(&staging) {
        Ok(metadata) if metadata.is_dir() => disk::remove_all(&staging),
        Ok(_) => disk::remove_file(&staging),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    };
    removed.map_err(Error::io("delete", &staging))
}
