//! The files of a site at a git revision, read by the `git` program.
//!
//! Only what people write is read, `allclear.toml` and the incident files: evidence is appended to
//! and thinned out by machines, and nobody relies on its history.

use std::io::{self, BufReader, Write as _};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::thread;

use camino::Utf8Path;

use super::files::{CONFIG, FileKind, Files, INCIDENTS, kind_of};
use crate::diagnostic::SourceFile;
use crate::error::Error;

/// Reads the site in `folder` as it was at `revision`; [`Files::config`] is `None` where it had no
/// `allclear.toml`. A file that is not UTF-8 is left out.
///
/// # Errors
///
/// Where there is no `git`, no repository, or no such revision in it.
pub fn read_revision(folder: &Utf8Path, revision: &str) -> Result<Files, Error> {
    let commit = commit(folder, revision)?;
    let listed = git(
        folder,
        &["ls-tree", "-r", "-z", &commit, "--", CONFIG, INCIDENTS],
    )?;
    if !listed.status.success() {
        return Err(failed(&listed));
    }
    let listed = String::from_utf8_lossy(&listed.stdout);
    let blobs: Vec<(&str, &Utf8Path)> = listed.split('\0').filter_map(blob).collect();
    let texts = contents(folder, &blobs)?;
    let mut files = Files::default();
    for ((_, path), text) in blobs.into_iter().zip(texts) {
        let Some(text) = text else { continue };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
        let path = path.to_owned();
        let file = Arc::new(SourceFile { path, text });
        if file.path == CONFIG {
            files.config = Some(file);
        } else {
            files.incidents.push(file);
        }
    }
    Ok(files)
}

/// The object and the path in a line of `ls-tree`, where the site reads that file.
fn blob(line: &str) -> Option<(&str, &Utf8Path)> {
    let (about, path) = line.split_once('\t')?;
    let mut about = about.split(' ');
    let is_file = about.next()?.starts_with("100") && about.next()? == "blob";
    let path = Utf8Path::new(path);
    let is_read = matches!(kind_of(path), Some(FileKind::Config | FileKind::Incident));
    (is_file && is_read).then_some((about.next()?, path))
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
        return Ok(String::from_utf8_lossy(&found.stdout).trim().to_owned());
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

fn command(folder: &Utf8Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).stdin(Stdio::null());
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
fn contents(folder: &Utf8Path, blobs: &[(&str, &Utf8Path)]) -> Result<Vec<Option<String>>, Error> {
    let mut child = command(folder)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| not_run(&error))?;
    let broken = |error: io::Error| Error::Git(format!("`git cat-file` broke off: {error}"));
    let names: String = blobs.iter().map(|(name, _)| format!("{name}\n")).collect();
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let texts = thread::scope(|scope| {
        // `git` answers while it is being asked: were both done in turn, each would wait for the other.
        if let Some(mut input) = input {
            scope.spawn(move || input.write_all(names.as_bytes()));
        }
        let Some(output) = output else {
            return Ok(Vec::new());
        };
        let mut output = BufReader::new(output);
        blobs.iter().map(|_| one(&mut output)).collect()
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
