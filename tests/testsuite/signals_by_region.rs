//! Signals by region: what an entry with `by = "region"` says of each region and of all together.

use serde_json::{Value, json};

use crate::pages::{page, texts};
use crate::site_test::SiteTest;

/// The instant of these tests: a Tuesday at noon.
const NOON: &str = "2024-05-14T12:00:00Z";

/// A site of one component that a monitor confirms, two regions, and counts of reports by them.
fn site(signal: &str, rows: &str) -> SiteTest {
    SiteTest::empty()
        .file(
            "allclear.toml",
            format!(
                "title = \"Bakery\"\nbase_url = \"https://status.bakery.example/\"\n\n[theme_options]\ncharts = \"always\"\n\n[[components]]\nid = \"oven\"\nname = \"Oven\"\n\n[[regions]]\nid = \"us\"\nname = \"the United States\"\n\n[[regions]]\nid = \"jp\"\nname = \"Japan\"\n\n[[signals]]\nid = \"reports\"\nname = \"Reports\"\ncomponents = [\"oven\"]\nfile = \"evidence/reports/oven.csv\"\nunit = \"reports\"\n{signal}\n"
            ),
        )
        .file(
            "evidence/states.jsonl",
            "{\"component\":\"oven\",\"status\":\"operational\",\"from\":\"2024-05-14T11:50:00Z\"}\n",
        )
        .file(
            "evidence/reports/oven.csv",
            format!("time,region,kind,value,capped\n{rows}"),
        )
}

/// The contradictions that `status --format json` says.
fn contradictions(site: &SiteTest) -> Value {
    site.status(NOON)["contradictions"].clone()
}

/// The texts of the charts of the index.
fn charts(site: &SiteTest) -> Vec<String> {
    // The contradictions are told.
    site.run_warns(&["build", "--now", NOON]);
    texts(&page(site, "index.html"), "figure.chart figcaption")
}

const ROWS: &str = "2024-05-14T11:45:00Z,us,login,20,\n2024-05-14T11:45:00Z,jp,login,90,yes\n2024-05-14T11:45:00Z,jp,slow,10,\n2024-05-14T11:45:00Z,,slow,5,\n";

#[test]
fn the_region_that_breaches_is_named() {
    let site = site("by = \"region\"\nthreshold = { us = 50, jp = 60 }", ROWS);
    assert_eq!(
        contradictions(&site),
        json!([{
            "signal": "reports",
            "region": "jp",
            "components": ["oven"],
            "since": "2024-05-14T11:45:00Z",
            "value": 100.0,
            "capped": true,
            "threshold": 60.0,
        }])
    );
    assert_eq!(
        charts(&site),
        [
            "Reports, the United States Highest: 20 reports at May 14, 2024, 11:45 AM UTC; threshold 50",
            "Reports, Japan at least 100 reports, at or above the threshold of 60 since May 14, 2024, 11:45 AM UTC",
            "Reports, all regions Highest: at least 125 reports at May 14, 2024, 11:45 AM UTC; no threshold",
        ]
    );
}

#[test]
fn one_threshold_holds_for_each_region_and_for_all_together() {
    let site = site("by = \"region\"\nthreshold = 110", ROWS);
    let found = contradictions(&site);
    let regions: Vec<&Value> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["region"])
        .collect();
    assert_eq!(regions, [&Value::Null]);
    assert_eq!(found[0]["value"], 125.0);
}

#[test]
fn kinds_alone_may_count() {
    let site = site("kinds = [\"slow\"]\nthreshold = 15", ROWS);
    let found = contradictions(&site);
    assert_eq!(found[0]["value"], 15.0);
    assert_eq!(found[0].get("region"), None);
    assert_eq!(found[0].get("capped"), None);
}

#[test]
fn what_is_usual_in_a_region_is_said_where_it_breaches() {
    let mut rows = String::new();
    for day in 10..14 {
        rows += &format!("2024-05-{day}T11:45:00Z,us,,200,\n2024-05-{day}T11:45:00Z,jp,,40,\n");
    }
    rows += "2024-05-14T11:45:00Z,us,,210,\n2024-05-14T11:45:00Z,jp,,2500,\n";
    let site = site(
        "by = \"region\"\nbaseline = { days = 4, factor = 3.0, floor = 10 }",
        &rows,
    );
    assert_eq!(
        charts(&site)[1],
        "Reports, Japan 2,500 reports (usually 40), at or above the threshold of 120 since May 14, 2024, 11:45 AM UTC"
    );
    let found = contradictions(&site);
    assert_eq!(found[0]["usual"], 40.0);
}

#[test]
fn counts_that_no_signal_reads_are_reported() {
    let site = site("by = \"region\"\nthreshold = 500", ROWS)
        .file(
            "evidence/reports/other.csv",
            "time,region,kind,value,capped\n",
        )
        .file("evidence/reports/.journal", "nothing of a site\n");
    // A file is counted for each component, and a signal may be of one alone.
    site.run(&["check", "--now", NOON]);
    let config = site.read("allclear.toml");
    let (without, _) = config.split_once("[[signals]]").unwrap();
    site.write("allclear.toml", without);
    let check = site.run_warns(&["check", "--now", NOON]);
    let stderr = check.stderr();
    assert!(stderr.contains("[unused-file]"), "{stderr}");
    assert!(stderr.contains("evidence/reports/other.csv"), "{stderr}");
    assert!(!stderr.contains("journal"), "{stderr}");
    assert!(!stderr.contains("bad-"), "{stderr}");
}

#[test]
fn counts_that_are_still_to_come_keep_no_page_from_being_built() {
    let signal =
        "by = \"region\"\nthreshold = 500\n\n[reports]\nurl = \"https://reports.bakery.example/\"";
    let site = site(signal, ROWS);
    std::fs::remove_file(site.path("evidence/reports/oven.csv")).unwrap();
    assert_eq!(contradictions(&site), json!([]));
    assert_eq!(site.status(NOON)["headline"]["state"], "no_known_problems");
}

#[test]
fn counts_of_a_region_that_was_removed_count_in_the_sum_alone() {
    let rows = ROWS.replace(",jp,", ",kr,");
    let site = site("by = \"region\"\nthreshold = 110", &rows);
    let build = site.run_warns(&["build", "--now", NOON]);
    let stderr = build.stderr();
    let said =
        "warning[unknown-region]: there is no region `kr`: 2 rows of it count in the sum alone";
    assert!(stderr.contains(said), "{stderr}");
}

/// A count that is capped says how much there was at least, and so never that there is less now.
#[test]
fn what_could_not_be_counted_does_not_end_a_breach() {
    let rows = |last: &str| {
        format!("2024-05-14T11:30:00Z,jp,slow,200,yes\n2024-05-14T11:45:00Z,jp,slow,{last}\n")
    };
    let signal = "by = \"region\"\nthreshold = 50\nfor = \"15m\"";
    let capped = site(signal, &rows("0,yes"));
    let found = contradictions(&capped);
    assert_eq!(found[0]["region"], "jp");
    assert_eq!(found[0]["since"], "2024-05-14T11:45:00Z");
    assert_eq!(capped.status(NOON)["headline"]["state"], "suspected");
    let counted = site(signal, &rows("0,"));
    assert_eq!(counted.status(NOON)["headline"]["state"], "all_clear");
}

/// What the headline says of a region, and the contradictions by region with their values.
fn where_it_is(site: &SiteTest) -> (Value, Value, Vec<(Value, Value)>) {
    let status = site.status(NOON);
    let found = status["contradictions"].as_array().unwrap().iter();
    let found = found.map(|it| (it["region"].clone(), it["value"].clone()));
    let headline = &status["headline"];
    (
        headline["state"].clone(),
        headline["regions"].clone(),
        found.collect(),
    )
}

const OF_51: &str = "2024-05-14T11:45:00Z,jp,slow,51,\n2024-05-14T11:45:00Z,us,slow,49,\n";

#[test]
fn what_is_of_no_region_is_not_confined_to_the_one_that_breaches() {
    let signal = "by = \"region\"\nthreshold = 50";
    let of_jp = (json!("jp"), json!(51.0));
    let few = site(
        signal,
        "2024-05-14T11:45:00Z,jp,slow,51,\n2024-05-14T11:45:00Z,,slow,9,\n",
    );
    // It tells what shows in all together, too.
    let found = vec![of_jp.clone()];
    assert_eq!(
        where_it_is(&few),
        (json!("suspected"), json!(["jp"]), found)
    );
    let many = site(
        signal,
        &format!("{OF_51}2024-05-14T11:45:00Z,,slow,5000,\n"),
    );
    let found = vec![of_jp, (Value::Null, json!(5100.0))];
    assert_eq!(where_it_is(&many), (json!("suspected"), json!([]), found));
}

/// An incident of one region of the oven, whose words say that it is slow there.
const IN_JAPAN: &str = "---\ntitle: Slow in Japan\nregions: [jp]\ncomponents: { oven: operational }\nstarted: 2024-05-14 11:40\n---\n\n## Investigating · 2024-05-14 11:50\n\nWe look.\n";

#[test]
fn an_incident_of_one_region_tells_nothing_of_all_others_together() {
    let signal = "by = \"region\"\nthreshold = 50";
    let rows = format!("{OF_51}2024-05-14T11:45:00Z,,slow,2,\n");
    // Each of the others is below the threshold, and together they are not.
    let together = site(signal, &rows).file("incidents/slow.md", IN_JAPAN);
    let rest = vec![(Value::Null, json!(51.0))];
    assert_eq!(
        where_it_is(&together),
        (json!("suspected"), json!([]), rest)
    );
    let check = together.run_fails(1, &["check", "--now", NOON]);
    let stderr = check.stderr();
    assert!(stderr.contains("`reports` is at 51,"), "{stderr}");
    assert!(stderr.contains("-c oven`"), "{stderr}");
    let quiet = site(signal, OF_51).file("incidents/slow.md", IN_JAPAN);
    assert_eq!(
        where_it_is(&quiet),
        (json!("incident"), json!(["jp"]), vec![])
    );
}

#[test]
fn a_contradiction_says_what_to_write_of_a_region_and_what_is_usual_there() {
    let mut rows = String::new();
    for day in 10..14 {
        rows += &format!("2024-05-{day}T11:45:00Z,jp,,40,\n");
    }
    rows += "2024-05-14T11:45:00Z,jp,,2500,yes\n";
    let site = site(
        "by = \"region\"\nbaseline = { days = 4, factor = 3.0, floor = 10 }",
        &rows,
    );
    let check = site.run_fails(1, &["check", "--now", NOON]);
    let stderr = check.stderr();
    let said = "`reports` of `jp` is at least 2500 (usually 40), its threshold is 120,";
    assert!(stderr.contains(said), "{stderr}");
    assert!(stderr.contains("-c oven@jp`"), "{stderr}");
}

/// What readers report is no evidence, and a status that rests on it does not rest on incident reports alone.
#[test]
fn a_component_that_nothing_but_a_signal_counts_for_says_so() {
    let site = site("threshold = 50", ROWS);
    std::fs::remove_file(site.path("evidence/states.jsonl")).unwrap();
    site.run_warns(&["build", "--now", NOON]);
    let rests = "its status rests on incident reports and signals.";
    let said = site
        .read("public/components/oven/index.html")
        .to_lowercase();
    assert!(said.contains(rests), "{said}");
    let about = site.read("public/about/index.html");
    assert!(about.contains(rests), "{about}");
    let index = site.read("public/index.html");
    let said = "what this page says rests on incident reports and signals.";
    assert!(index.contains(said), "{index}");
}
