//! Languages: those that allclear speaks, and others by their messages alone.

use scraper::{Html, Selector};
use snapbox::str;

use crate::site_test::{NOW, SiteTest};

/// A site in English and another language, in Berlin, with a theme of its own.
fn site_in(tag: &str) -> SiteTest {
    let config = SiteTest::new().read("allclear.toml");
    let config = config
        .replace("[\"en\", \"ar\"]", &format!("[\"en\", \"{tag}\"]"))
        .replace("America/New_York", "Europe/Stockholm");
    SiteTest::empty()
        .file("allclear.toml", format!("theme = \"mine\"\n{config}"))
        .file("themes/mine/theme.toml", "contract = 2\n")
}

/// The texts of the elements of a page.
fn texts(html: &str, selector: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let selector = Selector::parse(selector).unwrap();
    let found = page.select(&selector);
    let words = found.map(|it| it.text().collect::<String>());
    let words = words.map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "));
    words.collect()
}

/// A table of messages of which the lines of some keys are translated.
fn translated(start: &str, messages: &[(&str, &str)]) -> String {
    let mut table = start.to_owned();
    for (key, text) in messages {
        let line = |line: &&str| line.starts_with(&format!("#{key} = "));
        let line = start.lines().find(line).unwrap().to_owned();
        table = table.replace(&line, &format!("{key} = \"{text}\""));
    }
    table
}

const SWEDISH: [(&str, &str); 7] = [
    ("headline-minor_outage", "Mindre driftstörning"),
    ("detail-affected-partial_outage", "Delvis nere: {names}."),
    ("page-since", "Sedan {time}"),
    ("state-identified", "Orsak funnen"),
    ("state-resolved", "Löst"),
    ("page-history", "Historik"),
    ("status-partial_outage", "Delvis nere"),
];

#[test]
fn a_language_works_by_its_messages_alone() {
    let site = site_in("sv");
    site.run(&["theme", "eject", "messages/sv.toml"])
        .expect_stdout(str![[r#"
Wrote themes/mine/messages/sv.toml

"#]]);
    let start = site.read("themes/mine/messages/sv.toml");
    assert!(
        start.starts_with(
            "# The texts of the interface in Svenska (`sv`).\n#\n\
             # Remove the `#` before a message once it is translated; what is left is said in English. {name} stands for a value.\n\
             # The plural forms of this language: one, other.\n"
        ),
        "{start}"
    );
    assert!(start.contains("\n#headline-all_clear = \"All systems operational\"\n"));
    assert!(start.contains("\n#days-count.one = \"{n} day\"\n#days-count.other = \"{n} days\"\n"));
    assert!(
        start
            .lines()
            .all(|line| line.is_empty() || line.starts_with('#')),
        "{start}"
    );
    site.write(
        "incidents/2022-12-28-slow.sv.md",
        "---\ntitle: Inloggningen är nere\n---\n\n## Orsak funnen · 2022-12-29 01:10\n\nEtt fel i databasen.\n\n## Identified · 2022-12-29 01:00\n\nVi letar.\n",
    );
    site.write(
        "incidents/2022-12-28-slow.md",
        "---\ntitle: Log-in is down\ncomponents: {login: partial_outage}\n---\n\n## Identified · 2022-12-29 01:10\n\nA fault.\n\n## Investigating · 2022-12-29 01:00\n\nWe look.\n",
    );
    // The words over updates are those that readers see, or English ones.
    let incident = site.read("incidents/2022-12-28-slow.sv.md");
    site.write(
        "incidents/2022-12-28-slow.sv.md",
        incident.replace(
            "## Identified · 2022-12-29 01:00",
            "## Investigating · 2022-12-29 01:00",
        ),
    );
    site.write("themes/mine/messages/sv.toml", translated(&start, &SWEDISH));
    let warnings = site.run_warns(&["build", "--now", NOW]);
    warnings.expect_stderr(str![[r#"
warning[missing-message]: the interface lacks [..] of its messages in `sv`, and says them in English
--> allclear.toml
 = help: missing: [..], and [..] more

1 warning; `allclear explain CODE` says more of each

"#]]);
    let html = site.read("public/sv/index.html");
    assert!(html.contains("<html lang=\"sv\" dir=\"ltr\""), "{html}");
    let main = texts(&html, "main")[0].clone();
    for said in [
        "Mindre driftstörning",
        "Delvis nere: Log-in.",
        "Sedan 29 dec. 2022 01:00 CET",
        "Inloggningen är nere",
        "Orsak funnen",
        "Ett fel i databasen.",
    ] {
        let main = main.replace(", ", " ");
        assert!(main.contains(said), "{said}: {main}");
    }
    // What is not translated is there all the same.
    assert!(main.contains("Components"), "{main}");
    // The menu of languages names it in itself.
    let english = site.read("public/index.html");
    assert!(english.contains(">Svenska<"), "{english}");
    assert!(
        site.read("public/sv/index.md")
            .contains("Delvis nere: Log-in.")
    );
    // An update in the words of the language can be posted and is understood.
    site.run(&[
        "resolve",
        "slow",
        "-m",
        "Done.",
        "--now",
        "2022-12-29T01:20:00Z",
    ]);
}

#[test]
fn a_language_without_messages_is_no_language_of_the_site() {
    site_in("sv")
        .run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[unknown-language]: there are no messages for `sv`: allclear has none, and neither has the theme `mine`
 --> allclear.toml:4:21
  |
4 | languages = ["en", "sv"]
  |                     ^^
  |
  = help: `allclear theme eject messages/sv.toml` writes the file to translate

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_message_of_another_language_is_checked_like_all() {
    site_in("sv")
        .file(
            "themes/mine/messages/sv.toml",
            "headline-allclear = \"Allt fungerar\"\npage-since = \"Sedan {tid}\"\n",
        )
        .run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
warning[missing-message]: the interface lacks [..] of its messages in `sv`, and says them in English
--> allclear.toml
 = help: missing: `about-component`, [..], and [..] more

error[bad-message]: there is no message `headline-allclear`
 --> themes/mine/messages/sv.toml:1:1
  |
1 | headline-allclear = "Allt fungerar"
  | ^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `headline-all_clear`?

error[bad-message]: the message `page-since` has no value `{tid}`
 --> themes/mine/messages/sv.toml:2:14
  |
2 | page-since = "Sedan {tid}"
  |              ^^^^^^^^^^^^^
  |
  = help: its values are `{time}`

2 errors and 1 warning; `allclear explain CODE` says more of each

"#]]);
}

/// `zh-Hant-HK` is `zh-Hant` with its own words, never `zh`, which is written in another script.
#[test]
fn a_region_falls_back_to_its_language() {
    let site = site_in("zh-Hant-HK").file(
        "themes/mine/messages/zh-Hant-HK.toml",
        "headline-no_known_problems = \"暫無已知問題\"\n",
    );
    site.write(
        "themes/mine/messages/zh-Hant.toml",
        "headline-no_known_problems = \"?\"\npage-components = \"服務元件\"\n",
    );
    site.run(&["build", "--now", NOW]);
    let html = site.read("public/zh-Hant-HK/index.html");
    assert!(html.contains("<html lang=\"zh-Hant-HK\""), "{html}");
    assert_eq!(texts(&html, "h1")[0], "暫無已知問題");
    assert!(html.contains(">服務元件<"), "{html}");
    assert!(html.contains("本頁運作方式"), "{html}");
    assert!(site.read("public/index.html").contains(">繁體中文 (HK)<"));
}

/// The twins of a site in each language say nothing twice and leave no value open.
#[test]
fn every_language_reads_well_in_context() {
    let languages = [
        "en", "ar", "de", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl", "pl",
        "pt-BR", "ru", "tr", "uk", "zh", "zh-Hant",
    ];
    let config = SiteTest::new().read("allclear.toml");
    let config = config
        .replace("[\"en\", \"ar\"]", &format!("{languages:?}"))
        .replace("America/New_York", "Europe/Berlin");
    let site = SiteTest::empty()
        .file("allclear.toml", config)
        .file(
            "incidents/2022-12-29-down.md",
            "---\ntitle: Log-in is down\ncomponents: {login: major_outage, api: partial_outage, web: degraded_performance}\n---\n\n## Investigating · 2022-12-29 01:10\n\nWe look.\n",
        )
        .file(
            "incidents/2022-12-27-work.md",
            "---\ntitle: Work\nkind: maintenance\ncomponents: [api]\nstarts: 2022-12-30 02:00\nends: 2022-12-30 03:00\n---\n\n## Scheduled · 2022-12-27 12:00\n\nSoon.\n",
        );
    site.run(&["build", "--now", NOW]);
    for tag in languages {
        let folder = if tag == "en" {
            String::new()
        } else {
            format!("{tag}/")
        };
        for page in [
            "index.md",
            "about/index.md",
            "history/index.md",
            "components/api/index.md",
        ] {
            let twin = site.read(&format!("public/{folder}{page}"));
            // The cells of a table stand between blanks.
            let twin = twin.replace("。 |", "。|");
            for wrong in [
                "..", "。。", "।।", "。.", "。 ", " 。", "{", "[page-", "[detail-",
            ] {
                assert!(!twin.contains(wrong), "{tag} {page} {wrong}: {twin}");
            }
        }
        let html = site.read(&format!("public/{folder}index.html"));
        let description = html
            .split("name=\"description\" content=\"")
            .nth(1)
            .unwrap();
        let description = description.split('"').next().unwrap();
        assert!(!description.contains("  "), "{tag}: {description}");
        // It says what is affected, and when that was, with the year.
        assert!(description.contains("Log-in"), "{tag}: {description}");
        let years = ["2022", "۲۰۲۲"];
        assert!(
            years.iter().any(|year| description.contains(year)),
            "{tag}: {description}"
        );
    }
    // German has its own names of zones.
    let german = site.read("public/de/index.html");
    assert!(german.contains("29. Dez. 2022, 02:30 MEZ"), "{german}");
    assert!(!german.contains("CET"), "{german}");
}

#[test]
fn a_file_keeps_its_words_when_another_language_becomes_the_first() {
    let site = SiteTest::new().file(
        "incidents/2022-12-28-weg.md",
        "---\ntitle: Weg\ncomponents: { web: major_outage }\n---\n\n## Wird untersucht · 2022-12-28 20:00\n\nText.\n\n## Resolved · 2022-12-28 20:10\n\nText.\n",
    );
    let config = site.read("allclear.toml");
    for languages in ["[\"de\", \"en\"]", "[\"en\", \"de\"]"] {
        site.write(
            "allclear.toml",
            config.replace("[\"en\", \"ar\"]", languages),
        );
        site.run(&["check", "--now", NOW]);
    }
    site.write("allclear.toml", config);
    site.run_fails(1, &["check", "--now", NOW]);
}
