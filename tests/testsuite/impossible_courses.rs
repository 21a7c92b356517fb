//! Courses that cannot have been: what contradicts itself in a file is a finding that names both places.

use crate::site_test::SiteTest;

/// The findings of `check`, each in a line: its code, line and message, and its other place.
pub(crate) fn findings(text: &str) -> Vec<String> {
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
        // Nothing counts after the end that the file says, unless it opens the incident again.
        (
            "components: {web: major_outage}\nended: 2023-01-20 10:00",
            &[
                "Investigating @ 09:00",
                "Identified @ 11:00 {web=partial_outage}",
                "Resolved @ 12:00",
            ],
            &[
                "impossible-course 11: `partial_outage` says nothing here: the incident has ended (4: it ended here)",
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
        (
            "components: {web: major_outage}\nended: 2023-01-20 10:00",
            &[
                "Investigating @ 09:00",
                "Resolved @ 10:00",
                "Identified @ 11:00 {web=partial_outage}",
                "Resolved @ 12:00",
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
        (
            &daily,
            &["Scheduled @ 10:00", "Completed @ 11:00"],
            &[
                "impossible-course 14: this maintenance is completed before it began (5: its first window opens here)",
            ],
        ),
        (
            &daily,
            &[
                "Cancelled @ 11:00",
                "Completed @ 13:00",
                "Verifying · 2023-01-21 11:00",
                "Completed · 2023-01-21 12:30",
            ],
            &[
                "impossible-course 14: `completed` changes nothing here: this time was cancelled (10: it was cancelled here)",
                "impossible-course 18: `verifying` changes nothing here: this time was cancelled (10: it was cancelled here)",
            ],
        ),
        (
            &daily,
            &[
                "Cancelled @ 11:00",
                "Scheduled @ 11:30",
                "Completed @ 13:00",
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
