//! What is on the disk itself, so that it survives a power cut.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Returns once a file is on the disk itself.
///
/// # Errors
///
/// Where it cannot be opened, or the disk fails.
pub fn file(path: &Path) -> io::Result<()> {
    let mut options = File::options();
    options.read(true);
    // Windows asks of whoever flushes a file that it may write to it.
    #[cfg(not(unix))]
    options.write(true);
    options.open(path)?.sync_all()
}

/// Returns once the names of the files in a folder are on the disk itself.
///
/// # Errors
///
/// Where the folder cannot be read, or the disk fails.
pub fn names(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    let synced = File::open(folder)?.sync_all();
    // Elsewhere a folder cannot be opened as a file.
    #[cfg(not(unix))]
    let synced = std::fs::metadata(folder).map(drop);
    unless_unknown(synced)
}

/// The outcome for names, of which some file systems of networks keep no folders of their own.
fn unless_unknown(synced: io::Result<()>) -> io::Result<()> {
    match synced {
        Err(error) if [ErrorKind::InvalidInput, ErrorKind::Unsupported].contains(&error.kind()) => {
            Ok(())
        }
        synced => synced,
    }
}

/// Returns once all that was written below a folder is on the disk itself.
///
/// # Errors
///
/// Where something there cannot be opened, or the disk fails.
pub fn all_below(folder: &Path) -> io::Result<()> {
    // One call for the whole disk takes less than one for each of thousands of files and folders.
    #[cfg(target_os = "linux")]
    return Ok(rustix::fs::syncfs(File::open(folder)?)?);
    #[cfg(not(target_os = "linux"))]
    {
        each_below(folder)?;
        names(folder)
    }
}

/// Has the system hand a file, or the names in a folder, on to the disk.
///
/// The disk of a Mac may keep that in its own memory. Waiting until it has written all of it, as the other functions do
/// (`F_FULLFSYNC`), is slow for each of thousands of files; once in the end it counts for all that was handed on before.
#[cfg(target_vendor = "apple")]
fn hand_on(path: &Path) -> io::Result<()> {
    let handed = rustix::fs::fsync(File::open(path)?);
    unless_unknown(handed.map_err(io::Error::from))
}

/// Returns once a file is on the disk itself; a folder cannot be opened as a file.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn hand_on(path: &Path) -> io::Result<()> {
    match path.is_dir() {
        true => names(path),
        false => file(path),
    }
}

#[cfg(not(target_os = "linux"))]
fn each_below(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            each_below(&entry.path())?;
        } else if kind.is_file() {
            hand_on(&entry.path())?;
        }
    }
    hand_on(folder)
}
