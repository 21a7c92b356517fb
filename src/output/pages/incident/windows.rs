//! The windows of a maintenance that repeats.

use crate::output::pages::edition::Edition;
use crate::output::pages::view::WindowView;
use crate::site::vocabulary::State;
use crate::status::occurrence::{AHEAD, Occurrence, OccurrenceIndex};
use crate::time::Window;
use crate::time::recurrence::Rhythm;

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

/// The rhythm of a maintenance that repeats, with its time of day; empty where it does not, or where its rule says more
/// than a rhythm.
pub(super) fn repeats(edition: &Edition<'_>, occurrence: &Occurrence) -> String {
    let post = edition.site.post(occurrence.post);
    let recurrence = post.maintenance().and_then(|it| it.recurrence.as_ref());
    let Some((window, recurrence)) = occurrence.window.zip(recurrence) else {
        return String::new();
    };
    let Some(rhythm) = recurrence.rhythm() else {
        return String::new();
    };
    let (starts, ends) = (
        edition.moment(window.starts()),
        edition.moment(window.ends()),
    );
    let is_short = starts.date == ends.date;
    let time = match is_short {
        true => {
            let start = edition.time_before(window.starts(), window.ends());
            let values = [("start", start.as_str()), ("end", &ends.time)];
            edition.text("days-range", &values)
        }
        false => starts.time,
    };
    let time = ("time", time.as_str());
    match rhythm {
        Rhythm::Daily => edition.text("repeats-daily", &[time]),
        Rhythm::Weekly(days) => {
            let days = days.iter().map(|day| edition.locale.weekday(*day));
            let days: Vec<String> = days.collect();
            let days: Vec<&str> = days.iter().map(String::as_str).collect();
            let days = edition.locale.list(&days);
            edition.text("repeats-weekly", &[("days", &days), time])
        }
        Rhythm::Monthly => edition.text("repeats-monthly", &[time]),
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
