//! The files of `static/`, published at the root as they are.

use super::file::Output;
use super::format::{Context, Format, Publish};
use super::pages::Edition;
use crate::source::{Attachment, STATIC};

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: None,
    publish: Publish::Site(statics),
    feed: None,
};

fn statics(edition: &Edition<'_>, _: &mut Context<'_>) -> Vec<Output> {
    let files = edition.statics.iter();
    let copies = files.filter_map(|Attachment { path, bytes }| {
        let inside = path.strip_prefix(STATIC).ok()?;
        Some(Output::new(inside, bytes.clone()).because_of(path))
    });
    copies.collect()
}

/// Whether the site has a file of its own for a path in the output, which then takes the place of allclear's.
pub(super) fn has(edition: &Edition<'_>, path: &str) -> bool {
    let mut files = edition.statics.iter();
    files.any(|file| file.path.strip_prefix(STATIC).is_ok_and(|own| own == path))
}
