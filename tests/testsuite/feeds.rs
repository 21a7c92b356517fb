//! What those who follow a feed are told, and how they find it.

use snapbox::{IntoData, str};

use crate::site_test::SiteTest;

const NOON: &str = "2023-05-04T12:00:00Z";

/// A site below a path of its host, with an incident of this text.
fn site(incident: &str) -> SiteTest {
    SiteTest::empty()
        .file(
            "allclear.toml",
            "title = \"Harbour\"\nbase_url = \"https://ops.example.com/harbour/status/\"\n\n[[components]]\nid = \"ferry\"\nname = \"Ferry\"\n",
        )
        .file("incidents/fog.md", incident)
}

/// The content of the feed's first entry, without the escapes of XML.
fn content(site: &SiteTest) -> String {
    let feed = site.read("public/history.atom");
    let (_, rest) = feed.split_once("<content").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let (content, _) = rest.split_once("</content>").unwrap();
    let content = content.replace("&lt;", "<").replace("&gt;", ">");
    content.replace("&quot;", "\"").replace("&amp;", "&")
}

/// The values of `<updated>` of the feed and of its entries.
fn updated(site: &SiteTest) -> Vec<String> {
    let feed = site.read("public/history.atom");
    let values = feed.split("<updated>").skip(1);
    values
        .map(|rest| rest.split_once('<').unwrap().0.to_owned())
        .collect()
}

#[test]
fn a_correction_is_news() {
    let site = site(
        "---\ntitle: No ferries\nimpact: major\ncorrections:\n  - { at: 2023-05-03 09:30, note: The first ferry was cancelled too. }\n  - { at: 2023-05-09 09:30, note: To come. }\n---\n\n\
         ## Resolved · 2023-05-02 18:00\n\nThe fog is gone.\n\n## Investigating · 2023-05-02 07:00\n\nThere is fog.\n",
    );
    site.run(&["build", "--quiet", "--now", "2023-05-02T20:00:00Z"]);
    assert_eq!(updated(&site), ["2023-05-02T18:00:00+00:00"; 2]);
    assert!(!content(&site).contains("first ferry"));
    site.run(&["build", "--quiet", "--now", NOON]);
    assert_eq!(updated(&site), ["2023-05-03T09:30:00+00:00"; 2]);
    snapbox::assert_data_eq!(
        content(&site),
        str![[r#"
<p>Major impact</p>
<p><strong>Corrections</strong></p>
<ul>
<li><time datetime="2023-05-03T09:30:00Z">May 3, 2023, 9:30 AM UTC</time> The first ferry was cancelled too.</li>
</ul>
<p><strong>Resolved</strong> · <time datetime="2023-05-02T18:00:00Z">May 2, 2023, 6:00 PM UTC</time></p>
<div><p>The fog is gone.</p>
</div>
<p><strong>Investigating</strong> · <time datetime="2023-05-02T07:00:00Z">May 2, 2023, 7:00 AM UTC</time></p>
<div><p>There is fog.</p>
</div>
"#]]
        .raw()
    );
}

#[test]
fn every_link_in_a_feed_is_a_whole_address() {
    let site = site(
        "---\ntitle: No ferries\n---\n\n## Update · 2023-05-02 07:00\n\n\
         [host](/help/?a=b#c) [path](../storm/) [query](?a=b) [place](#u1) [heading](#fog-signals) [elsewhere](//maps.example/x) [web](https://a.example/) \
         [mail](mailto:a@b.example) ![map](/map.png) ![graph](graph.png) note[^1]\n\n### Fog signals\n\n[^1]: It is loud.\n",
    );
    site.run(&["build", "--quiet", "--now", NOON]);
    let content = content(&site);
    let addresses = content
        .split(" href=\"")
        .skip(1)
        .chain(content.split(" src=\"").skip(1));
    let mut addresses: Vec<&str> = addresses
        .map(|rest| rest.split_once('"').unwrap().0)
        .collect();
    addresses.sort_unstable();
    assert_eq!(
        addresses,
        [
            "https://a.example/",
            "https://maps.example/x",
            "https://ops.example.com/harbour/status/incidents/fog/#u1",
            "https://ops.example.com/harbour/status/incidents/fog/#u1-fn:1",
            "https://ops.example.com/harbour/status/incidents/fog/#u1-fnref:1",
            "https://ops.example.com/harbour/status/incidents/fog/#u1-fog-signals",
            "https://ops.example.com/harbour/status/incidents/fog/../storm/",
            "https://ops.example.com/harbour/status/incidents/fog/?a=b",
            "https://ops.example.com/harbour/status/incidents/fog/graph.png",
            "https://ops.example.com/help/?a=b#c",
            "https://ops.example.com/map.png",
            "mailto:a@b.example",
        ]
    );
    // A page keeps what its server knows.
    let page = site.read("public/incidents/fog/index.html");
    for address in [
        "\"/help/?a=b#c\"",
        "\"//maps.example/x\"",
        "\"#u1-fog-signals\"",
        "\"/map.png\"",
        "\"#u1-fn:1\"",
    ] {
        assert!(page.contains(address), "{address}");
    }
}

/// The feeds that the head of a page links, from the site's root, in the order of the links.
fn linked(site: &SiteTest, page: &str) -> Vec<String> {
    let html = site.read(&format!("public/{page}"));
    let (head, _) = html.split_once("</head>").unwrap();
    let root = match page.ends_with("404.html") {
        true => "/".to_owned(),
        false => match page.matches('/').count() {
            0 => "./".to_owned(),
            depth => "../".repeat(depth),
        },
    };
    let feeds = [
        "application/atom+xml",
        "application/rss+xml",
        "application/feed+json",
    ];
    (head.lines())
        .filter(|line| {
            line.starts_with("<link rel=\"alternate\"") && feeds.iter().any(|it| line.contains(it))
        })
        .map(|line| {
            let (_, rest) = line.split_once(" href=\"").unwrap();
            let (href, _) = rest.split_once('"').unwrap();
            href.strip_prefix(&root)
                .unwrap_or_else(|| panic!("{page}: {line}"))
                .to_owned()
        })
        .collect()
}

/// The addresses of the feeds of news in a folder.
fn feeds_in(folder: &str) -> [String; 3] {
    ["history.atom", "history.rss", "feed.json"].map(|name| format!("{folder}{name}"))
}

#[test]
fn every_page_links_the_feeds_of_its_language() {
    let site = SiteTest::demo();
    site.run(&["build", "--quiet", "--now", "2022-12-29T01:30:00Z"]);
    let pages = site
        .outputs()
        .into_iter()
        // Nobody subscribes in a frame.
        .filter(|file| file.ends_with(".html") && !file.contains("embed/"));
    let pages: Vec<String> = pages.collect();
    assert!(pages.len() > 20, "{pages:?}");
    for page in pages {
        let language = if page.starts_with("ar/") { "ar/" } else { "" };
        let links = linked(&site, &page);
        let has_components = links.iter().any(|it| it.contains("components/"));
        let may_have = page.contains("components/") || page.contains("incidents/");
        assert!(may_have || !has_components, "{page}: {links:?}");
        let of_site: Vec<String> = links
            .iter()
            .filter(|it| !it.contains("components/"))
            .cloned()
            .collect();
        assert_eq!(of_site, feeds_in(language), "{page}");
        for link in links {
            assert!(link.starts_with(language), "{page}: {link}");
            assert!(
                site.path(&format!("public/{link}")).is_file(),
                "{page}: {link}"
            );
        }
    }
}

#[test]
fn a_page_links_the_feeds_of_what_it_is_about() {
    let incident = |components: &str| {
        format!(
            "---\ntitle: Slow\ncomponents: [{components}]\n---\n\n## Resolved · 2022-12-20 10:00\n\nOver.\n"
        )
    };
    let site = SiteTest::new();
    let config = site.read("allclear.toml") + "\n[[components]]\nid = \"mail\"\nname = \"Mail\"\n";
    let site = site
        .file("allclear.toml", &config)
        .file("incidents/few.md", incident("web, api"))
        .file("incidents/many.md", incident("web, api, login, mail"));
    site.build();
    assert_eq!(linked(&site, "index.html"), feeds_in(""));
    assert_eq!(
        linked(&site, "components/web/index.html"),
        [feeds_in("components/web/"), feeds_in("")].concat()
    );
    assert_eq!(
        linked(&site, "ar/incidents/few/index.html"),
        [
            "ar/history.atom",
            "ar/history.rss",
            "ar/feed.json",
            "ar/components/web/history.atom",
            "ar/components/api/history.atom",
        ]
    );
    assert_eq!(linked(&site, "incidents/many/index.html"), feeds_in(""));
    // Only what is published is linked.
    site.write(
        "allclear.toml",
        format!("{config}\n[build]\nformats = [\"rss\"]\n"),
    );
    site.build();
    assert_eq!(linked(&site, "incidents/many/index.html"), ["history.rss"]);
    assert!(!site.path("public/history.atom").exists());
}
