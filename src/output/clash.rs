//! Files of the site that cannot be published where they would lie.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::arrangement::{Flaw, arrange};
use super::file::Output;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, PLEASE_REPORT};
use crate::site::folded;
use crate::source::{CONFIG, STATIC};

/// The number of a path's characters that a message shows at most.
const SHOWN: usize = 120;

/// A finding about a file, but for the file.
struct Finding {
    code: Code,
    message: String,
    hint: &'static str,
}

/// Reports each file of the site that cannot be published where it would lie: another file is there, or is a folder of
/// that name, or no file may have such a name.
///
/// What it does not report can be written into an empty folder. So something is said of two files that allclear makes,
/// too: at the configuration, for want of another place.
pub(super) fn report<'a>(
    outputs: impl IntoIterator<Item = &'a Output>,
    diagnostics: &mut Diagnostics,
) {
    // Of several places one is enough: the shortest is that of the first language.
    let mut findings: BTreeMap<&Utf8Path, Finding> = BTreeMap::new();
    for flaw in arrange(outputs).flaws {
        let (culprit, finding) = match flaw {
            Flaw::Path { output, reason } => (output, unfit(output, reason)),
            Flaw::Clash { first, second } => {
                let (culprit, other) = culprit_and_other(first, second);
                (culprit, taken(culprit, other))
            }
        };
        let source = culprit.source.as_deref();
        let source = source.unwrap_or_else(|| Utf8Path::new(CONFIG));
        let known = findings.get(source);
        if known.is_none_or(|known| finding.message.len() < known.message.len()) {
            findings.insert(source, finding);
        }
    }
    for (source, finding) in findings {
        let diagnostic = Diagnostic::file_error(finding.code, source, finding.message);
        diagnostics.push(diagnostic.hint(match source == CONFIG {
            true => PLEASE_REPORT,
            false => finding.hint,
        }));
    }
}

/// The file that should have another name, and the other one.
fn culprit_and_other<'a>(first: &'a Output, second: &'a Output) -> (&'a Output, &'a Output) {
    let is_static = |output: &Output| {
        let source = output.source.as_ref();
        source.is_some_and(|source| source.starts_with(STATIC))
    };
    let is_first = match second.source {
        // A page of the site has its address from what it is about.
        Some(_) => is_static(first) && !is_static(second),
        None => first.source.is_some(),
    };
    match is_first {
        true => (first, second),
        false => (second, first),
    }
}

/// A path that no file may have.
fn unfit(output: &Output, reason: &str) -> Finding {
    let path = shown(&output.path);
    let subject = subject(output);
    Finding {
        code: Code::BadFileName,
        message: format!("{subject} cannot be published as `{path}`: {reason}"),
        hint: "rename it",
    }
}

/// A path that is another's.
fn taken(output: &Output, other: &Output) -> Finding {
    let whose = match &other.source {
        Some(source) => format!("which `{}` becomes", shown(source)),
        None => "which allclear makes".to_owned(),
    };
    let (subject, place) = (subject(output), shown(&other.path));
    let (own, others) = (folded(output.path.as_str()), folded(other.path.as_str()));
    let is_one_place = are_in_line(Utf8Path::new(&own), Utf8Path::new(&others));
    let message = match is_one_place {
        true => format!("{subject} would take the place of `{place}`, {whose}"),
        false => {
            format!(
                "this file would lie in the folder of `{place}`, {whose}, and writes its name otherwise"
            )
        }
    };
    Finding {
        code: Code::PathTaken,
        message,
        hint: match are_in_line(&output.path, &other.path) {
            true => "rename it",
            false => {
                "rename it: some disks tell neither capital letters nor ways to write an accent apart"
            }
        },
    }
}

/// The subject of a message: the file that it is at, or one that allclear makes.
fn subject(output: &Output) -> String {
    match output.source {
        Some(_) => "this file".to_owned(),
        None => format!("the page's `{}`", shown(&output.path)),
    }
}

/// Whether two paths are the same, or one is a folder of the other.
fn are_in_line(one: &Utf8Path, other: &Utf8Path) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// A path as a message shows it: in one line, and a long one without its middle.
fn shown(path: &Utf8Path) -> String {
    let characters: Vec<char> = path.as_str().chars().collect();
    let mut shown = String::with_capacity(path.as_str().len());
    for (at, c) in characters.iter().enumerate() {
        let is_left_out = at >= SHOWN / 2 && at + SHOWN / 2 < characters.len();
        match c {
            _ if is_left_out && at == SHOWN / 2 => shown.push('…'),
            _ if is_left_out => {}
            c if c.is_control() => shown.extend(c.escape_default()),
            c => shown.push(*c),
        }
    }
    shown
}
