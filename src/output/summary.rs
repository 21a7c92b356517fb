//! What the page says, in a few lines for the terminal and as JSON for programs.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::locale::english::counted;
use crate::locale::{Language, Locale};
use crate::site::Site;
use crate::site::post::Kind;
use crate::site::update::State;
use crate::status::{DAYS, HeadlineState, SiteStatus, occurrence};
use crate::time;
use crate::time::Instant;

/// What the page says at an instant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The instant, RFC 3339 in UTC, as all instants here.
    pub now: String,
    /// The answer to "does it work?".
    pub headline: Headline,
    /// In the order of `allclear.toml`.
    pub components: Vec<Component>,
    /// Those that are open, worst and newest first.
    pub incidents: Vec<Incident>,
    /// Those under way, then those to come, soonest first.
    pub maintenances: Vec<Maintenance>,
    /// Signals that breach although nothing is said of it.
    pub contradictions: Vec<Contradiction>,
}

/// The answer to "does it work?".
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Headline {
    /// `major_outage`, ..., `all_clear`.
    pub state: &'static str,
    /// `none`, `maintenance`, `minor`, `major` or `critical`.
    pub indicator: &'static str,
    /// In English.
    pub text: String,
    /// The instant up to which an all-clear holds.
    pub valid_until: Option<String>,
}

/// A component.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Component {
    /// Its id.
    pub id: String,
    /// Its name in the site's first language.
    pub name: String,
    /// Its status.
    pub status: &'static str,
    /// Since when it has had this status, where that is known.
    pub since: Option<String>,
    /// What is known of it.
    pub evidence: Option<Evidence>,
    /// The share of the last days that it was up.
    pub uptime: Uptime,
}

/// What is known of a component.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// From how many sources.
    pub sources: usize,
    /// The end of the newest observation.
    pub confirmed_at: String,
    /// Until when it holds.
    pub valid_until: String,
}

/// The share of time that a component was up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Uptime {
    /// Over how many days.
    pub days: u32,
    /// From 0 to 1; `None` where nothing was measured.
    pub ratio: Option<f64>,
    /// The share of the time that was measured, from 0 to 1.
    pub measured: f64,
}

/// An open incident.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Incident {
    /// Its slug.
    pub slug: String,
    /// Its title in the site's first language.
    pub title: String,
    /// Its last state.
    pub state: &'static str,
    /// `none`, `minor`, `major` or `critical`.
    pub impact: &'static str,
    /// When the trouble began.
    pub started: String,
    /// The status that it gives each of its components now.
    pub components: BTreeMap<String, &'static str>,
    /// When the next update is promised for.
    pub next_update: Option<String>,
}

/// A maintenance under way or to come.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Maintenance {
    /// Its slug.
    pub slug: String,
    /// Its title in the site's first language.
    pub title: String,
    /// Its last state.
    pub state: &'static str,
    /// When its window opens.
    pub starts: String,
    /// When its window closes.
    pub ends: String,
}

/// A signal that breaches although no open incident covers its components.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contradiction {
    /// The signal's id.
    pub signal: String,
    /// The ids of its components.
    pub components: Vec<String>,
    /// Since when it breaches.
    pub since: String,
    /// Its last value.
    pub value: f64,
    /// The value from which on it breaches.
    pub threshold: f64,
}

impl Summary {
    /// Whether something is wrong with the service, or nothing is known of it.
    pub fn is_trouble(&self) -> bool {
        !matches!(self.headline.indicator, "none" | "maintenance")
    }
}

/// Sums up what the page of a site says at an instant.
pub fn summary(site: Site, now: Instant) -> Summary {
    let site = &occurrence::expanded(site, now);
    let derived = SiteStatus::new(site, now);
    let snapshot = &derived.snapshot;
    let components = site
        .components
        .iter()
        .zip(&snapshot.components)
        .zip(&derived.components);
    Summary {
        now: time::rfc3339(now),
        headline: Headline {
            state: snapshot.headline.state.as_str(),
            indicator: snapshot.headline.indicator().as_str(),
            text: headline(site, &derived),
            valid_until: snapshot.headline.valid_until.map(time::rfc3339),
        },
        components: components
            .map(|((component, state), days)| Component {
                id: component.id.clone(),
                name: component.name.text(0).to_owned(),
                status: state.status.as_str(),
                since: state.since.map(time::rfc3339),
                evidence: state.evidence.as_ref().map(|evidence| Evidence {
                    sources: evidence.sources.len(),
                    confirmed_at: time::rfc3339(evidence.confirmed_at),
                    valid_until: time::rfc3339(evidence.valid_until),
                }),
                uptime: Uptime {
                    days: DAYS,
                    ratio: days.uptime.ratio,
                    measured: days.uptime.measured,
                },
            })
            .collect(),
        incidents: snapshot
            .incidents
            .iter()
            .filter_map(|index| incident(site, &derived, *index))
            .collect(),
        maintenances: snapshot
            .maintenances
            .iter()
            .chain(&snapshot.upcoming)
            .filter_map(|index| maintenance(site, &derived, *index))
            .collect(),
        contradictions: snapshot
            .contradictions
            .iter()
            .map(|contradiction| Contradiction {
                signal: site.signals[contradiction.signal].id.clone(),
                components: contradiction
                    .components
                    .iter()
                    .map(|component| site.components[component.0].id.clone())
                    .collect(),
                since: time::rfc3339(contradiction.breach.since),
                value: contradiction.reading.sample.value,
                threshold: contradiction.reading.threshold,
            })
            .collect(),
    }
}

/// The headline in English: the terminal's language.
fn headline(site: &Site, derived: &SiteStatus) -> String {
    let locale = Locale::new(&Language::english());
    let headline = &derived.snapshot.headline;
    let key = match (headline.state, headline.since) {
        (HeadlineState::Incident, _) if headline.monitoring => {
            "headline-incident-monitoring".to_owned()
        }
        (HeadlineState::Unknown, None) => "headline-unknown-never".to_owned(),
        (state, _) => format!("headline-{}", state.as_str()),
    };
    let since = headline
        .since
        .map(|since| locale.date_time(since.with_timezone(&site.time_zone)));
    locale
        .text(&key, &[("since", since.as_deref().unwrap_or_default())])
        .into_owned()
}

fn incident(site: &Site, derived: &SiteStatus, index: usize) -> Option<Incident> {
    let incident = &site.posts[index];
    let course = &derived.courses[index];
    let Kind::Incident(said) = &incident.kind else {
        return None;
    };
    let affected = course.affected.iter();
    Some(Incident {
        slug: incident.slug.as_str().to_owned(),
        title: incident.title.text(0).to_owned(),
        state: course.state.map_or("", State::as_str),
        impact: said.impact.as_str(),
        started: time::rfc3339(said.started),
        components: affected
            .map(|standing| {
                (
                    site.components[standing.component.0].id.clone(),
                    standing.now.as_str(),
                )
            })
            .collect(),
        next_update: course.next_update.map(time::rfc3339),
    })
}

fn maintenance(site: &Site, derived: &SiteStatus, index: usize) -> Option<Maintenance> {
    let incident = &site.posts[index];
    let Kind::Maintenance(maintenance) = &incident.kind else {
        return None;
    };
    Some(Maintenance {
        slug: incident.slug.as_str().to_owned(),
        title: incident.title.text(0).to_owned(),
        state: derived.courses[index].state.map_or("", State::as_str),
        starts: time::rfc3339(maintenance.window.starts()),
        ends: time::rfc3339(maintenance.window.ends()),
    })
}

/// A summary for programs: one JSON document.
pub fn json(summary: &Summary) -> String {
    // A struct of texts, numbers and lists always has a JSON form.
    let mut text = serde_json::to_string_pretty(summary).unwrap_or_default();
    text.push('\n');
    text
}

/// A summary for people: the headline, then what they would look for next.
pub fn human(summary: &Summary) -> String {
    let mut text = format!("{}\n", summary.headline.text);
    if let Some(until) = &summary.headline.valid_until {
        text.push_str(&format!("good until {until}\n"));
    }
    let width = |words: &mut dyn Iterator<Item = usize>| words.max().unwrap_or(0);
    if !summary.components.is_empty() {
        text.push_str("\nComponents\n");
        let names = width(
            &mut summary
                .components
                .iter()
                .map(|component| component.name.chars().count()),
        );
        for Component {
            name,
            status,
            since,
            evidence,
            uptime,
            ..
        } in &summary.components
        {
            let status = status.replace('_', " ");
            let since = since
                .as_ref()
                .map_or_else(String::new, |since| format!("  since {since}"));
            let ratio = match uptime.ratio {
                // Rounded down: what is not all of the time never reads 100 %.
                Some(ratio) => format!("{:.2} % up", (ratio * 10_000.0).floor() / 100.0),
                None => "not measured".to_owned(),
            };
            let evidence = if evidence.is_some() {
                ""
            } else {
                "  (no evidence)"
            };
            text.push_str(&format!(
                "  {name:names$}  {status:20}  {ratio:>12}{since}{evidence}\n"
            ));
        }
    }
    if !summary.incidents.is_empty() {
        text.push_str("\nOpen incidents\n");
        for Incident {
            slug,
            title,
            state,
            impact,
            started,
            next_update,
            ..
        } in &summary.incidents
        {
            text.push_str(&format!(
                "  {title}\n    {slug}: {state}, {impact} impact, since {started}\n"
            ));
            if let Some(next) = next_update {
                let overdue = if *next < summary.now { ", overdue" } else { "" };
                text.push_str(&format!("    next update promised by {next}{overdue}\n"));
            }
        }
    }
    if !summary.maintenances.is_empty() {
        text.push_str("\nMaintenance\n");
        let mut told = BTreeSet::new();
        for Maintenance {
            slug,
            title,
            state,
            starts,
            ends,
        } in &summary.maintenances
        {
            if state == &State::Scheduled.as_str() && !told.insert(slug) {
                continue;
            }
            let further = (summary.maintenances.iter())
                .filter(|other| other.slug == *slug && other.starts > *starts);
            let further: Vec<&Maintenance> = further.collect();
            let state = state.replace('_', " ");
            text.push_str(&format!(
                "  {title}\n    {slug}: {state}, {starts} to {ends}\n"
            ));
            if let Some(last) = further.last().filter(|_| state == "scheduled") {
                let times = counted(further.len(), "more time");
                text.push_str(&format!("    and {times} up to {}\n", last.starts));
            }
        }
    }
    if !summary.contradictions.is_empty() {
        text.push_str("\nSignals that contradict the quiet\n");
        for Contradiction {
            signal,
            components,
            since,
            value,
            threshold,
        } in &summary.contradictions
        {
            let components = components.join(", ");
            text.push_str(&format!(
                "  {signal} ({components}): {value}, at or above {threshold} since {since}\n"
            ));
        }
    }
    text
}
