#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::site::fixtures::at;

/// Rows in their form, below the first line.
fn file(rows: &[&str]) -> String {
    let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
    format!("{HEADER}\n{rows}")
}

fn row(clock: &str, milliseconds: f64) -> LatencyRow<'static> {
    LatencyRow {
        at: at(clock),
        component: "web",
        milliseconds,
    }
}

#[test]
fn a_row_is_added_behind_the_others() {
    let first = add(b"", row("20:00", 182.449)).applied("");
    assert_eq!(first, file(&["2022-12-28T20:00:00Z,web,182.4"]));
    let second = add(first.as_bytes(), row("20:01", 90.0)).applied(&first);
    let both = file(&[
        "2022-12-28T20:00:00Z,web,182.4",
        "2022-12-28T20:01:00Z,web,90",
    ]);
    assert_eq!(second, both);
    // Half a line that a stopped writer has left goes, and a whole one does not.
    for half in [
        "2022-12-28T20:0",
        "2022-12-28T20:01:00Z,we",
        "\0\0",
        "time,c",
    ] {
        let torn = format!("{first}{half}");
        assert_eq!(
            add(torn.as_bytes(), row("20:01", 90.0)).applied(&torn),
            both
        );
    }
    let open = first.trim_end();
    assert_eq!(add(open.as_bytes(), row("20:01", 90.0)).applied(open), both);
    assert_eq!(
        add(HEADER.as_bytes(), row("20:00", 182.4)).applied(HEADER),
        first
    );
}

#[test]
fn old_rows_become_the_median_of_five_minutes() {
    let text = "# by hand\n".to_owned()
        + &file(&[
            "2022-12-27T19:59:00Z,web,5",
            "2022-12-27T20:00:00Z,web,10",
            "2022-12-27T20:01:00Z,web,40",
            "2022-12-27T20:02:00Z,web,20",
            "2022-12-27T20:02:00Z,api,7.5",
            "2022-12-27T20:03:00Z,web,30",
            "2022-12-27T20:05:00Z,web,1",
            "2022-12-27T20:06:00Z,web,2",
            "2021-11-01T20:06:00Z,web,2",
        ]);
    let thin = thinned(&text, at("20:09")).unwrap();
    let expected = "# by hand\n".to_owned()
        + &file(&[
            "2022-12-27T19:55:00Z,web,5",
            "2022-12-27T20:00:00Z,api,7.5",
            "2022-12-27T20:00:00Z,web,20",
            "2022-12-27T20:05:00Z,web,1",
            "2022-12-27T20:06:00Z,web,2",
        ]);
    assert_eq!(thin, expected);
    assert_eq!(thinned(&thin, at("20:09")).unwrap(), expected);
}

/// One row from a spreadsheet keeps no file from being thinned.
#[test]
fn quotes_are_read() {
    let text = "time,component,milliseconds\n\"2022-12-20T20:01:00Z\", \"web\" ,\"12.5\"\n";
    let expected = "time,component,milliseconds\n2022-12-20T20:00:00Z,web,12.5\n";
    assert_eq!(thinned(text, at("20:00")), Ok(expected.to_owned()));
    let half = "time,component,milliseconds\n\"2022-12-20T20:01:00Z\",\"web\",\"12\n";
    assert_eq!(thinned(half, at("20:00")), Err(2));
}

#[test]
fn a_file_that_cannot_be_read_is_left_alone() {
    for (text, line) in [
        ("time,component,milliseconds\n\nnonsense\n", 3),
        (
            "time,component,milliseconds\n2022-12-28T20:00:00Z,web,-1\n",
            2,
        ),
        (
            "time,component,milliseconds\n2022-12-28T20:00:00Z,web,NaN\n",
            2,
        ),
        ("2022-12-28T20:00:00Z,web,1\n", 1),
        ("component,time,milliseconds\n", 1),
    ] {
        assert_eq!(thinned(text, at("20:00")), Err(line), "{text}");
        let error = merged(&file(&[]), text, at("20:00"));
        assert_eq!(error, Err(MergeError::Other(line)));
    }
}

#[test]
fn thinning_is_due_once_an_hour() {
    let text = file(&["2022-12-28T20:59:00Z,web,1"]);
    assert!(!is_thinning_due(text.as_bytes(), at("20:59:30")));
    assert!(is_thinning_due(text.as_bytes(), at("21:00")));
    assert!(!is_thinning_due(b"", at("21:00")));
}

#[test]
fn a_copy_adds_what_is_missing() {
    let own = file(&["2022-12-28T19:00:00Z,web,1", "2022-12-28T20:00:00Z,web,2"]);
    let live = file(&["2022-12-26T19:00:00Z,web,9", "2022-12-28T19:00:00Z,web,1"]);
    let both = merged(&own, &live, at("20:30")).unwrap();
    let text = file(&[
        "2022-12-26T19:00:00Z,web,9",
        "2022-12-28T19:00:00Z,web,1",
        "2022-12-28T20:00:00Z,web,2",
    ]);
    assert_eq!(both, Merged { text, added: 1 });
    assert_eq!(merged(&both.text, &live, at("20:30")).unwrap().added, 0);
}

/// Rows of two components within two days and a bit.
fn rows() -> impl Strategy<Value = String> {
    let row = (0..180_000_i64, 0..2_u8, 0..50_u8);
    proptest::collection::vec(row, 0..60).prop_map(|rows| {
        let lines: Vec<String> = rows
            .into_iter()
            .map(|(seconds, component, length)| {
                let row = LatencyRow {
                    at: at("26 18:00") + TimeDelta::seconds(seconds),
                    component: ["web", "api"][usize::from(component)],
                    milliseconds: f64::from(length) / 2.0,
                };
                row.line()
            })
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        file(&lines)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// However often and whenever it is done: medians do not drift.
    #[test]
    fn thinning_again_or_on_the_way_changes_nothing(text in rows(), early in 0..200_000_i64, late in 0..200_000_i64) {
        let start = at("26 18:00");
        let early = start + TimeDelta::seconds(early);
        let late = early + TimeDelta::seconds(late);
        let at_once = thinned(&text, late).unwrap();
        let on_the_way = thinned(&thinned(&text, early).unwrap(), late).unwrap();
        prop_assert_eq!(&at_once, &on_the_way);
        prop_assert_eq!(&at_once, &thinned(&at_once, late).unwrap());
    }

    /// In whatever order copies come, and however often.
    #[test]
    fn copies_are_joined_in_any_order(own in rows(), a in rows(), b in rows()) {
        let now = at("28 12:00");
        let join = |text: &str, other: &str| merged(text, other, now).unwrap().text;
        let one = join(&join(&own, &a), &b);
        prop_assert_eq!(&one, &join(&join(&own, &b), &a));
        prop_assert_eq!(&one, &join(&own, &join(&b, &a)));
        for known in [&a, &b, &own] {
            let again = merged(&one, known, now).unwrap();
            prop_assert_eq!((&again.text, again.added), (&one, 0));
        }
    }
}
