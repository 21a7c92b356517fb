//! `allclear status`: every row of the table of headlines.

use serde_json::Value;

use crate::site_test::{NOW, SiteTest};

/// An observation of a component that is fresh at [`NOW`].
fn saw(component: &str, status: &str) -> String {
    format!(
        r#"{{"component":"{component}","status":"{status}","from":"2022-12-29T01:00:00Z","to":"2022-12-29T01:20:00Z","source":"probe"}}"#
    )
}

/// Fresh observations of all three components.
fn all(status: &str) -> String {
    ["web", "api", "login"]
        .map(|component| saw(component, status))
        .join("\n")
}

/// An incident file with one update, in a state.
fn incident(components: &str, state: &str) -> String {
    format!(
        "---\ntitle: Trouble\n{components}started: 2022-12-28 19:00\n---\n\n## {state} · 2022-12-28 19:45\n\nText.\n"
    )
}

#[test]
fn every_row_of_the_table_of_headlines() {
    let operator = r#"{"component":"web","status":"operational","from":"2022-12-29T01:00:00Z","source":"operator","reason":"We are sure.","until":"2022-12-29T03:00:00Z"}"#;
    let maintenance = "---\ntitle: Work\nkind: maintenance\ncomponents: [web]\nstarts: 2022-12-28 20:00\nends: 2022-12-28 21:00\n---\n";
    let one = |status: &str| incident(&format!("components:\n  web: {status}\n"), "Investigating");
    let rows: [(&str, Vec<(&str, String)>); 13] = [
        (
            "major_outage critical Major outage",
            vec![(
                "incidents/a.md",
                incident(
                    "components:\n  web: major_outage\n  api: major_outage\n  login: major_outage\n",
                    "Identified",
                ),
            )],
        ),
        (
            "partial_outage major Partial outage",
            vec![("incidents/a.md", one("major_outage"))],
        ),
        (
            "partial_outage major Partial outage",
            vec![("evidence/s.jsonl", all("partial_outage"))],
        ),
        (
            "minor_outage minor Minor outage",
            vec![("incidents/a.md", one("partial_outage"))],
        ),
        (
            "degraded_performance minor Degraded performance",
            vec![("incidents/a.md", one("degraded_performance"))],
        ),
        (
            "suspected minor Problems reported, not yet confirmed",
            vec![(
                "evidence/s.jsonl",
                format!(
                    "{}\n{operator}\n",
                    all("operational").replacen("operational", "major_outage", 1)
                ),
            )],
        ),
        (
            "incident minor Incident under investigation",
            vec![
                ("incidents/a.md", incident("", "Investigating")),
                ("evidence/s.jsonl", all("operational")),
            ],
        ),
        (
            "incident minor Incident being monitored",
            vec![("incidents/a.md", incident("", "Monitoring"))],
        ),
        (
            "unknown minor Status unconfirmed since Dec 28, 2022, 7:00 PM EST",
            vec![(
                "evidence/s.jsonl",
                all("operational")
                    .replace("T01:00", "T22:30")
                    .replace("T01:20", "T23:00")
                    .replace("2022-12-29", "2022-12-28"),
            )],
        ),
        (
            "maintenance maintenance Maintenance in progress",
            vec![
                ("incidents/a.md", maintenance.to_owned()),
                ("evidence/s.jsonl", all("operational")),
            ],
        ),
        ("no_known_problems none No known problems", vec![]),
        (
            "no_known_problems none No known problems",
            vec![("evidence/s.jsonl", saw("web", "operational"))],
        ),
        (
            "all_clear none All systems operational",
            vec![("evidence/s.jsonl", all("operational"))],
        ),
    ];
    for (expected, files) in rows {
        let site = SiteTest::new();
        for (path, text) in &files {
            site.write(path, text);
        }
        let headline = site.status(NOW)["headline"].clone();
        let word = |key: &str| headline[key].as_str().unwrap_or_default().to_owned();
        assert_eq!(
            format!("{} {} {}", word("state"), word("indicator"), word("text")),
            expected,
            "{files:?}"
        );
        let until = if word("state") == "all_clear" {
            Value::from("2022-12-29T02:20:00Z")
        } else {
            Value::Null
        };
        assert_eq!(headline["valid_until"], until, "{expected}");
    }
}
