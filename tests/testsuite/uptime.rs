//! Uptime: which time counts, and where there is too little of it for a percentage.

use scraper::Html;
use serde_json::{Value, json};
use snapbox::str;

use crate::pages::{all, page, texts};
use crate::site_test::SiteTest;

/// A site of one component in Kolkata, with more keys of that component.
fn shop(keys: &str) -> SiteTest {
    SiteTest::empty().file(
        "allclear.toml",
        format!(
            "title = \"Shop\"\nbase_url = \"https://status.shop.example/\"\ntime_zone = \"Asia/Kolkata\"\n\n\
             [[components]]\nid = \"till\"\nname = \"Till\"\n{keys}"
        ),
    )
}

/// An incident that lasted from one time to another of the site's zone.
fn outage(from: &str, until: &str) -> String {
    format!(
        "---\ntitle: The till is stuck\ncomponents: {{till: major_outage}}\n---\n\n\
         ## Investigating · {from}\n\nLooking.\n\n## Resolved · {until}\n\nDone.\n"
    )
}

/// An observation of the till that began and ended at these instants.
fn saw(from: &str, to: &str) -> String {
    format!(
        "{{\"component\":\"till\",\"status\":\"operational\",\"from\":\"{from}\",\"to\":\"{to}\",\"source\":\"probe\"}}\n"
    )
}

/// The uptime of the till in JSON, and as its page says it.
fn uptime(site: &SiteTest, now: &str) -> (Value, String) {
    site.command(&["build", "--now", now]).assert().success();
    let page = page(site, "components/till/index.html");
    let status = site.status(now);
    let uptime = status["components"][0]["uptime"].clone();
    (uptime, first_line(&page))
}

/// The words for the uptime below the heading "Uptime".
fn first_line(page: &Html) -> String {
    let lines = texts(page, ".figures > li:first-child small, main h2 + p");
    lines[0].clone()
}

/// The dates of the drawing that have a bar: their distance from its right edge, in days.
fn bars(page: &Html) -> Vec<u32> {
    let bars = all(page, ".bars");
    let paths = bars
        .iter()
        .take(1)
        .flat_map(|bars| bars.descendent_elements());
    let mut days: Vec<u32> = Vec::new();
    for path in paths.filter(|it| it.value().name() == "path") {
        let mut x = 0;
        for line in path.attr("d").unwrap().split(['m', 'M']).skip(1) {
            let step: i64 = line.split(' ').next().unwrap().parse().unwrap();
            x += step;
            days.push(89 - u32::try_from((x - 2) / 6).unwrap());
        }
    }
    days.sort_unstable();
    days.dedup();
    days
}

/// The first evening: an incident came and went, and then a monitor began to watch.
#[test]
fn the_time_before_the_first_observation_is_known_from_incident_reports() {
    let site = shop("")
        .file(
            "incidents/stuck.md",
            outage("2026-04-02 20:00", "2026-04-02 21:00"),
        )
        .file(
            "evidence/probe.jsonl",
            saw("2026-04-02T16:00:00Z", "2026-04-05T18:30:00Z"),
        );
    // 21:35 of the first day: less than a day is known of it.
    let (json, text) = uptime(&site, "2026-04-02T16:05:00Z");
    assert_eq!(json, json!({"days": 90, "ratio": null, "measured": 1.0}));
    assert_eq!(text, "not measured long enough");
    let index = page(&site, "index.html");
    assert_eq!(texts(&index, "h1"), ["All systems operational"]);
    assert_eq!(bars(&index), [0]);
    // The end of the fourth day: 96 hours are known, and one of them was down.
    let (json, text) = uptime(&site, "2026-04-05T18:30:00Z");
    assert_eq!(
        json,
        json!({"days": 90, "ratio": 1.0 - 1.0 / 96.0, "measured": 1.0})
    );
    assert_eq!(text, "98.95% uptime, in part from incident reports");
    assert_eq!(bars(&page(&site, "index.html")), [1, 2, 3, 4]);
}

#[test]
fn days_count_from_the_first_thing_that_the_files_know() {
    let now = "2026-04-09T12:00:00Z";
    let incident = outage("2026-04-04 20:00", "2026-04-04 21:00");
    let work = "---\ntitle: New till\nkind: maintenance\ncomponents: [till]\nstarts: 2026-04-07 00:30\nends: 2026-04-07 01:00\n---\n";
    let notice = "---\ntitle: New address\nkind: notice\nstarts: 2026-04-06 23:30\n---\n\nText.\n";
    let ahead = "---\ntitle: New till\nkind: maintenance\ncomponents: [till]\nstarts: 2026-05-07 00:30\nends: 2026-05-07 01:00\n---\n\n## Scheduled · 2026-04-08 10:00\n\nSoon.\n";
    let late = saw("2026-04-10T12:00:00Z", "2026-04-10T13:00:00Z");
    let seen = saw("2026-04-07T18:40:00Z", "2026-04-07T18:41:00Z");
    let cases: [(&str, &str, &str, Vec<u32>); 9] = [
        ("", "incidents/a.md", &incident, (0..6).collect()),
        ("", "incidents/a.md", work, (0..3).collect()),
        ("", "incidents/a.md", notice, (0..4).collect()),
        // It is known since it was announced.
        ("", "incidents/a.md", ahead, (0..2).collect()),
        // 00:10 of the next day in Kolkata.
        (
            "states = { required = false }\n",
            "evidence/probe.jsonl",
            &seen,
            (0..2).collect(),
        ),
        // What comes later is not known yet.
        (
            "states = { required = false }\n",
            "evidence/probe.jsonl",
            &late,
            vec![],
        ),
        ("", "incidents/README.txt", "", vec![]),
        (
            "since = 2026-04-08\n",
            "incidents/a.md",
            &incident,
            (0..2).collect(),
        ),
        ("since = 2026-04-10\n", "incidents/a.md", &incident, vec![]),
    ];
    for (keys, file, text, expected) in cases {
        let site = shop(keys).file(file, text);
        site.command(&["build", "--now", now]).assert().success();
        let index = page(&site, "index.html");
        assert_eq!(bars(&index), expected, "{keys} {file} {text}");
        let component = page(&site, "components/till/index.html");
        assert_eq!(bars(&component), expected, "{keys} {file} {text}");
        let has_ratio = !site.status(now)["components"][0]["uptime"]["ratio"].is_null();
        assert_eq!(has_ratio, expected.len() > 1, "{keys} {file} {text}");
    }
}

#[test]
fn a_new_site_has_no_past() {
    let site = shop("");
    let now = "2026-04-09T12:00:00Z";
    let (json, text) = uptime(&site, now);
    assert_eq!(json, json!({"days": 90, "ratio": null, "measured": 0.0}));
    assert_eq!(text, "not measured long enough");
    for path in ["index.html", "components/till/index.html"] {
        assert!(
            all(&page(&site, path), ".bars, .axis, .days").is_empty(),
            "{path}"
        );
    }
    site.run(&["status", "--now", now]).expect_stdout(str![[r#"
No known problems

Components
  Till  operational           not measured long enough  (no evidence)

"#]]);
}

#[test]
fn the_first_minute_of_a_site_is_no_day_without_an_outage() {
    let site = shop("since = 2026-04-09\n");
    uptime(&site, "2026-04-08T18:31:00Z");
    let component = page(&site, "components/till/index.html");
    assert_eq!(bars(&component), [0]);
    assert_eq!(
        all(&component, ".bars svg")[0].attr("aria-label"),
        Some("1 day: not measured long enough.")
    );
}

/// Where states are required and nobody ever looked, all that is known is the trouble that was reported.
#[test]
fn coverage_stands_beside_a_percentage_that_rests_on_incident_reports() {
    let site = |until: &str| {
        let keys = "since = 2026-03-30\nstates = { required = true }\n";
        shop(keys).file("incidents/stuck.md", outage("2026-04-02 00:00", until))
    };
    let now = "2026-04-08T18:30:00Z";
    // A day of ten: enough.
    let (json, text) = uptime(&site("2026-04-03 00:00"), now);
    assert_eq!(json, json!({"days": 90, "ratio": 0.0, "measured": 0.1}));
    assert_eq!(
        text,
        "0% uptime, from incident reports, 10% of the time measured"
    );
    // A minute less than a day.
    let (json, text) = uptime(&site("2026-04-02 23:59"), now);
    assert_eq!(json["ratio"], Value::Null);
    assert_eq!(text, "not measured long enough");
    // A day, but less than a tenth.
    let (json, text) = uptime(&site("2026-04-03 00:00"), "2026-04-08T18:31:00Z");
    assert_eq!(json["ratio"], Value::Null);
    assert_eq!(text, "not measured long enough");
}

#[test]
fn months_have_a_percentage_where_enough_of_them_is_known() {
    let site = shop("since = 2026-01-31\n");
    uptime(&site, "2026-04-01T06:30:00Z");
    let component = page(&site, "components/till/index.html");
    assert_eq!(
        texts(&component, ".months .row"),
        [
            "April 2026 not measured long enough",
            "March 2026 100% uptime, from incident reports",
            "February 2026 100% uptime, from incident reports",
            "January 2026 100% uptime, from incident reports",
        ]
    );
}

#[test]
fn both_themes_say_it_in_every_language() {
    let site = SiteTest::empty();
    let mut said = std::collections::BTreeSet::new();
    for theme in ["default", "plain"] {
        site.write(
            "allclear.toml",
            format!(
                "title = \"Shop\"\nbase_url = \"https://status.shop.example/\"\ntheme = \"{theme}\"\n\
                 languages = [\"en\", \"ar\", \"de\", \"es\", \"fa\", \"fr\", \"he\", \"hi\", \"id\", \"it\", \"ja\", \"ko\", \"nl\", \"pl\", \"pt-BR\", \"ru\", \"tr\", \"uk\", \"zh\", \"zh-Hant\"]\n\n\
                 [[components]]\nid = \"till\"\nname = \"Till\"\n"
            ),
        );
        site.run(&["build", "--now", "2026-04-09T12:00:00Z"]);
        let index: Vec<String> = site.outputs();
        let index = index
            .iter()
            .filter(|it| it.ends_with("components/till/index.html"));
        for path in index {
            let html = page(&site, path);
            let mut text = texts(&html, "main")[0].clone();
            // One theme folds the formula below a heading of its own.
            for heading in texts(&html, "main summary") {
                text = text.replace(&format!("{heading} "), "");
            }
            let percent = text.matches(['%', '٪', '％']).count();
            // The weights of the formula are the only percentages.
            assert_eq!(percent, 2, "{path}: {text}");
            said.insert(text);
        }
    }
    // Both themes say the same, in twenty languages.
    assert_eq!(said.len(), 20);
}
