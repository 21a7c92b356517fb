//! Channels: where subscribers are told what the page says (`[[channels]]`).
//!
//! One file a kind has its configuration, what it sends of a message as plain values, and its reading of the answers; nothing
//! here opens a connection or knows a secret.

use camino::Utf8PathBuf;
use chrono::NaiveTime;

use self::message::Message;
use self::sending::{Outcome, Promise, Speaker, Step};
use super::component::ComponentIndex;
use super::place::PlaceName;
use super::vocabulary::{Impact, PostKind};
use crate::diagnostic::Place;
use crate::fetch::Networks;
use crate::locale::LanguageIndex;
use crate::syntax::{Reader, Spanned, TableReader, Value};

mod address;
mod bluesky;
mod discord;
mod email;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod letter;
mod mastodon;
pub mod message;
mod piece;
pub mod sending;
mod slack;
mod teams;
mod text;
mod tone;
mod webhook;

/// How many messages a run sends over a channel where nothing else is said.
pub const DEFAULT_MOST: usize = 20;

/// A channel.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its name, unique in the site, by which the ledger knows it.
    pub name: String,
    /// How it is told.
    pub kind: Kind,
    /// The components whose news it is told; all, and the news that name none, where nothing is said.
    pub components: Option<Vec<ComponentIndex>>,
    /// The kinds of posts whose news it is told.
    pub kinds: Vec<PostKind>,
    /// The least impact of the incidents whose news it is told.
    pub impact: Impact,
    /// The language in which it is told.
    pub language: LanguageIndex,
    /// The hours in which news of maintenance wait.
    pub quiet: Option<Quiet>,
    /// The template of its texts, by its path from the site's folder.
    pub template: Option<Spanned<Utf8PathBuf>>,
    /// Whom it reaches.
    pub audience: Audience,
    /// Its place in `allclear.toml`.
    pub place: Place,
}

/// The words in which channels are told: those that have the same are told the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Voice {
    /// The language.
    pub language: LanguageIndex,
    /// The template of the texts, by its path from the site's folder.
    pub template: Option<Utf8PathBuf>,
}

impl Channel {
    /// The words in which it is told.
    pub fn voice(&self) -> Voice {
        let template = self.template.as_ref();
        Voice {
            language: self.language,
            template: template.map(|path| path.value.clone()),
        }
    }
}

/// Whom a channel reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Those who use the service: they are told what the page tells.
    Subscribers,
    /// Those who run it: they are told, too, what the page knows and nobody has said.
    Operators,
}

/// Hours of each day, in the zone of the site; over midnight where the end is not after the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// Their start.
    pub from: NaiveTime,
    /// Their end.
    pub to: NaiveTime,
}

/// What holds for all channels (`[notify]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifySettings {
    /// Where the ledger is kept: an address of a store or a folder; with the page where nothing is said.
    pub ledger: Option<PlaceName>,
    /// How many messages a run sends over a channel at most.
    pub most: usize,
    /// The networks in which channels may be.
    pub networks: Networks,
}

impl Default for NotifySettings {
    fn default() -> Self {
        Self {
            ledger: None,
            most: DEFAULT_MOST,
            networks: Networks::Public,
        }
    }
}

/// How a channel is told.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A channel of Slack, by an incoming webhook.
    Slack(slack::Slack),
    /// A channel of Discord, by a webhook.
    Discord(discord::Discord),
    /// A channel of Microsoft Teams, by a workflow.
    Teams(teams::Teams),
    /// An account of Mastodon.
    Mastodon(mastodon::Mastodon),
    /// An account of Bluesky.
    Bluesky(bluesky::Bluesky),
    /// Addresses of mail, over a server of SMTP.
    Email(email::Email),
    /// A program, by signed requests.
    Webhook(webhook::Webhook),
}

/// The reader of a kind: from the value of its key, and the rest of its table.
type KindReader = fn(&mut Reader<'_>, &mut TableReader<'_>, &Spanned<Value>) -> Option<Kind>;

impl Kind {
    /// Each kind by its key in a `[[channels]]` table.
    pub const KEYS: &'static [(&'static str, KindReader)] = &[
        ("slack", |reader, table, node| {
            slack::Slack::read(reader, table, node).map(Self::Slack)
        }),
        ("discord", |reader, table, node| {
            discord::Discord::read(reader, table, node).map(Self::Discord)
        }),
        ("teams", |reader, table, node| {
            teams::Teams::read(reader, table, node).map(Self::Teams)
        }),
        ("mastodon", |reader, table, node| {
            mastodon::Mastodon::read(reader, table, node).map(Self::Mastodon)
        }),
        ("bluesky", |reader, table, node| {
            bluesky::Bluesky::read(reader, table, node).map(Self::Bluesky)
        }),
        ("email", |reader, table, node| {
            email::Email::read(reader, table, node).map(Self::Email)
        }),
        ("webhook", |reader, table, node| {
            webhook::Webhook::read(reader, table, node).map(Self::Webhook)
        }),
    ];

    /// What all kinds have in common.
    fn speaker(&self) -> &dyn Speaker {
        match self {
            Self::Slack(slack) => slack,
            Self::Discord(discord) => discord,
            Self::Teams(teams) => teams,
            Self::Mastodon(mastodon) => mastodon,
            Self::Bluesky(bluesky) => bluesky,
            Self::Email(email) => email,
            Self::Webhook(webhook) => webhook,
        }
    }

    /// How often a subscriber hears of each piece of news, whatever fails.
    pub fn promise(&self) -> Promise {
        self.speaker().promise()
    }

    /// What is to be done next to tell a message, by the outcomes of the parcels that were sent for it in this attempt.
    pub fn step(&self, message: &Message, so_far: &[Outcome]) -> Step {
        self.speaker().step(message, so_far)
    }

    /// What says the message, however many parcels stand before it; for people who want to see it before it is sent.
    pub fn foreseen(&self, message: &Message) -> Step {
        self.speaker().foreseen(message)
    }
}
