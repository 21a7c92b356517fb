//! Themes: what a site can change, and the commands for it.

use std::fs;
use std::path::Path;

use snapbox::{IntoData as _, str};

use crate::pages::{page, texts};
use crate::site_test::{NOW, SiteTest};

/// A site with a line more at the top level of its `allclear.toml`, and more at its end.
fn with(top: &str, end: &str) -> SiteTest {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    let config = config.replace("time_zone", &format!("{top}\ntime_zone")) + end;
    site.file("allclear.toml", config)
}

#[test]
fn the_contract_is_written_from_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/theme.md");
    let page = fs::read_to_string(path).unwrap();
    // What stands before is the mark of the command that writes the page.
    let (_, expected) = page.split_once('\n').unwrap();
    // So does the list of what is on it, which only a page has.
    let on_page = expected
        .lines()
        .find(|line| line.starts_with("On this page: "));
    let expected = expected.replacen(&format!("{}\n\n", on_page.unwrap()), "", 1);
    SiteTest::empty()
        .run(&["theme", "reference"])
        .expect_stdout(expected.raw());
}

#[test]
fn a_theme_of_four_lines() {
    let site = with(
        "theme = \"mine\"",
        "[theme_options]\naccent = \"#7a1fa2\"\n",
    )
    .file("themes/mine/theme.toml", "contract = 2\n")
    .file(
        "themes/mine/templates/headline.html",
        "{% include \"default/headline.html\" %}<p id=\"mine\">{{ headline.state }}</p>\n",
    )
    .file(
        "themes/mine/messages/en.toml",
        "headline-no_known_problems = \"Nothing wrong\"\n",
    );
    site.build();
    let index = page(&site, "index.html");
    assert_eq!(texts(&index, "h1"), ["Nothing wrong"]);
    assert_eq!(texts(&index, "#mine"), ["no_known_problems"]);
    // Arabic has its own words still.
    assert_eq!(
        texts(&page(&site, "ar/index.html"), "h1"),
        ["لا مشكلات معروفة"]
    );
    let outputs = site.outputs();
    let style = outputs
        .iter()
        .find(|path| path.starts_with("assets/style."))
        .unwrap();
    // Purple is too dark to be read on dark pages: there it is a tint.
    let style = site.read(&format!("public/{style}"));
    let last = style.lines().last().unwrap();
    assert_eq!(last, ":root { --accent: light-dark(#7a1fa2, #a669c1) }");
}

#[test]
fn a_logo_and_links() {
    let site = with(
        "logo = { light = \"brand/l.svg\", dark = \"brand/d.png\" }",
        "[[links]]\nname = { en = \"Help\", ar = \"مساعدة\" }\nurl = { en = \"https://help.example.com/\", ar = \"https://help.example.com/ar/\" }\n",
    )
    .file("brand/l.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
    .file("brand/d.png", [0x89, b'P', b'N', b'G']);
    site.build();
    let header = |path: &str| {
        let page = page(&site, path);
        let header = crate::pages::all(&page, "header.site").remove(0);
        let attributes = header.descendants().filter_map(scraper::ElementRef::wrap);
        let attributes = attributes.filter_map(|element| {
            let of = ["srcset", "src", "href"];
            of.iter()
                .find_map(|name| element.attr(name))
                .map(str::to_owned)
        });
        attributes.collect::<Vec<_>>()
    };
    let english = header("index.html");
    for (start, end) in [
        ("./assets/logo.", ".png"),
        ("./assets/logo.", ".svg"),
        ("https://help.example.com/", ""),
    ] {
        let found = english
            .iter()
            .any(|it| it.starts_with(start) && it.ends_with(end));
        assert!(found, "{start} {end}: {english:?}");
    }
    let arabic = header("ar/index.html");
    assert!(
        arabic.contains(&"https://help.example.com/ar/".to_owned()),
        "{arabic:?}"
    );
    assert!(
        arabic.iter().any(|it| it.starts_with("../assets/logo.")),
        "{arabic:?}"
    );
}

#[test]
fn options_reach_templates() {
    let site = with(
        "theme = \"mine\"",
        "[theme_options]\nmotto = { en = \"We watch\", ar = \"نراقب\" }\nsize = 7\n",
    )
    .file(
        "themes/mine/theme.toml",
        r##"contract = 2
extends = "plain"

[options.motto]
type = "text"
default = "Nothing"

[options.size]
type = "number"
max = 9
default = 1

[options.loud]
type = "boolean"
default = true

[options.ground]
type = "color"
default = "#fff"
"##,
    )
    .file(
        "themes/mine/templates/not_found.html",
        "{% set it = site.options %}{{ it.motto }} {{ it.size }} {{ it.loud }} {{ it.ground.dark }} {{ it.charts }}",
    );
    site.build();
    assert_eq!(
        site.read("public/404.html"),
        "We watch 7 true #ffffff breached"
    );
    assert_eq!(
        site.read("public/ar/404.html"),
        "نراقب 7 true #ffffff breached"
    );
}

#[test]
fn themes_are_listed_started_and_ejected() {
    let site = SiteTest::new();
    site.run(&["theme", "new", "mine"]).expect_stdout(str![[r#"
Wrote themes/mine/theme.toml. Next:
  1. Write `theme = "mine"` into `allclear.toml`.
  2. Run `allclear theme eject` to see which files there are, and eject what you want to change.
  3. `allclear theme reference` says what templates see.

"#]]);
    site.run_fails(2, &["theme", "new", "mine"])
        .expect_stderr(str![[r#"
error: `themes/mine/theme.toml` is there already
  help: nothing was changed; move it away or choose another name

"#]]);
    site.run_fails(2, &["theme", "new", "Mine"])
        .expect_stderr(str![[r#"
error: `Mine` cannot be the name of a new theme
  help: use small letters, digits, `-` and `_`, and no built-in theme's name

"#]]);
    site.run_fails(2, &["theme", "new", "other", "--extends", "plian"])
        .expect_stderr(str![[r#"
error: there is no built-in theme `plian`
  help: did you mean `plain`?

"#]]);
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        config.replace("time_zone", "theme = \"mine\"\ntime_zone"),
    );
    site.run(&["theme", "list"]).expect_stdout(str![[r#"
  default  built in: Default
* mine     themes/mine: mine
  plain    built in: Plain

Options of `mine`, to be set in `[theme_options]`:
  accent   The colour of the site's title, of links in updates, and of what has the focus (a colour, or `{ light, dark }`)
  charts   When the index charts the signals of the last day: while one breaches, always, or never (one of breached, always, never)
  updates  How many updates of an open incident the index shows (a number from 1 to 20)

"#]]);
    site.run_fails(2, &["theme", "eject", "templates/headlnie.html"])
        .expect_stderr(str![[r#"
error: the theme has no file `templates/headlnie.html`
  help: did you mean `templates/headline.html`?

"#]]);
    site.run(&["theme", "eject", "templates/headline.html"])
        .expect_stdout(str![[r#"
Wrote themes/mine/templates/headline.html

"#]]);
    site.run_fails(2, &["theme", "eject", "templates/headline.html"])
        .expect_stderr(str![[r#"
error: `themes/mine/templates/headline.html` is there already
  help: nothing was changed; move it away or choose another name

"#]]);
    site.run(&["theme", "eject", "messages/ar.toml"]);
    site.run(&["theme", "eject", "assets/style.css"]);
    let files = site.run(&["theme", "eject"]);
    assert!(files.stdout().lines().count() > 30, "{}", files.stdout());
    // What was ejected is what was there: nothing changes.
    let ejected = site.build().contents();
    site.write("allclear.toml", &config);
    site.build();
    assert_eq!(ejected, site.contents());
}

#[test]
fn to_eject_from_a_built_in_theme_starts_one_of_its_name() {
    let site = with("theme = \"plain\"", "");
    site.run(&["theme", "eject", "assets/style.css"])
        .expect_stdout(str![[r#"
Wrote themes/plain/theme.toml.
Wrote themes/plain/assets/style.css

"#]]);
    site.write("themes/plain/assets/style.css", "h1 { color: teal }\n");
    site.run(&["check", "--now", NOW]);
}

#[test]
fn the_plain_theme_is_small() {
    let site = with("theme = \"plain\"", "");
    let outputs = site.build().outputs();
    let style = outputs
        .iter()
        .find(|path| path.starts_with("assets/style."))
        .unwrap();
    let style = site.read(&format!("public/{style}"));
    assert!(style.len() <= 1024, "{}", style.len());
    let mut pages = outputs.clone();
    // What stands in other pages looks as it does in every theme.
    pages.retain(|path| path.ends_with(".html") && !path.contains("embed/"));
    assert!(pages.len() >= 10, "{pages:?}");
    for path in &pages {
        let page = page(&site, path);
        assert!(
            crate::pages::all(&page, "main svg, main img").is_empty(),
            "{path}"
        );
    }
}

#[test]
fn a_block_of_the_frame_is_changed_on_every_page() {
    const BLOCKS: [(&str, &str); 6] = [
        ("title", "title"),
        ("icon", "head link[rel=icon]"),
        ("head", "head meta[name=mine-head]"),
        ("header", "#mine-header"),
        ("main", "main #mine-main + *"),
        ("footer", "footer #mine-footer"),
    ];
    for base in ["default", "plain"] {
        let site = with("theme = \"mine\"", "")
            .file(
                "themes/mine/theme.toml",
                format!("contract = 2\nextends = \"{base}\"\n"),
            )
            .file(
                "themes/mine/templates/base.html",
                format!(
                    "{{% extends \"{base}/base.html\" %}}\n\
                     {{% block title %}}Mine{{% endblock %}}\n\
                     {{% block icon %}}mine.svg{{% endblock %}}\n\
                     {{% block head %}}<meta name=\"mine-head\">{{% endblock %}}\n\
                     {{% block header %}}<p id=\"mine-header\"></p>{{% endblock %}}\n\
                     {{% block main %}}<p id=\"mine-main\"></p>{{{{ super() }}}}{{% endblock %}}\n\
                     {{% block footer %}}<p id=\"mine-footer\"></p>{{% endblock %}}\n"
                ),
            )
            .file(
                "incidents/2022-12-20-cable.md",
                "---\ntitle: A cable\ncomponents: { web: major_outage }\n---\n\n\
                 ## Investigating · 2022-12-20 09:00\n\nWe look.\n\n## Resolved · 2022-12-20 10:00\n",
            );
        site.build();
        let mut pages = site.outputs();
        // The page for frames in other pages has no frame of its own.
        pages.retain(|path| path.ends_with(".html") && !path.ends_with("embed/index.html"));
        // Each kind in two languages: the index, an incident, a component, both lists, about and 404.
        assert!(pages.len() >= 14, "{pages:?}");
        for path in &pages {
            let page = page(&site, path);
            for (block, selector) in BLOCKS {
                let found = crate::pages::all(&page, selector);
                assert_eq!(found.len(), 1, "{base}: `{block}` of {path}");
            }
            assert_eq!(texts(&page, "title"), ["Mine"], "{base}: {path}");
            let icon = crate::pages::all(&page, "head link[rel=icon]").remove(0);
            assert_eq!(icon.attr("href"), Some("mine.svg"), "{base}: {path}");
            let footer = crate::pages::all(&page, "footer").remove(0);
            assert!(
                !footer.inner_html().contains("about/") || base == "plain",
                "{path}"
            );
        }
    }
}

#[test]
fn a_file_is_ejected_by_any_name_that_says_which() {
    let cases = [
        ("headline.html", "templates/headline.html"),
        ("templates/headline.html", "templates/headline.html"),
        ("bars.html", "templates/components/bars.html"),
        ("components/bars.html", "templates/components/bars.html"),
        ("./assets/page.js", "assets/page.js"),
        ("page.js", "assets/page.js"),
        ("de.toml", "messages/de.toml"),
        ("themes/mine/templates/month.html", "templates/month.html"),
    ];
    for (asked, file) in cases {
        let site = with("theme = \"mine\"", "").file("themes/mine/theme.toml", "contract = 2\n");
        let wrote = format!("Wrote themes/mine/{file}\n");
        site.run(&["theme", "eject", asked]).expect_stdout(wrote);
    }
    let site = with("theme = \"mine\"", "").file("themes/mine/theme.toml", "contract = 2\n");
    site.run_fails(2, &["theme", "eject", "headlnie.html"])
        .expect_stderr(str![[r#"
error: the theme has no file `headlnie.html`
  help: did you mean `templates/headline.html`?

"#]]);
}

#[test]
fn a_changed_built_in_theme_has_all_its_options() {
    let site = SiteTest::new()
        .file(
            "themes/default/theme.toml",
            "contract = 2\n\n[options.motto]\ntype = \"text\"\nabout = \"A line\"\ndefault = \"Hello\"\n",
        );
    site.run(&["theme", "list"]).expect_stdout(str![[r#"
* default  built in, changed by themes/default
  plain    built in: Plain

Options of `default`, to be set in `[theme_options]`:
  motto    A line (a text)
  accent   The colour of the site's title, of links in updates, and of what has the focus (a colour, or `{ light, dark }`)
  charts   When the index charts the signals of the last day: while one breaches, always, or never (one of breached, always, never)
  updates  How many updates of an open incident the index shows (a number from 1 to 20)

"#]]);
}

#[test]
fn a_broken_manifest_is_told_by_the_commands_of_themes() {
    let site = with("theme = \"mine\"", "")
        .file(
            "themes/mine/theme.toml",
            "contract = 2\nextend = \"plain\"\n",
        )
        .file("themes/other/theme.toml", "contract = 2\nname = 3\n");
    let of_mine = "\
error[unknown-key]: the theme has no key `extend`
 --> themes/mine/theme.toml:2:1
  |
2 | extend = \"plain\"
  | ^^^^^^
  |
  = help: did you mean `extends`?

";
    let eject = site.run_fails(1, &["theme", "eject", "headline.html"]);
    assert!(eject.stderr().contains(of_mine), "{}", eject.stderr());
    assert!(!site.path("themes/mine/templates").exists());
    let list = site.run_fails(1, &["theme", "list"]);
    assert!(list.stderr().contains(of_mine), "{}", list.stderr());
    assert!(
        list.stderr().contains(" --> themes/other/theme.toml:2:8"),
        "{}",
        list.stderr()
    );
    assert!(list.stdout().contains("* mine "), "{}", list.stdout());
}
