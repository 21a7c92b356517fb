//! A quarter of a year of a page that GitHub builds: its recipe's own steps, on an empty disk each time.
//!
//! Nothing of what was seen is in git. What a static host serves is all that is left of one build for the next.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::site_test::{SiteTest, files_below};

/// A server of the files in a folder, and of a service at `/health` that answers while it is well.
struct Host {
    address: SocketAddr,
    is_well: Arc<AtomicBool>,
}

impl Host {
    /// Starts to serve a folder.
    fn of(folder: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let is_well = Arc::new(AtomicBool::new(true));
        let well = Arc::clone(&is_well);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &folder, well.load(Ordering::SeqCst));
            }
        });
        Self { address, is_well }
    }
}

/// Answers one request.
fn answer(mut stream: TcpStream, folder: &Path, is_well: bool) {
    let mut lines = BufReader::new(&stream).lines();
    let request = lines.next().and_then(Result::ok).unwrap_or_default();
    // Whoever asks is heard to the end.
    let rest = lines.map_while(Result::ok);
    rest.take_while(|line| !line.is_empty()).for_each(drop);
    let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
    let (status, body) = match (path.as_str(), is_well) {
        ("/health", true) => ("200 OK", b"ok".to_vec()),
        ("/health", false) => ("500 Internal Server Error", b"no".to_vec()),
        (path, _) => match fs::read(folder.join(path.trim_start_matches('/'))) {
            Ok(body) => ("200 OK", body),
            Err(_) => ("404 Not Found", b"nothing".to_vec()),
        },
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // Whoever has asked may be gone.
    let _ = stream.write_all(&[head.as_bytes(), &body].concat());
}

/// The commands of the job that publishes, as GitHub runs them, up to the one that hands the page on.
fn steps() -> Vec<Vec<String>> {
    let site = SiteTest::empty();
    site.run(&["init", "--ci", "github"]);
    let workflow = site.read(".github/workflows/status.yml");
    let workflow: Value = serde_saphyr::from_str(&workflow).unwrap();
    let steps = workflow["jobs"]["publish"]["steps"].as_array().unwrap();
    let is_upload = |step: &&Value| {
        let action = step["uses"].as_str().unwrap_or_default();
        action.starts_with("actions/upload-pages-artifact@")
    };
    let upload = steps.iter().find(is_upload).unwrap();
    assert_eq!(upload["with"]["path"], "public");
    let pull = steps.iter().find(|step| step["run"] == "allclear pull");
    assert_eq!(pull.unwrap()["continue-on-error"], true);
    let runs = steps.iter().take_while(|step| !is_upload(step));
    let runs = runs.filter_map(|step| step["run"].as_str()?.strip_prefix("allclear "));
    let steps: Vec<Vec<String>> = runs
        .map(|run| run.split(' ').map(str::to_owned).collect())
        .collect();
    assert_eq!(steps, [["pull"], ["probe"], ["build"]]);
    steps
}

/// The files that are in git: no evidence is.
fn checkout(host: &Host) -> SiteTest {
    let address = host.address;
    SiteTest::empty().file(
        "allclear.toml",
        format!(
            r#"title = "Acme Status"
base_url = "http://{address}/"

[[components]]
id = "web"
name = "Web"
states = {{ valid_for = "19h" }}

[build]
formats = []

[probe]
private = true
control = []

[[probes]]
component = "web"
http = "http://{address}/health"
retries = 0
source = "probe"
"#
        ),
    )
}

/// Runs the steps at an instant on an empty disk, and has the host serve what they built.
fn publish(host: &Host, served: &SiteTest, steps: &[Vec<String>], now: DateTime<Utc>) -> SiteTest {
    let site = checkout(host);
    for step in steps {
        let words: Vec<&str> = step.iter().map(String::as_str).collect();
        let run = site.command(&words);
        let run = run.env("SOURCE_DATE_EPOCH", now.timestamp().to_string());
        // The first time there is no page, and the recipe goes on.
        let is_without_page = step[0] == "pull" && !served.path("build.json").exists();
        run.assert().code(if is_without_page { 2 } else { 0 });
        if step[0] == "probe" {
            date_look(&site, now);
        }
    }
    fs::remove_dir_all(served.path("")).unwrap();
    fs::rename(site.path("public"), served.path("")).unwrap();
    site
}

/// Dates what was just seen: a probe knows no clock but the present one, and this is another day.
fn date_look(site: &SiteTest, now: DateTime<Utc>) {
    let file = "evidence/probe.jsonl";
    let mut seen: Value = serde_json::from_str(&site.read(file)).unwrap();
    let at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    for key in ["from", "to"] {
        seen[key] = json!(at);
    }
    site.write(file, format!("{seen}\n"));
}

#[test]
fn a_quarter_without_evidence_in_git_keeps_its_history() {
    let served = SiteTest::empty().file("index.html", "not yet");
    let host = Host::of(served.path(""));
    let steps = steps();
    let start: DateTime<Utc> = "2022-10-01T00:00:00Z".parse().unwrap();
    let mut last = None;
    for look in 0..120 {
        // More than two days in the middle, nobody is served.
        let is_well = !(53..56).contains(&look);
        host.is_well.store(is_well, Ordering::SeqCst);
        let now = start + TimeDelta::hours(18 * look);
        last = Some((publish(&host, &served, &steps, now), now));
    }
    let (site, now) = last.unwrap();
    let lines = served.read("evidence/states.jsonl");
    let seen: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |at: usize, key: &str| seen[at][key].as_str().unwrap().to_owned();
    // The service was well, was not, and is again: from the first look to the last.
    let statuses: Vec<String> = (0..seen.len()).map(|at| of(at, "status")).collect();
    assert_eq!(statuses, ["operational", "major_outage", "operational"]);
    assert_eq!(of(0, "from"), "2022-10-01T00:00:00Z");
    assert_eq!(of(1, "from"), "2022-11-09T18:00:00Z");
    assert_eq!(of(2, "from"), "2022-11-12T00:00:00Z");
    assert_eq!(of(2, "to"), "2022-12-29T06:00:00Z");

    let status = site.status(&now.to_rfc3339());
    assert_eq!(status["headline"]["state"], "all_clear");
    assert_eq!(site.read("evidence/probe.jsonl").lines().count(), 1);
    let uptime = &status["components"][0]["uptime"];
    assert_eq!(uptime["days"], json!(90));
    assert_eq!(uptime["measured"], json!(1.0));
    // 54 hours of 89 days and 6 hours.
    let ratio = uptime["ratio"].as_f64().unwrap();
    assert!((ratio - (1.0 - 2.25 / 89.25)).abs() < 0.0001, "{ratio}");
    // No build found more on its disk than the last page had, and what it saw itself.
    let mut files = files_below(&site.path("evidence"));
    // How long its look took, which is of the present and not of that day.
    files.retain(|file| file != "latency/probe.csv");
    assert_eq!(files, ["probe.jsonl", "pulled/states.jsonl"]);
}
