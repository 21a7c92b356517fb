//! The sites in `examples/`: nothing is to fix in them, their READMEs are true, and what is made up is made up again.

use std::fs;
use std::path::PathBuf;

use snapbox::cmd::Command;

use crate::pages::{assert_sound, page, texts};
use crate::site_test::{Outcome, SiteTest, files_below};

/// A site in `examples/`.
struct Example {
    /// The name of its folder.
    name: &'static str,
    /// The instant that it is made for, and another one that its README names, each with the headline's state.
    instants: [(&'static str, &'static str); 2],
    /// Some of its pages, with their headings.
    pages: &'static [(&'static str, &'static str)],
    /// A file that a command in its README writes, beside the pages.
    written: Option<&'static str>,
}

const EXAMPLES: [Example; 4] = [
    Example {
        name: "company",
        instants: [
            ("2026-11-19T13:40:00Z", "all_clear"),
            ("2026-10-06T13:00:00Z", "minor_outage"),
        ],
        pages: &[
            ("index.html", "All systems operational"),
            ("components/signin/index.html", "Sign-in"),
            (
                "incidents/2026-10-06-a-power-failure-in-one-data-centre/index.html",
                "A power failure in one data centre",
            ),
            ("illustrative/index.html", "This is an example"),
        ],
        written: Some("deploy/allclear-agent.service"),
    },
    Example {
        name: "intranet",
        instants: [
            ("2026-11-20T20:30:00Z", "maintenance"),
            ("2026-10-27T05:30:00Z", "partial_outage"),
        ],
        pages: &[
            ("index.html", "صيانة جارية"),
            ("en/index.html", "Maintenance in progress"),
            ("help/index.html", "الحصول على المساعدة"),
            (
                "en/incidents/2026-10-27-sign-in/index.html",
                "Signing in fails for most systems",
            ),
        ],
        written: None,
    },
    Example {
        name: "open-source",
        instants: [
            ("2026-11-22T09:00:00Z", "all_clear"),
            ("2026-09-18T09:30:00Z", "minor_outage"),
        ],
        pages: &[
            ("index.html", "Everything works"),
            ("promises/index.html", "What we promise"),
            ("components/ci/index.html", "CI for contributors"),
        ],
        written: Some(".github/workflows/status.yml"),
    },
    Example {
        name: "prometheus-team",
        instants: [
            ("2026-11-17T10:15:00Z", "degraded_performance"),
            ("2026-11-09T18:55:00Z", "minor_outage"),
        ],
        pages: &[
            ("index.html", "Degraded performance"),
            ("components/website/index.html", "Website"),
            (
                "incidents/2026-11-09-playback-stalls/index.html",
                "Videos stall or do not start",
            ),
        ],
        written: None,
    },
];

/// The folder of all examples.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples")
}

impl Example {
    fn of(name: &str) -> Self {
        let mut examples = EXAMPLES.into_iter();
        examples.find(|example| example.name == name).unwrap()
    }

    /// A copy of the example, without what somebody has built in it.
    fn copy(&self) -> SiteTest {
        let site = SiteTest::empty();
        let from = folder().join(self.name);
        let mut files = files_below(&from);
        files.retain(|file| {
            let mut built = ["public/", "deploy/", ".github/"].iter();
            !built.any(|folder| file.starts_with(folder))
        });
        assert!(files.len() >= 10, "{files:?}");
        for file in files {
            site.write(&file, fs::read(from.join(&file)).unwrap());
        }
        site
    }
}

/// The example of this name is clean at its instants, and its README's commands print what stands there and build its pages.
#[track_caller]
fn is_as_described(name: &str) -> SiteTest {
    let example = Example::of(name);
    let site = example.copy();
    let readme = site.read("README.md");
    for (now, headline) in example.instants {
        assert!(readme.contains(&format!("--now {now}`")) || readme.contains(&format!("{now}\n")));
        site.run(&["check", "--strict", "--now", now]);
        assert_eq!(site.status(now)["headline"]["state"], headline, "{now}");
    }
    let (now, _) = example.instants[0];
    assert!(readme.contains(&format!("```sh\nallclear serve --open --now {now}\n```\n")));
    let ran = run_readme(&site, &readme);
    assert!(ran >= 2, "{name}: only {ran} commands were run");
    for (path, heading) in example.pages {
        assert_eq!(texts(&page(&site, path), "h1"), [*heading], "{path}");
    }
    if let Some(written) = example.written {
        assert!(site.path(written).exists(), "{written}");
    }
    // What the commands have written is nothing to fix either.
    site.run(&["check", "--strict", "--now", now]);
    site
}

/// Runs the commands behind `$ ` in a README's `console` blocks, each of which prints what stands below it; returns how many.
#[track_caller]
fn run_readme(site: &SiteTest, readme: &str) -> usize {
    let program = snapbox::cmd::cargo_bin!("allclear");
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let mut ran = 0;
    for block in readme.split("```console\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap();
        for part in block.split("$ ").skip(1) {
            let (command, shown) = part.split_once('\n').unwrap();
            let output = Command::new("sh")
                .args(["-c", command])
                .current_dir(site.path(""))
                .env("PATH", &path)
                .env("NO_COLOR", "1")
                .env_remove("SOURCE_DATE_EPOCH")
                .env_remove("ALLCLEAR_SITE")
                .assert();
            let outcome = Outcome::of(output);
            let printed = outcome.stdout().to_owned() + outcome.stderr();
            assert_eq!(outcome.code(), 0, "`{command}` failed:\n{printed}");
            assert_eq!(printed, shown, "`{command}`");
            ran += 1;
        }
    }
    ran
}

#[test]
fn a_team_with_prometheus() {
    let site = is_as_described("prometheus-team");
    assert_sound(&site.path("public"), "/");
}

#[test]
fn an_open_source_project() {
    let site = is_as_described("open-source");
    assert_sound(&site.path("public"), "/");
}

#[test]
fn an_intranet_in_arabic_and_english() {
    let site = is_as_described("intranet");
    let root = page(&site, "index.html");
    assert_eq!(root.root_element().value().attr("dir"), Some("rtl"));
    assert!(site.read("public/index.html").contains("noindex"));
    assert!(!site.path("public/sitemap.xml").exists());
}

#[test]
fn a_company_with_three_years_of_history() {
    let site = is_as_described("company");
    let incidents = files_below(&site.path("incidents"));
    for year in ["2023/", "2024/", "2025/", "2026/"] {
        assert!(
            incidents.iter().any(|file| file.starts_with(year)),
            "{year}"
        );
    }
}

#[test]
fn a_generator_writes_what_is_there() {
    let zones = "import zoneinfo; zoneinfo.ZoneInfo('Europe/Amsterdam')";
    let python = std::process::Command::new("python3")
        .args(["-c", zones])
        .output();
    match python {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            let reason = String::from_utf8_lossy(&output.stderr).into_owned();
            return eprintln!("not run: python3 knows no time zones:\n{reason}");
        }
        Err(error) => return eprintln!("not run: python3: {error}"),
    }
    for example in EXAMPLES {
        let site = example.copy();
        let before = everything(&site);
        fs::remove_dir_all(site.path("evidence")).unwrap();
        let output = Command::new("python3")
            .arg("generate.py")
            .current_dir(site.path(""))
            .assert();
        let outcome = Outcome::of(output);
        assert_eq!(outcome.code(), 0, "{}", outcome.stderr());
        let after = everything(&site);
        let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
            files.iter().map(|(name, _)| name.clone()).collect()
        };
        assert_eq!(names(&before), names(&after), "{}", example.name);
        for ((file, before), (_, after)) in before.iter().zip(&after) {
            assert!(before == after, "{}/{file} is another one", example.name);
        }
    }
}

/// Every file of a site with what it holds.
fn everything(site: &SiteTest) -> Vec<(String, Vec<u8>)> {
    let files = files_below(&site.path("")).into_iter();
    let files = files.map(|file| {
        let bytes = fs::read(site.path(&file)).unwrap();
        (file, bytes)
    });
    files.collect()
}

#[test]
fn every_example_is_listed() {
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    let mut folders: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    folders.sort();
    assert_eq!(folders, EXAMPLES.map(|example| example.name));
    for name in folders {
        assert!(readme.contains(&format!("| [{name}]({name}/) |")), "{name}");
    }
}
