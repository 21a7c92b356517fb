//! What a command that writes an incident file prints: what the page will say.

use allclear::output::summary;
use allclear::site::Site;
use allclear::status::SiteStatus;
use allclear::time::Instant;
use camino::Utf8Path;

/// The message that a file was written, and what the page will say.
pub(crate) fn news(path: &Utf8Path, site: &Site, now: Instant) -> String {
    let status = SiteStatus::new(site, now);
    let summary = summary::summary(site, &status);
    format!(
        "Wrote {path}. Once it is built, the page will say:\n\n{}",
        summary::human::text(&summary)
    )
}
