//! Statuspage's API, version 2, as files: what programs read that read a status page.
//!
//! Each document is at the path at which Statuspage serves it, with all its keys, and no word that is none of its own.
//! What it has no place for stands in objects `allclear`, which clients skip. All texts are in the site's first language,
//! but for the headline's, by which clients know its state: those are Statuspage's own, and ours in English.
//!
//! An incident is written once, and each document that has it holds the same bytes. In the documents about the past (a
//! single incident, and the list beyond its newest part) nothing changes with time alone: they need not be published
//! again with each build.

use std::cmp::Reverse;
use std::collections::HashMap;

use rayon::iter::{
    IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _,
};
use serde_json::value::RawValue;

use self::component::{Component, Components};
use self::document::{Document, List, UNRESOLVED, file, output};
use self::incident::{Entry, entry};
use self::page::{Page, Status};
pub use self::shape::shape;
use self::subject::Subject;
use super::file::Output;
use super::format::{Context, Format, Publish};
use super::pages::{Edition, PageMemo};
use crate::site::post::Post;
use crate::site::vocabulary::FormatName;
use crate::status::occurrence::{Occurrence, OccurrenceIndex};

mod component;
mod document;
mod incident;
mod json;
mod later;
mod lists;
mod page;
mod shape;
mod stamp;
mod subject;
mod update;
mod words;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: Some(FormatName::Api),
    publish: Publish::Site(publish),
    feed: None,
};

/// All documents of a site.
fn publish(edition: &Edition<'_>, context: &mut Context<'_>) -> Vec<Output> {
    let subject = &Subject::new(edition);
    let components = Components::new(subject);
    let entries = Entries::new(subject, &components.in_incidents(), context.memo);
    let updated = entries.all.iter().map(|entry| entry.updated);
    let page = Page::now(subject, subject.page_updated(updated));

    let mut outputs = present(&page, &components.rows, &Status::new(subject), &entries);
    outputs.extend(lists::documents(
        subject,
        List::Incidents,
        &page,
        &entries.incidents(),
    ));
    let maintenances = entries.maintenances();
    outputs.extend(lists::documents(
        subject,
        List::Maintenances,
        &page,
        &maintenances,
    ));
    outputs.extend(entries.single());
    outputs
}

/// The documents that are not there yet, without their content, in whose place a file would lie.
pub(super) fn later(edition: &Edition<'_>, outputs: &[Output]) -> Vec<Output> {
    match FORMAT.is_of(edition.site) {
        true => later::later(edition.site, outputs),
        false => Vec::new(),
    }
}

/// The documents that say what is, and what is to come.
fn present(
    page: &Page<'_>,
    components: &[Component<'_>],
    status: &Status,
    entries: &Entries<'_>,
) -> Vec<Output> {
    let snapshot = &entries.subject.edition.status.snapshot;
    let unresolved = || entries.unresolved();
    let active = || entries.of(&snapshot.maintenances);
    let upcoming = || entries.of(&snapshot.upcoming);
    let document = |path: &str, document: Document<'_>| output(path, &document);
    vec![
        document(
            "summary.json",
            Document {
                page: Some(page),
                components: Some(components),
                incidents: Some(unresolved()),
                scheduled_maintenances: Some([active(), upcoming()].concat()),
                status: Some(status),
                ..Document::default()
            },
        ),
        document(
            "status.json",
            Document {
                page: Some(page),
                status: Some(status),
                ..Document::default()
            },
        ),
        // Statuspage sends no status with the components, but an exporter reads it there.
        document(
            "components.json",
            Document {
                page: Some(page),
                components: Some(components),
                status: Some(status),
                ..Document::default()
            },
        ),
        document(UNRESOLVED, List::Incidents.of(page, unresolved())),
        document(
            "scheduled-maintenances/active.json",
            List::Maintenances.of(page, active()),
        ),
        document(
            "scheduled-maintenances/upcoming.json",
            List::Maintenances.of(page, upcoming()),
        ),
    ]
}

/// Everything that was posted.
struct Entries<'a> {
    subject: &'a Subject<'a>,
    /// In the order of occurrences.
    all: Vec<Entry>,
}

impl<'a> Entries<'a> {
    /// The entries of all occurrences that are published; `components` are those of the site, in their order.
    fn new(subject: &'a Subject<'a>, components: &[Box<RawValue>], memo: &mut PageMemo) -> Self {
        let edition = subject.edition;
        let occurrences = edition.status.occurrences.par_iter().enumerate();
        let published = occurrences.filter(|(_, it)| it.course.is_published);
        let entries =
            published.map(|(at, _)| entry(subject, OccurrenceIndex(at), components, memo));
        let (all, remembered): (Vec<Entry>, HashMap<_, _>) = entries.unzip();
        memo.remember_documents(edition.language(), remembered);
        Self { subject, all }
    }

    fn occurrence(&self, entry: &Entry) -> &'a Occurrence {
        self.subject.edition.status.occurrence(entry.index)
    }

    fn post(&self, entry: &Entry) -> &'a Post {
        self.subject.edition.site.post(self.occurrence(entry).post)
    }

    /// Incidents and notices, newest first.
    fn incidents(&self) -> Vec<&Entry> {
        self.newest(|post| post.maintenance().is_none())
    }

    /// Maintenances, latest first.
    fn maintenances(&self) -> Vec<&Entry> {
        self.newest(|post| post.maintenance().is_some())
    }

    fn newest(&self, is_wanted: impl Fn(&Post) -> bool) -> Vec<&Entry> {
        let wanted = self.all.iter().filter(|entry| is_wanted(self.post(entry)));
        let mut newest: Vec<&Entry> = wanted.collect();
        newest.sort_by_key(|entry| Reverse((entry.order, entry.index)));
        newest
    }

    /// The open incidents, newest first.
    fn unresolved(&self) -> Vec<&RawValue> {
        let incidents = self.incidents().into_iter();
        let open = incidents.filter(|entry| self.occurrence(entry).course.is_open);
        open.map(|entry| &*entry.json).collect()
    }

    /// The entries of some occurrences, in their order.
    fn of(&self, indices: &[OccurrenceIndex]) -> Vec<&RawValue> {
        let entries = indices.iter().filter_map(|index| self.find(*index));
        entries.map(|entry| &*entry.json).collect()
    }

    fn find(&self, index: OccurrenceIndex) -> Option<&Entry> {
        let at = self.all.binary_search_by_key(&index, |entry| entry.index);
        self.all.get(at.ok()?)
    }

    /// A document of each post that has a page, of what that page shows.
    fn single(&self) -> impl Iterator<Item = Output> {
        let shown = self.subject.edition.status.pages();
        let entries = shown.filter_map(|index| self.find(index));
        entries.map(|entry| {
            let post = self.post(entry);
            let path = document::single(&post.slug);
            file(&path, entry.document.clone()).because_of(&post.place.file.path)
        })
    }
}
