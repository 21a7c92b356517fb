//! Texts that break formats, and sites that have hardly anything.

use std::fmt::Write as _;

use serde_json::Value;

use super::{documents, list, text};
use crate::site_test::SiteTest;

/// Titles that would end a text, a script or a section somewhere, turn the direction, or fill a page.
fn titles() -> Vec<String> {
    [
        "A \" B ' C \\ D",
        "</script><script>alert(1)</script>",
        "]]> <![CDATA[ &amp; &lt;",
        "\u{202e}gnorw\u{202c} \u{2066}and\u{2069}",
        "🔥🔥🔥",
        "a\u{1}b\u{7f}c\u{85}d\u{fffe}",
        "null",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain(["x".repeat(10_000)])
    .collect()
}

/// A text as YAML and TOML read it in quotation marks.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() || c > '\u{fff0}' => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[test]
fn titles_that_break_formats_are_texts() {
    let titles = titles();
    let config: String = (titles.iter().enumerate())
        .map(|(at, title)| {
            let title = quoted(title);
            format!("[[components]]\nid = \"c{at}\"\nname = {title}\ndescription = {title}\n")
        })
        .collect();
    let site = SiteTest::empty().file(
        "allclear.toml",
        format!(
            "title = {}\nbase_url = \"https://status.example.com/a/\"\n{config}",
            quoted(&titles[0])
        ),
    );
    for (at, title) in titles.iter().enumerate() {
        let body = title.replace(['\u{1}', '\u{7f}', '\u{85}', '\u{fffe}'], "");
        site.write(
            &format!("incidents/i{at}.md"),
            format!("---\ntitle: {}\ncomponents: [c{at}]\n---\n\n## Investigating · 2022-12-28 08:00\n\n{body}\n", quoted(title)),
        );
    }
    let documents = documents(site.build_with_warnings());
    let clean = |title: &str| title.replace(['\u{1}', '\u{7f}', '\u{85}', '\u{fffe}'], "\u{fffd}");
    for (at, title) in titles.iter().enumerate() {
        let row = &list(&documents["components.json"], "components")[at];
        assert_eq!(text(row, "name"), clean(title));
        assert_eq!(text(row, "description"), clean(title));
        let incident = &documents[&format!("incidents/i{at}.json")]["incident"];
        assert_eq!(text(incident, "name"), clean(title));
        let body = text(&list(incident, "incident_updates")[0], "body");
        assert!(!body.contains("<script>"), "{body}");
    }
    assert_eq!(text(&documents["status.json"]["page"], "name"), titles[0]);
}

#[test]
fn a_site_without_a_component_or_an_incident() {
    let site = SiteTest::empty().file(
        "allclear.toml",
        "title = \"Nothing\"\nbase_url = \"https://status.example.com/\"\n",
    );
    let documents = documents(site.build());
    let status = &documents["status.json"]["status"];
    assert_eq!(text(status, "description"), "No known problems");
    for path in ["incidents.json", "scheduled-maintenances.json"] {
        let expected =
            serde_json::json!({"page": 1, "pages": 1, "total": 0, "previous": null, "next": null});
        assert_eq!(documents[path]["allclear"], expected);
    }
}

#[test]
fn a_million_characters_of_updates() {
    let mut incident = String::from(
        "---\ntitle: Flood\ncomponents: { web: partial_outage, api: major_outage }\n---\n\n",
    );
    let text = "Nothing new. ".repeat(40);
    let mut updates = 0;
    while incident.len() < 1_000_000 {
        let (hour, minute) = (updates / 60 % 24, updates % 60);
        let day = updates / 1440 + 1;
        let _ = write!(
            incident,
            "## Update · 2022-11-{day:02} {hour:02}:{minute:02}\n\n{text}\n\n"
        );
        updates += 1;
    }
    let site = SiteTest::new().file("incidents/flood.md", incident);
    let documents = documents(site.build_with_warnings());
    let incident: &Value = &documents["incidents/unresolved.json"]["incidents"][0];
    assert_eq!(list(incident, "incident_updates").len(), updates);
}
