//! `action.yml`, run as a runner of GitHub Actions runs it, step by step, with the release and the cache on this machine.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::release::{Release, SUMS, VERSION, archive};
use crate::since::{commit_as_published, git};
use crate::site_test::{SiteTest, files_below};

/// The folder of the project.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The action as it is written.
fn action() -> Value {
    let text = std::fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// A kind of machine: the names of its system and its processor, as the runner and as `uname` say them.
struct Machine {
    runner: (&'static str, &'static str),
    uname: (&'static str, &'static str),
    target: &'static str,
}

const LINUX: Machine = Machine {
    runner: ("Linux", "X64"),
    uname: ("Linux", "x86_64"),
    target: "x86_64-unknown-linux-musl",
};

/// All for which there is a program.
const MACHINES: [Machine; 6] = [
    LINUX,
    Machine {
        runner: ("Linux", "ARM64"),
        uname: ("Linux", "aarch64"),
        target: "aarch64-unknown-linux-musl",
    },
    Machine {
        runner: ("macOS", "X64"),
        uname: ("Darwin", "x86_64"),
        target: "x86_64-apple-darwin",
    },
    Machine {
        runner: ("macOS", "ARM64"),
        uname: ("Darwin", "arm64"),
        target: "aarch64-apple-darwin",
    },
    Machine {
        runner: ("Windows", "X64"),
        uname: ("MINGW64_NT-10.0-26100", "x86_64"),
        target: "x86_64-pc-windows-msvc",
    },
    Machine {
        runner: ("Windows", "ARM64"),
        // Git's bash is for the other processor there.
        uname: ("MINGW64_NT-10.0-26100-ARM64", "x86_64"),
        target: "aarch64-pc-windows-msvc",
    },
];

/// A repository's runners and cache. Each job has a new machine.
struct Runners<'a> {
    folder: SiteTest,
    site: &'a SiteTest,
    machine: &'a Machine,
    server: String,
}

/// A job in which only the action ran.
struct Job {
    succeeded: bool,
    /// What its steps printed.
    said: String,
    /// The outputs of the action.
    outputs: BTreeMap<String, String>,
    /// What is found before all else by its name.
    path: String,
}

impl<'a> Runners<'a> {
    fn new(site: &'a SiteTest, machine: &'a Machine, release: &Release) -> Self {
        let folder = SiteTest::empty();
        let copies = ["action.yml", "packaging/action.sh", "packaging/install.sh"];
        for file in copies {
            let bytes = std::fs::read(Path::new(ROOT).join(file)).unwrap();
            folder.write(&format!("_actions/acme/allclear/v1/{file}"), bytes);
        }
        let (system, processor) = machine.uname;
        let mut programs = vec![(
            "uname",
            format!("case $1 in -s) echo {system} ;; -m) echo {processor} ;; *) exit 1 ;; esac"),
        )];
        if machine.runner.0 == "Windows" {
            let turn = r#"case $1 in -u) echo "$2" | tr '\\' / ;; -w) echo "$2" | tr / '\\' ;; *) exit 1 ;; esac"#;
            programs.push(("cygpath", turn.to_owned()));
        }
        for (name, script) in programs {
            let path = format!("bin/{name}");
            folder.write(&path, format!("#!/bin/sh\n{script}\n"));
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(folder.path(&path), mode).unwrap();
        }
        Self {
            folder,
            site,
            machine,
            server: release.server().to_owned(),
        }
    }

    /// A job with these inputs and, beside what every job has, these variables.
    fn job(&self, inputs: &[(&str, &str)], variables: &[(&str, &str)]) -> Job {
        let action = action();
        let known: BTreeMap<&str, &Value> = action["inputs"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, input)| (name.as_str(), &input["default"]))
            .collect();
        let mut values = BTreeMap::new();
        for (name, value) in &known {
            values.insert(format!("inputs.{name}"), value.as_str().unwrap().to_owned());
        }
        for (name, value) in inputs {
            assert!(known.contains_key(name), "{name}");
            values.insert(format!("inputs.{name}"), (*value).to_owned());
        }
        let mut job = Job {
            succeeded: true,
            said: String::new(),
            outputs: BTreeMap::new(),
            path: String::new(),
        };
        // A new machine.
        for folder in ["temp", "tools"] {
            let _ = std::fs::remove_dir_all(self.folder.path(folder));
            std::fs::create_dir_all(self.folder.path(folder)).unwrap();
        }
        let mut to_be_kept = Vec::new();
        for step in action["runs"]["steps"].as_array().unwrap() {
            if let Some(other) = step["uses"].as_str() {
                assert!(other.starts_with("actions/cache@"), "{other}");
                let with = |name: &str| filled(step["with"][name].as_str().unwrap(), &values);
                let (path, key) = (with("path").replace('\\', "/"), with("key"));
                let kept = self.folder.path(&format!("cache/{key}"));
                match kept.exists() {
                    true => copy(&kept, Path::new(&path)),
                    false => to_be_kept.push((PathBuf::from(path), kept)),
                }
                continue;
            }
            self.step(step, &mut values, variables, &mut job);
            if !job.succeeded {
                return job;
            }
        }
        // Only a job that succeeds keeps something.
        for (path, kept) in to_be_kept {
            copy(&path, &kept);
        }
        for (name, output) in action["outputs"].as_object().unwrap() {
            let value = filled(output["value"].as_str().unwrap(), &values);
            job.outputs.insert(name.clone(), value);
        }
        job
    }

    /// A step that runs a line of shell.
    fn step(
        &self,
        step: &Value,
        values: &mut BTreeMap<String, String>,
        variables: &[(&str, &str)],
        job: &mut Job,
    ) {
        assert_eq!(step["shell"], "bash");
        for file in ["output", "path", "env"] {
            self.folder.write(file, "");
        }
        let (os, arch) = self.machine.runner;
        let search = std::env::var("PATH").unwrap();
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c"])
            .arg(step["run"].as_str().unwrap())
            .current_dir(self.site.path(""))
            .env(
                "PATH",
                format!("{}:{search}", self.folder.path("bin").display()),
            )
            .env_remove("ALLCLEAR_RELEASES")
            .env_remove("ALLCLEAR_SHA256")
            .env_remove("GITHUB_BASE_REF")
            .env("RUNNER_OS", os)
            .env("RUNNER_ARCH", arch)
            .env("RUNNER_TEMP", self.folder.path("temp"))
            .env("RUNNER_TOOL_CACHE", self.folder.path("tools"))
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_SERVER_URL", &self.server)
            .env("GITHUB_WORKSPACE", self.site.path(""))
            .env("GITHUB_OUTPUT", self.folder.path("output"))
            .env("GITHUB_PATH", self.folder.path("path"))
            .env("GITHUB_ENV", self.folder.path("env"))
            .env(
                "GITHUB_ACTION_PATH",
                self.folder.path("_actions/acme/allclear/v1"),
            )
            .envs(variables.iter().copied());
        for (name, value) in step["env"].as_object().unwrap() {
            command.env(name, filled(value.as_str().unwrap(), values));
        }
        let output = command.output().unwrap();
        job.succeeded = output.status.success();
        job.said += &String::from_utf8(output.stdout).unwrap();
        job.said += &String::from_utf8(output.stderr).unwrap();
        job.path += &self.folder.read("path");
        let id = step["id"].as_str().unwrap();
        for line in self.folder.read("output").lines() {
            let (name, value) = line.split_once('=').unwrap();
            values.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
        }
    }
}

/// A value in which expressions stand for others; what nobody has set is empty.
fn filled(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut parts = text.split("${{");
    let mut filled = parts.next().unwrap().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap();
        let name = name.trim();
        let is_known = name.starts_with("inputs.") || name.starts_with("steps.");
        assert!(is_known, "{name}");
        filled += values.get(name).map_or("", String::as_str);
        filled += rest;
    }
    filled
}

/// Copies a folder of files.
fn copy(from: &Path, to: &Path) {
    for file in files_below(from) {
        let target = to.join(&file);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(from.join(&file), target).unwrap();
    }
}

/// What a job asks of a release for a machine.
fn files_for(machine: &Machine) -> [String; 2] {
    [
        format!("/v{VERSION}/{SUMS}"),
        format!("/v{VERSION}/{}", archive(machine.target)),
    ]
}

/// The cache has the archive, and the program comes out of it in each job, once the release or the workflow has said its sum.
#[test]
fn a_page_is_built_and_the_second_job_asks_for_the_sum_alone() {
    let site = SiteTest::new();
    let release = Release::of_the_program();
    let runners = Runners::new(&site, &LINUX, &release);
    let [sums, file] = files_for(&LINUX);
    let mut asked = vec![sums.clone(), file.clone()];
    for _ in 0..2 {
        let job = runners.job(&[], &[]);
        assert!(job.succeeded, "{}", job.said);
        assert!(site.path("public/index.html").exists());
        let folder = job.path.trim_end();
        let expected = [
            ("pages", "public".to_owned()),
            ("path", format!("{folder}/allclear")),
            ("version", VERSION.to_owned()),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value));
        assert_eq!(job.outputs, BTreeMap::from(expected));
        let first = format!("allclear {VERSION} is {folder}/allclear\n");
        assert!(job.said.starts_with(&first), "{}", job.said);
        assert_eq!(release.asked(), asked);
        asked.push(sums.clone());
        std::fs::remove_dir_all(site.path("public")).unwrap();
    }
    // What the cache brings back is compared with what the cache has no word in.
    let kept = files_below(&runners.folder.path("cache"));
    let [kept] = &kept[..] else {
        panic!("{kept:?}");
    };
    assert!(kept.ends_with(&archive(LINUX.target)), "{kept}");
    runners.folder.write(&format!("cache/{kept}"), "anything");
    let job = runners.job(&[("command", "none")], &[]);
    assert!(job.succeeded, "{}", job.said);
    asked.push(file);
    assert_eq!(release.asked(), asked);
    assert_eq!(job.outputs["pages"], "");
}

/// The sum may come from the environment, as for the other scripts, or from the input, which counts for more.
#[test]
fn whoever_gives_the_sum_asks_for_no_list() {
    let site = SiteTest::new();
    let release = Release::of_the_program();
    let runners = Runners::new(&site, &LINUX, &release);
    let sum = release.sum(LINUX.target);
    let other = "0".repeat(64);
    let job = runners.job(&[], &[("ALLCLEAR_SHA256", &other)]);
    let is_told = job.said.contains(&format!("expected SHA-256 {other}\n"));
    assert!(!job.succeeded && is_told, "{}", job.said);
    let before = release.asked().len();
    for _ in 0..2 {
        let job = runners.job(&[("sha256", &sum)], &[("ALLCLEAR_SHA256", &other)]);
        assert!(job.succeeded, "{}", job.said);
        let job = runners.job(&[], &[("ALLCLEAR_SHA256", &sum)]);
        assert!(job.succeeded, "{}", job.said);
    }
    let [_, file] = files_for(&LINUX);
    assert_eq!(release.asked()[before..], [file]);
    // It may be another one than what the cache has, and another one than the release says.
    let kept = files_below(&runners.folder.path("cache"));
    runners
        .folder
        .write(&format!("cache/{}", kept[0]), "anything");
    let job = runners.job(&[("sha256", &sum)], &[]);
    assert!(job.succeeded, "{}", job.said);
    assert_eq!(release.asked().len(), before + 2);
}

#[test]
fn each_kind_of_machine_gets_its_program() {
    let site = SiteTest::new();
    let release = Release::of_the_program();
    let mut asked = Vec::new();
    for machine in &MACHINES {
        let runners = Runners::new(&site, machine, &release);
        let [sums, file] = files_for(machine);
        asked.extend([sums.clone(), file, sums]);
        for _ in 0..2 {
            let job = runners.job(&[("command", "check")], &[]);
            assert!(job.succeeded, "{}", job.said);
            let name = match machine.runner.0 {
                "Windows" => "\\allclear.exe",
                _ => "/allclear",
            };
            let path = &job.outputs["path"];
            assert!(path.ends_with(name), "{path}");
            assert_eq!(*path, format!("{}{name}", job.path.trim_end()));
        }
        assert_eq!(release.asked(), asked);
    }
}

#[test]
fn another_program_than_the_release_says_is_refused() {
    let site = SiteTest::new();
    let release = Release::spoiled("touch ran");
    let runners = Runners::new(&site, &LINUX, &release);
    let job = runners.job(&[], &[]);
    let why = format!(
        "::error title=allclear::allclear {VERSION} is not installed: install.sh: {}/v{VERSION}/{} is not what the release says, and nothing was installed\n",
        release.address(),
        archive(LINUX.target)
    );
    assert!(!job.succeeded && job.said.ends_with(&why), "{}", job.said);
    assert_eq!((job.path.as_str(), site.path("ran").exists()), ("", false));

    // What the workflow says of the program counts for more than what the release says.
    let release = Release::of_the_program();
    let runners = Runners::new(&site, &LINUX, &release);
    let other = "0".repeat(64);
    let job = runners.job(&[("sha256", &other)], &[]);
    let is_told = job.said.contains(&format!("expected SHA-256 {other}\n"));
    assert!(!job.succeeded && is_told, "{}", job.said);
    let sum = release.sum(LINUX.target).to_uppercase();
    let job = runners.job(&[("sha256", &sum)], &[]);
    assert!(job.succeeded, "{}", job.said);
}

/// Findings stand beside the lines that they are about, and history is compared with the branch of a pull request.
#[test]
fn a_check_annotates_and_guards_history() {
    let fault = "---\ntitle: Log-in fails\ncomponents: {wbe: major_outage}\nstarted: 2022-12-28 19:00\n---\n";
    let site = SiteTest::empty()
        .file(
            "status/allclear.toml",
            SiteTest::new().read("allclear.toml"),
        )
        .file(
            "status/incidents/log-in.md",
            fault.replace("wbe", "web") + "\n## Resolved · 2022-12-28 20:00\n",
        );
    commit_as_published(&site);
    let release = Release::of_the_program();
    let runners = Runners::new(&site, &LINUX, &release);
    let inputs = [("command", "check"), ("site", "./status")];
    let job = runners.job(&inputs, &[]);
    assert!(job.succeeded, "{}", job.said);
    site.write("status/incidents/slow.md", fault);
    let job = runners.job(&inputs, &[]);
    let is_beside = job.said.lines().any(|line| {
        line.starts_with("::error ") && line.contains("file=status/incidents/slow.md,line=3,")
    });
    assert!(!job.succeeded && is_beside, "{}", job.said);
    std::fs::remove_file(site.path("status/incidents/slow.md")).unwrap();

    // The branch has to be here.
    let request = [("GITHUB_BASE_REF", "main")];
    let job = runners.job(&inputs, &request);
    let why = "::error title=allclear::origin/main is not here, so that nobody can see whether history is rewritten: give actions/checkout fetch-depth: 0\n";
    assert!(!job.succeeded && job.said.ends_with(why), "{}", job.said);
    git(&site, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let job = runners.job(&inputs, &request);
    assert!(job.succeeded, "{}", job.said);
    std::fs::remove_file(site.path("status/incidents/log-in.md")).unwrap();
    let job = runners.job(&inputs, &request);
    let is_found = job.said.contains("removed-incident");
    assert!(!job.succeeded && is_found, "{}", job.said);
    // Without a pull request there is nothing to compare with.
    let job = runners.job(&inputs, &[]);
    assert!(job.succeeded, "{}", job.said);
}

/// A repository that was checked out below the folder of the job is the one whose history is compared.
#[test]
fn a_checkout_may_have_a_path() {
    let workspace = SiteTest::empty();
    let release = Release::of_the_program();
    let request = [("GITHUB_BASE_REF", "main")];
    let site = SiteTest::empty_in(&workspace.path("")).file(
        "status/allclear.toml",
        SiteTest::new().read("allclear.toml"),
    );
    commit_as_published(&site);
    let runners = Runners::new(&workspace, &LINUX, &release);
    let name = site.path("").display().to_string();
    let name = name.trim_end_matches('/').rsplit('/').next().unwrap();
    let inside = format!("{name}/status");
    let inputs = [("command", "check"), ("site", &*inside)];
    let job = runners.job(&inputs, &request);
    let why = "::error title=allclear::origin/main is not here, so that nobody can see whether history is rewritten: give actions/checkout fetch-depth: 0\n";
    assert!(!job.succeeded && job.said.ends_with(why), "{}", job.said);
    git(&site, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let job = runners.job(&inputs, &request);
    assert!(job.succeeded, "{}", job.said);
    let job = runners.job(&[("command", "check")], &request);
    let why = "::error title=allclear::the folder \".\" is in no repository: run actions/checkout before, and where that has a path, begin the input site with it\n";
    assert!(!job.succeeded && job.said.contains(why), "{}", job.said);
}

/// The lines of a program that writes down what it is asked to do.
fn writing_down() -> String {
    format!(
        "[ \"$1\" != --version ] || {{ echo allclear {VERSION}; exit; }}\nprintf '<%s>' \"$ALLCLEAR_SITE\" \"$@\" >asked"
    )
}

/// What a pull request may not do is no matter of other arguments.
#[test]
fn arguments_come_beside_the_rules_for_pull_requests() {
    let site = SiteTest::new();
    commit_as_published(&site);
    git(&site, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let release = Release::of(&writing_down());
    let runners = Runners::new(&site, &LINUX, &release);
    let rules = "<--deny><unused-file,future-update><--warn><contradiction,unannounced-outage>";
    for (arguments, expected) in [
        (
            "",
            format!("<--format><github>{rules}<--since><origin/main>"),
        ),
        (
            "--all",
            format!("<--all><--format><github>{rules}<--since><origin/main>"),
        ),
        (
            "--format=json --since HEAD --deny slow-evidence",
            format!("<--format=json><--since><HEAD><--deny><slow-evidence>{rules}"),
        ),
    ] {
        let inputs = [("command", "check"), ("args", arguments)];
        let job = runners.job(&inputs, &[("GITHUB_BASE_REF", "main")]);
        assert!(job.succeeded, "{}", job.said);
        assert_eq!(site.read("asked"), format!("<.><check>{expected}"));
    }
}

/// The folder of the page is told however it was said.
#[test]
fn pages_are_where_the_arguments_say() {
    let site = SiteTest::new();
    let release = Release::of(&writing_down());
    let runners = Runners::new(&site, &LINUX, &release);
    for (arguments, folder) in [
        ("", "status/public"),
        ("-o out", "out"),
        ("-oout", "out"),
        ("-o=out", "out"),
        ("-qoout", "out"),
        ("-qo out", "out"),
        ("--output out", "out"),
        ("--output=./out -q", "out"),
    ] {
        let job = runners.job(&[("site", "./status"), ("args", arguments)], &[]);
        assert!(job.succeeded, "{}", job.said);
        assert_eq!(job.outputs["pages"], folder, "{arguments}");
    }
}

/// What somebody writes into an input is an argument, whatever it is.
#[test]
fn inputs_are_never_run() {
    let site = SiteTest::new();
    let release = Release::of(&writing_down());
    let runners = Runners::new(&site, &LINUX, &release);
    let job = runners.job(
        &[
            ("command", "build"),
            ("args", "-q  --output=$(touch$IFS'ran')\n; touch ran * `id`"),
            ("site", "a b;$(touch ran)"),
        ],
        &[],
    );
    assert!(job.succeeded, "{}", job.said);
    assert_eq!(
        site.read("asked"),
        "<a b;$(touch ran)><build><-q><--output=$(touch$IFS'ran')><;><touch><ran><*><`id`>"
    );
    assert_eq!(job.outputs["pages"], "$(touch$IFS'ran')");
    assert!(!site.path("ran").exists());
    for (input, value, why) in [
        (
            "command",
            "Build",
            "the input command is \"Build\"; write a command of allclear, such as check or build, or none",
        ),
        (
            "command",
            "check\n::warning::x",
            "the input command is \"check%0A::warning::x\"; write a command of allclear, such as check or build, or none",
        ),
        (
            "version",
            "../1",
            "the input version is \"../1\"; write one like 0.1.0",
        ),
        (
            "version",
            "..",
            "the input version is \"..\"; write one like 0.1.0",
        ),
        (
            "site",
            "x\nmine=1",
            "the input site has more than one line: \"x%0Amine=1\"",
        ),
        (
            "sha256",
            "abc",
            "the input sha256, or ALLCLEAR_SHA256, is no SHA-256 sum: 64 digits, as SHA256SUMS of the release has them",
        ),
        (
            "from",
            "http://git.acme.example",
            "allclear 0.1.0 is not installed: install.sh: takes releases from an address with https:// only, not from 'http://git.acme.example'",
        ),
    ] {
        let runners = Runners::new(&site, &LINUX, &release);
        let job = runners.job(&[(input, value)], &[]);
        let why = format!("::error title=allclear::{why}\n");
        assert!(!job.succeeded && job.said.ends_with(&why), "{}", job.said);
    }
}

/// All logic stands in the script: a step is one line, no expression is a part of it, and other actions are named by commits.
#[test]
fn the_action_only_hands_on() {
    let action = action();
    let steps = action["runs"]["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 4);
    for step in steps {
        if let Some(run) = step["run"].as_str() {
            assert!(!run.contains('\n') && !run.contains("${{"), "{run}");
            let script = "bash \"$GITHUB_ACTION_PATH/packaging/action.sh\" ";
            assert!(run.starts_with(script), "{run}");
        }
        if let Some(other) = step["uses"].as_str() {
            let (_, commit) = other.split_once('@').unwrap();
            assert!(commit.len() == 40, "{other}");
        }
    }
    // Each input is handed on.
    let text = std::fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
    let inputs = action["inputs"].as_object().unwrap();
    assert_eq!(inputs.len(), 6);
    for name in inputs.keys() {
        let line = format!("INPUT_{}: ${{{{ inputs.{name} }}}}\n", name.to_uppercase());
        assert!(text.contains(&line), "{name}");
    }
}
