//! Badges, the page for frames, and the script for other pages.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use snapbox::file;

use crate::site_test::SiteTest;

const NOON: &str = "2023-05-04T12:00:00Z";

const CONFIG: &str = r#"title = { en = "Harbour", ar = "الميناء" }
base_url = "https://ops.example.com/harbour/"
languages = ["en", "ar"]
time_zone = "Europe/Oslo"

[[components]]
id = "ferry"
name = { en = "Ferry", ar = "العبّارة" }

[[components]]
id = "crane"
name = "Crane <4> & \"hoist\""
"#;

/// The line of a source that says how a component is up to a time of 4 May.
fn seen(component: &str, status: &str, to: &str) -> String {
    format!(
        "{{\"component\":\"{component}\",\"status\":\"{status}\",\"from\":\"2023-05-04T06:00:00Z\",\"to\":\"2023-05-04T{to}Z\",\"source\":\"probe\"}}\n"
    )
}

/// A site with evidence for both components.
fn site(ferry: &str, crane: &str) -> SiteTest {
    let evidence = seen("ferry", ferry, "11:55:00") + &seen("crane", crane, "11:50:00");
    SiteTest::empty()
        .file("allclear.toml", CONFIG)
        .file("evidence/states.jsonl", evidence)
}

fn clear() -> SiteTest {
    site("operational", "operational")
}

fn build(site: &SiteTest, now: &str) {
    site.run(&["build", "--quiet", "--now", now]);
}

fn data(site: &SiteTest, path: &str) -> Value {
    serde_json::from_str(&site.read(&format!("public/{path}"))).unwrap()
}

/// The words of a picture, in their order.
fn words(site: &SiteTest, path: &str) -> Vec<String> {
    let picture = site.read(&format!("public/{path}"));
    let texts = picture.split("<text ").skip(1);
    texts
        .map(|text| {
            let (_, text) = text.split_once('>').unwrap();
            text.split_once("</text>").unwrap().0.to_owned()
        })
        .collect()
}

#[test]
fn a_badge_carries_the_time_of_its_claim() {
    let site = clear();
    build(&site, NOON);
    for (badge, picture) in [
        ("badge.svg", file!["snapshots/badge.svg": Text]),
        ("ar/badge.svg", file!["snapshots/badge.ar.svg": Text]),
        (
            "components/crane/badge.svg",
            file!["snapshots/badge-of-component.svg": Text],
        ),
    ] {
        let drawn = site.read(&format!("public/{badge}"));
        snapbox::assert_data_eq!(drawn, picture.raw());
    }
}

#[test]
fn a_badge_for_programs_that_draw_it_themselves() {
    let site = clear();
    build(&site, NOON);
    assert_eq!(
        data(&site, "badge.json"),
        json!({
            "schemaVersion": 1,
            "label": "Harbour",
            "message": "All systems operational · Confirmed until May 4, 2023, 2:50 PM CEST",
            "color": "#0b6135",
            "cacheSeconds": 300,
        })
    );
    assert_eq!(
        data(&site, "components/ferry/badge.json")["message"],
        "Operational · Confirmed until May 4, 2023, 2:55 PM CEST"
    );
    assert_eq!(
        data(&site, "components/crane/badge.json")["label"],
        "Crane <4> & \"hoist\""
    );
    assert_eq!(data(&site, "ar/badge.json")["label"], "الميناء");
}

/// What is wrong, or should be confirmed and is not, cannot be painted in another colour by an address.
#[test]
fn trouble_keeps_its_colour() {
    let said = |site: &SiteTest, path: &str| {
        let badge = data(site, path);
        let text = badge["message"].as_str().unwrap();
        let (text, time) = text.split_once(" · ").unwrap();
        let color = badge["color"].as_str().unwrap();
        format!("{text} | {time} | {color} | {}", badge["isError"])
    };
    let down = site("major_outage", "degraded_performance");
    build(&down, NOON);
    assert_eq!(
        said(&down, "badge.json"),
        "Partial outage | As of May 4, 2023, 2:00 PM CEST | #963a00 | true"
    );
    assert_eq!(
        said(&down, "components/ferry/badge.json"),
        "Major outage | As of May 4, 2023, 2:00 PM CEST | #a81418 | true"
    );
    assert_eq!(
        said(&down, "components/crane/badge.json"),
        "Degraded performance | As of May 4, 2023, 2:00 PM CEST | #6f5200 | true"
    );

    let old = clear();
    build(&old, "2023-05-05T12:00:00Z");
    assert_eq!(
        said(&old, "badge.json"),
        "Status unconfirmed | Since May 4, 2023, 2:50 PM CEST | #4a5563 | true"
    );
    assert_eq!(
        said(&old, "components/ferry/badge.json"),
        "Unconfirmed | Since May 4, 2023, 2:55 PM CEST | #4a5563 | true"
    );

    let work = clear().file(
        "incidents/work.md",
        "---\ntitle: Work\nkind: maintenance\ncomponents: [ferry]\nstarts: 2023-05-04 13:00\nends: 2023-05-04 16:00\n---\n",
    );
    build(&work, NOON);
    assert_eq!(
        said(&work, "badge.json"),
        "Maintenance in progress | As of May 4, 2023, 2:00 PM CEST | #1b4f9c | null"
    );
    build(&work, "2023-05-04T10:30:00Z");
    // An all-clear holds until the work begins.
    assert_eq!(
        said(&work, "components/ferry/badge.json"),
        "Operational | Confirmed until May 4, 2023, 1:00 PM CEST | #0b6135 | null"
    );

    let quiet = SiteTest::empty().file("allclear.toml", CONFIG);
    build(&quiet, NOON);
    assert_eq!(
        said(&quiet, "badge.json"),
        "No known problems | As of May 4, 2023, 2:00 PM CEST | #4a5563 | null"
    );
}

#[test]
fn a_name_of_any_length_has_its_room() {
    let names = [
        "w".repeat(10_000),
        "状态".repeat(500),
        "👨\u{200d}👩\u{200d}👧 ".repeat(200),
        "\u{202e}live\u{2066}".repeat(50),
        "]]><script>alert(1)</script>".to_owned(),
    ];
    let components = names.iter().enumerate().map(|(at, name)| {
        let name = json!(name);
        format!("\n[[components]]\nid = \"c{at}\"\nname = {name}\n")
    });
    let config = "title = \"Harbour\"\nbase_url = \"https://ops.example.com/\"\n";
    let config = config.to_owned() + &components.collect::<String>();
    let site = SiteTest::empty().file("allclear.toml", config);
    build(&site, NOON);
    let shown = (0..names.len()).map(|at| {
        let path = format!("components/c{at}/badge.svg");
        let picture = site.read(&format!("public/{path}"));
        let (_, width) = picture.split_once(" width=\"").unwrap();
        let width: f64 = width.split_once('"').unwrap().0.parse().unwrap();
        assert!(width <= 420.0, "{path} is {width} wide");
        words(&site, &path)[0].clone()
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            "wwwwwwwwwwwwwwwwwww…",
            "状态状态状态状态状态状态状态…",
            "👨\u{200d}👩\u{200d}👧 👨\u{200d}👩\u{200d}👧 👨\u{200d}👩\u{200d}👧 👨\u{200d}👩\u{200d}👧 👨\u{200d}👩\u{200d}👧 👨\u{200d}👩\u{200d}👧 👨\u{200d}👩\u{200d}👧 👨\u{200d}👩\u{200d}👧 👨\u{200d}👩\u{200d}👧…",
            "livelivelivelivelivelivelivelivelive…",
            "]]&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
        ]
    );
}

#[test]
fn other_pages_learn_what_will_be_said_later() {
    let config = format!("{CONFIG}\n[build]\nexpected_every = \"1h\"\n");
    let site = clear().file("allclear.toml", config);
    build(&site, NOON);
    let states = |path: &str| -> Vec<String> {
        let data = data(&site, path);
        let states = data["states"].as_array().unwrap().iter();
        states
            .map(|it| {
                let text = |key: &str| it[key].as_str().unwrap_or("-").to_owned();
                let keys = ["from", "until", "state", "text", "note", "color"];
                keys.map(text).join(" | ")
            })
            .collect()
    };
    assert_eq!(
        states("embed.json"),
        [
            "2023-05-04T12:00:00Z | 2023-05-04T12:50:00Z | all_clear | All systems operational | Harbour · Confirmed until May 4, 2023, 2:50 PM CEST | light-dark(#0b6135, #55c98f)",
            "2023-05-04T12:50:00Z | - | unknown | Status unconfirmed | Harbour · Since May 4, 2023, 2:50 PM CEST | light-dark(#4a5563, #aab4c2)",
            "2023-05-04T14:00:00Z | - | unknown | Status unconfirmed | Harbour · Not updated since May 4, 2023, 2:00 PM CEST | light-dark(#4a5563, #aab4c2)",
        ]
    );
    assert!(states("ar/embed.json")[0].contains("| جميع الأنظمة تعمل | الميناء · "));
}

/// In every language that there is, with the words of each.
#[test]
fn the_script_for_other_pages_is_light() {
    let tags = "en ar de es fa fr he hi id it ja ko nl pl pt-BR ru tr uk zh zh-Hant";
    let tags: Vec<&str> = tags.split(' ').collect();
    let config = format!(
        "title = \"Harbour\"\nbase_url = \"https://ops.example.com/\"\nlanguages = {}\n",
        json!(tags)
    );
    let site = SiteTest::empty().file("allclear.toml", config);
    build(&site, NOON);
    let script = site.read("public/embed.js");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(script.as_bytes()).unwrap();
    let weight = encoder.finish().unwrap().len();
    // About 60 bytes a language.
    assert!(weight <= 2200, "{weight}");
    assert!(!script.contains("/*") && !script.contains("__"), "{script}");
    for tag in tags {
        assert!(script.contains(&format!("[\"{tag}\",")), "{tag}");
    }
}

#[test]
fn a_page_for_frames() {
    let incident = |title: &str| {
        format!(
            "---\ntitle: {title}\ncomponents:\n  ferry: major_outage\n---\n\n## Investigating · 2023-05-04 13:00\n\nFog.\n"
        )
    };
    let site = clear();
    for title in ["One", "Two", "Three", "Four"] {
        site.write(&format!("incidents/{title}.md"), incident(title));
    }
    site.write(
        "incidents/work.md",
        "---\ntitle: { en: Work, ar: أعمال }\nkind: maintenance\ncomponents: [crane]\nstarts: 2023-05-04 13:00\nends: 2023-05-04 16:00\n---\n",
    );
    build(&site, NOON);
    site.check_page("embed/index.html", file!["snapshots/embed.html"]);
    site.check_page("ar/embed/index.html", file!["snapshots/embed.ar.html"]);
    let clear = clear();
    build(&clear, NOON);
    clear.check_page("embed/index.html", file!["snapshots/embed-clear.html"]);
    assert!(
        clear
            .read("public/embed/index.html")
            .contains("<meta name=\"robots\" content=\"noindex\">")
    );
}

#[test]
fn a_site_may_do_without_them() {
    let kept = |formats: &str| -> Vec<String> {
        let site = SiteTest::empty().file(
            "allclear.toml",
            format!("{CONFIG}\n[build]\nformats = {formats}\n"),
        );
        build(&site, NOON);
        let outputs = site.outputs().into_iter();
        let outputs = outputs.filter(|path| !path.starts_with("assets/"));
        outputs
            .filter(|path| path.contains("badge.") || path.contains("embed"))
            .collect()
    };
    assert_eq!(kept("[]"), [""; 0]);
    assert_eq!(
        kept("[\"embed\"]"),
        [
            "ar/embed.json",
            "ar/embed/index.html",
            "embed.js",
            "embed.json",
            "embed/index.html",
        ]
    );
    let badges = kept("[\"badges\"]");
    assert_eq!(badges.len(), 12, "{badges:?}");
    assert!(badges.iter().all(|path| path.contains("badge.")));
}

#[test]
fn a_site_without_anything_has_them_too() {
    let site = SiteTest::empty().file(
        "allclear.toml",
        "title = \"Harbour\"\nbase_url = \"https://ops.example.com/\"\n",
    );
    build(&site, NOON);
    assert_eq!(
        words(&site, "badge.svg"),
        [
            "Harbour",
            "No known problems",
            "As of May 4, 2023, 12:00 PM UTC"
        ]
    );
    let data = data(&site, "embed.json");
    assert_eq!(data["states"].as_array().unwrap().len(), 1);
}
