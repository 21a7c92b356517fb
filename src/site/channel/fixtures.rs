//! Channels and messages for unit tests.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::sync::Arc;
use std::time::Duration;

use super::message::{About, Concerned, Message, Page, Post};
use super::sending::{Outcome, Parcel, Secret, Step};
use super::{Channel, Kind};
use crate::diagnostic::{Diagnostics, SourceFile};
use crate::fetch::{Answer, Request};
use crate::site::fixtures::at;
use crate::site::read::{self, config};
use crate::site::vocabulary::{Impact, PostKind, State, Status};
use crate::source::Files;

/// The kind of the lines of a `[[channels]]` table.
#[track_caller]
pub(crate) fn kind(lines: &str) -> Kind {
    let (kind, errors) = read(lines);
    assert_eq!(errors, Vec::<String>::new());
    kind.unwrap()
}

/// The channels of a file with two components, `web` and `api`.
#[track_caller]
pub(crate) fn channels(lines: &str) -> Vec<Channel> {
    let text = format!(
        "title = 'A'\nbase_url = 'https://status.example/'\n[[components]]\nid = 'web'\n[[components]]\nid = 'api'\n{lines}\n"
    );
    let path = "allclear.toml".into();
    let files = Files {
        config: Some(Arc::new(SourceFile { path, text })),
        ..Files::default()
    };
    let mut diagnostics = Diagnostics::new();
    let site = read::read_config(&files, &mut diagnostics);
    let messages: Vec<_> = diagnostics.iter().map(|it| it.message.clone()).collect();
    assert_eq!(messages, Vec::<String>::new());
    site.unwrap().channels
}

/// The messages of what is wrong with the lines of a `[[channels]]` table.
pub(crate) fn errors(lines: &str) -> Vec<String> {
    read(lines).1
}

fn read(lines: &str) -> (Option<Kind>, Vec<String>) {
    let text =
        format!("title = 'A'\nbase_url = 'https://status.example/'\n[[channels]]\n{lines}\n");
    let path = "allclear.toml".into();
    let file = Arc::new(SourceFile { path, text });
    let mut diagnostics = Diagnostics::new();
    let config = config::read(&file, &mut diagnostics);
    let mut channels = config.map_or_else(Vec::new, |config| config.channels);
    let kind = channels.pop().map(|channel| channel.channel.kind);
    let messages = diagnostics.iter().map(|it| it.message.clone());
    (kind, messages.collect())
}

/// The first request that a channel sends of a message.
#[track_caller]
pub(crate) fn first(kind: &Kind, message: &Message) -> (Request, Secret) {
    match kind.step(message, &[]) {
        Step::Send(Parcel::Http {
            request, secret, ..
        }) => (request, secret),
        other => panic!("{other:?}"),
    }
}

/// An answer over HTTP.
pub(crate) fn answered(status: u16, body: &str) -> Outcome {
    Outcome::Http(Answer {
        status,
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
        took: Duration::ZERO,
    })
}

/// An update of an incident that is down.
pub(crate) fn message() -> Message {
    Message {
        id: "https://status.example/incidents/disks/#identified-1010".to_owned(),
        about: About::Post(Post {
            kind: PostKind::Incident,
            slug: "disks".to_owned(),
            title: "Disks <full> & slow".to_owned(),
            address: "https://status.example/incidents/disks/".to_owned(),
            state: Some(State::Identified),
            state_text: "Identified".to_owned(),
            impact: Impact::Critical,
            window: None,
            is_first: false,
        }),
        title: "Identified: Disks <full> & slow".to_owned(),
        text: "The disks are full.\n\nWe are making room.".to_owned(),
        html: "<p>The disks are full.</p>\n<p>We are making room.</p>\n".to_owned(),
        address: "https://status.example/incidents/disks/#identified-1010".to_owned(),
        link: "More on the page".to_owned(),
        components: vec![Concerned {
            id: "web".to_owned(),
            name: "Web".to_owned(),
            status: Some(Status::MajorOutage),
            status_text: "Major outage".to_owned(),
            has_changed: true,
        }],
        at: at("10:10"),
        at_text: "10:10 UTC".to_owned(),
        page: Page {
            title: "Example".to_owned(),
            address: "https://status.example/".to_owned(),
            language: "en".to_owned(),
            direction: "ltr".to_owned(),
        },
        reply_to: None,
        left: None,
    }
}
