//! The languages that a site can be published in.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use icu_locale::{LanguageIdentifier, LocaleDirectionality, LocaleExpander};

use super::own_name;

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
    /// The script that its messages are written in.
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

/// The languages that allclear has messages for.
const KNOWN: [Supported; 20] = [
    known("ar", "Arab", "العربية"),
    known("de", "Latn", "Deutsch"),
    known("en", "Latn", "English"),
    known("es", "Latn", "Español"),
    known("fa", "Arab", "فارسی"),
    known("fr", "Latn", "Français"),
    known("he", "Hebr", "עברית"),
    known("hi", "Deva", "हिन्दी"),
    known("id", "Latn", "Bahasa Indonesia"),
    known("it", "Latn", "Italiano"),
    known("ja", "Jpan", "日本語"),
    known("ko", "Kore", "한국어"),
    known("nl", "Latn", "Nederlands"),
    known("pl", "Latn", "Polski"),
    known("pt-BR", "Latn", "Português"),
    known("ru", "Cyrl", "Русский"),
    known("tr", "Latn", "Türkçe"),
    known("uk", "Cyrl", "Українська"),
    known("zh", "Hans", "简体中文"),
    known("zh-Hant", "Hant", "繁體中文"),
];

/// A language of a site: a BCP 47 tag such as `en`, `ar` or `pt-BR`.
///
/// It is one of the languages that allclear has messages for, perhaps of a region, or another that CLDR knows, whose messages
/// a theme has; its tag is in BCP 47's canonical case, so that equal languages have equal tags.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language {
    tag: Arc<str>,
    /// The tag of [`KNOWN`] that it belongs to; `None` for a language that allclear has no messages for.
    base: Option<&'static str>,
    direction: Direction,
}

impl Language {
    /// The tags of all languages that allclear has messages for, sorted; a region can be added to each.
    pub fn supported() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|known| known.tag)
    }

    /// Reads a tag, in any case.
    ///
    /// # Errors
    ///
    /// The tag is not well-formed, or names no language that CLDR knows: ICU would fall back to its root data in silence.
    pub fn parse(tag: &str) -> Result<Self, UnknownLanguage> {
        let unknown = || UnknownLanguage {
            tag: tag.to_owned(),
        };
        let id = LanguageIdentifier::try_from_str(tag).map_err(|_| unknown())?;
        let script = LocaleExpander::new_extended()
            .get_likely_script(&id)
            .filter(|_| id.language.as_str() != "und")
            .ok_or_else(unknown)?;
        // `zh-TW` is written in another script than `zh`: its readers are not served simplified Chinese.
        let known = KNOWN.iter().find(|known| {
            language_of(known.tag) == id.language.as_str() && known.script == script.as_str()
        });
        let direction = if LocaleDirectionality::new_extended().is_right_to_left(&id) {
            Direction::Rtl
        } else {
            Direction::Ltr
        };
        Ok(Self {
            tag: id.to_string().into(),
            base: known.map(|known| known.tag),
            direction,
        })
    }

    /// English, which every language falls back to.
    pub fn english() -> Self {
        Self {
            tag: "en".into(),
            base: Some("en"),
            direction: Direction::Ltr,
        }
    }

    /// The BCP 47 tag, as `pt-BR`.
    pub fn as_str(&self) -> &str {
        &self.tag
    }

    /// The language with the region in which most of its readers are, where it says none: `en_US` for `en`.
    pub fn as_open_graph(&self) -> String {
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

    /// Its own name for itself, as `العربية`, or where nobody knows that its tag; with the region where the tag has one, as
    /// `English (GB)`.
    pub fn own_name(&self) -> String {
        match KNOWN.iter().find(|known| Some(known.tag) == self.base) {
            Some(known) => self.with_region(known.own_name),
            None => match self.tags().iter().find_map(|tag| own_name::of(tag)) {
                Some(name) => self.with_region(name),
                None => self.tag.to_string(),
            },
        }
    }

    fn with_region(&self, name: &str) -> String {
        match self.region() {
            None => name.to_owned(),
            Some("BR") => format!("{name} (Brasil)"),
            Some(region) => format!("{name} ({region})"),
        }
    }

    /// Whether allclear has messages for it.
    pub fn is_built_in(&self) -> bool {
        self.base.is_some()
    }

    /// The tag of the language that it belongs to: `pt-BR` for `pt-PT`; its own where allclear has no messages for it.
    pub fn base(&self) -> &str {
        self.base.unwrap_or(&self.tag)
    }

    /// The tags of the languages whose messages it uses, from its own on: `zh-Hant-HK`, `zh-Hant`.
    pub fn tags(&self) -> Vec<String> {
        let own: &str = &self.tag;
        let shorter = own.rmatch_indices('-').map(|(at, _)| &own[..at]);
        // Without its script or region, a tag may be that of another language: `zh` is written in another script.
        let is_same = |tag: &&str| Self::parse(tag).is_ok_and(|it| it.is_written_as(self));
        let mut tags: Vec<String> = std::iter::once(own)
            .chain(shorter.filter(is_same))
            .map(str::to_owned)
            .collect();
        if let Some(base) = self.base
            && !tags.iter().any(|tag| tag == base)
        {
            tags.push(base.to_owned());
        }
        tags
    }

    fn is_written_as(&self, other: &Self) -> bool {
        let script = |language: &Self| {
            let id = LanguageIdentifier::try_from_str(&language.tag).ok()?;
            LocaleExpander::new_extended().get_likely_script(&id)
        };
        script(self) == script(other)
    }

    /// The language alone: `pt` of `pt-BR`.
    pub(super) fn primary(&self) -> &str {
        language_of(&self.tag)
    }

    /// Whether it is the language of a tag, which may have a region: `de-AT` is of `de`, but not of `de-DE`.
    pub(super) fn is_of(&self, tag: &str) -> bool {
        let rest = self.tag.strip_prefix(tag);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }

    /// The region, as `BR` of `pt-BR`.
    pub(super) fn region(&self) -> Option<&str> {
        self.tag
            .split('-')
            .skip(1)
            .find(|part| matches!(part.len(), 2 | 3) && !part.starts_with(char::is_lowercase))
    }
}

fn language_of(tag: &str) -> &str {
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

/// A tag that is no language's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLanguage {
    /// The tag as it was written.
    pub tag: String,
}

impl UnknownLanguage {
    /// The hint: all the languages that allclear has messages for.
    pub fn hint(&self) -> String {
        let all: Vec<String> = Language::supported()
            .map(|tag| format!("`{tag}`"))
            .collect();
        format!(
            "built in: {}; a region may follow, as in `en-GB`",
            all.join(", ")
        )
    }
}

impl fmt::Display for UnknownLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no language", self.tag)
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
                "it ltr Italiano",
                "ja ltr 日本語",
                "ko ltr 한국어",
                "nl ltr Nederlands",
                "pl ltr Polski",
                "pt-BR ltr Português (Brasil)",
                "ru ltr Русский",
                "tr ltr Türkçe",
                "uk ltr Українська",
                "zh ltr 简体中文",
                "zh-Hant ltr 繁體中文",
            ]
        );
        assert_eq!(Language::parse("en-GB").unwrap().own_name(), "English (GB)");
        assert_eq!(
            Language::parse("es-419").unwrap().own_name(),
            "Español (419)"
        );
    }

    #[test]
    fn any_language_of_cldr_can_have_messages() {
        let all: Vec<String> = [
            "sv", "ca", "sr-Latn", "ur-PK", "ckb", "lij", "en-Arab", "nn-NO",
        ]
        .iter()
        .map(|tag| {
            let language = Language::parse(tag).unwrap();
            assert!(!language.is_built_in(), "{tag}");
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
                "sv ltr Svenska",
                "ca ltr Català",
                "sr-Latn ltr Srpski (latinica)",
                "ur-PK rtl اردو (PK)",
                "ckb rtl ckb",
                "lij ltr lij",
                "en-Arab rtl en-Arab",
                "nn-NO ltr Norsk nynorsk (NO)",
            ]
        );
    }

    #[test]
    fn a_language_uses_the_messages_of_those_that_it_belongs_to() {
        let tags = |tag: &str| Language::parse(tag).unwrap().tags().join(" ");
        assert_eq!(tags("en"), "en");
        assert_eq!(tags("de-AT"), "de-AT de");
        assert_eq!(tags("pt-PT"), "pt-PT pt pt-BR");
        assert_eq!(tags("zh-Hant-HK"), "zh-Hant-HK zh-Hant");
        assert_eq!(tags("zh-TW"), "zh-TW zh-Hant");
        assert_eq!(tags("zh-SG"), "zh-SG zh");
        assert_eq!(tags("sr-Latn-RS"), "sr-Latn-RS sr-Latn");
        assert_eq!(tags("sv-FI"), "sv-FI sv");
    }

    #[test]
    fn what_is_no_language_is_refused() {
        for tag in [
            "",
            "e",
            "xx",
            "und",
            "und-Latn",
            "jp",
            "swedish",
            "en--GB",
            "en-u-nu-arab",
            "english language",
        ] {
            assert_eq!(
                Language::parse(tag),
                Err(UnknownLanguage { tag: tag.into() })
            );
        }
        let error = Language::parse("jp").unwrap_err();
        assert_eq!(error.to_string(), "`jp` is no language");
        assert_eq!(
            error.hint(),
            "built in: `ar`, `de`, `en`, `es`, `fa`, `fr`, `he`, `hi`, `id`, `it`, `ja`, `ko`, `nl`, `pl`, `pt-BR`, `ru`, `tr`, \
             `uk`, `zh`, `zh-Hant`; a region may follow, as in `en-GB`"
        );
    }
}
