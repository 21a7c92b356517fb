//! The API of Statuspage, with samples of the site in which the command runs.

use std::fmt::Write as _;

use allclear::output::Output;
use allclear::output::api::shape;
use serde_json::Value;

use super::kinds::title;
use super::markdown::{block, head, one_line, row};
use super::sample::shortened;

/// The documents: the address below `api/v2/`, and what is in it.
const DOCUMENTS: &[(&str, &str)] = &[
    (
        "summary.json",
        "everything about the present: page, headline, components, open incidents, maintenances under way and to come",
    ),
    ("status.json", "the headline"),
    (
        "components.json",
        "all components and groups, and the headline",
    ),
    (
        "incidents.json",
        "the newest 50 incidents and notices; older ones in `incidents/page-2.json` and so on",
    ),
    ("incidents/unresolved.json", "the open incidents"),
    (
        "incidents/SLUG.json",
        "a single incident, maintenance or notice; Statuspage has this only in its API for owners",
    ),
    (
        "scheduled-maintenances.json",
        "the latest 50 maintenances; earlier ones in `scheduled-maintenances/page-2.json` and so on",
    ),
    (
        "scheduled-maintenances/active.json",
        "the maintenances under way",
    ),
    (
        "scheduled-maintenances/upcoming.json",
        "the maintenances to come",
    ),
];

/// The documents that are shown whole, each with the heading of its sample.
const SAMPLES: &[(&str, &str)] = &[
    ("A summary", "summary.json"),
    ("A maintenance", "scheduled-maintenances.json"),
];

/// The page of the API; the samples are among what is published.
pub(super) fn page(outputs: &[Output]) -> String {
    let mut text = "# The API\n\n\
        Programs that read a Statuspage page find its API, version 2, below `api/v2/`: the same addresses, the same keys, and \
        no word that is none of its own. All texts are in the site's first language, but for the words of the headline \
        (`status.description`), which are Statuspage's or ours in English. Instants are in ISO 8601 with milliseconds, in the \
        site's time zone. What Statuspage has no place for stands in objects `allclear`, which its clients skip.\n\n\
        To a program that does not look at `allclear` all is well for as long as the last build that said so is served. Let a \
        program of yours heed `page.allclear.valid_until` in `summary.json`: after that instant nothing is known to be well. \
        [What reads the page](readers.md) names the programs that were tried.\n\n## Addresses\n\n"
        .to_owned();
    text.push_str(&head(["address", "what is in it"]));
    for (path, about) in DOCUMENTS {
        text.push_str(&row([&format!("`api/v2/{path}`"), about]));
    }
    fields(&mut text);
    samples(outputs, &mut text);
    text
}

/// A table of the fields of each object.
fn fields(text: &mut String) {
    let shape = shape();
    let _ = write!(text, "\n## A document\n\n{}", table(&shape));
    let definitions = shape["definitions"].as_object();
    for (name, definition) in definitions.into_iter().flatten() {
        let about = one_line(definition["description"].as_str().unwrap_or_default());
        let _ = write!(
            text,
            "\n## {}\n\n{about}\n\n{}",
            capital(&title(name)),
            table(definition)
        );
    }
}

/// `Page allclear` for `page allclear`.
fn capital(title: &str) -> String {
    let mut title = title.to_owned();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}

fn table(definition: &Value) -> String {
    let mut text = head(["field", "type", "meaning"]);
    let fields = definition["properties"].as_object();
    for (field, schema) in fields.into_iter().flatten() {
        let about = schema["description"].as_str().unwrap_or_default();
        text.push_str(&row([&format!("`{field}`"), &kind(schema), about]));
    }
    text
}

/// The type of a field, as it is in JSON.
fn kind(schema: &Value) -> String {
    for key in ["allOf", "anyOf"] {
        let parts = schema[key].as_array().into_iter().flatten();
        let mut named = parts.filter(|it| it["$ref"].is_string());
        if let Some(named) = named.next() {
            let or_null = if key == "anyOf" { " or null" } else { "" };
            return kind(named) + or_null;
        }
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
        let title = title(name);
        return format!("[{title}](#{})", title.replace(' ', "-"));
    }
    let words: Vec<&str> = match &schema["type"] {
        Value::String(word) => vec![word],
        Value::Array(words) => words.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let kinds = words.iter().map(|word| match *word {
        "array" => format!("list of {}", kind(&schema["items"])),
        "null" if words.len() == 1 => "null".to_owned(),
        "integer" => "whole number".to_owned(),
        "string" => "text".to_owned(),
        "boolean" => "true or false".to_owned(),
        word => word.to_owned(),
    });
    kinds.collect::<Vec<_>>().join(" or ")
}

/// Documents of the site.
fn samples(outputs: &[Output], text: &mut String) {
    for (heading, document) in SAMPLES {
        let path = format!("api/v2/{document}");
        let output = outputs.iter().find(|it| it.path == path);
        let Some((sample, shortened)) = output.and_then(|it| shortened(&it.bytes)) else {
            continue;
        };
        let _ = write!(text, "\n## {heading}\n\n`{path}`");
        let lists: Vec<String> = shortened
            .iter()
            .map(|it| format!("`{}` ({} of {})", it.key, it.shown, it.all))
            .collect();
        if !lists.is_empty() {
            let _ = write!(
                text,
                ". Long lists are shortened here: {}",
                lists.join(", ")
            );
        }
        let _ = write!(text, ".\n\n{}", block("json", &sample));
    }
}
