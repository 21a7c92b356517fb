//! The component states that were observed, `evidence/states.jsonl`: in the form of a site's evidence, so that anybody
//! can compute the page again from it, and a build on an empty disk goes on where the last one stopped.
//!
//! It says no more than the page itself does: the states and the names of sources, and an operator's reason and end.

use super::file::Output;
use super::format::{Context, Format, Publish};
use super::pages::Edition;
use crate::site::edit;
use crate::site::edit::states::NamedObservation;
use crate::site::observation::{Observation, Source};
use crate::status::shortest;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: None,
    publish: Publish::Site(states),
    feed: None,
};

/// Its path from the output folder.
const PATH: &str = "evidence/states.jsonl";

fn states(edition: &Edition<'_>, _: &mut Context<'_>) -> Vec<Output> {
    let site = edition.site;
    if !site.settings.build.publishes_evidence {
        return Vec::new();
    }
    let records = shortest(site, edition.status.now());
    let mut text = String::new();
    for (source, observations) in site.sources.iter().zip(&records) {
        for observation in observations {
            text.push_str(&line(edition, source, observation));
        }
    }
    match text.is_empty() {
        // A site without evidence has none to publish.
        true => Vec::new(),
        false => vec![Output::new(PATH, text)],
    }
}

fn line(edition: &Edition<'_>, source: &Source, seen: &Observation) -> String {
    edit::states::line(NamedObservation {
        source: &source.name,
        component: &edition.site.components[seen.component.0].id,
        seen,
    })
}
