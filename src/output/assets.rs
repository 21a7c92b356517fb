//! The files that pages refer to: those of the theme, and the logo.

use super::file::Output;
use super::format::{Context, Format, Scope};
use super::pages::Edition;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    scope: Scope::Site,
    publish: assets,
    feed: None,
};

fn assets(edition: &Edition<'_>, _: &mut Context<'_>) -> Vec<Output> {
    let assets = edition.theme.assets();
    assets
        .map(|asset| Output::new(asset.path.clone(), asset.bytes.clone()))
        .collect()
}
