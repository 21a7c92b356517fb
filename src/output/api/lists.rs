//! Lists that are longer than a document.

use super::document::{Document, List, ListPlace, output};
use super::incident::Entry;
use super::page::Page;
use super::subject::Subject;
use crate::output::file::Output;

/// The number of entries in a document at most, as Statuspage has it.
const ENTRIES: usize = 50;

/// The documents of a whole list, newest first. Only the first one is about the present, for which `now` is the page.
pub(super) fn documents(
    subject: &Subject<'_>,
    list: List,
    now: &Page<'_>,
    entries: &[&Entry],
) -> Vec<Output> {
    let pages = entries.len().div_ceil(ENTRIES).max(1);
    let all = (0..pages).map(|at| {
        let some = &entries[at * ENTRIES..entries.len().min((at + 1) * ENTRIES)];
        let updated = some.iter().map(|entry| entry.updated).max();
        let then = Page::then(subject, updated.unwrap_or(subject.created));
        let number = at + 1;
        let document = Document {
            allclear: Some(ListPlace {
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
    all.collect()
}
