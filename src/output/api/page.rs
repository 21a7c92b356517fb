//! The page and its headline.

use std::collections::BTreeSet;

use serde::Serialize;

use super::subject::Subject;
use super::words;
use crate::site::vocabulary::Word as _;
use crate::time::Instant;

/// The page, with which each document begins.
#[derive(Debug, Serialize)]
pub(super) struct Page<'a> {
    id: &'a str,
    name: &'a str,
    url: &'a str,
    time_zone: &'static str,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    allclear: Option<PageClaims>,
}

/// What Statuspage's API has no place for: the exact state, and how long it holds.
#[derive(Debug, Serialize)]
struct PageClaims {
    state: &'static str,
    valid_until: Option<String>,
    built_at: String,
    evidence: PageEvidence,
}

/// The evidence that the page rests on.
#[derive(Debug, Serialize)]
struct PageEvidence {
    /// The number of components.
    components: usize,
    /// The number of those that fresh evidence covers.
    confirmed: usize,
    /// The number of sources.
    sources: usize,
}

/// The top-level status.
#[derive(Debug, Serialize)]
pub(super) struct Status {
    indicator: &'static str,
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
