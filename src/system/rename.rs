//! Names: a file gets one that was free, and two folders change theirs.

use std::io;
use std::path::Path;

/// Gives a file another name in one step, which must not be there yet.
///
/// # Errors
///
/// Where it is there; and [`io::ErrorKind::Unsupported`] or [`io::ErrorKind::InvalidInput`] where the system or the disk can
/// do that in no single step.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub fn to_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

/// Gives a file another name in one step, which must not be there yet.
///
/// # Errors
///
/// [`io::ErrorKind::Unsupported`].
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub fn to_new(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Has two folders change places, in one step.
///
/// # Errors
///
/// Where one is not there; and [`io::ErrorKind::Unsupported`] or [`io::ErrorKind::InvalidInput`] where the system or the disk
/// can do that in no single step.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub fn exchange(first: &Path, second: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(
        CWD,
        first,
        CWD,
        second,
        RenameFlags::EXCHANGE,
    )?)
}

/// Has two folders change places, in one step.
///
/// # Errors
///
/// [`io::ErrorKind::Unsupported`].
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
