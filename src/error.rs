//! Failures of the environment: a folder that is not there, a full disk, an output that is not ours.
//!
//! Nothing in a site's files ever ends up here; that is a [`crate::diagnostic::Diagnostic`].

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use camino::{Utf8Path, Utf8PathBuf};

/// A failure of the environment, which keeps a command from doing its work.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The site's folder has no `allclear.toml`.
    NoSite(Utf8PathBuf),
    /// Reading or writing failed.
    Io {
        /// The attempt, as a verb: `write`.
        action: &'static str,
        /// The path.
        path: Utf8PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A path of the site leads out of the site's folder.
    OutsideSite(Utf8PathBuf),
    /// A link of the site leads to nothing.
    LinkToNothing(Utf8PathBuf),
    /// Something else stands where a file is meant.
    NoFile {
        /// The path.
        path: Utf8PathBuf,
        /// The thing that stands there: `a FIFO`.
        what: &'static str,
    },
    /// The folder of incidents holds nothing any more, though the last build in this output folder had some.
    NoIncidentsLeft(Utf8PathBuf),
    /// The output folder holds files that no build of this program made.
    ForeignOutput(Utf8PathBuf),
    /// The output folder is, holds, or lies in something that a build must not touch.
    UnsafeOutput {
        /// The output folder.
        path: Utf8PathBuf,
        /// The reason.
        reason: &'static str,
    },
    /// Something in the output folder, which no build of this program made, stands where the site
    /// has a file or a folder.
    ForeignFile(Utf8PathBuf),
    /// A file of the site has a path that it cannot be written at.
    OutputPath {
        /// The path, from the output folder.
        path: Utf8PathBuf,
        /// The reason.
        reason: &'static str,
    },
    /// Two files of the site cannot both be written: their paths are the same, differ only by case,
    /// or one is a folder of the other.
    OutputClash {
        /// The first path, from the output folder.
        first: Utf8PathBuf,
        /// The second path, from the output folder.
        second: Utf8PathBuf,
    },
    /// Another build is writing to the output folder.
    Busy(Utf8PathBuf),
    /// Another agent is at work on the output folder.
    AgentAtWork(Utf8PathBuf),
    /// Another agent of the same site keeps its evidence.
    AgentOfSite(Utf8PathBuf),
    /// Another collector counts the reports of the same site.
    CollectorAtWork(Utf8PathBuf),
    /// Another program keeps the folder of a file locked.
    Locked(Utf8PathBuf),
    /// A file that is to be new is there already.
    Exists(Utf8PathBuf),
    /// A file was written, and the disk does not confirm that it keeps it.
    Unconfirmed {
        /// The path.
        path: Utf8PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The repository of the site has no such revision.
    NoRevision {
        /// The revision.
        revision: String,
        /// Whether the repository lacks a part of its history.
        shallow: bool,
    },
    /// The site's configuration could not be read as it was at a revision.
    UnreadableRevision {
        /// The revision.
        revision: String,
        /// What was wrong with it.
        message: String,
    },
    /// `git` could not be run, or failed with these words.
    Git(String),
    /// The system did not let the server listen.
    Serve {
        /// The address, with its port.
        address: SocketAddr,
        /// The system's error.
        source: io::Error,
    },
    /// The system did not let the agent listen for programs that watch it.
    Listen {
        /// The address, with its port.
        address: SocketAddr,
        /// The system's error.
        source: io::Error,
    },
    /// The system could not watch the files of the site.
    Watch {
        /// The path that was to be watched.
        path: Utf8PathBuf,
        /// The system's error.
        message: String,
    },
}

impl Error {
    /// Gives an input or output error its path and what was attempted.
    pub fn io(action: &'static str, path: impl AsRef<Utf8Path>) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    /// The way to fix it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoSite(_) => "run `allclear init` to start a site here, or name its folder with `--site DIR`".into(),
            Self::NoIncidentsLeft(_) => {
                "bring back the mount or the submodule that is missing; if the site really has no incidents any more, put a `README.md` into `incidents/`".into()
            }
            Self::OutsideSite(_) => {
                "nothing was changed; name a place in the site's folder, from which no link leads out".into()
            }
            Self::LinkToNothing(_) => "bring back what it leads to, or remove the link".into(),
            Self::NoFile { .. } => "put a file in its place, or remove it".into(),
            Self::ForeignOutput(_) => {
                "name an empty or a new folder with `-o DIR`; allclear deletes only what it made itself".into()
            }
            Self::ForeignFile(_) => {
                "move it out of the output folder; allclear overwrites only what it made itself".into()
            }
            Self::OutputPath { .. } => "rename the file of the site that it is made from".into(),
            Self::OutputClash { .. } => "rename one of the two files that they are made from".into(),
            Self::UnsafeOutput { .. } => "name another folder with `-o DIR`".into(),
            Self::Busy(_) => "wait until the other build has ended, then run this one again".into(),
            Self::AgentAtWork(_) => {
                "nothing was done; end the other one first, or name another folder with `-o DIR`".into()
            }
            Self::AgentOfSite(_) => {
                "nothing was done; one agent does all the work of a site, so end the other one first".into()
            }
            Self::CollectorAtWork(_) => {
                "nothing was done; one collector counts all reports of a site, by itself or as part of its agent, so end the other one first".into()
            }
            Self::Locked(_) => {
                "find the program that hangs, as by `lsof` and the folder's name, and end it; then run this again".into()
            }
            Self::Exists(_) => "nothing was changed; move it away or choose another name".into(),
            Self::Unconfirmed { .. } => {
                "the new text stands in the file now; look whether it still does after a restart".into()
            }
            Self::NoRevision { shallow: true, revision } => format!(
                "this clone is shallow: run `git fetch --depth=1 origin {revision}` first, or clone with the whole history (`fetch-depth: 0` in GitHub's checkout)"
            ),
            Self::NoRevision { shallow: false, .. } => {
                "name a commit, a branch or a tag, as `--since origin/main`".into()
            }
            Self::UnreadableRevision { .. } => "name a revision at which the site could be built".into(),
            Self::Git(_) => "`--since` needs `git`, and a site that lies in a git repository".into(),
            Self::Watch { .. } => "try `--poll`, which asks nothing of the system".into(),
            Self::Serve { .. } => {
                "choose another port with `--port`, or leave it out to get a free one".into()
            }
            Self::Listen { .. } => {
                "choose another port with `--listen`; `--listen 127.0.0.1:0` takes a free one".into()
            }
            Self::Io { action, source, .. } => return hint_to_act(action, source.kind()),
        })
    }
}

/// The way to fix what the system refused.
fn hint_to_act(action: &str, kind: ErrorKind) -> Option<String> {
    let is_written =
        ["open", "write", "make", "make the folder", "delete", "lock"].contains(&action);
    let hint = match kind {
        ErrorKind::FileTooLarge if !is_written => "shorten it, or split it",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "make room there, then run this again; nothing is half written"
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem if is_written => {
            "allow writing there, then run this again; nothing is half written"
        }
        _ if is_written => "put that right, then run this again; nothing is half written",
        _ => return None,
    };
    Some(hint.to_owned())
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSite(path) => write!(f, "there is no `allclear.toml` in `{path}`"),
            Self::Io {
                action,
                path,
                source,
            } => write!(f, "cannot {action} `{path}`: {source}"),
            Self::NoIncidentsLeft(output) => write!(
                f,
                "`incidents/` holds nothing, but the last build in `{output}` had incidents; nothing was written"
            ),
            Self::OutsideSite(path) => write!(f, "`{path}` leads out of the site's folder"),
            Self::LinkToNothing(path) => write!(f, "`{path}` is a link that leads to nothing"),
            Self::NoFile { path, what } => write!(f, "`{path}` is {what}, not a file"),
            Self::Serve { address, source } | Self::Listen { address, source } => {
                write!(f, "cannot serve at `{address}`: {source}")
            }
            Self::ForeignOutput(path) => {
                write!(
                    f,
                    "`{path}` holds files that allclear did not make; nothing was written"
                )
            }
            Self::UnsafeOutput { path, reason } => {
                write!(
                    f,
                    "cannot use `{path}` as the output folder: {reason}; nothing was written"
                )
            }
            Self::ForeignFile(path) => write!(
                f,
                "`{path}` is in the way, and allclear did not make it; nothing was written"
            ),
            Self::OutputPath { path, reason } => {
                write!(
                    f,
                    "cannot write `{path}` of the site: {reason}; nothing was written"
                )
            }
            Self::OutputClash { first, second } => write!(
                f,
                "`{first}` and `{second}` of the site cannot both be written; nothing was written"
            ),
            Self::Busy(path) => write!(
                f,
                "another build is writing to `{path}`; nothing was written"
            ),
            Self::AgentAtWork(path) => write!(f, "another agent is at work on `{path}`"),
            Self::AgentOfSite(path) => write!(f, "another agent keeps its evidence in `{path}`"),
            Self::CollectorAtWork(path) => {
                write!(f, "another collector counts reports into `{path}`")
            }
            Self::Locked(path) => write!(
                f,
                "another program has kept `{path}` locked for minutes; nothing was written"
            ),
            Self::Exists(path) => write!(f, "`{path}` is there already"),
            Self::Unconfirmed { path, source } => write!(
                f,
                "`{path}` was written, but the disk does not confirm that it keeps it: {source}"
            ),
            Self::NoRevision { revision, .. } => {
                write!(f, "there is no revision `{revision}` in this repository")
            }
            Self::UnreadableRevision { revision, message } => write!(
                f,
                "`allclear.toml` cannot be read as it was at `{revision}`, so there is nothing to compare with: {message}"
            ),
            Self::Watch { path, message } => write!(f, "cannot watch `{path}`: {message}"),
            Self::Git(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. }
            | Self::Unconfirmed { source, .. }
            | Self::Serve { source, .. }
            | Self::Listen { source, .. } => Some(source),
            _ => None,
        }
    }
}
