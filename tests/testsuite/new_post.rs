//! Files that `allclear new` writes, and what it says of them.

use snapbox::str;

use crate::site_test::{NOW, SiteTest};

/// The instant of the posts: 20 seconds past a minute, so that rounding shows. In New York it is 20:30:20.
const AT: &str = "2022-12-29T01:30:20Z";

#[test]
fn templates_are_filled_in_and_are_no_incidents() {
    let site = SiteTest::new().file(
        "incidents/templates/slow.md",
        "---\ntitle: \"{{ title }} is slow\"\ncomponents: {api: degraded_performance}\nstarted: {{ now }}\n---\n\n## Investigating · {{ now }} {next=1h}\n\nWe know of it.\n",
    );
    site.run(&[
        "new",
        "incident",
        "--template",
        "slow",
        "The \"API\"",
        "--quiet",
        "--now",
        AT,
    ])
    .expect_stdout(str![[r#"
incidents/2022-12-28-the-api.md

"#]]);
    assert_eq!(
        site.read("incidents/2022-12-28-the-api.md"),
        "---\ntitle: \"The \\\"API\\\" is slow\"\ncomponents: {api: degraded_performance}\nstarted: 2022-12-28 20:30\n---\n\n## Investigating · 2022-12-28 20:30 {next=1h}\n\nWe know of it.\n"
    );
    site.run_fails(
        2,
        &["new", "incident", "--template", "slo", "x", "--now", AT],
    )
    .expect_stderr(str![[r#"
error: `--template slo`: there is no template `slo`
  help: did you mean `slow`?

"#]]);
    site.run(&["check", "--now", AT]);
}

#[test]
fn a_window_is_said_in_one_line() {
    let site = SiteTest::new();
    let window = |arguments: &[&str]| {
        let arguments = [&["new"], arguments, &["--quiet", "--now", AT]].concat();
        let output = site.run(&arguments);
        let text = site.read(output.stdout().trim());
        let lines = text.lines().filter(|line| {
            ["starts", "ends", "repeat"]
                .iter()
                .any(|key| line.starts_with(key))
        });
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        window(&[
            "maintenance",
            "Move",
            "--starts",
            "2023-01-14 02:00",
            "--ends",
            "1h30m"
        ]),
        ["starts: 2023-01-14 02:00", "ends: 2023-01-14 03:30"]
    );
    assert_eq!(
        window(&[
            "maintenance",
            "Backup",
            "--starts",
            "2023-01-14 02:00 UTC",
            "--ends",
            "2023-01-13 22:00",
            "--repeat",
            "FREQ=DAILY"
        ]),
        [
            "starts: 2023-01-14 02:00 UTC",
            "ends: 2023-01-13 22:00",
            "repeat: FREQ=DAILY"
        ]
    );
    assert_eq!(
        window(&["notice", "Holidays", "--ends", "2d"]),
        ["starts: 2022-12-28 20:30", "ends: 2022-12-30 20:30"]
    );
    site.run(&["check", "--now", AT]);
}

#[test]
fn new_promises_nothing_and_says_what_it_assumes() {
    let site = SiteTest::new();
    let slow = [
        "new",
        "incident",
        "Search is slow",
        "-c",
        "api",
        "-c",
        "web=degraded_performance",
    ];
    site.run_warns(&[&slow[..], &["-m", "We look.", "--now", NOW]].concat())
        .expect_stdout(str![[r#"
Wrote incidents/2022-12-28-search-is-slow.md. Once it is built, the page will say:

Minor outage

Components
  Web     degraded performance  not measured long enough  since 2022-12-29T01:30:00Z  (no evidence)
  API     partial outage        not measured long enough  since 2022-12-29T01:30:00Z  (no evidence)
  Log-in  operational           not measured long enough  (no evidence)

Open incidents
  Search is slow
    2022-12-28-search-is-slow: investigating, since 2022-12-29T01:30:00Z

"#]])
        .expect_stderr(str![[r#"
no status was said for `api`, so the page says `partial_outage`; say another with `-c api=STATUS`

"#]]);
    assert_eq!(
        site.read("incidents/2022-12-28-search-is-slow.md"),
        "---
# yaml-language-server: $schema=../public/schemas/incident.json
title: \"Search is slow\"
components:
  api: partial_outage
  web: degraded_performance
started: 2022-12-28 20:30
---

## Investigating · 2022-12-28 20:30

We look.
"
    );
    let upgrade = [
        "new",
        "maintenance",
        "Upgrade",
        "-c",
        "login",
        "--starts",
        "tomorrow 2am",
    ];
    site.run_warns(&[&upgrade[..], &["--now", NOW]].concat())
        .expect_stdout(str![[r#"
Wrote incidents/2022-12-28-upgrade.md. Once it is built, the page will say:

Minor outage

Components
  Web     degraded performance  not measured long enough  since 2022-12-29T01:30:00Z  (no evidence)
  API     partial outage        not measured long enough  since 2022-12-29T01:30:00Z  (no evidence)
  Log-in  operational           not measured long enough  (no evidence)

Open incidents
  Search is slow
    2022-12-28-search-is-slow: investigating, since 2022-12-29T01:30:00Z

Maintenance
  Upgrade
    2022-12-28-upgrade: scheduled, 2022-12-29T07:00:00Z to 2022-12-29T08:00:00Z

"#]])
        .expect_stderr(str![[r#"
no end was said, so the page says that it takes an hour; say another with `--ends`

"#]]);
    // Nothing that it writes is a finding.
    let notice = ["new", "notice", "New page", "--ends", "2d", "--now", NOW];
    let said = site.run(&notice).stdout().to_owned();
    let shown = "\nNotices\n  New page\n    2022-12-28-new-page: shown from 2022-12-29T01:30:00Z to 2022-12-31T01:30:00Z\n";
    assert!(said.ends_with(shown), "{said}");
    site.run(&["check", "--now", NOW]).expect_stdout(
        "3 components, 1 incident, 1 maintenance and 1 notice checked: nothing to fix\n",
    );
    // That nothing is affected may be meant, but may be forgotten too.
    for (arguments, said) in [
        (
            &["new", "incident", "X"][..],
            "no component was named, so the page shows none that is affected; name one with `-c ID=STATUS`\n\
             no text was said, so the page says \"We are looking for the cause.\"; say another with `-m TEXT`\n",
        ),
        (
            &[
                "new",
                "maintenance",
                "X",
                "--starts",
                "20:45",
                "--ends",
                "1h",
            ],
            "no component was named, so the page will show none under maintenance; name one with `-c ID`\n",
        ),
    ] {
        site.run_warns(&[arguments, &["--now", NOW]].concat())
            .expect_stderr(said);
    }
}

#[test]
fn new_speaks_the_language_of_the_site() {
    let site = SiteTest::new();
    let config = site
        .read("allclear.toml")
        .replace("[\"en\", \"ar\"]", "[\"de\"]");
    site.write("allclear.toml", config);
    let down = [
        "new",
        "incident",
        "Weg",
        "-c",
        "web=major_outage",
        "--now",
        AT,
    ];
    site.run_warns(&down).expect_stderr(
        "no text was said, so the first update says its state alone; say one with `-m TEXT`\n",
    );
    let text = site.read("incidents/2022-12-28-weg.md");
    let update =
        "## Wird untersucht · 2022-12-28 20:30\n\n<!-- Say here what readers should know. -->\n";
    assert!(text.ends_with(update), "{text}");
    site.run_warns(&["check", "--now", AT]);
}

#[test]
fn a_window_that_is_over_is_told() {
    let site = SiteTest::new();
    let late = [
        "new",
        "maintenance",
        "Move",
        "-c",
        "web",
        "--starts",
        "10:30",
        "--ends",
        "2h",
    ];
    site.run_warns(&[&late[..], &["--now", AT]].concat())
        .expect_stderr("this maintenance is over: it ended at 2022-12-28 12:30 -05:00\n");
}
