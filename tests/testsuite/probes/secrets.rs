//! Secrets stand in nothing that is printed or written.

use super::server::{Server, answer, say};
use super::{probe, site};
use crate::site_test::{NOW, files_below};

/// The values of the variables, which no text has by chance.
const SECRETS: [(&str, &str); 4] = [
    // Of characters that mean something in an address.
    ("PASSWORD", "pw/Xa8@qLm:2"),
    ("KEY", "key-Zr5tNv90"),
    ("TOKEN", "tok_Hs71Kd+w="),
    ("PATH_PART", "hook-Qe33Uy8"),
];

/// The forms in which a secret may be told: as it is, read, and in a header field.
fn forms() -> Vec<String> {
    let encoded = ["pw%2FXa8%40qLm%3A2", "pw%2FXa8%40qLm:2"];
    // Of `me:` and the password.
    let basic = "bWU6cHcvWGE4QHFMbToy";
    let plain = SECRETS.map(|(_, value)| value.to_owned());
    let other = [encoded[0], encoded[1], basic].map(str::to_owned);
    other.into_iter().chain(plain).collect()
}

#[track_caller]
fn assert_told_nowhere(what: &str, text: &str) {
    for form in forms() {
        assert!(!text.contains(&form), "{what} has `{form}`:\n{text}");
    }
}

#[test]
fn no_secret_is_printed_or_written_whatever_a_server_sends_back() {
    // One says all of it again, in its status, its header and its body; the others lead to it, or to nowhere.
    let echo = |status: &'static str, name: &'static str| {
        Server::new(move |request, stream| {
            let said = request.replace(['\r', '\n'], " ");
            let target = request.split(' ').nth(1).unwrap_or_default().to_owned();
            let header = format!("X-Said: {said}\r\n{name}{target}\r\nSet-Cookie: a={said}\r\n");
            say(
                stream,
                &answer(&format!("{status} {said}"), &header, request),
            );
        })
    };
    let servers = [
        echo("200", "X-Target: "),
        echo("500", "X-Target: "),
        echo("302", "Location: http://[bad"),
        echo("302", "Location: http://no-such-host.invalid"),
        echo("302", "Location: gopher:/"),
        echo("oh", "X-Target: "),
    ];
    let lines: String = servers
        .iter()
        .enumerate()
        .map(|(number, server)| {
            let url = format!("http://me:${{PASSWORD}}@127.0.0.1:{}/${{PATH_PART}}?key=${{KEY}}", server.port);
            let headers = "headers = { X-Token = \"${TOKEN}\" }";
            let expect = "expect = { contains = \"no such text\" }";
            probe("web", &format!("http = \"{url}\"\n{headers}\n{expect}\nsource = \"s{number}\"\ntimeout = \"1s\"\nretries = 0"))
        })
        .collect();
    // Names that are secrets, and what is said of them.
    let lines = lines
        + &probe("api", "http = \"https://${KEY}.invalid/\"\nretries = 0")
        + &probe("login", "http = \"${KEY}\"\nretries = 0")
        + &probe(
            "login",
            "http = \"http://127.0.0.1/\"\nheaders = { A = \"${TOKEN}\\u0007\" }\nsource = \"b\"\nretries = 0",
        );
    let site = site(&lines);
    let commands: [&[&str]; 8] = [
        &["probe"],
        &["probe", "--format", "json"],
        &["probe", "--dry-run"],
        &["check", "--all"],
        &["check", "--format", "json"],
        &["build", "--now", NOW],
        &["status"],
        &["status", "--format", "json"],
    ];
    for arguments in commands {
        let mut command = site
            .command(arguments)
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "1");
        for (name, value) in SECRETS {
            command = command.env(name, value);
        }
        let output = command.assert();
        let output = output.get_output();
        for bytes in [&output.stdout, &output.stderr] {
            assert_told_nowhere(&format!("{arguments:?}"), &String::from_utf8_lossy(bytes));
        }
    }
    // They did reach the servers, each in its place.
    let asked = servers[0].requests().concat();
    assert!(
        asked.contains("GET /hook-Qe33Uy8?key=key-Zr5tNv90 HTTP/1.1"),
        "{asked}"
    );
    assert!(
        asked.to_lowercase().contains("x-token: tok_hs71kd+w="),
        "{asked}"
    );
    let files = files_below(&site.path(""));
    assert!(
        files.iter().any(|it| it == "evidence/s0.jsonl"),
        "{files:?}"
    );
    assert!(
        files.iter().any(|it| it == "public/index.html"),
        "{files:?}"
    );
    for file in files {
        let bytes = std::fs::read(site.path(&file)).unwrap();
        assert_told_nowhere(&file, &String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_secret_in_an_address_leads_to_no_other_host() {
    let other = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let own = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let lines = format!(
        "http = \"http://${{TOKEN}}@127.0.0.1:{}/health?key=${{TOKEN}}\"\nsource = \"s\"",
        own.port
    );
    let secret = format!("127.0.0.1:{}/AbCd+rest", other.port);
    let site = site(&probe("web", &lines));
    let command = site.command(&["probe", "--dry-run"]).env("TOKEN", secret);
    command.assert().success();
    assert_eq!((own.connections(), other.connections()), (1, 0));
    let asked = own.requests().concat();
    let query = format!(
        "GET /health?key=127.0.0.1%3A{}%2FAbCd%2Brest HTTP/1.1",
        other.port
    );
    assert!(asked.starts_with(&query), "{asked}");
}
