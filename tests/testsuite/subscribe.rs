//! How readers are told to follow the page: `subscribe/`, and the links that lead there.

use pulldown_cmark::{Event, Options, Parser, Tag};
use scraper::Html;
use snapbox::file;

use crate::pages::{all, assert_sound, page, texts};
use crate::site_test::{NOW, SiteTest};

/// A site of two groups and a component without one, below a path of its host, which publishes these formats.
fn site(formats: &str) -> SiteTest {
    SiteTest::empty().file(
        "allclear.toml",
        format!(
            r#"title = {{ en = "Harbour", ar = "الميناء" }}
base_url = "https://ops.example.com/status/"
languages = ["en", "ar"]

[build]
formats = {formats}

[[groups]]
id = "sea"
name = {{ en = "At sea", ar = "في البحر" }}

[[components]]
id = "main"
name = "Desk"

[[components]]
id = "components"
name = {{ en = "Ferry", ar = "العبّارة" }}
group = "sea"
"#
        ),
    )
}

fn built(site: SiteTest) -> SiteTest {
    site.build();
    site
}

/// What is to be copied from a page.
fn codes(page: &Html) -> Vec<String> {
    let codes = all(page, "pre > code");
    codes.iter().map(|code| code.text().collect()).collect()
}

/// All formats that have something to follow.
const ALL: &str =
    r#"["api", "atom", "rss", "json_feed", "calendar", "badges", "embed", "markdown"]"#;

#[test]
fn the_page_that_says_how_to_follow_all() {
    let site = built(site(ALL));
    site.check_page("subscribe/index.html", file!["snapshots/subscribe.html"]);
    site.check_page(
        "ar/subscribe/index.html",
        file!["snapshots/subscribe.ar.html"],
    );
}

#[test]
fn what_is_to_be_copied_is_published() {
    let site = built(site(&ALL.replace(r#", "markdown""#, "")));
    assert_sound(&site.path("public"), "/status/");
    let mut seen = 0;
    for language in ["", "ar/"] {
        let page = page(&site, &format!("{language}subscribe/index.html"));
        for code in codes(&page) {
            for rest in code.split("https://ops.example.com/status/").skip(1) {
                let end = rest.find(['"', ')']).unwrap_or(rest.len());
                let file = match &rest[..end] {
                    folder if folder.is_empty() || folder.ends_with('/') => {
                        format!("{folder}index.html")
                    }
                    file => file.to_owned(),
                };
                assert!(site.path("public").join(&file).is_file(), "{code}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 40, "{seen}");
}

#[test]
fn only_what_is_published_can_be_followed() {
    let cases: [(&str, &[&str]); 7] = [
        ("[\"atom\"]", &["Feeds", "For one component"]),
        ("[\"rss\"]", &["Feeds", "For one component"]),
        ("[\"calendar\"]", &["Calendar", "For one component"]),
        ("[\"badges\"]", &["Badge", "For one component"]),
        ("[\"embed\"]", &["On your own web page"]),
        ("[\"api\"]", &["For programs"]),
        ("[\"markdown\"]", &["For programs"]),
    ];
    for (formats, expected) in cases {
        let site = built(site(formats));
        let page = page(&site, "subscribe/index.html");
        assert_eq!(texts(&page, "h2"), expected, "{formats}");
        assert_eq!(texts(&page, "h1"), ["Get updates"]);
        // Of an item that changes, Slack would never tell.
        let slack = codes(&page)
            .into_iter()
            .filter(|code| code.starts_with("/feed"));
        let expected = if formats.contains("rss") { 3 } else { 0 };
        assert_eq!(slack.count(), expected, "{formats}");
    }
}

#[test]
fn without_anything_to_follow_there_is_no_page() {
    let site = built(site("[\"robots\", \"sitemap\"]"));
    assert_sound(&site.path("public"), "/status/");
    let outputs = site.outputs();
    assert!(
        outputs.iter().all(|it| !it.contains("subscribe/")),
        "{outputs:?}"
    );
    for path in outputs.iter().filter(|it| it.ends_with(".html")) {
        let text = site.read(&format!("public/{path}"));
        assert!(!text.contains("subscribe/"), "{path}");
    }
}

#[test]
fn every_page_leads_there() {
    for theme in ["default", "plain"] {
        let site = site("[\"atom\", \"calendar\"]");
        let config = site.read("allclear.toml");
        let site = built(site.file("allclear.toml", format!("theme = \"{theme}\"\n{config}")));
        assert_sound(&site.path("public"), "/status/");
        for path in site.outputs().iter().filter(|it| it.ends_with(".html")) {
            let language = if path.starts_with("ar/") { "ar/" } else { "" };
            let page = page(&site, path);
            let links = all(&page, "header a, footer a");
            let mut links = links.iter().filter_map(|link| link.attr("href"));
            let there = format!("{language}subscribe/");
            assert!(links.any(|link| link.ends_with(&there)), "{theme} {path}");
        }
        // The index has what is there to be followed now, the page what may be later.
        let index = page(&site, "index.html");
        let lists = all(
            &index,
            "main section:last-of-type .links a, main h2:last-of-type + ul a",
        );
        let hrefs: Vec<&str> = lists.iter().filter_map(|link| link.attr("href")).collect();
        assert_eq!(hrefs, ["./history.atom", "./subscribe/"], "{theme}");
        let component = page(&site, "ar/components/main/index.html");
        let link = all(&component, "main a[href*=subscribe]");
        assert_eq!(
            link[0].attr("href"),
            Some("../../../ar/subscribe/#component-main")
        );
        assert_eq!(
            texts(&component, "main a[href*=subscribe]"),
            ["متابعة تحديثات \u{2068}Desk\u{2069}"]
        );
    }
}

#[test]
fn a_calendar_is_opened_or_copied() {
    let site = built(site("[\"calendar\"]"));
    let arabic = page(&site, "ar/subscribe/index.html");
    let calendars = all(&arabic, "a[href^='webcal:']");
    let hrefs: Vec<&str> = calendars
        .iter()
        .filter_map(|link| link.attr("href"))
        .collect();
    let of = |of: &str| format!("ops.example.com/status/ar/{of}maintenance.ics");
    let expected = ["", "components/components/", "components/main/"].map(of);
    assert_eq!(hrefs, expected.clone().map(|it| format!("webcal://{it}")));
    assert_eq!(codes(&arabic), expected.map(|it| format!("https://{it}")));
}

/// A theme asks whether an address is empty before it links to it.
#[test]
fn a_theme_is_given_no_address_of_a_format_that_is_off() {
    let cases = [
        ("[\"atom\", \"calendar\"]", "history.atom|maintenance.ics"),
        ("[\"atom\"]", "history.atom|"),
        ("[\"calendar\"]", "|maintenance.ics"),
        ("[\"rss\"]", "|"),
    ];
    for (formats, expected) in cases {
        let site = site(formats);
        let config = site.read("allclear.toml");
        let site = built(
            site.file("allclear.toml", format!("theme = \"mine\"\n{config}"))
                .file("themes/mine/theme.toml", "contract = 2\n")
                .file(
                    "themes/mine/templates/not_found.html",
                    "<p>{{ site.feed }}|{{ site.calendar }}</p>\n",
                )
                .file(
                    "incidents/works.md",
                    "---\ntitle: Works\nkind: maintenance\nstarts: 2023-01-10 22:00\nends: 2023-01-10 23:00\n---\n",
                ),
        );
        let page = page(&site, "404.html");
        assert_eq!(texts(&page, "p"), [expected], "{formats}");
    }
}

#[test]
fn components_stand_as_on_the_index() {
    let site = built(site("[\"atom\"]"));
    let page = page(&site, "ar/subscribe/index.html");
    assert_eq!(texts(&page, "#components h3"), ["في البحر"]);
    let rows = all(&page, "#components li[id]");
    let ids: Vec<&str> = rows.iter().filter_map(|row| row.attr("id")).collect();
    assert_eq!(ids, ["component-components", "component-main"]);
    assert_eq!(texts(&page, "#components .row"), ["العبّارة", "Desk"]);
}

/// The code shows a badge with the site's title, whatever that is.
#[test]
fn code_to_copy_says_what_the_title_says() {
    let titles = [
        r#"A "quoted" <b>title</b> & 'more' &amp;"#,
        r"[x](https://evil.example) `code` *a* _b_ ~~c~~ \ ![d]",
        "حالة 😀 Acme Inc. (EU)",
    ];
    for title in titles {
        let literal = serde_json::to_string(title).unwrap();
        let site = site("[\"badges\", \"embed\"]");
        let config = site.read("allclear.toml");
        let config = config.replace(r#"{ en = "Harbour", ar = "الميناء" }"#, &literal);
        let site = site.file("allclear.toml", config);
        site.run(&["build", "--now", NOW]);
        let codes = codes(&page(&site, "subscribe/index.html"));

        let html = Html::parse_fragment(&codes[0]);
        let picture = all(
            &html,
            "a[href='https://ops.example.com/status/'] > img:only-child",
        );
        assert_eq!(
            picture[0].attr("src"),
            Some("https://ops.example.com/status/badge.svg")
        );
        assert_eq!(picture[0].attr("alt"), Some(title));

        let mut alt = String::new();
        let mut addresses = Vec::new();
        for event in Parser::new_ext(&codes[1], Options::ENABLE_STRIKETHROUGH) {
            match event {
                Event::Text(text) => alt.push_str(&text),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    addresses.push(dest_url.to_string());
                }
                Event::Start(_) | Event::End(_) => {}
                other => panic!("{other:?} in {}", codes[1]),
            }
        }
        assert_eq!(alt, title);
        let place = "https://ops.example.com/status/";
        assert_eq!(addresses, [place.to_owned(), format!("{place}badge.svg")]);

        let frame = Html::parse_fragment(&codes[2]);
        let frames = all(&frame, "iframe:only-child");
        assert_eq!(frames[0].attr("title"), Some(title));
        assert_eq!(
            frames[0].attr("src"),
            Some("https://ops.example.com/status/embed/")
        );
    }
}
