//! The files of a site at a git revision, read by the `git` program.
//!
//! Only what people write is read, `allclear.toml` and the incident files: evidence is appended to
//! and thinned out by machines, and nobody relies on its history.

use std::io::{self, BufReader, Write as _};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::thread;

use camino::Utf8Path;

use super::files::{CONFIG, Files};
use crate::diagnostic::SourceFile;
use crate::error::Error;

mod tree;

/// A site at a git revision.
#[derive(Debug)]
pub struct Revision {
    /// Its files; [`Files::config`] is `None` where it had no `allclear.toml`. A file that is not UTF-8 is left out.
    pub files: Files,
    /// The name of the commit: as it was asked for, or the first digits of its hash where the branch that was asked
    /// for has moved on.
    pub name: String,
}

/// Reads the site in `folder` as it was at `revision`. Where that is a branch which has moved on since the present one
/// left it, the commit is read at which the two parted: what others have published there since is nothing
/// that the present branch could have taken away.
///
/// # Errors
///
/// Where there is no `git`, no repository, or no such revision in it, or where the incidents are a repository of their own.
pub fn read_revision(folder: &Utf8Path, revision: &str) -> Result<Revision, Error> {
    let commit = commit(folder, revision)?;
    let parted = parted(folder, revision, &commit)?;
    let name = match &parted {
        Some(parted) => parted.chars().take(SHORT).collect(),
        None => revision.to_owned(),
    };
    let commit = parted.unwrap_or(commit);
    let tree = tree::read(folder, &commit)?;
    let texts = contents(folder, tree.iter().map(|file| file.object.as_str()))?;
    let mut files = Files::default();
    for (tree::File { path, .. }, text) in tree.into_iter().zip(texts) {
        let Some(text) = text else { continue };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
        let file = Arc::new(SourceFile { path, text });
        if file.path == CONFIG {
            files.config = Some(file);
        } else {
            files.incidents.push(file);
        }
    }
    Ok(Revision { files, name })
}

/// The number of digits that name a commit to people.
const SHORT: usize = 10;

/// The commit at which the present branch left the branch `revision`, where that has moved on since.
fn parted(folder: &Utf8Path, revision: &str, commit: &str) -> Result<Option<String>, Error> {
    let full_name = [
        "rev-parse",
        "--symbolic-full-name",
        "--end-of-options",
        revision,
    ];
    let full_name = said(&git(folder, &full_name)?);
    let is_branch = ["refs/heads/", "refs/remotes/"]
        .iter()
        .any(|of| full_name.contains(of));
    if !is_branch {
        return Ok(None);
    }
    // It fails where the two have nothing in common, and says nothing before the first commit.
    let base = git(folder, &["merge-base", "HEAD", commit])?;
    let base = said(&base);
    Ok(Some(base).filter(|base| !base.is_empty() && base != commit))
}

/// The text that git printed.
fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// The commit that a revision names.
fn commit(folder: &Utf8Path, revision: &str) -> Result<String, Error> {
    let wanted = format!("{revision}^{{commit}}");
    let found = git(
        folder,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &wanted,
        ],
    )?;
    if found.status.success() {
        return Ok(said(&found));
    }
    let shallow = git(folder, &["rev-parse", "--is-shallow-repository"])?;
    if !shallow.status.success() {
        return Err(failed(&shallow));
    }
    Err(Error::NoRevision {
        revision: revision.to_owned(),
        shallow: shallow.stdout.starts_with(b"true"),
    })
}

fn git(folder: &Utf8Path, arguments: &[&str]) -> Result<Output, Error> {
    command(folder)
        .args(arguments)
        .output()
        .map_err(|error| not_run(&error))
}

/// The variables that would lead git to another repository than the one in which the site lies, as they are set in hooks.
const ELSEWHERE: [&str; 6] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
];

fn command(folder: &Utf8Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).stdin(Stdio::null());
    for variable in ELSEWHERE {
        command.env_remove(variable);
    }
    command
}

fn not_run(error: &io::Error) -> Error {
    Error::Git(format!("cannot run `git`: {error}"))
}

fn failed(output: &Output) -> Error {
    let message = String::from_utf8_lossy(&output.stderr);
    Error::Git(message.trim().trim_start_matches("fatal: ").to_owned())
}

/// The texts of objects, in their order; `None` for one that is not UTF-8.
fn contents<'a>(
    folder: &Utf8Path,
    objects: impl Iterator<Item = &'a str>,
) -> Result<Vec<Option<String>>, Error> {
    let mut child = command(folder)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| not_run(&error))?;
    let broken = |error: io::Error| Error::Git(format!("`git cat-file` broke off: {error}"));
    let names: Vec<String> = objects.map(|name| format!("{name}\n")).collect();
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let texts = thread::scope(|scope| {
        // `git` answers while it is being asked: were both done in turn, each would wait for the other.
        if let Some(mut input) = input {
            let names = names.concat();
            scope.spawn(move || input.write_all(names.as_bytes()));
        }
        let Some(output) = output else {
            return Ok(Vec::new());
        };
        let mut output = BufReader::new(output);
        names.iter().map(|_| one(&mut output)).collect()
    });
    child.wait().map_err(broken)?;
    texts.map_err(broken)
}

/// The next object of `cat-file --batch`: `NAME blob SIZE`, the content, a line break.
fn one(output: &mut impl io::BufRead) -> io::Result<Option<String>> {
    let mut head = String::new();
    output.read_line(&mut head)?;
    let size = head.trim().rsplit(' ').next();
    let size: usize = size
        .and_then(|size| size.parse().ok())
        .ok_or_else(|| io::Error::other(head.trim().to_owned()))?;
    let mut bytes = vec![0; size + 1];
    output.read_exact(&mut bytes)?;
    bytes.pop();
    Ok(String::from_utf8(bytes).ok())
}
