//! The languages that a site can be published in.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use icu_locale::{LanguageIdentifier, LocaleDirectionality, LocaleExpander};

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From left to right.
    Ltr,
    /// From right to left.
    Rtl,
}

impl Direction {
    /// `ltr` or `rtl`, as HTML's `dir` wants it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// The facts about a language that are known before any of its data is loaded.
struct Supported {
    /// The tag that its messages were written for.
    tag: &'static str,
    /// The only script that it is supported in.
    script: &'static str,
    /// Its own name for itself.
    own_name: &'static str,
}

const fn known(tag: &'static str, script: &'static str, own_name: &'static str) -> Supported {
    Supported {
        tag,
        script,
        own_name,
    }
}

/// ICU knows no unknown language: it falls back to its root data in silence. So the languages are
/// listed here, and every other tag is refused.
const KNOWN: [Supported; 15] = [
    known("ar", "Arab", "العربية"),
    known("de", "Latn", "Deutsch"),
    known("en", "Latn", "English"),
    known("es", "Latn", "Español"),
    known("fa", "Arab", "فارسی"),
    known("fr", "Latn", "Français"),
    known("he", "Hebr", "עברית"),
    known("hi", "Deva", "हिन्दी"),
    known("id", "Latn", "Bahasa Indonesia"),
    known("ja", "Jpan", "日本語"),
    known("pt-BR", "Latn", "Português"),
    known("ru", "Cyrl", "Русский"),
    known("tr", "Latn", "Türkçe"),
    known("uk", "Cyrl", "Українська"),
    known("zh", "Hans", "简体中文"),
];

/// A language of a site: a BCP 47 tag such as `en`, `ar` or `pt-BR`.
///
/// It is one of the languages that allclear can format dates and numbers for, perhaps of a region;
/// its tag is in BCP 47's canonical case, so that equal languages have equal tags.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language {
    tag: Arc<str>,
    /// The tag of [`KNOWN`] that it belongs to.
    base: &'static str,
    direction: Direction,
}

impl Language {
    /// The tags of all supported languages, sorted; a region can be added to each.
    pub fn supported() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|known| known.tag)
    }

    /// Reads a tag, in any case.
    ///
    /// # Errors
    ///
    /// The tag is not well-formed, or its language or script is not supported: `zh-TW` is written in
    /// another script than `zh`, so its readers are not served simplified Chinese.
    pub fn parse(tag: &str) -> Result<Self, UnknownLanguage> {
        let unknown = || UnknownLanguage {
            tag: tag.to_owned(),
        };
        let id = LanguageIdentifier::try_from_str(tag).map_err(|_| unknown())?;
        let script = LocaleExpander::new_common()
            .get_likely_script(&id)
            .ok_or_else(unknown)?;
        let known = KNOWN
            .iter()
            .find(|known| {
                language_of(known.tag) == id.language.as_str() && known.script == script.as_str()
            })
            .ok_or_else(unknown)?;
        let direction = if LocaleDirectionality::new_common().is_right_to_left(&id) {
            Direction::Rtl
        } else {
            Direction::Ltr
        };
        Ok(Self {
            tag: id.to_string().into(),
            base: known.tag,
            direction,
        })
    }

    /// English, which every language falls back to.
    pub fn english() -> Self {
        Self {
            tag: "en".into(),
            base: "en",
            direction: Direction::Ltr,
        }
    }

    /// The BCP 47 tag, as `pt-BR`.
    pub fn as_str(&self) -> &str {
        &self.tag
    }

    /// The language with the region in which most of its readers are, where it says none: `en_US` for `en`.
    pub fn with_region(&self) -> String {
        let Ok(mut id) = LanguageIdentifier::try_from_str(&self.tag) else {
            return self.tag.to_string();
        };
        LocaleExpander::new_common().maximize(&mut id);
        match id.region {
            Some(region) => format!("{}_{region}", id.language),
            None => id.language.to_string(),
        }
    }

    /// Which way it is written.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Its own name for itself, as `العربية`; with the region where the tag has one, as `English (GB)`.
    pub fn own_name(&self) -> String {
        let name = KNOWN
            .iter()
            .find(|known| known.tag == self.base)
            .map_or(self.base, |known| known.own_name);
        match self.region() {
            None => name.to_owned(),
            Some("BR") => format!("{name} (Brasil)"),
            Some(region) => format!("{name} ({region})"),
        }
    }

    /// The supported tag that it belongs to: `pt-BR` for `pt-PT`.
    pub fn base(&self) -> &'static str {
        self.base
    }

    /// The language alone: `pt` of `pt-BR`.
    pub(super) fn primary(&self) -> &'static str {
        language_of(self.base)
    }

    /// The region, as `BR` of `pt-BR`.
    pub(super) fn region(&self) -> Option<&str> {
        self.tag
            .split('-')
            .skip(1)
            .find(|part| matches!(part.len(), 2 | 3) && !part.starts_with(char::is_lowercase))
    }
}

fn language_of(tag: &'static str) -> &'static str {
    tag.split_once('-').map_or(tag, |(language, _)| language)
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tag)
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        Self::parse(tag)
    }
}

/// A tag that is no supported language's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLanguage {
    /// The tag as it was written.
    pub tag: String,
}

impl UnknownLanguage {
    /// The hint: all the supported languages.
    pub fn hint(&self) -> String {
        let all: Vec<String> = Language::supported()
            .map(|tag| format!("`{tag}`"))
            .collect();
        format!(
            "supported: {}; a region may follow, as in `en-GB`",
            all.join(", ")
        )
    }
}

impl fmt::Display for UnknownLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no supported language", self.tag)
    }
}

impl std::error::Error for UnknownLanguage {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn a_tag_is_brought_into_its_canonical_form() {
        assert_eq!(Language::parse("PT-br").unwrap().as_str(), "pt-BR");
        assert_eq!(Language::parse("en").unwrap(), Language::english());
        assert_eq!(Language::parse("zh-Hans-SG").unwrap().base(), "zh");
    }

    #[test]
    fn every_supported_language_has_a_direction_and_a_name() {
        let all: Vec<String> = Language::supported()
            .map(|tag| {
                let language = Language::parse(tag).unwrap();
                format!(
                    "{language} {} {}",
                    language.direction().as_str(),
                    language.own_name()
                )
            })
            .collect();
        assert_eq!(
            all,
            [
                "ar rtl العربية",
                "de ltr Deutsch",
                "en ltr English",
                "es ltr Español",
                "fa rtl فارسی",
                "fr ltr Français",
                "he rtl עברית",
                "hi ltr हिन्दी",
                "id ltr Bahasa Indonesia",
                "ja ltr 日本語",
                "pt-BR ltr Português (Brasil)",
                "ru ltr Русский",
                "tr ltr Türkçe",
                "uk ltr Українська",
                "zh ltr 简体中文",
            ]
        );
        assert_eq!(Language::parse("en-GB").unwrap().own_name(), "English (GB)");
        assert_eq!(
            Language::parse("es-419").unwrap().own_name(),
            "Español (419)"
        );
    }

    #[test]
    fn other_languages_and_scripts_are_refused() {
        for tag in [
            "",
            "e",
            "xx",
            "sv",
            "zh-TW",
            "zh-Hant",
            "en-Arab",
            "en--GB",
            "en-u-nu-arab",
            "english language",
        ] {
            assert_eq!(
                Language::parse(tag),
                Err(UnknownLanguage { tag: tag.into() })
            );
        }
        let error = Language::parse("sv").unwrap_err();
        assert_eq!(error.to_string(), "`sv` is no supported language");
        assert_eq!(
            error.hint(),
            "supported: `ar`, `de`, `en`, `es`, `fa`, `fr`, `he`, `hi`, `id`, `ja`, `pt-BR`, `ru`, `tr`, `uk`, `zh`; \
             a region may follow, as in `en-GB`"
        );
    }
}
