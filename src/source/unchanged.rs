//! The texts of the last build, so that a file that has not changed since is not opened again.

use std::fs;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::text::text;
use crate::diagnostic::{Diagnostic, SourceFile};
use crate::system::file::{self, Identity};

/// The time within which two writes may bear the same timestamp: the clocks of file systems are that coarse.
const COARSE: Duration = Duration::from_secs(2);

/// The texts of the last build, by kind.
#[derive(Debug, Default)]
pub struct Unchanged {
    pub(super) incidents: Texts,
    pub(super) evidence: Texts,
    pub(super) pages: Texts,
}

/// Texts, sorted by path.
#[derive(Debug, Default)]
pub(super) struct Texts(Vec<Text>);

/// A text with the stamp of its file.
#[derive(Debug)]
struct Text {
    /// `None` where the file may change without a new stamp.
    stamp: Option<Stamp>,
    file: Arc<SourceFile>,
}

/// The properties of a file by which a change shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: SystemTime,
    created: Option<SystemTime>,
    /// When the file was last written or renamed, which nobody can choose, and which file it is; where the system
    /// says so.
    changed: Option<(SystemTime, Identity)>,
}

impl Stamp {
    /// The time when it was last written, as far as the system knows.
    fn written(&self) -> SystemTime {
        self.changed.map_or(self.modified, |(at, _)| at)
    }
}

impl Texts {
    /// Reads the texts at `paths`, which are sorted, without opening files that have not changed. A file with the
    /// same text gives the same value, whether it was opened again or not.
    pub(super) fn read(
        &mut self,
        root: &Utf8Path,
        paths: Vec<Utf8PathBuf>,
        largest: u64,
    ) -> Vec<Result<Arc<SourceFile>, Box<Diagnostic>>> {
        let read: Vec<_> = paths
            .into_par_iter()
            .map(|path| {
                // The stamp comes before the text: a write in between has a later time.
                let stamp = stamp(&root.join(&path));
                let file = match self.get(&path) {
                    Some(old) if old.stamp.is_some() && old.stamp == stamp => {
                        Ok(Arc::clone(&old.file))
                    }
                    Some(Text { file: old, .. }) => {
                        text(root, &path, largest).map(|new| match new == *old {
                            true => Arc::clone(old),
                            false => new,
                        })
                    }
                    None => text(root, &path, largest),
                };
                (stamp, file)
            })
            .collect();
        // A file as young as the youngest may be written once more without a new time: it is opened next time.
        let times = read
            .iter()
            .filter_map(|(stamp, _)| Some(stamp.as_ref()?.written()));
        let youngest = times.max();
        let is_sure = |stamp: &Stamp| {
            let age = youngest.and_then(|youngest| youngest.duration_since(stamp.written()).ok());
            age.is_some_and(|age| COARSE < age)
        };
        let texts = read.iter().filter_map(|(stamp, file)| {
            Some(Text {
                stamp: stamp.filter(is_sure),
                file: Arc::clone(file.as_ref().ok()?),
            })
        });
        self.0 = texts.collect();
        self.0.shrink_to_fit();
        read.into_iter().map(|(_, file)| file).collect()
    }

    fn get(&self, path: &Utf8Path) -> Option<&Text> {
        let order = |text: &Text| text.file.path.as_str().cmp(path.as_str());
        let index = self.0.binary_search_by(order).ok()?;
        Some(&self.0[index])
    }
}

/// The stamp of the file at a path; `None` where the system does not tell.
fn stamp(path: &Utf8Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some(Stamp {
        length: metadata.len(),
        modified: metadata.modified().ok()?,
        created: metadata.created().ok(),
        changed: file::changed(&metadata).zip(Identity::of(&metadata)),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    /// A folder of files, each with its age in seconds.
    fn folder(files: &[(&str, &str, u64)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text, age) in files {
            write(&folder, name, text, *age);
        }
        folder
    }

    fn write(folder: &tempfile::TempDir, name: &str, text: &str, age: u64) {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let file = fs::File::options().write(true).open(path).unwrap();
        let epoch = SystemTime::UNIX_EPOCH + Duration::from_secs(1_672_277_400);
        file.set_modified(epoch - Duration::from_secs(age)).unwrap();
    }

    fn read(texts: &mut Texts, folder: &tempfile::TempDir) -> Vec<Arc<SourceFile>> {
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let paths = ["new.md", "old.md"].map(Utf8PathBuf::from).to_vec();
        let read = texts.read(root, paths, 1000).into_iter();
        read.map(|file| file.unwrap()).collect()
    }

    #[test]
    fn a_file_that_may_have_been_written_since_is_opened_again() {
        let folder = folder(&[("new.md", "one", 1), ("old.md", "one", 60)]);
        let mut texts = Texts::default();
        let first = read(&mut texts, &folder);
        // As long as before, and at the same time, as far as the clock can tell.
        write(&folder, "new.md", "two", 1);
        let second = read(&mut texts, &folder);
        assert_eq!(second[0].text, "two");
        assert!(Arc::ptr_eq(&first[1], &second[1]));
        write(&folder, "old.md", "two", 0);
        assert_eq!(read(&mut texts, &folder)[1].text, "two");
    }

    #[test]
    fn what_says_the_same_stays_the_same() {
        let folder = folder(&[("new.md", "one", 0), ("old.md", "one", 0)]);
        let mut texts = Texts::default();
        let first = read(&mut texts, &folder);
        write(&folder, "old.md", "one", 10);
        let second = read(&mut texts, &folder);
        assert!(first.iter().zip(&second).all(|(a, b)| Arc::ptr_eq(a, b)));
    }
}
