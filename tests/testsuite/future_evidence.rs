//! Evidence that reaches beyond the present, which nobody can have seen.

use chrono::{DateTime, TimeDelta, Utc};

use crate::site_test::{Outcome, SiteTest};

const CONFIG: &str = r#"title = "Bakery"
base_url = "https://status.bakery.example/"

[[components]]
id = "oven"
name = "Oven"
states = { required = true, valid_for = "20m" }

[[components]]
id = "till"
name = "Till"
"#;

/// An instant so many seconds from the present, as evidence spells it.
fn seconds(from_now: i64) -> String {
    let at: DateTime<Utc> = std::time::SystemTime::now().into();
    let at = at + TimeDelta::seconds(from_now);
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn saw(component: &str, from: i64, to: i64) -> String {
    format!(
        r#"{{"component":"{component}","status":"operational","from":"{}","to":"{}","source":"probe"}}"#,
        seconds(from),
        seconds(to)
    )
}

fn site(states: &[String]) -> SiteTest {
    SiteTest::empty()
        .file("allclear.toml", CONFIG)
        .file("evidence/states.jsonl", states.join("\n") + "\n")
}

/// What `status` says as of the present.
fn status(site: &SiteTest) -> serde_json::Value {
    let arguments = ["status", "--format", "json"];
    Outcome::of(site.command(&arguments).assert()).json()
}

/// What `check` reports as of the present.
fn check(site: &SiteTest) -> String {
    let outcome = Outcome::of(site.command(&["check"]).assert());
    outcome.stderr().to_owned()
}

#[test]
fn what_reaches_beyond_the_present_earns_no_all_clear() {
    const HOUR: i64 = 60 * 60;
    let ahead = [saw("oven", -HOUR, 9 * HOUR), saw("till", -60, 0)];
    let site = site(&ahead);
    let status = status(&site);
    assert_eq!(status["headline"]["state"], "unknown", "{status:#}");
    // What is older than it holds is history, and has just run out.
    let evidence = &status["components"][0]["evidence"];
    assert_eq!(evidence["valid_until"], serde_json::Value::Null);
    let report = check(&site);
    let expected = "warning[future-evidence]: what `probe` has of `oven` here reaches to ";
    assert!(report.starts_with(expected), "{report}");
    assert!(report.contains("--> evidence/states.jsonl:1:1"), "{report}");
    assert!(!report.contains("no file mentions"), "{report}");
    // The page is built from the same.
    site.command(&["build"]).assert().success();
    let page = site.read("public/index.html");
    assert!(page.contains("Status not confirmed") || page.contains("unknown"));
    assert!(!page.contains("All systems operational"));
    // As history, it is cut at that instant.
    let now = seconds(0);
    let outcome = Outcome::of(
        site.command(&["status", "--format", "json", "--now", &now])
            .assert(),
    );
    assert_eq!(outcome.json()["headline"]["state"], "all_clear");
    let outcome = Outcome::of(site.command(&["check", "--now", &now]).assert());
    assert_eq!(outcome.stderr(), "");
}

/// Clocks of machines differ by seconds.
#[test]
fn a_clock_that_is_a_little_ahead_is_believed() {
    let site = site(&[saw("oven", -60, 30), saw("till", -60, 20)]);
    assert_eq!(status(&site)["headline"]["state"], "all_clear");
    assert_eq!(check(&site), "");
}

/// One look by a clock that is ahead makes a line of months longer: the months stay, and the look counts for nothing.
#[test]
fn a_wrong_end_takes_no_history_away() {
    const DAY: i64 = 24 * 60 * 60;
    let long = saw("oven", -90 * DAY, 120);
    let till = saw("till", -60, 0);
    let alone = site(&[long.clone(), till.clone()]);
    assert_eq!(status(&alone)["headline"]["state"], "unknown");
    let pulled = SiteTest::empty()
        .file("allclear.toml", CONFIG)
        .file("evidence/pulled/states.jsonl", long + "\n")
        .file(
            "evidence/states.jsonl",
            format!("{}\n{till}\n", saw("oven", -30, 0)),
        );
    assert_eq!(status(&pulled)["headline"]["state"], "all_clear");
    pulled.command(&["build"]).assert().success();
    let published = pulled.read("public/evidence/states.jsonl");
    let begin = seconds(-89 * DAY);
    let mut lines = published.lines();
    let oven: serde_json::Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    assert!(oven["from"].as_str().unwrap() < begin.as_str(), "{published}");
    assert_eq!(lines.count(), 1, "{published}");
}

#[test]
fn a_start_in_the_future_is_no_missing_evidence_and_makes_none_required() {
    let site = site(&[saw("oven", 3_600, 3_600), saw("till", 3_600, 3_600)]);
    let status = status(&site);
    // The oven must have evidence; the till only once there is some.
    assert_eq!(status["components"][0]["status"], "unknown");
    assert_eq!(status["components"][1]["status"], "operational");
    let report = check(&site);
    assert_eq!(report.matches("warning[").count(), 2, "{report}");
    assert_eq!(
        report.matches("warning[future-evidence]:").count(),
        2,
        "{report}"
    );
}

#[test]
fn many_lines_of_a_wrong_clock_are_one_finding() {
    let lines: Vec<String> = (0..50)
        .map(|at| saw("till", 3_600 + at, 3_600 + at))
        .collect();
    let mut states = vec![saw("oven", -60, 0)];
    states.extend(lines);
    let report = check(&site(&states));
    assert_eq!(
        report.matches("warning[future-evidence]:").count(),
        1,
        "{report}"
    );
    assert!(report.contains("--> evidence/states.jsonl:2:1"), "{report}");
    assert!(report.contains("49 more"), "{report}");
}

#[test]
fn what_an_operator_will_say_is_not_said_yet() {
    let word = |from: i64| {
        format!(
            r#"{{"component":"oven","status":"major_outage","from":"{}","source":"operator","reason":"It will be down.","until":"{}"}}"#,
            seconds(from),
            seconds(90_000)
        )
    };
    let confirmed = [saw("oven", -60, 0), saw("till", -60, 0)];
    let with = |word: String| site(&[confirmed[0].clone(), confirmed[1].clone(), word]);
    let later = with(word(3_600));
    assert_eq!(status(&later)["headline"]["state"], "all_clear");
    assert!(check(&later).starts_with("warning[future-evidence]:"));
    // Its end may lie ahead, of course.
    let now = with(word(-60));
    assert_eq!(status(&now)["components"][0]["status"], "major_outage");
    assert_eq!(check(&now), "");
}

#[test]
fn samples_of_the_future_are_the_same_kind() {
    let signal = format!(
        "{CONFIG}\n[[signals]]\nid = \"calls\"\ncomponents = [\"oven\"]\nfile = \"evidence/calls.csv\"\nthreshold = 5\n"
    );
    let site = site(&[saw("oven", -60, 0), saw("till", -60, 0)]).file("allclear.toml", signal);
    site.write(
        "evidence/calls.csv",
        format!(
            "time,value\n{},1\n{},9\n{},9\n",
            seconds(-30),
            seconds(3_600),
            seconds(7_200)
        ),
    );
    assert_eq!(status(&site)["headline"]["state"], "all_clear");
    let report = check(&site);
    assert!(
        report.starts_with("warning[future-evidence]: a sample of `calls` is of "),
        "{report}"
    );
    assert!(report.contains("--> evidence/calls.csv:3:1"), "{report}");
    assert!(report.contains("1 more"), "{report}");
}

/// A site may weigh it as any rule.
#[test]
fn a_site_may_make_it_an_error() {
    let site = site(&[saw("oven", 3_600, 3_600), saw("till", -60, 0)]);
    site.write(
        "allclear.toml",
        format!("{CONFIG}\n[check]\nfuture-evidence = \"error\"\n"),
    );
    assert!(check(&site).starts_with("error[future-evidence]"));
    site.run_fails(1, &["build"]);
}

/// A writer that was killed leaves half a line.
#[test]
fn half_a_last_line_is_left_out_and_told() {
    let whole = r#"{"component":"till","status":"operational","from":"2024-05-14T11:50:00Z"}"#;
    let now = "2024-05-14T12:00:00Z";
    let files = [
        (
            "evidence/states.jsonl",
            format!("{whole}\n{{\"component\":\"till\",\"status\":\"major_ou"),
        ),
        (
            "evidence/states.csv",
            "component,status,from\ntill,operational,2024-05-14T11:50:00Z\ntill,major_ou".to_owned(),
        ),
        (
            "evidence/more.csv",
            "component,status,from\ntill,operational,2024-05-14T11:50:00Z\ntill,major_outage,2024-05-14T1"
                .to_owned(),
        ),
    ];
    let optional = CONFIG.replace("required = true", "required = false");
    for (file, text) in files {
        let site = SiteTest::empty()
            .file("allclear.toml", &optional)
            .file(file, &text);
        let outcome = site.run_warns(&["check", "--now", now]);
        let report = outcome.stderr();
        assert!(report.starts_with("warning[unfinished-line]:"), "{report}");
        assert_eq!(report.matches("warning[").count(), 1, "{report}");
        let status = Outcome::of(
            site.command(&["status", "--format", "json", "--now", now])
                .assert(),
        );
        let till = &status.json()["components"][1];
        assert_eq!(till["status"], "operational", "{file}");
        assert_eq!(
            till["evidence"]["confirmed_at"], "2024-05-14T11:50:00Z",
            "{file}"
        );
        // With its line end it was written so, and is an error.
        site.write(file, text + "\n");
        site.run_fails(1, &["check", "--now", now]);
    }
}

/// After a power cut a file may end in zeros, where the disk knew its new length and not yet its new text.
#[test]
fn zeros_at_the_end_are_half_a_line() {
    let config = CONFIG.replace("required = true", "required = false");
    let now = "2024-05-14T12:00:00Z";
    for (file, whole) in [
        (
            "evidence/states.jsonl",
            "{\"component\":\"till\",\"status\":\"operational\",\"from\":\"2024-05-14T11:50:00Z\"}\n",
        ),
        (
            "evidence/states.csv",
            "component,status,from\ntill,operational,2024-05-14T11:50:00Z\n",
        ),
    ] {
        for half in ["\0\0\0\0", "ti\0\0"] {
            let site = SiteTest::empty()
                .file("allclear.toml", &config)
                .file(file, format!("{whole}{half}"));
            let outcome = site.run_warns(&["check", "--now", now]);
            let report = outcome.stderr();
            assert!(report.starts_with("warning[unfinished-line]:"), "{report}");
            assert_eq!(report.matches("warning[").count(), 1, "{report}");
        }
    }
}

/// It has its line end: white space behind that does not make it a line that a writer has left half.
#[test]
fn a_broken_line_before_white_space_is_an_error() {
    let config = CONFIG.replace("required = true", "required = false");
    for behind in ["\n ", "\n\t\n  ", "\r\n\r"] {
        let site = SiteTest::empty()
            .file("allclear.toml", &config)
            .file("evidence/states.jsonl", format!("{{\"component\":{behind}"));
        site.run_fails(1, &["check", "--now", "2024-05-14T12:00:00Z"]);
    }
}

#[test]
fn half_a_last_sample_is_left_out_and_told() {
    let config = CONFIG.replace("required = true", "required = false");
    let now = "2024-05-14T12:00:00Z";
    for (file, text) in [
        (
            "evidence/calls.csv",
            "time,value\n2024-05-14T11:50:00Z,3\n2024-05-14T11:5",
        ),
        (
            "evidence/calls.jsonl",
            "{\"time\":\"2024-05-14T11:50:00Z\",\"value\":3}\n{\"time\":\"2024-05-",
        ),
    ] {
        let signal = format!(
            "{config}\n[[signals]]\nid = \"calls\"\ncomponents = [\"oven\"]\nfile = \"{file}\"\nthreshold = 5\n"
        );
        let site = SiteTest::empty()
            .file("allclear.toml", signal)
            .file(file, text);
        let outcome = site.run_warns(&["check", "--now", now]);
        assert!(
            outcome.stderr().starts_with("warning[unfinished-line]:"),
            "{}",
            outcome.stderr()
        );
        site.write(file, format!("{text}\n"));
        site.run_fails(1, &["check", "--now", now]);
    }
}

#[test]
fn half_a_first_line_is_left_out_too() {
    let config = CONFIG.replace("required = true", "required = false");
    let site = SiteTest::empty()
        .file("allclear.toml", config)
        .file("evidence/states.csv", "component,sta");
    let outcome = site.run_warns(&["check", "--now", "2024-05-14T12:00:00Z"]);
    let report = outcome.stderr();
    assert!(report.starts_with("warning[unfinished-line]:"), "{report}");
}

/// A writer that is killed does not stop between two characters.
#[test]
fn half_a_character_at_the_end_is_half_a_line() {
    let config = CONFIG.replace("required = true", "required = false");
    let now = "2024-05-14T12:00:00Z";
    for (file, whole, half) in [
        (
            "evidence/states.csv",
            "component,status,from,source\ntill,operational,2024-05-14T11:50:00Z,probe\n",
            "till,major_outage,2024-05-14T11:55:00Z,café",
        ),
        (
            "evidence/states.jsonl",
            "{\"component\":\"till\",\"status\":\"operational\",\"from\":\"2024-05-14T11:50:00Z\"}\n",
            "{\"component\":\"till\",\"status\":\"major_outage\",\"source\":\"東",
        ),
    ] {
        let mut bytes = format!("{whole}{half}").into_bytes();
        bytes.pop();
        let site = SiteTest::empty()
            .file("allclear.toml", &config)
            .file(file, &bytes);
        let outcome = site.run_warns(&["check", "--now", now]);
        let report = outcome.stderr();
        assert!(report.starts_with("warning[unfinished-line]:"), "{report}");
        assert_eq!(report.matches("warning[").count(), 1, "{report}");
        let status = Outcome::of(
            site.command(&["status", "--format", "json", "--now", now])
                .assert(),
        );
        let till = &status.json()["components"][1];
        assert_eq!(till["status"], "operational", "{file}");
        // Within the file it is no half line.
        bytes.push(b'\n');
        site.write(file, &bytes);
        let outcome = site.run_fails(1, &["check", "--now", now]);
        let report = outcome.stderr();
        assert!(report.starts_with("error[not-utf8]:"), "{report}");
    }
}

/// A whole line without its end may have been written by hand: what is wrong with it is an error.
#[test]
fn a_whole_last_line_is_read_as_any() {
    let text = r#"{"component":"tell","status":"operational","from":"2024-05-14T11:50:00Z"}"#;
    let site = SiteTest::empty()
        .file("allclear.toml", CONFIG)
        .file("evidence/states.jsonl", text);
    let outcome = site.run_fails(1, &["check", "--now", "2024-05-14T12:00:00Z"]);
    assert!(outcome.stderr().starts_with("error[unknown-component]"));
}

#[test]
fn a_monitor_goes_on_after_half_a_line() {
    let whole =
        "{\"component\":\"till\",\"status\":\"operational\",\"from\":\"2024-05-14T11:50:00Z\"}\n";
    goes_on_after(whole, b"{\"compo");
    goes_on_after(whole, b"{\"source\":\"caf\xc3");
    goes_on_after(whole, b"\0\0\0\0");
}

fn goes_on_after(whole: &str, half: &[u8]) {
    let site = SiteTest::empty()
        .file("allclear.toml", CONFIG)
        .file("evidence/states.jsonl", [whole.as_bytes(), half].concat());
    let now = "2024-05-14T12:00:00Z";
    let record = [
        "record",
        "oven",
        "operational",
        "--source",
        "probe",
        "--now",
        now,
    ];
    site.command(&record).assert().success();
    let lines = site.read("evidence/states.jsonl");
    assert_eq!(lines.lines().count(), 2, "{lines}");
    site.run(&["check", "--strict", "--now", now]);
}
