//! What a build may not replace.

use super::failure::Failure;
use super::live::Live;

/// What is done where the live page is newer than the build, or is another site's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It stays.
    Keep,
    /// It is replaced all the same.
    Replace,
}

/// Whether files are as they were before a commit. A build of such files is of a later instant than the live page, and says
/// less than it.
pub type IsBehind<'a> = &'a (dyn Fn(&str) -> bool + Sync);

/// Refuses to replace a newer page, and what is not this site's; `is_there` says whether something is at `build.json`, be
/// it a manifest or not.
pub(super) fn refuse(
    build: &Live,
    live: Option<&Live>,
    is_there: IsThere,
    again: Again,
    is_behind: IsBehind<'_>,
) -> Result<(), Failure> {
    if again == Again::Replace {
        return Ok(());
    }
    match live {
        None if is_there == IsThere::Yes => Err(Failure::Foreign),
        Some(live) if live.base_url != build.base_url => Err(Failure::OtherSite {
            live: live.base_url.clone(),
            build: build.base_url.clone(),
        }),
        Some(live) if is_newer(live, build) => Err(Failure::Newer {
            live: live.now,
            build: build.now,
        }),
        Some(Live {
            commit: Some(commit),
            ..
        }) if build.commit.is_some() && is_behind(commit) => Err(Failure::Behind {
            live: commit.clone(),
        }),
        _ => Ok(()),
    }
}

/// Whether a live page is newer than a build. Of two that are published at the same time, for the same instant, one is
/// newer for both publishers: else they would take turns.
fn is_newer(live: &Live, build: &Live) -> bool {
    let is_of_same_instant = live.now == build.now && live.unsettled.is_some();
    live.now > build.now || is_of_same_instant && live.identity() > build.identity()
}

/// Whether something is where the manifest belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IsThere {
    Yes,
    No,
}
