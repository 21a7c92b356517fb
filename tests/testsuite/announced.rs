//! When a post was announced, and when it last changed: every format says the same.

use serde_json::Value;
use snapbox::{IntoData as _, str};

use crate::site_test::{NOW, SiteTest};

/// A site in UTC with a post of each kind of which no update says all.
fn site() -> SiteTest {
    SiteTest::empty()
        .file(
            "allclear.toml",
            "title = \"Harbour\"\nbase_url = \"https://status.example.com/\"\n\n[[components]]\nid = \"ferry\"\nname = \"Ferry\"\n",
        )
        .file(
            "incidents/silent.md",
            "---\ntitle: Silent\ncomponents: [ferry]\nstarted: 2023-05-02 10:00\nended: 2023-05-02 12:00\n---\n\nWe know no more.\n",
        )
        .file(
            "incidents/ended.md",
            "---\ntitle: Ended by its file\nstarted: 2023-05-02 10:00\nended: 2023-05-02 12:00\n---\n\n## Investigating · 2023-05-02 10:10\n\nWe look.\n",
        )
        .file(
            "incidents/work.md",
            "---\ntitle: Work\nkind: maintenance\ncomponents: [ferry]\nstarts: 2023-05-03 10:00\nends: 2023-05-03 11:00\n---\n\nNew ropes.\n",
        )
        .file(
            "incidents/far.md",
            "---\ntitle: Far work\nkind: maintenance\nstarts: 2023-08-03 10:00\nends: 2023-08-03 11:00\n---\n",
        )
        .file(
            "incidents/note.md",
            "---\ntitle: A note\nkind: notice\nstarts: 2023-05-02 09:00\nends: 2023-05-02 16:00\n---\n\nRead this.\n",
        )
}

/// What stands between two marks, each time that it does.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    let parts = text.split(start).skip(1);
    parts.map(|it| it.split_once(end).unwrap().0).collect()
}

/// What each format says of each post, by its title.
#[track_caller]
fn said(site: &SiteTest, now: &str) -> String {
    site.run(&["build", "--quiet", "--now", now]);
    let read = |path: &str| site.read(&format!("public/{path}"));
    let mut lines = vec![format!("== {now}")];
    for entry in between(&read("history.atom"), "<entry>", "</entry>") {
        let of = |tag: &str| between(entry, &format!("<{tag}>"), "<")[0].to_owned();
        lines.push(format!(
            "atom    {} | {} | {}",
            of("published"),
            of("updated"),
            of("title")
        ));
    }
    let feed: Value = serde_json::from_str(&read("feed.json")).unwrap();
    for item in feed["items"].as_array().unwrap() {
        let of = |key: &str| item[key].as_str().unwrap();
        let (published, modified) = (of("date_published"), of("date_modified"));
        lines.push(format!(
            "json    {published} | {modified} | {}",
            of("title")
        ));
    }
    for item in between(&read("history.rss"), "<item>", "</item>") {
        let of = |tag: &str| between(item, &format!("<{tag}>"), "<")[0];
        let id = between(item, "incidents/", "<")[0];
        lines.push(format!(
            "rss     {} | {} | {id}",
            of("pubDate"),
            of("title")
        ));
    }
    for slug in ["silent", "ended", "work", "far", "note"] {
        let path = format!("public/api/v2/incidents/{slug}.json");
        if !site.path(&path).exists() {
            continue;
        }
        let document: Value = serde_json::from_str(&site.read(&path)).unwrap();
        let incident = &document["incident"];
        let of = |key: &str| incident[key].as_str().unwrap();
        let mut line = format!(
            "api     {} | {} | {slug} {}",
            of("created_at"),
            of("updated_at"),
            of("status")
        );
        for update in incident["incident_updates"].as_array().unwrap() {
            let of = |key: &str| update[key].as_str().unwrap();
            line += &format!(" | {} {} {}", of("id"), of("status"), of("created_at"));
        }
        lines.push(line);
    }
    for entry in between(&read("sitemap.xml"), "<url>", "</url>") {
        if let [changed] = between(entry, "<lastmod>", "<")[..] {
            let slug = between(entry, "incidents/", "/")[0];
            lines.push(format!("sitemap {changed} | {slug}"));
        }
    }
    for event in between(&read("maintenance.ics"), "BEGIN:VEVENT", "END:VEVENT") {
        let of = |key: &str| between(event, &format!("\n{key}:"), "\r")[0];
        lines.push(format!("ics     {} | {}", of("DTSTAMP"), of("SUMMARY")));
    }
    lines.join("\n") + "\n"
}

#[test]
fn every_format_says_when_a_post_was_announced_and_changed() {
    let site = site();
    let instants = [
        "2023-05-02T11:00:00Z",
        "2023-05-02T13:00:00Z",
        "2023-05-03T10:30:00Z",
        "2023-05-03T12:00:00Z",
    ];
    let said = instants.map(|now| said(&site, now));
    snapbox::assert_data_eq!(said.join("\n"), str![[r#"
== 2023-05-02T11:00:00Z
atom    2023-05-02T10:10:00+00:00 | 2023-05-02T10:10:00+00:00 | Investigating: Ended by its file
atom    2023-05-02T10:00:00+00:00 | 2023-05-02T10:00:00+00:00 | Investigating: Silent
atom    2023-05-02T09:00:00+00:00 | 2023-05-02T09:00:00+00:00 | A note
atom    2023-03-04T10:00:00+00:00 | 2023-03-04T10:00:00+00:00 | Scheduled: Work
json    2023-05-02T10:10:00Z | 2023-05-02T10:10:00Z | Investigating: Ended by its file
json    2023-05-02T10:00:00Z | 2023-05-02T10:00:00Z | Investigating: Silent
json    2023-05-02T09:00:00Z | 2023-05-02T09:00:00Z | A note
json    2023-03-04T10:00:00Z | 2023-03-04T10:00:00Z | Scheduled: Work
rss     Tue, 2 May 2023 10:10:00 +0000 | Investigating: Ended by its file | ended/#update-1
rss     Tue, 2 May 2023 10:00:00 +0000 | Investigating: Silent | silent/
rss     Tue, 2 May 2023 09:00:00 +0000 | A note | note/
rss     Sat, 4 Mar 2023 10:00:00 +0000 | Scheduled: Work | work/
api     2023-05-02T10:00:00.000Z | 2023-05-02T10:00:00.000Z | silent investigating | silent-update-0 investigating 2023-05-02T10:00:00.000Z
api     2023-05-02T10:10:00.000Z | 2023-05-02T10:10:00.000Z | ended investigating | ended-update-1 investigating 2023-05-02T10:10:00.000Z
api     2023-03-04T10:00:00.000Z | 2023-03-04T10:00:00.000Z | work scheduled | work-update-0 scheduled 2023-03-04T10:00:00.000Z
api     2023-05-02T09:00:00.000Z | 2023-05-02T09:00:00.000Z | far scheduled | far-update-0 scheduled 2023-05-02T09:00:00.000Z
api     2023-05-02T09:00:00.000Z | 2023-05-02T09:00:00.000Z | note monitoring | note-update-0 monitoring 2023-05-02T09:00:00.000Z
sitemap 2023-05-02T10:10:00Z | ended
sitemap 2023-05-02T10:00:00Z | silent
ics     19700101T000000Z | Far work
ics     20230304T100000Z | Work

== 2023-05-02T13:00:00Z
atom    2023-05-02T10:10:00+00:00 | 2023-05-02T12:00:00+00:00 | Resolved: Ended by its file
atom    2023-05-02T10:00:00+00:00 | 2023-05-02T12:00:00+00:00 | Resolved: Silent
atom    2023-05-02T09:00:00+00:00 | 2023-05-02T09:00:00+00:00 | A note
atom    2023-03-04T10:00:00+00:00 | 2023-03-04T10:00:00+00:00 | Scheduled: Work
json    2023-05-02T10:10:00Z | 2023-05-02T12:00:00Z | Resolved: Ended by its file
json    2023-05-02T10:00:00Z | 2023-05-02T12:00:00Z | Resolved: Silent
json    2023-05-02T09:00:00Z | 2023-05-02T09:00:00Z | A note
json    2023-03-04T10:00:00Z | 2023-03-04T10:00:00Z | Scheduled: Work
rss     Tue, 2 May 2023 12:00:00 +0000 | Resolved: Ended by its file | ended/#ended
rss     Tue, 2 May 2023 12:00:00 +0000 | Resolved: Silent | silent/#ended
rss     Tue, 2 May 2023 10:10:00 +0000 | Investigating: Ended by its file | ended/#update-1
rss     Tue, 2 May 2023 10:00:00 +0000 | Investigating: Silent | silent/
rss     Tue, 2 May 2023 09:00:00 +0000 | A note | note/
rss     Sat, 4 Mar 2023 10:00:00 +0000 | Scheduled: Work | work/
api     2023-05-02T10:00:00.000Z | 2023-05-02T12:00:00.000Z | silent resolved | silent-update-0 investigating 2023-05-02T10:00:00.000Z
api     2023-05-02T10:10:00.000Z | 2023-05-02T12:00:00.000Z | ended resolved | ended-update-1 investigating 2023-05-02T10:10:00.000Z
api     2023-03-04T10:00:00.000Z | 2023-03-04T10:00:00.000Z | work scheduled | work-update-0 scheduled 2023-03-04T10:00:00.000Z
api     2023-05-02T09:00:00.000Z | 2023-05-02T09:00:00.000Z | far scheduled | far-update-0 scheduled 2023-05-02T09:00:00.000Z
api     2023-05-02T09:00:00.000Z | 2023-05-02T09:00:00.000Z | note monitoring | note-update-0 monitoring 2023-05-02T09:00:00.000Z
sitemap 2023-05-02T12:00:00Z | ended
sitemap 2023-05-02T12:00:00Z | silent
ics     19700101T000000Z | Far work
ics     20230304T100000Z | Work

== 2023-05-03T10:30:00Z
atom    2023-03-04T10:00:00+00:00 | 2023-05-03T10:00:00+00:00 | In progress: Work
atom    2023-05-02T09:00:00+00:00 | 2023-05-02T16:00:00+00:00 | A note
atom    2023-05-02T10:10:00+00:00 | 2023-05-02T12:00:00+00:00 | Resolved: Ended by its file
atom    2023-05-02T10:00:00+00:00 | 2023-05-02T12:00:00+00:00 | Resolved: Silent
json    2023-03-04T10:00:00Z | 2023-05-03T10:00:00Z | In progress: Work
json    2023-05-02T09:00:00Z | 2023-05-02T16:00:00Z | A note
json    2023-05-02T10:10:00Z | 2023-05-02T12:00:00Z | Resolved: Ended by its file
json    2023-05-02T10:00:00Z | 2023-05-02T12:00:00Z | Resolved: Silent
rss     Tue, 2 May 2023 12:00:00 +0000 | Resolved: Ended by its file | ended/#ended
rss     Tue, 2 May 2023 12:00:00 +0000 | Resolved: Silent | silent/#ended
rss     Tue, 2 May 2023 10:10:00 +0000 | Investigating: Ended by its file | ended/#update-1
rss     Tue, 2 May 2023 10:00:00 +0000 | Investigating: Silent | silent/
rss     Tue, 2 May 2023 09:00:00 +0000 | A note | note/
rss     Sat, 4 Mar 2023 10:00:00 +0000 | Scheduled: Work | work/
api     2023-05-02T10:00:00.000Z | 2023-05-02T12:00:00.000Z | silent resolved | silent-update-0 investigating 2023-05-02T10:00:00.000Z
api     2023-05-02T10:10:00.000Z | 2023-05-02T12:00:00.000Z | ended resolved | ended-update-1 investigating 2023-05-02T10:10:00.000Z
api     2023-03-04T10:00:00.000Z | 2023-05-03T10:00:00.000Z | work in_progress | work-update-0 scheduled 2023-03-04T10:00:00.000Z
api     2023-05-02T09:00:00.000Z | 2023-05-02T09:00:00.000Z | far scheduled | far-update-0 scheduled 2023-05-02T09:00:00.000Z
api     2023-05-02T09:00:00.000Z | 2023-05-02T16:00:00.000Z | note resolved | note-update-0 monitoring 2023-05-02T09:00:00.000Z
sitemap 2023-05-02T12:00:00Z | ended
sitemap 2023-05-02T12:00:00Z | silent
ics     19700101T000000Z | Far work
ics     20230503T100000Z | Work

== 2023-05-03T12:00:00Z
atom    2023-03-04T10:00:00+00:00 | 2023-05-03T11:00:00+00:00 | Completed: Work
atom    2023-05-02T09:00:00+00:00 | 2023-05-02T16:00:00+00:00 | A note
atom    2023-05-02T10:10:00+00:00 | 2023-05-02T12:00:00+00:00 | Resolved: Ended by its file
atom    2023-05-02T10:00:00+00:00 | 2023-05-02T12:00:00+00:00 | Resolved: Silent
json    2023-03-04T10:00:00Z | 2023-05-03T11:00:00Z | Completed: Work
json    2023-05-02T09:00:00Z | 2023-05-02T16:00:00Z | A note
json    2023-05-02T10:10:00Z | 2023-05-02T12:00:00Z | Resolved: Ended by its file
json    2023-05-02T10:00:00Z | 2023-05-02T12:00:00Z | Resolved: Silent
rss     Tue, 2 May 2023 12:00:00 +0000 | Resolved: Ended by its file | ended/#ended
rss     Tue, 2 May 2023 12:00:00 +0000 | Resolved: Silent | silent/#ended
rss     Tue, 2 May 2023 10:10:00 +0000 | Investigating: Ended by its file | ended/#update-1
rss     Tue, 2 May 2023 10:00:00 +0000 | Investigating: Silent | silent/
rss     Tue, 2 May 2023 09:00:00 +0000 | A note | note/
rss     Sat, 4 Mar 2023 10:00:00 +0000 | Scheduled: Work | work/
api     2023-05-02T10:00:00.000Z | 2023-05-02T12:00:00.000Z | silent resolved | silent-update-0 investigating 2023-05-02T10:00:00.000Z
api     2023-05-02T10:10:00.000Z | 2023-05-02T12:00:00.000Z | ended resolved | ended-update-1 investigating 2023-05-02T10:10:00.000Z
api     2023-03-04T10:00:00.000Z | 2023-05-03T11:00:00.000Z | work completed | work-update-0 scheduled 2023-03-04T10:00:00.000Z
api     2023-05-02T09:00:00.000Z | 2023-05-02T09:00:00.000Z | far scheduled | far-update-0 scheduled 2023-05-02T09:00:00.000Z
api     2023-05-02T09:00:00.000Z | 2023-05-02T16:00:00.000Z | note resolved | note-update-0 monitoring 2023-05-02T09:00:00.000Z
sitemap 2023-05-02T12:00:00Z | ended
sitemap 2023-05-02T12:00:00Z | silent
ics     19700101T000000Z | Far work
ics     20230503T110000Z | Work

"#]].raw());
}

/// Nobody is told again what did not change.
#[test]
fn a_minute_later_no_format_has_news() {
    let site = site();
    let mut before: Option<Vec<String>> = None;
    for now in ["2023-05-02T13:00:00Z", "2023-05-02T13:01:00Z"] {
        site.run(&["build", "--quiet", "--now", now]);
        let files = [
            "history.atom",
            "history.rss",
            "feed.json",
            "maintenance.ics",
            "components/ferry/history.atom",
            "components/ferry/history.rss",
            "components/ferry/feed.json",
            "components/ferry/maintenance.ics",
            "sitemap.xml",
            "api/v2/incidents/silent.json",
            "api/v2/incidents/work.json",
            "api/v2/incidents/far.json",
        ];
        let texts = files.map(|file| site.read(&format!("public/{file}")));
        let texts = texts.to_vec();
        if let Some(before) = before.replace(texts.clone()) {
            assert_eq!(texts, before);
        }
    }
}

/// What is planned for the first days of the calendar is known sixty days before them, which no feed can date.
#[test]
fn a_plan_at_the_beginning_of_all_years_is_built() {
    let site = SiteTest::new().file(
        "incidents/work.md",
        "---\ntitle: Work\nkind: maintenance\ncomponents: [web]\nstarts: 0000-01-02 10:00\nends: 0000-01-02 11:00\n---\n",
    );
    site.command(&["build", "--now", NOW]).assert().success();
    assert!(!site.read("public/history.rss").contains("<pubDate>"));
}
