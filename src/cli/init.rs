//! `allclear init`.

use allclear::error::Error;
use allclear::site::{BaseUrl, scaffold};
use allclear::source::{self, CONFIG, read_text};
use allclear::time::calendar;
use allclear::write::{create, edit};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;
use chrono_tz::Tz;
use clap::{Args, ValueEnum};

use super::clock::Now;
use super::failure::{Failure, bad_option};
use super::global::Global;
use super::outcome::Outcome;
use super::print::print;

/// Start a site
///
/// Writes a commented `allclear.toml`, a `.gitignore` that names the built page, and where asked a pipeline that
/// checks, builds and publishes it. Nothing that is there is changed; a `.gitignore` gets the line that it lacks.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear init status && cd status && allclear build
  allclear init --title \"Acme Status\" --base-url https://status.acme.example/
  allclear init --ci github                      a pipeline, for a site that is there too")]
pub(crate) struct InitArgs {
    /// The folder of the new site; it is made if need be
    #[arg(default_value = ".")]
    dir: Utf8PathBuf,
    /// The title of the page, as readers see it
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Where the page will be published
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Also write a pipeline for a host
    #[arg(long, value_name = "HOST", default_value = "none")]
    ci: CiHost,
    #[command(flatten)]
    now: Now,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CiHost {
    /// Workflows for GitHub Actions and Pages
    Github,
    /// A pipeline for GitLab and its Pages
    Gitlab,
    /// A configuration for Netlify
    Netlify,
    /// A configuration for Cloudflare
    Cloudflare,
    /// Nothing
    None,
}

impl CiHost {
    /// The files of the pipeline.
    fn files(self) -> &'static [(&'static str, &'static str)] {
        const BUILD: (&str, &str) = ("build-status.sh", include_str!("init/build-status.sh"));
        match self {
            Self::Github => &[
                (
                    ".github/workflows/status.yml",
                    include_str!("init/github.yml"),
                ),
                (
                    ".github/workflows/record.yml",
                    include_str!("init/github-record.yml"),
                ),
            ],
            Self::Gitlab => &[(".gitlab-ci.yml", include_str!("init/gitlab.yml"))],
            Self::Netlify => &[
                BUILD,
                ("netlify.toml", include_str!("init/netlify.toml")),
                (
                    "netlify/functions/rebuild.mjs",
                    include_str!("init/rebuild.mjs"),
                ),
            ],
            Self::Cloudflare => &[
                BUILD,
                ("wrangler.toml", include_str!("init/cloudflare.toml")),
                ("rebuild.js", include_str!("init/rebuild.js")),
            ],
            Self::None => &[],
        }
    }
}

/// The address that pipelines ask whether the service answers, until somebody names another one.
const HEALTH: &str = "https://example.com/health";

/// The first `allclear.toml` of a site.
const FIRST: &str = r#"#:schema ./public/schemas/site.json
# The status page of a service. Every key is described in allclear's README, and editors that know Taplo
# complete them as soon as the page was built once.

title = TITLE
base_url = BASE_URL   # where the page is published; a sub-path works too
languages = ["en"]                         # the first is the default
time_zone = "UTC"                          # an IANA name such as "Europe/Paris"

# The parts of the service that readers care about, in the order in which they are shown.

[[components]]
id = "web"                                 # used in incident files and evidence
name = "Website"
since = TODAY                         # the first day that counts towards its uptime

[[components]]
id = "api"
name = "API"
since = TODAY
"#;

/// The place in [`FIRST`] of the day on which the site is started.
const TODAY: &str = "TODAY";

impl InitArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let path = match self.dir.as_str() {
            "." => global.in_site(CONFIG),
            _ => global.in_site(self.dir.join(CONFIG)),
        };
        let mut pipeline = Vec::new();
        for (file, text) in self.ci.files() {
            let file = path.with_file_name(file);
            // Two hosts share a script.
            if !has_text(&file, text)? {
                pipeline.push((file, *text));
            }
        }
        let is_new = !path.exists();
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        // All that may be refused comes before anything is written.
        let target = source::target(folder, Utf8Path::new(CONFIG))?;
        let mut pipeline_targets = Vec::new();
        for (file, _) in &pipeline {
            let inside = file.strip_prefix(folder).unwrap_or(file);
            pipeline_targets.push(source::target(folder, inside)?);
        }
        if let Some((taken, _)) = pipeline.iter().find(|(file, _)| file.exists()) {
            return Err(Error::Exists(taken.clone()).into());
        }
        if !is_new && pipeline.is_empty() {
            let there = self.ci.files().last();
            let there = there.map(|(file, _)| path.with_file_name(file));
            return Err(Error::Exists(there.unwrap_or(path)).into());
        }
        // In UTC, as the site is at first.
        let today = calendar::date(self.now.resolve(global)?.instant(), Tz::UTC);
        let first = self.first(today)?;
        let told = [("--title", &self.title), ("--base-url", &self.base_url)];
        if let Some((option, Some(text))) = told.iter().find(|it| !is_new && it.1.is_some()) {
            let message = format!("`{path}` is there already");
            return Err(bad_option(option, text, message, "change it in that file"));
        }
        let mut news = String::new();
        // The site last: where something else cannot be written, the same command can be run again.
        for ((_, text), target) in pipeline.iter().zip(&pipeline_targets) {
            create(target, text)?;
        }
        if is_new {
            let ignoring = ignore_output(&path.with_file_name(GITIGNORE))?;
            create(&target, &first)?;
            let unnamed = match self.title.is_some() && self.base_url.is_some() {
                true => "",
                false => "page, its address and your ",
            };
            news.push_str(&format!(
                "Wrote {path}{ignoring}. Next:\n  \
                 1. Name your {unnamed}components in {path}.\n  \
                 2. Run `allclear new incident \"What goes wrong\"` when something does.\n  \
                 3. Run `allclear build`, and publish the folder `public`.\n"
            ));
        }
        for (file, text) in &pipeline {
            news.push_str(&match text.contains("ALLCLEAR") {
                true if text.contains(HEALTH) => format!(
                    "Wrote {file}; put the address of allclear into `ALLCLEAR`, and yours in place of {HEALTH}.\n"
                ),
                true => format!("Wrote {file}; put the address of allclear into `ALLCLEAR`.\n"),
                false => format!("Wrote {file}.\n"),
            });
        }
        if !global.quiet {
            print(&news);
        }
        Ok(Outcome::Clean)
    }
}

impl InitArgs {
    /// The text of `allclear.toml` of this day, with the title and the address that were said.
    fn first(&self, today: NaiveDate) -> Result<String, Failure> {
        let quoted = |text: &str| toml_edit::Value::from(text.trim()).to_string();
        let base_url = match &self.base_url {
            Some(text) => {
                BaseUrl::parse(text).map_err(|error| {
                    let message = format!("this is no address for a site: {error}");
                    let hint = "write it as `https://status.example.com/`";
                    bad_option("--base-url", text, message, hint)
                })?;
                text
            }
            None => scaffold::BASE_URL,
        };
        let title = self.title.as_deref().unwrap_or(scaffold::TITLE);
        if title.trim().is_empty() {
            return Err(bad_option(
                "--title",
                title,
                "this title is empty",
                "name your page",
            ));
        }
        Ok(FIRST
            .replace(TODAY, &today.to_string())
            .replace("= BASE_URL", &format!("= {}", quoted(base_url)))
            .replace("= TITLE", &format!("= {}", quoted(title))))
    }
}

/// The file that names what git ignores.
const GITIGNORE: &str = ".gitignore";

/// Has git ignore the output folder; the rest of a sentence about that, where something was written.
fn ignore_output(file: &Utf8Path) -> Result<String, Failure> {
    const LINES: [&str; 2] = ["# What `allclear build` writes.", "/public"];
    let is_there = file.exists();
    let folder = file.parent().unwrap_or(Utf8Path::new(""));
    let text = read_text(folder, Utf8Path::new(GITIGNORE));
    let ignores = |text: &str| {
        let mut lines = text.lines().map(str::trim);
        lines.any(|line| ["/public", "/public/", "public", "public/"].contains(&line))
    };
    if matches!(&text, Ok(Some(text)) if ignores(text)) {
        return Ok(String::new());
    }
    if file.is_symlink() {
        return Ok(format!(", and left {file} as it is: add `/public` to it"));
    }
    text?;
    edit(file, |old| -> Result<_, Error> {
        let newline = if old.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = match old.is_empty() || old.ends_with('\n') {
            true => "",
            false => newline,
        };
        let [comment, line] = LINES;
        let text = format!("{old}{gap}{comment}{newline}{line}{newline}");
        Ok((text, ()))
    })?;
    Ok(match is_there {
        true => format!(", and added `/public` to {file}"),
        false => format!(" and {file}"),
    })
}

/// Whether a file is there and has this text.
fn has_text(file: &Utf8Path, text: &str) -> Result<bool, Failure> {
    let folder = file.parent().unwrap_or(Utf8Path::new(""));
    let name = Utf8Path::new(file.file_name().unwrap_or_default());
    let there = match file.is_file() {
        true => read_text(folder, name)?,
        false => None,
    };
    Ok(there.as_deref() == Some(text))
}
