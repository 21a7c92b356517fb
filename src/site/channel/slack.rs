//! `slack`: a channel of Slack, by the address of an incoming webhook.
//!
//! The address is the secret: whoever has it can write into the channel. Slack answers `ok`; it has no identity of messages, so
//! that what may have arrived is not sent again.

use serde_json::{Value as Json, json};

use super::address::secret_url;
use super::message::Message;
use super::sending::{Outcome, Parcel, Promise, Speaker, Step};
use super::text::cut;
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
        let link = format!("<{}|{}>", message.address, escaped(&message.link));
        let mut blocks = vec![json!({
            "type": "header",
            "text": { "type": "plain_text", "text": cut(&message.title, HEADER), "emoji": false },
        })];
        if !message.text.is_empty() {
            let text = cut(&escaped(&message.text), SECTION);
            blocks.push(json!({
                "type": "section",
                "text": { "type": "mrkdwn", "text": text, "verbatim": true },
            }));
        }
        blocks.push(json!({
            "type": "context",
            "elements": [{ "type": "mrkdwn", "text": link }],
        }));
        json!({ "text": escaped(&message.title), "blocks": blocks, "unfurl_links": false })
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

/// A text in which nothing has a meaning for Slack.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
