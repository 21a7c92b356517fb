//! Files that this program made, as its manual pages, which a later version of it replaces.

use std::fs;
use std::io::ErrorKind;

use camino::{Utf8Path, Utf8PathBuf};

use super::one::{create, edit};
use crate::error::Error;

/// Writes texts, each at its path, where nothing stands yet or a file of ours, which `is_own` tells by its text. No link is followed.
///
/// # Errors
///
/// [`Error::Exists`], before anything is written, where something else stands in the place of one of them; [`Error::Io`]
/// where one cannot be read or written.
pub fn replace_own(
    files: &[(Utf8PathBuf, String)],
    is_own: impl Fn(&str) -> bool,
) -> Result<(), Error> {
    let mut are_there = Vec::new();
    for (path, _) in files {
        are_there.push(is_there(path, &is_own)?);
    }
    for ((path, text), is_there) in files.iter().zip(are_there) {
        match is_there {
            true => edit(path, |_| Ok::<_, Error>((text.clone(), ())))?,
            false => create(path, text)?,
        }
    }
    Ok(())
}

/// Whether a file of ours is there.
fn is_there(path: &Utf8Path, is_own: impl Fn(&str) -> bool) -> Result<bool, Error> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => {
            let bytes = fs::read(path).map_err(Error::io("read", path))?;
            match String::from_utf8(bytes) {
                Ok(text) if is_own(&text) => Ok(true),
                _ => Err(Error::Exists(path.to_owned())),
            }
        }
        Ok(_) => Err(Error::Exists(path.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}
