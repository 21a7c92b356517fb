//! Why a publication failed.

use std::fmt;

use super::hindrance::Hindrance;
use super::store::Refused;
use crate::time::{Instant, rfc3339};

/// Why nothing, or not all, was published. What is live is whole all the same, or will be with the next publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The live page is newer.
    Newer {
        /// Its instant.
        live: Instant,
        /// The instant of the build.
        build: Instant,
    },
    /// The live page is of a commit that the build's files do not have.
    Behind {
        /// That commit.
        live: String,
    },
    /// The live page is another site's.
    OtherSite {
        /// Its address.
        live: String,
        /// The address of the build.
        build: String,
    },
    /// What is there was not published by this program.
    Foreign,
    /// The build has no manifest.
    NoManifest,
    /// Others publish all the time.
    Contended,
    /// The place takes writes whose conditions do not hold.
    Unconditional,
    /// The place failed.
    Store {
        /// The path.
        path: String,
        /// The place's words, without secrets.
        why: String,
    },
    /// The place does not do what it is asked, and something can be done about it.
    Hindered {
        /// The path.
        path: String,
        /// What can be done about.
        hindrance: Hindrance,
        /// The place's words, without secrets.
        why: String,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { live, build } => write!(
                f,
                "the live page is of {}, which is later than {} of this build",
                rfc3339(*live),
                rfc3339(*build)
            ),
            Self::Behind { live } => write!(
                f,
                "the live page is of commit {}, and these files are as they were before it",
                live.get(..12).unwrap_or(live)
            ),
            Self::OtherSite { live, build } => write!(
                f,
                "the live page is that of {live}, and this build is for {build}"
            ),
            Self::Foreign => f.write_str("what is there was not published by allclear"),
            Self::NoManifest => f.write_str("the build has no `build.json`"),
            Self::Contended => f.write_str("others publish there all the time"),
            Self::Unconditional => {
                f.write_str("this store does not keep the conditions of writes (`If-Match`)")
            }
            Self::Store { path, why } | Self::Hindered { path, why, .. } => {
                write!(f, "`{path}`: {why}")
            }
        }
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// The failure of a place at a path.
    pub(super) fn of_store(path: &str, refused: Refused) -> Self {
        let path = path.to_owned();
        match refused {
            Refused::Changed => Self::Store {
                path,
                why: "somebody else has changed it".to_owned(),
            },
            Refused::Failed(why) | Refused::Unanswered(None, why) => Self::Store { path, why },
            Refused::Hindered(hindrance, why) | Refused::Unanswered(Some(hindrance), why) => {
                Self::Hindered {
                    path,
                    hindrance,
                    why,
                }
            }
        }
    }

    /// What to do.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Newer { .. } => "the later page stays; `--force` replaces it all the same",
            Self::Behind { .. } => {
                "that page stays; `git pull`, and publish again; or, where that commit was given up, replace it with `--force`"
            }
            Self::OtherSite { .. } => {
                "that page stays; name another place, or, after a move, replace it with `--force`"
            }
            Self::Foreign => {
                "it stays; name an empty place, or replace what is there with `--force`"
            }
            Self::NoManifest => "the format `build` must be among `[build] formats`",
            Self::Contended => "run it again",
            Self::Unconditional => {
                "publish to another store: there an older page could replace a newer one"
            }
            Self::Store { .. } => "fix that and run it again, which finishes what was begun",
            Self::Hindered { hindrance, .. } => hindrance.hint(),
        }
    }
}
