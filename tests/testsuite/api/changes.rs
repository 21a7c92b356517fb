//! What changes with time, and what does not.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{built, list, text};
use crate::site_test::SiteTest;

/// The instant of the last change of the page.
fn updated(documents: &BTreeMap<String, Value>) -> String {
    text(&documents["summary.json"]["page"], "updated_at").to_owned()
}

/// A site in UTC with a component that a monitor has seen well for an hour, and whose word holds for an hour.
fn site() -> SiteTest {
    SiteTest::empty()
        .file(
            "allclear.toml",
            "title = \"Harbour\"\nbase_url = \"https://ops.example.com/harbour/\"\n\n[[components]]\nid = \"ferry\"\nname = \"Ferry\"\n",
        )
        .file(
            "evidence/states.jsonl",
            "{\"component\":\"ferry\",\"status\":\"operational\",\"from\":\"2023-05-02T06:00:00Z\",\"to\":\"2023-05-02T12:00:00Z\",\"source\":\"probe\"}\n",
        )
}

#[test]
fn the_page_is_updated_when_something_changed() {
    let site = site();
    let empty = SiteTest::empty().file("allclear.toml", site.read("allclear.toml"));
    let epoch = "1970-01-01T00:00:00.000Z";
    assert_eq!(updated(&built(&empty, "2023-05-02T07:00:00Z")), epoch);

    let mut seen = Vec::new();
    let mut look = |now: &str| seen.push(format!("{now} {}", updated(&built(&site, now))));
    // A monitor that says the same again, and an all-clear that holds longer for it, are no change.
    look("2023-05-02T07:00:00Z");
    look("2023-05-02T11:00:00Z");
    look("2023-05-02T12:59:00Z");
    // The evidence ran out.
    look("2023-05-02T13:00:00Z");
    look("2023-05-04T00:00:00Z");
    site.write(
        "incidents/fog.md",
        "---\ntitle: Fog\ncomponents: [ferry]\nstarted: 2023-05-02 08:00\nended: 2023-05-02 10:00\ncorrections:\n  - { at: 2023-05-02 12:30, note: It was longer. }\n---\n\n## Investigating · 2023-05-02 08:10\n\nThere is fog.\n\n## Update · 2023-05-02 09:10\n\nStill.\n",
    );
    // An update, an end that the file says, and a correction are changes.
    look("2023-05-02T08:05:00Z");
    look("2023-05-02T08:15:00Z");
    look("2023-05-02T09:30:00Z");
    look("2023-05-02T10:30:00Z");
    look("2023-05-02T12:59:00Z");
    site.write(
        "incidents/work.md",
        "---\ntitle: Work\nkind: maintenance\nstarts: 2023-05-02 12:40\nends: 2023-05-02 12:50\n---\n\n## Scheduled · 2023-05-01 12:00\n\nWe work.\n",
    );
    // A window opens and closes by itself.
    look("2023-05-02T12:35:00Z");
    look("2023-05-02T12:45:00Z");
    look("2023-05-02T12:55:00Z");
    snapbox::assert_data_eq!(
        seen.join("\n"),
        snapbox::str![[r#"
2023-05-02T07:00:00Z 2023-05-02T06:00:00.000Z
2023-05-02T11:00:00Z 2023-05-02T06:00:00.000Z
2023-05-02T12:59:00Z 2023-05-02T06:00:00.000Z
2023-05-02T13:00:00Z 2023-05-02T13:00:00.000Z
2023-05-04T00:00:00Z 2023-05-02T13:00:00.000Z
2023-05-02T08:05:00Z 2023-05-02T06:00:00.000Z
2023-05-02T08:15:00Z 2023-05-02T08:10:00.000Z
2023-05-02T09:30:00Z 2023-05-02T09:10:00.000Z
2023-05-02T10:30:00Z 2023-05-02T10:00:00.000Z
2023-05-02T12:59:00Z 2023-05-02T12:30:00.000Z
2023-05-02T12:35:00Z 2023-05-02T12:30:00.000Z
2023-05-02T12:45:00Z 2023-05-02T12:40:00.000Z
2023-05-02T12:55:00Z 2023-05-02T12:50:00.000Z
"#]]
    );
}

/// A later update has the next number, wherever it stands in the file.
#[test]
fn an_update_keeps_its_id() {
    let site = site().file(
        "incidents/fog.md",
        "---\ntitle: Fog\n---\n\n## Identified · 2023-05-02 09:00\n\nFog.\n\n## Investigating · 2023-05-02 08:00\n\nWe look.\n",
    );
    let now = "2023-05-02T11:00:00Z";
    let ids = |documents: &BTreeMap<String, Value>| -> Vec<(String, String)> {
        let updates = list(
            &documents["incidents/fog.json"]["incident"],
            "incident_updates",
        );
        let ids = updates.iter().rev();
        ids.map(|it| (text(it, "id").to_owned(), text(it, "body").to_owned()))
            .collect()
    };
    let before = ids(&built(&site, now));
    let file = site.read("incidents/fog.md");
    let more = "---\n\n## Resolved · 2023-05-02 10:00\n\nGone.\n\n## Id";
    site.write("incidents/fog.md", file.replacen("---\n\n## Id", more, 1));
    let after = ids(&built(&site, now));
    assert_eq!(after[..2], before);
    let expected = [
        ("fog-update-1", "<p>We look.</p>\n"),
        ("fog-update-2", "<p>Fog.</p>\n"),
        ("fog-update-3", "<p>Gone.</p>\n"),
    ];
    assert_eq!(
        after,
        expected.map(|(id, body)| (id.to_owned(), body.to_owned()))
    );
    // They are the places on the page.
    let page = site.read("public/incidents/fog/index.html");
    assert!(page.contains("id=\"update-3\""), "{page}");
}

/// What is long over is not published again with each build.
#[test]
fn documents_about_the_past_do_not_change_with_time() {
    let site = site();
    for number in 0..60 {
        site.write(
            &format!("incidents/n{number}.md"),
            "---\ntitle: Fog\ncomponents: [ferry]\n---\n\n## Resolved · 2023-04-02 10:00\n\nGone.\n\n## Investigating · 2023-04-02 08:00\n\nFog.\n",
        );
    }
    let now = built(&site, "2023-05-02T08:00:00Z");
    let later = built(&site, "2023-05-02T11:00:00Z");
    let changed: Vec<&str> = (later.iter())
        .filter(|(path, document)| now[*path] != **document)
        .map(|(path, _)| path.as_str())
        .collect();
    let mut expected = super::DOCUMENTS.map(|(path, _)| path);
    expected.sort_unstable();
    assert_eq!(changed, expected);
}
