//! `allclear publish --guard`: an older build is not deployed over a newer page.

use crate::site_test::SiteTest;
use crate::web_server::{Reply, WebServer};

const NOW: &str = "2022-12-29T01:30:00Z";

/// A site that was built for the address of a server, at [`NOW`].
fn built(server: &WebServer) -> SiteTest {
    let site = SiteTest::new();
    site.run(&["build", "--now", NOW, "--base-url", server.url()]);
    site
}

/// A server whose manifest is one for an address and an instant.
fn server_of(base_url: &'static str, now: &'static str) -> WebServer {
    WebServer::new(move |path, _| match path {
        "/build.json" => Reply::ok(manifest(base_url, now)),
        _ => Reply::missing(),
    })
}

fn manifest(base_url: &str, now: &str) -> String {
    format!(r#"{{"now": "{now}", "base_url": "{base_url}", "files": {{}}}}"#)
}

/// The site that was built for an address that the server does not have.
const ADDRESS: &str = "https://status.example.com/";

/// What a guard says of a server, with its exit code.
fn guarded(server: &WebServer, code: i32) -> String {
    let site = SiteTest::new();
    site.run(&["build", "--now", NOW]);
    let arguments = ["publish", "--guard", server.url()];
    let outcome = match code {
        0 => site.command(&arguments).assert().code(0),
        code => site.command(&arguments).assert().code(code),
    };
    let output = outcome.get_output();
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8(text)
        .unwrap()
        .replace(server.url(), "URL/")
}

#[test]
fn a_build_that_is_not_older_may_be_deployed() {
    for now in ["2022-12-29T01:29:59Z", NOW] {
        assert_eq!(
            guarded(&server_of(ADDRESS, now), 0),
            format!("URL/ is of {now}, and this build of {NOW}: it may be deployed.\n")
        );
    }
}

#[test]
fn a_build_that_is_older_may_not() {
    assert_eq!(
        guarded(&server_of(ADDRESS, "2022-12-29T01:30:01Z"), 3),
        "error: URL/: the live page is of 2022-12-29T01:30:01Z, which is later than 2022-12-29T01:30:00Z of this build
  help: do not deploy this build: build again, and deploy that
"
    );
}

#[test]
fn the_page_of_another_site_is_not_replaced() {
    assert_eq!(
        guarded(&server_of("https://other.example.com/", "2022-12-29T01:00:00Z"), 2),
        "error: URL/: the live page is that of https://other.example.com/, and this build is for https://status.example.com/
  help: name the right address, or, after a move, deploy once without `--guard`
"
    );
}

#[test]
fn a_first_deployment_is_let_through_aloud() {
    for status in [404, 410] {
        let missing = WebServer::new(move |_, _| Reply::Whole(status, Vec::new(), Vec::new()));
        assert_eq!(
            guarded(&missing, 0),
            "there is no page: URL/build.json is not there: this build may be deployed, as the first one\n"
        );
    }
}

/// What is to be done where nothing is known of the live page.
const UNKNOWN: &str = "  help: nothing says whether the live page is newer than this build: run it again, or, where there is no page yet, deploy once without `--guard`\n";

/// A wall in front of the page, or a page of a host in its place, is the same at each run: a guard that passes there never
/// guards.
#[test]
fn a_deployment_is_stopped_where_nothing_is_known() {
    for status in [401, 403, 429, 500, 503] {
        let broken = WebServer::new(move |_, _| Reply::Whole(status, Vec::new(), Vec::new()));
        let wants = match status {
            401 | 403 => ": it asks for a password or a key, which `--header` sends",
            _ => "",
        };
        assert_eq!(
            guarded(&broken, 2),
            format!("error: URL/build.json answers with status {status}{wants}\n{UNKNOWN}")
        );
        assert_eq!(broken.asked().len(), 3);
    }
    let challenge = WebServer::new(|_, _| Reply::ok("<!doctype html>"));
    assert_eq!(
        guarded(&challenge, 2),
        format!(
            "error: URL/build.json is not the `build.json` of a page that allclear has made\n{UNKNOWN}"
        )
    );
    // A log-in whose host this machine does not know.
    let login = WebServer::new(|_, _| Reply::redirect("https://login.invalid/"));
    assert_eq!(
        guarded(&login, 2),
        format!(
            "error: URL/build.json cannot be had: the name of the host is not known\n{UNKNOWN}"
        )
    );
    // Nobody listens there.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let site = SiteTest::new();
    site.run(&["build", "--now", NOW, "--base-url", &url]);
    let outcome = site.run_fails(2, &["publish", "--guard"]);
    assert_eq!(
        outcome.stderr(),
        format!(
            "error: {url}build.json cannot be had: no connection: connection refused\n{UNKNOWN}"
        )
    );
    // One answer of this kind is none yet.
    let shaky = WebServer::new(|_, before| match before {
        0 => Reply::Whole(502, Vec::new(), Vec::new()),
        _ => Reply::ok(manifest(ADDRESS, NOW)),
    });
    assert!(guarded(&shaky, 0).ends_with("it may be deployed.\n"));
}

/// A copy that something between here and the server keeps may be older than the page, and need not say so.
#[test]
fn an_old_copy_is_not_believed() {
    let (older, newer) = ("2022-12-29T01:00:00Z", "2022-12-29T02:00:00Z");
    let of = |now: &str| Reply::ok(manifest(ADDRESS, now));
    let copied = WebServer::new(move |_, before| of(if before == 0 { older } else { newer }));
    let said = format!("the live page is of {newer}");
    assert!(guarded(&copied, 3).contains(&said));
    // The other way round, as of two servers of which one lags behind.
    let lagging = WebServer::new(move |_, before| of(if before == 0 { newer } else { older }));
    assert!(guarded(&lagging, 3).contains(&said));
    // What is missing may have been copied, too.
    let late = WebServer::new(move |_, before| match before {
        0 => Reply::missing(),
        _ => of(newer),
    });
    assert!(guarded(&late, 3).contains(&said));
    // A copy alone says nothing of the page.
    let broken = WebServer::new(move |_, before| match before % 2 {
        0 => of(older),
        _ => Reply::Whole(503, Vec::new(), Vec::new()),
    });
    assert_eq!(
        guarded(&broken, 2),
        format!("error: URL/build.json answers with status 503\n{UNKNOWN}")
    );
}

#[test]
fn the_address_is_that_of_the_build_unless_another_is_named() {
    let server = WebServer::new(|path, _| match path {
        "/build.json" => Reply::missing(),
        _ => Reply::Whole(500, Vec::new(), Vec::new()),
    });
    let site = built(&server);
    site.run_warns(&["publish", "--guard"]);
    assert_eq!(server.asked(), ["/build.json", "/build.json"]);
    // The folder of the build, where that is another one.
    let refused = site.run_fails(2, &["publish", "--guard", "--output", "elsewhere"]);
    assert_eq!(
        refused.stderr(),
        "error: there is no build in `elsewhere`: it has no `build.json` of allclear
  help: run `allclear build` before, or name its folder with `--output`
"
    );
    site.run_fails(2, &["publish", "--guard", "--to", "elsewhere"]);
    site.run_fails(2, &["publish", "--output", "elsewhere"]);
}
