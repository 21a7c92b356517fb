//! What a terminal would obey: no text of a site, no name, no argument and no variable reaches it as that.

use std::fs;

use snapbox::str;

use crate::site_test::{NOW, Outcome, SiteTest};

/// A text that colours, clears, renames the window, rings, turns the writing direction, and begins a line anew.
const HOSTILE: &str = "a\u{1b}[31mb\u{1b}]0;title\u{7}c\u{9b}2Jd\u{202e}e\rf";

/// What of it is shown.
const SHOWN: &str = "a\u{fffd}[31mb\u{fffd}]0;title\u{fffd}c\u{fffd}2Jd\u{fffd}e\u{fffd}f";

/// What a run prints on a terminal with colours, on both ways, which must obey nothing but colours of its own.
#[track_caller]
fn printed(site: &SiteTest, arguments: &[&str]) -> String {
    let mut printed = String::new();
    for color in ["always", "never"] {
        let arguments = [arguments, &["--color", color]].concat();
        let outcome = Outcome::of(site.command(&arguments).assert());
        for text in [outcome.stdout(), outcome.stderr()] {
            assert_harmless(text);
            if color == "never" {
                assert!(!text.contains('\u{1b}'), "{arguments:?}: {text:?}");
                printed.push_str(text);
            }
        }
    }
    printed
}

/// Fails where a text holds anything that a terminal obeys, other than the colours of reports.
#[track_caller]
fn assert_harmless(text: &str) {
    // The program's own colours are bold and bright ones; those of hostile texts are not.
    let own = [
        "\u{1b}[0m",
        "\u{1b}[1m",
        "\u{1b}[91m",
        "\u{1b}[92m",
        "\u{1b}[94m",
        "\u{1b}[33m",
        "\u{1b}[96m",
    ];
    let mut plain = text.to_owned();
    for color in own {
        plain = plain.replace(color, "");
    }
    let is_obeyed = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{202a}'..='\u{202e}')
    };
    let found = plain.find(is_obeyed);
    assert_eq!(found.map(|at| plain[at..].chars().next()), None, "{text:?}");
}

/// A site in whose texts and names a terminal would find something to obey.
fn site() -> SiteTest {
    let quoted = serde_json::to_string(HOSTILE).unwrap();
    let toml = quoted
        .replace('\u{9b}', "\\u009b")
        .replace('\u{202e}', "\\u202e");
    SiteTest::empty()
        .file(
            "allclear.toml",
            format!("title = {toml}\nbase_url = \"https://status.example.com/\"\n\n[[components]]\nid = \"web\"\nname = {toml}\n"),
        )
        .file(
            "incidents/slow.md",
            format!("---\ntitle: {toml}\ncomponents: {{ web: partial_outage }}\n---\n\n## Investigating · 2022-12-28T19:45:00Z\n\n{HOSTILE}\n"),
        )
        .file(
            "evidence/states.jsonl",
            format!("{{\"component\":{quoted},\"status\":\"operational\",\"from\":\"2022-12-28T23:00:00Z\"}}\n"),
        )
        .file(&format!("incidents/{HOSTILE}.txt"), "")
        .file(&format!("themes/{HOSTILE}/theme.toml"), format!("contract = 2\nname = {toml}\n"))
}

#[test]
fn nothing_that_a_site_says_is_obeyed() {
    let site = site();
    for arguments in [
        ["check", "--now", NOW].as_slice(),
        &["check", "--all", "--now", NOW],
        &["build", "--now", NOW],
        &["status", "--now", NOW],
        &["theme", "list"],
        &["update", "monitoring", "-m", "Better.", "--now", NOW],
        &[
            "record",
            "web",
            "operational",
            "--source",
            HOSTILE,
            "--now",
            NOW,
        ],
    ] {
        printed(&site, arguments);
    }
    let report = printed(&site, &["check", "--all", "--now", NOW]);
    assert!(
        report.contains(&format!("--> incidents/{SHOWN}.txt\n")),
        "{report}"
    );
    assert!(
        report.contains(&format!("there is no component `{SHOWN}`\n")),
        "{report}"
    );
    let themes = printed(&site, &["theme", "list"]);
    assert!(
        themes.contains(&format!("themes/{SHOWN}: {SHOWN}\n")),
        "{themes}"
    );
    fs::remove_file(site.path("evidence/states.jsonl")).unwrap();
    let status = printed(&site, &["status", "--now", NOW]);
    assert!(
        status.contains("Open incidents\n  a\u{fffd}[31mb"),
        "{status}"
    );
    printed(&site, &["resolve", "-m", "Good.", "--now", NOW]);
    let new = [
        "new", "incident", HOSTILE, "-c", "web", "-m", HOSTILE, "--now", NOW,
    ];
    printed(&site, &new);
    let quiet = [new.as_slice(), &["--quiet"]].concat();
    printed(&site, &quiet);
}

#[test]
fn no_argument_and_no_variable_is_obeyed() {
    let site = SiteTest::new();
    let folder = format!("{HOSTILE}/site");
    for arguments in [
        [HOSTILE].as_slice(),
        &["check", HOSTILE],
        &["check", &format!("--{HOSTILE}")],
        &["check", "--format", HOSTILE],
        &["check", "--deny", HOSTILE],
        &["check", "--since", HOSTILE],
        &["check", "--now", HOSTILE],
        &["check", "--site", &folder],
        &["explain", HOSTILE],
        &["explain", "forbidden-character"],
        &["update", HOSTILE, "-m", "x"],
        &["new", "incident", "Slow", "-c", HOSTILE],
        &["new", "incident", "Slow", "--template", HOSTILE],
        &["record", HOSTILE, "operational", "--source", "x"],
        &["record", "web", HOSTILE, "--source", "x"],
        &[
            "record",
            "web",
            "operational",
            "--source",
            "x",
            "--file",
            HOSTILE,
        ],
        &["theme", "new", HOSTILE],
        &["theme", "eject", HOSTILE],
        &["import", "statuspage", HOSTILE],
        &["init", HOSTILE, "--title", HOSTILE],
        &["man", HOSTILE],
        &["docs", HOSTILE],
        &["completions", HOSTILE],
    ] {
        printed(&site, arguments);
    }
    let mistyped = printed(&site, &[HOSTILE]);
    let first = format!("error: unrecognized subcommand '{SHOWN}'\n");
    assert!(mistyped.starts_with(&first), "{mistyped}");
    for arguments in [["check", "--help"], ["check", "--color=always"]] {
        let command = site.command(&arguments).env("ALLCLEAR_SITE", HOSTILE);
        let outcome = Outcome::of(command.assert());
        assert_harmless(outcome.stdout());
        assert_harmless(outcome.stderr());
    }
    let command = site.command(&["check"]).env("SOURCE_DATE_EPOCH", HOSTILE);
    assert_harmless(Outcome::of(command.assert()).stderr());
}

#[test]
fn machine_formats_escape_by_their_own_rules() {
    let site = site();
    let check = |format: &str| {
        let arguments = [
            "check", "--format", format, "--color", "always", "--now", NOW,
        ];
        let outcome = Outcome::of(site.command(&arguments).assert());
        let text = outcome.stdout().to_owned();
        assert_harmless(&text);
        assert!(!text.contains('\u{1b}'), "{text:?}");
        text
    };
    for format in ["json", "sarif", "gitlab"] {
        let text = check(format);
        serde_json::from_str::<serde_json::Value>(&text).unwrap();
        let escaped = "a\\u001b[31mb\\u001b]0;title\\u0007c\\u009b2Jd\\u202ee\\rf";
        // An address of SARIF has its own escapes.
        assert!(text.contains(escaped), "{text}");
    }
    let annotations = check("github");
    assert!(
        annotations.contains(&format!("file=incidents/{}", "a\u{fffd}[31mb")),
        "{annotations}"
    );
    let outcome = Outcome::of(
        site.command(&["status", "--format", "json", "--now", NOW])
            .assert(),
    );
    assert_harmless(outcome.stdout());
}

/// What stands at the head of a line in a log is a command to the machines that run pipelines.
#[test]
fn no_text_becomes_a_command_of_a_pipeline() {
    let title = "x\\n::add-mask::y\\n  ::stop-commands::z\\n##[group]w";
    let site = SiteTest::new()
        .file(
            "incidents/slow.md",
            format!("---\ntitle: \"{title}\"\ncomponents: {{ web: partial_outage }}\n---\n\n## Investigating · 2022-12-28T19:45:00Z\n\nText.\n"),
        )
        .file("incidents/a,b:c\n::error::d\n.txt", "")
        .file("incidents/::error::e.txt", "");
    for arguments in [
        ["check", "--now", NOW].as_slice(),
        &["check", "--format", "github", "--now", NOW],
        &["status", "--now", NOW],
        &["update", "monitoring", "-m", "Better.", "--now", NOW],
        &["build", "--now", NOW, "--site", "\n::error::f"],
        &["\n::error::g"],
    ] {
        let outcome = Outcome::of(site.command(arguments).assert());
        for line in outcome.stdout().lines().chain(outcome.stderr().lines()) {
            let is_own = arguments.contains(&"github")
                && (line.starts_with("::warning file=incidents/")
                    || line.starts_with("::error file=incidents/"));
            let is_command = line.trim_start().starts_with("::") || line.contains("##[");
            assert!(!is_command || is_own, "{arguments:?}: {line}");
        }
    }
    let annotations = Outcome::of(
        site.command(&["check", "--format", "github", "--now", NOW])
            .assert(),
    );
    let file = "::warning file=incidents/a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ad%0A.txt,title=unused-file::";
    assert!(
        annotations.stdout().contains(file),
        "{}",
        annotations.stdout()
    );
}

#[test]
fn a_name_of_a_file_stays_in_its_line() {
    let site = SiteTest::new().file("incidents/a\nerror: all is lost\u{1b}[0m.txt", "");
    site.run_warns(&["check", "--now", NOW])
        .expect_stderr(str![[r#"
warning[unused-file]: nothing reads this file
--> incidents/a�error: all is lost�[0m.txt
 = help: rename it to `a�error: all is lost�[0m.md`

1 warning; `allclear explain CODE` says more of each

"#]]);
}
