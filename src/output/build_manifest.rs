//! The manifest of a build, `build.json`: when and from what it was made, until when its all-clear holds, and every
//! file with what a server says of it.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::file::Output;
use super::format::{Format, Publish};
use super::pages::Edition;
use super::serving::{CacheRule, Serving};
use crate::characters::escaped_json;
use crate::time;

/// The row of [`super::OUTPUTS`]: the last one, since it lists the files of all others.
pub(super) const FORMAT: Format = Format {
    name: None,
    publish: Publish::Files(manifest),
    feed: None,
};

/// Its path from the output folder.
const PATH: &str = "build.json";

/// The manifest as it is written.
#[derive(Serialize)]
struct Manifest<'a> {
    /// The instant that the page is for.
    now: String,
    /// The commit that was checked out; `null` outside of a repository.
    commit: Option<&'a str>,
    /// The instant until which the all-clear holds; `null` where there is none, or where it does not end by itself.
    valid_until: Option<String>,
    title: &'a str,
    base_url: &'a str,
    /// The version of allclear.
    allclear: &'static str,
    /// Every other file, by its path from the output folder.
    files: BTreeMap<&'a str, FileRecord>,
}

/// A file as the manifest has it.
#[derive(Serialize)]
struct FileRecord {
    /// The SHA-256 of its content in hexadecimal digits.
    sha256: String,
    /// The number of its bytes.
    size: usize,
    /// The value of `Content-Type`.
    #[serde(rename = "type")]
    content_type: String,
    /// The value of `Cache-Control`.
    cache: &'static str,
}

fn manifest(editions: &[Edition<'_>], files: &[Output]) -> Vec<Output> {
    let Some(edition) = editions.first() else {
        return Vec::new();
    };
    let serving = Serving::with(edition.feeds.iter().copied());
    let headline = &edition.status.snapshot.headline;
    let files = files.par_iter();
    let manifest = Manifest {
        now: time::rfc3339(edition.status.now()),
        commit: edition.commit,
        valid_until: headline.valid_until.map(time::rfc3339),
        title: edition.own(&edition.site.settings.title),
        base_url: edition.base_url.as_str(),
        allclear: env!("CARGO_PKG_VERSION"),
        files: files
            .map(|file| (file.path.as_str(), record(file, &serving)))
            .collect(),
    };
    // A struct of texts and numbers always has a JSON form.
    let mut text = serde_json::to_string(&manifest).unwrap_or_default();
    text.push('\n');
    vec![Output::new(PATH, escaped_json(text))]
}

fn record(file: &Output, serving: &Serving) -> FileRecord {
    FileRecord {
        sha256: sha256(&file.bytes),
        size: file.bytes.len(),
        content_type: serving.content_type(&file.path),
        cache: CacheRule::of(&file.path).as_str(),
    }
}

/// The SHA-256 of some bytes in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let mut text = String::with_capacity(2 * digest.len());
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    text.extend(digits.filter_map(|it| char::from_digit(it.into(), 16)));
    text
}

/// The manifest of a page that is published, as far as others read it. What else a newer version adds is left out.
#[derive(Debug, Deserialize)]
pub struct Published {
    /// The instant that the page is for.
    pub now: String,
    /// The address for which it was built.
    pub base_url: String,
    /// Every other file, by its path from the page's address.
    pub files: BTreeMap<String, PublishedFile>,
}

/// A file of a page that is published.
#[derive(Debug, Deserialize)]
pub struct PublishedFile {
    sha256: String,
    /// The number of its bytes.
    pub size: u64,
}

impl PublishedFile {
    /// Whether these are its bytes.
    pub fn is(&self, bytes: &[u8]) -> bool {
        bytes.len() as u64 == self.size && sha256(bytes) == self.sha256
    }
}
