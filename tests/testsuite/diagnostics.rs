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
        include_str!("own_pages.rs"),
        include_str!("rules.rs"),
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
fn a_template_that_cannot_be_compiled() {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    let config = config.replace("time_zone", "theme = \"mine\"\ntime_zone");
    site.file("allclear.toml", config)
        .file("themes/mine/theme.toml", "contract = 1\n")
        .file(
            "themes/mine/templates/not_found.html",
            "<h1>{{ page.title }}</h1>\n<p>{% if page %}Nothing here</p>\n",
        )
        .run_fails(1, &["check", "--now", NOW])
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error[broken-theme]: Unexpected end of input
 --> themes/mine/templates/not_found.html:2:17
  |
2 | <p>{% if page %}Nothing here</p>
  |                 ^^^^^^^^^^^^^^^^

1 error; `allclear explain CODE` says more of each

"#]]);
}

/// The outcome of `check` for a theme with these files.
fn theme_report(files: &[(&str, &str)]) -> Outcome {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    let config = config.replace("time_zone", "theme = \"mine\"\ntime_zone");
    let site = site.file("allclear.toml", config);
    for (path, text) in files {
        site.write(&format!("themes/mine/{path}"), text);
    }
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stdout(str![""])
}

#[test]
fn a_theme_for_another_contract() {
    theme_report(&[
        ("theme.toml", "name = \"Mine\"\ncontract = 2\n"),
        ("templates/headline.html", "{{ headline.words }}"),
    ])
    .expect_stderr(str![[r#"
error[theme-contract]: this theme is made for contract 2, but allclear 0.1.0 speaks contract 1
 --> themes/mine/theme.toml:2:12
  |
2 | contract = 2
  |            ^
  |
  = help: `allclear theme reference` says what templates see now; fix the theme, then write `contract = 1`

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_theme_that_does_not_say_its_contract() {
    theme_report(&[("templates/headline.html", "{{ headline.text }}")]).expect_stderr(str![[r#"
error[theme-contract]: the theme `mine` does not say which contract it is made for
--> themes/mine/theme.toml
 = help: write `contract = 1` into this file

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn everything_that_is_wrong_in_a_theme_toml() {
    theme_report(&[(
        "theme.toml",
        r##"contract = 1
extends = "defautl"
colour = "red"

[options.Size]
type = "number"
default = 1

[options.ground]
type = "colour"
default = "#fff"

[options.shape]
type = "choice"
values = ["round", "square"]
default = "oval"

[options.motto]
type = "text"
"##,
    )])
    .expect_stderr(str![[r#"
error[unknown-theme]: there is no built-in theme `defautl`
 --> themes/mine/theme.toml:2:11
  |
2 | extends = "defautl"
  |           ^^^^^^^^^
  |
  = help: a theme extends one of `default`, `plain`

error[unknown-key]: the theme has no key `colour`
 --> themes/mine/theme.toml:3:1
  |
3 | colour = "red"
  | ^^^^^^
  |
  = help: known: `name`, `contract`, `extends`, `options`

error[bad-id]: `Size` cannot be the name of an option
 --> themes/mine/theme.toml:5:10
  |
5 | [options.Size]
  |          ^^^^
  |
  = help: use small letters, digits and `_`, and start with a letter

error[wrong-type]: `colour` is no type of an option
  --> themes/mine/theme.toml:10:8
   |
10 | type = "colour"
   |        ^^^^^^^^
   |
   = help: did you mean `color`?

error[out-of-range]: `oval` is not one of `round`, `square`
  --> themes/mine/theme.toml:16:11
   |
16 | default = "oval"
   |           ^^^^^^
   |
   = help: known: `round`, `square`

error[missing-key]: an option needs `default`
  --> themes/mine/theme.toml:18:1
   |
18 | [options.motto]
   | ^^^^^^^^^^^^^^^

6 errors; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn messages_that_a_theme_cannot_change() {
    theme_report(&[
        ("theme.toml", "contract = 1\n"),
        (
            "messages/en.toml",
            "headline-all_claer = \"Fine\"\npage-as-of = \"As of {tiem}\"\ndays-count = { one = \"a day\" }\n",
        ),
        ("messages/xx.toml", "headline-all_clear = \"?\"\n"),
    ])
    .expect_stderr(str![[r#"
error[bad-message]: there is no message `headline-all_claer`
 --> themes/mine/messages/en.toml:1:1
  |
1 | headline-all_claer = "Fine"
  | ^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `headline-all_clear`?

error[bad-message]: the message `page-as-of` has no value `{tiem}`
 --> themes/mine/messages/en.toml:2:14
  |
2 | page-as-of = "As of {tiem}"
  |              ^^^^^^^^^^^^^^
  |
  = help: its values are `{time}`

error[bad-message]: the message `days-count` lacks the form `other`
 --> themes/mine/messages/en.toml:3:14
  |
3 | days-count = { one = "a day" }
  |              ^^^^^^^^^^^^^^^^^
  |
  = help: add `other = "..."`

error[unknown-language]: `xx` is no supported language
--> themes/mine/messages/xx.toml
 = help: supported: `ar`, `de`, `en`, `es`, `fa`, `fr`, `he`, `hi`, `id`, `ja`, `pt-BR`, `ru`, `tr`, `uk`, `zh`; a region may follow, as in `en-GB`

4 errors; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_language_without_all_forms_of_a_message() {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    site.file(
        "allclear.toml",
        config.replace("\"ar\"]", "\"ru\"]\ntheme = \"mine\""),
    )
    .file("themes/mine/theme.toml", "contract = 1\n")
    .file(
        "themes/mine/messages/ru.toml",
        "days-count = { one = \"{n} день\", other = \"{n} дня\" }\n",
    )
    .run_warns(&["check", "--now", NOW])
    .expect_stderr(str![[r#"
warning[missing-message]: the interface lacks 2 of its messages in `ru`, and says them in English
--> allclear.toml
 = help: missing: `days-count.few`, `days-count.many`

1 warning; `allclear explain CODE` says more of each

"#]]);
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
    let list: String = Code::ALL
        .iter()
        .map(|code| format!("{}\n", code.as_str()))
        .collect();
    site.run(&["explain"])
        .expect_stdout(snapbox::Data::text(list).raw());
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

/// A site whose only incident has many links that lead nowhere, and one image without words.
fn flood(links: usize) -> SiteTest {
    let links: String = (0..links)
        .map(|at| format!("[here](nowhere-{at}/)\n"))
        .collect();
    let text = format!(
        "---\ntitle: Pages fail\ncomponents: [web]\n---\n\n## Investigating · 2022-12-28 19:00\n\n{links}\n\n![](graph.png)\n"
    );
    SiteTest::new().file("incidents/pages.md", text)
}

#[test]
fn a_flood_of_one_kind_is_summed_up() {
    let site = flood(420);
    let commands: [&[&str]; 2] = [&["check", "--now", NOW], &["build", "--now", NOW]];
    for command in commands {
        let outcome = site.run_warns(command);
        let said = outcome.stderr();
        // The picture is not there either, and it has no words.
        assert_eq!(said.matches("warning[broken-link]").count(), 3, "{said}");
        assert_eq!(
            said.matches("418 more like this: `allclear check --all`\n")
                .count(),
            1,
            "{said}"
        );
        assert_eq!(said.matches("warning[wordless-image]").count(), 1, "{said}");
        assert!(said.contains("422 warnings; "), "{said}");
    }
    let outcome = site.run_warns(&["check", "--all", "--now", NOW]);
    assert_eq!(
        outcome.stderr().matches("warning[broken-link]").count(),
        421
    );
    assert!(!outcome.stderr().contains("more like this"));
    let outcome = site.run(&["check", "--format", "json", "--now", NOW]);
    assert_eq!(outcome.stdout().matches("broken-link").count(), 421);
    // A few are no flood.
    let outcome = flood(5).run_warns(&["check", "--now", NOW]);
    assert_eq!(outcome.stderr().matches("warning[broken-link]").count(), 6);
}

#[test]
fn a_kind_may_be_denied_or_only_warned_of() {
    let site = flood(1);
    site.run_fails(
        1,
        &[
            "check",
            "--deny",
            "wordless-image,empty-update",
            "--now",
            NOW,
        ],
    );
    site.run_warns(&["check", "--deny", "empty-update", "--now", NOW]);
    site.run_warns(&[
        "check",
        "--strict",
        "--warn",
        "wordless-image,broken-link",
        "--now",
        NOW,
    ]);
    site.run_fails(2, &["check", "--deny", "wordles-image"])
        .expect_stderr(str![[r#"
error: `--deny wordles-image`: there is no diagnostic `wordles-image`
  help: did you mean `wordless-image`?

"#]]);
    site.run_fails(2, &["check", "--warn", "bad-time"])
        .expect_stderr(str![[r#"
error: `--warn bad-time`: this is no warning: it stands in the way of a page that is true
  help: `--warn` takes `contradiction`, `unannounced-outage` and the rules that `[check]` weighs

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
  = help: known: `title`, `kind`, `components`, `impact`, `started`, `detected`, `ended`, `starts`, `ends`, `repeat`, `except`, `signals` and 3 more

2 errors; `allclear explain CODE` says more of each

"#]]);
}
