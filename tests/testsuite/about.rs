//! What the page says about how it was made: claims, delays, charts, and the page that explains them.

use crate::pages::{all, assert_sound, page, present, texts};
use crate::site_test::SiteTest;

/// An observation by which an operator overrules the sources for two hours.
const WORD: &str = r#"{"component":"web","status":"operational","from":"2022-12-29T01:00:00Z","source":"operator","reason":"Checked by hand.","until":"2022-12-29T03:00:00Z"}"#;

/// A night with everything: an operator who disagrees, a silenced source, a signal, a late promise, a
/// correction, and a maintenance that overran.
fn night() -> SiteTest {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    let more = r#"
[evidence]
quorum = 2

[[signals]]
id = "reports"
name = "User reports"
components = ["login"]
file = "evidence/reports.csv"
unit = "reports"
threshold = 500
for = "15m"

[[signals]]
id = "errors"
name = "Errors"
components = ["api"]
file = "evidence/errors.jsonl"
baseline = { days = 14, factor = 2.5, floor = 0.25 }

[sources.east]
ignore = [{ from = "2022-12-20 10:00", until = "2022-12-20 12:00", reason = "It had lost its network." }]
"#;
    let seen = |source: &str, status: &str| {
        format!(
            r#"{{"component":"web","status":"{status}","from":"2022-12-28T20:00:00Z","to":"2022-12-29T01:20:00Z","source":"{source}"}}"#
        )
    };
    site.file("allclear.toml", format!("{config}{more}"))
        .file(
            "evidence/states.jsonl",
            [&seen("east", "major_outage"), &seen("west", "partial_outage"), WORD].map(String::from).join("\n"),
        )
        .file(
            "evidence/reports.csv",
            "time,value\n2022-12-28T23:45:00Z,3\n2022-12-29T00:00:00Z,900\n2022-12-29T00:30:00Z,1250.4\n2022-12-29T01:15:00Z,1100\n",
        )
        .file("evidence/errors.jsonl", "{\"time\":\"2022-12-29T01:20:00Z\",\"value\":0.125}\n")
        .file(
            "incidents/log-in.md",
            "---
title: Log-in fails
components: { login: major_outage }
started: 2022-12-28 19:00
detected: 2022-12-28 19:20
corrections:
  - { at: 2022-12-28 20:15, note: It began earlier than we had said. }
---

## Investigating · 2022-12-28 19:45 {next=15m}

We are looking.

## Update · 2022-12-28 20:10 {next=10m}

Still looking.
",
        )
        .file(
            "incidents/work.md",
            "---
title: Work
kind: maintenance
components: [api]
starts: 2022-12-27 10:00
ends: 2022-12-27 11:00
---

## In progress · 2022-12-27 11:30

It takes longer.

## Completed · 2022-12-27 12:00

Done.
",
        )
}

#[test]
fn the_page_about_the_page() {
    let site = night();
    site.build_with_warnings();
    assert_sound(&site.path("public"), "/");
    let about = page(&site, "about/index.html");
    assert_eq!(texts(&about, "h1"), ["How this page works"]);
    assert_eq!(
        texts(&about, ".covered > li"),
        [
            "Web Sources: east and west (2 sources must agree) Valid for: 1 h Last confirmed: Dec 28, 2022, 8:20 PM EST",
            // Of both the same is to be said.
            "API and Log-in API Log-in No evidence: its status rests on incident reports and signals.",
        ]
    );
    let figures = texts(&about, "dl > *");
    for (name, figure) in [
        ("User reports", "500 reports or more, for 15 min Log-in"),
        (
            "Errors",
            "2.5 times what is usual at that time of day over 14 days, and 0.25 or more API",
        ),
        ("Incidents", "1"),
        ("Time to detect (median)", "20 min"),
        ("Time to first update (median)", "45 min"),
        ("Time from first signal to first update (median)", "30 min"),
        ("Updates later than promised", "2"),
        ("Maintenances", "1"),
        ("Maintenances longer than announced", "1"),
    ] {
        let at = figures.iter().position(|text| text == name);
        let at = at.unwrap_or_else(|| panic!("{name}: {figures:?}"));
        assert_eq!(figures[at + 1], figure, "{name}");
    }
    assert_eq!(
        texts(&about, ".records:not(.covered) > li"),
        [
            "Web Operational Dec 28, 2022, 8:00 PM – 10:00 PM EST · in force Checked by hand.",
            "east Dec 20, 2022, 10:00 AM – 12:00 PM EST It had lost its network.",
            "Log-in fails Dec 28, 2022, 8:15 PM EST It began earlier than we had said.",
        ]
    );
    let counted = texts(&about, "main p").join(" ");
    assert!(counted.contains("Our team has overruled or added to the evidence once"));
    // The rule by which a percentage is left out stands beside the formula.
    let floor = "No percentage is given where less than a day of that time, or less than a tenth of it, is known.";
    assert!(counted.contains(floor), "{counted}");
}

#[test]
fn both_claims_are_shown() {
    let site = night();
    site.build_with_warnings();
    let web = page(&site, "components/web/index.html");
    assert_eq!(texts(&web, "header .detail"), ["Problems reported"]);
    let said = texts(&web, "main p").join(" ");
    assert!(
        said.contains(
            "Our team says: Operational – Checked by hand. Until Dec 28, 2022, 10:00 PM EST."
        ),
        "{said}"
    );
    assert!(said.contains("The sources differ. A bad state counts once enough of them show it: 2 sources must agree."), "{said}");
    let claims = texts(&web, "dl > *").join(" ");
    assert!(
        claims.contains("east Major outage west Partial outage operator Operational"),
        "{claims}"
    );
}

#[test]
fn an_incident_says_how_long_it_took() {
    let site = night();
    site.build_with_warnings();
    let incident = page(&site, "incidents/log-in/index.html");
    assert_eq!(
        texts(&incident, "dl > *"),
        [
            "Started",
            "7:00 PM EST",
            "First signal over its threshold",
            "7:15 PM EST 15 min after the start",
            "Noticed by the team",
            "7:20 PM EST 20 min after the start",
            "First update",
            "7:45 PM EST 45 min after the start",
        ]
    );
    let late = texts(&incident, "main section > p");
    assert!(
        late.contains(&"1 update came later than promised.".to_owned()),
        "{late:?}"
    );
    // The promise of 8:20 PM is broken, and both pages say so.
    let index = page(&site, "index.html");
    for page in [&incident, &index] {
        let overdue = texts(page, ".overdue");
        assert_eq!(
            overdue[0].split(" by ").next(),
            Some("Overdue: an update was promised")
        );
    }
    let work = page(&site, "incidents/work/index.html");
    let late = texts(&work, "main section > p");
    assert_eq!(late, ["It lasted 1 h longer than announced."]);
}

#[test]
fn signals_are_drawn_told_and_tabulated() {
    let site = night();
    site.build_with_warnings();
    let index = page(&site, "index.html");
    assert_eq!(
        texts(&index, "figcaption"),
        [
            "User reports 1,100 reports, at or above the threshold of 500 since Dec 28, 2022, 7:15 PM EST",
            "Errors Highest: 0.13 at Dec 28, 2022, 8:20 PM EST. No baseline yet: too few days have been measured to say what is usual",
        ]
    );
    let incident = page(&site, "incidents/log-in/index.html");
    assert_eq!(texts(&incident, "figcaption strong"), ["User reports"]);
    let drawing = all(&incident, "figure svg[role=img]")[0].value();
    assert_eq!(
        drawing.attr("aria-label"),
        Some(
            "User reports, from Dec 28, 2022, 6:00 PM EST to Dec 28, 2022, 8:30 PM EST. Highest: 1,250 reports at Dec 28, 2022, 7:30 PM EST; threshold 500."
        )
    );
    let updates = all(&incident, "figure path.updates")[0].value().attr("d");
    assert_eq!(updates.map(|path| path.matches('M').count()), Some(2));
    assert_eq!(
        texts(&incident, "figure tbody tr"),
        [
            "Dec 28, 2022, 6:45 PM EST 3 500",
            "Dec 28, 2022, 7:00 PM EST 900 500",
            "Dec 28, 2022, 7:30 PM EST 1,250 500",
            "Dec 28, 2022, 8:15 PM EST 1,100 500",
        ]
    );
    // Where nothing breaches, the index has no charts.
    let site = night();
    site.write(
        "evidence/reports.csv",
        "time,value\n2022-12-29T01:15:00Z,3\n",
    );
    site.build_with_warnings();
    assert!(present(&page(&site, "index.html"), "figure").is_empty());
}
