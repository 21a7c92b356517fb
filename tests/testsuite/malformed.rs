//! Malformed files: each gives its own diagnostic, with the place and a hint, and never a panic.
//!
//! Each file in `malformed/` is put where its kind belongs in a site that is sound, and is named for
//! the diagnostic that it must give. The whole report stands beside it as `NAME.report`; run the
//! tests with `SNAPSHOTS=overwrite` to write the reports anew, and read them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use allclear::diagnostic::Code;

use crate::site_test::{NOW, SiteTest};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testsuite/malformed")
}

/// The malformed files, by name.
fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension != "report")
        })
        .collect();
    files.sort();
    files
}

/// Where a file belongs in a site.
fn place(file: &Path) -> String {
    let name = file.file_name().unwrap().to_str().unwrap();
    match file.extension().unwrap().to_str().unwrap() {
        "md" => format!("incidents/{name}"),
        "toml" => "allclear.toml".to_owned(),
        _ => format!("evidence/{name}"),
    }
}

/// The code that a file's name begins with.
fn code(file: &Path) -> &'static str {
    let name = file
        .file_name()
        .unwrap()
        .to_str()
        .unwrap()
        .replace(' ', "-");
    let name = name.trim_start_matches("crlf-").trim_start_matches("bom-");
    let codes = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| name.starts_with(code));
    codes
        .max_by_key(|code| code.len())
        .unwrap_or_else(|| panic!("{name} is named for no diagnostic"))
}

#[test]
fn each_gives_its_own_diagnostic() {
    let files = files();
    assert!(files.len() >= 70, "only {} files", files.len());
    let overwrite = std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite");
    let mut wrong = Vec::new();
    for file in files {
        let site = SiteTest::new();
        site.write(&place(&file), fs::read(&file).unwrap());
        let output = site.run(&["check", "--now", NOW]);
        let output = output.get_output();
        let report = String::from_utf8(output.stderr.clone()).unwrap();
        assert!(!report.contains("panicked"), "{}: {report}", file.display());
        let first = report.lines().next().unwrap_or_default();
        let is_error = report.lines().any(|line| line.starts_with("error["));
        assert!(
            first.contains(&format!("[{}]", code(&file))),
            "{}: {report}",
            file.display()
        );
        assert_eq!(
            output.status.code(),
            Some(i32::from(is_error)),
            "{}: {report}",
            file.display()
        );
        let expected = PathBuf::from(format!("{}.report", file.display()));
        if overwrite {
            fs::write(&expected, &report).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != report {
            wrong.push(format!("{}:\n{report}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_are_reported_in_one_run_and_nothing_is_written() {
    let site = SiteTest::new().file(
        "incidents/sound.md",
        "---\ntitle: Old\nstarted: 2022-12-01 10:00\nended: 2022-12-01 11:00\n---\n",
    );
    site.build();
    let index = site.read("public/index.html");
    let mut wanted = Vec::new();
    for file in files()
        .into_iter()
        .filter(|file| file.extension().unwrap() != "toml")
    {
        site.write(&place(&file), fs::read(&file).unwrap());
        wanted.push((place(&file), code(&file)));
    }
    let output = site.run(&["build", "--now", NOW]).code(1);
    let report = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    let mut reported: Vec<(String, &str)> = Vec::new();
    let mut last = "";
    for line in report.lines() {
        if let Some((level, rest)) = line.split_once('[')
            && ["error", "warning"].contains(&level)
        {
            last = rest.split(']').next().unwrap();
        } else if let Some(place) = line.trim_start().strip_prefix("--> ") {
            let path = place.split(':').next().unwrap();
            reported.push((path.to_owned(), last));
        }
    }
    for (path, code) in wanted {
        assert!(
            reported
                .iter()
                .any(|(at, word)| *at == path && *word == code),
            "{path}: {code} is missing in\n{report}"
        );
    }
    let paths: Vec<&String> = reported.iter().map(|(path, _)| path).collect();
    assert!(paths.is_sorted(), "the report is sorted by file");
    assert_eq!(
        site.read("public/index.html"),
        index,
        "the old output stays"
    );
}

#[test]
fn every_code_is_tested_and_explained() {
    let mut tested: BTreeSet<&str> = files().iter().map(|file| code(file)).collect();
    // These need more than a file; each has a test of its own below or in another module.
    tested.extend([
        "unreadable-file",
        "not-utf8",
        "file-too-large",
        "outside-site",
        "duplicate-slug",
        "translation-mismatch",
    ]);
    tested.extend([
        "future-update",
        "bad-sample",
        "broken-theme",
        "bad-document",
        "inline-list",
    ]);
    for code in Code::ALL {
        assert!(
            tested.contains(code.as_str()),
            "no test gives `{}`",
            code.as_str()
        );
        let explained = SiteTest::empty().run(&["explain", code.as_str()]).success();
        let text = String::from_utf8(explained.get_output().stdout.clone()).unwrap();
        assert!(text.starts_with(code.as_str()) && text.len() > 60, "{text}");
    }
    SiteTest::empty().run(&["explain", "ambigous-time"]).code(2).stderr_eq(
        "error: there is no diagnostic `ambigous-time`\n  help: did you mean `ambiguous-time`?\n",
    );
}

const SOUND: &str = "---\ntitle: Trouble\n---\n\n## Investigating · 2022-12-28 19:45\n";

/// Runs `check` on a site, which must report exactly this.
fn reports(site: &SiteTest, code: i32, expected: &str) {
    let output = site.run(&["check", "--now", NOW]).code(code);
    let report = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert_eq!(report, expected);
}

#[test]
fn what_cannot_be_read() {
    let site = SiteTest::new().file("incidents/a.md", b"---\ntitle: \xff\n---\n");
    reports(
        &site,
        1,
        "error[not-utf8]: line 2 of this file is not UTF-8\n--> incidents/a.md\n = help: save it as UTF-8; in most editors that is a choice beside `Save as`\n\n1 error; `allclear explain CODE` says more of each\n",
    );
    let site = SiteTest::new().file("incidents/a.md", " ".repeat(5 << 20));
    reports(
        &site,
        1,
        "error[file-too-large]: this file has 5 MB, more than the 4 MB that are read\n--> incidents/a.md\n = help: split it\n\n1 error; `allclear explain CODE` says more of each\n",
    );
    let site = SiteTest::new().file("incidents/b.md", SOUND);
    std::os::unix::fs::symlink("/etc/hostname", site.path("incidents/a.md")).unwrap();
    std::os::unix::fs::symlink("b.md", site.path("incidents/c.md")).unwrap();
    reports(
        &site,
        1,
        "error[outside-site]: this link leads out of the site's folder\n--> incidents/a.md\n = help: copy what it leads to into the site: what is published must be in the site's history\n\n1 error; `allclear explain CODE` says more of each\n",
    );
    let site = SiteTest::new().file("incidents/b.md", SOUND);
    std::os::unix::fs::symlink("nowhere.md", site.path("incidents/a.md")).unwrap();
    reports(
        &site,
        1,
        "error[unreadable-file]: cannot be read: No such file or directory (os error 2)\n--> incidents/a.md\n\n1 error; `allclear explain CODE` says more of each\n",
    );
}

#[test]
fn two_files_that_clash() {
    let site = SiteTest::new()
        .file("incidents/2022/a.md", SOUND)
        .file("incidents/A.md", SOUND);
    reports(
        &site,
        1,
        "error[duplicate-slug]: two incidents have the slug `A`
 --> incidents/A.md:2:1
  |
2 | title: Trouble
  | ^^^^^^^^^^^^^^
  |
 ::: incidents/2022/a.md:2:1
  |
2 | title: Trouble
  | -------------- the first
  |
  = help: rename one of the files: the slug is the address of the incident's page

1 error; `allclear explain CODE` says more of each
",
    );
    let site = SiteTest::new().file("incidents/a.md", SOUND).file(
        "incidents/a.ar.md",
        "---\ntitle: عطل\n---\n\n## قيد التحقيق · 2022-12-28 19:50\n",
    );
    reports(
        &site,
        1,
        "error[translation-mismatch]: the original has no update at this time
 --> incidents/a.ar.md:5:4
  |
5 | ## قيد التحقيق · 2022-12-28 19:50
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: its updates are those of `2022-12-29T00:45:00Z`

1 error; `allclear explain CODE` says more of each
",
    );
}

#[test]
fn an_update_in_the_future_is_told_only_as_of_the_present() {
    let site = SiteTest::new().file("incidents/a.md", SOUND.replace("2022-12-28", "2999-12-28"));
    let output = site.run(&["check"]).success();
    let report = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(
        report.starts_with("warning[future-update]: this update lies in the future: it is "),
        "{report}"
    );
    reports(&site, 0, "");
    site.run(&["check", "--strict"]).code(1);
}

#[test]
fn samples_that_cannot_be_read() {
    let config = "title = \"Example\"\nbase_url = \"https://status.example.com/\"\n\n[[components]]\nid = \"web\"\n\n[[signals]]\nid = \"reports\"\ncomponents = [\"web\"]\nthreshold = 5\n";
    for (file, text, place) in [
        (
            "r.csv",
            "time,value\n2022-12-28T23:00:00Z,many\n",
            "evidence/r.csv:2:22",
        ),
        (
            "r.jsonl",
            "{\"time\":\"2022-12-28T23:00:00Z\",\"value\":\"many\"}\n",
            "evidence/r.jsonl:1:1",
        ),
        (
            "r.json",
            "{\"status\":\"success\"}\n",
            "evidence/r.json:1:20",
        ),
    ] {
        let site = SiteTest::new()
            .file(
                "allclear.toml",
                format!("{config}file = \"evidence/{file}\"\n"),
            )
            .file(&format!("evidence/{file}"), text);
        let output = site.run(&["check", "--now", NOW]).code(1);
        let report = String::from_utf8(output.get_output().stderr.clone()).unwrap();
        assert!(report.starts_with("error[bad-sample]: "), "{report}");
        assert!(report.contains(place), "{report}");
    }
}

#[test]
fn a_broken_theme_names_its_line_and_writes_nothing() {
    let site = SiteTest::new().file(
        "themes/default/templates/headline.html",
        "<h1>\n{{ headline.txt }}\n{% if %}</h1>\n",
    );
    let output = site.run(&["build", "--now", NOW]).code(1);
    let report = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(report.starts_with("error[broken-theme]: "), "{report}");
    assert!(
        report.contains("themes/default/templates/headline.html:3:"),
        "{report}"
    );
    assert!(!site.path("public").exists());
    let site = SiteTest::new().file(
        "themes/default/templates/headline.html",
        "<h1>\n{{ headline.txt }}</h1>\n",
    );
    let output = site.run(&["check", "--now", NOW]).code(1);
    let report = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(
        report.contains("themes/default/templates/headline.html:2:"),
        "{report}"
    );
}

#[test]
fn colours_only_where_they_are_asked_for() {
    let site = SiteTest::new().file("incidents/a.md", "x");
    let plain = site.run(&["check"]).code(1);
    assert!(!plain.get_output().stderr.contains(&0x1b));
    let coloured = site.run(&["check", "--color", "always"]).code(1);
    assert!(coloured.get_output().stderr.contains(&0x1b));
}
