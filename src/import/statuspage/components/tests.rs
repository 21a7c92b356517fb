#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use camino::Utf8Path;

use super::{PageComponents, match_components};
use crate::import::Document;
use crate::import::catalogue::{Added, Catalogue};
use crate::import::statuspage::document;

const COMPONENTS: &str = r#"{"page": {"id": "p"}, "components": [
    {"id": "c2", "name": "Web", "position": 2, "description": "The \"site\"\nitself", "start_date": "2020-01-01"},
    {"id": "g1", "name": "Europe", "position": 1, "group": true, "components": ["c1"]},
    {"id": "c1", "name": "Log in", "position": 1, "group_id": "g1"}
]}"#;

/// The components of documents, and those that they add to a site.
struct Matched {
    components: PageComponents,
    added: Added,
}

impl Matched {
    fn id(&self, code: &str) -> Option<&str> {
        self.components.id(Some(code), None)
    }
}

fn catalogue(json: &str, config: &str) -> Matched {
    let document = Document {
        path: Utf8Path::new("components.json"),
        text: json,
    };
    let mut catalogue = Catalogue::read(config);
    let components = match_components(&document::read(&[document]), &mut catalogue);
    Matched {
        components,
        added: catalogue.finish(),
    }
}

#[test]
fn missing_components_stand_behind_the_text_that_is_there() {
    let found = catalogue(COMPONENTS, "# mine\ntitle = \"Site\"");
    let expected = r#"# mine
title = "Site"

[[groups]]
id = "europe"
name = "Europe"

[[components]]
id = "log-in"
name = "Log in"
group = "europe"

[[components]]
id = "web"
name = "Web"
description = 'The "site" itself'
since = 2020-01-01
"#;
    assert_eq!(found.added.config.as_deref(), Some(expected));
    assert_eq!((found.added.groups, found.added.components), (1, 2));
    let again = catalogue(COMPONENTS, expected);
    assert_eq!(again.added.config, None);
    assert_eq!(again.id("c1"), Some("log-in"));
}

#[test]
fn line_ends_stay_what_they_are() {
    let config = "title = \"Site\"\r\n";
    let found = catalogue(r#"{"components": [{"id": "a", "name": "A"}]}"#, config)
        .added
        .config
        .unwrap();
    assert_eq!(
        found,
        "title = \"Site\"\r\n\r\n[[components]]\r\nid = \"a\"\r\nname = \"A\"\r\n"
    );
}

#[test]
fn a_component_is_known_by_its_name_in_any_language_or_by_its_id() {
    let config = "[[components]]\nid = \"front\"\nname = { en = \"Site\", de = \"Web\" }\n\
                  [[components]]\nid = \"log-in\"\nname = \"Sessions\"\n[[groups]]\nid = \"europe\"\nname = \"EU\"\n";
    let found = catalogue(COMPONENTS, config);
    assert_eq!(found.added.config, None);
    assert_eq!(found.id("c2"), Some("front"));
    assert_eq!(found.id("c1"), Some("log-in"));
}

#[test]
fn a_name_of_a_device_becomes_another_id() {
    let json = r#"{"components": [
        {"id": "g1", "name": "AUX", "group": true}, {"id": "c1", "name": "LPT1", "group_id": "g1"},
        {"id": "c2", "name": "Con"}, {"id": "c3", "name": "con!"}, {"id": "c4", "name": "Console"}
    ]}"#;
    let found = catalogue(json, "");
    let ids =
        |found: &Matched| ["c1", "c2", "c3", "c4"].map(|code| found.id(code).unwrap().to_owned());
    let expected = [
        "component-lpt1",
        "component-con",
        "component-con-2",
        "console",
    ];
    assert_eq!(ids(&found), expected);
    let config = found.added.config.as_deref().unwrap();
    assert!(
        config.contains("[[groups]]\nid = \"component-aux\"\n"),
        "{config}"
    );
    let again = catalogue(json, config);
    assert_eq!(again.added.config, None);
    assert_eq!(ids(&again), expected);
}

#[test]
fn one_name_in_two_groups_makes_two_components() {
    let json = r#"{"components": [
        {"id": "g1", "name": "Europe", "group": true}, {"id": "g2", "name": "Asia", "group": true},
        {"id": "c1", "name": "API", "group_id": "g1"}, {"id": "c2", "name": "API", "group_id": "g2"},
        {"id": "c3", "name": "Next"}, {"id": "c4", "name": "日本"}, {"id": "c5", "name": "next!"}
    ]}"#;
    let found = catalogue(json, "");
    let ids = |found: &Matched| {
        ["c1", "c2", "c3", "c4", "c5"].map(|code| found.id(code).unwrap().to_owned())
    };
    assert_eq!(
        ids(&found),
        [
            "europe-api",
            "asia-api",
            "component-next",
            "ri-ben",
            "component-next-2"
        ]
    );
    let again = catalogue(json, found.added.config.as_deref().unwrap());
    assert_eq!(again.added.config, None);
    assert_eq!(ids(&again), ids(&found));
}

#[test]
fn a_list_written_as_one_value_is_left_alone() {
    let config = "components = [{ id = \"web\", name = \"Web\" }]\n";
    let found = catalogue(
        r#"{"components": [{"id": "a", "name": "A"}, {"id": "w", "name": "Web"}]}"#,
        config,
    );
    assert_eq!(found.added.config, None);
    let diagnostic = found.added.diagnostic.unwrap();
    assert_eq!(diagnostic.code.as_str(), "inline-list");
    assert_eq!(
        diagnostic.message,
        "`components` is one value, and an import changes no text that is there"
    );
    assert_eq!(
        diagnostic.hint.unwrap(),
        "write it as `[[components]]` tables, and add these:\n[[components]]\nid = \"a\"\nname = \"A\"\n"
    );
    assert_eq!(diagnostic.location.place().unwrap().line_column(), (1, 14));
}

#[test]
fn a_config_that_is_not_toml_is_left_alone() {
    let found = catalogue(COMPONENTS, "title = \n");
    assert_eq!(found.added.config, None);
    assert_eq!(found.added.diagnostic.unwrap().code.as_str(), "bad-syntax");
}

#[test]
fn a_byte_order_mark_stays() {
    let found = catalogue(
        COMPONENTS,
        "\u{feff}[[components]]\nid = \"web\"\nname = \"Web\"\n",
    );
    let config = found.added.config.unwrap();
    assert!(
        config.starts_with("\u{feff}[[components]]\nid = \"web\""),
        "{config}"
    );
    assert_eq!(config.matches("[[components]]").count(), 2);
}
