//! The manifest of a build, `build.json`, as it is read where a page is live.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::TimeDelta;
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

/// The key of the paths for which publications that followed each other unfinished have different contents.
const CONTESTED: &str = "contested";

/// The key of the paths that somebody who was overtaken may still write or delete, each with the instant from which on that
/// is over.
const LATE: &str = "late";

/// For how long whoever was overtaken may still be at work: longer than any request takes.
const LATENESS: TimeDelta = TimeDelta::minutes(10);

/// A manifest.
#[derive(Debug, Clone)]
pub struct Live {
    /// The instant that the page is for.
    pub now: Instant,
    /// Where the page is published.
    pub base_url: String,
    /// The commit that the page was built from.
    pub commit: Option<String>,
    /// Every other file, by its path.
    pub files: BTreeMap<String, LiveFile>,
    /// While a publisher has not finished, and where one was killed: every path of which it is not known whether it has the
    /// content that stands here, is missing, or is to be deleted.
    pub unsettled: Option<BTreeSet<String>>,
    /// The paths of the build before that this one has no more, and which are kept for readers who have its pages open.
    pub former: BTreeSet<String>,
    /// The paths that publishers were about to create, and which may be there.
    pub announced: BTreeSet<String>,
    /// The paths for which publications that followed each other unfinished have different contents.
    pub contested: BTreeSet<String>,
    /// The paths that somebody who was overtaken may still write or delete, each with the instant from which on that is over.
    pub late: BTreeMap<String, Instant>,
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
            commit: text("commit").map(str::to_owned),
            files: serde_json::from_value(files).map_err(|_| UnreadableManifest)?,
            unsettled: paths(UNSETTLED),
            former: paths(FORMER).unwrap_or_default(),
            announced: paths(ANNOUNCED).unwrap_or_default(),
            contested: paths(CONTESTED).unwrap_or_default(),
            late: late(document.get(LATE)),
            document,
        })
    }

    /// What the build is, whatever became of its publication.
    pub(super) fn identity(&self) -> String {
        hexadecimal(&Sha256::digest(self.settled(&Remains::default())))
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

    /// The text of the same manifest while these paths are not settled.
    pub(super) fn claim(&self, unsettled: &BTreeSet<String>, remains: &Remains) -> String {
        let mut document = self.with(remains);
        document.insert(UNSETTLED.to_owned(), unsettled.iter().cloned().collect());
        let contested = remains.contested.iter().cloned();
        if !remains.contested.is_empty() {
            document.insert(CONTESTED.to_owned(), contested.collect());
        }
        line(&document)
    }

    /// The text of the same manifest once all is settled.
    pub(super) fn settled(&self, remains: &Remains) -> String {
        line(&self.with(remains))
    }

    /// The text of the same manifest once all is settled, where nobody who was overtaken can be at work.
    pub(super) fn done(&self, former: &BTreeSet<String>) -> String {
        self.settled(&Remains {
            former: former.clone(),
            ..Remains::default()
        })
    }

    fn with(&self, remains: &Remains) -> Map<String, Value> {
        let mut document = self.document.clone();
        for key in [UNSETTLED, CONTESTED, ANNOUNCED, FORMER, LATE] {
            document.remove(key);
        }
        if !remains.former.is_empty() {
            let former = remains.former.iter().cloned();
            document.insert(FORMER.to_owned(), former.collect());
        }
        if !remains.late.is_empty() {
            let late = remains.late.iter();
            let late = late.map(|(path, until)| (path.clone(), Value::from(time::rfc3339(*until))));
            document.insert(LATE.to_owned(), Value::Object(late.collect()));
        }
        document
    }
}

/// What remains of the publications before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Remains {
    /// The paths of the build before that this one has no more.
    pub(super) former: BTreeSet<String>,
    /// The paths for which this build and unfinished ones before have different contents.
    pub(super) contested: BTreeSet<String>,
    /// The paths that somebody who was overtaken may still write or delete.
    pub(super) late: BTreeMap<String, Instant>,
}

impl Remains {
    /// What remains of `live` once `build` has taken its place.
    pub(super) fn new(build: &Live, live: &Live) -> Self {
        let late = live.late.iter().filter(|(_, until)| **until > build.now);
        let mut late: BTreeMap<String, Instant> =
            late.map(|(path, until)| (path.clone(), *until)).collect();
        let unsettled = live.unsettled.iter().flatten();
        for path in unsettled.clone().chain(&live.announced) {
            late.insert(path.clone(), build.now + LATENESS);
        }
        let differs = |path: &&String| live.files.get(*path) != build.files.get(*path);
        let contested = unsettled.filter(differs).chain(&live.contested);
        Self {
            former: BTreeSet::new(),
            contested: contested.cloned().collect(),
            late,
        }
    }
}

/// The paths of a manifest that somebody may still write or delete.
fn late(value: Option<&Value>) -> BTreeMap<String, Instant> {
    let late = value.and_then(Value::as_object).into_iter().flatten();
    let late = late.filter_map(|(path, until)| {
        let until = time::parse(until.as_str()?, chrono_tz::UTC).ok()?;
        Some((path.clone(), until))
    });
    late.collect()
}

fn line(document: &Map<String, Value>) -> String {
    // A map of texts always has a JSON form.
    serde_json::to_string(document).unwrap_or_default() + "\n"
}
