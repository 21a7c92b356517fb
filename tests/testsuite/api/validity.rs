//! Until when a component is known to work.

use serde_json::Value;

use super::{built, list};
use crate::site_test::SiteTest;

/// A window opens before the evidence runs out: the page, the badge, the feeds and the API withdraw the same claim.
#[test]
fn a_component_is_good_until_the_same_instant_everywhere() {
    let line = |component: &str, to: &str| {
        format!(
            "{{\"component\":\"{component}\",\"status\":\"operational\",\"from\":\"2022-12-28T00:00:00Z\",\"to\":\"{to}\",\"source\":\"probe\"}}\n"
        )
    };
    let config = SiteTest::new().read("allclear.toml");
    let config = config
        .replace("name = \"Web\"", "name = \"Web\"\ngroup = \"all\"")
        .replace("name = \"API\"", "name = \"API\"\ngroup = \"all\"");
    let site = SiteTest::empty()
        .file(
            "allclear.toml",
            format!("{config}\n[[groups]]\nid = \"all\"\nname = \"All\"\n"),
        )
        .file(
            "evidence/states.jsonl",
            line("web", "2022-12-29T01:25:00Z")
                + &line("api", "2022-12-29T01:28:00Z")
                + &line("login", "2022-12-28T01:28:00Z"),
        )
        .file(
            "incidents/work.md",
            "---\ntitle: Work\nkind: maintenance\ncomponents: [web]\nstarts: 2022-12-28 20:40\nends: 2022-12-28 21:40\n---\n\n## Scheduled · 2022-12-27 10:00\n\nWork.\n",
        );
    let documents = built(&site, "2022-12-29T01:30:00Z");
    let rows = list(&documents["components.json"], "components");
    let of = |id: &str, pointer: &str| {
        let row = rows.iter().find(|row| row["id"] == id).unwrap();
        let at = row.pointer(pointer).unwrap().as_str();
        at.map(|at| {
            let at = chrono::DateTime::parse_from_rfc3339(at).unwrap();
            at.to_utc().format("%H:%M").to_string()
        })
    };
    let evidence = |id| of(id, "/allclear/evidence/valid_until");
    assert_eq!(evidence("web"), Some("02:25".to_owned()));
    for (id, until) in [
        ("web", Some("01:40")),
        ("api", Some("02:28")),
        ("all", Some("01:40")),
        ("login", None),
    ] {
        let claimed = of(id, "/allclear/valid_until");
        assert_eq!(claimed.as_deref(), until, "{id}");
        if id != "all" {
            let feed = site.read(&format!("public/components/{id}/feed.json"));
            let feed: Value = serde_json::from_str(&feed).unwrap();
            let feed = feed["_allclear"]["valid_until"].as_str();
            let until = until.map(|time| format!("2022-12-29T{time}:00Z"));
            assert_eq!(feed, until.as_deref(), "{id}");
        }
    }
}
