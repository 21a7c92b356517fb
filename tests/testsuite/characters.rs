//! Characters that no page, feed or terminal may get, wherever a site has them.

use allclear::characters::is_forbidden;
use snapbox::str;

use crate::site_test::{Outcome, SiteTest};

const NOW: &str = "2023-05-02T12:00:00Z";

/// A site that has such a character in every text that readers see.
fn site() -> SiteTest {
    SiteTest::empty()
        .file(
            "allclear.toml",
            r#"title = "Harbour\u0000 One"
base_url = "https://harbour.example/"
languages = ["en", "de"]
theme = "mine"
links = [{ name = "Ti\u0007des", url = "https://tides.example/" }]

[theme_options]
motto = "Ahoy\u001b]0;x\u0007"

[[groups]]
id = "boats"
name = { en = "Boats\u0085", de = "Boote\u0080" }

[[components]]
id = "ferry"
name = "Fer\u001b[31mry"
group = "boats"
description = "To the \ufdd0 island"

[[signals]]
id = "waits"
name = "Waits\u000b"
unit = "min\u007f"
components = ["ferry"]
file = "evidence/waits.csv"
threshold = 5

[sources."pier\u0001"]
ignore = [{ from = 2023-05-01T02:00:00Z, until = 2023-05-01T03:00:00Z, reason = "Fo\u0008g" }]
"#,
        )
        .file("themes/mine/theme.toml", "contract = 2\nextends = \"default\"\n\n[options.motto]\ntype = \"text\"\ndefault = \"x\"\n")
        .file("evidence/waits.csv", "time,value\n2023-05-02T11:00:00Z,9\n2023-05-02T11:40:00Z,9\n")
        .file(
            "evidence/states.jsonl",
            "{\"component\":\"ferry\",\"status\":\"operational\",\"from\":\"2023-05-02T11:50:00Z\",\"source\":\"pier\\u0001\"}\n\
             {\"component\":\"ferry\",\"status\":\"partial_outage\",\"from\":\"2023-05-02T11:55:00Z\",\"until\":\"2023-05-03T00:00:00Z\",\"source\":\"operator\",\"reason\":\"High \\u001b[1mwaves\"}\n",
        )
        .file(
            "incidents/fog.md",
            "---\ntitle: \"Fog \\u001b[33m!\"\ncomponents: { ferry: degraded_performance }\ncorrections: [{ at: 2023-05-02 11:30, note: \"It was \\uFFFE mist.\" }]\n---\n\n\
             ## Investigating · 2023-05-02 11:00\n\nNo \u{1b}[31mboat\u{1b}[0m.\n",
        )
        .file("incidents/fog.de.md", "---\ntitle: \"Nebel \\x9b\"\n---\n\n## Investigating · 2023-05-02 11:00\n\nKein Boot.\n")
        .file(
            "incidents/paint.md",
            "---\ntitle: \"Paint\\e[1m\"\nkind: maintenance\ncomponents: [ferry]\nstarts: 2023-05-03 08:00\nends: 2023-05-03 09:00\n---\n\n## Scheduled · 2023-05-02 10:00\n\nBlue\u{7}.\n",
        )
}

#[test]
fn no_output_holds_a_forbidden_character() {
    let site = site();
    site.run_warns(&["build", "--now", NOW]);
    let mut texts = 0;
    for (file, bytes) in site.contents() {
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        texts += 1;
        let is_line_end = |c| file.ends_with(".ics") && c == '\r';
        let found = text.find(|c| is_forbidden(c) && !is_line_end(c));
        assert_eq!(found.map(|at| text[at..].chars().next()), None, "{file}");
    }
    assert!(texts > 20, "{texts}");
    let feed = site.read("public/history.atom");
    for text in [
        "Harbour\u{fffd} One",
        "Fog \u{fffd}[33m!",
        "It was \u{fffd} mist.",
    ] {
        assert!(feed.contains(text), "{text}: {feed}");
    }
    let calendar = site.read("public/maintenance.ics");
    assert!(
        calendar.contains("SUMMARY:Paint\u{fffd}[1m\r\n"),
        "{calendar}"
    );
    let status = Outcome::of(site.command(&["status", "--now", NOW]).assert());
    assert!(
        !status.stdout().contains(is_forbidden),
        "{}",
        status.stdout()
    );
}

#[test]
fn each_text_with_a_forbidden_character_is_a_finding() {
    let found = Outcome::of(site().command(&["check", "--all", "--now", NOW]).assert());
    let report = found.stderr();
    let findings: Vec<&str> = (report.lines().zip(report.lines().skip(1)))
        .filter(|(line, _)| line.starts_with("warning[forbidden-character]"))
        .map(|(_, place)| place.trim_start().trim_start_matches("--> "))
        .collect();
    assert_eq!(
        findings,
        [
            "allclear.toml:1:9",
            "allclear.toml:5:19",
            "allclear.toml:8:9",
            "allclear.toml:12:15",
            "allclear.toml:12:35",
            "allclear.toml:16:8",
            "allclear.toml:18:15",
            "allclear.toml:22:8",
            "allclear.toml:23:8",
            "allclear.toml:28:10",
            "allclear.toml:29:81",
            "evidence/states.jsonl:1:1",
            "evidence/states.jsonl:2:1",
            "incidents/fog.de.md:2:8",
            "incidents/fog.md:2:8",
            "incidents/fog.md:4:45",
            "incidents/fog.md:9:4",
            "incidents/paint.md:2:8",
            "incidents/paint.md:11:5",
        ],
        "{report}"
    );
}

#[test]
fn a_text_for_readers_loses_the_colours_of_a_terminal() {
    let site = SiteTest::new();
    let title = "Log-in \u{1b}[1;31mfails\u{1b}[0m";
    let message = "\u{1b}]0;deploy\u{7}We \u{1b}[4mlook\u{1b}[24m.\n\n> line\u{fffe} two\n";
    site.run(&[
        "new",
        "incident",
        title,
        "-c",
        "web=partial_outage",
        "-m",
        message,
        "--now",
        NOW,
    ]);
    let file = site.read("incidents/2023-05-02-log-in-fails.md");
    assert!(file.contains("title: \"Log-in fails\"\n"), "{file}");
    assert!(
        file.ends_with("\n\nWe look.\n\n> line\u{fffd} two\n"),
        "{file}"
    );
    site.run(&[
        "update",
        "monitoring",
        "-m",
        "\u{1b}[32mok\u{1b}[0m \u{9b}1m",
        "--now",
        "2023-05-02T12:10:00Z",
    ]);
    let file = site.read("incidents/2023-05-02-log-in-fails.md");
    assert!(file.contains("\n\nok \u{fffd}1m\n"), "{file}");
}

#[test]
fn a_terminal_is_not_told_to_turn_its_text() {
    let site = SiteTest::new()
        .file("incidents/a.md", "---\ntitle: Web\ncomponents: { \"web\u{9b}\": major_outage }\n---\n\n## Investigating · 2023-05-02 11:00\n\nText.\n");
    let outcome = site.command(&["check", "--now", NOW]).assert();
    Outcome::of(outcome).expect_stderr(str![[r#"
error[bad-syntax]: this is not YAML: the control character U+009B cannot stand here
 --> incidents/a.md:3:19
  |
3 | components: { "web�": major_outage }
  |                   ^
  |
  = help: delete it

1 error; `allclear explain CODE` says more of each

"#]]);

    let site = SiteTest::new().file(
        "incidents/a.md",
        "---\ntitle: \"\\u202eslow\"\ncomponents: { web: major_outage }\n---\n\n## Investigating · 2023-05-02T11:00:00Z\n\nText.\n",
    );
    let status = Outcome::of(site.command(&["status", "--now", NOW]).assert());
    let title = "\nOpen incidents\n  \u{fffd}slow\n";
    assert!(status.stdout().contains(title), "{}", status.stdout());
}
