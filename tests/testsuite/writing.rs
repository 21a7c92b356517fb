//! The effects of a build on the output folder.

use std::fs;

use crate::site_test::{NOW, SiteTest};

/// An incident file of an incident that is over.
const INCIDENT: &str = "---\ntitle: Trouble\ncomponents: [web]\nstarted: 2022-12-01 10:00\nended: 2022-12-01 11:00\n---\n";

/// A site with two incidents.
fn site() -> SiteTest {
    SiteTest::new()
        .file("incidents/a.md", INCIDENT)
        .file("incidents/b.md", INCIDENT)
}

#[test]
fn a_second_build_touches_nothing() {
    let site = site();
    site.build();
    let modified = |path: &str| fs::metadata(site.path(path)).unwrap().modified().unwrap();
    let before: Vec<_> = site
        .outputs()
        .iter()
        .map(|path| modified(&format!("public/{path}")))
        .collect();
    let output = site.run(&["build", "--now", NOW]);
    let text = output.stdout();
    assert!(text.contains(": 0 files written (0 bytes), "), "{text}");
    assert!(before.len() >= 20);
    let after: Vec<_> = site
        .outputs()
        .iter()
        .map(|path| modified(&format!("public/{path}")))
        .collect();
    assert_eq!(before, after);
}

#[test]
fn what_is_gone_is_deleted_and_what_is_not_ours_stays() {
    let site = site();
    site.build();
    site.write("public/CNAME", "status.example.com\n");
    fs::remove_file(site.path("incidents/b.md")).unwrap();
    site.build();
    assert!(!site.path("public/incidents/b").exists());
    assert!(site.path("public/incidents/a/index.html").exists());
    assert_eq!(site.read("public/CNAME"), "status.example.com\n");
}

#[test]
fn a_foreign_folder_is_refused() {
    let site = site().file("public/mine.txt", "mine");
    site.run_fails(2, &["build", "--now", NOW]).expect_stderr(
        "error: `public` holds files that allclear did not make; nothing was written\n  help: name an empty or a new folder with `-o DIR`; allclear deletes only what it made itself\n",
    );
    assert_eq!(site.outputs(), ["mine.txt"]);
}

#[test]
fn an_error_leaves_the_old_output() {
    let site = site();
    let before = site.build().contents();
    site.write("incidents/a.md", "---\ntitle: [\n---\n");
    site.run_fails(1, &["build", "--now", NOW]);
    assert_eq!(site.contents(), before);
}

#[test]
fn drafts_are_built_only_where_they_are_asked_for() {
    let site = SiteTest::new().file(
        "incidents/a.md",
        INCIDENT.replace("---\ntitle", "---\ndraft: true\ntitle"),
    );
    site.build();
    assert!(!site.path("public/incidents/a").exists());
    site.run(&["build", "--now", NOW, "--drafts"]);
    assert!(site.path("public/incidents/a").exists());
}

#[test]
fn two_builds_at_once_end_in_a_whole_site() {
    let site = site();
    let builds: Vec<_> = (0..2)
        .map(|_| {
            std::process::Command::new(snapbox::cmd::cargo_bin!("allclear"))
                .args(["build", "--now", NOW, "--quiet"])
                .current_dir(site.path(""))
                .spawn()
                .unwrap()
        })
        .collect();
    for mut build in builds {
        assert!(build.wait().unwrap().success());
    }
    let output = site.run(&["build", "--now", NOW]);
    let text = output.stdout();
    assert!(text.contains(": 0 files written"), "{text}");
}

#[test]
fn a_power_cut_stops_no_build() {
    let site = site();
    site.build();
    let whole = (site.contents(), site.read("public/.allclear-manifest"));
    site.write("public/.allclear-manifest", "");
    site.write("public/index.html", "");
    site.run_warns(&["build", "--now", NOW]).expect_stderr(
        "the list of the files that were built into `public` was torn, as by a power cut, and was made anew\n  pages that the site has no more may still be there: remove them, or build into a new folder\n",
    );
    let now = (site.contents(), site.read("public/.allclear-manifest"));
    assert_eq!(now, whole);
    site.build();
}
