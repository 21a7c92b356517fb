//! Diagnostics that only follow from another mistake: once that is fixed, they are gone.

use std::collections::{BTreeSet, HashSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::{Code, Diagnostic, Diagnostics, Severity};

impl Diagnostics {
    /// Drops what only follows from another mistake: that a name is unknown, where its definition is broken; that a
    /// translation has nothing to translate, where the original cannot be read; that updates are missing, or do
    /// not fit together, where the heading of one is broken.
    pub(super) fn drop_follow_ups(&mut self) {
        let mistakes = Mistakes::of(self);
        self.0.retain(|diagnostic| !mistakes.explain(diagnostic));
    }
}

/// The mistakes of a run that make others appear.
struct Mistakes {
    /// The files with an error of their own.
    broken: HashSet<Utf8PathBuf>,
    /// The files with a heading that is meant as an update and cannot be read.
    unread_headings: HashSet<Utf8PathBuf>,
    /// Whether there are as many broken ids as names that nothing defines.
    broken_ids: bool,
    /// The same of languages.
    broken_languages: bool,
    /// The files in a language that the site does not have, whose words nobody knows.
    unspoken: HashSet<Utf8PathBuf>,
}

impl Mistakes {
    fn of(diagnostics: &Diagnostics) -> Self {
        let errors = || {
            diagnostics
                .iter()
                .filter(|it| it.severity == Severity::Error)
        };
        let paths = |is_wanted: fn(&Diagnostic) -> bool| -> HashSet<Utf8PathBuf> {
            let wanted = errors().filter(|it| is_wanted(it));
            wanted.map(|it| it.location.path().to_owned()).collect()
        };
        let unread_headings = paths(|it| it.code == Code::BadUpdateHeading);
        let unspoken = paths(|it| is_unknown_language(it) && !is_in_config(it));
        let broken_ids = errors().filter(|it| it.code == Code::BadId || is_without_id(it));
        let has_unread_definitions = errors().any(is_unread_definition);
        let broken_languages = errors().filter(|it| is_unknown_language(it) && is_in_config(it));
        // Of a component that is gone a warning tells.
        let names: BTreeSet<&str> = (diagnostics.iter())
            .filter(|it| is_unknown_name(it))
            .map(|it| it.message.as_str())
            .collect();
        let languages: BTreeSet<&str> = errors()
            .filter(|it| is_unknown_language(it) && !is_in_config(it))
            .map(|it| it.message.as_str())
            .collect();
        Self {
            broken: paths(|it| !is_follow_up_of_original(it)),
            unread_headings,
            broken_ids: has_unread_definitions || broken_ids.count() >= names.len(),
            broken_languages: broken_languages.count() >= languages.len(),
            unspoken,
        }
    }

    /// Whether a diagnostic is there only because of one of them.
    fn explain(&self, diagnostic: &Diagnostic) -> bool {
        let path = diagnostic.location.path();
        match diagnostic.code {
            Code::TranslationWithoutOriginal | Code::TranslationMismatch => {
                original(path).is_some_and(|original| self.broken.contains(&original))
            }
            Code::NoUpdates | Code::ImpossibleCourse => self.unread_headings.contains(path),
            Code::BadUpdateHeading => self.unspoken.contains(path),
            Code::UnknownLanguage => !is_in_config(diagnostic) && self.broken_languages,
            _ => is_unknown_name(diagnostic) && self.broken_ids,
        }
    }
}

fn is_follow_up_of_original(diagnostic: &Diagnostic) -> bool {
    matches!(
        diagnostic.code,
        Code::TranslationWithoutOriginal | Code::TranslationMismatch
    )
}

/// Whether it says that something of the configuration has no id.
fn is_without_id(diagnostic: &Diagnostic) -> bool {
    diagnostic.code == Code::MissingKey && diagnostic.message.ends_with("needs `id`")
}

/// Whether it says that a table of the configuration has nearly the name of one that defines ids: `[[component]]`.
fn is_unread_definition(diagnostic: &Diagnostic) -> bool {
    let hint = diagnostic.hint.as_deref().unwrap_or_default();
    let tables = ["`components`", "`groups`", "`signals`", "`regions`"];
    diagnostic.code == Code::UnknownKey
        && is_in_config(diagnostic)
        && tables.iter().any(|table| hint.contains(table))
}

fn is_unknown_name(diagnostic: &Diagnostic) -> bool {
    matches!(
        diagnostic.code,
        Code::UnknownComponent | Code::UnknownGroup | Code::UnknownSignal | Code::UnknownRegion
    )
}

fn is_unknown_language(diagnostic: &Diagnostic) -> bool {
    diagnostic.code == Code::UnknownLanguage
}

/// Whether it stands in the file that describes the site, which lies above all others.
fn is_in_config(diagnostic: &Diagnostic) -> bool {
    diagnostic.location.path().components().count() == 1
}

/// The path of the file that `NAME.LANG.md` translates.
fn original(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let (name, _language) = path.file_stem()?.rsplit_once('.')?;
    Some(path.with_file_name(format!("{name}.md")))
}
