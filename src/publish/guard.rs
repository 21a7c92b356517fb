//! A look at the live page right before a host that deploys by itself puts a build in its place.
//!
//! It is a check, not a lock: between it and the deployment another one may take place. But what goes wrong most often, a
//! slow pipeline that ends after a later one, it stops.

use super::Again;
use super::failure::Failure;
use super::live::{self, Live};
use super::page::{Copies, LARGEST_MANIFEST, LivePage, body, refusal};
use super::refusal::{IsBehind, IsThere, refuse};
use crate::fetch::FetchError;
use crate::time::Instant;

/// What a live page has against a build that is not newer than it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guarded {
    /// Nothing: it is of this instant, which is no later one.
    Older(Instant),
    /// Nothing: there is none, in words. So it is before the first deployment.
    NoPage(String),
}

/// Why a build should not be deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// The live page is newer, or another site's.
    Refused(Failure),
    /// Nothing is known of the live page, in words.
    Unasked(String),
}

/// Compares a build, by its manifest, with the page that is live.
///
/// It is asked for twice, as everybody gets it and past whatever keeps copies: both have to allow the build. What is missing
/// may be a copy as well.
///
/// # Errors
///
/// Where the live page is newer than the build, of a commit that the build's files do not have, or another site's, and where
/// it is not known what is there.
pub fn guard(
    page: LivePage<'_>,
    manifest: &[u8],
    is_behind: IsBehind<'_>,
) -> Result<Guarded, Stopped> {
    let refused = Stopped::Refused;
    let build = Live::parse(manifest).map_err(|_| refused(Failure::NoManifest))?;
    let look = |copies| match ask(page, copies)? {
        Found::Nothing(why) => Ok(Guarded::NoPage(why)),
        Found::Page(live) => {
            refuse(&build, Some(&live), IsThere::Yes, Again::Keep, is_behind).map_err(refused)?;
            Ok(Guarded::Older(live.now))
        }
    };
    Ok(match (look(Copies::Allowed)?, look(Copies::Avoided)?) {
        (Guarded::Older(one), Guarded::Older(other)) => Guarded::Older(one.max(other)),
        (older @ Guarded::Older(_), Guarded::NoPage(_)) => older,
        (Guarded::NoPage(_), found) => found,
    })
}

/// What is where the live manifest belongs.
enum Found {
    Page(Box<Live>),
    /// Nothing for certain, in words.
    Nothing(String),
}

fn ask(page: LivePage<'_>, copies: Copies) -> Result<Found, Stopped> {
    let address = format!("{}{}", page.url, live::PATH);
    let unasked = |why: String| Err(Stopped::Unasked(why));
    let answer = match page.ask(live::PATH, copies, LARGEST_MANIFEST) {
        Ok(answer) => answer,
        // A page that has no name yet is none that readers could lose. What a redirect leads to may be a log-in in front of one.
        Err(error @ FetchError::UnknownHost) if page.is_nowhere() => {
            return Ok(Found::Nothing(format!("{address} cannot be had: {error}")));
        }
        Err(error) => return unasked(format!("{address} cannot be had: {error}")),
    };
    match answer.status {
        200 => {}
        404 | 410 => {
            let why = format!("there is no page: {address} is not there");
            return Ok(Found::Nothing(why));
        }
        status => return unasked(refusal(&address, status)),
    }
    let live = body(answer, LARGEST_MANIFEST).and_then(|bytes| Live::parse(&bytes).ok());
    match live {
        Some(live) => Ok(Found::Page(Box::new(live))),
        None => unasked(format!(
            "{address} is not the `build.json` of a page that allclear has made"
        )),
    }
}
