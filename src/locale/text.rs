//! Texts for readers, in the site's languages.

use super::language::Language;
use crate::diagnostic::{Code, UnknownName, nearest_hint};

/// A language of a site, as its index in `languages`; 0 is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageIndex(pub usize);

impl LanguageIndex {
    /// The site's default language.
    pub const DEFAULT: Self = Self(0);
}

/// The index of the language that a tag names.
///
/// # Errors
///
/// Where the site does not have it, with what to add or the nearest tag.
pub fn language_of(languages: &[Language], tag: &str) -> Result<LanguageIndex, UnknownName> {
    let tags = || languages.iter().map(Language::as_str);
    tags()
        .position(|known| known == tag)
        .map(LanguageIndex)
        .ok_or_else(|| UnknownName {
            code: Code::UnknownLanguage,
            message: format!("`{tag}` is not among this site's languages"),
            hint: match Language::parse(tag) {
                Ok(_) => Some(format!("add \"{tag}\" to `languages` in `allclear.toml`")),
                Err(_) => nearest_hint(tag, tags()),
            },
        })
}

/// A text for readers: one string, or one for each language.
///
/// There is always at least one, and none is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalizedText {
    first: (LanguageIndex, String),
    others: Vec<(LanguageIndex, String)>,
}

impl LocalizedText {
    /// A text that is the same in every language.
    pub fn plain(text: String) -> Self {
        Self {
            first: (LanguageIndex::DEFAULT, text),
            others: Vec::new(),
        }
    }

    /// The texts of several languages, one at least; `None` where there is none.
    pub fn by_language(mut texts: Vec<(LanguageIndex, String)>) -> Option<Self> {
        texts.sort_by_key(|(language, _)| *language);
        let mut texts = texts.into_iter();
        Some(Self {
            first: texts.next()?,
            others: texts.collect(),
        })
    }

    /// Adds the text in another language; the first of a language stays.
    pub fn add(&mut self, language: LanguageIndex, text: String) {
        if self.exact(language).is_none() {
            self.others.push((language, text));
        }
    }

    /// The text in a language, else in the language that it was first written in; with the
    /// language that it is in.
    pub fn get(&self, language: LanguageIndex) -> (&str, LanguageIndex) {
        match self.exact(language) {
            Some(text) => (text, language),
            None => (&self.first.1, self.first.0),
        }
    }

    /// The text in a language, or in another where there is none.
    pub fn text(&self, language: LanguageIndex) -> &str {
        self.get(language).0
    }

    /// Every text, in whatever language.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.first)
            .chain(&self.others)
            .map(|(_, text)| text.as_str())
    }

    fn exact(&self, language: LanguageIndex) -> Option<&str> {
        std::iter::once(&self.first)
            .chain(&self.others)
            .find(|(at, _)| *at == language)
            .map(|(_, text)| text.as_str())
    }
}
