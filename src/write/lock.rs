//! One build at a time in an output folder.

use std::fs::{File, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use camino::Utf8Path;

use super::disk;
use crate::error::Error;

/// How often a build that waits looks again.
const INTERVAL: Duration = Duration::from_millis(20);

/// Locks `folder` for as long as the answer lives, and waits at most `patience` for another build.
///
/// The lock is on the folder itself: it needs no file that would be published, and the system drops
/// it when the process ends, however that happens.
pub(super) fn lock(folder: &Utf8Path, patience: Duration) -> Result<File, Error> {
    let handle = disk::open_folder(folder).map_err(Error::io("open", folder))?;
    let start = Instant::now();
    loop {
        match disk::try_lock(&handle) {
            Ok(()) => return Ok(handle),
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => thread::sleep(INTERVAL),
            Err(TryLockError::WouldBlock) => return Err(Error::Busy(folder.to_owned())),
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", folder)(error)),
        }
    }
}
