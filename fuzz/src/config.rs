//! `allclear.toml`.

use std::collections::BTreeMap;

use allclear::diagnostic::Diagnostics;
use allclear::site::read::config::read;
use allclear::source::Files;

use super::ground::site;
use super::sound::{assert_placed, errors, file, text};
use super::statuspage::imported;

/// A document with components in a group that no site has.
const DOCUMENT: &str = r#"{"page": {"name": "Other"}, "components": [
    {"id": "g1", "name": "Fuzz group", "group": true, "components": ["c1", "c2"]},
    {"id": "c1", "name": "Fuzz one", "group_id": "g1", "group": false, "status": "operational"},
    {"id": "c2", "name": "Fuzz \"two\"", "group_id": "g1", "group": false, "status": "operational"}],
    "incidents": [{"id": "i1", "name": "Fuzz", "status": "resolved", "created_at": "2022-12-28T19:00:00Z",
    "components": [{"id": "c1", "name": "Fuzz one", "group_id": "g1"}], "incident_updates": [
    {"status": "resolved", "body": "Over.", "created_at": "2022-12-28T20:00:00Z"}]}]}"#;

/// Any configuration: what is not understood is reported, and components can be added to every sound one.
pub fn config(bytes: &[u8]) {
    let text = text(bytes);
    let config = file("allclear.toml", text.clone());
    let mut diagnostics = Diagnostics::new();
    let read = read(&config, &mut diagnostics);
    assert_placed(&diagnostics);
    assert!(
        read.is_some() || diagnostics.errors() > 0,
        "no configuration, and no word about it"
    );
    let files = |config: &str| Files {
        config: Some(file("allclear.toml", config)),
        ..Files::default()
    };
    let (before, problems) = site(&files(&text));
    assert_placed(&problems);
    if problems.errors() > 0 {
        return;
    }
    let before = before.expect("a site without errors").components.len();
    let added = imported(DOCUMENT, &text, &BTreeMap::new());
    let Some(new) = added.config else {
        assert!(
            !added.diagnostics.is_empty(),
            "nothing was added, and no word about it"
        );
        return;
    };
    assert!(new.starts_with(&text), "what was there is there");
    let (after, problems) = site(&files(&new));
    assert_eq!(errors(&problems), Vec::<String>::new(), "{new}");
    assert!(
        after.expect("a site without errors").components.len() > before,
        "{new}"
    );
}
