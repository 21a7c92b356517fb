//! `allclear new`.

use std::fs;

use allclear::component::Status;
use allclear::diagnostic::nearest_hint;
use allclear::error::Error;
use allclear::site::{Drafts, Site};
use allclear::source::{INCIDENTS, TEMPLATES};
use allclear::time::Instant;
use camino::Utf8PathBuf;
use chrono::TimeDelta;
use clap::{Args, Subcommand};

use super::clock::Now;
use super::{Global, Outcome, answer, ask, bad_argument};

/// Write a new incident, maintenance or notice
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allclear new incident \"Log-in fails\" -c login=major_outage -m \"We are looking for the cause.\"
  allclear new maintenance \"Database upgrade\" -c api
  allclear new notice \"New status page\"")]
pub(crate) struct New {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// Something goes wrong
    Incident(What),
    /// Work is planned
    Maintenance(What),
    /// News without an effect on any status
    Notice(What),
}

#[derive(Debug, Args)]
struct What {
    /// The title, as readers see it; asked for on a terminal
    title: Option<String>,
    /// A component that it touches; for an incident, with its status (may be repeated)
    #[arg(long = "component", short, value_name = "ID[=STATUS]")]
    components: Vec<String>,
    /// The text of the first update, in Markdown; `-` takes it from what is piped in
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,
    /// When the next update will come, as `30m` or a time (incidents only)
    #[arg(long, value_name = "WHEN")]
    next: Option<String>,
    /// Start from `incidents/templates/NAME.md`, in which `{{ title }}` and `{{ now }}` are filled in
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    #[command(flatten)]
    now: Now,
}

impl New {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        let (Kind::Incident(what) | Kind::Maintenance(what) | Kind::Notice(what)) = &self.kind;
        let now = what.now.resolve()?.instant();
        let now = now - TimeDelta::seconds(now.timestamp().rem_euclid(60));
        let (site, diagnostics) = allclear::generate::read(&global.site, Drafts::Included)?;
        let Some(site) = site else {
            super::tell_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let what = Said::of(what, &self.kind, &site)?;
        let text = match (&what.template, &self.kind) {
            (Some(name), _) => from_template(name, &what, &site, now, global)?,
            (None, Kind::Incident(_)) => incident(&what, &site, now)?,
            (None, Kind::Maintenance(_)) => maintenance(&what, &site, now)?,
            (None, Kind::Notice(_)) => notice(&what, &site, now)?,
        };
        let path = path(&what.name(), &site, now)?;
        let (_, found) =
            allclear::generate::read_with(&global.site, Drafts::Included, &path, text.clone())?;
        if found.errors() > diagnostics.errors() {
            super::tell_all(&found, global);
            return Ok(Outcome::Findings);
        }
        let full = global.in_site(&path);
        let folder = global.in_site(INCIDENTS);
        fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
        super::create_new(&full, &text)?;
        answer(&format!("{full}\n"));
        Ok(Outcome::Clean)
    }
}

/// What was said on the command line, and what was asked for.
struct Said {
    title: String,
    components: Vec<String>,
    message: Option<String>,
    next: Option<String>,
    template: Option<String>,
}

impl Said {
    fn of(what: &What, kind: &Kind, site: &Site) -> Result<Self, Error> {
        let asks = what.title.is_none() && what.template.is_none();
        let title = match &what.title {
            Some(title) => title.trim().to_owned(),
            None if what.template.is_some() => String::new(),
            None if ask::is_answered() => ask::line("What do readers notice?", "the title")?,
            None => String::new(),
        };
        if title.is_empty() && what.template.is_none() {
            return Err(bad_argument(
                "there is no title",
                "say in a few words what readers notice",
            ));
        }
        let components = match kind {
            Kind::Incident(_) if asks && what.components.is_empty() => ask::components(
                site,
                &[
                    Status::DegradedPerformance,
                    Status::PartialOutage,
                    Status::MajorOutage,
                ],
            )?,
            _ => what.components.clone(),
        };
        let message = match &what.message {
            None if asks => Some(ask::message(None, "What should readers know?")?),
            None => None,
            said => Some(ask::message(said.as_deref(), "")?),
        };
        let said = Self {
            title,
            components,
            message,
            next: what.next.clone(),
            template: what.template.clone(),
        };
        let is_filled = !said.components.is_empty() || said.message.is_some();
        if said.next.is_some() && !matches!(kind, Kind::Incident(_)) {
            return Err(bad_argument(
                "only an incident promises its next update here",
                "leave `--next` out",
            ));
        }
        if said.template.is_some() && (is_filled || said.next.is_some()) {
            return Err(bad_argument(
                "a template says components, text and the next update itself",
                "leave `-c`, `-m` and `--next` out, or the template",
            ));
        }
        Ok(said)
    }

    /// What the file is named after.
    fn name(&self) -> String {
        match (self.title.as_str(), &self.template) {
            ("", Some(template)) => template.clone(),
            (title, _) => title.to_owned(),
        }
    }
}

/// An incident file from a template of the site.
fn from_template(
    name: &str,
    what: &Said,
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
    let title = serde_json::Value::from(what.title.as_str()).to_string();
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
    let day = now.with_timezone(&site.time_zone).format("%Y-%m-%d");
    let words = slug::slugify(title);
    let words: String = words.chars().take(60).collect();
    let words = match words.trim_end_matches('-') {
        "" => "incident",
        words => words,
    };
    let taken = |slug: &str| {
        site.incidents
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

fn incident(what: &Said, site: &Site, now: Instant) -> Result<String, Error> {
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
        what.next
            .as_deref()
            .unwrap_or("30m")
            .trim()
            .replace(' ', "T"),
        message.trim()
    ));
    Ok(text)
}

fn maintenance(what: &Said, site: &Site, now: Instant) -> Result<String, Error> {
    let mut text = head(what, Some("maintenance"));
    push_list(&mut text, &components(what, site)?)?;
    // A time to be changed: the same hour in a week is no surprise to anybody.
    let starts = now + TimeDelta::days(7);
    text.push_str(&format!(
        "starts: {}\nends: {}\n---\n\n## Scheduled · {}\n\n{}\n",
        super::local(site, starts),
        super::local(site, starts + TimeDelta::hours(1)),
        super::local(site, now),
        what.message
            .as_deref()
            .unwrap_or("Say here what readers will notice.")
            .trim(),
    ));
    Ok(text)
}

fn notice(what: &Said, site: &Site, now: Instant) -> Result<String, Error> {
    let mut text = head(what, Some("notice"));
    push_list(&mut text, &components(what, site)?)?;
    text.push_str(&format!(
        "starts: {}\nends: {}\n---\n\n{}\n",
        super::local(site, now),
        super::local(site, now + TimeDelta::days(7)),
        what.message
            .as_deref()
            .unwrap_or("Say here what readers should know.")
            .trim(),
    ));
    Ok(text)
}

fn head(what: &Said, kind: Option<&str>) -> String {
    let title = what.title.split_whitespace().collect::<Vec<_>>().join(" ");
    // A JSON string is a YAML string, whatever stands in it.
    let title = serde_json::Value::from(title);
    match kind {
        Some(kind) => format!("---\ntitle: {title}\nkind: {kind}\n"),
        None => format!("---\ntitle: {title}\n"),
    }
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
