//! `allclear status`.

use allclear::diagnostic::Diagnostics;
use allclear::generate;
use allclear::output::summary;
use allclear::site::read::Drafts;
use allclear::status::SiteStatus;
use clap::{Args, ValueEnum};

use super::clock::Now;
use super::failure::Failure;
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, print_document, report_all};

/// Print what the page says
///
/// Exits with 0 when nothing is wrong, and with 3 when something is.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  allclear status\n  allclear status --format json | jq .headline.text"
)]
pub(crate) struct StatusArgs {
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: StatusFormat,
    #[command(flatten)]
    now: Now,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StatusFormat {
    /// For people
    Human,
    /// For programs
    Json,
}

impl StatusArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let time = self.now.resolve(global)?;
        let mut diagnostics = Diagnostics::new();
        let site = generate::read_as_of(
            &global.site,
            Drafts::LeftOut,
            time.as_of(),
            &mut diagnostics,
        )?;
        report_all(&diagnostics, global);
        let Some(site) = site.filter(|_| diagnostics.errors() == 0) else {
            return Ok(Outcome::Findings);
        };
        let summary = summary::summary(&site, &SiteStatus::new(&site, time.instant()));
        match self.format {
            StatusFormat::Human => print(&summary::human::text(&summary)),
            StatusFormat::Json => print_document(&summary::json::text(&summary)),
        }
        Ok(if summary.is_trouble() {
            Outcome::Trouble
        } else {
            Outcome::Clean
        })
    }
}
