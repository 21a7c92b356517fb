//! What holds for every rule: an answer, in a bound, that is also that of another program.

use proptest::prelude::{Just, ProptestConfig, Strategy, any};
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq, prop_assume, prop_oneof, proptest};

use super::*;

/// The days of a rule of the crate `rrule`, of which nothing is said where it panics.
fn days_by_the_crate(rule: &str, start: NaiveDate, count: usize) -> Option<Vec<NaiveDate>> {
    let text = format!("DTSTART:{}T020000Z\nRRULE:{rule}", start.format("%Y%m%d"));
    let days = std::panic::catch_unwind(|| {
        let set: rrule::RRuleSet = text.parse().ok()?;
        let days = set.into_iter().take(count).map(|day| day.date_naive());
        Some(days.collect())
    });
    days.ok().flatten()
}

/// Rules that a calendar program could write.
fn valid_rule() -> impl Strategy<Value = String> {
    let part = |values: &'static [&'static str]| prop_oneof![2 => Just(""), 1 => proptest::sample::select(values)];
    let frequency = proptest::sample::select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]);
    let interval = part(&[";INTERVAL=2", ";INTERVAL=3", ";INTERVAL=13"]);
    let months = part(&[";BYMONTH=3", ";BYMONTH=2,3,12"]);
    let days = part(&[
        ";BYMONTHDAY=4",
        ";BYMONTHDAY=-28,15",
        ";BYDAY=SA",
        ";BYDAY=MO,WE,SA",
        ";BYDAY=1SA,-1SU",
        ";BYDAY=9SA,-1SA",
        ";BYYEARDAY=63,-1,100",
        ";BYWEEKNO=9,53,-1;BYDAY=SA",
        ";BYWEEKNO=1,20;BYDAY=MO,SA",
    ]);
    let positions = part(&[";BYSETPOS=1", ";BYSETPOS=-1,2", ";BYSETPOS=3"]);
    let end = part(&[";COUNT=5", ";UNTIL=20240704T000000Z"]);
    let week_start = part(&[";WKST=SU", ";WKST=TH"]);
    (
        frequency, interval, months, days, positions, end, week_start,
    )
        .prop_map(
            |(frequency, interval, months, days, positions, end, week_start)| {
                format!("FREQ={frequency}{interval}{months}{days}{positions}{end}{week_start}")
            },
        )
}

/// Texts that are nearly rules.
fn odd_rule() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "FREQ=",
        "DAILY",
        "YEARLY",
        "MONTHLY",
        "BYDAY=",
        "BYSETPOS=",
        "BYMONTHDAY=",
        "BYYEARDAY=",
        "BYWEEKNO=",
        "INTERVAL=",
        "COUNT=",
        "UNTIL=",
        "WKST=",
        ";",
        ",",
        "-",
        "+",
        "0",
        "1",
        "53",
        "366",
        "99999999999999999999",
        "MO",
        "1MO",
        "-53SU",
        "20230304",
        "T020000",
        "Z",
        "RRULE:",
        " ",
        "\u{6708}",
        "\u{e9}",
        "\u{130}",
        "=",
    ]);
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// The crate takes the days of a week and numbered ones in one `BYDAY` for days that are both, and a week
    /// alone for all its days; of the week in which a rule begins it looks at the rest alone, where `BYSETPOS` counts.
    /// None of that is asked for here.
    #[test]
    fn days_are_those_of_another_program(rule in valid_rule()) {
        let start = NaiveDate::from_ymd_opt(2023, 3, 4).unwrap();
        prop_assume!(!(rule.contains("WEEKLY") && rule.contains("BYSETPOS")));
        let text = rule.clone();
        let Ok(parts) = Parts::of(&text) else {
            return Err(TestCaseError::fail("a rule that cannot be read"));
        };
        if let Ok(rule) = Rule::new(&parts, start, Tz::UTC) {
            let until = rule.until.unwrap_or(NaiveDateTime::MAX);
            let days = rule.days(start).take_while(|day| day.and_hms_opt(2, 0, 0) <= Some(until));
            let days: Vec<NaiveDate> = days.take(40).collect();
            // The crate would look for further ones for thousands of years.
            let is_bounded = rule.count.is_some() || rule.until.is_some();
            let count = if is_bounded { 40 } else { days.len() };
            if let Some(mut others) = days_by_the_crate(&text, start, count) {
                // A rule goes on for a hundred years at most.
                others.retain(|day| *day <= start + chrono::Months::new(1200));
                prop_assert_eq!(days, others, "{}", text);
            }
        }
    }

    #[test]
    fn whatever_a_rule_says_there_is_an_answer(
        rule in prop_oneof![valid_rule(), odd_rule(), any::<String>()],
        year in 1_i32..=9999,
    ) {
        let start = NaiveDate::from_ymd_opt(year, 3, 4).unwrap().and_hms_opt(2, 0, 0).unwrap().and_utc();
        let first = Window::new(start, start + TimeDelta::hours(1)).unwrap();
        match Recurrence::new(&rule, first, Berlin) {
            Ok(repeat) => {
                prop_assert!(repeat.rule().is_ascii());
                prop_assert!(repeat.windows().count() <= 36_525);
            }
            Err(error) => prop_assert!(error.in_words(&rule).0.len() < 300),
        }
    }

    #[test]
    fn windows_after_an_instant_are_those_that_are_left(
        rule in valid_rule(),
        days in -400_i64..4000,
        minutes in 0_i64..1500,
    ) {
        if let Ok(repeat) = repeat("2023-03-04 02:00", &rule) {
            let at = repeat.first().starts() + TimeDelta::days(days) + TimeDelta::minutes(minutes);
            let left: Vec<Window> = repeat.windows().filter(|it| at < it.ends()).take(5).collect();
            prop_assert_eq!(repeat.windows_after(at).take(5).collect::<Vec<_>>(), left);
        }
    }
}
