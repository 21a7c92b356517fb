//! A folder in which others keep files, too.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use camino::Utf8Path;

use super::{assert_clear, assert_whole, files, place, published, read, way};
use crate::output::Output;
use crate::publish::Publication;
use crate::publish::folder::{Again, Failure, Folder, Live};
use crate::publish::tests::{build, publication};

#[test]
fn a_folder_of_something_else_is_refused_and_kept_where_it_is_forced() {
    let (_dir, path) = place();
    fs::create_dir(&path).unwrap();
    fs::write(path.join("thesis.txt"), "years of work").unwrap();
    let first = build(1);
    let refused = Folder::new(&path).publish(publication(&first));
    assert!(matches!(refused, Err(Failure::Foreign)), "{refused:?}");
    assert_eq!(files(&path), BTreeSet::from(["thesis.txt".to_owned()]));
    let forced = Publication {
        again: Again::Replace,
        ..publication(&first)
    };
    Folder::new(&path).publish(forced).unwrap();
    assert_whole(&path, 1, &["thesis.txt"]);
    // The folder of `build` is no place to publish.
    fs::write(path.join(".allclear-manifest"), "allclear manifest 1\n").unwrap();
    let refused = Folder::new(&path).publish(publication(&build(2)));
    let message = refused.unwrap_err().to_string();
    assert!(
        message.contains("this is where `build` writes"),
        "{message}"
    );
    assert_whole(&path, 1, &["thesis.txt", ".allclear-manifest"]);
}

#[test]
fn what_no_build_made_stays() {
    let (_dir, path) = place();
    let token = ".well-known/acme/token";
    fs::create_dir_all(path.join(".well-known/acme")).unwrap();
    fs::write(path.join(token), "token").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o2750)).unwrap();
    let inode = |file: &str| fs::metadata(path.join(file)).unwrap().ino();
    let well_known = inode(".well-known");
    published(&path, 1);
    assert_whole(&path, 1, &[token]);
    fs::write(path.join("notified.json"), "{}").unwrap();
    fs::write(path.join("history/own.txt"), "own").unwrap();
    symlink("elsewhere", path.join("link")).unwrap();
    published(&path, 2);
    published(&path, 3);
    let foreign = [token, "notified.json", "history/own.txt"];
    let known = foreign
        .iter()
        .map(|it| (*it).to_owned())
        .chain(["link".to_owned()]);
    let known: BTreeSet<String> = known.collect();
    assert!(known.is_subset(&files(&path)), "{:?}", files(&path));
    assert_eq!(
        fs::read_link(path.join("link")).unwrap().to_str(),
        Some("elsewhere")
    );
    // It is the same folder, so that who has it open, or owns it, goes on.
    assert_eq!(inode(".well-known"), well_known);
    let mode = fs::metadata(&path).unwrap().mode() & 0o7777;
    assert_eq!(mode, 0o2750);
    let mode = fs::metadata(path.join("index.html")).unwrap().mode() & 0o777;
    assert_eq!(mode & 0o600, 0o600);
    fs::remove_file(path.join("link")).unwrap();
    assert_whole(&path, 3, &foreign);
    assert_clear(&path);
}

/// A build with one more file, at this path.
fn with_file(number: u64, path: &str) -> Vec<Output> {
    let mut outputs = build(number);
    let manifest = outputs.pop().unwrap();
    let mut document: serde_json::Value = serde_json::from_slice(&manifest.bytes).unwrap();
    let sha256 = crate::output::build_manifest::sha256(path.as_bytes());
    document["files"][path] = serde_json::json!(
        {"sha256": sha256, "size": path.len(), "type": "text/plain", "cache": "no-cache"}
    );
    outputs.push(Output::new(path, path.to_owned()));
    outputs.push(Output::new("build.json", document.to_string()));
    outputs
}

#[test]
fn a_file_may_become_a_folder_and_a_folder_a_file() {
    let (_dir, path) = place();
    let publish = |outputs: &[Output]| Folder::new(&path).publish(publication(outputs)).unwrap();
    for (number, file) in ["help", "help/index.html", "help", "help/more/index.html"]
        .into_iter()
        .enumerate()
    {
        publish(&with_file(number as u64 + 1, file));
        assert_eq!(fs::read_to_string(path.join(file)).unwrap(), file);
        assert_eq!(
            read(&path).now,
            Live::parse(&build(number as u64 + 1).last().unwrap().bytes)
                .unwrap()
                .now
        );
    }
    assert_clear(&path);
}

#[test]
fn a_file_of_others_at_a_path_that_a_build_gets_later_is_replaced_only_where_it_is_forced() {
    let (_dir, path) = place();
    published(&path, 1);
    fs::write(path.join("ads.txt"), "mine").unwrap();
    let with_ads = with_file(2, "ads.txt");
    let expected = format!(
        "`{}`: no publication made this file, and the build has another one at its path; move it away, or replace it with `--force`",
        path.join("ads.txt")
    );
    let folder = Folder::new(&path);
    let refused = folder.publish(publication(&with_ads)).unwrap_err();
    assert_eq!(refused.to_string(), expected);
    let refused = folder.preview(publication(&with_ads)).unwrap_err();
    assert_eq!(refused.to_string(), expected);
    let below = with_file(2, "ads.txt/index.html");
    let refused = folder.publish(publication(&below)).unwrap_err();
    assert_eq!(refused.to_string(), expected);
    assert_whole(&path, 1, &["ads.txt"]);
    assert_eq!(fs::read_to_string(path.join("ads.txt")).unwrap(), "mine");
    let forced = Publication {
        again: Again::Replace,
        ..publication(&with_ads)
    };
    folder.publish(forced).unwrap();
    assert_eq!(fs::read_to_string(path.join("ads.txt")).unwrap(), "ads.txt");
    assert_clear(&path);
    // The same content is nobody's loss.
    published(&path, 3);
    published(&path, 4);
    assert!(!path.join("ads.txt").exists());
    fs::write(path.join("ads.txt"), "ads.txt").unwrap();
    folder
        .publish(publication(&with_file(5, "ads.txt")))
        .unwrap();
    published(&path, 6);
    published(&path, 7);
    assert!(!path.join("ads.txt").exists());
}

#[test]
fn no_page_is_published_inside_of_another_one() {
    let (_dir, path) = place();
    published(&path, 1);
    let inner = path.join("inner");
    let refused = Folder::new(&inner).publish(publication(&build(1)));
    assert_eq!(
        refused.unwrap_err().to_string(),
        format!(
            "`{inner}`: another page is published into `{path}`, with which this one would move; publish it beside that folder, or, where that is over, delete `{}`",
            path.with_file_name(".status.allclear-lock")
        )
    );
    assert!(!inner.exists());
    // The inner one came first.
    let lock = path.with_file_name(".status.allclear-lock");
    fs::remove_file(&lock).unwrap();
    published(&inner, 5);
    let refused = Folder::new(&path).publish(publication(&build(2)));
    assert_eq!(
        refused.unwrap_err().to_string(),
        format!(
            "`{inner}`: another page is published here, and would move with this one; publish it beside this folder, or, where that is over, delete `{}`",
            path.join(".inner.allclear-lock")
        )
    );
    assert_whole(&inner, 5, &[]);
    assert_eq!(
        read(&path).now,
        Live::parse(&build(1).last().unwrap().bytes).unwrap().now
    );
    assert_clear(&path);
}

#[test]
fn files_of_others_stay_that_are_named_as_those_of_builds_are() {
    let (_dir, path) = place();
    published(&path, 1);
    let foreign = [".allclear-notes", "history/.allclear-manifest"];
    for file in foreign {
        fs::write(path.join(file), "mine").unwrap();
    }
    published(&path, 2);
    assert_whole(&path, 2, &foreign);
    assert_clear(&path);
}

/// What others made belongs to them, and a publisher may be killed between the swap and the end.
#[test]
fn what_others_put_there_before_the_swap_is_not_lost_with_a_publisher_that_is_killed_after_it() {
    let mut losses = 0;
    for operations in 0..400 {
        let (_dir, path) = place();
        published(&path, 3);
        fs::create_dir(path.join(".well-known")).unwrap();
        fs::write(path.join(".well-known/token"), "token").unwrap();
        fs::write(path.join("own.txt"), "own").unwrap();
        let inode = |file: &Utf8Path| fs::metadata(file).map(|it| it.ino()).ok();
        let original = inode(&path.join(".well-known"));
        let killed = way(&path, operations, &Arc::default()).publish(publication(&build(11)));
        let old = path.with_file_name(".status.allclear-next");
        let mut foreign = vec![".well-known/token", "own.txt"];
        // As if it had been written right before the swap.
        if inode(&old.join(".well-known")) == original {
            fs::write(old.join(".well-known/late"), "late").unwrap();
            fs::create_dir(old.join("late")).unwrap();
            fs::write(old.join("late/file"), "late").unwrap();
            foreign.extend([".well-known/late", "late/file"]);
            losses += 1;
        }
        published(&path, 12);
        assert_whole(&path, 12, &foreign);
        assert_eq!(inode(&path.join(".well-known")), original);
        assert_clear(&path);
        if killed.is_ok() && !old.exists() && losses > 0 {
            return;
        }
    }
    panic!("{losses} could be lost");
}

#[test]
fn what_can_neither_be_moved_nor_deleted_is_kept() {
    let (_dir, path) = place();
    published(&path, 3);
    fs::write(path.join("own"), "own").unwrap();
    // Somebody puts a folder where the swapped page has a file of others by now.
    for operations in 0..400 {
        let swaps = Arc::default();
        let _ = way(&path, operations, &swaps).publish(publication(&build(11)));
        if swaps.done.load(Ordering::SeqCst) == 1 {
            break;
        }
    }
    let old = path.with_file_name(".status.allclear-next");
    fs::remove_file(old.join("own")).unwrap();
    fs::create_dir(old.join("own")).unwrap();
    fs::write(old.join("own/data"), "years of work").unwrap();
    published(&path, 12);
    assert_whole(&path, 12, &["own"]);
    let kept = path.with_file_name(".status.allclear-kept-1/own/data");
    assert_eq!(fs::read_to_string(kept).unwrap(), "years of work");
    published(&path, 13);
    assert_whole(&path, 13, &["own"]);
}
