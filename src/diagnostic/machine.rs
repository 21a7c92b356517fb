//! Diagnostics for programs: JSON, SARIF 2.1.0, the annotations of GitHub's workflow commands, and GitLab's reports.
//!
//! One pure function a format, all of the same input. Lines and columns count from 1; columns are
//! characters, and an end is the column after the last one. Hosts look for files from the folder in which the program runs, so
//! that their formats take the site's folder as it is seen from there.

use camino::Utf8Path;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::lines::Lines;
use super::{Code, Diagnostic, Diagnostics, Location, Place, Severity};
use crate::characters::{escaped_json, is_obeyed};

/// The place that a diagnostic points to.
#[derive(Debug, Serialize)]
struct Spot {
    /// The path of the file.
    file: String,
    /// `None` for a file as a whole, as the next three.
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

impl Spot {
    fn of(place: &Place, lines: &mut Lines) -> Self {
        let (line, column) = lines.line_column(place);
        let text = place.text();
        let (end_line, end_column) = match text.rsplit_once('\n') {
            Some((before, last)) => (
                line + 1 + before.matches('\n').count(),
                last.chars().count() + 1,
            ),
            None => (line, column + text.chars().count()),
        };
        Self {
            file: place.file.path.to_string(),
            line: Some(line),
            column: Some(column),
            end_line: Some(end_line),
            end_column: Some(end_column),
        }
    }

    /// The same place, seen from where the site's `folder` is.
    fn below(mut self, folder: &Utf8Path) -> Self {
        if !folder.as_str().is_empty() {
            self.file = format!("{folder}/{}", self.file);
        }
        self
    }

    fn of_diagnostic(diagnostic: &Diagnostic, lines: &mut Lines) -> Self {
        match &diagnostic.location {
            Location::Text(place) => Self::of(place, lines),
            Location::File(path) => Self {
                file: path.to_string(),
                line: None,
                column: None,
                end_line: None,
                end_column: None,
            },
        }
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// One JSON document: every diagnostic in the order of a report, and how many there are.
pub fn json(diagnostics: &Diagnostics) -> String {
    let lines = &mut Lines::default();
    let list = diagnostics.iter().map(|diagnostic| {
        json!({
            "severity": level(diagnostic.severity),
            "code": diagnostic.code.as_str(),
            "message": diagnostic.message,
            "at": Spot::of_diagnostic(diagnostic, lines),
            "related": diagnostic.related.as_ref().map(|(place, label)| json!({
                "message": label,
                "at": Spot::of(place, lines),
            })),
            "help": diagnostic.hint,
        })
    });
    document(&json!({
        "diagnostics": list.collect::<Vec<_>>(),
        "errors": diagnostics.errors(),
        "warnings": diagnostics.warnings(),
    }))
}

/// A SARIF 2.1.0 log (OASIS Standard, 27 March 2020), as GitHub's code scanning and editors read it.
pub fn sarif(diagnostics: &Diagnostics, folder: &Utf8Path) -> String {
    let rules = Code::ALL.iter().map(|code| {
        json!({
            "id": code.as_str(),
            "fullDescription": { "text": code.explanation() },
            "help": { "text": code.explanation(), "markdown": code.explanation() },
        })
    });
    let lines = &mut Lines::default();
    let results = diagnostics.iter().map(|diagnostic| {
        let index = Code::ALL.iter().position(|code| *code == diagnostic.code);
        let mut text = diagnostic.message.clone();
        if let Some(hint) = &diagnostic.hint {
            text = format!("{text}\n{hint}");
        }
        let mut result = json!({
            "ruleId": diagnostic.code.as_str(),
            "ruleIndex": index,
            "level": level(diagnostic.severity),
            "message": { "text": text },
            "locations": [location(&Spot::of_diagnostic(diagnostic, lines).below(folder))],
        });
        if let Some((place, label)) = &diagnostic.related {
            let mut related = location(&Spot::of(place, lines).below(folder));
            related["message"] = json!({ "text": label });
            result["relatedLocations"] = json!([related]);
        }
        result
    });
    document(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "allclear",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    }))
}

fn location(spot: &Spot) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&spot.file) } });
    if let (Some(line), Some(column)) = (spot.line, spot.column) {
        physical["region"] = json!({
            "startLine": line,
            "startColumn": column,
            "endLine": spot.end_line,
            "endColumn": spot.end_column,
        });
    }
    json!({ "physicalLocation": physical })
}

/// A path as a relative reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn document(value: &Value) -> String {
    escaped_json(format!("{value:#}\n"))
}

/// A workflow command a diagnostic, by which GitHub marks the line in a pull request.
pub fn github(diagnostics: &Diagnostics, folder: &Utf8Path) -> String {
    let lines = &mut Lines::default();
    let commands = diagnostics.iter().map(|diagnostic| {
        let spot = Spot::of_diagnostic(diagnostic, lines).below(folder);
        let mut properties = vec![format!("file={}", property(&spot.file))];
        let lines = [
            ("line", spot.line),
            ("endLine", spot.end_line),
            ("col", spot.column),
            ("endColumn", spot.end_column),
        ];
        let lines = lines
            .into_iter()
            .filter_map(|(name, at)| Some(format!("{name}={}", at?)));
        properties.extend(lines);
        properties.push(format!("title={}", property(diagnostic.code.as_str())));
        let mut text = diagnostic.message.clone();
        if let Some(hint) = &diagnostic.hint {
            text = format!("{text}\n{hint}");
        }
        let level = level(diagnostic.severity);
        format!("::{level} {}::{}\n", properties.join(","), data(&text))
    });
    commands.collect()
}

/// A report of code quality, by which GitLab marks the line in a merge request.
pub fn gitlab(diagnostics: &Diagnostics, folder: &Utf8Path) -> String {
    let lines = &mut Lines::default();
    let findings = diagnostics.iter().map(|diagnostic| {
        let spot = Spot::of_diagnostic(diagnostic, lines).below(folder);
        let (code, message) = (diagnostic.code.as_str(), &diagnostic.message);
        // The same finding in another version of the file has another line, and is the same finding.
        let identity = Sha256::digest(format!("{code}\n{}\n{message}", spot.file));
        json!({
            "description": match &diagnostic.hint {
                Some(hint) => format!("{message} ({hint})"),
                None => message.clone(),
            },
            "check_name": code,
            "fingerprint": identity.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
            "severity": match diagnostic.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
            },
            "location": { "path": spot.file, "lines": { "begin": spot.line.unwrap_or(1) } },
        })
    });
    document(&findings.collect())
}

/// The text of a command, in which lines would end it.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace(is_obeyed, "\u{fffd}")
}

/// A property of a command, in which these would end it too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
