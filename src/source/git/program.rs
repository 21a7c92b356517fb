//! The program `git`.

use std::io::{self, BufReader, Write as _};
use std::process::{Command, Output, Stdio};
use std::thread;

use camino::Utf8Path;

use crate::error::Error;

/// Runs git in a folder.
pub(super) fn git(folder: &Utf8Path, arguments: &[&str]) -> Result<Output, Error> {
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

/// A run of git in a folder, in whose repository it stays.
pub(crate) fn command(folder: &Utf8Path) -> Command {
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

/// The failure that git speaks of.
pub(super) fn failed(output: &Output) -> Error {
    let message = String::from_utf8_lossy(&output.stderr);
    Error::Git(message.trim().trim_start_matches("fatal: ").to_owned())
}

/// The texts of objects, in their order; `None` for one that is not UTF-8.
pub(super) fn contents<'a>(
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

/// The text that git printed.
pub(super) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
