//! The documents of a Statuspage as they are written: JSON of the public API, version 2.
//!
//! Every field may be missing or null, for real documents have gone through many hands. What a
//! type does not name is kept in `rest`, so that the report can say what was left behind.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic, Place, SourceFile};
use crate::import::format::Document;
use crate::site::read::first_of_each;
use crate::time::{self, Instant};

const HINT: &str = "give incident documents, `incidents.json`, `scheduled-maintenances.json`, `components.json` or `summary.json`";

/// The fields of an object that its type does not name.
pub(super) type Rest = BTreeMap<String, Value>;

/// The page that a document comes from.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, expecting = "a page")]
pub(super) struct StatuspagePage {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) url: Option<String>,
    pub(super) time_zone: Option<String>,
    pub(super) updated_at: Option<String>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// An incident or a maintenance.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, expecting = "an incident")]
pub(super) struct StatuspageIncident {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) status: Option<String>,
    pub(super) created_at: Option<String>,
    pub(super) updated_at: Option<String>,
    pub(super) monitoring_at: Option<String>,
    pub(super) resolved_at: Option<String>,
    pub(super) started_at: Option<String>,
    pub(super) scheduled_for: Option<String>,
    pub(super) scheduled_until: Option<String>,
    pub(super) impact: Option<String>,
    pub(super) page_id: Option<String>,
    pub(super) incident_updates: Option<Vec<StatuspageUpdate>>,
    pub(super) components: Option<Vec<StatuspageComponent>>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// An update.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, expecting = "an update")]
pub(super) struct StatuspageUpdate {
    pub(super) id: Option<String>,
    pub(super) incident_id: Option<String>,
    pub(super) status: Option<String>,
    pub(super) body: Option<String>,
    pub(super) created_at: Option<String>,
    pub(super) updated_at: Option<String>,
    pub(super) display_at: Option<String>,
    pub(super) affected_components: Option<Vec<StatuspageAffected>>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// A component that an update touches.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, expecting = "a component of an update")]
pub(super) struct StatuspageAffected {
    pub(super) code: Option<String>,
    pub(super) name: Option<String>,
    pub(super) old_status: Option<String>,
    pub(super) new_status: Option<String>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// A component, or a group of components.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, expecting = "a component")]
pub(super) struct StatuspageComponent {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) status: Option<String>,
    pub(super) created_at: Option<String>,
    pub(super) updated_at: Option<String>,
    pub(super) position: Option<i64>,
    pub(super) description: Option<String>,
    pub(super) start_date: Option<String>,
    pub(super) group_id: Option<String>,
    pub(super) page_id: Option<String>,
    pub(super) group: Option<bool>,
    pub(super) components: Option<Vec<String>>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// An incident with the time zone that its page is kept in.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) incident: StatuspageIncident,
    pub(super) time_zone: Option<String>,
}

/// Everything that the documents hold.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) pages: Vec<StatuspagePage>,
    pub(super) incidents: Vec<Found>,
    pub(super) components: Vec<StatuspageComponent>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads all documents; one that cannot be read becomes a diagnostic, and the others go on.
pub(super) fn read(documents: &[Document<'_>]) -> Contents {
    let mut contents = Contents::default();
    for document in documents {
        let text = document
            .text
            .strip_prefix('\u{feff}')
            .unwrap_or(document.text);
        match serde_json::from_str::<Value>(text) {
            Ok(value) => DocumentReader {
                document,
                text,
                file: OnceCell::new(),
                first_of_each: OnceCell::new(),
                contents: &mut contents,
            }
            .document(value),
            Err(error) => {
                let at = offset(text, error.line(), error.column());
                let place = place(&source_file(document, text), at..at + 1);
                let message = format!("this is not JSON: {}", without_position(&error));
                contents
                    .diagnostics
                    .push(Diagnostic::error(Code::BadDocument, place, message).hint(HINT));
            }
        }
    }
    contents
}

/// One document on its way into the contents of all.
struct DocumentReader<'a> {
    document: &'a Document<'a>,
    text: &'a str,
    /// The document for findings, once there is one.
    file: OnceCell<Arc<SourceFile>>,
    /// Where its ids stand, once a finding is to point at one.
    first_of_each: OnceCell<HashMap<&'a str, usize>>,
    contents: &'a mut Contents,
}

impl DocumentReader<'_> {
    fn document(&mut self, value: Value) {
        match value {
            Value::Array(rows) if rows.iter().any(|row| is_incident(row) || is_component(row)) => {
                self.rows(rows, None);
            }
            Value::Array(rows) if rows.is_empty() => {}
            Value::Object(mut fields) => {
                let page = fields
                    .remove("page")
                    .and_then(|page| self.decode::<StatuspagePage>(page));
                let zone = page.as_ref().and_then(|page| page.time_zone.clone());
                let known = page.is_some();
                self.contents.pages.extend(page);
                if is_incident_object(&fields) {
                    self.row(Value::Object(fields), zone);
                } else if !self.collections(fields, zone.as_deref()) && !known {
                    self.refuse();
                }
            }
            _ => self.refuse(),
        }
    }

    /// Takes the lists of a document; whether it had one.
    fn collections(&mut self, mut fields: Map<String, Value>, zone: Option<&str>) -> bool {
        let mut found = false;
        for key in ["incident", "scheduled_maintenance"] {
            if let Some(row) = fields.remove(key) {
                found = true;
                self.row(row, zone.map(str::to_owned));
            }
        }
        for key in ["incidents", "scheduled_maintenances", "components"] {
            if let Some(Value::Array(rows)) = fields.remove(key) {
                found = true;
                self.rows(rows, zone);
            }
        }
        found
    }

    fn rows(&mut self, rows: Vec<Value>, zone: Option<&str>) {
        for row in rows {
            self.row(row, zone.map(str::to_owned));
        }
    }

    fn row(&mut self, row: Value, time_zone: Option<String>) {
        if is_incident(&row) {
            if let Some(incident) = self.decode::<StatuspageIncident>(row) {
                self.contents.incidents.push(Found {
                    incident,
                    time_zone,
                });
            }
        } else if is_component(&row) {
            let component = self.decode::<StatuspageComponent>(row);
            self.contents.components.extend(component);
        } else {
            self.refuse();
        }
    }

    fn decode<T: for<'de> Deserialize<'de>>(&mut self, value: Value) -> Option<T> {
        let id = value
            .get("id")
            .and_then(Value::as_str)
            .map(|id| format!("\"{id}\""));
        match T::deserialize(value) {
            Ok(row) => Some(row),
            Err(error) => {
                let span = id.and_then(|id| self.span_of(&id)).unwrap_or(0..1);
                let place = place(self.file(), span);
                let error = in_plain_words(&error);
                let message = format!("this part of the document cannot be read: {error}");
                let hint = "fix it and import again: what was imported is not touched";
                self.contents
                    .diagnostics
                    .push(Diagnostic::error(Code::BadDocument, place, message).hint(hint));
                None
            }
        }
    }

    /// The document for findings.
    fn file(&self) -> &Arc<SourceFile> {
        let file = || source_file(self.document, self.text);
        self.file.get_or_init(file)
    }

    /// Where an id, as JSON writes it, stands first.
    fn span_of(&self, id: &str) -> Option<Range<usize>> {
        let quoted = id.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let at = match quoted {
            Some(quoted) => {
                let first_of_each = self.first_of_each.get_or_init(|| first_of_each(self.text));
                *first_of_each.get(quoted)?
            }
            None => self.text.find(id)?,
        };
        Some(at..at + id.len())
    }

    fn refuse(&mut self) {
        let place = place(self.file(), 0..1);
        let message = "this is no document of a Statuspage";
        self.contents
            .diagnostics
            .push(Diagnostic::error(Code::BadDocument, place, message).hint(HINT));
    }
}

/// An error of the decoder without the names of this program's types.
fn in_plain_words(error: &serde_json::Error) -> String {
    let words = [
        ("i64", "a whole number"),
        ("a sequence", "a list"),
        ("sequence", "list"),
        ("map", "object"),
    ];
    let mut text = error.to_string();
    for (name, plain) in words {
        text = text.replace(&format!("expected {name}"), &format!("expected {plain}"));
        text = text.replace(
            &format!("invalid type: {name}"),
            &format!("invalid type: {plain}"),
        );
    }
    text
}

fn is_incident(row: &Value) -> bool {
    row.as_object().is_some_and(is_incident_object)
}

fn is_incident_object(row: &Map<String, Value>) -> bool {
    row.contains_key("incident_updates")
        || ["impact", "started_at", "scheduled_for"]
            .iter()
            .any(|key| row.contains_key(*key))
}

fn is_component(row: &Value) -> bool {
    row.as_object()
        .is_some_and(|row| row.contains_key("name") && !is_incident_object(row))
}

fn source_file(document: &Document<'_>, text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile {
        path: document.path.to_owned(),
        text: text.to_owned(),
    })
}

fn place(file: &Arc<SourceFile>, span: Range<usize>) -> Place {
    let end = file.text.len();
    Place::new(file, span.start.min(end)..span.end.min(end))
}

/// The byte offset of a line and a column, both from 1, as `serde_json` counts them: in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (start + column.saturating_sub(1)).min(text.len())
}

fn without_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(at) => message[..at].to_owned(),
        None => message,
    }
}

/// The instant that a document says; where it names no offset, it is in `zone`.
pub(super) fn instant(text: Option<&str>, zone: Tz) -> Option<Instant> {
    let text = text?.trim();
    let instant = time::parse(text, zone).ok().or_else(|| {
        DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z")
            .ok()
            .map(|at| at.with_timezone(&Utc))
    })?;
    // What a file can say: four digits of a year.
    (0..=9999)
        .contains(&chrono::Datelike::year(&instant))
        .then_some(instant)
}
