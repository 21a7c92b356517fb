//! Builds that are killed, that run out of room, that meet each other, and that are read meanwhile.
//!
//! The builds are real processes: this test binary runs itself, with [`build_on_demand`] as its only
//! test.

use std::env;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use walkdir::WalkDir;

use super::{files, folder};
use crate::error::Error;
use crate::output::Output;
use crate::write::write;

/// The folder that a process builds into; with it, the process is a build and no test.
const FOLDER: &str = "ALLCLEAR_TEST_FOLDER";
/// The generations that the process builds in turn, as in `0..1000`.
const FROM: &str = "ALLCLEAR_TEST_FROM";
const TO: &str = "ALLCLEAR_TEST_TO";

/// A site of which every file can tell whether it is whole. Each generation has other files, other
/// content, and other folders than the one before.
fn generation(number: usize) -> Vec<Output> {
    let page = |path: String, seed: usize| {
        let body = format!("{number} {seed} ").repeat(20 + seed * 7 % 900);
        Output::new(path, format!("{}\n{body}", body.len()))
    };
    let mut site: Vec<Output> = (0..40)
        .filter(|at| !(at + number).is_multiple_of(5))
        .map(|at| page(format!("incidents/{at}/index.html"), at))
        .collect();
    site.extend((0..12).map(|at| page(format!("history/{}/{at}.html", number % 3), at)));
    // Now a file, now a folder.
    site.push(page(
        if number.is_multiple_of(2) {
            "about".into()
        } else {
            "about/index.html".into()
        },
        3,
    ));
    site.extend((0..3).map(|at| page(format!("assets/{at}.css"), at)));
    site.push(page("index.html".into(), 890));
    site
}

fn is_whole(text: &str) -> bool {
    text.split_once('\n')
        .is_some_and(|(length, body)| length.parse() == Ok(body.len()))
}

/// No test by itself: what the other tests start as a process.
#[test]
fn build_on_demand() {
    let Ok(out) = env::var(FOLDER) else { return };
    let number = |name| env::var(name).unwrap().parse::<usize>().unwrap();
    for at in number(FROM)..number(TO) {
        match write(Utf8Path::new(&out), &generation(at)) {
            Ok(_) | Err(Error::Busy(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// This test binary, about to build the generations `from..to`.
fn build(out: &Utf8Path, from: usize, to: usize, mut command: Command) -> Child {
    command
        .args([
            "--exact",
            "write::tests::processes::build_on_demand",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FOLDER, out)
        .env(FROM, from.to_string())
        .env(TO, to.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn this_binary() -> Command {
    Command::new(env::current_exe().unwrap())
}

/// The files that readers may meet: all but those that are hidden until they are whole.
fn assert_all_whole(out: &Utf8Path) {
    let shown = files(out)
        .into_iter()
        .filter(|(path, _)| !path.starts_with(".allclear-tmp/"));
    for (path, text) in shown {
        assert!(is_whole(&text), "{path} is not whole: {} bytes", text.len());
    }
}

fn assert_holds(out: &Utf8Path, site: &[Output]) {
    let expected = site
        .iter()
        .map(|output| {
            (
                output.path.to_string(),
                String::from_utf8(output.bytes.to_vec()).unwrap(),
            )
        })
        .collect();
    assert_eq!(files(out), expected);
}

#[test]
fn a_build_that_is_killed_leaves_whole_files_and_the_next_one_repairs() {
    let (_dir, out) = folder();
    for round in 0..24 {
        if round % 4 == 0 && out.exists() {
            fs::remove_dir_all(&out).unwrap();
        }
        let mut child = build(&out, round, 100_000, this_binary());
        while !out.exists() {
            thread::sleep(Duration::from_micros(200));
        }
        // Spread over some generations, with no step that a rhythm of the build could match.
        thread::sleep(Duration::from_micros(round as u64 * 7_919 % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_all_whole(&out);

        let site = generation(round);
        write(&out, &site).unwrap();
        assert_holds(&out, &site);
        assert!(!out.join(".allclear-tmp").exists());
    }
}

#[test]
fn a_build_without_room_leaves_the_old_site_alone() {
    let (_dir, out) = folder();
    let old = generation(0);
    write(&out, &old).unwrap();
    // The shell sets a limit on the length of a file that the next `index.html` breaks half-way, and
    // makes it an error instead of a signal: a full disk on every system, for every user.
    let mut limited = Command::new("sh");
    limited
        .args(["-c", r#"trap "" XFSZ; ulimit -f 4; exec "$0" "$@""#])
        .arg(env::current_exe().unwrap());
    let output = build(&out, 1, 2, limited).wait_with_output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{message}");
    assert!(message.contains("cannot write"), "{message}");
    assert_holds(&out, &old);

    let new = generation(1);
    write(&out, &new).unwrap();
    assert_holds(&out, &new);
}

#[test]
fn builds_that_meet_take_turns() {
    let (_dir, out) = folder();
    let children: Vec<Child> = (0..3)
        .map(|at| build(&out, at * 6, at * 6 + 6, this_binary()))
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let last = [5, 11, 17].map(generation);
    let held = files(&out);
    assert!(last.iter().any(|site| {
        site.len() == held.len()
            && site.iter().all(|output| {
                held.get(output.path.as_str())
                    .is_some_and(|text| text.as_bytes() == output.bytes)
            })
    }));
}

#[test]
fn readers_meet_only_whole_files() {
    let (_dir, out) = folder();
    let child = build(&out, 0, 20, this_binary());
    let done = AtomicBool::new(false);
    let read = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut read = 0;
            while !done.load(Ordering::Relaxed) {
                read += read_all(&out);
            }
            read
        });
        let output = child.wait_with_output().unwrap();
        done.store(true, Ordering::Relaxed);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        reader.join().unwrap()
    });
    assert!(read > 0);
    assert_holds(&out, &generation(19));
}

/// Reads what is there; files may come and go meanwhile.
fn read_all(out: &Utf8PathBuf) -> usize {
    let mut read = 0;
    let shown = WalkDir::new(out)
        .into_iter()
        .filter_entry(|entry| !entry.file_name().to_string_lossy().starts_with(".allclear"));
    for entry in shown.flatten() {
        if let Ok(text) = fs::read_to_string(entry.path()) {
            assert!(
                is_whole(&text),
                "{}: {} bytes",
                entry.path().display(),
                text.len()
            );
            read += 1;
        }
    }
    read
}
