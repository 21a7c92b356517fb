//! Maintenances that take place again and again: on the pages, in the calendar, from the command line.

use snapbox::{IntoData as _, file, str};

use crate::pages::{all, page, texts};
use crate::since::git;
use crate::site_test::{NOW, SiteTest};

/// A weekly maintenance: one window is excepted, one ended late, and one is called off.
const BACKUP: &str = "---
title: \"Backup: database, and more\"
kind: maintenance
components: [api]
starts: 2022-12-03 02:00
ends: 2022-12-03 03:30
repeat: FREQ=WEEKLY;UNTIL=20230325
except: [2022-12-24]
---

The API may be slow.

## Completed · 2022-12-10 04:10

It took longer.

## Cancelled · 2022-12-27 10:00

Not this week.
";

/// A site with that maintenance.
fn site() -> SiteTest {
    SiteTest::new().file("incidents/backup.md", BACKUP)
}

#[test]
fn the_calendar_has_the_rule() {
    let site = site();
    site.write(
        "incidents/move.md",
        "---\ntitle: Move\nkind: maintenance\nstarts: 2023-01-09 22:00\nends: 2023-01-10 01:00\n---\n",
    );
    site.build();
    let calendar = site.read("public/maintenance.ics");
    assert!(calendar.lines().all(|line| line.len() <= 75));
    assert_eq!(
        calendar.matches("\r\n").count(),
        calendar.matches('\n').count()
    );
    snapbox::assert_data_eq!(
        calendar.replace("\r\n", "\n"),
        str![[r#"
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//allclear//allclear//EN
X-WR-CALNAME:Example Status
X-WR-TIMEZONE:America/New_York
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:-0500
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
BEGIN:STANDARD
DTSTART:20231105T020000
RDATE:20241103T020000
RDATE:20251102T020000
RDATE:20261101T020000
RDATE:20271107T020000
RDATE:20281105T020000
RDATE:20291104T020000
RDATE:20301103T020000
RDATE:20311102T020000
RDATE:20321107T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20230312T020000
RDATE:20240310T020000
RDATE:20250309T020000
RDATE:20260308T020000
RDATE:20270314T020000
RDATE:20280312T020000
RDATE:20290311T020000
RDATE:20300310T020000
RDATE:20310309T020000
RDATE:20320314T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
DESCRIPTION:The API may be slow.
DTSTAMP:20221227T150000Z
DTSTART;TZID=America/New_York:20221203T020000
DURATION:PT1H30M
EXDATE;TZID=America/New_York:20221224T020000
RRULE:FREQ=WEEKLY;UNTIL=20230326T035959Z
STATUS:CONFIRMED
SUMMARY:Backup: database\, and more
TRANSP:TRANSPARENT
UID:backup@status.example.com
URL:https://status.example.com/incidents/backup/
END:VEVENT
BEGIN:VEVENT
DESCRIPTION:The API may be slow.
DTSTAMP:20221227T150000Z
DTSTART;TZID=America/New_York:20221210T020000
DURATION:PT2H10M
RECURRENCE-ID;TZID=America/New_York:20221210T020000
STATUS:CONFIRMED
SUMMARY:Backup: database\, and more
TRANSP:TRANSPARENT
UID:backup@status.example.com
URL:https://status.example.com/incidents/backup/
END:VEVENT
BEGIN:VEVENT
DESCRIPTION:The API may be slow.
DTSTAMP:20221227T150000Z
DTSTART;TZID=America/New_York:20221231T020000
DURATION:PT1H30M
RECURRENCE-ID;TZID=America/New_York:20221231T020000
STATUS:CANCELLED
SUMMARY:Backup: database\, and more
TRANSP:TRANSPARENT
UID:backup@status.example.com
URL:https://status.example.com/incidents/backup/
END:VEVENT
BEGIN:VEVENT
DTSTAMP:20221111T030000Z
DTSTART:20230110T030000Z
DURATION:PT3H
STATUS:CONFIRMED
SUMMARY:Move
TRANSP:TRANSPARENT
UID:move@status.example.com
URL:https://status.example.com/incidents/move/
END:VEVENT
END:VCALENDAR

"#]]
        .raw()
    );
}

#[test]
fn the_pages_have_the_next_windows_and_the_history_the_last_ones() {
    let site = site();
    site.build();
    site.check_page("index.html", file!["snapshots/repeats-on-index.html"]);
    site.check_page(
        "incidents/backup/index.html",
        file!["snapshots/maintenance-that-repeats.html"],
    );
    site.check_page(
        "history/2022-12/index.html",
        file!["snapshots/repeats-in-history.html"],
    );
    // In the other theme too.
    let plain = site.read("allclear.toml") + "\n";
    site.write(
        "allclear.toml",
        plain.replacen('\n', "\ntheme = \"plain\"\n", 1),
    );
    site.build();
    site.check_page(
        "incidents/backup/index.html",
        file!["snapshots/maintenance-that-repeats.plain.html"],
    );
    // One page, however often it takes place.
    let pages = site
        .outputs()
        .into_iter()
        .filter(|file| file.ends_with("backup/index.html"));
    assert_eq!(
        pages.collect::<Vec<_>>(),
        [
            "ar/incidents/backup/index.html",
            "incidents/backup/index.html"
        ]
    );
}

#[test]
fn what_is_done_every_day_leaves_room_for_the_rest() {
    let site = SiteTest::new()
        .file(
            "incidents/daily.md",
            "---\ntitle: Daily\nkind: maintenance\ncomponents: [api]\nstarts: 2022-09-01 02:00\nends: 2022-09-01 02:10\nrepeat: FREQ=DAILY\n---\n",
        )
        .file(
            "incidents/slow.md",
            "---\ntitle: Slow\ncomponents: {api: degraded_performance}\nstarted: 2022-09-02 10:00\n---\n\n## Resolved · 2022-09-02 11:00\n",
        );
    site.build();
    let entries = texts(
        &page(&site, "components/api/index.html"),
        "main .told > a:first-child",
    );
    assert_eq!(entries, ["Daily", "Slow"]);
}

#[test]
fn what_is_over_is_history_while_the_next_one_is_open() {
    let site = site();
    site.run(&["build", "--now", "2023-01-07T07:30:00Z"]);
    let entries = texts(
        &page(&site, "components/api/index.html"),
        "main .told > a:first-child",
    );
    // The open one, and the last one that is over.
    assert_eq!(entries.len(), 2);
}

#[test]
fn a_calendar_tells_hours_that_the_clocks_repeat() {
    let site = SiteTest::new().file(
        "incidents/night.md",
        "---\ntitle: تحديث قاعدة البيانات الرئيسية وكل ما يتصل بها من خدمات في جميع المناطق\nkind: maintenance\nstarts: 2022-11-06 01:30 -04:00\nends: 2022-11-06 01:30 -05:00\n---\n\nWith **all** [links](https://example.com/).\n",
    );
    site.build();
    let calendar = site.read("public/maintenance.ics");
    // The title needs more than one line, each of 75 octets at most.
    assert!(calendar.lines().all(|line| line.len() <= 75), "{calendar}");
    snapbox::assert_data_eq!(
        calendar.replace("\r\n", "\n"),
        str![[r#"
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//allclear//allclear//EN
X-WR-CALNAME:Example Status
X-WR-TIMEZONE:America/New_York
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:STANDARD
DTSTART:20221106T020000
RDATE:20231105T020000
RDATE:20241103T020000
RDATE:20251102T020000
RDATE:20261101T020000
RDATE:20271107T020000
RDATE:20281105T020000
RDATE:20291104T020000
RDATE:20301103T020000
RDATE:20311102T020000
RDATE:20321107T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20230312T020000
RDATE:20240310T020000
RDATE:20250309T020000
RDATE:20260308T020000
RDATE:20270314T020000
RDATE:20280312T020000
RDATE:20290311T020000
RDATE:20300310T020000
RDATE:20310309T020000
RDATE:20320314T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
END:DAYLIGHT
BEGIN:DAYLIGHT
DTSTART:19700101T000000
TZOFFSETFROM:-0400
TZOFFSETTO:-0400
TZNAME:EDT
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
DESCRIPTION:With all links.
DTSTAMP:20221106T063000Z
DTSTART:20221106T053000Z
DURATION:PT1H
STATUS:CONFIRMED
SUMMARY:تحديث قاعدة البيانات الرئيسية وكل ما
  يتصل بها من خدمات في جميع المناطق
TRANSP:TRANSPARENT
UID:night@status.example.com
URL:https://status.example.com/incidents/night/
END:VEVENT
END:VCALENDAR

"#]]
        .raw()
    );
}

#[test]
fn each_window_in_a_calendar_is_as_long_as_it_is() {
    // The first window lies where the clocks go back: on the clock, it would end before it begins.
    let site = SiteTest::new().file(
        "incidents/night.md",
        "---\ntitle: Night\nkind: maintenance\nstarts: 2022-11-06T05:45:00Z\nends: 2022-11-06T06:15:05Z\nrepeat: FREQ=WEEKLY\n---\n\n## Scheduled · 2022-11-01 12:00\n\nEach week.\n\n## In progress · 2022-12-18 00:30\n\nEarly this time.\n",
    );
    site.build();
    let calendar = site.read("public/maintenance.ics").replace("\r\n", "\n");
    let events: Vec<String> = (calendar.split("BEGIN:VEVENT").skip(1))
        .map(|event| {
            let lines = event.lines().filter(|line| {
                ["DTSTART", "DTEND", "DURATION", "RECURRENCE"]
                    .iter()
                    .any(|name| line.starts_with(name))
            });
            lines.collect::<Vec<_>>().join(" ")
        })
        .collect();
    assert_eq!(
        events,
        [
            "DTSTART;TZID=America/New_York:20221106T014500 DURATION:PT30M5S",
            "DTSTART;TZID=America/New_York:20221218T003000 DURATION:PT1H45M5S RECURRENCE-ID;TZID=America/New_York:20221218T014500",
        ]
    );
}

#[test]
fn a_feed_dates_a_plan_by_when_it_came_into_view() {
    let site = SiteTest::new();
    let planned = |name: &str, day: &str, more: &str| {
        let text = format!(
            "---\ntitle: {name}\nkind: maintenance\nstarts: {day} 02:00 UTC\nends: {day} 03:00 UTC\n{more}---\n"
        );
        site.write(&format!("incidents/{name}.md"), text);
    };
    planned("soon", "2023-01-10", "");
    planned("later", "2023-06-10", "");
    planned("weekly", "2023-01-07", "repeat: FREQ=WEEKLY\n");
    let feed = |now: &str| {
        site.run(&["build", "--now", now]);
        let feed = site.read("public/history.atom");
        let entries = feed.split("<entry>").skip(1).map(|entry| {
            let inner = |tag: &str| {
                let (_, rest) = entry.split_once(&format!("<{tag}>")).unwrap();
                rest.split('<').next().unwrap().to_owned()
            };
            format!("{} {}", inner("title"), inner("updated"))
        });
        entries.collect::<Vec<_>>()
    };
    // Nothing says when it was planned: readers see it from sixty days before it on.
    let planned = [
        "Scheduled: soon 2022-11-11T02:00:00+00:00",
        "Scheduled: weekly 2022-11-08T02:00:00+00:00",
    ];
    assert_eq!(feed(NOW), planned);
    assert_eq!(feed("2022-12-30T12:00:00Z"), planned);
    // From then on it is news when a window opens, and when it closes.
    let over = [
        "Scheduled: weekly 2023-01-14T03:00:00+00:00",
        "Completed: soon 2023-01-10T03:00:00+00:00",
    ];
    assert_eq!(feed("2023-01-20T12:00:00Z"), over);
}

#[test]
fn a_window_opens_by_itself_each_time() {
    let site = site();
    for (now, headline) in [
        ("2022-12-17T06:59:59Z", "No known problems"),
        ("2022-12-17T07:00:00Z", "Maintenance in progress"),
        ("2022-12-17T08:30:00Z", "No known problems"),
        // Excepted, and called off.
        ("2022-12-24T07:30:00Z", "No known problems"),
        ("2022-12-31T07:30:00Z", "No known problems"),
        // The clocks have changed: two o'clock is an hour earlier.
        ("2023-03-18T06:30:00Z", "Maintenance in progress"),
        ("2023-03-25T06:30:00Z", "Maintenance in progress"),
        ("2023-04-01T06:30:00Z", "No known problems"),
    ] {
        let outcome = site.run(&["status", "--now", now]);
        assert_eq!(outcome.stdout().lines().next(), Some(headline), "{now}");
    }
}

#[test]
fn a_terminal_is_told_once_and_a_program_each_time() {
    let site = site();
    site.run(&["status", "--now", NOW]).expect_stdout(str![[r#"
No known problems

Components
  Web     operational            100.00 % uptime  (from incident reports)
  API     operational            100.00 % uptime  since 2022-12-17T08:30:00Z  (from incident reports)
  Log-in  operational            100.00 % uptime  (from incident reports)

Maintenance
  Backup: database, and more
    backup: scheduled, 2023-01-07T07:00:00Z to 2023-01-07T08:30:00Z
    and 7 more times up to 2023-02-25T07:00:00Z

"#]]);
    let status = site.status(NOW);
    let starts: Vec<&str> = (status["maintenances"].as_array().unwrap().iter())
        .map(|it| it["starts"].as_str().unwrap())
        .collect();
    assert_eq!(
        starts,
        [
            "2023-01-07T07:00:00Z",
            "2023-01-14T07:00:00Z",
            "2023-01-21T07:00:00Z",
            "2023-01-28T07:00:00Z",
            "2023-02-04T07:00:00Z",
            "2023-02-11T07:00:00Z",
            "2023-02-18T07:00:00Z",
            "2023-02-25T07:00:00Z",
        ]
    );
}

#[test]
fn an_update_is_posted_to_the_window_that_is_open() {
    let site = site();
    site.run(&[
        "update",
        "verifying",
        "-m",
        "Checking.",
        "--now",
        "2023-01-07T08:00:00Z",
        "--quiet",
    ]);
    let said = site.status("2023-01-07T08:00:00Z");
    assert_eq!(said["maintenances"][0]["state"], "verifying");
    assert_eq!(said["maintenances"][0]["starts"], "2023-01-07T07:00:00Z");
    assert_eq!(said["maintenances"][1]["state"], "scheduled");
    site.run(&[
        "resolve",
        "-m",
        "Done.",
        "--now",
        "2023-01-07T08:20:00Z",
        "--quiet",
    ]);
    let said = site.status("2023-01-07T08:20:00Z");
    assert_eq!(said["maintenances"][0]["state"], "scheduled");
    assert_eq!(
        site.read("incidents/backup.md"),
        BACKUP.to_owned()
            + "\n## Verifying · 2023-01-07 03:00\n\nChecking.\n\n## Completed · 2023-01-07 03:20\n\nDone.\n"
    );
}

#[test]
fn what_is_planned_is_in_nobodys_way() {
    let site = site();
    let slow = "---\ntitle: Slow\ncomponents: {web: degraded_performance}\nstarted: 2022-12-28 19:00\n---\n";
    site.write("incidents/slow.md", slow);
    site.run(&["resolve", "-m", "Fast.", "--now", NOW, "--quiet"]);
    let resolved = format!("{slow}\n## Resolved · 2022-12-28 20:30\n\nFast.\n");
    assert_eq!(site.read("incidents/slow.md"), resolved);
    assert_eq!(site.read("incidents/backup.md"), BACKUP);
}

#[test]
fn the_future_may_change_and_the_past_may_not() {
    let site = site();
    git(&site, &["init", "--quiet"]);
    git(&site, &["add", "."]);
    git(&site, &["commit", "--quiet", "-m", "Publish"]);
    let check = ["check", "--since", "HEAD", "--now", NOW];
    site.run(&check);
    // It ends sooner.
    site.write(
        "incidents/backup.md",
        BACKUP.replace("20230325", "20230107"),
    );
    site.run(&check);
    // A day to come is excepted, of which an update speaks.
    site.write(
        "incidents/backup.md",
        BACKUP.replace("[2022-12-24]", "[2022-12-24, 2022-12-31]"),
    );
    site.run(&check);
    // As if it had begun a week later.
    let later = BACKUP
        .replace("starts: 2022-12-03", "starts: 2022-12-10")
        .replace("ends: 2022-12-03", "ends: 2022-12-10");
    site.write("incidents/backup.md", &later);
    site.run_fails(1, &check).expect_stderr(str![[r#"
error[removed-incident]: this took place at 2022-12-03 02:00 -05:00, and now it did not
 --> incidents/backup.md:7:1
  |
7 | repeat: FREQ=WEEKLY;UNTIL=20230325
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
 ::: HEAD:incidents/backup.md:7:1
  |
7 | repeat: FREQ=WEEKLY;UNTIL=20230325
  | ---------------------------------- what was published
  |
  = help: take the change back, or tell readers of it in the front matter: `corrections: [{at: 2022-12-28 20:30 -05:00, note: ...}]`

1 error; `allclear explain CODE` says more of each

"#]]);
    let told = later.replace(
        "---\n\n",
        "corrections: [{at: 2022-12-28 20:00, note: The first was a drill.}]\n---\n\n",
    );
    site.write("incidents/backup.md", told);
    site.run(&check);
}

/// The site with a maintenance that repeats by a rule.
fn repeating(starts: &str, rule: &str) -> SiteTest {
    let text = format!(
        "---\ntitle: Backup\nkind: maintenance\nstarts: {starts} 02:00\nends: {starts} 03:00\nrepeat: {rule}\n---\n"
    );
    SiteTest::new().file("incidents/backup.md", text)
}

#[test]
fn a_rule_in_other_letters_is_a_finding() {
    let site = repeating("2022-12-03", "FREQ=WEEKLY;BYDAY=土");
    site.run_fails(1, &["check", "--now", NOW]).expect_stderr(str![[r#"
error[bad-repeat]: this is no rule of RFC 5545: it has the character `土`
 --> incidents/backup.md:6:9
  |
6 | repeat: FREQ=WEEKLY;BYDAY=土
  |         ^^^^^^^^^^^^^^^^^^^^
  |
  = help: a rule has only letters A to Z, digits and `;`, `=`, `,`, `+`, `-`: write `BYDAY=MO` or the like

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_rule_that_has_gone_on_for_ever_is_a_finding() {
    let site = repeating("0001-01-01", "FREQ=MONTHLY;BYDAY=+1MO");
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[bad-repeat]: a maintenance that repeats begins in 1970 at the earliest
 --> incidents/backup.md:6:9
  |
6 | repeat: FREQ=MONTHLY;BYDAY=+1MO
  |         ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: let `starts` and `ends` be the first time that readers ask for

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_rule_may_name_days_with_and_without_a_number() {
    let site = repeating("2022-12-03", "FREQ=MONTHLY;BYDAY=1SA,TU");
    site.run(&["check", "--now", NOW]);
}

#[test]
fn a_page_says_the_rhythm_and_folds_the_further_dates() {
    let site = site();
    site.build();
    let backup = page(&site, "incidents/backup/index.html");
    let facts = texts(&backup, ".headline .facts");
    assert_eq!(facts[0], "Scheduled");
    let rhythm = "Repeats weekly: Saturday, 2:00 AM – 3:30 AM EST";
    assert_eq!(facts.last().map(String::as_str), Some(rhythm));
    assert_eq!(texts(&backup, ".headline details:not([open]) li").len(), 7);
    assert_eq!(all(&backup, ".headline.maintenance").len(), 1);
    assert!(
        site.read("public/incidents/backup/index.md")
            .contains(rhythm)
    );
}
