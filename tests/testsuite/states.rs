//! `evidence/states.jsonl`: the component states, from which the page can be computed again.

use std::fs;

use snapbox::{IntoData, str};

use crate::site_test::{NOW, SiteTest, files_below};

/// Every page of the output, and the file that they were computed from.
fn published(site: &SiteTest) -> Vec<(String, String)> {
    let is_wanted = |path: &String| path.ends_with(".html") || path.starts_with("evidence/");
    let paths = site.outputs().into_iter().filter(is_wanted);
    paths
        .map(|path| (path.clone(), site.read(&format!("public/{path}"))))
        .collect()
}

#[test]
fn the_demo_can_be_built_again_from_what_it_publishes() {
    for now in [
        "2022-12-28T20:00:00Z",
        NOW,
        "2022-12-29T05:00:00Z",
        "2023-06-01T00:00:00Z",
    ] {
        let site = SiteTest::demo();
        let build = ["build", "--quiet", "--now", now];
        // Whatever it warns of, as contradictions, is the same both times.
        let first = site.command(&build).output().unwrap();
        let page = published(&site);
        assert!(page.len() > 20, "{now}");
        for file in files_below(&site.path("evidence")) {
            if file.ends_with(".jsonl") {
                fs::remove_file(site.path("evidence").join(file)).unwrap();
            }
        }
        site.write(
            "evidence/states.jsonl",
            site.read("public/evidence/states.jsonl"),
        );
        fs::remove_dir_all(site.path("public")).unwrap();
        let second = site.command(&build).output().unwrap();
        assert_eq!(first.stderr, second.stderr);
        assert!(published(&site) == page, "{now}");
    }
}

#[test]
fn it_says_what_the_page_says_and_no_more() {
    let site = SiteTest::new()
        .file(
            "allclear.toml",
            SiteTest::new().read("allclear.toml")
                + "\n[sources.probe]\nignore = [{ from = \"2022-12-28T12:00:00Z\", until = \"2022-12-28T13:00:00Z\", reason = \"broken\" }]\n",
        )
        .file(
            "evidence/a.csv",
            "component,status,from,to,source,reason,until\n\
             api,operational,2022-12-29T00:00:00.25Z,,probe,,\n\
             web,operational,2022-12-28T10:00:00Z,2022-12-28T11:00:00Z,probe,,\n\
             web,major_outage,2022-12-28T12:10:00Z,2022-12-28T12:20:00Z,probe,,\n\
             web,operational,2022-12-28T11:30:00Z,2022-12-28T11:40:00Z,probe,,\n\
             web,operational,2022-12-29T01:00:00Z,2022-12-29T02:00:00Z,probe,,\n\
             web,major_outage,2022-12-29T02:00:00Z,2022-12-29T02:00:00Z,probe,,\n",
        )
        .file(
            "evidence/b.jsonl",
            "{\"component\":\"login\",\"status\":\"partial_outage\",\"from\":\"2022-12-29T01:00:00Z\",\"source\":\"operator\",\"reason\":\"Seen \\\"by\\\" hand \u{202e}\",\"until\":\"2022-12-29T03:00:00Z\"}\n",
        );
    site.build();
    snapbox::assert_data_eq!(
        site.read("public/evidence/states.jsonl"),
        str![[r#"
{"component":"login","status":"partial_outage","from":"2022-12-29T01:00:00Z","source":"operator","reason":"Seen \"by\" hand \u202e","until":"2022-12-29T03:00:00Z"}
{"component":"web","status":"operational","from":"2022-12-28T10:00:00Z","to":"2022-12-28T11:40:00Z","source":"probe"}
{"component":"web","status":"operational","from":"2022-12-29T01:00:00Z","to":"2022-12-29T01:30:00Z","source":"probe"}
{"component":"api","status":"operational","from":"2022-12-29T00:00:00.250Z","source":"probe"}

"#]]
        .raw()
    );
}

#[test]
fn a_site_may_keep_its_evidence_and_one_without_has_none() {
    let line =
        "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-29T01:00:00Z\"}\n";
    let site = SiteTest::new().file("evidence/states.jsonl", line);
    let config = site.read("allclear.toml");
    site.build();
    assert!(site.path("public/evidence/states.jsonl").exists());
    site.write(
        "allclear.toml",
        config.clone() + "\n[evidence]\npublish = false\n",
    );
    site.build();
    assert!(!site.path("public/evidence").exists());
    site.write("allclear.toml", config);
    fs::remove_file(site.path("evidence/states.jsonl")).unwrap();
    site.build();
    assert!(!site.path("public/evidence").exists());
}
