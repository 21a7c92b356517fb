//! The days that a rule gives.
//!
//! Days are looked at one by one, for a hundred years at most: the work has a bound, whatever the rule, and a
//! rule that gives no day at all comes to an end.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::rule::{Frequency, MOST, OrdinalWeekday, Rule};

impl Rule {
    /// The days of the rule whose first day is `first`, in order.
    pub(super) fn days(&self, first: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        self.days_of_periods(first, 0)
            .take(self.count.unwrap_or(MOST) as usize)
    }

    /// The days from `from` on; all that come before are passed over at once, unless the rule counts them.
    pub(super) fn days_from(
        &self,
        first: NaiveDate,
        from: NaiveDate,
    ) -> impl Iterator<Item = NaiveDate> {
        let period = match self.count {
            Some(_) => 0,
            None => self.period_before(first, from),
        };
        self.days_of_periods(first, period)
            .take(self.count.unwrap_or(MOST) as usize)
            .skip_while(move |day| *day < from)
    }

    /// The days of the periods with this number and higher ones.
    fn days_of_periods(&self, first: NaiveDate, number: u32) -> impl Iterator<Item = NaiveDate> {
        let horizon = first
            .checked_add_months(Months::new(100 * 12))
            .unwrap_or(NaiveDate::MAX);
        let last = self
            .until
            .map_or(horizon, |until| until.date().min(horizon));
        // Every period but those of no length begins a day later, at least.
        (number..=MOST)
            .map_while(move |number| self.period(first, number))
            .take_while(move |period| period.start <= last)
            .flat_map(|period| self.days_of(period))
            .skip_while(move |day| *day < first)
            .take_while(move |day| *day <= last)
    }

    /// A period that the rule takes, by its number; the first day stands in that with the number 0.
    fn period(&self, first: NaiveDate, number: u32) -> Option<Range<NaiveDate>> {
        if self.interval == 0 {
            return None;
        }
        let step = number.checked_mul(self.interval)?;
        let days = |start: NaiveDate, days: u64| start.checked_add_days(Days::new(days));
        match self.frequency {
            Frequency::Daily => {
                let start = days(first, u64::from(step))?;
                Some(start..start.succ_opt()?)
            }
            Frequency::Weekly => {
                let start = days(self.week_of(first)?, 7 * u64::from(step))?;
                Some(start..days(start, 7)?)
            }
            Frequency::Monthly => {
                let month = Months::new(1);
                let start = first.with_day(1)?.checked_add_months(Months::new(step))?;
                Some(start..start.checked_add_months(month)?)
            }
            Frequency::Yearly => {
                let year = first.year().checked_add_unsigned(step)?;
                let start = |year| NaiveDate::from_ymd_opt(year, 1, 1);
                Some(start(year)?..start(year.checked_add(1)?)?)
            }
        }
    }

    /// The number of a period that begins no later than a day, and near it.
    fn period_before(&self, first: NaiveDate, day: NaiveDate) -> u32 {
        let days = u32::try_from((day - first).num_days()).unwrap_or(0);
        let periods = match self.frequency {
            Frequency::Daily => days,
            Frequency::Weekly => days / 7,
            Frequency::Monthly => days / 31,
            Frequency::Yearly => days / 366,
        };
        (periods / self.interval.max(1)).saturating_sub(1)
    }

    /// The first day of the week of a day.
    fn week_of(&self, day: NaiveDate) -> Option<NaiveDate> {
        let into = day.weekday().days_since(self.week_start);
        day.checked_sub_days(Days::new(u64::from(into)))
    }

    /// The days of a period that the rule chooses.
    fn days_of(&self, period: Range<NaiveDate>) -> Vec<NaiveDate> {
        let days = period.start.iter_days().take_while(|day| *day < period.end);
        let chosen: Vec<NaiveDate> = days.filter(|day| self.chooses(*day)).collect();
        if self.positions.is_empty() {
            return chosen;
        }
        let is_at = |at: usize| {
            let from_start = number(at) + 1;
            let from_end = number(at) - number(chosen.len());
            self.positions.contains(&from_start) || self.positions.contains(&from_end)
        };
        let at_positions = chosen.iter().enumerate().filter(|(at, _)| is_at(*at));
        at_positions.map(|(_, day)| *day).collect()
    }

    /// Whether every part that chooses days has this one.
    fn chooses(&self, day: NaiveDate) -> bool {
        let has_month = self.months.is_empty() || self.months.contains(&signed(day.month()));
        has_month
            && (self.month_days.is_empty() || Place::in_month(day).is_in(&self.month_days))
            && (self.year_days.is_empty() || Place::in_year(day).is_in(&self.year_days))
            && (self.weekdays.is_empty() || self.has_weekday(day))
            && (self.week_numbers.is_empty() || self.has_week(day))
    }

    fn has_weekday(&self, day: NaiveDate) -> bool {
        let weekday = day.weekday().num_days_from_monday();
        let has = |number| self.weekdays.contains(&OrdinalWeekday { number, weekday });
        let is_in_month = self.frequency == Frequency::Monthly || !self.months.is_empty();
        let place = match is_in_month {
            true => Place::in_month(day),
            false => Place::in_year(day),
        };
        has(0) || has(place.before / 7 + 1) || has(-(place.after / 7 + 1))
    }

    /// Whether its week has one of the numbers: the first week of a year has four days of it at least.
    fn has_week(&self, day: NaiveDate) -> bool {
        let fourth = self
            .week_of(day)
            .and_then(|week| week.checked_add_days(Days::new(3)));
        let Some(fourth) = fourth.map(Place::in_year) else {
            return false;
        };
        let (number, from_end) = (fourth.before / 7 + 1, -(fourth.after / 7 + 1));
        self.week_numbers.contains(&number) || self.week_numbers.contains(&from_end)
    }
}

/// The place of a day in its month or year.
struct Place {
    /// The number of days before it.
    before: i32,
    /// The number of days after it.
    after: i32,
}

impl Place {
    fn in_month(day: NaiveDate) -> Self {
        let days = i32::from(day.num_days_in_month());
        Self {
            before: signed(day.day0()),
            after: days - signed(day.day()),
        }
    }

    fn in_year(day: NaiveDate) -> Self {
        let days = if day.leap_year() { 366 } else { 365 };
        Self {
            before: signed(day.ordinal0()),
            after: days - signed(day.ordinal()),
        }
    }

    /// Whether numbers have it, from the start or, below nought, from the end.
    fn is_in(&self, numbers: &BTreeSet<i32>) -> bool {
        numbers.contains(&(self.before + 1)) || numbers.contains(&-(self.after + 1))
    }
}

/// A number of days of a year at most.
fn number(days: usize) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX)
}

fn signed(number: u32) -> i32 {
    number.cast_signed()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use chrono_tz::Tz;

    use super::*;
    use crate::time::recurrence::rule::Parts;

    #[test]
    fn days_that_are_over_are_passed_over() {
        let first = NaiveDate::from_ymd_opt(2023, 3, 4).unwrap();
        let from = NaiveDate::from_ymd_opt(2033, 3, 4).unwrap();
        // The last period but one that begins by then, where each is as long as it can be.
        for (text, period) in [
            ("FREQ=DAILY", 3652),
            ("FREQ=DAILY;INTERVAL=3", 1216),
            ("FREQ=DAILY;COUNT=9999", 3652),
            ("FREQ=WEEKLY;BYDAY=FR,SA", 520),
            ("FREQ=MONTHLY", 116),
            ("FREQ=YEARLY", 8),
        ] {
            let rule = Rule::new(&Parts::of(text).unwrap(), first, Tz::UTC).unwrap();
            assert_eq!(rule.period_before(first, from), period, "{text}");
            let days: Vec<NaiveDate> = rule.days_from(first, from).take(3).collect();
            let left: Vec<NaiveDate> = rule.days(first).filter(|it| from <= *it).take(3).collect();
            assert_eq!(days, left, "{text}");
        }
    }
}
