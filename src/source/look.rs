//! What lies in a site's folder at a moment, to tell whether anything has changed since.
//!
//! It holds no texts: only what the system says of each file, and where that is too coarse a sum of its bytes.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::hash::Hasher as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use camino::Utf8Path;
use walkdir::WalkDir;

use crate::system::file::{self, Identity};
use crate::system::path::{real, real_utf8};

/// The largest file whose bytes are summed up.
const LARGEST_SUM: u64 = 16 * 1024 * 1024;

/// How closely files are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closeness {
    /// By their size and times.
    Times,
    /// By their bytes too: some network file systems keep times to the second, in which two saves have room.
    Bytes,
}

/// A place in a site's folder that is looked at.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// A folder with all that lies in it, at any depth.
    Tree(&'a Utf8Path),
    /// Those files of a folder that are wanted.
    Files(&'a Utf8Path, fn(&Path) -> bool),
}

/// The state of a site's files at a moment.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Look {
    entries: BTreeMap<PathBuf, Entry>,
}

#[derive(Debug, PartialEq, Eq)]
enum Entry {
    Folder(Stamp),
    File(FileState),
    /// It is there, and cannot be looked at.
    Unreadable,
}

/// What tells a file or folder from another one that stands at the same path later.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    identity: Option<Identity>,
    created: Option<SystemTime>,
}

#[derive(Debug, PartialEq, Eq)]
struct FileState {
    stamp: Stamp,
    length: u64,
    modified: Option<SystemTime>,
    changed: Option<SystemTime>,
    sum: Option<u64>,
}

impl Look {
    /// Looks at places of the site in a folder. Where there is no folder, nothing is seen.
    pub fn at(folder: &Utf8Path, places: &[Place], closeness: Closeness) -> Self {
        let mut look = Self::default();
        let Ok(root) = real_utf8(folder) else {
            return look;
        };
        for place in places {
            let (top, walk) = match place {
                Place::Tree(path) => (folder.join(path), WalkDir::new(folder.join(path))),
                Place::Files(path, _) => {
                    let top = folder.join(path);
                    (top.clone(), WalkDir::new(top).max_depth(1))
                }
            };
            let mut entries = walk.follow_links(true).into_iter();
            while let Some(entry) = entries.next() {
                match entry {
                    Ok(entry) if is_wanted(place, &entry) => {
                        if entry.path_is_symlink() && entry.file_type().is_dir() {
                            // What lies outside is no part of the site, and may be the whole disk.
                            let behind = real(entry.path());
                            if !behind.is_ok_and(|real| real.starts_with(root.as_std_path())) {
                                entries.skip_current_dir();
                            }
                        }
                        let seen = entry.metadata().map_or(Entry::Unreadable, |metadata| {
                            entry_of(entry.path(), &metadata, closeness)
                        });
                        look.entries.insert(entry.into_path(), seen);
                    }
                    Ok(_) => {}
                    Err(error) => {
                        let path = error.path().unwrap_or(top.as_std_path());
                        if fs::symlink_metadata(path).is_ok() {
                            look.entries.insert(path.to_owned(), Entry::Unreadable);
                        }
                    }
                }
            }
        }
        look
    }

    /// Whether each of these folders is the same as at another look, though what lies in it may be other.
    pub fn has_same_folders(&self, other: &Self) -> bool {
        let folders = |look: &Self| -> Vec<_> {
            let folders = look.entries.iter();
            folders
                .filter(|(_, entry)| matches!(entry, Entry::Folder(_)))
                .map(|(path, _)| path.clone())
                .collect()
        };
        let mine = folders(self);
        mine == folders(other)
            && mine
                .iter()
                .all(|path| self.entries.get(path) == other.entries.get(path))
    }
}

/// Whether an entry is looked at: folders themselves always are.
fn is_wanted(place: &Place, entry: &walkdir::DirEntry) -> bool {
    match place {
        Place::Tree(_) => true,
        Place::Files(_, is_wanted) => entry.depth() == 0 || is_wanted(entry.path()),
    }
}

fn entry_of(path: &Path, metadata: &Metadata, closeness: Closeness) -> Entry {
    let stamp = Stamp {
        identity: Identity::of(metadata),
        created: metadata.created().ok(),
    };
    if metadata.is_dir() {
        return Entry::Folder(stamp);
    }
    let is_summed =
        closeness == Closeness::Bytes && metadata.is_file() && metadata.len() <= LARGEST_SUM;
    Entry::File(FileState {
        stamp,
        length: metadata.len(),
        modified: metadata.modified().ok(),
        changed: file::changed(metadata),
        sum: is_summed.then(|| sum(path)).flatten(),
    })
}

/// A sum of a file's bytes.
fn sum(path: &Path) -> Option<u64> {
    let mut bytes = Vec::new();
    let mut file = File::open(path).ok()?.take(LARGEST_SUM);
    file.read_to_end(&mut bytes).ok()?;
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write(&bytes);
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use camino::Utf8PathBuf;

    use super::*;

    fn tree(closeness: Closeness, root: &Utf8Path) -> Look {
        Look::at(root, &[Place::Tree(Utf8Path::new("incidents"))], closeness)
    }

    fn site() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        fs::create_dir_all(root.join("incidents/deep")).unwrap();
        fs::write(root.join("incidents/deep/one.md"), "one").unwrap();
        (folder, root)
    }

    #[test]
    fn a_look_changes_with_files_and_folders_only() {
        let (_folder, root) = site();
        let look = || tree(Closeness::Times, &root);
        let first = look();
        assert_eq!(look(), first);
        fs::write(root.join("other.md"), "other").unwrap();
        assert_eq!(look(), first);
        fs::write(root.join("incidents/deep/one.md"), "more").unwrap();
        let second = look();
        assert!(second != first && second.has_same_folders(&first));
        fs::rename(root.join("incidents"), root.join("away")).unwrap();
        assert_eq!(look(), Look::default());
        fs::rename(root.join("away"), root.join("incidents")).unwrap();
        assert!(look().has_same_folders(&first));
        fs::remove_dir_all(root.join("incidents")).unwrap();
        fs::create_dir_all(root.join("incidents/deep")).unwrap();
        assert!(!look().has_same_folders(&first));
    }

    #[test]
    fn bytes_tell_what_times_do_not() {
        let (_folder, root) = site();
        let path = root.join("incidents/deep/one.md");
        let state = |closeness| match entry_of(
            path.as_std_path(),
            &fs::metadata(&path).unwrap(),
            closeness,
        ) {
            Entry::File(state) => state.sum,
            _ => None,
        };
        let first = state(Closeness::Bytes);
        assert!(first.is_some() && state(Closeness::Times).is_none());
        fs::write(&path, "two").unwrap();
        assert_ne!(state(Closeness::Bytes), first);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_of_the_site_only() {
        use std::os::unix::fs::symlink;
        let (_folder, root) = site();
        let (_other, outside) = site();
        symlink(&outside, root.join("incidents/outside")).unwrap();
        symlink("..", root.join("incidents/deep/up")).unwrap();
        symlink("nowhere", root.join("incidents/nowhere")).unwrap();
        fs::create_dir(root.join("drafts")).unwrap();
        symlink("../drafts", root.join("incidents/inside")).unwrap();
        let look = || tree(Closeness::Times, &root);
        let first = look();
        fs::write(outside.join("incidents/two.md"), "two").unwrap();
        assert_eq!(look(), first);
        fs::write(root.join("drafts/two.md"), "two").unwrap();
        assert_ne!(look(), first);
    }
}
