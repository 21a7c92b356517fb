//! Long texts in a site: what reports quote of them has an end.

use crate::site_test::{NOW, Outcome, SiteTest};

/// The most that a report quotes of a text, in characters.
const QUOTED: usize = 200;

/// Texts that are long: a word, words, with backticks and quotes inside, and in another script.
fn long_texts() -> [String; 6] {
    [
        "a".repeat(10_000),
        "ab cd - ".repeat(1_500),
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

/// Checks a site in which a text makes a mistake in each of many places.
#[track_caller]
fn check(site: &SiteTest, least: usize) {
    for format in ["human", "json", "sarif", "github", "gitlab"] {
        let arguments = ["check", "--all", "--format", format, "--now", NOW];
        let outcome = Outcome::of(site.command(&arguments).assert());
        assert_eq!(outcome.code(), 1, "{}", outcome.stderr());
        // A message and its hint in one line, of two quotations each. SARIF explains every rule besides.
        if format != "sarif" {
            assert_short(outcome.stdout(), 4 * QUOTED + 700);
        }
        assert_short(outcome.stderr(), 2 * QUOTED + 300);
        let words = outcome.stdout().split_whitespace();
        let longest = words.map(|word| word.chars().count()).max();
        assert!(longest.unwrap_or(0) <= QUOTED + 150, "{}", outcome.stdout());
        if format == "human" {
            let found = outcome.stderr().matches("error[").count();
            assert!(found >= least, "{found}: {}", outcome.stderr());
        }
    }
}

#[test]
fn what_a_configuration_says() {
    for text in long_texts() {
        let site = SiteTest::new();
        let config = site.read("allclear.toml");
        let lines = format!(
            "\"{text}\" = 1\ntheme = \"{text}\"\nlogo = \"{text}\"\nlanguages = [\"{text}\"]\n"
        );
        let config = config
            .replace("languages = [\"en\", \"ar\"]\n", "")
            .replace("America/New_York", &text)
            .replace("https://status.example.com/", &text)
            .replace("id = \"web\"", &format!("id = \"{text}\""))
            .replace(
                "name = \"API\"",
                &format!("name = \"API\"\ngroup = \"{text}\""),
            );
        site.write("allclear.toml", format!("{lines}{config}"));
        check(&site, 5);
    }
    let site = SiteTest::new();
    for line in [
        long_texts()[0].clone(),
        format!("x = {{ {}", long_texts()[1]),
    ] {
        site.write("allclear.toml", line);
        check(&site, 1);
    }
}

#[test]
fn what_an_incident_says() {
    for text in long_texts() {
        let site = SiteTest::new();
        let incidents = [
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
            text.clone(),
        ];
        for (number, incident) in incidents.iter().enumerate() {
            site.write(&format!("incidents/{number}.md"), incident);
        }
        check(&site, 8);
    }
}

#[test]
fn what_evidence_says() {
    for text in long_texts() {
        let site = SiteTest::new();
        let lines = [
            format!(
                "{{\"component\":\"{text}\",\"status\":\"operational\",\"from\":\"2022-12-28T23:00:00Z\"}}\n"
            ),
            format!(
                "{{\"component\":\"web\",\"status\":\"{text}\",\"from\":\"2022-12-28T23:00:00Z\"}}\n"
            ),
            format!("{{\"component\":\"web\",\"status\":\"operational\",\"from\":\"{text}\"}}\n"),
            format!("{{\"{text}\":1}}\n"),
            format!("{text}\n"),
        ];
        site.write("evidence/states.jsonl", lines.concat());
        site.write("evidence/more.csv", format!("{text},status,from\n"));
        check(&site, 6);
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
    assert!(report.contains(" --> allclear.toml:1:5020\n"), "{report}");
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
