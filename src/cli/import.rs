//! `allclear import`.

use std::collections::BTreeMap;

use allclear::diagnostic::{Diagnostics, SourceFile};
use allclear::error::Error;
use allclear::import::{self, Document, FORMATS, Format, Target};
use allclear::site::Slug;
use allclear::site::read::config;
use allclear::source::{self, CONFIG, Files, LARGEST_EVIDENCE, Unchanged};
use allclear::write::{create_all, edit};
use camino::{Utf8Path, Utf8PathBuf};
use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand};

use super::ask::piped;
use super::clock::present_moment;
use super::failure::{Failure, bad_argument};
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, report_all};
use super::progress;

/// Bring incidents over from another status page
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    export: ExportArgs,
}

/// Documents of a format: each format is a command of its own.
#[derive(Debug)]
struct ExportArgs {
    format: &'static Format,
    documents: DocumentArgs,
}

#[derive(Debug, Args)]
struct DocumentArgs {
    /// Documents, folders of documents, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<Utf8PathBuf>,
}

impl Subcommand for ExportArgs {
    fn augment_subcommands(command: Command) -> Command {
        let command = command
            .subcommand_required(true)
            .arg_required_else_help(true);
        FORMATS.iter().fold(command, |command, format| {
            let import = Command::new(format.command)
                .about(format.about)
                .long_about(format!("{}\n\n{}", format.about, format.details))
                .after_help(format.examples);
            command.subcommand(DocumentArgs::augment_args(import))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        FORMATS.iter().any(|format| format.command == name)
    }
}

impl FromArgMatches for ExportArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let format = FORMATS.iter().find(|format| format.command == name);
        Ok(Self {
            format: format.ok_or_else(missing)?,
            documents: DocumentArgs::from_arg_matches(matches)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl ImportArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let ExportArgs { format, documents } = &self.export;
        let read = progress::during("reading", global, || read(format, &documents.paths))?;
        let documents: Vec<Document<'_>> = read
            .iter()
            .map(|file| Document {
                path: &file.path,
                text: &file.text,
            })
            .collect();

        let mut diagnostics = Diagnostics::new();
        let files = source::read(&global.site, &mut Unchanged::default(), &mut diagnostics)?;
        if diagnostics.errors() > 0 {
            // What cannot be read may hold what would be imported again.
            report_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        }
        let known = files
            .config
            .as_ref()
            .and_then(|config| config::read(config, &mut diagnostics));
        // The bytes of the file itself: a byte-order mark stays where it is.
        let old = source::read_text(&global.site, Utf8Path::new(CONFIG))?;
        let (Some(known), Some(old)) = (known, old) else {
            report_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let target = Target {
            config: &old,
            incidents: &incidents(&files),
            zone: known.settings.time_zone,
            now: present_moment(),
        };
        let imported = progress::during("importing", global, || {
            import::import(format, &documents, &target)
        });

        // First the components, so that no incident ever names one that is not there.
        if let Some(text) = &imported.config {
            edit(&global.to_write(CONFIG)?, |now| match now == old {
                true => Ok((text.clone(), ())),
                false => Err(changed()),
            })?;
        }
        progress::during("writing", global, || {
            let files = imported.files.iter();
            let files = files.map(|(path, text)| Ok((global.to_write(path)?, text.as_str())));
            create_all(&files.collect::<Result<Vec<_>, Error>>()?)
        })?;
        let mut found = Diagnostics::from(imported.diagnostics);
        found.sort();
        report_all(&found, global);
        if !global.quiet {
            print(&format!("{}\n", imported.tally));
        }
        Ok(Outcome::of(&found))
    }
}

/// The refusal to go on where somebody has changed the components meanwhile.
fn changed() -> Failure {
    bad_argument(
        format!("`{CONFIG}` was changed meanwhile"),
        "nothing was written; run this again",
    )
}

/// The texts of the incident files of a site, by slug.
fn incidents(files: &Files) -> BTreeMap<String, String> {
    let incidents = files.incidents.iter().filter_map(|file| {
        let slug = Slug::name_in_path(&file.path, file.path.file_stem()?);
        Some((slug.to_owned(), file.text.clone()))
    });
    incidents.collect()
}

/// The texts of all documents, by path.
fn read(format: &Format, paths: &[Utf8PathBuf]) -> Result<Vec<SourceFile>, Failure> {
    let mut read = Vec::new();
    for path in paths {
        if path == "-" {
            read.push(SourceFile {
                path: path.clone(),
                text: piped(LARGEST_EVIDENCE)?,
            });
        } else {
            read.extend(source::documents(path, format.extension)?);
        }
    }
    Ok(read)
}
