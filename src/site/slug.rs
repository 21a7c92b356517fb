//! The name of an incident in addresses.

use std::error::Error;
use std::fmt;

use camino::Utf8Path;
use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

/// How much of a title a new slug has at most, in characters.
const LONGEST_TITLE: usize = 60;

/// The names that Windows keeps for devices, in any folder and with any ending; `com1` and the like besides.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The length of the longest of these names in bytes; those of ports are shorter.
const LONGEST_DEVICE: usize = "conout$".len();

/// The name of an incident in addresses and output folders, in any script.
///
/// It is one part of a path on every file system: not empty, at most [`Slug::MAX_BYTES`] long,
/// without white space, controls, marks that turn the writing direction, or any of
/// `/ \ : * ? " < > |`; it neither starts nor ends with a dot, and is neither `index` nor the name of a device on
/// Windows. It stays as it was given, since it is an address that readers have kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// Why a name is not a [`Slug`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlugError {
    /// It is empty.
    Empty,
    /// It is longer than [`Slug::MAX_BYTES`].
    TooLong,
    /// It has a character that it may not have.
    Character(char),
    /// It starts or ends with a dot: `.`, `..`, a hidden file, or a name that Windows shortens.
    Dot,
    /// It is `index`, which stands for the folder that it is in.
    Index,
    /// It is a name that Windows keeps for a device, as `con`.
    Device,
}

impl fmt::Display for SlugError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::TooLong => write!(f, "is longer than {} bytes", Slug::MAX_BYTES),
            Self::Character(c) if c.is_whitespace() => {
                write!(f, "contains white space (U+{:04X})", u32::from(*c))
            }
            Self::Character(c) if is_invisible(*c) => {
                write!(
                    f,
                    "contains an invisible character (U+{:04X})",
                    u32::from(*c)
                )
            }
            Self::Character(c) => write!(f, "contains `{c}`"),
            Self::Dot => f.write_str("starts or ends with a dot"),
            Self::Index => f.write_str("is `index`, the name of a folder's own page"),
            Self::Device => f.write_str("is a name that Windows keeps for a device"),
        }
    }
}

impl Error for SlugError {}

impl Slug {
    /// The greatest length of a slug, in bytes. File systems allow 255 bytes to a name, and the source's name has a
    /// language and an extension too.
    pub const MAX_BYTES: usize = 200;

    /// Takes the name as it is, or says why it cannot be one.
    pub fn parse(name: &str) -> Result<Self, SlugError> {
        if name.is_empty() {
            return Err(SlugError::Empty);
        }
        if name.len() > Self::MAX_BYTES {
            return Err(SlugError::TooLong);
        }
        let is_refused =
            |c: &char| c.is_whitespace() || is_invisible(*c) || "/\\:*?\"<>|".contains(*c);
        if let Some(c) = name.chars().find(is_refused) {
            return Err(SlugError::Character(c));
        }
        if name.starts_with('.') || name.ends_with('.') {
            return Err(SlugError::Dot);
        }
        if name.eq_ignore_ascii_case("index") {
            return Err(SlugError::Index);
        }
        if is_device(name) {
            return Err(SlugError::Device);
        }
        Ok(Self(name.to_owned()))
    }

    /// The first slug that a new post would have: its day and its title, cut between two words, as
    /// `2022-12-28-log-in-fails`. `otherwise` stands for a title of which nothing is left.
    pub fn of_title(day: NaiveDate, title: &str, otherwise: &str) -> Self {
        let words = slug::slugify(title);
        let words = match words.get(..LONGEST_TITLE) {
            Some(cut) if words.as_bytes().get(LONGEST_TITLE) != Some(&b'-') => {
                cut.rfind('-').map_or(cut, |at| &cut[..at])
            }
            Some(cut) => cut,
            None => &words,
        };
        let words = match words.trim_end_matches('-') {
            "" => otherwise,
            words => words,
        };
        Self(format!("{}-{words}", day.format("%Y-%m-%d")))
    }

    /// This slug, and then the same one with 2, 3 and so on behind it: the first that is free is a new post's.
    pub fn numbered(self) -> impl Iterator<Item = Self> {
        self.numbered_from(1)
    }

    /// The same from a number on, which counts from 1: those before it are known to be taken.
    pub fn numbered_from(self, number: u64) -> impl Iterator<Item = Self> {
        (number..).map(move |number| match number {
            ..=1 => self.clone(),
            number => Self(format!("{self}-{number}")),
        })
    }

    /// The name that a file gives to its post, where `stem` is the file's name without extension and language:
    /// the stem itself, or for `index` the name of the folder.
    pub fn name_in_path<'a>(path: &'a Utf8Path, stem: &'a str) -> &'a str {
        match stem {
            "index" => path
                .parent()
                .and_then(Utf8Path::file_name)
                .unwrap_or_default(),
            stem => stem,
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name folded as paths are. Two slugs that fold alike are one folder on some file systems, so a site must not have both.
    pub fn folded(&self) -> String {
        folded(&self.0)
    }
}

/// A name or a path without regard to case, nor to how its accents are written: two that fold alike are one on some
/// file systems.
pub(crate) fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let name: String = name.nfd().collect();
    // By way of upper case, so that `ß` folds like `ss` and both small sigmas alike.
    name.to_uppercase().to_lowercase()
}

/// Whether two names, or paths, are the same once they are [`folded`].
pub(crate) fn fold_alike(a: &str, b: &str) -> bool {
    match a.is_ascii() && b.is_ascii() {
        true => a.eq_ignore_ascii_case(b),
        false => folded(a) == folded(b),
    }
}

/// Whether Windows takes a name for that of a device.
pub(crate) fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.trim_end_matches(' ');
    if stem.len() > LONGEST_DEVICE {
        return false;
    }
    let is_port = stem.split_at_checked(3).is_some_and(|(port, number)| {
        let mut ports = ["com", "lpt"].iter();
        ports.any(|it| port.eq_ignore_ascii_case(it))
            && number.chars().count() == 1
            && number.contains(is_number_of_port)
    });
    is_port || (DEVICES.iter()).any(|device| stem.eq_ignore_ascii_case(device))
}

fn is_number_of_port(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '¹' | '²' | '³')
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A control, a mark that turns the writing direction, or a byte-order mark. The joiners that
/// Persian and Indic spelling needs (U+200C, U+200D) are not among them.
fn is_invisible(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || c == '\u{feff}'
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::{Slug, SlugError, fold_alike, folded, is_device};

    #[test]
    fn a_new_slug_is_cut_between_words_and_numbered() {
        let day = NaiveDate::from_ymd_opt(2022, 12, 28).unwrap();
        let slug = |title: &str| Slug::of_title(day, title, "incident").to_string();
        assert_eq!(slug("Log-in: \"fails\"!"), "2022-12-28-log-in-fails");
        assert_eq!(slug(" ?! "), "2022-12-28-incident");
        let words = "abcde ".repeat(20);
        assert_eq!(
            slug(&words),
            format!("2022-12-28-{}", ["abcde"; 10].join("-"))
        );
        assert_eq!(
            slug(&"a".repeat(80)),
            format!("2022-12-28-{}", "a".repeat(60))
        );
        let numbered = Slug::of_title(day, "x", "").numbered();
        let numbered: Vec<String> = numbered.take(3).map(|slug| slug.to_string()).collect();
        assert_eq!(
            numbered,
            ["2022-12-28-x", "2022-12-28-x-2", "2022-12-28-x-3"]
        );
    }

    #[test]
    fn names_in_any_script_are_slugs() {
        for name in [
            "2022-12-28-login-failures",
            "عطل-في-تسجيل-الدخول",
            "می\u{200c}شود",
            "ログイン障害",
            "100%-ok",
            "a.b_c~d",
            "-a",
            "indexes",
            "com",
            "com¼",
            "auxiliary",
        ] {
            assert_eq!(Slug::parse(name).unwrap().as_str(), name);
        }
        assert!(Slug::parse(&"a".repeat(200)).is_ok());
    }

    #[test]
    fn other_names_are_refused_with_a_reason() {
        let long = "a".repeat(201);
        let cases = [
            ("", SlugError::Empty, "is empty"),
            (&long, SlugError::TooLong, "is longer than 200 bytes"),
            (
                "a b",
                SlugError::Character(' '),
                "contains white space (U+0020)",
            ),
            (
                "a\u{a0}b",
                SlugError::Character('\u{a0}'),
                "contains white space (U+00A0)",
            ),
            (
                "a\0",
                SlugError::Character('\0'),
                "contains an invisible character (U+0000)",
            ),
            (
                "a\u{202e}b",
                SlugError::Character('\u{202e}'),
                "contains an invisible character (U+202E)",
            ),
            ("a/b", SlugError::Character('/'), "contains `/`"),
            ("..\\a", SlugError::Character('\\'), "contains `\\`"),
            ("c:", SlugError::Character(':'), "contains `:`"),
            (".", SlugError::Dot, "starts or ends with a dot"),
            ("..", SlugError::Dot, "starts or ends with a dot"),
            (".a", SlugError::Dot, "starts or ends with a dot"),
            ("a.", SlugError::Dot, "starts or ends with a dot"),
            (
                "Con.2022",
                SlugError::Device,
                "is a name that Windows keeps for a device",
            ),
            (
                "Index",
                SlugError::Index,
                "is `index`, the name of a folder's own page",
            ),
        ];
        for (name, error, reason) in cases {
            assert_eq!(Slug::parse(name), Err(error), "{name:?}");
            assert_eq!(error.to_string(), reason);
        }
    }

    #[test]
    fn case_makes_no_difference_to_a_folder() {
        let folded = |name: &str| Slug::parse(name).unwrap().folded();
        assert_eq!(folded("Login-ÉÅ"), folded("login-éå"));
        assert_eq!(folded("Straße"), folded("STRASSE"));
        assert_eq!(folded("caf\u{e9}"), folded("CAFE\u{301}"));
        assert_eq!(folded("ΟΔΟΣ"), folded("οδοσ"));
        assert_ne!(folded("a"), folded("b"));
    }

    #[test]
    fn windows_keeps_some_names_for_devices() {
        for name in [
            "con", "Aux.txt", "nul .a.b", "CONOUT$", "conin$.x", "com1", "LPT9.log", "lpt¹",
            "Com³.a",
        ] {
            assert!(is_device(name), "{name}");
        }
        for name in [
            "", "c", "co", "com", "lp¹", "com10", "comx", "lpt¹¹", "com٣", "cons", "conout$$",
            "x.con", "é1",
        ] {
            assert!(!is_device(name), "{name}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn names_fold_alike_as_they_fold(a in "[aAbBkK\u{212a}éÉsSß\u{301}]{0,3}", b in "[aAbBkK\u{212a}éÉsSß\u{301}]{0,3}") {
            prop_assert_eq!(fold_alike(&a, &b), folded(&a) == folded(&b));
        }

        #[test]
        fn a_slug_is_one_part_of_a_path(name in any::<String>()) {
            if let Ok(slug) = Slug::parse(&name) {
                let parts: Vec<_> = std::path::Path::new(slug.as_str()).components().collect();
                prop_assert_eq!(parts, [std::path::Component::Normal(name.as_ref())]);
                prop_assert_eq!(slug.folded().to_uppercase().to_lowercase(), slug.folded());
            }
        }
    }
}
