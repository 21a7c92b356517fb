//! The times that posts take place: one of each post, but of a maintenance that repeats one for each window.
//!
//! A file says once what happens every week. What a page says of it (is it under way, how long did it take,
//! was it called off?) is said of one time, an *occurrence*. Everything that follows from a site is computed
//! of occurrences, and nothing else in the room knows of rules.

use std::ops::Range;

use chrono::TimeDelta;
use rayon::iter::{
    IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _,
};

use super::course::{Course, Statement};
use crate::site::Site;
use crate::site::post::{Kind, Maintenance, Post, PostIndex};
use crate::site::update::Update;
use crate::site::vocabulary::State;
use crate::time::{Instant, Recurrence, Window};

/// How far ahead the occurrences of a maintenance are shown; one more where there is none in that time.
pub const AHEAD: TimeDelta = TimeDelta::days(60);

/// An occurrence, as its index in [`SiteStatus::occurrences`](super::SiteStatus::occurrences); it always exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OccurrenceIndex(pub usize);

/// One time that a post takes place, and its course so far.
#[derive(Debug)]
pub struct Occurrence {
    /// The post.
    pub post: PostIndex,
    /// When it takes place, of a maintenance.
    pub window: Option<Window>,
    /// When it takes place the next time, of a maintenance that repeats.
    pub next: Option<Instant>,
    /// The published updates that speak of it, as indices into [`Post::updates`].
    pub updates: Range<usize>,
    /// Its course so far.
    pub course: Course,
    /// When readers first knew of it: with the first update of its post, or when it began. A window that comes by itself is
    /// known since it was near enough to be shown, [`AHEAD`] of its begin. `None` for what nobody knows yet.
    pub announced: Option<Instant>,
    /// When anything of it last changed: by an update or a correction, or by the clock; `None` where nothing has yet.
    pub changed: Option<Instant>,
}

impl Occurrence {
    /// The end of an incident that its file says and no update has announced.
    pub fn end_without_update(&self, site: &Site) -> Option<Instant> {
        let is_incident = matches!(site.post(self.post).kind, Kind::Incident(_));
        let states = self.published(site).iter().map(|update| update.state);
        let last = states.rev().find(|state| *state != State::Update);
        let is_announced = last.is_some_and(State::ends_incident);
        let is_told_here = is_incident && !self.course.is_open && !is_announced;
        self.course.end.filter(|_| is_told_here)
    }

    /// Its published updates, oldest first.
    pub fn published<'a>(&self, site: &'a Site) -> &'a [Update] {
        &site.post(self.post).updates[self.updates.clone()]
    }

    /// The part of its post that speaks of it, as far as it is known.
    pub(super) fn statement<'a>(&self, site: &'a Site) -> Statement<'a> {
        let post = site.post(self.post);
        let whole = Statement::whole(post);
        Statement {
            window: self.window,
            next: self.next,
            updates: &post.updates[self.updates.clone()],
            // An end that is known is the end of its course.
            ended: whole.ended.filter(|end| self.course.end == Some(*end)),
            ..whole
        }
    }
}

/// The occurrences of all posts up to [`AHEAD`], in the order of [`Site::posts`], and of each soonest first.
pub(super) fn occurrences(site: &Site, now: Instant) -> Vec<Occurrence> {
    let posts = site.posts.par_iter().enumerate();
    posts
        .flat_map_iter(|(index, post)| of_post(PostIndex(index), post, now))
        .collect()
}

/// The occurrences of a maintenance that repeats, soonest first; anything else takes place once.
fn of_post(index: PostIndex, post: &Post, now: Instant) -> Vec<Occurrence> {
    let published = post.updates.partition_point(|update| update.at <= now);
    let at = |statement: Statement<'_>, updates: Range<usize>| {
        let statement = Statement {
            updates: &post.updates[updates.clone()],
            ..statement
        };
        let course = Course::at(statement, now);
        Occurrence {
            post: index,
            window: statement.window,
            next: statement.next,
            announced: announced(statement, &course, now),
            changed: changed(statement, &course, now),
            course,
            updates,
        }
    };
    let of_windows = |windows: &[Window]| -> Vec<Occurrence> {
        let of_each = by_window(windows, &post.updates[..published]);
        let next = windows.iter().skip(1).map(|window| Some(window.starts()));
        let windows = windows.iter().zip(next.chain([None])).zip(of_each);
        windows
            .map(|((window, next), updates)| {
                let statement = Statement {
                    window: Some(*window),
                    next,
                    ..Statement::whole(post)
                };
                at(statement, updates)
            })
            .collect()
    };
    match &post.kind {
        Kind::Incident(_) | Kind::Notice(_) => vec![at(Statement::whole(post), 0..published)],
        Kind::Maintenance(Maintenance {
            recurrence: None,
            window,
            ..
        }) => of_windows(&[*window]),
        Kind::Maintenance(Maintenance {
            recurrence: Some(recurrence),
            ..
        }) => recurring(recurrence, now, of_windows),
    }
}

/// When readers first knew of an occurrence.
fn announced(statement: Statement<'_>, course: &Course, now: Instant) -> Option<Instant> {
    if !course.is_published {
        return None;
    }
    let post = statement.post;
    let known = |at: &Instant| *at <= now;
    let first_update = post.updates.first().map(|update| update.at).filter(known);
    let Some(window) = statement.window else {
        return Some(first_update.unwrap_or(course.start));
    };
    let near = Some(window.starts() - AHEAD).filter(known);
    let repeats = post.repeats();
    match (first_update, near) {
        (Some(first), Some(near)) if repeats => Some(first.max(near)),
        (Some(first), _) => Some(first),
        (None, near) => near,
    }
}

/// When anything of an occurrence last changed.
fn changed(statement: Statement<'_>, course: &Course, now: Instant) -> Option<Instant> {
    // The window of what was called off before it began changes nothing.
    let by_clock = match course.called_off() {
        Some(at) => [Some(at), None],
        None => [Some(course.start), course.end],
    };
    let updates = statement.updates.last().map(|update| update.at);
    let corrections = statement.post.corrections.iter();
    let corrections = corrections.map(|correction| correction.at);
    let changes = by_clock.into_iter().flatten();
    let changes = changes.chain(updates).chain(corrections);
    let known = changes.filter(|at| course.is_published && *at <= now);
    known.max()
}

/// The occurrences of a rule up to [`AHEAD`], and up to the next one that takes place, soonest first.
fn recurring(
    recurrence: &Recurrence,
    now: Instant,
    of_windows: impl Fn(&[Window]) -> Vec<Occurrence>,
) -> Vec<Occurrence> {
    let mut left = recurrence.windows().peekable();
    let mut windows: Vec<Window> = Vec::new();
    while let Some(window) = left.next_if(|window| window.starts() <= now + AHEAD) {
        windows.push(window);
    }
    loop {
        let occurrences = of_windows(&windows);
        let is_next = |it: &Occurrence| it.course.state == Some(State::Scheduled);
        if occurrences.iter().any(is_next) {
            return occurrences;
        }
        // Further windows are called off by as many updates at most, so that this comes to an end.
        match left.next() {
            Some(window) => windows.push(window),
            None => return occurrences,
        }
    }
}

/// The updates, oldest first, that speak of each window; an update never belongs to a later window than the
/// update after it, nor to an earlier one than what was called off before it.
fn by_window(windows: &[Window], updates: &[Update]) -> Vec<Range<usize>> {
    let mut called_off = 0;
    let mut window_of_each: Vec<usize> = (updates.iter())
        .map(|update| {
            let window = window_of(windows, update).max(called_off);
            if update.state == State::Cancelled {
                called_off = window;
            }
            window
        })
        .collect();
    for at in (1..window_of_each.len()).rev() {
        window_of_each[at - 1] = window_of_each[at - 1].min(window_of_each[at]);
    }
    let start = |window: usize| window_of_each.partition_point(|of| *of < window);
    (0..windows.len())
        .map(|window| start(window)..start(window + 1))
        .collect()
}

/// The window of which an update speaks. Between two, what plans or calls off speaks of the next one, what ends
/// or verifies of the last one, and anything else of the nearer one.
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
