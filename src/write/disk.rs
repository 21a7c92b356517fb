//! The operations that change what is on the disk, one function each: this room writes through them alone.
//!
//! In a debug build each of them can be made to fail in its turn, which is how tests find out what is left behind then;
//! a release build has nothing of that.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, ErrorKind, Seek as _, SeekFrom, Write as _};
use std::time::Duration;

use camino::Utf8Path;

#[cfg(debug_assertions)]
use super::fault;
use crate::system::busy::patiently;
use crate::system::lock::{self, FolderLock};
use crate::system::{permissions, rename, sync};

/// Comes before each operation: the place at which a debug build can be made to fail.
fn attempt() -> io::Result<()> {
    #[cfg(debug_assertions)]
    fault::attempt()?;
    Ok(())
}

/// Makes a file that is not there yet, and opens it to be written.
pub(super) fn create_new(path: &Utf8Path) -> io::Result<File> {
    attempt()?;
    File::create_new(path)
}

/// Opens a file so that what is written goes behind what it holds.
pub(super) fn open_to_append(path: &Utf8Path) -> io::Result<File> {
    attempt()?;
    File::options().append(true).open(path)
}

/// Waits until nobody else has the lock of a folder, and takes it; `None` where somebody still does after `patience`.
pub(super) fn lock_folder(folder: &Utf8Path, patience: Duration) -> io::Result<Option<FolderLock>> {
    attempt()?;
    lock::folder(folder.as_std_path(), patience)
}

/// Takes the lock of a folder, where nobody else has it.
pub(super) fn try_lock_folder(folder: &Utf8Path) -> Result<FolderLock, TryLockError> {
    attempt().map_err(TryLockError::Error)?;
    lock::try_folder(folder.as_std_path())
}

#[cfg(feature = "agent")]
/// Takes the lock of a file, where nobody else has it, and makes the file where it is not there.
pub(super) fn try_lock(path: &Utf8Path) -> Result<File, TryLockError> {
    attempt().map_err(TryLockError::Error)?;
    lock::try_file(path.as_std_path())
}

/// Writes bytes to an open file.
pub(super) fn write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    #[cfg(debug_assertions)]
    fault::attempt_to_write(file, bytes)?;
    file.write_all(bytes)
}

/// Opens a file so that bytes in it can be replaced, or cut off.
pub(super) fn open_to_change(path: &Utf8Path) -> io::Result<File> {
    attempt()?;
    File::options().read(true).write(true).open(path)
}

/// Replaces bytes of an open file at a place. They must lie within a block of the disk, so that all of them are replaced
/// or none.
pub(super) fn replace_in_block(file: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
    attempt()?;
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)
}

/// Cuts an open file off behind so many bytes.
pub(super) fn cut(file: &File, length: u64) -> io::Result<()> {
    attempt()?;
    file.set_len(length)
}

/// Gives an open file the permissions of another one, and its owner and group as far as the system lets this program.
pub(super) fn permit_as(file: &File, other: &Metadata) -> io::Result<()> {
    attempt()?;
    permissions::give(file, other)
}

/// Returns once an open file is on the disk itself, so that it survives a power cut.
pub(super) fn sync(file: &File) -> io::Result<()> {
    attempt()?;
    file.sync_all()
}

/// Returns once the names of the files in a folder are on the disk itself, so that they survive a power cut.
pub(super) fn sync_folder(folder: &Utf8Path) -> io::Result<()> {
    attempt()?;
    sync::names(folder.as_std_path())
}

/// Gives a file or a folder another name; a file of that name is replaced in one step.
pub(super) fn rename(from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    attempt()?;
    patiently(|| fs::rename(from, to))
}

/// Gives a file another name, which must not be there yet.
pub(super) fn rename_new(from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    attempt()?;
    match rename::to_new(from.as_std_path(), to.as_std_path()) {
        // Not every disk can do it in one step.
        Err(error) if [ErrorKind::InvalidInput, ErrorKind::Unsupported].contains(&error.kind()) => {
            fs::hard_link(from, to)?;
            patiently(|| fs::remove_file(from))
        }
        renamed => renamed,
    }
}

/// Makes a folder that is not there yet.
pub(super) fn make_folder(folder: &Utf8Path) -> io::Result<()> {
    attempt()?;
    fs::create_dir(folder)
}

/// Makes a folder and those above it, where they are not there yet.
pub(super) fn make_folders(folder: &Utf8Path) -> io::Result<()> {
    attempt()?;
    fs::create_dir_all(folder)
}

/// Deletes a file, or a link to something.
pub(super) fn remove_file(path: &Utf8Path) -> io::Result<()> {
    attempt()?;
    patiently(|| fs::remove_file(path))
}

/// Deletes a folder that holds nothing.
pub(super) fn remove_folder(folder: &Utf8Path) -> io::Result<()> {
    attempt()?;
    patiently(|| fs::remove_dir(folder))
}

/// Deletes a folder with all that it holds.
pub(super) fn remove_all(folder: &Utf8Path) -> io::Result<()> {
    attempt()?;
    patiently(|| fs::remove_dir_all(folder))
}
