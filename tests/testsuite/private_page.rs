//! `--header`: a page that asks for a password or a key is looked at, pulled and guarded like any other.

use std::collections::BTreeMap;

use crate::site_test::{NOW, SiteTest};
use crate::web_server::{Reply, WebServer};

const SECRET: &str = "s3cret-of-tests";
const FIELD: &str = "authorization: Bearer s3cret-of-tests";
const TYPED: &str = "Authorization: Bearer ${ALLCLEAR_TEST_TOKEN}";

/// A site with evidence.
fn site() -> SiteTest {
    let states = ["web", "api", "login"].map(|id| {
        format!("{{\"component\":\"{id}\",\"status\":\"operational\",\"from\":\"2022-12-29T01:30:00Z\",\"source\":\"x\"}}\n")
    });
    SiteTest::new().file("evidence/states.jsonl", states.concat())
}

fn live() -> BTreeMap<String, Vec<u8>> {
    site().build().contents()
}

/// The commands that ask a page, each with where its address stands.
const COMMANDS: [&[&str]; 3] = [
    &["verify", "URL", "--now", NOW],
    &["pull", "URL", "--now", NOW],
    &["publish", "--guard", "URL"],
];

/// What a command says of a server with more arguments, and its exit code.
fn said(command: &[&str], url: &str, more: &[&str]) -> (i32, String) {
    let site = SiteTest::new();
    site.run(&["build", "--now", NOW]);
    let command = command.iter().chain(more);
    let arguments: Vec<&str> = command
        .map(|it| if *it == "URL" { url } else { it })
        .collect();
    let outcome = site
        .command(&arguments)
        .env("ALLCLEAR_TEST_TOKEN", format!("{SECRET}\n"))
        .env("ALLCLEAR_TEST_OTHER", "of-nobody-else")
        .env_remove("ALLCLEAR_TEST_UNSET")
        .assert();
    let output = outcome.get_output();
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    let text = String::from_utf8(text).unwrap().replace(url, "URL/");
    assert!(!text.contains(SECRET), "{text}");
    (output.status.code().unwrap(), text)
}

#[test]
fn a_header_field_lets_each_command_in() {
    let server = WebServer::of_private_page(live(), FIELD);
    let starts = [
        "URL/ is of 2022-12-29T01:30:00Z.\nwhole: ",
        "The page at URL/ is of 2022-12-29T01:30:00Z.\nevidence/pulled/states.jsonl: 3 observations added\n",
        "URL/ is of 2022-12-29T01:30:00Z, and this build of 2022-12-29T01:30:00Z: it may be deployed.\n",
    ];
    for (command, start) in COMMANDS.into_iter().zip(starts) {
        let (code, text) = said(command, server.url(), &["--header", TYPED]);
        assert_eq!(code, 0, "{text}");
        assert!(text.starts_with(start), "{text}");
    }
}

#[test]
fn a_page_without_its_key_says_what_to_send() {
    let server = WebServer::of_private_page(live(), FIELD);
    let wants = [
        "error: URL/build.json answers with status 401: it asks for a password or a key, which `--header` sends\n",
        "error: URL/build.json answers with status 401: it asks for a password or a key\n  help: send it, as `--header 'Authorization: Bearer ${TOKEN}'`\n",
        "error: URL/build.json answers with status 401: it asks for a password or a key, which `--header` sends\n",
    ];
    for (command, start) in COMMANDS.into_iter().zip(wants) {
        for more in [&[][..], &["--header", "Authorization: Bearer other"]] {
            let (code, text) = said(command, server.url(), more);
            assert_eq!(code, 2, "{text}");
            assert!(text.starts_with(start), "{text}");
        }
    }
}

/// A server may repeat what was sent to it; no output does.
#[test]
fn a_secret_is_shown_nowhere() {
    let echo = WebServer::told(|_, _, fields| Reply::ok(fields.last().unwrap().clone()));
    let field = "X: ${ALLCLEAR_TEST_TOKEN}";
    let leads = WebServer::told(|_, _, _| Reply::redirect("https://s3cret-of-tests.example/"));
    for command in COMMANDS {
        for server in [&echo, &leads] {
            let (code, text) = said(command, server.url(), &["--header", field]);
            assert_eq!(code, 2, "{text}");
            assert!(text.starts_with("error: URL/build.json "), "{text}");
        }
    }
    let build = live()["build.json"].clone();
    let build = String::from_utf8(build).unwrap();
    let named = WebServer::new(move |path, _| match path {
        "/build.json" => Reply::ok(build.replace("status.example.com", "s3cret-of-tests.example")),
        _ => Reply::missing(),
    });
    for command in COMMANDS {
        for more in [&["--format", "json"][..], &[]] {
            let (_, text) = said(command, named.url(), &[&["--header", field], more].concat());
            assert!(!text.is_empty());
        }
    }
}

/// What was said to one host is said to no other, and a page learns of no variable that nobody named.
#[test]
fn a_key_is_for_the_host_of_the_page_alone() {
    let other = WebServer::of_page(live());
    let target = other.url().to_owned();
    let page = WebServer::new(move |path, _| Reply::redirect(&format!("{target}{path}?{{a}}")));
    let heard = WebServer::told(|_, _, fields| {
        let has_secret = fields.iter().any(|it| it.contains("s3cret"));
        Reply::Whole(if has_secret { 500 } else { 404 }, Vec::new(), Vec::new())
    });
    let heard_url = heard.url().to_owned();
    let leads =
        WebServer::new(move |path, _| Reply::redirect(&format!("{heard_url}{}", &path[1..])));
    for command in COMMANDS {
        let (_, text) = said(command, leads.url(), &["--header", TYPED]);
        assert!(!text.contains("status 500"), "{text}");
        said(command, page.url(), &["--header", TYPED]);
    }
    assert!(!heard.asked().is_empty());
    let url = format!("{}${{ALLCLEAR_TEST_OTHER}}/", heard.url());
    for command in COMMANDS {
        said(command, &url, &["--header", TYPED]);
    }
    assert!(
        heard
            .asked()
            .iter()
            .all(|path| !path.contains("of-nobody-else")),
        "{:?}",
        heard.asked()
    );
}

#[test]
fn a_header_field_that_cannot_be_sent_is_refused_without_its_value() {
    let refusals = [
        (
            "Bearer s3cret-of-tests",
            "error: `--header`: there is no `:` between a name and a value\n",
        ),
        (
            "A B: s3cret-of-tests",
            "error: `--header`: what stands before the `:` is no name of a header field\n",
        ),
        (
            "Content-Length: s3cret-of-tests",
            "error: `--header`: `Content-Length` is not for you to say\n",
        ),
        (
            "Authorization: ",
            "error: `--header`: `Authorization` has no value\n",
        ),
        (
            "Authorization: ${ALLCLEAR_TEST_UNSET}",
            "error: `--header`: the environment variable ALLCLEAR_TEST_UNSET is not set\n  help: set it to the secret before: `export ALLCLEAR_TEST_UNSET`, or as a secret of the pipeline\n",
        ),
    ];
    for command in COMMANDS {
        for (typed, start) in refusals {
            let (code, text) = said(command, "https://status.example.com/", &["--header", typed]);
            assert_eq!(code, 2, "{text}");
            assert!(text.starts_with(start), "{text}");
        }
    }
    let (code, text) = said(
        &["publish"],
        "https://status.example.com/",
        &["--header", TYPED],
    );
    assert_eq!(code, 2);
    assert!(text.contains("--guard"), "{text}");
}
