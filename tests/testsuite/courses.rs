//! Courses of maintenances and incidents: what the page, the terminal, `check` and the calendar say of one.

use snapbox::str;

use crate::impossible_courses::findings;
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
error[unannounced-outage]: evidence of `probe` shows `web` in major outage, and no open incident names it
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
        "main .entry .named",
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
        "main .entry .took",
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
fn a_maintenance_that_goes_on_after_its_window_has_not_ended() {
    let site = work("\n## In progress · 2023-01-20 14:20Z\n\nIt takes longer.\n");
    let late = |now: &str| {
        site.run_warns(&["build", "--now", now]);
        let page = page(&site, "incidents/work/index.html");
        texts(&page, "main > article > section > p")
    };
    let so_far = "As of Jan 20, 2023, 10:00 AM EST, it has lasted 1 h longer than announced.";
    assert_eq!(late(&that_day("15:00")), [so_far]);
    // The calendar has it until the last word of it, and the same from one build to the next.
    let calendar = site.read("public/maintenance.ics");
    let until_then = "DTSTART:20230120T120000Z\r\nDURATION:PT2H20M\r\n";
    assert!(calendar.contains(until_then), "{calendar}");
    late(&that_day("19:00"));
    assert_eq!(site.read("public/maintenance.ics"), calendar);
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

#[test]
fn an_incident_that_ended_later_than_it_was_resolved_lasted_until_then() {
    let site = SiteTest::new().file(
        "incidents/trouble.md",
        "---\ntitle: Trouble\ncomponents: {web: major_outage}\nended: 2023-01-20 18:00Z\n---\n\n## Investigating · 2023-01-20 09:00Z\n\nWe look.\n\n## Resolved · 2023-01-20 12:00Z\n\nGood.\n",
    );
    let now = "2023-01-21T00:00:00Z";
    site.run_warns(&["build", "--now", now]);
    let lasted = texts(
        &page(&site, "incidents/trouble/index.html"),
        "main header .facts span",
    );
    assert!(lasted.contains(&"Lasted 9 h".to_owned()), "{lasted:?}");
    let days = site.read("public/components/web/index.html");
    assert!(days.contains("Major outage for 9 h"), "{days}");
}

#[test]
fn a_comment_is_no_text() {
    let notice = |text: &str| {
        findings(&format!(
            "---\ntitle: News\nkind: notice\nstarts: 2023-01-20 12:00\n---\n\n{text}\n"
        ))
    };
    let finding =
        ["empty-update 7: this comment is all the text there is, and readers do not see it"];
    assert_eq!(notice("<!-- Say here what is new. -->"), finding);
    assert_eq!(notice("<!-- Say here. -->\n\n<!-- And here. -->"), finding);
    assert_eq!(notice("<!-- Internal. --> We have moved."), [""; 0]);
    assert_eq!(
        notice("<!-- Internal. -->\n\n## Update · 2023-01-20 12:00\n\nWe have moved."),
        [""; 0]
    );
    assert_eq!(notice(""), [""; 0]);
    let work = "---\ntitle: Work\nkind: maintenance\nstarts: 2023-01-20 12:00\nends: 2023-01-20 14:00\n---\n\n<!-- Say here. -->\n";
    assert_eq!(
        findings(work),
        ["empty-update 8: this comment is all the text there is, and readers do not see it"]
    );
}

#[test]
fn check_counts_each_kind() {
    let site = work("")
        .file(
            "incidents/news.md",
            "---\ntitle: News\nkind: notice\nstarts: 2023-01-20 12:00\n---\n\nNew.\n",
        )
        .file(
            "incidents/more.md",
            "---\ntitle: More\nkind: notice\nstarts: 2023-01-20 12:00\n---\n\nMore.\n",
        );
    site.run(&["check", "--now", &that_day("10:00")])
        .expect_stdout(
            "3 components, 0 incidents, 1 maintenance and 2 notices checked: nothing to fix\n",
        );
}

#[test]
fn a_description_dates_the_state_that_it_names() {
    let site = work("");
    let described = |site: &SiteTest, now: &str| {
        site.run(&["build", "--now", now]);
        let page = site.read("public/incidents/work/index.html");
        let (_, rest) = page
            .split_once("<meta name=\"description\" content=\"")
            .unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    assert_eq!(
        described(&site, "2023-01-13T12:00:00Z"),
        "Work. Scheduled, Jan 10, 2023, 7:00 AM EST."
    );
    assert_eq!(
        described(&site, &that_day("12:30")),
        "Work. In progress, Jan 20, 2023, 7:00 AM EST."
    );
    assert_eq!(
        described(&site, &that_day("15:00")),
        "Work. Completed, Jan 20, 2023, 9:00 AM EST."
    );
    let late = work("\n## Completed · 2023-01-20 14:45Z\n");
    assert_eq!(
        described(&late, &that_day("15:00")),
        "Work. Completed, Jan 20, 2023, 9:45 AM EST."
    );
    let quiet = SiteTest::new().file(
        "incidents/work.md",
        "---\ntitle: Slow\ncomponents: {web: degraded_performance}\nstarted: 2023-01-20 12:00Z\nended: 2023-01-20 13:00Z\n---\n",
    );
    assert_eq!(
        described(&quiet, &that_day("15:00")),
        "Slow. Resolved, Jan 20, 2023, 8:00 AM EST."
    );
}

#[test]
fn what_an_incident_says_of_the_future_is_a_finding() {
    let site = SiteTest::new().file(
        "incidents/trouble.md",
        "---\ntitle: Trouble\ncomponents: {web: major_outage}\nended: 2223-01-20 11:00\ndetected: 2223-01-20 10:00\n---\n\n## Investigating · 2023-01-20 10:00\n\nWe look.\n",
    );
    let found = site.run_warns(&["check"]);
    assert_eq!(
        found.stderr().matches("warning[future-update]: ").count(),
        2
    );
    for key in ["`ended`", "`detected`"] {
        let said = format!("{key} lies in the future");
        assert!(found.stderr().contains(&said), "{}", found.stderr());
    }
    let planned = SiteTest::new().file(
        "incidents/trouble.md",
        "---\ntitle: Trouble\ncomponents: {web: major_outage}\nstarted: 2223-01-20 10:00\n---\n",
    );
    let found = planned.run_warns(&["check"]);
    assert!(
        found.stderr().contains("`started` lies in the future"),
        "{}",
        found.stderr()
    );
}
