//! Following a branch: its new commits are taken over, and nothing else ever is.
//!
//! Only a fast-forward is taken: a branch that was rewritten is not, for a page whose history has changed wants a person to
//! look. Files that git does not know, as evidence that stays here, are not touched.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant as Clock};

use camino::{Utf8Path, Utf8PathBuf};

use crate::site::config::Follow;
use crate::source::git_command;
use crate::system::path::real_utf8;
use crate::system::process;

/// How long git may take to ask another machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long git may take for what it does on this machine.
const LOCAL_PATIENCE: Duration = Duration::from_secs(60);

/// How long is waited for what git said, once it has ended.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How often it is looked whether git has ended.
const INTERVAL: Duration = Duration::from_millis(20);

/// What was taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The branch, with its remote: `origin/main`.
    pub branch: String,
    /// The new commit.
    pub commit: String,
}

/// Takes over the new commits of the branch that a site follows; `None` where there is none, or nothing to follow. A stop
/// ends it early.
///
/// # Errors
///
/// Why that could not be done, in words.
pub fn follow(
    folder: &Utf8Path,
    branch: &Follow,
    is_stopped: &dyn Fn() -> bool,
) -> Result<Option<Followed>, String> {
    let Some(folder) = checkout(folder) else {
        return match branch {
            Follow::Branch { .. } => Err("the site lies in no git repository".to_owned()),
            Follow::Upstream | Follow::Nothing => Ok(None),
        };
    };
    let git = Git {
        folder: &folder,
        is_stopped,
    };
    let Some((remote, name)) = git.branch(branch)? else {
        return Ok(None);
    };
    let branch = format!("{remote}/{name}");
    git.run(&["fetch", "--quiet", "--no-tags", &remote, &name], PATIENCE)?
        .or_else(|said| failed(&format!("`{branch}` could not be fetched"), &said))?;
    let fetched = git.commit("FETCH_HEAD^{commit}")?;
    let here = git.commit("HEAD^{commit}")?;
    if fetched == here {
        return Ok(None);
    }
    let is_ahead = git.run(
        &["merge-base", "--is-ancestor", &here, &fetched],
        LOCAL_PATIENCE,
    )?;
    if is_ahead.is_err() {
        return Err(format!(
            "`{branch}` lacks the commit that is checked out here: it was rewritten, or something was committed here; \
             nothing was taken over"
        ));
    }
    git.run(&["merge", "--quiet", "--ff-only", &fetched], LOCAL_PATIENCE)?
        .or_else(|said| failed(&format!("`{branch}` could not be taken over"), &said))?;
    Ok(Some(Followed {
        branch,
        commit: fetched,
    }))
}

/// The folder of a site, where it lies in a working tree of git. Without one, nothing is run.
fn checkout(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    let folder = real_utf8(folder).ok()?;
    let is_in_tree = folder.ancestors().any(|it| it.join(".git").exists());
    is_in_tree.then_some(folder)
}

fn failed(what: &str, said: &str) -> Result<String, String> {
    Err(match said {
        "" => what.to_owned(),
        said => format!("{what}: {said}"),
    })
}

/// Runs of git in a folder.
struct Git<'a> {
    folder: &'a Utf8Path,
    is_stopped: &'a dyn Fn() -> bool,
}

impl Git<'_> {
    /// The remote and the name of the branch that is followed.
    fn branch(&self, follow: &Follow) -> Result<Option<(String, String)>, String> {
        match follow {
            Follow::Nothing => Ok(None),
            Follow::Branch { remote, branch } => Ok(Some((remote.clone(), branch.clone()))),
            Follow::Upstream => {
                let head = self.run(&["symbolic-ref", "--quiet", "HEAD"], LOCAL_PATIENCE)?;
                let Ok(head) = head else { return Ok(None) };
                let format = "--format=%(upstream:remotename) %(upstream:remoteref)";
                let upstream = self.run(&["for-each-ref", format, &head], LOCAL_PATIENCE)?;
                let upstream = upstream.unwrap_or_default();
                let parts = upstream.split_once(" refs/heads/");
                let parts = parts.filter(|(remote, _)| !remote.is_empty());
                Ok(parts.map(|(remote, name)| (remote.to_owned(), name.to_owned())))
            }
        }
    }

    fn commit(&self, revision: &str) -> Result<String, String> {
        let found = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            revision,
        ];
        self.run(&found, LOCAL_PATIENCE)?
            .or_else(|said| failed(&format!("there is no commit `{revision}`"), &said))
    }

    /// What git said: on its output, or where it failed, on its error output.
    fn run(
        &self,
        arguments: &[&str],
        patience: Duration,
    ) -> Result<Result<String, String>, String> {
        let mut command = git_command(self.folder);
        command
            .args(["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=15"])
            .args(arguments)
            // Nobody is there to answer.
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let (status, output, errors) = self
            .finished(&mut command, patience)
            .map_err(|why| format!("`git {}`: {why}", arguments[0]))?;
        Ok(match status.success() {
            true => Ok(output),
            false => Err(line(&errors)),
        })
    }

    fn finished(
        &self,
        command: &mut Command,
        patience: Duration,
    ) -> Result<(ExitStatus, String, String), String> {
        // Whom git starts is ended with it, and a key that is meant for the agent reaches none of them.
        process::set_apart(command);
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let begun = Clock::now();
        let (output, errors) = (text(child.stdout.take()), text(child.stderr.take()));
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if (self.is_stopped)() => {
                    end(&mut child);
                    return Err("it was stopped".to_owned());
                }
                Ok(None) if begun.elapsed() > patience => {
                    end(&mut child);
                    return Err(format!("it took longer than {} s", patience.as_secs()));
                }
                Ok(None) => thread::sleep(INTERVAL),
                Err(error) => return Err(error.to_string()),
            }
        };
        // Whatever git has started may go on writing: nobody waits for that.
        let said = |text: Receiver<String>| text.recv_timeout(LAST_WORDS).unwrap_or_default();
        Ok((status, said(output), said(errors)))
    }
}

/// Ends a run of git, which removes the files by which it locks the repository, where it is asked.
fn end(child: &mut Child) {
    if process::ask_to_end(child) {
        for _ in 0..50 {
            if matches!(child.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            thread::sleep(INTERVAL);
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// What comes out of a stream, once that ends.
fn text(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.read_to_end(&mut bytes);
        }
        // Where git was ended, nobody listens any more.
        let _ = sender.send(String::from_utf8_lossy(&bytes).trim().to_owned());
    });
    receiver
}

/// The first line of what git said, without passwords in addresses.
fn line(said: &str) -> String {
    let mut lines = said.lines().map(|line| {
        line.trim_start_matches("fatal: ")
            .trim_start_matches("error: ")
    });
    let first = lines.find(|line| !line.is_empty()).unwrap_or_default();
    without_secrets(first)
}

/// A text without the names and passwords that stand in its addresses: `https://user:secret@host/`.
fn without_secrets(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        clean.push_str(before);
        let end = after.find(['/', ' ', '\'', '"']).unwrap_or(after.len());
        let from = after[..end].rfind('@').map_or(0, |at| at + 1);
        if from > 0 {
            clean.push_str("…@");
        }
        clean.push_str(&after[from..end]);
        rest = &after[end..];
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn what_git_says_names_no_password() {
        for (said, expected) in [
            (
                "fatal: unable to access 'https://bot:s3cret@git.example.com/a.git/': no route",
                "unable to access 'https://…@git.example.com/a.git/': no route",
            ),
            (
                "\nfatal: 'https://git.example.com/a.git' not found\nfatal: more",
                "'https://git.example.com/a.git' not found",
            ),
            ("https://a@b@c https://d:e@f", "https://…@c https://…@f"),
            ("", ""),
        ] {
            assert_eq!(line(said), expected);
        }
    }
}
