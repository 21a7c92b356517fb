//! `allclear init`.

mod agent;
mod file;
mod first;
mod host;
mod ignoring;
mod release;

use allclear::error::Error;
use allclear::locale::Language;
use allclear::site::{BaseUrl, scaffold};
use allclear::source::{self, CONFIG, read_text};
use allclear::time::calendar;
use allclear::write::create;
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;
use chrono_tz::Tz;
use clap::Args;

use self::agent::AgentHost;
use self::first::First;
use self::host::{Host, Keeping, Plan};
use self::ignoring::Ignoring;
use super::ask;
use super::clock::Now;
use super::failure::{Failure, bad_option};
use super::global::Global;
use super::outcome::Outcome;
use super::print::print;

/// Start a site
///
/// Writes a commented `allclear.toml`, a `.gitignore` that names the built page, and where asked a pipeline that
/// checks, builds and publishes it. Nothing that is there is changed; a `.gitignore` gets the lines that it lacks.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear init status && cd status && allclear build
  allclear init --title \"Acme Status\" --base-url https://status.acme.example/
  allclear init --language de,en                 a page in German, and in English too
  allclear init --ci github                      a pipeline, for a site that is there too
  allclear init --ci gitlab --plan free          one that costs nothing, on a clock that the plan keeps
  allclear init --agent systemd                  what runs `allclear agent` on a clock of your own")]
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
    /// The languages of the page, the default first, such as `de` or `pt-BR`; several with commas between them
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    language: Vec<String>,
    /// Also write a pipeline for a host
    #[arg(long, value_name = "HOST", default_value = "none")]
    ci: Host,
    /// The plan of the host, by which its clock is set, and how long evidence holds; `free` where nobody can be asked
    #[arg(long, value_name = "PLAN")]
    plan: Option<Plan>,
    /// Also write what runs `allclear agent` on a host
    #[arg(long, value_name = "HOST")]
    agent: Option<AgentHost>,
    #[command(flatten)]
    now: Now,
}

impl InitArgs {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Failure> {
        let path = match self.dir.as_str() {
            "." => global.in_site(CONFIG),
            _ => global.in_site(self.dir.join(CONFIG)),
        };
        let plan = self.plan()?;
        let mut files = self.ci.files(plan);
        let more = self.agent.into_iter().flat_map(AgentHost::files);
        for file in more {
            // The two share a script.
            if files.iter().all(|it| it.path != file.path) {
                files.push(file);
            }
        }
        let mut pipeline = Vec::new();
        let mut kept = Vec::new();
        for file in &files {
            let place = path.with_file_name(file.path);
            // Two hosts share a script.
            if has_text(&place, &file.text)? {
                continue;
            }
            match file.is_kept && place.is_file() {
                true => kept.push(place),
                false => pipeline.push((place, file.text.as_str())),
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
            let there = files.last().map(|file| path.with_file_name(file.path));
            return Err(Error::Exists(there.unwrap_or(path)).into());
        }
        // In UTC, as the site is at first.
        let today = calendar::date(self.now.resolve(global)?.instant(), Tz::UTC);
        let keeping = self.ci.keeping(plan);
        let first = self.first(today, keeping)?;
        if !is_new {
            self.refuse_what_is_settled(&path)?;
        }
        let gitignore = path.with_file_name(ignoring::FILE);
        let fetches = files.iter().any(|file| file.path == release::SCRIPT);
        let ignored: Vec<_> = (is_new.then_some(&ignoring::OUTPUT).into_iter())
            .chain(fetches.then_some(&ignoring::FETCHED))
            .collect();
        let ignoring = Ignoring::of(&gitignore, &ignored)?;
        let mut news = String::new();
        // The site last: where something else cannot be written, the same command can be run again.
        for ((_, text), target) in pipeline.iter().zip(&pipeline_targets) {
            create(target, text)?;
        }
        if is_new {
            create(&target, &first)?;
            news.push_str(&self.next_steps(&path, &ignoring.clause(&gitignore)));
        }
        for (file, text) in &pipeline {
            let is_to_be_filled = release::IS_UNKNOWN && text.contains(release::ASKED);
            news.push_str(&match is_to_be_filled {
                true => format!(
                    "Wrote {file}; put the address of allclear's releases into `{}`.\n",
                    release::VARIABLE
                ),
                false => format!("Wrote {file}.\n"),
            });
        }
        for file in &kept {
            news.push_str(&format!("Left {file} as it is.\n"));
        }
        if !is_new {
            news.push_str(&ignoring.sentence(&gitignore));
            news.push_str(&to_be_written(&path, keeping));
        }
        if !global.quiet {
            print(&news);
        }
        Ok(Outcome::Clean)
    }

    /// The plan of the host: what was said, or else answered, or else the one that costs nothing.
    fn plan(&self) -> Result<Plan, Failure> {
        const FREE: &str = "free: it costs nothing, and its clock comes once an hour";
        const PAID: &str = "paid: its clock comes more often";
        match (self.plan, self.ci.with_plans()) {
            (Some(plan), _) => Ok(plan),
            (None, Some(host)) if ask::is_answered() => {
                let question = format!("Which plan of {host} is it?");
                let answer = ask::choose(&question, vec![FREE.to_owned(), PAID.to_owned()])?;
                Ok(if answer == PAID {
                    Plan::Paid
                } else {
                    Plan::Free
                })
            }
            (None, _) => Ok(Plan::Free),
        }
    }

    /// Refuses what was said of a site whose file says it already.
    fn refuse_what_is_settled(&self, path: &Utf8Path) -> Result<(), Failure> {
        let language = (!self.language.is_empty()).then(|| self.language.join(","));
        let told = [
            ("--title", &self.title),
            ("--base-url", &self.base_url),
            ("--language", &language),
        ];
        for (option, text) in told {
            if let Some(text) = text {
                let message = format!("`{path}` is there already");
                return Err(bad_option(option, text, message, "change it in that file"));
            }
        }
        Ok(())
    }

    /// What is to be done in a new site.
    fn next_steps(&self, path: &Utf8Path, ignoring: &str) -> String {
        let unnamed = match self.title.is_some() && self.base_url.is_some() {
            true => "",
            false => "page, its address and your ",
        };
        format!(
            "Wrote {path}{ignoring}. Next:\n  \
             1. Name your {unnamed}components in {path}.\n  \
             2. Run `allclear new incident \"What goes wrong\"` when something does.\n  \
             3. Run `allclear build`, and publish the folder `public`.\n"
        )
    }

    /// The text of `allclear.toml` of this day, with what was said.
    fn first(&self, today: NaiveDate, keeping: Keeping) -> Result<String, Failure> {
        let base_url = match &self.base_url {
            Some(text) => {
                BaseUrl::parse(text).map_err(|error| {
                    let message = format!("this is no address for a site: {error}");
                    let hint = "write it as `https://status.example.com/`";
                    bad_option("--base-url", text, message, hint)
                })?;
                text.trim()
            }
            None => scaffold::BASE_URL,
        };
        if let Some(title) = self.title.as_deref().filter(|it| it.trim().is_empty()) {
            let message = "this title is empty";
            return Err(bad_option("--title", title, message, "name your page"));
        }
        let first = First {
            title: self.title.as_deref(),
            base_url,
            languages: &self.languages()?,
            today,
            keeping,
        };
        Ok(first.text())
    }

    /// The languages of the page, the default first.
    fn languages(&self) -> Result<Vec<Language>, Failure> {
        let mut languages: Vec<Language> = Vec::new();
        for tag in &self.language {
            let language = Language::parse(tag.trim()).map_err(|error| {
                let message = "this is no language that anybody knows";
                bad_option("--language", tag, message, error.hint())
            })?;
            if languages.contains(&language) {
                let message = "this language is named twice";
                return Err(bad_option("--language", tag, message, "name it once"));
            }
            languages.push(language);
        }
        if languages.is_empty() {
            languages.push(Language::english());
        }
        Ok(languages)
    }
}

/// What the host of a pipeline asks of a site that is there, whose file is left as it is.
fn to_be_written(path: &Utf8Path, keeping: Keeping) -> String {
    let (states, why) = match keeping {
        Keeping::For(time) => (
            format!("valid_for = \"{time}\""),
            "that is what the clock of this host can keep",
        ),
        Keeping::Nothing => ("required = false".to_owned(), "this host has no clock"),
        Keeping::Unknown => return String::new(),
    };
    format!(
        "Left {path} as it is: write `states = {{ {states} }}` below each component, for {why}.\n"
    )
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
