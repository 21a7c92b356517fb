//! The live page, where it is published.

use std::time::Duration;

use allclear::fetch::{Client, EnvText, Excess, Limits, Networks, Request};
use allclear::notify::Readable;
use allclear::publish::{Live, Place, Refused};
use allclear::site::Site;
use allclear::site::place::PlaceName;
use allclear::time::Instant;
use bytes::Bytes;

use crate::cli::failure::{Failure, bad_argument};
use crate::cli::places::of_place;

/// The path of the manifest.
const MANIFEST: &str = "build.json";

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How large a file of the page may be, in bytes.
const LARGEST: u64 = 64 << 20;

/// A page that is live.
pub(super) struct LiveThere<'a> {
    /// The instant that it is for; before all others where none is live yet.
    now: Instant,
    from: From<'a>,
}

enum From<'a> {
    Place(&'a Place),
    Address(&'a str, &'a Client),
}

impl<'a> LiveThere<'a> {
    /// The page in a place.
    pub(super) fn in_place(
        site: &Site,
        name: &PlaceName,
        place: &'a Place,
    ) -> Result<Self, Failure> {
        let live = place.live().map_err(|refusal| of_place(name, &refusal))?;
        Ok(Self {
            now: instant(site, &name.to_string(), live.as_ref())?,
            from: From::Place(place),
        })
    }

    /// The page at its address.
    pub(super) fn at_its_address(site: &'a Site, client: &'a Client) -> Result<Self, Failure> {
        let address = site.settings.base_url.as_str();
        let from = From::Address(address, client);
        let fail = |why: String| {
            bad_argument(
                format!("the live page cannot be read: {why}"),
                "publish it first; only what is live is told",
            )
        };
        let manifest = from.file(MANIFEST).map_err(fail)?;
        let live = manifest.as_deref().map(Live::parse).transpose();
        let live = live.map_err(|error| fail(format!("{address}{MANIFEST}: {error}")))?;
        Ok(Self {
            now: instant(site, address, live.as_ref())?,
            from,
        })
    }
}

/// The instant of a live page, which must be that of the site.
fn instant(site: &Site, place: &str, live: Option<&Live>) -> Result<Instant, Failure> {
    let Some(live) = live else {
        return Ok(Instant::MIN_UTC);
    };
    let own = site.settings.base_url.as_str();
    if live.base_url != own {
        return Err(bad_argument(
            format!(
                "the page at {place} is for {}, and not for {own}",
                live.base_url
            ),
            "only the site's own page is told of: look at `base_url` and at `[publish] to`",
        ));
    }
    Ok(live.now)
}

impl From<'_> {
    fn file(&self, path: &str) -> Result<Option<Bytes>, String> {
        match self {
            Self::Place(place) => match place.store().read(path) {
                Ok(found) => Ok(found.map(|(bytes, _)| bytes)),
                Err(Refused::Changed) => Ok(None),
                Err(
                    Refused::Unanswered(_, why) | Refused::Failed(why) | Refused::Hindered(_, why),
                ) => Err(format!("`{path}`: {why}")),
            },
            Self::Address(base, client) => {
                // A page is asked as readers ask for it: its last part is the name of a folder.
                let shown = path.strip_suffix("index.html").unwrap_or(path);
                let url = format!("{base}{shown}");
                let limits = Limits {
                    timeout: TIMEOUT,
                    redirects: 5,
                    body: LARGEST,
                    excess: Excess::Refused,
                    networks: Networks::All,
                };
                let request = Request::get(EnvText::new(&url));
                match client.ask(&request, limits, &|_| None) {
                    Ok(answer) if answer.status == 200 => Ok(Some(answer.body.into())),
                    Ok(answer) if matches!(answer.status, 404 | 410) => Ok(None),
                    Ok(answer) => Err(format!("{url}: it answered {}", answer.status)),
                    Err(error) => Err(format!("{url}: {error}")),
                }
            }
        }
    }
}

impl Readable for LiveThere<'_> {
    fn now(&self) -> Instant {
        self.now
    }

    fn file(&self, path: &str) -> Result<Option<Bytes>, String> {
        self.from.file(path)
    }
}
