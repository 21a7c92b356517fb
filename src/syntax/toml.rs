//! The parser that turns TOML into the tree.

use std::fmt;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::value::{Key, Spanned, SyntaxError, Value};

/// Reads a TOML text; `base` is where it starts in its file.
pub(super) fn parse(text: &str, base: usize) -> Result<Spanned<Value>, Vec<SyntaxError>> {
    let (table, mut errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let span = table.span();
        return match entries(text, table.into_inner(), base) {
            Ok(value) => Ok(Spanned {
                value,
                span: base + span.start..base + span.end,
            }),
            Err(error) => Err(vec![error]),
        };
    }
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    let mut faults = Vec::new();
    let (mut counted, mut line) = (0, 0);
    for error in errors {
        let span = error.span().unwrap_or(0..text.len());
        let start = span.start.clamp(counted, text.len());
        let more = text.as_bytes()[counted..start].iter();
        line += more.filter(|byte| **byte == b'\n').count();
        counted = start;
        // What follows on the line of a mistake is most likely its consequence.
        if faults.last().is_none_or(|(last, _)| *last != line) {
            let span = base + span.start..base + span.end;
            let two = (error.message() == "duplicate key").then(|| two_forms(text, start));
            faults.push((
                line,
                match two.flatten() {
                    Some((message, hint)) => SyntaxError {
                        message,
                        span,
                        hint: Some(hint),
                    },
                    None => syntax_error(error.message(), span),
                },
            ));
        }
    }
    Err(faults.into_iter().map(|(_, error)| error).collect())
}

/// What is wrong where a name stands both in `[name]` and in `[[name]]`, and what to do; `at` is within the second of them.
fn two_forms(text: &str, at: usize) -> Option<(String, String)> {
    let begin = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let header = text.get(begin..)?.lines().next()?.trim();
    let name = header.trim_start_matches('[').split(']').next()?.trim();
    let has = |header: &str| {
        text.lines()
            .any(|line| line.trim_start().starts_with(header))
    };
    let has_both = has(&format!("[{name}]")) && has(&format!("[[{name}]]"));
    (header.starts_with('[') && has_both).then(|| {
        (
            format!("this is not TOML: a table and a list of tables have the name `{name}`"),
            format!("did you mean `[[{name}s]]`?"),
        )
    })
}

fn syntax_error(message: &str, span: Range<usize>) -> SyntaxError {
    let (message, hint) = match message {
        "duplicate key" => ("this key stands here twice", "keep one of them"),
        "number too large to fit in target type" => ("this number is too large", ""),
        message if message.contains("key") => (message, "write `key = \"text\"`"),
        message if message.contains("string") => (message, "text stands between two `\"`"),
        message => (message, ""),
    };
    SyntaxError {
        message: format!("this is not TOML: {message}"),
        span,
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
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

fn node(
    text: &str,
    spanned: toml::Spanned<DeValue<'_>>,
    base: usize,
) -> Result<Spanned<Value>, SyntaxError> {
    let span = base + spanned.span().start..base + spanned.span().end;
    let written = &text[spanned.span()];
    let failed = |error: &dyn fmt::Display| syntax_error(&error.to_string(), span.clone());
    let value = match spanned.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(integer) => {
            let parsed = i64::from_str_radix(integer.as_str(), integer.radix());
            Value::Integer(parsed.map_err(|error| failed(&error))?)
        }
        DeValue::Float(float) => {
            let parsed = float.as_str().parse::<f64>();
            Value::Float(parsed.map_err(|error| failed(&error))?)
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
    Ok(Spanned { value, span })
}
