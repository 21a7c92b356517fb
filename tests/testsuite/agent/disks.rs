//! An agent on a disk that holds nothing yet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::site_test::SiteTest;
use crate::web_server::{Reply, WebServer};

const EVIDENCE: &str = "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-28T10:00:00Z\",\"to\":\"2022-12-28T20:00:00Z\",\"source\":\"east\"}\n";

/// A site whose page is at an address.
fn site(url: &str) -> SiteTest {
    let site = SiteTest::new();
    let config = site.read("allclear.toml");
    let mut lines: Vec<String> = config.lines().map(str::to_owned).collect();
    let base_url = lines.iter_mut().find(|it| it.starts_with("base_url"));
    *base_url.unwrap() = format!("base_url = \"{url}\"");
    site.file("allclear.toml", lines.join("\n"))
}

/// A new machine takes over from one that is gone, with all of its history.
#[test]
fn a_new_disk_loses_no_history() {
    let page = Arc::new(Mutex::new(BTreeMap::new()));
    let shared = Arc::clone(&page);
    let server = WebServer::new(move |path, _| {
        let files = shared.lock().unwrap();
        let file: Option<&Vec<u8>> = files.get(path.trim_start_matches('/'));
        file.map_or_else(Reply::missing, |bytes| Reply::ok(bytes.clone()))
    });
    let old = site(server.url()).file("evidence/east.jsonl", EVIDENCE);
    old.run(&["build"]);
    *page.lock().unwrap() = old.contents();

    let new = site(server.url());
    new.run_warns(&["agent", "--once", "--pull"]);
    let states = "public/evidence/states.jsonl";
    assert_eq!(new.read(states), old.read(states));
    // Where there is evidence, nobody is asked.
    let asked = server.asked().len();
    new.run_warns(&["agent", "--once", "--pull"]);
    assert_eq!(server.asked().len(), asked);
}

/// Where no page can be had, that is said, and a new one is built all the same.
#[test]
fn a_new_disk_without_a_page_gets_its_first_one() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", nobody.local_addr().unwrap());
    drop(nobody);
    let site = site(&url);
    let outcome = site.run_warns(&["agent", "--once", "--pull"]);
    let said = outcome.stderr();
    assert!(said.starts_with("error: "), "{said}");
    assert!(said.contains("build.json"), "{said}");
    assert!(site.path("public/index.html").exists());
}
