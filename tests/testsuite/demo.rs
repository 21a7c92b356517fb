//! The repository's own site: the evening of 28 December 2022.

use std::fs;

use scraper::Html;
use serde_json::Value;

use crate::pages::{all, assert_sound, texts};
use crate::site_test::{NOW, SiteTest, files_below, with_windows_line_ends};

/// The folder of the site.
const SITE: &str = env!("CARGO_MANIFEST_DIR");

/// The demo, built for an instant into a folder of its own.
fn built(now: &str) -> SiteTest {
    let site = SiteTest::empty();
    site.run(&["build", "--site", SITE, "-o", "public", "--now", now]);
    site
}

/// A page of a build of it.
fn page(site: &SiteTest, path: &str) -> Html {
    crate::pages::page(site, path)
}

/// The JSON of `status` for it at an instant.
fn status(now: &str) -> Value {
    SiteTest::empty().status_of(SITE, now)
}

#[test]
fn without_the_incident_file_nothing_says_that_all_is_well() {
    let site = SiteTest::demo();
    for language in ["", ".ar"] {
        let path = format!("incidents/2022-12-28-login-failures{language}.md");
        fs::remove_file(site.path(&path)).unwrap();
    }
    site.build_with_warnings();
    let contents = site.contents();
    assert!(contents.len() >= 30, "{:?}", contents.keys());
    for (path, bytes) in contents {
        let text = String::from_utf8_lossy(&bytes);
        for claim in ["All systems operational", "جميع الأنظمة تعمل"] {
            assert!(!text.contains(claim), "{path} says {claim}");
        }
    }
    let check = site.run_fails(1, &["check", "--now", NOW]);
    let errors = check.stderr();
    // Each region tells, and all of them together are told by them.
    for signal in ["` of `us`", "` of `jp`", "` of `gb`"] {
        assert!(
            errors.contains(&format!("error[contradiction]: `reports{signal} is at")),
            "{errors}"
        );
    }
    let index = page(&site, "index.html");
    assert_eq!(all(&index, "figure.chart.suspected").len(), 4);
}

/// As editors on Windows save files: lines end otherwise, and a text begins with a byte-order mark.
#[test]
fn saved_on_windows_it_is_the_same_page() {
    let as_it_is = SiteTest::demo();
    as_it_is.run(&["build", "--now", NOW]);
    let as_it_is = as_it_is.contents();
    let site = SiteTest::demo();
    let mut changed = 0;
    for path in files_below(&site.path("")) {
        if [".md", ".toml", ".csv", ".jsonl"]
            .iter()
            .any(|it| path.ends_with(it))
        {
            let text = with_windows_line_ends(&fs::read(site.path(&path)).unwrap());
            site.write(&path, ["\u{feff}".as_bytes(), &text].concat());
            changed += 1;
        }
    }
    assert!(changed >= 8, "only {changed} files");
    site.run(&["build", "--now", NOW]);
    let saved_on_windows = site.contents();
    assert!(as_it_is.len() >= 30, "{:?}", as_it_is.keys());
    assert_eq!(
        as_it_is.keys().collect::<Vec<_>>(),
        saved_on_windows.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in as_it_is {
        assert!(saved_on_windows[&path] == bytes, "{path} is another one");
    }
}

#[test]
fn nothing_in_it_is_to_fix() {
    let site = SiteTest::empty();
    site.run(&["check", "--site", SITE, "--strict"])
        .expect_stderr("");
}

#[test]
fn the_evening_is_a_partial_outage_in_both_languages() {
    let site = built(NOW);
    assert_eq!(texts(&page(&site, "index.html"), "h1"), ["Partial outage"]);
    assert_eq!(texts(&page(&site, "ar/index.html"), "h1"), ["انقطاع جزئي"]);
    let english = page(&site, "incidents/2022-12-28-login-failures/index.html");
    let arabic = page(&site, "ar/incidents/2022-12-28-login-failures/index.html");
    assert_eq!(texts(&english, "h1"), ["Log-in fails on web and mobile"]);
    assert_eq!(
        texts(&arabic, "h1"),
        ["تعذّر تسجيل الدخول في الموقع والتطبيقات"]
    );
    assert_eq!(all(&english, "ol.timeline > li[id]").len(), 2);
    assert_eq!(all(&arabic, "ol.timeline > li[id]").len(), 2);
    // Nothing of it is left in the other language.
    assert!(all(&arabic, "main .prose[lang]").is_empty());
    assert_sound(&site.path("public"), "/");
}

#[test]
fn on_the_evening_all_evidence_is_fresh() {
    let status = status(NOW);
    assert_eq!(status["headline"]["state"], "partial_outage");
    let components = status["components"].as_array().unwrap();
    assert_eq!(components.len(), 5);
    for component in components {
        let until = component["evidence"]["valid_until"].as_str().unwrap();
        assert!(until > NOW, "{component}");
    }
}

#[test]
fn years_later_nothing_has_been_confirmed_since() {
    let now = "2026-01-01T00:00:00Z";
    let site = built(now);
    let english = texts(&page(&site, "index.html"), "h1").concat();
    assert!(
        english.starts_with("Status unconfirmed since Dec 28, 2022"),
        "{english}"
    );
    let arabic = texts(&page(&site, "ar/index.html"), "h1").concat();
    assert!(
        arabic.contains("28 ديسمبر 2022") || arabic.contains("٢٨ ديسمبر ٢٠٢٢"),
        "{arabic}"
    );
    let components = status(now)["components"].clone();
    for component in components.as_array().unwrap() {
        assert_eq!(component["status"], "unknown", "{component}");
    }
    assert_sound(&site.path("public"), "/");
}

/// The files of a site, with what they hold.
fn files(site: &SiteTest) -> Vec<(String, Vec<u8>)> {
    let files = files_below(&site.path("")).into_iter();
    files
        .map(|path| {
            let bytes = fs::read(site.path(&path)).unwrap();
            (path, bytes)
        })
        .collect()
}

#[test]
fn what_looks_at_it_and_what_builds_it_elsewhere_leave_it_alone() {
    let site = SiteTest::demo();
    let output = SiteTest::empty();
    let before = files(&site);
    site.run(&["check", "--now", NOW]);
    site.status(NOW);
    let folder = output.path("public").display().to_string();
    site.run(&["build", "--now", NOW, "-o", &folder]);
    assert_eq!(files(&site), before);
    assert!(output.path("public/index.html").exists());
}
