//! What lies in a site and is not published.

use snapbox::str;

use crate::planned::{INCIDENT, themed, with_incident};
use crate::site_test::{NOW, SiteTest, files_below};

#[test]
fn only_what_is_on_the_list_is_published_beside_a_page() {
    let mut site = with_incident();
    for name in [
        "graph.png",
        "Graph.JPG",
        "calls.csv",
        "report.pdf",
        "film.webm",
        "img/deep.webp",
        "notes.txt",
        // Not these.
        "chart.svg",
        "page.html",
        "debug.log",
        ".env",
        "id_rsa",
        "server.key",
        "dump.sql",
        "graph.png.orig",
        "calls.csv.rej",
        "report.bak",
        "index.md.save",
        "graph.png~",
        "Thumbs.db",
        ".DS_Store",
        "graph (conflicted copy).png",
        "graph.sync-conflict-20221228-194500-ABCDEFG.png",
        "graph_REMOTE_4711.png",
        "LICENSE",
        "README.md",
    ] {
        site = site.file(&format!("incidents/cable/{name}"), "x");
    }
    site.run_warns(&["check", "--all", "--now", NOW])
        .expect_stderr(str![[r#"
warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> incidents/cable/calls.csv.rej
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: this file is not published
--> incidents/cable/chart.svg
 = help: a browser that opens it runs the scripts in it: beside an `index.md` are published files that end in png, jpg, jpeg, gif, webp, avif, mp4, m4v, webm, mov, mp3, m4a, ogg, opus, wav, pdf, csv, tsv, json, jsonl, txt, ics; put it into `static/` if readers are to have it all the same

warning[unused-file]: this file is not published
--> incidents/cable/debug.log
 = help: beside an `index.md` are published files that end in png, jpg, jpeg, gif, webp, avif, mp4, m4v, webm, mov, mp3, m4a, ogg, opus, wav, pdf, csv, tsv, json, jsonl, txt, ics; put it into `static/` if readers are to have it all the same

warning[unused-file]: this file is not published
--> incidents/cable/dump.sql
 = help: beside an `index.md` are published files that end in png, jpg, jpeg, gif, webp, avif, mp4, m4v, webm, mov, mp3, m4a, ogg, opus, wav, pdf, csv, tsv, json, jsonl, txt, ics; put it into `static/` if readers are to have it all the same

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> incidents/cable/graph (conflicted copy).png
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> incidents/cable/graph.png.orig
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> incidents/cable/graph.sync-conflict-20221228-194500-ABCDEFG.png
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> incidents/cable/graph_REMOTE_4711.png
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: this file is not published
--> incidents/cable/id_rsa
 = help: beside an `index.md` are published files that end in png, jpg, jpeg, gif, webp, avif, mp4, m4v, webm, mov, mp3, m4a, ogg, opus, wav, pdf, csv, tsv, json, jsonl, txt, ics; put it into `static/` if readers are to have it all the same

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> incidents/cable/index.md.save
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: this file is not published
--> incidents/cable/page.html
 = help: a browser that opens it runs the scripts in it: beside an `index.md` are published files that end in png, jpg, jpeg, gif, webp, avif, mp4, m4v, webm, mov, mp3, m4a, ogg, opus, wav, pdf, csv, tsv, json, jsonl, txt, ics; put it into `static/` if readers are to have it all the same

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> incidents/cable/report.bak
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: this file is not published
--> incidents/cable/server.key
 = help: beside an `index.md` are published files that end in png, jpg, jpeg, gif, webp, avif, mp4, m4v, webm, mov, mp3, m4a, ogg, opus, wav, pdf, csv, tsv, json, jsonl, txt, ics; put it into `static/` if readers are to have it all the same

13 warnings; `allclear explain CODE` says more of each

"#]]);
    site.build_with_warnings();
    let mut published = files_below(&site.path("public/incidents/cable"));
    published.retain(|name| name != "index.html" && name != "index.md");
    assert_eq!(
        published,
        [
            "Graph.JPG",
            "calls.csv",
            "film.webm",
            "graph.png",
            "img/deep.webp",
            "notes.txt",
            "report.pdf"
        ]
    );
}

#[test]
fn what_programs_leave_while_they_are_open_is_never_published() {
    let names = [
        "4913",
        "~$sla.pdf",
        "sla.pdf.part",
        "sla.pdf.crdownload",
        "sla (Case Conflict 1).pdf",
        "sla.LOCAL.4711.pdf",
        ".env",
    ];
    let mut site = themed(&["dot.png"])
        .file("incidents/cable/index.md", INCIDENT)
        .file("incidents/4913/index.md", INCIDENT);
    for name in names {
        for folder in [
            "static",
            "static/papers",
            "incidents/cable",
            "themes/mine/assets",
        ] {
            site = site.file(&format!("{folder}/{name}"), "x");
        }
    }
    site.build_with_warnings();
    let outputs = site.outputs();
    let odd: Vec<&String> = outputs
        .iter()
        .filter(|path| ["sla", "4913", "env"].iter().any(|it| path.contains(it)))
        .collect();
    // An incident may have the number of a ticket as its name.
    assert_eq!(
        odd,
        [
            "api/v2/incidents/4913.json",
            "ar/incidents/4913/index.html",
            "ar/incidents/4913/index.md",
            "incidents/4913/index.html",
            "incidents/4913/index.md",
        ]
    );
}

#[test]
fn leftovers_are_never_published() {
    let site = themed(&["dot.png", "dot.png.orig", "old~/dot.png"])
        .file("themes/mine/templates/headline.html.bak", "{% broken")
        .file("incidents/cable.md", INCIDENT)
        .file("incidents/cable (conflicted copy).md", INCIDENT)
        .file("incidents/cable.md.orig", INCIDENT)
        .file("pages/imprint.md.rej", "x")
        .file("evidence/states.jsonl.bak", "x")
        .file("static/CNAME", "x")
        .file("static/CNAME~", "x")
        .file("static/CNAME~HEAD", "x")
        .file("static/CNAME.orig", "x")
        .file("static/papers.bak/sla.pdf", "x")
        .file("static/.CNAME.swp", "x");
    site.run_warns(&["check", "--all", "--now", NOW])
        .expect_stderr(str![[r#"
warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> evidence/states.jsonl.bak
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> incidents/cable (conflicted copy).md
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> incidents/cable.md.orig
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> pages/imprint.md.rej
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> static/CNAME.orig
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> static/CNAME~
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> static/CNAME~HEAD
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> static/papers.bak/sla.pdf
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> themes/mine/assets/dot.png.orig
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

warning[unused-file]: a merge, an editor or a backup seems to have left this file behind: nothing reads or publishes it
--> themes/mine/templates/headline.html.bak
 = help: delete it once nothing in it is missing elsewhere, or rename it if it is meant

10 warnings; `allclear explain CODE` says more of each

"#]]);
    site.build_with_warnings();
    let outputs = site.outputs();
    let odd: Vec<&String> = outputs
        .iter()
        .filter(|path| {
            ["CNAME", "dot", "bak", "copy", "orig"]
                .iter()
                .any(|it| path.contains(it))
        })
        .collect();
    assert_eq!(odd, ["CNAME", "assets/dot.2d711642b7.png"]);
}

#[test]
fn a_template_of_an_incident_is_never_published() {
    let site = SiteTest::new()
        .file("incidents/index.md", INCIDENT)
        .file("incidents/templates/outage.md", INCIDENT)
        .file("incidents/templates/contacts.txt", "x");
    site.build();
    assert!(!site.outputs().iter().any(|path| path.contains("contacts")));
}
