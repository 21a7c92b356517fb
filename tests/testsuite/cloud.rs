//! `publish` to a bucket: what it takes from the environment, and what it says where that does not lead there.

use crate::site_test::{Outcome, SiteTest};

const NOW: &str = "2022-12-29T01:30:00Z";

/// What a publication says, with variables of the environment; nobody's own files are read.
fn published(site: &SiteTest, to: &str, variables: &[(&str, &str)]) -> Outcome {
    let mut command = site.command(&["publish", "--now", NOW, "--to", to]);
    for (name, value) in variables {
        command = command.env(name, value);
    }
    Outcome::of(command.env("HOME", site.path("home")).assert())
}

#[test]
fn a_folder_needs_no_files_of_clouds() {
    // A folder stands where the file should, which cannot be read.
    let site = SiteTest::new().file("home/.aws/credentials/readme.txt", "");
    let done = published(&site, "live", &[]);
    assert_eq!((done.code(), done.stderr()), (0, ""));
    let bucket = published(&site, "s3://status", &[]);
    assert_eq!(bucket.code(), 2);
    assert!(
        bucket.stderr().contains("home/.aws/credentials"),
        "{}",
        bucket.stderr()
    );
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_none_of_clouds() {
    use std::os::unix::ffi::OsStrExt as _;

    let site = SiteTest::new();
    let broken = std::ffi::OsStr::from_bytes(b"\xff");
    let arguments = ["publish", "--now", NOW, "--to", "live"];
    let command = site.command(&arguments).env("BROKEN", broken);
    let done = Outcome::of(command.env("AWS_BROKEN", broken).assert());
    assert_eq!((done.code(), done.stderr()), (0, ""));
}
