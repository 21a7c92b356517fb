//! `allclear evidence`.

use std::collections::BTreeMap;

use allclear::diagnostic::{Diagnostics, SourceFile};
use allclear::site::Site;
use allclear::site::edit::latency;
use allclear::site::edit::states::{Around, Bounds, compacted};
use allclear::site::latency::is_latency;
use allclear::site::lookup::Directory;
use allclear::site::observation::PULLED;
use allclear::site::read::evidence::{PlacedLine, placed};
use allclear::site::read::samples::holds_samples;
use allclear::site::read::{Drafts, Memos, read};
use allclear::source::{self, Files, Unchanged};
use allclear::time::Instant;
use allclear::write;
use camino::Utf8Path;
use clap::{Args, Subcommand};

use super::clock::Now;
use super::failure::Failure;
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, report_errors};

/// Work on the files of evidence
#[derive(Debug, Args)]
pub(crate) struct EvidenceArgs {
    #[command(subcommand)]
    command: EvidenceCommand,
}

#[derive(Debug, Subcommand)]
enum EvidenceCommand {
    Compact(CompactArgs),
}

/// Make the files of evidence as short as they can be
///
/// In `.jsonl` files of component states, lines of a source that say the same of a component become one where the first
/// still holds when the next begins; all other lines stay as they are, and so do operators' words and `.csv` files of
/// states. Latency that is older than a day becomes the median of five minutes, and what is older than 400 days goes. The
/// page stays what it is.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear evidence compact --dry-run
  allclear evidence compact && git commit -am \"Compact evidence\"")]
struct CompactArgs {
    /// Say what would become shorter, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    now: Now,
}

impl EvidenceArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        match self.command {
            EvidenceCommand::Compact(compact) => compact.run(global),
        }
    }
}

impl CompactArgs {
    fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let time = self.now.resolve(global)?;
        let mut diagnostics = Diagnostics::new();
        let files = source::read(&global.site, &mut Unchanged::default(), &mut diagnostics)?;
        let memos = &mut Memos::default();
        let site = read(
            &files,
            Drafts::LeftOut,
            time.as_of(),
            memos,
            &mut diagnostics,
        );
        let Some(site) = site.filter(|_| diagnostics.errors() == 0) else {
            diagnostics.sort();
            report_errors(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let compacting = Compacting::new(&site, &files, time.instant());
        let (mut before, mut after, mut text) = (0, 0, String::new());
        for file in compacting.files() {
            let short = compacting.shorter(file, &file.text);
            before += file.text.len();
            after += short.len();
            if short.len() >= file.text.len() {
                continue;
            }
            let path = &file.path;
            text.push_str(&sizes(path.as_str(), file.text.len(), short.len()));
            if !self.dry_run {
                write::edit(&global.to_write(path)?, |text| {
                    let bare = text.trim_start_matches('\u{feff}');
                    Ok::<_, Failure>((compacting.shorter(file, bare), ()))
                })?;
            }
        }
        if !global.quiet {
            let what = if self.dry_run {
                "in all, if written"
            } else {
                "in all"
            };
            print(&(text + &sizes(what, before, after)));
        }
        Ok(Outcome::Clean)
    }
}

/// A line with the sizes of a file.
fn sizes(what: &str, before: usize, after: usize) -> String {
    match before == after {
        true => format!("{what}: {before} bytes, which is as short as it gets\n"),
        false => format!("{what}: {before} bytes before, {after} after\n"),
    }
}

/// A site whose files of evidence become shorter.
struct Compacting<'a> {
    site: &'a Site,
    files: &'a Files,
    now: Instant,
    silences: BTreeMap<String, Vec<(Instant, Instant)>>,
}

impl<'a> Compacting<'a> {
    fn new(site: &'a Site, files: &'a Files, now: Instant) -> Self {
        let silences = site.sources.iter().map(|source| {
            let silences = source.silences.iter().map(|it| (it.from, it.until));
            (source.name.clone(), silences.collect())
        });
        Self {
            site,
            files,
            now,
            silences: silences.collect(),
        }
    }

    /// The files that may become shorter.
    fn files(&self) -> impl Iterator<Item = &'a SourceFile> {
        let files = self.files.evidence.iter().map(AsRef::as_ref);
        files.filter(|file| match is_latency(&file.path) {
            true => file.path.extension() == Some("csv"),
            false => file.path.extension() == Some("jsonl") && is_of_states(file),
        })
    }

    /// The text of a file as short as it can be; as it is where a line of it cannot be read.
    fn shorter(&self, file: &SourceFile, text: &str) -> String {
        if is_latency(&file.path) {
            return latency::thinned(text, self.now).unwrap_or_else(|_| text.to_owned());
        }
        let mut found = Diagnostics::new();
        let lines = self.lines(&file.path, text, &mut found);
        if found.errors() > 0 {
            return text.to_owned();
        }
        let valid_for: Vec<_> = self.site.components.iter().map(|it| it.valid_for).collect();
        let ids: Vec<&str> = self
            .site
            .components
            .iter()
            .map(|it| it.id.as_str())
            .collect();
        let around = Around {
            valid_for: &valid_for,
            ids: &ids,
            others: &self.bounds_beside(&file.path),
            silences: &self.silences,
            present: self.now,
        };
        compacted(text, &lines, &around)
    }

    fn lines(&self, path: &Utf8Path, text: &str, found: &mut Diagnostics) -> Vec<PlacedLine> {
        let file = SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let components = Directory::new(&self.site.components);
        placed(
            &file.into(),
            &components,
            self.site.settings.time_zone,
            found,
        )
    }

    /// The starts and ends of the lines in all files but one.
    fn bounds_beside(&self, path: &Utf8Path) -> Bounds {
        let mut bounds = Bounds::new();
        let others = self.files.evidence.iter().filter(|other| {
            other.path != path && !is_latency(&other.path) && !holds_samples(other)
        });
        for other in others.filter(|other| other.path.extension() != Some("json")) {
            for line in self.lines(&other.path, &other.text, &mut Diagnostics::new()) {
                let key = (line.source, line.seen.component);
                bounds
                    .entry(key)
                    .or_default()
                    .extend([line.seen.from, line.seen.to]);
            }
        }
        bounds.values_mut().for_each(|bounds| bounds.sort());
        bounds
    }
}

/// Whether a file holds component states that somebody writes.
fn is_of_states(file: &SourceFile) -> bool {
    file.path != PULLED && !holds_samples(file)
}
