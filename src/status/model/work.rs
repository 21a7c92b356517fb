//! Maintenances, read naively: which updates speak of which window, and whether it is open.

use std::collections::BTreeSet;

use super::SECOND;
use super::reading::{Place, Said};
use crate::site::Site;
use crate::site::post::{Kind, Post};
use crate::site::update::{Change, Update};
use crate::site::vocabulary::{State, Status};
use crate::time::{Instant, Window};

/// A window of a maintenance with the updates that speak of it.
#[derive(Debug)]
pub(super) struct Work<'a> {
    post: &'a Post,
    /// The window that was announced.
    pub(super) window: Window,
    updates: Vec<&'a Update>,
    /// When the next window opens, and so this one is over at the latest.
    next: Option<Instant>,
}

/// The state of a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Progress {
    /// Whether work is under way.
    pub(super) is_open: bool,
    /// Whether it was called off.
    pub(super) is_cancelled: bool,
    /// Whether it was said to be over.
    pub(super) is_completed: bool,
}

/// The windows of every post up to `until`, in the order of the posts.
pub(super) fn works(site: &Site, until: Instant) -> Vec<Vec<Work<'_>>> {
    let of_post = |post| works_of(post, until);
    site.posts.iter().map(AsRef::as_ref).map(of_post).collect()
}

fn works_of(post: &Post, until: Instant) -> Vec<Work<'_>> {
    let Kind::Maintenance(maintenance) = &post.kind else {
        return Vec::new();
    };
    let windows: Vec<Window> = match &maintenance.recurrence {
        None => vec![maintenance.window],
        Some(recurrence) => (recurrence.windows())
            .take_while(|it| it.starts() <= until)
            .collect(),
    };
    let spoken_of: Vec<Option<usize>> = (0..post.updates.len())
        .map(|index| match maintenance.recurrence {
            None => Some(0),
            Some(_) => spoken_of(&windows, &post.updates[..=index]),
        })
        .collect();
    let work = |(index, window): (usize, &Window)| Work {
        post,
        window: *window,
        next: windows.get(index + 1).map(|next| next.starts()),
        updates: (post.updates.iter().zip(&spoken_of))
            .filter(|(_, spoken_of)| **spoken_of == Some(index))
            .map(|(update, _)| update)
            .collect(),
    };
    windows.iter().enumerate().map(work).collect()
}

/// The window that the last of some updates speaks of: the one in which it falls; between two, the next one that it
/// announces or calls off, or the last one that it ends, unless the next one was called off before.
fn spoken_of(windows: &[Window], updates: &[Update]) -> Option<usize> {
    let (update, earlier) = updates.split_last()?;
    let inside = |it: &Window| it.starts() <= update.at && update.at < it.ends();
    if let Some(index) = windows.iter().position(inside) {
        return Some(index);
    }
    let last = windows.iter().rposition(|it| it.ends() <= update.at);
    let next = windows.iter().position(|it| update.at < it.starts());
    let is_of_gap = |it: &&Update| last.is_none_or(|last| windows[last].ends() <= it.at);
    let mut in_gap = earlier.iter().filter(is_of_gap);
    let is_called_off = in_gap.any(|it| it.state == State::Cancelled);
    match update.state {
        State::Scheduled | State::Cancelled => next,
        State::Verifying | State::Completed if is_called_off => next,
        State::Verifying | State::Completed => last,
        _ => None,
    }
}

impl Work<'_> {
    /// The state at `at` as it is known at `now`: what happened by itself and what was said, in their order.
    pub(super) fn progress(&self, at: Instant, now: Instant) -> Progress {
        let (starts, ends) = (self.window.starts(), self.window.ends());
        let mut happened: Vec<(Instant, Option<State>)> = vec![(starts, None), (ends, None)];
        let posted = self.updates.iter().filter(|it| it.at <= now);
        happened.extend(posted.map(|it| (it.at, Some(it.state))));
        happened.retain(|it| it.0 <= at);
        // What happens by itself comes before what is said at the same instant.
        happened.sort_by_key(|(at, said)| (*at, said.is_some()));
        let mut state = Progress {
            is_open: false,
            is_cancelled: false,
            is_completed: false,
        };
        for (at, said) in happened {
            let is_inside = starts <= at && at < ends;
            match said {
                None => state.is_open = is_inside && !state.is_cancelled && !state.is_completed,
                Some(State::Scheduled) => {
                    state.is_open |= is_inside;
                    (state.is_cancelled, state.is_completed) = (false, false);
                }
                Some(State::InProgress) => {
                    state = Progress {
                        is_open: true,
                        is_cancelled: false,
                        is_completed: false,
                    };
                }
                Some(State::Verifying) if !state.is_cancelled => {
                    (state.is_open, state.is_completed) = (true, false);
                }
                Some(State::Completed) if !state.is_cancelled => {
                    (state.is_open, state.is_completed) = (false, true);
                }
                Some(State::Cancelled) => (state.is_open, state.is_cancelled) = (false, true),
                Some(_) => {}
            }
        }
        state.is_open &= self.next.is_none_or(|next| at < next);
        state
    }

    /// The components that read "under maintenance" at `at`, as it is known at `now`.
    pub(super) fn under_maintenance(&self, at: Instant, now: Instant) -> BTreeSet<usize> {
        match self.progress(at, now).is_open || self.is_late(at, now) {
            true => self.components(at, now),
            false => BTreeSet::new(),
        }
    }

    /// Whether a component may be down in a place at `at`: work that lasted longer excuses nothing after the fact.
    pub(super) fn excused(&self, at: Instant, now: Instant, place: Place) -> bool {
        let status = || self.said(at, now).status(place);
        self.progress(at, now).is_open && status() == Some(Status::UnderMaintenance)
    }

    /// Whether the work began by `now`: it was not called off before that.
    pub(super) fn took_place(&self, now: Instant) -> bool {
        let starts = self.window.starts();
        let before = self.progress(starts - SECOND, now);
        // What is said at the very instant comes after the window has opened.
        let opens = starts <= now && !before.is_cancelled && !before.is_completed;
        let mut posted = self.updates.iter().map(|it| it.at);
        opens || posted.any(|at| at <= now && self.progress(at, now).is_open)
    }

    /// Whether the work lasted longer than announced, or does.
    pub(super) fn overran(&self, now: Instant) -> bool {
        let ends = self.window.ends();
        let mut late = self
            .updates
            .iter()
            .filter(|it| ends < it.at && it.at <= now);
        let is_said = late.any(|it| {
            let before = self.progress(it.at - SECOND, now);
            let is_end = matches!(it.state, State::Verifying | State::Completed);
            before.is_open || is_end && !before.is_cancelled && !before.is_completed
        });
        let last = self.next.map_or(now, |next| now.min(next - SECOND));
        is_said || ends < now && self.progress(last, now).is_open
    }

    /// Whether `at` lies between the window's end and an update that says that the work went on until then.
    fn is_late(&self, at: Instant, now: Instant) -> bool {
        let ends = self.window.ends();
        if !self.progress(ends - SECOND, now).is_open {
            return false;
        }
        let is_end = |it: &&&Update| matches!(it.state, State::Completed | State::Cancelled);
        let late = || {
            self.updates
                .iter()
                .filter(|it| ends <= it.at && it.at <= now)
        };
        let over = late().find(is_end).map(|it| it.at);
        late().any(|it| {
            let goes_on = matches!(
                it.state,
                State::InProgress | State::Verifying | State::Completed
            );
            ends <= at && at < it.at && goes_on && over.is_none_or(|over| it.at <= over)
        })
    }

    /// The components that the work has somewhere at `at`.
    fn components(&self, at: Instant, now: Instant) -> BTreeSet<usize> {
        let said = self.said(at, now);
        let taken = said.places.iter();
        let taken = taken.filter(|(_, status)| **status == Status::UnderMaintenance);
        taken.map(|((component, _), _)| *component).collect()
    }

    /// What the work does to components at `at`: it has all that the post names, but for what it has given back since it
    /// was opened.
    fn said(&self, at: Instant, now: Instant) -> Said {
        let (opened, by) = (self.opened(at, now), at.min(now));
        let mut said = Said::of(self.post);
        let before = self.updates.iter();
        let before = before.filter(|it| opened.is_some_and(|from| it.at < from));
        before
            .flat_map(|it| &it.changes)
            .for_each(|it| said.apply(it));
        said.places.clear();
        if let Kind::Maintenance(maintenance) = &self.post.kind {
            for component in &maintenance.components {
                said.apply(&Change::everywhere(*component, Status::UnderMaintenance));
            }
        }
        let since = (self.updates.iter()).filter(|it| opened.is_some_and(|from| from <= it.at));
        let since = since.filter(|it| it.at <= by);
        since
            .flat_map(|it| &it.changes)
            .for_each(|it| said.apply(it));
        said
    }

    /// When the work was opened last.
    fn opened(&self, at: Instant, now: Instant) -> Option<Instant> {
        let mut moments: Vec<Instant> = self.updates.iter().map(|it| it.at).collect();
        moments.extend([self.window.starts(), self.window.ends()]);
        moments.retain(|moment| *moment <= at && *moment <= now);
        let goes_on = |at: Instant| self.progress(at, now).is_open || self.is_late(at, now);
        let is_opened = |moment: &Instant| goes_on(*moment) && !goes_on(*moment - SECOND);
        moments.into_iter().filter(is_opened).max()
    }
}
