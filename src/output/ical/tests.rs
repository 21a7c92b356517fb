#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::time;

/// Reads the description of a zone as a calendar program does: what began last holds.
#[test]
fn a_zone_is_described_as_its_clocks_go() {
    let instant = |text: &str| time::parse(text, chrono_tz::UTC).unwrap();
    let (from, until) = (instant("2020-06-15 12:00"), instant("2024-06-15 12:00"));
    for zone in [
        chrono_tz::Europe::Berlin,
        chrono_tz::Europe::Dublin,
        chrono_tz::America::New_York,
        chrono_tz::Australia::Lord_Howe,
        chrono_tz::Africa::Casablanca,
        chrono_tz::Asia::Tehran,
        chrono_tz::Asia::Kathmandu,
        chrono_tz::UTC,
    ] {
        let mut onsets: Vec<(Instant, i32)> = Vec::new();
        for (observance, starts) in observances(zone, from, until) {
            for start in starts {
                let before = TimeDelta::seconds(i64::from(observance.before));
                onsets.push((start.and_utc() - before, observance.after));
            }
        }
        onsets.sort();
        let mut at = from;
        while at < until {
            let (_, shown) = onsets[..onsets.partition_point(|(onset, _)| *onset <= at)]
                .last()
                .unwrap();
            let actual = zone
                .offset_from_utc_datetime(&at.naive_utc())
                .fix()
                .local_minus_utc();
            assert_eq!(*shown, actual, "{zone} at {at}");
            at += TimeDelta::minutes(30);
        }
    }
}

#[test]
fn offsets_have_their_sign() {
    assert_eq!(offset(5 * 3600 + 45 * 60), "+0545");
    assert_eq!(offset(-3 * 3600 - 30 * 60), "-0330");
    assert_eq!(offset(0), "+0000");
}
