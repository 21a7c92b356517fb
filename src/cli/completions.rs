//! `allclear completions` and `allclear man`.

use std::fs;

use allclear::error::Error;
use camino::Utf8PathBuf;
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Arguments, Global, Outcome, answer};

/// Print a script that completes commands and options in a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:
  allclear completions bash > ~/.local/share/bash-completion/completions/allclear")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Write a manual page for each command
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  allclear man ~/.local/share/man/man1 && man allclear")]
pub(crate) struct Man {
    /// The folder; it is made if need be
    dir: Utf8PathBuf,
}

impl Completions {
    pub(crate) fn run(self) -> Result<Outcome, Error> {
        let mut script = Vec::new();
        clap_complete::generate(
            self.shell,
            &mut Arguments::command(),
            "allclear",
            &mut script,
        );
        answer(&String::from_utf8_lossy(&script));
        Ok(Outcome::Clean)
    }
}

impl Man {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        fs::create_dir_all(&self.dir).map_err(Error::io("make", &self.dir))?;
        let command = Arguments::command().disable_help_subcommand(true);
        clap_mangen::generate_to(command, &self.dir).map_err(Error::io("write", &self.dir))?;
        if !global.quiet {
            answer(&format!("manual pages are in {}\n", self.dir));
        }
        Ok(Outcome::Clean)
    }
}
