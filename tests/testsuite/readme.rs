//! The README is true: every command in it is run, and every file in it is read.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;

use allclear::site::probe::Kind;
use snapbox::IntoData as _;
use snapbox::cmd::Command;

use crate::site_test::{Outcome, SiteTest, files_below};
use crate::web_server::WebServer;

/// A fenced block of the README.
#[derive(Debug)]
struct Block {
    language: String,
    /// The file that the line before it names.
    file: Option<String>,
    text: String,
    line: usize,
}

/// The folder of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The fenced blocks of the README, in its order.
fn blocks() -> Vec<Block> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let lines: Vec<&str> = readme.lines().collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if let Some(language) = lines[at].strip_prefix("```") {
            let end = (at + 1..lines.len())
                .find(|end| lines[*end] == "```")
                .unwrap();
            let named = lines[at - 1]
                .strip_prefix('`')
                .and_then(|line| line.strip_suffix('`'));
            blocks.push(Block {
                language: language.to_owned(),
                file: named.map(str::to_owned),
                text: lines[at + 1..end].join("\n") + "\n",
                line: at + 1,
            });
            at = end;
        }
        at += 1;
    }
    blocks
}

/// The address of a page in examples.
const PAGE: &str = "https://status.example.com/";

/// Why a command is not run here.
fn left_out(command: &str) -> Option<&'static str> {
    match command {
        "tests/run" => Some("it runs this test"),
        command if command.starts_with("cargo install") => Some("it builds what this test runs"),
        command if command.starts_with("curl ") => Some("it asks a page on the network"),
        _ => None,
    }
}

#[test]
fn every_command_runs() {
    let site = SiteTest::demo();
    let program = snapbox::cmd::cargo_bin!("allclear");
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let mut folder = site.path("");
    let mut ran = 0;
    for block in blocks() {
        if let Some(file) = &block.file {
            let file = folder.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, &block.text).unwrap();
        }
        if block.language != "console" {
            continue;
        }
        for part in block.text.split("$ ").skip(1) {
            let (command, shown) = part.split_once('\n').unwrap();
            if let Some(reason) = left_out(command) {
                eprintln!("not run: {command}: {reason}");
            } else if let Some(to) = command.strip_prefix("cd ") {
                folder = folder.join(to);
            } else {
                let command = command.replace("cargo run -- ", "allclear ");
                // The page on the network is the one that was published before.
                let page = command.contains("verify").then(|| {
                    let www = folder.join("../www/status");
                    let files = files_below(&www).into_iter();
                    let files = files.map(|it| (it.clone(), fs::read(www.join(it)).unwrap()));
                    WebServer::of_page(files.collect())
                });
                let page = page.as_ref().map_or("", |page| page.url());
                let command = match page {
                    "" => command,
                    page => command.replace(PAGE, page),
                };
                let output = Command::new("sh")
                    .args(["-c", &command])
                    .current_dir(&folder)
                    .env("PATH", &path)
                    .env("NO_COLOR", "1")
                    .env_remove("SOURCE_DATE_EPOCH")
                    .assert();
                let outcome = Outcome::of(output);
                let mut printed = outcome.stdout().to_owned() + outcome.stderr();
                if !page.is_empty() {
                    printed = printed.replace(page, PAGE);
                }
                assert_eq!(
                    outcome.code(),
                    0,
                    "README.md:{}: `{command}` failed:\n{printed}",
                    block.line
                );
                // At an instant that the command names, every date is known too.
                let steady = if command.contains("--now ") {
                    without_measures
                } else {
                    |text: &str| without_dates(&without_measures(text))
                };
                assert_eq!(
                    steady(&printed),
                    steady(shown),
                    "README.md:{}: `{command}`",
                    block.line
                );
                ran += 1;
            }
        }
    }
    assert!(ran >= 8, "only {ran} commands were run");
}

/// A text with `#` in place of what one run measures and the next need not: seconds, and sizes in bytes.
fn without_measures(text: &str) -> String {
    let lines = text.trim_end().lines().map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let is_measure = |at: usize| {
            let unit = words
                .get(at + 1)
                .map(|unit| unit.trim_end_matches([')', ',']));
            let is_number = words[at].contains(|c: char| c.is_ascii_digit());
            is_number && matches!(unit, Some("s" | "bytes" | "KB" | "MB"))
        };
        let words = (0..words.len()).map(|at| {
            match words[at].split_at(usize::from(words[at].starts_with('('))) {
                (before, _) if is_measure(at) => format!("{before}#"),
                (before, word) => format!("{before}{word}"),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A text with `#` in place of each date, as `2022-12-28`, and each instant, as `2022-12-28T19:00:00Z`.
fn without_dates(text: &str) -> String {
    let is_like = |text: &str, pattern: &str| {
        text.len() >= pattern.len()
            && pattern
                .bytes()
                .zip(text.bytes())
                .all(|(wanted, byte)| match wanted {
                    b'0' => byte.is_ascii_digit(),
                    wanted => byte == wanted,
                })
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let date = ["0000-00-00T00:00:00Z", "0000-00-00"]
            .into_iter()
            .find(|pattern| is_like(rest, pattern));
        match date {
            Some(_) => out.push('#'),
            None => out.push(first),
        }
        rest = &rest[date.map_or(first.len_utf8(), str::len)..];
    }
    out
}

#[test]
fn what_is_left_out_of_a_comparison() {
    let built = "32 pages in public: 47 files written (338.4 KB), 0 unchanged, 0 deleted, 0.04 s";
    assert_eq!(
        without_measures(built),
        "32 pages in public: 47 files written (# KB), 0 unchanged, 0 deleted, # s"
    );
    assert_eq!(
        without_dates("2022-12-28-x.md · 2022-12-28T19:00:00Z, 12-28"),
        "#-x.md · #, 12-28"
    );
}

#[test]
fn every_file_is_read() {
    let site = SiteTest::empty();
    let mut known = 0;
    let mut other_page = String::new();
    for block in blocks() {
        let Some(file) = &block.file else {
            assert_eq!(
                block.language, "console",
                "README.md:{}: which file is this?",
                block.line
            );
            continue;
        };
        match file.as_str() {
            "incidents.json" | "crontab" => {}
            "shop.html" => other_page = block.text,
            file => site.write(file, &block.text),
        }
        known += 1;
    }
    assert!(known >= 10, "only {known} files were found");
    site.run(&["check", "--strict", "--now", "2022-12-28T18:30:00Z"]);
    site.run(&["check", "--strict", "--site", "shop"]);
    site.build();
    let index = site.read("public/index.html");
    for part in [
        "assets/logo.",
        "<a href=\"tel:+15550100\">",
        "https://help.example.com/",
    ] {
        assert!(index.contains(part), "{part}");
    }
    let addresses = other_page.split("https://status.example.com/").skip(1);
    let paths: Vec<&str> = addresses
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(paths.len() >= 5, "{paths:?}");
    for path in paths {
        assert!(site.path(&format!("public/{path}")).exists(), "{path}");
    }
}

/// Whoever changes a kind of probe says so where its users look; `SNAPSHOTS=overwrite` does it.
#[test]
fn each_kind_of_probe_is_told_of_as_in_its_file() {
    const BEGIN: &str = "\n#### http\n";
    const END: &str = "\n### The headline\n";
    assert!(Kind::KEYS.len() >= 10);
    let mut told = String::new();
    for (kind, _) in Kind::KEYS {
        let path = root().join(format!("src/site/probe/{kind}.rs"));
        let source = fs::read_to_string(path).unwrap();
        let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
        told += &format!("\n#### {kind}\n\n");
        for line in lines {
            told += line.strip_prefix(' ').unwrap_or(line);
            told.push('\n');
        }
    }
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let begin = readme.find(BEGIN).unwrap();
    let end = readme.find(END).unwrap();
    if std::env::var("SNAPSHOTS").is_ok_and(|it| it == "overwrite") {
        let readme = format!("{}{told}{}", &readme[..begin], &readme[end..]);
        fs::write(root().join("README.md"), readme).unwrap();
        return;
    }
    snapbox::assert_data_eq!(&readme[begin..end], told.raw());
}

/// The rows of the table of places to publish to.
fn recipes() -> Vec<String> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, rest) = readme
        .split_once("\n| to | in `allclear.toml`, and beside it |\n")
        .unwrap();
    let rows = rest
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with("| "));
    rows.map(str::to_owned).collect()
}

#[test]
fn the_places_of_recipes_are_understood() {
    let mut found = 0;
    for row in recipes() {
        let to = row
            .split('`')
            .find(|code| code.starts_with("to = "))
            .unwrap();
        let site = SiteTest::new();
        let config = site.read("allclear.toml");
        site.write(
            "allclear.toml",
            config.replacen("[[", &format!("[publish]\n{to}\n\n[["), 1),
        );
        site.run(&["check"]);
        found += 1;
    }
    assert_eq!(found, 4);
}

/// What the recipe of a CDN has it do with an address, run as the CDN does.
#[test]
fn the_function_of_the_recipe_for_a_cdn_finds_pages() {
    let rows = recipes();
    let mut codes = rows.iter().flat_map(|row| row.split('`'));
    let function = codes
        .find(|code| code.starts_with("function handler("))
        .unwrap();
    let script = format!(
        "{function} for (const uri of ['/', '/incidents/x/', '/build.json']) console.log(handler({{request: {{uri}}}}).uri)"
    );
    let Ok(output) = std::process::Command::new("node")
        .args(["-e", &script])
        .output()
    else {
        eprintln!("not run: there is no node");
        return;
    };
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        printed,
        "/index.html\n/incidents/x/index.html\n/build.json\n"
    );
}

#[test]
fn every_promise_has_its_test() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, promised) = readme.split_once("\n## What is promised\n").unwrap();
    let (promised, _) = promised.split_once("\n## ").unwrap();
    let rows = promised.lines().filter(|line| line.starts_with("| "));
    let names: Vec<&str> = rows
        .filter_map(|row| row.strip_suffix("` |")?.rsplit('`').next())
        .collect();
    assert!(names.len() >= 10, "{names:?}");
    let folder = root().join("tests/testsuite");
    let files = files_below(&folder).into_iter();
    let mut tests: String = files
        .filter(|path| path.ends_with(".rs"))
        .map(|path| fs::read_to_string(folder.join(path)).unwrap())
        .collect();
    for path in ["src/publish/tests.rs", "tests/browser/hostile.test.mjs"] {
        tests += &fs::read_to_string(root().join(path)).unwrap();
    }
    for name in names {
        let declared = [format!("fn {name}("), format!("test(`{name}")];
        let is_there = declared.iter().any(|it| tests.contains(it));
        assert!(is_there, "there is no test {name:?}");
    }
}

/// Answers every request like Prometheus, and `/broken` like a service that is down.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = String::new();
            BufReader::new(&stream).read_line(&mut request).unwrap();
            let asked_well = request.contains("/health")
                || request.contains("query=sum%28rate%28http_requests_total")
                    && request.contains("step=300");
            let status = if asked_well { "200 OK" } else { "503 Down" };
            let body = r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1672272000,"2"],[1672272060,"3.5"]]}]}}"#;
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    address
}

/// Runs a line of the shell in a site, with what is the reader's own put in.
fn shell(site: &SiteTest, script: &str, server: &str) {
    let program = snapbox::cmd::cargo_bin!("allclear");
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let script = script
        .replace("/srv/status", site.path("").to_str().unwrap())
        .replace("https://example.com", server)
        .replace("http://prometheus:9090", server);
    Command::new("bash")
        .args(["-eo", "pipefail", "-c", &script])
        .env("PATH", path)
        .env("GITHUB_REF_NAME", "main")
        .current_dir(site.path(""))
        .assert()
        .success();
}

#[test]
fn the_lines_for_cron_record_what_they_see() {
    let site = SiteTest::new();
    let server = server();
    let lines: Vec<String> = blocks()
        .into_iter()
        .filter(|block| block.language == "crontab")
        // Cron reads a bare per cent sign as a line break.
        .map(|block| block.text.replace("\\%", "%"))
        // What stands before is for cron: its own PATH has few folders.
        .map(|text| {
            text.trim_start_matches("PATH=/usr/local/bin:/usr/bin:/bin\n")
                .to_owned()
        })
        .map(|line| line.split(' ').skip(5).collect::<Vec<_>>().join(" "))
        .collect();
    let [probe, prometheus] = &lines[..] else {
        panic!("{lines:?}");
    };
    shell(&site, probe, &server);
    shell(&site, probe, &server);
    let states = site.read("evidence/states.jsonl");
    assert_eq!(states.lines().count(), 1, "{states}");
    assert!(states.contains(r#""status":"operational""#), "{states}");
    assert!(site.path("public/index.html").exists());
    shell(&site, &probe.replace("/health", "/broken"), &server);
    let states = site.read("evidence/states.jsonl");
    assert!(states.contains(r#""status":"major_outage""#), "{states}");

    shell(&site, prometheus, &server);
    let config = site.read("allclear.toml");
    let signal = "[[signals]]\nid = \"errors\"\ncomponents = [\"web\"]\nfile = \"evidence/errors.json\"\nthreshold = 3\n";
    site.write("allclear.toml", format!("{config}\n{signal}"));
    let status = site.status("2022-12-29T00:01:30Z");
    assert_eq!(status["contradictions"][0]["value"], 3.5);
}
