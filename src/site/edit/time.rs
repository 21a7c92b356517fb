//! Times as files of a site write them.

use chrono::{TimeDelta, Timelike as _};
use chrono_tz::Tz;

use crate::time::{self, Instant};

/// A time in the site's zone; with its offset where the clocks go back and the time alone would be ambiguous.
pub fn local(at: Instant, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    let plain = match at.timestamp() % 60 {
        0 => local.format("%Y-%m-%d %H:%M").to_string(),
        _ => local.format("%Y-%m-%d %H:%M:%S").to_string(),
    };
    match time::parse(&plain, zone) {
        Ok(_) => plain,
        Err(_) => format!("{plain} {}", local.format("%:z")),
    }
}

/// A time in UTC, to the second, without the seconds where they are none.
pub fn utc(at: Instant) -> String {
    let format = if at.second() == 0 {
        "%Y-%m-%d %H:%M UTC"
    } else {
        "%Y-%m-%d %H:%M:%S UTC"
    };
    at.format(format).to_string()
}

/// A length of time, as `1h30m`.
pub fn duration(length: TimeDelta) -> String {
    let seconds = length.num_seconds();
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    parts
        .map(|(number, unit)| format!("{number}{unit}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::duration;
    use crate::time::parse_duration;

    #[test]
    fn a_length_of_time_is_read_again_as_it_was() {
        for (minutes, text) in [
            (30, "30m"),
            (90, "1h30m"),
            (48 * 60, "2d"),
            (1501, "1d1h1m"),
        ] {
            let length = TimeDelta::minutes(minutes);
            assert_eq!(duration(length), text);
            assert_eq!(parse_duration(text), Some(length));
        }
    }
}
