//! The next change that comes by itself: the instant at which a build of the same files says something else.
//!
//! [`Forecast`](super::Forecast) tells readers only what may be worse. Whoever builds again needs all of it: a window that
//! closes, a silence that ends, an update that is dated ahead.

use super::SiteStatus;
use crate::site::Site;
use crate::site::post::{Kind, Post};
use crate::time::Instant;

impl SiteStatus {
    /// The first instant after this one at which a build of the same files says something else, beside how long ago things
    /// were; `None` where nothing is to come. It may be too early, and then nothing is other.
    pub fn next_change(&self, site: &Site) -> Option<Instant> {
        let now = self.now();
        let headlines = self.forecast.headlines.iter().map(|(at, _)| *at);
        let windows = self.occurrences.iter().flat_map(|occurrence| {
            let window = occurrence.window;
            let window = window.map(|it| [it.starts(), it.ends()]);
            let begun = [occurrence.next, occurrence.course.next_update];
            window
                .into_iter()
                .flatten()
                .chain(begun.into_iter().flatten())
        });
        let silences = site.sources.iter().flat_map(|source| &source.silences);
        let silences = silences.flat_map(|silence| [silence.from, silence.until]);
        let operators = self.snapshot.components.iter();
        let operators = operators.filter_map(|component| Some(component.operator.as_ref()?.until));
        let regions = self.snapshot.components.iter().flat_map(|component| {
            let held = component.regions.iter().map(|it| it.valid_until);
            held.chain([component.confined.and_then(|it| it.until)])
        });
        let signals = self.signals.iter().filter_map(|signal| signal.valid_until);
        let all = (headlines.chain(self.forecast.first_change))
            .chain(windows)
            .chain(silences)
            .chain(operators)
            .chain(regions.flatten())
            .chain(signals)
            .chain(site.posts.iter().flat_map(|post| said(post)));
        all.filter(|at| now < *at).min()
    }
}

/// The instants that a post speaks of.
fn said(post: &Post) -> impl Iterator<Item = Instant> {
    let of_kind = match &post.kind {
        Kind::Incident(incident) => [Some(incident.started), incident.detected, incident.ended],
        Kind::Maintenance(maintenance) => [maintenance.first_update, None, None],
        Kind::Notice(notice) => [Some(notice.starts), notice.ends, None],
    };
    let updates = post.updates.iter().flat_map(|it| [Some(it.at), it.next]);
    let corrections = post.corrections.iter().map(|it| Some(it.at));
    of_kind
        .into_iter()
        .chain(updates)
        .chain(corrections)
        .flatten()
}
