//! Evidence of components that were removed.

use snapbox::str;

use crate::site_test::{Outcome, SiteTest};

const CONFIG: &str = r#"
title = "T"
base_url = "https://status.example.com/"

[[components]]
id = "web"
name = "Web"

[[probes]]
component = "web"
http = "https://www.example.com/"
source = "frankfurt"
"#;

const NOW: &str = "2024-05-14T12:00:00Z";

/// The lines that a program wrote about `web`, and before about a component that is gone.
fn lines(source: &str) -> String {
    let line = |component: &str, status: &str, from: &str, to: &str| {
        format!(
            r#"{{"component":"{component}","status":"{status}","from":"2024-05-14T{from}:00Z","to":"2024-05-14T{to}:00Z","source":"{source}"}}"#
        ) + "\n"
    };
    line("till", "operational", "10:00", "11:00")
        + &line("till", "major_outage", "11:01", "11:01")
        + &line("web", "operational", "10:00", "12:00")
}

/// What probes and a pull wrote about a component that was removed keeps no page from being built.
#[test]
fn evidence_of_a_component_that_was_removed_is_left_out_with_a_warning() {
    let site = SiteTest::empty()
        .file("allclear.toml", CONFIG)
        .file("evidence/frankfurt.jsonl", lines("frankfurt"))
        // The probe is gone as well.
        .file(
            "evidence/tcp-till.example.com-443.jsonl",
            lines("tcp-till.example.com:443"),
        )
        .file("evidence/pulled/states.jsonl", lines("frankfurt"))
        .file(
            "evidence/latency/frankfurt.csv",
            "time,component,milliseconds\n2024-05-14T11:00:00Z,till,20\n2024-05-14T11:58:00Z,web,30\n2024-05-14T11:59:00Z,till,25\n",
        );
    let outcome = site.run_warns(&["build", "--now", NOW]);
    let report = outcome.stderr();
    let warning =
        "warning[unknown-component]: there is no component `till`: 2 lines about it are left out\n";
    assert_eq!(report.matches(warning).count(), 4, "{report}");
    assert!(!report.contains("error["), "{report}");
    snapbox::assert_data_eq!(
        report.split("\n\n").next().unwrap().to_owned(),
        str![[r#"
warning[unknown-component]: there is no component `till`: 2 lines about it are left out
 --> evidence/frankfurt.jsonl:1:15
  |
1 | {"component":"till","status":"operational","from":"2024-05-14T10:00:00Z","to":"2024-05-14T11:00:00Z","source":"frankfurt"}
  |               ^^^^
  |
  = help: where it was removed, nothing is to be done; where it has another id now, write that here
"#]]
    );
    let status = site.command(&["status", "--format", "json", "--now", NOW]);
    let status = Outcome::of(status.assert()).json();
    assert_eq!(status["headline"]["state"], "all_clear");
}

/// A name that somebody mistyped is no component that was removed: an outage might be behind it.
#[test]
fn a_name_that_is_wrong_in_a_file_of_people_is_an_error() {
    let site = SiteTest::empty()
        .file("allclear.toml", CONFIG)
        .file("evidence/states.jsonl", lines("phone"));
    let outcome = site.run_fails(1, &["check", "--now", NOW]);
    let report = outcome.stderr();
    assert!(report.starts_with("error[unknown-component]"), "{report}");
}
