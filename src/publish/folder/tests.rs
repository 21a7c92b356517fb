#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and looks at the disk"
)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use walkdir::WalkDir;

use super::disk::{Disk, Swaps, Watch};
use super::place::Place;
use super::{Again, Failure, Folder, Live};
use crate::output::Output;
use crate::publish::Publication;
use crate::publish::tests::{Dice, build, page, publication};

mod single;

/// A folder in which one is to be published; it is deleted in the end.
fn place() -> (tempfile::TempDir, Utf8PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(dir.path()).unwrap().join("status");
    (dir, path)
}

/// The way of a publisher that is killed after so many operations.
fn way(path: &Utf8Path, operations: i64, swaps: &Arc<Swaps>) -> Folder {
    let watch = Watch::new(operations, Arc::clone(swaps));
    Folder {
        path: path.to_owned(),
        patience: Duration::from_mins(5),
        disk: Disk { watch },
    }
}

fn published(path: &Utf8Path, number: u64) -> super::Summary {
    Folder::new(path)
        .publish(publication(&build(number)))
        .unwrap()
}

/// The paths of all files below a folder.
fn files(folder: &Utf8Path) -> BTreeSet<String> {
    let folder = &folder.canonicalize_utf8().unwrap();
    WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            path.to_str().unwrap().to_owned()
        })
        .collect()
}

/// The names beside a folder.
fn beside(folder: &Utf8Path) -> BTreeSet<String> {
    let above = folder.parent().unwrap().read_dir_utf8().unwrap();
    above
        .map(|entry| entry.unwrap().file_name().to_owned())
        .collect()
}

fn read(path: &Utf8Path) -> Live {
    Live::parse(&fs::read(path.join("build.json")).unwrap()).unwrap()
}

/// Checks that what is live is this build and no more than that, what the manifest keeps, and what is not ours.
fn assert_whole(path: &Utf8Path, number: u64, foreign: &[&str]) {
    let live = read(path);
    for output in build(number) {
        if output.path != "build.json" {
            let bytes = fs::read(path.join(&output.path)).unwrap();
            assert_eq!(bytes, output.bytes, "{}", output.path);
        }
    }
    for file in files(path) {
        let is_known = live.files.contains_key(&file)
            || live.former.contains(&file)
            || file == "build.json"
            || foreign.contains(&file.as_str());
        assert!(is_known, "{file} was left behind");
    }
    for file in live
        .former
        .iter()
        .map(String::as_str)
        .chain(foreign.iter().copied())
    {
        assert!(path.join(file).exists(), "{file} is missing");
    }
}

/// Checks that nothing is left beside a folder but the file of its lock.
fn assert_clear(path: &Utf8Path) {
    let name = path.file_name().unwrap();
    let expected = [format!(".{name}.allclear-lock"), name.to_owned()];
    assert_eq!(beside(path), BTreeSet::from(expected));
}

#[test]
fn only_what_differs_is_written_and_the_rest_keeps_its_age() {
    let (_dir, path) = place();
    let first = published(&path, 1);
    assert_eq!(first.sent, build(1).len() - 1);
    assert_whole(&path, 1, &[]);
    let ago = std::time::SystemTime::now() - Duration::from_hours(1);
    let robots = fs::File::options()
        .write(true)
        .open(path.join("robots.txt"));
    robots.unwrap().set_modified(ago).unwrap();
    let inode = |file: &str| fs::metadata(path.join(file)).unwrap().ino();
    let before = (inode(""), inode("robots.txt"), inode("index.html"));
    let again = published(&path, 1);
    assert_eq!((again.sent, again.unchanged), (0, first.sent));
    assert_eq!(
        (inode(""), inode("robots.txt"), inode("index.html")),
        before
    );
    let second = published(&path, 2);
    // The style and `robots.txt` are the same.
    assert_eq!((second.unchanged, inode("robots.txt")), (2, before.1));
    assert_ne!((inode(""), inode("index.html")), (before.0, before.2));
    let metadata = fs::metadata(path.join("robots.txt")).unwrap();
    assert_eq!(metadata.modified().unwrap(), ago);
    assert_whole(&path, 2, &[]);
    assert_clear(&path);
}

#[test]
fn an_older_build_and_another_sites_are_refused_unless_it_is_forced() {
    let (_dir, path) = place();
    published(&path, 5);
    let older = build(4);
    let refused = Folder::new(&path).publish(publication(&older));
    assert!(matches!(refused, Err(Failure::Newer { .. })), "{refused:?}");
    assert_whole(&path, 5, &[]);
    let forced = |outputs| Publication {
        again: Again::Replace,
        ..publication(outputs)
    };
    Folder::new(&path).publish(forced(&older)).unwrap();
    assert_whole(&path, 4, &[]);
    let mut other = build(6);
    let manifest = other.last_mut().unwrap();
    let text = String::from_utf8(manifest.bytes.to_vec()).unwrap();
    *manifest = Output::new(
        "build.json",
        text.replace("status.example.com", "other.example.com"),
    );
    let refused = Folder::new(&path).publish(publication(&other));
    assert!(
        matches!(refused, Err(Failure::OtherSite { .. })),
        "{refused:?}"
    );
    assert_whole(&path, 4, &[]);
}

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

#[test]
fn a_file_that_is_not_as_the_manifest_says_is_written_again() {
    let (_dir, path) = place();
    published(&path, 1);
    fs::remove_file(path.join("robots.txt")).unwrap();
    let second = published(&path, 1);
    assert_eq!((second.sent, second.unchanged), (1, build(1).len() - 2));
    fs::write(path.join("robots.txt"), "cut").unwrap();
    assert_eq!(published(&path, 2).unchanged, 1);
    assert_whole(&path, 2, &[]);
    fs::remove_file(path.join("robots.txt")).unwrap();
    symlink("index.html", path.join("robots.txt")).unwrap();
    published(&path, 3);
    assert_whole(&path, 3, &[]);
    assert!(!path.join("robots.txt").is_symlink());
}

#[test]
fn compressed_copies_go_with_their_files() {
    let (_dir, path) = place();
    let with_copies = |number: u64| {
        let mut outputs = build(number);
        let copies = outputs.iter().filter(|it| it.path.as_str() != "robots.txt");
        let copies = copies.map(|it| Output::new(format!("{}.gz", it.path), it.bytes.clone()));
        let copies: Vec<Output> = copies.collect();
        outputs.extend(copies);
        outputs
    };
    let publish = |outputs: &[Output]| Folder::new(&path).publish(publication(outputs)).unwrap();
    publish(&with_copies(4));
    // The manifest says more than its copy would.
    assert!(!path.join("build.json.gz").exists());
    assert_eq!(
        fs::read(path.join("index.html.gz")).unwrap(),
        fs::read(path.join("index.html")).unwrap()
    );
    let second = publish(&with_copies(6));
    // The style, its copy, and `robots.txt`.
    assert_eq!(second.unchanged, 3);
    let former = read(&path).former;
    assert!(!former.is_empty());
    for file in former {
        assert!(path.join(format!("{file}.gz")).exists(), "{file}.gz");
    }
    // A copy of what a file was before would be served in its place.
    publish(&build(7));
    assert!(!path.join("index.html.gz").exists());
    publish(&build(8));
    assert!(files(&path).iter().all(|file| !file.ends_with(".gz")));
}

#[test]
fn a_link_is_followed_and_stays() {
    let (_dir, path) = place();
    let root = path.parent().unwrap();
    fs::create_dir_all(root.join("data/pages")).unwrap();
    symlink("data/pages", &path).unwrap();
    published(&path, 1);
    published(&path, 2);
    assert!(path.is_symlink());
    assert_whole(&path, 2, &[]);
    assert_clear(&root.join("data/pages"));
    let nowhere = root.join("nowhere");
    symlink("gone", &nowhere).unwrap();
    let refused = Folder::new(&nowhere).publish(publication(&build(1)));
    let message = refused.unwrap_err().to_string();
    assert!(message.contains("a link that leads nowhere"), "{message}");
    let file = root.join("file");
    fs::write(&file, "").unwrap();
    let refused = Folder::new(&file).publish(publication(&build(1)));
    assert!(refused.unwrap_err().to_string().contains("it is a file"));
}

#[test]
#[allow(clippy::print_stderr, reason = "it says what it leaves out")]
fn a_disk_of_its_own_is_no_place() {
    let disk = Utf8Path::new("/dev/shm");
    let is_disk =
        fs::metadata(disk).is_ok_and(|it| it.dev() != fs::metadata("/dev").unwrap().dev());
    if !is_disk {
        eprintln!("not run: /dev/shm is no disk of its own");
        return;
    }
    let refused = Folder::new(disk).publish(publication(&build(1)));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "`/dev/shm`: it is a disk of its own, which cannot be swapped in one step; name a folder inside of it"
    );
    assert!(!Utf8Path::new("/dev/.shm.allclear-lock").exists());
}

#[test]
fn whoever_waits_too_long_is_told_who_publishes() {
    let (_dir, path) = place();
    let held = Place::lock(&Disk::default(), path.as_std_path(), Duration::ZERO).unwrap();
    let waiting = Folder {
        patience: Duration::from_millis(20),
        ..Folder::new(&path)
    };
    let message = waiting
        .publish(publication(&build(1)))
        .unwrap_err()
        .to_string();
    let holder = format!("process {} has published there", std::process::id());
    assert!(message.contains(&holder), "{message}");
    drop(held);
    waiting.publish(publication(&build(1))).unwrap();
}

/// One way to run out: the publisher is killed at the next operation each time.
#[test]
fn a_publisher_that_is_killed_at_any_operation_leaves_a_whole_page_and_the_next_one_clears() {
    for operations in 0..400 {
        let (_dir, path) = place();
        published(&path, 3);
        fs::create_dir(path.join(".well-known")).unwrap();
        fs::write(path.join(".well-known/token"), "token").unwrap();
        let killed = way(&path, operations, &Arc::default()).publish(publication(&build(11)));
        let foreign = [".well-known/token"];
        let live = read(&path).now;
        let number = if live == Live::parse(&build(3).last().unwrap().bytes).unwrap().now {
            3
        } else {
            11
        };
        assert_whole(&path, number, &foreign);
        published(&path, 12);
        assert_whole(&path, 12, &foreign);
        assert_clear(&path);
        if killed.is_ok() {
            assert_eq!(number, 11);
            return;
        }
    }
    panic!("it was never finished");
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

#[test]
fn half_a_page_is_not_for_everybody() {
    let mut seen = 0;
    for operations in 0..400 {
        let (_dir, path) = place();
        published(&path, 1);
        let swaps = Arc::default();
        let killed = way(&path, operations, &swaps).publish(publication(&build(2)));
        let half = path.with_file_name(".status.allclear-next");
        if swaps.begun.load(Ordering::SeqCst) > 0 || killed.is_ok() {
            assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o755);
            assert!(seen > 10, "{seen}");
            return;
        }
        if half.join("assets").exists() && !half.join("build.json").exists() {
            assert_eq!(fs::metadata(&half).unwrap().mode() & 0o777, 0o700);
            seen += 1;
        }
    }
    panic!("it was never finished");
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
fn a_swap_in_steps_that_was_cut_off_is_ended() {
    let next = |path: &Utf8Path| path.with_file_name(".status.allclear-next");
    let aside = |path: &Utf8Path| path.with_file_name(".status.allclear-next-aside");
    // Between the first step and the second: nothing is live, and the new folder is whole.
    let (_dir, path) = place();
    published(&path, 1);
    fs::rename(&path, aside(&path)).unwrap();
    fs::create_dir(next(&path)).unwrap();
    fs::write(next(&path).join("index.html"), "new").unwrap();
    published(&path, 2);
    assert_whole(&path, 2, &[]);
    assert_clear(&path);
    // Between the second and the third: the new one is live, and the old one holds what others put there meanwhile.
    let number = |folder: &Utf8Path| fs::metadata(folder).map(|it| it.ino()).ok();
    for operations in 0..400 {
        let (_dir, path) = place();
        published(&path, 1);
        let original = number(&path);
        let killed = way(&path, operations, &Arc::default()).publish(publication(&build(2)));
        if number(&next(&path)) == original {
            fs::write(next(&path).join("note.txt"), "mine").unwrap();
            fs::rename(next(&path), aside(&path)).unwrap();
            published(&path, 3);
            assert_whole(&path, 3, &["note.txt"]);
            assert_clear(&path);
            return;
        }
        assert!(killed.is_err(), "no publisher was killed after the swap");
    }
    panic!("no publisher came as far as the swap");
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

#[test]
fn two_publishers_never_take_the_folder_back_and_readers_miss_nothing() {
    const ROUNDS: usize = 1000;
    let mut order: Vec<u64> = (1..=ROUNDS as u64).collect();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    // Builds come in about their order, often later than the next ones.
    for at in 0..order.len() {
        let other = (at + dice.below(8) as usize).min(order.len() - 1);
        order.swap(at, other);
    }
    let (_dir, path) = place();
    let swaps = Arc::default();
    published(&path, 0);
    fs::write(path.join("notified.json"), "{}").unwrap();
    let (next, killed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let publishers = [7, 11].map(|seed| {
            let (path, swaps, next, order, killed) = (&path, &swaps, &next, &order, &killed);
            scope.spawn(move || {
                let mut dice = Dice(seed);
                while let Some(number) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let operations = match dice.below(2) {
                        0 => dice.below(60) as i64,
                        _ => i64::MAX,
                    };
                    match way(path, operations, swaps).publish(publication(&build(*number))) {
                        Ok(_) | Err(Failure::Newer { .. }) => {}
                        Err(Failure::Store { why, .. }) if why.contains("killed") => {
                            killed.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(failure) => panic!("{failure}"),
                    }
                }
            })
        });
        let reader = scope.spawn(|| read_on(&path, &swaps, &is_over));
        for publisher in publishers {
            publisher.join().unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 100);
    });
    let killed = killed.into_inner();
    assert!(killed > 50, "{killed} killed");
    published(&path, ROUNDS as u64);
    assert_whole(&path, ROUNDS as u64, &["notified.json"]);
    assert_clear(&path);
}

/// Reads pages and what they need until it is over; returns how many pages it read.
fn read_on(path: &Utf8Path, swaps: &Swaps, is_over: &AtomicBool) -> usize {
    let (mut newest, mut reads) = (0, 0);
    while !is_over.load(Ordering::Relaxed) {
        for file in ["index.html", "history/index.html", "notified.json"] {
            let done = swaps.done.load(Ordering::SeqCst);
            // What is always there is never missed.
            let text = fs::read(path.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            if file == "notified.json" {
                continue;
            }
            let (number, needed) = page(&text);
            if file == "index.html" {
                assert!(number >= newest, "{newest} went back to {number}");
                newest = number;
            }
            for needed in needed.iter().filter(|it| !it.is_empty()) {
                if fs::read(path.join(needed)).is_err() {
                    // Only a reader who is slower than two whole publications has an old page.
                    let begun = swaps.begun.load(Ordering::SeqCst);
                    assert!(begun - done >= 2, "{file} of {number} needs {needed}");
                    break;
                }
            }
            reads += 1;
        }
    }
    reads
}
