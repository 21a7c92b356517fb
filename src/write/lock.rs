//! One build at a time in an output folder.

use std::fs::TryLockError;
use std::thread;
use std::time::{Duration, Instant};

use camino::Utf8Path;

use super::disk;
use crate::error::Error;
use crate::system::lock::FolderLock;

/// How often a build that waits looks again.
const INTERVAL: Duration = Duration::from_millis(20);

/// Locks `folder` for as long as the answer lives, and waits at most `patience` for another build.
///
/// It leaves no file that would be published, and the system drops it when the process ends, however that happens.
pub(super) fn lock(folder: &Utf8Path, patience: Duration) -> Result<FolderLock, Error> {
    let start = Instant::now();
    loop {
        match disk::try_lock_folder(folder) {
            Ok(lock) => return Ok(lock),
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => thread::sleep(INTERVAL),
            Err(TryLockError::WouldBlock) => return Err(Error::Busy(folder.to_owned())),
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", folder)(error)),
        }
    }
}
