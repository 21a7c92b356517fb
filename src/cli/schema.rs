//! `allclear schema`.

use allclear::site::read::schema;
use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::outcome::Outcome;
use super::print::print_document;

/// Print the JSON Schema of a kind of file, for editors and pipelines
#[derive(Debug, Args)]
#[command(after_help = "Example:
  allclear schema site > allclear.schema.json      then `#:schema ./allclear.schema.json` in allclear.toml")]
pub(crate) struct SchemaArgs {
    /// The kind of file
    #[arg(id = "of", value_name = "OF")]
    kind: SchemaKind,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SchemaKind {
    /// `allclear.toml`
    Site,
    /// The front matter of an incident file
    Incident,
    /// A line of component states
    Evidence,
}

impl SchemaArgs {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        print_document(&match self.kind {
            SchemaKind::Site => schema::site(),
            SchemaKind::Incident => schema::incident(),
            SchemaKind::Evidence => schema::evidence(),
        });
        Ok(Outcome::Clean)
    }
}
