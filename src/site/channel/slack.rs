//! `slack`: a channel of Slack, by the address of an incoming webhook.
//!
//! The address is the secret: whoever has it can write into the channel. Slack has no identity of messages, so that what may
//! have arrived is not sent again.
//!
//! | answer | it says |
//! | --- | --- |
//! | 200 | taken |
//! | 429 | later; `Retry-After` says when |
//! | another one below 500: a channel that is archived, an address that was withdrawn | refused |
//! | 500 and above, none | it may have been taken |

use serde_json::{Value as Json, json};

use super::address::secret_url;
use super::message::Message;
use super::piece::written;
use super::sending::{Outcome, Parcel, Promise, Speaker, Step};
use super::text::{cut, cut_as};
use crate::fetch::EnvText;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// The characters that a header has at most.
const HEADER: usize = 150;

/// The characters that the text of a section has at most.
const SECTION: usize = 3_000;

/// A channel of Slack.
#[derive(Debug, Clone)]
pub struct Slack {
    url: EnvText,
}

impl Slack {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        _: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let url = secret_url(reader, node, "SLACK_WEBHOOK")?;
        Some(Self { url })
    }

    fn body(message: &Message) -> Json {
        let mut blocks = vec![json!({
            "type": "header",
            "text": { "type": "plain_text", "text": cut(&message.title, HEADER), "emoji": false },
        })];
        if !message.text.is_empty() {
            let text = cut_as(&message.text, SECTION, marked_up);
            blocks.push(json!({ "type": "section", "text": verbatim(&text) }));
        }
        let (at, link) = (escaped(&message.at_text), escaped(&message.link));
        let link = format!("{at} · <{}|{link}>", message.address);
        blocks.push(json!({ "type": "context", "elements": [verbatim(&link)] }));
        json!({
            // What notifications show, and programs that know no blocks.
            "text": escaped(&message.title),
            "blocks": blocks,
            "unfurl_links": false,
            "unfurl_media": false,
        })
    }
}

impl Speaker for Slack {
    fn promise(&self) -> Promise {
        Promise::AtMostOnce
    }

    fn step(&self, message: &Message, so_far: &[Outcome]) -> Step {
        match so_far.last() {
            None => Step::Send(Parcel::json(&self.url, &Self::body(message))),
            Some(outcome) => Step::Done(outcome.verdict()),
        }
    }
}

/// A text in which Slack makes no links and no mentions of its own.
fn verbatim(text: &str) -> Json {
    json!({ "type": "mrkdwn", "text": text, "verbatim": true })
}

/// A text that mentions nobody and has no links but its addresses. Stars and the like stay marks: Slack has no way to write
/// them otherwise.
fn marked_up(text: &str) -> String {
    written(text, escaped, |address| format!("<{}>", escaped(address)))
}

/// A text that mentions nobody and has no links.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

    use super::*;
    use crate::site::channel::fixtures::{answered, errors, first, kind, message};
    use crate::site::channel::sending::{Secret, Verdict};

    fn sent(message: &Message) -> Json {
        let (request, secret) = first(&kind("slack = '${SLACK}'"), message);
        assert_eq!(secret, Secret::None);
        assert_eq!(request.url.as_written(), "${SLACK}");
        serde_json::from_slice(&request.body.unwrap()).unwrap()
    }

    #[test]
    fn nothing_in_a_text_has_a_meaning_for_slack() {
        let mut message = message();
        message.text = "<!channel> A & B: see https://example.com/a?b&c now".to_owned();
        let body = sent(&message);
        assert_eq!(body["text"], "Identified: Disks &lt;full&gt; &amp; slow");
        // A header is plain text, in which nothing is escaped.
        assert_eq!(
            body["blocks"][0]["text"]["text"],
            "Identified: Disks <full> & slow"
        );
        assert_eq!(
            body["blocks"][1]["text"]["text"],
            "&lt;!channel&gt; A &amp; B: see <https://example.com/a?b&amp;c> now"
        );
        assert_eq!(
            body["blocks"][2]["elements"][0]["text"],
            "10:10 UTC · <https://status.example/incidents/disks/#identified-1010|More on the page>"
        );
    }

    #[test]
    fn an_address_ends_before_the_sentence_does() {
        let mut message = message();
        message.text = "See https://a.example/b. Or the docs (https://a.example/c?d&e).".to_owned();
        assert_eq!(
            sent(&message)["blocks"][1]["text"]["text"],
            "See <https://a.example/b>. Or the docs (<https://a.example/c?d&amp;e>)."
        );
    }

    #[test]
    fn texts_are_as_long_as_slack_allows_and_the_address_is_whole() {
        let mut message = message();
        message.title = "disk & ".repeat(100);
        message.text = "disk & ".repeat(2_000);
        let body = sent(&message);
        let length = |it: &Json| it.as_str().unwrap().chars().count();
        assert!((140..=150).contains(&length(&body["blocks"][0]["text"]["text"])));
        let text = &body["blocks"][1]["text"]["text"];
        assert!((2_980..=3_000).contains(&length(text)));
        let text = text.as_str().unwrap();
        assert!(["disk…", "&amp;…"].iter().any(|end| text.ends_with(end)));
        let link = body["blocks"][2]["elements"][0]["text"].as_str().unwrap();
        assert!(link.contains(&message.address), "{link}");
    }

    #[test]
    fn a_message_without_a_text_has_no_empty_section() {
        let mut message = message();
        message.text.clear();
        let body = sent(&message);
        assert_eq!(body["blocks"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn an_address_in_the_file_is_refused_and_not_repeated() {
        let errors = errors("slack = 'https://hooks.slack.com/services/T0/B0/x'");
        assert_eq!(
            errors,
            ["this is a secret, and stands in a file that many can read"]
        );
    }

    #[test]
    fn what_slack_answers_says_whether_it_was_taken() {
        let kind = kind("slack = '${SLACK}'");
        let verdict = |outcome| match kind.step(&message(), &[outcome]) {
            Step::Done(verdict) => verdict,
            Step::Send(_) => panic!("it sends again"),
        };
        assert_eq!(verdict(answered(200, "ok")), Verdict::Sent(None));
        assert_eq!(
            verdict(answered(410, "channel_is_archived")),
            Verdict::Refused("it answered 410 (channel_is_archived)".to_owned())
        );
        let later = verdict(answered(429, ""));
        assert!(matches!(later, Verdict::TryAgain { .. }), "{later:?}");
        let unknown = verdict(answered(500, "rollup_error"));
        assert!(matches!(unknown, Verdict::Unknown(_)), "{unknown:?}");
    }
}
