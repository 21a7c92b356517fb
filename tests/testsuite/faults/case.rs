//! The commands that write, on small sites, and what may be left of a site when one of them fails.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::site_test::{NOW, SiteTest, files_below};

/// The bytes of every file of a site, by path.
type Snapshot = BTreeMap<String, Vec<u8>>;

/// A command on a site, with the files before it and after it.
pub(super) struct Case {
    /// Its name in messages.
    pub(super) name: &'static str,
    arguments: Vec<&'static str>,
    old: Snapshot,
    new: Snapshot,
    /// A file to which the command only adds: half of what it adds may stand there until the next run.
    growing: Option<&'static str>,
}

impl Case {
    /// The case of a command that a run without failures makes whole.
    #[track_caller]
    fn new(name: &'static str, site: &SiteTest, arguments: &[&'static str]) -> Self {
        let old = snapshot(site);
        let arguments = [arguments, &["--now", NOW, "--quiet"]].concat();
        let output = command(site, &arguments).output().unwrap();
        assert!(output.status.success(), "{name}: {}", stderr(&output));
        Self {
            name,
            arguments,
            old,
            new: snapshot(site),
            growing: None,
        }
    }

    /// The same case, of a command that has no `--now`.
    #[track_caller]
    fn timeless(name: &'static str, site: &SiteTest, arguments: &[&'static str]) -> Self {
        let old = snapshot(site);
        let output = command(site, arguments).output().unwrap();
        assert!(output.status.success(), "{name}: {}", stderr(&output));
        Self {
            name,
            arguments: arguments.to_vec(),
            old,
            new: snapshot(site),
            growing: None,
        }
    }

    /// The same case, of a command that only adds to a file.
    fn growing(mut self, file: &'static str) -> Self {
        self.growing = Some(file);
        self
    }

    /// A site in `folder` as it is before the command.
    pub(super) fn site(&self, folder: &Path) -> SiteTest {
        let site = SiteTest::empty_in(folder);
        for (path, bytes) in &self.old {
            site.write(path, bytes);
        }
        site
    }

    /// The command, about to run on a site.
    pub(super) fn command(&self, site: &SiteTest) -> Command {
        command(site, &self.arguments)
    }

    /// Fails where a site that the command has failed on holds anything but whole files, old ones and new ones, or where
    /// the same command does not do the rest.
    #[track_caller]
    pub(super) fn assert_sound(&self, site: &SiteTest, what: &str) {
        self.assert_whole(site, what);
        self.assert_repaired(site, what);
    }

    /// Whether a site is neither as it is before the command nor as it is after it.
    pub(super) fn is_between(&self, site: &SiteTest) -> bool {
        let now = snapshot(site);
        now != self.old && now != self.new
    }

    /// Fails where a site holds anything but whole files, old ones and new ones, or lacks one that stays.
    #[track_caller]
    pub(super) fn assert_whole(&self, site: &SiteTest, what: &str) {
        let now = snapshot(site);
        for (path, bytes) in now.iter().filter(|(path, _)| !is_ours(path)) {
            let (old, new) = (self.old.get(path), self.new.get(path));
            let is_half = self.growing == Some(path.as_str())
                && old.is_none_or(|old| bytes.starts_with(old))
                && new.is_some_and(|new| new.starts_with(bytes));
            assert!(
                is_half || [old, new].contains(&Some(bytes)),
                "{path} holds {} bytes, {:?}; {what}",
                bytes.len(),
                String::from_utf8_lossy(bytes)
            );
        }
        for path in self.old.keys().filter(|path| self.new.contains_key(*path)) {
            assert!(now.contains_key(path), "{path} is missing; {what}");
        }
    }

    /// Fails where the same command does not make of the site what it would have made without a failure.
    #[track_caller]
    pub(super) fn assert_repaired(&self, site: &SiteTest, what: &str) {
        // What is done is not done a second time.
        if snapshot(site) == self.new {
            return;
        }
        let output = self.command(site).output().unwrap();
        assert!(output.status.success(), "{what}\nthen: {}", stderr(&output));
        let now = snapshot(site);
        for (path, bytes) in &now {
            let expected = self.new.get(path);
            assert_eq!(
                expected.map(|bytes| String::from_utf8_lossy(bytes)),
                Some(String::from_utf8_lossy(bytes)),
                "{path}; {what}"
            );
        }
        assert!(now.keys().eq(self.new.keys()), "{:?}; {what}", now.keys());
    }
}

/// Whether a file is one that the program needs while it writes: no reader looks at it, and the next run clears it away.
fn is_ours(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with(".allclear"))
}

fn snapshot(site: &SiteTest) -> Snapshot {
    let files = files_below(&site.path("")).into_iter();
    files
        .map(|file| {
            let bytes = fs::read(site.path(&file)).unwrap();
            (file, bytes)
        })
        .collect()
}

fn command(site: &SiteTest, arguments: &[&str]) -> Command {
    let mut command = Command::new(snapbox::cmd::cargo_bin!("allclear"));
    command
        .current_dir(site.path(""))
        .env_remove("SOURCE_DATE_EPOCH")
        .env_remove("ALLCLEAR_SITE")
        .env("NO_COLOR", "1")
        .env("TZ", "Pacific/Auckland")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .args(arguments);
    command
}

pub(super) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The configuration of a site whose pages are few.
const CONFIG: &str = r#"title = "Example Status"
base_url = "https://status.example.com/"
languages = ["en"]
time_zone = "UTC"

[[components]]
id = "web"
name = "Web"
since = 2022-12-20
"#;

/// An incident that goes on.
const OPEN: &str = "---\ntitle: Log-in fails\ncomponents: {web: major_outage}\nstarted: 2022-12-28 19:00\n---\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n";

/// The same incident, once it is over.
const OVER: &str = "---\ntitle: Log-in fails\ncomponents: {web: major_outage}\nstarted: 2022-12-28 19:00\n---\n\n## Resolved · 2022-12-28 20:10\n\nIt is over.\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n";

/// A line of evidence that the next one of its source extends.
const LINE: &str = "{\"component\":\"web\",\"status\":\"operational\",\"from\":\"2022-12-29T01:00:00Z\",\"to\":\"2022-12-29T01:15:00Z\",\"source\":\"probe\"}\n";

/// Incidents of another status page.
const EXPORT: &str = r#"{"page": {"id": "p", "time_zone": "Etc/UTC"}, "incidents": [
{"id": "i1", "name": "Slow pages", "status": "resolved", "impact": "minor", "created_at": "2022-12-20T19:00:00Z",
 "resolved_at": "2022-12-20T20:00:00Z", "components": [{"id": "c1", "name": "Pages", "status": "operational"}],
 "incident_updates": [
  {"id": "u2", "status": "resolved", "body": "It is over.", "display_at": "2022-12-20T20:00:00Z"},
  {"id": "u1", "status": "investigating", "body": "We look.", "display_at": "2022-12-20T19:00:00Z"}]},
{"id": "i2", "name": "No mail", "status": "resolved", "impact": "major", "created_at": "2022-12-21T19:00:00Z",
 "resolved_at": "2022-12-21T20:00:00Z", "components": [{"id": "c2", "name": "Mail", "status": "operational"}],
 "incident_updates": [
  {"id": "u4", "status": "resolved", "body": "It is over.", "display_at": "2022-12-21T20:00:00Z"},
  {"id": "u3", "status": "investigating", "body": "We look.", "display_at": "2022-12-21T19:00:00Z"}]}]}
"#;

fn site() -> SiteTest {
    SiteTest::empty().file("allclear.toml", CONFIG)
}

/// The first build of a site.
pub(super) fn first_build() -> Case {
    let site = site().file("incidents/log-in.md", OPEN);
    Case::new("the first build", &site, &["build"])
}

/// A build that makes, changes and deletes files and folders.
pub(super) fn next_build() -> Case {
    let site = site()
        .file("incidents/log-in.md", OPEN)
        .file("incidents/gone/index.md", OPEN)
        .file("incidents/gone/plan.txt", "A plan.\n")
        .file("static/about-us", "A file.\n");
    let output = command(&site, &["build", "--now", NOW]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    site.write("incidents/log-in.md", OVER);
    fs::remove_dir_all(site.path("incidents/gone")).unwrap();
    site.write("incidents/fresh/index.md", OVER);
    site.write("incidents/fresh/more/plan.txt", "A plan.\n");
    fs::remove_file(site.path("static/about-us")).unwrap();
    site.write("static/about-us/index.txt", "A folder.\n");
    Case::new("a build after changes", &site, &["build"])
}

/// A build of what was built already.
fn same_build() -> Case {
    let site = site();
    let output = command(&site, &["build", "--now", NOW]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    Case::new("a build without changes", &site, &["build"])
}

/// `record`, into a file that is not there yet.
fn record_first() -> Case {
    let arguments = ["record", "web", "operational", "--source", "probe"];
    Case::new("the first record", &site(), &arguments)
}

/// `record`, with another status than before.
pub(super) fn record_added() -> Case {
    let site = site().file("evidence/states.jsonl", LINE);
    let arguments = ["record", "web", "major_outage", "--source", "probe"];
    Case::new("record of another status", &site, &arguments).growing("evidence/states.jsonl")
}

/// `record`, with the status of the last line.
fn record_extended() -> Case {
    let site = site().file("evidence/states.jsonl", LINE);
    let arguments = ["record", "web", "operational", "--source", "probe"];
    Case::new("record of the same status", &site, &arguments).growing("evidence/states.jsonl")
}

/// `record`, after a line that a killed writer has left half.
fn record_after_half() -> Case {
    let site = site().file("evidence/states.jsonl", format!("{LINE}{}", &LINE[..40]));
    let arguments = ["record", "web", "major_outage", "--source", "probe"];
    let whole = format!("{LINE}{}", &LINE[..40]);
    assert_eq!(site.read("evidence/states.jsonl"), whole);
    let mut case = Case::new("record after half a line", &site, &arguments);
    // Once the half is cut off, the file is what it was before the writer that was killed.
    case.old
        .insert("evidence/states.jsonl".to_owned(), LINE.into());
    case.growing("evidence/states.jsonl")
}

/// `update`.
pub(super) fn update() -> Case {
    let site = site().file("incidents/log-in.md", OPEN);
    let arguments = ["update", "log-in", "monitoring", "-m", "A fix is out."];
    Case::new("update", &site, &arguments)
}

/// `resolve`.
fn resolve() -> Case {
    let site = site().file("incidents/log-in.md", OPEN);
    let arguments = ["resolve", "log-in", "-m", "It is over."];
    Case::new("resolve", &site, &arguments)
}

/// `new incident`, where there is no folder of incidents yet.
pub(super) fn new_incident() -> Case {
    let arguments = [
        "new",
        "incident",
        "Log-in fails",
        "-c",
        "web=major_outage",
        "-m",
        "We look.",
    ];
    Case::new("new incident", &site(), &arguments)
}

/// `new maintenance`, beside other files.
fn new_maintenance() -> Case {
    let site = site().file("incidents/log-in.md", OPEN);
    let arguments = [
        "new",
        "maintenance",
        "A new disk",
        "--starts",
        "2023-01-04 10:00",
        "--ends",
        "2023-01-04 11:00",
        "-c",
        "web",
        "-m",
        "A new disk.",
    ];
    Case::new("new maintenance", &site, &arguments)
}

/// `new notice`.
fn new_notice() -> Case {
    let site = site().file("incidents/log-in.md", OPEN);
    let arguments = [
        "new",
        "notice",
        "We move",
        "-m",
        "We move to another house.",
    ];
    Case::new("new notice", &site, &arguments)
}

/// `import`, with components that the site lacks.
pub(super) fn import() -> Case {
    let site = site().file("export/incidents.json", EXPORT);
    let arguments = ["import", "statuspage", "export/incidents.json", "--quiet"];
    Case::timeless("import", &site, &arguments)
}

/// `init` with a pipeline, in an empty folder.
fn init() -> Case {
    let arguments = [
        "init",
        "--title",
        "Ours",
        "--base-url",
        "https://status.example.com/",
        "--ci",
        "github",
    ];
    Case::new("init --ci github", &SiteTest::empty(), &arguments)
}

/// `init` in a folder whose `.gitignore` lacks a line, with a pipeline of several files.
fn init_beside() -> Case {
    let site = SiteTest::empty().file(".gitignore", "/target\n");
    Case::new("init --ci netlify", &site, &["init", "--ci", "netlify"])
}

/// `theme new`.
fn theme_new() -> Case {
    Case::timeless("theme new", &site(), &["theme", "new", "mine", "--quiet"])
}

/// `theme eject`.
fn theme_eject() -> Case {
    let arguments = ["theme", "eject", "templates/headline.html", "--quiet"];
    Case::timeless("theme eject", &site(), &arguments)
}

/// Every command that writes, but for those that build something new.
pub(super) fn commands() -> Vec<Case> {
    vec![
        same_build(),
        record_first(),
        record_added(),
        record_extended(),
        record_after_half(),
        update(),
        resolve(),
        new_incident(),
        new_maintenance(),
        new_notice(),
        import(),
        init(),
        init_beside(),
        theme_new(),
        theme_eject(),
    ]
}
