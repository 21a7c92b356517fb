//! What lies in a folder that is live, told apart by who made it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{self, Kind};

use crate::system::path::slashed;

/// What lies in a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The files that publications made, by their paths, with the numbers of their bytes.
    pub(super) files: BTreeMap<String, u64>,
    /// All else, by paths from the folder: a folder of which nothing is known stands for all that it holds.
    pub(super) foreign: Vec<PathBuf>,
}

/// The paths that publications may have made.
#[derive(Debug)]
pub(super) struct Known {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl Known {
    /// The files at these paths, with their compressed copies.
    pub(super) fn new<'a>(paths: impl Iterator<Item = &'a str>) -> Self {
        let mut known = Self {
            files: BTreeSet::new(),
            folders: BTreeSet::new(),
        };
        for path in paths {
            known.add_folders_above(path);
            known.files.insert(path.to_owned());
            known.files.extend(copies(path));
        }
        known
    }

    /// Adds the folders above a path, but not what is there.
    pub(super) fn add_folders_above(&mut self, path: &str) {
        let folders = folders_above(path).map(str::to_owned);
        self.folders.extend(folders);
    }

    pub(super) fn add_file(&mut self, path: &str) {
        self.files.insert(path.to_owned());
    }

    pub(super) fn has_file(&self, path: &str) -> bool {
        self.files.contains(path)
    }

    pub(super) fn has_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }
}

/// Every folder above a path, the outermost first.
pub(super) fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// The paths of the compressed copies of a file.
pub(super) fn copies(path: &str) -> [String; 2] {
    [format!("{path}.gz"), format!("{path}.br")]
}

/// A path from the folder as a build has it, with `/` between its parts; empty where it is not UTF-8.
pub(super) fn own(path: &Path) -> String {
    let path = camino::Utf8Path::from_path(path).unwrap_or(camino::Utf8Path::new(""));
    slashed(path.to_owned()).into_string()
}

/// Whether this is what `build` keeps in its output folder, which is no part of a page.
pub(super) fn is_of_build(path: &Path) -> bool {
    path == Path::new(".allclear-manifest")
}

impl Found {
    /// What lies in a folder.
    pub(super) fn look(folder: &Path, known: &Known) -> io::Result<Self> {
        let mut found = Self::default();
        found.look_into(folder, "", known)?;
        Ok(found)
    }

    fn look_into(&mut self, root: &Path, below: &str, known: &Known) -> io::Result<()> {
        for name in disk::names(&root.join(below))? {
            let own = name.to_str().map(|name| match below {
                "" => name.to_owned(),
                _ => format!("{below}/{name}"),
            });
            let path = Path::new(below).join(&name);
            let own = own.and_then(|own| Some((disk::kind(&root.join(&path))?, own)));
            match own {
                Some((Kind::File(size), own)) if known.files.contains(&own) => {
                    self.files.insert(own, size);
                }
                Some((Kind::Folder, own)) if known.folders.contains(&own) => {
                    self.look_into(root, &own, known)?;
                }
                _ if is_of_build(&path) => {}
                _ => self.foreign.push(path),
            }
        }
        Ok(())
    }
}
