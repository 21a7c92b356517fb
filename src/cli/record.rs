//! `allclear record`.

use allclear::diagnostic::Diagnostics;
use allclear::generate;
use allclear::site::edit::observation::{NewObservation, record};
use allclear::site::lookup;
use allclear::site::observation::OPERATOR;
use allclear::source::is_evidence;
use allclear::write::{Grown, grow};
use camino::Utf8PathBuf;
use clap::Args;

use super::argument::known_status;
use super::clock::Now;
use super::failure::{Failure, bad_option};
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, report_all};

/// Add what a monitor saw to the evidence
///
/// The same status again extends the last line, so that a check every minute does not grow the file.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear record web operational --source blackbox
  allclear record api major_outage --source blackbox --file evidence/api.jsonl")]
pub(crate) struct RecordArgs {
    /// The component's id
    component: String,
    /// `operational`, `degraded_performance`, `partial_outage` or `major_outage`
    status: String,
    /// Who saw it
    #[arg(long, value_name = "NAME")]
    source: String,
    /// The file to add it to, from the site's folder
    #[arg(long, value_name = "FILE", default_value = "evidence/states.jsonl")]
    file: Utf8PathBuf,
    #[command(flatten)]
    now: Now,
}

impl RecordArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let at = self.now.resolve(global)?.instant();
        let mut diagnostics = Diagnostics::new();
        // Nothing else of the site matters: a check every minute must not cost more the longer the history is.
        let site = generate::read_config(&global.site, &mut diagnostics)?;
        let Some(site) = site else {
            report_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let index = lookup::component(&site.components, &self.component)?;
        let component = &site.components[index.0];
        let status = known_status(&site, &self.status)?;
        let source = self.source.trim();
        if source.is_empty() || source == OPERATOR {
            return Err(bad_option(
                "--source",
                source,
                "this cannot be the source of what a monitor saw",
                "name the monitor; an operator's word needs a reason and an end, so write its line by hand",
            ));
        }
        if !is_evidence(&self.file) || self.file.extension() != Some("jsonl") {
            return Err(bad_option(
                "--file",
                self.file.as_str(),
                "this is no file of component states",
                "name a `.jsonl` file in `evidence/`",
            ));
        }
        let path = global.in_site(&self.file);
        let target = global.to_write(&self.file)?;
        let seen = NewObservation {
            component: &component.id,
            status,
            source,
            at,
        };
        let grown = grow(&target, |end| record(end, seen, component.valid_for))?;
        if !global.quiet {
            let how = match grown {
                Grown::InPlace => "the last line was extended",
                Grown::Longer => "a line was added",
            };
            print(&format!("{path}: {how}\n"));
        }
        Ok(Outcome::Clean)
    }
}
