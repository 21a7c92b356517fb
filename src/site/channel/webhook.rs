//! `webhook`: a program, by signed requests after the contract of openstatus, version 1.
//!
//! The receiver knows a request that it has had by the id of the update, so that what may not have arrived is sent again.
//! `X-Hub-Signature-256` is `sha256=` and the HMAC-SHA256 of the body, keyed with `secret`, which many receivers check
//! already: it is the field of WebSub and of GitHub.
//!
//! The contract numbers things; the numbers here are hashes of what allclear knows them by. It knows incidents and maintenance:
//! a notice is told as what has a time and no state, as a maintenance.

use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use super::address::{headers, secret_text, url};
use super::message::{About, Message, Post, number};
use super::sending::{Outcome, Parcel, Promise, Secret, Speaker, Step, Verdict, json_request};
use crate::fetch::EnvText;
use crate::site::vocabulary::{Impact, PostKind, State, Status, Word as _};
use crate::syntax::{Reader, Spanned, TableReader, Value};
use crate::time::rfc3339;

/// How long the receiver has for its answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A program.
#[derive(Debug, Clone)]
pub struct Webhook {
    url: EnvText,
    headers: Vec<(String, EnvText)>,
    secret: Option<EnvText>,
}

impl Webhook {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let url = url(reader, node);
        let headers = headers(reader, table);
        let secret = match table.take("secret") {
            Some(node) => Some(secret_text(reader, node, "WEBHOOK_SECRET")?),
            None => None,
        };
        Some(Self {
            url: url?,
            headers,
            secret,
        })
    }

    fn body(message: &Message) -> Json {
        let (kind, data) = match &message.about {
            About::Post(post) if post.kind == PostKind::Incident => {
                ("status_report", report(message, post))
            }
            About::Post(post) => ("maintenance", maintenance(message, post)),
            About::Evidence => ("status_report", evidence(message)),
            About::Test => ("test", test(message)),
        };
        let mut all = Map::new();
        all.insert(kind.to_owned(), data);
        json!({
            "version": "1",
            "type": kind,
            "data": all,
            // Whom it reaches stands in the site's files: there is nothing to manage elsewhere.
            "subscription": { "manage_url": null, "unsubscribe_url": null },
        })
    }
}

/// An update of an incident.
fn report(message: &Message, post: &Post) -> Json {
    json!({
        "id": number(&post.address),
        "title": post.title,
        "url": post.address,
        "impact": impact(post.impact),
        "update": update(message, status(post.state)),
        "page": page(message),
        "components": components(message),
    })
}

/// An update of a maintenance or a notice.
fn maintenance(message: &Message, post: &Post) -> Json {
    let mut all = json!({
        "id": number(&post.address),
        "title": message.title,
        "url": post.address,
        "impact": impact(post.impact),
        "message": text(message),
        "update": { "id": message.number(), "url": message.address, "occurred_at": rfc3339(message.at) },
        "page": page(message),
        "components": components(message),
    });
    if let (Some(window), Some(map)) = (post.window, all.as_object_mut()) {
        map.insert("starts_at".to_owned(), rfc3339(window.starts()).into());
        map.insert("ends_at".to_owned(), rfc3339(window.ends()).into());
    }
    all
}

/// What the page knows and nobody has said.
fn evidence(message: &Message) -> Json {
    json!({
        "id": message.number(),
        "title": message.title,
        "url": message.address,
        "impact": impact(Impact::None),
        "update": update(message, "investigating"),
        "page": page(message),
        "components": components(message),
    })
}

fn test(message: &Message) -> Json {
    json!({
        "id": message.number(),
        "title": message.title,
        "url": message.address,
        "message": text(message),
        "created_at": rfc3339(message.at),
        "page": page(message),
    })
}

fn update(message: &Message, status: &str) -> Json {
    json!({
        "id": message.number(),
        "url": message.address,
        "status": status,
        "message": text(message),
        // Earlier revisions of the contract have the one, later ones the other.
        "created_at": rfc3339(message.at),
        "occurred_at": rfc3339(message.at),
    })
}

/// A text that is never empty.
fn text(message: &Message) -> &str {
    match message.text.as_str() {
        "" => &message.title,
        text => text,
    }
}

/// The word of the contract for a state.
fn status(state: Option<State>) -> &'static str {
    match state {
        Some(State::Identified) => "identified",
        Some(State::Monitoring) => "monitoring",
        Some(state) if state.ends_incident() => "resolved",
        _ => "investigating",
    }
}

/// The word of the contract for an impact: the status of a component.
fn impact(impact: Impact) -> &'static str {
    impact.status().as_str()
}

fn page(message: &Message) -> Json {
    let page = &message.page;
    let host = page.address.split_once("://");
    let host = host.map_or(page.address.as_str(), |(_, rest)| rest);
    json!({
        "id": number(&page.address),
        "name": page.title,
        "slug": host.trim_end_matches('/'),
        "url": page.address,
    })
}

/// The components with how they are, which is nothing to complain of where that is not said.
fn components(message: &Message) -> Json {
    let all = message.components.iter().map(|component| {
        let status = component.status.unwrap_or(Status::Operational);
        // The contract has no word for the others.
        let status = match status.is_trouble() {
            true => status,
            false => Status::Operational,
        };
        json!({
            "id": number(&component.id),
            "name": component.name,
            "impact": status.as_str(),
            "changed": component.has_changed,
        })
    });
    all.collect()
}

impl Speaker for Webhook {
    fn promise(&self) -> Promise {
        Promise::AtLeastOnce
    }

    fn step(&self, message: &Message, so_far: &[Outcome]) -> Step {
        if let Some(outcome) = so_far.last() {
            // A page of errors need not come from the program itself: it may be there again soon.
            return Step::Done(match outcome.verdict() {
                Verdict::Unknown(why) => Verdict::TryAgain { why, after: None },
                verdict => verdict,
            });
        }
        let secret = match &self.secret {
            None => Secret::None,
            Some(key) => Secret::Signature {
                header: "X-Hub-Signature-256",
                prefix: "sha256=",
                key: key.clone(),
            },
        };
        let mut request = json_request(&self.url, &Self::body(message));
        request.headers.extend(self.headers.iter().cloned());
        Step::Send(Parcel::Http {
            request,
            secret,
            timeout: TIMEOUT,
        })
    }
}

#[cfg(test)]
mod tests;
