//! `allclear new`.

use std::fs;

use allclear::diagnostic::nearest_hint;
use allclear::error::Error;
use allclear::site::Site;
use allclear::site::read::Drafts;
use allclear::site::vocabulary::Status;
use allclear::source::{INCIDENTS, TEMPLATES};
use allclear::time::{self, Instant};
use camino::Utf8PathBuf;
use chrono::TimeDelta;
use clap::{Args, Subcommand};

use super::clock::Now;
use super::{Global, Outcome, answer, ask, bad_argument};

/// Write a new incident, maintenance or notice
///
/// On a terminal, what is needed and was not said is asked for.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear new incident \"Log-in fails\" -c login=major_outage -m \"We are looking for the cause.\"
  allclear new maintenance \"Database upgrade\" -c api --starts \"2023-01-14 02:00\" --ends 2h
  allclear new maintenance \"Backup\" --starts \"2023-01-14 02:00\" --ends 30m --repeat FREQ=WEEKLY
  allclear new notice \"New status page\"")]
pub(crate) struct New {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// Something goes wrong
    Incident {
        #[command(flatten)]
        what: What,
        /// When the next update will come, as `30m` or a time [default: 30m]
        #[arg(long, value_name = "WHEN", conflicts_with = "template")]
        next: Option<String>,
    },
    /// Work is planned
    Maintenance {
        #[command(flatten)]
        what: What,
        #[command(flatten)]
        window: WindowArgs,
        /// How it repeats, as a rule of RFC 5545: `FREQ=WEEKLY`, `FREQ=MONTHLY;BYDAY=1SA`
        #[arg(long, value_name = "RULE", conflicts_with = "template")]
        repeat: Option<String>,
    },
    /// News without an effect on any status
    Notice {
        #[command(flatten)]
        what: What,
        #[command(flatten)]
        window: WindowArgs,
    },
}

#[derive(Debug, Args)]
struct What {
    /// The title, as readers see it
    title: Option<String>,
    /// A component that it touches; for an incident, with its status: `degraded_performance`, `partial_outage` (what
    /// it is where none is said) or `major_outage` (may be repeated)
    #[arg(
        long = "component",
        short,
        value_name = "ID[=STATUS]",
        conflicts_with = "template"
    )]
    components: Vec<String>,
    /// The text of the first update, in Markdown; `-` takes it from what is piped in
    #[arg(long, short, value_name = "TEXT", conflicts_with = "template")]
    message: Option<String>,
    /// Start from `incidents/templates/NAME.md`, in which `{{ title }}` and `{{ now }}` are filled in
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    #[command(flatten)]
    now: Now,
}

#[derive(Debug, Args)]
struct WindowArgs {
    /// When it begins, as `2023-01-14 02:00` [default: a maintenance in a week, a notice now]
    #[arg(long, value_name = "TIME", conflicts_with = "template")]
    starts: Option<String>,
    /// When it ends, or how long after that, as `2h` [default: a maintenance after 1h, a notice after 7d]
    #[arg(long, value_name = "WHEN", conflicts_with = "template")]
    ends: Option<String>,
}

impl New {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        let (Kind::Incident { what, .. }
        | Kind::Maintenance { what, .. }
        | Kind::Notice { what, .. }) = &self.kind;
        let now = what.now.resolve()?.instant();
        let now = now - TimeDelta::seconds(now.timestamp().rem_euclid(60));
        let (site, diagnostics) = allclear::generate::read(&global.site, Drafts::Included)?;
        let Some(site) = site else {
            super::tell_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let title = title(what)?;
        let text = match (&what.template, &self.kind) {
            (Some(name), _) => from_template(name, &title, &site, now, global)?,
            (None, Kind::Incident { next, .. }) => {
                let said = Said::of(title.clone(), what, &self.kind, &site)?;
                incident(&said, next.as_deref(), &site, now)?
            }
            (None, Kind::Maintenance { window, repeat, .. }) => {
                let said = Said::of(title.clone(), what, &self.kind, &site)?;
                let week = (now + TimeDelta::days(7), TimeDelta::hours(1));
                let missing = match is_asked(what) {
                    true => Missing::Asked,
                    false => Missing::Suggested,
                };
                let window = window.read(missing, week, &site)?;
                maintenance(&said, &window, repeat.as_deref(), &site, now)?
            }
            (None, Kind::Notice { window, .. }) => {
                let said = Said::of(title.clone(), what, &self.kind, &site)?;
                let week = (now, TimeDelta::days(7));
                let window = window.read(Missing::Suggested, week, &site)?;
                notice(&said, &window, &site)?
            }
        };
        let name = what.template.as_ref().filter(|_| title.is_empty());
        let path = path(name.unwrap_or(&title), &site, now)?;
        let (_, found) =
            allclear::generate::read_with(&global.site, Drafts::Included, &path, text.clone())?;
        if found.errors() > diagnostics.errors() {
            super::tell_all(&found, global);
            super::tell("nothing was written\n");
            return Ok(Outcome::Findings);
        }
        let full = global.in_site(&path);
        let folder = global.in_site(INCIDENTS);
        fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
        super::create_new(&full, &text)?;
        answer(&format!("{full}\n"));
        if diagnostics.errors() > 0 && !global.quiet {
            super::tell(
                "but nothing is built before the errors in other files are mended: `allclear check` tells them\n",
            );
        }
        Ok(Outcome::Clean)
    }
}

/// Whether questions are asked: who has said nothing wants to be asked for all.
fn is_asked(what: &What) -> bool {
    what.title.is_none() && what.template.is_none() && ask::is_answered()
}

/// The title; without one, the file is named after its template.
fn title(what: &What) -> Result<String, Error> {
    let title = match &what.title {
        Some(title) => title.trim().to_owned(),
        None if is_asked(what) => ask::line("What do readers notice?", "the title")?,
        None => String::new(),
    };
    if title.is_empty() && what.template.is_none() {
        return Err(bad_argument(
            "there is no title",
            "say in a few words what readers notice",
        ));
    }
    Ok(title)
}

/// What was said on the command line, and what was asked for.
struct Said {
    title: String,
    components: Vec<String>,
    message: Option<String>,
}

impl Said {
    fn of(title: String, what: &What, kind: &Kind, site: &Site) -> Result<Self, Error> {
        let asks = is_asked(what);
        let statuses: &[Status] = match kind {
            Kind::Incident { .. } => &[
                Status::DegradedPerformance,
                Status::PartialOutage,
                Status::MajorOutage,
            ],
            Kind::Maintenance { .. } | Kind::Notice { .. } => &[],
        };
        let components = match asks && what.components.is_empty() {
            true => ask::components(site, statuses)?,
            false => what.components.clone(),
        };
        let message = match &what.message {
            None if asks => Some(ask::message(None, "What should readers know?")?),
            None => None,
            said => Some(ask::message(said.as_deref(), "")?),
        };
        Ok(Self {
            title,
            components,
            message,
        })
    }
}

/// What becomes of what was not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// It is asked for.
    Asked,
    /// It is suggested, to be changed in the file.
    Suggested,
}

/// A window as a file has it.
struct Window {
    starts: String,
    ends: String,
}

impl WindowArgs {
    /// What was said, or is asked for; else what follows from a start and a length. What is no time stays as it
    /// is: the reader of the file says best what is wrong with it.
    fn read(
        &self,
        missing: Missing,
        (start, length): (Instant, TimeDelta),
        site: &Site,
    ) -> Result<Window, Error> {
        let said = |said: &Option<String>, question, help: String| match said {
            Some(text) => one_line(text).map(Some),
            None if missing == Missing::Asked => ask::line(question, &help).map(Some),
            None => Ok(None),
        };
        let suggested = super::local(site, start);
        let help = format!("a time, as {suggested}");
        let starts = said(&self.starts, "When does it begin?", help)?;
        let starts = starts.filter(|text| !text.is_empty()).unwrap_or(suggested);
        let begun = time::parse(&starts, site.settings.time_zone);
        let help = "how long after that, as 1h, or a time".to_owned();
        let ends = said(&self.ends, "When does it end?", help)?.unwrap_or_default();
        let length = match ends.as_str() {
            "" => Some(length),
            ends => time::parse_duration(ends),
        };
        let ends = match length {
            Some(length) => super::local(site, begun.unwrap_or(start) + length),
            None => ends,
        };
        Ok(Window { starts, ends })
    }
}

/// An incident file from a template of the site.
fn from_template(
    name: &str,
    title: &str,
    site: &Site,
    now: Instant,
    global: &Global,
) -> Result<String, Error> {
    let folder = global.in_site(TEMPLATES);
    let files = fs::read_dir(&folder).into_iter().flatten().flatten();
    let mut known: Vec<String> = files
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
        .collect();
    known.sort();
    if !known.iter().any(|known| known == name) {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let hint = nearest_hint(name, known.iter().copied());
        return Err(bad_argument(
            format!("there is no template `{name}`"),
            hint.unwrap_or_else(|| match known.as_slice() {
                [] => format!("write it as `{TEMPLATES}/{name}.md`"),
                known => format!("there are {}", known.join(", ")),
            }),
        ));
    }
    let path = folder.join(format!("{name}.md"));
    let text = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
    // In front matter a title in quotes is one text, whatever stands in it.
    let title = serde_json::Value::from(title).to_string();
    let title = &title[1..title.len() - 1];
    if text.contains("{{ title }}") && title.is_empty() {
        return Err(bad_argument(
            format!("the template `{name}` needs a title"),
            "say in a few words what readers notice",
        ));
    }
    Ok(text
        .replace("{{ title }}", title)
        .replace("{{ now }}", &super::local(site, now)))
}

/// `incidents/2022-12-28-log-in-fails.md`, with a number where that is taken.
fn path(title: &str, site: &Site, now: Instant) -> Result<Utf8PathBuf, Error> {
    let day = now
        .with_timezone(&site.settings.time_zone)
        .format("%Y-%m-%d");
    let words = slug::slugify(title);
    let words: String = words.chars().take(60).collect();
    let words = match words.trim_end_matches('-') {
        "" => "incident",
        words => words,
    };
    let taken = |slug: &str| {
        site.posts
            .iter()
            .any(|incident| incident.slug.as_str() == slug)
    };
    let first = format!("{day}-{words}");
    let slug = std::iter::once(first.clone())
        .chain((2..1000).map(|number| format!("{first}-{number}")))
        .find(|slug| !taken(slug));
    match slug {
        Some(slug) => Ok(Utf8PathBuf::from(format!("{INCIDENTS}/{slug}.md"))),
        None => Err(bad_argument(
            format!("there are too many incidents `{first}`"),
            "choose another title",
        )),
    }
}

fn incident(what: &Said, next: Option<&str>, site: &Site, now: Instant) -> Result<String, Error> {
    let mut text = head(what, None);
    let named = components(what, site)?;
    if named.is_empty() {
        text.push_str("# What is affected, and how: degraded_performance, partial_outage or major_outage.\n# components:\n");
        for component in site.components.iter().take(12) {
            text.push_str(&format!("#   {}: partial_outage\n", component.id));
        }
    } else {
        text.push_str("components:\n");
        for (id, status) in named {
            text.push_str(&format!("  {id}: {}\n", status.unwrap_or("partial_outage")));
        }
    }
    text.push_str(&format!("started: {}\n---\n\n", super::local(site, now)));
    let message = what
        .message
        .as_deref()
        .unwrap_or("We are looking for the cause.");
    text.push_str(&format!(
        "## Investigating · {} {{next={}}}\n\n{}\n",
        super::local(site, now),
        next.unwrap_or("30m").trim().replace(' ', "T"),
        message.trim()
    ));
    Ok(text)
}

/// A value of the front matter, which would end with its line.
fn one_line(text: &str) -> Result<String, Error> {
    let text = text.trim();
    match text.is_empty() || text.contains(['\n', '\r']) {
        true => Err(bad_argument(
            format!("`{text}` is not one line of text"),
            "write it on one line",
        )),
        false => Ok(text.to_owned()),
    }
}

fn maintenance(
    what: &Said,
    window: &Window,
    repeat: Option<&str>,
    site: &Site,
    now: Instant,
) -> Result<String, Error> {
    let mut text = head(what, Some("maintenance"));
    push_list(&mut text, &components(what, site)?)?;
    text.push_str(&format!(
        "starts: {}\nends: {}\n",
        window.starts, window.ends
    ));
    if let Some(rule) = repeat {
        text.push_str(&format!("repeat: {}\n", one_line(rule)?));
    }
    text.push_str(&format!(
        "---\n\n## Scheduled · {}\n\n{}\n",
        super::local(site, now),
        what.message
            .as_deref()
            .unwrap_or("<!-- Say here what readers will notice. -->")
            .trim(),
    ));
    Ok(text)
}

fn notice(what: &Said, window: &Window, site: &Site) -> Result<String, Error> {
    let mut text = head(what, Some("notice"));
    push_list(&mut text, &components(what, site)?)?;
    text.push_str(&format!(
        "starts: {}\nends: {}\n---\n\n{}\n",
        window.starts,
        window.ends,
        what.message
            .as_deref()
            .unwrap_or("<!-- Say here what readers should know. -->")
            .trim(),
    ));
    Ok(text)
}

/// The front matter up to the kind; editors that know the YAML language server complete it once the page was built.
fn head(what: &Said, kind: Option<&str>) -> String {
    let title = what.title.split_whitespace().collect::<Vec<_>>().join(" ");
    // A JSON string is a YAML string, whatever stands in it.
    let title = serde_json::Value::from(title);
    let kind = kind.map_or_else(String::new, |kind| format!("kind: {kind}\n"));
    format!(
        "---\n# yaml-language-server: $schema=../public/schemas/incident.json\ntitle: {title}\n{kind}"
    )
}

/// The components that were named, each with its status where that was said too.
fn components<'a>(what: &'a Said, site: &Site) -> Result<Vec<(&'a str, Option<&'a str>)>, Error> {
    what.components
        .iter()
        .map(|named| {
            let (id, status) = match named.split_once('=') {
                Some((id, status)) => (id, Some(status)),
                None => (named.as_str(), None),
            };
            super::known_component(site, id)?;
            if let Some(word) = status {
                super::known_status(word)?;
            }
            Ok((id, status))
        })
        .collect()
}

fn push_list(text: &mut String, named: &[(&str, Option<&str>)]) -> Result<(), Error> {
    if let Some((id, Some(_))) = named.iter().find(|(_, status)| status.is_some()) {
        return Err(bad_argument(
            format!("only an incident gives `{id}` a status"),
            format!("write `-c {id}`"),
        ));
    }
    if !named.is_empty() {
        let ids: Vec<&str> = named.iter().map(|(id, _)| *id).collect();
        text.push_str(&format!("components: [{}]\n", ids.join(", ")));
    }
    Ok(())
}
