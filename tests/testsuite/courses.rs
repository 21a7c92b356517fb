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

/// The findings of `check`, each in a line: its code, line and message, and its other place.
fn findings(text: &str) -> Vec<String> {
    let site = SiteTest::new().file("incidents/trouble.md", text);
    let now = ["--now", "2023-02-01T00:00:00Z"];
    let report = site.run(&[&["check", "--format", "json"], &now[..]].concat());
    let report = report.json();
    let found = report["diagnostics"].as_array().unwrap().iter();
    let line = |place: &serde_json::Value| place["at"]["line"].as_u64().unwrap_or(0);
    found
        .map(|it| {
            let code = it["code"].as_str().unwrap();
            let message = it["message"].as_str().unwrap();
            let mut text = format!("{code} {}: {message}", line(it));
            if let Some(label) = it["related"]["message"].as_str() {
                text.push_str(&format!(" ({}: {label})", line(&it["related"])));
            }
            text
        })
        .collect()
}

/// The findings about a post with this head and updates of 20 January, the first in line 6.
fn of_post(head: &str, updates: &[&str]) -> Vec<String> {
    let updates = updates.iter().map(|update| {
        let update = update.replace("@", "· 2023-01-20");
        format!("## {update}\n\nText.\n\n")
    });
    let updates: String = updates.collect();
    findings(&format!("---\ntitle: Trouble\n{head}\n---\n\n{updates}"))
}

#[test]
fn impossible_courses_of_incidents_are_findings() {
    let web = "components: {web: major_outage}";
    let cases: &[(&str, &[&str], &[&str])] = &[
        (
            web,
            &[
                "Resolved @ 10:00",
                "Investigating @ 11:00",
                "Resolved @ 12:00",
            ],
            &[
                "impossible-course 6: this incident is resolved before its first other state (10: it begins here)",
            ],
        ),
        (
            web,
            &[
                "Investigating @ 10:00",
                "Postmortem @ 11:00",
                "Resolved @ 12:00",
            ],
            &[
                "impossible-course 10: this postmortem is earlier than the update that resolves the incident (14: it is resolved here)",
            ],
        ),
        (
            web,
            &[
                "Investigating @ 10:00",
                "Resolved @ 11:00",
                "Monitoring @ 12:00",
                "Resolved @ 13:00",
            ],
            &[
                "impossible-course 14: this opens the incident again (monitoring) and does not say what is affected (10: it was over from here on)",
            ],
        ),
        (
            web,
            &[
                "Investigating @ 10:00",
                "Resolved @ 11:00",
                "Update @ 12:00 {web=partial_outage}",
            ],
            &[
                "impossible-course 14: this changes nothing: the incident is over, and an `update` leaves it so (10: it is over from here on)",
            ],
        ),
        (
            web,
            &[
                "Investigating @ 10:00",
                "Resolved @ 11:00 {web=degraded_performance}",
            ],
            &[
                "impossible-course 10: `degraded_performance` says nothing here: all is operational again (10: this update ends the incident)",
            ],
        ),
        (
            web,
            &[
                "Investigating @ 10:00 {next=1h}",
                "Resolved @ 11:00 {next=1d}",
                "Update @ 12:00 {next=1h}",
            ],
            &[
                "impossible-course 10: this promises an update, and nobody waits for one: it is over (10: it is over from here on)",
                "impossible-course 14: this promises an update, and nobody waits for one: it is over (10: it is over from here on)",
            ],
        ),
        (
            web,
            &["Investigating @ 10:00", "Resolved @ 10:00"],
            &[
                "impossible-course 10: this update (resolved) is of the same instant as another (investigating) (6: the other)",
            ],
        ),
        (
            "components: {web: major_outage}\nended: 2023-01-20 12:00",
            &["Investigating @ 10:00", "Resolved @ 11:00"],
            &[
                "impossible-course 4: this incident ended after the update that says that it is over (11: it is over here)",
            ],
        ),
        (
            "components: {web: major_outage}\ndetected: 2023-01-20 10:30",
            &["Investigating @ 10:00", "Resolved @ 11:00"],
            &[
                "impossible-course 4: the team knew of this incident only after it had told its readers (7: its first update)",
            ],
        ),
        (
            "components: {web: major_outage}\nstarted: 2023-01-20 09:30\ndetected: 2023-01-20 09:00",
            &["Investigating @ 10:00", "Resolved @ 11:00"],
            &[
                "impossible-course 5: the team knew of this incident before it began (4: it began here)",
            ],
        ),
        // Nothing counts after the end that the file says.
        (
            "components: {web: major_outage}\nended: 2023-01-20 10:00",
            &[
                "Investigating @ 09:00",
                "Resolved @ 10:00",
                "Identified @ 11:00 {web=partial_outage}",
            ],
            &[
                "impossible-course 15: `partial_outage` says nothing here: the incident has ended (4: it ended here)",
            ],
        ),
    ];
    for (head, updates, expected) in cases {
        assert_eq!(of_post(head, updates), *expected, "{head} {updates:?}");
    }
}

#[test]
fn possible_courses_of_incidents_are_none() {
    let web = "components: {web: major_outage}";
    let cases: &[(&str, &[&str])] = &[
        (web, &["Resolved @ 10:00"]),
        (
            web,
            &["Update @ 09:00", "Resolved @ 10:00", "Postmortem @ 11:00"],
        ),
        (web, &["Investigating @ 09:00", "Postmortem @ 11:00"]),
        (
            web,
            &[
                "Investigating @ 09:00",
                "Update @ 09:00",
                "Resolved @ 10:00",
            ],
        ),
        (
            web,
            &[
                "Investigating @ 09:00",
                "Resolved @ 10:00",
                "Update @ 11:00 {web=operational}",
            ],
        ),
        (
            web,
            &[
                "Investigating @ 09:00",
                "Resolved @ 10:00",
                "Identified @ 11:00 {web=partial_outage}",
                "Resolved @ 12:00",
            ],
        ),
        (
            "pinned: false",
            &[
                "Investigating @ 09:00",
                "Resolved @ 10:00",
                "Identified @ 11:00",
                "Resolved @ 12:00",
            ],
        ),
        // It was over before anybody looked.
        (
            "components: {web: major_outage}\nstarted: 2023-01-20 08:00\ndetected: 2023-01-20 08:50\nended: 2023-01-20 08:45",
            &["Investigating @ 09:00", "Resolved @ 10:00"],
        ),
        (
            "components: {web: major_outage}\nended: 2023-01-20 10:00",
            &["Investigating @ 09:00", "Resolved @ 10:00"],
        ),
        (
            "components: {web: major_outage}\nended: 2023-01-20 10:00",
            &[
                "Investigating @ 09:00",
                "Monitoring @ 10:05 {web=operational}",
                "Resolved @ 10:30",
            ],
        ),
    ];
    for (head, updates) in cases {
        assert_eq!(of_post(head, updates), [""; 0], "{head} {updates:?}");
    }
}

#[test]
fn impossible_courses_of_maintenances_and_notices_are_findings() {
    let work =
        "kind: maintenance\ncomponents: [web]\nstarts: 2023-01-20 12:00\nends: 2023-01-20 14:00";
    let daily = format!("{work}\nrepeat: FREQ=DAILY");
    let notice = "kind: notice\nstarts: 2023-01-20 12:00\nends: 2023-01-20 14:00";
    let cases: &[(&str, &[&str], &[&str])] = &[
        (
            work,
            &[
                "Scheduled @ 10:00",
                "Cancelled @ 11:00",
                "Completed @ 13:00",
            ],
            &[
                "impossible-course 17: `completed` changes nothing here: the maintenance was cancelled (13: it was cancelled here)",
            ],
        ),
        (
            work,
            &["Scheduled @ 10:00", "Completed @ 11:00"],
            &[
                "impossible-course 13: this maintenance is completed before it began (5: its window opens here)",
            ],
        ),
        (
            work,
            &["Scheduled @ 10:00", "Cancelled @ 15:00"],
            &[
                "impossible-course 13: this maintenance is cancelled after its window (6: its window closes here)",
            ],
        ),
        (
            work,
            &["Scheduled @ 15:00"],
            &[
                "impossible-course 9: this announces nothing: the window is over (6: its window closes here)",
            ],
        ),
        (
            work,
            &["Scheduled @ 10:00 {api=under_maintenance}"],
            &[
                "impossible-course 9: this changes nothing: the maintenance has not begun (5: its window opens here)",
            ],
        ),
        (
            work,
            &["Scheduled @ 10:00 {next=1h}", "Completed @ 13:00 {next=1h}"],
            &[
                "impossible-course 13: this promises an update, and nobody waits for one: it is over (13: it is over from here on)",
            ],
        ),
        (
            notice,
            &["Update @ 12:00", "Update @ 15:00"],
            &[
                "impossible-course 12: this update comes after the notice was taken off the page (5: it is shown up to here)",
            ],
        ),
        (
            work,
            &[
                "Scheduled @ 10:00",
                "In progress @ 11:00 {api=under_maintenance}",
                "Completed @ 11:30",
            ],
            &[],
        ),
        (
            work,
            &[
                "Scheduled @ 10:00",
                "Cancelled @ 11:00",
                "Update @ 11:10",
                "Scheduled @ 11:30",
                "Completed @ 15:00",
            ],
            &[],
        ),
        (
            work,
            &[
                "Scheduled @ 10:00",
                "Completed @ 13:00",
                "Scheduled @ 13:10",
            ],
            &[],
        ),
        // The update speaks of the next day.
        (
            &daily,
            &["Completed @ 13:00", "Update · 2023-01-21 12:30 {next=1h}"],
            &[],
        ),
    ];
    for (head, updates, expected) in cases {
        assert_eq!(of_post(head, updates), *expected, "{head} {updates:?}");
    }
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
