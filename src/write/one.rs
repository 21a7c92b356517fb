//! Single files that a command writes: a new one, or an old one with another text.
//!
//! Nothing can rebuild them, so that they are flushed to the disk with their folders, and whoever reads one meets the old
//! text or the new one, never a half.

use std::fs;
use std::io::{self, ErrorKind};
use std::thread::{self, ScopedJoinHandle};

use camino::{Utf8Path, Utf8PathBuf};

use super::disk;
use super::folder::{self, LockedFolder, behind_links};
use crate::error::Error;

/// How often [`edit`] begins anew where something else writes to the file all the time.
const ATTEMPTS: usize = 100;

/// How many files are flushed at once.
const AT_ONCE: usize = 32;

/// The turn of one program to write: others that ask for one of the same folder wait for as long as this value lives.
#[derive(Debug)]
#[must_use]
pub struct Turn {
    _folder: LockedFolder,
}

/// Waits for the turn to write in a folder, where what is written depends on what is there: the name that is free.
///
/// # Errors
///
/// Where there is no such folder, or it cannot be locked.
pub fn turn(folder: &Utf8Path) -> Result<Turn, Error> {
    Ok(Turn {
        _folder: LockedFolder::lock(folder)?,
    })
}

/// Makes a folder and those above it, where they are not there yet.
///
/// # Errors
///
/// Where one of them cannot be made.
pub fn make_folder(folder: &Utf8Path) -> Result<(), Error> {
    folder::make(folder)
}

/// Writes a file that must not be there yet, and makes the folders above it. It is there with its whole text or not at
/// all.
///
/// # Errors
///
/// [`Error::Exists`] where something is there already, [`Error::Io`] where it cannot be written.
pub fn create(path: &Utf8Path, text: &str) -> Result<(), Error> {
    let folder = LockedFolder::of(path)?;
    create_in(&folder, &[(path.to_owned(), text)])
}

/// Writes files that must not be there yet, each as [`create`] does; where one cannot be written, those before it are
/// there.
///
/// Several are flushed at once, which takes the disk hardly longer than one.
///
/// # Errors
///
/// Those of [`create`].
pub fn create_all(files: &[(Utf8PathBuf, &str)]) -> Result<(), Error> {
    for files in files.chunk_by(|(a, _), (b, _)| a.parent() == b.parent()) {
        if let Some((first, _)) = files.first() {
            let folder = LockedFolder::of(first)?;
            for files in files.chunks(AT_ONCE) {
                create_in(&folder, files)?;
            }
        }
    }
    Ok(())
}

/// Writes new files of a folder.
pub(super) fn create_in(folder: &LockedFolder, files: &[(Utf8PathBuf, &str)]) -> Result<(), Error> {
    let mut unnamed = Vec::new();
    for (number, (path, text)) in files.iter().enumerate() {
        if fs::symlink_metadata(path).is_ok() {
            return Err(Error::Exists(path.clone()));
        }
        unnamed.push(folder.write(number, path, text.as_bytes())?);
    }
    let flushed: Vec<io::Result<()>> = thread::scope(|scope| {
        let flushes = unnamed.iter().map(|text| scope.spawn(|| text.flush()));
        let flushes: Vec<_> = flushes.collect();
        let joined = flushes.into_iter().map(ScopedJoinHandle::join);
        let stopped = |_| Err(io::Error::other("it was not flushed"));
        joined.map(|it| it.unwrap_or_else(stopped)).collect()
    });
    for ((path, _), flushed) in files.iter().zip(flushed) {
        flushed.map_err(Error::io("write", path))?;
    }
    let paths = files.iter().map(|(path, _)| path).rev();
    for path in paths.clone() {
        if let Some(text) = unnamed.pop() {
            text.name(path)?;
        }
    }
    folder.flush().map_err(|error| {
        // What the disk may lose again is not there: a second run is no second file.
        for path in paths.clone() {
            let _ = disk::remove_file(path);
        }
        Error::io("write", &files[0].0)(error)
    })
}

/// Replaces the text of a file by what `change` makes of it, one program at a time; a file that is not there has an
/// empty text. What `change` returns beside the new text is handed on.
///
/// Where a program that knows no locks, as an editor, has saved the file meanwhile, `change` is asked again with what is
/// there then.
///
/// # Errors
///
/// Those of `change`; and where the file or its folder cannot be read or written.
pub fn edit<T, E: From<Error>>(
    path: &Utf8Path,
    mut change: impl FnMut(&str) -> Result<(String, T), E>,
) -> Result<T, E> {
    let path = &behind_links(path)?;
    let folder = LockedFolder::of(path)?;
    for _ in 0..ATTEMPTS {
        let old = read(path)?;
        let (new, result) = change(old.as_deref().unwrap_or_default())?;
        if old.as_deref() == Some(new.as_str()) {
            return Ok(result);
        }
        let failed = || Error::io("write", path);
        let text = folder.write(0, path, new.as_bytes())?;
        if old.is_some() {
            let metadata = fs::metadata(path).map_err(failed())?;
            text.permit_as(&metadata).map_err(failed())?;
        }
        text.flush().map_err(failed())?;
        if read(path)? != old {
            continue;
        }
        let named = match old {
            Some(_) => text.replace(path),
            None => text
                .name(path)
                .and_then(|()| folder.flush().map_err(failed())),
        };
        match named {
            Err(Error::Exists(_)) => {}
            Err(error) => return Err(error.into()),
            Ok(()) => return Ok(result),
        }
    }
    let error = io::Error::other("something else writes to it again and again");
    Err(Error::io("write", path)(error).into())
}

/// The text of a file; `None` where it is not there.
fn read(path: &Utf8Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use camino::Utf8PathBuf;

    use super::*;

    /// A folder that is deleted in the end, and the path of a file in it.
    fn file(name: &str) -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().join(name);
        (folder, path)
    }

    /// The names in the folder of a file.
    fn names(path: &Utf8Path) -> Vec<String> {
        let entries = path.parent().unwrap().read_dir_utf8().unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_owned())
            .collect();
        names.sort();
        names
    }

    fn append(path: &Utf8Path, more: &str) -> Result<usize, Error> {
        edit(path, |text| Ok((format!("{text}{more}"), text.len())))
    }

    #[test]
    fn a_file_is_created_once_and_edited_as_often_as_one_likes() {
        let (_folder, path) = file("a/b.txt");
        create(&path, "one").unwrap();
        assert!(matches!(create(&path, "two"), Err(Error::Exists(_))));
        assert_eq!(append(&path, " and two").unwrap(), 3);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one and two");
        let new = path.with_file_name("c.txt");
        assert_eq!(append(&new, "three").unwrap(), 0);
        assert_eq!(fs::read_to_string(&new).unwrap(), "three");
        assert_eq!(names(&path), ["b.txt", "c.txt"]);
    }

    #[test]
    fn what_is_saved_meanwhile_is_changed_instead() {
        let (_folder, path) = file("b.txt");
        create(&path, "one").unwrap();
        let mut saves = ["two", "three"].into_iter();
        let changed: Result<(), Error> = edit(&path, |text| {
            if let Some(save) = saves.next() {
                fs::write(&path, save).unwrap();
            }
            Ok((format!("{text}!"), ()))
        });
        changed.unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three!");
        assert_eq!(names(&path), ["b.txt"]);
        // One that comes into being, and one that goes.
        let new = path.with_file_name("c.txt");
        let mut saves = ["new"].into_iter();
        let changed: Result<(), Error> = edit(&new, |text| {
            if let Some(save) = saves.next() {
                fs::write(&new, save).unwrap();
            } else {
                let _ = fs::remove_file(&path);
            }
            Ok((format!("{text}!"), ()))
        });
        changed.unwrap();
        assert_eq!(fs::read_to_string(&new).unwrap(), "new!");
        assert_eq!(names(&path), ["c.txt"]);
    }

    #[test]
    fn a_change_that_is_refused_leaves_the_file_as_it_is() {
        let (_folder, path) = file("b.txt");
        create(&path, "one").unwrap();
        let refused: Result<(), Error> = edit(&path, |_| Err(Error::Git("no".to_owned())));
        assert_eq!(refused.unwrap_err().to_string(), "no");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(names(&path), ["b.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt as _;

        let (_folder, path) = file("b.txt");
        create(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let link = path.with_file_name("link.txt");
        std::os::unix::fs::symlink("b.txt", &link).unwrap();
        append(&link, "!").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "one!");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        // One that leads nowhere is no free name.
        let nowhere = path.with_file_name("nowhere.txt");
        std::os::unix::fs::symlink("gone.txt", &nowhere).unwrap();
        assert!(matches!(create(&nowhere, "two"), Err(Error::Exists(_))));
        assert!(append(&nowhere, "two").is_err());
        assert_eq!(names(&path), ["b.txt", "link.txt", "nowhere.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn owner_and_group_stay() {
        use std::os::unix::fs::{MetadataExt as _, chown};

        let (_folder, path) = file("b.txt");
        create(&path, "one").unwrap();
        // Only root may give a file away.
        if chown(&path, Some(4711), Some(4712)).is_err() {
            return;
        }
        append(&path, "!").unwrap();
        let metadata = fs::metadata(&path).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (4711, 4712));
    }

    #[cfg(unix)]
    #[test]
    fn what_a_killed_program_left_is_removed_and_not_followed() {
        let (_folder, path) = file("b.txt");
        let other = path.with_file_name("other.txt");
        fs::write(&other, "other").unwrap();
        let left = path.with_file_name(".allclear-unfinished-0");
        std::os::unix::fs::symlink("other.txt", &left).unwrap();
        create(&path, "one").unwrap();
        assert_eq!(fs::read_to_string(&other).unwrap(), "other");
        assert_eq!(names(&path), ["b.txt", "other.txt"]);
        // Killed once the file had its name.
        fs::hard_link(&path, &left).unwrap();
        append(&path, "!").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one!");
        assert_eq!(names(&path), ["b.txt", "other.txt"]);
    }
}
