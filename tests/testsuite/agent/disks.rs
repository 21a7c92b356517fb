//! An agent on a disk that holds nothing yet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::running::Running;
use super::wait_for;
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

/// The files of a page, which may come later.
type Page = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A server of a page that has no files yet.
fn later() -> (Page, WebServer) {
    let page = Page::default();
    let shared = Arc::clone(&page);
    let server = WebServer::new(move |path, _| {
        let files = shared.lock().unwrap();
        let file = files.get(path.trim_start_matches('/'));
        file.map_or_else(Reply::missing, |bytes| Reply::ok(bytes.clone()))
    });
    (page, server)
}

/// A new machine takes over from one that is gone, with all of its history.
#[test]
fn a_new_disk_loses_no_history() {
    let (page, server) = later();
    let old = site(server.url()).file("evidence/east.jsonl", EVIDENCE);
    old.run(&["build"]);
    *page.lock().unwrap() = old.contents();

    let new = site(server.url());
    new.run_warns(&["agent", "--once", "--pull"]);
    let states = "public/evidence/states.jsonl";
    assert_eq!(new.read(states), old.read(states));
    // Once it was brought back, nobody is asked.
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
    assert!(said.contains(" pull   ! "), "{said}");
    assert!(said.contains("build.json"), "{said}");
    assert!(site.path("public/index.html").exists());
}

/// A page that cannot be had at the start is asked for until it can, also by an agent that is started anew.
#[test]
fn history_comes_as_soon_as_the_page_can_be_had() {
    let (page, server) = later();
    let old = site(server.url()).file("evidence/east.jsonl", EVIDENCE);
    old.run(&["build"]);
    let states = "public/evidence/states.jsonl";
    let new = site(server.url());
    let agent = Running::start(&new, &["--pull"]);
    agent.wait_for(" pull   ! ");
    agent.wait_for(" write  public: ");
    *page.lock().unwrap() = old.contents();
    agent.wait_for(" pull   brought back what the live page has published");
    wait_for("history", || {
        let text = std::fs::read_to_string(new.path(states)).ok()?;
        (text == old.read(states)).then_some(())
    });
    page.lock().unwrap().clear();
    let new = site(server.url());
    new.run_warns(&["agent", "--once", "--pull"]);
    new.write("evidence/west.jsonl", EVIDENCE.replace("east", "west"));
    *page.lock().unwrap() = old.contents();
    new.run_warns(&["agent", "--once", "--pull"]);
    let text = new.read(states);
    assert!(text.contains("east") && text.contains("west"), "{text}");
}
