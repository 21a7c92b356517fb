//! Rules of recurrence.

use allclear::time::{Recurrence, Window, parse};
use chrono::TimeDelta;

use super::sound::text;
use super::time::zone_and_rest;

/// The number of windows that are looked at.
const LOOKED_AT: usize = 400;

/// A rule: its windows begin with the first, follow one another, and a calendar file says the same.
///
/// The first line is the zone, the second when the first window opens, the third its minutes; the rest is the rule.
pub fn recurrence(bytes: &[u8]) {
    let input = text(bytes);
    let (zone, rest) = zone_and_rest(&input);
    let mut lines = rest.splitn(3, '\n');
    let (starts, minutes) = (
        lines.next().unwrap_or_default(),
        lines.next().unwrap_or_default(),
    );
    let rule = lines.next().unwrap_or_default();
    let starts =
        parse(starts, zone).unwrap_or_else(|_| "2023-01-07T01:00:00Z".parse().expect("an instant"));
    let minutes = minutes.parse::<u32>().unwrap_or(60).clamp(1, 100_000);
    let Some(ends) = starts.checked_add_signed(TimeDelta::minutes(minutes.into())) else {
        return;
    };
    let Some(first) = Window::new(starts, ends) else {
        return;
    };
    let recurrence = match Recurrence::new(rule, first, zone) {
        Ok(recurrence) => recurrence,
        Err(error) => {
            let (message, hint) = error.in_words(rule);
            assert!(!message.is_empty() && !hint.is_empty());
            return;
        }
    };
    let windows: Vec<Window> = recurrence.windows().take(LOOKED_AT).collect();
    assert_eq!(windows.first(), Some(&first));
    assert!(
        windows
            .windows(2)
            .take(300)
            .all(|pair| pair[0].ends() <= pair[1].starts()),
        "in order"
    );
    let again = Recurrence::new(recurrence.rule(), first, zone);
    let again: Vec<Window> = match again {
        Ok(again) => again.windows().take(LOOKED_AT).collect(),
        Err(error) => panic!("`{}` is no rule: {error:?}", recurrence.rule()),
    };
    assert_eq!(again, windows, "`{}` means the same", recurrence.rule());
    let days: Vec<_> = windows
        .iter()
        .take(2)
        .map(|window| recurrence.day(*window))
        .collect();
    let without = recurrence.clone().without(days.clone());
    assert_eq!(without.exceptions().count(), days.len());
    assert!(
        without
            .windows()
            .take(10)
            .all(|window| !days.contains(&without.day(window)))
    );
}
