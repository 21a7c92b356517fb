//! The files that pages refer to: those of the theme, and the logo.

use std::collections::HashSet;

use super::file::Output;
use super::format::{Context, Format, Publish};
use super::pages::Edition;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: None,
    publish: Publish::Site(assets),
    feed: None,
};

fn assets(edition: &Edition<'_>, _: &mut Context<'_>) -> Vec<Output> {
    // A logo may be one picture for light and dark pages, or an asset of the theme too: the same name and content.
    let mut seen = HashSet::new();
    let assets = edition.theme.assets();
    assets
        .filter(|asset| seen.insert((&asset.path, &asset.bytes)))
        .map(|asset| {
            let output = Output::new(asset.path.clone(), asset.bytes.clone());
            match &asset.source {
                Some(source) => output.because_of(source),
                None => output,
            }
        })
        .collect()
}
