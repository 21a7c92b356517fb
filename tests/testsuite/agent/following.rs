//! Following a branch.

use std::process::Command;

use super::{Mode, Running, Service, state, wait_for};
use crate::site_test::{SiteTest, files_below};

const CONFIG: &str = "title = \"T\"\nbase_url = \"https://status.example.com/\"\n\n[agent]\nevery = \"1s\"\n\n[[components]]\nid = \"web\"\nname = \"Web\"\n";

/// A folder with a repository `remote.git`, a clone `team` that people push from, and a clone `site` that an agent follows
/// with.
struct Repositories {
    all: SiteTest,
}

impl Repositories {
    fn new() -> Self {
        let all = SiteTest::empty();
        let repositories = Self { all };
        repositories.git(
            ".",
            &[
                "init",
                "--quiet",
                "--bare",
                "--initial-branch=main",
                "remote.git",
            ],
        );
        repositories.git(".", &["clone", "--quiet", "remote.git", "team"]);
        repositories.all.write("team/allclear.toml", CONFIG);
        repositories
            .all
            .write("team/.gitignore", "/public\n/evidence\n");
        repositories.git("team", &["checkout", "--quiet", "-b", "main"]);
        repositories.commit("Start");
        repositories.git("team", &["push", "--quiet", "-u", "origin", "main"]);
        repositories.git(".", &["clone", "--quiet", "remote.git", "site"]);
        repositories
    }

    /// Runs git in one of the folders.
    #[track_caller]
    fn git(&self, folder: &str, arguments: &[&str]) {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.all.path(folder))
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }

    /// Commits what the team has.
    fn commit(&self, subject: &str) {
        self.git("team", &["add", "."]);
        self.git("team", &["commit", "--quiet", "-m", subject]);
    }

    /// Writes an incident of the team, which is pushed.
    fn push_incident(&self, name: &str) {
        let text = format!(
            "---\ntitle: {name}\ncomponents: {{web: major_outage}}\n---\n\n## Investigating · 2024-05-14 10:00\n\nWe look.\n"
        );
        self.all.write(&format!("team/incidents/{name}.md"), text);
        self.commit("Say what is wrong");
        self.git("team", &["push", "--quiet"]);
    }

    fn site(&self) -> std::path::PathBuf {
        self.all.path("site")
    }

    fn has_page(&self, path: &str) -> bool {
        self.site().join("public").join(path).exists()
    }
}

/// What is pushed is published; what was rewritten is not, and that is said once.
#[test]
fn a_branch_is_followed_by_fast_forward_alone() {
    let repositories = Repositories::new();
    repositories.all.write("site/evidence/here.jsonl", "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2024-05-14T10:00:00Z\",\"source\":\"here\"}\n");
    let agent = Running::start(&repositories.all, &["--site", "site"]);
    wait_for("page", || repositories.has_page("index.html").then_some(()));
    repositories.push_incident("first");
    wait_for("incident", || {
        repositories
            .has_page("incidents/first/index.html")
            .then_some(())
    });
    assert!(
        agent.log().contains(" follow took over origin/main at "),
        "{}",
        agent.log()
    );

    // Somebody rewrites what was said.
    repositories.git("team", &["reset", "--quiet", "--hard", "HEAD~1"]);
    repositories.all.write(
        "team/incidents/other.md",
        "---\ntitle: Other\ncomponents: [web]\n---\n\n## Resolved · 2024-05-14 10:00\n",
    );
    repositories.commit("Say something else");
    repositories.git("team", &["push", "--quiet", "--force"]);
    agent.wait_for("`origin/main` lacks the commit that is checked out here");
    assert!(!repositories.has_page("incidents/other/index.html"));
    assert!(repositories.has_page("incidents/first/index.html"));

    // What is here is brought together by a person, and all goes on.
    repositories.git("site", &["fetch", "--quiet"]);
    repositories.git("site", &["reset", "--quiet", "--hard", "origin/main"]);
    agent.wait_for(" follow it works again");
    wait_for("page", || {
        repositories
            .has_page("incidents/other/index.html")
            .then_some(())
    });
    let refusals = agent.log().matches(" follow ! ").count();
    assert_eq!(refusals, 1, "{}", agent.log());
    assert!(repositories.site().join("evidence/here.jsonl").exists());
}

/// A change of the files that are checked out keeps a commit from being taken over that changes them, too.
#[test]
fn local_changes_are_not_overwritten() {
    let repositories = Repositories::new();
    let mine = CONFIG.replace("\"T\"", "\"Mine\"");
    repositories.all.write("site/allclear.toml", &mine);
    repositories
        .all
        .write("team/allclear.toml", CONFIG.replace("\"T\"", "\"Theirs\""));
    repositories.commit("Name the page");
    repositories.git("team", &["push", "--quiet"]);
    let agent = Running::start(&repositories.all, &["--site", "site"]);
    agent.wait_for(" follow ! `origin/main` could not be taken over: ");
    wait_for("page", || repositories.has_page("index.html").then_some(()));
    assert_eq!(repositories.all.read("site/allclear.toml"), mine);
}

/// A remote that is not there is said once; the page is built all the same. A single round says it by its exit code.
#[test]
fn a_remote_that_cannot_be_reached_hinders_no_page() {
    let repositories = Repositories::new();
    repositories.git(
        "site",
        &["remote", "set-url", "origin", "file:///nowhere/remote.git"],
    );
    let outcome = repositories
        .all
        .run_fails(2, &["agent", "--once", "--site", "site"]);
    let said = outcome.stderr();
    assert!(
        said.contains(" follow ! `origin/main` could not be fetched: "),
        "{said}"
    );
    assert!(repositories.has_page("index.html"));
    // Who wants none follows none.
    let none = CONFIG.replace("every", "follow = false\nevery");
    repositories.all.write("site/allclear.toml", none);
    let outcome = repositories
        .all
        .run_warns(&["agent", "--once", "--site", "site"]);
    assert!(
        !outcome.stderr().contains(" follow "),
        "{}",
        outcome.stderr()
    );
}

/// A stop waits for no machine that does not answer.
#[test]
fn a_stop_ends_a_fetch_that_hangs() {
    let repositories = Repositories::new();
    let hanging = Service::start(Mode::Hanging);
    let url = format!("git://{}/remote.git", hanging.address());
    repositories.git("site", &["remote", "set-url", "origin", &url]);
    let mut agent = Running::start(&repositories.all, &["--site", "site"]);
    wait_for("question of git", || (hanging.count() > 0).then_some(()));
    agent.signal("TERM");
    assert_eq!(agent.wait().code(), Some(0));
    agent.wait_for(" agent  ended, as it was asked to");
    assert!(!agent.log().contains(" ! "), "{}", agent.log());
}

/// A site that lies in no repository follows nothing, and says nothing of it, unless it was asked to.
#[test]
fn a_site_without_git_follows_nothing() {
    let site = SiteTest::new();
    let outcome = site.run_warns(&["agent", "--once"]);
    assert!(
        !outcome.stderr().contains(" follow "),
        "{}",
        outcome.stderr()
    );
    assert_eq!(state(&site).as_deref(), Some("no_known_problems"));
    let config = site.read("allclear.toml") + "\n[agent]\nfollow = \"origin/main\"\n";
    site.write("allclear.toml", config);
    let outcome = site.run_fails(2, &["agent", "--once"]);
    let said = outcome.stderr();
    assert!(
        said.contains(" follow ! the site lies in no git repository\n"),
        "{said}"
    );
    assert!(files_below(&site.path("public")).len() > 20);
}
