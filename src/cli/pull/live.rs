//! The evidence of the live page, as one build has published it.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use allclear::fetch::{
    Answer, Client, EnvText, Excess, FetchError, Key, Limits, Networks, Request,
};
use allclear::output::build_manifest::{Published, PublishedFile};
use allclear::site::BaseUrl;
use allclear::site::evidence_file::is_file_stem;
use allclear::site::latency::LATENCY;
use allclear::source::LARGEST_EVIDENCE;
use allclear::time::Instant;
use camino::Utf8PathBuf;

use crate::cli::failure::{Failure, bad_argument};

/// The manifest of a page, from its address.
const MANIFEST: &str = "build.json";

/// The component states of a page, from its address.
const STATES: &str = "evidence/states.jsonl";

/// How large a manifest may be, in bytes.
const LARGEST_MANIFEST: u64 = 64 << 20;

/// How many files of evidence are read, far more than a page has sources.
const MOST_FILES: usize = 1_000;

/// How large they may be together, in bytes.
const LARGEST_SUM: u64 = 4 * LARGEST_EVIDENCE;

/// How many redirects are followed, each within the host.
const MOST_REDIRECTS: usize = 5;

/// How long a page that is being published is waited for.
const PAUSE: Duration = Duration::from_secs(1);

/// The evidence of a page.
#[derive(Debug)]
pub(super) struct Live {
    /// The instant that the page is for.
    pub(super) now: String,
    /// Its files of evidence, by their paths from its address.
    pub(super) files: BTreeMap<Utf8PathBuf, String>,
}

/// Why the evidence of a page could not be had.
enum Obstacle {
    /// Its files are not of one build: it is being published.
    Torn(String),
    /// For good.
    Final(Failure),
}

impl From<Failure> for Obstacle {
    fn from(failure: Failure) -> Self {
        Self::Final(failure)
    }
}

/// The evidence of the page at an address, which was built with a certain `base_url`.
///
/// Every file is the one that the page's manifest lists. Where one is not, the page is being published just now, and is
/// asked once more, past whatever keeps copies.
pub(super) fn page(
    url: &BaseUrl,
    built_with: &BaseUrl,
    timeout: Duration,
    key: &Key,
    now: Instant,
) -> Result<Live, Failure> {
    let asking = Asking {
        client: Client::new(),
        key,
        url: url.as_str(),
        timeout,
    };
    match asking.evidence(built_with, "") {
        Ok(found) => return Ok(found),
        Err(Obstacle::Final(failure)) => return Err(failure),
        Err(Obstacle::Torn(_)) => thread::sleep(PAUSE),
    }
    let again = format!("?again={}", now.timestamp());
    match asking.evidence(built_with, &again) {
        Ok(found) => Ok(found),
        Err(Obstacle::Final(failure)) => Err(failure),
        Err(Obstacle::Torn(why)) => Err(bad_argument(
            format!(
                "the files of the page at {url} are not of one build: {why}; nothing was written"
            ),
            "it is being published just now, or an old copy is kept somewhere: pull again in a minute",
        )),
    }
}

/// A page that is asked.
struct Asking<'a> {
    client: Client,
    key: &'a Key,
    url: &'a str,
    timeout: Duration,
}

impl Asking<'_> {
    fn evidence(&self, built_with: &BaseUrl, query: &str) -> Result<Live, Obstacle> {
        let address = format!("{}{MANIFEST}", self.url);
        let manifest = self.ask(&format!("{address}{query}"), LARGEST_MANIFEST);
        let manifest = manifest.map_err(|error| unreachable(&address, &error))?;
        let manifest = found(&address, manifest)?.ok_or_else(|| no_page(&address))?;
        let manifest: Published =
            serde_json::from_slice(&manifest).map_err(|_| no_manifest(&address, &manifest))?;
        if manifest.base_url != built_with.as_str() {
            return Err(of_another_site(self.url, &manifest.base_url, built_with).into());
        }
        let listed = manifest.files.iter();
        let listed: Vec<_> = listed.filter(|(path, _)| is_wanted(path)).collect();
        is_bounded(&listed)?;
        let mut files = BTreeMap::new();
        for (path, file) in listed {
            files.insert(path.into(), self.file(path, file, query)?);
        }
        Ok(Live {
            now: manifest.now,
            files,
        })
    }

    /// The text of a file that the manifest lists.
    fn file(&self, path: &str, file: &PublishedFile, query: &str) -> Result<String, Obstacle> {
        let torn = |why: &dyn std::fmt::Display| Obstacle::Torn(format!("`{path}`: {why}"));
        let address = format!("{}{path}{query}", self.url);
        let answer = self
            .ask(&address, file.size)
            .map_err(|error| torn(&error))?;
        let bytes = found(&address, answer)?.ok_or_else(|| torn(&"it is not there"))?;
        if !file.is(&bytes) {
            return Err(torn(&"it is another one than `build.json` lists"));
        }
        String::from_utf8(bytes).map_err(|_| torn(&"it is not UTF-8"))
    }

    /// The answer to a request, after redirects within the host.
    fn ask(&self, address: &str, largest: u64) -> Result<Answer, FetchError> {
        let limits = Limits {
            timeout: self.timeout,
            redirects: 0,
            body: largest,
            excess: Excess::Refused,
            // Whoever typed the address may ask it.
            networks: Networks::All,
        };
        let mut address = address.to_owned();
        for _ in 0..MOST_REDIRECTS {
            let request = Request::get(EnvText::new(address.as_str()))
                .with_header("cache-control", EnvText::new("no-cache"));
            let answer = self.key.ask(&self.client, request, limits)?;
            let location = answer.header("location");
            let Some(location) = location.filter(|_| is_redirect(answer.status)) else {
                return Ok(answer);
            };
            match within_host(&address, location) {
                Some(next) => address = next,
                None => return Ok(answer),
            }
        }
        Err(FetchError::Redirects(MOST_REDIRECTS as u32))
    }
}

/// Whether a file of a page is evidence that is pulled. A name that not every disk can have is none of a source's.
fn is_wanted(path: &str) -> bool {
    let name = path
        .strip_prefix(LATENCY)
        .and_then(|it| it.strip_prefix('/'));
    let stem = name.and_then(|name| name.strip_suffix(".csv"));
    path == STATES || stem.is_some_and(is_file_stem)
}

/// Refuses files of which one is too large, or all together.
fn is_bounded(listed: &[(&String, &PublishedFile)]) -> Result<(), Failure> {
    let too_large = listed.iter().find(|(_, file)| file.size > LARGEST_EVIDENCE);
    if let Some((path, file)) = too_large {
        return Err(bad_argument(
            format!(
                "`{path}` of the page has {} bytes, which is too much",
                file.size
            ),
            format!("at most {LARGEST_EVIDENCE} are read"),
        ));
    }
    let sizes = listed.iter().map(|(_, file)| file.size);
    let sum = sizes.fold(0, u64::saturating_add);
    if listed.len() > MOST_FILES || sum > LARGEST_SUM {
        return Err(bad_argument(
            format!(
                "the page has {} files of evidence with {sum} bytes, which is too much",
                listed.len()
            ),
            format!("at most {MOST_FILES} files and {LARGEST_SUM} bytes are read"),
        ));
    }
    Ok(())
}

/// The body of an answer; `None` where nothing is there.
fn found(address: &str, answer: Answer) -> Result<Option<Vec<u8>>, Failure> {
    match answer.status {
        200 => Ok(Some(answer.body)),
        404 | 410 => Ok(None),
        status if is_redirect(status) => {
            let location = answer.header("location").unwrap_or_default();
            Err(bad_argument(
                format!("{address} leads to another host: {location}"),
                "where that is your page, name its address, as in `allclear pull https://status.example.com/`",
            ))
        }
        status @ (401 | 403) => Err(bad_argument(
            format!("{address} answers with status {status}: it asks for a password or a key"),
            "send it, as `--header 'Authorization: Bearer ${TOKEN}'`",
        )),
        status => Err(bad_argument(
            format!("{address} answers with status {status}"),
            "the page can be pulled once it answers with 200",
        )),
    }
}

fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect leads that stays within the host of an address; `None` where it does not, or gives up on TLS.
fn within_host(address: &str, location: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let host = rest.split(['/', '?']).next()?;
    if let Some((next_scheme, next_rest)) = location.split_once("://") {
        let next_host = next_rest.split(['/', '?']).next()?;
        let is_same =
            bare(next_host) == bare(host) && (next_scheme == scheme || next_scheme == "https");
        return is_same.then(|| location.to_owned());
    }
    if location.starts_with("//") {
        return within_host(address, &format!("{scheme}:{location}"));
    }
    if location.starts_with('/') {
        return Some(format!("{scheme}://{host}{location}"));
    }
    let path = rest.split('?').next()?;
    let folder = path.rsplit_once('/').map_or(host, |(folder, _)| folder);
    Some(format!("{scheme}://{folder}/{location}"))
}

/// A host without the port that its scheme has anyway.
fn bare(host: &str) -> String {
    let host = host
        .strip_suffix(":443")
        .or_else(|| host.strip_suffix(":80"))
        .unwrap_or(host);
    host.to_lowercase()
}

/// What to do where a page is not there.
const NO_PAGE: &str = "nothing was written; before the first page is published this is as it should be, so go on to build it; later, look into it, for the page may be the only copy of what was seen";

fn unreachable(address: &str, error: &FetchError) -> Failure {
    bad_argument(format!("{address} cannot be had: {error}"), NO_PAGE)
}

fn no_page(address: &str) -> Failure {
    bad_argument(format!("there is no page: {address} is not there"), NO_PAGE)
}

fn no_manifest(address: &str, body: &[u8]) -> Failure {
    let begin: String = String::from_utf8_lossy(body)
        .trim()
        .chars()
        .take(40)
        .collect();
    bad_argument(
        format!(
            "{address} is not the `build.json` of a page that allclear has made; it begins with `{begin}`"
        ),
        "some hosts answer with a page of their own where a file is missing: look at that address in a browser",
    )
}

fn of_another_site(url: &str, found: &str, expected: &BaseUrl) -> Failure {
    bad_argument(
        format!(
            "the page at {url} was built for {found}, and this site is {expected}: nothing was pulled"
        ),
        format!(
            "where it is this site all the same, as before a move, say so: `--base-url {found}`"
        ),
    )
}
