//! The recipes of CONTRIBUTING.md: what they add touches the files that they name, and no others.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::site_test::files_below;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files of the table under a heading, with a name instead of `NAME`.
fn recipe(heading: &str, name: &str) -> BTreeSet<String> {
    let text = read("CONTRIBUTING.md");
    let section = text.split("\n### ").find(|part| part.starts_with(heading));
    let section = section.unwrap_or_else(|| panic!("there is no recipe `{heading}`"));
    let rows = section.lines().filter(|line| line.starts_with("| `src/"));
    rows.map(|row| row.split('`').nth(1).unwrap().replace("NAME", name))
        .collect()
}

/// The files of `src` whose code speaks of a word, but for tests and for the files below `own`.
fn files_with(words: &[&str], own: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files: Vec<String> = files_below(&root)
        .into_iter()
        .map(|file| format!("src/{file}"))
        .filter(|file| file.ends_with(".rs") && !file.contains("tests") && !file.starts_with(own))
        .collect();
    assert!(files.len() > 100, "only {} files were found", files.len());
    let speaks = |file: &&String| {
        let text = read(file);
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let mut lines = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        lines.any(|line| words.iter().any(|word| line.contains(word)))
    };
    files.iter().filter(speaks).cloned().collect()
}

#[test]
fn an_output_format_is_a_file_and_a_row() {
    // One that nobody subscribes to: pages do not link to it.
    let row = BTreeSet::from(["src/output.rs".to_owned()]);
    assert!(recipe("An output format", "schemas").is_superset(&row));
    assert_eq!(
        files_with(&["schemas::", "mod schemas"], "src/output/schemas"),
        row
    );

    let mut feed = recipe("An output format", "atom");
    // What stands there of Atom besides: the field of the theme contract that is older than the list of feeds,
    // the media type of an Atom file that somebody puts beside an incident, and the links that RSS has from Atom.
    let besides = ["pages/site_view.rs", "media_type.rs", "rss.rs"];
    feed.extend(besides.map(|file| format!("src/output/{file}")));
    let words = [
        "atom::",
        "mod atom",
        "Route::feed",
        "fn feed(lang",
        "\"atom\"",
        "    Atom,",
        "FormatName::Atom",
        "atom+xml",
        "atom_syndication",
    ];
    assert_eq!(files_with(&words, "src/none/"), feed);
}

#[test]
fn an_importer_is_a_file_and_a_row() {
    let mut found = files_with(&["statuspage", "Statuspage"], "src/import/statuspage/");
    // A kind of probe has the same name, and the API of Statuspage is in the documentation.
    for of_others in [
        "src/cli/docs/api.rs",
        "src/site/probe.rs",
        "src/site/probe/statuspage.rs",
        "src/site/read/schema/probe.rs",
    ] {
        found.remove(of_others);
    }
    assert_eq!(found, recipe("An importer", "statuspage"));
}

#[test]
fn a_kind_of_probe_is_a_file_and_a_row() {
    let found = files_with(&["healthchecks", "Healthchecks"], "src/none/");
    assert_eq!(found, recipe("A kind of probe", "healthchecks"));
}

#[test]
fn a_channel_is_a_file_and_a_row() {
    let found = files_with(&["discord", "Discord"], "src/none/");
    assert_eq!(found, recipe("A channel", "discord"));
}

#[test]
fn a_rule_is_a_function_and_a_code() {
    let recipe = recipe("A rule of `check`", "");
    let rules = [
        ["SilentIncident", "silent_incident", "silent-incident"],
        [
            "OverdueMaintenance",
            "overdue_maintenance",
            "overdue-maintenance",
        ],
        ["EmptyUpdate", "empty_updates", "empty-update"],
        ["BrokenLink", "Code::BrokenLink", "broken-link"],
        [
            "StaleTranslation",
            "stale_translations",
            "stale-translation",
        ],
    ];
    for words in rules {
        let mut found = files_with(&words, "src/none/");
        // There a finding that may follow from another mistake is kept back.
        found.remove("src/diagnostic/follow_up.rs");
        assert_eq!(found, recipe, "{words:?}");
    }
}
