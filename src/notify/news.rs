//! What is news to which channel.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::ledger::{Entry, Ledger, State, Tries};
use super::live::LivePage;
use crate::output::pages::{Announcement, Cause};
use crate::site::channel::sending::Promise;
use crate::site::channel::{Audience, Channel, Quiet};
use crate::site::update::{NEWS, Telling};
use crate::site::vocabulary::PostKind;
use crate::time::Instant;

/// How long a message may be under way: who was about to send it longer ago than that is gone.
pub(super) const LEASE: TimeDelta = TimeDelta::minutes(5);

/// How long it is tried to tell something to whom it was promised at least once.
const PERSISTENCE: TimeDelta = TimeDelta::days(7);

/// All that decides what is news.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// The channels of the site.
    pub channels: &'a [Channel],
    /// What the page announces.
    pub news: &'a [Announcement],
    /// The present instant.
    pub now: Instant,
    /// The instant until which things have grown old: never later than that of the live page, so that a clock that is wrong
    /// ends nothing.
    pub aged: Instant,
    /// The zone of the site.
    pub zone: Tz,
    /// Whether what failed waits before it is tried again.
    pub patience: Patience,
}

/// Whether what failed waits before it is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// It does: somebody tries each minute.
    Waits,
    /// It does not: a person has asked for it.
    TriesAtOnce,
}

/// A piece of news for a channel.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// The channel.
    pub channel: &'a Channel,
    /// What is told.
    pub news: &'a Announcement,
}

/// What is to become of a piece of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Nothing more: it is over, or was never news.
    Over,
    /// The ledger is to say this of it, and then it is looked at again.
    Note(State),
    /// It is to be told.
    Due,
    /// It is one too many for a run, and a person must say so.
    Held,
    /// It is to be told later.
    Waits(Waiting),
}

/// What a piece of news waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Readers cannot read it yet.
    ForThePage,
    /// The channel's hours of quiet end then.
    ForTheMorning(Instant),
    /// It failed, and is tried again from then on.
    ForAnotherTry(Instant),
    /// Somebody else is about to tell it.
    ForAnotherHost(Instant),
    /// What stands before it in the same post is not told yet.
    ForWhatIsBefore,
}

/// What is to become of each piece of news in each channel, by what is live and a ledger; oldest first.
pub fn sight<'a>(sight: Sight<'a>, live: &LivePage, ledger: &Ledger) -> Vec<(Piece<'a>, Fate)> {
    let mut all = Vec::new();
    for channel in sight.channels {
        let voice = channel.voice();
        let of_it = sight.news.iter().filter(|news| news.voice == voice);
        all.extend(of_it.map(|news| {
            let piece = Piece { channel, news };
            (piece, fate(sight, live, piece, ledger))
        }));
    }
    all.sort_by_key(|(piece, _)| piece.news.message.at);
    all
}

fn fate(sight: Sight<'_>, live: &LivePage, piece: Piece<'_>, ledger: &Ledger) -> Fate {
    let Piece { channel, news } = piece;
    let Some(state) = ledger.state(&news.key, &channel.name) else {
        return first_sight(sight, piece, ledger);
    };
    let seen = ledger.entries.get(&news.key).map(|entry| entry.seen);
    let age = sight.aged - seen.unwrap_or(sight.aged);
    match state {
        State::Told { .. } | State::Silent | State::Doubtful | State::GivenUp => Fate::Over,
        State::Held if age > NEWS => Fate::Note(State::GivenUp),
        State::Held => match due(sight, live, piece, &Tries::default()) {
            Fate::Due => Fate::Held,
            waits => waits,
        },
        State::Untold(_) | State::Left { .. } if age > patience(channel) => {
            Fate::Note(State::GivenUp)
        }
        State::Untold(tries) if tries.refused && age > NEWS => Fate::Note(State::GivenUp),
        // The last word stays the last one.
        State::Untold(_) if is_overtaken(piece, ledger) => Fate::Note(State::GivenUp),
        State::Untold(tries) | State::Left { tries, .. } => due(sight, live, piece, tries),
        State::Sending { at, .. } if sight.now - *at < LEASE => {
            Fate::Waits(Waiting::ForAnotherHost(*at + LEASE))
        }
        State::Sending { .. } => match channel.kind.promise() {
            Promise::AtMostOnce => Fate::Note(State::Doubtful),
            Promise::AtLeastOnce => Fate::Due,
        },
    }
}

/// How long it is tried to tell a channel something.
fn patience(channel: &Channel) -> TimeDelta {
    match channel.kind.promise() {
        Promise::AtMostOnce => NEWS,
        Promise::AtLeastOnce => PERSISTENCE,
    }
}

fn first_sight(sight: Sight<'_>, piece: Piece<'_>, ledger: &Ledger) -> Fate {
    let Piece { channel, news } = piece;
    let is_forgotten = ledger.forgotten.is_some_and(|last| news.message.at <= last);
    if !news.is_ahead && (is_forgotten || sight.now - news.message.at > NEWS) {
        return Fate::Over;
    }
    let has_begun = ledger.has_heard(post(news), &channel.name);
    // Others may be told of it, and this channel may ask for more some day: then it is known that it was not meant.
    if !is_for(news, channel, has_begun) || is_overtaken(piece, ledger) {
        return Fate::Note(State::Silent);
    }
    let known = ledger.entries.get(&news.key);
    let Some(known) = known.or_else(|| moved(sight, news, ledger)) else {
        return Fate::Note(State::Untold(Tries::default()));
    };
    // A channel that is not in an entry was not there at that time, or had another name.
    let state = known.channels.get(&channel.name);
    Fate::Note(state.cloned().unwrap_or(State::Silent))
}

/// Whether the channel has heard what came later in the same post.
fn is_overtaken(piece: Piece<'_>, ledger: &Ledger) -> bool {
    let Piece { channel, news } = piece;
    ledger.has_heard_later(post(news), &channel.name, news.message.at)
}

/// The entry of what is the same news under another key: somebody corrected its time, or named its file anew.
fn moved<'l>(sight: Sight<'_>, news: &Announcement, ledger: &'l Ledger) -> Option<&'l Entry> {
    if news.cause == Cause::Evidence {
        return None;
    }
    let post = post(news);
    let is_gone = |key: &String| !sight.news.iter().any(|it| it.key == *key);
    let mut entries = ledger.entries.iter();
    let is_same = |entry: &Entry| {
        let at = news.message.at;
        // A window that opens only after it was told that it did opens again.
        let is_put_off = news.cause == Cause::Clock && at > entry.seen;
        let is_near = entry.at == at || entry.post == post && !is_put_off;
        entry.digest == news.digest && is_near
    };
    let found = entries.find(|(key, entry)| is_same(entry) && is_gone(key));
    // What stands in its place already is no second time in another.
    let mut heirs = sight
        .news
        .iter()
        .filter_map(|it| ledger.entries.get(&it.key));
    found
        .map(|(_, entry)| entry)
        .filter(|_| !heirs.any(is_same))
}

/// The slug of the post that news are about; empty where they are about none.
pub(super) fn post(news: &Announcement) -> &str {
    news.message.post().map_or("", |post| &post.slug)
}

/// What becomes of what is to be told.
fn due(sight: Sight<'_>, live: &LivePage, piece: Piece<'_>, tries: &Tries) -> Fate {
    if !live.has(piece.news) {
        return Fate::Waits(Waiting::ForThePage);
    }
    let quiet = piece.channel.quiet.filter(|_| is_maintenance(piece.news));
    if let Some(end) = quiet.and_then(|quiet| end_of_quiet(quiet, sight.now, sight.zone)) {
        return Fate::Waits(Waiting::ForTheMorning(end));
    }
    match tries.next.filter(|next| *next > sight.now) {
        Some(next) if sight.patience == Patience::Waits => {
            Fate::Waits(Waiting::ForAnotherTry(next))
        }
        _ => Fate::Due,
    }
}

fn is_maintenance(news: &Announcement) -> bool {
    let post = news.message.post();
    post.is_some_and(|post| post.kind == PostKind::Maintenance)
}

/// Whether a channel is meant by a piece of news. Who has heard the beginning of a post hears its end, whatever the post says
/// of its impact and components by then.
fn is_for(news: &Announcement, channel: &Channel, has_begun: bool) -> bool {
    if news.telling == Telling::Silent {
        return false;
    }
    if has_begun {
        return true;
    }
    let components = channel.components.as_ref();
    if !components.is_none_or(|wanted| news.components.iter().any(|it| wanted.contains(it))) {
        return false;
    }
    match (news.cause, news.message.post()) {
        (Cause::Evidence, _) | (_, None) => channel.audience == Audience::Operators,
        (_, Some(post)) => {
            channel.kinds.contains(&post.kind)
                && (post.kind != PostKind::Incident || post.impact >= channel.impact)
        }
    }
}

/// When the hours of quiet end in which an instant is; `None` where it is in none.
fn end_of_quiet(quiet: Quiet, at: Instant, zone: Tz) -> Option<Instant> {
    let local = at.with_timezone(&zone);
    let (date, clock) = (local.date_naive(), local.time());
    let is_over_midnight = quiet.from >= quiet.to;
    let is_quiet = match is_over_midnight {
        true => clock >= quiet.from || clock < quiet.to,
        false => clock >= quiet.from && clock < quiet.to,
    };
    let end = match clock < quiet.to {
        true => date,
        false => date.succ_opt()?,
    };
    let end = crate::time::on_the_wall(end.and_time(quiet.to), zone)?;
    // An hour that the clock leaves out may end it early.
    (is_quiet && end > at).then_some(end)
}

/// Notes in a ledger what is to be said of news at an instant, and leaves out what is old by another one. Whether that
/// changed anything.
pub(super) fn note(
    ledger: &mut Ledger,
    fates: &[(Piece<'_>, Fate)],
    now: Instant,
    aged: Instant,
) -> bool {
    let announced: BTreeSet<&str> = fates.iter().map(|(it, _)| it.news.key.as_str()).collect();
    let mut is_changed = ledger.forget(aged, &announced);
    for (piece, fate) in fates {
        let Fate::Note(state) = fate else { continue };
        let news = piece.news;
        let entry = ledger.entries.entry(news.key.clone());
        let entry = entry.or_insert_with(|| Entry {
            at: news.message.at,
            seen: now,
            post: post(news).to_owned(),
            digest: news.digest.clone(),
            channels: BTreeMap::new(),
        });
        let name = piece.channel.name.clone();
        entry.channels.insert(name, state.clone());
        is_changed = true;
    }
    is_changed
}
