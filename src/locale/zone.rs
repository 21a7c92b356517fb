//! The names of time zones: the abbreviations that readers of a language use.
//!
//! The tz database has one abbreviation for all languages, most of them English. CLDR 48 (`timeZoneNames`, the short names
//! that its locales have) says where a language uses another; [`OWN`] holds those that differ. Everybody else reads the tz
//! database's, or where that is only a number, the offset from UTC.

use std::borrow::Cow;

use chrono::{DateTime, Offset};
use chrono_tz::{OffsetName, Tz};

use super::language::Language;

/// A language, perhaps of a region, with its own abbreviations by those of the tz database.
type OwnNames = (&'static str, &'static [(&'static str, &'static str)]);

const OWN: [OwnNames; 4] = [
    (
        "de",
        &[
            ("WET", "WEZ"),
            ("WEST", "WESZ"),
            ("CET", "MEZ"),
            ("CEST", "MESZ"),
            ("EET", "OEZ"),
            ("EEST", "OESZ"),
        ],
    ),
    ("cs", &[("CET", "SEČ"), ("CEST", "SELČ")]),
    ("sk", &[("CET", "SEČ"), ("CEST", "SELČ")]),
    (
        "fr-CA",
        &[
            ("EST", "HNE"),
            ("EDT", "HAE"),
            ("CST", "HNC"),
            ("CDT", "HAC"),
            ("MST", "HNR"),
            ("MDT", "HAR"),
            ("PST", "HNP"),
            ("PDT", "HAP"),
            ("AST", "HNA"),
            ("ADT", "HAA"),
            ("NST", "HNT"),
            ("NDT", "HAT"),
        ],
    ),
];

/// The zones that have an abbreviation in a language, though none in the tz database: language, zone, abbreviation.
const OWN_OF_ZONES: [(&str, Tz, &str); 1] = [("pt-BR", Tz::America__Sao_Paulo, "BRT")];

/// The zones of the Americas share their abbreviations with others: CST is China's as well.
fn is_american(zone: Tz) -> bool {
    zone.name().starts_with("America/")
}

/// The name of a zone at an instant, as `EST`, in German `MEZ`; or its offset from UTC, as `UTC+5:45`.
pub(super) fn name(language: &Language, at: &DateTime<Tz>) -> Cow<'static, str> {
    let zone = at.timezone();
    let is_of = |tag: &str| language.is_of(tag);
    if let Some((.., name)) = (OWN_OF_ZONES.iter()).find(|(tag, of, _)| is_of(tag) && *of == zone) {
        return Cow::Borrowed(name);
    }
    match at.offset().abbreviation() {
        Some(name) if name.starts_with(|first: char| first.is_ascii_alphabetic()) => {
            let own = OWN.iter().filter(|(tag, _)| is_of(tag));
            let own = own.filter(|(tag, _)| *tag != "fr-CA" || is_american(zone));
            let mut own = own.flat_map(|(_, names)| names.iter());
            let own = own.find(|(known, _)| *known == name);
            own.map_or_else(
                || Cow::Owned(name.to_owned()),
                |(_, own)| Cow::Borrowed(*own),
            )
        }
        _ => Cow::Owned(utc_offset(at.offset().fix().local_minus_utc())),
    }
}

fn utc_offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use chrono::TimeZone;

    use super::*;

    /// The names in winter and in summer.
    fn names(tag: &str, zone: Tz) -> [String; 2] {
        let language = Language::parse(tag).unwrap();
        [1, 7].map(|month| {
            let at = zone.with_ymd_and_hms(2026, month, 15, 12, 0, 0).unwrap();
            name(&language, &at).into_owned()
        })
    }

    #[test]
    fn a_language_has_its_own_abbreviations() {
        for (tag, zone, expected) in [
            ("de", Tz::Europe__Berlin, ["MEZ", "MESZ"]),
            ("de-AT", Tz::Europe__Vienna, ["MEZ", "MESZ"]),
            ("de", Tz::Europe__Athens, ["OEZ", "OESZ"]),
            ("de", Tz::Europe__Lisbon, ["WEZ", "WESZ"]),
            ("de", Tz::America__New_York, ["EST", "EDT"]),
            ("en", Tz::Europe__Berlin, ["CET", "CEST"]),
            ("fr", Tz::Europe__Paris, ["CET", "CEST"]),
            ("es", Tz::Europe__Madrid, ["CET", "CEST"]),
            ("fr-CA", Tz::America__Toronto, ["HNE", "HAE"]),
            ("fr-CA", Tz::Asia__Shanghai, ["CST", "CST"]),
            ("fr", Tz::America__Toronto, ["EST", "EDT"]),
            ("pt-BR", Tz::America__Sao_Paulo, ["BRT", "BRT"]),
            ("en", Tz::America__Sao_Paulo, ["UTC-3", "UTC-3"]),
            ("ja", Tz::Asia__Tokyo, ["JST", "JST"]),
            ("hi", Tz::Asia__Kolkata, ["IST", "IST"]),
            ("id", Tz::Asia__Jakarta, ["WIB", "WIB"]),
            ("ru", Tz::Europe__Moscow, ["MSK", "MSK"]),
            ("fa", Tz::Asia__Tehran, ["UTC+3:30", "UTC+3:30"]),
        ] {
            assert_eq!(names(tag, zone), expected, "{tag} {zone}");
        }
    }
}
