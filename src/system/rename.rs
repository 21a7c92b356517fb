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
/// where this is cut off then, what stood there lies at [`aside`]. So it does where the first folder has its new place, and the
/// old one cannot be brought to its own.
///
/// # Errors
///
/// Where one is not there, or another program keeps a file in it open: then both are where they were, or the error says that the
/// second is not.
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
    steps(first, second, |from, to| {
        patiently(|| std::fs::rename(from, to))
    })
}

/// Has two folders change places by a third name, with what gives a folder another name.
#[cfg(any(not(any(target_os = "linux", target_vendor = "apple")), test))]
fn steps(
    first: &Path,
    second: &Path,
    mut rename: impl FnMut(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    let aside = aside(first);
    rename(second, &aside)?;
    if let Err(error) = rename(first, second) {
        return Err(match rename(&aside, second) {
            Ok(()) => error,
            Err(undo) => io::Error::new(
                error.kind(),
                format!(
                    "{error}; what stood there lies at `{}` and could not be brought back ({undo})",
                    aside.display()
                ),
            ),
        });
    }
    // The first has its place, which is what this is for.
    let _ = rename(&aside, first);
    Ok(())
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

    /// What becomes of two folders whose steps fail where `fails` says so, each by a letter: first, second, aside.
    fn after(fails: [bool; 3]) -> (Result<(), String>, String) {
        let mut places = ["first", "second"]
            .map(|it| Some(PathBuf::from(it)))
            .to_vec();
        places.push(None);
        let names = [
            PathBuf::from("first"),
            PathBuf::from("second"),
            aside(Path::new("first")),
        ];
        let mut left = fails.into_iter();
        let done = steps(Path::new("first"), Path::new("second"), |from, to| {
            if left.next().unwrap() {
                return Err(io::Error::other("open elsewhere"));
            }
            let at = |path: &Path| names.iter().position(|name| name == path).unwrap();
            places[at(to)] = places[at(from)].take();
            Ok(())
        });
        let found = places
            .iter()
            .map(|it| it.as_ref().map_or("-", |it| &it.to_str().unwrap()[..1]));
        (done.map_err(|error| error.to_string()), found.collect())
    }

    #[test]
    fn a_step_that_fails_is_told_as_what_it_means() {
        let why = || Err("open elsewhere".to_owned());
        assert_eq!(after([false; 3]), (Ok(()), "sf-".to_owned()));
        assert_eq!(after([true, false, false]), (why(), "fs-".to_owned()));
        assert_eq!(after([false, true, false]), (why(), "fs-".to_owned()));
        // The new page is live.
        assert_eq!(after([false, false, true]), (Ok(()), "-fs".to_owned()));
        // No page is.
        let lost = "open elsewhere; what stood there lies at `first-aside` and could not be brought back (open elsewhere)";
        let found = after([false, true, true]);
        assert_eq!(found, (Err(lost.to_owned()), "f-s".to_owned()));
    }
}
