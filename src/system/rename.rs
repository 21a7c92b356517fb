//! Names: a file gets one that was free, and two folders change theirs.

use std::io;
use std::path::{Path, PathBuf};

#[cfg(any(not(any(target_os = "linux", target_vendor = "apple")), test))]
use super::busy::patiently;

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

/// Has two folders change places. Windows does that in no single step: for an instant nothing stands at the second path, and
/// where this is cut off then, what stood there lies at [`aside`].
///
/// # Errors
///
/// Where one is not there, or another program keeps a file in it open: then both are where they were.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub fn exchange(first: &Path, second: &Path) -> io::Result<()> {
    in_three_steps(first, second)
}

/// Where the second of two folders lies while the two change places in more than one step.
pub fn aside(first: &Path) -> PathBuf {
    let mut name = first.file_name().unwrap_or_default().to_owned();
    name.push("-aside");
    first.with_file_name(name)
}

/// Has two folders change places by a third name.
#[cfg(any(not(any(target_os = "linux", target_vendor = "apple")), test))]
fn in_three_steps(first: &Path, second: &Path) -> io::Result<()> {
    let aside = aside(first);
    let rename = |from: &Path, to: &Path| patiently(|| std::fs::rename(from, to));
    rename(second, &aside)?;
    rename(first, second).inspect_err(|_| {
        // Who fails here has said why.
        let _ = rename(&aside, second);
    })?;
    rename(&aside, first)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::fs;

    use super::*;

    #[test]
    fn folders_change_places_in_steps_too() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        for path in [&first, &second] {
            fs::create_dir(path).unwrap();
            fs::write(path.join(path.file_name().unwrap()), "").unwrap();
        }
        in_three_steps(&first, &second).unwrap();
        assert!(first.join("second").exists() && second.join("first").exists());
        assert!(!aside(&first).exists());
        // Where there is nothing to change with, all stays as it is.
        fs::rename(&first, folder.path().join("away")).unwrap();
        assert!(in_three_steps(&first, &second).is_err());
        assert!(second.join("first").exists() && !aside(&first).exists());
    }
}
