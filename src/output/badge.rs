//! Badges: what the page says of the site or of a component as one small picture, and as JSON for programs that draw
//! badges themselves.
//!
//! A picture on another page has no script and is kept for long, so it carries the time of its claim as text.

use serde::Serialize;

use self::look::{Colors, colors};
use super::file::Output;
use super::format::{Format, Publish};
use super::pages::Edition;
use super::pages::claim::{self, Claim};
use super::route::Route;
use crate::site::component::ComponentIndex;
use crate::site::vocabulary::FormatName;

pub(super) mod look;
mod picture;
mod width;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: Some(FormatName::Badges),
    publish: Publish::Language(|edition, _| badges(edition)),
    feed: None,
};

/// The least time for which programs that draw badges keep an answer, in seconds: they take no less.
const KEPT: u32 = 300;

/// The badge as an endpoint of shields.io says it. Programs refuse keys that they do not know.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint<'a> {
    schema_version: u8,
    label: &'a str,
    message: String,
    color: &'a str,
    /// Nobody may paint what is wrong, or not confirmed, in another colour.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_error: bool,
    cache_seconds: u32,
}

/// The badges of the site and of each component.
fn badges(edition: &Edition<'_>) -> Vec<Output> {
    let site = edition.site;
    let title = edition.own(&site.settings.title);
    let mut outputs = Vec::with_capacity(2 + 2 * site.components.len());
    outputs.extend(badge(edition, title, None, &claim::of_site(edition)));
    for (at, component) in site.components.iter().enumerate() {
        let claim = claim::of_component(edition, ComponentIndex(at));
        let name = edition.own(&component.name);
        outputs.extend(badge(edition, name, Some(&component.id), &claim));
    }
    outputs
}

/// The two files of a badge: about a component, or about the site where no id of one is given.
fn badge(edition: &Edition<'_>, name: &str, component: Option<&str>, claim: &Claim) -> [Output; 2] {
    let picture = picture::picture(name, claim, edition.locale);
    let prefix = edition.prefix();
    [
        Output::new(Route::badge(prefix, component).file(), picture),
        Output::new(
            Route::badge_data(prefix, component).file(),
            endpoint(name, claim),
        ),
    ]
}

fn endpoint(name: &str, claim: &Claim) -> Vec<u8> {
    let Colors { light, .. } = colors(claim.state);
    let endpoint = Endpoint {
        schema_version: 1,
        label: &width::shortened(name, width::Pixels(400.0), picture::LABEL),
        message: format!("{} · {}", claim.text, claim.time),
        color: light,
        is_error: look::is_trouble(claim.state),
        cache_seconds: KEPT,
    };
    // Texts and numbers are always JSON.
    serde_json::to_vec(&endpoint).unwrap_or_default()
}
