//! Why a text is no rule for a window, and what to write instead.

use chrono::NaiveDate;

/// Why a text is no rule for a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecurrenceError {
    /// It is no rule at all.
    Malformed {
        /// The reason, in English.
        why: String,
        /// What to write instead.
        instead: String,
    },
    /// This part of it repeats more often than once a day, or at other times of day than the window's own.
    TimeOfDay(String),
    /// It gives no window.
    Empty,
    /// The first window opens before this year.
    TooEarly(i32),
    /// The first window opens at no time that the clock on the wall tells by itself.
    OddStart,
    /// The window opens on none of its days; the first one after it is this.
    NotFirst(NaiveDate),
    /// A window is still open when the next one opens, on this day.
    Overlap(NaiveDate),
}

impl RecurrenceError {
    /// The problem with a rule, and what to do about it.
    pub fn in_words(&self, rule: &str) -> (String, String) {
        let (message, hint) = self.in_general();
        let word = rule.trim().to_uppercase();
        match ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].contains(&word.as_str()) {
            true => (message, format!("write `FREQ={word}`")),
            false => (message, hint),
        }
    }

    fn in_general(&self) -> (String, String) {
        match self {
            Self::Malformed { why, instead } => (
                format!("this is no rule of RFC 5545: {why}"),
                instead.clone(),
            ),
            Self::TooEarly(year) => (
                format!("a maintenance that repeats begins in {year} at the earliest"),
                "let `starts` and `ends` be the first time that readers ask for".to_owned(),
            ),
            Self::OddStart => (
                "`starts` is in the second of two equal hours, or between two seconds".to_owned(),
                "begin the rule with another of its windows, at a whole second".to_owned(),
            ),
            Self::TimeOfDay(part) => (
                format!("a maintenance takes place once a day at most, and `{part}` asks for more"),
                "the time of day is that of `starts`: write `FREQ=DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`, or several maintenances".to_owned(),
            ),
            Self::Empty => (
                "this rule has no window at all".to_owned(),
                "look at `UNTIL`, `COUNT` and `INTERVAL`, and at days that no month has".to_owned(),
            ),
            Self::NotFirst(day) => (
                "`starts` is on none of the days of this rule".to_owned(),
                format!("its first day after that is {day}: begin there"),
            ),
            Self::Overlap(day) => (
                format!("a window is still open when the next one opens, on {day}"),
                "let it end earlier, or repeat less often".to_owned(),
            ),
        }
    }
}
