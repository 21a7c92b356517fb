//! Times as files of a site write them.

use chrono::Timelike as _;
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
