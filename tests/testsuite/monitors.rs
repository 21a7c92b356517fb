//! Probes that ask monitors, with real requests: Prometheus, Alertmanager and the blackbox exporter from the system's packages, the
//! demo of this project as an upstream's status page, and recorded answers for the others.

mod real;
mod server;

use std::sync::Arc;
use std::time::Duration;

use allclear::diagnostic::{Diagnostics, SourceFile};
use allclear::fetch::{Client, Limits, Networks};
use allclear::site::Site;
use allclear::site::probe::question::{Ask, Asked, Outcome, Verdict};
use allclear::site::read::{AsOf, Drafts, Memos, read};
use allclear::site::vocabulary::Word as _;
use allclear::source::Files;
use allclear::time::Instant;

use self::server::Server;
use crate::site_test::SiteTest;

/// The key that the probes of these tests send; nothing that they say may have it.
const KEY: &str = "s3cret-key";

/// The configuration of a site with the components `web` and `login` and a probe.
fn config(probe: &str) -> String {
    format!(
        "title = \"Sample\"\nbase_url = \"https://status.example.com/\"\n[[components]]\nid = \"web\"\n[[components]]\nid = \"login\"\n[probe]\nprivate = true\n[[probes]]\n{probe}"
    )
}

/// Such a site.
fn site(probe: &str) -> Site {
    let text = config(probe);
    let path = "allclear.toml".into();
    let files = Files {
        config: Some(Arc::new(SourceFile { path, text })),
        ..Files::default()
    };
    let mut diagnostics = Diagnostics::new();
    let mut memos = Memos::default();
    let site = read(
        &files,
        Drafts::Included,
        AsOf::History,
        &mut memos,
        &mut diagnostics,
    );
    assert_eq!(diagnostics.iter().count(), 0, "{diagnostics:?}");
    site.unwrap()
}

/// What a probe says of each of its components at an instant: `web operational 19:59:30 why`, or `web silent why`.
#[track_caller]
fn says_at(probe: &str, now: impl Fn() -> Instant) -> Vec<String> {
    let site = site(probe);
    let client = Client::new();
    let environment = |name: &str| (name == "KEY").then(|| KEY.to_owned());
    let probe = &site.probes[0];
    let ask = |ask: Ask| {
        let Ask::Http {
            request,
            redirects,
            body,
            excess,
        } = ask
        else {
            panic!("a monitor is asked over HTTP");
        };
        let limits = Limits {
            timeout: Duration::from_secs(10),
            redirects,
            body,
            excess,
            networks: Networks::All,
        };
        match client.ask(&request, limits, &environment) {
            Ok(answer) => Outcome::Http(answer),
            Err(error) => Outcome::Failed(error),
        }
    };
    let outcomes: Vec<Outcome> = probe.kind.asks().into_iter().map(ask).collect();
    let asked = Asked {
        at: now(),
        components: &site.components,
    };
    let readings = probe.read(asked, &outcomes).into_iter();
    readings
        .map(|reading| {
            let id = &site.components[reading.component.0].id;
            assert!(!reading.why.contains(KEY), "{reading:?}");
            match reading.verdict {
                Verdict::Seen(status, at) => {
                    format!(
                        "{id} {} {} {}",
                        status.as_str(),
                        at.format("%T"),
                        reading.why
                    )
                }
                Verdict::Failed => panic!("{reading:?}"),
                Verdict::Silent => format!("{id} silent {}", reading.why),
            }
        })
        .collect()
}

/// What `allclear probe` says of each component of a probe: `web operational why`, or `web silent why`.
#[track_caller]
fn program_says(probe: &str) -> Vec<String> {
    let site = SiteTest::empty().file("allclear.toml", config(probe));
    let document = site.run(&["probe", "--dry-run", "--format", "json"]).json();
    let seen = document["probes"].as_array().unwrap().iter();
    seen.map(|seen| {
        let status = seen["status"].as_str();
        assert_eq!(seen["at"].is_string(), status.is_some(), "{seen}");
        let [component, why] = ["component", "why"].map(|key| seen[key].as_str().unwrap());
        format!("{component} {} {why}", status.unwrap_or("silent"))
    })
    .collect()
}

/// An instant in the night of the demo.
fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// The demo as it is published at an instant, as the answers of a server.
fn publish(server: &Server, now: &str) {
    let demo = SiteTest::demo();
    demo.run(&["build", "--now", now]);
    let path = "/status/api/v2/summary.json";
    server.answers(path, 200, demo.read("public/api/v2/summary.json"));
}

#[test]
fn the_demo_is_an_upstream_while_its_claim_holds() {
    let server = Server::start();
    let probe = format!(
        "components = [\"web\", \"login\"]\nstatuspage = \"{}/status/\"\nmap = {{ Web = \"web\", login = \"login\" }}\n",
        server.address
    );
    let says = |now: &str| says_at(&probe, || at(now));
    assert_eq!(
        says("2022-12-28T23:20:00Z"),
        [
            "web silent the status page has nothing at this address (404): is it the right one?",
            "login silent the status page has nothing at this address (404): is it the right one?",
        ]
    );
    publish(&server, "2022-12-28T23:20:00Z");
    let clear = [
        "web operational 23:20:00 the status page says `operational`",
        "login operational 23:20:00 the status page says `operational`",
    ];
    assert_eq!(says("2022-12-28T23:20:05Z"), clear);
    // Nobody publishes any more: it holds until the page itself says so, and not longer.
    assert_eq!(says("2022-12-28T23:35:00Z"), clear);
    for now in ["2022-12-28T23:35:01Z", "2022-12-29T12:00:00Z"] {
        assert_eq!(
            says(now),
            ["web", "login"].map(|id| format!("{id} silent what the status page says was good until 2022-12-28T18:35:00.000-05:00: it was not renewed"))
        );
    }
    publish(&server, "2022-12-29T01:30:00Z");
    assert_eq!(
        says("2022-12-29T01:31:00Z"),
        [
            "web partial_outage 01:30:00 the status page says `partial_outage`",
            "login major_outage 01:30:00 the status page says `major_outage`",
        ]
    );
    // An outage has no end that is foretold; it is an observation of then.
    let old = says("2022-12-29T02:30:01Z");
    assert!(
        old[0].starts_with("web silent the last result is of 2022-12-29T01:30:00Z"),
        "{old:?}"
    );
}

#[test]
fn recorded_answers_come_over_http() {
    let server = Server::start();
    let now = || at("2022-12-28T20:00:00Z");
    let result = r#"{"success":false,"timestamp":"2022-12-28T19:59:00Z","duration":1}"#;
    let body =
        format!(r#"[{{"name":"web","group":"core","key":"core_web","results":[{result}]}}]"#);
    server.answers("/api/v1/endpoints/statuses?page=1&pageSize=1", 200, body);
    let gatus = format!(
        "component = \"web\"\ngatus = \"{}\"\nendpoint = \"core_web\"\n",
        server.address
    );
    assert_eq!(
        says_at(&gatus, now),
        ["web major_outage 19:59:00 `core_web` has failed"]
    );

    let page = r#"{"publicGroupList":[{"monitorList":[{"id":7,"name":"Web"}]}]}"#;
    server.answers("/api/status-page/ours", 200, page);
    let beats = r#"{"heartbeatList":{"7":[{"status":1,"time":"2022-12-28 19:58:00.000","msg":"","ping":4}]},"uptimeList":{}}"#;
    server.answers("/api/status-page/heartbeat/ours", 200, beats);
    let kuma = format!(
        "component = \"web\"\nuptime_kuma = \"{}\"\npage = \"ours\"\nmonitor = \"Web\"\n",
        server.address
    );
    assert_eq!(
        says_at(&kuma, now),
        ["web operational 19:58:00 `Web` is up"]
    );

    let checks = r#"{"checks":[{"name":"Backup","slug":"backup","status":"up","last_ping":"2022-12-28T19:50:00+00:00"}]}"#;
    server.answers("/api/v3/checks/", 200, checks);
    let healthchecks = format!(
        "component = \"web\"\nhealthchecks = \"{}\"\ncheck = \"backup\"\nheaders = {{ X-Api-Key = \"${{KEY}}\" }}\n",
        server.address
    );
    assert_eq!(
        says_at(&healthchecks, now),
        ["web operational 19:50:00 `backup` is up"]
    );
    let last = server.asked().pop().unwrap();
    assert!(last.contains(&format!("x-api-key: {KEY}\r\n")), "{last}");
}

#[test]
fn the_key_of_an_uptime_kuma_is_sent_as_a_password() {
    let server = Server::start();
    let metrics = "# TYPE monitor_status gauge\nmonitor_status{monitor_name=\"Web\"} 0\n";
    server.answers("/metrics", 200, metrics);
    let address = server.address.replace("http://", "http://key:${KEY}@");
    let probe = format!("component = \"web\"\nuptime_kuma = \"{address}\"\nmonitor = \"Web\"\n");
    assert_eq!(
        says_at(&probe, || at("2022-12-28T20:00:00Z")),
        ["web major_outage 20:00:00 `Web` is down"]
    );
    let head = server.asked().pop().unwrap();
    // `key:s3cret-key` in base 64.
    let sent = "a2V5OnMzY3JldC1rZXk=".to_ascii_lowercase();
    assert!(
        head.contains(&format!("authorization: basic {sent}\r\n")),
        "{head}"
    );
}

#[test]
fn no_key_goes_along_to_where_a_redirect_leads() {
    let server = Server::start();
    server.answers("/api/v3/checks/", 302, "");
    server.answers("/elsewhere", 200, "{\"checks\":[]}");
    let probe = format!(
        "component = \"web\"\nhealthchecks = \"{}\"\ncheck = \"backup\"\nheaders = {{ X-Api-Key = \"${{KEY}}\" }}\n",
        server.address
    );
    assert_eq!(
        says_at(&probe, || at("2022-12-28T20:00:00Z")),
        [
            "web silent the address of Healthchecks leads elsewhere (302): write the address to which it leads, or send a key with `headers` if that is a log-in"
        ]
    );
    assert_eq!(server.asked().len(), 1);
}
