//! `build.json`: the manifest of a build.

use std::process::Command;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use snapbox::str;

use crate::since::git;
use crate::site_test::{NOW, SiteTest};

fn manifest(site: &SiteTest) -> Value {
    serde_json::from_str(&site.read("public/build.json")).unwrap()
}

#[test]
fn it_lists_every_other_file() {
    let site = SiteTest::demo();
    site.build();
    let manifest = manifest(&site);
    let files = manifest["files"].as_object().unwrap();
    let mut contents = site.contents();
    contents.remove("build.json");
    assert!(contents.len() > 40);
    assert!(files.keys().eq(contents.keys()));
    for (path, bytes) in &contents {
        let hash: String = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(files[path]["sha256"], hash, "{path}");
        assert_eq!(files[path]["size"], bytes.len(), "{path}");
        let is_asset = path.starts_with("assets/");
        let cache = match is_asset {
            true => "public, max-age=31536000, immutable",
            false => "public, max-age=30, must-revalidate",
        };
        assert_eq!(files[path]["cache"], cache, "{path}");
    }
    for (path, content_type) in [
        ("index.html", "text/html; charset=utf-8"),
        ("history.atom", "application/atom+xml"),
        ("maintenance.ics", "text/calendar; charset=utf-8"),
        ("schemas/site.json", "application/json"),
        ("evidence/states.jsonl", "application/jsonl"),
    ] {
        assert_eq!(files[path]["type"], content_type, "{path}");
    }
}

#[test]
fn it_says_until_when_the_all_clear_holds() {
    let seen = |component: &str| {
        format!(
            "{{\"component\":\"{component}\",\"status\":\"operational\",\"from\":\"2022-12-29T01:15:00Z\"}}\n"
        )
    };
    let site = SiteTest::new().file(
        "evidence/states.jsonl",
        ["web", "api", "login"].map(seen).concat(),
    );
    site.build();
    let mut manifest = manifest(&site);
    manifest["files"] = Value::Null;
    snapbox::assert_data_eq!(
        format!("{manifest:#}\n"),
        str![[r#"
{
  "allclear": "0.1.0",
  "base_url": "https://status.example.com/",
  "commit": null,
  "files": null,
  "now": "2022-12-29T01:30:00Z",
  "title": "Example Status",
  "valid_until": "2022-12-29T02:15:00Z"
}

"#]]
    );
    site.run(&[
        "build",
        "--quiet",
        "--now",
        NOW,
        "--base-url",
        "https://mirror.example/",
    ]);
    assert_eq!(self::manifest(&site)["base_url"], "https://mirror.example/");
}

#[test]
fn in_a_repository_it_says_which_commit_is_checked_out() {
    let site = SiteTest::new();
    git(&site, &["init", "--quiet"]);
    site.build();
    assert_eq!(
        manifest(&site)["commit"],
        Value::Null,
        "before the first commit"
    );
    git(&site, &["add", "allclear.toml"]);
    git(&site, &["commit", "--quiet", "-m", "first"]);
    site.build();
    let commit = manifest(&site)["commit"].as_str().unwrap().to_owned();
    let head = Command::new("git")
        .current_dir(site.path("."))
        .args(["rev-parse", "HEAD"])
        .output()
        .unwrap();
    assert_eq!(commit, String::from_utf8(head.stdout).unwrap().trim());
}
