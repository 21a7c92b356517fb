//! Where documents lie, and how a long list is divided.

use snapbox::str;

use super::{documents, entries, text};
use crate::site_test::{NOW, SiteTest};

/// The whole history can be read from one document to the next.
#[test]
fn a_long_history_is_linked() {
    let site = SiteTest::new();
    for number in 0..120 {
        site.write(
            &format!("incidents/n{number:03}.md"),
            format!(
                "---\ntitle: Number {number}\n---\n\n## Resolved · 2022-{:02}-{:02} 10:00\n\nOver.\n\n## Investigating · 2022-{:02}-{:02} 09:00\n\nBegun.\n",
                number / 28 + 1, number % 28 + 1, number / 28 + 1, number % 28 + 1
            ),
        );
    }
    let documents = documents(site.build());
    let base = "https://status.example.com/api/v2/";
    let mut at = "incidents.json".to_owned();
    let (mut names, mut paths) = (Vec::new(), Vec::new());
    loop {
        let document = &documents[&at];
        names.extend(entries(document).map(|it| text(it, "name").to_owned()));
        assert_eq!(document["allclear"]["page"], paths.len() + 1);
        assert_eq!(document["allclear"]["pages"], 3);
        assert_eq!(document["allclear"]["total"], 120);
        let previous = &document["allclear"]["previous"];
        assert_eq!(previous.as_str(), paths.last().map(String::as_str));
        paths.push(format!("{base}{at}"));
        match document["allclear"]["next"].as_str() {
            Some(next) => at = next.strip_prefix(base).unwrap().to_owned(),
            None => break,
        }
    }
    let expected: Vec<String> = (0..120).rev().map(|it| format!("Number {it}")).collect();
    assert_eq!(names, expected);
    assert_eq!(
        paths[1..],
        [2, 3].map(|page| format!("{base}incidents/page-{page}.json"))
    );
}

/// A document never takes the place of another one, not even of one that comes only with further incidents.
#[test]
fn a_slug_is_not_the_name_of_a_document() {
    let incident = "---\ntitle: Trouble\n---\n\n## Resolved · 2022-12-28 10:00\n\nOver.\n\n## Investigating · 2022-12-28 09:00\n\nBegun.\n";
    let site = SiteTest::new()
        .file("incidents/Unresolved.md", incident)
        .file("incidents/page-2.md", incident)
        .file("incidents/page-30.md", incident.replace("2022", "2032"))
        .file("incidents/page-1.md", incident)
        .file("incidents/page-02.md", incident)
        .file("incidents/summary.md", incident)
        .file("static/api/v2/status.json", "{}")
        .file("static/api/v2/incidents/draft.json", "{}")
        .file("static/api/v2/scheduled-maintenances/page-9.json", "{}")
        .file("static/api/v2/notes.json", "{}")
        .file("incidents/draft.md", incident.replace("2022", "2032"));
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[path-taken]: this file would take the place of `api/v2/incidents/unresolved.json`, which allclear makes
--> incidents/Unresolved.md
 = help: rename it: some disks tell neither capital letters nor ways to write an accent apart

error[path-taken]: this file would take the place of `api/v2/incidents/page-2.json`, which allclear makes
--> incidents/page-2.md
 = help: rename it

error[path-taken]: this file would take the place of `api/v2/incidents/page-30.json`, which allclear makes
--> incidents/page-30.md
 = help: rename it

error[path-taken]: this file would take the place of `api/v2/incidents/draft.json`, which `incidents/draft.md` becomes
--> static/api/v2/incidents/draft.json
 = help: rename it

error[path-taken]: this file would take the place of `api/v2/scheduled-maintenances/page-9.json`, which allclear makes
--> static/api/v2/scheduled-maintenances/page-9.json
 = help: rename it

error[path-taken]: this file would take the place of `api/v2/status.json`, which allclear makes
--> static/api/v2/status.json
 = help: rename it

6 errors; `allclear explain CODE` says more of each

"#]]);
    // Without the API there is nothing in whose place they could be.
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        config + "\n[build]\nformats = [\"atom\"]\n",
    );
    site.build();
    let outputs = site.outputs().into_iter();
    let documents = outputs
        .filter(|path| path.starts_with("api/") && !site.path(&format!("static/{path}")).exists());
    assert_eq!(documents.collect::<Vec<_>>(), [""; 0]);
}
