//! YAML into the tree.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::{Key, Node, SyntaxError, Value};

/// Reads a YAML text; `base` is where it starts in its file.
///
/// Booleans are `true` and `false` only (a status named `no` stays text), duplicate keys and
/// runaway aliases are refused.
pub(super) fn parse(text: &str, base: usize) -> Result<Node, Vec<SyntaxError>> {
    let mut options = serde_saphyr::Options::default();
    options.strict_booleans = true;
    options.with_snippet = false;
    match serde_saphyr::from_str_with_options::<Spanned<YamlValue>>(text, options) {
        Ok(root) => Ok(node(root, text.len(), base)),
        Err(error) => Err(vec![syntax_error(&error, text, base)]),
    }
}

fn syntax_error(error: &serde_saphyr::Error, text: &str, base: usize) -> SyntaxError {
    let error = error.without_snippet();
    let span = error
        .location()
        .and_then(|location| {
            bytes(&location)
                .filter(|span| !span.is_empty())
                .or_else(|| line_column(&location, text))
        })
        .unwrap_or(0..text.len());
    let (message, hint) = in_plain_words(&error.to_string());
    SyntaxError {
        message: format!("this is not YAML: {message}"),
        hint,
        span: base + span.start..base + span.end,
    }
}

/// What the parser says, without its own mention of the place, and what to do about the slips that
/// are made most.
fn in_plain_words(message: &str) -> (String, Option<&'static str>) {
    if let Some(rest) = message.strip_prefix("duplicate mapping key: ") {
        let key = rest.split([',', ' ', '\n']).next().unwrap_or_default();
        return (
            format!("the key `{key}` stands here twice"),
            Some("keep one of the two"),
        );
    }
    let end = message
        .rfind(" at line ")
        .or_else(|| message.find('\n'))
        .unwrap_or(message.len());
    let message = &message[..end];
    let hint = if message.contains("mapping values are not allowed") {
        Some("put the value in quotes: it has `: ` in it")
    } else if message.contains("tab") {
        Some("indent with blanks, not with tabs")
    } else if message.contains("unclosed quote") {
        Some("close the quote at the end of the text")
    } else {
        None
    };
    (message.to_owned(), hint)
}

fn bytes(location: &Location) -> Option<Range<usize>> {
    let span = location.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let len = usize::try_from(span.byte_len()?).ok()?;
    Some(start..start + len)
}

/// The one character at a line and column, for the scanner's errors, which have no byte offsets.
fn line_column(location: &Location, text: &str) -> Option<Range<usize>> {
    let line = usize::try_from(location.line()).ok()?.checked_sub(1)?;
    let column = usize::try_from(location.column()).ok()?.checked_sub(1)?;
    let line_start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let at = text[line_start..]
        .char_indices()
        .nth(column)
        .map_or(text.len(), |(at, _)| line_start + at);
    Some(at..at + 1)
}

fn node(spanned: Spanned<YamlValue>, len: usize, base: usize) -> Node {
    let span = bytes(&spanned.referenced).unwrap_or(0..len);
    let mut span = base + span.start..base + span.end;
    let value = match spanned.value {
        YamlValue::Leaf(value) => value,
        YamlValue::List(items) => {
            let items: Vec<Node> = items
                .into_iter()
                .map(|item| node(item, len, base))
                .collect();
            reach(&mut span, items.last());
            Value::List(items)
        }
        YamlValue::Table(entries) => {
            let entries: Vec<(Key, Node)> = entries
                .into_iter()
                .map(|entry| keyed(entry, len, base))
                .collect();
            reach(&mut span, entries.last().map(|(_, node)| node));
            Value::Table(entries)
        }
    };
    Node { value, span }
}

fn keyed(
    (key, value): (Spanned<String>, Spanned<YamlValue>),
    len: usize,
    base: usize,
) -> (Key, Node) {
    let span = bytes(&key.referenced).unwrap_or(0..len);
    let key = Key {
        name: key.value,
        span: base + span.start..base + span.end,
    };
    (key, node(value, len, base))
}

/// Lets the span of a list or table, of which the parser tells only the start, reach to the end of
/// the last value in it.
fn reach(span: &mut Range<usize>, last: Option<&Node>) {
    if let Some(last) = last {
        span.end = span.end.max(last.span.end);
    }
}

/// A YAML value as the parser hands it over; its children carry their places.
#[derive(Debug)]
enum YamlValue {
    Leaf(Value),
    List(Vec<Spanned<YamlValue>>),
    Table(Vec<(Spanned<String>, Spanned<YamlValue>)>),
}

impl<'de> Deserialize<'de> for YamlValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YamlVisitor)
    }
}

struct YamlVisitor;

impl<'de> Visitor<'de> for YamlVisitor {
    type Value = YamlValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<YamlValue, E> {
        Ok(YamlValue::Leaf(Value::Boolean(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<YamlValue, E> {
        Ok(YamlValue::Leaf(Value::Integer(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<YamlValue, E> {
        Ok(YamlValue::Leaf(match i64::try_from(value) {
            Ok(value) => Value::Integer(value),
            Err(_) => Value::Float(value as f64),
        }))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<YamlValue, E> {
        Ok(YamlValue::Leaf(Value::Float(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<YamlValue, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<YamlValue, E> {
        Ok(YamlValue::Leaf(Value::Text(value)))
    }

    fn visit_unit<E: Error>(self) -> Result<YamlValue, E> {
        Ok(YamlValue::Leaf(Value::Null))
    }

    fn visit_none<E: Error>(self) -> Result<YamlValue, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<YamlValue, D::Error> {
        YamlValue::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<YamlValue, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(YamlValue::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<YamlValue, A::Error> {
        let mut table = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            table.push(entry);
        }
        Ok(YamlValue::Table(table))
    }
}
