//! Folders of a site that are git submodules: one that was not fetched is an empty folder, and must not read as one.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

use super::inside::read_anywhere;
use crate::system::path::slashed;

/// The file of a repository that names its submodules.
const LIST: &str = ".gitmodules";

/// The most that is read of it, in bytes.
const LARGEST: u64 = 1 << 20;

/// The submodules at, in or around a folder of the site that were not fetched, by their paths from the site's folder.
pub(super) fn unfetched(root: &Utf8Path, folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    for repository in root.ancestors() {
        if let Ok(bytes) = read_anywhere(&repository.join(LIST), LARGEST) {
            let list = String::from_utf8_lossy(&bytes);
            let inside = list.lines().filter_map(path).filter_map(|path| {
                let full = repository.join(path);
                Some(slashed(full.strip_prefix(root).ok()?.to_owned()))
            });
            let concerns = |path: &Utf8PathBuf| {
                let is_site = path.as_str().is_empty();
                !is_site && (path.starts_with(folder) || folder.starts_with(path))
            };
            return inside
                .filter(concerns)
                // What was fetched has a file `.git` at least.
                .filter(|path| is_empty(&root.join(path)))
                .collect();
        }
        if fs::symlink_metadata(repository.join(".git")).is_ok() {
            break;
        }
    }
    Vec::new()
}

/// The path that a line of the list names.
fn path(line: &str) -> Option<&str> {
    let (key, value) = line.split_once('=')?;
    (key.trim() == "path").then(|| value.trim().trim_matches('"'))
}

/// Whether nothing at all lies in a folder, or it is not there.
pub(super) fn is_empty(folder: &Utf8Path) -> bool {
    let entries = folder.read_dir_utf8();
    entries.map_or(true, |mut entries| entries.next().is_none())
}
