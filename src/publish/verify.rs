//! A look at a live page: whether it is what its manifest says, and as everybody gets it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde::Deserialize;

use super::live;
use super::page::{Copies, LARGEST_MANIFEST, LivePage, body, refusal};
use crate::fetch::Answer;
use crate::output::build_manifest::sha256;

/// How many files are asked for at once.
const AT_ONCE: usize = 16;

/// How many files are looked at, far more than a page has.
const MOST_FILES: usize = 200_000;

/// How large a file may be, in bytes.
const LARGEST_FILE: u64 = 256 << 20;

/// What is for the host alone, which sends it to nobody.
const OF_HOST: &[&str] = &["_headers", "_redirects"];

/// A manifest as any version of allclear has published it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Listing {
    /// The instant that the page is for.
    pub now: String,
    /// The address for which it was built.
    pub base_url: String,
    /// The commit that it was built from.
    pub commit: Option<String>,
    /// The instant until which its all-clear holds; `None` where there is none, or where it does not end by itself.
    pub valid_until: Option<String>,
    /// The version of allclear.
    pub allclear: Option<String>,
    /// Every other file, by its path from the page's address.
    pub files: BTreeMap<String, Listed>,
    /// The paths that are not settled, while a publication is under way and where one was killed.
    pub unsettled: Option<BTreeSet<String>>,
}

/// A file of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Listed {
    /// The SHA-256 of its content in hexadecimal digits.
    pub sha256: String,
    /// The number of its bytes.
    pub size: u64,
    /// The value of `Content-Type`.
    #[serde(rename = "type")]
    pub content_type: Option<String>,
    /// The value of `Cache-Control`.
    pub cache: Option<String>,
}

/// What is wrong with a file of a live page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// It is not there.
    Missing,
    /// It is another one than the manifest lists.
    Different,
    /// What readers get is an old copy of what is there.
    Stale,
    /// It could not be had, in words.
    Unasked(String),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::Different => f.write_str("different from what `build.json` lists"),
            Self::Stale => {
                f.write_str("an old copy, which something between server and readers keeps")
            }
            Self::Unasked(why) => write!(f, "not had: {why}"),
        }
    }
}

/// A header field that is not what the manifest says. Hosts differ in these, so that it is no flaw.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Oddity {
    /// The name of the field.
    pub field: &'static str,
    /// What the manifest says.
    pub expected: String,
    /// What the server says.
    pub found: Option<String>,
}

/// What was found of a live page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Its manifest.
    pub listing: Listing,
    /// The flaws of its files.
    pub flaws: BTreeMap<String, Flaw>,
    /// What is odd, with the files of which it is.
    pub oddities: BTreeMap<Oddity, BTreeSet<String>>,
}

/// Why a page could not be looked at, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverified(pub String);

/// How long a page is waited for that is not whole.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How long it is left alone between two looks.
    pub pause: Duration,
    /// How often it is left alone, while a publication is under way; once in any case.
    pub pauses: u32,
}

/// Looks at every file of a live page. Where something is wrong, it looks once more after a pause: the page may be about to
/// be published. Where it is, its end is waited for. Tells `progress` how many files are done, and of how many.
///
/// # Errors
///
/// Where there is no page, or its manifest cannot be had.
pub fn verify(
    page: LivePage<'_>,
    patience: Patience,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Verdict, Unverified> {
    let first = Verdict::of(listing(page)?);
    let all: Vec<String> = first.listing.files.keys().cloned().collect();
    let first = first.look(page, &all, progress);
    if first.flaws.is_empty() && first.listing.unsettled.is_none() {
        return Ok(first);
    }
    let later = || {
        thread::sleep(patience.pause);
        listing(page)
    };
    let mut listing = later()?;
    for _ in 1..patience.pauses {
        if listing.unsettled.is_none() {
            break;
        }
        listing = later()?;
    }
    if listing != first.listing {
        let all: Vec<String> = listing.files.keys().cloned().collect();
        return Ok(Verdict::of(listing)
            .look(page, &all, progress)
            .tell_stale(page));
    }
    let wrong: Vec<String> = first.flaws.keys().cloned().collect();
    let second = Verdict {
        flaws: BTreeMap::new(),
        ..first
    };
    Ok(second.look(page, &wrong, &|_, _| {}).tell_stale(page))
}

/// The manifest of a page.
fn listing(page: LivePage<'_>) -> Result<Listing, Unverified> {
    let address = format!("{}{}", page.url, live::PATH);
    let answer = page.ask(live::PATH, Copies::Allowed, LARGEST_MANIFEST);
    let answer = answer.map_err(|error| Unverified(format!("{address} cannot be had: {error}")))?;
    match answer.status {
        200 => {}
        404 | 410 => {
            return Err(Unverified(format!(
                "there is no page: {address} is not there"
            )));
        }
        status => return Err(Unverified(refusal(&address, status))),
    }
    let listing: Option<Listing> =
        body(answer, LARGEST_MANIFEST).and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let listing = listing.ok_or_else(|| {
        Unverified(format!(
            "{address} is not the `build.json` of a page that allclear has made"
        ))
    })?;
    let largest = listing
        .files
        .iter()
        .find(|(_, file)| file.size > LARGEST_FILE);
    if let Some((path, file)) = largest {
        let why = format!(
            "`{path}` has {} bytes; at most {LARGEST_FILE} are read",
            file.size
        );
        return Err(Unverified(why));
    }
    if listing.files.len() > MOST_FILES {
        let count = listing.files.len();
        let why = format!("the page has {count} files; at most {MOST_FILES} are looked at");
        return Err(Unverified(why));
    }
    Ok(listing)
}

impl Verdict {
    /// Of a page of which nothing is known but its manifest.
    fn of(listing: Listing) -> Self {
        Self {
            listing,
            flaws: BTreeMap::new(),
            oddities: BTreeMap::new(),
        }
    }

    /// Whether every file is there, and no publication is under way.
    pub fn is_whole(&self) -> bool {
        self.flaws.is_empty() && self.listing.unsettled.is_none()
    }

    /// Adds what is wrong with some files.
    fn look(
        mut self,
        page: LivePage<'_>,
        paths: &[String],
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Self {
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let found = Mutex::new((BTreeMap::new(), Vec::new()));
        thread::scope(|scope| {
            for _ in 0..AT_ONCE.min(paths.len()) {
                scope.spawn(|| {
                    while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if let Some(file) = self.listing.files.get(path) {
                            let seen = file.look(page, path, Copies::Allowed);
                            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                            found.0.extend(seen.flaw.map(|flaw| (path.clone(), flaw)));
                            let odd = seen.oddities.into_iter();
                            found.1.extend(odd.map(|oddity| (oddity, path.clone())));
                        }
                        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                        progress(done, paths.len());
                    }
                });
            }
        });
        let (flaws, oddities) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.flaws.extend(flaws);
        for (oddity, path) in oddities {
            self.oddities.entry(oddity).or_default().insert(path);
        }
        self
    }

    /// Tells old copies from what is not there: past whatever keeps copies, the file is the right one.
    fn tell_stale(mut self, page: LivePage<'_>) -> Self {
        for (path, flaw) in &mut self.flaws {
            let file = self.listing.files.get(path);
            let may_be = matches!(flaw, Flaw::Missing | Flaw::Different);
            if let Some(file) = file.filter(|_| may_be)
                && file.look(page, path, Copies::Avoided).flaw.is_none()
            {
                *flaw = Flaw::Stale;
            }
        }
        self
    }
}

/// What was seen of a file.
#[derive(Debug, Default)]
struct Seen {
    flaw: Option<Flaw>,
    oddities: Vec<Oddity>,
}

impl Listed {
    fn look(&self, page: LivePage<'_>, path: &str, copies: Copies) -> Seen {
        let seen = |flaw| Seen {
            flaw: Some(flaw),
            oddities: Vec::new(),
        };
        // What is packed may be a little larger.
        let answer = match page.ask(path, copies, self.size + 1024) {
            Ok(answer) => answer,
            Err(error) => return seen(Flaw::Unasked(error.to_string())),
        };
        match answer.status {
            200 => {}
            404 | 410 if OF_HOST.contains(&path) => return Seen::default(),
            404 | 410 => return seen(Flaw::Missing),
            status => return seen(Flaw::Unasked(format!("status {status}"))),
        }
        let oddities = self.oddities(&answer);
        let is_right = body(answer, self.size)
            .is_some_and(|body| body.len() as u64 == self.size && sha256(&body) == self.sha256);
        Seen {
            flaw: (!is_right && !OF_HOST.contains(&path)).then_some(Flaw::Different),
            oddities,
        }
    }

    /// The header fields that are not as they should be.
    fn oddities(&self, answer: &Answer) -> Vec<Oddity> {
        let fields = [
            (
                "content-type",
                &self.content_type,
                media_type as fn(&str) -> String,
            ),
            ("cache-control", &self.cache, directives),
        ];
        let odd = fields.into_iter().filter_map(|(field, expected, meaning)| {
            let expected = expected.as_deref()?;
            let found = answer.header(field);
            let is_same = found.is_some_and(|found| meaning(found) == meaning(expected));
            (!is_same).then(|| Oddity {
                field,
                expected: expected.to_owned(),
                found: found.map(str::to_owned),
            })
        });
        odd.collect()
    }
}

/// A media type without its parameters, by the one of its names that all have.
fn media_type(text: &str) -> String {
    let name = text.split(';').next().unwrap_or_default();
    let name = name.trim().to_ascii_lowercase();
    match name.as_str() {
        // RFC 9239, section 6; RFC 7303, section 4.1.
        "application/javascript" | "application/x-javascript" => "text/javascript".to_owned(),
        "text/xml" => "application/xml".to_owned(),
        "image/vnd.microsoft.icon" => "image/x-icon".to_owned(),
        _ => name,
    }
}

/// The directives of `Cache-Control`, in one order.
fn directives(text: &str) -> String {
    let parts = text.split(',').map(|it| it.trim().to_ascii_lowercase());
    let parts: BTreeSet<String> = parts.collect();
    parts.into_iter().collect::<Vec<_>>().join(", ")
}
