//! JSON Schemas: what is right passes, and what they refuse the program refuses too.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;

use crate::site_test::{Outcome, SiteTest, files_below};

/// The validator of what `schema` prints for a kind of file.
fn validator(of: &str) -> Validator {
    let output = SiteTest::empty().run(&["schema", of]);
    let schema: Value = output.json();
    jsonschema::draft7::new(&schema).unwrap()
}

/// The errors of a value under a schema, each with its place.
fn errors(validator: &Validator, value: &Value) -> Vec<String> {
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// TOML as JSON, in which times are text, as editors see it.
fn toml(text: &str) -> Option<Value> {
    let document: toml_edit::DocumentMut = text.parse().ok()?;
    Some(table(document.as_table()))
}

/// A table of TOML as JSON.
fn table(table: &dyn toml_edit::TableLike) -> Value {
    let entries = table
        .iter()
        .map(|(key, item)| (key.to_owned(), item_value(item)));
    Value::Object(entries.collect())
}

/// An item of TOML as JSON.
fn item_value(item: &toml_edit::Item) -> Value {
    match item {
        toml_edit::Item::Table(inner) => table(inner),
        toml_edit::Item::ArrayOfTables(tables) => tables.iter().map(|it| table(it)).collect(),
        toml_edit::Item::Value(inner) => value(inner),
        toml_edit::Item::None => Value::Null,
    }
}

/// A value of TOML as JSON.
fn value(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => text.value().as_str().into(),
        toml_edit::Value::Integer(number) => (*number.value()).into(),
        toml_edit::Value::Float(number) => (*number.value()).into(),
        toml_edit::Value::Boolean(truth) => (*truth.value()).into(),
        toml_edit::Value::Datetime(time) => time.value().to_string().into(),
        toml_edit::Value::Array(items) => items.iter().map(self::value).collect(),
        toml_edit::Value::InlineTable(inner) => table(inner),
    }
}

/// The front matter of a file.
fn front_matter(text: &str) -> Option<Value> {
    let text = text.strip_prefix("---\n")?;
    let (head, _) = text.split_once("\n---")?;
    serde_saphyr::from_str(head).ok()
}

/// The folder of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_demo_and_what_init_and_new_write_are_valid() {
    let (site, incident, evidence) = (
        validator("site"),
        validator("incident"),
        validator("evidence"),
    );
    let config = fs::read_to_string(root().join("allclear.toml")).unwrap();
    assert_eq!(errors(&site, &toml(&config).unwrap()), [""; 0]);
    let incidents = files_below(&root().join("incidents"));
    assert!(incidents.len() >= 8, "{incidents:?}");
    for file in incidents {
        let text = fs::read_to_string(root().join("incidents").join(&file)).unwrap();
        assert_eq!(
            errors(&incident, &front_matter(&text).unwrap()),
            [""; 0],
            "{file}"
        );
    }
    let mut observations = 0;
    for file in files_below(&root().join("evidence"))
        .iter()
        .filter(|file| file.ends_with(".jsonl"))
    {
        let text = fs::read_to_string(root().join("evidence").join(file)).unwrap();
        for line in text
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
            .take(200)
        {
            let line: Value = serde_json::from_str(line).unwrap();
            assert_eq!(errors(&evidence, &line), [""; 0], "{file}");
            observations += 1;
        }
    }
    assert!(observations >= 5, "only {observations} observations");
    let new = SiteTest::empty();
    new.run(&["init"]);
    assert_eq!(
        errors(&site, &toml(&new.read("allclear.toml")).unwrap()),
        [""; 0]
    );
    for (kind, more) in [
        ("incident", ["-c", "web=major_outage"]),
        ("maintenance", ["--starts", "tomorrow 02:00"]),
        ("notice", ["-c", "web"]),
    ] {
        let output = new.command(&[&["new", kind, "Title", "-q"], &more[..]].concat());
        let output = Outcome::of(output.assert().success());
        let text = new.read(output.stdout().trim());
        assert_eq!(
            errors(&incident, &front_matter(&text).unwrap()),
            [""; 0],
            "{text}"
        );
    }
}

/// Whether a case of `malformed` is wrong by its shape alone.
fn is_shape(name: &str) -> bool {
    ["unknown-key", "wrong-type", "missing-key"]
        .iter()
        .any(|code| name.starts_with(code))
}

#[test]
fn what_is_refused_for_its_shape_is_not_valid() {
    // These take more than a schema knows: which keys go together, which options a theme has, and whether a date is
    // text to an editor.
    const BEYOND: [&str; 13] = [
        "wrong-type--threshold-by-region",
        "missing-key--column-of-regions",
        "unknown-key--theme-option",
        "unknown-key--of-another-kind",
        "unknown-key--expect-of-another-kind",
        "wrong-type--theme-number",
        "missing-key--threshold-and-baseline",
        "missing-key--limit-of-signal",
        "missing-key--ends-of-maintenance",
        "missing-key--starts-of-maintenance",
        "wrong-type--front-matter-is-text",
        "missing-key--started",
        "unknown-key--in-translation",
    ];
    let cases = |folder: &str| -> Vec<(String, String)> {
        let folder = root().join("tests/testsuite/malformed").join(folder);
        let files = files_below(&folder).into_iter();
        let files = files
            .filter(|file| !file.ends_with(".report") && !file.contains('/') && is_shape(file));
        let files = files.filter(|file| !BEYOND.iter().any(|beyond| file.starts_with(beyond)));
        files
            .filter_map(|file| Some((fs::read_to_string(folder.join(&file)).ok()?, file)))
            .map(|(text, file)| (file, text))
            .collect()
    };
    let mut refused = 0;
    let mut check = |validator: &Validator, value: Option<Value>, file: &str| {
        let Some(value) = value else { return };
        assert!(!validator.is_valid(&value), "{file} passes its schema");
        refused += 1;
    };
    let (site, incident, evidence) = (
        validator("site"),
        validator("incident"),
        validator("evidence"),
    );
    for (file, text) in cases("config") {
        check(&site, toml(&text), &file);
    }
    for (file, text) in cases("incidents") {
        check(&incident, front_matter(&text), &file);
    }
    for (file, text) in cases("states") {
        let is_lines = Path::new(&file).extension().is_some_and(|it| it == "jsonl");
        let line = text
            .lines()
            .find(|line| line.starts_with('{'))
            .filter(|_| is_lines);
        check(
            &evidence,
            line.and_then(|line| serde_json::from_str(line).ok()),
            &file,
        );
    }
    assert!(refused > 25, "only {refused} were refused");
}

/// What the program takes, the schema takes: the cases that are wrong by more than their shape.
#[test]
fn what_only_a_reader_knows_is_valid() {
    let site = validator("site");
    let folder = root().join("tests/testsuite/malformed/config");
    for code in [
        "unknown-component",
        "unknown-group",
        "duplicate-id",
        "ends-before-it-starts",
        "missing-evidence-file",
        "unused-source",
    ] {
        let mut cases = files_below(&folder);
        cases.retain(|file| file.starts_with(code) && file.ends_with(".toml"));
        assert!(!cases.is_empty(), "no case of {code}");
        for file in &cases {
            let text = fs::read_to_string(folder.join(file)).unwrap();
            assert_eq!(errors(&site, &toml(&text).unwrap()), [""; 0], "{file}");
        }
    }
}
