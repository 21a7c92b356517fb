//! `check --since`: what the past is measured by is not made milder in silence.

use snapbox::str;

use crate::since::{CHECK, commit_as_published};
use crate::site_test::{Outcome, SiteTest};

/// A site whose past had trouble: of `web` by its monitor, of `api` by an incident, of `login` by its signal.
const CONFIG: &str = r#"title = "Shop Status"
base_url = "https://status.shop.test/"

[evidence]
quorum = 1

[uptime.weights]
partial_outage = 0.5

[[components]]
id = "web"
name = "Web"
since = 2022-01-01
states = { required = true, valid_for = "20m", quorum = 1 }

[[components]]
id = "api"
name = "API"

[[components]]
id = "login"
name = "Log-in"

[[components]]
id = "calm"
name = "Calm"
since = 2022-01-01
states = { valid_for = "1h" }

[[signals]]
id = "calls"
name = "Calls"
components = ["login", "api"]
file = "evidence/calls.csv"
threshold = 50
for = "10m"
valid_for = "1h"

[sources.probe]
ignore = [{ from = 2022-12-01T00:00:00Z, until = 2022-12-02T00:00:00Z, reason = "Broken." }]
"#;

const STATES: &str = r#"{"component":"web","status":"partial_outage","from":"2022-12-20T10:00:00Z","to":"2022-12-20T11:00:00Z","source":"probe"}
{"component":"web","status":"operational","from":"2022-12-20T11:05:00Z","to":"2022-12-20T12:00:00Z","source":"probe"}
{"component":"web","status":"operational","from":"2022-12-29T01:00:00Z","to":"2022-12-29T01:25:00Z","source":"probe"}
"#;

const INCIDENT: &str = "---\ntitle: Slow\ncomponents:\n  api: partial_outage\nstarted: 2022-12-10 10:00\n---\n\n\
    ## Investigating · 2022-12-10 10:00\n\nLooking.\n\n## Resolved · 2022-12-10 11:00\n\nOver.\n";

/// A repository whose first commit, `published`, is that site.
fn published() -> SiteTest {
    let site = SiteTest::empty()
        .file("allclear.toml", CONFIG)
        .file("evidence/states.jsonl", STATES)
        .file(
            "evidence/calls.csv",
            "time,value\n2022-12-10T10:00:00Z,80\n2022-12-10T11:00:00Z,3\n",
        )
        .file("incidents/slow.md", INCIDENT);
    commit_as_published(&site);
    site
}

/// The first lines of the errors that the comparison finds.
fn found(site: &SiteTest) -> Vec<String> {
    let outcome = Outcome::of(site.command(&CHECK).assert());
    let lines = outcome.stderr().lines();
    let errors = lines.filter_map(|line| {
        line.strip_prefix("error")
            .filter(|rest| rest.starts_with('['))
    });
    errors.map(str::to_owned).collect()
}

/// The same when a part of the settings is replaced.
fn changed(old: &str, new: &str) -> Vec<String> {
    let site = published();
    assert!(CONFIG.contains(old), "{old}");
    site.write("allclear.toml", CONFIG.replacen(old, new, 1));
    found(&site)
}

#[test]
fn settings_that_make_the_past_milder_are_found() {
    let none: [&str; 0] = [];
    for (old, new, message) in [
        (
            "partial_outage = 0.5",
            "partial_outage = 0.1",
            "`partial_outage` counted 0.5 of its time as down, and counts 0.1 now, in the past too",
        ),
        (
            "[uptime.weights]\npartial_outage = 0.5",
            "",
            "`partial_outage` counted 0.5 of its time as down, and counts 0.3 now, in the past too",
        ),
        (
            "since = 2022-01-01",
            "since = 2022-12-21",
            "uptime of `web` counted from 2022-01-01, and counts from 2022-12-21 now",
        ),
        (
            "since = 2022-01-01",
            "since = 2020-01-01",
            "uptime of `web` counted from 2022-01-01, and counts from 2020-01-01 now",
        ),
        (
            "name = \"API\"",
            "name = \"API\"\nsince = 2022-12-15",
            "uptime of `api` counted from 2022-12-10, and counts from 2022-12-15 now",
        ),
        (
            "required = true",
            "required = false",
            "evidence of `web` was always required, and is not required now",
        ),
        (
            "required = true, ",
            "",
            "evidence of `web` was always required, and is required from its first observation on now",
        ),
        (
            "valid_for = \"20m\"",
            "valid_for = \"6h\"",
            "an observation of `web` held for 20m, and holds for 6h now, in the past too",
        ),
        (
            "valid_for = \"20m\"",
            "valid_for = \"10m\"",
            "an observation of `web` held for 20m, and holds for 10m now, in the past too",
        ),
        (
            "\"20m\", quorum = 1",
            "\"20m\", quorum = 2",
            "trouble of `web` counted once 1 source saw it, and counts once 2 do now, in the past too",
        ),
        (
            "threshold = 50",
            "threshold = 100",
            "`calls` breached at 50, and breaches at 100 now, in the past too",
        ),
        (
            "threshold = 50",
            "baseline = { days = 14, factor = 3.0, floor = 50 }",
            "`calls` breached at 50, and breaches at 3 times the usual of 14 days, at least 50 now, in the past too",
        ),
        (
            "for = \"10m\"",
            "for = \"3h\"",
            "`calls` breached after 10m, and breaches after 3h now, in the past too",
        ),
        (
            "valid_for = \"1h\"\n\n[sources",
            "valid_for = \"5m\"\n\n[sources",
            "a sample of `calls` held for 1h, and holds for 5m now, in the past too",
        ),
        (
            "[\"login\", \"api\"]",
            "[\"login\"]",
            "`calls` spoke of `api`, and does not now, in the past either",
        ),
        (
            "ignore = [",
            "ignore = [{ from = 2022-12-20T09:00:00Z, until = 2022-12-20T12:00:00Z, reason = \"Wrong.\" }, ",
            "`probe` saw `web` in partial outage at 2022-12-20 10:00 +00:00, which was published, and is not believed now",
        ),
        (
            "ignore = [",
            "ignore = [{ from = 2022-12-20T10:30:00Z, until = 2022-12-20T10:40:00Z, reason = \"Wrong.\" }, ",
            "`probe` saw `web` in partial outage at 2022-12-20 10:00 +00:00, which was published, and is not believed now",
        ),
    ] {
        assert_eq!(
            changed(old, new),
            [format!("[softened-measure]: {message}")],
            "{new}"
        );
    }
    for (old, new) in [
        ("partial_outage = 0.5", "partial_outage = 0.8"),
        ("threshold = 50", "threshold = 20"),
        ("for = \"10m\"", "for = \"5m\""),
        ("title = \"Shop Status\"", "title = \"The Shop\""),
        // Nothing was ever recorded of it.
        (
            "id = \"calm\"\nname = \"Calm\"\nsince = 2022-01-01",
            "id = \"calm\"\nname = \"Calm\"\nsince = 2022-06-01",
        ),
        (
            "states = { valid_for = \"1h\" }",
            "states = { valid_for = \"9h\" }",
        ),
        // What was ignored hid nothing bad, and what is to come was not published.
        (
            "ignore = [",
            "ignore = [{ from = 2022-12-20T12:30:00Z, until = 2022-12-20T13:00:00Z, reason = \"Off.\" }, ",
        ),
        (
            "ignore = [",
            "ignore = [{ from = 2023-01-20T09:00:00Z, until = 2023-01-20T12:00:00Z, reason = \"Off.\" }, ",
        ),
        (
            "ignore = [{ from = 2022-12-01T00:00:00Z, until = 2022-12-02T00:00:00Z, reason = \"Broken.\" }]",
            "ignore = []",
        ),
    ] {
        assert_eq!(changed(old, new), none, "{new}");
    }
}

#[test]
fn a_component_that_is_gone_takes_its_history_along() {
    let site = published();
    site.write(
        "allclear.toml",
        CONFIG.replace("id = \"web\"", "id = \"site\""),
    );
    site.write(
        "evidence/states.jsonl",
        STATES.replace("\"web\"", "\"site\""),
    );
    let gone = "[softened-measure]: `web` was published with its history, and is gone";
    assert_eq!(found(&site), [gone]);
}

#[test]
fn both_versions_of_a_setting_are_shown() {
    let site = published();
    let later = CONFIG.replace("threshold = 50", "threshold = 100");
    site.write("allclear.toml", later);
    site.run_fails(1, &CHECK).expect_stderr(str![[r#"
error[softened-measure]: `calls` breached at 50, and breaches at 100 now, in the past too
  --> allclear.toml:35:1
   |
35 | threshold = 100
   | ^^^^^^^^^^^^^^^
   |
  ::: published:allclear.toml:35:1
   |
35 | threshold = 50
   | -------------- what was published
   |
   = help: take the change back, or tell readers of it: a new notice that names the component, or none (`allclear new notice`)

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_new_notice_tells_readers() {
    let site = published();
    site.write(
        "allclear.toml",
        CONFIG.replace("threshold = 50", "threshold = 100"),
    );
    let notice = |components: &str, at: &str| {
        format!(
            "---\ntitle: How we measure\nkind: notice\n{components}---\n\n## Update · {at}\n\nWe count more calls as usual.\n"
        )
    };
    site.write("incidents/measure.md", notice("", "2022-12-29 01:00"));
    assert_eq!(found(&site), [] as [&str; 0]);
    let of_login = notice("components: [login]\n", "2022-12-29 01:00");
    site.write("incidents/measure.md", of_login);
    assert_eq!(found(&site), [] as [&str; 0]);
    // Of something else, or not yet.
    for other in [
        notice("components: [web]\n", "2022-12-29 01:00"),
        notice("", "2022-12-30 01:00"),
    ] {
        site.write("incidents/measure.md", other);
        assert_eq!(found(&site).len(), 1);
    }
}

#[test]
fn evidence_of_trouble_does_not_go_away() {
    let gone = "[removed-evidence]: `probe` saw `web` in partial outage at 2022-12-20 10:00 +00:00: \
        that was published, and is gone or better now";
    let first = STATES.lines().next().unwrap();
    for (old, new) in [
        (first, ""),
        (
            "\"to\":\"2022-12-20T11:00:00Z\"",
            "\"to\":\"2022-12-20T10:10:00Z\"",
        ),
        ("partial_outage", "degraded_performance"),
        ("partial_outage", "operational"),
        (
            "\"from\":\"2022-12-20T10:00:00Z\"",
            "\"from\":\"2022-12-20T10:30:00Z\"",
        ),
    ] {
        let site = published();
        site.write("evidence/states.jsonl", STATES.replacen(old, new, 1));
        assert_eq!(found(&site), [gone], "{new}");
    }
    for (old, new) in [
        ("partial_outage", "major_outage"),
        // It went on, and two lines may become one.
        (
            "\"to\":\"2022-12-20T11:00:00Z\"",
            "\"to\":\"2022-12-20T11:04:00Z\"",
        ),
        (
            "\"from\":\"2022-12-20T10:00:00Z\"",
            "\"from\":\"2022-12-20T09:00:00Z\"",
        ),
    ] {
        let site = published();
        site.write("evidence/states.jsonl", STATES.replacen(old, new, 1));
        assert_eq!(found(&site), [] as [&str; 0], "{new}");
    }
}

#[test]
fn samples_that_breached_do_not_go_away() {
    let gone = "[removed-evidence]: `calls` breached from 2022-12-10 10:10 +00:00 on: that was published, and its file \
        shows nothing like it now";
    let none: [&str; 0] = [];
    let with = |samples: &str| {
        let site = published();
        site.write("evidence/calls.csv", format!("time,value\n{samples}"));
        found(&site)
    };
    // The values were lowered, the lines are gone, the file is another one, or holds nothing.
    assert_eq!(
        with("2022-12-10T10:00:00Z,8\n2022-12-10T11:00:00Z,3\n"),
        [gone]
    );
    assert_eq!(
        with("2022-12-10T10:00:00Z,80\n2022-12-10T10:11:00Z,3\n"),
        [gone]
    );
    assert_eq!(
        with("2022-12-10T09:00:00Z,3\n2022-12-10T11:00:00Z,3\n"),
        [gone]
    );
    assert_eq!(
        with("2022-12-28T09:00:00Z,3\n2022-12-28T09:05:00Z,3\n"),
        [gone]
    );
    assert_eq!(with(""), [gone]);
    // It was asked again, and answered for other instants; or it holds as much as before, of later days.
    assert_eq!(
        with("2022-12-10T09:50:00Z,3\n2022-12-10T10:02:00Z,70\n2022-12-10T10:58:00Z,4\n"),
        none
    );
    assert_eq!(
        with("2022-12-28T08:00:00Z,3\n2022-12-28T09:00:00Z,3\n"),
        none
    );

    let site = published();
    site.write("evidence/calls.csv", "time,value\n2022-12-10T10:00:00Z,8\n");
    let notice = "---\ntitle: The counter was wrong\nkind: notice\ncomponents: [login]\nstarts: 2022-12-28 10:00\n---\n\nSorry.\n";
    site.write("incidents/counter.md", notice);
    assert_eq!(found(&site), none);
}
