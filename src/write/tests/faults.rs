//! Builds in which each operation that changes the disk fails in turn, in every way.
//!
//! The builds are real processes, as in [`super::processes`].

use std::env;
use std::fs;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use camino::Utf8Path;
use walkdir::WalkDir;

use super::{expected, files, folder, folders, manifest, site};
use crate::write::fault::{Fault, fail_at};
use crate::write::write;

/// The folder that a process builds into; with it, the process is a build and no test.
const FOLDER: &str = "ALLCLEAR_FAULT_FOLDER";
/// The number of the operation that fails.
const NUMBER: &str = "ALLCLEAR_FAULT_NUMBER";
/// The way in which it fails, as a place in [`FAULTS`].
const FAULT: &str = "ALLCLEAR_FAULT";

/// The others do less harm of the same kind.
const FAULTS: [Fault; 3] = [Fault::KilledHalfway, Fault::HalfWritten, Fault::Broken];

type Site = &'static [(&'static str, &'static str)];

const OLD: Site = &[
    ("about", "about us"),
    ("assets/main.css", "main css"),
    ("assets/old.css", "old css"),
    ("components/web/index.html", "web"),
    ("history/2022/index.html", "2022"),
    ("incidents/gone/deep/index.html", "deep"),
    ("incidents/gone/index.html", "gone"),
    ("incidents/x/index.html", "old x"),
    ("index.html", "old home"),
];

/// [`OLD`] with files and folders that are new, that have changed, that are gone, and that have become the other.
const NEW: Site = &[
    ("about/index.html", "about us"),
    ("assets/main.css", "new main css"),
    ("assets/new.css", "new css"),
    ("components/web/index.html", "web"),
    ("history/2022/index.html", "2022 and more"),
    ("incidents/fresh/deep/index.html", "deep"),
    ("incidents/fresh/index.html", "fresh"),
    ("incidents/x/index.html", "new x"),
    ("index.html", "new home"),
];

/// A file that no build made.
const OWN: (&str, &str) = ("CNAME", "status.example.com");

/// No test by itself: what the other tests start as a process. It fails where the build does.
#[test]
fn build_on_demand() {
    let Ok(out) = env::var(FOLDER) else { return };
    let number = |name| env::var(name).unwrap().parse::<usize>().unwrap();
    fail_at(number(NUMBER), FAULTS[number(FAULT)]);
    if let Err(error) = write(Utf8Path::new(&out), &site(NEW)) {
        panic!("{error}");
    }
}

/// A build of [`NEW`] in a process, whose operation of this number fails; with what it says.
fn build(out: &Utf8Path, number: usize, fault: usize) -> (ExitStatus, String) {
    let output = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "write::tests::faults::build_on_demand",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FOLDER, out)
        .env(NUMBER, number.to_string())
        .env(FAULT, fault.to_string())
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status, text)
}

/// How many operations fail in turn when [`NEW`] is built over `before`.
fn fails_everywhere(before: Site, fault: usize) -> usize {
    for number in 1.. {
        let (_dir, out) = folder();
        if !before.is_empty() {
            write(&out, &site(before)).unwrap();
            fs::write(out.join(OWN.0), OWN.1).unwrap();
        }
        let (status, message) = build(&out, number, fault);
        let what = format!("{:?} at {number}: {message}", FAULTS[fault]);
        if status.success() {
            assert_built(&out, before, NEW, &what);
            return number - 1;
        }
        if status.code().is_some() {
            assert!(message.contains(&format!("`{out}")), "{what}");
        }
        let (_copy, other) = folder();
        if out.exists() {
            assert_whole(&out, before, &what);
            copy(&out, &other);
        }
        write(&out, &site(NEW)).unwrap_or_else(|error| panic!("{what}\n{error}"));
        assert_built(&out, before, NEW, &what);
        write(&other, &site(before)).unwrap_or_else(|error| panic!("{what}\n{error}"));
        assert_built(&other, before, before, &what);
    }
    unreachable!()
}

/// Copies a folder with all that it holds.
fn copy(from: &Utf8Path, to: &Utf8Path) {
    for entry in WalkDir::new(from) {
        let entry = entry.unwrap();
        let to = to
            .as_std_path()
            .join(entry.path().strip_prefix(from).unwrap());
        match entry.file_type().is_dir() {
            true => fs::create_dir(to).unwrap(),
            false => fs::copy(entry.path(), to).map(drop).unwrap(),
        }
    }
}

/// Each file is the old or the new one, and none is missing that the folder had and will have.
fn assert_whole(out: &Utf8Path, before: Site, what: &str) {
    let (old, new) = (expected(before), expected(NEW));
    let mut shown = files(out);
    shown.retain(|path, _| !path.starts_with(".allclear"));
    let own = shown.remove(OWN.0);
    assert_eq!(
        own.as_deref(),
        (!before.is_empty()).then_some(OWN.1),
        "{what}"
    );
    for (path, text) in &shown {
        let is_whole = [&old, &new].iter().any(|site| site.get(path) == Some(text));
        assert!(is_whole, "{path} holds {text:?}; {what}");
    }
    for path in old.keys().filter(|path| new.contains_key(*path)) {
        assert!(shown.contains_key(path), "{path} is missing; {what}");
    }
}

/// The folder is what a build over `before` leaves that nothing went wrong in.
fn assert_built(out: &Utf8Path, before: Site, after: Site, what: &str) {
    let (_dir, reference) = folder();
    write(&reference, &site(after)).unwrap();
    if !before.is_empty() {
        fs::write(reference.join(OWN.0), OWN.1).unwrap();
    }
    assert_eq!(files(out), files(&reference), "{what}");
    assert_eq!(folders(out), folders(&reference), "{what}");
    assert_eq!(manifest(out), manifest(&reference), "{what}");
}

#[test]
fn a_build_that_fails_anywhere_leaves_whole_files_and_the_next_one_repairs() {
    for (before, least) in [(&[][..], 20), (OLD, 30)] {
        let counts: Vec<usize> = thread::scope(|scope| {
            let started =
                [0, 1, 2].map(|fault| scope.spawn(move || fails_everywhere(before, fault)));
            started.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(counts.iter().all(|count| *count >= least), "{counts:?}");
    }
}
