//! A run: what is news is noted in the ledger, and then told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::attempt::attempt;
use super::keep::{Change, Keeper};
use super::ledger::{Ledger, State, Tries};
use super::live::LivePage;
use super::news::{Fate, LEASE, Patience, Piece, Sight, Waiting, note, post, sight};
use super::report::{End, Line, Report};
use crate::output::pages::Announcement;
use crate::publish::Store;
use crate::site::channel::Channel;
use crate::site::channel::message::Message;
use crate::site::channel::sending::{Outcome, Parcel, Promise, Verdict};
use crate::time::{Instant, rfc3339};

/// How often at most the ledger says something new of news before they are told.
const MOST_NOTES: usize = 8;

/// How long what failed waits before it is tried again: a minute, then twice as long each time, up to this.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

/// The way to the services.
pub trait Sender: Sync {
    /// What comes of a parcel.
    fn send(&self, parcel: &Parcel) -> Outcome;
}

/// What a run needs of the outside.
pub struct Tools<'a> {
    /// The way to the services.
    pub sender: &'a dyn Sender,
    /// Waits.
    pub pause: &'a (dyn Fn(Duration) + Sync),
    /// A number from 0 to 1, another one each time.
    pub dice: &'a (dyn Fn() -> f64 + Sync),
}

/// What is to be told, and by which rules.
#[derive(Clone, Copy)]
pub struct Telling<'a> {
    /// The channels of the site.
    pub channels: &'a [Channel],
    /// What the page announces.
    pub news: &'a [Announcement],
    /// What readers can read.
    pub live: &'a LivePage,
    /// The place of the ledger.
    pub store: &'a dyn Store,
    /// Its path there.
    pub ledger: &'a str,
    /// The present instant.
    pub now: Instant,
    /// The zone of the site.
    pub zone: Tz,
    /// Whether what failed waits before it is tried again.
    pub patience: Patience,
    /// How many messages are sent over a channel at most.
    pub most: Most,
    /// A name that no other run has.
    pub run: &'a str,
}

/// How many messages a run sends over a channel at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Most {
    /// As the site says; what is beyond is held for a person.
    OfSite(usize),
    /// As a person says, who lets go what was held.
    OfPerson(usize),
}

impl Most {
    fn number(self) -> usize {
        match self {
            Self::OfSite(most) | Self::OfPerson(most) => most,
        }
    }
}

/// Tells channels what is news to them, side by side: none waits for another.
pub fn tell(telling: Telling<'_>, tools: &Tools<'_>) -> Report {
    let mut report = Report::default();
    if telling.channels.is_empty() || telling.news.is_empty() {
        return report;
    }
    let keeper = Keeper::new(telling.store, telling.ledger);
    let fates = match noted(telling, &keeper, &mut report) {
        Ok(fates) => fates,
        Err(why) => {
            report.trouble.push(why);
            return report;
        }
    };
    let mut due: BTreeMap<&str, Vec<Piece<'_>>> = BTreeMap::new();
    for (piece, fate) in &fates {
        match fate {
            Fate::Due => due.entry(&piece.channel.name).or_default().push(*piece),
            Fate::Held => report.lines.push(line(*piece, End::Held)),
            Fate::Waits(waiting) => {
                report.wake(waiting.until());
                report.lines.push(line(*piece, End::Waits(waiting.words())));
            }
            Fate::Over | Fate::Note(_) => {}
        }
    }
    let claims = AtomicUsize::new(0);
    let told = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for pieces in due.values() {
            let of_channel = OfChannel {
                telling,
                keeper: &keeper,
                tools,
                claims: &claims,
            };
            let told = &told;
            scope.spawn(move || {
                let part = of_channel.run(pieces);
                let mut told = told
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                told.push(part);
            });
        }
    });
    let told = told
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    for part in told {
        report.lines.extend(part.lines);
        report.trouble.extend(part.trouble);
        report.wake(part.next);
    }
    let order: BTreeMap<(&str, &str), usize> = fates
        .iter()
        .enumerate()
        .map(|(at, (piece, _))| ((piece.channel.name.as_str(), piece.news.key.as_str()), at))
        .collect();
    report.lines.sort_by_key(|line| {
        order
            .get(&(line.channel.as_str(), line.key.as_str()))
            .copied()
    });
    report.trouble.sort();
    report.trouble.dedup();
    report
}

/// What is to become of all news, once the ledger says all that is to be said before.
fn noted<'a>(
    telling: Telling<'a>,
    keeper: &Keeper<'_>,
    report: &mut Report,
) -> Result<Vec<(Piece<'a>, Fate)>, String> {
    let look = Sight {
        channels: telling.channels,
        news: telling.news,
        live: telling.live,
        now: telling.now,
        zone: telling.zone,
        patience: telling.patience,
    };
    for _ in 0..MOST_NOTES {
        let fates = keeper.change(|ledger| {
            let mut fates = sight(look, ledger);
            limit(&mut fates, telling.most);
            match note(ledger, &fates, telling.now) {
                true => Change::Write(fates),
                false => Change::Keep(fates),
            }
        })?;
        let notes = fates.iter().filter_map(|(piece, fate)| match fate {
            Fate::Note(state) => Some(line(*piece, end_of(state)?)),
            _ => None,
        });
        report.lines.extend(notes);
        if !fates.iter().any(|(_, fate)| matches!(fate, Fate::Note(_))) {
            return Ok(fates);
        }
    }
    Err("the ledger is never as it should be: this is a fault of allclear".to_owned())
}

/// What is said of a state that the ledger takes over.
fn end_of(state: &State) -> Option<End> {
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

/// Holds what is too many of each channel; what was held is let go where a person says how many.
fn limit(fates: &mut [(Piece<'_>, Fate)], most: Most) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (piece, fate) in fates {
        let is_let_go = *fate == Fate::Held && matches!(most, Most::OfPerson(_));
        if !(is_let_go || *fate == Fate::Due) {
            continue;
        }
        let count = counts.entry(piece.channel.name.clone()).or_default();
        *count += 1;
        *fate = match (*count <= most.number(), is_let_go) {
            (true, _) => Fate::Due,
            (false, true) => Fate::Held,
            (false, false) => Fate::Note(State::Held),
        };
    }
}

fn line(piece: Piece<'_>, end: End) -> Line {
    Line {
        channel: piece.channel.name.clone(),
        key: piece.news.key.clone(),
        title: piece.news.message.title.clone(),
        end,
    }
}

impl Waiting {
    /// When it ends, where that is known.
    fn until(self) -> Option<Instant> {
        match self {
            Self::ForThePage => None,
            Self::ForTheMorning(at) | Self::ForAnotherTry(at) | Self::ForAnotherHost(at) => {
                Some(at)
            }
        }
    }

    /// What it waits for, in words.
    fn words(self) -> String {
        match self {
            Self::ForThePage => "the live page does not say it yet".to_owned(),
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
    fn wake(&mut self, at: Option<Instant>) {
        self.next = self.next.into_iter().chain(at).min();
    }
}

/// The telling of one channel.
struct OfChannel<'a> {
    telling: Telling<'a>,
    keeper: &'a Keeper<'a>,
    tools: &'a Tools<'a>,
    claims: &'a AtomicUsize,
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
}

impl OfChannel<'_> {
    /// Tells a channel what is due, oldest first. Once something fails that may be possible later, the rest waits, too: nothing
    /// overtakes what was before it, and nobody is kept waiting for long.
    fn run(&self, pieces: &[Piece<'_>]) -> Report {
        let mut report = Report::default();
        let mut is_broken = false;
        for piece in pieces {
            if is_broken {
                let why = "what stands before it could not be told".to_owned();
                report.lines.push(line(*piece, End::Waits(why)));
                continue;
            }
            match self.one(*piece, &mut report) {
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
    fn one(&self, piece: Piece<'_>, report: &mut Report) -> Result<bool, String> {
        let by = format!(
            "{}-{}",
            self.telling.run,
            self.claims.fetch_add(1, Ordering::Relaxed)
        );
        let claim = self
            .keeper
            .change(|ledger| self.claim(piece, ledger, &by))?;
        let Claim::Ours {
            tries,
            left,
            reply_to,
        } = claim
        else {
            return Ok(true);
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

    /// Claims a message, so that nobody else sends it.
    fn claim(&self, piece: Piece<'_>, ledger: &mut Ledger, by: &str) -> Change<Claim> {
        let (key, name) = (&piece.news.key, &piece.channel.name);
        let reply_to = ledger
            .reference(post(piece.news), name)
            .filter(|_| !post(piece.news).is_empty());
        let entry = ledger.entries.get_mut(key);
        let Some(state) = entry.and_then(|entry| entry.channels.get_mut(name)) else {
            return Change::Keep(Claim::Theirs);
        };
        let now = self.telling.now;
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
                next: Some(self.telling.now + wait),
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

/// The files of the live page that may be asked for, so that it is known whether it says what is news.
pub fn asked_of_the_page(news: &[Announcement]) -> BTreeSet<&str> {
    news.iter().map(|it| it.file.as_str()).collect()
}
