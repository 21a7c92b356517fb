//! The parser that turns YAML into the tree.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{self as saphyr, Location};

use super::value::{Key, Spanned, SyntaxError, Value};
use crate::characters::{self, is_forbidden};

/// Reads a YAML text; `base` is where it starts in its file.
///
/// Booleans are `true` and `false` only (a status named `no` stays text), duplicate keys and
/// runaway aliases are refused.
pub(super) fn parse(text: &str, base: usize) -> Result<Spanned<Value>, Vec<SyntaxError>> {
    let mut options = serde_saphyr::Options::default();
    options.strict_booleans = true;
    options.with_snippet = false;
    match saphyr::from_str_with_options::<saphyr::Spanned<YamlValue>>(text, options) {
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
    let message = error.to_string();
    // The place is ours to print, so the parser's own mention of it goes.
    let message = message.split(['\n']).next().unwrap_or_default();
    let message = match message.find(" at line ") {
        Some(at) => &message[..at],
        None => message,
    };
    let span = match message.starts_with("tabs") {
        true => tab_before(text, span),
        false => span,
    };
    let (message, hint) = plainly(message, &text[span.start..]);
    SyntaxError {
        message: format!("this is not YAML: {message}"),
        span: base + span.start..base + span.end,
        hint: hint.map(str::to_owned),
    }
}

/// The tab of the line that a span lies in: the parser points behind it.
fn tab_before(text: &str, span: Range<usize>) -> Range<usize> {
    let line = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    match text[line..].find('\t') {
        Some(at) => line + at..line + at + 1,
        None => span,
    }
}

/// The parser's message in the words of somebody who writes a file; `rest` is the text
/// from the mistake on. A message that is not listed here is passed on as it is.
fn plainly(message: &str, rest: &str) -> (String, Option<&'static str>) {
    let word = |rest: &str| {
        let end = rest.find(|c: char| c.is_whitespace() || ":,]}".contains(c));
        rest[..end.unwrap_or(rest.len())].to_owned()
    };
    let known: [(&str, String, &str); 10] = [
        (
            "mapping values are not allowed",
            "a value with `: ` in it needs quotes".to_owned(),
            "put the whole value in quotes; or it is a key, and starts too far to the right",
        ),
        (
            "unexpected character",
            format!(
                "no value starts with `{}`",
                rest.chars().next().unwrap_or_default()
            ),
            "put the whole value in quotes",
        ),
        (
            "while parsing a block mapping",
            "this line is not in line with the keys above it".to_owned(),
            "start every key of a table in the same column",
        ),
        (
            "duplicate mapping key",
            format!("the key `{}` stands here twice", word(rest)),
            "keep one of them",
        ),
        (
            "simple key expected",
            "this line has no `:` behind its key".to_owned(),
            "write `key: value`",
        ),
        (
            "tabs disallowed",
            "a tab cannot indent a line".to_owned(),
            "use spaces",
        ),
        (
            "illegal placement of ':'",
            "this `:` cannot stand here".to_owned(),
            "close the `[`, `{` or quote before it, or put the value in quotes",
        ),
        (
            "alias references unknown anchor",
            format!("`{}` refers to nothing", word(rest)),
            "put it in quotes where it is meant as text",
        ),
        (
            "unclosed quote",
            "this quote is not closed".to_owned(),
            "close it, or put the whole value in quotes of the other kind",
        ),
        (
            "budget breached",
            "aliases (`*name`) make this far too large".to_owned(),
            "write out what is meant",
        ),
    ];
    if let Some(c) = rest.chars().next().filter(|c| is_forbidden(*c))
        && message.starts_with("unexpected character")
    {
        let message = format!("{} cannot stand here", characters::name(c));
        return (message, Some("delete it"));
    }
    match known
        .into_iter()
        .find(|(start, ..)| message.starts_with(start))
    {
        Some((_, plain, hint)) => (plain, Some(hint)),
        None => (message.to_owned(), None),
    }
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

fn node(spanned: saphyr::Spanned<YamlValue>, len: usize, base: usize) -> Spanned<Value> {
    let span = bytes(&spanned.referenced).unwrap_or(0..len);
    let value = match spanned.value {
        YamlValue::Leaf(value) => value,
        YamlValue::List(items) => Value::List(
            items
                .into_iter()
                .map(|item| node(item, len, base))
                .collect(),
        ),
        YamlValue::Table(entries) => Value::Table(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let span = bytes(&key.referenced).unwrap_or(0..len);
                    let key = Key {
                        name: key.value,
                        span: base + span.start..base + span.end,
                    };
                    (key, node(value, len, base))
                })
                .collect(),
        ),
    };
    Spanned {
        value,
        span: base + span.start..base + span.end,
    }
}

/// A YAML value as the parser hands it over; its children carry their places.
#[derive(Debug)]
enum YamlValue {
    Leaf(Value),
    List(Vec<saphyr::Spanned<YamlValue>>),
    Table(Vec<(saphyr::Spanned<String>, saphyr::Spanned<YamlValue>)>),
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
