//! Publication into a folder that a web server reads.
//!
//! The page is not changed in its place. Beside the folder, under a name that begins with a dot, a new one is made, of names (hard links)
//! for the files that are as they were, and of the others, written anew; then the two folders change places in one step,
//! and the old one is deleted. A reader meets one build or the other, and with each of them the files of the build before,
//! for pages that were opened then. A publisher that is killed leaves that folder, which the next one deletes.
//!
//! Windows lets no two folders change places in one step: there a page is away for the instant between two renames. A publisher
//! that is killed in it leaves the old page beside its place, and the next one puts it back.
//!
//! One publisher at a time has the lock, and compares what is live under it. What no build made stays: files are carried
//! over; folders are the same folder afterwards, with the owner that they have, and with what their owner has put there
//! meanwhile.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use self::disk::{Disk, Kind};
use self::found::{Found, Known, copies, folders_above, own};
use self::old::Originals;
use self::place::{Place, at, failure, made_by};
use super::plan::plan;
use super::refusal::{IsThere, refuse};
use super::{Again, Failure, Live, Preview, Publication, Summary, live};
use crate::output::path::danger;
use crate::system::mounts;

mod disk;
mod found;
mod old;
mod place;
mod single;
#[cfg(test)]
mod tests;

/// How long a publisher waits for another one.
const PATIENCE: Duration = Duration::from_mins(1);

/// What may lie in a folder before the first publication: what others need to have there before.
const BEFORE: &[&str] = &[".well-known", "notified.json"];

/// A folder that a web server reads.
#[derive(Debug)]
pub struct Folder {
    path: Utf8PathBuf,
    patience: Duration,
    disk: Disk,
}

/// What becomes of a file of the new folder.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    /// It is the file that is there.
    Keep,
    /// It is one of the build before, which is kept for readers who have its pages open.
    KeepFormer,
    /// It is written.
    Write(&'a Bytes),
}

/// The new folder.
#[derive(Debug)]
struct New<'a> {
    /// Its files, but for the manifest.
    files: BTreeMap<String, Step<'a>>,
    manifest: Bytes,
    /// What was found in the folder that it replaces.
    found: Found,
    known: Known,
}

impl Folder {
    /// The folder at a path. Where it is a link, what that leads to.
    pub fn new(path: &Utf8Path) -> Self {
        Self {
            path: path.to_owned(),
            patience: PATIENCE,
            disk: Disk::default(),
        }
    }

    /// Its path.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// What could neither be moved along with the page nor deleted, as folders of others can be, and lies beside it.
    pub fn kept(&self) -> Vec<PathBuf> {
        place::kept(self.path.as_std_path())
    }

    /// Publishes a build.
    ///
    /// # Errors
    ///
    /// Where the live page is newer or another site's, where something else than a page lies there, and where the disk
    /// fails.
    pub fn publish(&self, publication: Publication<'_>) -> Result<Summary, Failure> {
        let place = Place::lock(&self.disk, self.path.as_std_path(), self.patience)?;
        let new = New::arrange(&place.target, publication)?;
        let summary = new.summary();
        if new.is_live(&place.target)? {
            return Ok(summary);
        }
        let originals = Originals::of(&place.target, &new.found.foreign);
        let made = self.make(&place, &new, publication.progress);
        let made = made.and_then(|()| place.mark(&self.disk, &originals));
        if let Err(failure) = made.and_then(|()| self.swap(&place)) {
            // Where it cannot be deleted, the next publication does it.
            let _ = place.clear(&self.disk);
            return Err(failure);
        }
        let above = place.target.parent().unwrap_or(&place.target);
        self.disk.sync_names(above).map_err(at(above))?;
        // The page is live. What fails now, the next publication does: the mark tells it what others made in the old folder.
        let ended = place.end_swap(&self.disk);
        let _ = ended.and_then(|()| place.settle(&self.disk, &new.known, &originals));
        Ok(summary)
    }

    /// What [`Folder::publish`] would do.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn preview(&self, publication: Publication<'_>) -> Result<Preview, Failure> {
        let new = New::arrange(self.path.as_std_path(), publication)?;
        let mut bytes = 0;
        let sent = new.files.iter().filter_map(|(path, step)| match step {
            Step::Write(content) => {
                bytes += content.len() as u64;
                Some(path.clone())
            }
            Step::Keep | Step::KeepFormer => None,
        });
        let sent = sent.collect();
        let deleted = new.gone().cloned().collect();
        Ok(Preview {
            sent,
            bytes,
            deleted,
        })
    }

    /// Makes the new folder beside the live one.
    fn make(
        &self,
        place: &Place,
        new: &New<'_>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<(), Failure> {
        let disk = &self.disk;
        disk.make_folder(&place.next).map_err(at(&place.next))?;
        self.show(place)?;
        // Nobody is to see the half of a page. The group is passed on all the same.
        disk.hide(&place.next).map_err(at(&place.next))?;
        let folders = new.files.keys().flat_map(|path| folders_above(path));
        let folders: BTreeSet<&str> = folders.collect();
        for folder in folders {
            let folder = place.next.join(folder);
            disk.make_folder(&folder).map_err(at(&folder))?;
        }
        let done = AtomicUsize::new(0);
        new.files.par_iter().try_for_each(|(path, step)| {
            let (from, to) = (place.target.join(path), place.next.join(path));
            match step {
                Step::Keep | Step::KeepFormer => disk.link(&from, &to).map_err(at(&from))?,
                Step::Write(bytes) => disk.write_for_all(&to, bytes).map_err(at(&to))?,
            }
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress(done, new.files.len());
            Ok(())
        })?;
        let manifest = place.next.join(live::PATH);
        disk.write_for_all(&manifest, &new.manifest)
            .map_err(at(&manifest))?;
        disk.sync_below(&place.next).map_err(at(&place.next))?;
        new.found
            .foreign
            .iter()
            .try_for_each(|path| self.carry(place, path))
    }

    /// Lets those look into the new folder who may look into the live one.
    fn show(&self, place: &Place) -> Result<(), Failure> {
        let shown = match disk::kind(&place.target) {
            Some(_) => self.disk.permit_as(&place.next, &place.target),
            None => self.disk.show(&place.next),
        };
        shown.map_err(at(&place.next))
    }

    /// Gives what no build made a place in the new folder.
    fn carry(&self, place: &Place, path: &Path) -> Result<(), Failure> {
        let (from, to) = (place.target.join(path), place.next.join(path));
        match (disk::kind(&from), disk::kind(&to)) {
            (None, _) => Ok(()),
            (Some(Kind::Folder), Some(_)) => Err(failure(
                &from,
                "no publication made this folder, and it is in the way of a file of the build; move it away",
            )),
            // The build has a file of that name now.
            (_, Some(_)) => Ok(()),
            (Some(_), None) => match to.parent() {
                Some(above) if disk::kind(above) != Some(Kind::Folder) => {
                    let made = self.disk.make_folders(above);
                    made.map_err(at(above))?;
                    self.mirror(&from, &to)
                }
                _ => self.mirror(&from, &to),
            },
        }
    }

    /// Makes the same at another place: of files another name, and of folders another one.
    ///
    /// What may not be read is left out, for a page that cannot be published would be worse; it is kept with the old folder.
    fn mirror(&self, from: &Path, to: &Path) -> Result<(), Failure> {
        match disk::kind(from) {
            Some(Kind::Folder) => {
                self.disk.make_folder(to).map_err(at(to))?;
                let names = match disk::names(from) {
                    Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Vec::new(),
                    names => names.map_err(at(from))?,
                };
                for name in names {
                    self.mirror(&from.join(&name), &to.join(&name))?;
                }
                // Last, for it may forbid what was done here.
                self.disk.permit_as(to, from).map_err(at(from))
            }
            Some(_) => {
                place::refuse_lock_of_a_page(from)?;
                match self.disk.link(from, to) {
                    // It was deleted meanwhile, or is for others only.
                    Err(error)
                        if [io::ErrorKind::NotFound, io::ErrorKind::PermissionDenied]
                            .contains(&error.kind()) =>
                    {
                        Ok(())
                    }
                    linked => linked.map_err(at(from)),
                }
            }
            None => Ok(()),
        }
    }

    /// Puts the new folder into the place of the live one.
    fn swap(&self, place: &Place) -> Result<(), Failure> {
        self.show(place)?;
        let Place { target, next, .. } = place;
        let swapped = match disk::kind(target) {
            Some(_) => self.disk.exchange(next, target),
            None => self.disk.rename(next, target),
        };
        swapped.map_err(|error| failure(target, not_swapped(&error)))
    }
}

/// Why two folders did not change places, and what to do.
fn not_swapped(error: &io::Error) -> String {
    use io::ErrorKind::{CrossesDevices, InvalidInput, ResourceBusy, Unsupported};
    match error.kind() {
        // Whether it is a disk was looked at before.
        CrossesDevices | ResourceBusy => {
            "it is mounted there, or part of a container's image, so that it cannot be swapped in one step; name a folder inside of it".to_owned()
        }
        InvalidInput | Unsupported => {
            "this file system cannot swap two folders in one step; name a folder on another one"
                .to_owned()
        }
        _ => error.to_string(),
    }
}

/// What is live in a folder, and whether there is something that no manifest is for.
fn look(target: &Path, again: Again) -> Result<(Option<Live>, IsThere), Failure> {
    let of_build = target.join(".allclear-manifest");
    if again == Again::Keep && disk::kind(&of_build).is_some() {
        let why =
            "this is where `build` writes; publish to another folder, or let readers have this one";
        return Err(failure(target, why));
    }
    let manifest = target.join(live::PATH);
    if let Some(bytes) = disk::read(&manifest).map_err(at(&manifest))? {
        return Ok((Live::parse(&bytes).ok(), IsThere::Yes));
    }
    if disk::kind(target).is_none() {
        return Ok((None, IsThere::No));
    }
    let names = disk::names(target).map_err(at(target))?;
    let mut names = names.iter().filter_map(|name| name.to_str());
    Ok(match names.all(|name| BEFORE.contains(&name)) {
        true => (None, IsThere::No),
        false => (None, IsThere::Yes),
    })
}

/// Whether the live build has this content at a path.
fn is_known(live: &Live, path: &str, sha256: &str) -> bool {
    let unsettled = live.unsettled.as_ref();
    let is_settled = unsettled.is_none_or(|paths| !paths.contains(path));
    let known = live.files.get(path);
    is_settled && known.is_some_and(|known| known.sha256 == sha256)
}

/// Whether a file holds these bytes.
fn is_copy(path: &Path, bytes: &[u8]) -> Result<bool, Failure> {
    let there = disk::read(path).map_err(at(path))?;
    Ok(there.as_deref() == Some(bytes))
}

/// What is found in a folder that may be replaced by a build with these files, told apart by who made it; fails where others
/// made what is in the way of a file.
fn find(
    target: &Path,
    files: &BTreeMap<&str, &Bytes>,
    live: Option<&Live>,
    again: Again,
) -> Result<(Found, Known), Failure> {
    let made = live.into_iter().flat_map(made_by);
    let mut known = Known::new(made.chain([live::PATH]));
    files.keys().for_each(|path| known.add_folders_above(path));
    if disk::kind(target).is_none() {
        return Ok((Found::default(), known));
    }
    let mut found = Found::look(target, &known).map_err(at(target))?;
    for path in std::mem::take(&mut found.foreign) {
        let full = target.join(&path);
        let own = own(&path);
        let own = own.as_str();
        let kind = disk::kind(&full);
        let is_replaced = match (files.get(own), kind) {
            // Said when it is carried over: a folder cannot be replaced by a file.
            (_, None | Some(Kind::Folder)) => false,
            _ if known.has_file(own) => false,
            (Some(bytes), Some(Kind::File(_))) => {
                if again == Again::Keep && !is_copy(&full, bytes)? {
                    return Err(failure(&full, IN_THE_WAY));
                }
                true
            }
            (Some(_), Some(Kind::Other)) => {
                if again == Again::Keep {
                    return Err(failure(&full, IN_THE_WAY));
                }
                true
            }
            (None, Some(_)) if again == Again::Keep && is_folder_of(files, own) => {
                return Err(failure(&full, IN_THE_WAY));
            }
            (None, Some(_)) => false,
        };
        match kind {
            Some(Kind::File(size)) if is_replaced => {
                known.add_file(own);
                found.files.insert(own.to_owned(), size);
            }
            Some(_) if is_replaced => known.add_file(own),
            _ => found.foreign.push(path),
        }
    }
    Ok((found, known))
}

/// What to do about a file of others where a build has one.
const IN_THE_WAY: &str = "no publication made this file, and the build has another one at its path; \
     move it away, or replace it with `--force`";

/// Whether a path is that of a folder of some files.
fn is_folder_of<V>(files: &BTreeMap<impl Borrow<str> + Ord, V>, path: &str) -> bool {
    let begin = format!("{path}/");
    let after = (Bound::Included(begin.as_str()), Bound::Unbounded);
    let next = files.range::<str, _>(after).next();
    next.is_some_and(|(next, _)| next.borrow().starts_with(&begin))
}

impl<'a> New<'a> {
    /// What the new folder is made of; fails where it must not replace what is live.
    fn arrange(target: &Path, publication: Publication<'a>) -> Result<Self, Failure> {
        let outputs = publication.outputs.iter();
        let files: BTreeMap<&str, &Bytes> =
            outputs.map(|it| (it.path.as_str(), &it.bytes)).collect();
        let manifest = files.get(live::PATH).ok_or(Failure::NoManifest)?;
        let build = Live::parse(manifest).map_err(|_| Failure::NoManifest)?;
        let unsafe_path = files.keys().find_map(|path| Some((path, danger(path)?)));
        if let Some((path, why)) = unsafe_path {
            return Err(failure(Path::new(path), why));
        }
        let (live, there) = look(target, publication.again)?;
        let live = live.as_ref();
        refuse(
            &build,
            live,
            there,
            publication.again,
            publication.is_behind,
        )?;

        place::refuse_inside(target)?;
        if let Some(mount) = mounts::within(target).first() {
            return Err(failure(mount, place::IS_MOUNTED));
        }
        let (found, known) = find(target, &files, live, publication.again)?;
        let mut steps = BTreeMap::new();
        let of_manifest = copies(live::PATH);
        for (path, bytes) in files {
            // A copy of the manifest would be one of what it says before it is live.
            if path == live::PATH || of_manifest.iter().any(|it| it == path) {
                continue;
            }
            let is_there = found.files.get(path) == Some(&(bytes.len() as u64));
            let is_same = is_there
                && match build.files.get(path) {
                    Some(file) => live.is_some_and(|live| is_known(live, path, &file.sha256)),
                    None => is_copy(&target.join(path), bytes)?,
                };
            let step = match is_same {
                true => Step::Keep,
                false => Step::Write(bytes),
            };
            steps.insert(path.to_owned(), step);
        }
        let mut former = plan(&build, live).remains.former;
        // A file that is a folder now, or the other way round, cannot stay.
        let can_stay = |steps: &BTreeMap<String, Step<'_>>, path: &str| {
            found.files.contains_key(path)
                && !is_folder_of(steps, path)
                && !folders_above(path).any(|folder| steps.contains_key(folder))
        };
        former.retain(|path| can_stay(&steps, path));
        for path in &former {
            let copies = copies(path).into_iter();
            let copies: Vec<String> = copies.filter(|copy| can_stay(&steps, copy)).collect();
            for path in copies.into_iter().chain([path.clone()]) {
                steps.entry(path).or_insert(Step::KeepFormer);
            }
        }
        Ok(Self {
            files: steps,
            manifest: build.done(&former).into(),
            found,
            known,
        })
    }

    fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for step in self.files.values() {
            match step {
                Step::KeepFormer => {}
                Step::Keep => summary.unchanged += 1,
                Step::Write(bytes) => {
                    summary.sent += 1;
                    summary.bytes += bytes.len() as u64;
                }
            }
        }
        summary.deleted = self.gone().count();
        summary
    }

    /// The files that a publication made, and that are not part of the new folder.
    fn gone(&self) -> impl Iterator<Item = &String> {
        let found = self.found.files.keys();
        found.filter(|path| *path != live::PATH && !self.files.contains_key(*path))
    }

    /// Whether the live folder is the same already.
    fn is_live(&self, target: &Path) -> Result<bool, Failure> {
        let is_written = |step: &Step<'_>| matches!(step, Step::Write(_));
        if self.gone().next().is_some() || self.files.values().any(is_written) {
            return Ok(false);
        }
        is_copy(&target.join(live::PATH), &self.manifest)
    }
}

/// The path of a file in a folder.
fn in_folder(folder: &Utf8Path, path: &str) -> PathBuf {
    folder.as_std_path().join(path)
}
