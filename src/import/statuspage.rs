//! Statuspage documents as incident files.
//!
//! A file remembers in a comment which incident it came from. So a file that was edited or renamed
//! since is still known, and a second import of the same documents changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use chrono_tz::Tz;
use serde_json::Value;
use slug::slugify;

use self::body::Converter;
use self::catalogue::Catalogue;
use self::document::{Contents, Found, Page, Rest};
use super::{Document, Imported, Loss, Report, Target};
use crate::diagnostic::{Code, Diagnostic};

mod body;
mod catalogue;
mod course;
mod document;
mod file;

/// The longest part of a slug that comes from a title.
const LONGEST_TITLE: usize = 60;

/// Turns Statuspage documents into incident files, and adds the components that the site lacks.
///
/// An incident that stands in several documents is imported once, from the newest. No file of the
/// site is written again. The result does not depend on the order of the documents.
pub fn statuspage(documents: &[Document<'_>], target: &Target<'_>) -> Imported {
    let mut contents = document::read(documents);
    let mut diagnostics = std::mem::take(&mut contents.diagnostics);
    contents.incidents = newest(contents.incidents);
    let catalogue = catalogue::match_components(&contents, target.config);
    let mut report = Report {
        components: catalogue.components.len(),
        groups: catalogue.groups,
        ..Report::default()
    };
    report_components(&catalogue, &mut report);
    let pages = std::mem::take(&mut contents.pages);
    let files = write_files(contents, &catalogue, target, &mut report, &mut diagnostics);
    if !files.is_empty() {
        report_pages(&pages, &mut report);
    }
    diagnostics.extend(catalogue.diagnostic);
    Imported {
        files,
        config: catalogue.config,
        report,
        diagnostics,
    }
}

/// Each incident once: the version that was touched last, or of two such the longer one.
fn newest(incidents: Vec<Found>) -> Vec<Found> {
    let mut by_id: BTreeMap<String, (Found, String)> = BTreeMap::new();
    for found in incidents {
        let incident = &found.incident;
        let text = format!("{incident:?}");
        let key = match &incident.id {
            Some(id) => id.clone(),
            None => format!("{:?} {:?}", incident.started_at, incident.name),
        };
        let rank = |found: &Found, text: &str| {
            let incident = &found.incident;
            let updated = document::instant(incident.updated_at.as_deref(), Tz::UTC);
            let updates = incident.incident_updates.as_ref().map(Vec::len);
            (updated, updates, text.len(), text.to_owned())
        };
        let newer = match by_id.get(&key) {
            Some((old, old_text)) => rank(&found, &text) > rank(old, old_text),
            None => true,
        };
        if newer {
            by_id.insert(key, (found, text));
        }
    }
    by_id.into_values().map(|(found, _)| found).collect()
}

fn write_files(
    contents: Contents,
    catalogue: &Catalogue,
    target: &Target<'_>,
    report: &mut Report,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Utf8PathBuf, String)> {
    let converter = Converter::new();
    let mut courses = Vec::new();
    for found in contents.incidents {
        let zone = found
            .time_zone
            .as_deref()
            .and_then(|zone| zone.parse().ok())
            .unwrap_or(target.zone);
        let id = found.incident.id.clone();
        let mut losses = Report::default();
        match course::of(found.incident, zone, catalogue, &mut losses) {
            Some(course) => courses.push((course, losses)),
            None => {
                let id = id.unwrap_or_else(|| "without an id".to_owned());
                let path = Utf8PathBuf::from("incidents");
                let message = format!(
                    "the incident `{id}` says nowhere when it was, so that it has no place in the history"
                );
                diagnostics.push(
                    Diagnostic::file_error(Code::BadDocument, path, message).hint(
                        "give its document a `started_at` that can be read, and import again",
                    ),
                );
            }
        }
    }
    courses
        .sort_by(|(a, _), (b, _)| (a.start(), &a.id, &a.title).cmp(&(b.start(), &b.id, &b.title)));

    let sources: BTreeMap<&str, &str> = target
        .incidents
        .iter()
        .filter_map(|(slug, text)| Some((file::source_of(text)?, slug.as_str())))
        .collect();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut files = Vec::new();
    for (course, losses) in courses {
        let there = match course.id.as_deref().and_then(|id| sources.get(id)) {
            Some(slug) => Ok((*slug).to_owned()),
            None => free_slug(&base_slug(&course), target, &mut taken),
        };
        match there {
            Ok(slug) => {
                report.already += 1;
                let text = target.incidents.get(&slug).map_or("", String::as_str);
                if file::count_updates(text) < course.updates.len() {
                    report.grown += 1;
                }
            }
            Err(slug) => {
                match course.kind {
                    course::Kind::Maintenance { .. } => report.maintenances += 1,
                    course::Kind::Incident { .. } => report.incidents += 1,
                }
                report.updates += course.updates.len();
                for (loss, count) in losses.losses {
                    *report.losses.entry(loss).or_default() += count;
                }
                let path = Utf8PathBuf::from(format!("incidents/{slug}.md"));
                files.push((path, file::text(&course, &converter)));
            }
        }
    }
    files.sort();
    files
}

/// The first slug that no other incident has, as an error; or the slug of a file of the site that
/// is, by day and title, this very incident, although it does not say where it came from.
fn free_slug(
    base: &str,
    target: &Target<'_>,
    taken: &mut BTreeSet<String>,
) -> Result<String, String> {
    let mut slug = base.to_owned();
    let mut number = 1;
    loop {
        let free = taken.insert(slug.clone());
        match target.incidents.get(&slug) {
            None if free => return Err(slug),
            Some(text) if free && file::source_of(text).is_none() => return Ok(slug),
            _ => {
                number += 1;
                slug = format!("{base}-{number}");
            }
        }
    }
}

fn base_slug(course: &course::Course) -> String {
    let title = slugify(&course.title);
    let title = match title.get(..LONGEST_TITLE) {
        Some(cut) if title.as_bytes().get(LONGEST_TITLE) != Some(&b'-') => {
            cut.rfind('-').map_or(cut, |at| &cut[..at])
        }
        Some(cut) => cut,
        None => &title,
    };
    let title = match (title, &course.kind) {
        ("", course::Kind::Incident { .. }) => "incident",
        ("", course::Kind::Maintenance { .. }) => "maintenance",
        (title, _) => title,
    };
    format!(
        "{}-{}",
        course.start().format("%Y-%m-%d"),
        title.trim_end_matches('-')
    )
}

/// Counts what new components have that a site cannot say.
fn report_components(catalogue: &Catalogue, report: &mut Report) {
    for row in &catalogue.components {
        lose_rest(report, "components", &row.rest);
        if row
            .status
            .as_deref()
            .is_some_and(|status| status != "operational")
        {
            report.lose(Loss::Field("components.status".to_owned()));
        }
    }
}

/// Counts what is said of the pages that the documents come from, once for each page.
fn report_pages(pages: &[Page], report: &mut Report) {
    let pages: BTreeMap<&Option<String>, &Page> =
        pages.iter().map(|page| (&page.id, page)).collect();
    for page in pages.into_values() {
        for (field, value) in [
            ("name", &page.name),
            ("url", &page.url),
            ("time_zone", &page.time_zone),
        ] {
            if value.is_some() {
                report.lose(Loss::Field(format!("page.{field}")));
            }
        }
        lose_rest(report, "page", &page.rest);
    }
}

/// Counts the fields that are not read. One that is null or empty says nothing.
fn lose_rest(report: &mut Report, object: &str, rest: &Rest) {
    for (field, value) in rest {
        let silent = match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(rows) => rows.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        if !silent {
            report.lose(Loss::Field(format!("{object}.{field}")));
        }
    }
}

#[cfg(test)]
mod tests;
