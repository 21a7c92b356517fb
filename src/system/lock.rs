//! One program at a time in a folder, or with a file that stays.
//!
//! On Unix the lock of a folder is on the folder itself. Windows locks no folders: there a file in it, whose name begins with a
//! dot, is open for one program alone, and is deleted when that one ends, however that happens.
//!
//! A file that is locked on Unix can be read by everybody. Windows would let nobody read what is locked: there the file is open
//! for one program that writes, and for all that read.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

/// The name of the file by which a folder is locked where folders are not, while it is.
pub const NAME: &str = ".allclear-lock";

/// The lock of a folder, which nobody else has while this value lives. It ends with the process, however that ends.
#[derive(Debug)]
pub struct FolderLock {
    _handle: File,
}

/// Takes the lock of a file, where nobody else has it, and makes the file where it is not there. It is open to be written as
/// long as the lock is held.
///
/// # Errors
///
/// [`TryLockError::WouldBlock`] where somebody has it, and those of the system.
pub fn try_file(path: &Path) -> Result<File, TryLockError> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        let handle = options.open(path).map_err(TryLockError::Error)?;
        handle.try_lock()?;
        Ok(handle)
    }
    #[cfg(not(unix))]
    {
        use std::os::windows::fs::OpenOptionsExt as _;
        const FOR_READERS: u32 = 1;
        options.share_mode(FOR_READERS);
        options.open(path).map_err(held_or_failed)
    }
}

/// What a file says that is open for one program alone, or why it cannot be opened.
#[cfg(not(unix))]
fn held_or_failed(error: io::Error) -> TryLockError {
    const SHARING_VIOLATION: i32 = 32;
    match error.raw_os_error() {
        Some(SHARING_VIOLATION) => TryLockError::WouldBlock,
        _ => TryLockError::Error(error),
    }
}

/// Takes the lock of a folder, where nobody else has it.
///
/// # Errors
///
/// [`TryLockError::WouldBlock`] where somebody has it, and those of the system.
#[cfg(unix)]
pub fn try_folder(folder: &Path) -> Result<FolderLock, TryLockError> {
    let handle = File::open(folder).map_err(TryLockError::Error)?;
    handle.try_lock()?;
    Ok(FolderLock { _handle: handle })
}

/// Takes the lock of a folder, where nobody else has it.
///
/// # Errors
///
/// [`TryLockError::WouldBlock`] where somebody has it, and those of the system.
#[cfg(not(unix))]
pub fn try_folder(folder: &Path) -> Result<FolderLock, TryLockError> {
    use std::os::windows::fs::OpenOptionsExt as _;
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    let path = folder.join(NAME);
    let mut options = File::options();
    options.write(true).create(true).share_mode(0);
    options.custom_flags(DELETE_ON_CLOSE);
    match options.open(&path) {
        Ok(handle) => Ok(FolderLock { _handle: handle }),
        // It is being deleted, where it cannot even be looked at.
        Err(error)
            if error.kind() == io::ErrorKind::PermissionDenied
                && std::fs::symlink_metadata(&path)
                    .is_err_and(|it| it.kind() == io::ErrorKind::PermissionDenied) =>
        {
            Err(TryLockError::WouldBlock)
        }
        Err(error) => Err(held_or_failed(error)),
    }
}

/// Waits until nobody else has the lock of a folder, and takes it; `None` where somebody still does after `patience`.
///
/// The system hands the lock on in the order in which it was asked for, so that of many nobody waits for ever. It knows no
/// end of waiting: another thread waits, and is left behind.
///
/// # Errors
///
/// Where the folder cannot be opened, or knows no locks.
#[cfg(unix)]
pub fn folder(folder: &Path, patience: Duration) -> io::Result<Option<FolderLock>> {
    use std::sync::mpsc;
    let handle = File::open(folder)?;
    if handle.try_lock().is_ok() {
        return Ok(Some(FolderLock { _handle: handle }));
    }
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let locked = loop {
            match handle.lock() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                locked => break locked,
            }
        };
        // Where nobody listens any more, the lock ends with the handle.
        let _ = sender.send(locked.map(|()| FolderLock { _handle: handle }));
    });
    match receiver.recv_timeout(patience) {
        Ok(locked) => locked.map(Some),
        Err(_) => Ok(None),
    }
}

/// Waits until nobody else has the lock of a folder, and takes it; `None` where somebody still does after `patience`.
///
/// # Errors
///
/// Where no file can be made in the folder.
#[cfg(not(unix))]
pub fn folder(folder: &Path, patience: Duration) -> io::Result<Option<FolderLock>> {
    const INTERVAL: Duration = Duration::from_millis(5);
    let start = std::time::Instant::now();
    loop {
        match try_folder(folder) {
            Ok(lock) => return Ok(Some(lock)),
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => {
                std::thread::sleep(INTERVAL);
            }
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_is_locked_again_once_it_is_there_and_read_while_it_is_locked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let mut first = try_file(&path).unwrap();
        first.write_all(b"process 7").unwrap();
        assert!(matches!(try_file(&path), Err(TryLockError::WouldBlock)));
        // Who waits learns who has it, and does not stand in the way of the next one.
        let mut reader = File::open(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "process 7");
        drop(first);
        let second = try_file(&path).unwrap();
        assert_eq!(io::read_to_string(&mut reader).unwrap(), "process 7");
        assert!(matches!(try_file(&path), Err(TryLockError::WouldBlock)));
        drop(second);
        assert!(matches!(
            try_file(&folder.path().join("nowhere/lock")),
            Err(TryLockError::Error(_))
        ));
    }

    #[test]
    fn a_folder_has_one_holder_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = try_folder(folder.path()).unwrap();
        let second = try_folder(folder.path());
        assert!(matches!(second, Err(TryLockError::WouldBlock)));
        drop(first);
        assert!(
            super::folder(folder.path(), Duration::ZERO)
                .unwrap()
                .is_some()
        );
    }
}
