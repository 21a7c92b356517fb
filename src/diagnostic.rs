//! Problems of a site: what is wrong, where, and what to do about it.
//!
//! Diagnostics are values that every phase collects and hands on: a run reports all of them, never
//! just the first. They speak of the site's files. A failure of the environment (a full disk, a
//! missing folder) is an [`crate::error::Error`] instead.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use schemars::JsonSchema;
use strum::EnumString;

use crate::system::path::slashed;

pub use self::code::Code;
pub use self::fault::{Fault, PLEASE_REPORT};
pub use self::known_names::KnownNames;
pub(crate) use self::nearest::{LISTED, code_list_of};
pub use self::nearest::{UnknownName, code_list, nearest, nearest_hint};
pub use self::quoted::{quotations, shortened};

mod code;
mod excerpt;
mod fault;
mod follow_up;
mod known_names;
pub mod lines;
pub mod machine;
mod nearest;
mod quoted;
pub mod report;

/// The text of a file of the site, with its path from the site's folder.
///
/// The text has no byte-order mark: every offset counts from the first character after it.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path from the site's folder, with `/` between its parts.
    pub path: Utf8PathBuf,
    /// The whole text.
    pub text: String,
}

/// Bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<SourceFile>,
    /// Byte offsets into its text, on character boundaries.
    pub span: Range<usize>,
}

impl Place {
    /// The bytes `span` of `file`, moved to the nearest character boundaries inside the text.
    pub fn new(file: &Arc<SourceFile>, span: Range<usize>) -> Self {
        let text = &file.text;
        let start = text.floor_char_boundary(span.start);
        let end = text.ceil_char_boundary(span.end.max(start));
        Self {
            file: Arc::clone(file),
            span: start..end,
        }
    }

    /// The text that stands there.
    pub fn text(&self) -> &str {
        &self.file.text[self.span.clone()]
    }

    /// Line and column of the first byte, both from 1; columns count characters.
    pub fn line_column(&self) -> (usize, usize) {
        let before = &self.file.text[..self.span.start];
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (line, before[line_start..].chars().count() + 1)
    }
}

/// The place that a diagnostic points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A text of a file.
    Text(Place),
    /// A file as a whole, by its path from the site's folder.
    File(Utf8PathBuf),
}

impl Location {
    /// The path of the file, from the site's folder.
    pub fn path(&self) -> &Utf8Path {
        match self {
            Self::Text(place) => &place.file.path,
            Self::File(path) => path,
        }
    }

    /// The text; `None` where it is a file as a whole.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Text(place) => Some(place),
            Self::File(_) => None,
        }
    }

    /// Compares by file and then by where the text starts; a file as a whole is before its texts.
    fn order(&self, other: &Self) -> Ordering {
        let start = |location: &Self| location.place().map(|place| place.span.start);
        if let (Self::Text(a), Self::Text(b)) = (self, other)
            && Arc::ptr_eq(&a.file, &b.file)
        {
            return a.span.start.cmp(&b.span.start);
        }
        self.path()
            .cmp(other.path())
            .then_with(|| start(self).cmp(&start(other)))
    }
}

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The site cannot be published truthfully.
    Error,
    /// The site can be published, but somebody should look.
    Warning,
}

/// How much the site makes of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, JsonSchema)]
#[strum(serialize_all = "snake_case")]
#[schemars(rename_all = "snake_case")]
pub enum RuleLevel {
    /// Nothing is published while it finds something.
    Error,
    /// Somebody should look.
    Warning,
    /// It is not looked at.
    Off,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its severity.
    pub severity: Severity,
    /// Its kind, stable between versions.
    pub code: Code,
    /// The problem, without a full stop.
    pub message: String,
    /// Its location.
    pub location: Location,
    /// Another place that explains it: the first of two that clash.
    pub related: Option<(Place, String)>,
    /// The way to fix it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error at `place`.
    pub fn error(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, Location::Text(place), message.into())
    }

    /// A warning at `place`.
    pub fn warning(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self::new(
            Severity::Warning,
            code,
            Location::Text(place),
            message.into(),
        )
    }

    /// An error about a file whose text cannot be shown.
    pub fn file_error(
        code: Code,
        path: impl Into<Utf8PathBuf>,
        message: impl Into<String>,
    ) -> Self {
        Self::new(
            Severity::Error,
            code,
            Location::File(slashed(path.into())),
            message.into(),
        )
    }

    /// A warning about a file as a whole.
    pub fn file_warning(
        code: Code,
        path: impl Into<Utf8PathBuf>,
        message: impl Into<String>,
    ) -> Self {
        Self::new(
            Severity::Warning,
            code,
            Location::File(slashed(path.into())),
            message.into(),
        )
    }

    /// An error that some work on a file ended in a fault of this program.
    pub fn fault(path: impl Into<Utf8PathBuf>, work: &str, fault: &Fault) -> Self {
        Self::file_error(Code::Fault, path, format!("{work} failed: {fault}")).hint(PLEASE_REPORT)
    }

    fn new(severity: Severity, code: Code, location: Location, message: String) -> Self {
        debug_assert_eq!(severity == Severity::Warning, code.is_warning(), "{code:?}");
        Self {
            severity,
            code,
            message,
            location,
            related: None,
            hint: None,
        }
    }

    /// The same diagnostic with a way to fix it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same diagnostic, which quotes no more than a little of a file.
    fn with_short_quotations(mut self) -> Self {
        if let Cow::Owned(message) = quoted::message(&self.message) {
            self.message = message;
        }
        if let Some(Cow::Owned(hint)) = self.hint.as_deref().map(quoted::hint) {
            self.hint = Some(hint);
        }
        self
    }

    /// The same diagnostic with another place that explains it.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related = Some((place, label.into()));
        self
    }
}

/// The diagnostics of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a diagnostic, which quotes no more than a little of a file.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic.with_short_quotations());
    }

    /// Adds the diagnostics of another phase.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether there is no diagnostic.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of errors.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// The number of warnings.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|d| d.severity == severity).count()
    }

    /// Sorts by file, place and code, and drops repetitions and what only follows from another mistake, so that the
    /// same site always gives the same report.
    pub fn sort(&mut self) {
        self.drop_follow_ups();
        self.0.sort_by(|a, b| {
            a.location
                .order(&b.location)
                .then_with(|| a.code.as_str().cmp(b.code.as_str()))
                .then_with(|| a.message.cmp(&b.message))
        });
        self.0.dedup();
    }

    /// Makes contradictions errors.
    pub fn refuse_contradictions(&mut self) {
        for diagnostic in &mut self.0 {
            if diagnostic.code.is_contradiction() {
                diagnostic.severity = Severity::Error;
            }
        }
    }

    /// Gives the diagnostics of each rule the level that the site sets for it.
    pub fn apply_severities(&mut self, rules: &[(Code, RuleLevel)]) {
        let level = |code| {
            rules
                .iter()
                .find(|(of, _)| *of == code)
                .map(|(_, level)| *level)
        };
        self.0
            .retain(|diagnostic| level(diagnostic.code) != Some(RuleLevel::Off));
        for diagnostic in &mut self.0 {
            match level(diagnostic.code) {
                Some(RuleLevel::Error) => diagnostic.severity = Severity::Error,
                Some(RuleLevel::Warning) => diagnostic.severity = Severity::Warning,
                Some(RuleLevel::Off) | None => {}
            }
        }
    }

    /// Turns every warning into an error, as `--strict` asks.
    pub fn make_strict(&mut self) {
        for diagnostic in &mut self.0 {
            diagnostic.severity = Severity::Error;
        }
    }

    /// Makes warnings of the errors in files below a folder.
    pub fn soften(&mut self, folder: &str) {
        for diagnostic in &mut self.0 {
            if diagnostic.location.path().starts_with(folder) {
                diagnostic.severity = Severity::Warning;
            }
        }
    }

    /// Gives every diagnostic of these kinds a severity.
    pub fn set_severity(&mut self, codes: &[Code], severity: Severity) {
        for diagnostic in &mut self.0 {
            if codes.contains(&diagnostic.code) {
                diagnostic.severity = severity;
            }
        }
    }

    /// Gives each diagnostic for which `better` knows a hint that one instead of its own.
    pub fn better_hints(&mut self, better: impl Fn(&Diagnostic) -> Option<String>) {
        for diagnostic in &mut self.0 {
            if let Some(hint) = better(diagnostic) {
                diagnostic.hint = Some(hint);
            }
        }
    }

    /// All diagnostics, in their present order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> + Clone {
        self.0.iter()
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        let diagnostics = diagnostics.into_iter();
        Self(diagnostics.map(Diagnostic::with_short_quotations).collect())
    }
}
