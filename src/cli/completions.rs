//! `allclear completions` and `allclear man`.

use std::io;

use allclear::error::Error;
use allclear::write::{make_folder, replace_own};
use camino::Utf8PathBuf;
use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;

use super::failure::Failure;
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, print_document};

/// Print a script that completes commands and options in a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:
  allclear completions bash > ~/.local/share/bash-completion/completions/allclear")]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Write a manual page for each command
///
/// Pages of an earlier version are replaced; a file that is none of them stays, and so does a link.
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
        print_document(&String::from_utf8_lossy(&script));
        Ok(Outcome::Clean)
    }
}

impl ManArgs {
    pub(crate) fn run(self, program: Command, global: &Global) -> Result<Outcome, Failure> {
        let mut program = program.disable_help_subcommand(true);
        program.build();
        let mut pages = Vec::new();
        collect_pages(&program, &mut pages).map_err(Error::io("write", &self.dir))?;
        let pages = pages.into_iter();
        let pages: Vec<_> = pages
            .map(|(name, text)| (self.dir.join(name), text))
            .collect();
        make_folder(&self.dir)?;
        replace_own(&pages, |text| {
            text.lines().any(|line| line.starts_with(HEAD))
        })?;
        if !global.quiet {
            print(&format!("manual pages are in {}\n", self.dir));
        }
        Ok(Outcome::Clean)
    }
}

/// The beginning of the line that heads each of our manual pages.
const HEAD: &str = ".TH allclear";

/// Adds the names and texts of the pages of a command and of those below it.
fn collect_pages(command: &Command, pages: &mut Vec<(String, String)>) -> io::Result<()> {
    let shown = command.get_subcommands().filter(|it| !it.is_hide_set());
    for below in shown {
        collect_pages(below, pages)?;
    }
    let page = Man::new(command.clone());
    let mut text = Vec::new();
    page.render(&mut text)?;
    let text = String::from_utf8_lossy(&text).into_owned();
    pages.push((page.get_filename(), text));
    Ok(())
}
