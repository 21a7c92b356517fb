//! The names that publication uses beside a folder, and the lock on it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::disk::{self, Disk, Kind};
use crate::publish::Failure;

/// How often a publisher that waits looks again.
const INTERVAL: Duration = Duration::from_millis(5);

/// A folder that readers look into, behind all links, with the hidden names beside it. While the value lives, nobody else
/// publishes there.
#[derive(Debug)]
pub(super) struct Place {
    /// The folder itself, which need not be there yet.
    pub(super) target: PathBuf,
    /// Where the next one is made, and where the last one is until it is deleted.
    pub(super) next: PathBuf,
    /// Where a single file is made.
    pub(super) file: PathBuf,
    _lock: File,
}

impl Place {
    /// Locks a folder, waits at most `patience` for another publisher, and clears what a killed one has left.
    pub(super) fn lock(disk: &Disk, path: &Path, patience: Duration) -> Result<Self, Failure> {
        let target = target(disk, path)?;
        let (Some(above), Some(name)) = (target.parent(), target.file_name()) else {
            let why = "the root of a disk cannot be swapped; name a folder inside of it";
            return Err(failure(path, why));
        };
        if disk::kind(&target) == Some(Kind::Folder) && disk::are_apart(&target, above) {
            return Err(failure(path, IS_A_DISK));
        }
        let beside = |what: &str| {
            let mut hidden = std::ffi::OsString::from(".");
            hidden.push(name);
            hidden.push(what);
            above.join(hidden)
        };
        let lock = beside(".allclear-lock");
        let (next, file) = (beside(".allclear-next"), beside(".allclear-file"));
        let lock = locked(disk, &lock, patience)?;
        let place = Self {
            target,
            next,
            file,
            _lock: lock,
        };
        place.clear(disk)?;
        Ok(place)
    }

    /// Deletes what a killed publisher has left.
    fn clear(&self, disk: &Disk) -> Result<(), Failure> {
        if disk::kind(&self.next).is_some() {
            disk.remove_all(&self.next).map_err(at(&self.next))?;
        }
        if disk::kind(&self.file).is_some() {
            disk.remove_file(&self.file).map_err(at(&self.file))?;
        }
        Ok(())
    }
}

/// What to do about a folder that is a disk of its own.
const IS_A_DISK: &str =
    "it is a disk of its own, which cannot be swapped in one step; name a folder inside of it";

/// The folder that a path leads to; the folders above it are made where they are not there.
fn target(disk: &Disk, path: &Path) -> Result<PathBuf, Failure> {
    match disk::kind(path) {
        Some(Kind::File(_)) => Err(failure(path, "it is a file; name a folder")),
        Some(_) => {
            let target = disk::behind_links(path).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => failure(
                    path,
                    "it is a link that leads nowhere; make the folder that it should lead to",
                ),
                _ => at(path)(error),
            })?;
            match disk::kind(&target) {
                Some(Kind::Folder) => Ok(target),
                _ => Err(failure(path, "it leads to a file; name a folder")),
            }
        }
        None => {
            let above = path.parent().filter(|it| !it.as_os_str().is_empty());
            let above = above.unwrap_or(Path::new("."));
            disk.make_folders(above).map_err(at(above))?;
            let above = disk::behind_links(above).map_err(at(above))?;
            match path.file_name() {
                Some(name) => Ok(above.join(name)),
                None => Err(failure(path, "it names no folder")),
            }
        }
    }
}

/// Takes the lock at a path, and waits at most `patience` for whoever has it.
fn locked(disk: &Disk, path: &Path, patience: Duration) -> Result<File, Failure> {
    let file = disk.open_lock(path).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => failure(
            path,
            format!("{error}; whoever publishes must be allowed to write beside the folder"),
        ),
        _ => at(path)(error),
    })?;
    let word = format!("process {}\n", std::process::id());
    let start = Instant::now();
    loop {
        match disk.try_lock(&file, &word) {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => thread::sleep(INTERVAL),
            Err(TryLockError::WouldBlock) => {
                let holder = disk::word_in(&file);
                let holder = match holder.trim() {
                    "" => "another process",
                    holder => holder,
                };
                let why = format!(
                    "{holder} has published there for more than {} s; nothing was done",
                    patience.as_secs()
                );
                return Err(failure(path, why));
            }
            Err(TryLockError::Error(error)) => return Err(at(path)(error)),
        }
    }
}

/// A failure at a path.
pub(super) fn failure(path: &Path, why: impl Into<String>) -> Failure {
    Failure::Store {
        path: path.display().to_string(),
        why: why.into(),
    }
}

/// A failure of the disk at a path.
pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |error| failure(path, error.to_string())
}
