//! The status of a post: which of its occurrences is shown, and how much of it is published.

use std::ops::Range;

use super::facts::Facts;
use super::occurrence::{AHEAD, Occurrence, OccurrenceIndex};
use crate::site::post::{Post, PostIndex};
use crate::site::vocabulary::State;
use crate::time::Instant;

/// The status of a post at an instant.
#[derive(Debug)]
pub struct PostStatus {
    /// Its occurrences, as indices into [`SiteStatus::occurrences`](super::SiteStatus::occurrences): more than
    /// one where it is a maintenance that repeats.
    pub occurrences: Range<usize>,
    /// The occurrence that its page shows: the one that is under way, or else the next one, or else the last
    /// one; `None` where it is not published and has no page.
    pub shown: Option<OccurrenceIndex>,
    /// The number of its updates that are published.
    pub published: usize,
    /// When it was last updated or corrected, as far as readers know. Nothing says when what has no update was planned: from
    /// [`AHEAD`] of its begin on it is known to be planned now; `None` before that, and where it is not published.
    pub updated: Option<Instant>,
}

/// The status at `now` of each post of a site with these occurrences.
pub(super) fn posts(facts: Facts<'_>) -> Vec<PostStatus> {
    let Facts {
        site,
        now,
        occurrences,
        ..
    } = facts;
    let mut start = 0;
    let posts = (0..site.posts.len()).map(|post| {
        let left = &occurrences[start..];
        let count = left.partition_point(|it| it.post <= PostIndex(post));
        let of_post = start..start + count;
        start = of_post.end;
        let shown = shown(occurrences, of_post.clone());
        let published = (occurrences[of_post.clone()].iter())
            .map(|occurrence| occurrence.course.published)
            .sum();
        let last = site.posts[post].updates[..published].last();
        let told = match (last, occurrences.get(of_post.start)) {
            (Some(update), _) => Some(update.at),
            (None, first) => first.and_then(|first| announced(first, now)),
        };
        PostStatus {
            shown,
            published,
            updated: shown.and_then(|_| told.max(corrected(&site.posts[post], now))),
            occurrences: of_post,
        }
    });
    posts.collect()
}

/// The instant at which readers were last told of a correction; `None` where they were not.
fn corrected(post: &Post, now: Instant) -> Option<Instant> {
    let corrections = post.corrections.iter().map(|correction| correction.at);
    corrections.filter(|at| *at <= now).max()
}

/// The newest instant that is known of a post without an update, by its first occurrence: its begin, or `now` where
/// that is still to come; `None` where it is further than [`AHEAD`].
fn announced(first: &Occurrence, now: Instant) -> Option<Instant> {
    let begins = first.course.start;
    (begins - AHEAD <= now).then_some(begins.min(now))
}

/// The occurrence that the page of a post shows.
fn shown(occurrences: &[Occurrence], of_post: Range<usize>) -> Option<OccurrenceIndex> {
    let published = || {
        of_post
            .clone()
            .filter(|it| occurrences[*it].course.is_published)
    };
    let is_open = |index: &usize| occurrences[*index].course.is_open;
    let is_to_come = |index: &usize| occurrences[*index].course.state == Some(State::Scheduled);
    published()
        .find(is_open)
        .or_else(|| published().find(is_to_come))
        .or_else(|| published().next_back())
        .map(OccurrenceIndex)
}

#[cfg(test)]
mod tests;
