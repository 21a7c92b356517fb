//! `allclear pull`.

use std::collections::BTreeMap;

use allclear::diagnostic::{Diagnostics, SourceFile};
use allclear::site::edit::latency::{self, MergeError};
use allclear::site::edit::states::pulled;
use allclear::site::latency::is_latency;
use allclear::site::lookup::Directory;
use allclear::site::observation::PULLED;
use allclear::site::read::evidence::{self, States};
use allclear::site::read::{Drafts, Memos, read};
use allclear::site::{BaseUrl, Site};
use allclear::source::{self, Unchanged};
use allclear::status::shortest;
use allclear::time::{self, Instant};
use allclear::write;
use camino::{Utf8Path, Utf8PathBuf};
use chrono::TimeDelta;
use clap::{Args, Parser, ValueEnum};

use self::live::Live;
use self::report::{Addition, Report};
use super::clock::{BuildTime, Now};
use super::failure::{Failure, bad_argument, bad_option};
use super::global::Global;
use super::header;
use super::outcome::Outcome;
use super::print::{print, print_document, report_errors};
use super::progress;

mod live;
mod report;

/// Bring back the evidence that the live page has published
///
/// Adds the component states and the latency of the page to `evidence/`, as far as they are not known there yet, so that
/// a build on an empty disk goes on where the last one stopped. Nothing that is there is taken back. What an operator
/// says now is not pulled: it stands in the site's own files, and ends where they say.
///
/// Where there is no page, or it cannot be reached, nothing is written, and the exit code is 2. Whether to build all the
/// same is yours to say: on the first day there is no page yet, and an incident should be published whatever else fails;
/// but the page may be the only copy of what was seen. A recipe of `init --ci` goes on, and keeps a second copy.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear pull && allclear build                      go on only where the page could be had
  allclear pull --dry-run https://status.example.com/  say what would be added")]
pub(crate) struct PullArgs {
    /// The address of the page; by default the site's `base_url`
    url: Option<String>,
    /// The `base_url` that the page was built with, where that is not the site's, as after a move
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// How long each file may take
    #[arg(long, value_name = "DURATION", default_value = "30s")]
    timeout: String,
    #[arg(long = "header", value_name = header::VALUE, help = header::SHORT, long_help = header::LONG)]
    headers: Vec<String>,
    /// Say what would be added, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// How to say what was added
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: PullFormat,
    #[command(flatten)]
    now: Now,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PullFormat {
    /// For people
    Human,
    /// For programs
    Json,
}

/// The arguments of a pull by themselves.
#[derive(Debug, Parser)]
struct Alone {
    #[command(flatten)]
    pull: PullArgs,
}

/// Brings back what the page at a site's `base_url` has published, as `allclear pull` does.
pub(super) fn pull(global: &Global) -> Result<Outcome, Failure> {
    Alone::parse_from(["pull"]).pull.run(global)
}

impl PullArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let time = self.now.resolve(global)?;
        let timeout = self.timeout()?;
        let key = header::key(&self.headers)?;
        let url = address("URL", self.url.as_deref())?;
        let built_with = address("--base-url", self.base_url.as_deref())?;
        let mut diagnostics = Diagnostics::new();
        let Some(own) = Own::read(global, time, &mut diagnostics)? else {
            // A warning may be of evidence that is not there yet.
            report_errors(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let base_url = &own.site.settings.base_url;
        let url = url.unwrap_or_else(|| base_url.clone());
        let built_with = built_with.unwrap_or_else(|| base_url.clone());
        let live = progress::during("Asking the live page", global, || {
            live::page(&url, &built_with, timeout, &key, time.instant())
        });
        let live = live.map_err(|failure| failure.with(|text| key.hidden(text)))?;
        let report = own.merge(&url, &live, time.instant())?;
        if !self.dry_run {
            own.write(global, &live, &report, time.instant())?;
        }
        match self.format {
            PullFormat::Json => print_document(&key.hidden(&report.json(self.dry_run))),
            PullFormat::Human if global.quiet => {}
            PullFormat::Human => print(&key.hidden(&report.human(self.dry_run))),
        }
        Ok(Outcome::Clean)
    }

    fn timeout(&self) -> Result<std::time::Duration, Failure> {
        let timeout = time::parse_duration(&self.timeout).filter(|it| *it > TimeDelta::zero());
        timeout.and_then(|it| it.to_std().ok()).ok_or_else(|| {
            bad_option(
                "--timeout",
                &self.timeout,
                "this is not a duration",
                "write it as `30s` or `2m`",
            )
        })
    }
}

/// The address that was typed.
fn address(option: &str, typed: Option<&str>) -> Result<Option<BaseUrl>, Failure> {
    let parse = |typed: &str| {
        BaseUrl::parse(typed).map_err(|error| {
            let hint = "name where the page is, as `https://status.example.com/`";
            bad_option(option, typed, error, hint)
        })
    };
    typed.map(parse).transpose()
}

/// The site as it is without what was pulled before.
struct Own {
    site: Site,
    /// The texts of all files of evidence.
    texts: BTreeMap<Utf8PathBuf, String>,
}

impl Own {
    /// Reads the site; `None` where something is wrong with it.
    fn read(
        global: &Global,
        time: BuildTime,
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<Self>, Failure> {
        let mut files = source::read(&global.site, &mut Unchanged::default(), diagnostics)?;
        let evidence = files.evidence.iter();
        let texts = evidence.map(|file| (file.path.clone(), file.text.clone()));
        let texts = texts.collect();
        files.evidence.retain(|file| file.path != PULLED);
        let memos = &mut Memos::default();
        let site = read(&files, Drafts::LeftOut, time.as_of(), memos, diagnostics);
        diagnostics.sort();
        let site = site.filter(|_| diagnostics.errors() == 0);
        Ok(site.map(|site| Self { site, texts }))
    }

    fn text(&self, path: &str) -> &str {
        self.texts
            .get(Utf8Path::new(path))
            .map_or("", String::as_str)
    }

    /// What a live page adds.
    fn merge(&self, url: &BaseUrl, live: &Live, now: Instant) -> Result<Report, Failure> {
        let mut report = Report::of(url, live);
        for (path, text) in &live.files {
            let own_path = if is_latency(path) {
                path.as_str()
            } else {
                PULLED
            };
            let text = self.known_only(path, text, &mut report.left_out);
            let merged = self.merged(path, self.text(own_path), &text, now)?;
            report.added.push(Addition {
                path: own_path.into(),
                text,
                count: merged.added,
            });
        }
        Ok(report)
    }

    /// A file of a page without the lines of components that the site does not have.
    fn known_only(
        &self,
        path: &Utf8Path,
        text: &str,
        left_out: &mut BTreeMap<String, usize>,
    ) -> String {
        let components = Directory::new(&self.site.components);
        let mut kept = String::with_capacity(text.len());
        for line in text.lines() {
            let component = match is_latency(path) {
                true => line
                    .split(',')
                    .nth(1)
                    .filter(|id| *id != "component")
                    .map(str::to_owned),
                false => component_of(line),
            };
            match component.filter(|id| components.component(id).is_err()) {
                Some(unknown) => *left_out.entry(unknown).or_insert(0) += 1,
                None => {
                    kept.push_str(line);
                    kept.push('\n');
                }
            }
        }
        kept
    }

    /// A file of the site with what the live page adds to it.
    fn merged(
        &self,
        path: &Utf8Path,
        own: &str,
        live: &str,
        now: Instant,
    ) -> Result<latency::Merged, Failure> {
        if is_latency(path) {
            return latency::merged(own, live, now).map_err(|error| match error {
                MergeError::Own(line) => bad_argument(
                    format!("line {line} of `{path}` cannot be read, so that nothing was written"),
                    "its lines are `time,component,milliseconds`, in this order",
                ),
                MergeError::Other(line) => unreadable(path, format!("line {line} cannot be read")),
            });
        }
        // Components may have gone since.
        let own = self.known_only(Utf8Path::new(PULLED), own, &mut BTreeMap::new());
        let before = self.states(Utf8Path::new(PULLED), &own)?;
        let seen = self.states(path, live)?;
        let names = self.site.sources.iter().map(|source| source.name.as_str());
        let known = names.zip(shortest(&self.site, now)).collect();
        let merged = pulled(&self.site.components, &before, &seen, &known, now);
        Ok(latency::Merged {
            text: merged.text,
            added: merged.added,
        })
    }

    /// The component states of a text, which must all be readable.
    fn states(&self, path: &Utf8Path, text: &str) -> Result<States, Failure> {
        let components = Directory::new(&self.site.components);
        let file = SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let zone = self.site.settings.time_zone;
        let mut found = Diagnostics::new();
        let states = evidence::states(&file.into(), &components, zone, &mut found);
        match found.iter().next() {
            None => Ok(states),
            Some(first) => Err(unreadable(path, &first.message)),
        }
    }

    /// Writes what a report says was added, with what the files hold by then.
    fn write(
        &self,
        global: &Global,
        live: &Live,
        report: &Report,
        now: Instant,
    ) -> Result<(), Failure> {
        let targets = report.added.iter().zip(live.files.keys());
        let targets = targets.filter(|(addition, _)| addition.count > 0);
        let targets = targets.map(|(addition, path)| {
            let target = global.to_write(&addition.path)?;
            Ok((addition, path, target))
        });
        let targets: Vec<_> = targets.collect::<Result<_, Failure>>()?;
        for (addition, path, target) in targets {
            write::edit(&target, |own| {
                let own = own.trim_start_matches('\u{feff}');
                let merged = self.merged(path, own, &addition.text, now)?;
                Ok::<_, Failure>((merged.text, ()))
            })?;
        }
        Ok(())
    }
}

/// The component that a line of component states names.
fn component_of(line: &str) -> Option<String> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    Some(line.get("component")?.as_str()?.to_owned())
}

/// The refusal of a file that cannot be read.
fn unreadable(path: &Utf8Path, why: impl std::fmt::Display) -> Failure {
    bad_argument(
        format!("`{path}` cannot be read: {why}; nothing was written"),
        match path == PULLED {
            true => "delete that file, and pull again",
            false => "the page may have been made by a newer version of allclear",
        },
    )
}
