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
        let named = [
            "--title",
            "Acme",
            "--base-url",
            "https://status.acme.example/",
        ];
        site.run(&[&["init", "--ci", host], &named[..]].concat());
        let mut expected: Vec<&str> = files.to_vec();
        expected.extend([".gitignore", "allclear.toml"]);
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

/// The hosts whose pipelines have a job that records, with what that job runs after the program is there.
#[cfg(unix)]
fn recording_jobs() -> [(&'static str, String); 2] {
    let site = SiteTest::empty();
    site.run(&["init", "--ci", "github"]);
    site.run(&["init", "--ci", "gitlab"]);
    let read = |file| -> serde_json::Value { serde_saphyr::from_str(&site.read(file)).unwrap() };
    let github = read(".github/workflows/record.yml");
    let steps = github["jobs"]["record"]["steps"].as_array().unwrap();
    let github = steps.last().unwrap()["run"].as_str().unwrap().to_owned();
    let gitlab = read(".gitlab-ci.yml");
    let lines = gitlab["record"]["script"].as_array().unwrap();
    let lines: Vec<&str> = lines.iter().map(|line| line.as_str().unwrap()).collect();
    // As a site that lies on this disk, without a token.
    let url = "https://oauth2:$PUSH_TOKEN@$CI_SERVER_HOST/$CI_PROJECT_PATH.git";
    let gitlab = lines.join("\n");
    assert!(gitlab.contains(url), "{gitlab}");
    [
        ("github", github),
        ("gitlab", gitlab.replace(url, "$ORIGIN")),
    ]
}

/// The repository of a site, in which nobody works.
#[cfg(unix)]
fn bare_repository(site: &SiteTest) -> SiteTest {
    let origin = SiteTest::empty();
    run(site, "git", &["init", "-q", "-b", "main", "."]);
    run(site, "git", &["add", "."]);
    run(
        site,
        "git",
        &[AUTHOR.as_slice(), &["commit", "-qm", "Begin"]].concat(),
    );
    let from = site.path("");
    run(
        &origin,
        "git",
        &["clone", "-q", "--bare", from.to_str().unwrap(), "."],
    );
    origin
}

/// A clone as the hosts make them: a part of the history, and with GitLab no branch.
#[cfg(unix)]
fn job_clone(origin: &SiteTest, host: &str) -> SiteTest {
    use std::os::unix::fs::PermissionsExt as _;
    let clone = clone_of(origin);
    std::fs::remove_dir_all(clone.path("site")).unwrap();
    let url = format!("file://{}", origin.path("").display());
    run(
        &clone,
        "git",
        &["clone", "-q", "--depth", "1", &url, "site"],
    );
    if host == "gitlab" {
        run_in(
            &clone.path("site"),
            "git",
            &["checkout", "-q", "--detach", "main"],
        );
    }
    clone.write("bin/sleep", "#!/bin/sh\n");
    std::fs::set_permissions(
        clone.path("bin/sleep"),
        std::fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    clone
}

/// Starts a recording job in a clone.
#[cfg(unix)]
fn start_job(clone: &SiteTest, origin: &SiteTest, script: &str) -> std::process::Child {
    let path = std::env::var("PATH").unwrap();
    Command::new("bash")
        .args(["-e", "-c", script])
        .current_dir(clone.path("site"))
        .env("HOME", clone.path("home"))
        .env("PATH", format!("{}:{path}", clone.path("bin").display()))
        .env("GITHUB_REF_NAME", "main")
        .env("CI_COMMIT_BRANCH", "main")
        .env("ORIGIN", origin.path(""))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap()
}

/// Runs a recording job, and gives whether it succeeds with what it says.
#[cfg(unix)]
fn run_job(clone: &SiteTest, origin: &SiteTest, script: &str) -> (bool, String) {
    let output = start_job(clone, origin, script).wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), said)
}

/// The evidence on the main branch of a repository.
#[cfg(unix)]
fn pushed_evidence(origin: &SiteTest) -> String {
    let mut git = Command::new("git");
    let output = git.args(["show", "main:evidence/states.jsonl"]);
    let output = output.current_dir(origin.path("")).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[cfg(unix)]
const OLD_LINE: &str = "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-28T23:00:00Z\",\"source\":\"other\"}\n";

/// Two jobs that began with the same commit: what either has seen is kept, in whatever way they meet.
#[cfg(unix)]
#[test]
fn two_jobs_that_record_at_once_lose_nothing() {
    for (host, script) in recording_jobs() {
        for old in ["", OLD_LINE] {
            let mut site = SiteTest::new();
            if !old.is_empty() {
                site = site.file("evidence/states.jsonl", old);
            }
            let origin = bare_repository(&site);
            let clones: Vec<_> = (0..3).map(|_| job_clone(&origin, host)).collect();
            for (number, clone) in clones.iter().enumerate() {
                // Only the first sees that it answers, and each is a source of its own, but for the last two.
                let script = script.replace(host, if number == 0 { "first" } else { "others" });
                if number == 0 {
                    clone.write("answers", "");
                }
                let (is_done, said) = run_job(clone, &origin, &script);
                assert!(is_done, "{host}, {number}: {said}");
            }
            let evidence = pushed_evidence(&origin);
            assert!(evidence.starts_with(old), "{host}: {evidence}");
            let count = |source: &str, status: &str| {
                let lines = evidence.lines();
                let is = |line: &&str| line.contains(source) && line.contains(status);
                lines.filter(is).count()
            };
            assert_eq!(count("first", "operational"), 1, "{host}: {evidence}");
            assert!(count("others", "major_outage") >= 1, "{host}: {evidence}");
            // What came of it is a site.
            let clone = job_clone(&origin, host);
            let checked = clone.command(&[
                "--site",
                "site",
                "check",
                "--warn",
                "contradiction,unannounced-outage",
            ]);
            let checked = checked.output();
            assert!(checked.unwrap().status.success(), "{host}: {evidence}");
        }
    }
}

/// Jobs that run side by side.
#[cfg(unix)]
#[test]
fn jobs_that_push_at_the_same_time_try_again() {
    for (host, script) in recording_jobs() {
        let origin = bare_repository(&SiteTest::new().file("evidence/states.jsonl", OLD_LINE));
        let clones: Vec<_> = (0..2).map(|_| job_clone(&origin, host)).collect();
        let jobs = clones.iter().enumerate().map(|(number, clone)| {
            let script = script.replace(host, &format!("source-{number}"));
            start_job(clone, &origin, &script)
        });
        let jobs: Vec<_> = jobs.collect();
        for job in jobs {
            let output = job.wait_with_output().unwrap();
            assert!(output.status.success(), "{host}: {output:?}");
        }
        let evidence = pushed_evidence(&origin);
        for number in 0..2 {
            let source = format!("source-{number}");
            assert!(evidence.contains(&source), "{host}: {evidence}");
        }
    }
}

/// Somebody is quicker twice; and a third time.
#[cfg(unix)]
#[test]
fn a_push_is_tried_three_times() {
    use std::os::unix::fs::PermissionsExt as _;
    for (host, script) in recording_jobs() {
        for (refused, expected) in [(2, true), (3, false)] {
            let origin = bare_repository(&SiteTest::new().file("evidence/states.jsonl", OLD_LINE));
            origin.write(
                "hooks/pre-receive",
                format!("#!/bin/sh\necho x >> tries\ntest $(wc -l < tries) -gt {refused}\n"),
            );
            std::fs::set_permissions(
                origin.path("hooks/pre-receive"),
                std::fs::Permissions::from_mode(0o755),
            )
            .unwrap();
            let clone = job_clone(&origin, host);
            clone.write("answers", "");
            let (is_done, said) = run_job(&clone, &origin, &script);
            assert_eq!(is_done, expected, "{host}: {said}");
            assert_eq!(origin.read("tries"), "x\n".repeat(3), "{host}");
            assert_eq!(pushed_evidence(&origin).contains(host), expected, "{host}");
        }
    }
}

/// What others publish cannot become other code in a pipeline: each action is named by its commit, with its version beside it.
#[test]
fn actions_are_pinned_by_commit() {
    let site = SiteTest::empty();
    site.run(&["init", "--ci", "github"]);
    let mut pinned = std::collections::BTreeMap::new();
    for file in HOSTS[0].1 {
        for line in site.read(file).lines() {
            let Some((_, action)) = line.split_once("uses: ") else {
                continue;
            };
            let (name, commit) = action.split_once('@').unwrap();
            let (commit, version) = commit.split_once(" # v").unwrap_or((commit, ""));
            let is_commit = commit.len() == 40 && commit.bytes().all(|it| it.is_ascii_hexdigit());
            let is_version = version.split('.').count() == 3;
            assert!(is_commit && is_version, "{file}: {line}");
            // The same one everywhere.
            let other = pinned.insert(name.to_owned(), action.to_owned());
            assert!(other.is_none_or(|it| it == action), "{file}: {line}");
        }
    }
    assert_eq!(pinned.len(), 4, "{pinned:?}");
    // And allclear itself is built from the versions in its lock file.
    for (host, files) in HOSTS {
        site.command(&["init", "--ci", host]).output().unwrap();
        for file in files {
            for line in site.read(file).lines() {
                assert!(
                    !line.contains("cargo install") || line.contains("--locked"),
                    "{file}: {line}"
                );
                let is_install = line.contains("cargo +1.95 install");
                assert!(!is_install || line.contains("--locked"), "{file}: {line}");
            }
        }
    }
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
