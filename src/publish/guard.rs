//! A look at the live page right before a host that deploys by itself puts a build in its place.
//!
//! It is a check, not a lock: between it and the deployment another one may take place. But what goes wrong most often, a
//! slow pipeline that ends after a later one, it stops.

use super::Again;
use super::failure::Failure;
use super::live::{self, Live};
use super::page::{Copies, LARGEST_MANIFEST, LivePage, body};
use super::refusal::{IsThere, refuse};
use crate::fetch::{Answer, FetchError};
use crate::time::Instant;

/// What a live page has against a build that is not newer than it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guarded {
    /// Nothing: it is of this instant, which is no later one.
    Older(Instant),
    /// Nothing is known, in words: there is no page, or none that allclear has made. So it is before the first deployment.
    NoPage(String),
}

/// Why a build should not be deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// The live page is newer, or another site's.
    Refused(Failure),
    /// The live page could not be asked, in words, though it seems to be there.
    Unasked(String),
}

/// Compares a build, by its manifest, with the page that is live.
///
/// # Errors
///
/// Where the live page is newer than the build or another site's, and where it is there and cannot be asked.
pub fn guard(page: LivePage<'_>, manifest: &[u8]) -> Result<Guarded, Stopped> {
    let refused = Stopped::Refused;
    let build = Live::parse(manifest).map_err(|_| refused(Failure::NoManifest))?;
    let mut found = ask(page, Copies::Allowed)?;
    if let Ok((live, age)) = &found
        && *age > 0
        && live.now <= build.now
    {
        // It is a copy, and the page itself may be newer.
        if let Ok(Ok(newer)) = ask(page, Copies::Avoided) {
            found = Ok(newer);
        }
    }
    match found {
        Ok((live, _)) => {
            refuse(&build, Some(&live), IsThere::Yes, Again::Keep).map_err(refused)?;
            Ok(Guarded::Older(live.now))
        }
        Err(why) => Ok(Guarded::NoPage(why)),
    }
}

/// The live manifest with its age in seconds, where somebody has kept a copy; else why there is none.
fn ask(page: LivePage<'_>, copies: Copies) -> Result<Result<(Live, u64), String>, Stopped> {
    let address = format!("{}{}", page.url, live::PATH);
    let answer = match page.ask(live::PATH, copies, LARGEST_MANIFEST) {
        Ok(answer) => answer,
        // A page that nobody can reach is none that readers could lose.
        Err(error @ (FetchError::UnknownHost | FetchError::Connection(_) | FetchError::Tls(_))) => {
            return Ok(Err(format!("{address} cannot be had: {error}")));
        }
        Err(error) => return Err(Stopped::Unasked(format!("{address}: {error}"))),
    };
    match answer.status {
        200 => {}
        404 | 410 => return Ok(Err(format!("there is no page: {address} is not there"))),
        401 | 403 => return Ok(Err(format!("{address} may not be seen by everybody"))),
        status => {
            let why = format!("{address} answers with status {status}");
            return Err(Stopped::Unasked(why));
        }
    }
    let age = age(&answer);
    let live = body(answer, LARGEST_MANIFEST).and_then(|bytes| Live::parse(&bytes).ok());
    Ok(match live {
        Some(live) => Ok((live, age)),
        None => Err(format!(
            "{address} is not the `build.json` of a page that allclear has made"
        )),
    })
}

fn age(answer: &Answer) -> u64 {
    let age = answer.header("age").and_then(|age| age.trim().parse().ok());
    age.unwrap_or(0)
}
