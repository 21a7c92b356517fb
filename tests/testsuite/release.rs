//! A release of the program, on a web server of this machine.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use crate::site_test::SiteTest;
use crate::web_server::{Reply, WebServer};

/// The version that is running.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Systems of which a release has the program, each with the name of its file.
const TARGETS: [(&str, &str); 7] = [
    ("x86_64-unknown-linux-musl", "allclear"),
    ("aarch64-unknown-linux-musl", "allclear"),
    ("x86_64-unknown-linux-gnu", "allclear"),
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
    files: BTreeMap<String, Vec<u8>>,
}

impl Release {
    /// A release whose program is a shell script of these lines: a program for tests need not be large.
    pub(crate) fn of(lines: &str) -> Self {
        Self::served(files(lines))
    }

    /// The program as it was built for the tests.
    pub(crate) fn of_the_program() -> Self {
        let program = snapbox::cmd::cargo_bin!("allclear").display().to_string();
        Self::of(&format!("exec {program} \"$@\""))
    }

    /// The same, but for the archives, which are others than their sums say.
    pub(crate) fn spoiled(lines: &str) -> Self {
        let mut files = files(lines);
        for (path, bytes) in &mut files {
            if path.ends_with(".tgz") {
                *bytes = b"anything".to_vec();
            }
        }
        Self::served(files)
    }

    fn served(files: BTreeMap<String, Vec<u8>>) -> Self {
        let served = files.clone();
        let server = WebServer::new(move |path, _| {
            let file = path.strip_prefix(RELEASES);
            let bytes = file.and_then(|file| served.get(file.trim_start_matches('/')));
            bytes.map_or_else(Reply::missing, |bytes| Reply::ok(bytes.clone()))
        });
        Self { server, files }
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

    /// The SHA-256 sum that the release gives of the archive for a system.
    pub(crate) fn sum(&self, target: &str) -> String {
        let sums = &self.files[&format!("v{VERSION}/SHA256SUMS")];
        let sums = String::from_utf8(sums.clone()).unwrap();
        let mut lines = sums.lines();
        let line = lines.find(|line| line.ends_with(&format!("  {}", archive(target))));
        line.unwrap().split(' ').next().unwrap().to_owned()
    }
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
    files.insert(format!("v{VERSION}/SHA256SUMS"), sums.into_bytes());
    files
}
