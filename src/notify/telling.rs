//! What is to be told, and by which rules.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono_tz::Tz;

use super::ledger::{Ledger, State};
use super::live::{LivePage, Readable};
use super::news::{Fate, Patience, Piece, Sight, Waiting, post, sight};
use super::report::Report;
use crate::output::pages::Announcement;
use crate::publish::Store;
use crate::site::channel::Channel;
use crate::site::channel::sending::{Outcome, Parcel};
use crate::time::Instant;

/// How often at most the ledger says something new of news before they are told.
pub(super) const MOST_NOTES: usize = 8;

/// The way to the services.
pub trait Sender: Sync {
    /// What comes of a parcel.
    fn send(&self, parcel: &Parcel) -> Outcome;
}

/// What a run needs of the outside.
pub struct Tools<'a> {
    /// The way to the services.
    pub sender: &'a dyn Sender,
    /// How long ago the run began.
    pub elapsed: &'a (dyn Fn() -> Duration + Sync),
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
    /// The page that readers can read.
    pub page: &'a dyn Readable,
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

impl<'a> Telling<'a> {
    /// What is to become of all news, by a ledger.
    pub(super) fn fates(self, live: &LivePage, ledger: &Ledger) -> Vec<(Piece<'a>, Fate)> {
        let look = Sight {
            channels: self.channels,
            news: self.news,
            now: self.now,
            aged: self.aged(),
            zone: self.zone,
            patience: self.patience,
        };
        let mut fates = sight(look, live, ledger);
        keep_in_order(&mut fates, ledger, self.most);
        fates
    }

    /// The instant until which things have grown old.
    pub(super) fn aged(self) -> Instant {
        self.now.min(self.page.now())
    }

    /// What of the live page those news ask about that wait for it.
    pub(super) fn live(self, fates: &[(Piece<'_>, Fate)], report: &mut Report) -> LivePage {
        let mut live = LivePage {
            now: self.page.now(),
            files: BTreeMap::new(),
        };
        for (piece, fate) in fates {
            let path = &piece.news.file;
            if *fate != Fate::Waits(Waiting::ForThePage) || live.files.contains_key(path) {
                continue;
            }
            match self.page.file(path) {
                Ok(Some(bytes)) => {
                    live.files.insert(path.clone(), bytes);
                }
                Ok(None) => {}
                Err(why) => report.trouble.push(format!("the live page: {why}")),
            }
        }
        live
    }
}

/// Holds what is too many of each channel; what was held is let go where a person says how many. What follows something in
/// the same post that the same channel has still to hear waits for it.
fn keep_in_order(fates: &mut [(Piece<'_>, Fate)], ledger: &Ledger, most: Most) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept_back: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (piece, fate) in fates {
        let (name, post) = (piece.channel.name.as_str(), post(piece.news));
        let is_let_go = *fate == Fate::Held && matches!(most, Most::OfPerson(_));
        if (is_let_go || *fate == Fate::Due) && kept_back.contains(&(name, post)) {
            *fate = Fate::Waits(Waiting::ForWhatIsBefore);
            continue;
        }
        let state = ledger.state(&piece.news.key, name);
        if !(is_let_go || *fate == Fate::Due) {
            let is_to_come = matches!(fate, Fate::Held | Fate::Waits(_));
            if is_to_come && !post.is_empty() && state.is_some_and(State::keeps_back) {
                kept_back.insert((name, post));
            }
            continue;
        }
        let count = counts.entry(piece.channel.name.clone()).or_default();
        *count += 1;
        *fate = match (*count <= most.number(), is_let_go) {
            (true, _) => Fate::Due,
            (false, true) => Fate::Held,
            (false, false) => Fate::Note(State::Held),
        };
        if *fate != Fate::Due && !post.is_empty() {
            kept_back.insert((name, post));
        }
    }
}
