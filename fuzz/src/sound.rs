//! What holds of every reading, whatever was read.

use std::sync::Arc;

use allclear::diagnostic::report::report;
use allclear::diagnostic::{Diagnostics, Location, SourceFile};

/// The text of an input; what is no UTF-8 in it becomes U+FFFD, as no reader ever sees other texts.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A file of a site.
pub fn file(path: &str, text: impl Into<String>) -> Arc<SourceFile> {
    Arc::new(SourceFile {
        path: path.into(),
        text: text.into(),
    })
}

/// The number of findings that are rendered: what holds of these holds of more.
const RENDERED: usize = 5;

/// Asserts that each finding points into its file, can be shown, and sends no command to a terminal.
pub fn assert_placed(diagnostics: &Diagnostics) {
    for diagnostic in diagnostics.iter().take(RENDERED) {
        if let Location::Text(place) = &diagnostic.location {
            let text = &place.file.text;
            assert!(
                text.get(place.span.clone()).is_some(),
                "{:?} is no part of the text: {}",
                place.span,
                diagnostic.message
            );
            let (line, column) = place.line_column();
            assert!(line > 0 && column > 0);
        }
        let report = report(diagnostic);
        assert!(report.ends_with('\n'));
        assert_plain(&report);
    }
}

/// Asserts that a report has no controls besides line ends, tabs and the colours that the program itself sets.
fn assert_plain(report: &str) {
    let mut rest = report;
    while let Some(at) = rest.find(|c: char| c.is_control() && !matches!(c, '\n' | '\t')) {
        let colour = rest[at..]
            .strip_prefix("\u{1b}[")
            .and_then(|rest| rest.split_once('m'))
            .filter(|(codes, _)| {
                codes
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b';')
            });
        match colour {
            Some((_, after)) => rest = after,
            None => panic!("a control in a report: {report:?}"),
        }
    }
}

/// The messages of the errors.
pub fn errors(diagnostics: &Diagnostics) -> Vec<String> {
    let errors = diagnostics
        .iter()
        .filter(|it| it.severity == allclear::diagnostic::Severity::Error);
    errors
        .map(|it| format!("{}: {}", it.location.path(), it.message))
        .collect()
}
