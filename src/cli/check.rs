//! `allclear check`.

use std::sync::Arc;

use allclear::check::since::Version;
use allclear::check::{Unread, since};
use allclear::diagnostic::{Code, Diagnostics, Severity, SourceFile, machine};
use allclear::error::Error;
use allclear::generate::{self, Memory, Request, generate};
use allclear::locale::english::counted;
use allclear::site::Site;
use allclear::site::post::Kind;
use allclear::site::read::{self, AsOf, Drafts, Memos};
use allclear::source::{self, CONFIG, Revision};
use allclear::time::Instant;
use camino::Utf8Path;
use clap::{Args, ValueEnum};

use super::clock::{Now, warn_of_future};
use super::explain::known_code;
use super::failure::{Failure, bad_option};
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, print_document, report, report_all, report_each};
use super::progress;

/// Find everything that is wrong with a site, without building it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear check
  allclear check --strict                 warnings are errors
  allclear check --deny future-update     those of one kind are
  allclear check --format github          marks lines in pull requests
  allclear check --since origin/main      nor may history be rewritten in silence")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    now: Now,
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
    /// Treat warnings of this kind as errors, such as `future-update`; several with commas between them
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    deny: Vec<String>,
    /// Treat errors of this kind as warnings, where a page can be built all the same
    ///
    /// These are `contradiction`, `unannounced-outage`, and the rules that `[check]` in `allclear.toml` weighs.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    warn: Vec<String>,
    /// Print every finding, however many are like it
    #[arg(long)]
    all: bool,
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
        let time = self.now.resolve(global)?;
        let (denied, warned) = (codes("--deny", &self.deny)?, tolerable(&self.warn)?);
        let request = Request {
            as_of: time.as_of(),
            ..Request::new(&global.site, time.instant())
        };
        let mut generated = progress::during("checking", global, || {
            generate(&request, &mut Memory::default())
        })?;
        warn_of_future(&mut generated, time);
        if let (Some(revision), Some(site)) = (&self.since, &generated.site) {
            let unread = Unread::of(&generated.diagnostics);
            let found = self.rewritten(revision, site, &unread, time.instant(), global)?;
            generated.diagnostics.append(found);
            generated.diagnostics.sort();
        }
        generated.diagnostics.refuse_contradictions();
        if self.strict {
            generated.diagnostics.make_strict();
        }
        let found = &mut generated.diagnostics;
        found.set_severity(&warned, Severity::Warning);
        found.set_severity(&denied, Severity::Error);
        let outcome = Outcome::of(&generated.diagnostics);
        let found = &generated.diagnostics;
        match self.format {
            ReportFormat::Human if self.all => report_each(found, global),
            ReportFormat::Human => report_all(found, global),
            ReportFormat::Json => print_document(&machine::json(found)),
            ReportFormat::Sarif => print_document(&machine::sarif(found, &global.site_from_here())),
            ReportFormat::Github => {
                print_document(&machine::github(found, &global.site_from_here()))
            }
            ReportFormat::Gitlab => {
                print_document(&machine::gitlab(found, &global.site_from_here()))
            }
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

    /// The findings about what was rewritten since a revision; nothing is known of what stands in `unread`.
    fn rewritten(
        &self,
        revision: &str,
        site: &Site,
        unread: &Unread,
        now: Instant,
        global: &Global,
    ) -> Result<Diagnostics, Failure> {
        let Revision { files, name } = source::read_revision(&global.site, revision)?;
        let note = |text: String| {
            if !global.quiet {
                report(&text);
            }
        };
        if name != *revision {
            note(format!(
                "`{revision}` has moved on: compared with {name}, where this branch left it\n"
            ));
        }
        if files.config.is_none() {
            note(format!("there was no site at {name} to compare with\n"));
            return Ok(Diagnostics::new());
        }
        let mut broken = Diagnostics::new();
        let memos = &mut Memos::default();
        let (drafts, as_of) = (Drafts::LeftOut, AsOf::History);
        let Some(old) = read::read(&files, drafts, as_of, memos, &mut broken) else {
            let message = broken.iter().next().map(|first| first.message.clone());
            let message = message.unwrap_or_default();
            return Err(Error::UnreadableRevision {
                revision: name,
                message,
            }
            .into());
        };
        // A draft is not part of the site, but is where what was published can be found.
        let with_drafts = generate::read(&global.site, Drafts::Included, &mut Diagnostics::new())?;
        let new = with_drafts.as_ref().unwrap_or(site);
        let mut found = since::rewritten(&old, new, unread, &name, now);
        let text_now = |path: &Utf8Path| {
            let text = source::read_text(&global.site, path).ok().flatten()?;
            Some(text.trim_start_matches('\u{feff}').to_owned())
        };
        let config = SourceFile {
            path: CONFIG.into(),
            text: text_now(Utf8Path::new(CONFIG)).unwrap_or_default(),
        };
        let config = Arc::new(config);
        if let (Some(before), false) = (&files.config, unread.has_config()) {
            let old = Version {
                site: &old,
                config: before,
            };
            let new = Version {
                site: new,
                config: &config,
            };
            found.append(since::remeasured(old, new, &name, now));
        }
        found.append(since::not_compared(&broken, &name, text_now));
        Ok(found)
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

/// The codes that the words behind an option name.
fn codes(option: &str, words: &[String]) -> Result<Vec<Code>, Failure> {
    let code = |word: &String| known_code(word).map_err(|failure| failure.of_option(option, word));
    words.iter().map(code).collect()
}

/// The codes that words name, each of which may be a warning.
fn tolerable(words: &[String]) -> Result<Vec<Code>, Failure> {
    let option = "--warn";
    let codes = codes(option, words)?;
    match codes
        .iter()
        .find(|code| !code.is_rule() && !code.is_contradiction())
    {
        Some(code) => Err(bad_option(
            option,
            code.as_str(),
            "this is no warning: it stands in the way of a page that is true",
            "`--warn` takes `contradiction`, `unannounced-outage` and the rules that `[check]` weighs",
        )),
        None => Ok(codes),
    }
}
