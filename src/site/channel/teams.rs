//! `teams`: a channel or a chat of Microsoft Teams, by the address of a workflow that posts a card
//! ("Send webhook alerts to a channel").
//!
//! The address is the secret: its signature stands in it. A workflow takes a card before it posts it, and has no identity of
//! messages, so that what may have arrived is not sent again. Texts are runs of text, in which nothing is marked up.
//!
//! | answer | it says |
//! | --- | --- |
//! | 200, 202 | taken |
//! | 429 | later; `Retry-After` says when |
//! | another one below 500: a workflow that was deleted or turned off, a signature that is not its own | refused |
//! | 500 and above, none | it may have been taken |

use serde_json::{Value as Json, json};

use super::address::secret_url;
use super::message::Message;
use super::piece::{Piece, pieces};
use super::sending::{Outcome, Parcel, Promise, Speaker, Step};
use super::text::cut;
use super::tone::Tone;
use crate::fetch::EnvText;
use crate::syntax::{Reader, Spanned, TableReader, Value};

/// The bytes that Teams takes at most; a little less than the 28 KB that it names.
const MOST: usize = 27_000;

/// The characters of a text, and of a title, that anybody reads in a card.
const TEXT: usize = 10_000;
const TITLE: usize = 300;

/// A channel of Teams.
#[derive(Debug, Clone)]
pub struct Teams {
    url: EnvText,
}

impl Teams {
    /// Reads the keys of this kind.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        _: &mut TableReader<'_>,
        node: &Spanned<Value>,
    ) -> Option<Self> {
        let url = secret_url(reader, node, "TEAMS_WORKFLOW")?;
        Some(Self { url })
    }

    /// A card that is small enough, with as much of the text as there is room for.
    fn body(message: &Message) -> Json {
        let mut most = TEXT;
        loop {
            let body = envelope(message, &cut(&message.text, most));
            if body.to_string().len() <= MOST || most == 0 {
                return body;
            }
            most = most * 3 / 4;
        }
    }
}

/// What a workflow takes: a message with a card.
fn envelope(message: &Message, text: &str) -> Json {
    let title = cut(&message.title, TITLE);
    json!({
        "type": "message",
        // What notifications show.
        "summary": title,
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card(message, &title, text),
        }],
    })
}

fn card(message: &Message, title: &str, text: &str) -> Json {
    let mut body = vec![json!({
        "type": "RichTextBlock",
        "inlines": [{
            "type": "TextRun", "text": title, "size": "Large", "weight": "Bolder", "color": color(Tone::of(message)),
        }],
    })];
    let paragraphs = text.split("\n\n").filter(|it| !it.trim().is_empty());
    body.extend(paragraphs.map(|paragraph| {
        let runs = pieces(paragraph).into_iter().map(|piece| match piece {
            Piece::Text(text) => json!({ "type": "TextRun", "text": text }),
            Piece::Address(url) => json!({
                "type": "TextRun", "text": url,
                "selectAction": { "type": "Action.OpenUrl", "url": url },
            }),
        });
        json!({ "type": "RichTextBlock", "inlines": runs.collect::<Json>() })
    }));
    body.push(json!({
        "type": "RichTextBlock",
        "inlines": [{
            "type": "TextRun", "text": cut(&format!("{} · {}", message.at_text, message.page.title), TITLE),
            "size": "Small", "isSubtle": true,
        }],
    }));
    let mut card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "lang": message.page.language,
        // For programs that know no cards of this version.
        "fallbackText": format!("{title}\n\n{}", message.address),
        "body": body,
        "actions": [{ "type": "Action.OpenUrl", "title": message.link, "url": message.address }],
        "msteams": { "width": "Full" },
    });
    if message.page.direction == "rtl" {
        // The version before knows no directions.
        card["version"] = "1.5".into();
        card["rtl"] = true.into();
    }
    card
}

fn color(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "Attention",
        Tone::Warning => "Warning",
        Tone::Good => "Good",
        Tone::Neutral => "Default",
    }
}

impl Speaker for Teams {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

    use super::*;
    use crate::site::channel::fixtures::{answered, first, kind, message};
    use crate::site::channel::sending::Verdict;

    fn sent(message: &Message) -> (Json, usize) {
        let (request, _) = first(&kind("teams = '${TEAMS}'"), message);
        let body = request.body.unwrap();
        (serde_json::from_slice(&body).unwrap(), body.len())
    }

    #[test]
    fn a_message_is_a_card_in_which_nothing_is_marked_up() {
        let mut message = message();
        message.text = "**A** <at>all</at> [x](y)\n\nSee https://example.com/a.".to_owned();
        let address = "https://status.example/incidents/disks/#identified-1010";
        let expected = json!({
            "type": "message",
            "summary": "Identified: Disks <full> & slow",
            "attachments": [{
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": null,
                "content": {
                    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                    "type": "AdaptiveCard",
                    "version": "1.4",
                    "lang": "en",
                    "fallbackText": format!("Identified: Disks <full> & slow\n\n{address}"),
                    "body": [
                        { "type": "RichTextBlock", "inlines": [{
                            "type": "TextRun", "text": "Identified: Disks <full> & slow",
                            "size": "Large", "weight": "Bolder", "color": "Attention",
                        }] },
                        { "type": "RichTextBlock", "inlines": [
                            { "type": "TextRun", "text": "**A** <at>all</at> [x](y)" },
                        ] },
                        { "type": "RichTextBlock", "inlines": [
                            { "type": "TextRun", "text": "See " },
                            {
                                "type": "TextRun", "text": "https://example.com/a",
                                "selectAction": { "type": "Action.OpenUrl", "url": "https://example.com/a" },
                            },
                            { "type": "TextRun", "text": "." },
                        ] },
                        { "type": "RichTextBlock", "inlines": [{
                            "type": "TextRun", "text": "10:10 UTC · Example", "size": "Small", "isSubtle": true,
                        }] },
                    ],
                    "actions": [{ "type": "Action.OpenUrl", "title": "More on the page", "url": address }],
                    "msteams": { "width": "Full" },
                },
            }],
        });
        assert_eq!(sent(&message).0, expected);
    }

    #[test]
    fn a_card_is_as_large_as_teams_takes_and_the_address_is_whole() {
        let mut message = message();
        for text in ["disk ", "ディスク ", "a\n\n", "\u{1f4be}"] {
            message.text = text.repeat(20_000);
            let (body, size) = sent(&message);
            assert!((9_000..=28 * 1_024).contains(&size), "{text}: {size}");
            let content = &body["attachments"][0]["content"];
            assert_eq!(content["actions"][0]["url"], message.address.as_str());
        }
    }

    #[test]
    fn a_card_is_written_from_right_to_left_where_the_page_is() {
        let mut message = message();
        message.page.direction = "rtl".to_owned();
        message.page.language = "ar".to_owned();
        let (body, _) = sent(&message);
        let content = &body["attachments"][0]["content"];
        assert_eq!(
            (&content["version"], &content["rtl"], &content["lang"]),
            (&json!("1.5"), &json!(true), &json!("ar"))
        );
    }

    #[test]
    fn what_a_workflow_answers_says_whether_it_was_taken() {
        let kind = kind("teams = '${TEAMS}'");
        let verdict = |outcome| match kind.step(&message(), &[outcome]) {
            Step::Done(verdict) => verdict,
            Step::Send(_) => panic!("it sends again"),
        };
        assert_eq!(verdict(answered(202, "")), Verdict::Sent(None));
        let off = verdict(answered(404, "{\"error\":{\"code\":\"WorkflowNotFound\"}}"));
        assert_eq!(off, Verdict::Refused("it answered 404".to_owned()));
        assert!(matches!(
            verdict(answered(429, "")),
            Verdict::TryAgain { .. }
        ));
        assert!(matches!(verdict(answered(504, "")), Verdict::Unknown(_)));
    }
}
