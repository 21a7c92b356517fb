//! The types of values in a schema, as the author of a file calls them.

use serde_json::Value;

use super::markdown::alternatives;

/// A JSON Schema (draft 07) with its definitions.
#[derive(Clone, Copy)]
pub(super) struct Schema<'a> {
    pub(super) root: &'a Value,
}

/// What a name in a schema stands for.
#[derive(Clone, Copy)]
pub(super) enum Meaning<'a> {
    /// A table with keys.
    Table(&'a Value),
    /// A closed list of words, each with its meaning.
    Words(&'a Value),
    /// A form of text, as that of a time.
    Form(&'a Value),
}

/// The way from a key to the table that it holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The table itself.
    Table,
    /// Each entry of a list.
    List,
    /// Each table by a name that its author chooses.
    Named,
}

impl<'a> Schema<'a> {
    /// The definition of a reference, with its name.
    fn named(self, schema: &'a Value) -> Option<(&'a str, &'a Value)> {
        let name = schema["$ref"].as_str()?.rsplit('/').next()?;
        Some((name, &self.root["definitions"][name]))
    }

    /// What a definition is, where it has a place of its own on the page.
    pub(super) fn meaning(definition: &'a Value) -> Option<Meaning<'a>> {
        if definition["properties"].is_object() {
            return Some(Meaning::Table(definition));
        }
        if !words(definition).is_empty() {
            let has_meanings = definition["oneOf"].is_array();
            return has_meanings.then_some(Meaning::Words(definition));
        }
        let has_description = definition["description"].is_string();
        has_description.then_some(Meaning::Form(definition))
    }

    /// The schemas of which a value has to fit one, without the one of no value.
    pub(super) fn choices(self, schema: &'a Value) -> Vec<&'a Value> {
        let lists = ["anyOf", "allOf"].into_iter();
        let Some(choices) = lists.filter_map(|key| schema[key].as_array()).next() else {
            return vec![schema];
        };
        let choices = choices.iter().filter(|it| it["type"] != "null");
        choices.flat_map(|it| self.choices(it)).collect()
    }

    /// The tables that a key holds, with the way to each.
    pub(super) fn tables(self, schema: &'a Value) -> Vec<(Step, &'a Value)> {
        let mut tables = Vec::new();
        for choice in self.choices(schema) {
            if let Some((_, definition)) = self.named(choice) {
                match Self::meaning(definition) {
                    Some(Meaning::Table(table)) => tables.push((Step::Table, table)),
                    Some(_) => {}
                    None => tables.extend(self.tables(definition)),
                }
                continue;
            }
            for (step, below) in [
                (Step::List, &choice["items"]),
                (Step::Named, &choice["additionalProperties"]),
            ] {
                let below = self.named(below);
                if let Some((_, table)) = below
                    && table["properties"].is_object()
                {
                    tables.push((step, table));
                }
            }
        }
        tables
    }

    /// The type of a value; `anchor` is the place of its table, where it holds one.
    pub(super) fn kind(self, schema: &'a Value, anchor: &str) -> String {
        let choices = self.choices(schema).into_iter();
        let kinds: Vec<String> = choices.map(|it| self.single(it, anchor)).collect();
        kinds.join(", or ")
    }

    fn single(self, schema: &'a Value, anchor: &str) -> String {
        if let Some((name, definition)) = self.named(schema) {
            return match Self::meaning(definition) {
                Some(Meaning::Table(_)) => format!("[table](#{anchor})"),
                Some(_) => {
                    let title = title(name);
                    format!("[{title}](#{})", title.replace(' ', "-"))
                }
                None if words(definition).is_empty() => self.kind(definition, anchor),
                None => alternatives(words(definition)),
            };
        }
        match type_of(schema) {
            Some("string") => "text".to_owned(),
            Some("integer") => format!("whole number{}", limits(schema)),
            Some("number") => format!("number{}", limits(schema)),
            Some("boolean") => "`true` or `false`".to_owned(),
            Some("array") => format!("list of {}", self.kind(&schema["items"], anchor)),
            Some("object") => match &schema["additionalProperties"] {
                values @ Value::Object(_) => {
                    format!("by name: {}", self.kind(values, anchor))
                }
                _ => "table".to_owned(),
            },
            _ => "any value".to_owned(),
        }
    }
}

/// `local text` for `LocalText`.
pub(super) fn title(name: &str) -> String {
    let mut title = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !title.is_empty() {
            title.push(' ');
        }
        title.extend(letter.to_lowercase());
    }
    title
}

/// The words of a closed list.
fn words(schema: &Value) -> Vec<&str> {
    let plain = schema["enum"].as_array().into_iter().flatten();
    let described = schema["oneOf"].as_array().into_iter().flatten();
    plain
        .chain(described.map(|it| &it["const"]))
        .filter_map(Value::as_str)
        .collect()
}

/// The type of a schema besides that of no value.
fn type_of(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::String(word) => Some(word),
        Value::Array(words) => {
            let mut words = words.iter().filter_map(Value::as_str);
            words.find(|word| *word != "null")
        }
        _ => None,
    }
}

/// ` from 1 to 1000`.
fn limits(schema: &Value) -> String {
    match (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
        (Some(min), Some(max)) => format!(" from {min} to {max}"),
        (Some(min), None) if min > 0.0 => format!(" from {min}"),
        _ => String::new(),
    }
}
