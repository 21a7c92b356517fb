//! Commands that write into a site: `init` and `new`.

use snapbox::str;

use crate::site_test::{NOW, SiteTest};

#[test]
fn init_starts_a_site_once() {
    let site = SiteTest::empty();
    site.run(&["init", "status"]).expect_stdout(
        "Wrote status/allclear.toml. Next:
  1. Name your components in it.
  2. Run `allclear new incident \"What goes wrong\"` when something does.
  3. Run `allclear build`, and publish the folder `public`.
",
    );
    let config = site.read("status/allclear.toml");
    site.run(&["check", "--strict", "--site", "status"]);
    site.run_fails(2, &["init", "status"]).expect_stderr(
        "error: `status/allclear.toml` is there already\n  help: nothing was changed; move it away or choose another name\n",
    );
    assert_eq!(site.read("status/allclear.toml"), config);
}

#[test]
fn new_writes_files_that_pass() {
    let site = SiteTest::new();
    let new = |kind: &str, title: &str, more: &[&str]| {
        let arguments = [&["new", kind, title, "--now", NOW], more].concat();
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

## Investigating · 2022-12-28 20:30 {next=30m}

We look.
"
    );
    assert_eq!(
        new("incident", "Log-in fails", &[]),
        "incidents/2022-12-28-log-in-fails-2.md"
    );
    let path = new("maintenance", "Database", &["-c", "api"]);
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

<!-- Say here what readers will notice. -->
"
    );
    let path = new("notice", "صفحة جديدة", &[]);
    assert!(
        site.read(&path)
            .contains("kind: notice\nstarts: 2022-12-28 20:30\nends: 2023-01-04 20:30\n---")
    );
    site.run_warns(&["check", "--now", NOW])
        .expect_stdout("3 components and 4 incidents checked: no errors\n")
        .expect_stderr(str![[r#"
warning[empty-update]: this update has no text
  --> incidents/2022-12-28-database.md:10:4
   |
10 | ## Scheduled · 2022-12-28 20:30
   |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: say below it what readers should know

1 warning; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn arguments_that_cannot_be_right_are_refused_with_a_hint() {
    let site = SiteTest::new();
    for (arguments, expected) in [
        (
            vec!["new", "incident", "X", "-c", "wbe"],
            "error: there is no component `wbe`\n  help: did you mean `web`?\n",
        ),
        (
            vec!["new", "incident", "X", "-c", "web=down"],
            "error: `down` is no component status\n  help: known: `operational`, `under_maintenance`, `degraded_performance`, `partial_outage`, `major_outage`\n",
        ),
        (
            vec!["build", "--now", "tomorrow"],
            "error: `tomorrow` is not a time\n  help: write `--now` as `2022-12-29T01:30:00Z`\n",
        ),
        (
            vec!["build", "--base-url", "example.com"],
            "error: `example.com` is no address for a site: must start with `https://` or `http://`\n  help: write `--base-url` as `https://status.example.com/`\n",
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

#[test]
fn every_command_has_help_with_an_example() {
    for command in ["init", "new", "check", "build", "status", "explain"] {
        let output = SiteTest::empty().run(&[command, "--help"]);
        let help = output.stdout();
        assert!(
            help.contains("Example") && help.contains(&format!("allclear {command}")),
            "{help}"
        );
    }
    let output = SiteTest::empty().run(&["import", "statuspage", "--help"]);
    assert!(output.stdout().contains("Examples:"));
}

#[test]
fn shells_and_man_know_every_command() {
    let site = SiteTest::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = site.run(&["completions", shell]);
        let script = output.stdout();
        for word in ["resolve", "--base-url", "theme"] {
            assert!(
                script.contains(word.trim_start_matches('-')),
                "{shell}: {word}"
            );
        }
    }
    site.run(&["man", "man1", "--quiet"]);
    let page = site.read("man1/allclear-update.1");
    assert!(
        page.contains("allclear\\-update") && page.contains("How a component is now"),
        "{page}"
    );
    assert!(site.path("man1/allclear-theme-eject.1").exists());
}
