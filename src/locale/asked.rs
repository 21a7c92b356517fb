//! The requests of templates to a language: messages by their keys, with every slip told.

use std::borrow::Cow;

use icu_plurals::{PluralCategory, PluralRules};

use super::Locale;
use super::messages::{self, Message};
use crate::diagnostic::{Code, UnknownName, code_list, nearest_hint};
use crate::markdown::Labels;

impl Locale {
    /// The message of a key with its values, or what is wrong with the request: there is no such message, it lacks a
    /// value of such a name, or it needs one that is not given. A value `n` that is a whole number picks the plural form, and
    /// is written as the language writes numbers.
    pub fn asked(
        &self,
        key: &str,
        values: &[(&str, &str)],
    ) -> Result<Cow<'_, str>, Box<UnknownName>> {
        let (message, plurals) = self.known(key)?;
        let number = values.iter().find(|(name, _)| *name == "n");
        let number: Option<u64> = number.and_then(|(_, n)| n.parse().ok());
        let category = match (number, plurals) {
            (Some(n), Some(rules)) => rules.category_for(n),
            _ => PluralCategory::Other,
        };
        let text = message.form(category).unwrap_or_default();
        // Most have no values, and pages ask thousands of times.
        if values.is_empty() && !text.contains('{') {
            return Ok(Cow::Borrowed(text));
        }
        let english = messages::english().get(key);
        let is_known = |name: &&str| english.is_some_and(|it| messages::has_value(it, name));
        if let Some((name, _)) = values.iter().find(|(name, _)| !is_known(name)) {
            let known = english.map(messages::value_names);
            let known: Vec<&str> = known.into_iter().flatten().collect();
            let hint = match known.as_slice() {
                [] => Some("this message has no values".to_owned()),
                known => nearest_hint(name, known.iter().copied()),
            };
            let message = format!("the message `{key}` has no value `{{{name}}}`");
            return Err(unknown(message, hint));
        }
        let is_given = |name: &&str| values.iter().any(|(given, _)| given == name);
        if let Some(name) = messages::names_in(text).find(|name| is_known(name) && !is_given(name))
        {
            let message = format!("the message `{key}` needs a value `{{{name}}}`");
            return Err(unknown(
                message,
                Some(format!("write `t(key=\"{key}\", {name}=...)`")),
            ));
        }
        let Some(number) = number.map(|n| self.number(n)) else {
            return Ok(messages::fill(text, values));
        };
        let values = values.iter().map(|(name, value)| match *name {
            "n" => (*name, number.as_str()),
            _ => (*name, *value),
        });
        Ok(messages::fill(text, &values.collect::<Vec<_>>()))
    }

    /// Whether there is a message of a key.
    ///
    /// Unlike [`Self::knows`] it seeks no key that may be meant instead, which takes longer than all the rest of a page.
    pub fn has_message(&self, key: &str) -> bool {
        let message = self.message(key);
        message.is_some_and(|(message, _)| !matches!(message, Message::Words(_)))
    }

    /// Whether a key is that of a message, else which one may be meant.
    pub fn knows(&self, key: &str) -> Result<(), Box<UnknownName>> {
        self.known(key).map(drop)
    }

    fn known(&self, key: &str) -> Result<(&Message, Option<&PluralRules>), Box<UnknownName>> {
        match self.message(key) {
            Some((Message::Words(words), _)) => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let message = format!("`{key}` is no message, but a list of words");
                Err(unknown(
                    message,
                    Some(format!("they are {}", code_list(&words))),
                ))
            }
            Some(known) => Ok(known),
            None => {
                let known = messages::english().iter().map(|(known, _)| known);
                let hint = nearest_hint(key, known);
                Err(unknown(format!("there is no message `{key}`"), hint))
            }
        }
    }

    /// The words that Markdown adds to a page.
    pub fn labels(&self) -> Labels {
        let label = |key| self.text(key, &[]).into_owned();
        Labels {
            note: label("alert-note"),
            tip: label("alert-tip"),
            important: label("alert-important"),
            warning: label("alert-warning"),
            caution: label("alert-caution"),
            footnotes: label("footnotes"),
            footnote_back: label("footnote-back"),
            table: label("table"),
            task_done: label("task-done"),
            task_open: label("task-open"),
        }
    }
}

fn unknown(message: String, hint: Option<String>) -> Box<UnknownName> {
    Box::new(UnknownName {
        code: Code::BrokenTheme,
        message,
        hint,
    })
}
