//! `init`, and the pipelines that it writes.

use std::process::Command;

use serde_json::{Value, json};

use crate::since::git;
use crate::site_test::{NOW, Outcome, SiteTest};

/// The hosts that `init --ci` knows, with the files that it writes for each.
const HOSTS: [(&str, &[&str]); 5] = [
    (
        "github",
        &[
            ".github/workflows/clock.yml",
            ".github/workflows/status.yml",
        ],
    ),
    ("gitlab", &[".gitlab-ci.yml"]),
    ("netlify", &["build-status.sh", "netlify.toml"]),
    (
        "cloudflare",
        &["build-status.sh", "rebuild.js", "wrangler.toml"],
    ),
    ("none", &[]),
];

/// The plans of a host.
const PLANS: [&str; 2] = ["free", "paid"];

/// A new site for a host and a plan, which has a title and an address.
fn new_site(host: &str, plan: &str) -> SiteTest {
    let site = SiteTest::empty();
    site.run(&[
        "init",
        "--ci",
        host,
        "--plan",
        plan,
        "--title",
        "Acme",
        "--base-url",
        "https://status.acme.example/",
    ]);
    site
}

/// A file of YAML in a site.
fn yaml(site: &SiteTest, file: &str) -> Value {
    serde_saphyr::from_str(&site.read(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn each_host_gets_its_files_and_nothing_is_overwritten() {
    for (host, files) in HOSTS {
        let site = new_site(host, "free");
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
                yaml(&site, file);
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

/// What differs between hosts and plans stands in the place that each file has for it.
#[test]
fn no_place_is_left_empty() {
    for (host, files) in HOSTS {
        for plan in PLANS {
            let site = new_site(host, plan);
            for file in files.iter().chain(&["allclear.toml"]) {
                let text = site.read(file);
                for place in ["VALID_FOR", "RHYTHM", "COSTS", "STATES", "PROBES", "TODAY"] {
                    assert!(!text.contains(place), "{host}, {plan}: {place} in {file}");
                }
                assert!(!text.contains("\n\n\n"), "{host}, {plan}: {file}");
            }
        }
    }
}

/// The numbers in a text, as `2,880`, and the words between them.
fn sums_in(text: &str) -> Vec<(String, u64, u64)> {
    let text = text.replace("\n# ", " ").replace(',', "");
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = |word: &str| word.trim_end_matches('.').parse::<u64>().ok();
    let mut sums = Vec::new();
    for (at, word) in words.iter().enumerate() {
        // A setting is no sum.
        if *word != "=" || at < 2 || words[at - 2] != "x" {
            continue;
        }
        let said = number(words[at + 1]).unwrap();
        let mut start = at - 1;
        let mut product = number(words[start]).unwrap();
        while words[start - 1] == "x" {
            start -= 2;
            product *= number(words[start]).unwrap();
        }
        sums.push((words[start..at + 2].join(" "), product, said));
    }
    sums
}

/// Each recipe says what it costs, and counts right.
#[test]
fn each_recipe_says_what_it_costs() {
    for (host, files) in HOSTS {
        for plan in PLANS.into_iter().filter(|_| host != "none") {
            let site = new_site(host, plan);
            let texts: String = files.iter().map(|file| site.read(file)).collect();
            assert_eq!(
                texts.matches("What it costs a month").count(),
                1,
                "{host}, {plan}"
            );
            let sums = sums_in(&texts);
            assert_eq!(sums.len(), 1, "{host}, {plan}: {sums:?}");
            for (sum, product, said) in sums {
                assert_eq!(product, said, "{host}, {plan}: {sum}");
            }
        }
    }
}

/// The longest time in minutes between two starts by a rhythm in cron's words, of those that recipes use.
fn longest_gap(cron: &str) -> i64 {
    let fields: Vec<&str> = cron.split(' ').collect();
    let [minute, hour, "*", "*", "*"] = fields[..] else {
        panic!("{cron}");
    };
    match (minute.strip_prefix("*/"), hour.strip_prefix("*/")) {
        (Some(minutes), None) if hour == "*" => minutes.parse().unwrap(),
        (None, None) if hour == "*" => 60,
        (None, Some(hours)) => hours.parse::<i64>().unwrap() * 60,
        _ => panic!("{cron}"),
    }
}

/// How long evidence holds in a new site, in minutes.
fn valid_for(site: &SiteTest) -> Option<i64> {
    let config: toml_edit::DocumentMut = site.read("allclear.toml").parse().unwrap();
    let of_each = config["components"].as_array_of_tables().unwrap().iter();
    let times: Vec<Option<i64>> = of_each
        .map(|component| {
            let text = component.get("states")?.get("valid_for")?.as_str()?;
            Some(allclear::time::parse_duration(text).unwrap().num_minutes())
        })
        .collect();
    assert!(times.windows(2).all(|pair| pair[0] == pair[1]), "{times:?}");
    times[0]
}

/// What a host's clock brings holds until it comes again, with a quarter to spare.
#[test]
fn evidence_holds_as_long_as_the_clock_of_the_host_takes() {
    let mut seen = Vec::new();
    for (host, _) in HOSTS {
        for plan in PLANS {
            let site = new_site(host, plan);
            let cron = match host {
                "github" => {
                    let clock = yaml(&site, ".github/workflows/clock.yml");
                    clock["on"]["schedule"][0]["cron"]
                        .as_str()
                        .map(str::to_owned)
                }
                "gitlab" => {
                    let text = site.read(".gitlab-ci.yml");
                    let (_, rest) = text.split_once("schedules:\n#   ").unwrap();
                    rest.lines().next().map(str::to_owned)
                }
                "cloudflare" => {
                    let config: toml_edit::DocumentMut =
                        site.read("wrangler.toml").parse().unwrap();
                    config["triggers"]["crons"][0].as_str().map(str::to_owned)
                }
                _ => None,
            };
            let gap = cron.as_deref().map(longest_gap);
            let time = valid_for(&site);
            assert_eq!(gap.is_some(), time.is_some(), "{host}, {plan}");
            if let (Some(gap), Some(time)) = (gap, time) {
                assert!(gap * 5 <= time * 4, "{host}, {plan}: {gap} {time}");
                seen.push((host, plan, time));
            }
        }
    }
    let expected = [
        ("github", "free", 360),
        ("github", "paid", 360),
        ("gitlab", "free", 75),
        ("gitlab", "paid", 30),
        ("cloudflare", "free", 75),
        ("cloudflare", "paid", 45),
    ];
    assert_eq!(seen, expected);
    // Where there is no clock, evidence need not be there.
    let config = new_site("netlify", "free").read("allclear.toml");
    assert_eq!(config.matches("\nstates = { required = false }").count(), 2);
}

/// A schedule that GitHub stops takes nothing with it but itself.
#[test]
fn the_clock_of_github_only_starts_what_publishes() {
    let site = new_site("github", "free");
    let (clock, status) = (
        yaml(&site, ".github/workflows/clock.yml"),
        yaml(&site, ".github/workflows/status.yml"),
    );
    let starts = |workflow: &Value| -> Vec<String> {
        workflow["on"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    assert_eq!(starts(&clock), ["schedule"]);
    assert_eq!(
        starts(&status),
        ["pull_request", "push", "workflow_dispatch"]
    );
    assert_eq!(
        clock["jobs"]["start"]["permissions"],
        json!({"actions": "write"})
    );
    let steps = clock["jobs"]["start"]["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 1);
    let run = steps[0]["run"].as_str().unwrap();
    assert!(run.starts_with("gh workflow run status.yml "), "{run}");

    // The newest is published, with a second attempt, and none is stopped half-way.
    let publish = &status["jobs"]["publish"];
    assert_eq!(publish["concurrency"]["cancel-in-progress"], json!(false));
    let steps = publish["steps"].as_array().unwrap();
    assert_eq!(steps[0]["with"]["ref"], status["on"]["push"]["branches"][0]);
    let deploys: Vec<&Value> = steps
        .iter()
        .filter(|step| {
            let action = step["uses"].as_str().unwrap_or_default();
            action.starts_with("actions/deploy-pages@")
        })
        .collect();
    assert_eq!(deploys.len(), 2);
    assert!(deploys.iter().all(|it| it["with"]["timeout"] == 600_000));
    assert_eq!(deploys[0]["continue-on-error"], json!(true));
    let id = deploys[0]["id"].as_str().unwrap();
    assert_eq!(
        deploys[1]["if"],
        json!(format!("steps.{id}.outcome == 'failure'"))
    );
}

/// What is seen comes back from the published page: no pipeline may write into the repository.
#[test]
fn nothing_is_committed() {
    for (host, files) in HOSTS {
        let site = new_site(host, "free");
        for file in files {
            let text = site.read(file);
            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with('#'));
            for line in code {
                let is_writing = ["git commit", "git push", "contents: write"]
                    .iter()
                    .any(|it| line.contains(it));
                assert!(!is_writing, "{file}: {line}");
            }
        }
    }
    // First what was known, then what is seen, then the page.
    let order = |commands: Vec<(&str, Vec<String>)>| -> Vec<String> {
        let names = commands.into_iter().map(|(_, words)| words[0].clone());
        names.filter(|name| name != "check").collect()
    };
    for (host, files) in &HOSTS[..2] {
        assert_eq!(
            order(commands_of(host, files)),
            ["pull", "probe", "build", "publish"]
        );
    }
    // A page that cannot be had keeps no incident from being published, and a second copy keeps what was seen.
    let github = yaml(&new_site("github", "free"), ".github/workflows/status.yml");
    let steps = github["jobs"]["publish"]["steps"].as_array().unwrap();
    let copies = steps
        .iter()
        .filter_map(|step| step["with"]["path"].as_str());
    let copies: Vec<&str> = copies.filter(|it| it.starts_with("evidence/")).collect();
    assert_eq!(copies, ["evidence/pulled\nevidence/latency"; 2]);
    let gitlab = yaml(&new_site("gitlab", "free"), ".gitlab-ci.yml");
    let copy = &gitlab["pages"]["cache"][1];
    assert_eq!(
        copy["paths"],
        json!(["evidence/pulled", "evidence/latency"])
    );
    let script = gitlab["pages"]["script"][0].as_str().unwrap();
    assert!(script.starts_with("allclear pull || "), "{script}");

    // Right before a host takes the page, it is compared with what is live.
    let at = |is_wanted: &dyn Fn(&Value) -> bool| steps.iter().position(is_wanted).unwrap();
    let guard = at(&|step| step["run"] == "allclear publish --guard");
    let deploy = at(&|step| {
        let action = step["uses"].as_str().unwrap_or_default();
        action.starts_with("actions/deploy-pages@")
    });
    assert_eq!(guard + 1, deploy);
    let last = gitlab["pages"]["script"]
        .as_array()
        .unwrap()
        .last()
        .unwrap();
    assert_eq!(last, "allclear publish --guard");
}

#[test]
fn a_plan_is_one_of_two_and_changes_what_is_there_not_at_all() {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    site.run(&["init", "--ci", "cloudflare", "--plan", "paid"])
        .expect_stdout(
            "Wrote build-status.sh; put the address of allclear into `ALLCLEAR`.
Wrote wrangler.toml; put the address of allclear into `ALLCLEAR`.
Wrote rebuild.js.
Left allclear.toml as it is: write `states = { valid_for = \"45m\" }` below each component, for that is what the clock of this host can keep.
",
        );
    assert_eq!(site.read("allclear.toml"), config);
    site.run(&["init", "--ci", "netlify"]).expect_stdout(
        "Wrote netlify.toml.
Left allclear.toml as it is: write `states = { required = false }` below each component, for this host has no clock.
",
    );
    site.run_fails(2, &["init", "--ci", "gitlab", "--plan", "gold"]);
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
        .expect_stdout(
            "Wrote .gitlab-ci.yml; put the address of allclear into `ALLCLEAR`.
Left allclear.toml as it is: write `states = { valid_for = \"75m\" }` below each component, for that is what the clock of this host can keep.
",
        );
    assert_eq!(site.read("allclear.toml"), config);
}

/// A clone of a repository, beside programs that a build machine has. `pull`, `probe` and `publish` write down that they ran; there
/// is no page yet that could be pulled.
#[cfg(unix)]
fn clone_of(site: &SiteTest) -> SiteTest {
    use std::os::unix::fs::PermissionsExt as _;
    let clone = SiteTest::empty();
    let origin = site.path("");
    let output = Command::new("git")
        .args(["clone", "-q", origin.to_str().unwrap(), "site"])
        .current_dir(clone.path(""))
        .output();
    assert!(output.unwrap().status.success());
    let program = snapbox::cmd::cargo_bin!("allclear").display().to_string();
    let script = format!(
        "echo \"$1\" >> ../ran\ncase $1 in pull|probe) exit 2 ;; *) exec {program} \"$@\" ;; esac"
    );
    for (name, script) in [
        ("allclear", script),
        ("cargo", "echo \"cargo $*\" >> ../ran; exit 1".to_owned()),
    ] {
        let path = format!("bin/{name}");
        clone.write(&path, format!("#!/bin/sh\n{script}\n"));
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(clone.path(&path), mode).unwrap();
    }
    clone
}

/// Runs the command of a host's configuration on a branch, and gives whether it succeeds with what it says.
#[cfg(unix)]
fn build(clone: &SiteTest, command: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(clone.path("site"))
        .env("HOME", clone.path("home"))
        .env("PATH", format!("{}:{path}", clone.path("bin").display()))
        .env("NO_COLOR", "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.success(), said)
}

/// The command by which a host builds.
#[cfg(unix)]
fn build_command(site: &SiteTest, file: &str) -> String {
    let config: toml_edit::DocumentMut = site.read(file).parse().unwrap();
    config["build"]["command"].as_str().unwrap().to_owned()
}

/// A site in a repository, with an incident that is over, and pipelines for the hosts that share a script.
#[cfg(unix)]
fn origin() -> SiteTest {
    let origin = SiteTest::new().file(
        "incidents/log-in.md",
        "---\ntitle: Log-in fails\ncomponents: {web: major_outage}\nstarted: 2022-12-28 19:00\n---\n\n## Resolved · 2022-12-28 20:00\n",
    );
    origin.run(&["init", "--ci", "netlify"]);
    origin.run(&["init", "--ci", "cloudflare"]);
    git(&origin, &["init", "-q", "-b", "main"]);
    git(&origin, &["add", "."]);
    git(&origin, &["commit", "-qm", "Begin"]);
    origin
}

#[cfg(unix)]
#[test]
fn a_build_looks_where_there_is_a_clock_and_guards_history() {
    let origin = origin();
    for (file, branch, expected) in [
        (
            "wrangler.toml",
            "WORKERS_CI_BRANCH",
            "pull\nprobe\nbuild\ncheck\npublish\n",
        ),
        ("netlify.toml", "BRANCH", "build\ncheck\npublish\n"),
    ] {
        let clone = clone_of(&origin);
        let command = build_command(&origin, file);
        let (is_built, said) = build(&clone, &command, &[(branch, "main")]);
        assert!(is_built, "{said}");
        assert_eq!(clone.read("ran"), expected);
        assert!(clone.path("site/public/index.html").exists());

        // A pull request may say what goes wrong, but take nothing away.
        let new = [
            "new",
            "incident",
            "Down",
            "-c",
            "web=major_outage",
            "-m",
            "x",
        ];
        clone.run(&[&["--site", "site"], &new[..]].concat());
        let request = [(branch, "pull/1/head")];
        let (is_built, said) = build(&clone, &command, &request);
        assert!(is_built, "{said}");
        std::fs::remove_file(clone.path("site/incidents/log-in.md")).unwrap();
        let (is_built, said) = build(&clone, &command, &request);
        let is_told = said.contains("error[removed-incident]");
        assert!(!is_built && is_told, "{said}");
    }
}

/// A program that is built already is fetched, and nothing is compiled; a repository is compiled.
#[cfg(unix)]
#[test]
fn a_build_fetches_the_program_or_compiles_it() {
    let origin = origin();
    let clone = clone_of(&origin);
    std::fs::rename(clone.path("bin/allclear"), clone.path("ready")).unwrap();
    // Whatever machine this is, it has no program of this name by itself.
    let path = format!("{}:/usr/bin:/bin", clone.path("bin").display());
    let command = build_command(&origin, "wrangler.toml");
    let address = format!("file://{}", clone.path("ready").display());
    let variables = [
        ("WORKERS_CI_BRANCH", "main"),
        ("ALLCLEAR", address.as_str()),
        ("PATH", path.as_str()),
    ];
    let (is_built, said) = build(&clone, &command, &variables);
    assert!(is_built, "{said}");
    assert_eq!(clone.read("ran"), "pull\nprobe\nbuild\ncheck\npublish\n");

    std::fs::remove_dir_all(clone.path("site/.installed")).unwrap();
    std::fs::remove_file(clone.path("ran")).unwrap();
    let address = "https://git.example.com/allclear.git";
    let variables = [
        ("WORKERS_CI_BRANCH", "main"),
        ("ALLCLEAR", address),
        ("PATH", path.as_str()),
    ];
    let (is_built, said) = build(&clone, &command, &variables);
    assert!(!is_built, "{said}");
    let expected = format!("cargo install --locked --git {address}\n");
    assert_eq!(clone.read("ran"), expected);
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
    assert_eq!(pinned.len(), 6, "{pinned:?}");
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
        let runs = runs.filter(|(_, arguments)| !arguments.starts_with("\"$step"));
        for (_, arguments) in runs {
            let arguments = arguments.split(['#', '|', '>']).next().unwrap();
            let arguments = arguments
                .replace('"', "")
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

/// A secret that a probe needs reaches its step as a comment shows it, and a probe that lacks one stops no incident.
#[test]
fn probes_get_their_secrets_and_stop_nothing() {
    let site = new_site("github", "free");
    let file = ".github/workflows/status.yml";
    let text = site.read(file);
    site.write(file, text.replace("# env: ", "env: "));
    let workflow = yaml(&site, file);
    let steps = workflow["jobs"]["publish"]["steps"].as_array().unwrap();
    let step = steps.iter().find(|it| it["run"] == "allclear probe");
    let step = step.unwrap();
    assert_eq!(step["env"]["TOKEN"], "${{ secrets.TOKEN }}");
    assert_eq!(step["continue-on-error"], true);
    let site = new_site("gitlab", "free");
    let script = site.read(".gitlab-ci.yml");
    assert!(
        script.contains("\n    - allclear probe || echo "),
        "{script}"
    );
    assert!(script.contains("`${TOKEN}`"), "{script}");
    let site = new_site("cloudflare", "free");
    let script = site.read("build-status.sh");
    assert!(script.contains("`${TOKEN}`"), "{script}");
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
