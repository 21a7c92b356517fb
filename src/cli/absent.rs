//! Commands that this program was built without.

use std::ffi::OsString;

use clap::Args;

use super::failure::{Failure, bad_argument};
use super::outcome::Outcome;

/// A command that needs the feature `agent`, without which this program was built
#[derive(Debug, Args)]
pub(crate) struct AbsentArgs {
    /// Whatever it is asked
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    arguments: Vec<OsString>,
}

impl AbsentArgs {
    pub(crate) fn run(self, command: &str) -> Result<Outcome, Failure> {
        let Self { arguments: _ } = self;
        Err(bad_argument(
            format!("this program was built without `{command}`"),
            "build it with the feature `agent`, which is one of the default features",
        ))
    }
}
