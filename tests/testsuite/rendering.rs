//! What is on the pages.

use std::collections::BTreeSet;

use crate::pages::assert_sound;
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
            "components/api/index.html",
            "components/login/index.html",
            "components/web/index.html",
            "history/2022-11/index.html",
            "history/2022-12/index.html",
            "history.atom",
            "history/index.html",
            "incidents/one/graph.png",
            "incidents/one/index.html",
            "incidents/one/report.pdf",
            "incidents/two/index.html",
            "incidents/work/index.html",
            "incidents/عطل/index.html",
            "index.html",
            "maintenance.ics",
        ]
        .map(|path| format!("{language}{path}"))
    });
    let schemas = ["evidence", "incident", "site"].map(|of| format!("schemas/{of}.json"));
    let pages: BTreeSet<String> = pages.chain(schemas).collect();
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

#[test]
fn relative_targets_lead_to_the_incident_from_everywhere() {
    let site = site();
    site.build_with_warnings();
    let index = site.read("public/index.html");
    assert!(
        index.contains(r#"href="./incidents/one/report.pdf""#),
        "{index}"
    );
    assert!(index.contains(r#"src="./incidents/one/graph.png""#));
    assert!(index.contains(r#"<a href="/">home</a>"#));
    let arabic = site.read("public/ar/index.html");
    assert!(
        arabic.contains(r#"src="../ar/incidents/one/graph.png""#),
        "{arabic}"
    );
    let page = site.read("public/incidents/one/index.html");
    assert!(page.contains(r#"src="graph.png""#) && page.contains(r#"href="report.pdf""#));
}

#[test]
fn raw_html_stays_readable_text() {
    let site = site();
    site.build_with_warnings();
    let page = site.read("public/incidents/two/index.html");
    assert!(
        page.contains("&lt;ip&gt; at &lt;script&gt;alert(1)&lt;/script&gt;"),
        "{page}"
    );
}

#[test]
fn what_is_not_translated_is_marked() {
    let site = site();
    site.build_with_warnings();
    let page = site.read("public/ar/incidents/one/index.html");
    assert!(page.contains("<h1>واحد</h1>"), "{page}");
    assert!(
        page.contains(r#"<div class="prose" lang="en" dir="ltr"><p>A summary."#),
        "{page}"
    );
    let page = site.read("public/ar/incidents/two/index.html");
    assert!(
        page.contains(r#"<h1 lang="en" dir="ltr">Two</h1>"#),
        "{page}"
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
        .filter(|path| path.starts_with("history/2022-12"))
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
    assert_eq!(one.outputs(), two.outputs());
    for path in one.outputs() {
        let path = format!("public/{path}");
        assert_eq!(
            std::fs::read(one.path(&path)).unwrap(),
            std::fs::read(two.path(&path)).unwrap(),
            "{path}"
        );
    }
}

#[test]
fn a_theme_overrides_single_files() {
    let site = SiteTest::new()
        .file("themes/default/theme.toml", "contract = 1\n")
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
    assert!(
        site.read("public/index.html")
            .contains("<h1 class=\"mine\">No known problems!</h1>")
    );
    let style = outputs.iter().find(|path| path.ends_with(".css")).unwrap();
    assert_eq!(
        site.read(&format!("public/{style}")),
        "h1 { color: teal }\n:root { --accent: light-dark(#1b4f9c, #8ab6ff) }\n"
    );
}
