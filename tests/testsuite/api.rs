//! The documents of Statuspage's API: each keeps to a schema that knows no other key and no other word, and says what
//! the page says.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use serde_json::{Value, json};
use snapbox::{IntoData as _, str};

use crate::site_test::{NOW, SiteTest, files_below};

mod bad_input;
mod changes;
mod places;
mod updates;
mod validity;

/// The schema: a definition for each document.
const SCHEMA: &str = include_str!("api/statuspage-v2.schema.json");

/// The documents that every page has, each with its definition.
const DOCUMENTS: [(&str, &str); 8] = [
    ("summary.json", "summary"),
    ("status.json", "status_document"),
    ("components.json", "components"),
    ("incidents.json", "incidents"),
    ("incidents/unresolved.json", "unresolved"),
    ("scheduled-maintenances.json", "maintenances"),
    ("scheduled-maintenances/active.json", "planned"),
    ("scheduled-maintenances/upcoming.json", "planned"),
];

/// The validator of a document.
fn validator(definition: &str) -> Validator {
    let mut schema: Value = serde_json::from_str(SCHEMA).unwrap();
    schema["$ref"] = json!(format!("#/$defs/{definition}"));
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    options.build(&schema).unwrap()
}

/// The definition of a document.
fn definition(path: &str) -> &'static str {
    let known = DOCUMENTS.iter().find(|(known, _)| *known == path);
    match known {
        Some((_, definition)) => definition,
        None if path.starts_with("incidents/page-") => "older_incidents",
        None if path.starts_with("scheduled-maintenances/page-") => "older_maintenances",
        None => "single",
    }
}

/// Every document of a built site, once it keeps to the schema and to the others.
#[track_caller]
pub(crate) fn documents(site: &SiteTest) -> BTreeMap<String, Value> {
    let root = site.path("public/api/v2");
    let mut validators: BTreeMap<&str, Validator> = BTreeMap::new();
    let documents = files_below(&root).into_iter().map(|path| {
        let text = site.read(&format!("public/api/v2/{path}"));
        let document: Value = serde_json::from_str(&text).unwrap();
        let definition = definition(&path);
        let validator = validators
            .entry(definition)
            .or_insert_with(|| validator(definition));
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| format!("{path}{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        (path, document)
    });
    let documents: BTreeMap<String, Value> = documents.collect();
    for (path, _) in DOCUMENTS {
        assert!(documents.contains_key(path), "there is no {path}");
    }
    assert_coherent(&documents);
    documents
}

/// What documents say of one another: ids are unique and lead to what they are the ids of.
#[track_caller]
fn assert_coherent(documents: &BTreeMap<String, Value>) {
    let rows = list(&documents["components.json"], "components");
    let ids: Vec<&str> = rows.iter().map(|row| text(row, "id")).collect();
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(known.len(), ids.len(), "{ids:?}");
    for row in rows {
        let members = list(row, "components").iter();
        for member in members.chain(row.get("group_id").filter(|id| !id.is_null())) {
            assert!(known.contains(member.as_str().unwrap()), "{row}");
        }
    }
    let mut incidents: BTreeSet<&str> = BTreeSet::new();
    let mut updates: BTreeSet<&str> = BTreeSet::new();
    let lists = documents
        .iter()
        .filter(|(_, it)| it.get("allclear").is_some());
    let whole = lists.flat_map(|(_, it)| entries(it));
    for incident in whole {
        assert!(incidents.insert(text(incident, "id")), "{incident}");
        for component in list(incident, "components") {
            assert!(known.contains(text(component, "id")), "{component}");
        }
        let mut last = None;
        for update in list(incident, "incident_updates") {
            assert!(updates.insert(text(update, "id")), "{update}");
            assert_eq!(update["incident_id"], incident["id"]);
            let at = chrono::DateTime::parse_from_rfc3339(text(update, "display_at")).unwrap();
            assert!(last.is_none_or(|last| at <= last), "{incident}");
            last = Some(at);
            for affected in update["affected_components"]
                .as_array()
                .into_iter()
                .flatten()
            {
                assert!(known.contains(text(affected, "code")), "{affected}");
            }
        }
        let single = format!("incidents/{}.json", text(&incident["allclear"], "slug"));
        assert!(documents.contains_key(&single), "there is no {single}");
    }
    let summary = &documents["summary.json"];
    assert_eq!(
        summary["components"],
        documents["components.json"]["components"]
    );
    assert_eq!(summary["status"], documents["status.json"]["status"]);
    assert_eq!(summary["status"], documents["components.json"]["status"]);
    assert_eq!(
        summary["incidents"],
        documents["incidents/unresolved.json"]["incidents"]
    );
    for entry in entries(summary) {
        assert!(incidents.contains(text(entry, "id")), "{entry}");
    }
}

/// A list of a document; empty where it has none.
fn list<'a>(document: &'a Value, key: &str) -> &'a [Value] {
    document
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The incidents and maintenances of a document.
fn entries(document: &Value) -> impl Iterator<Item = &Value> {
    let maintenances = list(document, "scheduled_maintenances");
    list(document, "incidents").iter().chain(maintenances)
}

/// A text of an object.
#[track_caller]
fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key}: {object}"))
}

/// A few keys of each row, as lines.
fn table(rows: &[Value], keys: &[&str]) -> String {
    let lines = rows.iter().map(|row| {
        let cells = keys
            .iter()
            .map(|key| match row.pointer(&format!("/{key}")) {
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => "-".to_owned(),
            });
        cells.collect::<Vec<_>>().join(" | ") + "\n"
    });
    lines.collect()
}

/// The documents of a site built at an instant.
#[track_caller]
fn built(site: &SiteTest, now: &str) -> BTreeMap<String, Value> {
    site.run(&["build", "--quiet", "--now", now]);
    documents(site)
}

#[test]
fn the_demo_at_three_instants() {
    let site = SiteTest::demo();
    let mut shown = String::new();
    for now in ["2022-12-28T23:59:00Z", NOW, "2022-12-29T12:00:00Z"] {
        let documents = built(&site, now);
        let summary = &documents["summary.json"];
        shown += &format!("{}\n{}\n", summary["page"], summary["status"]);
        shown += &table(
            list(summary, "components"),
            &[
                "id",
                "group_id",
                "position",
                "status",
                "allclear/state",
                "allclear/valid_until",
                "updated_at",
            ],
        );
        for entry in entries(summary) {
            shown += &table(
                std::slice::from_ref(entry),
                &["id", "status", "impact", "started_at", "updated_at"],
            );
        }
        shown.push('\n');
    }
    snapbox::assert_data_eq!(shown, str![[r#"
{"allclear":{"built_at":"2022-12-28T18:59:00.000-05:00","evidence":{"components":5,"confirmed":5,"sources":2},"regions":[],"state":"all_clear","valid_until":"2022-12-28T19:10:00.000-05:00"},"id":"status-example-com","name":"Twitter Status (a reconstruction)","time_zone":"America/New_York","updated_at":"2022-12-20T11:00:00.000-05:00","url":"https://status.example.com"}
{"description":"All Systems Operational","indicator":"none"}
clients | null | 1 | operational | operational | 2022-12-28T19:10:00.000-05:00 | 2022-12-09T23:20:00.000-05:00
web | clients | 2 | operational | operational | 2022-12-28T19:10:00.000-05:00 | 2022-10-25T11:40:00.000-04:00
ios | clients | 3 | operational | operational | 2022-12-28T19:10:00.000-05:00 | 2022-12-09T23:20:00.000-05:00
android | clients | 4 | operational | operational | 2022-12-28T19:10:00.000-05:00 | 2022-12-09T23:20:00.000-05:00
services | null | 5 | operational | operational | 2022-12-28T19:10:00.000-05:00 | 2022-11-22T14:52:00.000-05:00
login | services | 6 | operational | operational | 2022-12-28T19:10:00.000-05:00 | 2022-10-25T11:40:00.000-04:00
notifications | services | 7 | operational | operational | 2022-12-28T19:14:00.000-05:00 | 2022-11-22T14:52:00.000-05:00
2023-01-14-notification-queue | scheduled | maintenance | 2023-01-14T02:00:00.000-05:00 | 2022-12-20T11:00:00.000-05:00

{"allclear":{"built_at":"2022-12-28T20:30:00.000-05:00","evidence":{"components":5,"confirmed":5,"sources":2},"regions":[],"state":"partial_outage","valid_until":null},"id":"status-example-com","name":"Twitter Status (a reconstruction)","time_zone":"America/New_York","updated_at":"2022-12-28T20:15:00.000-05:00","url":"https://status.example.com"}
{"description":"Partial System Outage","indicator":"major"}
clients | null | 1 | partial_outage | partial_outage | null | 2022-12-28T19:00:00.000-05:00
web | clients | 2 | partial_outage | partial_outage | null | 2022-12-28T19:00:00.000-05:00
ios | clients | 3 | degraded_performance | degraded_performance | null | 2022-12-28T19:00:00.000-05:00
android | clients | 4 | degraded_performance | degraded_performance | null | 2022-12-28T19:00:00.000-05:00
services | null | 5 | major_outage | major_outage | null | 2022-12-28T20:00:00.000-05:00
login | services | 6 | major_outage | major_outage | null | 2022-12-28T19:00:00.000-05:00
notifications | services | 7 | degraded_performance | degraded_performance | null | 2022-12-28T20:00:00.000-05:00
2022-12-28-login-failures | investigating | critical | 2022-12-28T19:00:00.000-05:00 | 2022-12-28T20:15:00.000-05:00
2023-01-14-notification-queue | scheduled | maintenance | 2023-01-14T02:00:00.000-05:00 | 2022-12-20T11:00:00.000-05:00

{"allclear":{"built_at":"2022-12-29T07:00:00.000-05:00","evidence":{"components":5,"confirmed":0,"sources":2},"regions":[],"state":"unknown","valid_until":null},"id":"status-example-com","name":"Twitter Status (a reconstruction)","time_zone":"America/New_York","updated_at":"2022-12-28T23:10:00.000-05:00","url":"https://status.example.com"}
{"description":"Status unconfirmed since Dec 28, 2022, 9:40 PM EST","indicator":"minor"}
clients | null | 1 | degraded_performance | unknown | null | 2022-12-28T23:10:00.000-05:00
web | clients | 2 | degraded_performance | unknown | null | 2022-12-28T23:10:00.000-05:00
ios | clients | 3 | degraded_performance | unknown | null | 2022-12-28T21:40:00.000-05:00
android | clients | 4 | degraded_performance | unknown | null | 2022-12-28T21:40:00.000-05:00
services | null | 5 | degraded_performance | unknown | null | 2022-12-28T23:10:00.000-05:00
login | services | 6 | degraded_performance | unknown | null | 2022-12-28T23:10:00.000-05:00
notifications | services | 7 | degraded_performance | unknown | null | 2022-12-28T21:40:00.000-05:00
2023-01-14-notification-queue | scheduled | maintenance | 2023-01-14T02:00:00.000-05:00 | 2022-12-20T11:00:00.000-05:00


"#]].raw());
}

/// Every status of a component and every state of a post.
#[test]
fn every_status_and_every_state() {
    let documents = documents(every_word().build_with_warnings());
    snapbox::assert_data_eq!(
        table(
            list(&documents["components.json"], "components"),
            &["id", "status", "allclear/state", "allclear/confirmed"]
        ),
        str![[r#"
bad | degraded_performance | unknown | false
under_maintenance | under_maintenance | under_maintenance | true
unknown | degraded_performance | unknown | false
group:unobserved | operational | operational | false
unobserved | operational | operational | false
operational | under_maintenance | under_maintenance | true
degraded_performance | degraded_performance | degraded_performance | true
partial_outage | partial_outage | partial_outage | true
major_outage | major_outage | major_outage | true
suspected | degraded_performance | suspected | true

"#]]
        .raw()
    );
    let of = |path: &str| {
        let document = &documents[path];
        let entries: Vec<Value> = entries(document).cloned().collect();
        let keys = [
            "id",
            "status",
            "allclear/state",
            "impact",
            "monitoring_at",
            "resolved_at",
        ];
        format!("{path}\n{}", table(&entries, &keys))
    };
    let shown: Vec<String> = DOCUMENTS[3..].iter().map(|(path, _)| of(path)).collect();
    snapbox::assert_data_eq!(shown.join("\n"), str![[r#"
incidents.json
monitoring-investigating | investigating | investigating | none | null | null
monitoring-update | monitoring | monitoring | none | 2022-12-15T00:10:00.000+01:00 | null
investigating-resolved-postmortem | postmortem | postmortem | none | null | 2022-12-14T01:10:00.000+01:00
investigating-monitoring-resolved | resolved | resolved | none | 2022-12-13T01:10:00.000+01:00 | 2022-12-13T02:10:00.000+01:00
monitoring | monitoring | monitoring | none | 2022-12-12T00:10:00.000+01:00 | null
identified | identified | identified | none | null | null
investigating | investigating | investigating | none | null | null
notice-over | resolved | null | none | 2022-12-02T10:00:00.000+01:00 | 2022-12-03T10:00:00.000+01:00
notice | monitoring | null | none | 2022-12-01T10:00:00.000+01:00 | null

incidents/unresolved.json
monitoring-investigating | investigating | investigating | none | null | null
monitoring-update | monitoring | monitoring | none | 2022-12-15T00:10:00.000+01:00 | null
monitoring | monitoring | monitoring | none | 2022-12-12T00:10:00.000+01:00 | null
identified | identified | identified | none | null | null
investigating | investigating | investigating | none | null | null
notice | monitoring | null | none | 2022-12-01T10:00:00.000+01:00 | null

scheduled-maintenances.json
cancelled | completed | cancelled | maintenance | null | 2022-12-11T01:10:00.000+01:00
scheduled | scheduled | scheduled | maintenance | null | null
verifying | verifying | verifying | maintenance | null | null
in-progress | in_progress | in_progress | maintenance | null | null
by-itself | completed | completed | maintenance | null | 2022-12-06T04:00:00.000+01:00
completed | completed | completed | maintenance | null | 2022-12-05T01:10:00.000+01:00

scheduled-maintenances/active.json
in-progress | in_progress | in_progress | maintenance | null | null
verifying | verifying | verifying | maintenance | null | null

scheduled-maintenances/upcoming.json
scheduled | scheduled | scheduled | maintenance | null | null

"#]].raw());
}

/// A site with every status of a component, and a post in every state.
fn every_word() -> SiteTest {
    let components = [
        "operational",
        "under_maintenance",
        "degraded_performance",
        "partial_outage",
        "major_outage",
        "suspected",
        "unknown",
        "unobserved",
    ];
    let mut config = String::from(
        "title = \"Words\"\nbase_url = \"https://status.example.com/\"\ntime_zone = \"Europe/Zurich\"\n\
         [[groups]]\nid = \"bad\"\nname = \"Bad\"\n[[groups]]\nid = \"empty\"\nname = \"Empty\"\n[[groups]]\nid = \"unobserved\"\nname = \"Same id\"\n",
    );
    let mut evidence = String::new();
    for id in components {
        let group = match id {
            "unknown" | "under_maintenance" => "group = \"bad\"\n",
            "unobserved" => "group = \"unobserved\"\n",
            _ => "",
        };
        config += &format!("[[components]]\nid = \"{id}\"\nname = \"The {id}\"\n{group}");
        let (status, day) = match id {
            "unobserved" => continue,
            "unknown" => ("operational", "2022-12-20"),
            "suspected" => ("operational", "2022-12-29"),
            status => (status, "2022-12-29"),
        };
        evidence += &format!(
            "{{\"component\":\"{id}\",\"status\":\"{status}\",\"from\":\"{day}T01:00:00Z\",\"to\":\"{day}T01:20:00Z\",\"source\":\"probe\"}}\n"
        );
    }
    config += "[[signals]]\nid = \"reports\"\nname = \"Reports\"\ncomponents = [\"suspected\"]\nfile = \"evidence/reports.csv\"\nthreshold = 10\n";
    let site = SiteTest::empty()
        .file("allclear.toml", config)
        .file("evidence/states.jsonl", evidence)
        .file(
            "evidence/reports.csv",
            "time,value\n2022-12-29T01:00:00Z,1\n2022-12-29T01:10:00Z,12\n",
        )
        .file(
            "incidents/notice.md",
            "---\ntitle: A notice\nkind: notice\ncomponents: [operational]\n---\n\n## Update · 2022-12-01 10:00\n\nRead this.\n",
        )
        .file(
            "incidents/notice-over.md",
            "---\ntitle: A notice of old\nkind: notice\nstarts: 2022-12-02 10:00\nends: 2022-12-03 10:00\n---\n\nIt stands here alone.\n",
        );
    for (day, states) in [
        "Investigating",
        "Identified",
        "Monitoring",
        "Investigating Monitoring Resolved",
        "Investigating Resolved Postmortem",
        "Monitoring Update",
        "Monitoring Investigating",
    ]
    .iter()
    .enumerate()
    {
        let updates = updates(states, &format!("2022-12-1{day}"));
        let name = states.to_lowercase().replace(' ', "-");
        site.write(
            &format!("incidents/{name}.md"),
            format!("---\ntitle: {states}\nimpact: none\n---\n\n{updates}"),
        );
    }
    for (name, date, states) in [
        ("scheduled", "2023-01-10", "Scheduled"),
        ("in-progress", "2022-12-29", "Scheduled"),
        ("verifying", "2022-12-29", "Scheduled Verifying Update"),
        ("completed", "2022-12-05", "Scheduled Completed"),
        ("cancelled", "2023-01-11", "Scheduled Cancelled Update"),
        ("by-itself", "2022-12-06", ""),
    ] {
        let updates = updates(states, date.replace("2023-01", "2022-12").as_str());
        site.write(
            &format!("incidents/{name}.md"),
            format!(
                "---\ntitle: Work\nkind: maintenance\ncomponents: [operational]\nstarts: {date} 00:30\nends: {date} 04:00\n---\n\n{updates}"
            ),
        );
    }
    site
}

/// Updates of a day, one an hour.
fn updates(states: &str, day: &str) -> String {
    let states = states.split_whitespace().enumerate();
    let updates = states
        .map(|(hour, state)| format!("## {state} · {day} 0{hour}:10\n\nText of {state}.\n\n"));
    updates.collect()
}

/// A group that has the id of a component, one whose members differ, and one without members.
#[test]
fn groups_stand_among_components() {
    let documents = documents(every_word().build_with_warnings());
    let rows = list(&documents["components.json"], "components");
    let keys = [
        "id",
        "name",
        "position",
        "group",
        "group_id",
        "components",
        "status",
    ];
    snapbox::assert_data_eq!(
        table(rows, &keys),
        str![[r#"
bad | Bad | 1 | true | null | ["under_maintenance","unknown"] | degraded_performance
under_maintenance | The under_maintenance | 2 | false | bad | - | under_maintenance
unknown | The unknown | 3 | false | bad | - | degraded_performance
group:unobserved | Same id | 4 | true | null | ["unobserved"] | operational
unobserved | The unobserved | 5 | false | group:unobserved | - | operational
operational | The operational | 6 | false | null | - | under_maintenance
degraded_performance | The degraded_performance | 7 | false | null | - | degraded_performance
partial_outage | The partial_outage | 8 | false | null | - | partial_outage
major_outage | The major_outage | 9 | false | null | - | major_outage
suspected | The suspected | 10 | false | null | - | degraded_performance

"#]]
        .raw()
    );
}

#[test]
fn a_site_may_have_its_maintenances_in_the_indicator() {
    let work = "---\ntitle: Work\nkind: maintenance\ncomponents: [web]\nstarts: 2022-12-28 20:00\nends: 2022-12-28 21:00\n---\n";
    let site = SiteTest::new().file("incidents/work.md", work);
    let status = |site: &SiteTest| {
        let documents = documents(site.build());
        documents["status.json"]["status"].clone()
    };
    let expected = json!({"indicator": "none", "description": "Service Under Maintenance"});
    assert_eq!(status(&site), expected);
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        config + "\n[api]\nmaintenance_indicator = true\n",
    );
    site.build();
    let summary: Value = serde_json::from_str(&site.read("public/api/v2/summary.json")).unwrap();
    assert_eq!(summary["status"]["indicator"], "maintenance");
}

/// Of a maintenance that repeats, each window that is known, with an id that leads to the page all the same.
#[test]
fn each_window_of_a_maintenance_that_repeats() {
    let site = SiteTest::new().file(
        "incidents/weekly.md",
        "---\ntitle: Work\nkind: maintenance\ncomponents: [web]\nstarts: 2022-12-08 20:00\nends: 2022-12-08 21:00\nrepeat: FREQ=WEEKLY;COUNT=6\n---\n\nEach week.\n\n\
         ## Scheduled · 2022-12-01 12:00\n\nFrom now on.\n\n## Cancelled · 2022-12-20 12:00\n\nNot this week.\n",
    );
    let documents = documents(site.build());
    let keys = [
        "id",
        "status",
        "allclear/state",
        "created_at",
        "incident_updates/0/id",
        "shortlink",
    ];
    let of = |path: &str| table(list(&documents[path], "scheduled_maintenances"), &keys);
    snapbox::assert_data_eq!(
        ["", "/active", "/upcoming"]
            .map(|list| of(&format!("scheduled-maintenances{list}.json")))
            .join("\n"),
        str![[r#"
weekly?20230113T010000Z | scheduled | scheduled | 2022-12-01T12:00:00.000-05:00 | weekly?20230113T010000Z-update-0 | https://status.example.com/incidents/weekly/
weekly?20230106T010000Z | scheduled | scheduled | 2022-12-01T12:00:00.000-05:00 | weekly?20230106T010000Z-update-0 | https://status.example.com/incidents/weekly/
weekly?20221230T010000Z | scheduled | scheduled | 2022-12-01T12:00:00.000-05:00 | weekly?20221230T010000Z-update-0 | https://status.example.com/incidents/weekly/
weekly?20221223T010000Z | completed | cancelled | 2022-12-01T12:00:00.000-05:00 | weekly-update-2 | https://status.example.com/incidents/weekly/
weekly?20221216T010000Z | completed | completed | 2022-12-01T12:00:00.000-05:00 | weekly?20221216T010000Z-update-0 | https://status.example.com/incidents/weekly/
weekly?20221209T010000Z | completed | completed | 2022-12-01T12:00:00.000-05:00 | weekly-update-1 | https://status.example.com/incidents/weekly/


weekly?20221230T010000Z | scheduled | scheduled | 2022-12-01T12:00:00.000-05:00 | weekly?20221230T010000Z-update-0 | https://status.example.com/incidents/weekly/
weekly?20230106T010000Z | scheduled | scheduled | 2022-12-01T12:00:00.000-05:00 | weekly?20230106T010000Z-update-0 | https://status.example.com/incidents/weekly/
weekly?20230113T010000Z | scheduled | scheduled | 2022-12-01T12:00:00.000-05:00 | weekly?20230113T010000Z-update-0 | https://status.example.com/incidents/weekly/

"#]].raw()
    );
    let single = &documents["incidents/weekly.json"]["incident"];
    assert_eq!(single["id"], "weekly?20221230T010000Z");
}
