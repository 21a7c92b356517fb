//! Printing: results to the standard output, and what goes beside them to the standard error.
//!
//! All that the program prints goes through here, so that no title, name, path or argument reaches a terminal as
//! something that it obeys.

use std::io::Write as _;

use allclear::characters::for_terminal;
use allclear::diagnostic::lines::Lines;
use allclear::diagnostic::report::{digest, report_among};
use allclear::diagnostic::{Diagnostic, Diagnostics, Severity};
use allclear::locale::english::counted;

use super::global::Global;

/// Prints a result for people: what the user asked for, whatever it quotes.
pub(crate) fn print(text: &str) {
    print_document(&for_terminal(text));
}

/// Prints a document for programs, which has its own escapes for what a terminal would obey.
pub(crate) fn print_document(text: &str) {
    let mut stream = anstream::stdout().lock();
    // A reader that went away, as `| head`, wants no more.
    let _ = stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.flush());
}

/// Prints what goes beside a result, whatever it quotes.
pub(crate) fn report(text: &str) {
    report_styled(&for_terminal(text));
}

/// Prints what goes beside a result and has colours: diagnostics and errors, whose parts were made [`for_terminal`].
pub(crate) fn report_styled(text: &str) {
    let mut stream = anstream::stderr().lock();
    let _ = stream.write_all(text.as_bytes());
}

/// Prints diagnostics, of each kind a few, and how many there are.
pub(crate) fn report_all(diagnostics: &Diagnostics, global: &Global) {
    let mut reports = digest(shown(diagnostics, global)).join("\n");
    if !reports.is_empty() {
        reports.push('\n');
    }
    report_styled(&(reports + &counts(diagnostics, global)));
}

/// Prints diagnostics though the user wants to see little: those that would otherwise be told nowhere.
#[cfg(feature = "agent")]
pub(crate) fn report_anyway(diagnostics: &Diagnostics) {
    report_styled(&digest(diagnostics.iter()).join("\n"));
}

/// Prints the errors among diagnostics, of each kind a few, and how many there are.
pub(crate) fn report_errors(diagnostics: &Diagnostics, global: &Global) {
    let errors = diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Error);
    report_all(
        &Diagnostics::from(errors.cloned().collect::<Vec<_>>()),
        global,
    );
}

/// Prints every diagnostic, and how many there are.
pub(crate) fn report_each(diagnostics: &Diagnostics, global: &Global) {
    let mut text = String::new();
    let lines = &mut Lines::default();
    for diagnostic in shown(diagnostics, global) {
        text.push_str(&report_among(diagnostic, lines));
        text.push('\n');
    }
    text.push_str(&counts(diagnostics, global));
    report_styled(&text);
}

/// The diagnostics that a user wants to see.
fn shown<'a>(
    diagnostics: &'a Diagnostics,
    global: &Global,
) -> impl Iterator<Item = &'a Diagnostic> + Clone {
    let quiet = global.quiet;
    diagnostics
        .iter()
        .filter(move |it| !quiet || it.severity == Severity::Error)
}

/// A line with how many diagnostics there are.
fn counts(diagnostics: &Diagnostics, global: &Global) -> String {
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
    match is_counted && !counts.is_empty() {
        true => format!(
            "{}; `allclear explain CODE` says more of each\n",
            counts.join(" and ")
        ),
        false => String::new(),
    }
}

/// `312 bytes`, `4.2 KB`, `38.1 MB`.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
