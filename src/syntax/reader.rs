//! The reader that takes a tree of values apart, with a diagnostic for each value that is wrong.

use std::ops::Range;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

use super::value::{Key, Spanned, Value};
use crate::diagnostic::{
    Code, Diagnostic, Diagnostics, Place, SourceFile, UnknownName, nearest, nearest_hint,
};
use crate::locale::{Language, LocalizedText, language_of};
use crate::time::{self, Instant, TimeError};

/// A file being read, with the diagnostics that it gives.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The file.
    pub file: &'a Arc<SourceFile>,
    /// The problems found in it so far.
    pub diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// The bytes `span` of the file.
    pub fn place(&self, span: &Range<usize>) -> Place {
        Place::new(self.file, span.clone())
    }

    /// Reports an error with a hint.
    pub fn error(
        &mut self,
        code: Code,
        span: &Range<usize>,
        message: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) {
        let mut diagnostic = Diagnostic::error(code, self.place(span), message);
        diagnostic.hint = hint.into();
        self.diagnostics.push(diagnostic);
    }

    /// Reports a warning with a hint.
    pub fn warning(
        &mut self,
        code: Code,
        span: &Range<usize>,
        message: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) {
        let mut diagnostic = Diagnostic::warning(code, self.place(span), message);
        diagnostic.hint = hint.into();
        self.diagnostics.push(diagnostic);
    }

    /// The value that a name stands for, or a diagnostic where it stands for nothing.
    pub fn known<T>(&mut self, span: &Range<usize>, found: Result<T, UnknownName>) -> Option<T> {
        match found {
            Ok(value) => Some(value),
            Err(UnknownName {
                code,
                message,
                hint,
            }) => {
                self.error(code, span, message, hint);
                None
            }
        }
    }

    /// Reports a value of the wrong kind.
    pub fn wrong_type(&mut self, node: &Spanned<Value>, wanted: &str) {
        let hint = match &node.value {
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_)
                if wanted.starts_with("text") =>
            {
                Some("put it in quotes".to_owned())
            }
            Value::Text(text) if wanted == "a number" && text.parse::<f64>().is_ok() => {
                Some("leave out the quotes".to_owned())
            }
            Value::Text(_) if wanted.starts_with("a list") => {
                let written = &self.file.text[node.span.clone()];
                Some(format!("put it in brackets: `[{written}]`"))
            }
            _ => None,
        };
        let found = match &node.value {
            Value::Null => "empty",
            value => value.name(),
        };
        self.error(
            Code::WrongType,
            &node.span,
            format!("this is {found}, but should be {wanted}"),
            hint,
        );
    }

    /// The text of a node.
    pub fn text<'n>(&mut self, node: &'n Spanned<Value>) -> Option<&'n str> {
        match &node.value {
            Value::Text(text) => Some(text),
            _ => {
                self.wrong_type(node, "text");
                None
            }
        }
    }

    /// The boolean of a node.
    pub fn boolean(&mut self, node: &Spanned<Value>) -> Option<bool> {
        match node.value {
            Value::Boolean(value) => Some(value),
            _ => {
                self.wrong_type(node, "true or false");
                None
            }
        }
    }

    /// The number of a node, finite.
    pub fn number(&mut self, node: &Spanned<Value>) -> Option<f64> {
        match node.value {
            Value::Integer(value) => Some(value as f64),
            Value::Float(value) if value.is_finite() => Some(value),
            Value::Float(_) => {
                self.error(
                    Code::OutOfRange,
                    &node.span,
                    "this number is not finite",
                    None,
                );
                None
            }
            _ => {
                self.wrong_type(node, "a number");
                None
            }
        }
    }

    /// The instant of a node; without an offset, it is in `zone`.
    pub fn instant(&mut self, node: &Spanned<Value>, zone: Tz) -> Option<Instant> {
        match &node.value {
            Value::Text(text) | Value::Time(text) => self.instant_at(text, &node.span, zone),
            _ => {
                self.wrong_type(node, "a time, as `2022-12-28 19:45`");
                None
            }
        }
    }

    /// The instant that stands at `span`; without an offset, it is in `zone`.
    pub fn instant_at(&mut self, text: &str, span: &Range<usize>, zone: Tz) -> Option<Instant> {
        let error = match time::parse(text, zone) {
            Ok(instant) => return Some(instant),
            Err(error) => error,
        };
        let text = text.trim();
        match error {
            TimeError::Malformed => self.error(
                Code::BadTime,
                span,
                format!("`{text}` is not a time"),
                "write it as `2022-12-28 19:45`, with `UTC`, `+01:00` or a zone such as `Europe/Paris` after it where it is not in the site's zone".to_owned(),
            ),
            TimeError::NoSuchTime => self.error(
                Code::BadTime,
                span,
                format!("there is no such time as `{text}`"),
                "look at the day of the month and at the hour".to_owned(),
            ),
            TimeError::UnknownZone(zone) => {
                let at = self.file.text[span.clone()].rfind(&zone);
                let at = at.map_or(span.clone(), |at| {
                    span.start + at..span.start + at + zone.len()
                });
                let message = format!("`{zone}` is no time zone");
                self.error(Code::UnknownTimeZone, &at, message, time::zone_hint(&zone));
            }
            TimeError::Ambiguous { readings, zone } => self.error(
                Code::AmbiguousTime,
                span,
                format!("`{text}` happened twice in {zone}: the clocks went back"),
                format!("write `{}` or `{}`", time::with_offset(readings[0], zone), time::with_offset(readings[1], zone)),
            ),
            TimeError::Skipped { readings, zone } => self.error(
                Code::SkippedTime,
                span,
                format!("`{text}` never happened in {zone}: the clocks went forward"),
                format!("write `{}` or `{}`", time::with_offset(readings[0], zone), time::with_offset(readings[1], zone)),
            ),
        }
        None
    }

    /// The day of a node, `YYYY-MM-DD`.
    pub fn date(&mut self, node: &Spanned<Value>) -> Option<NaiveDate> {
        let (Value::Text(text) | Value::Time(text)) = &node.value else {
            self.wrong_type(node, "a day, as `2022-12-28`");
            return None;
        };
        let date = time::parse_date(text);
        if date.is_none() {
            let message = format!("`{text}` is not a day");
            self.error(
                Code::BadDate,
                &node.span,
                message,
                "write it as `2022-12-28`".to_owned(),
            );
        }
        date
    }

    /// The duration of a node.
    pub fn duration(&mut self, node: &Spanned<Value>) -> Option<TimeDelta> {
        let Value::Text(text) = &node.value else {
            self.wrong_type(node, "a duration, as `\"15m\"`");
            return None;
        };
        let duration = time::parse_duration(text);
        if duration.is_none() {
            let message = format!("`{text}` is not a duration");
            let hint = "write a number of `s`, `m`, `h`, `d` or `w`, as in `15m` or `1h30m`";
            self.error(Code::BadDuration, &node.span, message, hint.to_owned());
        }
        duration
    }

    /// The text of a node for readers: a string, or a table of strings by language.
    pub fn localized_text(
        &mut self,
        node: &Spanned<Value>,
        languages: &[Language],
    ) -> Option<LocalizedText> {
        let Value::Table(entries) = &node.value else {
            if !matches!(node.value, Value::Text(_)) {
                self.wrong_type(node, "text, or a table of texts by language");
                return None;
            }
            return self.line(node).map(LocalizedText::plain);
        };
        let mut texts = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let language = self.known(&key.span, language_of(languages, &key.name));
            let text = language.and_then(|language| Some((language, self.line(value)?)));
            texts.extend(text);
        }
        if entries.is_empty() {
            let message = "this needs a text in at least one language";
            self.error(Code::EmptyText, &node.span, message, None);
        }
        LocalizedText::by_language(texts)
    }

    /// The text of a node on one line; never empty.
    ///
    /// A name or title with a line break breaks every list that it stands in.
    fn line(&mut self, node: &Spanned<Value>) -> Option<String> {
        let text = self.text(node)?.trim();
        if text.is_empty() {
            self.error(Code::EmptyText, &node.span, "this text is empty", None);
            return None;
        }
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The items of a node.
    pub fn list<'n>(&mut self, node: &'n Spanned<Value>) -> Option<&'n [Spanned<Value>]> {
        match &node.value {
            Value::List(items) => Some(items),
            _ => {
                self.wrong_type(node, "a list");
                None
            }
        }
    }

    /// The texts of a node's items, each with its node. A text that stands alone is reported, and
    /// then read as the one item of a list.
    pub fn texts<'n>(&mut self, node: &'n Spanned<Value>) -> Vec<(&'n str, &'n Spanned<Value>)> {
        let items = match (self.list(node), &node.value) {
            (None, Value::Text(_)) => std::slice::from_ref(node),
            (items, _) => items.unwrap_or_default(),
        };
        items
            .iter()
            .filter_map(|item| Some((self.text(item)?, item)))
            .collect()
    }

    /// The table of a node; `what` names it in messages, as in `a component`.
    pub fn table<'n>(
        &mut self,
        node: &'n Spanned<Value>,
        what: &'static str,
    ) -> Option<TableReader<'n>> {
        match &node.value {
            Value::Table(entries) => Some(TableReader {
                entries,
                span: node.span.clone(),
                what,
                known: Vec::new(),
            }),
            _ => {
                self.wrong_type(node, "a table");
                None
            }
        }
    }
}

/// A table being taken apart. Each key that is asked for becomes known; [`TableReader::finish`] reports
/// the others.
#[derive(Debug)]
pub struct TableReader<'n> {
    entries: &'n [(Key, Spanned<Value>)],
    /// The bytes of the whole table.
    pub span: Range<usize>,
    what: &'static str,
    known: Vec<&'static str>,
}

impl<'n> TableReader<'n> {
    /// The value of a key; nothing after a key counts as no key.
    pub fn take(&mut self, name: &'static str) -> Option<&'n Spanned<Value>> {
        self.take_entry(name).map(|(_, node)| node)
    }

    /// Names the table in messages from here on, once it is known what it is.
    pub fn call(&mut self, what: &'static str) {
        self.what = what;
    }

    /// The value of a key with the key itself.
    pub fn take_entry(&mut self, name: &'static str) -> Option<&'n (Key, Spanned<Value>)> {
        if !self.known.contains(&name) {
            self.known.push(name);
        }
        self.entries
            .iter()
            .find(|(key, node)| key.name == name && node.value != Value::Null)
    }

    /// The value of a key that must be there. A key that is nearly it is reported by
    /// [`TableReader::finish`] alone.
    pub fn require(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<&'n Spanned<Value>> {
        let found = self.take(name);
        if found.is_none() && self.misspelt(name).is_none() {
            let span = match self.entries.iter().find(|(key, _)| key.name == name) {
                Some((key, _)) => key.span.clone(),
                None => self.span.start..first_line_end(reader.file, &self.span),
            };
            let message = format!("{} needs `{name}`", self.what);
            reader.error(Code::MissingKey, &span, message, None);
        }
        found
    }

    /// The value of a key that nobody knows and that is most likely the name misspelt, which [`TableReader::finish`] reports.
    pub fn misspelt(&self, name: &'static str) -> Option<&'n Spanned<Value>> {
        let is_it = |key: &Key| {
            !self.known.contains(&key.name.as_str()) && nearest(&key.name, [name]).is_some()
        };
        let mut entries = self.entries.iter();
        entries.find(|(key, _)| is_it(key)).map(|(_, node)| node)
    }

    /// The text of a key.
    pub fn text(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<(&'n str, &'n Spanned<Value>)> {
        let node = self.take(name)?;
        Some((reader.text(node)?, node))
    }

    /// The text of a key that must be there.
    pub fn require_text(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<(&'n str, &'n Spanned<Value>)> {
        let node = self.require(reader, name)?;
        Some((reader.text(node)?, node))
    }

    /// The boolean of a key, false where it is missing.
    pub fn flag(&mut self, reader: &mut Reader<'_>, name: &'static str) -> bool {
        match self.take(name) {
            Some(node) => reader.boolean(node).unwrap_or(false),
            None => false,
        }
    }

    /// The keys that were asked for, be they there or not.
    pub fn known(&self) -> &[&'static str] {
        &self.known
    }

    /// Reports every key that nobody asked for.
    pub fn finish(self, reader: &mut Reader<'_>) {
        for (key, _) in self.entries {
            if !self.known.contains(&key.name.as_str()) {
                let message = format!("{} has no key `{}`", self.what, key.name);
                let hint = nearest_hint(&key.name, self.known.iter().copied());
                reader.error(Code::UnknownKey, &key.span, message, hint);
            }
        }
    }

    /// All keys and values, for a table whose keys are the user's own.
    pub fn entries(&self) -> &'n [(Key, Spanned<Value>)] {
        self.entries
    }
}

/// The end of the first line of a span, so that a report about a missing key stays short.
fn first_line_end(file: &SourceFile, span: &Range<usize>) -> usize {
    // A YAML table is as long as its first character.
    let end = if span.len() > 1 {
        span.end
    } else {
        file.text.len()
    };
    let text = file.text.get(span.start..end).unwrap_or_default();
    let line = text.lines().next().unwrap_or_default();
    span.start + line.trim_end().len()
}
