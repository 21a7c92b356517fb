//! Tables of messages: TOML text, read and checked against the English ones.
//!
//! A table is flat. Its keys are kebab-case; a key that ends in a word of the model keeps that word
//! as it is (`status-major_outage`), so that code can put the two together. A value is one of three:
//!
//! - a text, in which `{name}` stands for a value;
//! - a text in the plural forms of CLDR, `{ one = "{n} day", other = "{n} days" }`, in which `{n}` is
//!   the number that picks the form;
//! - a list of words, for what people write rather than read.
//!
//! English has every message, and so says which keys, shapes and names of values there are. A
//! translation may give one text where English needs forms.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use icu_plurals::PluralCategory;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) use self::value::fill;
pub(super) use self::value::names_in;
use crate::characters;
use crate::diagnostic::{nearest, nearest_hint};

mod value;

/// The built-in tables by the tag of their language.
const BUILT_IN: [(&str, &str); 20] = [
    ("ar", include_str!("messages/ar.toml")),
    ("de", include_str!("messages/de.toml")),
    ("en", include_str!("messages/en.toml")),
    ("es", include_str!("messages/es.toml")),
    ("fa", include_str!("messages/fa.toml")),
    ("fr", include_str!("messages/fr.toml")),
    ("he", include_str!("messages/he.toml")),
    ("hi", include_str!("messages/hi.toml")),
    ("id", include_str!("messages/id.toml")),
    ("it", include_str!("messages/it.toml")),
    ("ja", include_str!("messages/ja.toml")),
    ("ko", include_str!("messages/ko.toml")),
    ("nl", include_str!("messages/nl.toml")),
    ("pl", include_str!("messages/pl.toml")),
    ("pt-BR", include_str!("messages/pt-BR.toml")),
    ("ru", include_str!("messages/ru.toml")),
    ("tr", include_str!("messages/tr.toml")),
    ("uk", include_str!("messages/uk.toml")),
    ("zh", include_str!("messages/zh.toml")),
    ("zh-Hant", include_str!("messages/zh-Hant.toml")),
];

/// The text of a built-in table, where the language has one.
pub(super) fn built_in(tag: &str) -> Option<&'static str> {
    BUILT_IN
        .iter()
        .find(|(language, _)| *language == tag)
        .map(|(_, table)| *table)
}

/// The tags of the languages that have a built-in table.
#[cfg(test)]
pub(super) fn translated() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(language, _)| *language)
}

/// The English messages.
pub(super) fn english() -> &'static Table {
    static ENGLISH: LazyLock<Table> = LazyLock::new(|| Table::built_in("en"));
    &ENGLISH
}

/// The messages that only languages need which CLDR does not know, in English.
pub(super) fn optional() -> &'static Table {
    static OPTIONAL: LazyLock<Table> =
        LazyLock::new(|| Table::of(include_str!("messages/optional.toml")));
    &OPTIONAL
}

/// Messages by their keys.
#[derive(Debug, Clone, Default)]
pub(super) struct Table(HashMap<String, Message>);

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Message {
    Text(String),
    Forms(Vec<(PluralCategory, String)>),
    Words(Vec<String>),
}

impl Message {
    /// The form for a category; `other` stands in for a form that is not there.
    pub(super) fn form(&self, category: PluralCategory) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Forms(forms) => forms
                .iter()
                .find(|(of, _)| *of == category)
                .or_else(|| forms.iter().find(|(of, _)| *of == PluralCategory::Other))
                .map(|(_, text)| text.as_str()),
            Self::Words(_) => None,
        }
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        let words = match self {
            Self::Words(words) => words.as_slice(),
            Self::Text(_) | Self::Forms(_) => &[],
        };
        words.iter().map(String::as_str)
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let (text, forms) = match self {
            Self::Text(text) => (Some(text.as_str()), &[][..]),
            Self::Forms(forms) => (None, forms.as_slice()),
            Self::Words(_) => (None, &[][..]),
        };
        text.into_iter()
            .chain(forms.iter().map(|(_, text)| text.as_str()))
    }
}

impl Table {
    /// The built-in messages of a language, which a test proves to be without fault.
    pub(super) fn built_in(tag: &str) -> Self {
        built_in(tag).map_or_else(Self::default, Self::of)
    }

    /// The messages of a text that is part of the program.
    fn of(text: &str) -> Self {
        let (entries, _) = parse(text);
        Self(
            entries
                .into_iter()
                .map(|entry| (entry.key, entry.message))
                .collect(),
        )
    }

    pub(super) fn get(&self, key: &str) -> Option<&Message> {
        self.0.get(key)
    }

    #[cfg(test)]
    pub(super) fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Message)> {
        let messages = self.0.iter().map(|(key, message)| (key.as_str(), message));
        let mut messages: Vec<_> = messages.collect();
        messages.sort_unstable_by_key(|(key, _)| *key);
        messages.into_iter()
    }

    /// Takes over the messages of `text` that are of the shape of the English ones, and reports the
    /// others in the order of the text.
    pub(super) fn override_with(&mut self, text: &str) -> Vec<MessageFault> {
        let (entries, mut faults) = parse(text);
        for entry in entries {
            match check(&entry) {
                Ok(()) => {
                    self.0.insert(entry.key, entry.message);
                }
                Err(fault) => faults.push(fault),
            }
        }
        faults.sort_by_key(|fault| fault.span.start);
        faults
    }
}

/// A message of a theme's table that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageFault {
    /// The bytes of the table's text.
    pub span: Range<usize>,
    /// The problem with them.
    pub kind: MessageFaultKind,
}

/// The problem with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MessageFaultKind {
    /// The text is no TOML.
    Syntax(String),
    /// The program has no such message.
    UnknownKey(String),
    /// The value is of another shape than the message.
    Shape {
        /// The message.
        key: String,
        /// The shape that it must have.
        expected: &'static str,
    },
    /// No plural form has that name.
    UnknownForm(String),
    /// There are forms, but not the one that every language has.
    NoOtherForm(String),
    /// The message is never given a value of that name.
    UnknownValue {
        /// The message.
        key: String,
        /// The name between the braces.
        name: String,
    },
    /// A text holds a character that no page may hold.
    ForbiddenCharacter(char),
}

impl MessageFault {
    /// The way to fix it.
    pub fn hint(&self) -> Option<String> {
        match &self.kind {
            MessageFaultKind::UnknownKey(key) => {
                let known: Vec<&str> = english().iter().map(|(known, _)| known).collect();
                let near = nearest(key, known.iter().copied());
                let like = beginning_like(key, &known);
                match (near, like.as_slice()) {
                    (Some(near), _) | (None, &[near]) => Some(format!("did you mean `{near}`?")),
                    (None, like) => nearest_hint(key, like.iter().copied()),
                }
            }
            MessageFaultKind::UnknownForm(_) => {
                Some("the forms are `zero`, `one`, `two`, `few`, `many` and `other`".into())
            }
            MessageFaultKind::NoOtherForm(_) => Some("add `other = \"...\"`".into()),
            MessageFaultKind::UnknownValue { key, .. } => {
                let names = english().get(key).map(value_names).unwrap_or_default();
                let names: Vec<String> = names.iter().map(|name| format!("`{{{name}}}`")).collect();
                Some(match names.as_slice() {
                    [] => "this message has no values".into(),
                    _ => format!("its values are {}", names.join(", ")),
                })
            }
            MessageFaultKind::ForbiddenCharacter(_) => Some("delete it".into()),
            MessageFaultKind::Syntax(_) | MessageFaultKind::Shape { .. } => None,
        }
    }
}

impl fmt::Display for MessageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            MessageFaultKind::Syntax(message) => f.write_str(message),
            MessageFaultKind::UnknownKey(key) => write!(f, "there is no message `{key}`"),
            MessageFaultKind::Shape { key, expected } => {
                write!(f, "the message `{key}` must be {expected}")
            }
            MessageFaultKind::UnknownForm(name) => write!(f, "`{name}` is no plural form"),
            MessageFaultKind::NoOtherForm(key) => {
                write!(f, "the message `{key}` lacks the form `other`")
            }
            MessageFaultKind::UnknownValue { key, name } => {
                write!(f, "the message `{key}` has no value `{{{name}}}`")
            }
            MessageFaultKind::ForbiddenCharacter(c) => {
                write!(f, "this text holds {}", characters::name(*c))
            }
        }
    }
}

/// Those of the known keys that share the most first words with `key`, all where none does; one alone stands for `key`.
fn beginning_like<'a>(key: &str, known: &[&'a str]) -> Vec<&'a str> {
    let shared = |it: &&str| {
        let both = it.split(['-', '_']).zip(key.split(['-', '_']));
        both.take_while(|(one, other)| one == other).count()
    };
    let most = known.iter().map(shared).max().unwrap_or_default();
    (known.iter().copied())
        .filter(|it| shared(it) == most)
        .collect()
}

/// A key of a table with its value.
struct MessageEntry {
    key: String,
    key_span: Range<usize>,
    value_span: Range<usize>,
    message: Message,
}

/// Reads a table: its entries in the order of the keys, and what could not be read.
fn parse(text: &str) -> (Vec<MessageEntry>, Vec<MessageFault>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut entries = Vec::new();
    let mut faults: Vec<MessageFault> = errors
        .iter()
        .map(|error| MessageFault {
            span: error.span().unwrap_or_default(),
            kind: MessageFaultKind::Syntax(error.message().to_owned()),
        })
        .collect();
    for (key, value) in document.into_inner() {
        let (key_span, value_span) = (key.span(), value.span());
        let key = key.into_inner().into_owned();
        match message(&key, value) {
            Ok(message) => entries.push(MessageEntry {
                key,
                key_span,
                value_span,
                message,
            }),
            Err(fault) => faults.push(fault),
        }
    }
    (entries, faults)
}

fn message(key: &str, value: Spanned<DeValue<'_>>) -> Result<Message, MessageFault> {
    let span = value.span();
    let shape = |span, expected| MessageFault {
        span,
        kind: MessageFaultKind::Shape {
            key: key.to_owned(),
            expected,
        },
    };
    match value.into_inner() {
        DeValue::String(text) => Ok(Message::Text(text.into_owned())),
        DeValue::Array(words) => words
            .into_iter()
            .map(|word| {
                let span = word.span();
                match word.into_inner() {
                    DeValue::String(word) => Ok(word.into_owned()),
                    _ => Err(shape(span, "a list of words")),
                }
            })
            .collect::<Result<_, _>>()
            .map(Message::Words),
        DeValue::Table(table) => {
            let mut forms = Vec::with_capacity(table.len());
            for (name, text) in table {
                let category =
                    PluralCategory::get_for_cldr_string(name.get_ref()).ok_or_else(|| {
                        MessageFault {
                            span: name.span(),
                            kind: MessageFaultKind::UnknownForm(name.get_ref().to_string()),
                        }
                    })?;
                let span = text.span();
                match text.into_inner() {
                    DeValue::String(text) => forms.push((category, text.into_owned())),
                    _ => return Err(shape(span, "texts in plural forms")),
                }
            }
            if forms
                .iter()
                .all(|(category, _)| *category != PluralCategory::Other)
            {
                return Err(MessageFault {
                    span,
                    kind: MessageFaultKind::NoOtherForm(key.to_owned()),
                });
            }
            Ok(Message::Forms(forms))
        }
        _ => Err(shape(span, "a text")),
    }
}

/// Checks a message against the English one of its key.
fn check(entry: &MessageEntry) -> Result<(), MessageFault> {
    let key = || entry.key.clone();
    let optional = optional().get(&entry.key);
    let Some(english) = english().get(&entry.key).or(optional) else {
        return Err(MessageFault {
            span: entry.key_span.clone(),
            kind: MessageFaultKind::UnknownKey(key()),
        });
    };
    let expected = match (english, &entry.message) {
        (Message::Text(_), Message::Forms(_) | Message::Words(_)) => Some("a text"),
        (Message::Forms(_), Message::Words(_)) => Some("a text, perhaps in plural forms"),
        (Message::Words(_), Message::Text(_) | Message::Forms(_)) => Some("a list of words"),
        // The months and the days of the week.
        (Message::Words(all), Message::Words(names))
            if optional.is_some() && all.len() != names.len() =>
        {
            Some(match all.len() {
                12 => "a list of twelve names",
                _ => "a list of seven names",
            })
        }
        _ => None,
    };
    let fault = |kind| {
        Err(MessageFault {
            span: entry.value_span.clone(),
            kind,
        })
    };
    if let Some(expected) = expected {
        return fault(MessageFaultKind::Shape {
            key: key(),
            expected,
        });
    }
    let forbidden = |text: &str| characters::first_forbidden(text);
    let mut texts = entry.message.texts().chain(entry.message.words());
    if let Some((_, c)) = texts.find_map(forbidden) {
        return fault(MessageFaultKind::ForbiddenCharacter(c));
    }
    let known = value_names(english);
    match value_names(&entry.message)
        .into_iter()
        .find(|name| !known.contains(name))
    {
        Some(name) => fault(MessageFaultKind::UnknownValue {
            key: key(),
            name: name.to_owned(),
        }),
        None => Ok(()),
    }
}

/// The names between braces, in the order of the alphabet; a message in forms always has `n`.
pub(super) fn value_names(message: &Message) -> BTreeSet<&str> {
    let mut names: BTreeSet<&str> = message.texts().flat_map(names_in).collect();
    if matches!(message, Message::Forms(_)) {
        names.insert("n");
    }
    names
}

/// Whether a message has a value of this name, as [`value_names`] has them.
pub(super) fn has_value(message: &Message, name: &str) -> bool {
    let is_number = matches!(message, Message::Forms(_)) && name == "n";
    is_number
        || message
            .texts()
            .flat_map(names_in)
            .any(|known| known == name)
}

#[cfg(test)]
mod tests;
