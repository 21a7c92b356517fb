//! `allclear record`.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};

use allclear::diagnostic::nearest_hint;
use allclear::error::Error;
use allclear::site::edit::observation::{NewObservation, record};
use allclear::site::observation::OPERATOR;
use allclear::site::read::Drafts;
use allclear::site::vocabulary::Status;
use allclear::source::EVIDENCE;
use camino::Utf8PathBuf;
use clap::Args;

use super::clock::Now;
use super::{Global, Outcome, answer, bad_argument, replace};

/// Add what a monitor saw to the evidence
///
/// The same status again extends the last line, so that a check every minute does not grow the file.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear record web operational --source blackbox
  allclear record api major_outage --source blackbox --file evidence/api.jsonl")]
pub(crate) struct Record {
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

impl Record {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        let at = self.now.resolve()?.instant();
        let (site, _) = allclear::generate::read(&global.site, Drafts::Included)?;
        let components = site.as_ref().map_or(&[][..], |site| &site.components);
        let ids = components.iter().map(|component| component.id.as_str());
        let Some(component) = components.iter().find(|known| known.id == self.component) else {
            return Err(bad_argument(
                format!("there is no component `{}`", self.component),
                nearest_hint(&self.component, ids).unwrap_or_default(),
            ));
        };
        let Some(status) = Status::parse(&self.status) else {
            return Err(bad_argument(
                format!("`{}` is no component status", self.status),
                nearest_hint(&self.status, Status::SAID.map(Status::as_str)).unwrap_or_default(),
            ));
        };
        let source = self.source.trim();
        if source.is_empty() || source == OPERATOR {
            return Err(bad_argument(
                format!("`{source}` cannot be the source of what a monitor saw"),
                "name the monitor; an operator's word needs a reason and an end, so write its line by hand",
            ));
        }
        if !self.file.starts_with(EVIDENCE) || self.file.extension() != Some("jsonl") {
            return Err(bad_argument(
                format!("`{}` is no file of component states", self.file),
                "name a `.jsonl` file in `evidence/`",
            ));
        }
        let path = global.in_site(&self.file);
        let folder = path.parent().unwrap_or(&path);
        fs::create_dir_all(folder).map_err(Error::io("make", folder))?;
        // Whoever comes at the same time waits, for as long as this handle lives.
        let handle = File::open(folder).map_err(Error::io("open", folder))?;
        handle.lock().map_err(Error::io("lock", folder))?;
        let old = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let mut file = File::create_new(&path).map_err(Error::io("write", &path))?;
                file.flush().map_err(Error::io("write", &path))?;
                String::new()
            }
            Err(error) => return Err(Error::io("read", &path)(error)),
        };
        let seen = NewObservation {
            component: &component.id,
            status,
            source,
            at,
        };
        let new = record(&old, seen, component.valid_for);
        replace(&path, &new)?;
        if !global.quiet {
            let how = match new.lines().count() == old.lines().count() {
                true => "the last line was extended",
                false => "a line was added",
            };
            answer(&format!("{path}: {how}\n"));
        }
        Ok(Outcome::Clean)
    }
}
