//! Latency: its files, its charts, signals of it, and what is published.

use std::fmt::Write as _;

use snapbox::{file, str};

use crate::pages::{page, texts};
use crate::site_test::{NOW, SiteTest, files_below};

/// Rows of `web` every hour of the last day, and every day before that; the looks of an hour ago were slow.
fn rows() -> String {
    let mut rows = String::from("time,component,milliseconds\n");
    for day in 10..28 {
        writeln!(rows, "2022-12-{day}T12:00:00Z,web,{}", 90 + day).unwrap();
    }
    for hour in 2..24 {
        writeln!(rows, "2022-12-28T{hour:02}:00:00Z,web,{}", 100 + hour).unwrap();
    }
    for minute in [0, 10, 20, 30] {
        writeln!(rows, "2022-12-29T00:{minute:02}:00Z,web,1250.5").unwrap();
    }
    rows
}

fn site() -> SiteTest {
    SiteTest::new().file("evidence/latency/frankfurt.csv", rows())
}

#[test]
fn the_page_of_a_component_shows_it() {
    let site = site();
    site.build();
    site.check_page("components/web/index.html", file!["snapshots/latency.html"]);
    for (path, expected) in [
        (
            "components/web/index.html",
            "Half of all checks that succeeded took at most 114 ms, 95% of them at most 1,251 ms",
        ),
        (
            "components/web/index.html",
            "Half of all five-minute medians of checks that succeeded were at most 111 ms, 95% of them at most 1,251 ms",
        ),
        ("ar/components/web/index.html", "استغرق نصف عمليات الفحص"),
    ] {
        let sentences = texts(&page(&site, path), ".chart figcaption span").join("\n");
        assert!(sentences.contains(expected), "{sentences}");
    }
    let twin = site.read("public/components/web/index.md");
    assert!(
        twin.contains("## Response time\n\n### Last 24 hours\n"),
        "{twin}"
    );
    assert!(
        twin.contains("| Dec 28, 2022, 7:30 PM EST | 1,251 ms | 1,251 ms |"),
        "{twin}"
    );
    // Where nothing was measured nothing is shown.
    for path in [
        "components/api/index.html",
        "components/api/index.md",
        "index.html",
    ] {
        let text = site.read(&format!("public/{path}"));
        assert!(!text.contains("Response time"), "{path}");
    }
}

#[test]
fn a_plain_theme_has_the_figures_too() {
    let site = site();
    let config = site.read("allclear.toml");
    site.write("allclear.toml", format!("theme = \"plain\"\n{config}"));
    site.build();
    let items = texts(&page(&site, "components/web/index.html"), "li").join("\n");
    assert!(
        items.contains("Last 24 hours: Half of all checks that succeeded took at most 114 ms"),
        "{items}"
    );
}

/// How long it takes to connect, and until an answer is there, are no one number.
#[test]
fn an_answer_says_more_than_a_connection() {
    let site = SiteTest::new()
        .file(
            "evidence/latency/answers.csv",
            "time,component,milliseconds\n2022-12-28T20:00:00Z,web,300\n",
        )
        .file(
            "evidence/latency/connections.csv",
            "time,component,milliseconds\n2022-12-28T20:00:00Z,web,10\n2022-12-28T21:00:00Z,web,10\n2022-12-28T20:00:00Z,api,10\n",
        );
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        config
            + "\n[[probes]]\ncomponent = \"web\"\nhttp = \"https://acme.example/\"\nsource = \"answers\"\n"
            + "\n[[probes]]\ncomponents = [\"web\", \"api\"]\ntcp = \"acme.example:443\"\nsource = \"connections\"\n",
    );
    site.build();
    for (component, expected) in [("web", "at most 300 ms"), ("api", "at most 10 ms")] {
        let path = format!("components/{component}/index.html");
        let sentences = texts(&page(&site, &path), ".chart figcaption span").join("\n");
        assert!(sentences.contains(expected), "{sentences}");
    }
}

/// Thinning rows after a day changes nothing that was said of them.
#[test]
fn a_signal_of_latency_says_the_same_a_day_later() {
    let mut rows = String::from("time,component,milliseconds\n");
    for minute in 0..20 {
        let slow = (2..=4).contains(&minute) || minute >= 10;
        let milliseconds = if slow { 5_000 } else { 90 };
        writeln!(rows, "2022-12-28T12:{minute:02}:00Z,web,{milliseconds}").unwrap();
    }
    let site = signal("latency = \"web\"\nthreshold = 1000\nfor = \"2m\"\n");
    site.write("evidence/latency/frankfurt.csv", &rows);
    let contradictions = || {
        ["2022-12-28T12:04:30Z", "2022-12-28T12:08:00Z", "2022-12-28T12:15:00Z"]
            .map(|now| site.status(now)["contradictions"].clone())
    };
    let before = contradictions();
    assert_eq!(before[2][0]["since"], "2022-12-28T12:12:00Z");
    site.run(&["evidence", "compact", "--now", "2022-12-30T00:00:00Z"]);
    assert!(site.read("evidence/latency/frankfurt.csv").lines().count() < 10);
    assert_eq!(contradictions(), before);
}

/// A signal of latency, with these keys.
fn signal(keys: &str) -> SiteTest {
    let site = site();
    let config = site.read("allclear.toml");
    site.file(
        "allclear.toml",
        format!("{config}\n[[signals]]\nid = \"slow\"\nname = \"Slow answers\"\ncomponents = [\"web\"]\n{keys}"),
    )
}

#[test]
fn a_signal_may_be_of_latency() {
    let site = signal("latency = \"web\"\nthreshold = 1000\nfor = \"15m\"\n");
    let now = "2022-12-29T00:45:00Z";
    let status = site.status(now);
    let contradiction = &status["contradictions"][0];
    assert_eq!(contradiction["signal"], "slow");
    assert_eq!(contradiction["value"], 1250.5);
    assert_eq!(contradiction["since"], "2022-12-29T00:15:00Z");
    site.run_exits(0, &["build", "--quiet", "--now", now]);
    let sentences = texts(&page(&site, "index.html"), ".chart figcaption span").join("\n");
    assert!(
        sentences.contains("1,251 ms, at or above the threshold of 1,000"),
        "{sentences}"
    );
    // Of several sources each median is a sample, and of two at one instant the longer counts.
    let both = site.file(
        "evidence/latency/paris.csv",
        "time,component,milliseconds\n2022-12-29T00:30:00Z,web,90\n2022-12-29T00:40:00Z,web,95\n",
    );
    assert_eq!(
        both.status(now)["contradictions"].as_array().unwrap().len(),
        0
    );
    assert_eq!(
        both.status("2022-12-29T00:35:00Z")["contradictions"][0]["value"],
        1250.5
    );
}

#[test]
fn a_signal_is_of_one_thing() {
    let report = |keys: &str| {
        let outcome = signal(keys).run_fails(1, &["check", "--now", NOW]);
        outcome.stderr().to_owned()
    };
    snapbox::assert_data_eq!(
        report("latency = \"wep\"\nthreshold = 1000\n"),
        str![[r#"
error[unknown-component]: there is no component `wep`
  --> allclear.toml:22:11
   |
22 | latency = "wep"
   |           ^^^^^
   |
   = help: did you mean `web`?

1 error; `allclear explain CODE` says more of each

"#]]
    );
    snapbox::assert_data_eq!(
        report("latency = \"web\"\nfile = \"evidence/a.csv\"\nthreshold = 1000\n"),
        str![[r#"
error[missing-key]: a signal needs either `file` or `latency`
  --> allclear.toml:22:11
   |
22 | latency = "web"
   |           ^^^^^
   |
   = help: keep one of them

1 error; `allclear explain CODE` says more of each

"#]]
    );
}

#[test]
fn what_cannot_be_read_is_reported_with_its_place() {
    let site = SiteTest::new()
        .file(
            "evidence/latency/a.csv",
            "time,component,milliseconds\nsoon,web,12\n2022-12-28T23:00:00Z,wep,12\n2022-12-28T23:00:00Z,web,-12\n2022-12-28T23:00:00Z,web,inf\n",
        )
        .file("evidence/latency/b.csv", "time,component,seconds\n")
        .file("evidence/latency/c.csv", "# by hand\ncomponent,milliseconds,time\nweb,\"12.5\",2022-12-28T23:00:00Z\nweb,12,2022-12-2")
        .file("evidence/latency/d.jsonl", "{}\n");
    let outcome = site.run_fails(1, &["check", "--now", NOW]);
    snapbox::assert_data_eq!(
        outcome.stderr().to_owned(),
        file!["snapshots/latency-unreadable.txt"]
    );
}

/// A name that some disk cannot have, or two files of one name, cannot be published.
#[test]
fn a_file_with_another_name_is_not_read() {
    for name in ["con", "A", "a b", "folder/east"] {
        let path = format!("evidence/latency/{name}.csv");
        let site = site().file(&path, rows());
        let outcome = site.run_warns(&["build", "--now", NOW]);
        let said = outcome.stderr();
        assert!(said.starts_with("warning[unused-file]: this is not where"), "{said}");
        assert!(!site.path(&format!("public/{path}")).exists());
        assert!(site.path("public/index.html").exists(), "{said}");
    }
}

#[test]
fn rows_of_the_future_count_for_nothing() {
    let site = site().file(
        "evidence/latency/fast.csv",
        "time,component,milliseconds\n2100-01-01T00:00:00Z,web,1\n2100-01-01T00:01:00Z,web,1\n",
    );
    let outcome = site.run_warns(&["check"]);
    let report = outcome.stderr();
    assert!(
        report.contains(
            "warning[future-evidence]: a latency of `web` is of 2100-01-01T00:00:00Z, and it is "
        ),
        "{report}"
    );
    assert!(
        report.contains(" now; 1 more is like it\n --> evidence/latency/fast.csv:2:1"),
        "{report}"
    );
    // As history it is merely not known yet.
    site.build();
    assert!(!site.path("public/evidence/latency/fast.csv").exists());
}

#[test]
fn it_is_published_thin_and_without_what_is_silenced() {
    let text = "time,component,milliseconds\n\
        2021-11-01T10:00:00Z,web,1\n\
        2022-12-27T10:00:00Z,web,10\n\
        2022-12-27T10:01:00Z,web,30\n\
        2022-12-27T10:02:00Z,web,20\n\
        2022-12-28T10:01:00Z,web,11\n\
        2022-12-28T10:02:00Z,web,12.25\n\
        2022-12-28T12:30:00Z,web,13\n";
    let site = SiteTest::new().file("evidence/latency/frankfurt.csv", text);
    let config = site.read("allclear.toml")
        + "\n[sources.frankfurt]\nignore = [{ from = \"2022-12-28T12:00:00Z\", until = \"2022-12-28T13:00:00Z\", reason = \"Broken.\" }]\n";
    site.write("allclear.toml", &config);
    site.build_with_warnings();
    assert_eq!(
        site.read("public/evidence/latency/frankfurt.csv"),
        "time,component,milliseconds\n2022-12-27T10:00:00Z,web,20\n2022-12-28T10:01:00Z,web,11\n2022-12-28T10:02:00Z,web,12.25\n"
    );
    let manifest: serde_json::Value =
        serde_json::from_str(&site.read("public/build.json")).unwrap();
    let listed = &manifest["files"]["evidence/latency/frankfurt.csv"];
    assert_eq!(listed["type"], "text/csv; charset=utf-8");
    assert!(
        site.read("public/_headers")
            .contains("\n/evidence/latency/*\n  Access-Control-Allow-Origin: *\n")
    );
    site.write("allclear.toml", config + "\n[evidence]\npublish = false\n");
    site.build_with_warnings();
    assert!(
        !site
            .outputs()
            .iter()
            .any(|path| path.starts_with("evidence"))
    );
}

#[test]
fn files_become_as_short_as_they_can_be() {
    let states: String = (0..60)
        .map(|minute| {
            format!("{{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-28T23:{minute:02}:00Z\",\"source\":\"east\"}}\n")
        })
        .collect();
    let site = SiteTest::new()
        .file("evidence/states.jsonl", &states)
        .file("evidence/latency/east.csv", "time,component,milliseconds\n2022-12-27T10:01:00Z,web,30\n2022-12-27T10:02:00Z,web,20\n")
        .file("evidence/notes.csv", "component,status,from\napi,operational,2022-12-28T23:00:00Z\n");
    site.build();
    let before = site.contents();
    let compact = ["evidence", "compact", "--now", NOW];
    let dry = [&compact[..], &["--dry-run"]].concat();
    let files = files_below(&site.path("evidence"));
    site.run_exits(0, &dry).expect_stdout(str![[r#"
evidence/latency/east.csv: 84 bytes before, 56 after
evidence/states.jsonl: 5340 bytes before, 117 after
in all, if written: 5424 bytes before, 173 after

"#]]);
    assert_eq!(site.read("evidence/states.jsonl"), states);
    site.run_exits(0, &compact).expect_stdout(str![[r#"
evidence/latency/east.csv: 84 bytes before, 56 after
evidence/states.jsonl: 5340 bytes before, 117 after
in all: 5424 bytes before, 173 after

"#]]);
    assert_eq!(
        site.read("evidence/states.jsonl"),
        "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-28T23:00:00Z\",\"to\":\"2022-12-28T23:59:00Z\",\"source\":\"east\"}\n"
    );
    site.build();
    assert!(site.contents() == before);
    assert_eq!(files_below(&site.path("evidence")), files);
    site.run_exits(0, &compact).expect_stdout(str![[r#"
in all: 173 bytes, which is as short as it gets

"#]]);
    // A monitor that goes on extends the line.
    site.run(&[
        "record",
        "web",
        "operational",
        "--source",
        "east",
        "--now",
        "2022-12-29T00:10:00Z",
    ]);
    assert_eq!(site.read("evidence/states.jsonl").lines().count(), 1);
}
