#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use chrono_tz::Tz;

use super::FORMAT;
use crate::import::{self, Document, Imported, Target};
use crate::time::Instant;

const CONFIG: &str = "title = \"Site\"\n";

/// An instant after everything that is imported.
const AFTERWARDS: Instant = Instant::from_timestamp_nanos(4_000_000_000_000_000_000);

fn import(documents: &[&str], config: &str, incidents: &BTreeMap<String, String>) -> Imported {
    let documents: Vec<Document<'_>> = documents
        .iter()
        .map(|text| Document {
            path: Utf8Path::new("export.json"),
            text,
        })
        .collect();
    let target = Target {
        config,
        incidents,
        zone: Tz::UTC,
        now: AFTERWARDS,
    };
    import::import(&FORMAT, &documents, &target)
}

fn import_new(documents: &[&str]) -> Imported {
    import(documents, CONFIG, &BTreeMap::new())
}

/// The only file that a document becomes.
fn file(document: &str) -> String {
    let imported = import_new(&[document]);
    assert_eq!(imported.diagnostics, []);
    let [(_, text)] = imported.files.try_into().unwrap();
    text
}

fn slugs(imported: &Imported) -> Vec<&str> {
    imported
        .files
        .iter()
        .map(|(path, _)| path.file_stem().unwrap())
        .collect()
}

fn as_site(files: &[(Utf8PathBuf, String)]) -> BTreeMap<String, String> {
    files
        .iter()
        .map(|(path, text)| (path.file_stem().unwrap().to_owned(), text.clone()))
        .collect()
}

const INCIDENT: &str = r#"{"page": {"id": "p", "time_zone": "Etc/UTC"}, "incident": {
    "id": "i1", "name": "Log-in fails: some users", "status": "resolved", "impact": "major", "shortlink": "https://example.com/s",
    "created_at": "2022-12-28T19:00:00.000Z", "started_at": "2022-12-28T19:00:00.000Z",
    "updated_at": "2022-12-28T22:10:00.900Z", "resolved_at": "2022-12-28T22:10:00.890Z",
    "components": [{"id": "c1", "name": "Web", "status": "operational"}, {"id": "c2", "name": "Log in", "status": "operational"}],
    "incident_updates": [
        {"id": "u3", "status": "resolved", "body": "It is over.", "display_at": "2022-12-28T22:10:00.890Z", "tweet_id": 7,
         "affected_components": [{"code": "c1", "name": "Web", "old_status": "degraded_performance", "new_status": "operational"}]},
        {"id": "u2", "status": "monitoring", "body": "<b>A fix</b> is out.", "display_at": "2022-12-28T22:30:15+01:00",
         "affected_components": [{"code": "c1", "name": "Web", "old_status": "partial_outage", "new_status": "degraded_performance"},
                                 {"code": "c2", "name": "Log in", "old_status": "operational", "new_status": "major_outage"}]},
        {"id": "u1", "status": "investigating", "body": null, "display_at": "2022-12-28T19:45:00Z",
         "affected_components": [{"code": "c1", "name": "Web", "old_status": "operational", "new_status": "partial_outage"}]}
    ]}}"#;

#[test]
fn an_incident_becomes_a_file() {
    let imported = import_new(&[INCIDENT]);
    let expected = r#"---
# imported from Statuspage: i1
title: "Log-in fails: some users"
impact: major
started: 2022-12-28 19:00 UTC
components:
  web: partial_outage
  log-in: operational
---

## Resolved · 2022-12-28 22:10 UTC

It is over.

## Monitoring · 2022-12-28 21:30:15 UTC {web=degraded_performance log-in=major_outage}

**A fix** is out.

## Investigating · 2022-12-28 19:45 UTC
"#;
    let path = Utf8PathBuf::from("incidents/2022-12-28-log-in-fails-some-users.md");
    assert_eq!(imported.files, [(path, expected.to_owned())]);
    assert_eq!(
        imported.config.unwrap(),
        "title = \"Site\"\n\n[[components]]\nid = \"log-in\"\nname = \"Log in\"\n\n[[components]]\nid = \"web\"\nname = \"Web\"\n"
    );
    assert_eq!(
        imported.tally.to_string(),
        "imported 1 incident with 3 updates; 0 were there already\n\
         added 2 components to allclear.toml\n  \
         3 incidents and components have other ids here, which programs that ask the API for them need\n  \
         1 field `incident_updates.tweet_id` is not carried over\n  \
         1 field `incidents.shortlink` is not carried over\n  \
         1 field `page.time_zone` is not carried over"
    );
}

#[test]
fn a_maintenance_becomes_a_file() {
    let document = r#"{"scheduled_maintenances": [{"id": "m1", "name": "Database move", "status": "in_progress",
        "impact": "maintenance", "scheduled_for": "2023-02-08T22:00:00Z", "scheduled_until": "2023-02-09T01:00:00Z",
        "components": [{"id": "c1", "name": "Web", "status": "under_maintenance"}],
        "incident_updates": [
            {"status": "in_progress", "body": "We have begun.", "display_at": "2023-02-08T22:00:20Z",
             "affected_components": [{"code": "c1", "name": "Web", "old_status": "operational", "new_status": "partial_outage"}]},
            {"status": "scheduled", "body": "We will move.", "display_at": "2023-02-01T09:00:00Z"}]}]}"#;
    assert_eq!(
        file(document),
        "---\n# imported from Statuspage: m1\ntitle: Database move\nkind: maintenance\n\
         starts: 2023-02-08 22:00 UTC\nends: 2023-02-09 01:00 UTC\ncomponents:\n  - web\n---\n\n\
         ## In progress · 2023-02-08 22:00:20 UTC\n\nWe have begun.\n\n\
         ## Scheduled · 2023-02-01 09:00 UTC\n\nWe will move.\n"
    );
    let tally = import_new(&[document]).tally.to_string();
    assert!(
        tally.contains("1 component status is not carried over from a maintenance"),
        "{tally}"
    );
}

#[test]
fn a_second_import_changes_nothing() {
    let first = import_new(&[INCIDENT]);
    let config = first.config.unwrap();
    let second = import(&[INCIDENT], &config, &as_site(&first.files));
    assert_eq!((second.files, second.config), (Vec::new(), None));
    assert_eq!(
        second.tally.to_string(),
        "imported 0 incidents with 0 updates; 1 was there already"
    );
}

#[test]
fn a_file_that_was_renamed_and_edited_is_known() {
    let site = BTreeMap::from([(
        "my-name".to_owned(),
        "---\n# imported from Statuspage: i1\ntitle: Mine\n---\n\n## Resolved · 2022-12-28 22:10\n"
            .to_owned(),
    )]);
    let imported = import(&[INCIDENT], CONFIG, &site);
    assert!(imported.files.is_empty());
    assert_eq!((imported.tally.already, imported.tally.grown), (1, 1));
}

#[test]
fn a_file_of_ones_own_with_the_same_day_and_title_is_left_alone() {
    let site = BTreeMap::from([(
        "2022-12-28-log-in-fails-some-users".to_owned(),
        "---\ntitle: Mine\n---\n".to_owned(),
    )]);
    assert!(import(&[INCIDENT], CONFIG, &site).files.is_empty());
}

#[test]
fn namesakes_of_a_day_are_numbered_in_any_order_of_documents() {
    let row = |id: &str, hour: &str| {
        format!(
            r#"{{"id": "{id}", "name": "Outage", "impact": "none", "started_at": "2022-12-28T{hour}:00:00Z"}}"#
        )
    };
    let (a, b) = (row("z", "01"), row("a", "02"));
    let one = import_new(&[&format!("[{a}, {b}]")]);
    assert_eq!(slugs(&one), ["2022-12-28-outage-2", "2022-12-28-outage"]);
    assert!(one.files[1].1.contains("Statuspage: z\n"));
    assert_eq!(one.files, import_new(&[&b, &a]).files);
    let later = import(&[&row("k", "00")], CONFIG, &as_site(&one.files));
    assert_eq!(slugs(&later), ["2022-12-28-outage-3"]);
}

#[test]
fn the_newest_version_of_an_incident_wins() {
    let row = |updated: &str, name: &str| {
        format!(
            r#"{{"id": "i", "name": "{name}", "impact": "none", "started_at": "2022-12-28T01:00:00Z", "updated_at": "{updated}"}}"#
        )
    };
    let (old, new) = (
        row("2022-12-28T02:00:00Z", "Old"),
        row("2022-12-28T03:00:00+00:30", "New"),
    );
    for documents in [[old.as_str(), &new], [&new, &old]] {
        assert_eq!(slugs(&import_new(&documents)), ["2022-12-28-new"]);
    }
}

#[test]
fn odd_incidents_are_imported_truthfully() {
    let document = r#"{"page": {"time_zone": "Europe/Zurich"}, "incidents": [{"id": "odd id\n", "name": " ", "status": "resolved", "impact": "huge",
        "started_at": "2022-12-28T12:00:00", "resolved_at": "2022-12-27T10:00:00+0100",
        "components": [{"id": "c", "name": "Web", "status": "operational"}],
        "incident_updates": [
            {"status": "resolved", "body": "b", "display_at": "2022-12-27T09:00:00.250Z"},
            {"status": "odd", "body": "a", "display_at": "2022-12-27T09:00:00.125Z"},
            {"status": null, "body": "", "display_at": "2022-12-27T08:00:00Z"}]}]}"#;
    assert_eq!(
        file(document),
        "---\ntitle: Incident\nimpact: none\ncomponents:\n  - web\n---\n\n\
         ## Resolved · 2022-12-27T09:00:00.250Z\n\nb\n\n\
         ## Update · 2022-12-27T09:00:00.125Z\n\na\n\n\
         ## Update · 2022-12-27 08:00 UTC\n"
    );
    let tally = import_new(&[document]).tally.to_string();
    assert!(
        tally.contains("1 incident had no name and got one\n  1 impact is `huge`: not known"),
        "{tally}"
    );
    assert!(
        tally.contains("1 start was later than the first update, whose time stands instead"),
        "{tally}"
    );
    assert!(
        tally.contains("1 update without a state became a plain update\n  1 update in the state `odd` became a plain update"),
        "{tally}"
    );
}

#[test]
fn updates_of_one_instant_keep_their_order() {
    let document = r#"{"id": "i", "name": "X", "impact": "none", "incident_updates": [
        {"status": "resolved", "body": "last", "display_at": "2022-12-27T09:00:00Z"},
        {"status": "monitoring", "body": "first", "display_at": "2022-12-27T09:00:00Z"}]}"#;
    let text = file(document);
    assert!(
        text.find("first").unwrap() < text.find("last").unwrap(),
        "{text}"
    );
}

#[test]
fn an_incident_without_updates_says_when_it_ended() {
    let document = r#"{"id": "i", "name": "X", "status": "resolved", "impact": "none",
        "started_at": "2022-12-27T09:00:00Z", "resolved_at": "2022-12-27T10:00:01Z"}"#;
    assert_eq!(
        file(document),
        "---\n# imported from Statuspage: i\ntitle: X\nstarted: 2022-12-27 09:00 UTC\nended: 2022-12-27 10:00:01 UTC\n---\n"
    );
}

#[test]
fn what_is_no_document_is_a_diagnostic_and_the_others_go_on() {
    let imported = import_new(&[
        "{\n  \"id\": oops}",
        "[{\"file\": 1}]",
        "17",
        r#"[{"id": "x", "impact": 5}]"#,
        r#"[{"id": "z", "impact": "none", "incident_updates": ["late"]}]"#,
        r#"[{"id": "w", "impact": "none", "incident_updates": 7}]"#,
        r#"[{"id": "v", "name": "Web", "position": "first"}]"#,
        r#"{"id": "y", "name": "Never", "impact": "none"}"#,
        r#"{"page": {"id": "p"}, "status": {"indicator": "none"}}"#,
        "",
        INCIDENT,
    ]);
    assert_eq!(imported.files.len(), 1);
    let found: Vec<_> = imported
        .diagnostics
        .iter()
        .map(|d| {
            (
                d.location.place().map(|place| place.line_column()),
                d.message.as_str(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (Some((2, 9)), "this is not JSON: expected value"),
            (Some((1, 1)), "this is no document of a Statuspage"),
            (Some((1, 1)), "this is no document of a Statuspage"),
            (
                Some((1, 9)),
                "this part of the document cannot be read: invalid type: integer `5`, expected a string"
            ),
            (
                Some((1, 9)),
                "this part of the document cannot be read: invalid type: string \"late\", expected an update"
            ),
            (
                Some((1, 9)),
                "this part of the document cannot be read: invalid type: integer `7`, expected a list"
            ),
            (
                Some((1, 9)),
                "this part of the document cannot be read: invalid type: string \"first\", expected a whole number"
            ),
            (Some((1, 1)), "this is not JSON: EOF while parsing a value"),
            (
                None,
                "the incident `y` says nowhere when it was, so that it has no place in the history"
            ),
        ]
    );
    assert!(
        imported
            .diagnostics
            .iter()
            .all(|d| d.code.as_str() == "bad-document" && d.hint.is_some())
    );
}
