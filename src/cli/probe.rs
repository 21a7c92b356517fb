//! `allclear probe`.

use std::collections::BTreeSet;

use allclear::characters::escaped_json;
use allclear::diagnostic::Diagnostics;
use allclear::fetch::Client;
use allclear::generate;
use allclear::locale::english::counted;
use allclear::probe::{Kept, Looked, Tools, keep, look};
use allclear::site::Site;
use allclear::site::latency::is_latency;
use allclear::site::lookup;
use allclear::site::probe::ProbeIndex;
use allclear::site::probe::question::Verdict;
use allclear::site::vocabulary::Word as _;
use allclear::time;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::clock::present_moment;
use super::failure::{Failure, bad_option};
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, print_document, report, report_all, report_anyway};

/// Ask once about components, and add what was seen to the evidence
///
/// All `[[probes]]` look side by side; each ends within one and a half times its timeout.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear probe
  allclear probe --component web --dry-run

Exit codes: 0 also where a service is down, 1 where `allclear.toml` is wrong, 2 where the evidence could not be written,
or where none of the probes can ever look: a variable is not set, or a private network may not be asked.")]
pub(crate) struct ProbeArgs {
    /// Ask only about this component; may be given several times
    #[arg(long, short, value_name = "ID")]
    component: Vec<String>,
    /// Write nothing
    #[arg(long)]
    dry_run: bool,
    /// How to print what was seen
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: ProbeFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProbeFormat {
    /// For people
    Human,
    /// For programs
    Json,
}

impl ProbeArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let mut diagnostics = Diagnostics::new();
        // Nothing else of the site matters: a probe every minute must not cost more the longer the history is.
        let site = generate::read_config(&global.site, &mut diagnostics)?;
        report_all(&diagnostics, global);
        let Some(site) = site.filter(|_| diagnostics.errors() == 0) else {
            return Ok(Outcome::Findings);
        };
        let due = self.due(&site)?;
        if due.is_empty() && !global.quiet {
            report("there are no `[[probes]]` in `allclear.toml`, so nothing was asked\n");
        }
        let looked = look(
            &site,
            &due,
            Tools {
                client: &Client::new(),
                environment: &|name| std::env::var(name).ok(),
                clock: &present_moment,
            },
        );
        let kept = match self.dry_run {
            true => Ok(Kept::default()),
            false => keep(&global.site, &site, &looked),
        };
        let seen = seen(&site, &looked);
        match self.format {
            // What it is run for stands in the evidence.
            ProbeFormat::Human if global.quiet => {}
            ProbeFormat::Human => print(&self.for_people(&seen, kept.as_ref().ok())),
            ProbeFormat::Json => print_document(&for_programs(seen, kept.as_ref().ok())),
        }
        kept?;
        Ok(said_of_obstacles(&site, &looked))
    }

    /// The probes of the components that were asked for.
    fn due(&self, site: &Site) -> Result<Vec<ProbeIndex>, Failure> {
        let mut wanted = BTreeSet::new();
        for id in &self.component {
            let refused = |message: &str, hint: &str| bad_option("--component", id, message, hint);
            let index = lookup::component(&site.components, id).map_err(|unknown| {
                refused(
                    &unknown.message,
                    unknown.hint.as_deref().unwrap_or_default(),
                )
            })?;
            if !site.probes.iter().any(|it| it.components.contains(&index)) {
                return Err(refused(
                    "no probe asks about this component",
                    "add one to `[[probes]]` in `allclear.toml`",
                ));
            }
            wanted.insert(index);
        }
        let is_wanted = |probe: &usize| {
            let mut components = site.probes[*probe].components.iter();
            wanted.is_empty() || components.any(|it| wanted.contains(it))
        };
        let due = (0..site.probes.len()).filter(is_wanted);
        Ok(due.map(ProbeIndex).collect())
    }

    /// A line for each component and probe, and what was written.
    fn for_people(&self, seen: &[Seen<'_>], kept: Option<&Kept>) -> String {
        let widest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
        let ids = widest(&mut seen.iter().map(|it| it.component.len()));
        let statuses = widest(&mut seen.iter().map(|it| it.status().len()));
        let times = widest(&mut seen.iter().map(|it| it.took_ms.to_string().len()));
        let mut text = String::new();
        for it in seen {
            let Seen {
                component,
                source,
                why,
                took_ms,
                ..
            } = it;
            let status = it.status();
            text.push_str(&format!(
                "{component:ids$}  {status:statuses$}  {took_ms:times$} ms  {source}: {why}\n"
            ));
        }
        if let Some(kept) = kept.filter(|_| !self.dry_run && !seen.is_empty()) {
            text.push_str(&written(kept));
        }
        text
    }
}

/// Says which probes can never look, and why; returns what the exit code says of that.
fn said_of_obstacles(site: &Site, looked: &[Looked]) -> Outcome {
    let mut hindered = Diagnostics::new();
    for looked in looked {
        if let Some(obstacle) = &looked.obstacle {
            hindered.push(obstacle.found_at(&site.probes[looked.probe.0]));
        }
    }
    report_anyway(&hindered);
    match !looked.is_empty() && hindered.warnings() == looked.len() {
        true => Outcome::CouldNotRun,
        false => Outcome::Clean,
    }
}

/// How many files are named, beyond which they are counted.
const NAMED: usize = 3;

fn written(kept: &Kept) -> String {
    // Those of latency go along.
    let files = kept.files.iter().filter(|path| !is_latency(path));
    let files: Vec<String> = files.map(|path| format!("`{path}`")).collect();
    let observations = counted(kept.observations, "observation");
    match files.len() {
        0 => "nothing was seen, so nothing was written\n".to_owned(),
        1..=NAMED => format!("{observations} written to {}\n", files.join(", ")),
        count => format!("{observations} written to {}\n", counted(count, "file")),
    }
}

/// What a probe has seen of a component.
#[derive(Debug, Serialize)]
struct Seen<'a> {
    component: &'a str,
    source: &'a str,
    /// Nothing where nothing can be said.
    status: Option<&'static str>,
    at: Option<String>,
    why: &'a str,
    took_ms: u64,
}

impl Seen<'_> {
    fn status(&self) -> &str {
        self.status.unwrap_or("silent")
    }
}

fn seen<'a>(site: &'a Site, looked: &'a [Looked]) -> Vec<Seen<'a>> {
    let of_one = |looked: &'a Looked| {
        looked.readings.iter().map(move |reading| {
            let (status, at) = match reading.verdict {
                Verdict::Seen(status, at) => (Some(status.as_str()), Some(time::rfc3339(at))),
                Verdict::Failed | Verdict::Silent => (None, None),
            };
            Seen {
                component: &site.components[reading.component.0].id,
                source: &site.probes[looked.probe.0].source,
                status,
                at,
                why: &reading.why,
                took_ms: u64::try_from(looked.took.as_millis()).unwrap_or(u64::MAX),
            }
        })
    };
    looked.iter().flat_map(of_one).collect()
}

/// What was seen as one JSON document.
fn for_programs(seen: Vec<Seen<'_>>, kept: Option<&Kept>) -> String {
    #[derive(Serialize)]
    struct Document<'a> {
        probes: Vec<Seen<'a>>,
        /// The files that were written.
        files: Vec<&'a str>,
    }
    let files = kept.into_iter().flat_map(|kept| &kept.files);
    let document = Document {
        probes: seen,
        files: files.map(|path| path.as_str()).collect(),
    };
    // A struct of texts, numbers and lists always has a JSON form.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    escaped_json(text)
}
