#![cfg(unix)] // links, owners and modes are looked at
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and looks at the disk"
)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
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

mod others;
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
