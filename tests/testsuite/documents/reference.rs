//! The reference is the one that the program writes, and what it says of keys is true.

use std::fs;

use snapbox::{IntoData as _, str};

use super::{overwrites, root};
use crate::site_test::{NOW, SiteTest, files_below};

/// The pages of the reference, by their names.
fn pages() -> Vec<(String, String)> {
    let folder = root().join("docs/reference");
    let files = files_below(&folder).into_iter();
    let pages = files.filter(|file| file.ends_with(".md"));
    let pages: Vec<(String, String)> = pages
        .map(|file| (file.clone(), fs::read_to_string(folder.join(file)).unwrap()))
        .collect();
    assert!(pages.len() >= 8, "{} pages", pages.len());
    pages
}

#[test]
fn the_reference_is_what_the_program_writes() {
    let site = SiteTest::demo();
    // Those that people write are there, too, and stay.
    for (file, text) in pages() {
        site.write(&format!("docs/reference/{file}"), text);
    }
    let written = site.run(&["docs", "--now", NOW]);
    written.expect_stdout(str![[r#"
8 pages are in docs/reference

"#]]);
    for (file, text) in pages() {
        let new = site.read(&format!("docs/reference/{file}"));
        if overwrites() {
            fs::write(root().join("docs/reference").join(&file), new).unwrap();
            continue;
        }
        snapbox::assert_data_eq!(new, text.raw());
    }
}

#[test]
fn the_same_bytes_are_written_again() {
    let site = SiteTest::demo();
    let all = |folder: &str| -> Vec<(String, String)> {
        let files = files_below(&site.path(folder)).into_iter();
        files
            .map(|file| (file.clone(), site.read(&format!("{folder}/{file}"))))
            .collect()
    };
    site.run(&["docs", "one", "--now", NOW, "--quiet"]);
    let first = all("one");
    assert_eq!(first.len(), 8);
    site.run(&["docs", "one", "--now", NOW, "--quiet"]);
    site.run(&["docs", "two", "--now", NOW, "--quiet"]);
    assert_eq!(all("one"), first);
    assert_eq!(all("two"), first);
}

#[test]
fn a_file_of_others_stays() {
    let site = SiteTest::demo().file("docs/reference/site.md", "# Ours\n");
    site.run_fails(2, &["docs", "--now", NOW])
        .expect_stderr(str![[r#"
error: `docs/reference/site.md` is there already
  help: nothing was changed; move it away or choose another name

"#]]);
    assert_eq!(site.read("docs/reference/site.md"), "# Ours\n");
    assert_eq!(files_below(&site.path("docs")), ["reference/site.md"]);
}

#[test]
fn a_site_with_errors_gives_no_samples() {
    let site = SiteTest::demo().file("incidents/wrong.md", "Nothing.\n");
    let outcome = site.run_fails(1, &["docs", "--now", NOW]);
    assert!(
        outcome.stderr().contains("error[missing-front-matter]"),
        "{}",
        outcome.stderr()
    );
    assert!(!site.path("docs").exists());
}

/// The blocks of a language on a page.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("docs/reference").join(page)).unwrap();
    let fence = format!("\n```{language}\n");
    let parts = text.split(&fence).skip(1);
    let blocks: Vec<String> = parts
        .map(|part| part.split_once("\n```\n").unwrap().0.to_owned() + "\n")
        .collect();
    assert!(!blocks.is_empty(), "{page}");
    blocks
}

/// A site that has what the examples speak of.
fn site_of_examples() -> SiteTest {
    let more = "[[components]]\nid = \"api\"\n\n[[components]]\nid = \"login\"\n";
    SiteTest::empty()
        .file(
            "allclear.toml",
            format!("{}\n{more}", blocks("site.md", "toml").join("\n")),
        )
        .file(
            "evidence/reports/web.csv",
            "time,region,kind,value,capped\n2022-12-28T18:00:00Z,,slow,90,\n",
        )
        .file(
            "evidence/states.jsonl",
            blocks("evidence.md", "json").concat(),
        )
        .file(
            "incidents/a.md",
            format!(
                "---\n{}---\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n",
                blocks("incident.md", "yaml").concat()
            ),
        )
}

#[test]
fn the_examples_of_keys_are_a_site() {
    site_of_examples()
        .run(&["check", "--now", "2022-12-28T18:50:00Z"])
        .expect_stdout(str![[r#"
3 components and 1 incident checked: nothing to fix

"#]]);
}

/// The keys with their defaults of the tables on a page, each below its heading.
fn defaults() -> Vec<(String, String, String)> {
    let text = fs::read_to_string(root().join("docs/reference/site.md")).unwrap();
    let mut heading = String::new();
    let mut defaults = Vec::new();
    for line in text.lines() {
        if let Some(new) = line.trim_start_matches('#').strip_prefix(' ') {
            heading = new.trim_matches('`').to_owned();
        }
        let cells: Vec<&str> = line.split(" | ").collect();
        let [key, _, default, _] = cells[..] else {
            continue;
        };
        if let Some(default) = default.strip_prefix('`') {
            let key = key.trim_start_matches("| ").trim_matches('`');
            let default = default.trim_end_matches('`');
            defaults.push((heading.clone(), key.to_owned(), default.to_owned()));
        }
    }
    defaults
}

/// A site whose keys have the values that are said to be their defaults is the same as one without these keys.
#[test]
fn each_default_is_what_counts_without_the_key() {
    let states = "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-28T08:00:00Z\",\"source\":\"blackbox\"}\n";
    let site = |is_said: bool| {
        let said = |heading: &str| -> String {
            let own = defaults()
                .into_iter()
                .filter(|it| is_said && it.0 == heading);
            own.map(|(_, key, default)| format!("{key} = {default}\n"))
                .collect()
        };
        let mut config = format!(
            "title = \"Example Status\"\nbase_url = \"https://status.example.com/\"\n{}\n",
            said("Top level")
        );
        for table in [
            "agent",
            "api",
            "build",
            "evidence",
            "notify",
            "probe",
            "uptime.weights",
        ] {
            config += &format!("[{table}]\n{}\n", said(&format!("[{table}]")));
        }
        config += &format!(
            "[[components]]\nid = \"web\"\n[components.states]\n{}\n",
            said("[components.states]")
        );
        config += &format!(
            "[[signals]]\nid = \"a\"\ncomponents = [\"web\"]\nfile = \"evidence/a.csv\"\nthreshold = 5\n{}\n",
            said("[[signals]]")
        );
        SiteTest::empty()
            .file("allclear.toml", config)
            .file("evidence/states.jsonl", states)
            .file("evidence/a.csv", "time,value\n2022-12-28T08:00:00Z,4\n")
    };
    assert!(defaults().len() >= 25, "{:?}", defaults());
    let now = "2022-12-28T08:30:00Z";
    let [said, unsaid] = [true, false].map(|is_said| {
        let site = site(is_said);
        site.run(&["build", "--now", now, "--quiet"]);
        let mut contents = site.contents();
        // The instant of the build is the same, and so is all else.
        contents.remove("build.json");
        contents
    });
    assert!(said == unsaid, "a key with its default changes the page");
}

/// Every key that a document of the API has is in the tables.
#[test]
fn the_tables_of_the_api_have_every_key() {
    fn keys(value: &serde_json::Value, found: &mut std::collections::BTreeSet<String>) {
        match value {
            serde_json::Value::Object(entries) => {
                for (key, value) in entries {
                    found.insert(key.clone());
                    keys(value, found);
                }
            }
            serde_json::Value::Array(items) => {
                for item in items {
                    keys(item, found);
                }
            }
            _ => {}
        }
    }
    let site = SiteTest::demo();
    site.run(&["build", "--now", NOW, "--quiet"]);
    let mut found = std::collections::BTreeSet::new();
    for file in site.outputs() {
        if file.starts_with("api/v2/") {
            let text = site.read(&format!("public/{file}"));
            keys(&serde_json::from_str(&text).unwrap(), &mut found);
        }
    }
    assert!(found.len() >= 50, "{found:?}");
    let page = fs::read_to_string(root().join("docs/reference/api.md")).unwrap();
    for key in found {
        assert!(page.contains(&format!("\n| `{key}` | ")), "`{key}`");
    }
}
