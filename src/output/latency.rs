//! The latency of probes, `evidence/latency/SOURCE.csv`: in the form of a site's evidence and thinned as old rows of it
//! are, so that a build on an empty disk goes on where the last one stopped.
//!
//! It says no more than the component states beside it: what is not believed is left out.

use super::file::Output;
use super::format::{Context, Format, Publish};
use super::pages::Edition;
use crate::site::Site;
use crate::site::edit::latency::{LatencyRow, text, thin};
use crate::site::latency::{LATENCY, LatencySource};
use crate::time::Instant;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: None,
    publish: Publish::Site(latency),
    feed: None,
};

fn latency(edition: &Edition<'_>, _: &mut Context<'_>) -> Vec<Output> {
    let site = edition.site;
    if !site.settings.build.publishes_evidence {
        return Vec::new();
    }
    let now = edition.status.now();
    let sources = site.latency.iter();
    let files = sources.filter_map(|source| {
        let rows = known(site, source, now);
        let path = format!("{LATENCY}/{}.csv", source.name);
        (!rows.is_empty()).then(|| Output::new(path, text(&rows)))
    });
    files.collect()
}

/// The rows of a source that are known at `now`.
fn known<'a>(site: &'a Site, source: &LatencySource, now: Instant) -> Vec<LatencyRow<'a>> {
    let rows = source.samples.iter().filter(|it| it.at <= now);
    let rows = rows.map(|it| LatencyRow {
        at: it.at,
        component: &site.components[it.component.0].id,
        milliseconds: it.milliseconds,
    });
    thin(rows.collect(), now)
}
