//! The component states that were observed, `evidence/states.jsonl`: in the form of a site's evidence, so that anybody
//! can compute the page again from it, and a build on an empty disk goes on where the last one stopped.
//!
//! It says no more than the page itself does: the states and the names of sources, and an operator's reason and end.

use chrono::SecondsFormat;
use serde::Serialize;

use super::file::Output;
use super::format::{Context, Format, Publish};
use super::pages::Edition;
use crate::characters::escaped_json;
use crate::site::Site;
use crate::site::observation::{Observation, Source};
use crate::site::vocabulary::Word as _;
use crate::status::shortest;
use crate::time::Instant;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: None,
    publish: Publish::Site(states),
    feed: None,
};

/// Its path from the output folder.
const PATH: &str = "evidence/states.jsonl";

/// A line, with the keys of a site's evidence.
#[derive(Serialize)]
struct StateLine<'a> {
    component: &'a str,
    status: &'static str,
    from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

fn states(edition: &Edition<'_>, _: &mut Context<'_>) -> Vec<Output> {
    let site = edition.site;
    if !site.settings.build.publishes_evidence {
        return Vec::new();
    }
    let records = shortest(site, edition.status.now());
    let mut text = String::new();
    for (source, observations) in site.sources.iter().zip(&records) {
        for observation in observations {
            let line = line(edition, source, observation);
            // A struct of texts always has a JSON form.
            text.push_str(&serde_json::to_string(&line).unwrap_or_default());
            text.push('\n');
        }
    }
    match text.is_empty() {
        // A site without evidence has none to publish.
        true => Vec::new(),
        false => vec![Output::new(PATH, escaped_json(text))],
    }
}

fn line<'a>(edition: &Edition<'a>, source: &'a Source, seen: &'a Observation) -> StateLine<'a> {
    let site: &'a Site = edition.site;
    let claim = seen.claim.as_deref();
    StateLine {
        component: &site.components[seen.component.0].id,
        status: seen.status.as_str(),
        from: exact(seen.from),
        to: (seen.to != seen.from).then(|| exact(seen.to)),
        source: &source.name,
        reason: claim.map(|claim| edition.own(&claim.reason)),
        until: claim.map(|claim| exact(claim.until)),
    }
}

/// An instant, to the fraction of a second that it was observed at.
fn exact(instant: Instant) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
