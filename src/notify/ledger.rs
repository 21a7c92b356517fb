//! The ledger: what each channel was told, and what it is still to be told.

use std::collections::BTreeMap;
use std::fmt;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::time::Instant;

/// How long what is over is kept: longer than anything is news, so that nothing becomes news again.
const KEPT: TimeDelta = TimeDelta::days(7);

/// How long what is not over is kept, once the page does not announce it any more.
const ABANDONED: TimeDelta = TimeDelta::days(14);

/// The version of the file's form.
const VERSION: u32 = 1;

/// What channels were told. It names no recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    version: u32,
    /// The pieces of news by their keys.
    pub entries: BTreeMap<String, Entry>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            version: VERSION,
            entries: BTreeMap::new(),
        }
    }
}

/// A piece of news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its instant.
    #[serde(with = "super::stamp")]
    pub at: Instant,
    /// When it was first seen.
    #[serde(with = "super::stamp")]
    pub seen: Instant,
    /// The address of the post that it is about; empty where it is about none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub post: String,
    /// A hash of what it says.
    pub digest: String,
    /// What became of it in each channel.
    pub channels: BTreeMap<String, State>,
}

/// What became of a piece of news in a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// It is to be told.
    Untold(Tries),
    /// It was one too many for a run, and waits for a person.
    Held,
    /// Somebody is about to tell it.
    Sending {
        /// Who.
        by: String,
        /// Since when.
        #[serde(with = "super::stamp")]
        at: Instant,
        /// The tries so far.
        tries: u32,
        /// The recipients who are told; all where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left: Option<Vec<String>>,
    },
    /// It was told.
    Told {
        /// What the channel calls it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
    },
    /// Some recipients were told; these, by names that nobody can read, are not.
    Left {
        /// They.
        left: Vec<String>,
        /// The tries so far.
        #[serde(flatten)]
        tries: Tries,
    },
    /// Nobody is told.
    Silent,
    /// It may have been told, and is not told again.
    Doubtful,
    /// It could not be told for so long that it is no news any more.
    GivenUp,
}

/// The tries to tell something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// How many there were.
    #[serde(default, skip_serializing_if = "is_none")]
    pub tries: u32,
    /// Not before this instant is there another one.
    #[serde(default, with = "super::next", skip_serializing_if = "Option::is_none")]
    pub next: Option<Instant>,
}

fn is_none(number: &u32) -> bool {
    *number == 0
}

impl State {
    /// Whether somebody of this name is about to tell it.
    pub fn is_of(&self, name: &str) -> bool {
        matches!(self, Self::Sending { by, .. } if by == name)
    }

    /// Whether nothing more becomes of it by itself.
    pub fn is_over(&self) -> bool {
        match self {
            Self::Untold(_) | Self::Held | Self::Sending { .. } | Self::Left { .. } => false,
            Self::Told { .. } | Self::Silent | Self::Doubtful | Self::GivenUp => true,
        }
    }
}

/// A text that is no ledger of this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnreadableLedger;

impl fmt::Display for UnreadableLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no ledger of this version of allclear")
    }
}

impl Ledger {
    /// Reads a ledger.
    ///
    /// # Errors
    ///
    /// Where the text is none, or one of another version.
    pub fn parse(bytes: &[u8]) -> Result<Self, UnreadableLedger> {
        let ledger: Self = serde_json::from_slice(bytes).map_err(|_| UnreadableLedger)?;
        match ledger.version {
            VERSION => Ok(ledger),
            _ => Err(UnreadableLedger),
        }
    }

    /// The text of the ledger.
    pub fn text(&self) -> String {
        // Maps of texts and numbers always have a JSON form.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// What became of a piece of news in a channel; `None` where nothing did.
    pub fn state(&self, key: &str, channel: &str) -> Option<&State> {
        self.entries.get(key)?.channels.get(channel)
    }

    /// Leaves out what cannot be news again: what is over in every channel and old, and what is very old. Whether there was
    /// any.
    pub fn forget(&mut self, now: Instant) -> bool {
        let before = self.entries.len();
        self.entries.retain(|_, entry| {
            let is_over = entry.channels.values().all(State::is_over);
            let newest = entry.at.max(entry.seen);
            now - newest <= if is_over { KEPT } else { ABANDONED }
        });
        self.entries.len() < before
    }

    /// What a channel called the latest message about a post.
    pub fn reference(&self, post: &str, channel: &str) -> Option<String> {
        let told = self.entries.values().filter(|entry| entry.post == post);
        let told = told.filter_map(|entry| match entry.channels.get(channel)? {
            State::Told {
                reference: Some(reference),
            } => Some((entry.at, reference)),
            _ => None,
        });
        let latest = told.max_by_key(|(at, _)| *at);
        latest.map(|(_, reference)| reference.clone())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::site::fixtures::at;

    fn entry(state: State) -> Entry {
        Entry {
            at: at("10:00"),
            seen: at("10:01"),
            post: "https://status.example/incidents/disks/".to_owned(),
            digest: "d1".to_owned(),
            channels: BTreeMap::from([("chat".to_owned(), state)]),
        }
    }

    #[test]
    fn every_state_is_read_as_it_was_written() {
        let tries = Tries {
            tries: 2,
            next: Some(at("10:05")),
        };
        let sending = |left| State::Sending {
            by: "a-1".to_owned(),
            at: at("10:02"),
            tries: 1,
            left,
        };
        let left = || vec!["3f".to_owned()];
        let states = [
            State::Untold(Tries::default()),
            State::Untold(tries.clone()),
            State::Held,
            sending(None),
            sending(Some(left())),
            State::Told { reference: None },
            State::Told {
                reference: Some("r".to_owned()),
            },
            State::Left {
                left: left(),
                tries,
            },
            State::Silent,
            State::Doubtful,
            State::GivenUp,
        ];
        for state in states {
            let mut ledger = Ledger::default();
            ledger.entries.insert("key".to_owned(), entry(state));
            let again = Ledger::parse(ledger.text().as_bytes());
            assert_eq!(again, Ok(ledger));
        }
    }

    #[test]
    fn what_is_no_ledger_is_refused() {
        for text in ["", "{}", "[]", r#"{"version":2,"entries":{}}"#] {
            assert_eq!(
                Ledger::parse(text.as_bytes()),
                Err(UnreadableLedger),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_over_is_kept_for_a_week_and_what_is_not_for_two() {
        for (state, days) in [
            (State::Silent, 7),
            (State::Doubtful, 7),
            (State::Held, 14),
            (State::Untold(Tries::default()), 14),
        ] {
            let mut ledger = Ledger::default();
            ledger
                .entries
                .insert("key".to_owned(), entry(state.clone()));
            let end = at("10:01") + TimeDelta::days(days);
            assert!(!ledger.forget(end), "{state:?}");
            assert!(ledger.forget(end + TimeDelta::seconds(1)), "{state:?}");
            assert_eq!(ledger, Ledger::default());
        }
    }
}
