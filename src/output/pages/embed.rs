//! The page for a frame in other pages: the headline and what is going on, and no more.

use std::collections::BTreeSet;

use super::claim::{self, Claim};
use super::edition::Edition;
use super::page::{Body, Page};
use super::render::{Rendered, render};
use super::view::{EntryView, FrameClaimView, FrameView};
use super::{headline, list, site_view};
use crate::output::Route;
use crate::status::occurrence::OccurrenceIndex;
use crate::time;

/// The number of incidents that it names at most: a frame does not grow.
const INCIDENTS: usize = 3;

/// The number of maintenances that it names at most.
const MAINTENANCES: usize = 2;

/// The page of an edition, as it is published.
pub(crate) fn page(edition: &Edition<'_>) -> Rendered {
    let site = edition.templates.shared(&site_view::view(edition))?;
    render(edition, &site, &ready(edition), &mut Vec::new())
}

fn ready<'a>(edition: &Edition<'_>) -> Page<'a> {
    let snapshot = &edition.status.snapshot;
    let (incidents, maintenances) = (&snapshot.incidents, &snapshot.maintenances);
    let some_incidents = incidents.iter().take(INCIDENTS);
    let some = some_incidents.chain(maintenances.iter().take(MAINTENANCES));
    let entries = some.map(|index| list::entry(edition, edition.status.occurrence(*index)));
    let entries: Vec<EntryView> = entries.collect();
    let all: BTreeSet<OccurrenceIndex> = incidents.iter().chain(maintenances).copied().collect();
    let headline = headline::view(edition);
    let description = headline::description(edition, &headline);
    let later = claim::claims(edition).into_iter().skip(1);
    let embed = FrameView {
        now: claim_view(claim::of_site(edition)),
        later: later.map(claim_view).collect(),
        detail: match entries.is_empty() {
            true => headline.detail,
            false => String::new(),
        },
        count: match all.len() > entries.len() {
            true => list::counts(edition, &all),
            false => String::new(),
        },
        entries,
    };
    let title = headline.text;
    edition.page(Route::embed, title, description, Body::Embed { embed })
}

fn claim_view(claim: Claim) -> FrameClaimView {
    FrameClaimView {
        from: time::rfc3339(claim.from),
        state: claim.state,
        icon: claim.icon,
        text: claim.text,
        time: claim.time,
    }
}
