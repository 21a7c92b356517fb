//! What the commands that reach places have in common.

use std::env;

use allclear::error::Error;
use allclear::generate::Generated;
use allclear::output::Output;
use allclear::publish::credentials::{self, AwsFiles};
use allclear::publish::{self, Live, Place};
use allclear::site::place::{Cloud, PlaceName};
use allclear::source::{self, INCIDENTS};
use allclear::write::{Copies, with_copies};
use camino::{Utf8Path, Utf8PathBuf};

use super::failure::{Failure, bad_argument};
use super::output_folder::refuse_unsafe;

/// The variables of the environment that concern the cloud of a place, with what its tools keep in files. Those are read
/// where they are needed only.
pub(crate) fn cloud_variables(place: &PlaceName) -> Result<Vec<(String, String)>, Failure> {
    let PlaceName::Bucket { cloud, .. } = place else {
        return Ok(Vec::new());
    };
    let environment = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let found = credentials::variables(environment);
    if *cloud != Cloud::S3 {
        return Ok(found);
    }
    let text = |variable: &str, own: &str| -> Result<String, Failure> {
        let named = env::var(variable).ok().map(Utf8PathBuf::from);
        let home = env::var("HOME").ok().map(Utf8PathBuf::from);
        let path = named.or_else(|| home.map(|home| home.join(own)));
        let Some((folder, file)) = path
            .as_deref()
            .and_then(|path| path.parent().zip(path.file_name()))
        else {
            return Ok(String::new());
        };
        let text = source::read_text(folder, Utf8Path::new(file))?;
        Ok(text.unwrap_or_default())
    };
    let aws = AwsFiles {
        credentials: text("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials")?,
        config: text("AWS_CONFIG_FILE", ".aws/config")?,
    };
    let found = credentials::with_profile(found, &aws);
    found.map_err(|error| bad_argument(format!("{place}: {error}"), error.hint()))
}

/// Refuses a folder that is, holds, or lies in the site's own files.
pub(crate) fn refuse_unsafe_place(site: &Utf8Path, name: &PlaceName) -> Result<(), Failure> {
    match name {
        PlaceName::Bucket { .. } => Ok(()),
        PlaceName::Folder(folder) => Ok(refuse_unsafe(site, &site.join(folder))?),
    }
}

/// Refuses to take the page of every post away, where `incidents/` holds nothing at all: what is missing, as a disk that
/// was not mounted, is not empty.
pub(crate) fn refuse_vanished_posts(
    site: &Utf8Path,
    name: &PlaceName,
    place: &Place,
) -> Result<(), Failure> {
    if !source::is_bare(site, INCIDENTS) {
        return Ok(());
    }
    let live = place.live().map_err(|refusal| of_place(name, &refusal))?;
    match live.as_ref().is_some_and(Live::has_posts) {
        true => Err(Error::NoIncidentsLeft(Utf8PathBuf::from(name.to_string())).into()),
        false => Ok(()),
    }
}

/// Why a place did not take a page.
pub(crate) fn of_place(name: &PlaceName, refusal: &publish::Failure) -> Failure {
    bad_argument(format!("{name}: {refusal}"), refusal.hint())
}

/// The files of a page as they are published to a place: a web server that reads a folder finds compressed copies there,
/// where the site wants them.
pub(crate) fn outputs_for(
    name: &PlaceName,
    folder: &Utf8Path,
    page: &Generated,
    memory: &mut Copies,
) -> Vec<Output> {
    let outputs = page.outputs.clone();
    let site = page.site.as_ref();
    match name {
        PlaceName::Folder(path) if site.is_some_and(|site| site.settings.build.precompress) => {
            with_copies(&folder.join(path), outputs, memory)
        }
        _ => outputs,
    }
}
