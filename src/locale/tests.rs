#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use chrono::{NaiveDate, TimeDelta, TimeZone};

use super::*;

fn locale(tag: &str) -> Locale {
    Locale::new(&Language::parse(tag).unwrap())
}

/// Half past eight in the evening of 28 December 2022 in a zone.
fn evening(zone: Tz) -> DateTime<Tz> {
    zone.with_ymd_and_hms(2022, 12, 28, 20, 30, 0).unwrap()
}

/// With the characters that no editor shows by their names.
fn visible(text: &str) -> String {
    text.replace('\u{a0}', "<NBSP>")
        .replace('\u{202f}', "<NNBSP>")
        .replace('\u{200e}', "<LRM>")
        .replace('\u{200f}', "<RLM>")
        .replace('\u{61c}', "<ALM>")
        .replace('\u{2011}', "<NBHYPHEN>")
        .replace('\u{2068}', "<FSI>")
        .replace('\u{2069}', "<PDI>")
}

#[test]
fn a_locale_is_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Locale>();
}

#[test]
fn print() {
    let at = evening(chrono_tz::America::New_York);
    for tag in Language::supported().chain(["en-GB", "ar-EG", "es-MX", "pt-PT", "de-CH"]) {
        let locale = locale(tag);
        println!("            ({tag:?}, {:?}),", visible(&[
            locale.date(at), locale.day(at.date_naive()), locale.day_month(at.date_naive()), locale.month(2022, 12), locale.month_name(12), locale.year(2022), locale.time(at),
        ].join(" | ")));
    }
    for tag in Language::supported().chain(["en-GB", "ar-EG", "es-MX", "pt-PT", "de-CH"]) {
        let locale = locale(tag);
        println!("            ({tag:?}, {:?}),", visible(&[
            locale.number(1_234_567), locale.percent(0.9921, 2), locale.list(&["Web", "iOS", "API"]),
        ].join(" | ")));
    }
}
