//! `discord`: a channel of Discord, by the address of a webhook.
//!
//! The address is the secret: whoever has it can write into the channel. Discord has no identity of messages, so that what may
//! have arrived is not sent again. It is asked to answer only when the message is there (`wait=true`): without that it says
//! nothing of a message that it could not keep.
//!
//! | answer | it says |
//! | --- | --- |
//! | 200, 204 | taken |
//! | 429 | later; `retry_after` of the answer, or `Retry-After`, says when |
//! | another one below 500: a webhook that was deleted, a message that is too long | refused |
//! | 500 and above, none | it may have been taken |

use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use super::address::secret_url;
use super::message::Message;
use super::piece::written;
use super::sending::{Outcome, Parcel, Promise, Speaker, Step, Verdict};
use super::text::{cut, cut_as};
use super::tone::Tone;
use crate::fetch::EnvText;
use crate::syntax::{Reader, Spanned, TableReader, Value};
use crate::time::rfc3339;

/// The characters that the title of an embed has at most, and the longest title of a page here: all texts of a message
/// together have 6,000.
const TITLE: usize = 256;

/// The characters that the description of an embed has at most.
const DESCRIPTION: usize = 4_096;

/// A channel of Discord.
#[derive(Debug, Clone)]
pub struct Discord {
    url: EnvText,
}

impl Discord {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        _: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let url = secret_url(reader, node, "DISCORD_WEBHOOK")?;
        let address = url.as_written();
        // A thread of the channel is named by the query: `?thread_id=1`.
        let joint = match address.contains('?') {
            true => '&',
            false => '?',
        };
        let url = EnvText::new(format!("{address}{joint}wait=true"));
        Some(Self { url })
    }

    fn body(message: &Message) -> Json {
        let mut embed = Map::new();
        let mut put = |key: &str, value: Json| embed.insert(key.to_owned(), value);
        put("title", cut_as(&message.title, TITLE, inline).into());
        put("url", message.address.clone().into());
        put("description", description(message).into());
        put("timestamp", rfc3339(message.at).into());
        put("footer", json!({ "text": cut(&message.page.title, TITLE) }));
        if let Some(color) = color(Tone::of(message)) {
            put("color", color.into());
        }
        json!({
            "embeds": [embed],
            // Nothing in a text calls anybody.
            "allowed_mentions": { "parse": [] },
        })
    }
}

/// The text and the link.
fn description(message: &Message) -> String {
    // A bracket would end it.
    let address = message.address.replace(')', "%29");
    let link = format!("[{}]({address})", inline(&message.link));
    let room = DESCRIPTION.saturating_sub(link.chars().count() + 2);
    let text = cut_as(&message.text, room, marked_up);
    match text.is_empty() {
        true => link,
        false => format!("{text}\n\n{link}"),
    }
}

fn color(tone: Tone) -> Option<u32> {
    match tone {
        Tone::Bad => Some(0x00d6_3c3c),
        Tone::Warning => Some(0x00e0_a100),
        Tone::Good => Some(0x002e_9e5b),
        Tone::Neutral => None,
    }
}

/// A text in which nothing has a meaning for Discord but its addresses.
fn marked_up(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let begin = line.len() - line.trim_start().len();
        let (blank, rest) = line.split_at(begin);
        // What makes headings, quotes and lists at the beginning of a line.
        let mark = match rest.starts_with(['#', '>', '-', '+']) {
            true => "\\",
            false => "",
        };
        format!("{blank}{mark}{}", written(rest, inline, str::to_owned))
    });
    lines.collect()
}

/// A text on one line in which nothing has a meaning for Discord.
fn inline(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for character in text.chars() {
        if "\\*_~`|<[]".contains(character) {
            all.push('\\');
        }
        all.push(character);
    }
    all
}

impl Speaker for Discord {
    fn promise(&self) -> Promise {
        Promise::AtMostOnce
    }

    fn step(&self, message: &Message, so_far: &[Outcome]) -> Step {
        match so_far.last() {
            None => Step::Send(Parcel::json(&self.url, &Self::body(message))),
            Some(outcome) => Step::Done(match outcome.verdict() {
                Verdict::TryAgain { why, after } => Verdict::TryAgain {
                    why,
                    after: retry_after(outcome).or(after),
                },
                verdict => verdict,
            }),
        }
    }
}

/// How long Discord wants to be left alone, as the body of its answer says: more exactly than the header field does.
fn retry_after(outcome: &Outcome) -> Option<Duration> {
    let body = outcome.json()?;
    Duration::try_from_secs_f64(body.get("retry_after")?.as_f64()?).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

    use super::*;
    use crate::site::channel::fixtures::{answered, errors, first, kind, message};

    fn sent(message: &Message) -> Json {
        let (request, _) = first(&kind("discord = '${DISCORD}'"), message);
        serde_json::from_slice(&request.body.unwrap()).unwrap()
    }

    #[test]
    fn a_message_is_an_embed_that_calls_nobody() {
        let mut message = message();
        message.text = "# @everyone *now*: <@1> https://example.com/a_b_c\n- one".to_owned();
        let expected = json!({
            "embeds": [{
                "title": "Identified: Disks \\<full> & slow",
                "url": "https://status.example/incidents/disks/#identified-1010",
                "description": "\\# @everyone \\*now\\*: \\<@1> https://example.com/a_b_c\n\\- one\n\n\
                    [More on the page](https://status.example/incidents/disks/#identified-1010)",
                "timestamp": "2022-12-28T10:10:00Z",
                "footer": { "text": "Example" },
                "color": 0x00d6_3c3c,
            }],
            "allowed_mentions": { "parse": [] },
        });
        assert_eq!(sent(&message), expected);
    }

    #[test]
    fn texts_are_as_long_as_discord_allows_and_the_address_is_whole() {
        let mut message = message();
        message.title = "disk_".repeat(100);
        message.text = "disk * ".repeat(2_000);
        message.page.title = "p".repeat(3_000);
        let embed = &sent(&message)["embeds"][0];
        let length = |key: &str| embed[key].as_str().unwrap().chars().count();
        assert!((200..=256).contains(&length("title")));
        assert!((4_000..=4_096).contains(&length("description")));
        let footer = embed["footer"]["text"].as_str().unwrap().chars().count();
        assert!(length("title") + length("description") + footer <= 6_000);
        let description = embed["description"].as_str().unwrap();
        assert!(description.ends_with(&format!("[More on the page]({})", message.address)));
        message.text.clear();
        let embed = &sent(&message)["embeds"][0];
        assert!(embed["description"].as_str().unwrap().starts_with('['));
    }

    #[test]
    fn the_address_asks_for_an_answer_in_a_thread_too() {
        for (written, url) in [
            ("${DISCORD}", "${DISCORD}?wait=true"),
            ("${DISCORD}?thread_id=7", "${DISCORD}?thread_id=7&wait=true"),
        ] {
            let (request, _) = first(&kind(&format!("discord = '{written}'")), &message());
            assert_eq!(request.url.as_written(), url);
        }
        assert_eq!(
            errors("discord = 'https://discord.com/api/webhooks/1/x'"),
            ["this is a secret, and stands in a file that many can read"]
        );
    }

    #[test]
    fn what_discord_answers_says_whether_it_was_taken() {
        let kind = kind("discord = '${DISCORD}'");
        let verdict = |outcome| match kind.step(&message(), &[outcome]) {
            Step::Done(verdict) => verdict,
            Step::Send(_) => panic!("it sends again"),
        };
        assert_eq!(verdict(answered(204, "")), Verdict::Sent(None));
        assert_eq!(
            verdict(answered(200, "{\"id\":\"1\"}")),
            Verdict::Sent(None)
        );
        let body = "{\"message\": \"You are being rate limited.\", \"retry_after\": 0.5, \"global\": false}";
        let later = Verdict::TryAgain {
            why: "it gets too many messages (429)".to_owned(),
            after: Some(Duration::from_millis(500)),
        };
        assert_eq!(verdict(answered(429, body)), later);
        let gone = verdict(answered(
            404,
            "{\"message\": \"Unknown Webhook\", \"code\": 10015}",
        ));
        assert_eq!(gone, Verdict::Refused("it answered 404".to_owned()));
        assert!(matches!(verdict(answered(502, "")), Verdict::Unknown(_)));
    }
}
