//! `allclear new`.

use std::fs;

use allclear::error::Error;
use allclear::site::{Drafts, Site};
use allclear::source::INCIDENTS;
use allclear::time::Instant;
use camino::Utf8PathBuf;
use chrono::TimeDelta;
use clap::{Args, Subcommand};

use super::clock::Now;
use super::{Global, Outcome, answer, bad_argument};

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
    /// The title, as readers see it
    title: String,
    /// A component that it touches; for an incident, with its status (may be repeated)
    #[arg(long = "component", short, value_name = "ID[=STATUS]")]
    components: Vec<String>,
    /// The text of the first update, in Markdown
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,
    #[command(flatten)]
    now: Now,
}

impl New {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome, Error> {
        let (Kind::Incident(what) | Kind::Maintenance(what) | Kind::Notice(what)) = &self.kind;
        let title = what.title.trim();
        if title.is_empty() {
            return Err(bad_argument(
                "the title is empty",
                "say in a few words what readers notice",
            ));
        }
        let now = what.now.resolve()?.instant();
        let (site, diagnostics) = allclear::generate::read(&global.site, Drafts::Included)?;
        let Some(site) = site else {
            super::tell_all(&diagnostics, global);
            return Ok(Outcome::Findings);
        };
        let text = match &self.kind {
            Kind::Incident(what) => incident(what, &site, now)?,
            Kind::Maintenance(what) => maintenance(what, &site, now)?,
            Kind::Notice(what) => notice(what, &site, now)?,
        };
        let path = path(title, &site, now)?;
        let full = global.in_site(&path);
        let folder = global.in_site(INCIDENTS);
        fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
        super::create_new(&full, &text)?;
        answer(&format!("{full}\n"));
        Ok(Outcome::Clean)
    }
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

fn incident(what: &What, site: &Site, now: Instant) -> Result<String, Error> {
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
    text.push_str(&format!("started: {}\n---\n\n", local(site, now)));
    let message = what
        .message
        .as_deref()
        .unwrap_or("We are looking for the cause.");
    text.push_str(&format!(
        "## Investigating · {} {{next=30m}}\n\n{}\n",
        local(site, now),
        message.trim()
    ));
    Ok(text)
}

fn maintenance(what: &What, site: &Site, now: Instant) -> Result<String, Error> {
    let mut text = head(what, Some("maintenance"));
    push_list(&mut text, &components(what, site)?)?;
    // A time to be changed: the same hour in a week is no surprise to anybody.
    let starts = now + TimeDelta::days(7);
    text.push_str(&format!(
        "starts: {}\nends: {}\n---\n\n## Scheduled · {}\n\n{}\n",
        local(site, starts),
        local(site, starts + TimeDelta::hours(1)),
        local(site, now),
        what.message
            .as_deref()
            .unwrap_or("Say here what readers will notice.")
            .trim(),
    ));
    Ok(text)
}

fn notice(what: &What, site: &Site, now: Instant) -> Result<String, Error> {
    let mut text = head(what, Some("notice"));
    push_list(&mut text, &components(what, site)?)?;
    text.push_str(&format!(
        "starts: {}\nends: {}\n---\n\n{}\n",
        local(site, now),
        local(site, now + TimeDelta::days(7)),
        what.message
            .as_deref()
            .unwrap_or("Say here what readers should know.")
            .trim(),
    ));
    Ok(text)
}

fn head(what: &What, kind: Option<&str>) -> String {
    let title = what.title.split_whitespace().collect::<Vec<_>>().join(" ");
    // A JSON string is a YAML string, whatever stands in it.
    let title = serde_json::Value::from(title);
    match kind {
        Some(kind) => format!("---\ntitle: {title}\nkind: {kind}\n"),
        None => format!("---\ntitle: {title}\n"),
    }
}

/// The components that were named, each with its status where that was said too.
fn components<'a>(what: &'a What, site: &Site) -> Result<Vec<(&'a str, Option<&'a str>)>, Error> {
    what.components
        .iter()
        .map(|named| {
            let (id, status) = match named.split_once('=') {
                Some((id, status)) => (id, Some(status)),
                None => (named.as_str(), None),
            };
            let ids = || {
                site.components
                    .iter()
                    .map(|component| component.id.as_str())
            };
            if !ids().any(|known| known == id) {
                let hint = allclear::diagnostic::nearest_hint(id, ids()).unwrap_or_default();
                return Err(bad_argument(format!("there is no component `{id}`"), hint));
            }
            if let Some(word) = status
                && allclear::component::Status::parse(word).is_none()
            {
                let words =
                    allclear::component::Status::SAID.map(allclear::component::Status::as_str);
                let hint = allclear::diagnostic::nearest_hint(word, words).unwrap_or_default();
                return Err(bad_argument(
                    format!("`{word}` is no component status"),
                    hint,
                ));
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

/// A time in the site's zone, as its files write it; with its offset where the clocks go back and
/// the time alone would be ambiguous.
fn local(site: &Site, instant: Instant) -> String {
    let local = instant.with_timezone(&site.time_zone);
    let plain = local.format("%Y-%m-%d %H:%M").to_string();
    match allclear::time::parse(&plain, site.time_zone) {
        Ok(_) => plain,
        Err(_) => local.format("%Y-%m-%d %H:%M %:z").to_string(),
    }
}
