//! The history: on which days and in which months an entry stands, and what it says there.

use crate::pages::{all, page, text, texts};
use crate::site_test::SiteTest;

/// A site of two components in a zone.
fn mill(zone: &str) -> SiteTest {
    SiteTest::empty().file(
        "allclear.toml",
        format!(
            "title = \"Mill\"\nbase_url = \"https://status.mill.example/\"\ntime_zone = \"{zone}\"\n\n\
             [[components]]\nid = \"saw\"\nname = \"Saw\"\n\n[[components]]\nid = \"kiln\"\nname = \"Kiln\"\n"
        ),
    )
}

/// An incident of the saw with these updates, each a heading without its marks.
fn stuck(updates: &[&str]) -> String {
    let updates: String = (updates.iter())
        .map(|update| format!("\n## {update}\n\nText.\n"))
        .collect();
    format!("---\ntitle: The saw is stuck\ncomponents: {{saw: major_outage}}\n---\n{updates}")
}

/// Builds a site, of which `check` may say that its incident is silent.
fn build(site: &SiteTest, now: &str) {
    site.command(&["build", "--now", now]).assert().success();
}

/// The last days as the index lists them, each in a line: the day, then what stands on it.
fn last_days(site: &SiteTest) -> Vec<String> {
    let index = page(site, "index.html");
    let rows = all(&index, ".days > li");
    rows.into_iter().map(text).collect()
}

/// What is quiet is told as far back as something is known.
#[test]
fn a_new_site_was_not_quiet_before_it_began() {
    let now = "2026-05-08T12:00:00Z";
    let site = mill("UTC");
    build(&site, now);
    assert_eq!(last_days(&site), [""; 0]);
    let config = site.read("allclear.toml");
    site.write("allclear.toml", format!("{config}since = 2026-05-07\n"));
    build(&site, now);
    assert_eq!(
        last_days(&site),
        ["Thu, May 7, 2026 – Fri, May 8, 2026 No incidents reported"]
    );
    site.write(
        "incidents/stuck.md",
        stuck(&[
            "Investigating · 2026-05-05 09:00",
            "Resolved · 2026-05-05 10:00",
        ]),
    );
    build(&site, now);
    assert_eq!(
        last_days(&site),
        [
            "Wed, May 6, 2026 – Fri, May 8, 2026 No incidents reported",
            "Tue, May 5, 2026 Major outage The saw is stuck Saw 1 h",
        ]
    );
}

#[test]
fn an_outage_stands_on_each_day_it_went_on() {
    let site = mill("Europe/Lisbon").file(
        "incidents/stuck.md",
        stuck(&[
            "Investigating · 2026-05-03 09:00",
            "Identified · 2026-05-06 10:00",
            "Update · 2026-05-06 11:00",
            "Resolved · 2026-05-09 08:00",
            "Postmortem · 2026-05-12 16:00",
        ]),
    );
    build(&site, "2026-05-08T12:00:00Z");
    assert_eq!(
        last_days(&site),
        [
            "Fri, May 8, 2026 Major outage The saw is stuck continued",
            "Thu, May 7, 2026 Major outage The saw is stuck continued",
            "Wed, May 6, 2026 Major outage The saw is stuck Identified and Update",
            "Tue, May 5, 2026 Major outage The saw is stuck continued",
            "Mon, May 4, 2026 Major outage The saw is stuck continued",
            "Sun, May 3, 2026 Major outage The saw is stuck Saw ongoing",
        ]
    );
    // It has been over for days, and had a last word.
    build(&site, "2026-05-20T12:00:00Z");
    assert_eq!(
        last_days(&site),
        [
            "Wed, May 13, 2026 – Wed, May 20, 2026 No incidents reported",
            "Tue, May 12, 2026 Major outage The saw is stuck Postmortem",
            "Sun, May 10, 2026 – Mon, May 11, 2026 No incidents reported",
            "Sat, May 9, 2026 Major outage The saw is stuck Resolved",
            "Fri, May 8, 2026 Major outage The saw is stuck continued",
            "Thu, May 7, 2026 Major outage The saw is stuck continued",
        ]
    );
}

#[test]
fn a_short_night_touches_two_days() {
    // The second is the day on which the clocks go forward, over midnight.
    for (zone, from, until, now, days) in [
        (
            "Asia/Kolkata",
            "2026-05-03 23:50",
            "2026-05-04 00:20",
            "2026-05-04T12:00:00Z",
            ["Mon, May 4, 2026", "Sun, May 3, 2026"],
        ),
        (
            "Asia/Beirut",
            "2026-03-28 23:50",
            "2026-03-29 01:10",
            "2026-03-29T12:00:00Z",
            ["Sun, Mar 29, 2026", "Sat, Mar 28, 2026"],
        ),
        (
            "America/New_York",
            "2026-10-31 23:50",
            "2026-11-01 00:20",
            "2026-11-01T12:00:00Z",
            ["Sun, Nov 1, 2026", "Sat, Oct 31, 2026"],
        ),
    ] {
        let updates = [
            format!("Investigating · {from}"),
            format!("Resolved · {until}"),
        ];
        let site = mill(zone).file(
            "incidents/stuck.md",
            stuck(&updates.each_ref().map(String::as_str)),
        );
        build(&site, now);
        let listed = last_days(&site);
        assert_eq!(
            listed[0],
            format!("{} Major outage The saw is stuck Resolved", days[0])
        );
        assert!(
            listed[1].starts_with(&format!("{} Major outage The saw is stuck Saw", days[1])),
            "{listed:?}"
        );
        // Nothing is known of the days before.
        assert_eq!(listed.len(), 2, "{listed:?}");
    }
}

#[test]
fn what_ends_at_midnight_does_not_go_on() {
    let file = stuck(&["Investigating · 2026-05-03 22:00"])
        .replace("components:", "ended: 2026-05-04 00:00\ncomponents:");
    let site = mill("UTC").file("incidents/stuck.md", file);
    build(&site, "2026-05-04T12:00:00Z");
    let listed = last_days(&site);
    assert_eq!(listed[0], "Mon, May 4, 2026 No incidents reported");
    assert_eq!(
        listed[1],
        "Sun, May 3, 2026 Major outage The saw is stuck Saw 2 h"
    );
}

#[test]
fn a_reopened_incident_did_not_go_on_in_between() {
    let site = mill("UTC").file(
        "incidents/stuck.md",
        stuck(&[
            "Investigating · 2026-05-03 09:00",
            "Resolved · 2026-05-04 09:00",
            "Investigating · 2026-05-07 09:00 {saw=partial_outage}",
            "Resolved · 2026-05-08 09:00",
        ]),
    );
    build(&site, "2026-05-09T12:00:00Z");
    assert_eq!(
        last_days(&site)[..6],
        [
            "Sat, May 9, 2026 No incidents reported",
            "Fri, May 8, 2026 Major outage The saw is stuck Resolved",
            "Thu, May 7, 2026 Major outage The saw is stuck Investigating",
            "Tue, May 5, 2026 – Wed, May 6, 2026 No incidents reported",
            "Mon, May 4, 2026 Major outage The saw is stuck Resolved",
            "Sun, May 3, 2026 Major outage The saw is stuck Saw 5 d",
        ]
    );
}

#[test]
fn maintenances_and_notices_stand_where_something_of_them_happened() {
    let work = "---\ntitle: A new blade\nkind: maintenance\ncomponents: [saw]\nstarts: 2026-05-05 22:00\nends: 2026-05-06 02:00\n---\n\n## Scheduled · 2026-05-03 12:00\n\nSoon.\n";
    let plan = "---\ntitle: New bricks\nkind: maintenance\ncomponents: [kiln]\nstarts: 2026-06-05 22:00\nends: 2026-06-06 02:00\n---\n\n## Scheduled · 2026-05-02 12:00\n\nSoon.\n";
    let notice = "---\ntitle: New address\nkind: notice\nstarts: 2026-04-30 00:00\n---\n\nText.\n\n## Update · 2026-05-01 09:00\n\nMore.\n";
    let site = mill("UTC")
        .file("incidents/blade.md", work)
        .file("incidents/bricks.md", plan)
        .file("incidents/address.md", notice);
    build(&site, "2026-05-07T12:00:00Z");
    assert_eq!(
        last_days(&site)[..8],
        [
            "Thu, May 7, 2026 No incidents reported",
            "Wed, May 6, 2026 Maintenance A new blade continued",
            "Tue, May 5, 2026 Maintenance A new blade Saw 4 h",
            "Mon, May 4, 2026 No incidents reported",
            "Sun, May 3, 2026 Maintenance A new blade Scheduled",
            "Sat, May 2, 2026 Maintenance New bricks Scheduled",
            "Fri, May 1, 2026 Notice New address Update",
            "Thu, Apr 30, 2026 Notice New address in force",
        ]
    );
}

#[test]
fn an_outage_that_nobody_reported_is_told() {
    let saw = |component: &str, status: &str, from: &str, to: &str| {
        format!(
            "{{\"component\":\"{component}\",\"status\":\"{status}\",\"from\":\"{from}\",\"to\":\"{to}\",\"source\":\"probe\"}}\n"
        )
    };
    let evidence = [
        saw(
            "saw",
            "partial_outage",
            "2026-05-05T10:00:00Z",
            "2026-05-05T11:00:00Z",
        ),
        saw(
            "saw",
            "operational",
            "2026-05-05T11:00:00Z",
            "2026-05-07T12:00:00Z",
        ),
        saw(
            "kiln",
            "operational",
            "2026-05-05T10:00:00Z",
            "2026-05-07T12:00:00Z",
        ),
    ];
    let site = mill("UTC").file("evidence/probe.jsonl", evidence.concat());
    for theme in ["default", "plain"] {
        let config = site
            .read("allclear.toml")
            .replace("theme = \"plain\"\n", "");
        site.write(
            "allclear.toml",
            format!("theme = \"{theme}\"\n{config}").replace("theme = \"default\"\n", ""),
        );
        build(&site, "2026-05-07T12:00:00Z");
        let main = texts(&page(&site, "index.html"), "main")[0].clone();
        let (_, list) = main.split_once("The last 14 days").unwrap();
        assert!(
            list.contains("Tue, May 5, 2026 Partial outage"),
            "{theme}: {list}"
        );
        assert!(list.contains("no incident reported"), "{theme}: {list}");
        assert!(
            list.contains("Wed, May 6, 2026 – Thu, May 7, 2026 No incidents reported"),
            "{theme}: {list}"
        );
        let component = texts(&page(&site, "components/saw/index.html"), "main")[0].clone();
        assert!(
            !component.contains("No incidents reported"),
            "{theme}: {component}"
        );
        let component = texts(&page(&site, "components/kiln/index.html"), "main")[0].clone();
        assert!(
            component.contains("No incidents reported"),
            "{theme}: {component}"
        );
    }
}

#[test]
fn a_month_tells_of_an_outage_that_nobody_reported() {
    let saw = |component: usize, from: &str, to: &str| {
        format!(
            "{{\"component\":\"c{component}\",\"status\":\"major_outage\",\"from\":\"{from}\",\"to\":\"{to}\",\"source\":\"probe\"}}\n"
        )
    };
    let march: String = (1..=6)
        .map(|it| saw(it, "2026-03-09T10:00:00Z", "2026-03-09T11:00:00Z"))
        .collect();
    let may = saw(2, "2026-05-05T10:00:00Z", "2026-05-05T11:00:00Z");
    let components: String = (1..=6)
        .map(|it| format!("[[components]]\nid = \"c{it}\"\nname = \"Saw {it}\"\n"))
        .collect();
    for theme in ["default", "plain"] {
        let config = format!(
            "title = \"Mill\"\nbase_url = \"https://mill.example/\"\ntheme = \"{theme}\"\n{components}"
        );
        let site = SiteTest::empty()
            .file("allclear.toml", config)
            .file("evidence/probe.jsonl", format!("{march}{may}"))
            .file("incidents/stuck.md", "---\ntitle: Stuck\ncomponents: { c1: partial_outage }\n---\n\n## Investigating · 2026-05-05 09:00\n\n## Resolved · 2026-05-05 10:00\n");
        build(&site, "2026-05-07T12:00:00Z");
        let told = |file: &str| texts(&page(&site, file), "main")[0].clone();
        // A month of which nothing else is known has a page, and at most four names a status.
        let march = told("history/2026-03/index.html");
        assert!(march.contains("Mar 9"), "{theme}: {march}");
        assert!(march.contains("no incident reported"), "{theme}: {march}");
        assert!(
            march.contains("Saw 1, Saw 2, Saw 3, Saw 4, and 2 others"),
            "{theme}: {march}"
        );
        assert!(!march.contains("Saw 5"), "{theme}: {march}");
        let may = told("history/2026-05/index.html");
        assert!(may.contains("Stuck"), "{theme}: {may}");
        let listed = texts(
            &page(&site, "history/2026-05/index.html"),
            "main li:has(> time)",
        );
        let is_unreported = |line: &&String| line.contains("no incident reported");
        let unreported = listed.iter().find(is_unreported).unwrap();
        assert!(unreported.contains("Saw 2"), "{theme}: {may}");
        assert!(!unreported.contains("Saw 1"), "{theme}: {may}");
        let history = told("history/index.html");
        assert!(history.contains("March"), "{theme}: {history}");
        assert_eq!(
            history.matches("Major outage").count(),
            2,
            "{theme}: {history}"
        );
        assert!(
            history.contains("no incident reported"),
            "{theme}: {history}"
        );
    }
}

#[test]
fn a_month_lists_what_only_continued_in_it() {
    let site = mill("Europe/Lisbon").file(
        "incidents/stuck.md",
        stuck(&[
            "Investigating · 2025-12-30 09:00",
            "Identified · 2026-02-27 10:00",
            "Resolved · 2026-02-28 23:59",
            "Postmortem · 2026-04-12 16:00",
        ]),
    );
    build(&site, "2026-05-08T12:00:00Z");
    let lines = |path: &str| texts(&page(&site, path), ".dated > li");
    assert_eq!(
        lines("history/2025-12/index.html"),
        ["Dec 30 Major outage The saw is stuck Saw 60 d 14 h"]
    );
    assert_eq!(
        lines("history/2026-01/index.html"),
        ["Jan 1 Major outage The saw is stuck continued"]
    );
    assert_eq!(
        lines("history/2026-02/index.html"),
        ["Feb 27 Major outage The saw is stuck Identified and Resolved"]
    );
    assert_eq!(
        lines("history/2026-04/index.html"),
        ["Apr 12 Major outage The saw is stuck Postmortem"]
    );
    assert!(
        !site
            .outputs()
            .contains(&"history/2026-03/index.html".to_owned())
    );
    let history = page(&site, "history/index.html");
    // One incident, in however many months.
    assert_eq!(texts(&history, "summary"), ["1 incident", "1 incident"]);
    assert_eq!(texts(&history, "h3 small"), ["1 incident"; 4]);
}

#[test]
fn a_component_with_an_open_incident_has_something_reported() {
    let site = mill("UTC").file(
        "incidents/stuck.md",
        stuck(&["Investigating · 2026-05-03 09:00"]),
    );
    for theme in ["default", "plain"] {
        let config = site
            .read("allclear.toml")
            .replace("theme = \"plain\"\n", "");
        site.write(
            "allclear.toml",
            format!("theme = \"{theme}\"\n{config}").replace("theme = \"default\"\n", ""),
        );
        build(&site, "2026-05-08T12:00:00Z");
        let main = texts(&page(&site, "components/saw/index.html"), "main")[0].clone();
        assert!(main.contains("The saw is stuck"), "{main}");
        assert!(!main.contains("No incidents reported"), "{theme}: {main}");
    }
}

/// The words are those of the messages: a day that the outage touched never has the one for a quiet day.
#[test]
fn no_language_and_no_theme_calls_a_day_of_an_outage_quiet() {
    let languages = [
        "en", "ar", "de", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl", "pl",
        "pt-BR", "ru", "tr", "uk", "zh", "zh-Hant",
    ];
    for theme in ["default", "plain"] {
        let site = SiteTest::empty()
            .file(
                "allclear.toml",
                format!(
                    "title = \"Mill\"\nbase_url = \"https://status.mill.example/\"\ntheme = \"{theme}\"\nlanguages = {languages:?}\n\n\
                     [[components]]\nid = \"saw\"\nname = \"Saw\"\n"
                ),
            )
            .file(
                "incidents/stuck.md",
                stuck(&["Investigating · 2026-04-03 09:00", "Identified · 2026-05-06 10:00"]),
            );
        build(&site, "2026-05-08T12:00:00Z");
        for language in languages {
            let folder = if language == "en" {
                String::new()
            } else {
                format!("{language}/")
            };
            let index = page(&site, &format!("{folder}index.html"));
            let days = match theme {
                "default" => texts(&index, ".days > li"),
                _ => texts(&index, "dl > dd"),
            };
            assert_eq!(days.len(), 14, "{theme} {language}: {days:?}");
            assert!(
                days.iter().all(|day| day.contains("The saw is stuck")),
                "{theme} {language}: {days:?}"
            );
        }
    }
}

/// An incident of ten years has a line in a month, not more.
#[test]
fn a_forgotten_incident_does_not_grow_without_end() {
    let site = mill("UTC").file(
        "incidents/stuck.md",
        stuck(&["Investigating · 1970-01-01 09:00"]),
    );
    build(&site, "2026-05-08T12:00:00Z");
    let months = site.outputs();
    let months = months
        .iter()
        .filter(|it| it.starts_with("history/") && it.ends_with("/index.html"));
    // The month in which it began, those of the last ten years, and the overview.
    assert_eq!(months.count(), 1 + 120 + 1);
}

/// The overview lists a month as a whole, an entry a line, and not the newest three.
#[test]
fn the_overview_lists_every_entry() {
    let site = mill("UTC");
    for day in 1..=5 {
        let updates = [
            format!("Investigating · 2026-04-0{day} 09:00"),
            format!("Resolved · 2026-04-0{day} 09:42"),
        ];
        let updates = updates.each_ref().map(String::as_str);
        site.write(&format!("incidents/stuck-{day}.md"), stuck(&updates));
    }
    let updates = [
        "Investigating · 2025-12-31 09:00",
        "Resolved · 2026-01-01 09:00",
    ];
    site.write("incidents/old.md", stuck(&updates));
    build(&site, "2026-05-08T12:00:00Z");
    let history = page(&site, "history/index.html");
    assert_eq!(
        texts(&history, ".dated > li"),
        [
            "Apr 5 Major outage The saw is stuck Saw 42 min",
            "Apr 4 Major outage The saw is stuck Saw 42 min",
            "Apr 3 Major outage The saw is stuck Saw 42 min",
            "Apr 2 Major outage The saw is stuck Saw 42 min",
            "Apr 1 Major outage The saw is stuck Saw 42 min",
            "Jan 1 Major outage The saw is stuck Resolved",
            "Dec 31 Major outage The saw is stuck Saw 1 d",
        ]
    );
    // This year is open, and earlier ones are folded to their months, whose height is their number.
    assert_eq!(texts(&history, "details[open] > summary"), ["6 incidents"]);
    assert_eq!(
        texts(&history, "details:not([open]) > summary"),
        ["1 incident"]
    );
    let heights = all(&history, ".months-of rect");
    let heights: Vec<_> = heights
        .iter()
        .map(|it| it.attr("height").unwrap())
        .collect();
    assert_eq!(heights, ["8", "24", "8"]);
    assert_eq!(texts(&history, "option"), ["All components", "Saw"]);
    assert_eq!(texts(&history, ".filter[hidden] label").len(), 2);
}

#[test]
fn a_month_has_a_bar_a_day_and_counts_by_component() {
    let site = mill("UTC").file(
        "incidents/stuck.md",
        "---\ntitle: The saw is stuck\ncomponents: {saw: major_outage, kiln: degraded_performance}\n---\n\n\
         ## Investigating · 2026-05-05 22:00\n\nText.\n\n## Resolved · 2026-05-06 02:00\n\nText.\n",
    );
    let updates = [
        "Investigating · 2026-05-02 09:00",
        "Resolved · 2026-05-02 10:00",
    ];
    site.write("incidents/first.md", stuck(&updates));
    build(&site, "2026-05-08T12:00:00Z");
    let month = page(&site, "history/2026-05/index.html");
    assert_eq!(
        texts(&month, ".tally li"),
        ["Saw 2 incidents", "Kiln 1 incident"]
    );
    let bars = all(&month, ".bars path");
    let bars = bars.iter().map(|it| {
        let days = it.attr("d").unwrap().to_lowercase().matches('m').count();
        (it.attr("class").unwrap(), days)
    });
    // From the day of the first incident up to today.
    assert_eq!(
        bars.filter(|(class, _)| *class != "track")
            .collect::<Vec<_>>(),
        [("operational", 4), ("major_outage", 3)]
    );
}
