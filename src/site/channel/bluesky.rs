//! `bluesky`: an account of Bluesky, or of another server of the AT Protocol, by an app password.
//!
//! A session is opened before each post. The key of a post hangs on the update and its time, so that a second attempt cannot be a
//! second post; what may have arrived is not sent again all the same.
//!
//! | answer | it says |
//! | --- | --- |
//! | 200 | taken; `uri` and `cid` are for the replies to it |
//! | 429 | later |
//! | another one below 500: a password that was withdrawn, a post that is not valid | refused |
//! | 500 and above, or none, to the session | later |
//! | the same, to the post | it may have been taken |

use serde_json::{Value as Json, json};
use unicode_segmentation::UnicodeSegmentation as _;

use super::address::{secret_text, url};
use super::message::{Message, number};
use super::piece::{Piece, pieces};
use super::sending::{
    Outcome, Parcel, Promise, Secret, Speaker, Step, TIMEOUT, Verdict, json_request,
};
use crate::diagnostic::Code;
use crate::fetch::EnvText;
use crate::syntax::{Reader, Spanned, TableReader, Value};
use crate::time::{Instant, rfc3339};

/// The server where nothing else is said.
const SERVICE: &str = "https://bsky.social";

/// The graphemes that a post has at most.
const GRAPHEMES: usize = 300;

/// The bytes that a post has at most.
const BYTES: usize = 3_000;

/// The kind of record that is a post.
const POST: &str = "app.bsky.feed.post";

/// An account of Bluesky.
#[derive(Debug, Clone)]
pub struct Bluesky {
    handle: String,
    password: EnvText,
    service: String,
}

impl Bluesky {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let handle = handle(reader, node);
        let password = table.require(reader, "password");
        let password = password.and_then(|node| secret_text(reader, node, "BLUESKY_PASSWORD"));
        let service = match table.take("service") {
            Some(node) => url(reader, node).map(|it| it.as_written().to_owned()),
            None => Some(SERVICE.to_owned()),
        };
        Some(Self {
            handle: handle?,
            password: password?,
            service: service?.trim_end_matches('/').to_owned(),
        })
    }

    fn call(&self, method: &str) -> EnvText {
        EnvText::new(format!("{}/xrpc/{method}", self.service))
    }

    fn session(&self) -> Parcel {
        let url = self.call("com.atproto.server.createSession");
        Parcel::Http {
            request: json_request(&url, &json!({ "identifier": self.handle })),
            secret: Secret::Fields(vec![("password", self.password.clone())]),
            timeout: TIMEOUT,
        }
    }

    fn post(&self, message: &Message, session: &Session) -> Parcel {
        let body = json!({
            "repo": session.did,
            "collection": POST,
            "rkey": key(message.at, &message.id),
            "record": record(message),
        });
        let bearer = EnvText::new(format!("Bearer {}", session.token));
        let request = json_request(&self.call("com.atproto.repo.createRecord"), &body);
        Parcel::http(request.with_header("Authorization", bearer))
    }
}

/// The name of an account, as `status.example.com`.
fn handle(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<String> {
    let text = reader.text(node)?.trim();
    let name = text.strip_prefix('@').unwrap_or(text);
    let is_name = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '.';
    let is_did = name.starts_with("did:") && name.chars().all(|it| is_name(it) || it == ':');
    let is_handle = name.contains('.') && name.chars().all(is_name);
    if !is_did && !is_handle {
        let message = format!("`{text}` is no handle of Bluesky");
        let hint = "write it as `status.example.com` or `example.bsky.social`".to_owned();
        reader.error(Code::BadChannel, &node.span, message, hint);
        return None;
    }
    Some(name.to_owned())
}

/// An open session.
struct Session {
    token: String,
    did: String,
}

impl Session {
    /// The session of an answer. What has signs of its own is none: it could be read as a variable of the environment.
    fn read(outcome: &Outcome) -> Option<Self> {
        let body = outcome.json()?;
        let field = |name: &str| {
            let text = body.get(name)?.as_str()?;
            let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=:%".contains(&byte);
            (!text.is_empty() && text.bytes().all(is_fit)).then(|| text.to_owned())
        };
        Some(Self {
            token: field("accessJwt")?,
            did: field("did")?,
        })
    }
}

/// The post.
fn record(message: &Message) -> Json {
    let text = text(message);
    let mut record = json!({
        "$type": POST,
        "text": text,
        "createdAt": rfc3339(message.at),
        "langs": [message.page.language],
        "facets": facets(&text, message),
    });
    if let Some(reply) = message.reply_to.as_deref().and_then(reply) {
        record["reply"] = reply;
    }
    record
}

/// The title, as much of the text as there is room for, and the whole address; the words of a link instead of an address
/// that would leave no room.
fn text(message: &Message) -> String {
    let end = ending(message);
    let said = match message.text.is_empty() {
        true => message.title.clone(),
        false => format!("{}\n\n{}", message.title, message.text),
    };
    let mut room = GRAPHEMES.saturating_sub(graphemes(end) + 2);
    loop {
        let text = format!("{}\n\n{end}", cut(&said, room));
        if text.len() <= BYTES || room == 0 {
            return text;
        }
        room = room.saturating_sub(10);
    }
}

/// What a post ends with, which leads to the page.
fn ending(message: &Message) -> &str {
    match graphemes(&message.address) <= GRAPHEMES / 2 {
        true => &message.address,
        false => &message.link,
    }
}

fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// The beginning of a text, of so many graphemes at most, cut between words and marked with `…`.
fn cut(text: &str, most: usize) -> String {
    if graphemes(text) <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(1);
    let end = text.grapheme_indices(true).nth(room);
    let begun = &text[..end.map_or(text.len(), |(at, _)| at)];
    // A word that is longer than half of the room is cut in two: little would be left without it.
    let words = begun.rfind(char::is_whitespace);
    let kept = match words {
        Some(at) if at > begun.len() / 2 => &begun[..at],
        _ => begun,
    };
    format!("{}…", kept.trim_end())
}

/// The links in a text, by the places of their bytes.
fn facets(text: &str, message: &Message) -> Json {
    let link = |start: usize, end: usize, url: &str| {
        json!({
            "index": { "byteStart": start, "byteEnd": end },
            "features": [{ "$type": "app.bsky.richtext.facet#link", "uri": url }],
        })
    };
    let end = text.len() - ending(message).len();
    let (mut all, mut at) = (Vec::new(), 0);
    for piece in pieces(&text[..end]) {
        match piece {
            Piece::Text(text) => at += text.len(),
            Piece::Address(url) => {
                all.push(link(at, at + url.len(), url));
                at += url.len();
            }
        }
    }
    all.push(link(end, text.len(), &message.address));
    Json::Array(all)
}

/// The key of a record: a TID, as the protocol wants them for posts, of the microsecond of the update and a number that hangs on its
/// identity.
fn key(at: Instant, id: &str) -> String {
    const DIGITS: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
    let micros = u64::try_from(at.timestamp_micros()).unwrap_or_default();
    // Updates have whole seconds at best: what is below them tells those of one second apart, too.
    let number = number(id);
    let micros = micros / 1_000_000 * 1_000_000 + (number >> 10) % 1_000_000;
    let tid = ((micros & ((1 << 53) - 1)) << 10) | (number & 0x3ff);
    let digits = (0..13).rev().map(|place| {
        let digit = usize::try_from((tid >> (5 * place)) & 31).unwrap_or_default();
        char::from(DIGITS[digit])
    });
    digits.collect()
}

/// What a post replies to: the one before, and the first of all.
fn reply(of: &str) -> Option<Json> {
    let parts: Vec<&str> = of.split(' ').collect();
    let [uri, cid, root_uri, root_cid] = parts[..] else {
        return None;
    };
    Some(json!({
        "root": { "uri": root_uri, "cid": root_cid },
        "parent": { "uri": uri, "cid": cid },
    }))
}

/// What Bluesky calls the post that it has taken, and the first of its thread.
fn taken(outcome: &Outcome, message: &Message) -> Option<String> {
    let body = outcome.json()?;
    let field = |name: &str| {
        let text = body.get(name)?.as_str()?;
        let is_fit =
            !text.is_empty() && text.len() <= 500 && text.bytes().all(|it| it.is_ascii_graphic());
        is_fit.then(|| text.to_owned())
    };
    let own = format!("{} {}", field("uri")?, field("cid")?);
    let before = message.reply_to.as_deref().filter(|it| reply(it).is_some());
    let root = before.and_then(|it| {
        let parts = it.splitn(3, ' ');
        parts.last()
    });
    Some(match root {
        Some(root) => format!("{own} {root}"),
        None => format!("{own} {own}"),
    })
}

impl Speaker for Bluesky {
    fn promise(&self) -> Promise {
        Promise::AtMostOnce
    }

    /// The post: the session before it says nothing.
    fn foreseen(&self, message: &Message) -> Step {
        let session = Session {
            token: "...".to_owned(),
            did: self.handle.clone(),
        };
        Step::Send(self.post(message, &session))
    }

    fn step(&self, message: &Message, so_far: &[Outcome]) -> Step {
        match so_far {
            [] => Step::Send(self.session()),
            [session] => match (session.verdict(), Session::read(session)) {
                (Verdict::Sent(_), Some(session)) => Step::Send(self.post(message, &session)),
                (Verdict::Sent(_), None) => Step::Done(Verdict::Refused(
                    "its answer to the password is no session".to_owned(),
                )),
                // Nothing was posted yet.
                (Verdict::Unknown(why), _) => Step::Done(Verdict::TryAgain { why, after: None }),
                (verdict, _) => Step::Done(verdict),
            },
            [.., last] => Step::Done(match last.verdict() {
                Verdict::Sent(_) => Verdict::Sent(taken(last, message)),
                verdict => verdict,
            }),
        }
    }
}

#[cfg(test)]
mod tests;
