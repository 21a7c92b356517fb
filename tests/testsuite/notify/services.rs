//! Services that take what their documentation allows, and nothing else.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use serde_json::{Value, json};

use super::receiver::{Received, Receiver};
use super::{publish, run, site};

/// What a service answers: the status and the body, or why it refuses.
type Answer = Result<(u16, Value), (u16, &'static str)>;

/// A service that judges each request.
fn service(judge: impl Fn(usize, &Received) -> Answer + Send + 'static) -> Receiver {
    Receiver::new(move |number, request| {
        let (status, body) = match judge(number, request) {
            Ok(answer) => answer,
            Err((status, why)) => (status, json!({ "message": why, "error": why })),
        };
        (
            status,
            "Content-Type: application/json\r\n",
            body.to_string().leak(),
        )
    })
}

fn demand(holds: bool, why: &'static str) -> Result<(), (u16, &'static str)> {
    match holds {
        true => Ok(()),
        false => Err((400, why)),
    }
}

/// A body of JSON.
fn body(request: &Received) -> Result<Value, (u16, &'static str)> {
    let kind = request.header("content-type").unwrap_or_default();
    demand(kind == "application/json", "the media type")?;
    serde_json::from_slice(&request.body).map_err(|_| (400, "no JSON"))
}

/// The characters of a text; 0 where there is none.
fn length(text: &Value) -> usize {
    text.as_str().map_or(0, |text| text.chars().count())
}

fn keys_are(value: &Value, known: &[&str]) -> bool {
    let keys = value.as_object().map(|map| map.keys());
    keys.is_some_and(|mut keys| keys.all(|key| known.contains(&key.as_str())))
}

/// The webhooks of Discord.
fn discord() -> Receiver {
    service(|_, request| {
        demand(
            request.line == "POST /api/webhooks/1/secret?wait=true",
            "the address",
        )?;
        let body = body(request)?;
        demand(
            keys_are(&body, &["content", "embeds", "allowed_mentions"]),
            "an unknown key",
        )?;
        demand(
            body["allowed_mentions"] == json!({ "parse": [] }),
            "it calls people",
        )?;
        let embeds = body["embeds"].as_array().ok_or((400, "no embeds"))?;
        demand((1..=10).contains(&embeds.len()), "the number of embeds")?;
        let mut all = 0;
        for embed in embeds {
            let known = [
                "title",
                "url",
                "description",
                "timestamp",
                "footer",
                "color",
            ];
            demand(keys_are(embed, &known), "an unknown key of an embed")?;
            let (title, text) = (length(&embed["title"]), length(&embed["description"]));
            demand((1..=256).contains(&title), "the title")?;
            demand((1..=4_096).contains(&text), "the description")?;
            let footer = length(&embed["footer"]["text"]);
            demand((1..=2_048).contains(&footer), "the footer")?;
            let color = &embed["color"];
            demand(
                color.is_null() || color.as_u64() < Some(1 << 24),
                "the colour",
            )?;
            all += title + text + footer;
        }
        demand(all <= 6_000, "all texts together")?;
        Ok((200, json!({ "id": "1" })))
    })
}

/// A workflow of Teams.
fn teams() -> Receiver {
    service(|_, request| {
        demand(
            request.line
                == "POST /workflows/1/triggers/manual/paths/invoke?api-version=1&sig=secret",
            "the address",
        )?;
        demand(request.body.len() <= 28 * 1_024, "the size")?;
        let body = body(request)?;
        demand(body["type"] == "message", "the type")?;
        let [attachment] = &body["attachments"].as_array().ok_or((400, "none"))?[..] else {
            return Err((400, "one attachment"));
        };
        let kind = "application/vnd.microsoft.card.adaptive";
        demand(attachment["contentType"] == kind, "the kind of attachment")?;
        let card = &attachment["content"];
        demand(card["type"] == "AdaptiveCard", "the card")?;
        demand(
            ["1.4", "1.5"].iter().any(|it| card["version"] == *it),
            "the version",
        )?;
        for block in card["body"].as_array().ok_or((400, "no body"))? {
            demand(block["type"] == "RichTextBlock", "an unknown block")?;
            let runs = block["inlines"].as_array().ok_or((400, "no runs"))?;
            let are_texts = runs
                .iter()
                .all(|run| run["type"] == "TextRun" && length(&run["text"]) > 0);
            demand(!runs.is_empty() && are_texts, "the runs")?;
        }
        let action = &card["actions"][0];
        demand(
            action["type"] == "Action.OpenUrl" && length(&action["url"]) > 0,
            "the action",
        )?;
        Ok((202, Value::Null))
    })
}

/// An instance of Mastodon. A post of a number below `deleted` is gone when somebody replies to it.
fn mastodon(deleted: usize) -> Receiver {
    let posts: Mutex<HashMap<String, usize>> = Mutex::default();
    service(move |_, request| {
        demand(request.line == "POST /api/v1/statuses", "the address")?;
        let bearer = request.header("authorization").unwrap_or_default();
        if bearer != "Bearer mastodon-token" {
            return Err((401, "The access token is invalid"));
        }
        let body = body(request)?;
        let known = ["status", "visibility", "language", "in_reply_to_id"];
        demand(keys_are(&body, &known), "an unknown key")?;
        let text = body["status"].as_str().unwrap_or_default();
        // An address counts as 23 characters; others that are longer count as that, too.
        let words = text.split_whitespace();
        let excess = words.map(|word| match word.starts_with("https://") {
            true => word.chars().count().saturating_sub(23),
            false => 0,
        });
        let length = text.chars().count() - excess.sum::<usize>();
        if !(1..=500).contains(&length) {
            return Err((
                422,
                "Validation failed: Text character limit of 500 exceeded",
            ));
        }
        let language = body["language"].as_str().unwrap_or_default();
        demand(language.len() == 2, "the language")?;
        let visibilities = ["public", "unlisted", "private", "direct"];
        demand(
            visibilities.iter().any(|it| body["visibility"] == *it),
            "the visibility",
        )?;
        let mut posts = posts.lock().unwrap();
        if let Some(before) = body["in_reply_to_id"].as_str() {
            let number = before.parse().unwrap_or(0);
            if !posts.values().any(|it| *it == number) || number < deleted {
                return Err((404, "Record not found"));
            }
        }
        let key = request.header("idempotency-key").ok_or((400, "no key"))?;
        // The same key is the same post.
        let next = posts.len() + 100;
        let id = *posts.entry(key.to_owned()).or_insert(next);
        Ok((
            200,
            json!({ "id": id.to_string(), "content": "<p>...</p>" }),
        ))
    })
}

/// A server of Bluesky.
fn bluesky() -> Receiver {
    let records: Mutex<HashSet<String>> = Mutex::default();
    service(move |_, request| match request.line.as_str() {
        "POST /xrpc/com.atproto.server.createSession" => {
            let wanted = json!({ "identifier": "status.example.com", "password": "app-password" });
            match body(request)? == wanted {
                true => Ok((
                    200,
                    json!({ "did": "did:plc:1", "handle": "status.example.com", "accessJwt": "e.y.J", "refreshJwt": "e.y.R" }),
                )),
                false => Err((401, "AuthenticationRequired")),
            }
        }
        "POST /xrpc/com.atproto.repo.createRecord" => {
            demand(
                request.header("authorization") == Some("Bearer e.y.J"),
                "the session",
            )?;
            let body = body(request)?;
            demand(
                keys_are(&body, &["repo", "collection", "rkey", "record"]),
                "an unknown key",
            )?;
            demand(
                body["repo"] == "did:plc:1" && body["collection"] == "app.bsky.feed.post",
                "the place",
            )?;
            let key = body["rkey"].as_str().unwrap_or_default();
            let digits = "234567abcdefghijklmnopqrstuvwxyz";
            demand(
                key.len() == 13 && key.chars().all(|it| digits.contains(it)),
                "the key",
            )?;
            post(&body["record"], &records.lock().unwrap())?;
            let uri = format!("at://did:plc:1/app.bsky.feed.post/{key}");
            let reference = json!({ "uri": uri, "cid": format!("cid{key}") });
            demand(
                records.lock().unwrap().insert(reference.to_string()),
                "it is there",
            )?;
            Ok((200, reference))
        }
        _ => Err((404, "MethodNotImplemented")),
    })
}

/// Looks at a post, which may reply to one of those before.
fn post(record: &Value, before: &HashSet<String>) -> Result<(), (u16, &'static str)> {
    let known = ["$type", "text", "createdAt", "langs", "facets", "reply"];
    demand(keys_are(record, &known), "an unknown key of a post")?;
    demand(record["$type"] == "app.bsky.feed.post", "the type")?;
    let text = record["text"].as_str().unwrap_or_default();
    demand(
        text.chars().count() <= 300 && text.len() <= 3_000,
        "the length",
    )?;
    demand(length(&record["createdAt"]) == 20, "the time")?;
    demand(record["langs"] == json!(["en"]), "the languages")?;
    let facets = record["facets"].as_array().ok_or((400, "no links"))?;
    for facet in facets {
        let place = |name: &str| {
            let place = facet["index"][name].as_u64();
            place
                .and_then(|it| usize::try_from(it).ok())
                .unwrap_or(usize::MAX)
        };
        let shown = text.get(place("byteStart")..place("byteEnd"));
        let uri = facet["features"][0]["uri"].as_str();
        demand(shown.is_some() && shown == uri, "a link of other bytes")?;
    }
    for part in ["root", "parent"] {
        let reference = &record["reply"][part];
        let is_known = reference.is_null() || before.contains(&reference.to_string());
        demand(is_known, "a reply to nothing")?;
    }
    Ok(())
}

const CHANNELS: &str = "
[[channels]]
discord = '${DISCORD}'
[[channels]]
teams = '${TEAMS}'
[[channels]]
mastodon = '${MASTODON}'
token = '${MASTODON_TOKEN}'
[[channels]]
bluesky = 'status.example.com'
password = '${BLUESKY_PASSWORD}'
service = '${BLUESKY}'
";

/// A site whose channels are these services, with the variables that they need.
struct Told {
    discord: Receiver,
    teams: Receiver,
    mastodon: Receiver,
    bluesky: Receiver,
}

impl Told {
    fn new(mastodon: Receiver) -> Self {
        Self {
            discord: discord(),
            teams: teams(),
            mastodon,
            bluesky: bluesky(),
        }
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DISCORD", self.discord.url("/api/webhooks/1/secret")),
            (
                "TEAMS",
                self.teams
                    .url("/workflows/1/triggers/manual/paths/invoke?api-version=1&sig=secret"),
            ),
            ("MASTODON", self.mastodon.url("")),
            ("MASTODON_TOKEN", "mastodon-token".to_owned()),
            ("BLUESKY", self.bluesky.url("")),
            ("BLUESKY_PASSWORD", "app-password".to_owned()),
        ]
    }
}

/// Runs `notify`: how many messages each channel was told, and that nothing else came of any.
#[track_caller]
fn told(
    site: &crate::site_test::SiteTest,
    variables: &[(&'static str, String)],
) -> HashMap<String, usize> {
    let variables: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let done = run(site, &variables, &["--format", "json"]);
    for secret in ["mastodon-token", "app-password", "sig=secret", "e.y.J"] {
        assert!(!done.stdout().contains(secret) && !done.stderr().contains(secret));
    }
    let report = done.json();
    let mut counts = HashMap::new();
    for message in report["messages"].as_array().unwrap() {
        assert_eq!(message["end"], "told", "{report}");
        *counts
            .entry(message["channel"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    counts
}

#[test]
fn each_service_takes_what_it_is_told_and_updates_reply_to_each_other() {
    let services = Told::new(mastodon(0));
    let site = site(CHANNELS);
    publish(&site);
    let counts = told(&site, &services.variables());
    let all = ["discord", "teams", "mastodon", "bluesky"];
    assert_eq!(counts, all.map(|name| (name.to_owned(), 2)).into());
    assert_eq!(told(&site, &services.variables()), HashMap::new());
    let posts = services.mastodon.received();
    assert_eq!(posts.len(), 2);
    assert_eq!(posts[0].json().get("in_reply_to_id"), None);
    assert_eq!(posts[1].json()["in_reply_to_id"], "100");
    // A session before each post.
    let posts = services.bluesky.received();
    assert_eq!(posts.len(), 4);
    let (first, second) = (posts[1].json(), posts[3].json());
    let reply = &second["record"]["reply"];
    let key = first["rkey"].as_str().unwrap();
    assert!(
        reply["root"]["uri"].as_str().unwrap().ends_with(key),
        "{reply}"
    );
    assert_eq!(reply["root"], reply["parent"]);
}

#[test]
fn each_service_takes_a_text_that_is_too_long_and_marked_up() {
    let services = Told::new(mastodon(0));
    let text =
        "**All** @everyone _is_ `down`: https://docs.example.com/a_b?c=d&e. Wir prüfen 💾 das. "
            .repeat(800);
    let site = site(CHANNELS).file(
        "incidents/log-in.md",
        format!("---\ntitle: Log-in fails\ncomponents: {{web: major_outage}}\n---\n\n## Investigating · 2022-12-28 19:30\n\n{text}\n"),
    );
    publish(&site);
    let counts = told(&site, &services.variables());
    assert_eq!(counts.len(), 4, "{counts:?}");
}

#[test]
fn a_reply_to_a_post_that_was_deleted_is_a_post_by_itself() {
    let services = Told::new(mastodon(101));
    let site = site(CHANNELS);
    publish(&site);
    assert_eq!(told(&site, &services.variables())["mastodon"], 2);
    let posts = services.mastodon.received();
    let replies: Vec<Value> = posts
        .iter()
        .map(|it| it.json()["in_reply_to_id"].clone())
        .collect();
    assert_eq!(replies, [Value::Null, json!("100"), Value::Null]);
}

#[test]
fn a_secret_that_a_service_does_not_know_is_said_and_not_shown() {
    let services = Told::new(mastodon(0));
    let site = site(CHANNELS);
    publish(&site);
    let mut variables = services.variables();
    for (name, text) in &mut variables {
        if name.ends_with("TOKEN") || name.ends_with("PASSWORD") {
            *text = "another-secret".to_owned();
        }
    }
    let given: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let done = run(&site, &given, &["--format", "json"]);
    assert_eq!(done.code(), 2);
    assert!(!done.stdout().contains("another-secret"));
    let report = done.json();
    for message in report["messages"].as_array().unwrap() {
        let is_refused = message["why"] == "it answered 401";
        let knows_secrets = ["mastodon", "bluesky"]
            .iter()
            .any(|it| message["channel"] == *it);
        assert_eq!(is_refused, knows_secrets, "{message}");
    }
    // Once the secrets are right, the rest is told.
    let counts = told(&site, &services.variables());
    assert_eq!(counts["mastodon"], 2);
    assert_eq!(counts["bluesky"], 2);
}
