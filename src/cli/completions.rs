//! `allclear completions` and `allclear man`.

use allclear::error::Error;
use allclear::write::make_folder;
use camino::Utf8PathBuf;
use clap::{Args, Command};
use clap_complete::Shell;

use super::failure::Failure;
use super::global::Global;
use super::outcome::Outcome;
use super::print::print;

/// Print a script that completes commands and options in a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:
  allclear completions bash > ~/.local/share/bash-completion/completions/allclear")]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Write a manual page for each command
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  allclear man ~/.local/share/man/man1 && man allclear")]
pub(crate) struct ManArgs {
    /// The folder; it is made if need be
    dir: Utf8PathBuf,
}

impl CompletionsArgs {
    pub(crate) fn run(self, mut program: Command) -> Result<Outcome, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut program, "allclear", &mut script);
        print(&String::from_utf8_lossy(&script));
        Ok(Outcome::Clean)
    }
}

impl ManArgs {
    pub(crate) fn run(self, program: Command, global: &Global) -> Result<Outcome, Failure> {
        make_folder(&self.dir)?;
        let program = program.disable_help_subcommand(true);
        clap_mangen::generate_to(program, &self.dir).map_err(Error::io("write", &self.dir))?;
        if !global.quiet {
            print(&format!("manual pages are in {}\n", self.dir));
        }
        Ok(Outcome::Clean)
    }
}
