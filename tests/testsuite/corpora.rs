//! Real data, which is not part of the project.
//!
//! These tests are left out, as `cargo test` says by `ignored`, unless they are asked for with `--include-ignored`.
//! Then they need the data: in the folder that `ALLCLEAR_CORPORA` names, else in `../shared/corpora`.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::site_test::{NOW, SiteTest};

/// A file or folder of the data.
fn corpus(name: &str) -> PathBuf {
    let root = std::env::var_os("ALLCLEAR_CORPORA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"),
        PathBuf::from,
    );
    let path = root.join(name);
    let shown = path.display();
    assert!(path.exists(), "there is no {shown}: set ALLCLEAR_CORPORA");
    path
}

/// The files of a name in a folder, at any depth.
fn files(folder: &Path, name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, name));
        } else if path.file_name().unwrap() == name {
            found.push(path);
        }
    }
    found
}

#[test]
#[ignore = "needs real data: set ALLCLEAR_CORPORA, and run with `--include-ignored`"]
fn every_incident_and_update_of_a_long_history_becomes_a_page() {
    let folder = corpus("statuspage/github__GitHub-Incident-History");
    let site = SiteTest::empty();
    let base_url = "https://status.example.com/";
    site.run(&["init", "--title", "GitHub Status", "--base-url", base_url]);
    site.run(&["import", "statuspage", folder.to_str().unwrap()]);
    site.run(&["check", "--strict"]);
    site.run(&["build"]);
    let pages = files(&site.path("public/incidents"), "index.html");
    assert_eq!(pages.len(), 1282);
    let updates: usize = pages
        .iter()
        .map(|page| {
            fs::read_to_string(page)
                .unwrap()
                .matches("<li id=\"u")
                .count()
        })
        .sum();
    assert_eq!(updates, 2801);

    let config = site.read("allclear.toml");
    let again = site.run(&["import", "statuspage", folder.to_str().unwrap()]);
    let said = "imported 0 incidents with 0 updates; 1,282 were there already";
    assert!(again.stdout().starts_with(said), "{}", again.stdout());
    assert_eq!(site.read("allclear.toml"), config);
    assert_eq!(fs::read_dir(site.path("incidents")).unwrap().count(), 1282);
}

/// The schema of real documents, with the words that are documented and were not seen, and with groups.
fn observed_schema() -> Value {
    let text = fs::read_to_string(corpus("schema/statuspage-v2-observed.schema.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    let defs = &mut schema["$defs"];
    let incident = [
        "investigating",
        "identified",
        "monitoring",
        "resolved",
        "postmortem",
    ];
    let maintenance = ["scheduled", "in_progress", "verifying", "completed"];
    let all: Vec<&str> = [incident.as_slice(), &maintenance].concat();
    defs["status"]["properties"]["indicator"]["enum"] =
        json!(["none", "minor", "major", "critical", "maintenance"]);
    defs["incident"]["properties"]["status"]["enum"] = json!(incident);
    defs["incident_update"]["properties"]["status"]["enum"] = json!(all);
    defs["scheduled_maintenance"]["properties"]["status"]["enum"] = json!(maintenance);
    defs["scheduled_maintenance"]["properties"]["resolved_at"]["type"] = json!(["null", "string"]);
    defs["component"]["properties"]["group_id"]["type"] = json!(["null", "string"]);
    schema
}

/// The validator of a document by its keys: of what was observed, three whole documents and the parts of all.
fn observed(schema: &Value, document: &Value) -> Validator {
    let of = |name: &str| json!({"$ref": format!("#/$defs/{name}")});
    let list = |name: &str| json!({"type": "array", "items": of(name)});
    let known = json!({
        "page": of("page"),
        "components": list("component"),
        "incidents": list("incident"),
        "scheduled_maintenances": list("scheduled_maintenance"),
        "status": of("status"),
        "incident": {"anyOf": [of("incident"), of("scheduled_maintenance")]},
        "allclear": {"type": "object"},
    });
    let mut wanted =
        json!({"$defs": schema["$defs"], "properties": known, "additionalProperties": false});
    let keys = document.as_object().unwrap();
    let is_observed = keys.contains_key("incident")
        || keys.contains_key("incidents")
            && keys.len() == usize::from(keys.contains_key("allclear")) + 2
        || keys.len() == 5;
    if is_observed {
        wanted["oneOf"] = schema["oneOf"].clone();
    }
    jsonschema::draft202012::new(&wanted).unwrap()
}

/// A page's title, and of each update from the oldest on its state, its second, and the letters of its text. An asterisk
/// in a plain text is none of them: with us it makes words stand out.
type Told = (String, Vec<(String, i64, String)>);

/// What the document of an incident tells.
fn told(incident: &Value) -> Told {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let updates = incident["incident_updates"].as_array().unwrap().iter();
    let mut updates: Vec<_> = updates
        .map(|update| {
            let at = text(&update["display_at"]);
            let at = chrono::DateTime::parse_from_rfc3339(&at)
                .unwrap()
                .timestamp();
            let body = scraper::Html::parse_fragment(update["body"].as_str().unwrap());
            let words: String = body.root_element().text().collect();
            let letters = words
                .chars()
                .filter(|c| !c.is_whitespace() && *c != '*')
                .collect();
            (text(&update["status"]), at, letters)
        })
        .collect();
    updates.sort();
    updates.sort_by_key(|(_, at, _)| *at);
    (text(&incident["name"]), updates)
}

/// What a long history told by the API of another page, it tells by ours.
#[test]
#[ignore = "needs real data: set ALLCLEAR_CORPORA, and run with `--include-ignored`"]
fn every_update_comes_back_by_the_api() {
    let folder = corpus("statuspage/github__GitHub-Incident-History");
    let site = SiteTest::empty();
    let base_url = "https://status.example.com/";
    site.run(&["init", "--title", "GitHub Status", "--base-url", base_url]);
    site.run(&["import", "statuspage", folder.to_str().unwrap()]);
    site.run(&["build"]);

    let schema = observed_schema();
    let documents = crate::api::documents(&site);
    for (path, document) in &documents {
        let errors: Vec<String> = (observed(&schema, document).iter_errors(document))
            .map(|error| format!("{path}{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }

    let documents = documents
        .iter()
        .filter(|(_, it)| it.get("incident").is_some());
    let mut ours: Vec<Told> = documents.map(|(_, it)| told(&it["incident"])).collect();
    let theirs = fs::read_dir(folder.join("incidents")).unwrap();
    let mut theirs: Vec<Told> = theirs
        .map(|file| {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let document: Value = serde_json::from_str(&text).unwrap();
            told(&document["incident"])
        })
        .collect();
    ours.sort();
    theirs.sort();
    assert_eq!((ours.len(), theirs.len()), (1282, 1282));
    let other: Vec<_> = theirs.iter().zip(&ours).filter(|(a, b)| a != b).collect();
    assert!(
        other.is_empty(),
        "{} differ: {:#?}",
        other.len(),
        &other[..other.len().min(5)]
    );
}

/// Of 10,226 snapshots of a real page, the worst component, the worst open incident, the
/// maintenance, and what the page said.
#[test]
#[ignore = "needs real data: set ALLCLEAR_CORPORA, and run with `--include-ignored`"]
fn no_real_situation_reads_better_than_it_was() {
    let census = corpus("statuspage/ROLLUP-CENSUS.txt");
    let order = ["none", "maintenance", "minor", "major", "critical"];
    let rank = |indicator: &str| order.iter().position(|known| *known == indicator).unwrap();
    let (mut situations, mut lies) = (0, 0);
    let census = fs::read_to_string(census).unwrap();
    for line in census
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
    {
        let (count, row) = line.trim().split_once(' ').unwrap();
        let count: u32 = count.parse().unwrap();
        let cells: Vec<&str> = row.split('\'').skip(1).step_by(2).collect();
        let [worst, impact, maintenance, indicator, said] = cells[..] else {
            panic!("{line}");
        };
        situations += count;
        let ours = situation(worst, impact, maintenance);
        let state = ours["state"].as_str().unwrap();
        let indicates = ours["indicator"].as_str().unwrap();
        assert!(rank(indicates) >= rank(indicator), "{line}: {ours}");
        if impact == "-" && maintenance == "-" {
            assert_eq!(indicates, indicator, "{line}: {ours}");
        }
        if impact != "-" && said == "All Systems Operational" {
            lies += count;
        }
        assert!(impact == "-" || state != "all_clear", "{line}: {ours}");
    }
    assert_eq!((situations, lies), (10_226, 566));
}

/// The headline of a site in such a situation, with fresh evidence of all its components.
fn situation(worst: &str, impact: &str, maintenance: &str) -> Value {
    let observed = |component: &str, status: &str| {
        format!(
            r#"{{"component":"{component}","status":"{status}","from":"2022-12-29T01:00:00Z","to":"2022-12-29T01:20:00Z","source":"probe"}}"#
        )
    };
    let states = [
        observed("web", worst),
        observed("api", "operational"),
        observed("login", "operational"),
    ];
    let site = SiteTest::new().file("evidence/states.jsonl", states.join("\n"));
    if impact != "-" {
        let status = match worst {
            "under_maintenance" => "operational",
            status => status,
        };
        site.write(
            "incidents/open.md",
            format!(
                "---\ntitle: Trouble\nimpact: {impact}\ncomponents:\n  web: {status}\n---\n\n## Investigating · 2022-12-28 19:45\n\nText.\n"
            ),
        );
    }
    for (at, state) in maintenance
        .split(',')
        .filter(|state| *state != "-")
        .enumerate()
    {
        let (starts, ends, components) = match (state, worst) {
            ("scheduled", _) => (
                "2022-12-30 20:00",
                "2022-12-30 21:00",
                "components: [web]\n",
            ),
            (_, "under_maintenance") => (
                "2022-12-28 20:00",
                "2022-12-28 21:00",
                "components: [web]\n",
            ),
            _ => ("2022-12-28 20:00", "2022-12-28 21:00", ""),
        };
        site.write(
            &format!("incidents/work-{at}.md"),
            format!(
                "---\ntitle: Work\nkind: maintenance\n{components}starts: {starts}\nends: {ends}\n---\n"
            ),
        );
    }
    site.status(NOW)["headline"].clone()
}
