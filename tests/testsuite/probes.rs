//! `allclear probe`, against real servers on this machine.

#![cfg(feature = "agent")]

use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use snapbox::str;

use self::server::{Server, answer, closed_port, say};
use crate::site_test::{NOW, Outcome, SiteTest, files_below};

mod certificates;
mod hindered;
mod left;
mod misspelt;
mod names;
mod secrets;
mod server;

/// A site with these lines behind its components, whose probes may ask this machine and have no control address.
fn site(lines: &str) -> SiteTest {
    site_with("private = true\ncontrol = []", lines)
}

/// A site with these lines of `[probe]`, and others behind it.
fn site_with(settings: &str, lines: &str) -> SiteTest {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    site.file(
        "allclear.toml",
        format!("{config}\n[probe]\n{settings}\n{lines}"),
    )
}

/// A `[[probes]]` table.
fn probe(component: &str, lines: &str) -> String {
    format!("\n[[probes]]\ncomponent = \"{component}\"\n{lines}\n")
}

const GOOD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nall ok";

#[test]
fn what_was_seen_is_printed_and_added_to_the_evidence() {
    let (good, bad) = (
        Server::saying(GOOD),
        Server::saying("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"),
    );
    let lines = [
        probe(
            "web",
            &format!(
                "http = \"{}\"\nsource = \"frankfurt\"\nexpect = {{ contains = \"ok\" }}",
                good.url()
            ),
        ),
        probe(
            "api",
            &format!(
                "http = \"{}\"\nsource = \"frankfurt\"\nbad = \"partial_outage\"\ntimeout = \"1s\"",
                bad.url()
            ),
        ),
        probe(
            "login",
            &format!("tcp = \"127.0.0.1:{}\"\nsource = \"Zürich\"", good.port),
        ),
    ];
    let site = site(&lines.concat());
    site.run(&["probe"]).expect_stdout(str![[r#"
web    operational     [..] ms  frankfurt: the status code is 200
api    partial_outage  [..] ms  frankfurt: the status code is 503
login  operational     [..] ms  Zürich: it takes connections
3 observations written to `evidence/frankfurt.jsonl`, `evidence/z-rich-4251685e.jsonl`

"#]]);
    snapbox::assert_data_eq!(
        site.read("evidence/frankfurt.jsonl"),
        str![[r#"
{"component":"web","status":"operational","from":"[..]","to":"[..]","source":"frankfurt"}
{"component":"api","status":"partial_outage","from":"[..]","to":"[..]","source":"frankfurt"}

"#]]
    );
    // Good looks only: the time, the component, and how long it took.
    snapbox::assert_data_eq!(
        site.read("evidence/latency/frankfurt.csv"),
        str![[r#"
time,component,milliseconds
[..]Z,web,[..]

"#]]
    );
    // The same again extends what is there.
    site.run(&["probe", "--quiet"]).expect_stdout("");
    assert_eq!(site.read("evidence/frankfurt.jsonl").lines().count(), 2);
    let seen = site
        .run(&[
            "probe",
            "--component",
            "login",
            "--format",
            "json",
            "--dry-run",
        ])
        .json();
    let probes = seen["probes"].as_array().unwrap();
    assert_eq!(probes.len(), 1);
    assert_eq!(probes[0]["component"], "login");
    assert_eq!(probes[0]["status"], "operational");
    assert_eq!(seen["files"].as_array().unwrap().len(), 0);
}

#[test]
fn what_was_seen_is_on_the_page_at_once() {
    let good = Server::saying(GOOD);
    let site = site(
        &["web", "api", "login"]
            .map(|id| probe(id, &format!("http = \"{}\"", good.url())))
            .concat(),
    );
    site.run(&["probe"]);
    site.run(&["status"]).expect_stdout(str![[r#"
All systems operational
...
"#]]);
}

#[test]
fn other_files_of_a_site_are_no_part_of_a_look() {
    let good = Server::saying(GOOD);
    let settings = "\n[probe]\nprivate = true\ncontrol = []\n";
    let lines = format!("http = \"{}\"\nsource = \"s\"", good.url());
    // The repository's own site has signals with files, links to pages and more.
    let demo = SiteTest::demo();
    let config = demo.read("allclear.toml");
    let component = config.split("[[components]]").nth(1).unwrap();
    let id = component.split('"').nth(1).unwrap();
    let config = format!("{config}{settings}{}", probe(id, &lines));
    demo.write("allclear.toml", config);
    let told = demo.run(&["probe", "--dry-run"]);
    assert!(told.stdout().contains(" s: the status code is 200"));

    let others = "
[[links]]
page = \"imprint\"
[[signals]]
id = \"reports\"
components = [\"web\"]
file = \"evidence/reports.csv\"
threshold = 5
[[sources.s.ignore]]
from = 2022-12-28 10:00
until = 2022-12-28 11:00
reason = \"It had no network.\"
";
    let site = site(&format!("{others}{}", probe("web", &lines)))
        .file(
            "evidence/reports.csv",
            "time,value\n2022-12-28T10:00:00Z,3\n",
        )
        .file("pages/imprint.md", "---\ntitle: Imprint\n---\n\nWe.\n");
    site.run(&["probe"]).expect_stdout(
        "web  operational  [..] ms  s: the status code is 200\n1 observation written to `evidence/s.jsonl`\n",
    );
    site.run(&["check"]);
}

#[test]
fn odd_answers_are_bad_and_stop_nobody() {
    let drip = Server::new(|_, stream| {
        say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        while std::io::Write::write_all(stream, b"x").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    let mute = Server::new(|_, _| thread::sleep(Duration::from_secs(3)));
    let huge = Server::new(|_, stream| {
        say(stream, "HTTP/1.1 200 OK\r\n\r\n");
        while std::io::Write::write_all(stream, &[b'x'; 4096]).is_ok() {}
    });
    let around =
        Server::saying("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n");
    let nowhere = Server::saying(
        "HTTP/1.1 302 Found\r\nLocation: http://[nowhere\r\nContent-Length: 0\r\n\r\n",
    );
    let other = Server::saying("SSH-2.0-OpenSSH_9.2\r\n");
    let packed = Server::saying(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\npacked",
    );
    let sorry = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nwe regret:");
    let cut = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nall");
    let lines: Vec<String> = [
        &drip, &mute, &huge, &huge, &around, &nowhere, &other, &packed, &sorry, &cut,
    ]
    .iter()
    .zip([
        "drip", "mute", "huge", "large", "around", "nowhere", "other", "packed", "sorry", "cut",
    ])
    .map(|(server, name)| {
        let expect = match name {
            "packed" | "large" => "expect = { contains = \"ok\" }",
            "sorry" => "expect = { absent = \"regret\" }",
            _ => "",
        };
        probe(
            "web",
            &format!(
                "http = \"{}\"\nsource = \"{name}\"\ntimeout = \"1s\"\nretries = 0\n{expect}",
                server.url()
            ),
        )
    })
    .collect();
    site(&lines.concat())
        .run(&["probe", "--dry-run"])
        .expect_stdout(str![[r#"
web  major_outage  [..] ms  drip: no answer in time
web  major_outage  [..] ms  mute: no answer in time
web  operational   [..] ms  huge: the status code is 200
web  silent        [..] ms  large: an answer of more than 1048576 bytes, which are not searched for a text: ask for a smaller page
web  major_outage  [..] ms  around: more than 5 redirects
web  major_outage  [..] ms  nowhere: this is not HTTP: it leads nowhere
web  major_outage  [..] ms  other: this is not HTTP: it was not understood
web  major_outage  [..] ms  packed: the answer does not contain `ok`
web  major_outage  [..] ms  sorry: the answer contains `regret`
web  major_outage  [..] ms  cut: no connection: it was ended

"#]]);
}

#[test]
fn all_look_at_once() {
    const PROBES: usize = 100;
    let open = Arc::new((Mutex::new(0), Condvar::new()));
    // Nobody gets an answer before everybody is there.
    let server = Server::new(move |_, stream| {
        let (count, changed) = &*open;
        let mut count = count.lock().unwrap();
        *count += 1;
        changed.notify_all();
        while *count < PROBES {
            count = changed.wait(count).unwrap();
        }
        drop(count);
        say(stream, GOOD);
    });
    let url = server.url();
    let lines: String = (0..PROBES)
        .map(|number| probe("web", &format!("http = \"{url}{number}\"\nsource = \"s{number}\"\nretries = 0\ntimeout = \"30s\"")))
        .collect();
    let seen = site(&lines).run(&["probe", "--format", "json"]).json();
    let seen = seen["probes"].as_array().unwrap();
    assert_eq!(seen.len(), PROBES);
    assert!(
        seen.iter().all(|it| it["status"] == "operational"),
        "{seen:#?}"
    );
    assert_eq!(server.connections(), PROBES);
}

#[test]
fn a_failed_look_is_repeated_before_it_counts() {
    let tries = Mutex::new(0);
    let flaky = Server::new(move |_, stream| {
        let mut tries = tries.lock().unwrap();
        *tries += 1;
        let status = if *tries == 1 { "500 Oh" } else { "200 OK" };
        say(stream, &answer(status, "", ""));
    });
    let broken = Server::saying("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
    let lines = [
        probe(
            "web",
            &format!("http = \"{}\"\ntimeout = \"2s\"", flaky.url()),
        ),
        probe(
            "api",
            &format!("http = \"{}\"\ntimeout = \"2s\"\nretries = 3", broken.url()),
        ),
    ];
    let seen = site(&lines.concat())
        .run(&["probe", "--format", "json"])
        .json();
    assert_eq!(seen["probes"][0]["status"], "operational");
    assert_eq!(seen["probes"][1]["status"], "major_outage");
    assert_eq!((flaky.connections(), broken.connections()), (2, 4));
}

#[test]
fn a_try_again_has_all_the_time_that_is_left() {
    let tries = Mutex::new(0);
    let starting = Server::new(move |_, stream| {
        let number = {
            let mut tries = tries.lock().unwrap();
            *tries += 1;
            *tries
        };
        if number == 1 {
            return say(stream, &answer("503 Busy", "", ""));
        }
        // Longer than what the tries again would have if they shared half of the timeout.
        thread::sleep(Duration::from_millis(900));
        say(stream, GOOD);
    });
    let lines = format!(
        "http = \"{}\"\nsource = \"s\"\ntimeout = \"5s\"\nretries = 5",
        starting.url()
    );
    site(&probe("web", &lines))
        .run(&["probe", "--dry-run"])
        .expect_stdout("web  operational  [..] ms  s: the status code is 200\n");
    assert_eq!(starting.connections(), 2);
}

#[test]
fn a_slow_answer_is_asked_for_again_before_it_counts() {
    let slow_until = |last: usize| {
        let tries = Mutex::new(0);
        Server::new(move |_, stream| {
            let number = {
                let mut tries = tries.lock().unwrap();
                *tries += 1;
                *tries
            };
            if number <= last {
                thread::sleep(Duration::from_millis(700));
            }
            // The first answer is slow, and one that is worse does not count.
            let status = if last == 1 || number == 1 {
                "200 OK"
            } else {
                "500 Oh"
            };
            say(stream, &answer(status, "", ""));
        })
    };
    let (once, always) = (slow_until(1), slow_until(9));
    let lines = [("web", &once), ("api", &always)].map(|(id, server)| {
        let lines = "source = \"s\"\nexpect = { within = \"600ms\" }";
        probe(id, &format!("http = \"{}\"\n{lines}", server.url()))
    });
    site(&lines.concat())
        .run(&["probe", "--dry-run"])
        .expect_stdout(str![[r#"
web  operational           [..] ms  s: the status code is 200
api  degraded_performance  [..] ms  s: the status code is 200, but that took too long

"#]]);
    assert_eq!((once.connections(), always.connections()), (2, 2));
}

#[test]
fn our_own_network_down_is_no_outage() {
    let control = closed_port();
    let closed = closed_port();
    let lines = probe(
        "web",
        &format!("tcp = \"127.0.0.1:{closed}\"\ntimeout = \"1s\"\nsource = \"s\""),
    );
    let settings = format!("private = true\ncontrol = [\"127.0.0.1:{control}\"]");
    let site = site_with(&settings, &lines);
    site.run(&["probe"]).expect_stdout(
        format!("web  silent  [..] ms  s: no connection: connection refused; it may be our own network, for no control address answers (127.0.0.1:{control}: no connection: connection refused)\nnothing was seen, so nothing was written\n"),
    );
    assert_eq!(files_below(&site.path("")), ["allclear.toml"]);
}

#[test]
fn one_control_address_is_enough_and_asked_once_and_only_after_a_failed_look() {
    let control = Server::new(|_, _| ());
    let good = Server::saying(GOOD);
    let settings = format!(
        "private = true\ncontrol = [\"127.0.0.1:{}\", \"127.0.0.1:{}\"]",
        closed_port(),
        control.port
    );
    let fine = probe("web", &format!("http = \"{}\"", good.url()));
    site_with(&settings, &fine).run(&["probe"]);
    assert_eq!(control.connections(), 0);
    let failing = ["api", "login"].map(|id| {
        probe(
            id,
            &format!("tcp = \"127.0.0.1:{}\"\ntimeout = \"1s\"", closed_port()),
        )
    });
    let seen = site_with(&settings, &(fine + &failing.concat()))
        .run(&["probe", "--format", "json"])
        .json();
    let statuses: Vec<&str> = seen["probes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["operational", "major_outage", "major_outage"]);
    assert_eq!(control.connections(), 1);
}

#[test]
fn private_networks_are_asked_only_where_that_is_allowed() {
    let server = Server::saying(GOOD);
    let port = server.port;
    let lines = [
        probe(
            "web",
            &format!("http = \"http://127.0.0.1:{port}/\"\nsource = \"a\""),
        ),
        probe(
            "web",
            &format!("http = \"http://localhost:{port}/\"\nsource = \"b\""),
        ),
        probe(
            "api",
            &format!("tcp = \"localhost:{port}\"\nsource = \"c\""),
        ),
        probe(
            "api",
            &format!("tls = \"localhost:{port}\"\nsource = \"d\""),
        ),
        probe(
            "login",
            "dns = \"example.com\"\nserver = \"127.0.0.1:53\"\nsource = \"e\"",
        ),
    ];
    let site = site_with("control = []", &lines.concat());
    let refused = site.run_fails(2, &["probe"]);
    let refused: Vec<&str> = refused.stdout().lines().collect();
    assert_eq!(refused.len(), 6, "{refused:?}");
    for line in &refused[..5] {
        assert!(
            line.contains("  silent  ")
                && line.contains("is in a private network, which is not asked"),
            "{line}"
        );
    }
    assert_eq!(refused[5], "nothing was seen, so nothing was written");
    assert_eq!(server.connections(), 0);
}

#[test]
fn redirects_are_followed_without_what_was_said_to_the_first_host() {
    let second = Server::saying(GOOD);
    let target = second.url();
    let first = Server::new(move |request, stream| {
        let status = match request.starts_with("GET /start ") {
            true => answer("302 Found", "Location: next?a=b\r\n", ""),
            false => answer(
                "307 Temporary Redirect",
                &format!("Location: {target}end\r\n"),
                "",
            ),
        };
        say(stream, &status);
    });
    let lines = probe(
        "web",
        &format!(
            "http = \"http://me:word@127.0.0.1:{}/start\"\nheaders = {{ X-Key = \"a key\" }}\nsource = \"s\"",
            first.port
        ),
    );
    site(&lines)
        .run(&["probe", "--dry-run"])
        .expect_stdout("web  operational  [..] ms  s: the status code is 200\n");
    let lines = |requests: Vec<String>| -> Vec<String> {
        requests
            .iter()
            .flat_map(|it| it.lines().map(str::to_lowercase).collect::<Vec<_>>())
            .collect()
    };
    let (first, second) = (lines(first.requests()), lines(second.requests()));
    let count =
        |lines: &[String], wanted: &str| lines.iter().filter(|it| it.starts_with(wanted)).count();
    for (wanted, of_first, of_second) in [
        ("x-key: a key", 2, 0),
        ("authorization: basic bwu6d29yza==", 2, 0),
        ("get /next?a=b ", 1, 0),
        ("get /end ", 0, 1),
    ] {
        assert_eq!(
            (count(&first, wanted), count(&second, wanted)),
            (of_first, of_second),
            "{wanted}\n{first:#?}\n{second:#?}"
        );
    }
}

#[test]
fn a_redirect_is_an_answer_where_one_is_expected() {
    let server = Server::saying(
        "HTTP/1.1 301 Moved Permanently\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n",
    );
    let lines = probe(
        "web",
        &format!(
            "http = \"{}\"\nmethod = \"HEAD\"\nexpect = {{ status = 301 }}\nsource = \"s\"",
            server.url()
        ),
    );
    site(&lines)
        .run(&["probe", "--dry-run"])
        .expect_stdout("web  operational  [..] ms  s: the status code is 301\n");
    assert!(server.requests()[0].starts_with("HEAD / HTTP/1.1\r\n"));
}

#[test]
fn what_cannot_be_asked_is_said() {
    let nothing = SiteTest::new();
    nothing
        .run_warns(&["probe"])
        .expect_stderr("there are no `[[probes]]` in `allclear.toml`, so nothing was asked\n");
    nothing
        .run_fails(2, &["probe", "-c", "wbe"])
        .expect_stderr(str![[r#"
error: `--component wbe`: there is no component `wbe`
  help: did you mean `web`?

"#]]);
    nothing
        .run_fails(2, &["probe", "-c", "web"])
        .expect_stderr(str![[r#"
error: `--component web`: no probe asks about this component
  help: add one to `[[probes]]` in `allclear.toml`

"#]]);
    let unset = site(&probe(
        "web",
        "http = \"http://127.0.0.1/?key=${NO_SUCH_VARIABLE}\"\nsource = \"s\"",
    ));
    unset.run_fails(2, &["probe"]).expect_stdout("web  silent  [..] ms  s: the environment variable NO_SUCH_VARIABLE is not set\nnothing was seen, so nothing was written\n");
    unset.run(&["check", "--now", NOW]);
    site(&probe("web", "htp = \"http://127.0.0.1/\"")).run_fails(1, &["probe"]);
}

#[test]
fn evidence_that_cannot_be_written_is_a_failure_and_what_was_seen_is_printed() {
    let good = Server::saying(GOOD);
    let site = site(&probe(
        "web",
        &format!("http = \"{}\"\nsource = \"s\"", good.url()),
    ))
    .file("evidence/s.jsonl/x", "");
    let outcome = Outcome::of(site.command(&["probe"]).assert().code(2));
    outcome
        .expect_stdout("web  operational  [..] ms  s: the status code is 200\n")
        .expect_stderr(str![[r#"
error: `evidence/s.jsonl` is a folder, not a file
  help: put a file in its place, or remove it

"#]]);
}

#[test]
fn a_probe_does_not_write_into_the_file_of_a_signal() {
    let signal = "
[[signals]]
id = \"reports\"
components = [\"web\"]
file = \"evidence/reports.jsonl\"
threshold = 5
";
    let named = |source: &str| {
        let lines = format!(
            "tcp = \"127.0.0.1:{}\"\nsource = \"{source}\"",
            closed_port()
        );
        let sample = "{\"time\":\"2022-12-28T10:00:00Z\",\"value\":3}\n";
        let site = site(&probe("web", &lines)).file("evidence/reports.jsonl", sample);
        let config = site.read("allclear.toml");
        site.file("allclear.toml", config + signal)
    };
    for command in ["check", "probe"] {
        let told = named("reports").run_fails(1, &[command]);
        let wanted =
            "this probe writes into `evidence/reports.jsonl`, which is the file of a signal";
        assert!(told.stderr().contains(wanted), "{}", told.stderr());
    }
    named("others").run(&["probe", "--dry-run"]);
}

#[test]
fn a_probe_that_asks_too_seldom_for_an_all_clear_is_found() {
    let lines = probe("web", "http = \"https://example.com/\"\nevery = \"1h\"");
    site(&lines)
        .run_warns(&["check", "--now", NOW])
        .expect_stderr(str![[r#"
warning[slow-probe]: the all-clear of `web` cannot hold: this probe asks every 1h, and what it sees holds for 1h
  --> allclear.toml:22:1
   |
22 | [[probes]]
   | ^^^^^^^^^^
   |
   = help: ask more often with `every`, or write `valid_for = "2h"` into the `states` of the component

1 warning; `allclear explain CODE` says more of each

"#]]);
    let often = "http = \"https://example.com/\"\nevery = \"59m\"";
    site(&probe("web", often)).run(&["check", "--now", NOW]);
    // Something else tells of it more often.
    let observed = "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-29T01:00:00Z\",\"source\":\"blackbox\"}\n";
    site(&lines)
        .file("evidence/states.jsonl", observed)
        .run(&["check", "--now", NOW]);
}
