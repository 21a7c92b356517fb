//! The instant that a page is built for.

use allclear::generate::{self, Generated};
use allclear::site::read::AsOf;
use allclear::time::Instant;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::Args;

use super::failure::{Failure, bad_argument};
use super::global::Global;
use super::typed_time::{TimeOption, Viewpoint};

/// The instant to build for.
#[derive(Debug, Args)]
pub(crate) struct Now {
    /// Take this instant for the present, as `2022-12-29T01:30:00Z`, `yesterday 22:00` or `-20m`
    ///
    /// Times without a zone are in the site's. The environment variable SOURCE_DATE_EPOCH (seconds since 1970) does the
    /// same.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    now: Option<String>,
}

/// An instant, and whether somebody chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BuildTime {
    /// The present instant, from the clock.
    Clock(Instant),
    /// An instant that an argument or the environment names.
    Chosen(Instant),
}

impl BuildTime {
    /// The instant.
    pub(crate) fn instant(self) -> Instant {
        match self {
            Self::Clock(instant) | Self::Chosen(instant) => instant,
        }
    }
}

impl BuildTime {
    /// The point in time from which the files of a site are looked at: those for a chosen instant are history.
    pub(crate) fn as_of(self) -> AsOf {
        match self {
            Self::Clock(now) => AsOf::Present(now),
            Self::Chosen(_) => AsOf::History,
        }
    }
}

/// Adds the warnings that make sense only where a site is looked at as of the present.
pub(crate) fn warn_of_future(generated: &mut Generated, time: BuildTime) {
    if let (BuildTime::Clock(now), Some(site)) = (time, &generated.site) {
        let found = allclear::check::future_updates(site, now);
        generated.diagnostics.append(found);
        generated.diagnostics.apply_severities(&site.settings.rules);
        generated.diagnostics.sort();
    }
}

impl Now {
    /// The instant that was asked for, or the present one; to the second.
    pub(crate) fn resolve(&self, global: &Global) -> Result<BuildTime, Failure> {
        let present = present()?;
        let Some(typed) = &self.now else {
            return Ok(present);
        };
        // What is wrong with the site is reported where it is read as a whole.
        let zone = generate::time_zone(&global.site).unwrap_or(Tz::UTC);
        let now = present.instant();
        let option = TimeOption {
            name: "--now",
            typed,
        };
        let read = Viewpoint { now, zone }.read(option, now)?;
        Ok(BuildTime::Chosen(read.at))
    }
}

/// The present instant, from the environment or else from the clock; to the second.
fn present() -> Result<BuildTime, Failure> {
    if let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") {
        let seconds = text.trim().parse::<i64>().ok();
        return seconds
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
            .map(BuildTime::Chosen)
            .ok_or_else(|| {
                bad_argument(
                    format!("SOURCE_DATE_EPOCH is `{text}`, which is not a time"),
                    "set it to whole seconds since 1970, or unset it",
                )
            });
    }
    Ok(BuildTime::Clock(present_moment()))
}

/// The present instant, from the clock alone; to the second, of which it is the start.
pub(crate) fn present_moment() -> Instant {
    let now = DateTime::<Utc>::from(std::time::SystemTime::now());
    DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now)
}
