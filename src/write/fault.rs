//! A failure that a test asks for, at one of the operations that change the disk. Only debug builds have it.

use std::fs::File;
use std::io::{self, ErrorKind, Write as _};
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The way in which an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is no room for it; what comes after it succeeds.
    NoRoom,
    /// Half of the bytes are written, then there is no room; where no bytes are written, as [`Self::NoRoom`].
    HalfWritten,
    /// The disk is broken: this operation fails, and all that come after it.
    Broken,
    /// The process dies before it.
    Killed,
    /// The process dies once half of the bytes are written; where none are, before it.
    KilledHalfway,
}

/// The operation that fails, and how.
#[derive(Debug)]
struct Point {
    number: usize,
    fault: Fault,
}

static POINT: OnceLock<Point> = OnceLock::new();

/// How many operations there have been.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Has the operation of this number fail, from 1 on. Only the first call counts.
pub fn fail_at(number: usize, fault: Fault) {
    // There is one point in a process: whoever comes second has no say.
    let _ = POINT.set(Point { number, fault });
}

/// The failure of the next operation, where it is to fail.
fn next() -> Option<Fault> {
    let point = POINT.get()?;
    let number = COUNT.fetch_add(1, Ordering::Relaxed) + 1;
    let is_met = match point.fault {
        Fault::Broken => number >= point.number,
        _ => number == point.number,
    };
    is_met.then_some(point.fault)
}

/// Fails where the next operation is to.
pub(super) fn attempt() -> io::Result<()> {
    match next() {
        None => Ok(()),
        Some(Fault::NoRoom | Fault::HalfWritten) => Err(no_room()),
        Some(Fault::Broken) => Err(io::Error::other("the disk is broken")),
        Some(Fault::Killed | Fault::KilledHalfway) => process::abort(),
    }
}

/// Fails where the next operation is to, which writes `bytes` to `file`.
pub(super) fn attempt_to_write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    let half = &bytes[..bytes.len() / 2];
    match next() {
        None => Ok(()),
        Some(Fault::NoRoom) => Err(no_room()),
        Some(Fault::Broken) => Err(io::Error::other("the disk is broken")),
        Some(Fault::HalfWritten) => file.write_all(half).and(Err(no_room())),
        Some(Fault::Killed) => process::abort(),
        Some(Fault::KilledHalfway) => {
            let _ = file.write_all(half);
            process::abort()
        }
    }
}

fn no_room() -> io::Error {
    ErrorKind::StorageFull.into()
}
