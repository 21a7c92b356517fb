//! What `check` says of where files would be published, which is all that a build can stumble over.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use allclear::generate::{Memory, Request, generate};
use allclear::site::read::Drafts;
use allclear::time;
use allclear::write::write;
use camino::Utf8Path;
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;
use proptest::test_runner::Config;
use snapbox::str;

use crate::site_test::{NOW, SiteTest, files_below};

pub(crate) const INCIDENT: &str =
    "---\ntitle: A cable\n---\n\n## Resolved · 2022-12-20 10:00\n\nIt is over.\n";

/// A site with an incident in a folder of its own.
pub(crate) fn with_incident() -> SiteTest {
    SiteTest::new().file("incidents/cable/index.md", INCIDENT)
}

/// A site with a theme of its own, in which a template names each of these assets.
pub(crate) fn themed(assets: &[&str]) -> SiteTest {
    let site = SiteTest::new();
    let config = site
        .read("allclear.toml")
        .replace("time_zone", "theme = \"mine\"\ntime_zone");
    let mut text = "{% include \"default/headline.html\" %}".to_owned();
    for asset in assets {
        text += &format!("<!-- {asset} -->");
        site.write(&format!("themes/mine/assets/{asset}"), "x");
    }
    site.file("allclear.toml", config)
        .file("themes/mine/theme.toml", "contract = 2\n")
        .file("themes/mine/templates/headline.html", text)
}

#[cfg(unix)]
#[test]
fn names_that_no_output_can_have() {
    let site = with_incident()
        .file("incidents/cable/a\\b.png", "x")
        .file("incidents/cable/two\nlines.png", "x")
        .file("incidents/cable/\u{1b}[31m.png", "x")
        .file("incidents/cable/19:45.png", "x")
        .file("incidents/cable/Aux.png", "x")
        .file("static/.allclear-tmp/x", "x")
        .file("static/a\\b.txt", "x")
        .file("static/end./x", "x")
        .file("static/end ", "x")
        .file("static/x/.GIT/config", "x")
        .file(&format!("static/{}x", "folder/".repeat(120)), "x");
    site.run_fails(1, &["check", "--all", "--now", NOW])
        .expect_stderr(str![[r#"
error[bad-file-name]: this file cannot be published as `incidents/cable//u{1b}[31m.png`: its name has a control character, such as a line break
--> incidents/cable/�[31m.png
 = help: rename it

error[bad-file-name]: this file cannot be published as `incidents/cable/19:45.png`: Windows allows none of `: * ? " < > |` in a name
--> incidents/cable/19:45.png
 = help: rename it

error[bad-file-name]: this file cannot be published as `incidents/cable/Aux.png`: Windows keeps this name for a device
--> incidents/cable/Aux.png
 = help: rename it

error[bad-file-name]: this file cannot be published as `incidents/cable/a/b.png`: its name has a backslash, which parts folders on Windows
--> incidents/cable/a/b.png
 = help: rename it

error[bad-file-name]: this file cannot be published as `incidents/cable/two/nlines.png`: its name has a control character, such as a line break
--> incidents/cable/two�lines.png
 = help: rename it

error[bad-file-name]: this file cannot be published as `.allclear-tmp/x`: names that begin with `.allclear` are taken
--> static/.allclear-tmp/x
 = help: rename it

error[bad-file-name]: this file cannot be published as `a/b.txt`: its name has a backslash, which parts folders on Windows
--> static/a/b.txt
 = help: rename it

error[bad-file-name]: this file cannot be published as `end `: Windows takes a dot or a blank off the end of a name
--> static/end 
 = help: rename it

error[bad-file-name]: this file cannot be published as `end./x`: Windows takes a dot or a blank off the end of a name
--> static/end./x
 = help: rename it

error[bad-file-name]: this file cannot be published as `folder/folder/folder/folder/folder/folder/folder/folder/fold…er/folder/folder/folder/folder/folder/folder/folder/folder/x`: the path has more than 800 bytes
--> static/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/folder/x
 = help: rename it

error[outside-site]: what git keeps for itself is no part of the site
--> static/x/.GIT/config
 = help: move it out of this folder

11 errors; `allclear explain CODE` says more of each

"#]]);
    site.run_fails(1, &["build", "--now", NOW]);
    assert!(!site.path("public").exists());
}

#[cfg(unix)]
#[test]
fn assets_of_a_theme_that_no_output_can_have() {
    let long = format!("{}.png", "x".repeat(246));
    themed(&[
        "a\\b.png",
        "two\nlines.png",
        "nul.js",
        "Dot.png",
        "dot.png",
        "Img/a.css",
        "img/b.css",
        &long,
    ])
    .run_fails(1, &["check", "--all", "--now", NOW])
    .expect_stderr(str![[r#"
error[bad-file-name]: this file cannot be published as `assets/a/b.2d711642b7.png`: its name has a backslash, which parts folders on Windows
--> themes/mine/assets/a/b.png
 = help: rename it

error[path-taken]: this file would take the place of `assets/Dot.2d711642b7.png`, which `themes/mine/assets/Dot.png` becomes
--> themes/mine/assets/dot.png
 = help: rename it: some disks tell neither capital letters nor ways to write an accent apart

error[path-taken]: this file would lie in the folder of `assets/Img/a.2d711642b7.css`, which `themes/mine/assets/Img/a.css` becomes, and writes its name otherwise
--> themes/mine/assets/img/b.css
 = help: rename it: some disks tell neither capital letters nor ways to write an accent apart

error[bad-file-name]: this file cannot be published as `assets/nul.2d711642b7.js`: Windows keeps this name for a device
--> themes/mine/assets/nul.js
 = help: rename it

error[bad-file-name]: this file cannot be published as `assets/two/nlines.2d711642b7.png`: its name has a control character, such as a line break
--> themes/mine/assets/two�lines.png
 = help: rename it

error[bad-file-name]: this file cannot be published as `assets/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.2d711642b7.png`: its name has more than the 255 bytes that disks allow
--> themes/mine/assets/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.png
 = help: rename it

6 errors; `allclear explain CODE` says more of each

"#]]);
    // Other content has another name.
    let site = themed(&["Dot.png", "dot.png"]).file("themes/mine/assets/dot.png", "y");
    site.build();
}

#[test]
fn a_logo_may_be_a_picture_that_is_there_already() {
    let site = themed(&["logo.svg"])
        .file("light.svg", "x")
        .file("img/dark.SVG", "x");
    let logo = "logo = { light = \"light.svg\", dark = \"img/dark.SVG\" }\ntime_zone";
    let config = site.read("allclear.toml").replace("time_zone", logo);
    let site = site.file("allclear.toml", config);
    site.build();
    let assets = files_below(&site.path("public/assets"));
    let logos: Vec<&String> = assets.iter().filter(|it| it.contains("logo")).collect();
    assert_eq!(logos, ["logo.2d711642b7.svg"]);
}

#[cfg(unix)]
#[test]
fn names_that_some_disks_do_not_tell_apart() {
    let site = with_incident()
        .file("incidents/cable/Graph.png", "x")
        .file("incidents/cable/graph.png", "x")
        .file("incidents/cable/caf\u{e9}.png", "x")
        .file("incidents/cable/cafe\u{301}.png", "x")
        .file("static/Papers/a.pdf", "x")
        .file("static/papers/b.pdf", "x")
        .file("static/straße", "x")
        .file("static/STRASSE/x", "x")
        .file("static/AR/x.txt", "x");
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[path-taken]: this file would take the place of `incidents/cable/café.png`, which `incidents/cable/café.png` becomes
--> incidents/cable/café.png
 = help: rename it: some disks tell neither capital letters nor ways to write an accent apart

error[path-taken]: this file would take the place of `incidents/cable/Graph.png`, which `incidents/cable/Graph.png` becomes
--> incidents/cable/graph.png
 = help: rename it: some disks tell neither capital letters nor ways to write an accent apart

error[path-taken]: this file would lie in the folder of `ar/subscribe/index.md`, which allclear makes, and writes its name otherwise
--> static/AR/x.txt
 = help: rename it: some disks tell neither capital letters nor ways to write an accent apart

error[path-taken]: this file would take the place of `straße`, which `static/straße` becomes
--> static/STRASSE/x
 = help: rename it: some disks tell neither capital letters nor ways to write an accent apart

error[path-taken]: this file would lie in the folder of `Papers/a.pdf`, which `static/Papers/a.pdf` becomes, and writes its name otherwise
--> static/papers/b.pdf
 = help: rename it: some disks tell neither capital letters nor ways to write an accent apart

5 errors; `allclear explain CODE` says more of each

"#]]);
    // Nor may two incidents or two pages be called so.
    let site = SiteTest::new()
        .file("incidents/caf\u{e9}.md", INCIDENT)
        .file("incidents/cafe\u{301}.md", INCIDENT)
        .file("pages/\u{e9}.md", "---\ntitle: A\n---\nA\n")
        .file("pages/e\u{301}.md", "---\ntitle: A\n---\nA\n");
    let report = site.run_fails(1, &["check", "--now", NOW]);
    let errors: Vec<&str> = (report.stderr().lines())
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(
        errors,
        [
            "error[duplicate-slug]: two incidents have the slug `caf\u{e9}`",
            "error[duplicate-slug]: two pages have the address `/\u{e9}/`",
        ]
    );
}

#[test]
fn what_is_not_published_yet_is_looked_at_too() {
    let draft = INCIDENT.replace("---\n\n", "draft: true\n---\n\n");
    let ahead = INCIDENT.replace("2022-12-20", "2023-02-01");
    let site = SiteTest::new()
        .file("incidents/draft/index.md", draft)
        .file("incidents/draft/a.png", "x")
        .file("incidents/draft/A.png", "x")
        .file("incidents/ahead/index.md", ahead)
        .file("incidents/ahead/nul.png", "x")
        .file("static/incidents/ahead/index.html", "x")
        .file("static/history/2023-02/index.html", "x")
        .file("static/history/2023-02/2/index.html", "x")
        .file("static/ar/history/2023-02", "x")
        .file("static/fr/history/2023-02/index.html", "x");
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[bad-file-name]: this file cannot be published as `incidents/ahead/nul.png`: Windows keeps this name for a device
--> incidents/ahead/nul.png
 = help: rename it

error[path-taken]: this file would take the place of `incidents/draft/A.png`, which `incidents/draft/A.png` becomes
--> incidents/draft/a.png
 = help: rename it: some disks tell neither capital letters nor ways to write an accent apart

error[path-taken]: this file would take the place of `ar/history/2023-02/index.md`, which allclear makes
--> static/ar/history/2023-02
 = help: rename it

error[path-taken]: this file would take the place of `history/2023-02/2/index.html`, which allclear makes
--> static/history/2023-02/2/index.html
 = help: rename it

error[path-taken]: this file would take the place of `history/2023-02/index.html`, which allclear makes
--> static/history/2023-02/index.html
 = help: rename it

error[path-taken]: this file would take the place of `incidents/ahead/index.html`, which allclear makes
--> static/incidents/ahead/index.html
 = help: rename it

6 errors; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn everything_is_found_in_one_run() {
    let site = with_incident()
        .file(
            "incidents/broken.md",
            "---\ntitle: Broken\n---\n\n## Resolved · soon\n",
        )
        .file("incidents/con.md", INCIDENT)
        .file("incidents/cable/index.html/a.png", "x")
        .file("pages/about.md", "---\ntitle: About\n---\nA\n")
        .file("static/index.html", "x")
        .file("static/incidents", "x")
        .file("static/about", "x");
    let config = site.read("allclear.toml") + "\n[[components]]\nid = \"nul\"\n";
    site.file("allclear.toml", config)
        .run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[bad-id]: `nul` cannot be an id
  --> allclear.toml:19:6
   |
19 | id = "nul"
   |      ^^^^^
   |
   = help: Windows keeps `nul` for a device, so that no page can have it; choose another word

error[bad-update-heading]: `soon` is not a time
 --> incidents/broken.md:5:15
  |
5 | ## Resolved · soon
  |               ^^^^
  |
  = help: write a status word, `·` and a time: `## Resolved · 2022-12-28 19:45`

error[path-taken]: this file would take the place of `ar/incidents/cable/index.html`, which allclear makes
--> incidents/cable/index.html/a.png
 = help: rename it

error[bad-slug]: `con` cannot be part of an address: is a name that Windows keeps for a device
--> incidents/con.md
 = help: name the file like `2022-12-28-login-failures.md`

error[path-taken]: a page cannot have the address `/about/`, which is allclear's own
--> pages/about.md
 = help: rename the file

error[path-taken]: this file would take the place of `about/index.md`, which allclear makes
--> static/about
 = help: rename it

error[path-taken]: this file would take the place of `incidents/cable/index.md`, which allclear makes
--> static/incidents
 = help: rename it

error[path-taken]: this file would take the place of `index.html`, which allclear makes
--> static/index.html
 = help: rename it

8 errors; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn an_output_folder_among_the_files_that_are_copied_is_refused() {
    let site = SiteTest::new();
    for folder in ["static", "static/site", "pages/site"] {
        site.run_fails(2, &["build", "-o", folder]);
        assert!(!site.path(folder).exists(), "{folder}");
    }
}

/// Names of files and folders that mean something to allclear, to a system, or to neither.
const NAMES: [&str; 44] = [
    "A.png",
    "a.png",
    "b.png",
    "index.html",
    "Index.HTML",
    "\u{e9}.png",
    "e\u{301}.png",
    "E\u{301}.png",
    "ß.txt",
    "SS.txt",
    "con.png",
    "a:b.png",
    "a\\b.png",
    "x\ny.png",
    "x\r.png",
    "end.",
    "end ",
    ".allclear-tmp",
    ".Allclear.png",
    "about",
    "About",
    "history",
    "history.atom",
    "maintenance.ics",
    "404.html",
    "incidents",
    "ar",
    "AR",
    "assets",
    "components",
    "web",
    "cable",
    "schemas",
    "a.orig",
    "a.svg",
    "style.css",
    "logo.svg",
    "-",
    "%2e%2e",
    "…",
    "عطل.png",
    "\u{200f}.png",
    "COM1",
    "2022-12",
];

/// Folders of a site whose files are published.
const FOLDERS: [&str; 7] = [
    "static",
    "static/ar",
    "static/incidents",
    "incidents",
    "incidents/cable",
    "incidents/draft",
    "themes/mine/assets",
];

/// A path in one of those folders: a file there, in a folder there, or an incident or a page with such a name.
fn path() -> impl Strategy<Value = String> {
    (
        select(&FOLDERS[..]),
        select(&NAMES[..]),
        select(&NAMES[..]),
        0..10,
    )
        .prop_map(|(folder, name, other, shape)| match shape {
            0..5 => format!("{folder}/{name}"),
            5..7 => format!("{folder}/{name}/{other}"),
            7 => format!("incidents/{name}/index.md"),
            8 => format!("incidents/{name}.md"),
            _ => format!("pages/{name}.md"),
        })
}

/// A part of a path as a disk has it that tells neither case nor ways to write an accent apart.
fn on_a_disk(part: &str) -> String {
    part.replace("e\u{301}", "\u{e9}")
        .replace("E\u{301}", "\u{e9}")
        .replace('ß', "ss")
        .to_lowercase()
}

proptest! {
    #![proptest_config(Config { cases: 24, failure_persistence: None, ..Config::default() })]

    #[test]
    fn what_check_passes_can_be_built(paths in proptest::collection::vec(path(), 1..12)) {
        let draft = INCIDENT.replace("---\n\n", "draft: true\n---\n\n");
        let site = themed(&[]).file("incidents/cable/index.md", INCIDENT).file("incidents/draft/index.md", draft);
        for path in &paths {
            let full = site.path(path);
            // A name that is too long for this disk, or a file where a folder is, cannot be in a site.
            let is_there = fs::create_dir_all(full.parent().unwrap()).is_ok() && !full.exists();
            let text = if path.ends_with(".md") { INCIDENT } else { "x" };
            if is_there {
                let _ = fs::write(full, text);
            }
        }
        let folder = site.path("");
        let folder = Utf8Path::from_path(&folder).unwrap();
        let request = Request::new(folder, time::parse(NOW, chrono_tz::UTC).unwrap());
        let checked = generate(&request, &mut Memory::default()).unwrap();
        let found: Vec<String> = checked.diagnostics.iter().map(|it| format!("{it:?}")).collect();
        if checked.diagnostics.errors() > 0 {
            // Each error says which file is to be renamed.
            for diagnostic in checked.diagnostics.iter() {
                if ["path-taken", "bad-file-name"].contains(&diagnostic.code.as_str()) {
                    prop_assert!(folder.join(diagnostic.location.path()).is_file(), "{diagnostic:?}");
                    prop_assert!(diagnostic.location.path() != "allclear.toml", "{diagnostic:?}");
                }
            }
            return Ok(());
        }
        let written = write(&folder.join("public"), &checked.outputs);
        prop_assert!(written.is_ok(), "{written:?} {found:?}");
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        for output in &checked.outputs {
            let path = output.path.as_str();
            for end in path.match_indices('/').map(|(at, _)| at).chain([path.len()]) {
                let folded = on_a_disk(&path[..end]);
                let known = names.entry(folded).or_insert(&path[..end]);
                prop_assert_eq!(*known, &path[..end]);
            }
        }
        let all: BTreeSet<&str> = checked.outputs.iter().map(|it| it.path.as_str()).collect();
        prop_assert_eq!(all.len(), checked.outputs.len());
        // Nor do drafts stand in the way of those who look at them.
        let request = Request { drafts: Drafts::Included, ..request };
        let with_drafts = generate(&request, &mut Memory::default()).unwrap();
        prop_assert_eq!(with_drafts.diagnostics.errors(), 0);
        let written = write(&folder.join("drafts"), &with_drafts.outputs);
        prop_assert!(written.is_ok(), "{written:?}");
    }
}
