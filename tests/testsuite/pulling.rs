//! `allclear pull`: evidence that lasts without commits.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use snapbox::str;

use crate::site_test::{NOW, Outcome, SiteTest};
use crate::web_server::{Reply, WebServer};

/// A line of a monitor.
fn saw(source: &str, component: &str, status: &str, from: &str, to: &str) -> String {
    format!(
        "{{\"component\":\"{component}\",\"status\":\"{status}\",\"from\":\"{from}\",\"to\":\"{to}\",\"source\":\"{source}\"}}\n"
    )
}

/// States of two sources and an operator, with a silence among them.
fn evidence() -> String {
    [
        saw("east", "web", "operational", "2022-12-28T10:00:00Z", "2022-12-28T20:00:00Z"),
        saw("east", "web", "major_outage", "2022-12-28T20:01:00Z", "2022-12-28T20:30:00Z"),
        saw("east", "web", "operational", "2022-12-28T20:31:00Z", "2022-12-29T01:25:00Z"),
        saw("west", "web", "operational", "2022-12-28T19:00:00Z", "2022-12-29T01:20:00Z"),
        saw("east", "api", "degraded_performance", "2022-12-29T01:00:00Z", "2022-12-29T01:29:00Z"),
        "{\"component\":\"login\",\"status\":\"partial_outage\",\"from\":\"2022-12-28T21:00:00Z\",\"source\":\"operator\",\"reason\":\"We see it ourselves – «now».\",\"until\":\"2022-12-28T23:00:00Z\"}\n".to_owned(),
    ]
    .concat()
}

const LATENCY: &str = "time,component,milliseconds\n\
    2022-12-20T10:00:00Z,web,120\n\
    2022-12-28T20:00:00Z,web,80.5\n\
    2022-12-29T01:20:00Z,web,95\n\
    2022-12-29T01:20:00Z,api,12\n";

/// A site without evidence, one of whose sources is silenced for an hour.
fn empty() -> SiteTest {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    site.file(
        "allclear.toml",
        config + "\n[sources.west]\nignore = [{ from = \"2022-12-28T22:00:00Z\", until = \"2022-12-28T23:00:00Z\", reason = \"Broken.\" }]\n",
    )
}

/// What such a site has published of some evidence.
fn live() -> BTreeMap<String, Vec<u8>> {
    let site = empty()
        .file("evidence/states.jsonl", evidence())
        .file("evidence/latency/east.csv", LATENCY);
    site.build_with_warnings();
    site.contents()
}

/// Pulls from an address as of [`NOW`].
fn pull(site: &SiteTest, code: i32, url: &str, more: &[&str]) -> Outcome {
    let all: Vec<&str> = ["pull", url, "--now", NOW]
        .iter()
        .chain(more)
        .copied()
        .collect();
    match code {
        0 => site.run(&all),
        code => site.run_fails(code, &all),
    }
}

/// What a run prints, with the address of the server as `URL`.
fn said(outcome: &Outcome, server: &WebServer) -> String {
    let text = outcome.stdout().to_owned() + outcome.stderr();
    let address = server.url().trim_end_matches('/');
    text.replace(server.url(), "URL/").replace(address, "URL")
}

#[test]
fn an_empty_disk_goes_on_where_the_page_stopped() {
    let live = live();
    let server = WebServer::of(live.clone());
    let site = empty();
    let outcome = pull(&site, 0, server.url(), &[]);
    snapbox::assert_data_eq!(
        said(&outcome, &server),
        str![[r#"
The page at URL/ is of 2022-12-29T01:30:00Z.
evidence/latency/east.csv: 4 latencies added
evidence/pulled/states.jsonl: 6 observations added

"#]]
    );
    site.build_with_warnings();
    let again = site.contents();
    assert_eq!(
        again.keys().collect::<Vec<_>>(),
        live.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in &live {
        assert!(again[path] == *bytes, "{path} differs");
    }
    // A second time there is nothing new.
    let before = site.read("evidence/pulled/states.jsonl");
    let outcome = pull(&site, 0, server.url(), &[]);
    snapbox::assert_data_eq!(
        said(&outcome, &server),
        str![[r#"
The page at URL/ is of 2022-12-29T01:30:00Z.
evidence/latency/east.csv: nothing new
evidence/pulled/states.jsonl: nothing new

"#]]
    );
    assert_eq!(site.read("evidence/pulled/states.jsonl"), before);
}

/// A disk that has the files of which the page was made learns nothing from it.
#[test]
fn what_is_known_is_not_pulled() {
    let server = WebServer::of(live());
    let site = empty()
        .file("evidence/states.jsonl", evidence())
        .file("evidence/latency/east.csv", LATENCY);
    let outcome = pull(&site, 0, server.url(), &["--format", "json"]);
    let report: Value = outcome.json();
    assert_eq!(report["observations"], 0, "{report}");
    assert_eq!(report["latencies"], 0, "{report}");
    assert!(!site.path("evidence/pulled").exists());
}

#[test]
fn later_looks_and_records_count_after_a_pull() {
    let server = WebServer::of(live());
    let site = empty();
    pull(&site, 0, server.url(), &[]);
    let later = "2022-12-29T02:10:00Z";
    let record = [
        "record",
        "web",
        "operational",
        "--source",
        "east",
        "--now",
        later,
    ];
    site.run(&record);
    let web = site.status(later)["components"][0].clone();
    assert_eq!(web["evidence"]["confirmed_at"], later);
    // An old page takes nothing of it back.
    fs::remove_dir_all(site.path("evidence/pulled")).unwrap();
    let outcome = site.run_exits(
        0,
        &["pull", server.url(), "--now", later, "--format", "json"],
    );
    assert_eq!(outcome.json()["observations"], 6);
    assert_eq!(site.status(later)["components"][0], web);
}

/// What an operator says now stands in the site's files, where it can be taken back; what was said is history.
#[test]
fn an_operators_word_is_taken_back_where_it_was_said() {
    let word = |until: &str| {
        format!(
            "{{\"component\":\"web\",\"status\":\"major_outage\",\"from\":\"2022-12-29T01:00:00Z\",\"source\":\"operator\",\"reason\":\"By mistake.\",\"until\":\"{until}\"}}\n"
        )
    };
    let live = empty().file("evidence/words.jsonl", word("2022-12-29T06:00:00Z"));
    live.build_with_warnings();
    let server = WebServer::of(live.contents());
    let site = empty();
    pull(&site, 0, server.url(), &[]);
    assert!(!site.path("evidence/pulled").exists());
    let later = ["pull", server.url(), "--now", "2022-12-29T06:00:00Z"];
    site.run(&later);
    assert_eq!(
        site.read("evidence/pulled/states.jsonl"),
        word("2022-12-29T06:00:00Z")
    );
}

#[test]
fn a_dry_run_writes_nothing() {
    let server = WebServer::of(live());
    let site = empty();
    let outcome = pull(&site, 0, server.url(), &["--dry-run"]);
    assert!(
        outcome.stdout().contains("6 observations would be added\n"),
        "{}",
        outcome.stdout()
    );
    let outcome = pull(&site, 0, server.url(), &["--dry-run", "--format", "json"]);
    let mut report = outcome.json();
    report["url"] = "URL/".into();
    snapbox::assert_data_eq!(
        format!("{report:#}\n"),
        str![[r#"
{
  "dry_run": true,
  "files": [
    {
      "added": 4,
      "path": "evidence/latency/east.csv"
    },
    {
      "added": 6,
      "path": "evidence/pulled/states.jsonl"
    }
  ],
  "latencies": 4,
  "left_out": {},
  "now": "2022-12-29T01:30:00Z",
  "observations": 6,
  "url": "URL/"
}

"#]]
    );
    assert!(!site.path("evidence").exists());
    assert_eq!(pull(&site, 0, server.url(), &["--quiet"]).stdout(), "");
}

/// The page may be the only copy of what was seen, and a build without it would take its place.
#[test]
fn a_page_that_is_not_there_is_told() {
    let server = WebServer::new(|_, _| Reply::missing());
    snapbox::assert_data_eq!(
        refused(&server, &[]),
        str![[r#"
error: there is no page: URL/build.json is not there
  help: nothing was written; before the first page is published this is as it should be, so go on to build it; later, look into it, for the page may be the only copy of what was seen

"#]]
    );
}

#[test]
fn a_page_may_publish_no_evidence() {
    let quiet = SiteTest::new();
    quiet.build();
    let server = WebServer::of(quiet.contents());
    let site = empty();
    let outcome = pull(&site, 0, server.url(), &[]);
    snapbox::assert_data_eq!(
        said(&outcome, &server),
        str![[r#"
The page at URL/, of 2022-12-29T01:30:00Z, publishes no evidence.

"#]]
    );
    assert!(!site.path("evidence").exists());
}

/// Pulls from a server that is of no use: the exit code is 2, and nothing is written.
fn refused(server: &WebServer, more: &[&str]) -> String {
    let site = empty();
    let outcome = pull(&site, 2, server.url(), more);
    assert!(!site.path("evidence").exists());
    said(&outcome, server)
}

#[test]
fn what_is_no_page_of_this_site_is_refused() {
    let html = WebServer::new(|_, _| Reply::ok("<!doctype html>\n<title>Welcome to our shop"));
    snapbox::assert_data_eq!(
        refused(&html, &[]),
        str![[r#"
error: URL/build.json is not the `build.json` of a page that allclear has made; it begins with `<!doctype html>�<title>Welcome to our sh`
  help: some hosts answer with a page of their own where a file is missing: look at that address in a browser

"#]]
    );
    let elsewhere =
        WebServer::new(|path, _| Reply::redirect(&format!("https://elsewhere.example.com{path}")));
    snapbox::assert_data_eq!(
        refused(&elsewhere, &[]),
        str![[r#"
error: URL/build.json leads to another host: https://elsewhere.example.com/build.json
  help: where that is your page, name its address, as in `allclear pull https://status.example.com/`

"#]]
    );
    let broken = WebServer::new(|_, _| Reply::Whole(503, Vec::new(), Vec::new()));
    snapbox::assert_data_eq!(
        refused(&broken, &[]),
        str![[r#"
error: URL/build.json answers with status 503
  help: the page can be pulled once it answers with 200

"#]]
    );
    let mute = WebServer::new(|_, _| Reply::Never);
    snapbox::assert_data_eq!(
        refused(&mute, &["--timeout", "1s"]),
        str![[r#"
error: URL/build.json cannot be had: no answer in time
  help: nothing was written; before the first page is published this is as it should be, so go on to build it; later, look into it, for the page may be the only copy of what was seen

"#]]
    );
    let round = WebServer::new(|path, _| Reply::redirect(path));
    assert!(refused(&round, &[]).contains("more than 5 redirects"));
    // Nobody listens there.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let outcome = pull(&empty(), 2, &url, &[]);
    assert!(
        outcome
            .stderr()
            .contains("build.json cannot be had: no connection"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn the_page_of_another_site_is_pulled_only_where_one_says_so() {
    let server = WebServer::of(live());
    let site = empty();
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        config.replace("status.example.com", "new.example.com"),
    );
    let outcome = pull(&site, 2, server.url(), &[]);
    snapbox::assert_data_eq!(
        said(&outcome, &server),
        str![[r#"
error: the page at URL/ was built for https://status.example.com/, and this site is https://new.example.com/: nothing was pulled
  help: where it is this site all the same, as before a move, say so: `--base-url https://status.example.com/`

"#]]
    );
    assert!(!site.path("evidence").exists());
    pull(
        &site,
        0,
        server.url(),
        &["--base-url", "https://status.example.com"],
    );
    assert!(site.path("evidence/pulled/states.jsonl").exists());
}

/// A page whose states are others than its manifest lists, until it was asked for so many times.
fn torn(until: usize) -> WebServer {
    let live = live();
    WebServer::new(move |path, before| {
        let bytes = live.get(path.trim_start_matches('/'));
        match bytes {
            Some(bytes) if path.ends_with("states.jsonl") && before < until => {
                Reply::ok(bytes.to_ascii_uppercase())
            }
            Some(bytes) => Reply::ok(bytes.clone()),
            None => Reply::missing(),
        }
    })
}

#[test]
fn a_page_that_is_being_published_is_asked_once_more() {
    let server = torn(1);
    let site = empty();
    pull(&site, 0, server.url(), &[]);
    assert_eq!(site.read("evidence/pulled/states.jsonl").lines().count(), 6);
    let server = torn(9);
    snapbox::assert_data_eq!(
        refused(&server, &[]),
        str![[r#"
error: the files of the page at URL/ are not of one build: `evidence/states.jsonl`: it is another one than `build.json` lists; nothing was written
  help: it is being published just now, or an old copy is kept somewhere: pull again in a minute

"#]]
    );
    let asked = server.asked();
    let manifests = asked.iter().filter(|path| *path == "/build.json");
    assert_eq!(manifests.count(), 2, "{asked:?}");
}

#[test]
fn half_a_file_is_none_and_a_slow_one_is_whole() {
    let files = live();
    let half = WebServer::new(
        move |path, _| match files.get(path.trim_start_matches('/')) {
            Some(bytes) if path.ends_with("east.csv") => Reply::Half(bytes.clone()),
            Some(bytes) => Reply::ok(bytes.clone()),
            None => Reply::missing(),
        },
    );
    let said = refused(&half, &[]);
    assert!(said.contains("`evidence/latency/east.csv`: "), "{said}");
    let files = live();
    let slow = WebServer::new(
        move |path, _| match files.get(path.trim_start_matches('/')) {
            Some(bytes) => Reply::Slowly(bytes.clone()),
            None => Reply::missing(),
        },
    );
    pull(&empty(), 0, slow.url(), &[]);
}

#[test]
fn redirects_within_the_host_are_followed() {
    let files = live();
    let server = WebServer::new(move |path, _| match path.strip_prefix("/old/") {
        Some(rest) => Reply::redirect(&format!("/{rest}")),
        None => match files.get(path.trim_start_matches('/')) {
            Some(bytes) => Reply::ok(bytes.clone()),
            None => Reply::missing(),
        },
    });
    pull(&empty(), 0, &format!("{}old", server.url()), &[]);
}

/// Whoever serves the page learns no variable of the environment, by a redirect or by the name of a file, and names no
/// file that some disk cannot have.
#[test]
fn a_page_learns_no_secret() {
    let leads = WebServer::new(|path, _| match path {
        "/build.json" => Reply::redirect("/leak/${PATH}"),
        _ => Reply::missing(),
    });
    refused(&leads, &[]);
    assert_eq!(leads.asked(), ["/build.json", "/leak/$%7BPATH%7D"]);

    let mut files = live();
    let manifest = String::from_utf8(files["build.json"].clone()).unwrap();
    let mut manifest: Value = serde_json::from_str(&manifest).unwrap();
    let file = manifest["files"]["evidence/latency/east.csv"].clone();
    for name in ["${PATH}", "con", "A", "a b", "x\\..\\y", "\u{1b}[31m", "/a", ".a"] {
        manifest["files"][format!("evidence/latency/{name}.csv")] = file.clone();
    }
    manifest["files"][format!("evidence/latency/{}.csv", "a".repeat(300))] = file;
    files.insert("build.json".to_owned(), manifest.to_string().into_bytes());
    let server = WebServer::of(files);
    pull(&empty(), 0, server.url(), &[]);
    let asked = server.asked();
    assert_eq!(
        asked,
        [
            "/build.json",
            "/evidence/latency/east.csv",
            "/evidence/states.jsonl"
        ]
    );
}

#[test]
fn what_a_page_claims_to_be_too_large_is_not_asked_for() {
    let mut files = live();
    let manifest = String::from_utf8(files["build.json"].clone()).unwrap();
    let mut manifest: Value = serde_json::from_str(&manifest).unwrap();
    manifest["files"]["evidence/states.jsonl"]["size"] = (1_u64 << 40).into();
    // No path leads out of the folder of latency.
    let file = manifest["files"]["evidence/latency/east.csv"].clone();
    manifest["files"]["evidence/latency/../../../escaped.csv"] = file;
    files.insert("build.json".to_owned(), manifest.to_string().into_bytes());
    let server = WebServer::of(files.clone());
    snapbox::assert_data_eq!(
        refused(&server, &[]),
        str![[r#"
error: `evidence/states.jsonl` of the page has 1099511627776 bytes, which is too much
  help: at most 268435456 are read

"#]]
    );
    manifest["files"]
        .as_object_mut()
        .unwrap()
        .remove("evidence/states.jsonl");
    let mut many = manifest.clone();
    for number in 0..1_000 {
        let file = manifest["files"]["evidence/latency/east.csv"].clone();
        many["files"][format!("evidence/latency/{number}.csv")] = file;
    }
    let many = [("build.json".to_owned(), many.to_string().into_bytes())];
    let server = WebServer::of(many.into());
    assert!(refused(&server, &[]).contains("the page has 1001 files of evidence"));
    files.insert("build.json".to_owned(), manifest.to_string().into_bytes());
    let server = WebServer::of(files);
    let site = empty();
    pull(&site, 0, server.url(), &[]);
    let asked = server.asked();
    assert_eq!(asked, ["/build.json", "/evidence/latency/east.csv"]);
}

#[test]
fn a_component_that_is_gone_is_left_out() {
    let server = WebServer::of(live());
    let site = empty();
    let config = site.read("allclear.toml");
    let config = config.replace("[[components]]\nid = \"web\"\nname = \"Web\"\n", "");
    site.write("allclear.toml", config);
    let outcome = pull(&site, 0, server.url(), &[]);
    snapbox::assert_data_eq!(
        said(&outcome, &server),
        str![[r#"
The page at URL/ is of 2022-12-29T01:30:00Z.
evidence/latency/east.csv: 1 latency added
evidence/pulled/states.jsonl: 2 observations added
left out: 7 lines of `web`, which this site does not have

"#]]
    );
    site.build_with_warnings();
}

#[test]
fn a_site_that_is_wrong_is_reported_and_nothing_is_written() {
    let server = WebServer::of(live());
    let site = empty().file(
        "evidence/latency/east.csv",
        "time,component,milliseconds\nyesterday,web,1\n",
    );
    let outcome = pull(&site, 1, server.url(), &[]);
    assert!(
        outcome.stderr().contains("evidence/latency/east.csv:2:1"),
        "{}",
        outcome.stderr()
    );
    assert!(!site.path("evidence/pulled").exists());
    assert_eq!(server.asked(), [""; 0]);
    let outcome = site.run_fails(2, &["pull", "status.example.com"]);
    snapbox::assert_data_eq!(
        outcome
            .stderr()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned(),
        str!["error: `URL status.example.com`: must start with `https://` or `http://`"]
    );
}
