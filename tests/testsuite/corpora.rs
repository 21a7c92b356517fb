//! Real data, which is not part of the project: the tests say so where it is not there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::site_test::SiteTest;

/// A folder of the data; `None`, said aloud, where there is none.
fn corpus(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ALLCLEAR_CORPORA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"),
        PathBuf::from,
    );
    let folder = root.join(name);
    if folder.exists() {
        return Some(folder);
    }
    eprintln!("skipped: there is no data at {}", folder.display());
    None
}

fn files(folder: &Path, name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, name));
        } else if path.file_name().unwrap() == name {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_incident_and_update_of_a_long_history_becomes_a_page() {
    let Some(folder) = corpus("statuspage/github__GitHub-Incident-History") else {
        return;
    };
    let site = SiteTest::empty();
    site.run(&["init"]).success();
    site.run(&["import", "statuspage", folder.to_str().unwrap()])
        .success();
    site.run(&["check", "--strict"]).success();
    site.run(&["build"]).success();
    let pages = files(&site.path("public/incidents"), "index.html");
    assert_eq!(pages.len(), 1282);
    let updates: usize = pages
        .iter()
        .map(|page| {
            fs::read_to_string(page)
                .unwrap()
                .matches("<li id=\"u")
                .count()
        })
        .sum();
    assert_eq!(updates, 2801);

    let config = site.read("allclear.toml");
    let again = site
        .run(&["import", "statuspage", folder.to_str().unwrap()])
        .success();
    let again = String::from_utf8(again.get_output().stdout.clone()).unwrap();
    assert!(
        again.starts_with("imported 0 incidents with 0 updates; 1,282 were there already"),
        "{again}"
    );
    assert_eq!(site.read("allclear.toml"), config);
    assert_eq!(fs::read_dir(site.path("incidents")).unwrap().count(), 1282);
}
