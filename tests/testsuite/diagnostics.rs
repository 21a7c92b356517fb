//! Diagnostics that need more than a malformed file, and how all diagnostics are printed.

use std::collections::BTreeSet;
use std::fs;

use allclear::diagnostic::Code;
use snapbox::str;

use crate::malformed;
use crate::site_test::{NOW, Outcome, SiteTest};

/// An incident file with an update that has no text.
const INCIDENT: &str = "---\ntitle: Log-in fails\ncomponents:\n  web: partial_outage\n---\n\n## Investigating · 2022-12-28 19:45\n";

/// A site with an error and a warning.
fn error_and_warning() -> SiteTest {
    SiteTest::new()
        .file("incidents/a.md", INCIDENT.replace("web", "wbe"))
        .file(
            "incidents/b.md",
            INCIDENT.replace("---\n\n", "started: 2022-12-28 20:00\n---\n\n"),
        )
}

/// A site with a warning.
fn warning() -> SiteTest {
    let site = error_and_warning();
    fs::remove_file(site.path("incidents/a.md")).unwrap();
    site
}

#[test]
fn every_code_is_in_a_test() {
    let mut tested: BTreeSet<String> = malformed::codes();
    let reports = concat!(
        include_str!("diagnostics.rs"),
        include_str!("evidence.rs"),
        include_str!("future_evidence.rs"),
        include_str!("inside.rs"),
        include_str!("own_pages.rs"),
        include_str!("planned.rs"),
        include_str!("probes.rs"),
        include_str!("probes/hindered.rs"),
        include_str!("probes/left.rs"),
        include_str!("rendering.rs"),
        include_str!("rules.rs"),
        include_str!("special_files.rs"),
        include_str!("measures.rs"),
        include_str!("../../src/site/read/memo.rs"),
        include_str!("theme_files.rs"),
        include_str!("unused.rs")
    );
    let rewritings = include_str!("since.rs");
    tested.extend(
        Code::ALL
            .iter()
            .map(|code| code.as_str().to_owned())
            .filter(|code| {
                reports.contains(&format!("[{code}]:"))
                    || rewritings.contains(&format!("[\"{code}\""))
                    || rewritings.contains(&format!("[{code}]:"))
            }),
    );
    assert!(Code::ALL.len() >= 50);
    for code in Code::ALL {
        assert!(tested.contains(code.as_str()), "{}", code.as_str());
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere() {
    let site = SiteTest::new().file("incidents/a.md", INCIDENT);
    std::os::unix::fs::symlink("nowhere.md", site.path("incidents/b.md")).unwrap();
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error[unreadable-file]: cannot be read: No such file or directory (os error 2)
--> incidents/b.md

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_site() {
    let elsewhere = SiteTest::empty().file("secret.md", INCIDENT);
    let site = SiteTest::new().file("incidents/a.md", INCIDENT);
    std::os::unix::fs::symlink(elsewhere.path("secret.md"), site.path("incidents/b.md")).unwrap();
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error[outside-site]: this link leads out of the site's folder
--> incidents/b.md
 = help: copy what it leads to into the site: what is published must be in the site's history

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_file_that_is_too_large() {
    let site = SiteTest::new().file("incidents/a.md", INCIDENT);
    let file = fs::OpenOptions::new()
        .write(true)
        .open(site.path("incidents/a.md"));
    file.unwrap().set_len(5 << 20).unwrap();
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error[file-too-large]: this file has 5 MB, more than the 4 MB that are read
--> incidents/a.md
 = help: split it

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn an_update_in_the_future_is_a_warning_as_of_the_present() {
    let site = SiteTest::new().file(
        "incidents/a.md",
        INCIDENT.replace("2022-12-28", "2222-12-28"),
    );
    site.run_warns(&["check"])
        .expect_stdout(str![[r#"
3 components and 1 incident checked: no errors

"#]])
        .expect_stderr(str![[r#"
warning[future-update]: this update lies in the future: it is [..] now
 --> incidents/a.md:7:4
  |
7 | ## Investigating · 2222-12-28 19:45
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: look at the year, the day and the time zone; it will be shown from its time on

1 warning; `allclear explain CODE` says more of each

"#]]);
    site.run(&["check", "--now", NOW]);
}

#[test]
fn a_document_that_is_no_incident() {
    SiteTest::new()
        .file("export/a.json", "{\"name\": \"Log-in fails\"}\n")
        .run_fails(1, &["import", "statuspage", "export/a.json"])
        .expect_stdout(str![[r#"
imported 0 incidents with 0 updates; 0 were there already

"#]])
        .expect_stderr(str![[r#"
error[bad-document]: this is no document of a Statuspage
 --> export/a.json:1:1
  |
1 | {"name": "Log-in fails"}
  | ^
  |
  = help: give incident documents, `incidents.json`, `scheduled-maintenances.json`, `components.json` or `summary.json`

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn components_that_an_import_cannot_add() {
    SiteTest::empty()
        .file(
            "allclear.toml",
            "title = \"Example\"\nbase_url = \"https://status.example.com/\"\ncomponents = [{ id = \"web\" }]\n",
        )
        .file(
            "export/components.json",
            "{\"page\":{\"id\":\"p\",\"name\":\"Example\"},\"components\":[{\"id\":\"c\",\"name\":\"API\",\"status\":\"operational\",\"position\":1}]}\n",
        )
        .run_fails(1, &["import", "statuspage", "export/components.json"])
        .expect_stdout(str![[r#"
imported 0 incidents with 0 updates; 0 were there already

"#]])
        .expect_stderr(str![[r#"
error[inline-list]: `components` is one value, and an import changes no text that is there
 --> allclear.toml:3:14
  |
3 | components = [{ id = "web" }]
  |              ^^^^^^^^^^^^^^^^
  |
  = help: write it as `[[components]]` tables, and add these:
          [[components]]
          id = "api"
          name = "API"
          

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_warning_stops_nothing_unless_strict() {
    let site = warning();
    site.build_with_warnings();
    site.run_warns(&["check", "--now", NOW])
        .expect_stdout(str![[r#"
3 components and 1 incident checked: no errors

"#]])
        .expect_stderr(str![[r#"
warning[empty-update]: this update has no text
 --> incidents/b.md:8:4
  |
8 | ## Investigating · 2022-12-28 19:45
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: say below it what readers should know

warning[update-before-start]: this update is earlier than the incident's start
 --> incidents/b.md:8:4
  |
8 | ## Investigating · 2022-12-28 19:45
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
 ::: incidents/b.md:5:10
  |
5 | started: 2022-12-28 20:00
  |          ---------------- it began here
  |
  = help: it began at 2022-12-28 20:00 -05:00; look at both times

2 warnings; `allclear explain CODE` says more of each

"#]]);
    site.run_fails(1, &["check", "--strict", "--now", NOW])
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error[empty-update]: this update has no text
 --> incidents/b.md:8:4
  |
8 | ## Investigating · 2022-12-28 19:45
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: say below it what readers should know

error[update-before-start]: this update is earlier than the incident's start
 --> incidents/b.md:8:4
  |
8 | ## Investigating · 2022-12-28 19:45
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
 ::: incidents/b.md:5:10
  |
5 | started: 2022-12-28 20:00
  |          ---------------- it began here
  |
  = help: it began at 2022-12-28 20:00 -05:00; look at both times

2 errors; `allclear explain CODE` says more of each

"#]]);
    site.run_fails(1, &["build", "--strict", "--now", NOW]);
}

#[test]
fn quiet_tells_errors_alone() {
    error_and_warning()
        .run_fails(1, &["check", "--quiet", "--now", NOW])
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error[unknown-component]: there is no component `wbe`
 --> incidents/a.md:4:3
  |
4 |   wbe: partial_outage
  |   ^^^
  |
  = help: did you mean `web`?

1 error and 1 warning; `allclear explain CODE` says more of each

"#]]);
    warning()
        .run(&["check", "--quiet", "--now", NOW])
        .expect_stdout(str![""])
        .expect_stderr(str![""]);
    warning()
        .run_fails(1, &["check", "--quiet", "--strict", "--now", NOW])
        .expect_stderr(str![[r#"
error[empty-update]: this update has no text
 --> incidents/b.md:8:4
  |
8 | ## Investigating · 2022-12-28 19:45
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: say below it what readers should know

error[update-before-start]: this update is earlier than the incident's start
 --> incidents/b.md:8:4
  |
8 | ## Investigating · 2022-12-28 19:45
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
 ::: incidents/b.md:5:10
  |
5 | started: 2022-12-28 20:00
  |          ---------------- it began here
  |
  = help: it began at 2022-12-28 20:00 -05:00; look at both times

2 errors; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let site = error_and_warning();
    let told = |arguments: &[&str], no_color: Option<&str>| {
        let command = site.command(arguments).env_remove("NO_COLOR");
        let command = match no_color {
            Some(value) => command.env("NO_COLOR", value),
            None => command,
        };
        Outcome::of(command.assert()).stderr().to_owned()
    };
    let plain = told(&["check", "--now", NOW], Some("1"));
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(told(&["check", "--now", NOW], None), plain);
    assert_eq!(
        told(&["check", "--color", "never", "--now", NOW], None),
        plain
    );
    let coloured = told(&["check", "--color", "always", "--now", NOW], None);
    assert!(coloured.contains("\u{1b}[1m"));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn every_code_is_explained() {
    let site = SiteTest::empty();
    for code in Code::ALL {
        let explanation = code.explanation();
        assert!(
            explanation.len() > 40 && explanation.ends_with('.'),
            "{code:?}"
        );
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(code.as_str().chars().all(is_word), "{code:?}");
    }
    let words: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(words.len(), Code::ALL.len());
    // The list says of each in a line what it is about.
    let list = site.run(&["explain"]);
    let lines: Vec<(&str, &str)> = list
        .stdout()
        .lines()
        .map(|line| line.split_once("  ").unwrap())
        .collect();
    let listed: BTreeSet<&str> = lines.iter().map(|(word, _)| *word).collect();
    assert_eq!(listed, words);
    assert_eq!(lines.len(), words.len());
    for (word, about) in lines {
        let about = about.trim_start();
        let length = about.chars().count();
        assert!((20..=91).contains(&length), "{word}: {about}");
        assert_eq!(about.matches('`').count() % 2, 0, "{word}: {about}");
    }
    assert!(list.stdout().contains(
        "\nno-updates                    Neither a key nor an update says when this began\n"
    ));
    site.run(&["explain", "ambiguous-time"])
        .expect_stdout(str![[r#"
ambiguous-time

When clocks go back, an hour of local time happens twice, and this time lies in it. allclear does not guess which one is meant, because the difference is an hour of outage. Add the offset; the hint gives both.

"#]])
        .expect_stderr(str![""]);
    site.run_fails(2, &["explain", "ambigous-time"])
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error: there is no diagnostic `ambigous-time`
  help: did you mean `ambiguous-time`?

"#]]);
}

/// The codes of what `check` finds, in the order of the report.
fn codes_of(site: &SiteTest) -> Vec<String> {
    let outcome = site.run_fails(1, &["check", "--now", NOW]);
    let heads = outcome.stderr().lines().filter_map(|line| {
        let line = line
            .strip_prefix("error[")
            .or(line.strip_prefix("warning["))?;
        Some(line.split_once(']')?.0.to_owned())
    });
    heads.collect()
}

#[test]
fn one_mistake_is_one_finding() {
    let translation = INCIDENT
        .replace("Log-in fails", "عطل")
        .replace("components:\n  web: partial_outage\n", "");
    let site = |text: String| {
        SiteTest::new()
            .file("incidents/a.md", text)
            .file("incidents/a.ar.md", &translation)
    };
    // The original cannot be read, so nothing can be said of its translation.
    let broken = INCIDENT.replace("components:", "kind: incidnet\ncomponents:");
    assert_eq!(codes_of(&site(broken)), ["unknown-kind"]);
    // Nor of its updates, while a heading cannot be read.
    let broken = INCIDENT.replace("19:45", "9pm");
    assert_eq!(codes_of(&site(broken)), ["bad-update-heading"]);
    let site = SiteTest::new()
        .file("incidents/a.md", INCIDENT.to_owned() + "\nWe look.\n")
        .file("incidents/a.ar.md", translation.replace("19:45", "9pm"));
    assert_eq!(codes_of(&site), ["bad-update-heading"]);
    // What a broken definition would have defined is not unknown besides.
    let site = SiteTest::new().file("incidents/a.md", INCIDENT.to_owned() + "\nWe look.\n");
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        config.replace("id = \"web\"", "id = \"Web site\""),
    );
    assert_eq!(codes_of(&site), ["bad-id"]);
    site.write("allclear.toml", config.replace("\"ar\"", "\"arr\""));
    site.write("incidents/a.ar.md", &translation);
    assert_eq!(codes_of(&site), ["unknown-language"]);
    // Nor are the words of a language wrong that the site does not have.
    site.write(
        "incidents/a.ar.md",
        translation.replace("Investigating", "قيد التحقيق"),
    );
    assert_eq!(codes_of(&site), ["unknown-language"]);
    site.write(
        "allclear.toml",
        config.replace("[\"en\", \"ar\"]", "[\"en\"]"),
    );
    assert_eq!(codes_of(&site), ["unknown-language"]);
    site.write("incidents/a.ar.md", &translation);
    site.write(
        "allclear.toml",
        config.replace("[[components]]", "[[component]]"),
    );
    assert_eq!(codes_of(&site), ["unknown-key"]);
    // But a second mistake is told as well.
    site.write(
        "allclear.toml",
        config.replace("id = \"web\"", "id = \"Web site\""),
    );
    site.write(
        "incidents/b.md",
        INCIDENT.replace("web", "wbe") + "\nWe look.\n",
    );
    assert_eq!(
        codes_of(&site),
        ["bad-id", "unknown-component", "unknown-component"]
    );
}

#[test]
fn a_hint_names_each_known_key_once() {
    let site = SiteTest::new().file(
        "incidents/slow.md",
        "---\ntitle: Slow\nkind: oddity\nweather: fine\nstarted: 2022-12-01 10:00\n---\n",
    );
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[unknown-kind]: `oddity` is no kind of incident
 --> incidents/slow.md:3:7
  |
3 | kind: oddity
  |       ^^^^^^
  |
  = help: known: `incident`, `maintenance`, `notice`

error[unknown-key]: an incident has no key `weather`
 --> incidents/slow.md:4:1
  |
4 | weather: fine
  | ^^^^^^^
  |
  = help: known: `title`, `regions`, `kind`, `components`, `impact`, `started`, `detected`, `ended`, `starts`, `ends`, `repeat`, `except` and 4 more

2 errors; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_heading_with_a_status_word_alone_is_an_update_in_any_dress() {
    for (heading, word) in [
        ("Resolved:", "Resolved"),
        ("**Resolved**", "Resolved"),
        ("Resolved ✅", "Resolved"),
        ("Monitoring.", "Monitoring"),
        ("Update 2", "Update"),
        ("Update 2:", "Update"),
        ("Fixed -", "Resolved"),
        ("Identified · Dec 28, 2022 19:45", "Identified"),
        ("Update - 3:15 PM", "Update"),
    ] {
        let site = SiteTest::new().file(
            "incidents/a.md",
            format!("{INCIDENT}\nWe look.\n\n## {heading}\n\nIt works.\n"),
        );
        let outcome = site.run_fails(1, &["check", "--now", NOW]);
        let said = outcome.stderr();
        assert!(
            said.contains("error[bad-update-heading]"),
            "{heading}: {said}"
        );
        let right = format!("`## {word} · 2022-12-28 19:45`");
        assert!(said.contains(&right), "{heading}: {said}");
    }
    for heading in [
        "Root cause",
        "Fix",
        "Update of the certificate",
        "Closed",
        "What was resolved?",
    ] {
        let site = SiteTest::new().file(
            "incidents/a.md",
            format!("{INCIDENT}\nWe look.\n\n## {heading}\n\nIt works.\n"),
        );
        let outcome = Outcome::of(site.command(&["check", "--now", NOW]).assert());
        assert!(!outcome.stderr().contains("bad-update"), "{heading}");
    }
}

#[test]
fn an_update_that_its_blanks_make_code_is_told() {
    let site = SiteTest::new().file(
        "incidents/a.md",
        format!("{INCIDENT}\nWe look.\n\n    ## Resolved · 2022-12-28 20:45\n\n    It works.\n"),
    );
    let outcome = site.run_fails(1, &["check", "--now", NOW]);
    let said = outcome.stderr();
    assert!(said.contains("its blanks make it code"), "{said}");
    assert!(
        said.contains("write `## Resolved · 2022-12-28 20:45`"),
        "{said}"
    );
}

#[test]
fn a_zone_that_counts_from_utc_is_answered_with_its_offset() {
    for (zone, offset) in [
        ("UTC+1", "+01:00"),
        ("GMT-5", "-05:00"),
        ("UTC+05:30", "+05:30"),
    ] {
        let site = SiteTest::new().file(
            "incidents/a.md",
            INCIDENT.replace("19:45", &format!("19:45 {zone}")),
        );
        let outcome = site.run_fails(1, &["check", "--now", NOW]);
        let said = outcome.stderr();
        assert!(
            said.contains(&format!("write `{offset}`")),
            "{zone}: {said}"
        );
    }
}

#[test]
fn all_rules_are_named_where_none_is_near() {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        format!("{config}\n[check]\nspelling = \"off\"\n"),
    );
    let outcome = site.run_fails(1, &["check", "--now", NOW]);
    for code in Code::ALL.iter().filter(|code| code.is_rule()) {
        let name = format!("`{}`", code.as_str());
        assert!(
            outcome.stderr().contains(&name),
            "{name}: {}",
            outcome.stderr()
        );
    }
}
