//! Contradictions between what posts say and what evidence shows.

use snapbox::{file, str};

use crate::pages::{page, texts};
use crate::site_test::{NOW, SiteTest};

/// A signal as `allclear.toml` names it.
const SIGNAL: &str = r#"
[[signals]]
id = "reports"
name = "User reports"
components = ["web"]
file = "evidence/reports.csv"
threshold = 500
for = "15m"
"#;

/// A site whose signal has breached its threshold for more than a quarter of an hour at [`NOW`].
fn with_signal() -> SiteTest {
    let site = SiteTest::new().file(
        "evidence/reports.csv",
        "time,value\n2022-12-29T00:45:00Z,900\n2022-12-29T01:15:00Z,1200\n",
    );
    let config = site.read("allclear.toml");
    site.file("allclear.toml", format!("{config}{SIGNAL}"))
}

/// An observation of `web` that is fresh at [`NOW`].
fn observed(status: &str) -> String {
    format!(
        r#"{{"component":"web","status":"{status}","from":"2022-12-28T23:00:00Z","to":"2022-12-29T01:20:00Z","source":"probe"}}"#
    )
}

/// An incident file that names one component.
fn incident(component: &str) -> String {
    format!(
        "---\ntitle: Trouble\ncomponents:\n  {component}: partial_outage\n---\n\n## Investigating · 2022-12-28 19:45\n\nText.\n"
    )
}

#[test]
fn a_signal_contradicts_the_quiet() {
    let site = with_signal();
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error[contradiction]: `reports` is at 1200, its threshold is 500, and it has breached since 2022-12-29T01:00:00Z: no open incident names `web`
  --> allclear.toml:19:6
   |
19 | id = "reports"
   |      ^^^^^^^^^
   |
   = help: open one with `allclear new incident "TITLE" -c web`

1 error; `allclear explain CODE` says more of each

"#]]);
    site.run_exits(3, &["status", "--now", NOW])
        .expect_stdout(str![[r#"
Problems reported, not yet confirmed

Components
  Web     suspected             not measured long enough  since 2022-12-29T01:00:00Z  (no evidence)
  API     operational           not measured long enough  (no evidence)
  Log-in  operational           not measured long enough  (no evidence)

Signals that contradict the quiet
  reports (web): 1200, at or above 500 since 2022-12-29T01:00:00Z

"#]]);
    // The page tells the truth, unless it is asked to wait.
    site.build_with_warnings();
    site.check_page("index.html", file!["snapshots/suspected.html"]);
    site.run_fails(1, &["build", "--strict", "--now", NOW]);
}

#[test]
fn an_incident_of_the_component_covers_it() {
    let site = with_signal().file("incidents/a.md", incident("web"));
    site.run(&["check", "--strict", "--now", NOW]);
    // One of another component does not.
    let site = with_signal().file("incidents/a.md", incident("api"));
    site.run_fails(1, &["check", "--now", NOW]);
}

#[test]
fn an_outage_that_nobody_announced() {
    let site = SiteTest::new().file("evidence/states.jsonl", observed("major_outage"));
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error[unannounced-outage]: evidence of `probe` shows `web` in major outage, and no open incident names it
--> allclear.toml
 = help: open one with `allclear new incident "TITLE" -c web=major_outage`

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn an_incident_that_may_be_over() {
    let site = SiteTest::new()
        .file("evidence/states.jsonl", observed("operational"))
        .file("incidents/a.md", incident("web").replace("19:45", "16:45"));
    site.run_warns(&["check", "--now", NOW])
        .expect_stderr(str![[r#"
warning[incident-may-be-over]: this incident has `web` in partial outage, but all fresh evidence has said operational since 2022-12-28T23:00:00Z
 --> incidents/a.md:2:1
  |
2 | title: Trouble
  | ^^^^^^^^^^^^^^
  |
  = help: post an update with `{web=operational}`, or resolve the incident

1 warning; `allclear explain CODE` says more of each

"#]]);
    // Where evidence has been quiet for less than an hour, or has not seen what somebody has just posted, nobody is asked.
    site.run(&["check", "--strict", "--now", "2022-12-28T23:59:00Z"]);
    site.write("incidents/a.md", incident("web"));
    site.run(&["check", "--strict", "--now", NOW]);
}

/// An all-clear rests on its signals too.
#[test]
fn a_silent_signal_takes_the_all_clear_back() {
    let states: Vec<String> = ["web", "api", "login"]
        .map(|id| observed("operational").replace("\"web\"", &format!("\"{id}\"")))
        .to_vec();
    let site = with_signal()
        .file("evidence/states.jsonl", states.join("\n"))
        .file(
            "evidence/reports.csv",
            "time,value\n2022-12-29T00:45:00Z,3\n",
        );
    let headline = |now: &str| site.status(now)["headline"].clone();
    let before = headline("2022-12-29T01:44:59Z");
    assert_eq!(before["state"], "all_clear");
    assert_eq!(before["valid_until"], "2022-12-29T01:45:00Z");
    assert_eq!(
        headline("2022-12-29T01:45:00Z")["state"],
        "no_known_problems"
    );
}

#[test]
fn many_monitors_record_at_once() {
    let site = SiteTest::new();
    let ids = ["web", "api", "login"];
    std::thread::scope(|scope| {
        for id in ids {
            for source in ["east", "west"] {
                let site = &site;
                scope.spawn(move || {
                    for now in ["2022-12-29T01:00:00Z", "2022-12-29T01:05:00Z"] {
                        let status = "operational";
                        site.run(&["record", id, status, "--source", source, "--now", now]);
                    }
                });
            }
        }
    });
    let text = site.read("evidence/states.jsonl");
    assert_eq!(text.lines().count(), 6, "{text}");
    assert_eq!(text.matches("\"to\":\"2022-12-29T01:05:00Z\"").count(), 6);
    site.run(&["check", "--strict", "--now", NOW]);
}

#[test]
fn what_cannot_be_recorded() {
    let site = SiteTest::new();
    let record = |arguments: &[&str]| {
        let all: Vec<&str> = ["record"].iter().chain(arguments).copied().collect();
        site.run_fails(2, &all);
    };
    record(&["wep", "operational", "--source", "probe"]);
    record(&["web", "broken", "--source", "probe"]);
    record(&["web", "operational", "--source", "operator"]);
    record(&[
        "web",
        "operational",
        "--source",
        "probe",
        "--file",
        "a.jsonl",
    ]);
    for unread in [
        "evidence/#a.jsonl",
        "evidence/old~/a.jsonl",
        "evidence/.a/a.jsonl",
    ] {
        record(&["web", "operational", "--source", "probe", "--file", unread]);
    }
    assert!(!site.path("evidence").exists());
}

#[test]
fn a_site_that_cannot_be_read_is_reported_before_its_components() {
    let site = SiteTest::new();
    site.write("allclear.toml", "title = \n");
    let record = ["record", "web", "operational", "--source", "probe"];
    let outcome = site.run_fails(1, &record);
    assert!(
        outcome.stderr().starts_with("error[bad-syntax]"),
        "{}",
        outcome.stderr()
    );
    assert!(!site.path("evidence").exists());
}

/// One probe that fails is shown; two of three are believed.
#[test]
fn a_quorum_of_sources_decides() {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        format!("{config}\n[evidence]\nquorum = 2\n"),
    );
    let status = |claims: &[&str]| -> serde_json::Value {
        let lines: Vec<String> = claims
            .iter()
            .enumerate()
            .map(|(at, status)| observed(status).replace("\"probe\"", &format!("\"probe-{at}\"")))
            .collect();
        site.write("evidence/states.jsonl", lines.join("\n"));
        site.status(NOW)["components"][0]["status"].clone()
    };
    let (up, slow, down) = ("operational", "degraded_performance", "major_outage");
    assert_eq!(status(&[up, up, down]), up);
    assert_eq!(status(&[up, slow, down]), slow);
    assert_eq!(status(&[down, up, down]), down);
    // Where fewer are fresh than must agree, nobody is sure.
    assert_eq!(status(&[down]), "suspected");
    // The difference is shown.
    status(&[up, up, down]);
    site.build();
    let page = page(&site, "components/web/index.html");
    let evidence = texts(&page, "dl > *");
    assert_eq!(
        evidence[..6],
        [
            "probe-2",
            "Major outage",
            "probe-0",
            "Operational",
            "probe-1",
            "Operational"
        ]
    );
}
