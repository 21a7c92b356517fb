//! The builder of small sites, and the outcomes of the program's runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use snapbox::IntoData;
use snapbox::cmd::{Command, OutputAssert};

/// The instant that tests build for, unless they say otherwise.
pub(crate) const NOW: &str = "2022-12-29T01:30:00Z";

/// A site in a temporary folder, and the program run on it.
#[must_use]
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

    /// An empty folder in another one.
    pub(crate) fn empty_in(folder: &Path) -> Self {
        Self {
            dir: tempfile::tempdir_in(folder).unwrap(),
        }
    }

    /// A copy of the repository's own site.
    pub(crate) fn demo() -> Self {
        let site = Self::empty();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        site.write(
            "allclear.toml",
            fs::read(root.join("allclear.toml")).unwrap(),
        );
        for folder in ["incidents", "evidence"] {
            let files = files_below(&root.join(folder));
            assert!(files.len() >= 2, "{folder}: {files:?}");
            for file in files {
                let bytes = fs::read(root.join(folder).join(&file)).unwrap();
                site.write(&format!("{folder}/{file}"), bytes);
            }
        }
        site
    }

    /// The site with a file more, or with another text in a file.
    #[track_caller]
    pub(crate) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(path, text);
        self
    }

    /// Writes a file of the site: the change of a site that was built already.
    #[track_caller]
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
    #[track_caller]
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

    /// The outcome of a run that must succeed and print nothing on standard error: a warning that nobody expects
    /// fails the test.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_exits(0, arguments)
    }

    /// The outcome of a run that must end with this exit code and print nothing on standard error: its answer is on
    /// standard output.
    #[track_caller]
    pub(crate) fn run_exits(&self, code: i32, arguments: &[&str]) -> Outcome {
        let outcome = Outcome::of(self.command(arguments).assert().code(code));
        let stderr = outcome.stderr();
        assert!(stderr.is_empty(), "{arguments:?} says on stderr:\n{stderr}");
        outcome
    }

    /// The outcome of a run that must succeed and warn on standard error.
    #[track_caller]
    pub(crate) fn run_warns(&self, arguments: &[&str]) -> Outcome {
        self.run_tells(0, arguments)
    }

    /// The outcome of a run that must fail with this exit code and say why on standard error.
    #[track_caller]
    pub(crate) fn run_fails(&self, code: i32, arguments: &[&str]) -> Outcome {
        assert_ne!(code, 0, "a failure has another exit code");
        self.run_tells(code, arguments)
    }

    /// The outcome of a run that must end with this exit code and print something on standard error.
    #[track_caller]
    fn run_tells(&self, code: i32, arguments: &[&str]) -> Outcome {
        let outcome = Outcome::of(self.command(arguments).assert().code(code));
        let is_told = !outcome.stderr().is_empty();
        assert!(is_told, "{arguments:?} says nothing on stderr");
        outcome
    }

    /// The built site: a build for [`NOW`], which must succeed without a warning.
    #[track_caller]
    pub(crate) fn build(&self) -> &Self {
        self.run(&["build", "--now", NOW]);
        self
    }

    /// The built site, as [`Self::build`] makes it, where `check` warns of something in its files.
    #[track_caller]
    pub(crate) fn build_with_warnings(&self) -> &Self {
        self.run_warns(&["build", "--now", NOW]);
        self
    }

    /// The JSON of `status` for the site at an instant. Its exit code is 3 where it reports trouble, else 0.
    #[track_caller]
    pub(crate) fn status(&self, now: &str) -> Value {
        self.status_of(".", now)
    }

    /// The JSON of `status` for the site in another folder.
    #[track_caller]
    pub(crate) fn status_of(&self, folder: &str, now: &str) -> Value {
        let arguments = ["status", "--site", folder, "--format", "json", "--now", now];
        let outcome = Outcome::of(self.command(&arguments).assert());
        let stderr = outcome.stderr();
        assert!(stderr.is_empty(), "{arguments:?} says on stderr:\n{stderr}");
        let status = outcome.json();
        let is_well =
            ["none", "maintenance"].contains(&status["headline"]["indicator"].as_str().unwrap());
        assert_eq!(outcome.code(), if is_well { 0 } else { 3 }, "{status:#}");
        status
    }

    /// Compares the `<main>` of a published page, byte by byte, with a snapshot.
    ///
    /// `SNAPSHOTS=overwrite` writes the snapshot anew.
    #[track_caller]
    pub(crate) fn check_page(&self, page: &str, expected: impl IntoData) {
        let text = self.read(&format!("public/{page}"));
        let main = text
            .split_once("<main")
            .and_then(|(_, rest)| rest.split_once("</main>"));
        let (main, _) = main.unwrap_or_else(|| panic!("{page} has no <main>:\n{text}"));
        snapbox::assert_data_eq!(format!("<main{main}</main>\n"), expected.raw());
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

/// The outcome of a run of a program: its exit code and what it printed.
pub(crate) struct Outcome {
    output: OutputAssert,
    stdout: String,
    stderr: String,
}

impl Outcome {
    /// The outcome of a run that has ended with an exit code, whatever it is, and printed UTF-8.
    #[track_caller]
    pub(crate) fn of(output: OutputAssert) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (stdout, stderr) = (
            text(&output.get_output().stdout),
            text(&output.get_output().stderr),
        );
        Self {
            output,
            stdout,
            stderr,
        }
    }

    /// The exit code.
    #[track_caller]
    pub(crate) fn code(&self) -> i32 {
        self.output.get_output().status.code().unwrap()
    }

    /// The text on standard output.
    pub(crate) fn stdout(&self) -> &str {
        &self.stdout
    }

    /// The text on standard error.
    pub(crate) fn stderr(&self) -> &str {
        &self.stderr
    }

    /// The JSON on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}:\n{}{}", self.stdout, self.stderr))
    }

    /// The outcome, once its standard output equals a snapshot.
    #[track_caller]
    pub(crate) fn expect_stdout(mut self, expected: impl IntoData) -> Self {
        self.output = self.output.stdout_eq(expected);
        self
    }

    /// The outcome, once its standard error equals a snapshot.
    #[track_caller]
    pub(crate) fn expect_stderr(mut self, expected: impl IntoData) -> Self {
        self.output = self.output.stderr_eq(expected);
        self
    }
}

/// A text with the line ends of Windows.
pub(crate) fn with_windows_line_ends(text: &[u8]) -> Vec<u8> {
    let mut last = 0;
    let ended = text.iter().flat_map(|byte| {
        let is_bare = *byte == b'\n' && last != b'\r';
        last = *byte;
        is_bare.then_some(b'\r').into_iter().chain([*byte])
    });
    ended.collect()
}

/// Every file below a folder, sorted, with `/` between the parts of its path.
pub(crate) fn files_below(root: &Path) -> Vec<String> {
    let mut files = Vec::new();
    walk(root, root, &mut files);
    files.sort();
    files
}

/// Adds the files below `folder` to `files`, by their paths from `root`.
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
