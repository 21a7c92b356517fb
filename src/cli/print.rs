//! Printing: results to the standard output, and what goes beside them to the standard error.

use std::io::Write as _;

use allclear::diagnostic::report::report as report_of;
use allclear::diagnostic::{Diagnostics, Severity};
use allclear::locale::english::counted;

use super::global::Global;

/// Prints a result: what the user asked for.
pub(crate) fn print(text: &str) {
    let mut stream = anstream::stdout().lock();
    // A reader that went away, as `| head`, wants no more.
    let _ = stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.flush());
}

/// Prints what goes beside a result: diagnostics and errors.
pub(crate) fn report(text: &str) {
    let mut stream = anstream::stderr().lock();
    let _ = stream.write_all(text.as_bytes());
}

/// Prints diagnostics and how many there are.
pub(crate) fn report_all(diagnostics: &Diagnostics, global: &Global) {
    let mut text = String::new();
    for diagnostic in diagnostics.iter() {
        if global.quiet && diagnostic.severity == Severity::Warning {
            continue;
        }
        text.push_str(&report_of(diagnostic));
        text.push('\n');
    }
    let counts = [
        (diagnostics.errors(), "error"),
        (diagnostics.warnings(), "warning"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    let is_counted = diagnostics.errors() > 0 || !global.quiet;
    if is_counted && !counts.is_empty() {
        text.push_str(&format!(
            "{}; `allclear explain CODE` says more of each\n",
            counts.join(" and ")
        ));
    }
    report(&text);
}
