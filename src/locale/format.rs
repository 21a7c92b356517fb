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

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Weekday};
use chrono_tz::Tz;
use icu_calendar::{Date, Gregorian};
use icu_datetime::fieldsets::{E, M, MD, MDE, T, Y, YM, YMD, YMDE};
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
    whole: WholeDates,
    day_month: Dates<MD>,
    year: Dates<Y>,
    month: Dates<YM>,
    month_name: Dates<M>,
    short_month_name: Dates<M>,
    weekday: Dates<E>,
    time: NoCalendarFormatter<T>,
    number: DecimalFormatter,
    list: ListFormatter,
    is_chinese: bool,
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
            whole: WholeDates::load(language, prefs)?,
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
            is_chinese: language.primary() == "zh",
            known_dates: Known::default(),
            known_times: Known::default(),
        })
    }

    /// Whether CLDR knows how the language writes dates: for one that it does not know, the twelfth month is `M12`.
    pub(super) fn knows_dates(&self) -> bool {
        self.month_name(12).is_some_and(|name| name != "M12")
    }

    pub(super) fn date(&self, date: NaiveDate) -> Option<String> {
        self.known_dates.text(date, || {
            let whole = gregorian(date)?;
            let text = match &self.whole {
                WholeDates::AsOne(dates) => dates.date.format(&whole).to_string(),
                WholeDates::YearBehind { .. } => self.year_behind(date, self.day_month(date)?)?,
            };
            Some(plain_spaces(text))
        })
    }

    pub(super) fn day(&self, date: NaiveDate) -> Option<String> {
        let whole = gregorian(date)?;
        let text = match &self.whole {
            WholeDates::AsOne(dates) => dates.day.format(&whole).to_string(),
            WholeDates::YearBehind { day } => {
                self.year_behind(date, day.format(&whole).to_string())?
            }
        };
        Some(plain_spaces(text))
    }

    fn year_behind(&self, date: NaiveDate, day: String) -> Option<String> {
        Some(format!("{day} {}", self.year(date.year())?))
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
        let list = self.list.format(items.iter()).to_string();
        match self.is_chinese {
            true => with_blanks(&list, items),
            false => list,
        }
    }
}

fn gregorian(date: NaiveDate) -> Option<Date<Gregorian>> {
    let [month, day] = [date.month(), date.day()].map(|part| u8::try_from(part).ok());
    Date::try_new_gregorian(date.year(), month?, day?).ok()
}

fn month_of(year: i32, month: u32) -> Option<Date<Gregorian>> {
    Date::try_new_gregorian(year, u8::try_from(month).ok()?, 1).ok()
}

/// The forms of dates with a year.
enum WholeDates {
    /// The language's medium dates, or where those are figures alone (`2022/12/28` in Japanese) its long ones: a reader from
    /// elsewhere must not take the month for the day.
    AsOne(Box<AsOne>),
    /// Dates without a year, and the year behind them: `28. Dez. 2022`. German has such dates of middle length (CLDR's
    /// `yMMMd` and `yMMMEd`), which ICU's field sets do not reach.
    YearBehind { day: Box<Dates<MDE>> },
}

/// A date, and one with the day of the week.
struct AsOne {
    date: Dates<YMD>,
    day: Dates<YMDE>,
}

impl WholeDates {
    fn load(language: &Language, prefs: DateTimeFormatterPreferences) -> Option<Self> {
        if language.primary() == "de" {
            let day = Box::new(Dates::try_new(prefs, MDE::medium()).ok()?);
            return Some(Self::YearBehind { day });
        }
        let date = Dates::try_new(prefs, YMD::medium()).ok()?;
        let dates = match is_named(&date) {
            true => AsOne {
                date,
                day: Dates::try_new(prefs, YMDE::medium()).ok()?,
            },
            false => AsOne {
                date: Dates::try_new(prefs, YMD::long()).ok()?,
                day: Dates::try_new(prefs, YMDE::long()).ok()?,
            },
        };
        Some(Self::AsOne(Box::new(dates)))
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

/// A list with a blank between what joins its items and an item in another script, as Chinese is set. The items themselves stay
/// as they are.
fn with_blanks(list: &str, items: &[Cow<'_, str>]) -> String {
    let is_han = |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}');
    let meet = |before: &str, after: &str| {
        let (before, after) = (before.chars().last(), after.chars().next());
        let letters = before
            .zip(after)
            .filter(|(a, b)| a.is_alphanumeric() && b.is_alphanumeric());
        letters.is_some_and(|(a, b)| is_han(a) != is_han(b))
    };
    let mut spaced = String::with_capacity(list.len() + 8);
    let mut rest = list;
    for item in items {
        let Some((joiner, after)) = rest.split_once(item.as_ref()) else {
            return list.to_owned();
        };
        for part in [joiner, item] {
            if meet(&spaced, part) {
                spaced.push(' ');
            }
            spaced.push_str(part);
        }
        rest = after;
    }
    spaced + rest
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
            ("eu", _) => ("%\u{a0}", ""),
            (
                "be" | "ca" | "cs" | "da" | "de" | "es" | "fi" | "fo" | "fr" | "gl" | "hr" | "lb"
                | "lt" | "mk" | "nb" | "nn" | "no" | "ro" | "ru" | "sk" | "sl" | "sv" | "tk",
                _,
            ) => ("", "\u{a0}%"),
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
