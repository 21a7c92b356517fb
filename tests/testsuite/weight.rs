//! The weight of pages: what a browser has to fetch, compressed as servers do it.

use std::collections::BTreeSet;
use std::io::Write as _;

use camino::Utf8Path;
use flate2::Compression;
use flate2::write::GzEncoder;
use scraper::{Html, Selector};

use crate::site_test::SiteTest;

#[path = "../../benches/site/mod.rs"]
mod generated;

/// The page with what it refers to, in bytes, by path.
fn fetched(site: &SiteTest, page: &str) -> Vec<(String, usize)> {
    let public = site.path("public");
    let html = site.read(&format!("public/{page}"));
    let selector = Selector::parse("[src], link[href]:is([rel=icon], [rel=stylesheet])").unwrap();
    let document = Html::parse_document(&html);
    let folder = public.join(page).parent().unwrap().to_owned();
    let assets: BTreeSet<_> = document
        .select(&selector)
        .filter_map(|element| element.attr("src").or_else(|| element.attr("href")))
        .map(|path| folder.join(path).canonicalize().unwrap())
        .collect();
    let assets = assets.into_iter().map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(path).unwrap())
    });
    std::iter::once((page.to_owned(), html.into_bytes()))
        .chain(assets)
        .map(|(name, bytes)| (name, gzipped(&bytes)))
        .collect()
}

/// The size of some bytes once a server has compressed them.
fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().len()
}

/// One initial congestion window holds the index of a large site: 10 segments of 1,460 bytes (RFC 6928).
#[test]
fn pages_are_light() {
    let site = SiteTest::empty();
    generated::generate(Utf8Path::from_path(&site.path("")).unwrap(), 1000);
    site.run(&["build", "--now", "2026-06-01T12:00:00Z"]);
    let index = fetched(&site, "index.html");
    let sum = |files: &[(String, usize)]| files.iter().map(|(_, bytes)| bytes).sum::<usize>();
    assert!(index.len() <= 4, "{index:?}");
    assert!(sum(&index) <= 14_000, "{} {index:?}", sum(&index));
    let mut incidents = 0;
    for page in site.outputs() {
        if page.starts_with("incidents/") && page.ends_with(".html") {
            let incident = fetched(&site, &page);
            assert!(incident[0].1 <= 8_000, "{incident:?}");
            // For a reader who comes by a link, with all that the page fetches.
            assert!(sum(&incident) <= 12_500, "{} {incident:?}", sum(&incident));
            incidents += 1;
        }
    }
    assert_eq!(incidents, 1000);
}
