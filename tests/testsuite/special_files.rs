//! FIFOs, sockets and devices where a file is meant, and files that never end: findings, and never a wait.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use snapbox::cmd::Command;
use snapbox::str;

use crate::site_test::{NOW, Outcome, SiteTest};

/// A site with a file of every kind.
fn site() -> SiteTest {
    let incident = "---\ntitle: Slow\n---\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n";
    let site = SiteTest::new()
        .file("incidents/slow/index.md", incident)
        .file("incidents/slow/chart.png", "png")
        .file(
            "evidence/reports.csv",
            "time,value\n2022-12-28T19:00:00Z,1\n",
        )
        .file("pages/imprint.md", "---\ntitle: Imprint\n---\n\nText.\n")
        .file("static/robots.txt", "")
        .file("themes/default/theme.toml", "contract = 2\n")
        .file("logo.svg", "<svg/>");
    let text = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        format!(
            "logo = \"logo.svg\"\n{text}\n[[signals]]\nid = \"reports\"\nname = \"Reports\"\ncomponents = [\"web\"]\nfile = \"evidence/reports.csv\"\nthreshold = 5\n"
        ),
    );
    site
}

/// Puts a FIFO in the place of a file, which may be a new one.
#[track_caller]
fn fifo(site: &SiteTest, path: &str) {
    let path = site.path(path);
    let _ = fs::remove_file(&path);
    mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
}

/// The outcome of a run that must not wait for anybody: `timeout` of the coreutils ends one that does.
#[track_caller]
fn at_once(site: &SiteTest, arguments: &[&str]) -> Outcome {
    let program = snapbox::cmd::cargo_bin!("allclear");
    let command = Command::new("timeout")
        .arg("20")
        .arg(program)
        .args(arguments)
        .current_dir(site.path(""))
        .env_remove("SOURCE_DATE_EPOCH")
        .env_remove("ALLCLEAR_SITE")
        .env("NO_COLOR", "1");
    let outcome = Outcome::of(command.assert());
    assert_ne!(outcome.code(), 124, "{arguments:?} waits");
    outcome
}

#[test]
fn a_fifo_is_a_finding() {
    for path in [
        "allclear.toml",
        "incidents/slow/index.md",
        "incidents/slow/chart.png",
        "incidents/notes.txt",
        "evidence/states.jsonl",
        "evidence/reports.csv",
        "pages/imprint.md",
        "static/robots.txt",
        "themes/default/theme.toml",
        "themes/default/assets/style.css",
    ] {
        let site = site();
        fs::create_dir_all(site.path("themes/default/assets")).unwrap();
        fifo(&site, path);
        let finding = format!(
            "error[special-file]: this is a FIFO, not a file\n--> {path}\n = help: put a file in its place, or remove it\n"
        );
        for command in ["check", "build", "status"] {
            let outcome = at_once(&site, &[command, "--now", NOW]);
            if command != "status" || !path.starts_with("themes") {
                assert_eq!(outcome.code(), 1, "{path}");
                assert!(outcome.stderr().contains(&finding), "{}", outcome.stderr());
            }
        }
        for arguments in [
            ["theme", "list"].as_slice(),
            &["update", "monitoring", "-m", "Better.", "--now", "20:00"],
            &["new", "notice", "Hello", "-m", "Text.", "--now", "20:00"],
        ] {
            at_once(&site, arguments);
        }
    }
}

#[test]
fn sockets_and_devices_are_findings() {
    let site = site();
    let _socket = UnixListener::bind(site.path("incidents/socket.md")).unwrap();
    at_once(&site, &["check", "--now", NOW]).expect_stderr(str![[r#"
error[special-file]: this is a socket, not a file
--> incidents/socket.md
 = help: put a file in its place, or remove it

1 error; `allclear explain CODE` says more of each

"#]]);
    fs::remove_file(site.path("incidents/socket.md")).unwrap();
    symlink("/dev/zero", site.path("evidence/zero.jsonl")).unwrap();
    at_once(&site, &["check", "--now", NOW]).expect_stderr(str![[r#"
error[outside-site]: this link leads out of the site's folder
--> evidence/zero.jsonl
 = help: copy what it leads to into the site: what is published must be in the site's history

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_logo_is_a_file() {
    let site = site();
    fifo(&site, "logo.svg");
    at_once(&site, &["check", "--now", NOW]).expect_stderr(str![[r#"
error[special-file]: `logo.svg` is a FIFO, not a file
 --> allclear.toml:1:8
  |
1 | logo = "logo.svg"
  |        ^^^^^^^^^^
  |
  = help: put a file in its place, or remove it

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_configuration_is_a_file() {
    let site = SiteTest::empty();
    fs::create_dir(site.path("allclear.toml")).unwrap();
    at_once(&site, &["check", "--now", NOW]).expect_stderr(str![[r#"
error[special-file]: this is a folder, not a file
--> allclear.toml
 = help: put a file in its place, or remove it

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn commands_wait_for_no_fifo() {
    let site = site();
    fifo(&site, "evidence/probe.jsonl");
    let record = [
        "record",
        "web",
        "operational",
        "--source",
        "probe",
        "--file",
        "evidence/probe.jsonl",
    ];
    let outcome = at_once(&site, &record);
    assert_eq!(outcome.code(), 2);
    outcome.expect_stderr(str![[r#"
error: `evidence/probe.jsonl` is a FIFO, not a file
  help: put a file in its place, or remove it

"#]]);
    fs::remove_file(site.path("evidence/probe.jsonl")).unwrap();

    fs::create_dir(site.path("exports")).unwrap();
    fifo(&site, "exports/incidents.json");
    for path in ["exports", "exports/incidents.json"] {
        at_once(&site, &["import", "statuspage", path]).expect_stderr(str![[r#"
error: `exports/incidents.json` is a FIFO, not a file
  help: put a file in its place, or remove it

"#]]);
    }
    fs::create_dir(site.path("incidents/templates")).unwrap();
    fifo(&site, "incidents/templates/slow.md");
    let new = [
        "new",
        "incident",
        "Slow",
        "--template",
        "slow",
        "--now",
        NOW,
    ];
    assert_eq!(at_once(&site, &new).code(), 2);
    let site = SiteTest::empty();
    fifo(&site, ".gitignore");
    assert_eq!(at_once(&site, &["init"]).code(), 2);
    fifo(&site, "allclear.toml");
    assert_eq!(at_once(&site, &["init"]).code(), 2);
    fs::create_dir(site.path("man")).unwrap();
    fifo(&site, "man/allclear.1");
    assert_eq!(at_once(&site, &["man", "man"]).code(), 2);
}

#[test]
fn a_line_of_evidence_is_short() {
    let site = site();
    for name in ["long.jsonl", "long.csv", "reports.csv"] {
        let mut text = match name {
            "reports.csv" => b"time,value\n".to_vec(),
            _ => b"component,status,from\n".to_vec(),
        };
        text.resize((64 << 20) + text.len(), b'{');
        site.write(&format!("evidence/{name}"), text);
        let began = Instant::now();
        let outcome = at_once(&site, &["check", "--now", NOW]);
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{name}: {:?}",
            began.elapsed()
        );
        assert_eq!(outcome.code(), 1);
        let report = outcome.stderr();
        let finding = format!(
            "error[file-too-large]: line 2 of this file has more than 1 MB\n--> evidence/{name}\n = help: a line is one observation or sample; what wrote it may have lost a line end\n"
        );
        assert!(report.contains(&finding), "{report}");
        assert!(report.len() < 2000, "{report}");
        site.write(&format!("evidence/{name}"), "");
        fs::remove_file(site.path(&format!("evidence/{name}"))).unwrap();
    }
}

/// The answer of Prometheus is one line, however many samples it holds.
#[test]
fn an_answer_of_prometheus_is_a_long_line() {
    let site = site();
    let text = site.read("allclear.toml");
    site.write("allclear.toml", text.replace("reports.csv", "reports.json"));
    fs::remove_file(site.path("evidence/reports.csv")).unwrap();
    let values: Vec<String> = (0..50_000)
        .map(|minute| format!("[{}.000,\"1.25\"]", 1_669_270_000 + minute * 60))
        .collect();
    let answer = format!(
        r#"{{"status":"success","data":{{"resultType":"matrix","result":[{{"metric":{{}},"values":[{}]}}]}}}}"#,
        values.join(",")
    );
    assert!(answer.len() > 1 << 20);
    site.write("evidence/reports.json", answer);
    site.run(&["check", "--now", NOW]);
}

/// A file of the kernel's says that it is empty, and one that is written to may grow for ever.
#[test]
fn a_text_that_is_piped_in_has_an_end() {
    let site = SiteTest::new();
    let mut child = std::process::Command::new(snapbox::cmd::cargo_bin!("allclear"))
        .current_dir(site.path(""))
        .args(["new", "notice", "Hello", "-m", "-", "--now", NOW])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let block = vec![b'a'; 1 << 20];
    // The pipe breaks once the program has had enough.
    let taken = (0..64)
        .take_while(|_| input.write_all(&block).is_ok())
        .count();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(taken < 64, "{taken} MB were read");
    let report = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        report,
        "error: cannot read `standard input`: file too large\n  help: shorten it, or split it\n"
    );
}

/// What a finding names is in the site, wherever the site itself lies.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_utf_8_is_told_from_the_sites_folder() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let site = SiteTest::new().file("static/a", "text");
    let odd = site.path("static").join(OsStr::from_bytes(b"a\xff"));
    fs::rename(site.path("static/a"), odd).unwrap();
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[unreadable-file]: the name of this file is not UTF-8
--> static/a�
 = help: rename it

1 error; `allclear explain CODE` says more of each

"#]]);
}
