//! `allclear schema`.

use allclear::error::Error;
use allclear::site::read::schema;
use clap::{Args, ValueEnum};

use super::{Outcome, answer};

/// Print the JSON Schema of a kind of file, for editors and pipelines
#[derive(Debug, Args)]
#[command(after_help = "Example:
  allclear schema site > allclear.schema.json      then `#:schema ./allclear.schema.json` in allclear.toml")]
pub(crate) struct Schema {
    /// The kind of file
    of: Of,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    /// `allclear.toml`
    Site,
    /// The front matter of an incident file
    Incident,
    /// A line of component states
    Evidence,
}

impl Schema {
    pub(crate) fn run(self) -> Result<Outcome, Error> {
        answer(&match self.of {
            Of::Site => schema::site(),
            Of::Incident => schema::incident(),
            Of::Evidence => schema::evidence(),
        });
        Ok(Outcome::Clean)
    }
}
