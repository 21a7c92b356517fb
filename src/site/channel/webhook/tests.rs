#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::site::channel::fixtures::{answered, errors, first, kind, message};
use crate::site::fixtures::at;
use crate::time::Window;

fn sent(message: &Message) -> Json {
    let (request, _) = first(&kind("webhook = 'https://hooks.example/x'"), message);
    serde_json::from_slice(&request.body.unwrap()).unwrap()
}

/// Checks what the contract demands of every type but `test`.
#[track_caller]
fn assert_contract(body: &Json) -> &Json {
    assert_eq!(body["version"], "1");
    let kind = body["type"].as_str().unwrap();
    assert!(body["subscription"]["manage_url"].is_null());
    assert!(body["subscription"]["unsubscribe_url"].is_null());
    let data = &body["data"][kind];
    // JavaScript's numbers are whole up to 2^53.
    let is_id = |id: &Json| id.as_u64().is_some_and(|id| id < 1 << 53);
    assert!(is_id(&data["id"]), "{data}");
    assert!(data["title"].is_string());
    let page = &data["page"];
    assert!(is_id(&page["id"]) && page["name"].is_string() && page["slug"].is_string());
    assert!(page["url"].as_str().unwrap().starts_with("https://"));
    let impacts = [
        "operational",
        "degraded_performance",
        "partial_outage",
        "major_outage",
    ];
    assert!(impacts.contains(&data["impact"].as_str().unwrap()));
    for component in data["components"].as_array().unwrap() {
        assert!(is_id(&component["id"]) && component["name"].is_string());
        assert!(impacts.contains(&component["impact"].as_str().unwrap()));
        assert!(component["changed"].is_boolean());
    }
    data
}

#[test]
fn an_update_of_an_incident_is_a_status_report() {
    let body = sent(&message());
    let report = assert_contract(&body);
    assert_eq!(body["type"], "status_report");
    assert_eq!(report["title"], "Disks <full> & slow");
    assert_eq!(report["update"]["status"], "identified");
    assert_eq!(
        report["update"]["message"],
        "The disks are full.\n\nWe are making room."
    );
    assert_eq!(report["update"]["created_at"], "2022-12-28T10:10:00Z");
    assert_eq!(report["update"]["occurred_at"], "2022-12-28T10:10:00Z");
    assert_eq!(report["components"][0]["impact"], "major_outage");
    assert_eq!(report["page"]["slug"], "status.example");
}

#[test]
fn an_update_without_a_text_says_its_title() {
    let mut message = message();
    message.text.clear();
    let body = sent(&message);
    let told = &body["data"]["status_report"]["update"]["message"];
    assert_eq!(told, "Identified: Disks <full> & slow");
}

#[test]
fn a_maintenance_has_its_time_and_a_notice_without_an_end_has_none() {
    let mut message = message();
    if let About::Post(post) = &mut message.about {
        post.kind = PostKind::Maintenance;
        post.window = Window::new(at("22:00"), at("23:00"));
    }
    let body = sent(&message);
    let maintenance = assert_contract(&body);
    assert_eq!(body["type"], "maintenance");
    assert_eq!(maintenance["starts_at"], "2022-12-28T22:00:00Z");
    assert_eq!(maintenance["ends_at"], "2022-12-28T23:00:00Z");
    assert!(maintenance["message"].is_string());
    if let About::Post(post) = &mut message.about {
        post.kind = PostKind::Notice;
        post.window = None;
    }
    let body = sent(&message);
    assert!(assert_contract(&body).get("starts_at").is_none());
}

#[test]
fn the_same_update_has_the_same_number_and_another_one_has_another() {
    let id = |message: &Message| sent(message)["data"]["status_report"]["update"]["id"].clone();
    let (first, mut second) = (message(), message());
    second.text.push_str(" Reworded.");
    assert_eq!(id(&first), id(&second));
    second.id.push('x');
    assert_ne!(id(&first), id(&second));
}

#[test]
fn it_is_signed_and_has_the_fields_that_were_asked_for() {
    let kind = kind(
        "webhook = 'https://hooks.example/x'\nsecret = '${KEY}'\nheaders = { Authorization = 'Bearer ${TOKEN}' }",
    );
    let (request, secret) = first(&kind, &message());
    assert_eq!(
        secret,
        Secret::Signature {
            header: "X-Hub-Signature-256",
            prefix: "sha256=",
            key: EnvText::new("${KEY}"),
        }
    );
    let field = ("Authorization".to_owned(), EnvText::new("Bearer ${TOKEN}"));
    assert!(request.headers.contains(&field), "{request:?}");
}

#[test]
fn what_cannot_be_told_is_said_where_it_stands() {
    let refused = |lines: &str, message: &str| assert_eq!(errors(lines), [message], "{lines}");
    refused(
        "webhook = 'hooks.example'",
        "`hooks.example` is no address that can be told anything",
    );
    refused(
        "webhook = 'https://hooks.example/'\nsecret = 'hunter2'",
        "this is a secret, and stands in a file that many can read",
    );
    refused(
        "webhook = 'https://hooks.example/'\nheaders = { Content-Length = '3' }",
        "`Content-Length` is not for a channel to say",
    );
}

#[test]
fn what_may_not_have_arrived_is_sent_again() {
    let kind = kind("webhook = 'https://hooks.example/x'");
    for (status, is_again) in [(200, false), (400, false), (429, true), (503, true)] {
        let step = kind.step(&message(), &[answered(status, "")]);
        let again = matches!(step, Step::Done(Verdict::TryAgain { .. }));
        assert_eq!(again, is_again, "{status}: {step:?}");
    }
}
