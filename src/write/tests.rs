//! The effects of a build on an output folder, and the files that it never touches.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail loudly"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;
use walkdir::WalkDir;

use super::{Written, write, write_within};
use crate::error::Error;
use crate::output::Output;

mod any_order;
#[cfg(debug_assertions)]
mod faults;
mod processes;
mod torn;

/// A folder of its own for a test, and the path of an output folder in it, which is not there yet.
fn folder() -> (TempDir, Utf8PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(dir.path().join("public")).unwrap();
    (dir, path)
}

fn site(files: &[(&str, &str)]) -> Vec<Output> {
    files
        .iter()
        .map(|(path, text)| Output::new(*path, text.as_bytes().to_vec()))
        .collect()
}

/// Every file in `folder` but the manifest; a symbolic link counts as a file with its target.
fn files(folder: &Utf8Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in WalkDir::new(folder).min_depth(1) {
        let entry = entry.unwrap();
        let path = entry
            .path()
            .strip_prefix(folder)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        if entry.file_type().is_symlink() {
            files.insert(
                path,
                format!("-> {}", fs::read_link(entry.path()).unwrap().display()),
            );
        } else if entry.file_type().is_file() && path != ".allclear-manifest" {
            files.insert(
                path,
                String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned(),
            );
        }
    }
    files
}

fn folders(folder: &Utf8Path) -> BTreeSet<String> {
    WalkDir::new(folder)
        .min_depth(1)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_dir())
        .map(|entry| {
            entry
                .path()
                .strip_prefix(folder)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

fn expected(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

fn manifest(folder: &Utf8Path) -> String {
    fs::read_to_string(folder.join(".allclear-manifest")).unwrap()
}

/// The message of a failed write, with the folder's own path taken out.
fn refusal(folder: &Utf8Path, outputs: &[Output]) -> String {
    let error = write(folder, outputs).unwrap_err();
    assert!(error.hint().is_some(), "{error}");
    error.to_string().replace(folder.as_str(), "OUT")
}

/// Makes every file old, so that a write shows in its time.
fn age(folder: &Utf8Path) -> SystemTime {
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for entry in WalkDir::new(folder) {
        let entry = entry.unwrap();
        fs::File::open(entry.path())
            .unwrap()
            .set_modified(then)
            .unwrap();
    }
    then
}

const OLD: &[(&str, &str)] = &[
    ("index.html", "home"),
    ("assets/main.css", "css"),
    ("incidents/x/index.html", "x"),
    ("incidents/y/index.html", "y"),
];

#[test]
fn a_new_folder_holds_the_site() {
    let (_dir, out) = folder();
    let written = write(&out, &site(OLD)).unwrap();
    assert_eq!(files(&out), expected(OLD));
    assert_eq!(
        manifest(&out),
        "allclear manifest 1\nassets/main.css\nincidents/x/index.html\nincidents/y/index.html\nindex.html\n/end\n"
    );
    assert_eq!(
        written,
        Written {
            written: 4,
            bytes_written: 9,
            ..Written::default()
        }
    );
    assert_eq!(
        folders(&out),
        ["assets", "incidents", "incidents/x", "incidents/y"]
            .map(String::from)
            .into()
    );
}

#[cfg(unix)]
#[test]
fn an_empty_folder_and_one_behind_a_link_are_fine() {
    let (dir, out) = folder();
    fs::create_dir(&out).unwrap();
    let link = Utf8PathBuf::from_path_buf(dir.path().join("link")).unwrap();
    std::os::unix::fs::symlink(&out, &link).unwrap();
    write(&link, &site(OLD)).unwrap();
    assert_eq!(files(&out), expected(OLD));
}

#[cfg(unix)]
#[test]
fn files_are_readable_as_the_system_likes_it() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, out) = folder();
    write(&out, &site(OLD)).unwrap();
    let plain = dir.path().join("plain");
    fs::write(&plain, "").unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(out.join("index.html").as_std_path()), mode(&plain));
}

#[test]
fn what_did_not_change_is_not_touched() {
    let (_dir, out) = folder();
    write(&out, &site(OLD)).unwrap();
    let then = age(&out);
    let written = write(&out, &site(OLD)).unwrap();
    assert_eq!(
        written,
        Written {
            unchanged: 4,
            bytes_unchanged: 9,
            ..Written::default()
        }
    );
    for entry in WalkDir::new(&out) {
        let entry = entry.unwrap();
        assert_eq!(
            entry.metadata().unwrap().modified().unwrap(),
            then,
            "{}",
            entry.path().display()
        );
    }
}

#[test]
fn only_what_changed_is_written() {
    let (_dir, out) = folder();
    write(&out, &site(OLD)).unwrap();
    let then = age(&out);
    let mut new = OLD.to_vec();
    new[2].1 = "X";
    let written = write(&out, &site(&new)).unwrap();
    assert_eq!(
        (written.written, written.bytes_written, written.unchanged),
        (1, 1, 3)
    );
    assert_eq!(files(&out), expected(&new));
    for (path, _) in OLD {
        let time = fs::metadata(out.join(path)).unwrap().modified().unwrap();
        assert_eq!(time == then, *path != "incidents/x/index.html", "{path}");
    }
}

#[test]
fn what_is_gone_is_deleted_with_its_folders() {
    let (_dir, out) = folder();
    write(&out, &site(OLD)).unwrap();
    fs::write(out.join("CNAME"), "status.example.com").unwrap();
    fs::create_dir_all(out.join(".git/refs")).unwrap();
    fs::write(out.join("incidents/y/mine.txt"), "mine").unwrap();
    let written = write(&out, &site(&OLD[..1])).unwrap();
    assert_eq!(written.deleted, 3);
    assert_eq!(
        files(&out),
        expected(&[
            ("CNAME", "status.example.com"),
            ("incidents/y/mine.txt", "mine"),
            ("index.html", "home")
        ])
    );
    assert_eq!(
        folders(&out),
        [".git", ".git/refs", "incidents", "incidents/y"]
            .map(String::from)
            .into()
    );
    assert_eq!(manifest(&out), "allclear manifest 1\nindex.html\n/end\n");
}

#[test]
fn a_file_becomes_a_folder_and_back() {
    let (_dir, out) = folder();
    let one = [("about", "file"), ("History/index.html", "old")];
    let two = [
        ("about/deep/index.html", "page"),
        ("history/index.html", "new"),
    ];
    for site_now in [one, two, one] {
        write(&out, &site(&site_now)).unwrap();
        assert_eq!(files(&out), expected(&site_now));
        assert_eq!(write(&out, &site(&site_now)).unwrap().unchanged, 2);
    }
    assert_eq!(folders(&out), ["History"].map(String::from).into());
}

#[test]
fn a_name_that_changes_only_in_case_is_moved_on_a_disk_that_ignores_case() {
    let (_dir, out) = folder();
    write(&out, &site(&[("About", "page")])).unwrap();
    // Two names of one file: what such a disk shows.
    fs::hard_link(out.join("About"), out.join("about")).unwrap();
    write(&out, &site(&[("about", "page")])).unwrap();
    assert_eq!(files(&out), expected(&[("about", "page")]));
}

#[test]
fn a_foreign_folder_is_refused() {
    let (_dir, out) = folder();
    fs::create_dir(&out).unwrap();
    fs::write(out.join("thesis.txt"), "years").unwrap();
    assert_eq!(
        refusal(&out, &site(OLD)),
        "`OUT` holds files that allclear did not make; nothing was written"
    );
    assert_eq!(files(&out), expected(&[("thesis.txt", "years")]));
}

#[test]
fn a_file_is_no_output_folder() {
    let (_dir, out) = folder();
    fs::write(&out, "text").unwrap();
    assert_eq!(
        refusal(&out, &site(OLD)),
        "cannot use `OUT` as the output folder: it is a file; nothing was written"
    );
}

#[test]
fn a_file_of_the_user_is_never_overwritten() {
    let (_dir, out) = folder();
    write(&out, &site(&OLD[..1])).unwrap();
    fs::write(out.join("robots.txt"), "mine").unwrap();
    let before = files(&out);
    let new = site(&[("index.html", "new"), ("robots.txt", "ours")]);
    assert_eq!(
        refusal(&out, &new),
        "`OUT/robots.txt` is in the way, and allclear did not make it; nothing was written"
    );
    assert_eq!(files(&out), before);

    // With the same content it stays the user's: it is not deleted when the site has it no more.
    write(
        &out,
        &site(&[("index.html", "home"), ("robots.txt", "mine")]),
    )
    .unwrap();
    assert_eq!(manifest(&out), "allclear manifest 1\nindex.html\n/end\n");
    write(&out, &site(&OLD[..1])).unwrap();
    assert_eq!(files(&out), before);
}

#[test]
fn a_folder_of_the_user_is_not_replaced_by_a_file() {
    let (_dir, out) = folder();
    write(&out, &site(&[("about/index.html", "a")])).unwrap();
    fs::write(out.join("about/mine.txt"), "mine").unwrap();
    let before = files(&out);
    assert_eq!(
        refusal(&out, &site(&[("about", "b")])),
        "`OUT/about` is in the way, and allclear did not make it; nothing was written"
    );
    assert_eq!(files(&out), before);
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_never_followed() {
    let (dir, out) = folder();
    let elsewhere = dir.path().join("elsewhere");
    fs::create_dir_all(elsewhere.join("x")).unwrap();
    fs::write(elsewhere.join("x/index.html"), "x").unwrap();
    write(&out, &site(OLD)).unwrap();
    fs::remove_dir_all(out.join("incidents")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, out.join("incidents")).unwrap();

    // Neither to write,
    assert_eq!(
        refusal(&out, &site(OLD)),
        "`OUT/incidents` is in the way, and allclear did not make it; nothing was written"
    );
    // nor to delete.
    assert_eq!(write(&out, &site(&OLD[..2])).unwrap().deleted, 0);
    assert!(elsewhere.join("x/index.html").is_file());
    assert!(out.join("incidents").is_symlink());

    // A file that has become a link is the user's as well.
    fs::remove_file(out.join("index.html")).unwrap();
    std::os::unix::fs::symlink(elsewhere.join("x/index.html"), out.join("index.html")).unwrap();
    assert!(
        refusal(&out, &site(&[("index.html", "x")])).starts_with("`OUT/index.html` is in the way")
    );
    assert_eq!(
        fs::read_to_string(elsewhere.join("x/index.html")).unwrap(),
        "x"
    );
}

#[test]
fn a_manifest_that_lies_deletes_nothing_outside() {
    let (dir, out) = folder();
    write(&out, &site(&OLD[..1])).unwrap();
    let victim = dir.path().join("victim");
    fs::write(&victim, "alive").unwrap();
    fs::create_dir(out.join(".git")).unwrap();
    fs::write(out.join(".git/config"), "alive").unwrap();
    let lies = format!(
        "allclear manifest 1\n../victim\n{}\nincidents/../../victim\n.git/config\nindex.html\n",
        victim.display()
    );
    fs::write(out.join(".allclear-manifest"), lies).unwrap();
    assert_eq!(write(&out, &[]).unwrap().deleted, 1);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "alive");
    assert_eq!(files(&out), expected(&[(".git/config", "alive")]));
    assert_eq!(manifest(&out), "allclear manifest 1\n/end\n");
}

#[cfg(unix)]
#[test]
fn a_manifest_that_is_not_ours_is_refused() {
    let (_dir, out) = folder();
    write(&out, &site(OLD)).unwrap();
    for text in [
        "allclear manifest 2\nindex.html\n",
        "\u{fffd}",
        "allclear manifest 10\n",
        "index.html\n",
    ] {
        fs::write(out.join(".allclear-manifest"), text).unwrap();
        assert_eq!(
            refusal(&out, &[]),
            "cannot use `OUT` as the output folder: its `.allclear-manifest` is damaged or of another version \
             of allclear; nothing was written"
        );
    }
    fs::remove_file(out.join(".allclear-manifest")).unwrap();
    std::os::unix::fs::symlink("index.html", out.join(".allclear-manifest")).unwrap();
    assert!(refusal(&out, &[]).contains("is not a file"));
    assert!(out.join("index.html").is_file());
}

#[test]
fn what_a_killed_build_left_is_removed() {
    let (_dir, out) = folder();
    // Killed before the first manifest.
    fs::create_dir_all(out.join(".allclear-tmp/0/half")).unwrap();
    fs::write(out.join(".allclear-tmp/0/half/index.html"), "ha").unwrap();
    write(&out, &site(OLD)).unwrap();
    assert_eq!(files(&out), expected(OLD));

    // Killed later, and nothing else to do.
    fs::create_dir_all(out.join(".allclear-tmp")).unwrap();
    fs::write(out.join(".allclear-tmp/3"), "ha").unwrap();
    assert_eq!(write(&out, &site(OLD)).unwrap().unchanged, 4);
    assert_eq!(files(&out), expected(OLD));
    assert!(!out.join(".allclear-tmp").exists());
}

#[test]
fn paths_that_clash_are_refused() {
    let (_dir, out) = folder();
    for (first, second) in [
        ("a/index.html", "a/index.html"),
        ("a", "a/index.html"),
        ("incidents/Login/index.html", "incidents/login/index.html"),
        ("Ärger.html", "ärger.html"),
    ] {
        let error = write(
            &out,
            &site(&[("b", ""), (second, "2"), ("a-b", ""), (first, "1")]),
        )
        .unwrap_err();
        assert!(matches!(error, Error::OutputClash { .. }), "{error}");
    }
    for path in ["../x", "/x", "", ".allclear-manifest", "a/./b"] {
        let error = write(&out, &site(&[(path, "")])).unwrap_err();
        assert!(matches!(error, Error::OutputPath { .. }), "{error}");
    }
    assert!(!out.exists());
    assert_eq!(
        refusal(&out, &site(&[("a", ""), ("A", "")])),
        "`A` and `a` of the site cannot both be written; nothing was written"
    );
    assert_eq!(
        refusal(&out, &site(&[("../x", "")])),
        "cannot write `../x` of the site: the path climbs; nothing was written"
    );
}

#[test]
fn what_is_linked_to_comes_first() {
    let (_dir, out) = folder();
    let new = site(&[
        ("index.html", ""),
        ("history.atom", ""),
        ("ar/index.html", ""),
        ("ar/incidents/x/index.html", ""),
        ("incidents/x/index.html", ""),
        ("assets/main.css", ""),
    ]);
    for (old, order) in [
        (&[][..], "assets ar incidents history.atom index.html"),
        (
            &["ar/old", "incidents/old"][..],
            "assets ar/incidents incidents/x ar/index.html history.atom index.html",
        ),
    ] {
        let old: Vec<Output> = old.iter().map(|path| Output::new(*path, "")).collect();
        write(&out, &old).unwrap();
        let arranged = super::plan::arrange(&new).unwrap();
        let plan = super::plan::plan(&out, &arranged, None).unwrap();
        let steps: Vec<&str> = plan.steps.iter().map(super::plan::Step::path).collect();
        assert_eq!(steps.join(" "), order);
    }
}

#[test]
fn a_second_build_waits_and_then_gives_up() {
    let (_dir, out) = folder();
    write(&out, &site(OLD)).unwrap();
    let lock = super::lock::lock(&out, Duration::ZERO).unwrap();
    let error = write_within(Duration::from_millis(50), &out, &[]).unwrap_err();
    assert_eq!(
        error.to_string().replace(out.as_str(), "OUT"),
        "another build is writing to `OUT`; nothing was written"
    );
    assert_eq!(files(&out), expected(OLD));

    let waiting = std::thread::spawn({
        let out = out.clone();
        move || write(&out, &[])
    });
    std::thread::sleep(Duration::from_millis(100));
    drop(lock);
    assert_eq!(waiting.join().unwrap().unwrap().deleted, 4);
}
