//! What feeds of every format tell, of the site and of its components, and when.

use std::collections::BTreeSet;

use atom_syndication::Feed;
use rss::Channel;
use serde_json::Value;

use crate::site_test::SiteTest;

/// The feed of items in a folder of the output.
#[track_caller]
fn rss(site: &SiteTest, folder: &str) -> Channel {
    let text = site.read(&format!("public/{folder}history.rss"));
    Channel::read_from(text.as_bytes()).unwrap()
}

/// The Atom feed in a folder of the output.
#[track_caller]
fn atom(site: &SiteTest, folder: &str) -> Feed {
    let text = site.read(&format!("public/{folder}history.atom"));
    Feed::read_from(text.as_bytes()).unwrap()
}

/// The JSON feed in a folder of the output, which has to keep to its specification.
#[track_caller]
fn json(site: &SiteTest, folder: &str) -> Value {
    let feed: Value =
        serde_json::from_str(&site.read(&format!("public/{folder}feed.json"))).unwrap();
    let schema = serde_json::from_str(include_str!("json-feed.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors = validator.iter_errors(&feed);
    let errors: Vec<String> = errors
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert_eq!(errors, [""; 0], "{folder}feed.json");
    feed
}

/// The ids of the items of a feed of items, without the site's address, and their titles.
fn items(channel: &Channel) -> Vec<(String, String)> {
    let items = channel.items().iter();
    items
        .map(|item| {
            let guid = item.guid().unwrap();
            assert!(guid.is_permalink());
            assert_eq!(item.link(), Some(guid.value()));
            let id = guid
                .value()
                .strip_prefix("https://status.example.com/")
                .unwrap();
            (id.to_owned(), item.title().unwrap().to_owned())
        })
        .collect()
}

/// The ids and titles of the items that are in a feed now and were not before.
fn news(before: &[(String, String)], now: &[(String, String)]) -> Vec<(String, String)> {
    let known: BTreeSet<&str> = before.iter().map(|(id, _)| id.as_str()).collect();
    let new = now.iter().filter(|(id, _)| !known.contains(id.as_str()));
    new.cloned().collect()
}

fn pair(id: &str, title: &str) -> (String, String) {
    (id.to_owned(), title.to_owned())
}

const LOG_IN: &str = "---\ntitle: Log-in fails\ncomponents: {login: major_outage, web: degraded_performance}\nstarted: 2022-12-28 19:00\n---\n\n\
    ## Investigating · 2022-12-28 19:45\n\nWe look.\n";

#[test]
fn each_update_and_each_correction_is_an_item_that_keeps_its_id() {
    let site = SiteTest::new().file("incidents/log-in.md", LOG_IN);
    site.run(&["build", "--now", "2022-12-29T01:00:00Z"]);
    let first = items(&rss(&site, ""));
    assert_eq!(
        first,
        [pair(
            "incidents/log-in/#update-1",
            "Investigating: Log-in fails"
        )]
    );

    let more = format!("{LOG_IN}\n## Resolved · 2022-12-28 21:00\n\nIt works.\n");
    site.write("incidents/log-in.md", &more);
    site.run(&["build", "--now", "2022-12-29T02:10:00Z"]);
    let second = items(&rss(&site, ""));
    assert_eq!(
        news(&first, &second),
        [pair("incidents/log-in/#update-2", "Resolved: Log-in fails")]
    );

    // A mistake in the first update is put right, and readers are told.
    let corrected = more.replace("We look.", "We look into it.").replace(
        "started:",
        "corrections: [{ at: 2022-12-28 22:00, note: \"It was <1 % & worse.\" }]\nstarted:",
    );
    site.write("incidents/log-in.md", corrected);
    site.run(&["build", "--now", "2022-12-29T03:10:00Z"]);
    let channel = rss(&site, "");
    let third = items(&channel);
    assert_eq!(
        third,
        [
            pair("incidents/log-in/#correction-1", "Correction: Log-in fails"),
            pair("incidents/log-in/#update-2", "Resolved: Log-in fails"),
            pair("incidents/log-in/#update-1", "Investigating: Log-in fails"),
        ]
    );
    let correction = &channel.items()[0];
    assert_eq!(
        correction.pub_date(),
        Some("Thu, 29 Dec 2022 03:00:00 +0000")
    );
    assert_eq!(
        correction.description(),
        Some("<p>It was &lt;1 % &amp; worse.</p>")
    );
    assert_eq!(channel.last_build_date(), correction.pub_date());
    let page = site.read("public/incidents/log-in/index.html");
    for (id, _) in &third {
        let (_, fragment) = id.split_once('#').unwrap();
        assert!(page.contains(&format!("id=\"{fragment}\"")), "{fragment}");
    }
    // The entries of Atom and JSON Feed are the same ones, renewed.
    let entry = &atom(&site, "").entries()[0].clone();
    assert_eq!(entry.title().as_str(), "Resolved: Log-in fails");
    assert_eq!(entry.id(), "https://status.example.com/incidents/log-in/");
    assert_eq!(entry.updated().to_rfc3339(), "2022-12-29T03:00:00+00:00");
    let item = &json(&site, "")["items"][0];
    assert_eq!(item["id"], entry.id());
    assert_eq!(item["title"], entry.title().as_str());
    assert_eq!(item["date_modified"], "2022-12-29T03:00:00Z");
    assert_eq!(item["date_published"], "2022-12-29T00:45:00Z");
    assert_eq!(
        item["content_html"].as_str(),
        entry.content().unwrap().value()
    );
}

#[test]
fn a_window_that_opens_by_itself_renews_its_entry() {
    let site = SiteTest::new().file(
        "incidents/work.md",
        "---\ntitle: New disks\nkind: maintenance\ncomponents: [api]\nstarts: 2023-01-14 02:00\nends: 2023-01-14 03:00\n---\n\n\
         Slower for an hour.\n\n## Scheduled · 2022-12-20 10:00\n",
    );
    for (now, title, updated) in [
        (
            "2023-01-14T06:59:00Z",
            "Scheduled: New disks",
            "2022-12-20T15:00:00Z",
        ),
        (
            "2023-01-14T07:01:00Z",
            "In progress: New disks",
            "2023-01-14T07:00:00Z",
        ),
        (
            "2023-01-14T07:30:00Z",
            "In progress: New disks",
            "2023-01-14T07:00:00Z",
        ),
        (
            "2023-01-20T07:30:00Z",
            "Completed: New disks",
            "2023-01-14T08:00:00Z",
        ),
    ] {
        site.run(&["build", "--quiet", "--now", now]);
        let item = &json(&site, "")["items"][0];
        assert_eq!(item["title"], title, "{now}");
        assert_eq!(item["date_modified"], updated, "{now}");
        let items = items(&rss(&site, ""));
        assert_eq!(
            items,
            [pair("incidents/work/#update-1", "Scheduled: New disks")]
        );
    }
    // What announces it stands before the first update, whose heading says all the rest.
    let description = rss(&site, "").items()[0].description().unwrap().to_owned();
    assert_eq!(description, "<p>Slower for an hour.</p>");
}

#[test]
fn a_component_has_feeds_of_what_affects_it() {
    let site = SiteTest::new()
        .file("incidents/log-in.md", LOG_IN)
        .file("incidents/log-in.ar.md", "---\ntitle: تعذّر الدخول\n---\n")
        .file(
            "incidents/work.md",
            "---\ntitle: New disks\nkind: maintenance\ncomponents: [api]\nstarts: 2023-01-14 02:00\nends: 2023-01-14 03:00\n---\n\n## Scheduled · 2022-12-20 10:00\n",
        )
        .file(
            "incidents/office.md",
            "---\ntitle: We moved\nkind: notice\ncomponents: [web]\n---\n\n## Update · 2022-12-27 10:00\n\nNext door.\n",
        );
    site.run_warns(&["build", "--now", "2022-12-29T01:30:00Z"]);
    for (folder, titles) in [
        (
            "",
            [
                "Investigating: Log-in fails",
                "We moved",
                "Scheduled: New disks",
            ]
            .as_slice(),
        ),
        ("components/login/", &["Investigating: Log-in fails"]),
        (
            "components/web/",
            &["Investigating: Log-in fails", "We moved"],
        ),
        ("components/api/", &["Scheduled: New disks"]),
        ("ar/components/login/", &["قيد التحقيق: تعذّر الدخول"]),
        ("ar/components/api/", &["مجدولة: New disks"]),
    ] {
        let atom = atom(&site, folder);
        let of_atom: Vec<&str> = atom
            .entries()
            .iter()
            .map(|entry| entry.title().as_str())
            .collect();
        assert_eq!(of_atom, titles, "{folder}");
        let json = json(&site, folder);
        let of_json = json["items"].as_array().unwrap().iter();
        let of_json: Vec<&str> = of_json
            .map(|item| item["title"].as_str().unwrap())
            .collect();
        assert_eq!(of_json, titles, "{folder}");
        let of_rss = rss(&site, folder).items().len();
        assert_eq!(of_rss, titles.len(), "{folder}");
        let calendar = site.read(&format!("public/{folder}maintenance.ics"));
        let has_work = calendar.contains("SUMMARY:New disks");
        assert_eq!(
            has_work,
            titles.iter().any(|title| title.contains("disks")),
            "{folder}"
        );
        assert!(calendar.contains("BEGIN:VTIMEZONE"), "{folder}");
    }
    let web = atom(&site, "ar/components/web/");
    assert_eq!(web.title().as_str(), "Web · Example Status");
    let links = web
        .links()
        .iter()
        .map(|link| (link.rel(), link.hreflang().unwrap_or(""), link.href()));
    assert_eq!(
        links.collect::<Vec<_>>(),
        [
            (
                "self",
                "",
                "https://status.example.com/ar/components/web/history.atom"
            ),
            (
                "alternate",
                "ar",
                "https://status.example.com/ar/components/web/"
            ),
            (
                "alternate",
                "en",
                "https://status.example.com/components/web/history.atom"
            ),
        ]
    );
    let of_rss = rss(&site, "components/web/");
    assert_eq!(of_rss.link(), "https://status.example.com/components/web/");
    let links = of_rss.extensions()["atom"]["link"].iter();
    let links: Vec<_> = links
        .map(|link| (link.attrs()["rel"].as_str(), link.attrs()["href"].as_str()))
        .collect();
    assert_eq!(
        links,
        [
            (
                "self",
                "https://status.example.com/components/web/history.rss"
            ),
            (
                "alternate",
                "https://status.example.com/ar/components/web/history.rss"
            ),
        ]
    );
}

/// The calendar of a component beside those of its news, line by line as RFC 5545 wants it.
#[test]
fn a_calendar_keeps_to_short_lines() {
    let title = format!(
        "{} {}",
        "Größere Arbeiten an den Speichern 月火水木 👩‍👩‍👧".repeat(20),
        "x".repeat(500)
    );
    let site = SiteTest::new().file(
        "incidents/work.md",
        format!("---\ntitle: \"{title}\"\nkind: maintenance\ncomponents: [api]\nstarts: 2023-01-14 02:00\nends: 2023-01-14 03:00\n---\n\n{title}\n\n## Scheduled · 2022-12-20 10:00\n"),
    );
    site.build();
    let mut events = 0;
    for folder in [
        "",
        "ar/",
        "components/api/",
        "components/web/",
        "ar/components/login/",
    ] {
        let calendar = site.read(&format!("public/{folder}maintenance.ics"));
        let (last, lines) = calendar
            .split("\r\n")
            .collect::<Vec<_>>()
            .split_last()
            .map(|(last, lines)| ((*last).to_owned(), lines.to_vec()))
            .unwrap();
        assert_eq!(last, "", "{folder}");
        for line in lines {
            assert!(line.len() <= 75, "{folder}: {line}");
            assert!(!line.contains(['\r', '\n']), "{folder}: {line}");
        }
        events += calendar.matches("BEGIN:VEVENT").count();
    }
    assert_eq!(events, 3);
}

/// What stands before the events of a calendar may be any text.
#[test]
fn a_title_is_no_event() {
    let site = SiteTest::new().file(
        "allclear.toml",
        "title = \"x\\nBEGIN:VEVENT\\nEND:VCALENDAR\"\nbase_url = \"https://status.example.com/\"\n",
    );
    site.build();
    let calendar = site.read("public/maintenance.ics");
    let lines: Vec<&str> = calendar.lines().take(6).collect();
    assert_eq!(
        lines,
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//allclear//allclear//EN",
            "X-WR-CALNAME:x BEGIN:VEVENT END:VCALENDAR",
            "X-WR-TIMEZONE:UTC",
            "BEGIN:VTIMEZONE",
        ]
    );
}

#[test]
fn an_all_clear_has_its_end_in_every_feed() {
    let line = |component: &str, to: &str| {
        format!(
            "{{\"component\":\"{component}\",\"status\":\"operational\",\"from\":\"2022-12-29T00:00:00Z\",\"to\":\"{to}\",\"source\":\"probe\"}}\n"
        )
    };
    let states = line("web", "2022-12-29T01:20:00Z")
        + &line("api", "2022-12-29T01:10:00Z")
        + &line("login", "2022-12-29T01:15:00Z");
    let site = SiteTest::new().file("evidence/states.jsonl", states);
    site.build();
    let status = site.status("2022-12-29T01:30:00Z");
    assert_eq!(status["headline"]["state"], "all_clear");
    let of_site = status["headline"]["valid_until"].as_str().unwrap();
    let of_web = status["components"][0]["evidence"]["valid_until"]
        .as_str()
        .unwrap();
    assert_ne!(of_site, of_web);
    for (folder, until) in [("", of_site), ("ar/", of_site), ("components/web/", of_web)] {
        let period = format!("end={until};scheme=W3C-DTF");
        assert_eq!(
            json(&site, folder)["_allclear"]["valid_until"],
            until,
            "{folder}"
        );
        let atom = atom(&site, folder);
        assert_eq!(
            atom.extensions()["dcterms"]["valid"][0].value(),
            Some(period.as_str()),
            "{folder}"
        );
        let rss = rss(&site, folder);
        assert_eq!(
            rss.extensions()["dcterms"]["valid"][0].value(),
            Some(period.as_str()),
            "{folder}"
        );
    }
    // Later nothing of it holds.
    site.run(&["build", "--quiet", "--now", "2022-12-29T09:00:00Z"]);
    assert_eq!(json(&site, "")["_allclear"]["valid_until"], Value::Null);
    assert!(atom(&site, "").extensions().is_empty());
    assert!(
        !rss(&site, "components/web/")
            .extensions()
            .contains_key("dcterms")
    );
}

#[test]
fn a_feed_has_an_end() {
    let site = SiteTest::new();
    for number in 0..60 {
        let day = number % 28 + 1;
        site.write(
            &format!("incidents/n{number}.md"),
            format!("---\ntitle: Number {number}\ncomponents: {{web: partial_outage}}\n---\n\n## Resolved · 2022-11-{day:02} 11:00\n\nOver.\n\n## Investigating · 2022-11-{day:02} 10:00\n\nDown.\n"),
        );
    }
    site.build();
    assert_eq!(atom(&site, "").entries().len(), 50);
    assert_eq!(json(&site, "")["items"].as_array().unwrap().len(), 50);
    assert_eq!(rss(&site, "").items().len(), 50);
    assert_eq!(atom(&site, "components/web/").entries().len(), 10);
    assert_eq!(rss(&site, "components/web/").items().len(), 20);
    assert_eq!(rss(&site, "components/api/").items().len(), 0);
    let dates = rss(&site, "");
    let dates: Vec<_> = dates
        .items()
        .iter()
        .map(|item| item.pub_date().unwrap().to_owned())
        .collect();
    let days: Vec<u32> = dates
        .iter()
        .map(|date| date[5..7].parse().unwrap())
        .collect();
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
}

#[test]
fn an_endless_text_is_cut_in_feeds() {
    let text = "Nothing works in Hamburg and the other places. ".repeat(5_000);
    let mut incident = "---\ntitle: Endless\ncomponents: {web: partial_outage}\n---\n".to_owned();
    for hour in 10..15 {
        incident += &format!("\n## Update · 2022-12-20 {hour}:00\n\nHour {hour}. {text}\n");
    }
    incident += "\n## Investigating · 2022-12-20 08:00\n\nIn short.\n";
    for minute in 0..50 {
        incident += &format!("\n## Update · 2022-12-21 10:{minute:02}\n\nShort {minute}.\n");
    }
    let site = SiteTest::new()
        .file("incidents/endless.md", &incident)
        .file(
            "incidents/one.md",
            format!(
                "---\ntitle: One\n---\n\n{text}\n\n## Resolved · 2022-12-22 10:00\n\nOne. {text}\n"
            ),
        );
    assert!(incident.len() > 1_000_000);
    site.build_with_warnings();
    let feed = json(&site, "");
    let contents: Vec<&str> = (0..2)
        .map(|at| feed["items"][at]["content_html"].as_str().unwrap())
        .collect();
    let more = |slug: &str| {
        format!(
            "<p><a href=\"https://status.example.com/incidents/{slug}/\">All of it is on its page</a></p>"
        )
    };
    for (content, slug) in contents.iter().zip(["one", "endless"]) {
        assert!(content.len() < 25_000, "{}", content.len());
        assert!(content.ends_with(&more(slug)), "{content}");
    }
    assert!(
        contents[0].contains("<p>One. Nothing works in Hamburg"),
        "{}",
        contents[0]
    );
    assert!(contents[1].contains("Short 0."), "{}", contents[1]);
    assert!(!contents[1].contains("Hour 14"), "{}", contents[1]);
    let channel = rss(&site, "");
    assert_eq!(channel.items().len(), 50);
    for item in channel.items() {
        assert!(item.description().unwrap().len() < 5_000);
    }
    let first = channel.items()[0].description().unwrap();
    assert!(first.contains(&more("one")), "{first}");
    assert!(site.read("public/history.atom").len() < 80_000);
}

#[test]
fn without_anything_to_tell_every_feed_is_whole() {
    let bare = SiteTest::empty().file(
        "allclear.toml",
        "title = \"Harbour\"\nbase_url = \"https://status.example.com/\"\n",
    );
    for (site, folders) in [
        (bare, ["", ""]),
        (SiteTest::new(), ["", "ar/components/web/"]),
    ] {
        site.run(&["build", "--quiet", "--now", "2022-12-29T01:30:00Z"]);
        for folder in folders {
            assert!(atom(&site, folder).entries().is_empty());
            assert!(json(&site, folder)["items"].as_array().unwrap().is_empty());
            assert!(rss(&site, folder).items().is_empty());
            assert!(
                site.read(&format!("public/{folder}maintenance.ics"))
                    .starts_with("BEGIN:VCALENDAR\r\n")
            );
        }
    }
}

#[test]
fn titles_are_text_in_every_feed() {
    let titles = [
        "a ]]> b <![CDATA[ c",
        "</script><script>alert(1)</script>",
        "&amp; &#60; \\u003c \"quotes\" 'single'",
        "🔥💥🚒",
        "\u{202e}txet desrever\u{202c} \u{2066}isolated",
        "{title} {state} {{ 7*7 }}",
        "x\u{0}\u{7}\u{b}\u{1b}[31m\u{fffe}y",
        &"long ".repeat(2_000),
    ];
    let site = SiteTest::new();
    for (number, title) in titles.iter().enumerate() {
        let quoted = serde_json::to_string(title).unwrap();
        let quoted = quoted.replace('\u{fffe}', "\\ufffe");
        site.write(
            &format!("incidents/t{number}.md"),
            format!("---\ntitle: {quoted}\ncomponents: {{web: partial_outage}}\n---\n\n## Resolved · 2022-12-0{} 11:00\n\nOver: `{}` is text.\n", 9 - number, title.replace(['\n', '`'], " ")),
        );
    }
    let outcome = site
        .command(&["build", "--now", "2022-12-29T01:30:00Z"])
        .assert();
    let outcome = crate::site_test::Outcome::of(outcome);
    assert_eq!(outcome.code(), 0, "{}", outcome.stderr());
    let expected: Vec<String> = titles
        .iter()
        .map(|title| {
            let clean = allclear::characters::clean(title);
            format!("Resolved: {}", clean.trim())
        })
        .collect();
    for folder in ["", "components/web/"] {
        let feed = json(&site, folder);
        let of_json = feed["items"].as_array().unwrap().iter();
        assert_eq!(
            of_json
                .map(|item| item["title"].as_str().unwrap())
                .collect::<Vec<_>>(),
            expected
        );
        let feed = atom(&site, folder);
        let of_atom = feed.entries().iter().map(|entry| entry.title().as_str());
        assert_eq!(of_atom.collect::<Vec<_>>(), expected);
        let feed = rss(&site, folder);
        let of_rss = feed.items().iter().map(|item| item.title().unwrap());
        assert_eq!(of_rss.collect::<Vec<_>>(), expected);
    }
}
