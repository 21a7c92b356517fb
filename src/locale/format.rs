//! Dates, times, numbers and lists as a language writes them, by ICU's compiled CLDR data.
//!
//! Three decisions on CLDR's output:
//!
//! - *Calendar*: always the Gregorian one, in Persian too, since the archive's addresses, the feeds
//!   and the evidence use it. Static field sets also keep the other calendars' data out of the program.
//! - *Digits*: CLDR's default for the tag. `ar` has Latin digits there and `ar-EG` Arabic-Indic ones,
//!   `fa` has its own; dates, times, numbers and percentages of a language always agree.
//! - *Invisible characters*: the no-break spaces in dates and times (`8:30 PM` in English, `2022 г.` in
//!   Russian) become plain spaces, so that programs, searches and terminals find the text that they
//!   see; a theme keeps a moment on one line by its style sheet. In numbers and percentages they stay:
//!   a line break there would make two numbers of one. Direction marks stay as CLDR has them: they
//!   keep the sign on the right side of `99.2%` within Arabic.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, NaiveDate, Offset, Timelike, Weekday};
use chrono_tz::{OffsetName, Tz};
use icu_calendar::{Date, Gregorian};
use icu_datetime::fieldsets::{E, M, MD, T, Y, YM, YMD, YMDE};
use icu_datetime::pattern::FixedCalendarDateTimeNames;
use icu_datetime::{
    DateTimeFormatterPreferences, FixedCalendarDateTimeFormatter, NoCalendarFormatter,
};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_list::ListFormatter;
use icu_list::options::ListFormatterOptions;
use icu_locale::Locale as IcuLocale;
use icu_time::Time;

use super::known::Known;
use super::language::{Direction, Language};

type Dates<F> = FixedCalendarDateTimeFormatter<Gregorian, F>;

/// The formatters of a language, made once.
pub(super) struct Formats {
    date: Dates<YMD>,
    day: Dates<YMDE>,
    day_month: Dates<MD>,
    year: Dates<Y>,
    month: Dates<YM>,
    month_name: Dates<M>,
    short_month_name: Dates<M>,
    weekday: Dates<E>,
    time: NoCalendarFormatter<T>,
    number: DecimalFormatter,
    list: ListFormatter,
    percent: Percent,
    /// A page has many moments of few days, and a site the same moment on many pages.
    known_dates: Known<NaiveDate>,
    known_times: Known<(u32, u32)>,
}

impl Formats {
    /// `None` only where the compiled data lacks the language, which a test excludes for all of them.
    pub(super) fn load(language: &Language) -> Option<Self> {
        let locale: IcuLocale = language.as_str().parse().ok()?;
        let prefs = DateTimeFormatterPreferences::from(&locale);
        let number = DecimalFormatter::try_new((&locale).into(), Default::default()).ok()?;
        let percent = Percent::of(language, &number.format(&Decimal::from(0)).to_string());
        Some(Self {
            date: named_date(prefs)?,
            day: named_day(prefs)?,
            day_month: Dates::try_new(prefs, MD::medium()).ok()?,
            year: Dates::try_new(prefs, Y::long()).ok()?,
            month: year_and_month(prefs)?,
            month_name: Dates::try_new(prefs, M::long()).ok()?,
            short_month_name: Dates::try_new(prefs, M::medium()).ok()?,
            weekday: Dates::try_new(prefs, E::long()).ok()?,
            time: NoCalendarFormatter::try_new(prefs, T::hm()).ok()?,
            number,
            list: ListFormatter::try_new_and((&locale).into(), ListFormatterOptions::default())
                .ok()?,
            percent,
            known_dates: Known::default(),
            known_times: Known::default(),
        })
    }

    pub(super) fn date(&self, date: NaiveDate) -> Option<String> {
        self.known_dates.text(date, || {
            Some(plain_spaces(
                self.date.format(&gregorian(date)?).to_string(),
            ))
        })
    }

    pub(super) fn day(&self, date: NaiveDate) -> Option<String> {
        Some(plain_spaces(self.day.format(&gregorian(date)?).to_string()))
    }

    pub(super) fn day_month(&self, date: NaiveDate) -> Option<String> {
        Some(plain_spaces(
            self.day_month.format(&gregorian(date)?).to_string(),
        ))
    }

    pub(super) fn year(&self, year: i32) -> Option<String> {
        Some(plain_spaces(
            self.year.format(&month_of(year, 1)?).to_string(),
        ))
    }

    pub(super) fn month(&self, year: i32, month: u32) -> Option<String> {
        Some(plain_spaces(
            self.month.format(&month_of(year, month)?).to_string(),
        ))
    }

    pub(super) fn month_name(&self, month: u32) -> Option<String> {
        Some(plain_spaces(
            self.month_name.format(&month_of(2000, month)?).to_string(),
        ))
    }

    pub(super) fn short_month_name(&self, month: u32) -> Option<String> {
        let date = month_of(2000, month)?;
        Some(plain_spaces(
            self.short_month_name.format(&date).to_string(),
        ))
    }

    pub(super) fn weekday(&self, day: Weekday) -> Option<String> {
        // The first of January 2024 was a Monday.
        let date = NaiveDate::from_ymd_opt(2024, 1, 1 + day.num_days_from_monday())?;
        Some(self.weekday.format(&gregorian(date)?).to_string())
    }

    /// The time of day without its zone.
    pub(super) fn time(&self, at: &DateTime<Tz>) -> Option<String> {
        let (hour, minute) = (at.hour(), at.minute());
        self.known_times.text((hour, minute), || {
            let [hour, minute] = [hour, minute].map(|part| u8::try_from(part).ok());
            let time = Time::try_new(hour?, minute?, 0, 0).ok()?;
            Some(plain_spaces(self.time.format(&time).to_string()))
        })
    }

    pub(super) fn number(&self, number: u64) -> String {
        self.number.format(&Decimal::from(number)).to_string()
    }

    /// With at most two decimals, and none where the number is large.
    pub(super) fn decimal(&self, value: f64) -> String {
        let digits: i16 = match value.abs() {
            large if large >= 100.0 => 0,
            middle if middle >= 10.0 => 1,
            _ => 2,
        };
        let units = (value * 10_f64.powi(digits.into())).round();
        // What is too large for an exact number is as large as a number gets.
        let mut decimal = Decimal::from(units as i64);
        decimal.multiply_pow10(-digits);
        decimal.trim_end();
        self.number.format(&decimal).to_string()
    }

    /// `units` are what remains of the percentage when its `digits` decimals are moved before the point.
    pub(super) fn percent(&self, units: u64, digits: u8) -> String {
        let mut percentage = Decimal::from(units);
        percentage.multiply_pow10(-i16::from(digits));
        percentage.trim_end();
        let number = self.number.format(&percentage).to_string();
        [self.percent.before, &number, self.percent.after].concat()
    }

    pub(super) fn list(&self, items: &[Cow<'_, str>]) -> String {
        self.list.format(items.iter()).to_string()
    }
}

fn gregorian(date: NaiveDate) -> Option<Date<Gregorian>> {
    let [month, day] = [date.month(), date.day()].map(|part| u8::try_from(part).ok());
    Date::try_new_gregorian(date.year(), month?, day?).ok()
}

fn month_of(year: i32, month: u32) -> Option<Date<Gregorian>> {
    Date::try_new_gregorian(year, u8::try_from(month).ok()?, 1).ok()
}

/// The language's medium date, or where that is figures alone (`28.12.2022` in German, `2022/12/28` in
/// Japanese) its long one: a reader from elsewhere must not take the month for the day.
fn named_date(prefs: DateTimeFormatterPreferences) -> Option<Dates<YMD>> {
    let medium = Dates::try_new(prefs, YMD::medium()).ok()?;
    match is_named(&medium) {
        true => Some(medium),
        false => Dates::try_new(prefs, YMD::long()).ok(),
    }
}

/// The same with the day of the week.
fn named_day(prefs: DateTimeFormatterPreferences) -> Option<Dates<YMDE>> {
    match is_named(&Dates::try_new(prefs, YMD::medium()).ok()?) {
        true => Dates::try_new(prefs, YMDE::medium()).ok(),
        false => Dates::try_new(prefs, YMDE::long()).ok(),
    }
}

/// Whether dates have their month by name.
fn is_named(dates: &Dates<YMD>) -> bool {
    let sample = month_of(2000, 12).map(|date| dates.format(&date).to_string());
    sample.is_some_and(|sample| sample.chars().any(char::is_alphabetic))
}

/// The formatter of `December 2022`, with the digits loaded that CLDR's pattern for Portuguese with an
/// era hides in a quotation (`'de Y'`): ICU looks there to decide what to load.
fn year_and_month(prefs: DateTimeFormatterPreferences) -> Option<Dates<YM>> {
    let formatter = Dates::try_new(prefs, YM::long()).ok()?;
    let mut names = FixedCalendarDateTimeNames::from_formatter(prefs, formatter);
    names.include_decimal_formatter().ok()?;
    names.try_into_formatter(YM::long()).ok()
}

fn plain_spaces(text: String) -> String {
    const NO_BREAK: [char; 2] = ['\u{a0}', '\u{202f}'];
    match text.contains(NO_BREAK) {
        true => text.replace(NO_BREAK, " "),
        false => text,
    }
}

/// The zone's abbreviation at an instant, as `EST`, or where that is only a number, the offset from
/// UTC, as `UTC+5:45`.
pub(super) fn zone(at: &DateTime<Tz>) -> Cow<'_, str> {
    match at.offset().abbreviation() {
        Some(name) if name.starts_with(|first: char| first.is_ascii_alphabetic()) => {
            Cow::Borrowed(name)
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

/// The text before and after the number of a percentage.
///
/// From CLDR 48's `percentFormat` and `percentSign`, which ICU's stable parts do not carry.
struct Percent {
    before: &'static str,
    after: &'static str,
}

impl Percent {
    fn of(language: &Language, zero: &str) -> Self {
        let (before, after) = match (language.primary(), language.region()) {
            ("ar", _) if zero == "٠" => ("", "٪\u{61c}"),
            ("ar", _) => ("", "\u{200e}%\u{200e}"),
            ("fa", _) => ("", "٪"),
            ("tr", _) => ("%", ""),
            ("de", Some("CH" | "LI")) | ("fr", Some("CH")) => ("", "%"),
            ("es", Some(region)) if !matches!(region, "ES" | "EA" | "IC" | "GQ" | "PH") => {
                ("", "%")
            }
            ("de" | "es" | "fr" | "ru", _) => ("", "\u{a0}%"),
            _ => ("", "%"),
        };
        Self { before, after }
    }
}

/// The number of units of a percentage's last decimal in a ratio, rounded down.
///
/// Only a ratio of 1 gives all of them: time that was not up must never read 100 %. What floating-point
/// arithmetic takes from a whole unit (0.29 is a little less than 29 hundredths) is given back.
pub(super) fn percent_units(ratio: f64, digits: u8) -> u64 {
    let whole = 100 * 10_u64.pow(u32::from(digits));
    if ratio >= 1.0 {
        return whole;
    }
    let units = ratio.max(0.0) * whole as f64 + 1e-9;
    (units as u64).min(whole - 1)
}

/// A text that has letters written against `direction`, held together by Unicode's isolates, so that
/// its punctuation stays with it; any other text as it is.
pub(super) fn isolate(text: &str, direction: Direction) -> Cow<'_, str> {
    let against = |letter: char| match direction {
        Direction::Ltr => is_right_to_left(letter),
        Direction::Rtl => letter.is_alphabetic() && !is_right_to_left(letter),
    };
    match text.contains(against) {
        true => Cow::Owned(format!("\u{2068}{text}\u{2069}")),
        false => Cow::Borrowed(text),
    }
}

/// Whether a character stands in one of the blocks of Hebrew, Arabic and their neighbours.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}
