//! Single files that a command writes: a new one, or an old one with another text.

use std::fs;
use std::io::{self, ErrorKind};

use camino::Utf8Path;

use super::disk;
use crate::characters::without_half_a_character;
use crate::error::Error;

/// Makes a folder and those above it, where they are not there yet.
///
/// # Errors
///
/// Where one of them cannot be made.
pub fn make_folder(folder: &Utf8Path) -> Result<(), Error> {
    disk::make_folders(folder).map_err(Error::io("make", folder))
}

/// Writes a file that must not be there yet, and makes the folders above it.
///
/// # Errors
///
/// [`Error::Exists`] where something is there already, [`Error::Io`] where it cannot be written.
pub fn create(path: &Utf8Path, text: &str) -> Result<(), Error> {
    make_folder(folder_of(path))?;
    let mut file = disk::create_new(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Error::Exists(path.to_owned()),
        _ => Error::io("write", path)(error),
    })?;
    disk::write(&mut file, text.as_bytes()).map_err(Error::io("write", path))
}

/// Replaces the text of a file in one step, so that it is never half written.
///
/// # Errors
///
/// Where there is no such file, or it cannot be written.
pub fn replace(path: &Utf8Path, text: &str) -> Result<(), Error> {
    let failed = || Error::io("write", path);
    let permissions = fs::metadata(path).map_err(failed())?.permissions();
    let mut file = disk::create_temporary(folder_of(path)).map_err(failed())?;
    disk::write(file.as_file_mut(), text.as_bytes()).map_err(failed())?;
    disk::set_permissions(file.as_file(), permissions).map_err(failed())?;
    disk::persist(file, path).map_err(failed())
}

/// Replaces the text of a file by what `change` makes of it, one program at a time; a file that is not there
/// has an empty text, and half a character at its end is U+FFFD. What `change` returns beside the new text is handed on.
///
/// # Errors
///
/// Where the file or its folder cannot be read or written.
pub fn edit<T>(path: &Utf8Path, change: impl FnOnce(&str) -> (String, T)) -> Result<T, Error> {
    let folder = folder_of(path);
    make_folder(folder)?;
    // Another program that edits a file of this folder waits for as long as this handle lives.
    let handle = disk::open_folder(folder).map_err(Error::io("open", folder))?;
    disk::lock(&handle).map_err(Error::io("lock", folder))?;
    let old = match fs::read(path) {
        Ok(bytes) => String::from_utf8(without_half_a_character(bytes))
            .map_err(|error| Error::io("read", path)(io::Error::other(error.utf8_error())))?,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            disk::create_new(path).map_err(Error::io("write", path))?;
            String::new()
        }
        Err(error) => return Err(Error::io("read", path)(error)),
    };
    let (new, result) = change(&old);
    replace(path, &new)?;
    Ok(result)
}

/// The folder of a file, which is the current one where its path names none.
fn folder_of(path: &Utf8Path) -> &Utf8Path {
    path.parent()
        .filter(|folder| !folder.as_str().is_empty())
        .unwrap_or(Utf8Path::new("."))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn a_file_is_created_once_and_edited_as_often_as_one_likes() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().join("a/b.txt");
        create(&path, "one").unwrap();
        assert!(matches!(create(&path, "two"), Err(Error::Exists(_))));
        edit(&path, |text| (format!("{text} and two"), ())).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one and two");
        let new = path.with_file_name("c.txt");
        assert!(replace(&new, "text").is_err());
        let length = edit(&new, |text| (format!("{text}three"), text.len()));
        assert_eq!(length.unwrap(), 0);
        assert_eq!(fs::read_to_string(&new).unwrap(), "three");
    }
}
