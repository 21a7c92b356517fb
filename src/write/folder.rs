//! The folder of a file that nothing can rebuild, while one program writes to it.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};

use super::disk;
use crate::error::Error;

/// The name under which a text is written before it gets its own. It begins with a dot, so that no site reads it.
const UNFINISHED: &str = ".allclear-unfinished";

/// A folder to which no other program of this kind writes for as long as this value lives.
///
/// A text is written beside its place and flushed before it gets its name, so that under a name there is only ever a
/// whole one. What a program that was killed has left is removed by the next one.
#[derive(Debug)]
pub(super) struct LockedFolder {
    path: Utf8PathBuf,
    _handle: File,
}

/// The text of a file in a [`LockedFolder`], whole and on the disk, which has no name yet.
#[derive(Debug)]
#[must_use]
pub(super) struct Unnamed<'a> {
    path: Utf8PathBuf,
    folder: &'a LockedFolder,
}

impl LockedFolder {
    /// Makes the folder of a file where it is not there yet, and locks it.
    pub(super) fn of(path: &Utf8Path) -> Result<Self, Error> {
        let folder = folder_of(path);
        make(folder)?;
        Self::lock(folder)
    }

    /// Waits until no other program writes to a folder, and locks it.
    pub(super) fn lock(folder: &Utf8Path) -> Result<Self, Error> {
        let handle = disk::open_folder(folder).map_err(Error::io("open", folder))?;
        disk::lock(&handle).map_err(Error::io("lock", folder))?;
        Ok(Self {
            path: folder.to_owned(),
            _handle: handle,
        })
    }

    /// Writes the text of a file; `path` is the name that it is to have, for messages.
    pub(super) fn write(
        &self,
        path: &Utf8Path,
        text: &[u8],
        permissions: Option<Permissions>,
    ) -> Result<Unnamed<'_>, Error> {
        let failed = Error::io("write", path);
        let unfinished = self.path.join(UNFINISHED);
        let written = remove_if_there(&unfinished)
            .and_then(|()| disk::create_new(&unfinished))
            .and_then(|mut file| {
                disk::write(&mut file, text)?;
                if let Some(permissions) = permissions {
                    disk::set_permissions(&file, permissions)?;
                }
                disk::sync(&file)
            });
        let unnamed = Unnamed {
            path: unfinished,
            folder: self,
        };
        match written {
            Ok(()) => Ok(unnamed),
            Err(error) => {
                unnamed.remove();
                Err(failed(error))
            }
        }
    }
}

impl Unnamed<'_> {
    /// Gives the text a name that must not be there yet; where that fails, there is no such file.
    pub(super) fn name(self, path: &Utf8Path) -> Result<(), Error> {
        match disk::rename_new(&self.path, path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                self.remove();
                return Err(Error::Exists(path.to_owned()));
            }
            // Some disks have nothing of that kind. Whoever keeps to the lock takes no name meanwhile.
            Err(_) if fs::symlink_metadata(path).is_err() => {
                if let Err(error) = disk::rename(&self.path, path) {
                    self.remove();
                    return Err(Error::io("write", path)(error));
                }
            }
            Err(error) => {
                self.remove();
                return Err(Error::io("write", path)(error));
            }
        }
        self.remove();
        disk::sync_folder(&self.folder.path).map_err(|error| {
            // What the disk may lose again is not there, so that a second run is not the second file.
            let _ = disk::remove_file(path);
            Error::io("write", path)(error)
        })
    }

    /// Gives the text the name of a file, in the place of that one.
    pub(super) fn replace(self, path: &Utf8Path) -> Result<(), Error> {
        if let Err(error) = disk::rename(&self.path, path) {
            self.remove();
            return Err(Error::io("write", path)(error));
        }
        disk::sync_folder(&self.folder.path).map_err(|source| Error::Unconfirmed {
            path: path.to_owned(),
            source,
        })
    }

    /// Takes the text away again. Where that fails, the next program does it.
    pub(super) fn remove(&self) {
        let _ = remove_if_there(&self.path);
    }
}

fn remove_if_there(path: &Utf8Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(_) => disk::remove_file(path),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes a folder and those above it, where they are not there yet, so that they survive a power cut.
pub(super) fn make(folder: &Utf8Path) -> Result<(), Error> {
    let missing: Vec<&Utf8Path> = folder
        .ancestors()
        .take_while(|it| !it.as_str().is_empty() && fs::symlink_metadata(it).is_err())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    disk::make_folders(folder).map_err(Error::io("make", folder))?;
    for made in missing {
        let above = folder_of(made);
        disk::sync_folder(above).map_err(Error::io("write", above))?;
    }
    Ok(())
}

/// The folder of a file, which is the current one where its path names none.
fn folder_of(path: &Utf8Path) -> &Utf8Path {
    path.parent()
        .filter(|folder| !folder.as_str().is_empty())
        .unwrap_or(Utf8Path::new("."))
}

/// The file that a path leads to: where it is a link, what that leads to. A link is never replaced by a file.
pub(super) fn behind_links(path: &Utf8Path) -> Result<Utf8PathBuf, Error> {
    match path.is_symlink() {
        true => path.canonicalize_utf8().map_err(Error::io("open", path)),
        false => Ok(path.to_owned()),
    }
}
