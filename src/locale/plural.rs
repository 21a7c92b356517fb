//! The plural forms of a language.

use icu_locale::Locale as IcuLocale;
use icu_plurals::{PluralCategory, PluralRules};

use super::language::Language;

/// The rules by which a language picks a form for a number; `None` only where ICU cannot read its tag.
pub(super) fn rules(language: &Language) -> Option<PluralRules> {
    let locale: IcuLocale = language.as_str().parse().ok()?;
    PluralRules::try_new_cardinal((&locale).into()).ok()
}

/// The name of a form in a table of messages.
pub(super) fn form_name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}
