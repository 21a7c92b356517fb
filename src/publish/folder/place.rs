//! The names that publication uses beside a folder, and the lock on it.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::disk::{self, Disk, Kind};
use super::found::Known;
use super::old::{Old, Originals};
use crate::publish::{Failure, Live, live};
use crate::system::{mounts, rename};

/// How often a publisher that waits looks again.
const INTERVAL: Duration = Duration::from_millis(5);

/// A folder that readers look into, behind all links, with names beside it that begin with a dot. While the value lives, nobody else
/// publishes there.
#[derive(Debug)]
pub(super) struct Place {
    /// The folder itself, which need not be there yet.
    pub(super) target: PathBuf,
    /// Where the next one is made, and where the last one is until it is deleted.
    pub(super) next: PathBuf,
    /// What says which folders were live before a swap.
    mark: PathBuf,
    /// Where a single file is made.
    pub(super) file: PathBuf,
    _lock: File,
}

impl Place {
    /// Locks a folder, waits at most `patience` for another publisher, and clears what a killed one has left.
    pub(super) fn lock(disk: &Disk, path: &Path, patience: Duration) -> Result<Self, Failure> {
        let target = target(disk, path)?;
        let (Some(above), Some(_)) = (target.parent(), target.file_name()) else {
            let why = "the root of a disk cannot be swapped; name a folder inside of it";
            return Err(failure(path, why));
        };
        if disk::kind(&target) == Some(Kind::Folder)
            && (disk::are_apart(&target, above) || mounts::within(&target).contains(&target))
        {
            return Err(failure(path, IS_A_DISK));
        }
        let beside = |what: &str| beside(&target, what);
        let lock = beside(LOCK);
        let lock = locked(disk, &lock, patience)?;
        let place = Self {
            next: beside(".allclear-next"),
            mark: beside(".allclear-swap"),
            file: beside(".allclear-file"),
            target: target.clone(),
            _lock: lock,
        };
        place.clear(disk)?;
        Ok(place)
    }

    /// Deletes what a publisher has left that was killed, or that failed.
    pub(super) fn clear(&self, disk: &Disk) -> Result<(), Failure> {
        self.end_swap(disk)?;
        let mark = disk::read(&self.mark).map_err(at(&self.mark))?;
        let originals = Originals::parse(&String::from_utf8_lossy(&mark.unwrap_or_default()));
        if originals.is_root(&self.next) {
            let manifests = [&self.next, &self.target].map(|it| read_manifest(it));
            let manifests = manifests.iter().flatten();
            let known = Known::new(manifests.flat_map(made_by));
            self.settle(disk, &known, &originals)?;
        } else {
            self.discard(disk)?;
        }
        for file in [&self.mark, &self.file] {
            if disk::kind(file).is_some() {
                disk.remove_file(file).map_err(at(file))?;
            }
        }
        Ok(())
    }

    /// Ends a swap in more than one step, within which a publisher was killed or failed: where there is no page any more, the old one
    /// comes back, and where the new one is live already, the old one goes on to be deleted.
    pub(super) fn end_swap(&self, disk: &Disk) -> Result<(), Failure> {
        let aside = rename::aside(&self.next);
        if disk::kind(&aside).is_none() {
            return Ok(());
        }
        let to = match disk::kind(&self.target) {
            None => &self.target,
            Some(_) => &self.next,
        };
        disk.rename(&aside, to).map_err(at(to))
    }

    /// Deletes a new folder that was not finished: a publication made all that it holds.
    fn discard(&self, disk: &Disk) -> Result<(), Failure> {
        if disk::kind(&self.next).is_none() {
            return Ok(());
        }
        if let Some(mount) = mounts::within(&self.next).first() {
            return Err(failure(mount, IS_MOUNTED));
        }
        disk.remove_all(&self.next).map_err(at(&self.next))
    }

    /// Makes the mark, right before the swap.
    pub(super) fn mark(&self, disk: &Disk, originals: &Originals) -> Result<(), Failure> {
        let made = disk.write_new(&self.mark, originals.text().as_bytes());
        let made = made.and_then(|()| disk.sync_file(&self.mark));
        made.map_err(at(&self.mark))
    }

    /// Deletes the folder that was replaced, after what others made there was moved to the live one. What can be neither
    /// moved nor deleted is kept beside it.
    pub(super) fn settle(
        &self,
        disk: &Disk,
        known: &Known,
        originals: &Originals,
    ) -> Result<(), Failure> {
        let old = Old {
            disk,
            path: &self.next,
            live: &self.target,
            known,
            originals,
        };
        old.settle();
        if disk::kind(&self.next).is_some() {
            let kept = (1..).map(|number| beside(&self.target, &format!("{KEPT}{number}")));
            let free = { kept }.find(|it| disk::kind(it).is_none());
            let kept = free.unwrap_or_else(|| self.next.clone());
            disk.rename(&self.next, &kept).map_err(at(&self.next))?;
            // Where it cannot be hidden, it is no secret: everybody could read it until now.
            let _ = disk.hide(&kept);
        }
        match disk::kind(&self.mark) {
            Some(_) => disk.remove_file(&self.mark).map_err(at(&self.mark)),
            None => Ok(()),
        }
    }
}

/// The end of the name of what could be neither moved nor deleted, with a number after it.
pub(super) const KEPT: &str = ".allclear-kept-";

/// What publications have kept beside a folder.
pub(super) fn kept(folder: &Path) -> Vec<PathBuf> {
    let folder = disk::behind_links(folder).unwrap_or_else(|_| folder.to_owned());
    let begin = beside(&folder, KEPT);
    let (Some(above), Some(begin)) = (folder.parent(), begin.file_name()) else {
        return Vec::new();
    };
    let names = disk::names(above).unwrap_or_default();
    let names = names.iter().filter(|name| {
        let name = name.as_encoded_bytes();
        name.starts_with(begin.as_encoded_bytes())
    });
    names.map(|name| above.join(name)).collect()
}

/// What to do about a disk inside of a folder.
pub(super) const IS_MOUNTED: &str = "a disk is mounted there, which cannot move along with the page; \
     mount it outside of the page's folder, and have the web server take it from there";

/// The end of the name of a lock.
const LOCK: &str = ".allclear-lock";

/// Refuses a folder inside of another one in which a page is published, for it would move along with that.
pub(super) fn refuse_inside(target: &Path) -> Result<(), Failure> {
    let target = disk::behind_links(target).unwrap_or_else(|_| target.to_owned());
    let outer = target.ancestors().skip(1).find(|folder| {
        folder.file_name().is_some()
            && disk::kind(&beside(folder, LOCK)).is_some()
            && disk::kind(&folder.join(live::PATH)).is_some()
    });
    match outer {
        None => Ok(()),
        Some(outer) => Err(failure(
            &target,
            format!(
                "another page is published into `{}`, with which this one would move; \
                 publish it beside that folder, or, where that is over, delete `{}`",
                outer.display(),
                beside(outer, LOCK).display()
            ),
        )),
    }
}

/// Refuses to have another page move along: a file that is a lock of a folder beside it.
pub(super) fn refuse_lock_of_a_page(file: &Path) -> Result<(), Failure> {
    let name = file.file_name().and_then(|name| name.to_str());
    let folder = name.and_then(|name| name.strip_prefix('.')?.strip_suffix(LOCK));
    let folder = folder.map(|name| file.with_file_name(name));
    match folder.filter(|folder| disk::kind(&folder.join(live::PATH)).is_some()) {
        None => Ok(()),
        Some(inner) => Err(failure(
            &inner,
            format!(
                "another page is published here, and would move with this one; \
                 publish it beside this folder, or, where that is over, delete `{}`",
                file.display()
            ),
        )),
    }
}

/// A name beside a folder that begins with a dot.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(folder.file_name().unwrap_or_default());
    name.push(what);
    folder.with_file_name(name)
}

/// The manifest in a folder; `None` where none can be read.
fn read_manifest(folder: &Path) -> Option<Live> {
    let bytes = disk::read(&folder.join(live::PATH)).ok()??;
    Live::parse(&bytes).ok()
}

/// The paths that publications may have made, by the manifest of one.
pub(super) fn made_by(live: &Live) -> impl Iterator<Item = &str> {
    let paths = live.files.keys().chain(&live.former);
    let paths = paths.chain(&live.announced);
    let paths = paths.chain(live.unsettled.iter().flatten());
    paths.map(String::as_str).chain([live::PATH])
}

/// What to do about a folder that is a disk of its own.
const IS_A_DISK: &str =
    "it is a disk of its own, which cannot be swapped in one step; name a folder inside of it";

/// The folder that a path leads to; the folders above it are made where they are not there.
fn target(disk: &Disk, path: &Path) -> Result<PathBuf, Failure> {
    match disk::kind(path) {
        Some(Kind::File(_)) => Err(failure(path, "it is a file; name a folder")),
        Some(_) => {
            let target = disk::behind_links(path).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => failure(
                    path,
                    "it is a link that leads nowhere; make the folder that it should lead to",
                ),
                _ => at(path)(error),
            })?;
            match disk::kind(&target) {
                Some(Kind::Folder) => Ok(target),
                _ => Err(failure(path, "it leads to a file; name a folder")),
            }
        }
        None => {
            let above = path.parent().filter(|it| !it.as_os_str().is_empty());
            let above = above.unwrap_or(Path::new("."));
            disk.make_folders(above).map_err(at(above))?;
            let above = disk::behind_links(above).map_err(at(above))?;
            match path.file_name() {
                Some(name) => Ok(above.join(name)),
                None => Err(failure(path, "it names no folder")),
            }
        }
    }
}

/// Takes the lock at a path, and waits at most `patience` for whoever has it.
fn locked(disk: &Disk, path: &Path, patience: Duration) -> Result<File, Failure> {
    let number = LOCKS.fetch_add(1, Ordering::Relaxed);
    let word = format!("process {}\n{number}\n", std::process::id());
    let start = Instant::now();
    let mut holders = Holders::default();
    loop {
        match disk.try_lock(path, &word) {
            Ok(file) => return Ok(file),
            Err(TryLockError::WouldBlock) => {
                holders.saw(&disk::word_in(path));
                if start.elapsed() >= patience {
                    return Err(failure(path, holders.complaint(patience)));
                }
                thread::sleep(INTERVAL);
            }
            Err(TryLockError::Error(error)) => return Err(not_locked(path, &error)),
        }
    }
}

/// Why a lock could not be taken, and what to do.
fn not_locked(path: &Path, error: &io::Error) -> Failure {
    let hint = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; whoever publishes must be allowed to write beside the folder"
        }
        _ => "",
    };
    failure(path, format!("{error}{hint}"))
}

/// The number of the next lock of this process.
static LOCKS: AtomicU64 = AtomicU64::new(1);

/// Who has had a lock while somebody waited for it, by the words in its file.
#[derive(Debug, Default)]
struct Holders(BTreeSet<String>);

impl Holders {
    fn saw(&mut self, word: &str) {
        // Whoever has just taken it has written nothing yet.
        if !word.is_empty() {
            self.0.insert(word.to_owned());
        }
    }

    fn complaint(&self, patience: Duration) -> String {
        let mut words = self.0.iter();
        let who = match (words.next(), words.next()) {
            (Some(word), None) => word.lines().next().unwrap_or_default(),
            (Some(_), Some(_)) => "one process after the other",
            (None, _) => "another process",
        };
        let seconds = patience.as_secs();
        format!("{who} has published there for more than {seconds} s; nothing was done")
    }
}

/// A failure at a path.
pub(super) fn failure(path: &Path, why: impl Into<String>) -> Failure {
    Failure::Store {
        path: path.display().to_string(),
        why: why.into(),
    }
}

/// A failure of the disk at a path.
pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |error| failure(path, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_learns_whether_one_publishes_or_many_do() {
        let minute = Duration::from_mins(1);
        let mut holders = Holders::default();
        holders.saw("");
        let nobody = "another process has published there for more than 60 s; nothing was done";
        assert_eq!(holders.complaint(minute), nobody);
        holders.saw("process 7\n1\n");
        holders.saw("process 7\n1\n");
        let one = "process 7 has published there for more than 60 s; nothing was done";
        assert_eq!(holders.complaint(minute), one);
        holders.saw("process 7\n2\n");
        let many =
            "one process after the other has published there for more than 60 s; nothing was done";
        assert_eq!(holders.complaint(minute), many);
    }
}
