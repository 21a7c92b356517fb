//! Texts that read like the heading of an update and are none: `Fixed · 2022-12-28 22:10`.
//!
//! An author who meant an update and wrote something else sees a page on which it is missing, or does not look. So what a
//! person would take for an update is reported. Prose must not be: a lookalike is a few words and a time with nothing
//! else, and the less it looks like a heading, the surer its words must be.

use std::cell::OnceCell;

use self::plain::plain;
use super::names::{Names, state};
use crate::locale::LanguageIndex;
use crate::markdown::Standing;
use crate::site::vocabulary::{State, Word};
use crate::time::{self, WrittenTime};

mod plain;
#[cfg(test)]
mod tests;

/// A text that reads like the heading of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lookalike {
    /// The words, without what stands around them.
    pub words: String,
    /// Their meaning.
    pub meaning: Meaning,
    /// The time.
    time: WrittenTime,
    separator: Separator,
    /// Whether the time stands before the words.
    is_reversed: bool,
    /// The braces behind it, with what they hold.
    attributes: String,
}

/// The meaning of the words of a lookalike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A status word.
    Word(State),
    /// Words that people write for these.
    Synonym(Vec<State>),
    /// Nearly a status word, or nearly one of those.
    Typo(Vec<State>),
    /// Words of which one is a status word, or one of those.
    Mention(Vec<State>),
    /// Anything else.
    Unknown,
}

/// The mark between the words and the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    /// A separator of updates, or a character that looks like one.
    Known,
    /// Another mark, as a colon.
    Other,
    /// White space alone.
    Blank,
}

/// The characters that may stand between the word and the time of an update.
pub(super) const SEPARATORS: [char; 6] = ['·', '-', '–', '—', '|', '@'];

/// The English months in small letters.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The most words of a lookalike that mean nothing.
const FEW_WORDS: usize = 4;

/// The most characters of these.
const FEW_CHARACTERS: usize = 40;

/// The longest text that can be a lookalike, in bytes: some words and the longest time. Every place in it is a place
/// where it may be cut, so that a text without a bound would take its length squared.
const LONGEST: usize = 400;

impl Lookalike {
    /// The lookalike in a text without the marks of its heading; `None` where it is prose beyond doubt.
    pub(super) fn read(text: &str, language: LanguageIndex, names: &Names<'_>) -> Option<Self> {
        if !text.chars().any(char::is_numeric) {
            return None;
        }
        let (text, attributes) = without_braces(text);
        let text = plain(&text);
        if text.len() > LONGEST {
            return None;
        }
        let vocabulary = Vocabulary::new(language, names);
        let found = vocabulary
            .forwards(&text)
            .or_else(|| vocabulary.backwards(&text))?;
        Some(Self {
            attributes: attributes.to_owned(),
            ..found
        })
    }

    /// The status word that is all of a text, without a time.
    pub(super) fn timeless(text: &str, language: LanguageIndex, names: &Names<'_>) -> Option<Self> {
        let text = plain(text);
        let words = trimmed(&text);
        let meaning = Vocabulary::new(language, names).meaning(words);
        let time = WrittenTime {
            has_date: false,
            has_clock: false,
            words: 0,
            canonical: None,
        };
        let is_exact = matches!(meaning, Meaning::Word(_) | Meaning::Synonym(_));
        is_exact.then(|| lookalike(words, meaning, time, Separator::Known))
    }

    /// The state that a heading says which is all of these words, as `Resolved:`. A word that people use instead, as
    /// `Closed`, may be the title of a passage: of it a separator says that a time should follow.
    pub(super) fn said_alone(&self, heading: &str) -> Option<State> {
        match &self.meaning {
            Meaning::Word(state) => Some(*state),
            Meaning::Synonym(states) if heading.trim_end().ends_with(SEPARATORS) => {
                states.first().copied()
            }
            _ => None,
        }
    }

    /// Whether somebody who wrote it, as a line of this standing, meant an update.
    pub(super) fn is_meant(&self, standing: &Standing) -> bool {
        let is_exact = matches!(self.meaning, Meaning::Word(_) | Meaning::Synonym(_));
        let is_full = self.time.has_date && self.time.has_clock;
        let is_marked = *standing == Standing::Section && self.separator == Separator::Known;
        let is_typo = matches!(self.meaning, Meaning::Typo(_)) && (is_full || is_marked);
        let is_heading = matches!(
            standing,
            Standing::Section | Standing::Heading { .. } | Standing::Text
        );
        let is_sure = is_exact || is_typo;
        match (standing, self.is_reversed) {
            (Standing::Content, _) => false,
            (Standing::Swallowed { .. }, _) => is_full && is_sure,
            (Standing::Section, true) => is_sure,
            (_, true) => is_full && (is_exact || is_typo && is_heading),
            (Standing::Section, false) if is_sure => true,
            (Standing::Emphasis { is_whole, alike }, false) => {
                // Labels that stand one above the other, as `**Resolved:** ...` below `**Started:** ...`, tell of an
                // update; and behind a bold word may stand a sentence, in which a time is named.
                let is_label = *alike > 1 && self.separator != Separator::Known;
                let is_sentence = self.time.words > usize::from(is_full);
                match is_whole {
                    true => !is_label && self.is_like_a_heading(is_sure, is_full),
                    false => {
                        !is_label
                            && !is_sentence
                            && is_sure
                            && (is_full || self.separator != Separator::Blank)
                    }
                }
            }
            _ => self.is_like_a_heading(is_sure, is_full),
        }
    }

    /// Whether it is meant where a heading stands, or a line that looks like one.
    fn is_like_a_heading(&self, is_sure: bool, is_full: bool) -> bool {
        // Without any mark between them, words and half a time may be the title of a passage.
        let is_half = self.separator != Separator::Blank && self.time.words <= 1;
        match is_sure {
            true => is_full || is_half,
            false => is_full && self.separator == Separator::Known && is_short(&self.words),
        }
    }

    /// The hint: the words that may be meant, and the whole heading where it is known.
    pub(super) fn hint(&self, language: LanguageIndex, names: &Names<'_>) -> String {
        let (states, question) = match &self.meaning {
            Meaning::Word(state) => (std::slice::from_ref(state), None),
            Meaning::Synonym(states) | Meaning::Typo(states) | Meaning::Mention(states) => {
                let words: Vec<String> = states
                    .iter()
                    .map(|state| code(*state, language, names))
                    .collect();
                (
                    states.as_slice(),
                    Some(format!("did you mean {}?", words.join(" or "))),
                )
            }
            Meaning::Unknown => {
                let words: Vec<String> = State::ALL
                    .iter()
                    .map(|state| code(*state, language, names))
                    .collect();
                (
                    &[][..],
                    Some(format!("the status words are {}", words.join(", "))),
                )
            }
        };
        let heading = self.heading(states.first().copied(), language, names);
        let exactly = matches!(self.meaning, Meaning::Word(_) | Meaning::Synonym(_));
        let otherwise = match exactly {
            true => "",
            false => "; if it is no update, keep the time out of it",
        };
        match (question, states) {
            (None, _) => format!("write `{heading}`"),
            (Some(known), []) => format!("{known}, as in `{heading}`{otherwise}"),
            (Some(question), _) => format!("{question} Write `{heading}`{otherwise}"),
        }
    }

    /// The heading that is meant, with an example of what is not known.
    fn heading(&self, state: Option<State>, language: LanguageIndex, names: &Names<'_>) -> String {
        let state = state.unwrap_or(State::Investigating);
        let known = self.time.canonical.as_deref();
        let known = known.filter(|time| time::parse(time, names.zone).is_ok());
        let mut heading = format!(
            "## {} · {}",
            label(state, language, names),
            known.unwrap_or("2022-12-28 19:45")
        );
        if self.attributes.ends_with('}') {
            heading.push(' ');
            heading.push_str(&self.attributes);
        }
        heading
    }
}

/// A time of an update in the form of files, where it is written otherwise and there is no doubt about it.
pub(super) fn canonical_time(
    text: &str,
    language: LanguageIndex,
    names: &Names<'_>,
) -> Option<String> {
    let written = Vocabulary::new(language, names).time(&plain(text))?;
    let canonical = written.canonical?;
    time::parse(&canonical, names.zone)
        .is_ok()
        .then_some(canonical)
}

/// A status word as hints name it: English ones as in data, others as pages show them.
fn code(state: State, language: LanguageIndex, names: &Names<'_>) -> String {
    let is_english = names
        .languages
        .get(language.0)
        .is_none_or(|it| it.base() == "en");
    match is_english {
        true => format!("`{}`", state.as_str()),
        false => format!("`{}`", label(state, language, names)),
    }
}

/// A status word as pages in a language show it.
pub(super) fn label(state: State, language: LanguageIndex, names: &Names<'_>) -> String {
    let key = format!("state-{}", state.as_str());
    match names.locales.get(language.0) {
        Some(locale) => locale.text(&key, &[]).into_owned(),
        None => state.as_str().to_owned(),
    }
}

fn is_short(words: &str) -> bool {
    words.split_whitespace().count() <= FEW_WORDS && words.chars().count() <= FEW_CHARACTERS
}

/// The words of a language by which lookalikes are found.
struct Vocabulary<'a> {
    language: LanguageIndex,
    names: &'a Names<'a>,
    /// The names of the months in the language and in English, in small letters, once a word may be one.
    months: OnceCell<Vec<String>>,
}

impl<'a> Vocabulary<'a> {
    fn new(language: LanguageIndex, names: &'a Names<'a>) -> Self {
        Self {
            language,
            names,
            months: OnceCell::new(),
        }
    }

    fn months(&self) -> &[String] {
        self.months.get_or_init(|| {
            let english = MONTHS.into_iter().map(str::to_owned);
            let own = self.names.locales.get(self.language.0).into_iter();
            let own = own.flat_map(|it| (1..=12).map(|month| it.month_name(month).to_lowercase()));
            english.chain(own).collect()
        })
    }

    /// Words, a separator and a time.
    fn forwards(&self, text: &str) -> Option<Lookalike> {
        let mut other = None;
        for at in cuts(text) {
            let (words, time) = text.split_at(at);
            let separator = separator(words, time);
            let words = trimmed(words);
            let Some(time) = self.time(time).filter(|_| !words.is_empty()) else {
                continue;
            };
            let meaning = self.meaning(words);
            let is_exact = matches!(meaning, Meaning::Word(_) | Meaning::Synonym(_));
            let found = lookalike(words, meaning, time, separator);
            if is_exact {
                return Some(found);
            }
            // The mark is what tells words that mean nothing from those that belong to the time.
            if other.is_none() || separator == Separator::Known {
                other = Some(found);
            }
        }
        other.filter(|found| self.time(&found.words).is_none())
    }

    /// A time, a separator and words that mean something.
    fn backwards(&self, text: &str) -> Option<Lookalike> {
        for at in cuts(text) {
            let (time, words) = text.split_at(at);
            let separator = separator(time, words);
            let words = trimmed(words);
            let Some(time) = self.time(time) else {
                continue;
            };
            let meaning = self.meaning(words);
            if matches!(
                meaning,
                Meaning::Word(_) | Meaning::Synonym(_) | Meaning::Typo(_)
            ) {
                return Some(Lookalike {
                    is_reversed: true,
                    ..lookalike(words, meaning, time, separator)
                });
            }
        }
        None
    }

    /// The time that is all of a text.
    fn time(&self, text: &str) -> Option<WrittenTime> {
        let is_mark = |c: char| !c.is_alphanumeric() && !matches!(c, '+' | '(');
        time::written(text.trim_start_matches(is_mark), |word| self.is_month(word))
    }

    fn is_month(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        let length = word.chars().count();
        let is_like = |month: &String| {
            word.chars().take(3).eq(month.chars().take(3)) && length <= month.chars().count() + 1
        };
        length >= 3 && self.months().iter().any(is_like)
    }

    fn meaning(&self, words: &str) -> Meaning {
        let locale = self.names.locales.get(self.language.0);
        let Some(locale) = locale.filter(|_| words.len() <= 80) else {
            return Meaning::Unknown;
        };
        let words = numberless(words);
        if let Some(state) = state(words, self.language, self.names) {
            return Meaning::Word(state);
        }
        let synonym = states(&locale.meant_states(words));
        if !synonym.is_empty() {
            return Meaning::Synonym(synonym);
        }
        // Whoever copies an update from another language of the site may forget to translate its word.
        let others = self
            .names
            .locales
            .iter()
            .map(|other| states(&other.meant_states(words)));
        if let Some(states) = others.into_iter().find(|states| !states.is_empty()) {
            return Meaning::Synonym(states);
        }
        let near = states(&locale.nearest_states(words));
        if !near.is_empty() {
            return Meaning::Typo(near);
        }
        let parts = words.split(|c: char| !c.is_alphanumeric());
        let mentioned = parts.map(|word| states(&locale.meant_states(word)));
        match mentioned.rev().find(|states| !states.is_empty()) {
            Some(states) => Meaning::Mention(states),
            None => Meaning::Unknown,
        }
    }
}

fn lookalike(words: &str, meaning: Meaning, time: WrittenTime, separator: Separator) -> Lookalike {
    Lookalike {
        words: words.to_owned(),
        meaning,
        time,
        separator,
        is_reversed: false,
        attributes: String::new(),
    }
}

/// The states of words of data, in the order of their course.
fn states(words: &[&str]) -> Vec<State> {
    let states = State::ALL.iter().copied();
    states
        .filter(|state| words.contains(&state.as_str()))
        .collect()
}

/// A text without its braces, and these with what they hold, wherever they stand.
fn without_braces(text: &str) -> (String, &str) {
    let Some((before, rest)) = text.split_once('{') else {
        return (text.to_owned(), "");
    };
    let braces = &text[before.len()..];
    match rest.split_once('}') {
        Some((inside, after)) => (format!("{before}{after}"), &braces[..inside.len() + 2]),
        None => (before.to_owned(), braces.trim_end()),
    }
}

/// Words without the number of an update: `Update 2`, `Update #2`.
fn numberless(words: &str) -> &str {
    let rest = words.trim_end_matches(|c: char| c.is_ascii_digit());
    match rest.len() < words.len() {
        true => rest.trim_end_matches(['#', ' ']),
        false => words,
    }
}

/// The places where a text may be cut in two: each white space and each mark.
fn cuts(text: &str) -> impl Iterator<Item = usize> {
    let marks = text.char_indices().skip(1);
    let marks = marks.filter(|(_, c)| !c.is_alphanumeric());
    marks.map(|(at, _)| at)
}

/// The separator around a cut.
fn separator(before: &str, after: &str) -> Separator {
    let is_mark = |c: &char| !c.is_alphanumeric();
    let marks = before
        .chars()
        .rev()
        .take_while(is_mark)
        .chain(after.chars().take_while(is_mark));
    let marks: Vec<char> = marks.collect();
    let is_hyphen = marks == ['-'];
    let is_before_time = after
        .trim_start_matches('-')
        .starts_with(|c: char| c.is_ascii_digit());
    let is_known = |c: &char| SEPARATORS.contains(c);
    if marks.iter().any(is_known) && (!is_hyphen || is_before_time) {
        return Separator::Known;
    }
    match marks.iter().all(|c| c.is_whitespace()) {
        true => Separator::Blank,
        false => Separator::Other,
    }
}

/// Words without the marks and pictures around them.
fn trimmed(words: &str) -> &str {
    words.trim_matches(|c: char| !c.is_alphanumeric() && !is_sign(c))
}

/// Whether a character belongs to the letter before it, as the signs of vowels do.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}')
}
