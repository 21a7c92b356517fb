//! Long texts in a site: what reports quote of them has an end.

use crate::site_test::{NOW, Outcome, SiteTest};

/// The most that a report quotes of a text, in characters.
const QUOTED: usize = 200;

/// Texts that are long: a word, words, with backticks and quotes inside, and in another script.
fn long_texts() -> [String; 6] {
    [
        "a".repeat(10_000),
        "ab cd ".repeat(2_000),
        "a`b` c".repeat(2_000),
        "a' \\\"b".repeat(2_000),
        "月火".repeat(5_000),
        "x".repeat(QUOTED + 50),
    ]
}

/// Fails where a report shows more of a text than it may: lines and messages have an end.
#[track_caller]
fn assert_short(report: &str, most: usize) {
    let longest = report.lines().map(|line| line.chars().count()).max();
    assert!(
        longest.unwrap_or(0) <= most,
        "{longest:?} characters: {report}"
    );
}

/// Checks a site in all formats.
#[track_caller]
fn check(site: &SiteTest) {
    for format in ["human", "json", "sarif", "github", "gitlab"] {
        let arguments = ["check", "--all", "--format", format, "--now", NOW];
        let outcome = Outcome::of(site.command(&arguments).assert());
        assert_ne!(outcome.code(), 2, "{}", outcome.stderr());
        // A message, its hint, and where it stands. SARIF explains every rule.
        if format != "sarif" {
            assert_short(outcome.stdout(), 3 * QUOTED + 700);
        }
        assert_short(outcome.stderr(), QUOTED + 500);
        let words = outcome
            .stdout()
            .split_whitespace()
            .map(|word| word.chars().count());
        assert!(
            words.max().unwrap_or(0) <= QUOTED + 150,
            "{}",
            outcome.stdout()
        );
    }
}

#[test]
fn what_a_configuration_says() {
    for text in long_texts() {
        let site = SiteTest::new();
        let config = site.read("allclear.toml");
        for line in [
            format!("\"{text}\" = 1\n"),
            format!("theme = \"{text}\"\n"),
            format!("logo = \"{text}\"\n"),
            format!("languages = [\"{text}\"]\n"),
            format!("{text}\n"),
            format!("x = {{ {text}\n"),
        ] {
            site.write("allclear.toml", format!("{line}{config}"));
            check(&site);
        }
        for (from, to) in [
            ("America/New_York", text.as_str()),
            ("https://status.example.com/", &text),
            ("id = \"web\"", &format!("id = \"{text}\"")),
            (
                "name = \"Web\"",
                &format!("name = \"Web\"\ngroup = \"{text}\""),
            ),
        ] {
            site.write("allclear.toml", config.replace(from, to));
            check(&site);
        }
    }
}

#[test]
fn what_an_incident_says() {
    for text in long_texts() {
        let site = SiteTest::new();
        for incident in [
            format!("---\ntitle: Slow\n\"{text}\": 1\n---\n"),
            format!("---\ntitle: Slow\nstarted: \"{text}\"\n---\n"),
            format!("---\ntitle: Slow\nkind: \"{text}\"\n---\n"),
            format!("---\ntitle: Slow\ncomponents: {{ web: \"{text}\" }}\n---\n"),
            format!("---\ntitle: Slow\ncomponents: {{ \"{text}\": major_outage }}\n---\n"),
            format!("---\n{text}\n---\n"),
            format!("---\ntitle: Slow\n---\n\n## Investigating · {text}\n"),
            format!("---\ntitle: Slow\n---\n\n## {text} · 2022-12-28 19:45\n"),
            format!(
                "---\ntitle: Slow\n---\n\n## Investigating · 2022-12-28 19:45 {{{text}=operational}}\n\n[x]({text})\n"
            ),
            format!(
                "---\ntitle: Slow\n---\n\n## Investigating · 2022-12-28 19:45\n\n[x](<../{text}/>)\n"
            ),
            text.clone(),
        ] {
            site.write("incidents/slow.md", incident);
            check(&site);
        }
    }
}

#[test]
fn what_evidence_says() {
    for text in long_texts() {
        let site = SiteTest::new();
        for line in [
            format!(
                "{{\"component\":\"{text}\",\"status\":\"operational\",\"from\":\"2022-12-28T23:00:00Z\"}}\n"
            ),
            format!(
                "{{\"component\":\"web\",\"status\":\"{text}\",\"from\":\"2022-12-28T23:00:00Z\"}}\n"
            ),
            format!("{{\"component\":\"web\",\"status\":\"operational\",\"from\":\"{text}\"}}\n"),
            format!("{{\"{text}\":1}}\n"),
            format!("{text}\n"),
        ] {
            site.write("evidence/states.jsonl", line);
            check(&site);
        }
        site.write("evidence/states.jsonl", "");
        site.write("evidence/more.csv", format!("{text},status,from\n"));
        check(&site);
    }
}

#[test]
fn a_long_line_is_shown_where_it_is_wrong() {
    let site = SiteTest::new();
    let before = "x".repeat(5_000);
    let config = site.read("allclear.toml");
    let line = format!("title = {{ en = \"{before}\", wrong = 1, ar = \"{before}\" }}\n");
    site.write(
        "allclear.toml",
        config.replace("title = \"Example Status\"\n", &line),
    );
    let outcome = site.run_fails(1, &["check", "--now", NOW]);
    let report = outcome.stderr();
    assert!(report.contains(" --> allclear.toml:1:5019\n"), "{report}");
    assert!(report.contains("wrong = 1"), "{report}");
    let lines: Vec<&str> = report.lines().collect();
    let shown = lines
        .iter()
        .position(|line| line.contains("wrong = 1"))
        .unwrap();
    let column = lines[shown].chars().take_while(|c| *c != 'w').count();
    let caret = lines[shown + 1].chars().take_while(|c| *c != '^').count();
    assert_eq!(column, caret, "{report}");
    assert_short(report, 200 + 40);
}
