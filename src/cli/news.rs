//! What a command that writes an incident file prints: what the page will say.

use allclear::locale::LanguageIndex;
use allclear::output::summary;
use allclear::site::Site;
use allclear::site::post::Kind;
use allclear::status::SiteStatus;
use allclear::time::{Instant, rfc3339};
use camino::Utf8Path;

/// The message that a file was written, and what the page will say.
pub(crate) fn news(path: &Utf8Path, site: &Site, now: Instant) -> String {
    let status = SiteStatus::new(site, now);
    let summary = summary::summary(site, &status);
    format!(
        "Wrote {path}. Once it is built, the page will say:\n\n{}{}",
        summary::human::text(&summary),
        notices(site, &status)
    )
}

/// The notices that are shown or will be, as a section of the summary.
fn notices(site: &Site, status: &SiteStatus) -> String {
    let mut lines = String::new();
    for post in &site.posts {
        let Kind::Notice(notice) = &post.kind else {
            continue;
        };
        if notice.ends.is_some_and(|ends| ends <= status.now()) {
            continue;
        }
        let (title, _) = post.title.get(LanguageIndex::DEFAULT);
        let ends = notice.ends.map(|ends| format!(" to {}", rfc3339(ends)));
        lines.push_str(&format!(
            "  {title}\n    {}: shown from {}{}\n",
            post.slug,
            rfc3339(notice.starts),
            ends.unwrap_or_default()
        ));
    }
    match lines.is_empty() {
        true => lines,
        false => format!("\nNotices\n{lines}"),
    }
}
