//! What a collector writes: the rows of quarters that are over, and a journal of what is in no file yet.
//!
//! The journal says what is to be written before it is, so that a process that is killed in between finds it there. Whether
//! some of it was written by then is seen in the file itself.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::counts::{Counts, Over};
use super::journal;
use crate::error::Error;
use crate::site::edit::reports::add;
use crate::site::reports::REPORTS_FOLDER;
use crate::source;
use crate::write::{self, Hold};

/// The journal, from the site's folder. It is hidden, so that no site reads it.
pub(super) const JOURNAL: &str = "evidence/reports/.counts.json";

/// The name of the file in which reports of no component are counted, without its ending. No component has such an id.
const OF_NONE: &str = "_any";

/// The file of a component's counts, from the site's folder.
fn path_of(component: &str) -> Utf8PathBuf {
    let stem = if component.is_empty() {
        OF_NONE
    } else {
        component
    };
    format!("{REPORTS_FOLDER}/{stem}.csv").into()
}

/// Takes hold of the folder of the counts, which no other collector can have while the answer lives.
///
/// # Errors
///
/// Where another one holds it, or nothing can be written there.
pub(super) fn hold(folder: &Utf8Path) -> Result<Hold, Error> {
    let journal = source::target(folder, Utf8Path::new(JOURNAL))?;
    let counts = journal.parent().unwrap_or(&journal);
    write::hold_reports(counts)
}

/// Writes the journal.
pub(super) fn save(folder: &Utf8Path, text: &str) -> Result<(), Error> {
    let path = source::target(folder, Utf8Path::new(JOURNAL))?;
    write::edit(&path, |_| Ok((text.to_owned(), ())))
}

/// The counts that the journal holds; `None` where there is no journal.
///
/// # Errors
///
/// Why it cannot be read, in words.
pub(super) fn read(folder: &Utf8Path) -> Result<Option<Counts>, String> {
    let text = source::read_text(folder, Utf8Path::new(JOURNAL));
    let Some(text) = text.map_err(|error| error.to_string())? else {
        return Ok(None);
    };
    let read = journal::read(&text).map_err(|error| format!("cannot read `{JOURNAL}`: {error}"));
    read.map(Some)
}

/// What became of appending.
#[derive(Debug, Default)]
pub(super) struct Appended {
    /// What is in its file now.
    pub(super) written: Vec<Over>,
    /// What failed first.
    pub(super) failure: Option<Error>,
}

/// Appends the rows of quarters that are over to the files of their components. Where one cannot be written, the others are,
/// and later quarters of the same component wait.
pub(super) fn append(folder: &Utf8Path, over: Vec<Over>) -> Appended {
    let mut appended = Appended::default();
    let mut failing = BTreeSet::new();
    for over in over {
        if failing.contains(&over.component) {
            continue;
        }
        match append_one(folder, &over) {
            Ok(()) => appended.written.push(over),
            Err(error) => {
                failing.insert(over.component);
                appended.failure.get_or_insert(error);
            }
        }
    }
    appended
}

fn append_one(folder: &Utf8Path, over: &Over) -> Result<(), Error> {
    let rows = over.rows();
    if rows.is_empty() {
        return Ok(());
    }
    let path = source::target(folder, &path_of(&over.component))?;
    write::grow(&path, |end| add(end, over.end, &rows, over.attempt)).map(|_| ())
}
