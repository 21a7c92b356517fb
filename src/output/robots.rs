//! What programs that collect pages may read (RFC 9309): all of it.
//!
//! They may where search engines shall not keep the pages, too: only who reads a page finds the `noindex` in it.

use super::file::Output;
use super::format::{Format, Publish};
use super::pages::Edition;
use super::{sitemap, statics};
use crate::site::vocabulary::FormatName;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: Some(FormatName::Robots),
    publish: Publish::Site(|edition, _| robots(edition)),
    feed: None,
};

/// Its path, which is also that of one that a site has itself.
const NAME: &str = "robots.txt";

fn robots(edition: &Edition<'_>) -> Vec<Output> {
    if statics::has(edition, NAME) {
        return Vec::new();
    }
    let mut text = "User-agent: *\nAllow: /\n".to_owned();
    if let Some(address) = sitemap::address(edition) {
        text.push_str(&format!("\nSitemap: {address}\n"));
    }
    vec![Output::new(NAME, text)]
}
