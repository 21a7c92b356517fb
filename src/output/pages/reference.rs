//! The theme contract in words: which templates there are and what they see, from the code itself.

use std::fmt::Write as _;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value};

use super::view::{
    AboutView, ComponentPageView, DocumentView, FrameView, HeadlineView, HistoryView, IncidentView,
    IndexView, MonthView, PageView, SiteView, SubscribeView,
};
use crate::theme::CONTRACT;

/// The contract as Markdown.
pub fn reference() -> String {
    let mut generator = SchemaSettings::draft07().into_generator();
    let mut pages: Vec<(&str, String)> = Vec::new();
    let mut page = |template, sees: &[String]| pages.push((template, sees.join(", ")));
    let everywhere = [
        variable::<SiteView>("site", &mut generator),
        variable::<PageView>("page", &mut generator),
    ];
    page(
        "index.html",
        &[
            variable::<HeadlineView>("headline", &mut generator),
            variable::<IndexView<'_>>("index", &mut generator),
        ],
    );
    page(
        "incident.html",
        &[variable::<IncidentView>("incident", &mut generator)],
    );
    page(
        "component.html",
        &[variable::<ComponentPageView<'_>>(
            "component",
            &mut generator,
        )],
    );
    page(
        "history.html",
        &[variable::<HistoryView<'_>>("history", &mut generator)],
    );
    page(
        "month.html",
        &[variable::<MonthView<'_>>("month", &mut generator)],
    );
    page(
        "about.html",
        &[variable::<AboutView>("about", &mut generator)],
    );
    page(
        "subscribe.html",
        &[variable::<SubscribeView>("subscribe", &mut generator)],
    );
    page(
        "page.html",
        &[variable::<DocumentView>("document", &mut generator)],
    );
    page("reported.html", &[]);
    page("not_found.html", &[]);
    page(
        "embed.html",
        &[variable::<FrameView>("embed", &mut generator)],
    );

    let mut text = format!(
        "# What templates see\n\n\
         This is contract {CONTRACT}, printed by `allclear theme reference`. Every text is ready to print in the \
         page's language. Links are written from the site's root and printed as \
         `{{{{ page.root }}}}{{{{ incident.url }}}}`; what is HTML already says so and is printed with `| safe`.\n\n\
         Every page sees {}. Besides:\n\n\
         | template | sees |\n| --- | --- |\n",
        everywhere.join(" and ")
    );
    for (template, sees) in pages {
        let sees = if sees.is_empty() {
            "nothing else"
        } else {
            &sees
        };
        text.push_str(&format!("| `{template}` | {sees} |\n"));
    }
    for (name, schema) in generator.definitions() {
        describe(name, schema, &mut text);
    }
    text
}

/// A variable with its type.
fn variable<T: JsonSchema>(name: &str, generator: &mut SchemaGenerator) -> String {
    let schema = generator.subschema_for::<T>();
    format!("`{name}` ({})", kind(schema.as_value()))
}

/// A struct: what it is, and a row a field.
fn describe(name: &str, schema: &Value, text: &mut String) {
    let about = words(schema);
    let _ = write!(text, "\n## {name}\n\n{about}\n");
    let Some(fields) = schema.get("properties").and_then(Value::as_object) else {
        let variants = schema.get("anyOf").and_then(Value::as_array);
        for variant in variants.into_iter().flatten() {
            let _ = write!(text, "\n- {}: {}", kind(variant), words(variant));
        }
        text.push_str(if variants.is_some() { "\n" } else { "" });
        return;
    };
    text.push_str("\n| field | type | meaning |\n| --- | --- | --- |\n");
    for (field, schema) in fields {
        let about = words(schema).replace("\n\n", " ").replace('|', "\\|");
        let _ = writeln!(text, "| `{field}` | {} | {about} |", kind(schema));
    }
}

/// The doc comment, without the links that only rustdoc follows.
fn words(schema: &Value) -> String {
    let text = schema.get("description").and_then(Value::as_str);
    text.unwrap_or_default()
        .replace("[`", "`")
        .replace("`]", "`")
        .replace('\n', " ")
        .replace("  ", "\n\n")
}

/// The type of a field, as an author of templates calls it.
fn kind(schema: &Value) -> String {
    let Some(schema) = schema.as_object() else {
        return "anything".to_owned();
    };
    let reference = |schema: &Map<String, Value>| {
        let path = schema.get("$ref").and_then(Value::as_str)?;
        let name = path.rsplit('/').next()?;
        Some(format!("[{name}](#{})", name.to_lowercase()))
    };
    if let Some(name) = reference(schema) {
        return name;
    }
    for key in ["allOf", "anyOf"] {
        let parts = schema.get(key).and_then(Value::as_array);
        let named = parts.into_iter().flatten().filter_map(Value::as_object);
        if let Some(name) = named.filter_map(reference).next() {
            let or_nothing = if key == "anyOf" { ", or nothing" } else { "" };
            return format!("{name}{or_nothing}");
        }
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => "text".to_owned(),
        Some("integer" | "number") => "number".to_owned(),
        Some("boolean") => "true or false".to_owned(),
        Some("array") => {
            let items = schema.get("items").map_or_else(String::new, kind);
            format!("list of {items}")
        }
        Some("object") => match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => format!("map of {}", kind(values)),
            _ => "map".to_owned(),
        },
        _ => "anything".to_owned(),
    }
}
