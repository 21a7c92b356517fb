//! Places to which the agent publishes: each by itself, and none ahead of the first.

use std::process::Command;

use chrono::{TimeDelta, Utc};

use super::{Mode, Running, Service, page, probes, wait_for};
use crate::site_test::SiteTest;
use crate::web_server::{Reply, WebServer};

/// A site with an outage of now, one webhook, and places that are folders.
fn with_outage(places: &str, webhook: &WebServer) -> SiteTest {
    let site = SiteTest::new();
    let config = site
        .read("allclear.toml")
        .replace("America/New_York", "UTC");
    let ends = format!(
        "\n[publish]\nto = {places}\n\n[notify]\nprivate = true\n\n[[channels]]\nname = \"hook\"\nwebhook = \"{}\"\n",
        webhook.url()
    );
    let before = (Utc::now() - TimeDelta::minutes(10)).format("%Y-%m-%d %H:%M");
    let outage = format!(
        "---\ntitle: Log-in fails\ncomponents: {{web: major_outage}}\n---\n\n## Investigating · {before}\n\nWe look.\n"
    );
    site.file("allclear.toml", config + &ends)
        .file("incidents/log-in.md", outage)
}

/// Real folders: a later one that cannot be written to silences nobody, and each is reported by itself.
#[test]
fn subscribers_are_told_what_the_first_folder_has() {
    let webhook = WebServer::new(|_, _| Reply::ok(""));
    let site = with_outage("[\"first\", \"blocked/page\", \"third\"]", &webhook);
    site.write("blocked", "a file\n");
    let outcome = site.run_fails(2, &["agent", "--once"]);
    let said = outcome.stderr();
    assert!(said.contains(" publish first: "), "{said}");
    assert!(said.contains(" publish ! blocked/page: "), "{said}");
    assert!(said.contains(" publish third: "), "{said}");
    assert!(said.contains(" notify 1 message told"), "{said}");
    assert_eq!(webhook.asked(), ["/"]);
    assert!(site.path("first/incidents/log-in/index.html").exists());
    assert!(site.path("third/incidents/log-in/index.html").exists());
}

/// Nor does a first one that cannot be written to let others go ahead.
#[test]
fn nobody_is_told_what_the_first_folder_has_not() {
    let webhook = WebServer::new(|_, _| Reply::ok(""));
    let site = with_outage("[\"blocked/page\", \"second\"]", &webhook);
    site.write("blocked", "a file\n");
    let outcome = site.run_fails(2, &["agent", "--once"]);
    let said = outcome.stderr();
    assert!(said.contains(" publish ! blocked/page: "), "{said}");
    assert_eq!(webhook.asked(), [""; 0]);
    assert!(!site.path("second/index.html").exists());
    assert!(page(&site).is_some());
}

/// A store that takes every connection and never answers: the agent is at work all the same, and ends when asked twice.
#[test]
fn a_store_that_hangs_stops_no_round() {
    let (web, store) = (Service::start(Mode::Well), Service::start(Mode::Hanging));
    let site = SiteTest::empty();
    site.run(&["init", "--quiet"]);
    let config = site.read("allclear.toml") + &probes(&[("web", &web)], &web);
    site.write(
        "allclear.toml",
        config + "\n[publish]\nto = \"s3://status\"\n",
    );
    let mut command = Command::new(snapbox::cmd::cargo_bin!("allclear"));
    command
        .args(["agent", "--listen", "127.0.0.1:0"])
        .env("AWS_ENDPOINT_URL", format!("http://{}", store.address()))
        .env("AWS_ALLOW_HTTP", "true")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "key")
        .env("AWS_SECRET_ACCESS_KEY", "secret");
    let mut agent = Running::spawn(&site, command);
    wait_for("request to the store", || (store.count() > 0).then_some(()));
    wait_for("life", || (agent.ask("/livez").0 == 200).then_some(()));
    let asked = web.count();
    wait_for("another look", || (web.count() > asked + 1).then_some(()));
    agent.signal("TERM");
    agent.signal("INT");
    assert_eq!(agent.wait().code(), Some(0));
}
