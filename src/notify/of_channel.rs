//! The telling of one channel.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::TimeDelta;

use super::attempt::attempt;
use super::keep::{Change, Keeper};
use super::ledger::{Ledger, State, Tries};
use super::news::{LEASE, Piece, Waiting, post};
use super::report::{End, Report};
use super::said::line;
use super::telling::{Most, Telling, Tools};
use crate::site::channel::Channel;
use crate::site::channel::message::Message;
use crate::site::channel::sending::{Promise, Verdict};
use crate::time::Instant;

/// How long what failed waits before it is tried again: a minute, then twice as long each time, up to this.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

/// The telling of one channel.
pub(super) struct OfChannel<'a> {
    pub(super) telling: Telling<'a>,
    pub(super) keeper: &'a Keeper<'a>,
    pub(super) tools: &'a Tools<'a>,
    pub(super) claims: &'a AtomicUsize,
}

/// A piece of news whose turn it is.
pub(super) struct Turn<'a> {
    pub(super) piece: Piece<'a>,
    /// The keys of what stands before it in the same post.
    pub(super) before: Vec<&'a str>,
}

/// What a claim found in the ledger.
enum Claim {
    /// It is ours now, with the tries before and whatever the message needs of the ledger.
    Ours {
        tries: u32,
        left: Option<Vec<String>>,
        reply_to: Option<String>,
    },
    /// Somebody else has it, or has told it.
    Theirs,
    /// What stands before it is not told yet, though it was to be.
    TooEarly,
}

impl OfChannel<'_> {
    /// Tells a channel what is due, oldest first. Once something fails that may be possible later, the rest waits, too: nothing
    /// overtakes what was before it, and nobody is kept waiting for long.
    pub(super) fn run(&self, turns: &[Turn<'_>]) -> Report {
        let mut report = Report::default();
        let mut is_broken = false;
        for turn in turns {
            if is_broken {
                let why = "what stands before it could not be told".to_owned();
                report.lines.push(line(turn.piece, End::Waits(why)));
                continue;
            }
            match self.one(turn, &mut report) {
                Ok(goes_on) => is_broken = !goes_on,
                Err(why) => {
                    report.trouble.push(why);
                    is_broken = true;
                }
            }
        }
        report
    }

    /// Tells one message; whether the next one can be told.
    fn one(&self, turn: &Turn<'_>, report: &mut Report) -> Result<bool, String> {
        let piece = turn.piece;
        let by = format!(
            "{}-{}",
            self.telling.run,
            self.claims.fetch_add(1, Ordering::Relaxed)
        );
        let claim = self.keeper.change(|ledger| self.claim(turn, ledger, &by))?;
        let (tries, left, reply_to) = match claim {
            Claim::Ours {
                tries,
                left,
                reply_to,
            } => (tries, left, reply_to),
            Claim::Theirs => return Ok(true),
            Claim::TooEarly => {
                let why = Waiting::ForWhatIsBefore.words();
                report.lines.push(line(piece, End::Waits(why)));
                return Ok(true);
            }
        };
        let message = Message {
            reply_to,
            left,
            ..piece.news.message.clone()
        };
        let verdict = attempt(&piece.channel.kind, &message, self.tools);
        let (state, end) = self.judged(piece.channel, &verdict, tries + 1, message.left);
        if let State::Untold(Tries { next, .. })
        | State::Left {
            tries: Tries { next, .. },
            ..
        } = &state
        {
            report.wake(*next);
        }
        let goes_on = !matches!(verdict, Verdict::TryAgain { .. } | Verdict::Unknown(_));
        report.lines.push(line(piece, end));
        self.keeper.change(|ledger| {
            let (key, name) = (&piece.news.key, &piece.channel.name);
            let entry = ledger.entries.get_mut(key);
            let known = entry.and_then(|entry| entry.channels.get_mut(name));
            match known {
                // Nobody else changes what is ours, unless it took too long.
                Some(known) if known.is_of(&by) => {
                    *known = state.clone();
                    Change::Write(())
                }
                _ => Change::Keep(()),
            }
        })?;
        Ok(goes_on)
    }

    /// The present instant, however long the run has lasted.
    fn now(&self) -> Instant {
        let elapsed = TimeDelta::from_std((self.tools.elapsed)());
        self.telling.now + elapsed.unwrap_or_default()
    }

    /// Claims a message, so that nobody else sends it.
    fn claim(&self, turn: &Turn<'_>, ledger: &mut Ledger, by: &str) -> Change<Claim> {
        let piece = turn.piece;
        let (key, name) = (&piece.news.key, &piece.channel.name);
        let reply_to = ledger
            .reference(post(piece.news), name)
            .filter(|_| !post(piece.news).is_empty());
        let before = turn.before.iter();
        let mut before = before.filter_map(|key| ledger.state(key, name));
        if before.any(State::keeps_back) {
            return Change::Keep(Claim::TooEarly);
        }
        let entry = ledger.entries.get_mut(key);
        let Some(state) = entry.and_then(|entry| entry.channels.get_mut(name)) else {
            return Change::Keep(Claim::Theirs);
        };
        let now = self.now();
        let (tries, left) = match state {
            State::Untold(Tries { tries, .. }) => (*tries, None),
            State::Left { left, tries } => (tries.tries, Some(left.clone())),
            State::Held if matches!(self.telling.most, Most::OfPerson(_)) => (0, None),
            // An answer of the store was lost: it is ours already.
            State::Sending {
                by: who,
                tries,
                left,
                ..
            } if who == by => {
                return Change::Keep(Claim::Ours {
                    tries: *tries,
                    left: left.clone(),
                    reply_to,
                });
            }
            State::Sending {
                at, tries, left, ..
            } if now - *at >= LEASE && piece.channel.kind.promise() == Promise::AtLeastOnce => {
                (*tries, left.clone())
            }
            _ => return Change::Keep(Claim::Theirs),
        };
        *state = State::Sending {
            by: by.to_owned(),
            at: now,
            tries,
            left: left.clone(),
        };
        Change::Write(Claim::Ours {
            tries,
            left,
            reply_to,
        })
    }

    /// What the ledger and the report say of a verdict.
    fn judged(
        &self,
        channel: &Channel,
        verdict: &Verdict,
        tries: u32,
        left: Option<Vec<String>>,
    ) -> (State, End) {
        let later = |asked: Option<Duration>| {
            let usual = TimeDelta::minutes(1) * 2i32.pow(tries.saturating_sub(1).min(10));
            let asked = asked.and_then(|asked| TimeDelta::from_std(asked).ok());
            let wait = asked
                .map_or(usual, |asked| usual.max(asked))
                .min(LONGEST_WAIT);
            Tries {
                tries,
                next: Some(self.now() + wait),
                refused: matches!(verdict, Verdict::Refused(_)),
            }
        };
        let untold = |tries: Tries| match left.clone() {
            Some(left) => State::Left { left, tries },
            None => State::Untold(tries),
        };
        match verdict {
            Verdict::Sent(reference) => {
                let reference = reference.clone();
                (State::Told { reference }, End::Told)
            }
            Verdict::Refused(why) => (untold(later(None)), End::Failed(why.clone())),
            Verdict::TryAgain { why, after } => (untold(later(*after)), End::Failed(why.clone())),
            Verdict::Unknown(why) => match channel.kind.promise() {
                Promise::AtMostOnce => (State::Doubtful, End::Doubtful(why.clone())),
                Promise::AtLeastOnce => (untold(later(None)), End::Failed(why.clone())),
            },
            // Who is missing was refused for good.
            Verdict::Partly { left, why } if left.is_empty() => {
                let reference = None;
                (State::Told { reference }, End::Failed(why.clone()))
            }
            Verdict::Partly { left, why } => {
                let (left, tries) = (left.clone(), later(None));
                (State::Left { left, tries }, End::Failed(why.clone()))
            }
        }
    }
}
