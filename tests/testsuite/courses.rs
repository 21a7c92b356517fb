//! Courses of maintenances and incidents: what the page, the terminal, `check` and the calendar say of one.

use snapbox::str;

use crate::pages::{page, texts};
use crate::site_test::SiteTest;

/// A maintenance of `web` and `api` on 20 January 2023 from 12:00 to 14:00 UTC.
fn work(updates: &str) -> SiteTest {
    SiteTest::new().file(
        "incidents/work.md",
        format!(
            "---\ntitle: Work\nkind: maintenance\ncomponents: [web, api]\nstarts: 2023-01-20 12:00Z\nends: 2023-01-20 14:00Z\n---\n\n## Scheduled · 2023-01-10 12:00Z\n\nA new disk.\n{updates}"
        ),
    )
}

/// The time `clock`, in UTC, of the day of that maintenance.
fn that_day(clock: &str) -> String {
    format!("2023-01-20T{clock}:00Z")
}

#[test]
fn a_component_that_is_given_back_is_covered_no_longer() {
    let observed = |component: &str| {
        format!(
            "{{\"component\":\"{component}\",\"status\":\"major_outage\",\"from\":\"2023-01-20T12:30:00Z\",\"to\":\"2023-01-20T13:20:00Z\",\"source\":\"probe\"}}\n"
        )
    };
    let site = work("\n## Verifying · 2023-01-20 13:00Z {web=operational login=under_maintenance}\n\nOf the two one works.\n")
        .file(
            "evidence/probe.jsonl",
            ["web", "api", "login"].map(observed).concat(),
        )
        .file(
            "evidence/reports.csv",
            "time,value\n2023-01-20T12:45:00Z,900\n2023-01-20T13:20:00Z,900\n",
        );
    let signals = ["web", "api"].map(|component| {
        format!("\n[[signals]]\nid = \"reports-{component}\"\nname = \"Reports\"\ncomponents = [\"{component}\"]\nfile = \"evidence/reports.csv\"\nthreshold = 500\n")
    });
    let config = site.read("allclear.toml");
    site.write("allclear.toml", config + &signals.concat());
    let now = that_day("13:30");
    site.run_fails(1, &["check", "--now", &now])
        .expect_stderr(str![[r#"
error[unannounced-outage]: evidence shows `web` in major outage, and no open incident names it
--> allclear.toml
 = help: open one with `allclear new incident "TITLE" -c web=major_outage`

error[contradiction]: `reports-web` is at 900, its threshold is 500, and it has breached since 2023-01-20T12:45:00Z: no open incident names `web`
  --> allclear.toml:19:6
   |
19 | id = "reports-web"
   |      ^^^^^^^^^^^^^
   |
   = help: open one with `allclear new incident "TITLE" -c web`

2 errors; `allclear explain CODE` says more of each

"#]]);
    let status = site.status(&now);
    let statuses: Vec<&str> = (status["components"].as_array().unwrap().iter())
        .map(|component| component["status"].as_str().unwrap())
        .collect();
    assert_eq!(
        statuses,
        ["major_outage", "under_maintenance", "under_maintenance"]
    );
    assert_eq!(status["contradictions"][0]["signal"], "reports-web");
    // Half an hour of an outage counts.
    assert_ne!(status["components"][0]["uptime"]["ratio"], 1.0);
    assert_eq!(status["components"][1]["uptime"]["ratio"], 1.0);
}

#[test]
fn the_pages_list_what_an_update_of_a_maintenance_names() {
    let site = work(
        "\n## In progress · 2023-01-20 12:10Z {login=under_maintenance}\n\nLog-in is slow, too.\n",
    );
    site.run(&["build", "--now", &that_day("12:30")]);
    let named = |path: &str| {
        let names = texts(&page(&site, path), "main .affected a");
        names.into_iter().take(3).collect::<Vec<_>>()
    };
    assert_eq!(named("incidents/work/index.html"), ["Web", "API", "Log-in"]);
    assert_eq!(named("index.html"), ["Web", "API", "Log-in"]);
    let listed = texts(
        &page(&site, "history/2023-01/index.html"),
        "main .entry .facts",
    );
    assert!(listed[0].contains("Web, API, and Log-in"), "{listed:?}");
}

#[test]
fn what_is_planned_has_no_status_yet() {
    let site = work("");
    let words = |now: &str| {
        site.run(&["build", "--now", now]);
        let of = |path: &str| texts(&page(&site, path), "main .affected li span");
        (of("incidents/work/index.html"), of("index.html"))
    };
    let none: (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    assert_eq!(words("2023-01-13T12:00:00Z"), none);
    let feed = site.read("public/history.atom");
    assert!(feed.contains("Web"), "{feed}");
    assert!(!feed.contains("Under maintenance"), "{feed}");
    let under_way = vec!["Under maintenance".to_owned(); 2];
    assert_eq!(
        words(&that_day("12:30")),
        (under_way.clone(), under_way.clone())
    );
    assert_eq!(words(&that_day("15:00")), (under_way, Vec::new()));
    // What never took place has changed nothing either.
    let off = work("\n## Cancelled · 2023-01-20 11:00Z\n");
    off.run(&["build", "--now", &that_day("15:00")]);
    let words = texts(
        &page(&off, "incidents/work/index.html"),
        "main .affected li span",
    );
    assert_eq!(words, [""; 0]);
}

#[test]
fn a_maintenance_that_was_completed_late_overran() {
    let site = work("\n## Completed · 2023-01-20 14:45Z\n");
    site.run(&["build", "--now", "2023-01-21T00:00:00Z"]);
    let of_page = texts(
        &page(&site, "incidents/work/index.html"),
        "main > article > section > p",
    );
    assert_eq!(of_page, ["It lasted 45 min longer than announced."]);
    let listed = texts(
        &page(&site, "history/2023-01/index.html"),
        "main .entry .facts",
    );
    assert!(listed[0].contains("2 h 45 min"), "{listed:?}");
    let about = texts(&page(&site, "about/index.html"), "main dd");
    assert!(
        about.ends_with(&["1".to_owned(), "1".to_owned()]),
        "{about:?}"
    );
    let calendar = site.read("public/maintenance.ics");
    assert!(
        calendar.contains("DTSTART:20230120T120000Z\r\nDURATION:PT2H45M\r\n"),
        "{calendar}"
    );
}

#[test]
fn an_impact_that_nobody_said_follows_from_what_is_known() {
    let site = SiteTest::new().file(
        "incidents/slow.md",
        "---\ntitle: Slow\ncomponents: {web: degraded_performance}\n---\n\n## Investigating · 2023-01-20 12:00Z\n\nWe look.\n\n## Update · 2023-01-20 12:20Z {api=major_outage}\n\nThe API, too.\n",
    );
    let impact = |clock: &str| site.status(&that_day(clock))["incidents"][0]["impact"].clone();
    assert_eq!(impact("12:19"), "minor");
    assert_eq!(impact("12:20"), "critical");
    let build = |clock: &str| {
        site.run(&["build", "--now", &that_day(clock)]);
        site.read("public/history/2023-01/index.html")
    };
    assert!(!build("12:19").contains("major_outage"));
    assert!(build("12:20").contains("major_outage"));
    let said = site
        .read("incidents/slow.md")
        .replacen("---\n", "---\nimpact: major\n", 1);
    site.write("incidents/slow.md", said);
    assert_eq!(impact("12:20"), "major");
}
