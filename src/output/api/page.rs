//! The page and its headline.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::subject::Subject;
use super::words;
use crate::site::vocabulary::Word as _;
use crate::time::Instant;

/// The page, with which each document begins.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Page<'a> {
    /// The id, made of the address.
    id: &'a str,
    /// The title in the site's first language.
    name: &'a str,
    /// The address, without a slash at its end.
    url: &'a str,
    /// The site's time zone, an IANA name. All instants are written in it.
    time_zone: &'static str,
    /// The instant at which anything that the document tells last changed.
    updated_at: String,
    /// What Statuspage's API has no place for; absent in documents about the past, which are the same in every build.
    #[serde(skip_serializing_if = "Option::is_none")]
    allclear: Option<PageClaims>,
}

/// The exact state of the page, and how long it holds.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PageAllclear")]
struct PageClaims {
    /// The state of the headline, as in `status --format json`.
    state: &'static str,
    /// The instant after which nothing is known to be well; null where the headline claims nothing that runs out.
    valid_until: Option<String>,
    /// The id of the region to which all that is bad is confined, in a list of one; empty where it is not confined to one,
    /// and absent where the site has no regions.
    #[serde(skip_serializing_if = "Option::is_none")]
    regions: Option<Vec<String>>,
    /// The instant of the build.
    built_at: String,
    /// The evidence that it rests on.
    evidence: PageEvidence,
}

/// The evidence that the page rests on.
#[derive(Debug, Serialize, JsonSchema)]
struct PageEvidence {
    /// The number of components.
    components: usize,
    /// The number of those that fresh evidence covers.
    confirmed: usize,
    /// The number of sources.
    sources: usize,
}

/// The headline.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Headline")]
pub(super) struct Status {
    /// `none`, `minor`, `major` or `critical`; also `maintenance` with `[api] maintenance_indicator`.
    indicator: &'static str,
    /// The headline in Statuspage's words, by which clients know it: `All Systems Operational`; in ours in English where
    /// Statuspage has none. It has no time in it.
    description: String,
}

impl<'a> Page<'a> {
    /// The page in a document about the present.
    pub(super) fn now(subject: &'a Subject<'a>, updated: Instant) -> Self {
        let status = subject.edition.status;
        let headline = &status.snapshot.headline;
        let components = &status.snapshot.components;
        let evidence = components.iter().filter_map(|it| it.evidence.as_ref());
        let sources: BTreeSet<_> = evidence.flat_map(|it| &it.sources).collect();
        Self {
            allclear: Some(PageClaims {
                state: headline.state.as_str(),
                valid_until: headline.valid_until.map(|at| subject.stamp(at)),
                regions: subject.region_ids(headline.region.as_slice()),
                built_at: subject.stamp(status.now()),
                evidence: PageEvidence {
                    components: components.len(),
                    confirmed: headline.confirmed,
                    sources: sources.len(),
                },
            }),
            ..Self::then(subject, updated)
        }
    }

    /// The page in a document about the past, which claims nothing of the present: it is the same in the next build.
    pub(super) fn then(subject: &'a Subject<'a>, updated: Instant) -> Self {
        let settings = &subject.edition.site.settings;
        Self {
            id: &subject.page_id,
            name: subject.text(&settings.title),
            url: subject.url(),
            time_zone: settings.time_zone.name(),
            updated_at: subject.stamp(updated),
            allclear: None,
        }
    }
}

impl Status {
    /// The status of the site.
    pub(super) fn new(subject: &Subject<'_>) -> Self {
        let (site, status) = (subject.edition.site, subject.edition.status);
        Self {
            indicator: words::indicator(site, status.snapshot.headline.state),
            description: words::description(site, status),
        }
    }
}
