//! The import of Statuspage documents.

use std::collections::BTreeMap;
use std::sync::Arc;

use allclear::import::{Document, FORMATS, Format, Imported, Target, import};
use allclear::source::Files;
use camino::Utf8Path;
use chrono_tz::Tz;

use super::ground::{CONFIG, site};
use super::sound::{assert_placed, errors, file, text};

/// Any document: the files that an import writes are read without an error, and a second import changes nothing.
pub fn statuspage(bytes: &[u8]) {
    let text = text(bytes);
    let imported = imported(&text, CONFIG, &BTreeMap::new());
    let config = assert_sound(&imported, CONFIG);
    let texts: BTreeMap<String, String> = imported
        .files
        .iter()
        .filter_map(|(path, text)| Some((path.file_stem()?.to_owned(), text.clone())))
        .collect();
    assert_eq!(
        texts.len(),
        imported.files.len(),
        "each file has a name of its own"
    );
    let again = self::imported(&text, &config, &texts);
    let more: Vec<_> = again.files.iter().map(|(path, _)| path).collect();
    assert!(more.is_empty(), "a second import writes {more:?}");
    assert_eq!(again.config, None, "a second import changes allclear.toml");
}

/// What is made of a document.
pub fn imported(text: &str, config: &str, incidents: &BTreeMap<String, String>) -> Imported {
    let target = Target {
        config,
        incidents,
        zone: Tz::Europe__Berlin,
        now: allclear::time::Instant::from_timestamp_nanos(4_000_000_000_000_000_000),
    };
    let document = Document {
        path: Utf8Path::new("incidents.json"),
        text,
    };
    import(statuspage_format(), &[document], &target)
}

fn statuspage_format() -> &'static Format {
    FORMATS
        .iter()
        .find(|format| format.command == "statuspage")
        .expect("the format of Statuspage")
}

/// Asserts that what was written can be read; returns the text of `allclear.toml` afterwards.
pub fn assert_sound(imported: &Imported, old: &str) -> String {
    let config = imported.config.clone().unwrap_or_else(|| old.to_owned());
    assert!(config.starts_with(old), "what was there is there");
    let files = Files {
        config: Some(file("allclear.toml", config.as_str())),
        evidence: vec![file("evidence/reports.csv", "time,value\n")],
        incidents: imported
            .files
            .iter()
            .map(|(path, text)| file(path.as_str(), text.as_str()))
            .collect(),
        ..Files::default()
    };
    let (site, diagnostics) = site(&files);
    assert_placed(&diagnostics);
    let texts: Vec<&str> = files
        .incidents
        .iter()
        .map(|file: &Arc<_>| file.text.as_str())
        .collect();
    assert_eq!(
        errors(&diagnostics),
        Vec::<String>::new(),
        "{}\n{config}",
        texts.join("\n")
    );
    let posts = site.expect("a site").posts.len();
    assert_eq!(posts, imported.files.len(), "each file is an incident");
    config
}
