//! Malformed files, one problem each, and the whole report of each.
//!
//! A case is a file, or a folder of files that belong together, in one of the folders of
//! `malformed/`. Its name starts with the code that it must give. The whole report stands beside it
//! in `NAME.report`; `SNAPSHOTS=overwrite` writes it anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use allclear::diagnostic::Code;
use snapbox::Data;
use snapbox::data::DataFormat;

use crate::site_test::{NOW, Outcome, SiteTest, files_below, with_windows_line_ends};

/// A malformed file or folder.
struct Case {
    /// Which part of a site it belongs to.
    part: &'static str,
    name: String,
    path: PathBuf,
}

/// The parts of a site, by the names of the folders of cases.
const PARTS: [&str; 4] = ["config", "incidents", "samples", "states"];

/// Cases in which more than one thing is wrong.
const SEVERAL: [&str; 1] = ["missing-key--empty-file.toml"];

/// The folder of the folders of cases.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testsuite/malformed")
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// Every case, sorted by its part and its name.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for part in PARTS {
        let folder = folder().join(part);
        for name in names(&folder) {
            if !name.ends_with(".report") {
                let path = folder.join(&name);
                cases.push(Case { part, name, path });
            }
        }
    }
    cases
}

impl Case {
    /// The word at the head of the name.
    fn code(&self) -> &str {
        let end = self.name.find("--").or_else(|| self.name.find('.'));
        &self.name[..end.unwrap_or(self.name.len())]
    }

    /// The path of the report beside it.
    fn snapshot(&self) -> PathBuf {
        self.path.with_file_name(format!("{}.report", self.name))
    }

    /// Puts it at its place in a site.
    fn put_into(&self, site: &SiteTest) {
        let to = match self.part {
            "config" => "allclear.toml".to_owned(),
            "incidents" => format!("incidents/{}", self.name),
            part => format!("evidence/{part}/{}", self.name),
        };
        copy(&self.path, &to, site);
        if self.part == "samples" {
            let id = self.name.replace('.', "-");
            let signal = format!(
                "\n[[signals]]\nid = \"{id}\"\ncomponents = [\"web\"]\nfile = \"{to}\"\nthreshold = 500\n"
            );
            site.write("allclear.toml", site.read("allclear.toml") + &signal);
        }
    }
}

/// Copies a file or a folder to a place in a site.
fn copy(from: &Path, to: &str, site: &SiteTest) {
    if from.is_dir() {
        for name in names(from) {
            copy(&from.join(&name), &format!("{to}/{name}"), site);
        }
    } else {
        site.write(to, fs::read(from).unwrap());
    }
}

/// A site in which everything is as it should be, and everything is referred to.
fn valid() -> SiteTest {
    let site = SiteTest::new();
    let signal = "\n[[signals]]\nid = \"reports\"\nname = \"User reports\"\ncomponents = [\"web\"]\nfile = \"evidence/reports.csv\"\nthreshold = 500\n\n[[regions]]\nid = \"jp\"\nname = \"Japan\"\n";
    let config = site.read("allclear.toml") + signal;
    site.file("allclear.toml", config)
        .file(
            "incidents/2022-12-01-outage.md",
            "---\ntitle: Pages load slowly\ncomponents:\n  web: degraded_performance\nsignals: [reports]\n---\n\n## Investigating · 2022-12-01 10:00\n\nWe look.\n\n## Resolved · 2022-12-01 11:00\n",
        )
        .file("evidence/reports.csv", "time,value\n2022-12-28T23:00:00Z,12\n")
        .file(
            "evidence/probe.jsonl",
            "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-28T23:00:00Z\",\"source\":\"blackbox\"}\n",
        )
}

/// The output of `check` for a site, and its exit code.
fn check(site: &SiteTest) -> (String, i32) {
    let outcome = Outcome::of(site.command(&["check", "--all", "--now", NOW]).assert());
    assert_eq!(outcome.stdout().is_empty(), outcome.code() != 0);
    (outcome.stderr().to_owned(), outcome.code())
}

/// The report of a case in a site that is valid but for it.
fn report(case: &Case) -> (String, i32) {
    let site = valid();
    case.put_into(&site);
    check(&site)
}

/// The diagnostics of a report, each with its lines; without the line that counts them.
fn diagnostics(report: &str) -> Vec<&str> {
    let Some((body, _)) = report.rsplit_once("\n\n") else {
        return Vec::new();
    };
    body.split("\n\n").collect()
}

#[test]
fn the_site_around_them_is_valid() {
    assert_eq!(check(&valid()), (String::new(), 0));
}

#[test]
fn each_gives_its_own_diagnostic() {
    let cases = cases();
    assert!(cases.len() >= 200, "only {} cases", cases.len());
    // Two at a time: the tests of this binary share the machine.
    let (first, second) = cases.split_at(cases.len() / 2);
    std::thread::scope(|scope| {
        scope.spawn(|| first.iter().for_each(gives_its_own_diagnostic));
        scope.spawn(|| second.iter().for_each(gives_its_own_diagnostic));
    });
}

/// Asserts that the report of a case is the one beside it, and begins with its code.
fn gives_its_own_diagnostic(case: &Case) {
    let name = &case.name;
    let (report, exit) = report(case);
    let expected = Data::read_from(&case.snapshot(), Some(DataFormat::Text)).raw();
    snapbox::Assert::new()
        .action_env("SNAPSHOTS")
        .eq(Data::text(report.clone()).raw(), expected);
    let is_known = Code::ALL.iter().any(|code| code.as_str() == case.code());
    assert!(is_known, "{name} does not start with a code");
    let code = format!("[{}]", case.code());
    let first = report.split(':').next().unwrap();
    assert!(first.ends_with(&code), "{name}:\n{report}");
    let has_error = report.contains("error[");
    assert_eq!(exit, i32::from(has_error), "{name}:\n{report}");
    assert!(!report.contains("panicked"), "{name}:\n{report}");
    if !SEVERAL.contains(&name.as_str()) {
        assert_eq!(diagnostics(&report).len(), 1, "{name}:\n{report}");
    }
}

/// Cases of which the parser of TOML words otherwise what it expected before the end of the line.
const WORDED_OTHERWISE: [&str; 1] = ["bad-syntax--unclosed-string.toml"];

#[test]
fn each_gives_the_same_where_lines_end_as_on_windows() {
    let (mut other, mut seen) = (Vec::new(), 0);
    for case in cases() {
        let site = valid();
        case.put_into(&site);
        for path in files_below(&site.path("")) {
            let bytes = fs::read(site.path(&path)).unwrap();
            site.write(&path, with_windows_line_ends(&bytes));
        }
        let expected = fs::read_to_string(case.snapshot()).unwrap();
        if check(&site).0 != expected {
            other.push(case.name);
        }
        seen += 1;
    }
    assert!(seen >= 200, "only {seen} cases");
    assert_eq!(other, WORDED_OTHERWISE);
}

#[test]
fn no_report_is_without_its_case() {
    for part in PARTS {
        let names = names(&folder().join(part));
        let reports = names.iter().filter_map(|name| name.strip_suffix(".report"));
        let reports: Vec<&str> = reports.collect();
        assert!(reports.len() >= 10, "{part} has only {reports:?}");
        for case in reports {
            assert!(names.contains(case), "{part}/{case}.report");
        }
    }
}

/// The codes that the cases give.
pub(crate) fn codes() -> BTreeSet<String> {
    cases().iter().map(|case| case.code().to_owned()).collect()
}

#[test]
fn all_of_them_are_told_in_one_run_and_the_output_stays() {
    let site = valid();
    site.build();
    let before = output(&site);
    let cases: Vec<Case> = cases();
    let cases = cases.iter().filter(|case| case.part != "config");
    let mut expected = BTreeSet::new();
    for case in cases {
        case.put_into(&site);
        let report = fs::read_to_string(case.snapshot()).unwrap();
        expected.extend(diagnostics(&report).into_iter().map(str::to_owned));
    }
    let (report, exit) = check(&site);
    let told: Vec<&str> = diagnostics(&report);
    assert!(expected.len() >= 70, "only {}", expected.len());
    for diagnostic in &expected {
        assert!(told.contains(&diagnostic.as_str()), "{diagnostic}");
    }
    assert_eq!(told.len(), expected.len());
    let places: Vec<_> = told.iter().map(|diagnostic| place(diagnostic)).collect();
    assert!(places.is_sorted());
    assert_eq!(exit, 1);

    let built = site.run_fails(1, &["build", "--now", NOW]);
    let checked = site.run_fails(1, &["check", "--now", NOW]);
    let said = checked.stderr().to_owned() + "nothing was written\n";
    assert_eq!(built.stderr(), said);
    assert_eq!(output(&site), before);
}

/// Every file of the output with its bytes.
fn output(site: &SiteTest) -> Vec<(String, Vec<u8>)> {
    let read = |path: String| {
        let bytes = fs::read(site.path("public").join(&path)).unwrap();
        (path, bytes)
    };
    site.outputs().into_iter().map(read).collect()
}

/// The file, line and column of a diagnostic.
fn place(diagnostic: &str) -> (PathBuf, usize, usize) {
    let (_, place) = diagnostic.split_once("--> ").unwrap();
    let place = place.lines().next().unwrap();
    let mut parts = place.split(':');
    let path = PathBuf::from(parts.next().unwrap());
    let mut number = || parts.next().map_or(0, |part| part.parse().unwrap());
    (path, number(), number())
}
