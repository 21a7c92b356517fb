//! TOML into the tree.

use serde::de::Error as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Key, Node, SyntaxError, Value};

/// Reads a TOML text; `base` is where it starts in its file.
pub(super) fn parse(text: &str, base: usize) -> Result<Node, Vec<SyntaxError>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let span = table.span();
        return match entries(text, table.into_inner(), base) {
            Ok(value) => Ok(Node {
                value,
                span: base + span.start..base + span.end,
            }),
            Err(error) => Err(vec![error]),
        };
    }
    Err(errors
        .into_iter()
        .map(|error| {
            let span = error.span().unwrap_or(0..text.len());
            SyntaxError {
                message: format!("this is not TOML: {}", error.message()),
                hint: hint(error.message()),
                span: base + span.start..base + span.end,
            }
        })
        .collect())
}

/// What to do about the slips that are made most.
fn hint(message: &str) -> Option<&'static str> {
    match message {
        message if message.contains("duplicate key") => Some("keep one of the two"),
        message if message.contains("must be quoted") || message.contains("invalid boolean") => {
            Some("put text in quotes: `title = \"Trouble\"`")
        }
        _ => None,
    }
}

/// The entries of a table in the order of the file, which the parser's map does not keep.
fn entries(text: &str, table: DeTable<'_>, base: usize) -> Result<Value, SyntaxError> {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table {
        let span = key.span();
        let key = Key {
            name: key.into_inner().into_owned(),
            span: base + span.start..base + span.end,
        };
        entries.push((key, node(text, value, base)?));
    }
    entries.sort_by_key(|(key, _)| key.span.start);
    Ok(Value::Table(entries))
}

fn node(text: &str, spanned: Spanned<DeValue<'_>>, base: usize) -> Result<Node, SyntaxError> {
    let span = base + spanned.span().start..base + spanned.span().end;
    let written = &text[spanned.span()];
    let failed = |error: toml::de::Error| SyntaxError {
        message: format!("this is not TOML: {}", error.message()),
        hint: None,
        span: span.clone(),
    };
    let value = match spanned.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(integer) => {
            let parsed = i64::from_str_radix(integer.as_str(), integer.radix());
            Value::Integer(parsed.map_err(|error| failed(toml::de::Error::custom(error)))?)
        }
        DeValue::Float(float) => {
            let parsed = float.as_str().parse::<f64>();
            Value::Float(parsed.map_err(|error| failed(toml::de::Error::custom(error)))?)
        }
        DeValue::Boolean(boolean) => Value::Boolean(boolean),
        DeValue::Datetime(_) => Value::Time(written.to_owned()),
        DeValue::Array(items) => Value::List(
            items
                .into_iter()
                .map(|item| node(text, item, base))
                .collect::<Result<_, _>>()?,
        ),
        DeValue::Table(table) => entries(text, table, base)?,
    };
    Ok(Node { value, span })
}
