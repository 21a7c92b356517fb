//! The steps of a round, and how each stands.
//!
//! Each fails alone. A failure is said once an hour, until it is another one or over, and is tried again after a pause that grows.

use chrono::TimeDelta;
use strum::{IntoStaticStr, VariantArray};

use crate::site::vocabulary::Word;
use crate::time::Instant;

/// The pause after a first failure.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(5);

/// The longest pause.
const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(5);

/// How often a failure is said that lasts.
const SAID_EVERY: TimeDelta = TimeDelta::hours(1);

/// A step of a round, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Step {
    /// Takes over the commits of a branch.
    Follow,
    /// Asks the outside about components, and keeps what it says as evidence.
    Probe,
    /// Builds the page in memory.
    Build,
    /// Writes it into a folder.
    Write,
    /// Brings it to the places where readers are.
    Publish,
    /// Tells subscribers what it says and they have not heard.
    Notify,
}

impl Step {
    /// Whether the page does not reach its readers without it.
    pub fn is_of_page(self) -> bool {
        matches!(self, Self::Build | Self::Write | Self::Publish)
    }
}

impl Word for Step {}

/// How a step stands.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    failing: Option<Failing>,
}

#[derive(Debug, Clone)]
struct Failing {
    why: String,
    attempts: u32,
    since: Instant,
    last: Instant,
    /// When it was said last.
    said: Instant,
}

impl Standing {
    /// Notes that the step failed; returns whether that is to be said: it is news, or was said long ago.
    pub fn failed(&mut self, now: Instant, why: &str) -> bool {
        let before = self.failing.take();
        let attempts = before.as_ref().map_or(0, |before| before.attempts) + 1;
        let since = before.as_ref().map_or(now, |before| before.since.min(now));
        let was_said = before.filter(|before| before.why == why).map(|it| it.said);
        let was_said = was_said.filter(|said| *said <= now && now - *said < SAID_EVERY);
        self.failing = Some(Failing {
            why: why.to_owned(),
            attempts,
            since,
            last: now,
            said: was_said.unwrap_or(now),
        });
        was_said.is_none()
    }

    /// Notes that the step worked; returns whether that is news.
    pub fn worked(&mut self) -> bool {
        self.failing.take().is_some()
    }

    /// Has it tried again at once, as somebody may have put right what was wrong.
    pub fn hurry(&mut self) {
        if let Some(failing) = &mut self.failing {
            failing.attempts = 0;
        }
    }

    /// Why it does not work; `None` where it does.
    pub fn problem(&self) -> Option<&str> {
        self.failing.as_ref().map(|failing| failing.why.as_str())
    }

    /// Since when it has not worked; `None` where it does.
    pub fn failing_since(&self) -> Option<Instant> {
        self.failing.as_ref().map(|failing| failing.since)
    }

    /// When it is tried again: at once where the clock was set back since it failed. `None` where it works.
    pub fn next_try(&self, now: Instant) -> Option<Instant> {
        let failing = self.failing.as_ref()?;
        Some(match failing.last <= now {
            true => failing.last + pause(failing.attempts),
            false => now,
        })
    }
}

/// The pause after so many failures in a row.
fn pause(attempts: u32) -> TimeDelta {
    let Some(doublings) = attempts.checked_sub(1) else {
        return TimeDelta::zero();
    };
    let doubled = FIRST_PAUSE * (1 << doublings.min(10));
    doubled.min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixtures::at;

    #[test]
    fn a_failure_is_news_once_and_so_is_its_end() {
        let mut standing = Standing::default();
        assert!(!standing.worked());
        assert!(standing.failed(at("10:00"), "no network"));
        assert!(!standing.failed(at("10:01"), "no network"));
        assert!(standing.failed(at("10:02"), "no such branch"));
        assert_eq!(standing.problem(), Some("no such branch"));
        assert!(standing.worked());
        assert!(!standing.worked());
        assert_eq!(standing.problem(), None);
        assert!(standing.failed(at("10:03"), "no network"));
    }

    #[test]
    fn a_failure_that_lasts_is_said_once_an_hour() {
        let mut standing = Standing::default();
        let mut said = Vec::new();
        for minute in (0..=150).step_by(5) {
            let now = at("10:00") + TimeDelta::minutes(minute);
            if standing.failed(now, "no such branch") {
                said.push(minute);
            }
        }
        assert_eq!(said, [0, 60, 120]);
        assert!(standing.failed(at("12:31"), "no network"));
        assert_eq!(standing.failing_since(), Some(at("10:00")));
        // A clock that was set back keeps nothing unsaid.
        assert!(standing.failed(at("09:00"), "no network"));
        assert_eq!(standing.failing_since(), Some(at("09:00")));
    }

    #[test]
    fn pauses_grow_up_to_five_minutes_and_begin_anew() {
        let mut standing = Standing::default();
        let mut pauses = Vec::new();
        for _ in 0..9 {
            standing.failed(at("10:00"), "no network");
            let next = standing.next_try(at("10:00"));
            pauses.extend(next.map(|next| (next - at("10:00")).num_seconds()));
        }
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
        standing.worked();
        standing.failed(at("10:00"), "no network");
        assert_eq!(standing.next_try(at("10:00")), Some(at("10:00:05")));
        assert_eq!(standing.next_try(at("09:00")), Some(at("09:00")));
        // Somebody may have put it right.
        standing.failed(at("10:01"), "no network");
        standing.hurry();
        assert_eq!(standing.next_try(at("10:01")), Some(at("10:01")));
        standing.failed(at("10:02"), "no network");
        assert_eq!(standing.next_try(at("10:02")), Some(at("10:02:05")));
    }
}
