//! The content of the pages.

use std::collections::BTreeSet;

use snapbox::{file, str};

use crate::pages::{assert_sound, page, texts};
use crate::site_test::{NOW, SiteTest};

/// A site with two open incidents that use much of Markdown, and one that was over long ago.
fn site() -> SiteTest {
    let open = |title: &str| {
        format!(
            "---\ntitle: {title}\ncomponents:\n  web: partial_outage\nstarted: 2022-12-28 19:00\n---\n\nA summary.[^1]\n\n[^1]: A note.\n\n\
             ## Investigating · 2022-12-28 19:45 {{next=1h}}\n\n### Why\n\nSee [why](#why), [the report](report.pdf), [home](/) and <ip> at <script>alert(1)</script>.[^1]\n\n\
             ![a graph](graph.png)\n\n[^1]: Another note.\n"
        )
    };
    SiteTest::new()
        .file("incidents/one/index.md", open("One"))
        .file("incidents/one/index.ar.md", "---\ntitle: واحد\n---\n")
        .file("incidents/one/graph.png", b"\x89PNG")
        .file("incidents/one/report.pdf", b"%PDF")
        .file(
            "incidents/two.md",
            open("Two").replace("![a graph](graph.png)", "").replace("[the report](report.pdf), ", ""),
        )
        .file("incidents/work.md", "---\ntitle: Work\nkind: maintenance\ncomponents: [api]\nstarts: 2023-01-14 02:00\nends: 2023-01-14 03:00\n---\n")
        .file(
            "incidents/عطل.md",
            "---\ntitle: Old\nstarted: 2022-11-01 10:00\nended: 2022-11-01 10:30\n---\n",
        )
}

#[test]
fn a_build_publishes_these_files() {
    let site = site();
    let outputs = site.build_with_warnings().outputs();
    let pages = ["", "ar/"].into_iter().flat_map(|language| {
        [
            "404.html",
            "about/index.html",
            "badge.json",
            "badge.svg",
            "components/api/badge.json",
            "components/api/badge.svg",
            "components/api/feed.json",
            "components/api/history.atom",
            "components/api/history.rss",
            "components/api/index.html",
            "components/api/maintenance.ics",
            "components/login/badge.json",
            "components/login/badge.svg",
            "components/login/feed.json",
            "components/login/history.atom",
            "components/login/history.rss",
            "components/login/index.html",
            "components/login/maintenance.ics",
            "components/web/badge.json",
            "components/web/badge.svg",
            "components/web/feed.json",
            "components/web/history.atom",
            "components/web/history.rss",
            "components/web/index.html",
            "components/web/maintenance.ics",
            "embed/index.html",
            "embed.json",
            "feed.json",
            "history/2022-11/index.html",
            "history/2022-12/index.html",
            "history.atom",
            "history.rss",
            "history/index.html",
            "incidents/one/graph.png",
            "incidents/one/index.html",
            "incidents/one/report.pdf",
            "incidents/two/index.html",
            "incidents/work/index.html",
            "incidents/عطل/index.html",
            "index.html",
            "maintenance.ics",
            "subscribe/index.html",
        ]
        .map(|path| format!("{language}{path}"))
    });
    let schemas = ["evidence", "incident", "site"].map(|of| format!("schemas/{of}.json"));
    let documents = [
        "components",
        "incidents",
        "incidents/one",
        "incidents/two",
        "incidents/unresolved",
        "incidents/work",
        "incidents/عطل",
        "scheduled-maintenances",
        "scheduled-maintenances/active",
        "scheduled-maintenances/upcoming",
        "status",
        "summary",
    ];
    let documents = documents.map(|document| format!("api/v2/{document}.json"));
    let others = [
        "_headers",
        "build.json",
        "embed.js",
        "favicon.ico",
        "llms.txt",
        "robots.txt",
        "sitemap.xml",
    ]
    .map(str::to_owned);
    let pages: Vec<String> = pages.collect();
    let folders: Vec<_> = pages
        .iter()
        .filter_map(|it| it.strip_suffix("index.html"))
        .filter(|folder| !folder.ends_with("embed/"))
        .map(|folder| format!("{folder}index.md"))
        .collect();
    let pages = pages.into_iter().chain(folders);
    let pages = pages.chain(schemas).chain(documents).chain(others);
    let pages: BTreeSet<String> = pages.collect();
    let (assets, others): (Vec<String>, Vec<String>) = outputs
        .into_iter()
        .partition(|path| path.starts_with("assets/"));
    assert_eq!(others.into_iter().collect::<BTreeSet<_>>(), pages);
    assert!(
        assets
            .iter()
            .any(|path| path.starts_with("assets/style.") && path.ends_with(".css")),
        "{assets:?}"
    );
}

#[test]
fn every_page_is_sound() {
    let site = site();
    site.build_with_warnings();
    assert_sound(&site.path("public"), "/");
}

/// Relative targets lead to the incident from everywhere, and to its own language where it is translated.
#[test]
fn an_index_with_texts_that_link() {
    let site = site();
    site.build_with_warnings();
    site.check_page("index.html", file!["snapshots/texts-on-index.html"]);
    site.check_page("ar/index.html", file!["snapshots/texts-on-index.ar.html"]);
}

/// Markdown that is text, links, images and notes; raw HTML stays readable text.
#[test]
fn a_text_with_much_of_markdown() {
    let site = site();
    site.build_with_warnings();
    site.check_page(
        "incidents/one/index.html",
        file!["snapshots/texts-of-incident.html"],
    );
}

/// What is not translated is marked: a title is there, the texts are not; or nothing is.
#[test]
fn what_is_not_translated_is_marked() {
    let site = site();
    site.build_with_warnings();
    site.check_page(
        "ar/incidents/one/index.html",
        file!["snapshots/translated-in-part.html"],
    );
    site.check_page(
        "ar/incidents/two/index.html",
        file!["snapshots/not-translated.html"],
    );
}

#[test]
fn a_month_with_many_incidents_has_pages() {
    let site = SiteTest::new();
    for number in 0..120 {
        let text = format!(
            "---\ntitle: Number {number}\nstarted: 2022-12-0{} 10:00\nended: 2022-12-09 11:00\n---\n",
            number % 9 + 1
        );
        site.write(&format!("incidents/n{number}.md"), text);
    }
    let outputs = site.build().outputs();
    let months: Vec<&String> = outputs
        .iter()
        .filter(|path| path.starts_with("history/2022-12") && path.ends_with(".html"))
        .collect();
    assert_eq!(
        months,
        [
            "history/2022-12/2/index.html",
            "history/2022-12/3/index.html",
            "history/2022-12/index.html"
        ]
    );
    let count = |page: &str| {
        site.read(&format!("public/{page}"))
            .matches("Number ")
            .count()
    };
    assert_eq!(months.iter().map(|page| count(page)).sum::<usize>(), 120);
}

#[test]
fn the_same_files_and_instant_give_the_same_bytes() {
    let (one, two) = (site(), site());
    one.build_with_warnings();
    let output = two
        .command(&["build", "--now", NOW])
        .env("TZ", "Asia/Kathmandu")
        .env("LANG", "tr_TR.UTF-8");
    output.assert().success();
    let (one, two) = (one.contents(), two.contents());
    assert!(one.len() >= 30, "{:?}", one.keys());
    assert!(one.keys().eq(two.keys()), "{:?}", two.keys());
    for (path, bytes) in &one {
        assert!(two[path] == *bytes, "{path}");
    }
}

#[test]
fn a_theme_overrides_single_files() {
    let site = SiteTest::new()
        .file("themes/default/theme.toml", "contract = 2\n")
        .file(
            "themes/default/templates/headline.html",
            "<h1 class=\"mine\">{{ headline.text }}!</h1>\n",
        )
        .file(
            "themes/default/templates/month.html",
            "{% extends \"default/month.html\" %}\n{% block footer %}<p>Ours.</p>{% endblock %}\n",
        )
        .file("themes/default/assets/style.css", "h1 { color: teal }\n");
    let outputs = site.build().outputs();
    assert_eq!(
        texts(&page(&site, "index.html"), "h1.mine"),
        ["No known problems!"]
    );
    let is_style = |path: &&String| path.starts_with("assets/style.");
    let style = outputs.iter().find(is_style).unwrap();
    assert_eq!(
        site.read(&format!("public/{style}")),
        "h1 { color: teal }\n:root { --accent: light-dark(#1b4f9c, #8ab6ff) }\n"
    );
}

#[test]
fn a_site_may_do_without_formats() {
    let with = |formats: &str| {
        let config = format!(
            "title = \"Harbour\"\nbase_url = \"https://ops.example.com/\"\n\n[build]\nformats = {formats}\n"
        );
        SiteTest::empty().file("allclear.toml", config)
    };
    let site = with("[\"calendar\"]");
    site.run(&["build", "--quiet", "--now", NOW]);
    let outputs = site.outputs();
    assert!(outputs.contains(&"maintenance.ics".to_owned()));
    assert!(!outputs.contains(&"history.atom".to_owned()), "{outputs:?}");
    assert!(!site.read("public/index.html").contains("history.atom"));
    with("[\"rss\", \"attom\", \"rss\"]")
        .run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[unknown-format]: `attom` is no format that allclear publishes
 --> allclear.toml:5:19
  |
5 | formats = ["rss", "attom", "rss"]
  |                   ^^^^^^^
  |
  = help: did you mean `atom`?

error[duplicate-id]: the format `rss` stands here twice
 --> allclear.toml:5:28
  |
5 | formats = ["rss", "attom", "rss"]
  |                            ^^^^^

2 errors; `allclear explain CODE` says more of each

"#]]);
}
