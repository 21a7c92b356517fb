//! What other services show of a page whose address is shared, and the icons that programs ask for.

use scraper::{Html, Selector};

use crate::pages::page;
use crate::site_test::SiteTest;

const CONFIG: &str = r#"title = { en = "Harbour Status", ar = "حالة الميناء" }
base_url = "https://status.example.com/harbour/"
languages = ["en", "ar"]
time_zone = "Europe/Oslo"

[[components]]
id = "ferry"
name = "Ferry"
since = 2023-05-01

[[components]]
id = "crane"
name = "Crane"
since = 2023-05-01
"#;

const STORM: &str = "---\ntitle: Storm\ncomponents: { ferry: major_outage }\n---\n\n## Investigating · 2023-05-04 12:00\n\nNo ferries.\n";

const EVIDENCE: &str = "component,status,from,to,source\n\
    ferry,operational,2023-05-01T06:00:00Z,2023-05-04T12:00:00Z,pier\n\
    crane,operational,2023-05-01T06:00:00Z,2023-05-04T12:00:00Z,pier\n";

const EVIDENCE_OF_STORM: &str = "component,status,from,to,source\n\
    ferry,operational,2023-05-01T06:00:00Z,2023-05-04T09:45:00Z,pier\n\
    ferry,major_outage,2023-05-04T10:00:00Z,2023-05-04T12:00:00Z,pier\n\
    crane,operational,2023-05-01T06:00:00Z,2023-05-04T12:00:00Z,pier\n";

fn harbour() -> SiteTest {
    SiteTest::empty()
        .file("allclear.toml", CONFIG)
        .file("evidence/states.csv", EVIDENCE)
}

/// The same in an outage.
fn in_storm(site: SiteTest) -> SiteTest {
    site.file("evidence/states.csv", EVIDENCE_OF_STORM)
        .file("incidents/storm.md", STORM)
}

fn build(site: &SiteTest) {
    site.run(&["build", "--now", "2023-05-04T12:00:00Z"]);
}

/// The names and values of all that is meant for other services, with the hashes of pictures left out.
fn card(page: &Html) -> Vec<String> {
    let selector = Selector::parse("meta[property^='og:'], meta[name^='twitter:']").unwrap();
    let metas = page.select(&selector).map(|meta| {
        let name = meta.attr("property").or_else(|| meta.attr("name")).unwrap();
        let value = meta.attr("content").unwrap();
        let value = match value.rsplit_once(".png") {
            Some((start, "")) => format!("{}.png", &start[..start.len() - 11]),
            _ => value.to_owned(),
        };
        format!("{name}: {value}")
    });
    metas.collect()
}

/// The pictures that are published, by their names in the theme.
fn pictures(site: &SiteTest) -> Vec<String> {
    let outputs = site.outputs().into_iter();
    let pictures = outputs.filter_map(|path| {
        let name = path.strip_prefix("assets/share")?.to_owned();
        Some(format!("share{}", &name[..name.len() - 15]))
    });
    pictures.collect()
}

#[test]
fn a_shared_page_names_the_company_and_the_state() {
    let site = in_storm(harbour());
    build(&site);
    assert_eq!(
        card(&page(&site, "index.html")),
        [
            "og:type: website",
            "og:site_name: Harbour Status",
            "og:title: Harbour Status: Partial outage",
            "og:description: Down: Ferry. As of May 4, 2023, 2:00 PM CEST.",
            "og:locale: en_US",
            "og:locale:alternate: ar_EG",
            "og:url: https://status.example.com/harbour/",
            "og:image: https://status.example.com/harbour/assets/share-problem.png",
            "twitter:card: summary_large_image",
        ]
    );
    let incident = card(&page(&site, "incidents/storm/index.html"));
    assert_eq!(
        incident[2..4],
        [
            "og:title: Storm",
            "og:description: Investigating, May 4, 2023, 12:00 PM CEST.",
        ]
    );
    assert!(incident[7].ends_with("/assets/share-outage.png"));
    let component = card(&page(&site, "components/crane/index.html"));
    assert_eq!(
        component[2],
        "og:title: Crane: Operational · May 4, 2023, 2:00 PM CEST"
    );
    assert!(component[7].ends_with("/assets/share-ok.png"));
    let arabic = card(&page(&site, "ar/index.html"));
    assert_eq!(arabic[1], "og:site_name: حالة الميناء");
    assert_eq!(
        arabic[4..6],
        ["og:locale: ar_EG", "og:locale:alternate: en_US"]
    );
}

#[test]
fn an_all_clear_that_is_shared_says_as_of_when() {
    let site = harbour();
    build(&site);
    let card = card(&page(&site, "index.html"));
    assert_eq!(
        card[2..4],
        [
            "og:title: Harbour Status: All systems operational · May 4, 2023, 2:00 PM CEST",
            "og:description: As of May 4, 2023, 2:00 PM CEST.",
        ]
    );
}

#[test]
fn only_the_pictures_that_pages_name_are_published() {
    let site = harbour();
    build(&site);
    assert_eq!(pictures(&site), ["share-ok", "share"]);
    let site = in_storm(site);
    build(&site);
    let all = ["share-ok", "share-outage", "share-problem", "share"];
    assert_eq!(pictures(&site), all);
}

#[test]
fn pictures_for_sharing_are_light_and_as_large_as_services_want() {
    for name in ["", "-ok", "-maintenance", "-problem", "-outage", "-unknown"] {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default/assets");
        let bytes = std::fs::read(format!("{folder}/share{name}.png")).unwrap();
        assert!(bytes.len() <= 8192, "{name}: {}", bytes.len());
        assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n", "{name}");
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!((number(16), number(20)), (1200, 630), "{name}");
    }
}

#[test]
fn a_theme_has_pictures_of_its_own() {
    let site = harbour()
        .file("allclear.toml", format!("theme = \"mine\"\n{CONFIG}"))
        .file("themes/mine/theme.toml", "contract = 2\n")
        .file("themes/mine/assets/share-ok.png", "mine")
        .file("themes/mine/assets/favicon.ico", "my icon");
    build(&site);
    let mine = site.outputs().into_iter();
    let mine = mine.filter(|path| path.starts_with("assets/share-ok."));
    let mine: Vec<String> = mine
        .map(|path| site.read(&format!("public/{path}")))
        .collect();
    assert_eq!(mine, ["mine"]);
    assert_eq!(site.read("public/favicon.ico"), "my icon");
}

#[test]
fn the_icon_at_the_root_is_of_no_state_and_a_site_may_have_its_own() {
    let site = harbour();
    build(&site);
    let bytes = |site: &SiteTest| std::fs::read(site.path("public/favicon.ico")).unwrap();
    let quiet = bytes(&site);
    let site = in_storm(site);
    build(&site);
    assert_eq!(bytes(&site), quiet);
    let site = site.file("static/favicon.ico", "our own");
    build(&site);
    assert_eq!(bytes(&site), b"our own");
}

#[test]
fn a_page_that_is_not_there_says_where_the_status_is_and_not_what_it_is() {
    let site = harbour();
    build(&site);
    let page = page(&site, "404.html");
    assert_eq!(
        crate::pages::texts(&page, "main p"),
        [
            "There is no page at this address. It may have moved, or it was never here.",
            "Current status"
        ]
    );
    assert!(!site.read("public/404.html").contains("operational"));
}
