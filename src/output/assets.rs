//! The files that pages refer to: those of the theme, and the logo; and the icon that programs ask for.

use std::collections::HashSet;

use super::file::Output;
use super::format::{Context, Format, Publish};
use super::pages::{Edition, unused_pictures};
use super::statics;
use crate::theme::Asset;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: None,
    publish: Publish::Site(assets),
    feed: None,
};

/// The icon that browsers and feed readers ask for at the root, whatever pages say.
///
/// They keep it for weeks, so it stands for the page and for no state: a green one would still be there in an outage.
const ICON: &str = "favicon.ico";

/// What only pages with the form for reports refer to. One of the site's own theme may be for more.
const FORM: [&str; 2] = ["report.css", "report.js"];

fn assets(edition: &Edition<'_>, _: &mut Context<'_>) -> Vec<Output> {
    // A logo may be one picture for light and dark pages, or an asset of the theme too: the same name and content.
    let mut seen = HashSet::new();
    let icon = edition.theme.asset(ICON);
    let mut elsewhere = unused_pictures(edition);
    elsewhere.extend(icon);
    let assets = edition.theme.assets();
    if edition.site.settings.reports.is_none() {
        let form = FORM.iter().filter_map(|name| edition.theme.asset(name));
        elsewhere.extend(form.filter(|it| it.source.is_none()));
    }
    let assets = assets.filter(|asset| !elsewhere.iter().any(|it| it.path == asset.path));
    let mut outputs: Vec<Output> = assets
        .filter(|asset| seen.insert((&asset.path, &asset.bytes)))
        .map(|asset| output(asset.path.as_str(), asset))
        .collect();
    if !statics::has(edition, ICON) {
        outputs.extend(icon.map(|asset| output(ICON, asset)));
    }
    outputs
}

/// An asset as it is published at a path.
fn output(path: &str, asset: &Asset) -> Output {
    let output = Output::new(path, asset.bytes.clone());
    match &asset.source {
        Some(source) => output.because_of(source),
        None => output,
    }
}
