//! `allclear docs`: the reference of the documentation, written from the program itself.
//!
//! One file a page. What a page tells is taken from where the program has it: the commands from clap, the keys from the
//! schemas, the diagnostics from their explanations, the API from its types and from the site in which the command runs.

use allclear::generate::{Memory, Request, generate};
use allclear::output::pages::reference::reference;
use allclear::site::read::schema;
use allclear::write::{make_folder, replace_own};
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Command};

use self::index::Written;
use self::markdown::with_contents;
use super::clock::Now;
use super::failure::Failure;
use super::global::Global;
use super::outcome::Outcome;
use super::print::{print, report_all};
use super::progress;

mod api;
mod commands;
mod diagnostics;
mod index;
mod keys;
mod kinds;
mod markdown;
mod sample;

/// Write the reference of the documentation
///
/// The commands, the keys of all files, the diagnostics, the API and what templates see, as Markdown in `reference/` below
/// DIR. The samples of the API are of the site in which it runs. Pages that it has written before are replaced; any other
/// file stays, and so does a link.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear docs
  allclear docs manual --now 2022-12-29T01:30:00Z      the samples as they were at that instant")]
pub(crate) struct DocsArgs {
    /// The folder of the documentation [default: `docs` in the site's folder]
    dir: Option<Utf8PathBuf>,
    #[command(flatten)]
    now: Now,
}

/// The first line of each page, by which a later run knows it.
const MARK: &str = "<!-- Written by `allclear docs`. -->\n";

impl DocsArgs {
    pub(crate) fn run(self, program: Command, global: &Global) -> Result<Outcome, Failure> {
        let time = self.now.resolve(global)?;
        let request = Request {
            as_of: time.as_of(),
            ..Request::new(&global.site, time.instant())
        };
        let generated = progress::during("building", global, || {
            generate(&request, &mut Memory::default())
        })?;
        report_all(&generated.diagnostics, global);
        if Outcome::of(&generated.diagnostics) == Outcome::Findings {
            return Ok(Outcome::Findings);
        }
        let dir = self.dir.unwrap_or_else(|| global.in_site("docs"));
        let folder = dir.join("reference");
        make_folder(&folder)?;
        let pages = pages(program, api::page(&generated.outputs));
        let index = index::page(&pages, |file| folder.join(file).is_file());
        let files = pages.iter().map(|page| (page.file, &page.text));
        let files = files.chain([("README.md", &index)]);
        let files: Vec<(Utf8PathBuf, String)> = files
            .map(|(file, text)| (folder.join(file), format!("{MARK}{}", with_contents(text))))
            .collect();
        replace_own(&files, |text| text.starts_with(MARK))?;
        if !global.quiet {
            print(&format!(
                "{} pages are in {}\n",
                files.len(),
                shown(&folder)
            ));
        }
        Ok(Outcome::Clean)
    }
}

/// A path as a user would write it.
fn shown(path: &Utf8Path) -> &str {
    path.as_str().trim_start_matches("./")
}

/// All pages but the index, in its order.
fn pages(program: Command, api: String) -> Vec<Written> {
    vec![
        Written {
            file: "commands.md",
            about: "every command with its arguments, options and exit codes",
            text: commands::page(program),
        },
        Written {
            file: "site.md",
            about: "every key of a site, with its type, its default and its meaning",
            text: keys::page(&keys::SITE, &schema::site()),
        },
        Written {
            file: "incident.md",
            about: "the front matter of incidents, maintenances and notices",
            text: keys::page(&keys::INCIDENT, &schema::incident()),
        },
        Written {
            file: "evidence.md",
            about: "the lines that a monitor writes",
            text: keys::page(&keys::EVIDENCE, &schema::evidence()),
        },
        Written {
            file: "diagnostics.md",
            about: "what each error and each warning means, and how to fix it",
            text: diagnostics::page(),
        },
        Written {
            file: "api.md",
            about: "the documents for programs, with their fields and samples",
            text: api,
        },
        Written {
            file: "theme.md",
            about: "the contract of themes: every variable of every template",
            text: reference(),
        },
    ]
}
