//! The README is true: every command in it is run, and every file in it is read.

use std::fs;
use std::path::{Path, PathBuf};

use snapbox::cmd::Command;

use crate::site_test::{NOW, SiteTest};

/// A fenced block of the README.
#[derive(Debug)]
struct Block {
    language: String,
    /// The file that the line before it names.
    file: Option<String>,
    text: String,
    line: usize,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

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

/// Why a command is not run here.
fn left_out(command: &str) -> Option<&'static str> {
    match command {
        "tests/run" => Some("it runs this test"),
        command if command.starts_with("cargo install") => Some("it builds what this test runs"),
        command if command.starts_with("curl ") => Some("it asks a page on the network"),
        _ => None,
    }
}

/// Copies the demo into a folder.
fn copy_demo(to: &Path) {
    fs::copy(root().join("allclear.toml"), to.join("allclear.toml")).unwrap();
    for folder in ["incidents", "evidence"] {
        fs::create_dir(to.join(folder)).unwrap();
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, to.join(folder).join(path.file_name().unwrap())).unwrap();
        }
    }
}

#[test]
fn every_command_runs() {
    let site = SiteTest::empty();
    copy_demo(&site.path(""));
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
                let command = command.replace("cargo run --release -- ", "allclear ");
                let assert = Command::new("sh")
                    .args(["-c", &command])
                    .current_dir(&folder)
                    .env("PATH", &path)
                    .env("NO_COLOR", "1")
                    .env_remove("SOURCE_DATE_EPOCH")
                    .assert();
                let output = assert.get_output();
                let printed = String::from_utf8(output.stdout.clone()).unwrap()
                    + std::str::from_utf8(&output.stderr).unwrap();
                assert!(
                    output.status.success(),
                    "README.md:{}: `{command}` failed:\n{printed}",
                    block.line
                );
                assert_eq!(
                    without_figures(&printed),
                    without_figures(shown),
                    "README.md:{}: `{command}`",
                    block.line
                );
                ran += 1;
            }
        }
    }
    assert!(ran >= 8, "only {ran} commands were run");
}

/// A text with each number as `#`: times, sizes and today's date differ from run to run.
fn without_figures(text: &str) -> String {
    let mut out = String::new();
    for character in text.trim_end().chars() {
        if !character.is_ascii_digit() {
            out.push(character);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

#[test]
fn every_file_is_read() {
    let site = SiteTest::empty();
    let mut known = 0;
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
            // These are for other programs.
            ".github/workflows/status.yml" | ".gitlab-ci.yml" => {
                let parsed: Result<serde_json::Value, _> = serde_saphyr::from_str(&block.text);
                assert!(parsed.is_ok(), "README.md:{}: {parsed:?}", block.line);
            }
            "nginx.conf" => assert_eq!(
                block.text.matches('{').count(),
                block.text.matches('}').count()
            ),
            "incidents.json" => {}
            file => site.write(file, &block.text),
        }
        known += 1;
    }
    assert!(known >= 10, "only {known} files were found");
    site.run(&["check", "--strict", "--now", "2022-12-28T18:30:00Z"])
        .success();
    site.run(&["build", "--now", NOW]).success();
    assert!(site.read("public/index.html").contains("assets/logo."));
}
