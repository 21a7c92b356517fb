//! The places where an output folder may be.

use allclear::error::Error;
use allclear::generate::Generated;
use allclear::output::Output;
use allclear::output::compressed::Encoding;
use allclear::site::Site;
use allclear::source::{EVIDENCE, INCIDENTS, PAGES, STATIC, THEMES, is_bare};
use allclear::system::path::real_utf8;
use allclear::write::{Copies, Written, has_made, with_copies, write};
use camino::{Utf8Path, Utf8PathBuf};

use super::print::report;

/// Writes a generated page into a folder, with compressed copies where the site wants them; those that were made before
/// are in `memory`.
pub(crate) fn write_page(
    folder: &Utf8Path,
    generated: &mut Generated,
    memory: &mut Copies,
) -> Result<Written, Error> {
    let outputs = std::mem::take(&mut generated.outputs);
    write_outputs(folder, generated.site.as_ref(), outputs, memory)
}

/// Writes the files of a site's page as [`write_page`] does.
pub(crate) fn write_outputs(
    folder: &Utf8Path,
    site: Option<&Site>,
    outputs: Vec<Output>,
    memory: &mut Copies,
) -> Result<Written, Error> {
    let written = match site.is_some_and(|site| site.settings.build.precompress) {
        true => write(folder, &with_copies(folder, outputs, memory))?,
        false => write(folder, &outputs)?,
    };
    warn_of_torn_manifest(folder, &written);
    Ok(written)
}

/// Says that no compressed copies are made, where a site wants them and this program cannot.
pub(crate) fn warn_of_missing_compression(generated: &Generated) {
    let site = generated.site.as_ref();
    if Encoding::ALL.is_empty() && site.is_some_and(|site| site.settings.build.precompress) {
        report(
            "no compressed copies are made: this allclear was built without the feature `precompress`\n",
        );
    }
}

/// Says what may have stayed in an output folder, where the list of earlier builds' files was torn.
fn warn_of_torn_manifest(folder: &Utf8Path, written: &Written) {
    if written.was_manifest_torn {
        report(&format!(
            "the list of the files that were built into `{folder}` was torn, as by a power cut, and was made anew\n  \
             pages that the site has no more may still be there: remove them, or build into a new folder\n"
        ));
    }
}

/// Refuses an output folder that is, holds, or lies in the site's own files.
pub(crate) fn refuse_unsafe(site: &Utf8Path, output: &Utf8Path) -> Result<(), Error> {
    let Ok(site) = real_utf8(site) else {
        return Ok(());
    };
    let full = resolved(output);
    let reason = if full == site {
        "it is the site's own folder"
    } else if site.starts_with(&full) {
        "the site lies in it"
    } else if [INCIDENTS, EVIDENCE, THEMES, PAGES, STATIC]
        .iter()
        .any(|folder| full.starts_with(site.join(folder)))
    {
        "it lies among the site's own files"
    } else {
        return Ok(());
    };
    Err(Error::UnsafeOutput {
        path: output.to_owned(),
        reason,
    })
}

/// Refuses to delete the page of every post of the last build, where `incidents/` holds nothing at all: what is missing, as
/// a disk that was not mounted, is not empty.
pub(crate) fn refuse_vanished(site: &Utf8Path, output: &Utf8Path) -> Result<(), Error> {
    if !is_bare(site, INCIDENTS) {
        return Ok(());
    }
    let is_of_post = |path: &str| {
        let mut parts = path.split('/');
        let is_inside = parts.next() == Some(INCIDENTS) && parts.next().is_some();
        is_inside && parts.next() == Some("index.html") && parts.next().is_none()
    };
    match has_made(output, is_of_post) {
        true => Err(Error::NoIncidentsLeft(output.to_owned())),
        false => Ok(()),
    }
}

/// The real path of a folder, which need not exist yet.
pub(crate) fn resolved(path: &Utf8Path) -> Utf8PathBuf {
    let absolute = camino::absolute_utf8(path).unwrap_or_else(|_| path.to_owned());
    let existing = absolute
        .ancestors()
        .find_map(|folder| Some((real_utf8(folder).ok()?, folder)));
    match existing {
        Some((real, folder)) => match absolute.strip_prefix(folder) {
            Ok(rest) if !rest.as_str().is_empty() => real.join(rest),
            _ => real,
        },
        None => absolute,
    }
}
