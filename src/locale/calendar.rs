//! Dates of a language that CLDR does not know, by the names that its table of messages has.

use chrono::{Datelike, NaiveDate};

use super::messages::{self, Message, Table};

/// The names and forms of dates.
#[derive(Debug)]
pub(super) struct Calendar {
    months: Vec<String>,
    short_months: Vec<String>,
    weekdays: Vec<String>,
    date: String,
    day_month: String,
    weekday_date: String,
    month: String,
}

impl Calendar {
    /// Those of a table; what it lacks is in English.
    pub(super) fn of(table: &Table) -> Self {
        let message = |key| table.get(key).or_else(|| messages::optional().get(key));
        let words = |key| match message(key) {
            Some(Message::Words(words)) => words.clone(),
            _ => Vec::new(),
        };
        let text = |key| match message(key) {
            Some(Message::Text(text)) => text.clone(),
            _ => String::new(),
        };
        Self {
            months: words("calendar-months"),
            short_months: words("calendar-months-short"),
            weekdays: words("calendar-weekdays"),
            date: text("calendar-date"),
            day_month: text("calendar-day-month"),
            weekday_date: text("calendar-weekday-date"),
            month: text("calendar-month"),
        }
    }

    /// A day with its year.
    pub(super) fn date(&self, date: NaiveDate) -> String {
        self.filled(&self.date, date)
    }

    /// The same with the day of the week.
    pub(super) fn day(&self, date: NaiveDate) -> String {
        let weekday = date.weekday().num_days_from_monday() as usize;
        let weekday = self.weekdays.get(weekday).map_or("", String::as_str);
        let values = [("weekday", weekday), ("date", &self.date(date))];
        messages::fill(&self.weekday_date, &values).into_owned()
    }

    /// A day without its year.
    pub(super) fn day_month(&self, date: NaiveDate) -> String {
        self.filled(&self.day_month, date)
    }

    /// A month with its year.
    pub(super) fn month(&self, year: i32, month: u32) -> String {
        let (year, month) = (year.to_string(), self.month_name(month));
        messages::fill(&self.month, &[("year", &year), ("month", &month)]).into_owned()
    }

    /// A month, from 1, in full.
    pub(super) fn month_name(&self, month: u32) -> String {
        named(&self.months, month)
    }

    /// A month, from 1, in short.
    pub(super) fn short_month_name(&self, month: u32) -> String {
        named(&self.short_months, month)
    }

    fn filled(&self, form: &str, date: NaiveDate) -> String {
        let (day, year) = (date.day().to_string(), date.year().to_string());
        let month = self.short_month_name(date.month());
        messages::fill(form, &[("day", &day), ("month", &month), ("year", &year)]).into_owned()
    }
}

fn named(names: &[String], month: u32) -> String {
    let at = month.checked_sub(1).and_then(|at| names.get(at as usize));
    at.cloned().unwrap_or_else(|| month.to_string())
}
