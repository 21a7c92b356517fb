//! What a page shows, run.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::masks::{without_dates, without_measures};
use super::page::{Block, Page, Shown};
use super::{overwrites, root, say};
use crate::site_test::files_below;
use crate::web_server::WebServer;

/// How many seconds a command may take.
const PATIENCE: &str = "120";

/// The addresses of pages in examples, for which the page that was published before answers.
const PAGES: [&str; 2] = [
    "https://status.example.com/",
    "https://status.acme.example/",
];

/// What came of a page.
#[derive(Default)]
pub(super) struct Run {
    pub(super) commands: usize,
    pub(super) files: usize,
    pub(super) scripts: usize,
    pub(super) faults: Vec<String>,
    /// The outputs that are others now, by their lines on the page.
    pub(super) rewritten: Vec<(Range<usize>, Vec<String>)>,
}

/// The folders in which a page runs.
struct Place {
    /// All of it.
    _dir: tempfile::TempDir,
    home: PathBuf,
    /// Where the next command runs.
    folder: PathBuf,
    /// The files that the page has written.
    written: BTreeSet<PathBuf>,
    /// The instant that a command named last.
    now: Option<String>,
}

/// Why a command is not run here.
fn left_out(command: &str) -> Option<&'static str> {
    match command {
        "tests/run" => Some("it runs this test"),
        command if command.starts_with("cargo install") => Some("it builds what this test runs"),
        _ => None,
    }
}

impl Run {
    pub(super) fn of(page: &Page) -> Self {
        let mut run = Self::default();
        let mut place = Place::new(page);
        for block in &page.blocks {
            let at = page.place(block.line - 1);
            match (&block.file, block.language.as_str()) {
                (Some(file), _) => run.file(page, block, file, &mut place),
                (None, "console") => {
                    for shown in block.commands() {
                        run.command(page, &shown, &mut place);
                    }
                }
                (None, "sh") => {
                    run.scripts += 1;
                    if let Some(fault) = not_read("sh", &["-n"], &block.text) {
                        run.faults.push(format!("{at}: {fault}"));
                    }
                }
                (None, "text") => {}
                // What the program writes is compared with what it writes.
                (None, _) if page.is_generated() => {}
                (None, language) => run.faults.push(format!(
                    "{at}: a block `{language}` is a file, whose path stands in backticks on the line before, or it is `console`, `sh` or `text`"
                )),
            }
        }
        run.check(page, &mut place);
        run
    }

    /// Writes a file.
    fn file(&mut self, page: &Page, block: &Block, file: &str, place: &mut Place) {
        let at = page.place(block.line - 1);
        let path = place.folder.join(file);
        if place.written.contains(&path) {
            // What was there before is not read by what comes later.
            self.check(page, place);
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &block.text).unwrap();
        place.written.insert(path);
        self.files += 1;
        if let Some(fault) = misread(file, &block.text) {
            self.faults.push(format!("{at}: `{file}`: {fault}"));
        }
    }

    fn command(&mut self, page: &Page, shown: &Shown, place: &mut Place) {
        let at = page.place(shown.lines.start - 1);
        let command = &shown.command;
        if let Some(reason) = left_out(command) {
            say(&format!("not run: {command}: {reason}"));
            return;
        }
        self.commands += 1;
        if let Some(to) = command.strip_prefix("cd ") {
            let to = place.folder.join(to.trim());
            match to.is_dir() {
                true => place.folder = to,
                false => self
                    .faults
                    .push(format!("{at}: `{command}`: there is no such folder")),
            }
            return;
        }
        if let Some((_, now)) = command.split_once("--now ") {
            let now = now
                .trim_start_matches('"')
                .split(['"', ' ', ';', '\n'])
                .next();
            place.now = now.filter(|it| it.ends_with('Z')).map(str::to_owned);
        }
        let command = command.replace("cargo run -- ", "allclear ");
        // The page on the network is the one that was published before.
        let asks = ["verify", "pull"].iter().any(|it| command.contains(it));
        let address = PAGES
            .into_iter()
            .find(|page| asks && command.contains(page));
        let live = address.map(|_| {
            let published = place.folder.join("../www/status");
            let www = match published.exists() {
                true => published,
                false => place.folder.join("public"),
            };
            let files = files_below(&www).into_iter();
            let files = files.map(|it| (it.clone(), fs::read(www.join(it)).unwrap()));
            WebServer::of_page(files.collect())
        });
        let (address, url) = match (address, &live) {
            (Some(address), Some(live)) => (address, live.url()),
            _ => ("", ""),
        };
        let asked = match address {
            "" => command.clone(),
            address => command.replace(address, url),
        };
        let (code, mut printed) = place.run(&asked);
        if !url.is_empty() {
            printed = printed.replace(url, address);
        }
        let shows_error = shown
            .output
            .lines()
            .any(|line| line.starts_with("error") || line.contains(" error"));
        if code != Some(0) && !shows_error {
            let code = code.map_or("no exit code".to_owned(), |it| format!("exit code {it}"));
            self.faults
                .push(format!("{at}: `{command}` failed with {code}:\n{printed}"));
            return;
        }
        // At an instant that the command names, every date is known too.
        let steady = if command.contains("--now ") {
            without_measures
        } else {
            |text: &str| without_dates(&without_measures(text))
        };
        if steady(&printed) == steady(&shown.output) {
            return;
        }
        if !overwrites() {
            self.faults.push(format!(
                "{at}: `{command}` prints:\n{}\nand the page shows:\n{}",
                printed.trim_end(),
                shown.output.trim_end()
            ));
            return;
        }
        let indent = " ".repeat(shown.indent);
        let lines = printed.trim_end().lines();
        let lines = lines.map(|line| format!("{indent}{line}").trim_end().to_owned());
        self.rewritten.push((shown.lines.clone(), lines.collect()));
    }

    /// Checks each site of which the page has written a file since the last time.
    fn check(&mut self, page: &Page, place: &mut Place) {
        let written = std::mem::take(&mut place.written);
        let sites: BTreeSet<&Path> = written
            .iter()
            .filter_map(|file| {
                let mut above = file.ancestors().skip(1);
                above.find(|folder| folder.join("allclear.toml").exists())
            })
            .collect();
        for site in sites {
            // What posts and evidence say of each other is a matter of the instant, and of what the page is about.
            let now = match &place.now {
                Some(now) => format!(" --now {now}"),
                None => String::new(),
            };
            let command = format!(
                "allclear check --site '{}' --format json --warn contradiction,unannounced-outage{now}",
                site.display()
            );
            let (_, printed) = place.run(&command);
            let findings: Option<Value> = serde_json::from_str(&printed).ok();
            let errors: Vec<String> = match findings.as_ref().map(|it| &it["diagnostics"]) {
                Some(Value::Array(all)) => {
                    let errors = all.iter().filter(|it| it["severity"] == "error");
                    errors.map(ToString::to_string).collect()
                }
                _ => vec![printed],
            };
            if !errors.is_empty() {
                self.faults.push(format!(
                    "{}: its files are no site: {}",
                    page.path,
                    errors.join("\n")
                ));
            }
        }
    }
}

impl Place {
    fn new(page: &Page) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (home, folder) = (dir.path().join("home"), dir.path().join("site"));
        fs::create_dir(&home).unwrap();
        fs::create_dir(&folder).unwrap();
        let copy = |from: &Path, to: &Path| {
            let files = files_below(from);
            assert!(!files.is_empty(), "{} is empty", from.display());
            for file in files {
                let to = to.join(&file);
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::copy(from.join(&file), to).unwrap();
            }
        };
        match &page.example {
            Some(example) => copy(&root().join(example), &folder),
            None if page.path == "README.md" => {
                for part in ["incidents", "evidence"] {
                    copy(&root().join(part), &folder.join(part));
                }
                fs::copy(root().join("allclear.toml"), folder.join("allclear.toml")).unwrap();
            }
            None => {}
        }
        Self {
            _dir: dir,
            home,
            folder,
            written: BTreeSet::new(),
            now: None,
        }
    }

    /// The exit code of a command, and what it prints on both of its outputs.
    fn run(&self, command: &str) -> (Option<i32>, String) {
        let program = snapbox::cmd::cargo_bin!("allclear");
        let path = format!(
            "{}:{}",
            program.parent().unwrap().display(),
            std::env::var("PATH").unwrap()
        );
        let name = "Example";
        let output = Command::new("timeout")
            .args([PATIENCE, "sh", "-c", &format!("exec 2>&1\n{command}")])
            .current_dir(&self.folder)
            .env("PATH", &path)
            .env("HOME", &self.home)
            .env("NO_COLOR", "1")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs([("GIT_AUTHOR_NAME", name), ("GIT_COMMITTER_NAME", name)])
            .envs([
                ("GIT_AUTHOR_EMAIL", "ops@example.com"),
                ("GIT_COMMITTER_EMAIL", "ops@example.com"),
            ])
            .env_remove("SOURCE_DATE_EPOCH")
            .env_remove("ALLCLEAR_SITE")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), printed)
    }
}

/// What is wrong with a file by its name alone; what a site reads is read by `check`.
fn misread(file: &str, text: &str) -> Option<String> {
    match Path::new(file).extension().and_then(|it| it.to_str()) {
        Some("json") => serde_json::from_str::<Value>(text)
            .err()
            .map(|it| it.to_string()),
        Some("jsonl") => text.lines().find_map(|line| {
            let read = serde_json::from_str::<Value>(line);
            read.err().map(|it| format!("{line}: {it}"))
        }),
        Some("toml") => text
            .parse::<toml_edit::DocumentMut>()
            .err()
            .map(|it| it.to_string()),
        Some("yaml" | "yml") => text
            .split("\n---\n")
            .find_map(|part| serde_saphyr::from_str::<Value>(part).err())
            .map(|it| it.to_string()),
        Some("py") => not_read(
            "python3",
            &["-c", "import sys; compile(sys.stdin.read(), '', 'exec')"],
            text,
        ),
        Some("js" | "mjs") => not_read("node", &["--check", "--input-type=module", "-"], text),
        Some("sh") => not_read("sh", &["-n"], text),
        None if file.ends_with("crontab") => text
            .lines()
            .filter(|line| line.split(' ').count() > 5)
            .map(|line| {
                line.splitn(6, ' ')
                    .last()
                    .unwrap_or_default()
                    .replace("\\%", "%")
            })
            .find_map(|line| not_read("sh", &["-n"], &line)),
        _ => None,
    }
}

/// What a program that only reads says against a script.
fn not_read(program: &str, arguments: &[&str], script: &str) -> Option<String> {
    use std::io::Write as _;
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        say(&format!(
            "not read: a script for {program}, which is not here"
        ));
        return None;
    };
    // It may end before it has read all.
    let _ = child.stdin.take().unwrap().write_all(script.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (!output.status.success()).then_some(said)
}
