//! Documents: what is asked for at one address.

use serde::Serialize;
use serde_json::value::RawValue;

use super::component::Component;
use super::incident::Entry;
use super::page::{Page, Status};
use super::subject::{FOLDER, Subject};
use crate::output::file::Output;
use crate::site::Slug;

/// The number of incidents in a document at most.
pub(super) const PAGE: usize = 50;

/// The path of the open incidents, which lies among those of single ones.
pub(super) const UNRESOLVED: &str = "incidents/unresolved.json";

/// A document; each has some of these keys.
#[derive(Debug, Default, Serialize)]
pub(super) struct Document<'a> {
    pub(super) page: Option<&'a Page<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) components: Option<&'a [Component<'a>]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) incidents: Option<Vec<&'a RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scheduled_maintenances: Option<Vec<&'a RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) incident: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<&'a Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allclear: Option<Leaf>,
}

/// The place of a document in a list that is longer than one.
#[derive(Debug, Serialize)]
pub(super) struct Leaf {
    /// The number of the document, from 1.
    page: usize,
    /// The number of documents.
    pages: usize,
    /// The number of entries in all of them.
    total: usize,
    /// The address of the document with newer entries.
    previous: Option<String>,
    /// The address of the document with older entries.
    next: Option<String>,
}

/// The kind of what a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Incidents,
    Maintenances,
}

impl List {
    fn name(self) -> &'static str {
        match self {
            Self::Incidents => "incidents",
            Self::Maintenances => "scheduled-maintenances",
        }
    }

    /// The path of one of its documents, by its number from 1.
    fn path(self, page: usize) -> String {
        let list = self.name();
        match page {
            ..=1 => format!("{list}.json"),
            page => format!("{list}/page-{page}.json"),
        }
    }

    /// A document with some of its entries.
    pub(super) fn of<'a>(self, page: &'a Page<'a>, entries: Vec<&'a RawValue>) -> Document<'a> {
        let (incidents, scheduled_maintenances) = match self {
            Self::Incidents => (Some(entries), None),
            Self::Maintenances => (None, Some(entries)),
        };
        Document {
            page: Some(page),
            incidents,
            scheduled_maintenances,
            ..Document::default()
        }
    }
}

/// The path of the document of a single incident, by its slug.
pub(super) fn single(slug: &Slug) -> String {
    format!("incidents/{slug}.json")
}

/// Whether a document of a whole list lies at a folded path, or will once the list is long enough.
pub(super) fn is_of_list(path: &str) -> bool {
    let is_number = |number: &str| {
        number
            .parse()
            .is_ok_and(|it: u32| it > 1 && it.to_string() == number)
    };
    let mut lists = [List::Incidents, List::Maintenances].into_iter();
    let is_page = lists.any(|list| {
        let page = path
            .strip_prefix(list.name())
            .and_then(|rest| rest.strip_prefix("/page-"));
        page.and_then(|rest| rest.strip_suffix(".json"))
            .is_some_and(is_number)
    });
    path == UNRESOLVED || is_page
}

/// A document as a file.
pub(super) fn output(path: &str, document: &Document<'_>) -> Output {
    // Only keys that are no texts could not be written, and there are none.
    let bytes = serde_json::to_vec(document).unwrap_or_default();
    Output::new(format!("{FOLDER}{path}"), bytes)
}

/// The documents of a whole list, newest first. Only the first one is about the present, for which `now` is the page.
pub(super) fn pages(
    subject: &Subject<'_>,
    list: List,
    now: &Page<'_>,
    entries: &[&Entry],
) -> Vec<Output> {
    let pages = entries.len().div_ceil(PAGE).max(1);
    let documents = (0..pages).map(|at| {
        let some = &entries[at * PAGE..entries.len().min((at + 1) * PAGE)];
        let updated = some.iter().map(|entry| entry.updated).max();
        let then = Page::then(subject, updated.unwrap_or(subject.created));
        let number = at + 1;
        let document = Document {
            allclear: Some(Leaf {
                page: number,
                pages,
                total: entries.len(),
                previous: (at > 0).then(|| subject.document_url(&list.path(number - 1))),
                next: (number < pages).then(|| subject.document_url(&list.path(number + 1))),
            }),
            ..list.of(
                if at == 0 { now } else { &then },
                some.iter().map(|entry| &*entry.json).collect(),
            )
        };
        output(&list.path(number), &document)
    });
    documents.collect()
}
