//! Deletes files that an earlier build made and this one does not, and the folders that held only them.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;

use camino::Utf8Path;

use super::{disk, path};
use crate::error::Error;

/// Deletes the files `paths` of `folder`, then the folders that this leaves empty; returns how many
/// files there were.
///
/// Only true files in true folders: what has become a symbolic link or a folder since is the user's.
pub(super) fn delete(folder: &Utf8Path, paths: &[&str]) -> Result<usize, Error> {
    let mut deleted = 0;
    let mut is_folder = HashMap::new();
    let mut emptied = BTreeSet::new();
    for path in paths {
        let mut reachable = true;
        for above in path::folders_above(path) {
            reachable = reachable
                && *is_folder.entry(above).or_insert_with(|| {
                    fs::symlink_metadata(folder.join(above)).is_ok_and(|metadata| metadata.is_dir())
                });
            if reachable {
                emptied.insert(above);
            }
        }
        if reachable && delete_file(&folder.join(path))? {
            deleted += 1;
        }
    }
    // A folder sorts before those in it.
    for path in emptied.into_iter().rev() {
        delete_folder_if_empty(&folder.join(path))?;
    }
    Ok(deleted)
}

fn delete_file(path: &Utf8Path) -> Result<bool, Error> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => {
            disk::remove_file(path).map_err(Error::io("delete", path))?;
            Ok(true)
        }
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io("delete", path)(error)),
    }
}

fn delete_folder_if_empty(path: &Utf8Path) -> Result<(), Error> {
    match disk::remove_folder(path) {
        Ok(()) => Ok(()),
        Err(error) => match error.kind() {
            io::ErrorKind::DirectoryNotEmpty
            | io::ErrorKind::NotFound
            | io::ErrorKind::ResourceBusy => Ok(()),
            _ => Err(Error::io("delete", path)(error)),
        },
    }
}
