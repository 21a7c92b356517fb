//! The outcome of a run.

use std::process::ExitCode;

use allclear::diagnostic::Diagnostics;

/// The outcome of a run, which its exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It ended as it should.
    Clean,
    /// It found errors in the site's files.
    Findings,
    /// It could not do its work: the environment or the arguments did not allow it.
    CouldNotRun,
    /// `status` found that something is wrong with the service.
    Trouble,
    /// `publish` or `verify` found that what is live is newer.
    #[cfg_attr(
        not(feature = "agent"),
        expect(dead_code, reason = "both open connections")
    )]
    Newer,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::CouldNotRun => 2,
            Outcome::Trouble | Outcome::Newer => 3,
        })
    }
}

impl Outcome {
    /// The end of a run with these diagnostics.
    pub(crate) fn of(diagnostics: &Diagnostics) -> Self {
        match diagnostics.errors() {
            0 => Self::Clean,
            _ => Self::Findings,
        }
    }
}
