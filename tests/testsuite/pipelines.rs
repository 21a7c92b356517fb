//! `init`, and the pipelines that it writes.

use std::process::Command;

use crate::since::git;
use crate::site_test::{NOW, Outcome, SiteTest};

/// The hosts that `init --ci` knows, with the files that it writes for each.
const HOSTS: [(&str, &[&str]); 5] = [
    (
        "github",
        &[
            ".github/workflows/record.yml",
            ".github/workflows/status.yml",
        ],
    ),
    ("gitlab", &[".gitlab-ci.yml"]),
    (
        "netlify",
        &[
            "build-status.sh",
            "netlify.toml",
            "netlify/functions/rebuild.mjs",
        ],
    ),
    (
        "cloudflare",
        &["build-status.sh", "rebuild.js", "wrangler.toml"],
    ),
    ("none", &[]),
];

#[test]
fn each_host_gets_its_files_and_nothing_is_overwritten() {
    for (host, files) in HOSTS {
        let site = SiteTest::empty();
        site.run(&["init", "--ci", host]);
        let mut expected: Vec<&str> = files.to_vec();
        expected.push("allclear.toml");
        expected.sort_unstable();
        assert_eq!(crate::site_test::files_below(&site.path("")), expected);
        site.run(&["check", "--strict"]);
        for file in files {
            let text = site.read(file);
            let is_explained = text.starts_with('#') || text.starts_with("//");
            assert!(is_explained, "{file} does not say what it is");
            if file.ends_with(".yml") {
                let parsed: Result<serde_json::Value, _> = serde_saphyr::from_str(&text);
                assert!(parsed.is_ok(), "{file}: {parsed:?}");
            } else if file.ends_with(".toml") {
                let parsed: Result<toml_edit::DocumentMut, _> = text.parse();
                assert!(parsed.is_ok(), "{file}: {parsed:?}");
            } else if file.ends_with(".sh") {
                let checked = Command::new("sh").arg("-n").arg(site.path(file)).status();
                assert!(checked.unwrap().success(), "{file}");
            }
            site.write(file, "mine");
        }
        site.run_fails(2, &["init", "--ci", host]);
        for file in files {
            assert_eq!(site.read(file), "mine");
        }
    }
}

#[test]
fn hosts_that_share_a_script_can_stand_side_by_side() {
    let site = SiteTest::empty();
    site.run(&["init", "--ci", "netlify"]);
    site.run(&["init", "--ci", "cloudflare"]);
    assert!(site.path("netlify.toml").exists() && site.path("wrangler.toml").exists());
}

#[test]
fn a_site_that_is_there_gets_a_pipeline() {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    site.run(&["init", "--ci", "gitlab"])
        .expect_stdout("Wrote .gitlab-ci.yml; put the address of allclear into `ALLCLEAR`, and yours in place of https://example.com/health.\n");
    assert_eq!(site.read("allclear.toml"), config);
}

/// A repository with one commit on `main`, and a clone of it in which programs stand that a build machine has.
#[cfg(unix)]
fn clone_of(site: &SiteTest) -> SiteTest {
    use std::os::unix::fs::PermissionsExt as _;
    let clone = SiteTest::empty();
    let origin = site.path("");
    run(
        &clone,
        "git",
        &["clone", "-q", origin.to_str().unwrap(), "site"],
    );
    let program = snapbox::cmd::cargo_bin!("allclear").display().to_string();
    // The service answers while this file says so.
    for (name, script) in [
        ("allclear", format!("exec {program} \"$@\"")),
        ("curl", "test -e ../answers".to_owned()),
        ("cargo", "exit 1".to_owned()),
    ] {
        let path = format!("bin/{name}");
        clone.write(&path, format!("#!/bin/sh\n{script}\n"));
        std::fs::set_permissions(clone.path(&path), std::fs::Permissions::from_mode(0o755))
            .unwrap();
    }
    clone
}

/// Runs a program in a site's folder, which must succeed.
fn run(site: &SiteTest, program: &str, arguments: &[&str]) {
    run_in(&site.path(""), program, arguments);
}

/// Runs a program in a folder, which must succeed.
fn run_in(folder: &std::path::Path, program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {output:?}"
    );
}

/// The options of git that say who commits.
const AUTHOR: [&str; 4] = ["-c", "user.name=a", "-c", "user.email=a@example.com"];

/// Runs `build-status.sh` on a branch, and gives whether it succeeds with what it says.
#[cfg(unix)]
fn build(clone: &SiteTest, branch: &str, push_to: &SiteTest) -> (bool, String) {
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("sh")
        .arg("build-status.sh")
        .current_dir(clone.path("site"))
        .env("HOME", clone.path("home"))
        .env("PATH", format!("{}:{path}", clone.path("bin").display()))
        .env("BRANCH", branch)
        .env("PUSH_URL", push_to.path(""))
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.success(), said)
}

#[cfg(unix)]
#[test]
fn a_build_records_what_it_sees_once_and_guards_history() {
    let origin = SiteTest::new().file(
        "incidents/log-in.md",
        "---\ntitle: Log-in fails\ncomponents: {web: major_outage}\nstarted: 2022-12-28 19:00\n---\n\n## Resolved · 2022-12-28 20:00\n",
    );
    origin.run(&["init", "--ci", "netlify"]);
    run(&origin, "git", &["init", "-q", "-b", "main", "."]);
    run(
        &origin,
        "git",
        &["config", "receive.denyCurrentBranch", "updateInstead"],
    );
    run(&origin, "git", &["add", "."]);
    run(
        &origin,
        "git",
        &[AUTHOR.as_slice(), &["commit", "-qm", "Begin"]].concat(),
    );
    let clone = clone_of(&origin);
    clone.write("answers", "");

    let (is_built, said) = build(&clone, "main", &origin);
    assert!(is_built, "{said}");
    assert!(origin.read("evidence/states.jsonl").contains("operational"));
    assert!(clone.path("site/public/index.html").exists());
    // The build that the push starts pushes nothing.
    let (is_built, said) = build(&clone, "main", &origin);
    assert!(is_built, "{said}");
    let commits = || {
        let count = ["rev-list", "--count", "main"];
        let mut git = Command::new("git");
        let output = git.args(count).current_dir(origin.path("")).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    assert_eq!(commits(), "2\n");
    // The next one does, and sees that nothing answers any more.
    std::fs::remove_file(clone.path("answers")).unwrap();
    let mut amend = Command::new("git");
    amend
        .args(AUTHOR)
        .args(["commit", "-q", "--amend", "--no-edit"]);
    amend
        .env("GIT_COMMITTER_DATE", "2022-12-29T01:30:00Z")
        .current_dir(origin.path(""));
    assert!(amend.status().unwrap().success());
    let clone = clone_of(&origin);
    let (is_built, said) = build(&clone, "main", &origin);
    assert!(is_built, "{said}");
    assert_eq!(commits(), "3\n");
    assert!(
        origin
            .read("evidence/states.jsonl")
            .contains("major_outage")
    );

    // Where nothing can be pushed, the page is published all the same.
    std::fs::remove_dir_all(clone.path("site/public")).unwrap();
    let amend = [
        AUTHOR.as_slice(),
        &["commit", "-qm", "More", "--allow-empty"],
    ]
    .concat();
    run_in(&clone.path("site"), "git", &amend);
    let (is_built, said) = build(&clone, "main", &SiteTest::empty());
    assert!(is_built && said.contains("could not be pushed"), "{said}");
    assert!(clone.path("site/public/index.html").exists());
    run_in(
        &clone.path("site"),
        "git",
        &["reset", "-q", "--hard", "origin/main"],
    );

    // A pull request may say what goes wrong, but take nothing away.
    clone.run(&[
        "--site",
        "site",
        "new",
        "incident",
        "Down",
        "-c",
        "web=major_outage",
        "-m",
        "x",
    ]);
    let (is_built, said) = build(&clone, "pull/1/head", &origin);
    assert!(is_built, "{said}");
    let site = clone.path("site/incidents");
    std::fs::remove_file(site.join("log-in.md")).unwrap();
    let (is_built, said) = build(&clone, "pull/1/head", &origin);
    assert!(
        !is_built && said.contains("error[removed-incident]"),
        "{said}"
    );
}

/// The arguments of every line in a host's pipelines that runs allclear, each with the file in which it stands.
fn commands_of(host: &str, files: &[&'static str]) -> Vec<(&'static str, Vec<String>)> {
    let site = SiteTest::empty();
    site.run(&["init", "--ci", host]);
    let mut commands = Vec::new();
    for file in files {
        let text = site.read(file);
        let runs = text.lines().filter_map(|line| line.split_once("allclear "));
        let runs = runs.filter(|(before, _)| {
            before.ends_with("- ") || before.ends_with("run: ") || before.trim().is_empty()
        });
        for (_, arguments) in runs {
            let arguments = arguments.split(['#', '|', '>']).next().unwrap();
            let arguments = arguments.replace('"', "").replace("$s", "operational");
            let arguments = arguments
                .replace("$(git merge-base HEAD FETCH_HEAD)", "main")
                .replace("$CI_MERGE_REQUEST_DIFF_BASE_SHA", "main")
                .replace("origin/$GITHUB_BASE_REF", "main");
            commands.push((
                *file,
                arguments.split_whitespace().map(str::to_owned).collect(),
            ));
        }
    }
    commands
}

/// Every line that runs allclear is one that it understands.
#[test]
fn the_commands_in_pipelines_are_understood() {
    let mut understood = 0;
    for (host, files) in HOSTS {
        for (file, arguments) in commands_of(host, files) {
            let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let output = SiteTest::empty()
                .command(&[words.as_slice(), &["--help"]].concat())
                .output();
            assert!(output.unwrap().status.success(), "{file}: {arguments:?}");
            understood += 1;
        }
    }
    assert!(understood >= 8, "only {understood} commands were found");
}

/// The exit codes of the commands in all pipelines that compare a branch with `main`, on a site in a repository.
fn checks_of_a_branch(site: &SiteTest, now: &[&str]) -> Vec<(&'static str, i32)> {
    let mut codes = Vec::new();
    for (host, files) in HOSTS {
        for (file, arguments) in commands_of(host, files) {
            if !arguments.iter().any(|argument| argument == "--since") {
                continue;
            }
            let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let words = [words.as_slice(), now].concat();
            codes.push((file, Outcome::of(site.command(&words).assert()).code()));
        }
    }
    assert_eq!(codes.len(), 5, "{codes:?}");
    codes
}

/// At night somebody posts what goes wrong, in one language, while something else goes wrong too.
#[test]
fn no_pipeline_stops_an_outage_from_being_posted() {
    let site = SiteTest::new().file(
        "evidence/states.jsonl",
        "{\"component\":\"login\",\"status\":\"major_outage\",\"from\":\"2022-12-29T01:00:00Z\",\"source\":\"x\"}\n",
    );
    git(&site, &["init", "--quiet", "-b", "main"]);
    git(&site, &["add", "."]);
    git(&site, &["commit", "--quiet", "-m", "Begin"]);
    git(&site, &["checkout", "--quiet", "-b", "outage"]);
    let heading = "## Investigating · 2022-12-29 01:20Z";
    let post = format!(
        "---\ntitle: Pages fail\ncomponents: {{web: major_outage}}\n---\n\n{heading}\n\nSee [this](nowhere/).\n"
    );
    site.write("incidents/pages.md", &post);
    site.write("incidents/pages.ar.md", "---\ntitle: عطل\n---\n");
    for (file, code) in checks_of_a_branch(&site, &["--now", NOW]) {
        assert_eq!(code, 0, "{file}");
    }
    // But where nobody would see it, it is not let through.
    site.write(
        "incidents/pages.md",
        post.replace("2022-12-29", "2999-12-29"),
    );
    for (file, code) in checks_of_a_branch(&site, &[]) {
        assert_eq!(code, 1, "{file}");
    }
}
