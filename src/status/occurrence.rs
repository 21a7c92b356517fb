//! Maintenances that take place again and again: each time is a maintenance of its own.
//!
//! A file says once what happens every week. What a page says of it (is it under way, how long did it take,
//! was it called off?) is said of one time, an *occurrence*. So before anything is derived from a site, each
//! such maintenance is replaced by its occurrences, and nothing after that need know of rules.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::site::Site;
use crate::site::post::{Kind, Post};
use crate::site::update::{State, Update};
use crate::time::{Instant, Recurrence, Window};

/// How far ahead the occurrences of a maintenance are shown; one more where there is none in that time.
pub const AHEAD: TimeDelta = TimeDelta::days(60);

/// The site at `now`, in which a maintenance that repeats stands once for each of its occurrences, up to
/// [`AHEAD`], one after the other.
#[must_use]
pub fn expanded(site: Site, now: Instant) -> Site {
    let mut incidents = Vec::with_capacity(site.posts.len());
    for incident in site.posts {
        match repeat(&incident) {
            Some(_) => incidents.extend(occurrences(&incident, now)),
            None => incidents.push(incident),
        }
    }
    Site {
        posts: incidents,
        ..site
    }
}

/// The rule by which it takes place again.
fn repeat(post: &Post) -> Option<&Recurrence> {
    post.maintenance()?.repeat.as_deref()
}

/// The occurrences of a maintenance that repeats, soonest first; anything else takes place once.
pub fn occurrences(post: &Arc<Post>, now: Instant) -> Vec<Arc<Post>> {
    let Some(repeat) = repeat(post) else {
        return vec![Arc::clone(post)];
    };
    let mut windows = Vec::new();
    for window in repeat.windows() {
        if windows
            .last()
            .is_some_and(|last: &Window| now < last.starts())
            && now + AHEAD < window.starts()
        {
            break;
        }
        windows.push(window);
    }
    let of_each = by_window(&windows, &post.updates);
    let next = windows.iter().skip(1).map(|window| Some(window.starts()));
    let next: Vec<Option<Instant>> = next.chain([None]).collect();
    (windows.into_iter().zip(next).zip(of_each))
        .map(|((window, next), updates)| {
            let mut occurrence = Post {
                updates: updates.to_vec(),
                ..Post::clone(post)
            };
            if let Kind::Maintenance(maintenance) = &mut occurrence.kind {
                maintenance.window = window;
                maintenance.next = next;
            }
            Arc::new(occurrence)
        })
        .collect()
}

/// Updates, oldest first, by the window of which they speak; what comes before word of a window speaks of no
/// later one.
fn by_window<'a>(windows: &[Window], updates: &'a [Update]) -> Vec<&'a [Update]> {
    let mut spoken_of: Vec<usize> = (updates.iter())
        .map(|update| window_of(windows, update))
        .collect();
    for at in (1..spoken_of.len()).rev() {
        spoken_of[at - 1] = spoken_of[at - 1].min(spoken_of[at]);
    }
    let start = |window: usize| spoken_of.partition_point(|of| *of < window);
    (0..windows.len())
        .map(|window| &updates[start(window)..start(window + 1)])
        .collect()
}

/// Which window an update speaks of. Between two, what plans or calls off speaks of the next one, what ends or
/// verifies of the last one, and anything else of the nearer one.
fn window_of(windows: &[Window], update: &Update) -> usize {
    let next = windows.partition_point(|window| window.starts() <= update.at);
    let Some(last) = next.checked_sub(1) else {
        return 0;
    };
    let Some(coming) = windows.get(next) else {
        return last;
    };
    let ended = windows[last].ends();
    if update.at < ended {
        return last;
    }
    match update.state {
        State::Scheduled | State::Cancelled => next,
        State::Verifying | State::Completed => last,
        _ if coming.starts() - update.at < update.at - ended => next,
        _ => last,
    }
}

#[cfg(test)]
mod tests;
