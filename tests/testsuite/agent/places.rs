//! Places to which the agent publishes: each by itself, and none ahead of the first.

use std::process::Command;

use allclear::agent::PublishEnd;
use allclear::site::probe::question::Verdict;
use allclear::site::vocabulary::Status;
use chrono::{TimeDelta, Utc};

use super::day::{CONFIG, World, agent, at};
use super::{Mode, Running, Service, page, probes, wait_for};
use crate::site_test::SiteTest;
use crate::web_server::{Reply, WebServer};

/// A site that is published to two places.
fn two_places() -> SiteTest {
    let config = format!("{CONFIG}\n[publish]\nto = [\"first\", \"second\"]\n");
    SiteTest::empty().file("allclear.toml", config)
}

fn taken() -> Option<PublishEnd> {
    Some(PublishEnd::Brought("taken".to_owned()))
}

/// The first place, then the other one, and who subscribes.
#[test]
fn the_first_place_leads_and_is_what_is_told() {
    let site = two_places();
    let mut world = World::new(&site, "10:00");
    world.run(&mut agent(&world), "10:00:30");
    let expected = [
        "10:00:01 first takes all_clear",
        "10:00:02 second takes all_clear",
        "10:00:02 told all_clear",
    ];
    assert_eq!(world.brought, expected);
}

/// Of a place that fails each page is said once, and tried again, while the other has all of them and subscribers are told.
#[test]
fn a_later_place_that_fails_holds_back_nobody() {
    let site = two_places();
    let mut world = World::new(&site, "10:00");
    world.place = |name, now| match name {
        "second" if now < at("10:00:20") => Some(PublishEnd::Failed("it is full".to_owned())),
        _ => taken(),
    };
    let mut agent = agent(&world);
    world.run(&mut agent, "10:00:15");
    let failing = "publish: second: it is full";
    assert_eq!(
        agent.report().is_healthy(world.now),
        Err(failing.to_owned())
    );
    world.run(&mut agent, "10:01");
    let expected = [
        "10:00:01 first takes all_clear",
        "10:00:02 second refuses all_clear",
        "10:00:02 told all_clear",
        "10:00:08 second refuses all_clear",
        "10:00:19 second refuses all_clear",
        "10:00:40 second takes all_clear",
    ];
    assert_eq!(world.brought, expected);
    let expected = [
        "10:00:03 publish ! second: it is full",
        "10:00:41 publish second: it works again",
    ];
    assert_eq!(world.problems(), expected);
    assert_eq!(agent.report().is_healthy(world.now), Ok(()));
}

/// Where the first place fails the others stay as they are, and nobody is told; the folder shows a window from its first
/// moment all the same.
#[test]
fn a_first_place_that_fails_is_overtaken_by_none_and_delays_no_folder() {
    let window = "---\ntitle: Work\nkind: maintenance\ncomponents: [web]\nstarts: 2024-05-14 11:00:17\nends: 2024-05-14 11:30:42\n---\n";
    let site = two_places().file("incidents/work.md", window);
    let mut world = World::new(&site, "10:00");
    world.place = |_, _| Some(PublishEnd::Failed("403".to_owned()));
    let mut agent = agent(&world);
    world.run(&mut agent, "12:00");
    let expected = [
        "10:00:01 all_clear",
        "11:00:17 maintenance",
        "11:30:42 all_clear",
    ];
    assert_eq!(world.states(), expected);
    let all_to_first = world
        .brought
        .iter()
        .all(|it| it[9..].starts_with("first refuses "));
    assert!(all_to_first, "{:#?}", world.brought);
    // Each pause is as long as that of one that fails alone.
    assert!(
        (25..=40).contains(&world.brought.len()),
        "{:#?}",
        world.brought
    );
    assert_eq!(world.problems().len(), 2, "{:#?}", world.problems());
}

/// And the other way round: a full disk delays no place.
#[test]
fn a_full_disk_delays_no_place() {
    let window = "---\ntitle: Work\nkind: maintenance\ncomponents: [web]\nstarts: 2024-05-14 10:20:17\nends: 2024-05-14 11:30:42\n---\n";
    let site = two_places().file("incidents/work.md", window);
    let mut world = World::new(&site, "10:00");
    world.has_room = |now| now < at("10:01");
    world.run(&mut agent(&world), "10:21");
    let is_there = |start: &str| world.brought.iter().any(|it| it.starts_with(start));
    for start in ["10:20:17 first takes ", "10:20:18 second takes "] {
        assert!(is_there(start), "{:#?}", world.brought);
    }
}

/// A place that hangs delays neither evidence nor pages elsewhere, and gets the newest page once it is back.
#[test]
fn a_place_that_hangs_delays_only_itself() {
    let site = two_places();
    let mut world = World::new(&site, "10:00");
    world.web = |now| match now < at("10:10") {
        true => Verdict::Seen(Status::Operational, now),
        false => Verdict::Seen(Status::MajorOutage, now),
    };
    world.place = |name, now| match name {
        "second" if now < at("11:00") => None,
        _ => taken(),
    };
    let mut agent = agent(&world);
    world.run(&mut agent, "10:12");
    assert_eq!(agent.report().is_alive(world.now), Ok(()));
    let unhealthy = "publish: second: under way since 2024-05-14T10:00:02Z";
    assert_eq!(
        agent.report().is_healthy(world.now),
        Err(unhealthy.to_owned())
    );
    let of_second = world.brought.iter().filter(|it| it.contains(" second "));
    let of_second: Vec<&String> = of_second.collect();
    assert_eq!(of_second, ["10:00:02 second hangs all_clear"]);
    let mut of_first = world.brought.iter().filter(|it| it.contains(" first "));
    assert!(
        of_first
            .next_back()
            .unwrap()
            .ends_with("first takes partial_outage")
    );
    assert!(world.states().last().unwrap().ends_with("partial_outage"));
}

/// Somebody else's page that is a little newer is no failure; but it is not what is told, and a page of one's own follows as
/// soon as it is newer.
#[test]
fn a_newer_page_of_somebody_else_is_not_told() {
    let site = two_places();
    let mut world = World::new(&site, "10:00");
    world.place = |_, now| match now < at("10:00:10") {
        true => Some(PublishEnd::Outrun(at("10:00:09"))),
        false => taken(),
    };
    let mut agent = agent(&world);
    world.run(&mut agent, "10:00:30");
    let expected = [
        "10:00:01 first is ahead of all_clear",
        "10:00:10 first takes all_clear",
        "10:00:11 second takes all_clear",
        "10:00:11 told all_clear",
    ];
    assert_eq!(world.brought, expected);
    assert!(
        !world.log.iter().any(|it| it.contains('!')),
        "{:#?}",
        world.log
    );
    assert_eq!(agent.report().pages, 1);
}

/// A stop lets what is under way end, and begins nothing.
#[test]
fn a_stop_finishes_a_publication_and_begins_none() {
    let site = two_places();
    let mut world = World::new(&site, "10:00");
    world.stop = Some(at("10:00:01.5"));
    let mut agent = agent(&world);
    agent.run(&mut world);
    let expected = ["10:00:01 first takes all_clear"];
    assert_eq!(world.brought, expected);
    let last = world.log.last().unwrap();
    assert_eq!(last, "10:00:02 publish first: taken");
}

/// A single round waits for each place and each channel.
#[test]
fn a_single_round_waits_for_places_and_telling() {
    let site = two_places();
    let mut world = World::new(&site, "10:00");
    let mut agent = agent(&world);
    agent.once(&mut world);
    let expected = [
        "10:00:01 first takes all_clear",
        "10:00:02 second takes all_clear",
        "10:00:02 told all_clear",
    ];
    assert_eq!(world.brought, expected);
    assert_eq!(agent.report().pages, 1);
}

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
