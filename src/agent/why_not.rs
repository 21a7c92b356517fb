//! Why a site cannot be read, in one line of a log.

use crate::diagnostic::{Diagnostics, Severity};
use crate::locale::english::counted;

/// Why a site cannot be read: the first error, and how many more there are.
pub fn why_not(diagnostics: &Diagnostics) -> String {
    let mut errors = diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Error);
    let Some(first) = errors.next() else {
        return "the site cannot be read".to_owned();
    };
    let place = first.location.place().map(|place| place.line_column());
    let place = place.map_or_else(String::new, |(line, _)| format!(":{line}"));
    let more = match errors.count() {
        0 => String::new(),
        more => format!(", and {}", counted(more, "more error")),
    };
    format!("{}{place}: {}{more}", first.location.path(), first.message)
}
