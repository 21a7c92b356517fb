//! `mastodon`: an account of an instance of Mastodon, or of a program with the same interface, by a token of an application
//! that may write posts (`write:statuses`).
//!
//! A post about what the page told before is a reply to that post. Where that was deleted it is posted by itself.
//! `Idempotency-Key` is the same in each attempt, and Mastodon keeps it for an hour only: what may have arrived is not sent again.
//!
//! | answer | it says |
//! | --- | --- |
//! | 200 | taken; `id` is for the replies to it |
//! | 404, 422 to a reply | perhaps there is nothing any more to reply to: posted without |
//! | 429 | later |
//! | another one below 500: a token that was withdrawn, a text that is too long | refused |
//! | 500 and above, none | it may have been taken |

use serde_json::{Map, Value as Json};

use super::address::{secret_text, url};
use super::letter::token;
use super::message::Message;
use super::piece::written;
use super::sending::{Outcome, Parcel, Promise, Speaker, Step, Verdict, json_request};
use super::text::cut;
use crate::diagnostic::Code;
use crate::fetch::EnvText;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// The characters that a post has at most where nothing else is said.
const CHARACTERS: usize = 500;

/// The least number of them: an address and some words.
const FEWEST: f64 = 100.0;

/// The greatest number of them.
const MOST: f64 = 100_000.0;

/// The characters that an address counts as at least.
const ADDRESS: usize = 23;

/// Who sees a post.
const VISIBILITIES: [&str; 4] = ["public", "unlisted", "private", "direct"];

/// An account of Mastodon.
#[derive(Debug, Clone)]
pub struct Mastodon {
    url: EnvText,
    token: EnvText,
    visibility: &'static str,
    characters: usize,
}

impl Mastodon {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let instance = url(reader, node);
        let token = table.require(reader, "token");
        let token = token.and_then(|node| secret_text(reader, node, "MASTODON_TOKEN"));
        let visibility = match table.take("visibility") {
            Some(node) => visibility(reader, node),
            None => Some("public"),
        };
        let characters = match table.take("characters") {
            Some(node) => characters(reader, node),
            None => Some(CHARACTERS),
        };
        let instance = instance?;
        let instance = instance.as_written().trim_end_matches('/');
        Some(Self {
            url: EnvText::new(format!("{instance}/api/v1/statuses")),
            token: token?,
            visibility: visibility?,
            characters: characters?,
        })
    }

    /// The post, as a reply where there is something to reply to.
    fn post(&self, message: &Message, reply_to: Option<&str>) -> Step {
        let mut body = Map::new();
        let mut put = |key: &str, value: Json| body.insert(key.to_owned(), value);
        put("status", text(message, self.characters).into());
        put("visibility", self.visibility.into());
        put("language", language(&message.page.language).into());
        if let Some(id) = reply_to {
            put("in_reply_to_id", id.into());
        }
        let bearer = EnvText::new(format!("Bearer {}", self.token.as_written()));
        let key = EnvText::new(token(&[&message.id]));
        let request = json_request(&self.url, &Json::Object(body))
            .with_header("Authorization", bearer)
            .with_header("Idempotency-Key", key);
        Step::Send(Parcel::http(request))
    }
}

fn visibility(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<&'static str> {
    let text = reader.text(node)?;
    let known = VISIBILITIES.into_iter().find(|it| *it == text);
    if known.is_none() {
        let message = format!("`{text}` is no visibility");
        let hint = "write one of `public`, `unlisted`, `private`, `direct`".to_owned();
        reader.error(Code::BadChannel, &node.span, message, hint);
    }
    known
}

fn characters(reader: &mut Reader<'_>, node: &Spanned<Value>) -> Option<usize> {
    let number = reader.number(node)?;
    if number.fract() != 0.0 || !(FEWEST..=MOST).contains(&number) {
        let message = format!("a post cannot have {number} characters at most");
        let hint = "write the number that the instance names, as `500`".to_owned();
        reader.error(Code::BadChannel, &node.span, message, hint);
        return None;
    }
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole and within the limits"
    )]
    let characters = number as usize;
    Some(characters)
}

/// The title, as much of the text as there is room for, and the whole address.
fn text(message: &Message, most: usize) -> String {
    // An address counts as if it had no less than this, however short it is.
    let short = message.address.chars().count().max(ADDRESS);
    let room = most.saturating_sub(short + 2);
    let said = match message.text.is_empty() {
        true => message.title.clone(),
        false => format!("{}\n\n{}", message.title, message.text),
    };
    let mut kept = room;
    loop {
        let said = calling_nobody(&cut(&said, kept));
        let excess = length(&said).saturating_sub(room);
        if excess == 0 || kept == 0 {
            return format!("{said}\n\n{}", message.address);
        }
        kept = kept.saturating_sub(excess);
    }
}

/// The characters of a text as an instance counts them.
fn length(text: &str) -> usize {
    let addresses = written(
        text,
        |_| String::new(),
        |it| " ".repeat(ADDRESS.saturating_sub(it.chars().count())),
    );
    text.chars().count() + addresses.len()
}

/// A text that mentions nobody: behind each `@` stands a sign that nobody sees, which no name begins with.
fn calling_nobody(text: &str) -> String {
    written(text, |it| it.replace('@', "@\u{2060}"), str::to_owned)
}

/// The language without its country or script, as ISO 639 has it.
fn language(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

impl Speaker for Mastodon {
    fn promise(&self) -> Promise {
        Promise::AtMostOnce
    }

    fn step(&self, message: &Message, so_far: &[Outcome]) -> Step {
        let reply_to = message.reply_to.as_deref().filter(|id| is_id(id));
        match so_far {
            [] => self.post(message, reply_to),
            [Outcome::Http(answer)] if reply_to.is_some() && matches!(answer.status, 404 | 422) => {
                self.post(message, None)
            }
            [.., last] => Step::Done(match last.verdict() {
                Verdict::Sent(_) => Verdict::Sent(id(last)),
                verdict => verdict,
            }),
        }
    }
}

/// What Mastodon calls the post that it has taken.
fn id(outcome: &Outcome) -> Option<String> {
    let body = outcome.json()?;
    let id = body.get("id")?.as_str()?;
    is_id(id).then(|| id.to_owned())
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

    use super::*;
    use crate::fetch::Request;
    use crate::site::channel::Kind;
    use crate::site::channel::fixtures::{self, answered, errors, first, message};
    use serde_json::json;

    const LINES: &str = "mastodon = 'https://social.example/'\ntoken = '${TOKEN}'";

    fn kind(more: &str) -> Kind {
        fixtures::kind(&format!("{LINES}\n{more}"))
    }

    fn body(request: &Request) -> Json {
        serde_json::from_slice(request.body.as_ref().unwrap()).unwrap()
    }

    fn sent(more: &str, message: &Message) -> Json {
        body(&first(&kind(more), message).0)
    }

    #[test]
    fn a_message_is_a_post_with_an_identity() {
        let (request, _) = first(&kind("visibility = 'unlisted'"), &message());
        assert_eq!(
            request.url.as_written(),
            "https://social.example/api/v1/statuses"
        );
        assert_eq!(
            body(&request),
            json!({
                "status": "Identified: Disks <full> & slow\n\nThe disks are full.\n\nWe are making room.\n\n\
                    https://status.example/incidents/disks/#identified-1010",
                "visibility": "unlisted",
                "language": "en",
            })
        );
        let header = |name: &str| {
            let mut fields = request.headers.iter().filter(|(it, _)| it == name);
            fields.next().unwrap().1.as_written().to_owned()
        };
        assert_eq!(header("Authorization"), "Bearer ${TOKEN}");
        let key = header("Idempotency-Key");
        assert_eq!(key.len(), 32);
        let mut other = message();
        other.id.push('x');
        let (other, _) = first(&kind(""), &other);
        assert!(
            other
                .headers
                .iter()
                .all(|(_, value)| value.as_written() != key)
        );
    }

    #[test]
    fn a_post_is_as_long_as_the_instance_allows_and_the_address_is_whole() {
        let mut message = message();
        for text in ["disk @a ", "https://a.example/ ", "ü", "長い"] {
            message.text = text.repeat(5_000);
            for (more, most) in [("", 500), ("characters = 5000", 5_000)] {
                let post = sent(more, &message);
                let post = post["status"].as_str().unwrap();
                assert!(
                    post.ends_with(&format!("…\n\n{}", message.address)),
                    "{post}"
                );
                let length = length(post);
                assert!((most * 8 / 10..=most).contains(&length), "{text}: {length}");
            }
        }
    }

    #[test]
    fn a_post_mentions_nobody() {
        let mut message = message();
        message.text = "@all ask me@example.com or https://social.example/@a".to_owned();
        let post = sent("", &message);
        let post = post["status"].as_str().unwrap();
        assert!(
            post.contains("@\u{2060}all ask me@\u{2060}example.com or https://social.example/@a")
        );
    }

    #[test]
    fn an_update_replies_to_the_post_before_while_there_is_one() {
        let kind = kind("");
        let taken = answered(200, "{\"id\": \"109\", \"content\": \"x\"}");
        let step = kind.step(&message(), std::slice::from_ref(&taken));
        assert_eq!(step, Step::Done(Verdict::Sent(Some("109".to_owned()))));
        let mut message = message();
        message.reply_to = Some("109".to_owned());
        assert_eq!(body(&first(&kind, &message).0)["in_reply_to_id"], "109");
        let gone = answered(404, "{\"error\": \"Record not found\"}");
        match kind.step(&message, std::slice::from_ref(&gone)) {
            Step::Send(Parcel::Http { request, .. }) => {
                assert_eq!(body(&request).get("in_reply_to_id"), None);
            }
            other => panic!("{other:?}"),
        }
        let step = kind.step(&message, &[gone.clone(), gone]);
        assert_eq!(
            step,
            Step::Done(Verdict::Refused("it answered 404".to_owned()))
        );
        let step = kind.step(&message, &[answered(401, "{}")]);
        assert!(matches!(step, Step::Done(Verdict::Refused(_))), "{step:?}");
    }

    #[test]
    fn mistakes_are_answered() {
        assert_eq!(
            errors(&format!("{LINES}\nvisibility = 'all'\ncharacters = 20")),
            [
                "`all` is no visibility",
                "a post cannot have 20 characters at most"
            ]
        );
        assert_eq!(
            errors("mastodon = 'social.example'\ntoken = 'abc'"),
            [
                "`social.example` is no address that can be told anything",
                "this is a secret, and stands in a file that many can read"
            ]
        );
    }
}
