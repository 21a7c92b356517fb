//! One program at a time in a folder.
//!
//! On Unix the lock is on the folder itself. Windows locks no folders: there a hidden file in it is open for one program alone,
//! and is deleted when that one ends, however that happens.

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
    const SHARING_VIOLATION: i32 = 32;
    let path = folder.join(NAME);
    let mut options = File::options();
    options.write(true).create(true).share_mode(0);
    options.custom_flags(DELETE_ON_CLOSE);
    match options.open(&path) {
        Ok(handle) => Ok(FolderLock { _handle: handle }),
        Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => {
            Err(TryLockError::WouldBlock)
        }
        // It is being deleted, where it cannot even be looked at.
        Err(error)
            if error.kind() == io::ErrorKind::PermissionDenied
                && std::fs::symlink_metadata(&path)
                    .is_err_and(|it| it.kind() == io::ErrorKind::PermissionDenied) =>
        {
            Err(TryLockError::WouldBlock)
        }
        Err(error) => Err(TryLockError::Error(error)),
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
