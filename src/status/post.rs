//! The status of a post: which of its occurrences is shown, and how much of it is published.

use std::ops::Range;

use super::facts::Facts;
use super::occurrence::{Occurrence, OccurrenceIndex};
use crate::site::post::PostIndex;
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
    /// When readers first knew of it; `None` where it is not published, and of a plan without an update that is still far.
    pub announced: Option<Instant>,
    /// When anything of it last changed: by an update or a correction, or by the clock; `None` where readers do not know of it
    /// yet.
    pub updated: Option<Instant>,
}

/// The status at `now` of each post of a site with these occurrences.
pub(super) fn posts(facts: Facts<'_>) -> Vec<PostStatus> {
    let Facts {
        site, occurrences, ..
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
        // A window of a maintenance that repeats becomes known later than the rule.
        let first_update = site.posts[post].updates[..published].first();
        let first_window = || {
            occurrences[of_post.clone()]
                .iter()
                .filter_map(|it| it.announced)
        };
        let announced = match first_update {
            Some(update) => Some(update.at),
            None => first_window().min(),
        };
        let changed = occurrences[of_post.clone()].iter().map(|it| it.changed);
        PostStatus {
            shown,
            published,
            announced,
            updated: announced.max(changed.max().flatten()),
            occurrences: of_post,
        }
    });
    posts.collect()
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
