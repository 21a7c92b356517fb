//! `init`, and the pipelines that it writes.

use std::process::Command;

use serde_json::{Value, json};

#[cfg(unix)]
use crate::release::{self, Release, SUMS, archive, here};
use crate::since::git;
use crate::site_test::{NOW, Outcome, SiteTest};

/// The hosts that `init --ci` knows, with the files that it writes for each.
const HOSTS: [(&str, &[&str]); 5] = [
    (
        "github",
        &[
            ".github/dependabot.yml",
            ".github/workflows/clock.yml",
            ".github/workflows/status.yml",
            "get-allclear.sh",
        ],
    ),
    ("gitlab", &[".gitlab-ci.yml", "get-allclear.sh"]),
    (
        "netlify",
        &["build-status.sh", "get-allclear.sh", "netlify.toml"],
    ),
    (
        "cloudflare",
        &[
            "build-status.sh",
            "get-allclear.sh",
            "rebuild.js",
            "wrangler.toml",
        ],
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

/// The places in what `init` writes.
const PLACES: [&str; 9] = [
    "VALID_FOR",
    "RHYTHM",
    "COSTS",
    "STATES",
    "PROBES",
    "TODAY",
    "PROGRAM_VERSION",
    "RELEASES_ADDRESS",
    "REQUEST_RULES",
];

/// What differs between hosts and plans stands in the place that each file has for it.
#[test]
fn no_place_is_left_empty() {
    for (host, files) in HOSTS {
        for plan in PLANS {
            let site = new_site(host, plan);
            for file in files.iter().chain(&["allclear.toml"]) {
                let text = site.read(file);
                for place in PLACES {
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
    // First what was known, then what is seen, then the page, and then those who want to know.
    let order = |commands: Vec<(&str, Vec<String>)>| -> Vec<String> {
        let names = commands.into_iter().map(|(_, words)| words[0].clone());
        names.filter(|name| name != "check").collect()
    };
    for (host, files) in &HOSTS[..2] {
        assert_eq!(
            order(commands_of(host, files)),
            ["pull", "probe", "build", "publish", "notify"]
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
            "Wrote build-status.sh.
Wrote wrangler.toml.
Wrote rebuild.js.
Wrote get-allclear.sh; put the address of allclear's releases into `ALLCLEAR_RELEASES`.
Wrote .gitignore.
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

    // What was written into the script that all hosts share stays there.
    let script = site.read("get-allclear.sh");
    let own = script.replace("git.example.com", "git.acme.example");
    site.write("get-allclear.sh", &own);
    site.run(&["init", "--ci", "gitlab", "--agent", "container"])
        .expect_stdout(
            "Wrote .gitlab-ci.yml.
Wrote Containerfile.
Wrote .containerignore.
Wrote .dockerignore.
Left get-allclear.sh as it is.
Left allclear.toml as it is: write `states = { valid_for = \"75m\" }` below each component, for that is what the clock of this host can keep.
",
        );
    assert_eq!(site.read("get-allclear.sh"), own);
}

#[test]
fn a_site_that_is_there_gets_a_pipeline() {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    site.run(&["init", "--ci", "gitlab"])
        .expect_stdout(
            "Wrote .gitlab-ci.yml.
Wrote get-allclear.sh; put the address of allclear's releases into `ALLCLEAR_RELEASES`.
Wrote .gitignore.
Left allclear.toml as it is: write `states = { valid_for = \"75m\" }` below each component, for that is what the clock of this host can keep.
",
        );
    assert_eq!(site.read("allclear.toml"), config);
}

/// The lines of a program that writes down what it is asked to do. There is no page yet that could be pulled.
#[cfg(unix)]
fn recording() -> String {
    let program = snapbox::cmd::cargo_bin!("allclear").display().to_string();
    format!(
        "[ \"$1\" = --version ] || echo \"$1\" >> ../ran\ncase $1 in pull|probe) exit 2 ;; *) exec {program} \"$@\" ;; esac"
    )
}

/// A clone of a repository, beside programs that a build machine has, and none of which compiles.
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
    for name in ["cargo", "rustup", "rustc"] {
        let path = format!("bin/{name}");
        clone.write(&path, format!("#!/bin/sh\necho {name} >> ../ran; exit 1\n"));
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
    let release = Release::of(&recording());
    let releases = ("ALLCLEAR_RELEASES", &*release.address());
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
        let (is_built, said) = build(&clone, &command, &[(branch, "main"), releases]);
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
        let request = [(branch, "pull/1/head"), releases];
        let (is_built, said) = build(&clone, &command, &request);
        assert!(is_built, "{said}");
        std::fs::remove_file(clone.path("site/incidents/log-in.md")).unwrap();
        let (is_built, said) = build(&clone, &command, &request);
        let is_told = said.contains("error[removed-incident]");
        assert!(!is_built && is_told, "{said}");
    }
}

/// The shell lines of a step of each pipeline in which the program is fetched, with the file that says them.
#[cfg(unix)]
fn ways_to_fetch(origin: &SiteTest) -> Vec<(&'static str, String)> {
    let workflow = yaml(origin, ".github/workflows/status.yml");
    let mut ways = Vec::new();
    for job in ["check", "publish"] {
        let steps = workflow["jobs"][job]["steps"].as_array().unwrap();
        let runs = steps.iter().filter_map(|step| step["run"].as_str());
        let mut runs = runs.filter(|run| run.contains("get-allclear.sh"));
        ways.push((
            ".github/workflows/status.yml",
            runs.next().unwrap().to_owned(),
        ));
    }
    let pipeline = yaml(origin, ".gitlab-ci.yml");
    let lines = pipeline[".allclear"]["before_script"].as_array().unwrap();
    let lines: Vec<&str> = lines.iter().map(|line| line.as_str().unwrap()).collect();
    // A runner stops at the first line that fails.
    ways.push((".gitlab-ci.yml", format!("set -e\n{}", lines.join("\n"))));
    for file in ["netlify.toml", "wrangler.toml"] {
        ways.push((file, build_command(origin, file)));
    }
    let text = origin.read("Containerfile");
    let run = text.lines().find_map(|line| line.strip_prefix("RUN "));
    let run = run.unwrap().split(" && ").next().unwrap();
    ways.push(("Containerfile", run.to_owned()));
    ways
}

/// A site with all pipelines.
#[cfg(unix)]
fn with_all_pipelines() -> SiteTest {
    let origin = SiteTest::new();
    for (host, _) in HOSTS.iter().filter(|(host, _)| *host != "none") {
        origin.run(&["init", "--ci", host]);
    }
    origin.run(&["init", "--agent", "container"]);
    git(&origin, &["init", "-q", "-b", "main"]);
    git(&origin, &["add", "."]);
    git(&origin, &["commit", "-qm", "Begin"]);
    origin
}

/// Every recipe fetches the program of the version that wrote it once, compares its sum, and compiles nothing.
#[cfg(unix)]
#[test]
fn each_recipe_fetches_the_program_and_compares_its_sum() {
    let origin = with_all_pipelines();
    let release = Release::of_the_program();
    let spoiled = Release::spoiled("true");
    let archive = archive(&here());
    let version = release::VERSION;
    let [sums, program] = [SUMS, &archive].map(|file| format!("/v{version}/{file}"));
    let mut asked = Vec::new();
    for (file, command) in ways_to_fetch(&origin) {
        let clone = clone_of(&origin);
        let env = clone.path("github-path").display().to_string();
        let variables = |address: &str| -> Vec<(&str, String)> {
            vec![
                ("ALLCLEAR_RELEASES", address.to_owned()),
                ("GITHUB_PATH", env.clone()),
                ("WORKERS_CI_BRANCH", "main".to_owned()),
                ("BRANCH", "main".to_owned()),
            ]
        };
        let build = |address: &str| {
            let variables = variables(address);
            let variables: Vec<_> = variables.iter().map(|(name, it)| (*name, &**it)).collect();
            build(&clone, &command, &variables)
        };
        let (is_built, said) = build(&spoiled.address());
        let why = format!(
            "get-allclear.sh: {}/v{version}/{archive} is not what the release says, and nothing was installed\n  expected SHA-256 {}\n  fetched          {}\n",
            spoiled.address(),
            spoiled.sum(&here()),
            "ee0874170b7f6f32b8c2ac9573c428d35b575270a66b757c2c0185d2bd09718d",
        );
        assert!(!is_built && said == why, "{file}: {said}");
        assert!(!clone.path("site/.installed/allclear").exists(), "{file}");

        // The list of sums is fetched each time: what lies beside an archive proves nothing about it.
        for fetched in [&[&sums, &program][..], &[&sums]] {
            asked.extend(fetched.iter().map(|path| (*path).clone()));
            let (_, said) = build(&release.address());
            assert!(!said.contains("get-allclear.sh: "), "{file}: {said}");
            assert_eq!(release.asked(), asked, "{file}");
            let installed = Command::new(clone.path("site/.installed/allclear"))
                .arg("--version")
                .output();
            let printed = String::from_utf8(installed.unwrap().stdout).unwrap();
            assert_eq!(printed, format!("allclear {version}\n"), "{file}");
        }
        assert!(!clone.path("ran").exists(), "{file}");
        if file.starts_with(".github") {
            let folder = clone.path("site/.installed").canonicalize().unwrap();
            let line = format!("{}\n", folder.display());
            assert!(clone.read("github-path").contains(&line));
        }
    }
    assert_eq!(asked.len(), 18);
}

/// The sum may stand in the recipe, so that another program is refused even if the release says that it is right, and what a
/// cache has is taken without asking anybody.
#[cfg(unix)]
#[test]
fn a_program_is_fetched_only_where_it_may_be() {
    let origin = with_all_pipelines();
    let clone = clone_of(&origin);
    let release = Release::of_the_program();
    let (address, sum) = (release.address(), release.sum(&here()));
    let fetch = |variables: &[(&str, &str)]| build(&clone, "sh get-allclear.sh", variables);
    let other = "0".repeat(64);
    let (is_there, said) = fetch(&[("ALLCLEAR_RELEASES", &address), ("ALLCLEAR_SHA256", &other)]);
    let is_told = said.contains(" is not what ALLCLEAR_SHA256 says, and nothing was installed\n");
    assert!(!is_there && is_told, "{said}");
    let script = clone.read("site/get-allclear.sh");
    let line = "\nALLCLEAR_SHA256=${ALLCLEAR_SHA256:-}\n";
    assert!(script.contains(line));
    let own = script.replace(line, &line.replace("}\n", &format!("{sum}}}\n")));
    clone.write("site/get-allclear.sh", own);
    let (is_there, said) = fetch(&[("ALLCLEAR_RELEASES", &address)]);
    assert!(is_there, "{said}");
    let before = release.asked().len();
    let (is_there, said) = fetch(&[("ALLCLEAR_RELEASES", &address)]);
    assert!(is_there && release.asked().len() == before, "{said}");
    // Neither what a cache brought back, nor what lies beside it, is believed.
    clone.write("site/get-allclear.sh", script);
    let folder = clone.path("site/.installed/fetched");
    assert_eq!(crate::site_test::files_below(&folder), [archive(&here())]);
    let spoil = |file: &str, text: &str| {
        for folder in ["", &format!("v{}/", release::VERSION)] {
            clone.write(&format!("site/.installed/fetched/{folder}{file}"), text);
        }
    };
    spoil(&archive(&here()), "anything");
    let anything = "ee0874170b7f6f32b8c2ac9573c428d35b575270a66b757c2c0185d2bd09718d";
    spoil(SUMS, &format!("{anything}  {}\n", archive(&here())));
    let (is_there, said) = fetch(&[("ALLCLEAR_RELEASES", &address)]);
    assert!(is_there && release.asked().len() == before + 2, "{said}");

    for (address, why) in [
        (
            "http://git.acme.example/allclear",
            "takes releases from an address with https:// only, not from 'http://git.acme.example/allclear'",
        ),
        (
            &*format!("{address}/elsewhere"),
            &*format!(
                "{address}/elsewhere/v{}/SHA256SUMS could not be fetched: look at the version, and at ALLCLEAR_RELEASES or --from",
                release::VERSION
            ),
        ),
    ] {
        let clone = clone_of(&origin);
        let variables = [("ALLCLEAR_RELEASES", address)];
        let (is_there, said) = build(&clone, "sh get-allclear.sh", &variables);
        let is_told = said.ends_with(&format!("get-allclear.sh: {why}\n"));
        assert!(!is_there && is_told, "{said}");
    }
}

/// A list of sums that was none, as the page of a log-in, is no matter of the next run.
#[cfg(unix)]
#[test]
fn a_bad_list_of_sums_is_not_kept() {
    let origin = with_all_pipelines();
    let clone = clone_of(&origin);
    let bad = Release::of_the_program_listed(|_| "<!doctype html>\n".to_owned());
    let release = Release::of_the_program();
    let fetch = |release: &Release| {
        let releases = ("ALLCLEAR_RELEASES", &*release.address());
        build(&clone, "sh get-allclear.sh", &[releases])
    };
    let (is_there, said) = fetch(&bad);
    let is_told = said.contains("/SHA256SUMS lists no archive for this machine (");
    assert!(!is_there && is_told, "{said}");
    let (is_there, said) = fetch(&release);
    assert!(is_there, "{said}");
    // A program that runs is replaced as a whole, and one that cannot be had leaves it there.
    let program = clone.path("site/.installed/allclear");
    let running = std::fs::File::open(&program).unwrap();
    let (is_there, said) = fetch(&Release::of("echo other"));
    let is_told = said.contains("says that it is 'other'");
    assert!(!is_there && is_told, "{said}");
    let (is_there, said) = fetch(&release);
    assert!(is_there, "{said}");
    use std::os::unix::fs::MetadataExt as _;
    let (old, new) = (
        running.metadata().unwrap(),
        std::fs::metadata(&program).unwrap(),
    );
    assert_eq!((old.nlink(), new.nlink()), (0, 1));
    let installed = std::fs::read_dir(clone.path("site/.installed")).unwrap();
    assert_eq!(installed.count(), 2);
}

/// `install.sh` of a release and the script of pipelines differ in what they are told, and in nothing else.
#[test]
fn fetching_is_written_once() {
    let site = new_site("github", "free");
    let script = site.read("get-allclear.sh");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let install = std::fs::read_to_string(root.join("packaging/install.sh")).unwrap();
    let shared = "\n# From here on, ";
    let (own, of_pipelines) = script.split_once(shared).unwrap();
    let (_, of_releases) = install.split_once(shared).unwrap();
    assert_eq!(of_pipelines, of_releases);
    assert!(of_releases.len() > 6000);
    assert!(own.lines().count() < 20, "{own}");
    let action = std::fs::read_to_string(root.join("packaging/action.sh")).unwrap();
    assert!(action.contains("sh \"$here/install.sh\" "));
    for fetching in ["curl", "wget", "sha256sum", "tar "] {
        assert!(!action.contains(fetching), "{fetching}");
    }
}

#[test]
fn shells_and_shellcheck_find_nothing_in_what_is_written() {
    let site = new_site("netlify", "free");
    for script in ["get-allclear.sh", "build-status.sh"] {
        let mut read = 0;
        for shell in [
            &["dash", "-n"][..],
            &["bash", "-n"],
            &["busybox", "sh", "-n"],
            &["shellcheck"],
        ] {
            let ran = Command::new(shell[0])
                .args(&shell[1..])
                .arg(site.path(script))
                .output();
            let Ok(output) = ran else {
                eprintln!("not run: there is no {}", shell[0]);
                continue;
            };
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(output.status.success(), "{shell:?}: {said}");
            read += 1;
        }
        assert!(read > 0);
    }
}

/// What is fetched is nothing of the site's.
#[test]
fn git_ignores_the_program() {
    for (option, host) in [
        ("--ci", "github"),
        ("--ci", "gitlab"),
        ("--ci", "netlify"),
        ("--ci", "cloudflare"),
        ("--agent", "container"),
        ("--agent", "kubernetes"),
    ] {
        let site = SiteTest::empty();
        site.run(&["init", option, host]);
        site.write(".installed/allclear", "program");
        site.write("public/index.html", "page");
        git(&site, &["init", "-q", "-b", "main"]);
        git(&site, &["add", "."]);
        git(&site, &["commit", "-qm", "Begin"]);
        std::fs::remove_dir_all(site.path(".installed")).unwrap();
        std::fs::remove_dir_all(site.path("public")).unwrap();
        let changed = Command::new("git")
            .args(["status", "--porcelain"])
            .current_dir(site.path(""))
            .output();
        let changed = String::from_utf8(changed.unwrap().stdout).unwrap();
        assert_eq!(changed, "", "{host}");
    }
    // A site that is there, and has a list.
    for (before, after, said) in [
        (
            "/public\n",
            "/public\n# What `get-allclear.sh` fetches.\n/.installed\n",
            "\nAdded `/.installed` to .gitignore.\n",
        ),
        (".installed/\n", ".installed/\n", "\n"),
    ] {
        let site = SiteTest::new().file(".gitignore", before);
        let init = site.run(&["init", "--ci", "gitlab"]);
        assert_eq!(site.read(".gitignore"), after);
        assert!(init.stdout().contains(said), "{}", init.stdout());
        assert_eq!(init.stdout().contains("gitignore"), before != after);
    }
    // Without a pipeline there is nothing to ignore.
    let site = SiteTest::empty();
    site.run(&["init"]);
    assert!(!site.read(".gitignore").contains("installed"));
}

/// What a merge request puts into a cache, the branch that publishes does not take out of it.
#[test]
fn requests_have_a_cache_of_their_own() {
    let pipeline = yaml(&new_site("gitlab", "free"), ".gitlab-ci.yml");
    let of_requests = &pipeline["check"]["cache"];
    let of_pages = &pipeline["pages"]["cache"][0];
    assert_eq!(of_pages["key"], json!({"files": ["get-allclear.sh"]}));
    assert_eq!(
        of_requests["key"],
        json!({"files": ["get-allclear.sh"], "prefix": "request"})
    );
    for cache in [of_requests, of_pages, &pipeline[".allclear"]["cache"]] {
        assert_eq!(cache["paths"], json!([".installed/fetched"]));
    }
}

/// A pull request is checked by the same rules everywhere.
#[test]
fn the_rules_for_requests_are_the_same_everywhere() {
    let rules = "--deny unused-file,future-update --warn contradiction,unannounced-outage";
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut look = |file: &str, text: &str| {
        for line in text.lines().filter(|line| line.contains("--deny ")) {
            assert!(line.contains(rules), "{file}: {line}");
            found.push(file.to_owned());
        }
    };
    for (host, files) in HOSTS {
        let site = new_site(host, "free");
        for file in files {
            look(file, &site.read(file));
        }
    }
    let action = std::fs::read_to_string(root.join("packaging/action.sh")).unwrap();
    look("action.sh", &action);
    let expected = [
        ".github/workflows/status.yml",
        ".gitlab-ci.yml",
        ".gitlab-ci.yml",
        "build-status.sh",
        "build-status.sh",
        "action.sh",
    ];
    assert_eq!(found, expected);
    // In the program they are written once.
    let mut written = 0;
    let folder = root.join("src/cli/init");
    for file in crate::site_test::files_below(&folder) {
        let text = std::fs::read_to_string(folder.join(&file)).unwrap();
        written += text.matches("--deny ").count();
    }
    assert_eq!(written, 1);
}

/// Actions are named by commits, which somebody has to raise: Dependabot does, where its file says so, and of the program it
/// knows nothing.
#[test]
fn newer_actions_are_proposed() {
    let site = new_site("github", "free");
    let file = ".github/dependabot.yml";
    let config = yaml(&site, file);
    assert_eq!(config["version"], 2);
    let updates = config["updates"].as_array().unwrap();
    assert_eq!(updates.len(), 1);
    assert_eq!(updates[0]["package-ecosystem"], "github-actions");
    assert_eq!(updates[0]["directory"], "/");
    assert!(updates[0]["schedule"]["interval"].is_string());
    let site = SiteTest::new().file(file, "version: 2\nupdates: []\n");
    let init = site.run(&["init", "--ci", "github"]);
    assert!(
        init.stdout()
            .contains("\nLeft .github/dependabot.yml as it is.\n"),
        "{}",
        init.stdout()
    );
    assert_eq!(site.read(file), "version: 2\nupdates: []\n");
}

/// No recipe has a compiler in it, nor a version that is not the one that wrote it.
#[test]
fn no_recipe_compiles() {
    let mut read = 0;
    for (option, host) in [
        ("--ci", "github"),
        ("--ci", "gitlab"),
        ("--ci", "netlify"),
        ("--ci", "cloudflare"),
        ("--agent", "container"),
        ("--agent", "kubernetes"),
        ("--agent", "systemd"),
    ] {
        let site = SiteTest::empty();
        site.run(&["init", option, host]);
        for file in crate::site_test::files_below(&site.path("")) {
            let text = site.read(&file);
            for word in ["cargo", "rustup", "rust:", "compile "] {
                assert!(!text.contains(word), "{file}: {word}");
            }
            read += 1;
        }
        let is_fetching = site.path("get-allclear.sh").exists();
        assert_eq!(is_fetching, host != "systemd");
        if is_fetching {
            let version = format!("\nVERSION={}\n", env!("CARGO_PKG_VERSION"));
            assert!(site.read("get-allclear.sh").contains(&version));
        }
    }
    assert!(read >= 30, "only {read} files were read");
}

/// What others publish cannot become other code in a pipeline, or in a release: each action is named by its commit, with its
/// version beside it.
#[test]
fn actions_are_pinned_by_commit() {
    let site = SiteTest::empty();
    site.run(&["init", "--ci", "github"]);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = HOSTS[0].1.iter().map(|file| site.path(file)).collect();
    files.push(root.join("action.yml"));
    let own = ["ci.yml", "release.yml"];
    files.extend(own.map(|file| root.join(".github/workflows").join(file)));
    let mut pinned = std::collections::BTreeMap::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'));
        for line in lines {
            let Some((_, action)) = line.split_once("uses: ") else {
                continue;
            };
            let file = file.display();
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
    assert_eq!(pinned.len(), 12, "{pinned:?}");
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
