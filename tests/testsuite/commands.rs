//! The commands: those that write into a site, `init` and `new`, and the help of each.

use std::collections::BTreeSet;

use snapbox::cmd::Command;

use crate::site_test::{NOW, Outcome, SiteTest, files_below};

#[test]
fn init_starts_a_site_once() {
    let site = SiteTest::empty();
    site.run(&["init", "status"]).expect_stdout(
        "Wrote status/allclear.toml and status/.gitignore. Next:
  1. Name your page, its address and your components in status/allclear.toml.
  2. Run `allclear new incident \"What goes wrong\"` when something does.
  3. Run `allclear build`, and publish the folder `public`.
",
    );
    assert_eq!(
        site.read("status/.gitignore"),
        "# What `allclear build` writes.\n/public\n"
    );
    let config = site.read("status/allclear.toml");
    site.run_fails(2, &["init", "status"]).expect_stderr(
        "error: `status/allclear.toml` is there already\n  help: nothing was changed; move it away or choose another name\n",
    );
    assert_eq!(site.read("status/allclear.toml"), config);
}

#[test]
fn a_site_is_started_in_its_languages() {
    let site = SiteTest::empty();
    site.run(&[
        "init",
        "one",
        "--language",
        "fr",
        "--ci",
        "gitlab",
        "--now",
        NOW,
    ]);
    let head = r#"#:schema ./public/schemas/site.json
# The status page of a service. Every key is described in allclear's documentation (docs/reference/site.md),
# and editors that know Taplo complete them as soon as the page was built once.

title = "État de votre service"
base_url = "https://status.your-service.example/"   # where the page is published; a sub-path works too
languages = ["fr"]                         # the first is the default
time_zone = "UTC"                          # an IANA name such as "Europe/Paris"

# The parts of the service that readers care about, in the order in which they are shown.

[[components]]
id = "web"                                 # used in incident files and evidence
name = "Site web"
since = 2022-12-29                         # the first day that counts towards its uptime
states = { valid_for = "75m" }             # how long what was seen holds: as long as the clock of the host takes

[[components]]
id = "api"
name = "API"
since = 2022-12-29
states = { valid_for = "75m" }

# Where `allclear probe` looks whether they work. Take away each `# ` below, and put in your own address.

# [[probes]]
# component = "web"
# http = "https://example.com/health"
"#;
    assert_eq!(site.read("one/allclear.toml"), head);
    let warned = site.run_warns(&["--site", "one", "build"]);
    assert_eq!(warned.stderr().matches("[scaffold-value]").count(), 2);
    assert!(
        site.read("one/public/index.html")
            .contains("<html lang=\"fr\"")
    );

    // Of several each has its words.
    let named = ["--base-url", "https://status.acme.example/"];
    site.run(
        &[
            &["init", "more", "--language", "ar,pt-PT,zh-TW"],
            &named[..],
        ]
        .concat(),
    );
    let config = site.read("more/allclear.toml");
    for line in [
        "title = { ar = \"حالة خدمتك\", pt-PT = \"Status do seu serviço\", zh-TW = \"您的服務狀態\" }\n",
        "languages = [\"ar\", \"pt-PT\", \"zh-TW\"]       # the first is the default\n",
        "name = { ar = \"الموقع الإلكتروني\", pt-PT = \"Site\", zh-TW = \"網站\" }\n",
    ] {
        assert!(config.contains(line), "{config}");
    }
    let warned = site.run_warns(&["--site", "more", "check"]);
    assert!(
        warned.stderr().contains("allclear.toml:5:"),
        "{}",
        warned.stderr()
    );

    // A language that nobody here speaks has the English ones, and `check` says where its messages go.
    site.run(&["init", "unspoken", "--language", "sv"]);
    let config = site.read("unspoken/allclear.toml");
    assert!(
        config.contains("title = \"Your Service Status\"\n"),
        "{config}"
    );
    let refused = site.run_fails(1, &["--site", "unspoken", "check"]);
    assert!(
        refused
            .stderr()
            .contains("`allclear theme eject messages/sv.toml`")
    );

    for (language, message) in [
        (
            "klingonian",
            "error: `--language klingonian`: this is no language that anybody knows\n",
        ),
        (
            "de,de",
            "error: `--language de`: this language is named twice\n",
        ),
    ] {
        let refused = site.run_fails(2, &["init", "no", "--language", language]);
        assert!(
            refused.stderr().starts_with(message),
            "{}",
            refused.stderr()
        );
    }
    assert!(!site.path("no").exists());
    let settled = [
        "--site",
        "one",
        "init",
        "--ci",
        "github",
        "--language",
        "de",
    ];
    site.run_fails(2, &settled).expect_stderr(
        "error: `--language de`: `one/allclear.toml` is there already\n  help: change it in that file\n",
    );
}

#[test]
fn the_probes_of_a_new_site_are_there_once_their_comment_is_gone() {
    let site = SiteTest::empty();
    let named = [
        "--title",
        "Acme",
        "--base-url",
        "https://status.acme.example/",
    ];
    site.run(&[&["init"], &named[..]].concat());
    let config = site.read("allclear.toml");
    let (settled, probes) = config.split_once("put in your own address.\n").unwrap();
    assert_eq!(probes.matches("\n# ").count(), 3, "{probes}");
    let probes = probes.replace("\n# ", "\n");
    site.write("allclear.toml", format!("{settled}\n{probes}"));
    site.run(&["check", "--strict"]);
    let config: toml_edit::DocumentMut = site.read("allclear.toml").parse().unwrap();
    assert_eq!(config["probes"].as_array_of_tables().unwrap().len(), 1);
}

#[test]
fn init_adds_to_a_list_of_what_git_ignores_what_is_missing() {
    for (before, after, said) in [
        (
            "node_modules",
            "node_modules\n# What `allclear build` writes.\n/public\n",
            "Wrote allclear.toml, and added `/public` to .gitignore. Next:",
        ),
        (
            "*.log\r\n",
            "*.log\r\n# What `allclear build` writes.\r\n/public\r\n",
            "Wrote allclear.toml, and added `/public` to .gitignore. Next:",
        ),
        ("public/\n", "public/\n", "Wrote allclear.toml. Next:"),
        ("/public", "/public", "Wrote allclear.toml. Next:"),
    ] {
        let site = SiteTest::empty().file(".gitignore", before);
        let init = site.run(&["init"]);
        assert_eq!(init.stdout().lines().next(), Some(said));
        assert_eq!(site.read(".gitignore"), after);
    }
}

#[test]
fn a_site_counts_its_days_from_the_one_on_which_it_was_started() {
    let site = SiteTest::empty();
    site.run(&["init", "--now", "2022-12-28T23:59:59-01:00"]);
    let config = site.read("allclear.toml");
    let since: Vec<&str> = config
        .lines()
        .filter(|it| it.starts_with("since"))
        .collect();
    assert_eq!(since.len(), 2, "{config}");
    assert!(
        since.iter().all(|it| it.starts_with("since = 2022-12-29")),
        "{config}"
    );
    let uptime = |now: &str| site.status(now)["components"][0]["uptime"].clone();
    assert!(uptime("2022-12-29T23:59:59Z")["ratio"].is_null());
    assert_eq!(uptime("2022-12-30T00:00:00Z")["ratio"], 1.0);
}

#[test]
fn new_writes_files_that_pass() {
    let site = SiteTest::new();
    let new = |kind: &str, title: &str, more: &[&str]| {
        let arguments = [&["new", kind, title, "--quiet", "--now", NOW], more].concat();
        let output = site.run(&arguments);
        output.stdout().trim().to_owned()
    };
    let path = new(
        "incident",
        "Log-in: \"fails\"",
        &["-c", "login=major_outage", "-c", "web", "-m", "We look."],
    );
    assert_eq!(path, "incidents/2022-12-28-log-in-fails.md");
    assert_eq!(
        site.read(&path),
        "---
# yaml-language-server: $schema=../public/schemas/incident.json
title: \"Log-in: \\\"fails\\\"\"
components:
  login: major_outage
  web: partial_outage
started: 2022-12-28 20:30
---

## Investigating · 2022-12-28 20:30

We look.
"
    );
    assert_eq!(
        new("incident", "Log-in fails", &[]),
        "incidents/2022-12-28-log-in-fails-2.md"
    );
    let path = new(
        "maintenance",
        "Database",
        &["-c", "api", "--starts", "2023-01-04 20:30"],
    );
    assert_eq!(
        site.read(&path),
        "---
# yaml-language-server: $schema=../public/schemas/incident.json
title: \"Database\"
kind: maintenance
components: [api]
starts: 2023-01-04 20:30
ends: 2023-01-04 21:30
---

## Scheduled · 2022-12-28 20:30
"
    );
    let path = new("notice", "صفحة جديدة", &[]);
    assert!(
        site.read(&path)
            .ends_with("kind: notice\nstarts: 2022-12-28 20:30\nends: 2023-01-04 20:30\n---\n")
    );
    site.run(&["check", "--now", NOW]).expect_stdout(
        "3 components, 2 incidents, 1 maintenance and 1 notice checked: nothing to fix\n",
    );
}

#[test]
fn arguments_that_cannot_be_right_are_refused_with_a_hint() {
    let site = SiteTest::new();
    for (arguments, expected) in [
        (
            vec!["new", "incident", "X", "-c", "wbe"],
            "error: `-c wbe`: there is no component `wbe`\n  help: did you mean `web`?\n",
        ),
        (
            vec!["new", "incident", "X", "-c", "web=down"],
            "error: `-c web=down`: `down` is no component status\n  help: did you mean `major_outage`?\n",
        ),
        (
            vec!["build", "--now", "tomorrow"],
            "error: `--now tomorrow`: this says a day, and no time of day\n  help: write `tomorrow 10:30`\n",
        ),
        (
            vec!["build", "--base-url", "example.com"],
            "error: `--base-url example.com`: this is no address for a site: must start with `https://` or `http://`\n  help: write it as `https://status.example.com/`\n",
        ),
        (
            vec!["build", "-o", "incidents"],
            "error: cannot use `incidents` as the output folder: it lies among the site's own files; nothing was written\n  help: name another folder with `-o DIR`\n",
        ),
        (
            vec!["--site", "nowhere", "check"],
            "error: there is no `allclear.toml` in `nowhere`\n  help: run `allclear init` to start a site here, or name its folder with `--site DIR`\n",
        ),
    ] {
        site.run_fails(2, &arguments)
            .expect_stderr(expected.to_owned());
    }
    site.run_fails(2, &["build", "--unknown"]);
    assert!(!site.path("public").exists());
}

/// A command as its own help describes it.
struct Described {
    /// Its names from the outermost one on, as `["theme", "eject"]`; none for the program itself.
    path: Vec<String>,
    help: String,
    /// The names of the commands below it.
    below: Vec<String>,
    /// Its options in full, without their dashes.
    options: Vec<String>,
}

impl Described {
    /// The words that a user types.
    fn line(&self) -> String {
        let names = std::iter::once("allclear").chain(self.path.iter().map(String::as_str));
        names.collect::<Vec<_>>().join(" ")
    }
}

/// The lines of a section of a help.
fn section<'a>(help: &'a str, head: &str) -> Vec<&'a str> {
    let lines = help.lines().skip_while(|line| *line != head).skip(1);
    lines
        .take_while(|line| line.is_empty() || line.starts_with(' '))
        .collect()
}

/// Every command, at any depth, as helps list them: one that is added is found by itself.
fn described(site: &SiteTest, path: &[String]) -> Vec<Described> {
    let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
    arguments.push("--help");
    let help = site.run(&arguments).stdout().to_owned();
    // Where a description takes more than one line, the others are further in.
    let below: Vec<String> = section(&help, "Commands:")
        .into_iter()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .filter(|name| name != "help")
        .collect();
    let options = section(&help, "Options:")
        .into_iter()
        .filter(|line| line.trim_start().starts_with('-'))
        .filter_map(|line| line.split_once("--"))
        .map(|(_, rest)| rest)
        .map(|line| line.split([' ', ',']).next().unwrap().to_owned())
        .collect();
    let deeper = below
        .iter()
        .flat_map(|name| described(site, &[path, std::slice::from_ref(name)].concat()));
    let deeper: Vec<Described> = deeper.collect();
    let own = Described {
        path: path.to_vec(),
        help,
        below,
        options,
    };
    std::iter::once(own).chain(deeper).collect()
}

/// Every command, the program itself first.
fn all_commands() -> Vec<Described> {
    let commands = described(&SiteTest::empty(), &[]);
    assert!(commands.len() >= 20, "only {} commands", commands.len());
    for command in &commands {
        let line = command.line();
        assert!(command.options.len() >= 4, "{line}: {:?}", command.options);
    }
    commands
}

#[test]
fn every_command_has_help_with_an_example() {
    let commands = all_commands();
    let has_example = |command: &Described| {
        // Its own help shows it, or that of the command above it.
        let above =
            |other: &&Described| !other.path.is_empty() && command.path.starts_with(&other.path);
        commands.iter().filter(above).any(|other| {
            let examples = [
                section(&other.help, "Examples:"),
                section(&other.help, "Example:"),
            ];
            let line = format!("{} ", command.line());
            examples
                .concat()
                .iter()
                .any(|example| format!("{example} ").contains(&line))
        })
    };
    let without: Vec<String> = commands
        .iter()
        .filter(|command| command.below.is_empty() && !has_example(command))
        .map(Described::line)
        .collect();
    // These take no argument: there is nothing to show.
    assert_eq!(without, ["allclear theme list", "allclear theme reference"]);
}

/// How a script for a shell names a command, and how it names an option.
type Named = (&'static str, fn(&str) -> String, fn(&str) -> String);

#[test]
fn shells_complete_every_command_and_option() {
    const SHELLS: [Named; 4] = [
        (
            "zsh",
            |name| format!("'{name}:"),
            |name| format!("--{name}["),
        ),
        (
            "fish",
            |name| format!("-a \"{name}\""),
            |name| format!("-l {name}"),
        ),
        (
            "elvish",
            |name| format!("cand {name} '"),
            |name| format!("cand --{name} '"),
        ),
        (
            "powershell",
            |name| format!("::new('{name}', "),
            |name| format!("::new('--{name}', "),
        ),
    ];
    let commands = all_commands();
    let site = SiteTest::empty();
    for (shell, as_command, as_option) in SHELLS {
        let script = site.run(&["completions", shell]);
        // Zsh has an equals sign behind an option that takes a value.
        let script = script.stdout().replace("=[", "[");
        for command in &commands {
            let names = command.below.iter().map(|name| as_command(name));
            let options = command.options.iter().map(|name| as_option(name));
            for word in names.chain(options) {
                assert!(script.contains(&word), "{shell}: {word}");
            }
        }
    }
}

/// What Bash offers behind each command is what the help of that command lists, to the word.
#[test]
fn bash_completes_what_helps_list() {
    let site = SiteTest::empty();
    let outcome = site.run(&["completions", "bash"]);
    site.write("allclear.bash", outcome.stdout());
    let commands = all_commands();
    let mut script = "source ./allclear.bash\n".to_owned();
    for command in &commands {
        let line = command.line();
        let last = line.split(' ').next_back().unwrap();
        script += &format!(
            "COMP_WORDS=({line} ''); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMPREPLY=()\n"
        );
        script += &format!("_allclear allclear '' {last}; echo \"${{COMPREPLY[*]}}\"\n");
    }
    let bash = Command::new("bash")
        .args(["-c", &script])
        .current_dir(site.path(""));
    let offered = Outcome::of(bash.assert().success());
    assert_eq!(offered.stderr(), "");
    let offered: Vec<&str> = offered.stdout().lines().collect();
    assert_eq!(offered.len(), commands.len());
    for (offered, command) in offered.iter().zip(&commands) {
        let line = command.line();
        let words = || offered.split(' ');
        let options = words().filter_map(|word| word.strip_prefix("--"));
        let options: BTreeSet<&str> = options.collect();
        let listed: BTreeSet<&str> = command.options.iter().map(String::as_str).collect();
        assert_eq!(options, listed, "{line}");
        // Behind the last command stand its arguments.
        if !command.below.is_empty() {
            let names = words().filter(|word| !word.starts_with('-') && *word != "help");
            assert_eq!(names.collect::<Vec<_>>(), command.below, "{line}");
        }
    }
}

#[test]
fn every_command_has_a_manual_page_with_its_options() {
    let site = SiteTest::empty();
    site.run(&["man", "man1", "--quiet"]);
    let commands = all_commands();
    let page = |command: &Described| format!("{}.1", command.line().replace(' ', "-"));
    let pages: BTreeSet<String> = commands.iter().map(page).collect();
    let written: BTreeSet<String> = files_below(&site.path("man1")).into_iter().collect();
    assert_eq!(written, pages);
    for command in &commands {
        // In roff, a dash and an apostrophe are written so.
        let text = site.read(&format!("man1/{}", page(command)));
        let text = text.replace("\\-", "-").replace("\\*(Aq", "'");
        assert!(text.contains(&command.line().replace(' ', "-")), "{text}");
        let first = command.help.lines().next().unwrap();
        assert!(
            text.contains(first.trim_end_matches('.')),
            "{first}: {text}"
        );
        for option in &command.options {
            assert!(
                text.contains(&format!("--{option}\\fR")),
                "--{option}: {text}"
            );
        }
    }
}
