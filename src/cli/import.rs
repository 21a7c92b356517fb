//! `allclear import`.

use clap::{Args, Subcommand};

use allclear::error::Error;

use super::{Global, Outcome};

mod statuspage;

/// Bring incidents over from another status page
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Subcommand)]
enum From {
    Statuspage(statuspage::Statuspage),
}

impl Import {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        match self.from {
            From::Statuspage(statuspage) => statuspage.run(global),
        }
    }
}
