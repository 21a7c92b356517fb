//! What an import writes passes `check` and can be built, or is reported as not carried over.

use std::fs;

use allclear::generate::{Memory, Request, generate};
use allclear::import::{Document, FORMATS, Target, import};
use camino::Utf8Path;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::select;
use proptest::test_runner::Config;
use serde_json::{Value, json};
use snapbox::str;

use crate::site_test::{NOW, SiteTest};

/// A site without components, and a document to import into it.
fn site(document: &Value) -> SiteTest {
    SiteTest::empty()
        .file(
            "allclear.toml",
            "title = \"Acme Status\"\nbase_url = \"https://status.acme.test/\"\n",
        )
        .file("export.json", document.to_string())
}

const IMPORT: [&str; 3] = ["import", "statuspage", "export.json"];

/// A maintenance that was entered when it was done.
fn done_at_once() -> Value {
    json!({"id": "swap1", "name": "Disk swap", "status": "completed", "impact": "maintenance",
        "scheduled_for": "2022-05-04T08:30:00Z", "scheduled_until": "2022-05-04T08:30:00Z",
        "incident_updates": [{"status": "completed", "body": "It is in.", "display_at": "2022-05-04T08:30:00Z"}]})
}

/// An incident of two components.
fn of_two(web: &str, other: &str) -> Value {
    json!({"id": "slow1", "name": "Slow", "status": "resolved", "impact": "minor",
        "components": [{"id": "c1", "name": web}, {"id": "c2", "name": other}],
        "incident_updates": [{"id": "u1", "status": "resolved", "body": "Over.", "display_at": "2022-05-04T09:30:00Z"}]})
}

#[test]
fn components_of_init_that_are_left_beside_others_are_named() {
    let named = ["--title", "Acme", "--base-url", "https://status.acme.test/"];
    let imported_into = |change: fn(String) -> String, web: &str, other: &str| {
        let site = SiteTest::empty().file("export.json", of_two(web, other).to_string());
        site.run(&[&["init", "--language", "de,fr"], &named[..]].concat());
        site.write("allclear.toml", change(site.read("allclear.toml")));
        site.run(&IMPORT).stdout().to_owned()
    };
    let ids = "  3 incidents and components have other ids here, which programs that ask the API for them need\n";
    assert_eq!(
        imported_into(|config| config, "Search", "Mail"),
        format!(
            "imported 1 incident with 1 update; 0 were there already\nadded 2 components to allclear.toml\n  \
             `web`, `api` are still as `init` wrote them, and nothing imported belongs there: take them out of allclear.toml where \
             readers know no such part\n{ids}"
        )
    );
    // One of them is meant, by its name.
    let left = "  `web` is still as `init` wrote it, and nothing imported belongs there: take it out of allclear.toml where readers \
                know no such part\n";
    let said = imported_into(|config| config, "Search", "API");
    assert!(said.contains(left), "{said}");
    // Somebody has named them, or described them; or nothing is added beside them.
    let named = |config: String| {
        config
            .replace("name = { de = \"Website\"", "name = { de = \"Laden\"")
            .replace(
                "name = \"API\"",
                "name = \"API\"\ndescription = \"For programs\"",
            )
    };
    let untold = [
        imported_into(named, "Search", "Mail"),
        imported_into(|config| config, "Site web", "API"),
    ];
    for said in untold {
        assert!(!said.contains("init"), "{said}");
    }
}

#[test]
fn a_window_that_ended_when_it_began_is_a_minute_long() {
    let site = site(&done_at_once());
    site.run(&IMPORT).expect_stdout(str![[r#"
imported 0 incidents and 1 maintenance with 1 update; 0 were there already
  1 incident or component has another id here, which programs that ask the API for it need
  1 window ended no later than at its start, and ends when the updates say it or after a minute

"#]]);
    assert_eq!(
        site.read("incidents/2022-05-04-disk-swap.md"),
        "---\n# imported from Statuspage: swap1\ntitle: Disk swap\nkind: maintenance\nstarts: 2022-05-04 08:30 UTC\n\
         ends: 2022-05-04 08:31 UTC\n---\n\n## Completed · 2022-05-04 08:30 UTC\n\nIt is in.\n"
    );
    site.run(&["check", "--strict", "--now", NOW]);
    site.build();
}

#[test]
fn an_incident_of_maintenance_that_was_resolved_at_once_is_one() {
    let at = "2022-05-04T08:30:00.120Z";
    let site = site(
        &json!({"id": "swap2", "name": "Disk swap", "status": "resolved", "impact": "maintenance",
        "created_at": at, "started_at": at, "resolved_at": "2022-05-04T08:30:00.480Z", "incident_updates": []}),
    );
    site.run(&IMPORT);
    site.run(&["check", "--strict", "--now", NOW]);
}

#[test]
fn a_window_that_ended_before_it_began_ends_when_the_work_was_done() {
    let site = site(
        &json!({"id": "swap3", "name": "Disk swap", "status": "completed", "impact": "maintenance",
        "scheduled_for": "2022-05-04T08:30:00Z", "scheduled_until": "2022-05-04T07:30:00Z",
        "incident_updates": [{"status": "completed", "body": "It is in.", "display_at": "2022-05-04T09:10:00Z"}]}),
    );
    site.run(&IMPORT);
    let text = site.read("incidents/2022-05-04-disk-swap.md");
    assert!(text.contains("\nends: 2022-05-04 09:10 UTC\n"), "{text}");
    site.run(&["check", "--strict", "--now", NOW]);
}

#[test]
fn work_without_an_end_is_reported_and_the_rest_is_carried_over() {
    let open = json!({"id": "swap4", "name": "Disk \u{1b}swap", "status": "scheduled", "impact": "maintenance",
        "scheduled_for": "2022-05-04T08:30:00Z", "incident_updates": []});
    let site = site(&json!([open, done_at_once()]));
    let outcome = site.run_fails(1, &IMPORT);
    assert_eq!(
        outcome.stdout().lines().next(),
        Some("imported 0 incidents and 1 maintenance with 1 update; 0 were there already")
    );
    outcome.expect_stderr(str![[r#"
error[bad-document]: `Disk �swap` (`swap4`) is not carried over: a maintenance needs `ends`
--> incidents
 = help: write its file by hand, or fix its document and import again

1 error; `allclear explain CODE` says more of each

"#]]);
    site.run(&["check", "--strict", "--now", NOW]);
    site.build();
}

#[test]
fn names_that_no_file_may_hold_are_cleaned() {
    let document = json!({
        "components": [
            {"id": "g1", "name": "Gro\u{7}up", "group": true},
            {"id": "c1", "name": "We\u{0}b", "group_id": "g1", "description": "All\u{fffe}\r\npages"},
            {"id": "c2", "name": "\u{200b}"},
            {"name": " "}],
        "incidents": [{"id": "i1", "name": "Slow\u{9b}\n pages", "impact": "minor", "status": "resolved",
            "started_at": "2022-05-04T08:30:00Z", "components": [{"id": "c1"}, {"id": "c2"}],
            "incident_updates": [{"status": "resolved", "body": "Over.", "display_at": "2022-05-04T09:30:00Z"}]}]
    });
    let site = site(&document);
    site.run(&IMPORT);
    let config = site.read("allclear.toml");
    for line in [
        "name = \"Gro�up\"",
        "name = \"We�b\"",
        "description = \"All� pages\"",
        "name = \"c2\"",
        "name = \"Component\"",
    ] {
        assert!(config.contains(line), "{line}: {config}");
    }
    site.run(&["check", "--strict", "--now", NOW]);
}

#[test]
fn an_end_that_does_not_fit_is_left_out_and_told() {
    let incident = |id: &str, resolved: &str, updates: Value| {
        json!({"id": id, "name": id, "impact": "none", "status": "resolved", "started_at": "2022-05-04T08:30:00Z",
            "resolved_at": resolved, "incident_updates": updates})
    };
    let over =
        json!([{"status": "resolved", "body": "Over.", "display_at": "2022-05-04T09:30:00Z"}]);
    let site = site(&json!([
        incident("early", "2021-05-04T08:30:00Z", over.clone()),
        incident("late", "2022-05-05T08:30:00Z", over),
        incident("bare", "2021-05-04T08:30:00Z", json!([])),
    ]));
    let told = site.run(&IMPORT);
    let end = "3 ends of incidents do not fit the start and the updates, whose times stand instead";
    assert!(told.stdout().contains(end), "{}", told.stdout());
    for name in ["early", "late"] {
        let text = site.read(&format!("incidents/2022-05-04-{name}.md"));
        assert!(!text.contains("\nended:"), "{text}");
    }
    let bare = site.read("incidents/2022-05-04-bare.md");
    assert!(bare.contains("\nended: 2022-05-04 08:30 UTC\n"), "{bare}");
    site.run(&["check", "--strict", "--now", NOW]);
}

/// A time as real documents have it, and as odd ones do.
fn time() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (0..4_u8, 0..60_u8).prop_map(|(hour, minute)| json!(format!("2022-05-04T0{hour}:{minute:02}:00.000Z"))),
        1 => select(vec![
            "2022-05-04T08:30:00.250+05:45", "2022-10-30T02:30:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00",
            "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2016-12-31T23:59:60Z", "2022-02-30T00:00:00Z",
            "2022-05-04T08:30:00+0100", "2022-05-04", "soon", "",
        ]).prop_map(|text| json!(text)),
        1 => Just(Value::Null),
    ]
}

/// A text as real documents have it, and as odd ones do.
fn text() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => select(vec!["Log-in fails", "Web", "We are looking.\n\nMore <b>soon</b>.", "<p>One</p><ul><li>two</li></ul>"])
            .prop_map(|text| json!(text)),
        3 => select(vec![
            "", " ", "\u{200b}", "---", "+++", "- x", "!!str x", "&a *b", "null", "1e3", "a: b # c", "\"'\\", "!!! ???",
            "a\u{0}b\u{1b}[31m\u{fffe}", "\u{202e}abc", "a\u{2028}b\u{85}c", "## Resolved · 2022-05-04 02:00",
            "Resolved - 2022-05-04 02:00\n---\nno", "**Fixed · 02:00**", "```\nunclosed", "<!-- unclosed", "<pre>\n\nx",
            "<h2>Resolved · 2022-05-04 02:00</h2>", "##Resolved 02:00", "[a]: b\n\n[a]", "> - > x", "next",
        ]).prop_map(|text| json!(text)),
        1 => any::<String>().prop_map(|text| json!(text)),
        1 => Just(json!("long words ".repeat(400))),
        1 => Just(Value::Null),
    ]
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let known = select(words).prop_map(|word| json!(word));
    prop_oneof![6 => known, 1 => text()]
}

fn status() -> impl Strategy<Value = Value> {
    word(&[
        "operational",
        "degraded_performance",
        "partial_outage",
        "major_outage",
        "under_maintenance",
    ])
}

fn state() -> impl Strategy<Value = Value> {
    word(&[
        "investigating",
        "identified",
        "monitoring",
        "resolved",
        "postmortem",
        "scheduled",
        "in_progress",
        "verifying",
        "completed",
    ])
}

fn component() -> impl Strategy<Value = Value> {
    (option::weighted(0.9, 0..4_u8), text(), status()).prop_map(|(id, name, status)| {
        json!({"id": id.map(|id| format!("c{id}")), "name": name, "status": status})
    })
}

fn update() -> impl Strategy<Value = Value> {
    let affected = (0..5_u8, text(), status(), status()).prop_map(|(id, name, old, new)| {
        json!({"code": format!("c{id}"), "name": name, "old_status": old, "new_status": new})
    });
    (state(), text(), time(), time(), vec(affected, 0..2)).prop_map(
        |(status, body, shown, created, affected)| {
            json!({"status": status, "body": body, "display_at": shown, "created_at": created,
                "affected_components": affected})
        },
    )
}

/// An incident or a maintenance.
fn entry() -> impl Strategy<Value = Value> {
    let times = (time(), time(), time(), time());
    let windows = (option::weighted(0.3, time()), option::weighted(0.3, time()));
    let impact = word(&["none", "minor", "major", "critical", "maintenance"]);
    (
        0..6_u8,
        (text(), state(), impact),
        times,
        windows,
        vec(update(), 0..5),
        vec(component(), 0..3),
    )
        .prop_map(|(id, (name, status, impact), times, (opens, closes), updates, components)| {
            let (started, created, resolved, updated) = times;
            json!({"id": format!("i{id}"), "name": name, "status": status, "impact": impact, "started_at": started,
                "created_at": created, "resolved_at": resolved, "updated_at": updated, "scheduled_for": opens,
                "scheduled_until": closes, "incident_updates": updates, "components": components})
        })
}

proptest! {
    #![proptest_config(Config { cases: 32, max_shrink_iters: 200, failure_persistence: None, ..Config::default() })]

    #[test]
    fn whatever_is_imported_can_be_built(entries in vec(entry(), 1..8), listed in vec(component(), 0..4)) {
        let text = json!({"components": listed, "incidents": entries}).to_string();
        let config = "title = \"Acme Status\"\nbase_url = \"https://status.acme.test/\"\n";
        let document = Document { path: Utf8Path::new("export.json"), text: &text };
        let target = Target { config, incidents: &Default::default(), zone: chrono_tz::Europe::Berlin, now: "2023-01-01T00:00:00Z".parse().unwrap() };
        let imported = import(&FORMATS[0], &[document], &target);
        let folder = tempfile::tempdir().unwrap();
        let config = imported.config.as_deref().unwrap_or(config);
        fs::write(folder.path().join("allclear.toml"), config).unwrap();
        fs::create_dir(folder.path().join("incidents")).unwrap();
        for (path, text) in &imported.files {
            fs::write(folder.path().join(path), text).unwrap();
        }
        let path = Utf8Path::from_path(folder.path()).unwrap();
        let now = "2023-01-01T00:00:00Z".parse().unwrap();
        let generated = generate(&Request::new(path, now), &mut Memory::default()).unwrap();
        let errors = generated.diagnostics.errors();
        let found: Vec<String> = generated.diagnostics.iter().map(|it| it.message.clone()).collect();
        prop_assert_eq!(errors, 0, "{:?}\n{}\n{:?}", found, config, imported.files);
        assert!(!generated.outputs.is_empty());
        // A second time nothing is new.
        let known = imported.files.iter().map(|(path, text)| (path.file_stem().unwrap().to_owned(), text.clone()));
        let target = Target { config, incidents: &known.collect(), zone: chrono_tz::Europe::Berlin, now: "2023-01-01T00:00:00Z".parse().unwrap() };
        let again = import(&FORMATS[0], &[document], &target);
        prop_assert_eq!(again.files, Vec::new());
    }
}
