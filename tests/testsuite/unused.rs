//! Files, folders and keys that somebody wrote and that nothing reads.

use snapbox::str;

use crate::site_test::{NOW, SiteTest};

const INCIDENT: &str =
    "---\ntitle: Slow\nstarted: 2022-12-01 10:00\nended: 2022-12-01 11:00\n---\n\nIt was slow.\n";

/// A site with a file.
fn with(path: &str) -> SiteTest {
    SiteTest::new().file(path, INCIDENT)
}

/// The lines of a report that name a problem, a place or a way out.
fn told(site: &SiteTest) -> Vec<String> {
    let report = site.run_warns(&["check", "--now", NOW]);
    let lines = report.stderr().lines().map(str::trim);
    let lines = lines.filter(|line| {
        line.starts_with("warning[") || line.starts_with("-->") || line.starts_with("= help")
    });
    lines.map(str::to_owned).collect()
}

#[test]
fn incident_files_with_another_ending() {
    for (path, name) in [
        ("incidents/slow.markdown", "slow.md"),
        ("incidents/slow.MD", "slow.md"),
        ("incidents/2022/slow.md.txt", "slow.md"),
        ("incidents/slow.mdx", "slow.md"),
        ("incidents/slow.txt", "slow.md"),
        ("incidents/slow/index.markdown", "index.md"),
        ("incidents/slow.ar.markdown", "slow.ar.md"),
    ] {
        let expected = [
            "warning[unused-file]: nothing reads this file".to_owned(),
            format!("--> {path}"),
            format!("= help: rename it to `{name}`"),
        ];
        assert_eq!(told(&with(path)), expected, "{path}");
    }
    let site = with("incidents/slow.yaml");
    site.run_warns(&["check", "--now", NOW])
        .expect_stderr(str![[r#"
warning[unused-file]: nothing reads this file
--> incidents/slow.yaml
 = help: an incident file ends in `.md`; pictures and the like are published beside an `index.md`

1 warning; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn a_translation_beside_an_index_with_another_ending() {
    let site = with("incidents/slow/index.md").file("incidents/slow/index.ar.MD", INCIDENT);
    assert_eq!(
        told(&site),
        [
            "warning[unused-file]: nothing reads this file",
            "--> incidents/slow/index.ar.MD",
            "= help: rename it to `index.ar.md`"
        ]
    );
}

#[test]
fn evidence_with_another_ending() {
    let site = with("evidence/states.ndjson")
        .file("evidence/states.JSONL", "")
        .file("evidence/notes.txt", "");
    site.run_warns(&["check", "--now", NOW])
        .expect_stderr(str![[r#"
warning[unused-file]: nothing reads this file
--> evidence/notes.txt
 = help: component states are kept in `.jsonl` and `.csv`, samples of a signal also in `.json`

warning[unused-file]: nothing reads this file
--> evidence/states.JSONL
 = help: rename it to `states.jsonl`

warning[unused-file]: nothing reads this file
--> evidence/states.ndjson
 = help: rename it to `states.jsonl`

3 warnings; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn folders_with_nearly_the_right_name() {
    for (folder, file, meant) in [
        ("incident", "slow.md", "incidents"),
        ("Incidents", "slow.md", "incidents"),
        ("incidnets", "2022/slow.markdown", "incidents"),
        ("evidences", "states.jsonl", "evidence"),
        ("evidance", "states.csv", "evidence"),
        ("theme", "mine/theme.toml", "themes"),
        ("Themes", "mine/templates/headline.html", "themes"),
    ] {
        let expected = [
            format!("warning[unused-file]: nothing reads the folder `{folder}/`"),
            format!("--> {folder}"),
            format!("= help: did you mean `{meant}/`? Move its files there"),
        ];
        assert_eq!(
            told(&with(&format!("{folder}/{file}"))),
            expected,
            "{folder}"
        );
    }
}

#[test]
fn what_was_never_meant_to_be_read() {
    let site = with("incidents/slow/index.md")
        .file("incidents/README.md", "How we write.\n")
        .file("incidents/LICENSE", "CC0\n")
        .file("incidents/.slow.markdown.swp", "")
        .file("incidents/#slow.markdown#", "")
        .file("incidents/slow.markdown~", "")
        .file("incidents/templates/outage.txt", "")
        .file("incidents/slow/notes.txt", "Beside the page.\n")
        .file("evidence/README.md", "Where this comes from.\n")
        .file("evidence/.gitkeep", "")
        .file("incident/main.rs", "fn main() {}\n")
        .file("docs/slow.markdown", "")
        .file("README.md", "");
    site.run(&["check", "--strict", "--now", NOW]);
}

/// A site with a theme of its own that has the file, beside some that are used.
fn themed(path: &str) -> SiteTest {
    let site = SiteTest::new();
    let config = site
        .read("allclear.toml")
        .replace("time_zone", "theme = \"mine\"\ntime_zone");
    site.file("allclear.toml", config)
        .file("themes/mine/theme.toml", "contract = 2\n")
        .file("themes/mine/README.md", "Ours.\n")
        .file(
            "themes/mine/templates/headline.html",
            "{% include \"default/headline.html\" %}{% include \"note.html\" %}\n",
        )
        .file(
            "themes/mine/templates/note.html",
            "<p><img src=\"{{ page.root }}{{ asset(name=\"img/dot.svg\") }}\" alt=\"A dot\"></p>\n",
        )
        .file(
            "themes/mine/assets/img/dot.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>\n",
        )
        .file("themes/mine/messages/ar.toml", "")
        .file(&format!("themes/mine/{path}"), "")
}

#[test]
fn files_of_a_theme_that_nothing_uses() {
    for (path, message, hint) in [
        (
            "templates/haedline.html",
            "nothing uses this file",
            "did you mean `headline.html`?",
        ),
        (
            "assets/styel.css",
            "nothing uses this file",
            "did you mean `style.css`?",
        ),
        (
            "templates/aside.html",
            "nothing uses this file",
            "no page is made of a template of this name: include it in one that is used, or remove it",
        ),
        (
            "assets/img/photo.webp",
            "nothing uses this file",
            "write `asset(name=\"img/photo.webp\")` in a template, or remove it",
        ),
        (
            "messages/fr.toml",
            "the site has no language `fr`, so nothing reads these messages",
            "add `fr` to `languages` in `allclear.toml`, or remove the file",
        ),
        (
            "headline.html",
            "nothing uses this file",
            "a theme has `theme.toml`, and files in `templates/`, `assets/` and `messages/`",
        ),
        (
            "messages/en.txt",
            "nothing uses this file",
            "a theme has `theme.toml`, and files in `templates/`, `assets/` and `messages/`",
        ),
    ] {
        let expected = [
            format!("warning[unused-file]: {message}"),
            format!("--> themes/mine/{path}"),
            format!("= help: {hint}"),
        ];
        assert_eq!(told(&themed(path)), expected, "{path}");
    }
}

#[test]
fn what_a_theme_uses_is_left_alone() {
    themed("templates/month.html").run(&["check", "--strict", "--now", NOW]);
}

#[test]
fn keys_of_a_translation_that_do_nothing() {
    let site = SiteTest::new().file("incidents/slow.md", INCIDENT).file(
        "incidents/slow.ar.md",
        "---\ntitle: بطء\nstarted: 2022-12-01 09:00\ncomponents: [web]\n---\n\nكان بطيئًا.\n",
    );
    site.run_warns(&["check", "--now", NOW])
        .expect_stderr(str![[r#"
warning[unused-key]: a translation does nothing with `started`
 --> incidents/slow.ar.md:3:1
  |
3 | started: 2022-12-01 09:00
  | ^^^^^^^
  |
  = help: the original says it for all languages; a translation has a `title` and texts

warning[unused-key]: a translation does nothing with `components`
 --> incidents/slow.ar.md:4:1
  |
4 | components: [web]
  | ^^^^^^^^^^
  |
  = help: the original says it for all languages; a translation has a `title` and texts

2 warnings; `allclear explain CODE` says more of each

"#]]);
}
