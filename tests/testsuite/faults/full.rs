//! Commands on a disk that is really full: a small one in memory, in a name space of its own, where root may mount it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::case::{self, Case, stderr};

/// The folder that is the disk; with it, the process may mount one there and is no test.
const DISK: &str = "ALLCLEAR_TEST_DISK";

/// The size of the disk and of its blocks, in bytes, and how many files it can hold.
const SIZE: usize = 2 << 20;
const BLOCK: usize = 4096;
const FILES: usize = 300;

#[test]
fn a_disk_may_be_full() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("unshare")
        .args(["--mount", "--propagation", "private"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "faults::full::fill_on_demand", "--nocapture"])
        .env(DISK, folder.path())
        .stdin(Stdio::null())
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) => {
            eprintln!("no full disk was tried: `unshare` could not be run: {error}");
            return;
        }
    };
    let message = stderr(&output);
    if message.contains("unshare: ") {
        eprintln!("no full disk was tried: {message}");
        return;
    }
    assert!(output.status.success(), "{message}");
    eprint!("{message}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// No test by itself: what the other one starts as a process that sees other disks than everybody else.
#[test]
fn fill_on_demand() {
    let Ok(disk) = std::env::var(DISK) else {
        return;
    };
    let disk = Path::new(&disk);
    let options = format!("size={SIZE},nr_inodes={FILES}");
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
        .arg(disk)
        .output()
        .unwrap();
    if !mounted.status.success() {
        eprintln!("no full disk was tried: {}", stderr(&mounted));
        return;
    }
    let mut cases = case::commands();
    cases.extend([case::first_build(), case::next_build()]);
    let mut runs = 0;
    for case in &cases {
        runs += run_out_of(disk, case, blocks_left, "blocks");
        runs += run_out_of(disk, case, files_left, "files");
    }
    eprintln!(
        "{runs} runs of {} commands found a disk that was full",
        cases.len()
    );
    assert!(runs >= cases.len(), "{runs}");
}

/// Runs a command on a disk with ever more left of something, until it succeeds; how often it has not.
fn run_out_of(disk: &Path, case: &Case, fill: impl Fn(&Path, usize), unit: &str) -> usize {
    let mut failed = 0;
    // A build needs many: not each count is tried.
    let mut left = 0;
    loop {
        let filling = disk.join("filling");
        let site = case.site(disk);
        fs::create_dir(&filling).unwrap();
        fill(&filling, left);
        let output = case.command(&site).output().unwrap();
        let message = stderr(&output);
        let what = format!("{}, with {left} {unit} left: {message}", case.name);
        case.assert_whole(&site, &what);
        fs::remove_dir_all(&filling).unwrap();
        if output.status.success() {
            case.assert_repaired(&site, &what);
            return failed;
        }
        failed += 1;
        assert_eq!(output.status.code(), Some(2), "{what}");
        let is_told = message.starts_with("error: ") && message.contains("\n  help: make room");
        assert!(is_told, "{what}");
        case.assert_repaired(&site, &what);
        left += 1 + left / 6;
        assert!(left < 1000, "{what}");
    }
}

/// Leaves so many blocks of a disk.
fn blocks_left(filling: &Path, left: usize) {
    let block = [1; BLOCK];
    let mut file = fs::File::create(filling.join("file")).unwrap();
    while std::io::Write::write_all(&mut file, &block).is_ok() {}
    let length = file.metadata().unwrap().len() as usize;
    file.set_len(length.saturating_sub(left * BLOCK) as u64)
        .unwrap();
}

/// Leaves room for so many files on a disk.
fn files_left(filling: &Path, left: usize) {
    let mut count = 0;
    while fs::File::create(filling.join(count.to_string())).is_ok() {
        count += 1;
    }
    for number in 0..left.min(count) {
        fs::remove_file(filling.join(number.to_string())).unwrap();
    }
}
