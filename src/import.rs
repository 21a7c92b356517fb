//! Foreign exports as the source text of incident files.
//!
//! An import writes text, not values: what it makes is read, checked and rendered like a file that
//! somebody typed. Everything here is pure. The caller reads the documents and what the site has
//! already, and writes the files that come back.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use chrono_tz::Tz;

pub use self::report::{Loss, Report};
pub use self::statuspage::statuspage;

use crate::diagnostic::Diagnostic;

mod report;
mod statuspage;

/// The text of a foreign document.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// Where it was read from, for diagnostics.
    pub path: &'a Utf8Path,
    /// The whole text.
    pub text: &'a str,
}

/// What the site that is imported into has already.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The text of `allclear.toml`.
    pub config: &'a str,
    /// The texts of the incident files by slug: none of them is written again.
    pub incidents: &'a BTreeMap<String, String>,
    /// The zone of times that name none, where their document names none either.
    pub zone: Tz,
}

/// What an import made.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The new files with their paths from the site's folder, sorted by path.
    pub files: Vec<(Utf8PathBuf, String)>,
    /// The new text of `allclear.toml`; `None` where it stays as it is. It starts with the old one.
    pub config: Option<String>,
    /// What was done, and what was lost.
    pub report: Report,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}
