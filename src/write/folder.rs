//! The folder of a file that nothing can rebuild, while one program writes to it.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::disk;
use crate::error::Error;
use crate::system::lock::FolderLock;
use crate::system::path::real_utf8;

/// The name under which a text is written before it gets its own, with a number behind it. It begins with a dot, so that
/// no site reads it.
const UNFINISHED: &str = ".allclear-unfinished-";

/// How long a program waits for others: a thousand of them have their turn in less, and one that hangs holds nobody for
/// ever.
const PATIENCE: Duration = Duration::from_secs(300);

/// A folder to which no other program of this kind writes for as long as this value lives.
///
/// A text is written beside its place and flushed before it gets its name, so that under a name there is only ever a
/// whole one. What a program that was killed has left is removed by the next one.
#[derive(Debug)]
pub(super) struct LockedFolder {
    path: Utf8PathBuf,
    _lock: FolderLock,
}

/// The whole text of a file in a [`LockedFolder`], which has no name yet. It is gone when it is let go of.
#[derive(Debug)]
#[must_use]
pub(super) struct Unnamed<'a> {
    path: Utf8PathBuf,
    file: File,
    folder: &'a LockedFolder,
}

impl LockedFolder {
    /// Makes the folder of a file where it is not there yet, and locks it.
    pub(super) fn of(path: &Utf8Path) -> Result<Self, Error> {
        let folder = folder_of(path);
        make(folder)?;
        Self::lock(folder)
    }

    /// Waits until no other program writes to a folder, and locks it.
    pub(super) fn lock(folder: &Utf8Path) -> Result<Self, Error> {
        Self::lock_within(PATIENCE, folder)
    }

    fn lock_within(patience: Duration, folder: &Utf8Path) -> Result<Self, Error> {
        let lock = disk::lock_folder(folder, patience).map_err(Error::io("lock", folder))?;
        let lock = lock.ok_or_else(|| Error::Locked(folder.to_owned()))?;
        let locked = Self {
            path: folder.to_owned(),
            _lock: lock,
        };
        // What a program that was killed has left; each lets go of the highest number first.
        for number in 0.. {
            let unfinished = locked.unfinished(number);
            if fs::symlink_metadata(&unfinished).is_err() {
                break;
            }
            disk::remove_file(&unfinished).map_err(Error::io("delete", &unfinished))?;
        }
        Ok(locked)
    }

    fn unfinished(&self, number: usize) -> Utf8PathBuf {
        self.path.join(format!("{UNFINISHED}{number}"))
    }

    /// Writes the text of a file, which is not flushed yet; `path` is the name that it is to have, for messages, and
    /// `number` is its own among those that have no name.
    pub(super) fn write(
        &self,
        number: usize,
        path: &Utf8Path,
        text: &[u8],
    ) -> Result<Unnamed<'_>, Error> {
        let unfinished = self.unfinished(number);
        let file = disk::create_new(&unfinished).map_err(Error::io("write", path))?;
        let mut unnamed = Unnamed {
            path: unfinished,
            file,
            folder: self,
        };
        disk::write(&mut unnamed.file, text).map_err(Error::io("write", path))?;
        Ok(unnamed)
    }

    /// Has the disk keep the names that texts in this folder were given.
    pub(super) fn flush(&self) -> io::Result<()> {
        disk::sync_folder(&self.path)
    }
}

impl Unnamed<'_> {
    /// Has the disk keep the text, before it gets a name.
    pub(super) fn flush(&self) -> io::Result<()> {
        disk::sync(&self.file)
    }

    /// Lets those read and write the text who may do so with another file.
    pub(super) fn permit_as(&self, other: &Metadata) -> io::Result<()> {
        disk::permit_as(&self.file, other)
    }

    /// Gives the text a name that must not be there yet.
    pub(super) fn name(self, path: &Utf8Path) -> Result<(), Error> {
        match disk::rename_new(&self.path, path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(Error::Exists(path.to_owned()))
            }
            // Some disks have nothing of that kind. Whoever keeps to the lock takes no name meanwhile.
            Err(_) if fs::symlink_metadata(path).is_err() => {
                disk::rename(&self.path, path).map_err(Error::io("write", path))
            }
            Err(error) => Err(Error::io("write", path)(error)),
        }
    }

    /// Gives the text the name of a file, in the place of that one.
    pub(super) fn replace(self, path: &Utf8Path) -> Result<(), Error> {
        disk::rename(&self.path, path).map_err(Error::io("write", path))?;
        self.folder.flush().map_err(|source| Error::Unconfirmed {
            path: path.to_owned(),
            source,
        })
    }
}

impl Drop for Unnamed<'_> {
    fn drop(&mut self) {
        // Where it cannot be removed, the next program does it.
        if fs::symlink_metadata(&self.path).is_ok() {
            let _ = disk::remove_file(&self.path);
        }
    }
}

/// Makes a folder and those above it, where they are not there yet, so that they survive a power cut.
pub(super) fn make(folder: &Utf8Path) -> Result<(), Error> {
    let missing: Vec<&Utf8Path> = folder
        .ancestors()
        .take_while(|it| !it.as_str().is_empty() && fs::symlink_metadata(it).is_err())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    disk::make_folders(folder).map_err(Error::io("make", folder))?;
    for made in missing {
        let above = folder_of(made);
        disk::sync_folder(above).map_err(Error::io("write", above))?;
    }
    Ok(())
}

/// The folder of a file, which is the current one where its path names none.
fn folder_of(path: &Utf8Path) -> &Utf8Path {
    path.parent()
        .filter(|folder| !folder.as_str().is_empty())
        .unwrap_or(Utf8Path::new("."))
}

/// The file that a path leads to: where it is a link, what that leads to. A link is never replaced by a file.
pub(super) fn behind_links(path: &Utf8Path) -> Result<Utf8PathBuf, Error> {
    match path.is_symlink() {
        true => real_utf8(path).map_err(Error::io("open", path)),
        false => Ok(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn waiting_has_an_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap();
        let held = LockedFolder::lock(path).unwrap();
        let waited = LockedFolder::lock_within(Duration::from_millis(50), path);
        assert_eq!(
            waited.unwrap_err().to_string(),
            format!("another program has kept `{path}` locked for minutes; nothing was written")
        );
        drop(held);
        let late = LockedFolder::lock(path).unwrap();
        drop(late);
    }
}
