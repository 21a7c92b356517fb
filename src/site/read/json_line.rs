//! Lines of JSON Lines, and the diagnostics of those that cannot be read.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::diagnostic::{Code, nearest_hint};
use crate::syntax::Reader;

/// The keys of a line, and the words of messages about it.
#[derive(Debug)]
pub(super) struct Shape {
    /// The name of a line in messages: `a sample`.
    pub what: &'static str,
    /// The code of a line that cannot be read at all.
    pub broken: Code,
    /// The keys of texts.
    pub texts: &'static [&'static str],
    /// The keys of numbers.
    pub numbers: &'static [&'static str],
    /// The keys without which a line cannot be read.
    pub required: &'static [&'static str],
    /// An example of a correct line.
    pub example: &'static str,
}

/// Reads a line. Only an object will do: a list would be read by position.
pub(super) fn object<'a, T: Deserialize<'a>>(text: &'a str) -> serde_json::Result<T> {
    if text.starts_with('{') {
        serde_json::from_str(text)
    } else {
        Err(serde_json::Error::custom("not an object"))
    }
}

/// Reads a text that may be missing as it stands in its line, where nothing in it is escaped. (By itself `serde` borrows
/// only texts that are always there.)
pub(super) fn text<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Cow<'a, str>>, D::Error> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    Ok(Option::<Text<'_>>::deserialize(deserializer)?.map(|Text(text)| text))
}

/// Says what is wrong with a line that could not be read.
pub(super) fn explain(
    reader: &mut Reader<'_>,
    shape: &Shape,
    text: &str,
    span: &Range<usize>,
    error: &serde_json::Error,
) {
    let Ok(object) = serde_json::from_str::<Map<String, Value>>(text) else {
        let (at, message) = match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => (0, "this line is not a JSON object".to_owned()),
            Err(error) => {
                let message = format!("this line is not JSON: {}", without_place(&error));
                (column(text, error.column()), message)
            }
        };
        let start = (span.start + at).min(span.end.saturating_sub(1));
        let hint = format!("write one object a line, as `{}`", shape.example);
        reader.error(shape.broken, &(start..span.end), message, hint);
        return;
    };
    let mut is_reported = false;
    let first_of_each = first_of_each(text);
    for (key, value) in &object {
        let at = first_of_each.get(key.as_str());
        let at = at.map_or(span.clone(), |at| {
            span.start + at..span.start + at + key.len() + 2
        });
        let is_text = shape.texts.contains(&key.as_str());
        let is_number = shape.numbers.contains(&key.as_str());
        if !is_text && !is_number {
            let message = format!("{} has no `{key}`", shape.what);
            let known = shape.texts.iter().chain(shape.numbers).copied();
            reader.error(Code::UnknownKey, &at, message, nearest_hint(key, known));
        } else if is_text && !value.is_string() && !value.is_null() {
            let message = format!("`{key}` should be text");
            let hint = "put its value in quotes".to_owned();
            reader.error(Code::WrongType, &at, message, hint);
        } else if is_number && !value.is_number() && !value.is_null() {
            let message = format!("`{key}` should be a number");
            let hint = value.is_string().then(|| "leave out the quotes".to_owned());
            reader.error(Code::WrongType, &at, message, hint);
        } else {
            continue;
        }
        is_reported = true;
    }
    for key in shape.required {
        if object.get(*key).is_none_or(Value::is_null) {
            let message = format!("{} needs `{key}`", shape.what);
            reader.error(Code::MissingKey, span, message, None);
            is_reported = true;
        }
    }
    if !is_reported {
        let error = without_place(error).replace("duplicate field", "twice the key");
        let message = format!("this line cannot be read: {error}");
        reader.error(shape.broken, span, message, None);
    }
}

/// Where each text between two quotes stands first, with its quotes.
pub(crate) fn first_of_each(text: &str) -> HashMap<&str, usize> {
    let mut first_of_each = HashMap::new();
    let mut quotes = text.match_indices('"').map(|(at, _)| at);
    let mut open = quotes.next();
    for close in quotes {
        let start = open.replace(close).unwrap_or(close);
        first_of_each
            .entry(&text[start + 1..close])
            .or_insert(start);
    }
    first_of_each
}

/// The message of a JSON error, without its line and column, which are those of one line.
pub(super) fn without_place(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "it ends too early".to_owned();
    }
    let text = error.to_string();
    text.split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The byte of a column, which counts bytes from 1.
fn column(text: &str, column: usize) -> usize {
    text.floor_char_boundary(column.saturating_sub(1))
}
