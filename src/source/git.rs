//! The files of a site at a git revision, read by the `git` program.
//!
//! Only what says something of the past is read: `allclear.toml`, the incident files and the evidence.

use std::sync::Arc;

use camino::Utf8Path;

use self::program::{contents, failed, git, said};
use super::files::{CONFIG, EVIDENCE, Files};
use crate::diagnostic::SourceFile;
use crate::error::Error;
use crate::system::path::real_utf8;

#[cfg(feature = "agent")]
pub(crate) use self::program::command;

mod program;
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
    let commit = commit_of(folder, revision)?;
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
        } else if file.path.starts_with(EVIDENCE) {
            files.evidence.push(file);
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

/// The commit that is checked out in the repository in which the site in `folder` lies; `None` where it lies in none, or
/// `git` cannot tell.
///
/// Files may have changed since: what is published is what they say, and this is where they came from.
pub fn commit(folder: &Utf8Path) -> Option<String> {
    let folder = real_utf8(folder).ok()?;
    // Without a repository nothing is run.
    folder.ancestors().find(|it| it.join(".git").exists())?;
    commit_of(&folder, "HEAD").ok()
}

/// Whether the site in `folder` is as it was before a commit: where that came after the one that is checked out, or is not
/// known here at all, as before a `git pull`.
///
/// Where not all of the history is there, as in most pipelines, a commit that is not known proves nothing.
pub fn is_behind(folder: &Utf8Path, commit: &str) -> bool {
    let is_name = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(here) = self::commit(folder) else {
        return false;
    };
    if !is_name || here == commit {
        return false;
    }
    match commit_of(folder, commit) {
        Ok(_) => git(folder, &["merge-base", "--is-ancestor", "HEAD", commit])
            .is_ok_and(|found| found.status.success()),
        Err(Error::NoRevision { shallow, .. }) => !shallow,
        Err(_) => false,
    }
}

/// The commit that a revision names.
fn commit_of(folder: &Utf8Path, revision: &str) -> Result<String, Error> {
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
