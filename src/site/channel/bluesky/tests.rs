#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use super::*;
use crate::fetch::{FetchError, Request};
use crate::site::channel::Kind;
use crate::site::channel::fixtures::{self, answered, errors, first, message};

const LINES: &str = "bluesky = '@status.example'\npassword = '${PASSWORD}'";

fn kind() -> Kind {
    fixtures::kind(LINES)
}

fn session() -> Outcome {
    answered(200, "{\"accessJwt\": \"a.b-c_d\", \"did\": \"did:plc:x\"}")
}

#[track_caller]
fn posted(message: &Message) -> (Request, Json) {
    match kind().step(message, &[session()]) {
        Step::Send(Parcel::Http { request, .. }) => {
            let body = serde_json::from_slice(request.body.as_ref().unwrap()).unwrap();
            (request, body)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_session_is_opened_and_then_a_record_is_made() {
    let (request, secret) = first(&kind(), &message());
    assert_eq!(
        request.url.as_written(),
        "https://bsky.social/xrpc/com.atproto.server.createSession"
    );
    let body: Json = serde_json::from_slice(&request.body.unwrap()).unwrap();
    assert_eq!(body, json!({ "identifier": "status.example" }));
    assert_eq!(
        secret,
        Secret::Fields(vec![("password", EnvText::new("${PASSWORD}"))])
    );
    let (request, body) = posted(&message());
    let bearer = ("Authorization".to_owned(), EnvText::new("Bearer a.b-c_d"));
    assert!(request.headers.contains(&bearer));
    let key = body["rkey"].as_str().unwrap();
    let text = "Identified: Disks <full> & slow\n\nThe disks are full.\n\nWe are making room.\n\n\
        https://status.example/incidents/disks/#identified-1010";
    let address = "https://status.example/incidents/disks/#identified-1010";
    let expected = json!({
        "repo": "did:plc:x",
        "collection": "app.bsky.feed.post",
        "rkey": key,
        "record": {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": "2022-12-28T10:10:00Z",
            "langs": ["en"],
            "facets": [{
                "index": { "byteStart": text.len() - address.len(), "byteEnd": text.len() },
                "features": [{ "$type": "app.bsky.richtext.facet#link", "uri": address }],
            }],
        },
    });
    assert_eq!(body, expected);
}

#[test]
fn what_is_seen_before_is_the_post() {
    let Step::Send(Parcel::Http { request, .. }) = kind().foreseen(&message()) else {
        panic!("it is sent");
    };
    let body: Json = serde_json::from_slice(&request.body.unwrap()).unwrap();
    assert_eq!(body["record"], posted(&message()).1["record"]);
}

#[test]
fn links_are_named_by_their_bytes() {
    let mut message = message();
    message.title = "Störung 💾".to_owned();
    message.text = "Näheres: https://a.example/ü, danke".to_owned();
    let (_, body) = posted(&message);
    let text = body["record"]["text"].as_str().unwrap();
    let facets = body["record"]["facets"].as_array().unwrap();
    let links = facets.iter().map(|facet| {
        let place = |name: &str| usize::try_from(facet["index"][name].as_u64().unwrap()).unwrap();
        let shown = &text[place("byteStart")..place("byteEnd")];
        assert_eq!(facet["features"][0]["uri"], shown);
        shown
    });
    let links: Vec<&str> = links.collect();
    assert_eq!(links, ["https://a.example/ü", message.address.as_str()]);
}

#[test]
fn a_post_has_300_graphemes_and_the_whole_address() {
    let mut message = message();
    for text in ["disk ", "नमस्ते ", "👩‍👩‍👧‍👦", "e\u{301}", "長"] {
        message.text = text.repeat(400);
        let (_, body) = posted(&message);
        let post = body["record"]["text"].as_str().unwrap();
        assert!(
            post.ends_with(&format!("…\n\n{}", message.address)),
            "{post}"
        );
        assert!(post.len() <= 3_000, "{text}: {}", post.len());
        let length = graphemes(post);
        let least = if text.len() > 20 { 140 } else { 285 };
        assert!((least..=300).contains(&length), "{text}: {length}");
        // None of them is cut in two.
        let said = post.split('…').next().unwrap();
        assert!(said.trim_end().ends_with(text.trim_end()), "{said}");
    }
}

#[test]
fn an_address_without_room_is_behind_the_words_of_a_link() {
    let mut message = message();
    message.address = format!("https://status.example/{}", "a".repeat(200));
    let (_, body) = posted(&message);
    let post = body["record"]["text"].as_str().unwrap();
    assert!(post.ends_with("\n\nMore on the page"), "{post}");
    let facets = body["record"]["facets"].as_array().unwrap();
    assert_eq!(facets[0]["features"][0]["uri"], message.address.as_str());
}

#[test]
fn the_key_of_a_post_is_that_of_its_update() {
    let key = |message: &Message| posted(message).1["rkey"].as_str().unwrap().to_owned();
    let (one, mut other) = (message(), message());
    let first = key(&one);
    assert_eq!(key(&one), first);
    assert_eq!(first.len(), 13);
    assert!(first.starts_with(|it: char| "234567abcdefghij".contains(it)));
    assert!(
        first
            .bytes()
            .all(|it| b"234567abcdefghijklmnopqrstuvwxyz".contains(&it))
    );
    other.id.push('x');
    assert_ne!(key(&other), first);
    // Keys are in the order of time.
    other.at += chrono::TimeDelta::seconds(1);
    assert!(key(&other) > first);
}

#[test]
fn an_update_replies_to_the_post_before_and_to_the_first() {
    let kind = kind();
    let mut message = message();
    let verdict = |message: &Message, name: &str| {
        let body = format!(
            "{{\"uri\": \"at://did:plc:x/app.bsky.feed.post/{name}\", \"cid\": \"c{name}\"}}"
        );
        match kind.step(message, &[session(), answered(200, &body)]) {
            Step::Done(Verdict::Sent(Some(id))) => id,
            other => panic!("{other:?}"),
        }
    };
    message.reply_to = Some(verdict(&message, "1"));
    message.reply_to = Some(verdict(&message, "2"));
    let (_, body) = posted(&message);
    assert_eq!(
        body["record"]["reply"],
        json!({
            "root": { "uri": "at://did:plc:x/app.bsky.feed.post/1", "cid": "c1" },
            "parent": { "uri": "at://did:plc:x/app.bsky.feed.post/2", "cid": "c2" },
        })
    );
    message.reply_to = Some("else".to_owned());
    let (_, body) = posted(&message);
    assert_eq!(body["record"].get("reply"), None);
}

#[test]
fn what_bluesky_answers_says_whether_it_was_taken() {
    let verdict = |so_far: &[Outcome]| match kind().step(&message(), so_far) {
        Step::Done(verdict) => verdict,
        Step::Send(_) => panic!("it sends again"),
    };
    let again = |verdict| matches!(verdict, Verdict::TryAgain { .. });
    assert!(matches!(
        verdict(&[answered(401, "{}")]),
        Verdict::Refused(_)
    ));
    assert!(again(verdict(&[answered(503, "")])));
    assert!(again(verdict(&[Outcome::Failed(FetchError::TimedOut)])));
    // A server that wants a secret of this machine's gets none.
    let evil = answered(
        200,
        "{\"accessJwt\": \"${PASSWORD}\", \"did\": \"did:plc:x\"}",
    );
    assert!(matches!(verdict(&[evil]), Verdict::Refused(_)));
    assert!(again(verdict(&[session(), answered(429, "")])));
    assert!(matches!(
        verdict(&[session(), answered(400, "")]),
        Verdict::Refused(_)
    ));
    assert!(matches!(
        verdict(&[session(), answered(502, "")]),
        Verdict::Unknown(_)
    ));
}

#[test]
fn mistakes_are_answered() {
    assert_eq!(
        errors("bluesky = 'status'\npassword = 'abcd-efgh'"),
        [
            "`status` is no handle of Bluesky",
            "this is a secret, and stands in a file that many can read"
        ]
    );
}
