//! The keys of a kind of file, as its schema describes them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::kinds::{Meaning, Schema, Step, title};
use super::markdown::{anchor, block, head, row, sentence};

/// A kind of file, in words.
pub(super) struct Subject {
    title: &'static str,
    /// What stands below the title.
    about: &'static str,
    /// The heading of the keys that are in no table.
    top: &'static str,
    syntax: Syntax,
}

/// How the file is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Toml,
    Yaml,
    Json,
}

/// `allclear.toml`.
pub(super) const SITE: Subject = Subject {
    title: "The keys of allclear.toml",
    about: "`allclear.toml` stands in the folder of a site and is TOML. A key that is not listed here is an error. [The files of \
        a site](files.md) shows all of them in one file, and `allclear schema site` prints the JSON Schema from which this page \
        is written, for editors.",
    top: "Top level",
    syntax: Syntax::Toml,
};

/// The front matter of an incident file.
pub(super) const INCIDENT: Subject = Subject {
    title: "The keys of an incident file",
    about: "A file in `incidents/` begins with these keys, as YAML between lines of `---` or as TOML between lines of `+++`. What \
        stands below them is told in [Incidents](incidents.md). A key that is not listed here is an error. `allclear schema \
        incident` prints the JSON Schema from which this page is written.",
    top: "Front matter",
    syntax: Syntax::Yaml,
};

/// A line of component states.
pub(super) const EVIDENCE: Subject = Subject {
    title: "The keys of component states",
    about: "Each line of a `.jsonl` file in `evidence/` is an object with these keys; a `.csv` file names the same keys in its \
        first line. What follows from them is told in [Evidence](states.md). A key that is not listed here is an error. \
        `allclear schema evidence` prints the JSON Schema from which this page is written.",
    top: "A line",
    syntax: Syntax::Json,
};

/// A table with its place in the file.
struct Section<'a> {
    heading: String,
    level: usize,
    about: String,
    table: &'a Value,
    /// Its keys that hold tables, each with the heading of that.
    below: Vec<(&'a str, String)>,
    /// Its header in an example.
    header: String,
}

/// The page of a kind of file.
pub(super) fn page(subject: &Subject, schema: &str) -> String {
    // It is ours, and a schema.
    let root: Value = serde_json::from_str(schema).unwrap_or_default();
    let schema = Schema { root: &root };
    let mut sections = Vec::new();
    let top = subject.top.to_owned();
    collect(
        subject,
        schema,
        &root,
        &[],
        top,
        String::new(),
        &mut sections,
    );
    let mut text = format!("# {}\n\n{}\n", subject.title, subject.about);
    for section in &sections {
        describe(subject, schema, section, &mut text);
    }
    values(schema, &mut text);
    text
}

/// Collects a table, then those in it.
fn collect<'a>(
    subject: &Subject,
    schema: Schema<'a>,
    table: &'a Value,
    path: &[String],
    heading: String,
    about: String,
    sections: &mut Vec<Section<'a>>,
) {
    let at = sections.len();
    sections.push(Section {
        header: heading.clone(),
        level: if path.len() > 1 { 3 } else { 2 },
        heading: match path.is_empty() {
            true => heading,
            false => format!("`{heading}`"),
        },
        about,
        table,
        below: Vec::new(),
    });
    for (key, value) in keys(table) {
        for (step, below) in schema.tables(value) {
            let mut path = path.to_vec();
            path.push(key.to_owned());
            if step == Step::Named {
                path.push("NAME".to_owned());
            }
            let heading = match (subject.syntax, step) {
                (Syntax::Toml, Step::List) => format!("[[{}]]", path.join(".")),
                (Syntax::Toml, _) => format!("[{}]", path.join(".")),
                (_, Step::List) => format!("{}[]", path.join(".")),
                (_, _) => path.join("."),
            };
            let about = [below, value].map(|it| it["description"].as_str());
            let about = about.into_iter().flatten().next().unwrap_or_default();
            sections[at].below.push((key, heading.clone()));
            collect(
                subject,
                schema,
                below,
                &path,
                heading,
                sentence(about),
                sections,
            );
        }
    }
}

/// The keys of a table with their schemas, those first that it needs.
fn keys(table: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let keys = table["properties"].as_object().into_iter().flatten();
    let mut keys: Vec<(&str, &Value)> = keys.map(|(key, value)| (key.as_str(), value)).collect();
    keys.sort_by_key(|(key, _)| !is_required(table, key));
    keys.into_iter()
}

fn is_required(table: &Value, key: &str) -> bool {
    let mut required = table["required"].as_array().into_iter().flatten();
    required.any(|it| it == key)
}

fn describe(subject: &Subject, schema: Schema<'_>, section: &Section<'_>, text: &mut String) {
    let level = "#".repeat(section.level);
    let _ = write!(text, "\n{level} {}\n\n", section.heading);
    if !section.about.is_empty() {
        let _ = write!(text, "{}\n\n", section.about);
    }
    if let Some(needed) = needed(section.table) {
        let _ = write!(text, "{needed}\n\n");
    }
    text.push_str(&head(["key", "type", "default", "meaning"]));
    for (key, value) in keys(section.table) {
        let below = section.below.iter().find(|(of, _)| *of == key);
        let below = below.map_or_else(String::new, |(_, heading)| anchor(heading));
        let default = match &value["default"] {
            _ if is_required(section.table, key) => "required".to_owned(),
            Value::Null => String::new(),
            default => format!("`{}`", inline(subject.syntax, default)),
        };
        let mut meaning = sentence(value["description"].as_str().unwrap_or_default());
        for example in value["examples"].as_array().into_iter().flatten() {
            let _ = write!(meaning, " Example: `{}`.", inline(subject.syntax, example));
        }
        let kind = schema.kind(value, &below);
        text.push_str(&row([&format!("`{key}`"), &kind, &default, &meaning]));
    }
    for example in section.table["examples"].as_array().into_iter().flatten() {
        let _ = write!(text, "\n{}", sample(subject.syntax, section, example));
    }
}

/// What a table needs one of, in words.
fn needed(table: &Value) -> Option<String> {
    let (which, lists) = match (&table["oneOf"], &table["anyOf"]) {
        (Value::Array(lists), _) => ("Exactly one of these is needed", lists),
        (_, Value::Array(lists)) => ("One of these is needed", lists),
        _ => return None,
    };
    let lists = lists.iter().map(|list| {
        let keys = list["required"].as_array().into_iter().flatten();
        let keys = keys.filter_map(Value::as_str).map(|key| format!("`{key}`"));
        keys.collect::<Vec<_>>().join(" with ")
    });
    let lists: Vec<String> = lists.collect();
    Some(format!("{which}: {}.", lists.join(", or ")))
}

/// An example of a table.
fn sample(syntax: Syntax, section: &Section<'_>, example: &Value) -> String {
    let lines = keys(section.table).filter_map(|(key, _)| {
        let value = example.get(key)?;
        Some(match syntax {
            Syntax::Toml => format!("{key} = {}", inline(syntax, value)),
            Syntax::Yaml => format!("{key}: {}", inline(syntax, value)),
            Syntax::Json => format!("\"{key}\":{value}"),
        })
    });
    let lines: Vec<String> = lines.collect();
    match syntax {
        Syntax::Toml if section.heading.starts_with('`') => {
            let header = section.header.replace("NAME", "blackbox");
            block("toml", &format!("{header}\n{}", lines.join("\n")))
        }
        Syntax::Toml => block("toml", &lines.join("\n")),
        Syntax::Yaml => block("yaml", &lines.join("\n")),
        Syntax::Json => block("json", &format!("{{{}}}", lines.join(","))),
    }
}

/// A value on one line.
fn inline(syntax: Syntax, value: &Value) -> String {
    match (syntax, value) {
        (Syntax::Toml, Value::Object(table)) => {
            let entries = table
                .iter()
                .map(|(key, value)| format!("{key} = {}", inline(syntax, value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        (Syntax::Yaml, Value::Object(table)) => {
            let entries = table
                .iter()
                .map(|(key, value)| format!("{key}: {}", inline(syntax, value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        (_, Value::Array(items)) => {
            let items = items.iter().map(|item| inline(syntax, item));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        (Syntax::Yaml, Value::String(text)) => text.clone(),
        (_, value) => value.to_string(),
    }
}

/// The forms and the words that keys take, under a heading of their own.
fn values(schema: Schema<'_>, text: &mut String) {
    let definitions = schema.root["definitions"].as_object();
    let mut told = BTreeSet::new();
    for (name, definition) in definitions.into_iter().flatten() {
        let (Meaning::Words(value) | Meaning::Form(value)) = (match Schema::meaning(definition) {
            Some(meaning) => meaning,
            None => continue,
        }) else {
            continue;
        };
        if told.is_empty() {
            text.push_str("\n## Values\n");
        }
        told.insert(name);
        let mut title = title(name);
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let about = sentence(value["description"].as_str().unwrap_or_default());
        let _ = write!(text, "\n### {title}\n\n{about}\n");
        let words = value["oneOf"].as_array().into_iter().flatten();
        let lines: String = words
            .filter_map(|word| Some((word["const"].as_str()?, word["description"].as_str()?)))
            .map(|(word, about)| format!("- `{word}`: {}\n", sentence(about)))
            .collect();
        if !lines.is_empty() {
            let _ = write!(text, "\n{lines}");
        }
    }
}
