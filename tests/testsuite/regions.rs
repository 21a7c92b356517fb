//! Regions: incidents, evidence and headlines of one part of the world.

use serde_json::{Value, json};
use snapbox::str;

use crate::pages::{page, texts};
use crate::since::commit_as_published;
use crate::site_test::{NOW, SiteTest};

/// The regions of the sites here, of which Japan has two sources.
const REGIONS: &str = r#"
[[regions]]
id = "jp"
name = { en = "Japan", ar = "اليابان" }
sources = ["tokyo", "osaka"]

[[regions]]
id = "us"
name = { en = "the United States", ar = "الولايات المتحدة" }
"#;

/// A site with regions.
fn world() -> SiteTest {
    let site = SiteTest::new();
    let config = site.read("allclear.toml") + REGIONS;
    site.file("allclear.toml", config)
}

/// An incident file with a head and updates.
fn incident(head: &str, updates: &str) -> String {
    format!(
        "---\ntitle: Log-in fails\n{head}started: 2022-12-28 19:00\n---\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n{updates}"
    )
}

/// An observation of `web` that is fresh at [`NOW`].
fn saw(source: &str, status: &str) -> String {
    format!(
        "{{\"component\":\"web\",\"status\":\"{status}\",\"from\":\"2022-12-29T01:00:00Z\",\"to\":\"2022-12-29T01:20:00Z\",\"source\":\"{source}\"}}\n"
    )
}

/// What `status --format json` says of headline, component and incidents.
fn said(status: &Value) -> Value {
    let incidents = status["incidents"].as_array().unwrap().iter();
    let incidents: Vec<&Value> = incidents.map(|it| &it["regions"]).collect();
    json!([
        status["headline"]["text"],
        status["headline"]["regions"],
        status["components"][0]["status"],
        status["components"][0]["regions"],
        incidents,
    ])
}

fn in_regions(statuses: &[(&str, &str, &str)]) -> Value {
    let regions = statuses
        .iter()
        .map(|(id, name, status)| json!({"id": id, "name": name, "status": status}));
    regions.collect()
}

#[test]
fn an_incident_of_a_region_is_told_with_it_everywhere() {
    let site = world().file(
        "incidents/log-in.md",
        incident(
            "regions: [jp]\ncomponents:\n  web: major_outage\n",
            "\n## Identified · 2022-12-28 20:00 {web@jp=partial_outage}\n\nA disk.\n",
        ),
    );
    let jp = in_regions(&[("jp", "Japan", "partial_outage")]);
    let expected = json!([
        "Minor outage in Japan",
        ["jp"],
        "partial_outage",
        jp,
        [["jp"]]
    ]);
    assert_eq!(said(&site.status(NOW)), expected);
    site.run_exits(3, &["status", "--now", NOW])
        .expect_stdout(str![[r#"
Minor outage in Japan

Components
  Web     partial outage in Japan  not measured long enough  since 2022-12-29T01:00:00Z  (no evidence)
  API     operational              not measured long enough  (no evidence)
  Log-in  operational              not measured long enough  (no evidence)

Open incidents
  Log-in fails
    log-in: identified, since 2022-12-29T00:00:00Z
    concerns Japan

"#]]);

    site.build();
    let index = page(&site, "index.html");
    assert_eq!(texts(&index, "h1"), ["Minor outage in Japan"]);
    assert_eq!(
        texts(&index, ".components .status")[0],
        "Partial outage in Japan"
    );
    assert_eq!(texts(&index, ".event .facts")[1], "Concerns: Japan");
    let incident = page(&site, "incidents/log-in/index.html");
    assert_eq!(texts(&incident, "header .facts")[2], "Concerns: Japan");
    assert_eq!(
        texts(&incident, ".timeline .affected li"),
        ["Web in Japan Partial outage"]
    );
    let arabic = page(&site, "ar/index.html");
    assert_eq!(texts(&arabic, "h1"), ["انقطاع محدود في اليابان"]);
    let component = page(&site, "components/web/index.html");
    assert_eq!(texts(&component, "dt")[0], "Japan");
    for (file, text) in [
        ("index.md", "# Minor outage in Japan"),
        ("index.md", "Concerns: Japan"),
        ("incidents/log-in/index.md", "Concerns: Japan"),
        ("incidents/log-in/index.md", "Web in Japan"),
        ("components/web/index.md", "## By region"),
        ("history.atom", "Concerns: Japan"),
        (
            "api/v2/status.json",
            "\"description\":\"Minor Service Outage in Japan\"",
        ),
        ("api/v2/status.json", "\"regions\":[\"jp\"]"),
        ("api/v2/incidents.json", "\"regions\":[\"jp\"]"),
        (
            "api/v2/components.json",
            "\"regions\":[{\"id\":\"jp\",\"name\":\"Japan\",\"status\":\"partial_outage\"}]",
        ),
    ] {
        let content = site.read(&format!("public/{file}"));
        assert!(content.contains(text), "{file} lacks {text}");
    }
}

#[test]
fn an_update_gives_back_one_region_or_names_another() {
    let site = world().file(
        "incidents/log-in.md",
        incident(
            "components: {web: major_outage}\n",
            "\n## Monitoring · 2022-12-28 20:00 {web@jp=operational}\n\nBetter.\n",
        ),
    );
    let regions = in_regions(&[
        ("jp", "Japan", "operational"),
        ("us", "the United States", "major_outage"),
    ]);
    let expected = json!(["Partial outage", [], "major_outage", regions, [[]]]);
    assert_eq!(said(&site.status(NOW)), expected);
    site.run(&[
        "update",
        "update",
        "-m",
        "Well.",
        "-c",
        "web=operational",
        "-q",
        "--now",
        NOW,
    ]);
    let expected = json!(["Incident being monitored", [], "operational", null, [[]]]);
    assert_eq!(said(&site.status(NOW)), expected);
}

#[test]
fn evidence_of_one_region_is_named_and_its_sources_are_one_voice() {
    let site = world().file("evidence/tokyo.jsonl", saw("tokyo", "major_outage"));
    let jp = in_regions(&[("jp", "Japan", "major_outage")]);
    // Nothing shows that it is otherwise elsewhere.
    let expected = json!(["Partial outage", [], "major_outage", null, []]);
    assert_eq!(said(&site.status(NOW)), expected, "{jp}");
    site.write("evidence/us.jsonl", saw("us", "operational"));
    let both = in_regions(&[
        ("jp", "Japan", "major_outage"),
        ("us", "the United States", "operational"),
    ]);
    let expected = json!(["Partial outage in Japan", ["jp"], "major_outage", both, []]);
    assert_eq!(said(&site.status(NOW)), expected);
    // Two sources of one region reach no quorum of two.
    site.write("evidence/osaka.jsonl", saw("osaka", "major_outage"));
    site.write(
        "allclear.toml",
        site.read("allclear.toml") + "\n[evidence]\nquorum = 2\n",
    );
    let expected = json!(["No known problems", [], "operational", both, []]);
    assert_eq!(said(&site.status(NOW)), expected);
    site.build();
    let component = page(&site, "components/web/index.html");
    assert_eq!(
        texts(&component, "dl")[0],
        "Japan Major outage Since Dec 28, 2022, 8:00 PM ESTLast confirmed Dec 28, 2022, 8:20 PM EST · osaka · tokyo the United States Operational Since Dec 28, 2022, 8:00 PM ESTLast confirmed Dec 28, 2022, 8:20 PM EST · us"
    );
}

#[test]
fn an_incident_of_one_region_tells_nothing_of_another() {
    let site = world()
        .file(
            "incidents/log-in.md",
            incident("regions: [jp]\ncomponents: {web: major_outage}\n", ""),
        )
        .file("evidence/tokyo.jsonl", saw("tokyo", "major_outage"))
        .file("evidence/us.jsonl", saw("us", "major_outage"));
    site.run_fails(1, &["check", "--now", NOW])
        .expect_stderr(str![[r#"
error[unannounced-outage]: evidence of `us` shows `web` in major outage, and no open incident names it
--> allclear.toml
 = help: open one with `allclear new incident "TITLE" -c web@us=major_outage`

1 error; `allclear explain CODE` says more of each

"#]]);
    site.write("evidence/us.jsonl", saw("us", "operational"));
    site.run(&["check", "--now", NOW]);
}

#[test]
fn fewer_regions_than_were_published_are_found() {
    let site = world().file(
        "incidents/log-in.md",
        incident(
            "regions: [jp, us]\ncomponents: {web: major_outage}\n",
            "\n## Identified · 2022-12-28 20:00 {api=partial_outage}\n\nA disk.\n",
        ),
    );
    commit_as_published(&site);
    site.write(
        "incidents/log-in.md",
        incident(
            "regions: [jp]\ncomponents: {web: major_outage}\n",
            "\n## Identified · 2022-12-28 20:00 {api@jp=partial_outage}\n\nA disk.\n",
        ),
    );
    site.run_fails(1, &["check", "--since", "published", "--now", NOW])
        .expect_stderr(str![[r#"
error[lowered-status]: this concerned `us` too, and does not now
 --> incidents/log-in.md:3:1
  |
3 | regions: [jp]
  | ^^^^^^^^^^^^^
  |
 ::: published:incidents/log-in.md:3:1
  |
3 | regions: [jp, us]
  | ----------------- what was published
  |
  = help: take the change back, or tell readers of it in the front matter: `corrections: [{at: 2022-12-28 20:30 -05:00, note: ...}]`

error[lowered-status]: `api` was `partial_outage` here, and is gone
  --> incidents/log-in.md:12:4
   |
12 | ## Identified · 2022-12-28 20:00 {api@jp=partial_outage}
   |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
  ::: published:incidents/log-in.md:12:4
   |
12 | ## Identified · 2022-12-28 20:00 {api=partial_outage}
   |    ----------------------------- what was published
   |
   = help: take the change back, or tell readers of it in the front matter: `corrections: [{at: 2022-12-28 20:30 -05:00, note: ...}]`

2 errors; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn commands_take_a_region_behind_a_component() {
    const LATER: &str = "2022-12-29T01:40:00Z";
    let site = world();
    site.run(&[
        "new",
        "incident",
        "Slow",
        "-c",
        "web@jp=degraded_performance",
        "-m",
        "Slow.",
        "--now",
        NOW,
        "-q",
    ]);
    let jp = in_regions(&[("jp", "Japan", "degraded_performance")]);
    let expected = json!([
        "Degraded performance in Japan",
        ["jp"],
        "degraded_performance",
        jp,
        [["jp"]]
    ]);
    assert_eq!(said(&site.status(NOW)), expected);
    site.run(&[
        "update",
        "monitoring",
        "-c",
        "web@jp=operational",
        "-m",
        "Better.",
        "--now",
        LATER,
        "-q",
    ]);
    let expected = json!([
        "Incident being monitored in Japan",
        ["jp"],
        "operational",
        null,
        [["jp"]]
    ]);
    assert_eq!(said(&site.status(LATER)), expected);
    site.run_fails(
        2,
        &[
            "update",
            "update",
            "-c",
            "web@jpn=operational",
            "-m",
            "No.",
            "--now",
            NOW,
        ],
    )
    .expect_stderr(str![[r#"
error: `-c web@jpn=operational`: there is no region `jpn`
  help: known: `jp`, `us`

"#]]);
    site.run_fails(
        2,
        &[
            "new",
            "maintenance",
            "Work",
            "-c",
            "web@jp",
            "--starts",
            "2022-12-29 02:00",
            "--ends",
            "1h",
            "-m",
            "No.",
            "--now",
            NOW,
        ],
    )
    .expect_stderr(str![[r#"
error: `-c web@jp`: only an incident names a region behind a component
  help: write `-c web`, and `regions: [jp]` into the file, for all of its components

"#]]);
}

#[test]
fn a_site_without_regions_says_nothing_of_them() {
    let site = SiteTest::new().file(
        "incidents/log-in.md",
        incident("components: {web: major_outage}\n", ""),
    );
    let status = site.status(NOW);
    assert_eq!(
        said(&status),
        json!(["Partial outage", null, "major_outage", null, [null]])
    );
    assert!(status["headline"].get("regions").is_none());
    site.build();
    for (name, content) in site.contents() {
        let is_schema = name.contains("schema");
        let text = String::from_utf8_lossy(&content);
        assert!(is_schema || !text.contains("\"regions\""), "{name}");
    }
}

/// What looks from elsewhere does not know whether it is over where it is.
#[test]
fn only_evidence_of_its_region_says_that_an_incident_there_may_be_over() {
    let head = "regions: [jp]\ncomponents:\n  web: major_outage\n";
    let site = |source: &str| {
        let well = saw(source, "operational").replace("T01:00", "T00:00");
        world()
            .file("incidents/log-in.md", incident(head, ""))
            .file("evidence/states.jsonl", well)
    };
    site("us").run(&["check", "--strict", "--now", NOW]);
    let check = site("tokyo").run_warns(&["check", "--now", NOW]);
    let stderr = check.stderr();
    let said = "this incident has `web` in major outage in `jp`, but all fresh evidence from there has said operational since 2022-12-29T00:00:00Z";
    assert!(stderr.contains(said), "{stderr}");
    assert!(stderr.contains("`{web@jp=operational}`"), "{stderr}");
}

#[test]
fn milder_trouble_of_another_region_is_found_and_told_by_its_region() {
    let head = "regions: [jp]\ncomponents:\n  web: major_outage\n";
    let seen = saw("tokyo", "major_outage") + &saw("us", "partial_outage");
    let site = world()
        .file("incidents/log-in.md", incident(head, ""))
        .file("evidence/states.jsonl", seen);
    let check = site.run_fails(1, &["check", "--now", NOW]);
    let stderr = check.stderr();
    let said = "evidence of `us` shows `web` in partial outage, and no open incident names it";
    assert!(stderr.contains(said), "{stderr}");
    assert!(stderr.contains("-c web@us=partial_outage`"), "{stderr}");
    // Where nothing looks from elsewhere, nobody knows how far it reaches.
    let alone = world().file("evidence/states.jsonl", saw("tokyo", "major_outage"));
    let check = alone.run_fails(1, &["check", "--now", NOW]);
    let stderr = check.stderr();
    assert!(stderr.contains("-c web=major_outage`"), "{stderr}");
}
