//! `allclear check`.

use allclear::check::since;
use allclear::diagnostic::{Diagnostics, machine};
use allclear::generate::{Memory, Request, generate};
use allclear::locale::english::counted;
use allclear::site::Site;
use allclear::site::post::Kind;
use allclear::site::read::{self, Drafts, Memos};
use allclear::source;
use camino::Utf8Path;
use clap::{Args, ValueEnum};

use super::clock::{Now, warn_of_future};
use super::failure::Failure;
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, report, report_all};
use super::progress;

/// Find everything that is wrong with a site, without building it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear check
  allclear check --strict                 warnings are errors, as in CI
  allclear check --format github          marks lines in pull requests
  allclear check --since origin/main      nor may history be rewritten in silence")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    now: Now,
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
    /// How to print what is wrong
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: ReportFormat,
    /// Also compare with this git revision: what was published may not be rewritten in silence
    #[arg(long, value_name = "REV")]
    since: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Annotations in GitHub's workflows
    Github,
    /// A report of code quality for GitLab's merge requests
    Gitlab,
}

impl CheckArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let time = self.now.resolve()?;
        let request = Request::new(&global.site, time.instant());
        let mut generated = progress::during("checking", global, || {
            generate(&request, &mut Memory::default())
        })?;
        warn_of_future(&mut generated, time);
        if let (Some(revision), Some(site)) = (&self.since, &generated.site) {
            match before(&global.site, revision)? {
                Some(old) => {
                    let found = since::rewritten(&old, site, revision, time.instant());
                    generated.diagnostics.append(found);
                    generated.diagnostics.sort();
                }
                None if !global.quiet => {
                    report(&format!(
                        "there was no site at {revision} to compare with\n"
                    ));
                }
                None => {}
            }
        }
        generated.diagnostics.refuse_contradictions();
        if self.strict {
            generated.diagnostics.make_strict();
        }
        let outcome = Outcome::of(&generated.diagnostics);
        let found = &generated.diagnostics;
        match self.format {
            ReportFormat::Human => report_all(found, global),
            ReportFormat::Json => print(&machine::json(found)),
            ReportFormat::Sarif => print(&machine::sarif(found)),
            ReportFormat::Github => print(&machine::github(found)),
            ReportFormat::Gitlab => print(&machine::gitlab(found)),
        }
        if self.format == ReportFormat::Human && outcome == Outcome::Clean && !global.quiet {
            let site = generated.site.as_ref();
            let checked = site.map_or_else(String::new, checked);
            let verdict = if generated.diagnostics.is_empty() {
                "nothing to fix"
            } else {
                "no errors"
            };
            print(&format!("{checked} checked: {verdict}\n"));
        }
        Ok(outcome)
    }
}

/// `3 components, 2 incidents and 1 notice`: of kinds that the site has, and of incidents always.
fn checked(site: &Site) -> String {
    let of_kind = |is_wanted: fn(&Kind) -> bool| {
        let posts = site.posts.iter();
        posts.filter(|post| is_wanted(&post.kind)).count()
    };
    let incidents = of_kind(|kind| matches!(kind, Kind::Incident(_)));
    let others = [
        (
            of_kind(|kind| matches!(kind, Kind::Maintenance(_))),
            "maintenance",
        ),
        (of_kind(|kind| matches!(kind, Kind::Notice(_))), "notice"),
    ];
    let mut counts = vec![
        counted(site.components.len(), "component"),
        counted(incidents, "incident"),
    ];
    let others = others.into_iter().filter(|(count, _)| *count > 0);
    counts.extend(others.map(|(count, noun)| counted(count, noun)));
    let last = counts.pop().unwrap_or_default();
    format!("{} and {last}", counts.join(", "))
}

/// The site at a revision; `None` where there was none that can be read.
///
/// Its problems were reported when it was checked.
fn before(folder: &Utf8Path, revision: &str) -> Result<Option<Site>, Failure> {
    let files = source::read_revision(folder, revision)?;
    let mut diagnostics = Diagnostics::new();
    Ok(read::read(
        &files,
        Drafts::LeftOut,
        &mut Memos::default(),
        &mut diagnostics,
    ))
}
