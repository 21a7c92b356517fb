//! Formats of foreign documents, and the drafts that their importers make.

use camino::Utf8Path;
use chrono_tz::Tz;

use super::catalogue::Catalogue;
use super::draft::Draft;
use super::tally::Losses;
use crate::diagnostic::Diagnostic;

/// A format of foreign documents: its name and help on the command line, and its importer.
#[derive(Debug)]
pub struct Format {
    /// Its name as a command.
    pub command: &'static str,
    /// Its name in texts.
    pub name: &'static str,
    /// The end of the names of its documents, without the dot, by which they are found in a folder.
    pub extension: &'static str,
    /// The help of the command, in a line.
    pub about: &'static str,
    /// More help: its documents, and how they are imported.
    pub details: &'static str,
    /// Examples of the command.
    pub examples: &'static str,
    /// Reads documents. Where a time names no zone, nor does its document, it is in the site's.
    ///
    /// The importer looks every component up in the catalogue, which adds those that the site lacks.
    pub(super) read: fn(&[Document<'_>], Tz, &mut Catalogue) -> Export,
}

/// The text of a foreign document.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// Where it was read from, for diagnostics.
    pub path: &'a Utf8Path,
    /// The whole text.
    pub text: &'a str,
}

/// The content of foreign documents.
#[derive(Debug, Default)]
pub(super) struct Export {
    /// Each incident and each maintenance once, in any order.
    pub(super) drafts: Vec<Draft>,
    /// The losses in new components.
    pub(super) losses: Losses,
    /// The losses in the documents as a whole; they count only where a new file is made.
    pub(super) losses_of_whole: Losses,
    /// The problems of what could not be read.
    pub(super) diagnostics: Vec<Diagnostic>,
}
