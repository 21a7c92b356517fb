//! What web servers are told of a page: their configurations, `_headers`, and compressed copies. `tests/hosting/run` asks
//! real servers.

use std::fs;

use snapbox::{IntoData, file, str};

use crate::site_test::{NOW, SiteTest};

/// A site below a path, with compressed copies.
fn below_a_path() -> SiteTest {
    SiteTest::empty().file(
        "allclear.toml",
        "title = \"Harbour\"\nbase_url = \"https://ops.example.com/harbour/status/\"\nlanguages = [\"en\", \"ar\", \"pt-BR\"]\n\n\
         [[components]]\nid = \"ferry\"\nname = \"Ferry\"\n\n[build]\nprecompress = true\nformats = [\"atom\", \"calendar\", \"headers\"]\n",
    )
}

/// The configuration that is printed, without the page's real folder.
#[track_caller]
fn configuration(site: &SiteTest, server: &str) -> String {
    let outcome = site.run(&["hosting", server, "--root", "/srv/status/public/"]);
    outcome.stdout().to_owned()
}

#[test]
fn the_configuration_of_nginx() {
    snapbox::assert_data_eq!(
        configuration(&SiteTest::new(), "nginx"),
        file!["snapshots/hosting-nginx.conf"].raw()
    );
    snapbox::assert_data_eq!(
        configuration(&below_a_path(), "nginx"),
        file!["snapshots/hosting-nginx-below.conf"].raw()
    );
}

#[test]
fn the_configuration_of_caddy() {
    snapbox::assert_data_eq!(
        configuration(&below_a_path(), "caddy"),
        file!["snapshots/hosting-caddy.conf"].raw()
    );
}

#[test]
fn the_configuration_of_apache() {
    snapbox::assert_data_eq!(
        configuration(&below_a_path(), "apache"),
        file!["snapshots/hosting-apache.conf"].raw()
    );
}

#[test]
fn the_folder_is_the_sites_unless_another_one_is_named() {
    let site = SiteTest::new();
    let public = site.path("public");
    let text = site.run(&["hosting", "caddy"]).stdout().to_owned();
    let root = public.canonicalize().unwrap_or(public);
    assert!(
        text.contains(&format!("root * \"{}\"", root.display())),
        "{text}"
    );
}

#[test]
fn what_no_configuration_can_hold_is_refused() {
    let site = SiteTest::new();
    site.run_fails(2, &["hosting", "nginx", "--root", "/srv/$HOME"])
        .expect_stderr(str![[r#"
error: `--root /srv/$HOME`: a web server's configuration cannot hold such a path
  help: serve a folder with letters, digits, `-` and `_` in its path

"#]]);
    let config = site.read("allclear.toml");
    site.write("allclear.toml", config.replace(".com/", ".com/{a}/"));
    site.run_fails(2, &["hosting", "caddy"])
        .expect_stderr(str![[r#"
error: a web server's configuration cannot hold the path `/{a}/`
  help: give `base_url` a path of letters, digits, `-` and `_`

"#]]);
    site.write("allclear.toml", "title = 1");
    site.run_fails(1, &["hosting", "apache"]);
}

#[test]
fn hosts_that_read_headers_are_told_them() {
    let site = below_a_path();
    site.build();
    snapbox::assert_data_eq!(
        site.read("public/_headers"),
        str![[r#"
# Made by allclear, for hosts that read such a file.
/*
  Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'
  X-Content-Type-Options: nosniff
  Referrer-Policy: same-origin
/assets/*
  Cache-Control: public, max-age=31536000, immutable
/api/*
  Access-Control-Allow-Origin: *
/evidence/latency/*
  Access-Control-Allow-Origin: *
/build.json
  Access-Control-Allow-Origin: *
  Content-Type: application/json
/embed.js
  Access-Control-Allow-Origin: *
  Content-Type: text/javascript; charset=utf-8
/evidence/states.jsonl
  Access-Control-Allow-Origin: *
  Content-Type: application/jsonl
/history.atom
  Access-Control-Allow-Origin: *
  Content-Type: application/atom+xml
/components/:component/history.atom
  Access-Control-Allow-Origin: *
  Content-Type: application/atom+xml
/:language/history.atom
  Access-Control-Allow-Origin: *
  Content-Type: application/atom+xml
/:language/components/:component/history.atom
  Access-Control-Allow-Origin: *
  Content-Type: application/atom+xml
/maintenance.ics
  Access-Control-Allow-Origin: *
  Content-Type: text/calendar; charset=utf-8
/components/:component/maintenance.ics
  Access-Control-Allow-Origin: *
  Content-Type: text/calendar; charset=utf-8
/:language/maintenance.ics
  Access-Control-Allow-Origin: *
  Content-Type: text/calendar; charset=utf-8
/:language/components/:component/maintenance.ics
  Access-Control-Allow-Origin: *
  Content-Type: text/calendar; charset=utf-8
/badge.svg
  Access-Control-Allow-Origin: *
  Content-Type: image/svg+xml
/components/:component/badge.svg
  Access-Control-Allow-Origin: *
  Content-Type: image/svg+xml
/:language/badge.svg
  Access-Control-Allow-Origin: *
  Content-Type: image/svg+xml
/:language/components/:component/badge.svg
  Access-Control-Allow-Origin: *
  Content-Type: image/svg+xml
/badge.json
  Access-Control-Allow-Origin: *
  Content-Type: application/json
/components/:component/badge.json
  Access-Control-Allow-Origin: *
  Content-Type: application/json
/:language/badge.json
  Access-Control-Allow-Origin: *
  Content-Type: application/json
/:language/components/:component/badge.json
  Access-Control-Allow-Origin: *
  Content-Type: application/json
/embed.json
  Access-Control-Allow-Origin: *
  Content-Type: application/json
/components/:component/embed.json
  Access-Control-Allow-Origin: *
  Content-Type: application/json
/:language/embed.json
  Access-Control-Allow-Origin: *
  Content-Type: application/json
/:language/components/:component/embed.json
  Access-Control-Allow-Origin: *
  Content-Type: application/json

"#]]
        .raw()
    );
}

/// A host may cut the list after a hundred rules.
#[test]
fn there_are_few_rules() {
    let site = SiteTest::new();
    for number in 0..120 {
        site.write(&format!("static/assets/picture.{number}.png"), "no hash");
        site.write(
            &format!("incidents/n{number}.md"),
            "---\ntitle: Late\nstarted: 2022-12-28 10:00\nended: 2022-12-28 11:00\n---\n",
        );
    }
    site.build();
    let headers = site.read("public/_headers");
    let rules = headers.lines().filter(|line| line.starts_with('/'));
    assert!((10..=80).contains(&rules.count()), "{headers}");
    assert!(
        !headers.contains("/assets/*") && !headers.contains("picture"),
        "{headers}"
    );
    assert!(headers.contains("/assets/style."), "{headers}");
    for line in headers.lines() {
        assert!(line.len() < 2000, "{line}");
    }
}

#[test]
fn a_sites_own_headers_take_the_place_of_ours() {
    let site = SiteTest::new().file("static/_headers", "/*\n  X-Mine: yes\n");
    site.build();
    assert_eq!(site.read("public/_headers"), "/*\n  X-Mine: yes\n");
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        config + "\n[build]\nformats = [\"atom\"]\n",
    );
    fs::remove_file(site.path("static/_headers")).unwrap();
    site.build();
    assert!(!site.path("public/_headers").exists());
}

#[cfg(feature = "precompress")]
#[test]
fn copies_come_and_go_with_their_files() {
    let site = below_a_path()
        .file("static/notes.txt", "text\n".repeat(500))
        .file("static/short.txt", "text\n");
    site.build();
    let outputs = site.outputs();
    for file in [
        "index.html",
        "ar/index.html",
        "notes.txt",
        "schemas/site.json",
        "build.json",
    ] {
        for copy in [format!("{file}.gz"), format!("{file}.br")] {
            assert!(outputs.contains(&copy), "{copy}: {outputs:?}");
        }
    }
    assert!(!outputs.contains(&"short.txt.gz".to_owned()));
    let manifest: serde_json::Value =
        serde_json::from_str(&site.read("public/build.json")).unwrap();
    let listed = manifest["files"].as_object().unwrap();
    assert!(
        listed
            .keys()
            .all(|path| !path.ends_with(".gz") && !path.ends_with(".br"))
    );

    // The same build writes nothing; another one only what changed.
    let again = site.run(&["build", "--now", NOW]).stdout().to_owned();
    assert!(again.contains(": 0 files written (0 bytes)"), "{again}");
    site.write("static/notes.txt", "other\n".repeat(500));
    let changed = site.run(&["build", "--now", NOW]).stdout().to_owned();
    assert!(changed.contains(": 6 files written"), "{changed}");

    fs::remove_file(site.path("static/notes.txt")).unwrap();
    site.build();
    assert!(
        !site.path("public/notes.txt.gz").exists() && !site.path("public/notes.txt.br").exists()
    );
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        config.replace("precompress = true", "precompress = false"),
    );
    site.build();
    assert!(
        site.outputs().iter().all(|path| !path.ends_with(".gz")),
        "{:?}",
        site.outputs()
    );
}
