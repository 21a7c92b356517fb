//! Texts for readers, in the site's languages.

use crate::diagnostic::{Code, nearest_hint};
use crate::locale::Language;
use crate::tree::{Node, Reader, Value};

/// A language of a site, as its index in `languages`; 0 is the default.
pub type LanguageIndex = usize;

/// A text for readers: one string, or one for each language.
///
/// There is always at least one, and none is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalText {
    first: (LanguageIndex, String),
    others: Vec<(LanguageIndex, String)>,
}

impl LocalText {
    /// A text that is the same in every language.
    pub fn plain(text: String) -> Self {
        Self {
            first: (0, text),
            others: Vec::new(),
        }
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

    /// Reads a string, or a table of strings by language.
    pub fn read(node: &Node, languages: &[Language], reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Table(entries) = &node.value else {
            if !matches!(node.value, Value::Text(_)) {
                reader.wrong_type(node, "text, or a table of texts by language");
                return None;
            }
            return read_string(node, reader).map(Self::plain);
        };
        let mut texts = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            match languages
                .iter()
                .position(|language| language.as_str() == key.name)
            {
                Some(language) => {
                    texts.extend(read_string(value, reader).map(|text| (language, text)))
                }
                None => {
                    let message = format!("`{}` is not among this site's languages", key.name);
                    let hint = match Language::parse(&key.name) {
                        Ok(_) => Some(format!(
                            "add \"{}\" to `languages` in `allclear.toml`",
                            key.name
                        )),
                        Err(_) => nearest_hint(&key.name, languages.iter().map(Language::as_str)),
                    };
                    reader.error(Code::UnknownLanguage, &key.span, message, hint);
                }
            }
        }
        texts.sort_by_key(|(language, _)| *language);
        let mut texts = texts.into_iter();
        match texts.next() {
            Some(first) => Some(Self {
                first,
                others: texts.collect(),
            }),
            None if entries.is_empty() => {
                let message = "this needs a text in at least one language";
                reader.error(Code::EmptyText, &node.span, message, None);
                None
            }
            None => None,
        }
    }
}

fn read_string(node: &Node, reader: &mut Reader<'_>) -> Option<String> {
    let text = reader.text(node)?.trim();
    if text.is_empty() {
        reader.error(Code::EmptyText, &node.span, "this text is empty", None);
        return None;
    }
    // One line: a name or title with a line break breaks every list that it stands in.
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
