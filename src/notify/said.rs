//! What is said of news in words.

use super::ledger::State;
use super::news::{Piece, Waiting};
use super::report::{End, Line, Report};
use crate::time::{Instant, rfc3339};

/// What is said of a state that the ledger takes over.
pub(super) fn end_of(state: &State) -> Option<End> {
    match state {
        State::Silent => Some(End::Silent),
        State::GivenUp => Some(End::GivenUp),
        State::Doubtful => Some(End::Doubtful(
            "whoever was about to tell it ended before it was known whether it arrived".to_owned(),
        )),
        // What is held is said of all that is.
        State::Untold(_)
        | State::Held
        | State::Sending { .. }
        | State::Told { .. }
        | State::Left { .. } => None,
    }
}

pub(super) fn line(piece: Piece<'_>, end: End) -> Line {
    Line {
        channel: piece.channel.name.clone(),
        key: piece.news.key.clone(),
        title: piece.news.message.title.clone(),
        end,
    }
}

impl Waiting {
    /// When it ends, where that is known.
    pub(super) fn until(self) -> Option<Instant> {
        match self {
            Self::ForThePage | Self::ForWhatIsBefore => None,
            Self::ForTheMorning(at) | Self::ForAnotherTry(at) | Self::ForAnotherHost(at) => {
                Some(at)
            }
        }
    }

    /// What it waits for, in words.
    pub(super) fn words(self) -> String {
        match self {
            Self::ForThePage => "the live page does not say it yet".to_owned(),
            Self::ForWhatIsBefore => "what stands before it is not told yet".to_owned(),
            Self::ForTheMorning(at) => format!("quiet hours, until {}", rfc3339(at)),
            Self::ForAnotherTry(at) => format!("it failed, and is tried again at {}", rfc3339(at)),
            Self::ForAnotherHost(at) => {
                format!(
                    "somebody else is telling it, or it is tried again at {}",
                    rfc3339(at)
                )
            }
        }
    }
}

impl Report {
    /// Notes when something may be told.
    pub(super) fn wake(&mut self, at: Option<Instant>) {
        self.next = self.next.into_iter().chain(at).min();
    }
}
