//! The lines that every list of posts is made of.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::edition::Edition;
use super::incident::kind;
use super::memo::{self, Key, PageMemo};
use super::statuses::icon;
use super::view::{EntryView, StatusView};
use crate::output::Route;
use crate::site::component::ComponentIndex;
use crate::site::post::{Incident, Kind, Post};
use crate::site::vocabulary::{Impact, State, Status, Word};
use crate::status::course::Course;
use crate::status::history::Mention;
use crate::status::occurrence::{Occurrence, OccurrenceIndex};

/// The line of each occurrence of a post, in their order; `keys` says which the memo may have.
pub(super) fn entries(
    edition: &Edition<'_>,
    keys: &[Option<Key>],
    memo: &PageMemo,
) -> Vec<Arc<EntryView>> {
    (keys.par_iter().zip(&edition.status.occurrences))
        .map(|(key, occurrence)| {
            let known = key.as_ref().and_then(|key| {
                let name = memo::name(edition.site, occurrence);
                memo.entry(edition.language(), &name, key)
            });
            known.unwrap_or_else(|| Arc::new(entry(edition, occurrence)))
        })
        .collect()
}

/// The line of an occurrence.
pub(super) fn entry(edition: &Edition<'_>, occurrence: &Occurrence) -> EntryView {
    let post = edition.site.post(occurrence.post);
    let course = &occurrence.course;
    let title = edition.title(&post.title);
    let components: Vec<ComponentIndex> = match &post.kind {
        Kind::Incident(_) | Kind::Maintenance(_) => course
            .affected
            .iter()
            .map(|affected| affected.component)
            .collect(),
        Kind::Notice(notice) => notice.components.clone(),
    };
    let day = edition.day_of(course.entered);
    EntryView {
        kind: kind(post),
        url: Route::post(edition.prefix(), &post.slug).url(),
        title: title.text,
        lang: title.lang,
        dir: title.dir,
        day: edition.locale.day_month(day),
        full_day: edition.locale.full_day(day),
        date: day.to_string(),
        later: String::new(),
        started: edition.moment(course.start),
        open: course.is_open,
        outcome: outcome(edition, post, course),
        duration: duration(edition, post, course),
        worst: worst(edition, post, course),
        components: edition.names(&components),
        named: edition.linked_names(&components),
        ids: edition.ids(&components),
    }
}

/// The line of an entry on a day, or in a month, that it touched: short where it began before.
pub(super) fn mentioned<'a>(
    edition: &Edition<'_>,
    entries: &'a [Arc<EntryView>],
    mention: &Mention,
) -> Cow<'a, EntryView> {
    let entry = entries[mention.occurrence.0].as_ref();
    let Some(states) = &mention.later else {
        return Cow::Borrowed(entry);
    };
    let mut told: Vec<State> = Vec::new();
    for state in states {
        if !told.contains(state) {
            told.push(*state);
        }
    }
    let word = |state: &State| edition.text(&format!("state-{}", state.as_str()), &[]);
    let words: Vec<String> = told.iter().map(word).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Cow::Owned(EntryView {
        day: edition.locale.day_month(mention.day),
        full_day: edition.locale.full_day(mention.day),
        date: mention.day.to_string(),
        later: match words.is_empty() {
            true => edition.text("outcome-continued", &[]),
            false => edition.locale.list(&words),
        },
        ..entry.clone()
    })
}

/// The outcome of a post, in a word or two.
fn outcome(edition: &Edition<'_>, post: &Post, course: &Course) -> String {
    let lasted = |key: &str| match course.end {
        Some(end) => edition.text(
            key,
            &[("duration", &edition.locale.duration(end - course.start))],
        ),
        None => String::new(),
    };
    match (&post.kind, course.is_open, course.state) {
        (Kind::Incident(_), true, _) => edition.text("outcome-open", &[]),
        (Kind::Incident(_), false, _) => lasted("outcome-resolved-in"),
        (Kind::Maintenance(_), _, Some(State::Completed)) => lasted("outcome-completed-in"),
        (Kind::Maintenance(_), _, Some(state)) => {
            edition.text(&format!("outcome-{}", state.as_str()), &[])
        }
        (Kind::Maintenance(_), _, None) => String::new(),
        (Kind::Notice(_), true, _) => edition.text("outcome-in-force", &[]),
        (Kind::Notice(_), false, _) => edition.text("outcome-ended", &[]),
    }
}

/// How long a post lasted that is over.
fn duration(edition: &Edition<'_>, post: &Post, course: &Course) -> String {
    let is_over = match (&post.kind, course.state) {
        (Kind::Incident(_), _) => !course.is_open,
        (Kind::Maintenance(_), state) => state == Some(State::Completed),
        (Kind::Notice(_), _) => false,
    };
    let end = course.end.filter(|_| is_over);
    end.map_or_else(String::new, |end| {
        edition.locale.duration(end - course.start)
    })
}

/// The shape of a post: of an incident, the worst status that it gave a component, or its impact where it gave none.
fn worst(edition: &Edition<'_>, post: &Post, course: &Course) -> StatusView {
    match &post.kind {
        Kind::Incident(incident) => {
            let named = (course.affected)
                .iter()
                .map(|affected| affected.worst)
                .max()
                .unwrap_or(Status::Operational);
            if named == Status::Operational {
                return of_impact(edition, incident);
            }
            edition.status(named)
        }
        Kind::Maintenance(_) => {
            let text = edition.text("kind-maintenance", &[]);
            StatusView {
                id: Status::UnderMaintenance.as_str(),
                icon: icon(Status::UnderMaintenance),
                text,
            }
        }
        Kind::Notice(_) => StatusView {
            id: "no_data",
            icon: "dash",
            text: edition.text("kind-notice", &[]),
        },
    }
}

/// The shape of an incident that made no component worse: the impact that it says, else what it is.
fn of_impact(edition: &Edition<'_>, incident: &Incident) -> StatusView {
    let impact = incident.impact;
    let status = impact.map_or(Status::Operational, Impact::status);
    let (id, icon) = match status {
        Status::Operational => ("no_data", "dash"),
        status => (status.as_str(), icon(status)),
    };
    let key = match impact {
        Some(impact) => format!("impact-{}", impact.as_str()),
        None => "kind-incident".to_owned(),
    };
    StatusView {
        id,
        icon,
        text: edition.text(&key, &[]),
    }
}

/// `3 incidents, 1 maintenance`.
pub(super) fn counts(edition: &Edition<'_>, occurrences: &BTreeSet<OccurrenceIndex>) -> String {
    let kinds = [
        ("incident", "incidents-count"),
        ("maintenance", "maintenances-count"),
        ("notice", "notices-count"),
    ];
    let counts: Vec<String> = kinds
        .into_iter()
        .map(|(kind, key)| (count(edition, occurrences, kind), key))
        .filter(|(count, _)| *count > 0)
        .map(|(count, key)| edition.locale.count(key, count, &[]))
        .collect();
    let counts: Vec<&str> = counts.iter().map(String::as_str).collect();
    edition.locale.list(&counts)
}

/// The number of occurrences of a kind.
pub(super) fn count(
    edition: &Edition<'_>,
    occurrences: &BTreeSet<OccurrenceIndex>,
    wanted: &str,
) -> u64 {
    let post = |index: &OccurrenceIndex| edition.site.post(edition.status.occurrence(*index).post);
    let of_kind = |index: &&OccurrenceIndex| kind(post(index)) == wanted;
    occurrences.iter().filter(of_kind).count() as u64
}
