//! Pages as they are: the `<main>` of each, whole.
//!
//! A template that loses a section, or a view that says something else, shows here. What a page must hold in any
//! case is in `pages`; what one feature is for is in the feature's own file.

use std::fs;
use std::path::{Path, PathBuf};

use snapbox::file;

use crate::pages::assert_sound;
use crate::site_test::{NOW, SiteTest, files_below};

/// A site of two components that are measured since a few days: one fails, which two sources see and users report,
/// an incident is open, one is over, and work is planned.
fn evening() -> SiteTest {
    SiteTest::empty()
        .file(
            "allclear.toml",
            r#"title = { en = "Example Status", ar = "حالة المثال" }
base_url = "https://status.example.com/"
languages = ["en", "ar"]
time_zone = "America/New_York"

[[groups]]
id = "apps"
name = { en = "Apps", ar = "التطبيقات" }

[[components]]
id = "web"
name = { en = "Web", ar = "الويب" }
group = "apps"
since = 2022-12-26

[[components]]
id = "api"
name = { en = "API", ar = "الواجهة البرمجية" }
since = 2022-12-27

[evidence]
quorum = 2

[[signals]]
id = "reports"
name = { en = "User reports", ar = "بلاغات المستخدمين" }
components = ["web"]
file = "evidence/reports.csv"
unit = { en = "reports", ar = "بلاغات" }
threshold = 500
for = "15m"
"#,
        )
        .file(
            "evidence/states.jsonl",
            r#"{"component":"web","status":"operational","from":"2022-12-27T05:00:00Z","to":"2022-12-28T23:55:00Z","source":"east"}
{"component":"web","status":"partial_outage","from":"2022-12-29T00:00:00Z","to":"2022-12-29T01:25:00Z","source":"east"}
{"component":"web","status":"major_outage","from":"2022-12-29T00:10:00Z","to":"2022-12-29T01:25:00Z","source":"west"}
{"component":"api","status":"operational","from":"2022-12-27T05:00:00Z","to":"2022-12-29T01:25:00Z","source":"east"}
"#,
        )
        .file(
            "evidence/reports.csv",
            "time,value\n2022-12-28T23:45:00Z,3\n2022-12-29T00:00:00Z,900\n2022-12-29T00:30:00Z,1250\n2022-12-29T01:15:00Z,1100\n",
        )
        .file(
            "incidents/log-in.md",
            "---
title: Log-in fails
components: { web: partial_outage }
started: 2022-12-28 19:00
detected: 2022-12-28 19:20
---

Some people cannot log in.

## Identified · 2022-12-28 20:15 {next=30m}

A certificate has **expired**.

## Investigating · 2022-12-28 19:45 {next=45m}

We are looking for the cause.
",
        )
        .file(
            "incidents/log-in.ar.md",
            "---
title: تعذّر تسجيل الدخول
---

بعض الأشخاص لا يستطيعون تسجيل الدخول.

## Identified · 2022-12-28 20:15

انتهت صلاحية **شهادة**.

## Investigating · 2022-12-28 19:45

نبحث عن السبب.
",
        )
        .file(
            "incidents/slow.md",
            "---
title: Pages load slowly
components: { web: degraded_performance }
started: 2022-12-26 10:00
detected: 2022-12-26 10:05
corrections:
  - { at: 2022-12-26 15:00, note: It began earlier than we had said. }
---

## Postmortem · 2022-12-27 09:00

A cache was *too small*:

- it holds more now,
- and an alarm says when it is full.

## Resolved · 2022-12-26 11:30

All is well.

## Monitoring · 2022-12-26 11:00 {web=operational}

A fix is out.

## Investigating · 2022-12-26 10:20 {next=30m}

We are looking for the cause.
",
        )
        .file(
            "incidents/slow.ar.md",
            "---
title: الصفحات بطيئة
---

## Postmortem · 2022-12-27 09:00

كانت الذاكرة صغيرة.

## Resolved · 2022-12-26 11:30

كل شيء بخير.

## Monitoring · 2022-12-26 11:00

صدر إصلاح.

## Investigating · 2022-12-26 10:20

نبحث عن السبب.
",
        )
        .file(
            "incidents/move.md",
            "---
title: Move of the database
kind: maintenance
components: [api]
starts: 2023-01-03 02:00
ends: 2023-01-03 03:00
---

The API will be slow.
",
        )
        .file(
            "incidents/move.ar.md",
            "---
title: نقل قاعدة البيانات
---

ستكون الواجهة بطيئة.
",
        )
}

#[test]
fn the_index_while_an_incident_is_open() {
    let site = evening();
    site.build();
    assert_sound(&site.path("public"), "/");
    site.check_page("index.html", file!["snapshots/index.html"]);
    site.check_page("ar/index.html", file!["snapshots/index.ar.html"]);
}

#[test]
fn an_incident_that_is_open() {
    let site = evening();
    site.build();
    site.check_page(
        "incidents/log-in/index.html",
        file!["snapshots/incident-open.html"],
    );
    site.check_page(
        "ar/incidents/log-in/index.html",
        file!["snapshots/incident-open.ar.html"],
    );
}

#[test]
fn an_incident_that_is_over() {
    let site = evening();
    site.build();
    site.check_page(
        "incidents/slow/index.html",
        file!["snapshots/incident-over.html"],
    );
}

#[test]
fn a_component() {
    let site = evening();
    site.build();
    site.check_page(
        "components/web/index.html",
        file!["snapshots/component.html"],
    );
}

#[test]
fn a_month_of_history() {
    let site = evening();
    site.build();
    site.check_page(
        "history/2022-12/index.html",
        file!["snapshots/history-month.html"],
    );
    site.check_page("history/index.html", file!["snapshots/history.html"]);
}

#[test]
fn the_page_about_the_page() {
    let site = evening();
    site.build();
    site.check_page("about/index.html", file!["snapshots/about.html"]);
    site.check_page("404.html", file!["snapshots/not-found.html"]);
}

#[test]
fn the_plain_theme() {
    let site = evening();
    let config = site.read("allclear.toml");
    let config = config.replace("time_zone", "theme = \"plain\"\ntime_zone");
    let site = site.file("allclear.toml", config);
    site.build();
    assert_sound(&site.path("public"), "/");
    site.check_page("index.html", file!["snapshots/index.plain.html"]);
    site.check_page(
        "incidents/slow/index.html",
        file!["snapshots/incident-over.plain.html"],
    );
}

#[test]
fn the_index_when_all_is_clear() {
    let site = SiteTest::empty()
        .file(
            "allclear.toml",
            "title = \"Example Status\"
base_url = \"https://status.example.com/\"
time_zone = \"America/New_York\"

[[components]]
id = \"web\"
name = \"Web\"
since = 2022-12-27
",
        )
        .file(
            "evidence/states.jsonl",
            r#"{"component":"web","status":"operational","from":"2022-12-27T05:00:00Z","to":"2022-12-29T01:25:00Z","source":"probe"}
"#,
        );
    site.build();
    let headline = site.status(NOW)["headline"].clone();
    assert_eq!(headline["text"], "All systems operational");
    site.check_page("index.html", file!["snapshots/index-all-clear.html"]);
}

/// A snapshot that no test names would stay for ever, and prove nothing.
#[test]
fn no_snapshot_is_without_its_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testsuite");
    let mut tests = files_below(&folder);
    tests.retain(|file| file.ends_with(".rs"));
    let read = |file: &String| fs::read_to_string(PathBuf::from(&folder).join(file)).unwrap();
    let tests: String = tests.iter().map(read).collect();
    let snapshots = files_below(&folder.join("snapshots"));
    assert!(snapshots.len() >= 15, "only {snapshots:?}");
    for snapshot in &snapshots {
        let named = format!("file![\"snapshots/{snapshot}\"");
        assert_eq!(tests.matches(&named).count(), 1, "{named}");
    }
    // What a test names is there: `SNAPSHOTS=overwrite` writes it.
    let named = tests.matches("file![\u{22}snapshots/").count();
    assert_eq!(named, snapshots.len());
}
