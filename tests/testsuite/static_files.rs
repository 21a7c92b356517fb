//! The folder `static/`, whose files are published as they are.

use std::fs;

use snapbox::str;

use crate::site_test::{NOW, SiteTest};

#[test]
fn files_are_copied_to_the_root_as_they_are() {
    let picture: Vec<u8> = (0..=255).collect();
    let site = SiteTest::new()
        .file("static/mark.ico", &picture)
        .file("static/CNAME", "status.example.com\n")
        .file(
            "static/.well-known/security.txt",
            "Contact: mailto:a@example.com\r\n",
        )
        .file("static/.nojekyll", "")
        .file("static/papers/SLA 2022.pdf", b"%PDF-1.7\n\xff")
        // What systems, editors and git leave behind.
        .file("static/.DS_Store", "x")
        .file("static/papers/.DS_Store", "x")
        .file("static/papers/Thumbs.db", "x")
        .file("static/desktop.ini", "x")
        .file("static/._CNAME", "x")
        .file("static/#CNAME#", "x")
        .file("static/.#CNAME", "x")
        .file("static/.CNAME.swp", "x")
        .file("static/.gitkeep", "x")
        .file("static/.git/HEAD", "x");
    let before = {
        let plain = SiteTest::new();
        plain.build().outputs()
    };
    site.build();
    let mut more: Vec<String> = crate::site_test::files_below(&site.path("public"));
    more.retain(|path| !before.contains(path) && path != ".allclear-manifest");
    assert_eq!(
        more,
        [
            ".nojekyll",
            ".well-known/security.txt",
            "CNAME",
            "mark.ico",
            "papers/SLA 2022.pdf",
        ]
    );
    for path in &more {
        let copy = fs::read(site.path("public").join(path)).unwrap();
        assert_eq!(
            copy,
            fs::read(site.path("static").join(path)).unwrap(),
            "{path}"
        );
    }
    // Only what changed is written, with the list of all files, and what is gone is deleted.
    let again = site.run(&["build", "--now", NOW]);
    assert!(
        again.stdout().contains(": 0 files written"),
        "{}",
        again.stdout()
    );
    site.write("static/CNAME", "example.org\n");
    fs::remove_file(site.path("static/mark.ico")).unwrap();
    let again = site.run(&["build", "--now", NOW]);
    assert!(
        again.stdout().contains(": 2 files written"),
        "{}",
        again.stdout()
    );
    assert!(again.stdout().contains(" 1 deleted"), "{}", again.stdout());
    assert_eq!(site.read("public/CNAME"), "example.org\n");
    assert!(!site.path("public/mark.ico").exists());
}

#[test]
fn a_static_file_never_takes_the_place_of_another() {
    let site = SiteTest::new()
        .file("static/index.html", "mine")
        .file("static/About/INDEX.html", "mine")
        .file("static/components", "mine")
        .file("static/404.html/x", "mine")
        .file("static/.allclear-manifest", "mine")
        .file("static/fine/index.html", "mine");
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[bad-file-name]: this file cannot be published as `.allclear-manifest`: names that begin with `.allclear` are taken
--> static/.allclear-manifest
 = help: rename it

error[path-taken]: this file would take the place of `404.html`, which allclear makes
--> static/404.html/x
 = help: rename it

error[path-taken]: this file would take the place of `about/index.html`, which allclear makes
--> static/About/INDEX.html
 = help: rename it: some disks tell neither capital letters nor ways to write an accent apart

error[path-taken]: this file would take the place of `components/api/index.md`, which allclear makes
--> static/components
 = help: rename it

error[path-taken]: this file would take the place of `index.html`, which allclear makes
--> static/index.html
 = help: rename it

5 errors; `allclear explain CODE` says more of each

"#]]);
    site.run_fails(1, &["build", "--now", NOW]);
    assert!(!site.path("public").exists());
}

#[test]
fn a_file_beside_an_incident_never_takes_the_place_of_its_page() {
    let site = SiteTest::new()
        .file(
            "incidents/cable/index.md",
            "---\ntitle: A cable\n---\n\n## Resolved · 2022-12-20 10:00\n\nIt is over.\n",
        )
        .file("incidents/cable/index.html/graph.png", "mine");
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[path-taken]: this file would take the place of `incidents/cable/index.html`, which allclear makes
--> incidents/cable/index.html/graph.png
 = help: rename it

1 error; `allclear explain CODE` says more of each

"#]]);
}

#[cfg(unix)]
#[test]
fn a_text_without_a_translation_leads_where_it_does_on_its_own_page() {
    let site = SiteTest::new()
        .file("static/chart.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file(
            "incidents/2022-12-28-slow.md",
            "---\ntitle: Slow\ncomponents: { web: degraded_performance }\n---\n\n![Load](../../chart.svg)\n\n\
             ## Investigating · 2022-12-28 15:00\n\n![Errors](../../chart.svg?a)\n\n## Update · 2022-12-28 16:00\n\n[Chart](../../chart.svg?b)\n",
        )
        .file(
            "incidents/2022-12-28-slow.ar.md",
            "---\ntitle: بطء\n---\n\n## Update · 2022-12-28 16:00\n\n[رسم](../../../chart.svg?b)\n",
        );
    site.run(&["build", "--quiet", "--now", "2022-12-28T23:00:00Z"]);
    let page = site.read("public/ar/incidents/2022-12-28-slow/index.html");
    let base = "../../../incidents/2022-12-28-slow/../../chart.svg";
    for source in [
        format!("src=\"{base}\""),
        format!("src=\"{base}?a\""),
        "href=\"../../../chart.svg?b\"".to_owned(),
    ] {
        assert!(page.contains(&source), "{source}: {page}");
    }
    let original = site.read("public/incidents/2022-12-28-slow/index.html");
    assert!(original.contains("src=\"../../chart.svg\""), "{original}");
    let index = site.read("public/ar/index.html");
    assert!(
        index.contains("href=\"../ar/incidents/2022-12-28-slow/../../../chart.svg?b\""),
        "{index}"
    );
    let feed = site.read("public/ar/history.atom");
    let address = "https://status.example.com/incidents/2022-12-28-slow/../../chart.svg?a";
    assert!(feed.contains(address), "{feed}");
}

#[test]
fn a_link_that_leads_out_is_refused() {
    let site = SiteTest::new().file("static/inside.txt", "x");
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, site.path("static").join(name)).unwrap();
    };
    link("/etc/hostname", "outside.txt");
    link("..", "all");
    link("inside.txt", "same.txt");
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[unreadable-file]: this link leads back to a folder that it lies in
--> static/all/static/all

error[outside-site]: this link leads out of the site's folder
--> static/all/static/outside.txt
 = help: copy what it leads to into the site: what is published must be in the site's history

error[outside-site]: this link leads out of the site's folder
--> static/outside.txt
 = help: copy what it leads to into the site: what is published must be in the site's history

3 errors; `allclear explain CODE` says more of each

"#]]);
    fs::remove_file(site.path("static/outside.txt")).unwrap();
    fs::remove_file(site.path("static/all")).unwrap();
    site.build();
    assert_eq!(site.read("public/same.txt"), "x");
}
