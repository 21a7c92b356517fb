//! The manifest of a build, `build.json`, as it is read where a page is live.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::time::{self, Instant};

/// The path of the manifest.
pub(super) const PATH: &str = "build.json";

/// The key of the paths of which it is not known whether they have the content that the manifest says.
const UNSETTLED: &str = "unsettled";

/// The key of the paths that were part of the build before and are not of this one.
const FORMER: &str = "former";

/// The key of the paths that somebody is about to create.
const ANNOUNCED: &str = "announced";

/// The key that says that a claim was put over another one that was not finished.
const CONTESTED: &str = "contested";

/// A manifest.
#[derive(Debug, Clone)]
pub struct Live {
    /// The instant that the page is for.
    pub now: Instant,
    /// Where the page is published.
    pub base_url: String,
    /// Every other file, by its path.
    pub files: BTreeMap<String, LiveFile>,
    /// While a publisher has not finished, and where one was killed: every path of which it is not known whether it has the
    /// content that stands here, is missing, or is to be deleted.
    pub unsettled: Option<BTreeSet<String>>,
    /// The paths of the build before that this one has no more, and which are kept for readers who have its pages open.
    pub former: BTreeSet<String>,
    /// The paths that publishers were about to create, and which may be there.
    pub announced: BTreeSet<String>,
    /// Whether it was put over a publication that was not finished, whose publisher may still be at work.
    pub is_contested: bool,
    /// All that the text says.
    document: Map<String, Value>,
}

/// A file of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LiveFile {
    /// The SHA-256 of its content in hexadecimal digits.
    pub sha256: String,
    /// The number of its bytes.
    pub size: u64,
    /// The value of `Content-Type`.
    #[serde(rename = "type")]
    pub content_type: String,
    /// The value of `Cache-Control`.
    pub cache: String,
}

impl LiveFile {
    /// The mark of a file with this content, which is sent as this.
    pub(super) fn mark(&self) -> String {
        let parts = [&*self.sha256, &*self.content_type, &*self.cache];
        hexadecimal(&Sha256::digest(parts.join("\n")))
    }
}

/// Bytes in hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A text that is no manifest of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnreadableManifest;

impl fmt::Display for UnreadableManifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no `build.json` of allclear")
    }
}

impl Live {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// Where the text is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, UnreadableManifest> {
        let document: Map<String, Value> =
            serde_json::from_slice(bytes).map_err(|_| UnreadableManifest)?;
        let text = |key: &str| document.get(key).and_then(Value::as_str);
        let paths = |key: &str| -> Option<BTreeSet<String>> {
            let items = document.get(key)?.as_array()?.iter();
            Some(
                items
                    .filter_map(|it| Some(it.as_str()?.to_owned()))
                    .collect(),
            )
        };
        let now = text("now").and_then(|now| time::parse(now, chrono_tz::UTC).ok());
        let files = document.get("files").cloned().unwrap_or_default();
        Ok(Self {
            now: now.ok_or(UnreadableManifest)?,
            base_url: text("base_url").ok_or(UnreadableManifest)?.to_owned(),
            files: serde_json::from_value(files).map_err(|_| UnreadableManifest)?,
            unsettled: paths(UNSETTLED),
            former: paths(FORMER).unwrap_or_default(),
            announced: paths(ANNOUNCED).unwrap_or_default(),
            is_contested: document.get(CONTESTED) == Some(&Value::Bool(true)),
            document,
        })
    }

    /// Whether a post has a page of its own.
    pub fn has_posts(&self) -> bool {
        let mut paths = self
            .files
            .keys()
            .filter_map(|it| it.strip_prefix("incidents/"));
        paths.any(|path| path.ends_with("/index.html"))
    }

    /// The text of the same manifest while these paths, too, may come into being.
    pub(super) fn announce<'a>(&'a self, paths: impl Iterator<Item = &'a str>) -> String {
        let mut document = self.document.clone();
        let announced = self.announced.iter().map(String::as_str).chain(paths);
        let announced: BTreeSet<&str> = announced.collect();
        document.insert(ANNOUNCED.to_owned(), announced.into_iter().collect());
        line(&document)
    }

    /// The text of the same manifest while these paths are not settled, over what was live before.
    pub(super) fn claim(
        &self,
        unsettled: &BTreeSet<String>,
        former: &BTreeSet<String>,
        before: Option<&Self>,
    ) -> String {
        let mut document = self.document.clone();
        document.insert(UNSETTLED.to_owned(), unsettled.iter().cloned().collect());
        document.insert(FORMER.to_owned(), former.iter().cloned().collect());
        if before.is_some_and(|before| before.unsettled.is_some()) {
            document.insert(CONTESTED.to_owned(), Value::Bool(true));
        }
        line(&document)
    }

    /// The text of the same manifest once all is settled.
    pub(super) fn done(&self, former: &BTreeSet<String>) -> String {
        let mut document = self.document.clone();
        document.remove(UNSETTLED);
        if former.is_empty() {
            document.remove(FORMER);
        } else {
            document.insert(FORMER.to_owned(), former.iter().cloned().collect());
        }
        line(&document)
    }
}

fn line(document: &Map<String, Value>) -> String {
    // A map of texts always has a JSON form.
    serde_json::to_string(document).unwrap_or_default() + "\n"
}
