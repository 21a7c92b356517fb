//! The windows of a maintenance that repeats.

use crate::output::pages::edition::Edition;
use crate::output::pages::view::WindowView;
use crate::site::vocabulary::State;
use crate::status::occurrence::{AHEAD, OccurrenceIndex};
use crate::time::Window;

/// The windows of a maintenance that come after the one of an occurrence, soonest first.
pub(super) fn later_windows(edition: &Edition<'_>, index: OccurrenceIndex) -> Vec<Window> {
    let post = &edition.status.posts[edition.status.occurrence(index).post.0];
    let later = index.0 + 1..post.occurrences.end;
    edition.status.occurrences[later]
        .iter()
        .map(|occurrence| &occurrence.course)
        .filter(|course| course.state == Some(State::Scheduled))
        .filter_map(|course| Window::new(course.start, course.end?))
        .collect()
}

pub(super) fn window_view(edition: &Edition<'_>, window: Window) -> WindowView {
    WindowView {
        started: edition.moment(window.starts()),
        ended: edition.moment(window.ends()),
    }
}

/// How many further windows there are in how many days; empty where there are none.
pub(super) fn windows_text(edition: &Edition<'_>, later: &[Window]) -> String {
    let Some(last) = later.last() else {
        return String::new();
    };
    // One that is further away is shown where there is no other.
    let until = (last.starts() - edition.status.now())
        .num_days()
        .unsigned_abs();
    let days = AHEAD.num_days().unsigned_abs().max(until + 1);
    let days = edition.locale.number(days);
    let values = [("days", days.as_str())];
    let count = later.len() as u64;
    edition.locale.count("windows-further", count, &values)
}
