//! `check --since`: history is not rewritten in silence.

use std::process::Command;

use snapbox::str;

use crate::site_test::{NOW, Outcome, SiteTest};

/// An incident file with a summary and three updates.
const INCIDENT: &str = "---
title: Log-in fails
components:
  web: partial_outage
  login: major_outage
started: 2022-12-28 17:00
---

Many cannot log in.

## Investigating · 2022-12-28 17:30

We are looking for the cause.

## Identified · 2022-12-28 18:00 {login=degraded_performance}

A certificate had expired.

## Resolved · 2022-12-28 19:00

All is well.
";

/// Runs git in a site's folder.
pub(crate) fn git(site: &SiteTest, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(site.path("."))
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// Makes a repository of a site, whose first commit is `published`.
pub(crate) fn commit_as_published(site: &SiteTest) {
    git(site, &["init", "--quiet"]);
    git(site, &["add", "."]);
    git(site, &["commit", "--quiet", "-m", "Publish"]);
    git(site, &["tag", "published"]);
}

/// A repository whose first commit, `published`, holds an incident and its translation.
fn published() -> SiteTest {
    let site = SiteTest::new()
        .file("incidents/log-in.md", INCIDENT)
        .file(
            "incidents/log-in.ar.md",
            "---\ntitle: تعذّر تسجيل الدخول\n---\n\n## Investigating · 2022-12-28 17:30\n\nنبحث عن السبب.\n",
        );
    commit_as_published(&site);
    site
}

/// The arguments of the comparison with what was published.
pub(crate) const CHECK: [&str; 5] = ["check", "--since", "published", "--now", NOW];

/// The codes of what `check` finds when a part of the incident is replaced.
fn codes(old: &str, new: &str) -> Vec<String> {
    let site = published();
    assert!(INCIDENT.contains(old), "{old}");
    site.write("incidents/log-in.md", INCIDENT.replace(old, new));
    found(&site)
}

/// The codes of the errors that the comparison finds, in the order of the report.
fn found(site: &SiteTest) -> Vec<String> {
    let outcome = Outcome::of(site.command(&CHECK).assert());
    let codes: Vec<String> = outcome
        .stderr()
        .lines()
        .filter_map(|line| line.strip_prefix("error[")?.split_once(']'))
        .map(|(code, _)| code.to_owned())
        .collect();
    assert_eq!(outcome.code(), i32::from(!codes.is_empty()));
    codes
}

#[test]
fn every_kind_of_rewriting() {
    let none: [&str; 0] = [];
    assert_eq!(codes("Log-in fails", "Log-in fails"), none);
    // White space, and what is worse than it was, are no rewriting.
    assert_eq!(
        codes("looking for the cause", "looking for\nthe  cause"),
        none
    );
    assert_eq!(codes("web: partial_outage", "web: major_outage"), none);
    assert_eq!(
        codes("started: 2022-12-28 17:00", "started: 2022-12-28 16:00"),
        none
    );
    let added = "well.\n\n## Postmortem · 2022-12-28 20:00\n\nIt was late.\n";
    assert_eq!(codes("well.\n", added), none);

    let started = ("started: 2022-12-28 17:00", "started: 2022-12-28 17:20");
    assert_eq!(codes(started.0, started.1), ["moved-start"]);
    let ended = "started: 2022-12-28 17:00\nended: 2022-12-28 18:30";
    assert_eq!(codes(started.0, ended), ["moved-end"]);
    assert_eq!(
        codes("web: partial_outage", "web: degraded_performance"),
        ["lowered-status"]
    );
    assert_eq!(codes("  web: partial_outage\n", ""), ["lowered-status"]);
    assert_eq!(
        codes("login: major_outage", "login: partial_outage"),
        ["lowered-impact", "lowered-status"]
    );
    assert_eq!(
        codes("{login=degraded_performance}", "{login=operational}"),
        ["lowered-status"]
    );
    assert_eq!(
        codes("title: Log-in fails", "title: A hiccup"),
        ["changed-text"]
    );
    assert_eq!(
        codes("Many cannot log in.", "Few cannot log in."),
        ["changed-text"]
    );
    assert_eq!(codes("A certificate had expired.", ""), ["changed-text"]);
    assert_eq!(
        codes("· 2022-12-28 18:00 ", "· 2022-12-28 18:20 "),
        ["removed-update"]
    );
    let identified = &INCIDENT[INCIDENT.find("## Identified").unwrap()..];
    let identified = &identified[..identified.find("## Resolved").unwrap()];
    assert_eq!(codes(identified, ""), ["removed-update"]);
    assert_eq!(codes("title:", "draft: true\ntitle:"), ["removed-incident"]);
}

#[test]
fn a_removed_file_and_a_changed_translation() {
    let site = published();
    let path = "incidents/log-in.ar.md";
    let text = site.read(path);
    site.write(path, text.replace("نبحث عن السبب.", "لا شيء."));
    assert_eq!(found(&site), ["changed-text"]);
    std::fs::remove_file(site.path(path)).unwrap();
    assert_eq!(found(&site), ["changed-text", "changed-text"]);
    std::fs::remove_file(site.path("incidents/log-in.md")).unwrap();
    assert_eq!(found(&site), ["removed-incident"]);
}

#[test]
fn what_readers_are_told_is_no_silence() {
    let site = published();
    let corrected = INCIDENT.replace("Many cannot", "Few cannot").replace(
        "---\n\n",
        "corrections:\n  - {at: 2022-12-28 20:00, note: Few were hit.}\n---\n\n",
    );
    site.write("incidents/log-in.md", &corrected);
    assert!(found(&site).is_empty());
    // An old correction does not cover a new change.
    git(&site, &["commit", "--quiet", "-am", "Correct"]);
    git(&site, &["tag", "--force", "published"]);
    site.write(
        "incidents/log-in.md",
        corrected.replace("Few cannot", "None cannot"),
    );
    assert_eq!(found(&site), ["changed-text"]);
}

#[test]
fn both_versions_are_shown() {
    let site = published();
    site.write(
        "incidents/log-in.md",
        INCIDENT
            .replace("A certificate had", "A small certificate had")
            .replace("started: 2022-12-28 17:00", "started: 2022-12-28 17:20"),
    );
    site.run_fails(1, &CHECK)
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error[moved-start]: the start moved from 2022-12-28 17:00 -05:00 to 2022-12-28 17:20 -05:00
 --> incidents/log-in.md:6:1
  |
6 | started: 2022-12-28 17:20
  | ^^^^^^^^^^^^^^^^^^^^^^^^^
  |
 ::: published:incidents/log-in.md:6:1
  |
6 | started: 2022-12-28 17:00
  | ------------------------- what was published
  |
  = help: take the change back, or tell readers of it in the front matter: `corrections: [{at: 2022-12-28 20:30 -05:00, note: ...}]`

warning[stale-translation]: the translation into `ar` lacks this update
  --> incidents/log-in.md:15:4
   |
15 | ## Identified · 2022-12-28 18:00 {login=degraded_performance}
   |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: until it has it, readers see the original, marked as such

error[changed-text]: this text is not what was published
  --> incidents/log-in.md:17:3
   |
17 | A small certificate had expired.
   |   ^^^^^
   |
  ::: published:incidents/log-in.md:17:3
   |
17 | A certificate had expired.
   |   ----------- what was published
   |
   = help: take the change back, or tell readers of it in the front matter: `corrections: [{at: 2022-12-28 20:30 -05:00, note: ...}]`

warning[stale-translation]: the translation into `ar` lacks this update
  --> incidents/log-in.md:19:4
   |
19 | ## Resolved · 2022-12-28 19:00
   |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: until it has it, readers see the original, marked as such

2 errors and 2 warnings; `allclear explain CODE` says more of each

"#]]);
}

#[test]
fn what_is_not_published_yet_may_change() {
    let site = published();
    let now = "2022-12-28T22:15:00Z";
    let changed = INCIDENT.replace("A certificate had expired.", "A disk was full.");
    site.write("incidents/log-in.md", changed);
    site.run(&["check", "--since", "published", "--now", now]);
}

#[test]
fn a_revision_that_is_not_there() {
    let site = published();
    site.run_fails(2, &["check", "--since", "nowhere"])
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error: there is no revision `nowhere` in this repository
  help: name a commit, a branch or a tag, as `--since origin/main`

"#]]);
    // A clone of the last commit alone, as CI makes it.
    site.write("incidents/other.md", INCIDENT.replace("Log-in", "Search"));
    git(&site, &["add", "."]);
    git(&site, &["commit", "--quiet", "-m", "More"]);
    let clone = SiteTest::empty();
    let url = format!("file://{}", site.path(".").display());
    git(
        &clone,
        &["clone", "--quiet", "--depth=1", "--no-tags", &url, "site"],
    );
    clone
        .run_fails(2, &["check", "--site", "site", "--since", "published"])
        .expect_stdout(str![""])
        .expect_stderr(str![[r#"
error: there is no revision `published` in this repository
  help: this clone is shallow: run `git fetch --depth=1 origin published` first, or clone with the whole history (`fetch-depth: 0` in GitHub's checkout)

"#]]);
}

#[test]
fn there_may_be_nothing_to_compare_with() {
    let site = SiteTest::empty().file("README.md", "Nothing yet.");
    git(&site, &["init", "--quiet"]);
    git(&site, &["add", "."]);
    git(&site, &["commit", "--quiet", "-m", "Begin"]);
    site.write("allclear.toml", SiteTest::new().read("allclear.toml"));
    site.run_warns(&["check", "--since", "HEAD"])
        .expect_stderr(str![[r#"
there was no site at HEAD to compare with

"#]]);
    let outside = SiteTest::new();
    outside
        .run_fails(2, &["check", "--since", "HEAD"])
        .expect_stderr(str![[r#"
error: not a git repository (or any of the parent directories): .git
  help: `--since` needs `git`, and a site that lies in a git repository

"#]]);
}

#[test]
fn a_template_of_the_older_version_is_no_incident() {
    let site = SiteTest::new()
        .file("incidents/log-in.md", INCIDENT)
        .file("incidents/templates/log-in-again.md", INCIDENT)
        .file("incidents/log-in-too.md~", INCIDENT);
    git(&site, &["init", "--quiet"]);
    git(&site, &["add", "."]);
    git(&site, &["commit", "--quiet", "-m", "Publish"]);
    std::fs::remove_file(site.path("incidents/templates/log-in-again.md")).unwrap();
    std::fs::remove_file(site.path("incidents/log-in-too.md~")).unwrap();
    site.run(&["check", "--since", "HEAD", "--now", NOW]);
}

#[test]
fn a_branch_that_has_moved_on_is_compared_where_the_two_parted() {
    let site = published();
    git(&site, &["branch", "--move", "main"]);
    git(&site, &["checkout", "--quiet", "-b", "topic"]);
    git(&site, &["checkout", "--quiet", "main"]);
    site.write("incidents/search.md", INCIDENT.replace("Log-in", "Search"));
    git(&site, &["add", "."]);
    git(&site, &["commit", "--quiet", "-m", "Another incident"]);
    git(&site, &["checkout", "--quiet", "topic"]);

    // What a colleague published since is nothing that this branch has taken away.
    let check = ["check", "--since", "main", "--now", NOW];
    site.run_warns(&check).expect_stderr(str![[r#"
...
`main` has moved on: compared with [..], where this branch left it
...
"#]]);
    // What this branch takes away is found all the same.
    std::fs::remove_file(site.path("incidents/log-in.ar.md")).unwrap();
    std::fs::remove_file(site.path("incidents/log-in.md")).unwrap();
    site.run_fails(1, &check).expect_stderr(str![[r#"
`main` has moved on: compared with [..], where this branch left it
error[removed-incident]: `Log-in fails` was published, and is gone
...
"#]]);
    // A tag does not move on: all that it had is compared.
    git(&site, &["checkout", "--quiet", "--", "."]);
    git(&site, &["tag", "--force", "published", "main"]);
    assert_eq!(found(&site), ["removed-incident"]);
}

#[test]
fn a_rename_is_told_where_the_file_is_now() {
    let site = published();
    for (before, after) in [
        ("log-in.md", "sign-in.md"),
        ("log-in.ar.md", "sign-in.ar.md"),
    ] {
        let before = format!("incidents/{before}");
        site.write(&format!("incidents/{after}"), site.read(&before));
        std::fs::remove_file(site.path(&before)).unwrap();
    }
    let outcome = site.run_warns(&CHECK);
    let said = outcome.stderr();
    assert!(
        said.contains("warning[moved-incident]: this was published as `incidents/log-in/`"),
        "{said}"
    );
    assert!(said.contains(" --> incidents/sign-in.md:2:1"), "{said}");
    // A rename hides nothing.
    let text = site.read("incidents/sign-in.md");
    site.write(
        "incidents/sign-in.md",
        text.replace("Many cannot", "Few cannot"),
    );
    assert_eq!(found(&site), ["changed-text"]);
}

#[test]
fn what_is_gone_is_told_on_a_file_that_is_there() {
    let site = published();
    std::fs::remove_file(site.path("incidents/log-in.ar.md")).unwrap();
    let text = site.read("incidents/log-in.md");
    site.write(
        "incidents/log-in.md",
        text.replace("title:", "draft: true\ntitle:"),
    );
    let github = [
        "check",
        "--since",
        "published",
        "--format",
        "github",
        "--now",
        NOW,
    ];
    let lines = |site: &SiteTest| {
        let output = Outcome::of(site.command(&github).assert());
        let lines = output.stdout().lines();
        lines
            .filter(|line| line.contains("removed-incident"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let found = lines(&site);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("::error file=incidents/log-in.md,line=2,"),
        "{found:?}"
    );
    std::fs::remove_file(site.path("incidents/log-in.md")).unwrap();
    let found = lines(&site);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("::error file=allclear.toml,"),
        "{found:?}"
    );
}

#[test]
fn what_cannot_be_read_today_is_neither_gone_nor_changed() {
    for (file, old, new, code) in [
        (
            "log-in.md",
            "title: Log-in fails",
            "title: \"Log-in fails",
            "bad-syntax",
        ),
        ("log-in.md", "title:", "titel:", "unknown-key"),
        ("log-in.md", "partial_outage", "partially", "unknown-status"),
        ("log-in.md", "## Resolved", "## Fixed", "bad-update-heading"),
        ("log-in.md", "19:00", "29:00", "bad-time"),
        ("log-in.ar.md", "title: ", "title: \"", "bad-syntax"),
        (
            "log-in.ar.md",
            "## Investigating",
            "## Solved",
            "bad-update-heading",
        ),
    ] {
        let site = published();
        let path = format!("incidents/{file}");
        let text = site.read(&path);
        assert!(text.contains(old), "{old}");
        site.write(&path, text.replace(old, new));
        assert_eq!(found(&site), [code], "{new}");
    }
    // Nor where the configuration does not say what the files mean.
    let site = published();
    let config = site.read("allclear.toml");
    site.write("allclear.toml", config.replace("\"web\"", "\"w b\""));
    assert_eq!(found(&site), ["bad-id"]);
    // What was moved and broken is most likely there, and another one is compared as ever.
    let site = published();
    site.write("incidents/mail.md", INCIDENT.replace("Log-in", "Mail"));
    git(&site, &["add", "."]);
    git(&site, &["commit", "--quiet", "-m", "Mail"]);
    git(&site, &["tag", "--force", "published"]);
    for name in ["log-in.md", "log-in.ar.md"] {
        std::fs::remove_file(site.path(&format!("incidents/{name}"))).unwrap();
    }
    site.write("incidents/sign-in.md", INCIDENT.replace("title:", "titel:"));
    site.write(
        "incidents/mail.md",
        INCIDENT.replace("Log-in", "Mail").replace("Many", "Few"),
    );
    assert_eq!(found(&site), ["changed-text", "unknown-key"]);
}

#[cfg(unix)]
#[test]
fn links_of_the_older_version_lead_to_what_was_published() {
    use std::os::unix::fs::symlink;
    let site = SiteTest::new()
        .file("archive/log-in.md", INCIDENT)
        .file(
            "archive/2021/search.md",
            INCIDENT.replace("Log-in", "Search"),
        )
        .file("incidents/mail.md", INCIDENT.replace("Log-in", "Mail"));
    symlink("../archive/log-in.md", site.path("incidents/log-in.md")).unwrap();
    symlink("../archive/2021", site.path("incidents/2021")).unwrap();
    commit_as_published(&site);
    assert!(found(&site).is_empty());
    std::fs::remove_file(site.path("incidents/log-in.md")).unwrap();
    std::fs::remove_file(site.path("incidents/2021")).unwrap();
    assert_eq!(found(&site), ["removed-incident", "removed-incident"]);
}

#[test]
fn the_environment_of_git_leads_to_no_other_repository() {
    let site = published();
    let other = SiteTest::new();
    commit_as_published(&other);
    std::fs::remove_file(site.path("incidents/log-in.ar.md")).unwrap();
    std::fs::remove_file(site.path("incidents/log-in.md")).unwrap();
    let mut check = site.command(&CHECK);
    check = check
        .env("GIT_DIR", other.path(".git"))
        .env("GIT_WORK_TREE", other.path("."));
    let outcome = Outcome::of(check.assert());
    assert_eq!(outcome.code(), 1);
    assert!(outcome.stderr().contains("error[removed-incident]"));
}

#[test]
fn what_the_older_version_cannot_say_is_not_passed_over() {
    let broken = INCIDENT.replace(
        "## Identified · 2022-12-28 18:00",
        "## Identified · yesterday",
    );
    let site = SiteTest::new().file("incidents/log-in.md", &broken);
    commit_as_published(&site);
    site.write(
        "incidents/log-in.md",
        INCIDENT.replace("A certificate had expired.", "x"),
    );
    let outcome = site.run_warns(&CHECK);
    let said = outcome.stderr();
    assert!(
        said.contains(
            "warning[not-compared]: `incidents/log-in.md` could not be read as it was at `published`"
        ),
        "{said}"
    );
    assert!(said.contains("published:incidents/log-in.md:15:"), "{said}");

    // Nor is a configuration that was broken taken for none.
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        format!("colour = 1\ntitle = \"x\"\n{config}"),
    );
    git(&site, &["commit", "--quiet", "-am", "Break it"]);
    site.write("allclear.toml", config);
    site.run_fails(2, &["check", "--since", "HEAD", "--now", NOW])
        .expect_stderr(str![[r#"
error: `allclear.toml` cannot be read as it was at `HEAD`, so there is nothing to compare with: [..]
  help: name a revision at which the site could be built

"#]]);
}
