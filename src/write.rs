//! Writing the finished site to the disk: first a plan, then its steps.
//!
//! Whatever happens, a reader of the output folder meets only whole files, and never a link to a page
//! that is not there yet:
//!
//! 1. The folder is locked, so that two builds never mix.
//! 2. The plan compares every file with what is there and refuses before anything is touched.
//! 3. What is new or changed is written to `.allclear-tmp` in the output folder. A full disk shows
//!    here, while the old site still stands untouched.
//! 4. The manifest is replaced by one that lists the old and the new files, and the disk is asked to flush it.
//! 5. What was written is moved into place, a folder that did not exist in one move: assets first,
//!    then the deepest files, the `index.html` of the root last.
//! 6. Files of the earlier build that are gone are deleted, with the folders that this leaves empty.
//! 7. The manifest is replaced by one that lists the new files only.
//!
//! A build that is killed leaves at worst a `.allclear-tmp` and a manifest that lists too much; the
//! next build removes the one and corrects the other. The lock ends with its process.
//!
//! What can be built again is not flushed to the disk, for that would cost more than the whole build. A machine that
//! loses power may thus keep a file without its content; the next build finds and repairs it, because
//! it compares content and not times. The manifest cannot be built again: it is flushed before any file that it
//! lists is moved into place. Where it is torn all the same, its whole lines count, and so do the files at the paths
//! of the site; nothing else is deleted. Single files, which people wrote, are another matter: see [`create`] and [`edit`].

#![expect(clippy::disallowed_methods, reason = "this room is the only writer")]

use std::fs;
use std::time::Duration;

use camino::Utf8Path;

use crate::error::Error;
use crate::output::Output;

pub use self::copies::{Copies, with_copies};
#[cfg(feature = "agent")]
pub use self::hold::Hold;
pub use self::one::{Turn, create, create_all, edit, make_folder, turn};
pub use self::own::replace_own;
pub use self::tail::{Grown, grow};
pub use self::written::Written;

mod apply;
mod copies;
mod delete;
mod disk;
#[cfg(debug_assertions)]
pub mod fault;
mod folder;
#[cfg(feature = "agent")]
mod hold;
mod lock;
mod manifest;
mod one;
mod own;
mod path;
mod plan;
mod staging;
mod tail;
mod written;

/// How long a build waits for another one that writes to the same folder.
const PATIENCE: Duration = Duration::from_secs(10);

/// Makes `folder` hold exactly `outputs` and what the user put there.
///
/// Deletes and overwrites only files that the folder's manifest lists, follows no symbolic link below
/// `folder`, and waits at most ten seconds for another build.
///
/// # Errors
///
/// [`Error::OutputPath`], [`Error::OutputClash`], [`Error::UnsafeOutput`], [`Error::ForeignOutput`],
/// [`Error::ForeignFile`] and [`Error::Busy`] leave the folder as it was. [`Error::Io`] leaves it with
/// whole files, old and new, and mostly with the old site alone; the next build repairs it.
pub fn write(folder: &Utf8Path, outputs: &[Output]) -> Result<Written, Error> {
    write_within(PATIENCE, folder, outputs)
}

/// Takes hold of an output folder for an agent, which no other agent can have while the answer lives; the folder is made where
/// there is none.
///
/// # Errors
///
/// [`Error::AgentAtWork`] where another agent holds it; those of [`write`](fn@write) where the folder is not ours, or may not be written
/// to.
#[cfg(feature = "agent")]
pub fn hold(folder: &Utf8Path) -> Result<Hold, Error> {
    make_output_folder(folder)?;
    // Nothing is put into a folder of somebody else.
    manifest::read(folder)?;
    hold::hold(folder)
}

/// Takes hold of a folder of evidence for an agent, so that no other agent of its site can be at work; the folder is made
/// where there is none. `None` where that cannot be done, as on a disk that is only read: then nobody writes there.
///
/// # Errors
///
/// [`Error::AgentOfSite`] where another agent holds it.
#[cfg(feature = "agent")]
pub fn hold_evidence(folder: &Utf8Path) -> Result<Option<Hold>, Error> {
    if disk::make_folders(folder).is_err() {
        return Ok(None);
    }
    match hold::hold(folder) {
        Ok(hold) => Ok(Some(hold)),
        Err(Error::AgentAtWork(folder)) => Err(Error::AgentOfSite(folder)),
        Err(_) => Ok(None),
    }
}

/// Takes hold of the folder in which a collector counts the reports of a site, which no other collector can have while the
/// answer lives; the folder is made where there is none.
///
/// # Errors
///
/// [`Error::CollectorAtWork`] where another collector holds it; [`Error::Io`] where nothing can be written there.
#[cfg(feature = "agent")]
pub fn hold_reports(folder: &Utf8Path) -> Result<Hold, Error> {
    disk::make_folders(folder).map_err(Error::io("make the folder", folder))?;
    hold::hold(folder).map_err(|error| match error {
        Error::AgentAtWork(folder) => Error::CollectorAtWork(folder),
        error => error,
    })
}

/// Whether the last build made a file with such a path in an output folder.
pub fn has_made(folder: &Utf8Path, is_wanted: impl Fn(&str) -> bool) -> bool {
    // What is wrong with the folder is told by whoever writes to it.
    let manifest = manifest::read(folder).ok().flatten();
    manifest.is_some_and(|manifest| manifest::paths(&manifest.text).any(is_wanted))
}

fn write_within(
    patience: Duration,
    folder: &Utf8Path,
    outputs: &[Output],
) -> Result<Written, Error> {
    let outputs = plan::arrange(outputs)?;
    make_output_folder(folder)?;
    let _lock = lock::lock(folder, patience)?;
    let manifest = manifest::read(folder)?;
    staging::clear(folder)?;
    let plan = plan::plan(folder, &outputs, manifest.as_ref())?;
    let deleted = apply::apply(folder, &plan)?;
    Ok(Written {
        deleted,
        ..plan.totals
    })
}

/// Makes the output folder where there is none.
fn make_output_folder(folder: &Utf8Path) -> Result<(), Error> {
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(Error::UnsafeOutput {
            path: folder.to_owned(),
            reason: "it is a file",
        }),
        Err(_) => disk::make_folders(folder).map_err(Error::io("make the folder", folder)),
    }
}

#[cfg(test)]
mod tests;
