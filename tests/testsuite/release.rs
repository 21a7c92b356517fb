//! A release of the program, on a web server of this machine.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use crate::site_test::SiteTest;
use crate::web_server::{Reply, WebServer};

/// The version that is running.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The name of the list of sums.
pub(crate) const SUMS: &str = "SHA256SUMS";

/// Systems of which a release has the program, each with the name of its file.
const TARGETS: [(&str, &str); 8] = [
    ("x86_64-unknown-linux-musl", "allclear"),
    ("aarch64-unknown-linux-musl", "allclear"),
    ("x86_64-unknown-linux-gnu", "allclear"),
    ("aarch64-unknown-linux-gnu", "allclear"),
    ("x86_64-apple-darwin", "allclear"),
    ("aarch64-apple-darwin", "allclear"),
    ("x86_64-pc-windows-msvc", "allclear.exe"),
    ("aarch64-pc-windows-msvc", "allclear.exe"),
];

/// The path of all releases of a repository.
const RELEASES: &str = "/acme/allclear/releases/download";

/// A release on a server, as the repository `acme/allclear` has it.
pub(crate) struct Release {
    server: WebServer,
    /// The list of sums, before anything was changed.
    sums: String,
}

impl Release {
    /// A release whose program is a shell script of these lines: a program for tests need not be large.
    pub(crate) fn of(lines: &str) -> Self {
        Self::changed(lines, |_| ())
    }

    /// The program as it was built for the tests.
    pub(crate) fn of_the_program() -> Self {
        Self::of(&the_program())
    }

    /// The same, with another list of sums.
    pub(crate) fn of_the_program_listed(list: impl Fn(&str) -> String) -> Self {
        Self::changed(&the_program(), |files| {
            let sums = files.get_mut(&format!("v{VERSION}/{SUMS}")).unwrap();
            *sums = list(std::str::from_utf8(sums).unwrap()).into_bytes();
        })
    }

    /// The same, but for the archives, which are others than their sums say.
    pub(crate) fn spoiled(lines: &str) -> Self {
        Self::changed(lines, |files| {
            for (path, bytes) in files {
                if path.ends_with(".tgz") {
                    *bytes = b"anything".to_vec();
                }
            }
        })
    }

    /// A release as [`Self::of`] makes it, with what is changed in its files.
    pub(crate) fn changed(
        lines: &str,
        change: impl FnOnce(&mut BTreeMap<String, Vec<u8>>),
    ) -> Self {
        let mut files = files(lines);
        let sums = files[&format!("v{VERSION}/{SUMS}")].clone();
        change(&mut files);
        let server = WebServer::new(move |path, _| {
            let file = path.strip_prefix(RELEASES);
            let bytes = file.and_then(|file| files.get(file.trim_start_matches('/')));
            bytes.map_or_else(Reply::missing, |bytes| Reply::ok(bytes.clone()))
        });
        let sums = String::from_utf8(sums).unwrap();
        Self { server, sums }
    }

    /// The address of the server.
    pub(crate) fn server(&self) -> &str {
        self.server.url().trim_end_matches('/')
    }

    /// The address of all releases.
    pub(crate) fn address(&self) -> String {
        format!("{}{RELEASES}", self.server())
    }

    /// What was asked for, below the address of all releases.
    pub(crate) fn asked(&self) -> Vec<String> {
        let paths = self.server.asked().into_iter();
        paths.map(|path| path.replace(RELEASES, "")).collect()
    }

    /// The SHA-256 sum of the archive for a system, before anything was changed.
    pub(crate) fn sum(&self, target: &str) -> String {
        let name = format!("  {}", archive(target));
        let line = self.sums.lines().find(|line| line.ends_with(&name));
        line.unwrap().split(' ').next().unwrap().to_owned()
    }
}

/// The lines of a script that is the program as it was built for the tests.
fn the_program() -> String {
    let program = snapbox::cmd::cargo_bin!("allclear").display().to_string();
    format!("exec {program} \"$@\"")
}

/// The system of which the release has the program that runs here.
pub(crate) fn here() -> String {
    format!("{}-unknown-linux-musl", std::env::consts::ARCH)
}

/// The name of the archive for a system.
pub(crate) fn archive(target: &str) -> String {
    format!("allclear-{target}-v{VERSION}.tgz")
}

/// The files of a release, by their paths.
fn files(lines: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = SiteTest::empty();
    let mut sums = String::new();
    let mut files = BTreeMap::new();
    for (target, program) in TARGETS {
        let archive = archive(target);
        let name = archive.trim_end_matches(".tgz");
        let script = format!("{name}/{program}");
        folder.write(&script, format!("#!/bin/sh\n{lines}\n"));
        folder.write(&format!("{name}/README.md"), "# allclear\n");
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path(&script), mode).unwrap();
        let packed = Command::new("tar")
            .args(["-czf", &archive, name])
            .current_dir(folder.path(""))
            .status();
        assert!(packed.unwrap().success());
        let summed = Command::new("sha256sum")
            .arg(&archive)
            .current_dir(folder.path(""))
            .stderr(Stdio::inherit())
            .output();
        sums.push_str(&String::from_utf8(summed.unwrap().stdout).unwrap());
        let bytes = std::fs::read(folder.path(&archive)).unwrap();
        files.insert(format!("v{VERSION}/{archive}"), bytes);
    }
    files.insert(format!("v{VERSION}/{SUMS}"), sums.into_bytes());
    files
}
