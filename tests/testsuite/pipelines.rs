//! `init`, and the pipelines that it writes.

use std::process::Command;

use crate::site_test::SiteTest;

const HOSTS: [(&str, &[&str]); 5] = [
    (
        "github",
        &[
            ".github/workflows/record.yml",
            ".github/workflows/status.yml",
        ],
    ),
    ("gitlab", &[".gitlab-ci.yml"]),
    ("netlify", &["build-status.sh", "netlify.toml"]),
    ("cloudflare", &["build-status.sh", "wrangler.toml"]),
    ("none", &[]),
];

#[test]
fn each_host_gets_its_files_and_nothing_is_overwritten() {
    for (host, files) in HOSTS {
        let site = SiteTest::empty();
        site.run(&["init", "--ci", host]).success();
        let mut expected: Vec<&str> = files.to_vec();
        expected.push("allclear.toml");
        expected.sort_unstable();
        assert_eq!(crate::site_test::files_below(&site.path("")), expected);
        site.run(&["check", "--strict"]).success();
        for file in files {
            let text = site.read(file);
            assert!(text.starts_with('#'), "{file} does not say what it is");
            if file.ends_with(".yml") {
                let parsed: Result<serde_json::Value, _> = serde_saphyr::from_str(&text);
                assert!(parsed.is_ok(), "{file}: {parsed:?}");
            } else if file.ends_with(".toml") {
                let parsed: Result<toml_edit::DocumentMut, _> = text.parse();
                assert!(parsed.is_ok(), "{file}: {parsed:?}");
            } else {
                let checked = Command::new("sh").arg("-n").arg(site.path(file)).status();
                assert!(checked.unwrap().success(), "{file}");
            }
            site.write(file, "mine");
        }
        site.run(&["init", "--ci", host]).code(2);
        for file in files {
            assert_eq!(site.read(file), "mine");
        }
    }
}

#[test]
fn a_site_that_is_there_gets_a_pipeline() {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    site.run(&["init", "--ci", "gitlab"])
        .success()
        .stdout_eq("Wrote .gitlab-ci.yml; put the address of allclear into `ALLCLEAR`.\n");
    assert_eq!(site.read("allclear.toml"), config);
}

/// Every line that runs allclear is one that it understands.
#[test]
fn the_commands_in_pipelines_are_understood() {
    for (host, files) in HOSTS {
        let site = SiteTest::empty();
        site.run(&["init", "--ci", host]).success();
        for file in files {
            let text = site.read(file);
            let runs = text.lines().filter_map(|line| line.split_once("allclear "));
            let commands = runs.filter(|(before, _)| {
                before.ends_with("- ") || before.ends_with("run: ") || before.trim().is_empty()
            });
            for (_, arguments) in commands {
                let arguments = arguments.split(['#', '|']).next().unwrap();
                let arguments = arguments.replace('"', "").replace("$s", "operational");
                let words: Vec<&str> = arguments.split_whitespace().collect();
                let output = site
                    .command(&[words.as_slice(), &["--help"]].concat())
                    .output();
                assert!(output.unwrap().status.success(), "{file}: {arguments}");
            }
        }
    }
}
