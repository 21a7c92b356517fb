//! What came of a run.

use crate::time::Instant;

/// What came of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What was done, and what waits, oldest first.
    pub lines: Vec<Line>,
    /// Why nothing more could be done, where the ledger failed.
    pub trouble: Vec<String>,
    /// When something that waits may be told.
    pub next: Option<Instant>,
}

/// What became of a piece of news in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The name of the channel.
    pub channel: String,
    /// The identity of the news.
    pub key: String,
    /// Their title.
    pub title: String,
    /// What became of them.
    pub end: End,
}

/// What became of a piece of news in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// They were told.
    Told,
    /// It was decided that nobody is told.
    Silent,
    /// They wait; for what.
    Waits(String),
    /// They could not be told, and will be tried again; why.
    Failed(String),
    /// They may have been told, and are not told again; why.
    Doubtful(String),
    /// They could not be told for so long that they are no news any more.
    GivenUp,
    /// They were too many for a run.
    Held,
}

impl End {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Silent => "silent",
            Self::Waits(_) => "waits",
            Self::Failed(_) => "failed",
            Self::Doubtful(_) => "doubtful",
            Self::GivenUp => "given up",
            Self::Held => "held",
        }
    }

    /// Why, for people; nothing where the word says all.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Waits(why) | Self::Failed(why) | Self::Doubtful(why) => Some(why),
            Self::GivenUp => Some("it could not be told in time"),
            Self::Held => Some(
                "too many for one run: look at them with `allclear notify --dry-run`, and send them with `--most N`",
            ),
            Self::Told | Self::Silent => None,
        }
    }

    /// Whether a person has to look at it.
    pub fn is_problem(&self) -> bool {
        match self {
            Self::Failed(_) | Self::Doubtful(_) | Self::GivenUp | Self::Held => true,
            Self::Told | Self::Silent | Self::Waits(_) => false,
        }
    }
}

impl Report {
    /// Whether a person has to look at something.
    pub fn is_problem(&self) -> bool {
        !self.trouble.is_empty() || self.lines.iter().any(|line| line.end.is_problem())
    }

    /// How many pieces of news came to an end with this word.
    pub fn count(&self, word: &str) -> usize {
        let ends = self.lines.iter().map(|line| line.end.word());
        ends.filter(|it| *it == word).count()
    }
}
