//! What search engines are told of the pages: `sitemap.xml`, `robots.txt`, and `noindex`.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::events::Event;
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;
use snapbox::str;

use crate::pages::{all, page};
use crate::site_test::{NOW, SiteTest};

const SITEMAPS: &[u8] = b"http://www.sitemaps.org/schemas/sitemap/0.9";
const XHTML: &[u8] = b"http://www.w3.org/1999/xhtml";

/// An entry of a sitemap.
#[derive(Debug, Default)]
struct Entry {
    address: String,
    changed: Option<String>,
    /// The addresses by their languages.
    languages: BTreeMap<String, String>,
}

/// The entries of a document that must be well-formed, and be in the namespaces of sitemaps throughout.
fn entries(document: &str) -> Vec<Entry> {
    let mut reader = NsReader::from_str(document);
    let mut entries: Vec<Entry> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    loop {
        let (namespace, event) = reader.read_resolved_event().unwrap();
        match event {
            Event::Start(start) | Event::Empty(start) => {
                let name = String::from_utf8(start.local_name().as_ref().to_vec()).unwrap();
                let expected = if name == "link" { XHTML } else { SITEMAPS };
                assert_eq!(namespace, ResolveResult::Bound(Namespace(expected)));
                let attributes = start.attributes().map(|it| it.unwrap()).map(|attribute| {
                    let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                    (key, String::from_utf8(attribute.value.to_vec()).unwrap())
                });
                let attributes: BTreeMap<String, String> = attributes.collect();
                match name.as_str() {
                    "link" => {
                        assert_eq!(attributes["rel"], "alternate");
                        let (tag, href) = (&attributes["hreflang"], &attributes["href"]);
                        let languages = &mut entries.last_mut().unwrap().languages;
                        assert_eq!(languages.insert(tag.clone(), href.clone()), None);
                    }
                    _ => path.push(name.clone()),
                }
                if path == ["urlset", "url"] && name == "url" {
                    entries.push(Entry::default());
                }
            }
            Event::End(end) => {
                let name = String::from_utf8(end.local_name().as_ref().to_vec()).unwrap();
                assert_eq!(path.pop(), Some(name));
            }
            Event::Text(text) => {
                let text = String::from_utf8(text.to_vec()).unwrap();
                match path.join("/").as_str() {
                    "urlset/url/loc" => entries.last_mut().unwrap().address = text,
                    "urlset/url/lastmod" => entries.last_mut().unwrap().changed = Some(text),
                    _ => assert_eq!(text.trim(), ""),
                }
            }
            Event::Eof => break,
            Event::Decl(_) => assert!(path.is_empty()),
            other => panic!("{other:?}"),
        }
    }
    assert!(path.is_empty());
    entries
}

#[test]
fn a_sitemap_names_each_page_in_each_language() {
    let site = SiteTest::new()
        .file(
            "incidents/one.md",
            "---\ntitle: One\ncomponents: [web]\n---\n\n## Resolved · 2022-12-28 10:00\n\nB.\n\n## Investigating · 2022-12-28 09:00\n\nA.\n",
        )
        .file("incidents/عطل.md", "---\ntitle: Old\nstarted: 2022-11-01 10:00\nended: 2022-11-01 10:30\n---\n")
        .file("pages/imprint.md", "---\ntitle: Imprint\n---\n\nWe.\n")
        .file("static/papers/index.html", "<!doctype html><title>Ours</title>\n");
    site.build();
    let entries = entries(&site.read("public/sitemap.xml"));

    let is_page = |file: &String| {
        file.ends_with("index.html") && !file.starts_with("papers/") && !file.contains("embed/")
    };
    let pages = site.outputs().into_iter().filter(is_page).map(|file| {
        let folder = file.strip_suffix("index.html").unwrap();
        let folder = folder.replace("عطل", "%D8%B9%D8%B7%D9%84");
        format!("https://status.example.com/{folder}")
    });
    let addresses: BTreeSet<String> = entries.iter().map(|it| it.address.clone()).collect();
    assert_eq!(addresses, pages.collect());
    assert_eq!(addresses.len(), entries.len());

    for entry in &entries {
        // Each of them names itself, and the others name it.
        let own = entry.languages.values().find(|it| **it == entry.address);
        assert!(own.is_some(), "{entry:?}");
        for address in entry.languages.values() {
            let other = entries.iter().find(|it| it.address == *address).unwrap();
            assert_eq!(other.languages, entry.languages);
        }
        let tags: Vec<&String> = entry.languages.keys().collect();
        assert_eq!(tags, ["ar", "en"], "{entry:?}");
        // As the head of the page says it.
        let file = entry.address.replace("https://status.example.com/", "");
        let file = file.replace("%D8%B9%D8%B7%D9%84", "عطل") + "index.html";
        let page = page(&site, &file);
        let alternates = all(&page, "link[rel=alternate][hreflang]");
        let alternates = alternates.iter().map(|link| {
            let attribute = |name| link.attr(name).unwrap().to_owned();
            (attribute("hreflang"), attribute("href"))
        });
        assert_eq!(entry.languages, alternates.collect(), "{file}");
    }
}

/// The build is no change of a page: nobody who reads the sitemap should come in vain.
#[test]
fn a_sitemap_says_when_an_incident_changed() {
    let site = SiteTest::empty()
        .file(
            "allclear.toml",
            "title = \"Harbour\"\nbase_url = \"https://ops.example.com/harbour/\"\ntime_zone = \"Europe/Oslo\"\n",
        )
        .file(
            "incidents/fog.md",
            "---\ntitle: Fog\ncorrections:\n  - { at: 2022-12-03 09:30, note: It began earlier. }\n  - { at: 2022-12-30 09:30, note: To come. }\n---\n\n## Resolved · 2022-12-02 18:00\n\nGone.\n\n## Investigating · 2022-12-02 07:00\n\nThere.\n",
        )
        .file(
            "incidents/ice.md",
            "---\ntitle: Ice\n---\n\n## Investigating · 2022-12-28 07:00\n\nThere.\n\n## Update · 2023-01-05 07:00\n\nTo come.\n",
        )
        .file("incidents/old.md", "---\ntitle: Old\nstarted: 2022-11-01 10:00\nended: 2022-11-01 10:30\n---\n")
        .file("incidents/work.md", "---\ntitle: Work\nkind: maintenance\nstarts: 2023-01-14 02:00\nends: 2023-01-14 03:00\n---\n");
    site.build();
    snapbox::assert_data_eq!(
        site.read("public/sitemap.xml"),
        str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><loc>https://ops.example.com/harbour/about/</loc></url>
<url><loc>https://ops.example.com/harbour/history/2022-11/</loc></url>
<url><loc>https://ops.example.com/harbour/history/2022-12/</loc></url>
<url><loc>https://ops.example.com/harbour/history/</loc></url>
<url><loc>https://ops.example.com/harbour/incidents/fog/</loc><lastmod>2022-12-03T08:30:00Z</lastmod></url>
<url><loc>https://ops.example.com/harbour/incidents/ice/</loc><lastmod>2022-12-28T06:00:00Z</lastmod></url>
<url><loc>https://ops.example.com/harbour/incidents/old/</loc><lastmod>2022-11-01T09:30:00Z</lastmod></url>
<url><loc>https://ops.example.com/harbour/incidents/work/</loc></url>
<url><loc>https://ops.example.com/harbour/</loc></url>
<url><loc>https://ops.example.com/harbour/subscribe/</loc></url>
</urlset>

"#]]
    );
    assert_eq!(entries(&site.read("public/sitemap.xml")).len(), 10);
}

#[test]
fn robots_may_read_all_and_are_told_where_the_sitemap_is() {
    let site = |build: &str| {
        let config = SiteTest::new().read("allclear.toml");
        SiteTest::empty().file("allclear.toml", format!("{config}\n[build]\n{build}\n"))
    };
    let all = "User-agent: *\nAllow: /\n";
    let named = format!("{all}\nSitemap: https://status.example.com/sitemap.xml\n");
    let with = site("index = true");
    with.build();
    assert_eq!(with.read("public/robots.txt"), named);
    assert!(!with.read("public/index.html").contains("noindex"));

    let without = site("formats = [\"robots\"]");
    without.build();
    assert_eq!(without.read("public/robots.txt"), all);
    assert!(!without.outputs().contains(&"sitemap.xml".to_owned()));

    let published_elsewhere = site("");
    published_elsewhere.run(&["build", "--now", NOW, "--base-url", "https://b.example/x/"]);
    let text = published_elsewhere.read("public/robots.txt");
    assert!(text.ends_with("\nSitemap: https://b.example/x/sitemap.xml\n"));
}

/// A search engine that may not read a page never learns that it should forget it.
#[test]
fn pages_that_search_engines_shall_not_keep_may_be_read() {
    for theme in ["default", "plain"] {
        let config = SiteTest::new().read("allclear.toml");
        let config = config.replace("time_zone", &format!("theme = \"{theme}\"\ntime_zone"));
        let site = SiteTest::empty()
            .file(
                "allclear.toml",
                format!("{config}\n[build]\nindex = false\n"),
            )
            .file("pages/imprint.md", "---\ntitle: Imprint\n---\n\nWe.\n");
        site.build();
        assert_eq!(site.read("public/robots.txt"), "User-agent: *\nAllow: /\n");
        assert!(!site.outputs().contains(&"sitemap.xml".to_owned()));
        let pages = site
            .outputs()
            .into_iter()
            .filter(|it| it.ends_with(".html"));
        let pages: Vec<String> = pages.collect();
        assert!(pages.len() >= 14, "{pages:?}");
        for path in pages {
            let page = page(&site, &path);
            assert_eq!(
                all(&page, "head > meta[name=robots][content=noindex]").len(),
                1,
                "{path}"
            );
        }
    }
}

#[test]
fn a_site_may_have_its_own() {
    let site = SiteTest::new()
        .file("static/robots.txt", "User-agent: *\nDisallow: /private/\n")
        .file("static/sitemap.xml", "<urlset/>\n");
    site.build();
    assert_eq!(
        site.read("public/robots.txt"),
        "User-agent: *\nDisallow: /private/\n"
    );
    assert_eq!(site.read("public/sitemap.xml"), "<urlset/>\n");

    // Ours names theirs.
    std::fs::remove_file(site.path("static/robots.txt")).unwrap();
    let config = site.read("allclear.toml") + "\n[build]\nindex = false\n";
    site.write("allclear.toml", config);
    site.build();
    let text = site.read("public/robots.txt");
    assert!(
        text.ends_with("\nSitemap: https://status.example.com/sitemap.xml\n"),
        "{text}"
    );
}
