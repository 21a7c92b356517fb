//! `allclear agent`: against real servers, with a real git, and over a day in fast time.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::site_test::SiteTest;

mod day;
mod disks;
mod following;
mod hosts;
mod places;
pub(crate) mod running;
mod service;
mod steps;
mod stopping;

use self::running::Running;
use self::service::{Mode, Service};

/// How long a test waits for something that should be there at once.
const LONGEST: Duration = Duration::from_secs(60);

/// What `found` finds, as soon as it does.
#[track_caller]
pub(crate) fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(begun.elapsed() < LONGEST, "there is no {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// What the page in a site's output folder says to programs; `None` while there is none.
fn page(site: &SiteTest) -> Option<Value> {
    let text = std::fs::read_to_string(site.path("public/api/v2/summary.json")).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// The state of the page's headline.
fn state(site: &SiteTest) -> Option<String> {
    Some(
        page(site)?["page"]["allclear"]["state"]
            .as_str()?
            .to_owned(),
    )
}

/// Waits until the page's headline has a state.
#[track_caller]
fn wait_for_state(site: &SiteTest, wanted: &str) {
    wait_for(&format!("page that says {wanted}"), || {
        (state(site)? == wanted).then_some(())
    });
}

/// The end of `allclear.toml` with a probe of each service every six seconds, by the id of its component; `control` is what
/// answers as long as the network is there.
fn probes(services: &[(&str, &Service)], control: &Service) -> String {
    let mut text = format!(
        "\n[probe]\nprivate = true\ncontrol = [\"{}\"]\n",
        control.address()
    );
    for (component, service) in services {
        text.push_str(&format!(
            "\n[[probes]]\ncomponent = \"{component}\"\nhttp = \"http://{}/\"\nevery = \"6s\"\ntimeout = \"4s\"\nsource = \"probe-{component}\"\n",
            service.address()
        ));
    }
    text
}

/// A new user's way: a site, two probes, the agent. What it says is what evidence carries, at each moment.
#[test]
fn evidence_comes_in_by_itself() {
    let site = SiteTest::empty();
    site.run(&["init", "--quiet"]);
    let (web, api) = (Service::start(Mode::Well), Service::start(Mode::Well));
    let config = site.read("allclear.toml") + &probes(&[("web", &web), ("api", &api)], &web);
    site.write("allclear.toml", config);
    let agent = Running::start(&site, &["--listen", "127.0.0.1:0"]);
    wait_for_state(&site, "all_clear");
    wait_for("good health", || {
        (agent.ask("/healthz") == (200, "ok\n".to_owned())).then_some(())
    });

    api.set(Mode::Failing);
    let failing_since = chrono::Utc::now();
    wait_for_state(&site, "partial_outage");
    // The round ends after its page.
    let bad = "allclear_probe_answers_total{verdict=\"major_outage\"}";
    let metrics = wait_for("count of it", || {
        let metrics = agent.ask("/metrics").1;
        metrics.contains(bad).then_some(metrics)
    });
    assert!(metrics.ends_with("# EOF\n"), "{metrics}");
    let status = "allclear_component_status{component=\"api\",allclear_component_status=";
    let status = format!("{status}\"major_outage\"}} 1\n");
    assert!(metrics.contains(&status), "{metrics}");

    // From the failure on no page gives an all-clear until it works again.
    assert_eq!(agent.all_clears_since(failing_since), 0);
    api.set(Mode::Well);
    wait_for_state(&site, "all_clear");

    // Nobody is there any more to renew the word, which ends by itself.
    let pid = agent.kill();
    assert!(pid > 0);
    let summary = page(&site).unwrap();
    let until = summary["page"]["allclear"]["valid_until"].as_str().unwrap();
    let status = site.command(&["status", "--format", "json", "--now", until]);
    let status: Value = serde_json::from_slice(&status.output().unwrap().stdout).unwrap();
    assert_eq!(status["headline"]["state"], "unknown");
}

/// What a probe saw is kept though another one waits for an answer that never comes.
#[test]
fn a_probe_that_hangs_delays_no_other() {
    let site = SiteTest::empty();
    site.run(&["init", "--quiet"]);
    let (web, api) = (Service::start(Mode::Well), Service::start(Mode::Hanging));
    let slow = probes(&[("api", &api)], &web).replace("timeout = \"4s\"", "timeout = \"40s\"");
    let slow = slow.replace("every = \"6s\"", "every = \"1m\"");
    let (settings, slow) = slow.split_at(slow.find("[[probes]]").unwrap());
    let fast = probes(&[("web", &web)], &web);
    let fast = &fast[fast.find("[[probes]]").unwrap()..];
    let config = site.read("allclear.toml") + settings + slow + fast;
    site.write("allclear.toml", config);
    let agent = Running::start(&site, &[]);
    agent.wait_for(" probe  1 operational (web operational: ");
    web.set(Mode::Failing);
    agent.wait_for("(web major_outage: ");
    // It is said as soon as it is seen, and then written.
    wait_for("observation of the outage", || {
        let evidence = site.read("evidence/probe-web.jsonl");
        evidence.contains("major_outage").then_some(())
    });
    assert!(!agent.log().contains("api "), "{}", agent.log());
}
