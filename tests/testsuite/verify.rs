//! `allclear verify`: whether a live page is whole and fresh.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

use allclear::fetch::{Client, Key};
use allclear::publish::LivePage;
use allclear::publish::verify::{self as live_page, Patience};
use allclear::site::BaseUrl;
use allclear::time::Instant;
use serde_json::{Value, json};

use crate::site_test::{NOW, Outcome, SiteTest};
use crate::web_server::{Reply, WebServer};

type Files = BTreeMap<String, Vec<u8>>;

/// A site whose all-clear holds for an hour.
fn site() -> SiteTest {
    SiteTest::new().file(
        "evidence/states.jsonl",
        ["web", "api", "login"]
            .map(|id| {
                format!("{{\"component\":\"{id}\",\"status\":\"operational\",\"from\":\"2022-12-29T01:30:00Z\",\"source\":\"x\"}}\n")
            })
            .concat(),
    )
}

/// What it publishes.
fn live() -> Files {
    site().build().contents()
}

fn manifest(files: &Files) -> Value {
    serde_json::from_slice(&files["build.json"]).unwrap()
}

/// Looks at the page of a server, from a folder; what it says has the address of the server as `URL`.
fn verify(site: &SiteTest, server: &WebServer, code: i32, more: &[&str]) -> String {
    let url = server.url();
    let arguments = [&["verify", url, "--now", NOW], more].concat();
    let outcome = match code {
        2 => site.run_fails(2, &arguments),
        code => site.run_exits(code, &arguments),
    };
    said(&outcome, url)
}

fn said(outcome: &Outcome, url: &str) -> String {
    let text = outcome.stdout().to_owned() + outcome.stderr();
    text.replace(url, "URL/")
}

fn count(files: &Files) -> usize {
    manifest(files)["files"].as_object().unwrap().len()
}

#[test]
fn a_page_that_is_whole_and_fresh() {
    let files = live();
    let all = count(&files);
    let server = WebServer::of_page(files.clone());
    assert_eq!(
        verify(&site(), &server, 0, &[]),
        format!(
            "URL/ is of 2022-12-29T01:30:00Z.
whole: {all} files, each as `build.json` lists it
fresh: its all-clear holds until 2022-12-29T02:30:00Z
Publishing this site now would change nothing.
"
        )
    );
    // Each file was asked for once.
    assert_eq!(server.asked().len(), all + 1);
    let report: Value =
        serde_json::from_str(&verify(&site(), &server, 0, &["--format", "json"])).unwrap();
    assert_eq!(
        report,
        json!({
            "url": "URL/", "now": NOW, "base_url": "https://status.example.com/", "commit": null,
            "allclear": env!("CARGO_PKG_VERSION"), "valid_until": "2022-12-29T02:30:00Z", "files": all,
            "whole": true, "fresh": true, "unsettled": null, "flaws": [], "warnings": [],
            "checkout": {"changed": [], "new": [], "gone": [], "refused": false}
        })
    );
    // Without a site there is nothing to compare it with.
    let text = verify(&SiteTest::empty(), &server, 0, &[]);
    assert!(
        text.ends_with("This folder has no site to compare it with.\n"),
        "{text}"
    );
}

#[test]
fn what_is_missing_different_or_stale_is_named() {
    let files = live();
    let all = count(&files);
    let server = WebServer::new(move |path, before| match path {
        "/robots.txt" => Reply::missing(),
        "/subscribe/index.html" => Reply::ok("<!doctype html>"),
        "/about/index.html" => Reply::ok(vec![b'x'; 1 << 20]),
        // Somewhere an old copy is kept: the third time the query is another one.
        "/index.html" if before < 2 => Reply::ok("an old one"),
        "/sitemap.xml" => Reply::Whole(503, Vec::new(), Vec::new()),
        // What differs once was about to be replaced.
        "/llms.txt" if before == 0 => Reply::missing(),
        // What hosts keep to themselves.
        "/_headers" => Reply::missing(),
        path => Reply::of_page(&files, path),
    });
    let text = verify(&SiteTest::empty(), &server, 1, &[]);
    // These answers have no header fields of their own.
    let lines = text.lines().filter(|it| !it.starts_with("warning: "));
    let text: String = lines.map(|it| format!("{it}\n")).collect();
    assert_eq!(
        text,
        format!(
            "URL/ is of 2022-12-29T01:30:00Z.
not whole: 5 of {all} files wrong
  about/index.html: different from what `build.json` lists
  index.html: an old copy, which something between server and readers keeps
  robots.txt: missing
  sitemap.xml: not had: status 503
  subscribe/index.html: different from what `build.json` lists
fresh: its all-clear holds until 2022-12-29T02:30:00Z
This folder has no site to compare it with.
"
        )
    );
}

#[test]
fn an_all_clear_that_has_run_out_is_told() {
    let server = WebServer::of_page(live());
    let arguments = ["verify", server.url(), "--now", "2022-12-29T02:30:00Z"];
    let text = said(&SiteTest::empty().run_exits(1, &arguments), server.url());
    let expected = "not fresh: its all-clear has run out at 2022-12-29T02:30:00Z, and nothing newer was published\n";
    assert!(text.contains(expected), "{text}");
    // A page that claims nothing has nothing that could run out.
    let server = WebServer::of_page(SiteTest::new().build().contents());
    let arguments = ["verify", server.url(), "--now", "2023-12-29T02:30:00Z"];
    let text = said(&SiteTest::empty().run_exits(0, &arguments), server.url());
    assert!(
        text.contains("fresh: it claims nothing that could run out\n"),
        "{text}"
    );
}

#[test]
fn other_header_fields_are_warnings() {
    let files = live();
    let server = WebServer::new(move |path, _| match (path, Reply::of_page(&files, path)) {
        ("/robots.txt", Reply::Whole(status, _, body)) => Reply::Whole(
            status,
            vec![("Content-Type", "TEXT/plain".to_owned())],
            body,
        ),
        (path, Reply::Whole(status, fields, body)) if path.ends_with(".atom") => {
            let mut fields = fields;
            fields[0].1 = "application/octet-stream".to_owned();
            Reply::Whole(status, fields, body)
        }
        (_, reply) => reply,
    });
    let text = verify(&SiteTest::empty(), &server, 0, &[]);
    let warnings: Vec<&str> = text
        .lines()
        .filter(|it| it.starts_with("warning: "))
        .collect();
    assert_eq!(warnings.len(), 2, "{text}");
    assert!(
        warnings[0].starts_with("warning: cache-control is no such field instead of `"),
        "{text}"
    );
    assert!(warnings[0].ends_with(" for 1 file (robots.txt)"), "{text}");
    let begin =
        "warning: content-type is `application/octet-stream` instead of `application/atom+xml";
    assert!(warnings[1].starts_with(begin), "{text}");
    let report = verify(&SiteTest::empty(), &server, 0, &["--format", "json"]);
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["warnings"][0]["paths"], json!(["robots.txt"]));
    assert_eq!(report["warnings"][0]["found"], json!(null));
}

/// Some servers pack what they send though nobody asked for it.
#[cfg(feature = "precompress")]
#[test]
fn what_is_packed_on_its_way_is_the_same() {
    let files = live();
    let server = WebServer::new(move |path, _| match Reply::of_page(&files, path) {
        Reply::Whole(200, mut fields, body) => {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            packed.write_all(&body).unwrap();
            fields.push(("Content-Encoding", "gzip".to_owned()));
            Reply::Whole(200, fields, packed.finish().unwrap())
        }
        reply => reply,
    });
    let text = verify(&site(), &server, 0, &[]);
    assert!(text.contains("\nwhole: "), "{text}");
}

#[test]
fn a_page_below_a_path_and_behind_redirects() {
    let files = live();
    let server = WebServer::new(move |path, _| {
        if let Some(folder) = path.strip_suffix("index.html") {
            return Reply::redirect(folder);
        }
        let path = path.strip_prefix("/team/status").unwrap_or("/nothing");
        match path.ends_with('/') {
            true => Reply::of_page(&files, &format!("{path}index.html")),
            false => Reply::of_page(&files, path),
        }
    });
    let arguments = [
        "verify",
        &format!("{}team/status", server.url()),
        "--now",
        NOW,
    ];
    let text = said(&site().run_exits(0, &arguments), server.url());
    assert!(text.starts_with("URL/team/status/ is of "), "{text}");
}

#[test]
fn a_publication_under_way_is_told() {
    let mut files = live();
    let mut claim = manifest(&files);
    claim["unsettled"] = json!(["index.html", "robots.txt"]);
    files.insert("build.json".to_owned(), claim.to_string().into());
    files.remove("robots.txt");
    let all = count(&files);
    let server = WebServer::of_page(files.clone());
    let text = verify(&SiteTest::empty(), &server, 1, &["--wait", "0s"]);
    let expected = format!(
        "not settled: a publication is under way, or was killed; of {all} files 2 may be old or missing\n  robots.txt: missing\n"
    );
    assert!(text.contains(&expected), "{text}");
    // It is over a moment later.
    let whole = live();
    let server = WebServer::new(move |path, before| match (path, before) {
        ("/build.json", 0) | ("/robots.txt", 0) => Reply::of_page(&files, path),
        _ => Reply::of_page(&whole, path),
    });
    let text = verify(&SiteTest::empty(), &server, 0, &[]);
    assert!(text.contains("\nwhole: "), "{text}");
}

/// A publication takes as long as it takes; one that was killed never ends.
#[test]
fn a_publication_under_way_is_waited_for() {
    let mut files = live();
    let mut claim = manifest(&files);
    claim["unsettled"] = json!(["robots.txt"]);
    let whole = files.clone();
    files.insert("build.json".to_owned(), claim.to_string().into());
    files.remove("robots.txt");
    let begun = files.clone();
    let server = WebServer::new(move |path, before| match (path, before) {
        ("/build.json", 0..5) | ("/robots.txt", 0) => Reply::of_page(&begun, path),
        _ => Reply::of_page(&whole, path),
    });
    let url = BaseUrl::parse(server.url()).unwrap();
    let look = |url: &BaseUrl, pauses| {
        let page = LivePage {
            client: &Client::new(),
            key: &Key::default(),
            url,
            timeout: Duration::from_secs(30),
            asked: Instant::UNIX_EPOCH,
        };
        let pause = Duration::from_millis(1);
        live_page::verify(page, Patience { pause, pauses }, &|_, _| {}).unwrap()
    };
    let verdict = look(&url, 30);
    assert!(verdict.is_whole(), "{verdict:?}");
    let asked = |server: &WebServer| {
        let asked = server.asked().into_iter();
        asked.filter(|path| path == "/build.json").count()
    };
    assert_eq!(asked(&server), 6);

    let server = WebServer::of_page(files);
    let verdict = look(&BaseUrl::parse(server.url()).unwrap(), 4);
    let flaws: Vec<&String> = verdict.flaws.keys().collect();
    assert_eq!(flaws, ["robots.txt"]);
    assert_eq!(asked(&server), 5);
}

#[test]
fn what_this_site_would_change_is_told() {
    let server = WebServer::of_page(live());
    let changed = site().file(
        "incidents/log-in.md",
        "---\ntitle: Log-in fails\ncomponents: {login: major_outage}\nstarted: 2022-12-28 19:00\n---\n\n## Resolved · 2022-12-28 20:00\n",
    );
    let text = verify(&changed, &server, 0, &[]);
    let last = text.lines().last().unwrap();
    let is_told =
        last.starts_with("Publishing this site now would change ") && last.contains("; add ");
    assert!(is_told, "{text}");
    let report = verify(&changed, &server, 0, &["--format", "json"]);
    let report: Value = serde_json::from_str(&report).unwrap();
    let new = report["checkout"]["new"].as_array().unwrap();
    assert!(
        new.contains(&json!("incidents/log-in/index.html")),
        "{new:?}"
    );

    // What is live is later.
    let arguments = ["verify", server.url(), "--now", "2022-12-29T01:29:59Z"];
    let text = said(&site().run_exits(3, &arguments), server.url());
    assert!(
        text.ends_with("This site would not be published: what is live is later than the present instant here.\n"),
        "{text}"
    );
    let other = SiteTest::new();
    let config = other
        .read("allclear.toml")
        .replace("status.example.com", "other.example.com");
    other.write("allclear.toml", config);
    let text = verify(&other, &server, 0, &[]);
    assert!(
        text.ends_with(
            "This site is another one: what is live was built for https://status.example.com/.\n"
        ),
        "{text}"
    );
    let wrong = site().file(
        "incidents/wrong.md",
        "---\ntitle: Wrong\n---\n\n## Resolved\n",
    );
    let text = verify(&wrong, &server, 0, &[]);
    assert!(
        text.contains("This site would publish nothing: `allclear check` finds "),
        "{text}"
    );
}

#[test]
fn a_page_that_cannot_be_asked_is_an_error() {
    let missing = WebServer::new(|_, _| Reply::missing());
    let help = "  help: look at that address in a browser, or name another one\n";
    assert_eq!(
        verify(&SiteTest::empty(), &missing, 2, &[]),
        format!("error: there is no page: URL/build.json is not there\n{help}")
    );
    let other = WebServer::new(|_, _| Reply::ok("<!doctype html>"));
    assert_eq!(
        verify(&SiteTest::empty(), &other, 2, &[]),
        format!(
            "error: URL/build.json is not the `build.json` of a page that allclear has made\n{help}"
        )
    );
    let silent = WebServer::new(|_, _| Reply::Never);
    assert_eq!(
        verify(&SiteTest::empty(), &silent, 2, &["--timeout", "1s"]),
        format!("error: URL/build.json cannot be had: no answer in time\n{help}")
    );
    let nowhere = SiteTest::empty().run_fails(2, &["verify"]);
    assert!(
        nowhere.stderr().starts_with("error: no address is named"),
        "{}",
        nowhere.stderr()
    );
}

/// Another version says less, or more.
#[test]
fn the_page_of_another_version_is_looked_at() {
    let mut files = live();
    let mut older = manifest(&files);
    older.as_object_mut().unwrap().remove("allclear");
    for file in older["files"].as_object_mut().unwrap().values_mut() {
        file.as_object_mut().unwrap().remove("cache");
        file["more"] = json!({"than": "is known"});
    }
    files.insert("build.json".to_owned(), older.to_string().into());
    let server = WebServer::of(files);
    let text = verify(&SiteTest::empty(), &server, 0, &[]);
    assert!(text.contains("\nwhole: "), "{text}");
    // A page cannot have this program read without an end.
    let huge = r#"{"now": "2022-12-29T01:30:00Z", "base_url": "x", "files": {"a": {"sha256": "", "size": 99999999999}}}"#;
    let server = WebServer::new(move |_, _| Reply::ok(huge));
    let text = verify(&SiteTest::empty(), &server, 2, &[]);
    assert!(
        text.starts_with("error: `a` has 99999999999 bytes; at most "),
        "{text}"
    );
}
