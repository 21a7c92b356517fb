//! Documents: what is asked for at one address.

use bytes::Bytes;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use super::component::Component;
use super::page::{Page, Status};
use crate::output::file::Output;
use crate::output::route::Route;
use crate::site::Slug;

/// The path of the open incidents, which lies among those of single ones.
pub(super) const UNRESOLVED: &str = "incidents/unresolved.json";

/// The room for what a document holds besides entries, in bytes; most need less.
const BESIDE_ENTRIES: usize = 512;

/// A document; each has some of these keys.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(super) struct Document<'a> {
    /// The page.
    pub(super) page: Option<&'a Page<'a>>,
    /// All components and groups, in the order of the page: each group before its members, then components without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) components: Option<&'a [Component<'a>]>,
    /// Incidents and notices, newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<serde_json::Value>>")]
    pub(super) incidents: Option<Vec<&'a RawValue>>,
    /// Maintenances: in `summary.json` those under way, then those to come; in lists the latest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<serde_json::Value>>")]
    pub(super) scheduled_maintenances: Option<Vec<&'a RawValue>>,
    /// The one incident, maintenance or notice of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<serde_json::Value>")]
    pub(super) incident: Option<&'a RawValue>,
    /// The headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<&'a Status>,
    /// The place of the document in a list that is longer than one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allclear: Option<ListPlace>,
}

/// The place of a document in a list that is longer than one; not of Statuspage.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "List")]
pub(super) struct ListPlace {
    /// The number of the document, from 1.
    pub(super) page: usize,
    /// The number of documents.
    pub(super) pages: usize,
    /// The number of entries in all of them.
    pub(super) total: usize,
    /// The address of the document with newer entries; null in the first one.
    pub(super) previous: Option<String>,
    /// The address of the document with older entries; null in the last one.
    pub(super) next: Option<String>,
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
    pub(super) fn path(self, page: usize) -> String {
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

impl Document<'_> {
    /// The content of its file.
    pub(super) fn bytes(&self) -> Bytes {
        let entries = (self.incidents.iter())
            .chain(&self.scheduled_maintenances)
            .flatten()
            .chain(&self.incident);
        // Most of it is entries: without room for them from the start they would be copied again and again.
        let length: usize = entries.map(|entry| entry.get().len()).sum();
        let mut bytes = Vec::with_capacity(length + BESIDE_ENTRIES);
        match serde_json::to_writer(&mut bytes, self) {
            Ok(()) => bytes.into(),
            // Only keys that are no texts could not be written, and there are none.
            Err(_) => Bytes::from_static(b"null"),
        }
    }
}

/// A document as a file.
pub(super) fn output(path: &str, document: &Document<'_>) -> Output {
    file(path, document.bytes())
}

/// The file at a path.
pub(super) fn file(path: &str, bytes: impl Into<Bytes>) -> Output {
    Output::new(Route::api(path).file(), bytes)
}
