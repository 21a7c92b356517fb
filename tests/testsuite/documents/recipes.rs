//! What single pages tell is tried, where running them is not enough.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use allclear::diagnostic::Code;
use allclear::site::probe::Kind;
use snapbox::IntoData as _;
use snapbox::cmd::Command;

use super::page::Page;
use super::{overwrites, root, say};
use crate::site_test::{SiteTest, files_below};

/// A site of the files of a page.
fn site_of(page: &str) -> SiteTest {
    let site = SiteTest::empty();
    for block in Page::read(page).blocks {
        if let Some(file) = block.file {
            site.write(&file, block.text);
        }
    }
    site
}

#[test]
fn the_site_with_all_keys_is_built() {
    let site = site_of("docs/reference/files.md");
    site.run(&["check", "--strict", "--now", "2022-12-28T18:30:00Z"]);
    site.build();
    let index = site.read("public/index.html");
    for part in ["assets/logo.", "https://help.example.com/"] {
        assert!(index.contains(part), "{part}");
    }
    assert!(site.path("public/imprint/index.html").exists());
}

#[test]
fn the_theme_of_three_lines_changes_the_page() {
    let site = site_of("docs/reference/pages.md");
    site.run(&["check", "--strict", "--now", "2022-12-28T18:30:00Z"]);
    site.build();
    let index = site.read("public/index.html");
    for part in [
        "<a href=\"tel:+15550100\">",
        "Nothing wrong that we know of",
    ] {
        assert!(index.contains(part), "{part}");
    }
    assert!(site.path("public/ar/imprint/index.html").exists());
}

/// Whoever installs by a line of a document gets the version that it tells of.
#[test]
fn the_version_to_install_is_this_one() {
    let version = env!("CARGO_PKG_VERSION");
    let mut seen = 0;
    for path in super::book().into_iter().chain(["README.md".to_owned()]) {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        for rest in text.split("/releases/download/v").skip(1) {
            assert!(rest.starts_with(&format!("{version}/")), "{path}: v{rest}");
            seen += 1;
        }
    }
    assert!(seen >= 2, "only {seen} lines install a version");
}

#[test]
fn every_rule_is_listed() {
    let page = fs::read_to_string(root().join("docs/reference/files.md")).unwrap();
    let (_, list) = page
        .split_once("a rule is \"error\", \"warning\" or \"off\": ")
        .unwrap();
    let (list, _) = list.split_once("\nempty-update = ").unwrap();
    let words: BTreeSet<&str> = list
        .split([',', ' ', '\n', '#'])
        .filter(|word| !word.is_empty())
        .collect();
    let rules = Code::ALL.iter().filter(|code| code.is_rule());
    assert_eq!(words, rules.map(|code| code.as_str()).collect());
}

/// What a page of others is to show is there.
#[test]
fn the_addresses_of_embeds_are_published() {
    let site = site_of("docs/reference/files.md");
    site.build();
    let blocks = Page::read("docs/reference/readers.md").blocks;
    let mut shops = blocks
        .into_iter()
        .filter(|block| block.file.as_deref() == Some("shop.html"));
    let shop = shops.next().unwrap().text;
    let addresses = shop.split("https://status.example.com/").skip(1);
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
    const PAGE: &str = "docs/reference/probes.md";
    const BEGIN: &str = "\n### http\n";
    assert!(Kind::KEYS.len() >= 10);
    let mut told = String::new();
    for (kind, _) in Kind::KEYS {
        let path = root().join(format!("src/site/probe/{kind}.rs"));
        let source = fs::read_to_string(path).unwrap();
        let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
        told += &format!("\n### {kind}\n\n");
        for line in lines {
            told += line.strip_prefix(' ').unwrap_or(line);
            told.push('\n');
        }
    }
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    let begin = page.find(BEGIN).unwrap();
    if overwrites() {
        fs::write(root().join(PAGE), format!("{}{told}", &page[..begin])).unwrap();
        return;
    }
    snapbox::assert_data_eq!(&page[begin..], told.raw());
}

/// The rows of the table of places to publish to.
fn recipes() -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/reference/publishing.md")).unwrap();
    let (_, rest) = page
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
        say("not run: the function of the recipe for a CDN, because there is no node");
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
    let promised = fs::read_to_string(root().join("docs/reference/promises.md")).unwrap();
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
    let blocks = Page::read("docs/reference/states.md").blocks;
    let lines: Vec<String> = blocks
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
