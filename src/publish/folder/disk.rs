//! The operations on a disk that publication into a folder is made of, one function each.
//!
//! In a test each publisher can be stopped after some of them, as if it were killed.

#![expect(
    clippy::disallowed_methods,
    reason = "what is published into a folder is read and written here alone"
)]

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
#[cfg(test)]
use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use crate::system::busy::patiently;
use crate::system::file::{self, Identity};
use crate::system::path::real;
use crate::system::{lock, permissions, rename, sync};

/// The way of one publisher to the disk.
#[derive(Debug, Default)]
pub(super) struct Disk {
    #[cfg(test)]
    pub(super) watch: Watch,
}

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file of so many bytes.
    File(u64),
    Folder,
    /// A link, or what is neither a file nor a folder.
    Other,
}

/// What lies at a path, links not followed; `None` where nothing does.
pub(super) fn kind(path: &Path) -> Option<Kind> {
    let metadata = fs::symlink_metadata(path).ok()?;
    Some(match metadata.file_type() {
        it if it.is_file() => Kind::File(metadata.len()),
        it if it.is_dir() => Kind::Folder,
        _ => Kind::Other,
    })
}

/// The names in a folder, sorted.
pub(super) fn names(folder: &Path) -> io::Result<Vec<std::ffi::OsString>> {
    let entries = fs::read_dir(folder)?;
    let names: io::Result<Vec<_>> = entries.map(|it| it.map(|it| it.file_name())).collect();
    let mut names = names?;
    names.sort_unstable();
    Ok(names)
}

/// The content of a file; `None` where there is none.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if [ErrorKind::NotFound, ErrorKind::NotADirectory].contains(&error.kind()) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The whole path of what is there, behind all links.
pub(super) fn behind_links(path: &Path) -> io::Result<PathBuf> {
    real(path)
}

/// Whether two folders are on different disks, so that nothing moves from one to the other in one step.
pub(super) fn are_apart(first: &Path, second: &Path) -> bool {
    file::disk(first) != file::disk(second)
}

/// Whether a file has another content than a second one, and is not the older of them.
pub(super) fn is_later(first: &Path, second: &Path) -> io::Result<bool> {
    if Identity::at(first).is_some_and(|it| Identity::at(second) == Some(it)) {
        return Ok(false);
    }
    let (one, other) = (fs::symlink_metadata(first)?, fs::symlink_metadata(second)?);
    let (age, other_age) = (one.modified()?, other.modified()?);
    // A copy has the age of what it was made of.
    let is_copy = one.len() == other.len() && age == other_age;
    Ok(!is_copy && age >= other_age)
}

impl Disk {
    /// Comes before each operation: the place at which a test stops a publisher.
    fn attempt(&self) -> io::Result<()> {
        #[cfg(test)]
        self.watch.attempt()?;
        Ok(())
    }

    /// Makes a folder that everybody may look into.
    pub(super) fn make_folder(&self, folder: &Path) -> io::Result<()> {
        self.attempt()?;
        let mut builder = fs::DirBuilder::new();
        permissions::folder_with(&mut builder, 0o755);
        builder.create(folder)?;
        permissions::allow(folder, 0o755)
    }

    /// Makes a folder and those above it, where they are not there yet.
    pub(super) fn make_folders(&self, folder: &Path) -> io::Result<()> {
        self.attempt()?;
        fs::create_dir_all(folder)
    }

    /// Gives a folder the permissions of another one, and its owner and group as far as the system lets this program.
    pub(super) fn permit_as(&self, folder: &Path, other: &Path) -> io::Result<()> {
        self.attempt()?;
        permissions::give_folder(folder, &fs::metadata(other)?)?;
        // Whoever publishes has to delete it once.
        permissions::allow(folder, 0o700)
    }

    /// Takes all permissions for a folder from everybody but its owner.
    pub(super) fn hide(&self, folder: &Path) -> io::Result<()> {
        self.attempt()?;
        permissions::hide(folder)
    }

    /// Lets everybody look into a folder.
    pub(super) fn show(&self, folder: &Path) -> io::Result<()> {
        self.attempt()?;
        permissions::allow(folder, 0o755)
    }

    /// Writes a file that is not there yet, and that everybody may read.
    pub(super) fn write_for_all(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.write_new(path, bytes)?;
        permissions::allow(path, 0o644)
    }

    /// Writes a file that is not there yet.
    pub(super) fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.attempt()?;
        let mut options = File::options();
        options.write(true).create_new(true);
        permissions::file_with(&mut options, 0o644);
        let mut file = options.open(path)?;
        #[cfg(test)]
        if let Err(error) = self.attempt() {
            file.write_all(&bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        file.write_all(bytes)
    }

    /// Returns once a file is on the disk itself, so that it survives a power cut.
    pub(super) fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.attempt()?;
        match cfg!(test) {
            true => Ok(()),
            false => sync::file(path),
        }
    }

    /// Returns once all that was written below a folder is on the disk itself.
    pub(super) fn sync_below(&self, folder: &Path) -> io::Result<()> {
        self.attempt()?;
        if cfg!(test) {
            return Ok(());
        }
        sync::all_below(folder)
    }

    /// Returns once the names in a folder are on the disk itself.
    pub(super) fn sync_names(&self, folder: &Path) -> io::Result<()> {
        self.attempt()?;
        match cfg!(test) {
            true => Ok(()),
            false => sync::names(folder),
        }
    }

    /// Gives a file a second name; where the disk has no such thing, a copy of the same age.
    pub(super) fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.attempt()?;
        let linked = fs::hard_link(from, to);
        match linked {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                if kind(from) == Some(Kind::Other) {
                    return Err(error);
                }
                self.attempt()?;
                fs::copy(from, to)?;
                let age = fs::metadata(from)?.modified()?;
                File::options().write(true).open(to)?.set_modified(age)
            }
            linked => linked,
        }
    }

    /// Gives a file or a folder another name; a file of that name is replaced in one step.
    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.attempt()?;
        patiently(|| fs::rename(from, to))
    }

    /// Has two folders change places, in one step where the system can.
    pub(super) fn exchange(&self, first: &Path, second: &Path) -> io::Result<()> {
        self.attempt()?;
        #[cfg(test)]
        let _swap = self.watch.swap();
        rename::exchange(first, second)
    }

    /// Deletes a file, or a link.
    pub(super) fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.attempt()?;
        patiently(|| fs::remove_file(path))
    }

    /// Deletes a folder that is empty.
    pub(super) fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        self.attempt()?;
        patiently(|| fs::remove_dir(folder))
    }

    /// Deletes a folder with all that it holds, where it is there.
    pub(super) fn remove_all(&self, folder: &Path) -> io::Result<()> {
        self.attempt()?;
        match patiently(|| fs::remove_dir_all(folder)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Takes the lock of a file that nobody else has, and leaves a word in the file; makes it where it is not there.
    pub(super) fn try_lock(&self, path: &Path, word: &str) -> Result<File, TryLockError> {
        self.attempt().map_err(TryLockError::Error)?;
        let mut file = lock::try_file(path)?;
        let noted = file
            .set_len(0)
            .and_then(|()| file.write_all(word.as_bytes()));
        noted.map_err(TryLockError::Error)?;
        Ok(file)
    }
}

/// The word in the file of a lock.
pub(super) fn word_in(path: &Path) -> String {
    let mut word = String::new();
    let read = File::open(path).and_then(|file| file.take(100).read_to_string(&mut word));
    // It is for people only.
    read.map(|_| word).unwrap_or_default()
}

#[cfg(test)]
/// The end of a publisher after some operations, and the count of its swaps.
#[derive(Debug)]
pub(super) struct Watch {
    left: AtomicI64,
    swaps: Arc<Swaps>,
}

#[cfg(test)]
/// How often two folders have changed places.
#[derive(Debug, Default)]
pub(super) struct Swaps {
    pub(super) begun: AtomicU64,
    pub(super) done: AtomicU64,
}

#[cfg(test)]
impl Default for Watch {
    fn default() -> Self {
        Self::new(i64::MAX, Arc::default())
    }
}

#[cfg(test)]
impl Watch {
    /// Over after so many operations: none succeeds any more, as if the publisher were killed.
    pub(super) fn new(operations: i64, swaps: Arc<Swaps>) -> Self {
        Self {
            left: AtomicI64::new(operations),
            swaps,
        }
    }

    pub(super) fn attempt(&self) -> io::Result<()> {
        match self.left.fetch_sub(1, Ordering::Relaxed) > 0 {
            true => Ok(()),
            false => Err(io::Error::other("killed")),
        }
    }

    /// Counts a swap as begun now, and as done once the answer is let go of.
    pub(super) fn swap(&self) -> Swap<'_> {
        self.swaps.begun.fetch_add(1, Ordering::SeqCst);
        Swap(&self.swaps)
    }
}

#[cfg(test)]
#[derive(Debug)]
pub(super) struct Swap<'a>(&'a Swaps);

#[cfg(test)]
impl Drop for Swap<'_> {
    fn drop(&mut self) {
        self.0.done.fetch_add(1, Ordering::SeqCst);
    }
}
