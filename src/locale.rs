//! Everything that differs between the languages of a site: messages, dates, numbers, plurals.
//!
//! A [`Language`] is a tag; a [`Locale`] is a language with its messages and formatters loaded. The
//! messages are TOML tables in the binary (`messages` says what they look like), the rest is CLDR's
//! data by ICU (`format` says which of it). A message that a language lacks is taken from
//! English, with English plurals: a half-translated page is better than none, and
//! [`Locale::missing`] lists the messages that are left to translate.
//!
//! No text is ever put together from parts in code where a translator could want another order:
//! each composition is a message itself.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{DateTime, NaiveDate, Weekday};
use chrono_tz::Tz;
use icu_plurals::{PluralCategory, PluralRules};

use self::calendar::Calendar;
use self::format::Formats;
use self::messages::{Message, Table};

pub use self::language::{Direction, Language, UnknownLanguage};
pub use self::messages::{MessageFault, MessageFaultKind};
pub use self::start::table_to_start;
pub use self::text::{LanguageIndex, LocalizedText, language_of};

mod asked;
mod calendar;
pub mod english;
mod format;
mod known;
mod language;
mod messages;
mod own_name;
mod plural;
mod sentence;
mod start;
mod text;
mod word;
mod zone;

/// The messages of a language, and its forms of dates, numbers and lists.
///
/// Made once for each language of a site and shared by all threads. Every method gives a text: what
/// is not known is shown as it is (a message's key in brackets, a date as ISO 8601) and never fails.
pub struct Locale {
    language: Language,
    messages: Table,
    formats: Option<Formats>,
    /// Where CLDR does not know the language's dates.
    calendar: Option<Calendar>,
    plurals: Option<PluralRules>,
    english_plurals: Option<PluralRules>,
    states: BTreeMap<String, &'static str>,
    synonyms: BTreeMap<String, BTreeSet<&'static str>>,
}

/// The built-in messages of a language by its tag, as TOML; `None` where there are none.
pub fn built_in_messages(tag: &str) -> Option<&'static str> {
    messages::built_in(tag)
}

impl Locale {
    /// Loads a language.
    pub fn new(language: &Language) -> Self {
        let messages = Table::built_in(language.base());
        let formats = Formats::load(language);
        let knows_dates = formats.as_ref().is_some_and(Formats::knows_dates);
        Self {
            calendar: (!knows_dates).then(|| Calendar::of(&messages)),
            states: state_words(&messages),
            synonyms: synonyms(&messages),
            messages,
            formats,
            plurals: plural::rules(language),
            english_plurals: plural::rules(&Language::english()),
            language: language.clone(),
        }
    }

    /// The same locale with single messages replaced by those of a theme's table, which is TOML text in the form of the
    /// built-in tables; and the messages that cannot be used, in the order of the text.
    pub fn with_overrides(mut self, table: &str) -> (Self, Vec<MessageFault>) {
        let faults = self.messages.override_with(table);
        if self.calendar.is_some() {
            self.calendar = Some(Calendar::of(&self.messages));
        }
        self.states = state_words(&self.messages);
        self.synonyms = synonyms(&self.messages);
        (self, faults)
    }

    /// A language with the tables of a theme, by their tags: its own before that of the language that it belongs to. What
    /// cannot be used in them is left out.
    pub fn with_tables<'a>(language: &Language, table: impl Fn(&str) -> Option<&'a str>) -> Self {
        let tags = language.tags().into_iter().rev();
        tags.fold(Self::new(language), |locale, tag| match table(&tag) {
            Some(table) => locale.with_overrides(table).0,
            None => locale,
        })
    }

    /// The language.
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// The language's own name for itself, as the messages have it, or else CLDR.
    pub fn own_name(&self) -> String {
        match self.messages.get("language-name") {
            Some(Message::Text(name)) => name.clone(),
            _ => self.language.own_name(),
        }
    }

    /// The messages that English has and the language lacks, sorted by key.
    pub fn missing(&self) -> Vec<MissingMessage> {
        let mut missing = Vec::new();
        // What people write for a state is read in the words that readers see as well.
        let is_needed = |message: &Message| {
            self.language.is_built_in() || !matches!(message, Message::Words(_))
        };
        let english = messages::english().iter();
        let english = english.filter(|(_, message)| is_needed(message));
        let optional = messages::optional().iter();
        let optional = optional.filter(|(key, _)| match *key {
            "language-name" => self.language.own_name() == self.language.as_str(),
            _ => self.calendar.is_some(),
        });
        for (key, _) in english.chain(optional) {
            match self.messages.get(key) {
                None => missing.push(MissingMessage { key, form: None }),
                Some(Message::Forms(forms)) => {
                    let needed = self.plurals.iter().flat_map(PluralRules::categories);
                    missing.extend(
                        needed
                            .filter(|category| forms.iter().all(|(form, _)| form != category))
                            .map(|category| MissingMessage {
                                key,
                                form: Some(plural::form_name(category)),
                            }),
                    );
                }
                Some(_) => {}
            }
        }
        missing
    }

    /// The message of a key, with each `{name}` replaced by the value of that name.
    ///
    /// A key that is no message's gives itself in brackets, so that a reader of the page sees the mistake.
    pub fn text(&self, key: &str, values: &[(&str, &str)]) -> Cow<'_, str> {
        match self
            .message(key)
            .and_then(|(message, _)| message.form(PluralCategory::Other))
        {
            Some(text) => messages::fill(text, values),
            None => Cow::Owned(format!("[{key}]")),
        }
    }

    /// The message of a key in the plural form for `n`; `{n}` in it is the number as the language writes it.
    pub fn count(&self, key: &str, n: u64, values: &[(&str, &str)]) -> String {
        let form = self.message(key).and_then(|(message, plurals)| {
            message.form(plurals.map_or(PluralCategory::Other, |rules| rules.category_for(n)))
        });
        let Some(text) = form else {
            return format!("[{key}]");
        };
        let number = self.number(n);
        let mut all = vec![("n", number.as_str())];
        all.extend_from_slice(values);
        messages::fill(text, &all).into_owned()
    }

    /// A message with the plural rules of the language that it is in.
    fn message(&self, key: &str) -> Option<(&Message, Option<&PluralRules>)> {
        match self.messages.get(key) {
            Some(message) => Some((message, self.plurals.as_ref())),
            None => Some((messages::english().get(key)?, self.english_plurals.as_ref())),
        }
    }

    /// The state of an update by its words, in this language or in English, as `investigating`.
    ///
    /// Capitals, kinds of spaces, hyphens, vowel signs and the like make no difference.
    pub fn update_state(&self, words: &str) -> Option<&'static str> {
        self.states.get(&word::fold(words)).copied()
    }

    /// The states that somebody may mean who writes these words, which need not be words that are read: `resolved` for
    /// `Fixed`. Accents make no difference.
    pub fn meant_states(&self, words: &str) -> Vec<&'static str> {
        let meant = self.synonyms.get(&word::fold_loosely(words));
        meant.into_iter().flatten().copied().collect()
    }

    /// The states of the words that are nearest to these, a slip or two away.
    pub fn nearest_states(&self, words: &str) -> Vec<&'static str> {
        let words = word::fold_loosely(words);
        let length = words.chars().count();
        let near = self.synonyms.iter().filter_map(|(known, states)| {
            let distance = strsim::osa_distance(&words, known);
            (distance * 4 <= length.min(known.chars().count())).then_some((distance, states))
        });
        let nearest = near.min_by_key(|(distance, _)| *distance);
        nearest
            .into_iter()
            .flat_map(|(_, states)| states)
            .copied()
            .collect()
    }

    /// The day of an instant in its zone, with the month by name, as `Dec 28, 2022`.
    pub fn date(&self, at: DateTime<Tz>) -> String {
        self.full_day(at.date_naive())
    }

    /// A day, with the month by name and the year, as `Dec 28, 2022`.
    pub fn full_day(&self, date: NaiveDate) -> String {
        if let Some(calendar) = &self.calendar {
            return calendar.date(date);
        }
        self.formatted(|formats| formats.date(date))
            .unwrap_or_else(|| date.to_string())
    }

    /// A day with its weekday, as `Wed, Dec 28, 2022`.
    pub fn day(&self, date: NaiveDate) -> String {
        if let Some(calendar) = &self.calendar {
            return calendar.day(date);
        }
        self.formatted(|formats| formats.day(date))
            .unwrap_or_else(|| date.to_string())
    }

    /// A day without its year, as `Dec 28`.
    pub fn day_month(&self, date: NaiveDate) -> String {
        if let Some(calendar) = &self.calendar {
            return calendar.day_month(date);
        }
        self.formatted(|formats| formats.day_month(date))
            .unwrap_or_else(|| date.to_string())
    }

    /// A year, as `2022`.
    pub fn year(&self, year: i32) -> String {
        self.formatted(|formats| formats.year(year))
            .unwrap_or_else(|| year.to_string())
    }

    /// A month with its year, as a heading, as `December 2022`.
    pub fn month(&self, year: i32, month: u32) -> String {
        if let Some(calendar) = &self.calendar {
            return calendar.month(year, month);
        }
        self.formatted(|formats| formats.month(year, month))
            .unwrap_or_else(|| format!("{year}-{month:02}"))
    }

    /// A month, from 1, as a heading, as `December`.
    pub fn month_name(&self, month: u32) -> String {
        if let Some(calendar) = &self.calendar {
            return calendar.month_name(month);
        }
        self.formatted(|formats| formats.month_name(month))
            .unwrap_or_else(|| month.to_string())
    }

    /// The same in short, as `Dec`.
    pub fn short_month_name(&self, month: u32) -> String {
        if let Some(calendar) = &self.calendar {
            return calendar.short_month_name(month);
        }
        self.formatted(|formats| formats.short_month_name(month))
            .unwrap_or_else(|| month.to_string())
    }

    /// A day of the week, as `Sunday`.
    pub fn weekday(&self, day: Weekday) -> String {
        self.formatted(|formats| formats.weekday(day))
            .unwrap_or_else(|| day.to_string())
    }

    /// The time of day of an instant with its zone, as `8:30 PM EST`.
    ///
    /// The zone has the abbreviation that readers of the language use, as `MEZ` in German; one whose abbreviation is only a
    /// number is written as its offset, as `UTC+3`.
    pub fn time(&self, at: DateTime<Tz>) -> String {
        let mut time = self.clock(at);
        time.push(' ');
        time.push_str(&self.zone(at));
        time
    }

    /// The time of day without its zone, as `8:30 PM`.
    pub fn clock(&self, at: DateTime<Tz>) -> String {
        self.formatted(|formats| formats.time(&at))
            .unwrap_or_else(|| at.format("%H:%M").to_string())
    }

    /// The name of the zone at an instant, as `EST`.
    pub fn zone(&self, at: DateTime<Tz>) -> String {
        zone::name(&self.language, &at).into_owned()
    }

    /// The day and the time of day of an instant, as `Dec 28, 2022, 8:30 PM EST`.
    pub fn date_time(&self, at: DateTime<Tz>) -> String {
        let (date, time) = (self.date(at), self.time(at));
        self.text("date-time", &[("date", &date), ("time", &time)])
            .into_owned()
    }

    /// A measured value, with at most two decimals; an infinite one is `∞`.
    pub fn decimal(&self, value: f64) -> String {
        if value.is_infinite() {
            return if value > 0.0 { "∞" } else { "-∞" }.to_owned();
        }
        self.formatted(|formats| Some(formats.decimal(value)))
            .unwrap_or_else(|| value.to_string())
    }

    /// A whole number, as `12,345`.
    pub fn number(&self, n: u64) -> String {
        self.formatted(|formats| Some(formats.number(n)))
            .unwrap_or_else(|| n.to_string())
    }

    /// A ratio as a percentage of at most `digits` decimals (nine at most), as `99.21%`.
    ///
    /// It is rounded down, so that only a ratio of exactly 1 or more reads 100 %; zeros at its end are
    /// dropped. A ratio below 0, or one that is no number, reads 0 %.
    pub fn percent(&self, ratio: f64, digits: u8) -> String {
        let digits = digits.min(9);
        let units = format::percent_units(ratio, digits);
        self.formatted(|formats| Some(formats.percent(units, digits)))
            .unwrap_or_else(|| format!("{}%", units as f64 / 10_f64.powi(digits.into())))
    }

    /// Items as a list in a sentence, as `Web, iOS app, and Log-in`.
    ///
    /// An item that is written in the other direction is held together by [`Locale::isolate`].
    pub fn list(&self, items: &[&str]) -> String {
        let items: Vec<Cow<'_, str>> = items.iter().map(|item| self.isolate(item)).collect();
        self.formatted(|formats| Some(formats.list(&items)))
            .unwrap_or_else(|| items.join(", "))
    }

    /// A name for use inside a text of this language: one with letters of the other direction is put between
    /// Unicode's isolates (U+2068, U+2069), so that the two do not get into each other.
    pub fn isolate<'a>(&self, name: &'a str) -> Cow<'a, str> {
        format::isolate(name, self.language.direction())
    }

    fn formatted(&self, format: impl FnOnce(&Formats) -> Option<String>) -> Option<String> {
        self.formats.as_ref().and_then(format)
    }
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Locale")
            .field(&self.language.as_str())
            .finish()
    }
}

/// A message, or a plural form of one, that a language lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingMessage {
    /// The message.
    pub key: &'static str,
    /// The form, as `few`; `None` where the whole message is missing.
    pub form: Option<&'static str>,
}

impl fmt::Display for MissingMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            None => write!(f, "`{}`", self.key),
            Some(form) => write!(f, "`{}.{form}`", self.key),
        }
    }
}

fn state_words(messages: &Table) -> BTreeMap<String, &'static str> {
    let mut words = BTreeMap::new();
    word::add_states(&mut words, messages::english());
    word::add_states(&mut words, messages);
    words
}

fn synonyms(messages: &Table) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut words = BTreeMap::new();
    word::add_synonyms(&mut words, messages::english());
    word::add_synonyms(&mut words, messages);
    words
}

#[cfg(test)]
mod tests;
