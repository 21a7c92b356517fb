//! Instants as the API writes them.

use chrono::{Offset as _, SecondsFormat};
use chrono_tz::Tz;

use crate::time::Instant;

/// An instant in ISO 8601 with milliseconds and an offset, in the page's zone: `2022-12-28T20:30:00.000-05:00`.
pub(super) fn stamp(at: Instant, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    // A local mean time of the nineteenth century: an offset with seconds is none in ISO 8601.
    match local.offset().fix().local_minus_utc() % 60 {
        0 => local.to_rfc3339_opts(SecondsFormat::Millis, true),
        _ => at.to_rfc3339_opts(SecondsFormat::Millis, true),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use chrono_tz::Tz;

    use super::stamp;

    #[test]
    fn a_stamp_has_milliseconds_and_an_offset() {
        for (at, zone, expected) in [
            ("2022-12-29T01:30:00Z", Tz::UTC, "2022-12-29T01:30:00.000Z"),
            (
                "2022-12-29T01:30:00.98765Z",
                Tz::America__New_York,
                "2022-12-28T20:30:00.987-05:00",
            ),
            (
                "2023-03-12T07:00:00Z",
                Tz::America__New_York,
                "2023-03-12T03:00:00.000-04:00",
            ),
            (
                "2022-12-29T01:30:00Z",
                Tz::Asia__Kathmandu,
                "2022-12-29T07:15:00.000+05:45",
            ),
            // Four minutes and two seconds beside the hour.
            (
                "1880-01-01T00:00:00Z",
                Tz::America__New_York,
                "1880-01-01T00:00:00.000Z",
            ),
        ] {
            assert_eq!(stamp(at.parse().unwrap(), zone), expected);
        }
    }
}
