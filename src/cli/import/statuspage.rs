//! `allclear import statuspage`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;

use allclear::diagnostic::Diagnostics;
use allclear::error::Error;
use allclear::import::{self, Document, FORMATS, Target};
use allclear::site::read::config;
use allclear::source::{self, CONFIG, INCIDENTS, Unchanged};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use walkdir::WalkDir;

use super::super::check::outcome;
use super::super::{Global, Outcome, answer, create_new, progress, replace, tell_all};

/// Import Statuspage documents: incidents, maintenances and components
///
/// A document is an incident, `incidents.json`, `summary.json` or `scheduled-maintenances.json`. Each
/// incident becomes a file in `incidents/`; components that `allclear.toml` lacks are added to its
/// end. Nothing that is there is overwritten, and a second import changes nothing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear import statuspage incidents.json
  allclear import statuspage export/ && allclear check
  curl -s https://status.example.com/api/v2/incidents.json | allclear import statuspage -")]
pub(crate) struct Statuspage {
    /// Documents, folders of documents (`*.json`), or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<Utf8PathBuf>,
}

impl Statuspage {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        let texts = progress::during("reading", global, || read(&self.paths))?;
        let documents: Vec<Document<'_>> = texts
            .iter()
            .map(|(path, text)| Document { path, text })
            .collect();

        let mut diagnostics = Diagnostics::new();
        let files = source::read(&global.site, &mut Unchanged::default(), &mut diagnostics)?;
        let Some(config) = &files.config else {
            tell_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let Some(known) = config::read(config, &mut diagnostics) else {
            tell_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let incidents: BTreeMap<String, String> = files
            .incidents
            .iter()
            .filter_map(|file| Some((slug(&file.path)?.to_owned(), file.text.clone())))
            .collect();
        // The bytes of the file itself: a byte-order mark stays where it is.
        let path = global.site.join(CONFIG);
        let old = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
        let target = Target {
            config: &old,
            incidents: &incidents,
            zone: known.settings.time_zone,
        };
        let imported = progress::during("importing", global, || import::import(&FORMATS[0], &documents, &target));

        if !imported.files.is_empty() {
            let folder = global.site.join(INCIDENTS);
            fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
        }
        // First the components, so that no incident ever names one that is not there.
        if let Some(text) = &imported.config {
            replace(&path, text)?;
        }
        progress::during("writing", global, || {
            imported
                .files
                .iter()
                .try_for_each(|(path, text)| create_new(&global.site.join(path), text))
        })?;
        let mut found = Diagnostics::from(imported.diagnostics);
        found.sort();
        tell_all(&found, global);
        if !global.quiet {
            answer(&format!("{}\n", imported.tally));
        }
        Ok(outcome(&found))
    }
}

/// The slug of an incident file.
fn slug(path: &Utf8Path) -> Option<&str> {
    match path.file_stem()? {
        "index" => path.parent()?.file_name(),
        stem => Some(stem),
    }
}

/// The texts of all documents, by path.
fn read(paths: &[Utf8PathBuf]) -> Result<Vec<(Utf8PathBuf, String)>, Error> {
    let mut texts = Vec::new();
    for path in paths {
        if path == "-" {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(Error::io("read", "standard input"))?;
            texts.push((Utf8PathBuf::from("-"), text));
        } else if path.is_dir() {
            for entry in WalkDir::new(path).sort_by_file_name() {
                let entry = entry.map_err(|error| Error::io("read", path)(error.into()))?;
                let Some(file) = Utf8Path::from_path(entry.path()) else {
                    continue;
                };
                if entry.file_type().is_file() && file.extension() == Some("json") {
                    texts.push((
                        file.to_owned(),
                        fs::read_to_string(file).map_err(Error::io("read", file))?,
                    ));
                }
            }
        } else {
            texts.push((
                path.clone(),
                fs::read_to_string(path).map_err(Error::io("read", path))?,
            ));
        }
    }
    Ok(texts)
}
