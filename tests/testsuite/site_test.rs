//! The builder of small sites.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use snapbox::cmd::{Command, OutputAssert};

/// The instant that tests build for, unless they say otherwise.
pub(crate) const NOW: &str = "2022-12-29T01:30:00Z";

/// A site in a temporary folder, and the program run on it.
pub(crate) struct SiteTest {
    dir: tempfile::TempDir,
}

impl SiteTest {
    /// A site with the components `web`, `api` and `login`, in New York.
    pub(crate) fn new() -> Self {
        Self::empty().file(
            "allclear.toml",
            r#"title = "Example Status"
base_url = "https://status.example.com/"
languages = ["en", "ar"]
time_zone = "America/New_York"

[[components]]
id = "web"
name = "Web"

[[components]]
id = "api"
name = "API"

[[components]]
id = "login"
name = "Log-in"
"#,
        )
    }

    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    /// Writes a file of the site.
    pub(crate) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(path, text);
        self
    }

    /// Writes a file of the site.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The full path of a file of the site.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// The text of a file of the site.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The program, to be run in the site's folder with nothing of the caller's environment that
    /// could change what it prints.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        Command::new(snapbox::cmd::cargo_bin!("allclear"))
            .current_dir(self.dir.path())
            .env_remove("SOURCE_DATE_EPOCH")
            .env_remove("ALLCLEAR_SITE")
            .env_remove("CLICOLOR_FORCE")
            .env("NO_COLOR", "1")
            .env("TZ", "Pacific/Auckland")
            .args(arguments)
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> OutputAssert {
        self.command(arguments).assert()
    }

    /// Builds for [`NOW`], which must succeed.
    pub(crate) fn build(&self) -> &Self {
        self.run(&["build", "--now", NOW]).success();
        self
    }

    /// Every file of the output, sorted, without those that only the program reads.
    pub(crate) fn outputs(&self) -> Vec<String> {
        let mut files = files_below(&self.path("public"));
        files.retain(|file| !file.starts_with('.'));
        files
    }

    /// The content of every file of the output.
    pub(crate) fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let files = self.outputs().into_iter();
        files
            .map(|file| {
                let bytes = fs::read(self.path("public").join(&file)).unwrap();
                (file, bytes)
            })
            .collect()
    }
}

/// Every file below a folder, sorted, with `/` between the parts of its path.
pub(crate) fn files_below(root: &Path) -> Vec<String> {
    let mut files = Vec::new();
    walk(root, root, &mut files);
    files.sort();
    files
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, files);
        } else {
            files.push(
                path.strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned(),
            );
        }
    }
}
