//! Carries out a [`Plan`].

use std::io;
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::delete::delete;
use super::plan::{NewFolder, Plan, Step};
use super::{disk, manifest, path, staging};
use crate::error::Error;
use crate::output::Output;

/// The staged manifest of the old and the new files.
const INTENT: &str = "intent";

/// The staged manifest of the new files.
const MANIFEST: &str = "manifest";

/// Carries out `plan`, and returns how many files it deleted.
pub(super) fn apply(folder: &Utf8Path, plan: &Plan<'_>) -> Result<usize, Error> {
    if plan.steps.is_empty() && plan.intent.is_none() && plan.manifest.is_none() {
        return Ok(0);
    }
    let staging = folder.join(staging::NAME);
    disk::make_folder(&staging).map_err(Error::io("make the folder", &staging))?;
    let done = stage(folder, &staging, plan).and_then(|()| publish(folder, &staging, plan));
    // What could not be moved only takes up room; the next build would remove it as well.
    let cleared = disk::remove_all(&staging).map_err(Error::io("delete", &staging));
    let deleted = done?;
    cleared?;
    Ok(deleted)
}

/// Writes everything that needs room on the disk, where no reader looks.
fn stage(folder: &Utf8Path, staging: &Utf8Path, plan: &Plan<'_>) -> Result<(), Error> {
    for (name, text) in [(INTENT, &plan.intent), (MANIFEST, &plan.manifest)] {
        if let Some(text) = text {
            write_manifest(&staging.join(name), text)
                .map_err(Error::io("write", folder.join(manifest::NAME)))?;
        }
    }
    let failure = OnceLock::new();
    rayon::scope(|scope| {
        for (number, step) in plan.steps.iter().enumerate() {
            let top = staging.join(number.to_string());
            match step {
                Step::File(output) => scope.spawn({
                    let failure = &failure;
                    move |_| note(failure, write_new(folder, &top, output))
                }),
                Step::Folder(folders) => stage_folders(scope, &failure, folder, &top, folders),
            }
        }
    });
    failure.into_inner().map_or(Ok(()), Err)
}

/// Makes a new folder and those in it at `top`, one after another, while another thread writes their
/// files: two threads that make folders in the same folder would only wait for each other.
fn stage_folders<'scope>(
    scope: &rayon::Scope<'scope>,
    failure: &'scope OnceLock<Error>,
    folder: &'scope Utf8Path,
    top: &Utf8Path,
    folders: &'scope [NewFolder<'scope>],
) {
    let outermost = folders.first().map_or("", |new| new.path);
    for new in folders {
        let inside = new.path.strip_prefix(outermost).unwrap_or_default();
        let staged = Utf8PathBuf::from(format!("{top}{inside}"));
        note(
            failure,
            disk::make_folder(&staged).map_err(Error::io("make the folder", folder.join(new.path))),
        );
        if failure.get().is_some() {
            return;
        }
        scope.spawn(move |_| {
            let written = new.files.par_iter().try_for_each(|output| {
                let staged = staged.join(path::name_of(output.path.as_str()));
                write_new(folder, &staged, output)
            });
            note(failure, written);
        });
    }
}

/// Keeps the first failure.
fn note(failure: &OnceLock<Error>, result: Result<(), Error>) {
    if let Err(error) = result {
        // A later one says nothing new.
        let _ = failure.set(error);
    }
}

/// Writes a file of the site to `staged`; a failure names the file of `folder` that it will be.
fn write_new(folder: &Utf8Path, staged: &Utf8Path, output: &Output) -> Result<(), Error> {
    disk::create_new(staged)
        .and_then(|mut file| disk::write(&mut file, &output.bytes))
        .map_err(Error::io("write", folder.join(&output.path)))
}

/// Writes a manifest to `staged`, and returns once it is on the disk itself.
fn write_manifest(staged: &Utf8Path, text: &str) -> io::Result<()> {
    let mut file = disk::create_new(staged)?;
    disk::write(&mut file, text.as_bytes())?;
    disk::sync(&file)
}

/// Moves what is staged into place, and deletes what is gone; returns how many files that were.
fn publish(folder: &Utf8Path, staging: &Utf8Path, plan: &Plan<'_>) -> Result<usize, Error> {
    let manifest = folder.join(manifest::NAME);
    if plan.intent.is_some() {
        rename(&staging.join(INTENT), &manifest)?;
        // Before any file of the site: one that no manifest lists would be taken for the user's.
        disk::sync_folder(folder).map_err(Error::io("write", &manifest))?;
    }
    let in_the_way = delete(folder, &plan.in_the_way)?;
    for (number, step) in plan.steps.iter().enumerate() {
        if !plan.in_the_way.is_empty() {
            // A file that was in the way may have been all that its folder held.
            let above = folder.join(path::folder_of(step.path()));
            disk::make_folders(&above).map_err(Error::io("make the folder", &above))?;
        }
        rename(&staging.join(number.to_string()), &folder.join(step.path()))?;
    }
    let stale = delete(folder, &plan.stale)?;
    if plan.manifest.is_some() {
        rename(&staging.join(MANIFEST), &manifest)?;
    }
    Ok(in_the_way + stale)
}

fn rename(from: &Utf8Path, to: &Utf8Path) -> Result<(), Error> {
    disk::rename(from, to).map_err(Error::io("write", to))
}
