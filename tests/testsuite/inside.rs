//! What lies inside of a site: nothing outside of it is read, published or written, and what is missing is not empty.

use std::fs;
use std::os::unix::fs::symlink;

use snapbox::str;

use crate::site_test::{NOW, Outcome, SiteTest};

/// An incident file.
const INCIDENT: &str = "---\ntitle: Log-in fails\ncomponents: { login: partial_outage }\n---\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n";

/// A word that lies outside of every site, and that no report may quote.
const SECRET: &str = "SESAME";

/// A folder with all that a site has, and a secret in each of it.
fn elsewhere() -> SiteTest {
    SiteTest::empty()
        .file("allclear.toml", format!("{SECRET} = x y\n"))
        .file("logo.svg", format!("<svg>{SECRET}</svg>"))
        .file("mine/theme.toml", "contract = 2\n")
        .file("mine/templates/headline.html", SECRET)
        .file("slow.md", INCIDENT.replace("Log-in fails", SECRET))
        .file("template.md", INCIDENT.replace("Log-in fails", SECRET))
}

/// Makes a link of the site.
#[track_caller]
fn link(site: &SiteTest, target: impl AsRef<std::path::Path>, name: &str) {
    fs::create_dir_all(site.path(name).parent().unwrap()).unwrap();
    symlink(target, site.path(name)).unwrap();
}

/// What `check` says of a site in which something is wrong, and that `build` and `status` do as well.
#[track_caller]
fn refused(site: &SiteTest) -> String {
    for command in ["build", "status"] {
        let outcome = Outcome::of(site.command(&[command, "--now", NOW]).assert());
        // `status` needs no theme.
        let is_refused = outcome.code() == 1 || command == "status" && is_about_a_theme(site);
        assert!(is_refused, "{command}: {}", outcome.stdout());
        assert!(!outcome.stdout().contains(SECRET), "{}", outcome.stdout());
    }
    let outcome = site.run_fails(1, &["check", "--now", NOW]);
    let report = outcome.stderr();
    assert!(!report.contains(SECRET), "{report}");
    report.to_owned()
}

/// Whether the theme that a site uses is all that may be wrong with it.
fn is_about_a_theme(site: &SiteTest) -> bool {
    site.path("themes").is_dir()
}

/// The files of a folder, with their contents.
fn files(site: &SiteTest) -> Vec<(String, Vec<u8>)> {
    let files = crate::site_test::files_below(&site.path("")).into_iter();
    files
        .map(|file| {
            let bytes = fs::read(site.path(&file)).unwrap_or_default();
            (file, bytes)
        })
        .collect()
}

#[test]
fn a_theme_is_named_and_not_a_path() {
    let elsewhere = elsewhere();
    let absolute = elsewhere.path("mine").display().to_string();
    for name in [
        absolute.as_str(),
        "../../mine",
        "mine/../mine",
        "./mine",
        "..",
        ".",
        "a/b",
        "..\\\\mine",
        "",
    ] {
        let site = SiteTest::new();
        let text = site.read("allclear.toml");
        site.write("allclear.toml", format!("theme = \"{name}\"\n{text}"));
        site.write("themes/mine/theme.toml", "contract = 2\n");
        let report = refused_by_check(&site);
        let name = name.replace("\\\\", "\\");
        let first = format!("error[outside-site]: `{name}` is no name of a theme\n");
        assert!(report.starts_with(&first), "{report}");
        let hint = "write the name of its folder in `themes/`, as `theme = \"mine\"`\n";
        assert!(report.contains(hint), "{report}");
        for command in [
            ["theme", "list", ""].as_slice(),
            &["theme", "eject", "about.html"],
        ] {
            let words: Vec<&str> = command
                .iter()
                .copied()
                .filter(|it| !it.is_empty())
                .collect();
            let outcome = Outcome::of(site.command(&words).assert());
            assert!(!outcome.stdout().contains(SECRET), "{}", outcome.stdout());
        }
    }
}

/// What `check` says of a site in which something is wrong.
#[track_caller]
fn refused_by_check(site: &SiteTest) -> String {
    let outcome = site.run_fails(1, &["check", "--now", NOW]);
    outcome.stderr().to_owned()
}

#[test]
fn a_theme_behind_a_link_that_leads_out_is_refused() {
    let elsewhere = elsewhere();
    let before = files(&elsewhere);
    let themed = || {
        let site = SiteTest::new();
        let text = site.read("allclear.toml");
        site.write("allclear.toml", format!("theme = \"mine\"\n{text}"));
        site
    };
    let says = |report: &str, path: &str| {
        let first = format!(
            "error[outside-site]: this link leads out of the site's folder\n--> {path}\n = help: copy what it leads to into the site: what is published must be in the site's history\n"
        );
        assert!(report.contains(&first), "{report}");
    };

    let all = themed();
    link(&all, elsewhere.path(""), "themes");
    says(&refused(&all), "themes");
    let one = themed();
    link(&one, elsewhere.path("mine"), "themes/mine");
    says(&refused(&one), "themes/mine");
    let file = themed().file("themes/mine/theme.toml", "contract = 2\n");
    let template = "themes/mine/templates/headline.html";
    link(
        &file,
        elsewhere.path("mine/templates/headline.html"),
        template,
    );
    says(&refused(&file), template);

    for site in [&all, &one] {
        for arguments in [
            ["theme", "eject", "about.html"].as_slice(),
            &["theme", "new", "mine"],
            &["theme", "list"],
        ] {
            if site
                .command(arguments)
                .assert()
                .get_output()
                .status
                .success()
            {
                panic!("{arguments:?} succeeds");
            }
        }
    }
    all.run_fails(2, &["theme", "new", "other"])
        .expect_stderr(str![[r#"
error: `themes` leads out of the site's folder
  help: nothing was changed; name a place in the site's folder, from which no link leads out

"#]]);
    assert_eq!(files(&elsewhere), before);
}

#[test]
fn a_theme_behind_a_link_inside_of_the_site_is_one() {
    let site = SiteTest::new()
        .file("shared/mine/theme.toml", "contract = 2\n")
        .file("shared/mine/templates/headline.html", "Made with care");
    let text = site.read("allclear.toml");
    site.write("allclear.toml", format!("theme = \"mine\"\n{text}"));
    link(&site, "shared", "themes");
    site.build();
    assert!(site.read("public/index.html").contains("Made with care"));
    // What is written through it lands where it leads to.
    site.run(&["theme", "eject", "about.html"]);
    assert!(site.path("shared/mine/templates/about.html").is_file());
    assert!(site.path("themes").is_symlink());
}

#[test]
fn a_configuration_behind_a_link_that_leads_out_is_not_quoted() {
    let elsewhere = elsewhere();
    let site = SiteTest::new();
    fs::remove_file(site.path("allclear.toml")).unwrap();
    link(&site, elsewhere.path("allclear.toml"), "allclear.toml");
    assert_eq!(
        refused(&site),
        "error[outside-site]: this link leads out of the site's folder\n--> allclear.toml\n = help: copy what it leads to into the site: what is published must be in the site's history\n\n1 error; `allclear explain CODE` says more of each\n"
    );
    for arguments in [
        ["record", "web", "operational", "--source", "probe"].as_slice(),
        &[
            "new",
            "incident",
            "Slow",
            "-m",
            "Text",
            "--now",
            "yesterday 10:00",
        ],
        &["theme", "list"],
    ] {
        let outcome = Outcome::of(site.command(arguments).assert());
        assert_ne!(outcome.code(), 0, "{arguments:?}");
        assert!(!outcome.stderr().contains(SECRET), "{}", outcome.stderr());
    }
    // A link to a link, and one that leads to nothing.
    fs::remove_file(site.path("allclear.toml")).unwrap();
    link(&elsewhere, "allclear.toml", "again.toml");
    link(&site, elsewhere.path("again.toml"), "again.toml");
    link(&site, "again.toml", "allclear.toml");
    assert!(refused(&site).starts_with("error[outside-site]"));
    fs::remove_file(site.path("again.toml")).unwrap();
    assert_eq!(
        refused(&site),
        "error[unreadable-file]: this link leads to nothing\n--> allclear.toml\n = help: bring back what it leads to, or put a file in its place\n\n1 error; `allclear explain CODE` says more of each\n"
    );
}

/// As Kubernetes mounts a ConfigMap, and as a site that lies behind a link.
#[test]
fn links_that_stay_inside_of_the_site_are_followed() {
    let site = SiteTest::empty()
        .file(
            "real/..2022_12_28/allclear.toml",
            SiteTest::new().read("allclear.toml"),
        )
        .file("real/archive/2022-12-28-log-in-fails.md", INCIDENT);
    link(&site, "..2022_12_28", "real/..data");
    link(&site, "..data/allclear.toml", "real/allclear.toml");
    link(&site, "archive", "real/incidents");
    link(&site, "real", "here");
    site.run(&["build", "--site", "here", "--now", NOW]);
    let page = "here/public/incidents/2022-12-28-log-in-fails/index.html";
    assert!(site.read(page).contains("Log-in fails"));
    site.run(&[
        "update",
        "--site",
        "here",
        "monitoring",
        "-m",
        "Better.",
        "--now",
        NOW,
    ]);
    let text = site.read("real/archive/2022-12-28-log-in-fails.md");
    assert!(text.contains("Better."), "{text}");
}

#[test]
fn a_link_into_the_repository_of_git_leads_out() {
    let site = SiteTest::new().file(".git/config", SECRET);
    link(&site, "../.git/config", "static/config.txt");
    let report = refused(&site);
    assert!(report.starts_with("error[outside-site]"), "{report}");
}

#[test]
fn evidence_is_recorded_inside_of_the_site() {
    let elsewhere = SiteTest::empty().file("keep", "");
    let record = |site: &SiteTest, file: &str| {
        let arguments = [
            "record",
            "web",
            "operational",
            "--source",
            "probe",
            "--file",
            file,
        ];
        let outcome = site.run_fails(2, &arguments);
        outcome.stderr().to_owned()
    };
    for file in [
        "evidence/../../x.jsonl",
        "evidence/../x.jsonl",
        "evidence/a/../b.jsonl",
        "../evidence/x.jsonl",
        "evidence\\..\\x.jsonl",
        "evidence/.hidden.jsonl",
        "/evidence/x.jsonl",
    ] {
        let site = SiteTest::new();
        let report = record(&site, file);
        let expected = format!(
            "error: `--file {file}`: this is no file of component states\n  help: name a `.jsonl` file in `evidence/`\n"
        );
        assert_eq!(report, expected);
        assert_eq!(
            crate::site_test::files_below(&site.path("")),
            ["allclear.toml"]
        );
    }
    let site = SiteTest::new();
    link(&site, elsewhere.path(""), "evidence");
    let expected = "error: `evidence` leads out of the site's folder\n  help: nothing was changed; name a place in the site's folder, from which no link leads out\n";
    assert_eq!(record(&site, "evidence/new.jsonl"), expected);
    let site = SiteTest::new().file("evidence/keep.jsonl", "");
    link(&site, elsewhere.path("new.jsonl"), "evidence/new.jsonl");
    let report = record(&site, "evidence/new.jsonl");
    assert!(
        report.contains("`evidence/new.jsonl` is a link that leads to nothing"),
        "{report}"
    );
    link(&site, elsewhere.path("keep"), "evidence/old.jsonl");
    let report = record(&site, "evidence/old.jsonl");
    assert!(
        report.contains("`evidence/old.jsonl` leads out of the site's folder"),
        "{report}"
    );
    assert_eq!(crate::site_test::files_below(&elsewhere.path("")), ["keep"]);

    // A link inside of the site stays what it is.
    let site = SiteTest::new().file("shared/states.jsonl", "");
    link(&site, "../shared/states.jsonl", "evidence/states.jsonl");
    site.run(&[
        "record",
        "web",
        "operational",
        "--source",
        "probe",
        "--now",
        NOW,
    ]);
    assert!(site.path("evidence/states.jsonl").is_symlink());
    assert!(site.read("shared/states.jsonl").contains("operational"));
}

#[test]
fn posts_are_written_inside_of_the_site() {
    let elsewhere = elsewhere();
    let before = files(&elsewhere);
    let new = [
        "new",
        "incident",
        "Slow",
        "-c",
        "web=major_outage",
        "-m",
        "Text",
        "--now",
        NOW,
    ];
    let site = SiteTest::new();
    link(&site, elsewhere.path(""), "incidents");
    let outcome = site.run_fails(2, &new);
    let expected = "error: `incidents` leads out of the site's folder\n  help: nothing was changed; name a place in the site's folder, from which no link leads out\n";
    assert_eq!(outcome.stderr(), expected);
    let report = refused(&site);
    assert!(report.contains("--> incidents\n"), "{report}");

    let site = SiteTest::new();
    link(
        &site,
        elsewhere.path("template.md"),
        "incidents/templates/slow.md",
    );
    let outcome = site.run_fails(
        2,
        &[
            "new",
            "incident",
            "Slow",
            "--template",
            "slow",
            "--now",
            NOW,
        ],
    );
    assert!(
        outcome
            .stderr()
            .starts_with("error: `incidents/templates/slow.md` leads out of the site's folder\n"),
        "{}",
        outcome.stderr()
    );
    let report = refused(&site);
    assert!(
        report.contains("--> incidents/templates/slow.md\n"),
        "{report}"
    );

    let site = SiteTest::new();
    link(&site, "nowhere", "incidents");
    let outcome = site.run_fails(2, &new);
    assert!(
        outcome
            .stderr()
            .contains("`incidents` is a link that leads to nothing"),
        "{}",
        outcome.stderr()
    );
    assert!(!site.path("nowhere").exists());
    assert_eq!(files(&elsewhere), before);
}

#[test]
fn a_start_writes_through_no_link_that_leads_out() {
    let elsewhere = SiteTest::empty();
    let site = SiteTest::empty();
    link(&site, elsewhere.path(""), ".github");
    let outcome = site.run_fails(2, &["init", "--ci", "github"]);
    assert!(
        outcome
            .stderr()
            .starts_with("error: `.github` leads out of the site's folder\n"),
        "{}",
        outcome.stderr()
    );
    assert!(crate::site_test::files_below(&elsewhere.path("")).is_empty());
    assert!(!site.path("allclear.toml").exists());
    // The folder itself may be anywhere.
    link(&site, elsewhere.path(""), "there");
    site.run(&["init", "there"]);
    assert!(elsewhere.path("allclear.toml").is_file());
}

#[test]
fn logos_and_pictures_lie_inside_of_the_site() {
    let elsewhere = elsewhere();
    let site = SiteTest::new();
    let text = site.read("allclear.toml");
    site.write("allclear.toml", format!("logo = \"img/logo.svg\"\n{text}"));
    link(&site, elsewhere.path(""), "img");
    assert_eq!(
        refused_by_check(&site),
        "error[outside-site]: `img/logo.svg` leads out of the site's folder\n --> allclear.toml:1:8\n  |\n1 | logo = \"img/logo.svg\"\n  |        ^^^^^^^^^^^^^^\n  |\n  = help: copy what it leads to into the site\n\n1 error; `allclear explain CODE` says more of each\n"
    );
}

#[test]
fn manual_pages_replace_only_manual_pages() {
    let site = SiteTest::empty().file("victim", "keep");
    site.run(&["man", "man"]);
    let page = site.read("man/allclear-new.1");
    site.write(
        "man/allclear-new.1",
        page.replace("allclear", "older allclear"),
    );
    site.write(
        "man/allclear-new.1",
        format!("{page}\nof an older version\n"),
    );
    site.run(&["man", "man"]);
    assert_eq!(site.read("man/allclear-new.1"), page);

    fs::remove_file(site.path("man/allclear-check.1")).unwrap();
    site.write("man/allclear.1", "my own notes\n");
    site.run_fails(2, &["man", "man"]).expect_stderr(str![[r#"
error: `man/allclear.1` is there already
  help: nothing was changed; move it away or choose another name

"#]]);
    assert_eq!(site.read("man/allclear.1"), "my own notes\n");
    assert!(!site.path("man/allclear-check.1").exists());

    fs::remove_file(site.path("man/allclear.1")).unwrap();
    link(&site, "../victim", "man/allclear.1");
    site.run_fails(2, &["man", "man"]);
    assert_eq!(site.read("victim"), "keep");
    fs::remove_file(site.path("man/allclear.1")).unwrap();
    link(&site, "../new", "man/allclear.1");
    site.run_fails(2, &["man", "man"]);
    assert!(!site.path("new").exists());
}

#[test]
fn a_folder_that_is_missing_is_not_empty() {
    for folder in ["incidents", "evidence", "pages", "static", "themes"] {
        let site = SiteTest::new().file("incidents/2022-12-28-log-in-fails.md", INCIDENT);
        site.build();
        let before = site.contents();
        let _ = fs::remove_dir_all(site.path(folder));

        link(&site, "/nowhere/to/be/found", folder);
        let expected = format!(
            "error[missing-folder]: this link leads to nothing\n--> {folder}\n = help: bring back what it leads to, as a mount or a submodule, or remove the link\n\n1 error; `allclear explain CODE` says more of each\n"
        );
        assert_eq!(refused(&site), expected);
        assert_eq!(site.contents(), before, "{folder}");

        fs::remove_file(site.path(folder)).unwrap();
        site.write(folder, "");
        let expected = format!(
            "error[missing-folder]: this is a file, where a folder is meant\n--> {folder}\n = help: put the folder in its place, or remove it\n\n1 error; `allclear explain CODE` says more of each\n"
        );
        assert_eq!(refused(&site), expected);
        assert_eq!(site.contents(), before, "{folder}");
    }
}

/// A disk that was not mounted leaves an empty folder behind.
#[test]
fn a_build_does_not_delete_every_incident_because_their_folder_is_empty() {
    let site = SiteTest::new().file("incidents/2022-12-28-log-in-fails.md", INCIDENT);
    site.build();
    let before = site.contents();
    fs::rename(site.path("incidents"), site.path("elsewhere")).unwrap();
    for _ in 0..2 {
        site.run_fails(2, &["build", "--now", NOW]).expect_stderr(str![[r#"
error: `incidents/` holds nothing, but the last build in `public` had incidents; nothing was written
  help: bring back the mount or the submodule that is missing; if the site really has no incidents any more, put a `README.md` into `incidents/`

"#]]);
        assert_eq!(site.contents(), before);
        let _ = fs::create_dir(site.path("incidents"));
    }
    // A new site has none, and so may one whose incidents are gone.
    site.run(&["build", "-o", "new", "--now", NOW]);
    site.write("incidents/README.md", "");
    site.build();
    let page = "incidents/2022-12-28-log-in-fails/index.html".to_owned();
    assert!(!site.outputs().contains(&page));
}

#[test]
fn a_theme_that_is_missing_is_not_the_built_in_one() {
    let site = SiteTest::new();
    link(&site, "nowhere", "themes/default");
    let report = refused(&site);
    assert!(
        report
            .starts_with("error[missing-folder]: this link leads to nothing\n--> themes/default\n"),
        "{report}"
    );
}

#[test]
fn a_submodule_that_was_not_fetched_is_not_empty() {
    let site = SiteTest::new().file("sub/.keep", "").file(
        ".gitmodules",
        "[submodule \"posts\"]\n\tpath = incidents\n\turl = https://git.example/posts\n",
    );
    fs::create_dir(site.path("incidents")).unwrap();
    let expected = "error[missing-folder]: this git submodule was not fetched\n--> incidents\n = help: run `git submodule update --init`; in a pipeline, have the checkout fetch submodules\n\n1 error; `allclear explain CODE` says more of each\n";
    assert_eq!(refused(&site), expected);
    // A copy of the repository may lack even the folder.
    fs::remove_dir(site.path("incidents")).unwrap();
    assert_eq!(refused(&site), expected);
    // One that was fetched may well hold nothing.
    site.write("incidents/.git", "gitdir: ../.git/modules/posts\n");
    site.run(&["check", "--now", NOW]);
    // In the repository around the site, and a part of a folder.
    let site = SiteTest::empty()
        .file(".git/HEAD", "")
        .file(".gitmodules", "[submodule \"old\"]\n\tpath = status/incidents/2021\n[submodule \"lib\"]\n\tpath = lib\n")
        .file("status/allclear.toml", SiteTest::new().read("allclear.toml"))
        .file("status/incidents/2022-12-28-log-in-fails.md", INCIDENT);
    fs::create_dir(site.path("status/incidents/2021")).unwrap();
    let outcome = site.run_fails(1, &["check", "--site", "status", "--now", NOW]);
    assert!(
        outcome.stderr().contains("--> incidents/2021\n"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn an_import_into_a_site_with_a_missing_folder_writes_nothing() {
    let site = SiteTest::new().file("export.json", r#"{"incidents":[]}"#);
    let before = site.read("allclear.toml");
    link(&site, "nowhere", "incidents");
    let outcome = site.run_fails(1, &["import", "statuspage", "export.json"]);
    assert!(
        outcome.stderr().starts_with("error[missing-folder]"),
        "{}",
        outcome.stderr()
    );
    assert_eq!(site.read("allclear.toml"), before);
}
