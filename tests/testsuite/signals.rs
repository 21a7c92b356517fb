//! Signals: what their samples, infinite or missing, and their baselines say.

use serde_json::Value;

use crate::pages::{page, texts};
use crate::site_test::SiteTest;

/// The instant of these tests: a Tuesday at noon.
const NOON: &str = "2024-05-14T12:00:00Z";

/// A site of one component that a monitor confirms, with a signal of it.
fn site(limit: &str, file: &str, samples: &str) -> SiteTest {
    SiteTest::empty()
        .file(
            "allclear.toml",
            format!(
                "title = \"Bakery\"\nbase_url = \"https://status.bakery.example/\"\n\n[theme_options]\ncharts = \"always\"\n\n[[components]]\nid = \"oven\"\nname = \"Oven\"\n\n[[signals]]\nid = \"calls\"\nname = \"Calls\"\ncomponents = [\"oven\"]\nfile = \"{file}\"\n{limit}\nvalid_for = \"1h\"\n"
            ),
        )
        .file(
            "evidence/states.jsonl",
            "{\"component\":\"oven\",\"status\":\"operational\",\"from\":\"2024-05-14T11:50:00Z\"}\n",
        )
        .file(file, samples)
}

/// One sample an hour at the full hour, of so many days before noon and up to it; `0` days are today alone.
fn hourly(days: std::ops::RangeInclusive<u32>, today: u32) -> String {
    let day = |back: u32| 14 - back;
    let mut lines = vec!["time,value".to_owned()];
    for back in days.rev() {
        for hour in 0..24 {
            lines.push(format!("2024-05-{:02}T{hour:02}:00:00Z,20", day(back)));
        }
    }
    for hour in 9..=12 {
        lines.push(format!("2024-05-14T{hour:02}:00:00Z,{today}"));
    }
    lines.join("\n") + "\n"
}

const BASELINE: &str = "baseline = { days = 8, factor = 3.0, floor = 50 }";

fn state(site: &SiteTest) -> Value {
    site.status(NOON)["headline"]["state"].clone()
}

fn sentence(site: &SiteTest) -> String {
    site.command(&["build", "--now", NOON]).assert().success();
    texts(&page(site, "index.html"), "figcaption span").join(" ")
}

#[test]
fn a_baseline_without_history_neither_breaches_nor_confirms() {
    // Half of eight days, and never fewer than three.
    for days in [0, 1, 3] {
        let samples = hourly(1..=days, 900);
        let site = site(BASELINE, "evidence/calls.csv", &samples);
        assert_eq!(state(&site), "no_known_problems", "{days} days");
        site.run(&["check", "--strict", "--now", NOON]);
        let says = sentence(&site);
        assert!(says.contains("No baseline yet"), "{days} days: {says}");
    }
    let samples = hourly(1..=4, 900);
    let breaching = site(BASELINE, "evidence/calls.csv", &samples);
    assert_eq!(state(&breaching), "suspected");
    assert!(!sentence(&breaching).contains("baseline"));
    let quiet = site(BASELINE, "evidence/calls.csv", &hourly(1..=4, 30));
    assert_eq!(state(&quiet), "all_clear");
    let three = "baseline = { days = 3, factor = 3.0, floor = 50 }";
    let quiet = site(three, "evidence/calls.csv", &hourly(1..=2, 30));
    assert_eq!(state(&quiet), "no_known_problems");
}

#[test]
fn a_baseline_of_fewer_days_than_it_needs_is_refused() {
    let two = "baseline = { days = 2, factor = 3.0, floor = 50 }";
    let site = site(two, "evidence/calls.csv", &hourly(1..=4, 30));
    let outcome = site.run_fails(1, &["check", "--now", NOON]);
    assert!(
        outcome.stderr().starts_with("error[out-of-range]"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn an_infinite_sample_breaches() {
    let csv = "time,value\n2024-05-14T11:30:00Z,0.01\n2024-05-14T11:45:00Z,+Inf\n";
    let json = r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1715686200,"0.01"],[1715687100,"+Inf"]]}]}}"#;
    // JSON has no number for it, so that programs write a text.
    let lines = "{\"time\":\"2024-05-14T11:30:00Z\",\"value\":\"0.01\"}\n{\"time\":\"2024-05-14T11:45:00Z\",\"value\":\"Inf\"}\n";
    for (file, samples) in [
        ("evidence/calls.csv", csv),
        ("evidence/calls.json", json),
        ("evidence/calls.jsonl", lines),
    ] {
        let site = site("threshold = 0.05", file, samples);
        let status = site.status(NOON);
        assert_eq!(status["headline"]["state"], "suspected", "{file}");
        let contradiction = &status["contradictions"][0];
        assert_eq!(contradiction["value"], "+Inf", "{file}");
        assert_eq!(contradiction["since"], "2024-05-14T11:45:00Z", "{file}");
        let outcome = site.run_fails(1, &["check", "--now", NOON]);
        assert!(
            outcome
                .stderr()
                .contains("`calls` is at +Inf, its threshold is 0.05"),
            "{}",
            outcome.stderr()
        );
        let says = sentence(&site);
        assert!(says.contains("∞"), "{says}");
        let drawn = site.read("public/index.html");
        assert!(!drawn.contains("NaN") && !drawn.contains("inf\""), "{file}");
    }
}

#[test]
fn a_sample_below_all_numbers_is_no_breach() {
    let samples = "time,value\n2024-05-14T11:45:00Z,-Inf\n";
    let site = site("threshold = 0.05", "evidence/calls.csv", samples);
    assert_eq!(state(&site), "all_clear");
    sentence(&site);
    let drawn = site.read("public/index.html");
    assert!(!drawn.contains("NaN"));
}

/// What holds no number says that nothing is known any more.
#[test]
fn a_sample_without_a_number_ends_the_one_before_it() {
    let after =
        |end: &str| format!("time,value\n2024-05-14T11:30:00Z,9\n2024-05-14T11:45:00Z,{end}\n");
    for end in ["NaN", ""] {
        let site = site("threshold = 5", "evidence/calls.csv", &after(end));
        assert_eq!(state(&site), "no_known_problems", "`{end}`");
        site.run(&["check", "--strict", "--now", NOON]);
        sentence(&site);
        let drawn = site.read("public/index.html");
        assert!(!drawn.contains("NaN"));
    }
    let site = site("threshold = 5", "evidence/calls.csv", &after("9"));
    assert_eq!(state(&site), "suspected");
}
