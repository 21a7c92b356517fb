//! The folder that was replaced: what publications made in it is deleted, and what others put there goes on to the live one.
//!
//! Nothing is deleted of which nobody knows that a publication made it, unless the live folder has the same. What can
//! neither be moved nor deleted stays, beside the live folder.
//!
//! So that a publisher that was killed right after the swap loses nothing either, the next one has to know whether the
//! folder beside the live one is a new one, which was never finished, or the old one. Before the swap a mark is made, which
//! says which folders were the live ones by then; by that it is told.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{self, Disk, Kind};
use super::found::{Known, is_of_build, own};
use crate::publish::live;
use crate::system::file::Identity;
use crate::system::mounts;

/// The folders, by their identities on the disk, that were live before a swap.
#[derive(Debug, Default)]
pub(super) struct Originals {
    root: String,
    /// Those inside of it that no publication made.
    foreign: BTreeSet<String>,
}

impl Originals {
    /// A folder that is live, and what no publication made in it.
    pub(super) fn of(root: &Path, foreign: &[PathBuf]) -> Self {
        let folders = foreign.iter().map(|path| root.join(path));
        let folders = folders.filter(|path| disk::kind(path) == Some(Kind::Folder));
        Self {
            root: identity(root).unwrap_or_default(),
            foreign: folders.filter_map(|path| identity(&path)).collect(),
        }
    }

    /// The text of the mark.
    pub(super) fn text(&self) -> String {
        let lines = std::iter::once(&self.root).chain(&self.foreign);
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// What a mark says.
    pub(super) fn parse(text: &str) -> Self {
        let mut lines = text.lines().map(str::to_owned);
        Self {
            root: lines.next().unwrap_or_default(),
            foreign: lines.collect(),
        }
    }

    /// Whether a folder is the one that was live.
    pub(super) fn is_root(&self, folder: &Path) -> bool {
        identity(folder).is_some_and(|it| it == self.root)
    }

    fn has(&self, folder: &Path) -> bool {
        identity(folder).is_some_and(|it| self.foreign.contains(&it))
    }
}

/// What a folder is on the disk, whatever name it has; `None` where there is none.
fn identity(folder: &Path) -> Option<String> {
    Identity::at(folder).map(|it| it.to_string())
}

/// A folder that was replaced by the live one.
#[derive(Debug)]
pub(super) struct Old<'a> {
    pub(super) disk: &'a Disk,
    pub(super) path: &'a Path,
    pub(super) live: &'a Path,
    pub(super) known: &'a Known,
    pub(super) originals: &'a Originals,
}

impl Old<'_> {
    /// Empties the folder and deletes it, as far as nothing is lost by that. Whatever fails stays there.
    pub(super) fn settle(&self) {
        // What is mounted there is neither ours nor the page's, and can be told from it by nothing else.
        if !mounts::within(self.path).is_empty() {
            return;
        }
        self.clear("");
        // The manifest goes last, as it says what may be deleted.
        let manifest = Path::new(live::PATH);
        let names = disk::names(self.path).unwrap_or_default();
        if names.iter().all(|name| Path::new(name) == manifest) {
            if !names.is_empty() {
                let _ = self.disk.remove_file(&self.path.join(manifest));
            }
            let _ = self.disk.remove_folder(self.path);
        }
    }

    fn clear(&self, below: &str) {
        for name in disk::names(&self.path.join(below)).unwrap_or_default() {
            let path = Path::new(below).join(&name);
            let own = &own(&path);
            let old = self.path.join(&path);
            // What fails is found to be there in the end.
            let _ = match disk::kind(&old) {
                None => Ok(()),
                Some(_) if own == live::PATH => Ok(()),
                Some(Kind::Folder) if self.known.has_folder(own) => {
                    self.clear(own);
                    self.disk.remove_folder(&old)
                }
                Some(Kind::File(_) | Kind::Other)
                    if self.known.has_file(own) || is_of_build(&path) =>
                {
                    self.disk.remove_file(&old)
                }
                Some(_) => self.take(&old, &self.live.join(&path)),
            };
        }
    }

    /// Has what others made in the live folder: folders are the same folders that they were, and what was put there before the
    /// swap comes along.
    fn take(&self, old: &Path, live: &Path) -> io::Result<()> {
        match (disk::kind(old), disk::kind(live)) {
            (None, _) => Ok(()),
            (Some(_), None) => {
                self.disk.make_folders(live.parent().unwrap_or(live))?;
                self.disk.rename(old, live)
            }
            (Some(Kind::Folder), Some(Kind::Folder)) => {
                if self.originals.has(old) {
                    self.disk.exchange(old, live)?;
                }
                for name in disk::names(old)? {
                    let _ = self.take(&old.join(&name), &live.join(&name));
                }
                self.disk.remove_folder(old)
            }
            (Some(Kind::Folder), Some(_)) | (Some(_), Some(Kind::Folder)) => {
                Err(io::ErrorKind::AlreadyExists.into())
            }
            (Some(_), Some(_)) => match disk::is_later(old, live)? {
                true => self.disk.rename(old, live),
                false => self.disk.remove_file(old),
            },
        }
    }
}
