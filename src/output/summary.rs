//! The summary of a page, in a few lines for the terminal and as JSON for programs.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::locale::{Language, LanguageIndex, Locale};
use crate::site::Site;
use crate::site::post::Kind;
use crate::site::region::RegionIndex;
use crate::site::signal::family;
use crate::site::vocabulary::{Impact, State, Word};
use crate::status::occurrence::Occurrence;
use crate::status::{Contradiction, DAYS, HeadlineState, RegionNow, SiteStatus};
use crate::time;

pub mod human;
pub mod json;

/// The summary of a page at an instant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The instant, RFC 3339 in UTC, as all instants here.
    pub now: String,
    /// The answer to "does it work?".
    pub headline: HeadlineSummary,
    /// The components, in the order of `allclear.toml`.
    pub components: Vec<ComponentSummary>,
    /// The open incidents, worst and newest first.
    pub incidents: Vec<IncidentSummary>,
    /// The maintenances under way, then those to come, soonest first.
    pub maintenances: Vec<MaintenanceSummary>,
    /// Signals that breach although no post says so.
    pub contradictions: Vec<ContradictionSummary>,
}

/// The answer to "does it work?".
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadlineSummary {
    /// `major_outage`, ..., `all_clear`.
    pub state: &'static str,
    /// `none`, `maintenance`, `minor`, `major` or `critical`.
    pub indicator: &'static str,
    /// Its text, in English.
    pub text: String,
    /// The instant up to which an all-clear holds.
    pub valid_until: Option<String>,
    /// The id of the region to which all that is bad is confined, in a list of one; empty where it is not confined to one,
    /// and `None` where the site has no regions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regions: Option<Vec<String>>,
}

/// A component.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComponentSummary {
    /// Its id.
    pub id: String,
    /// Its name in the site's first language.
    pub name: String,
    /// Its status.
    pub status: &'static str,
    /// Since when it has had this status, where that is known.
    pub since: Option<String>,
    /// The evidence about it.
    pub evidence: Option<EvidenceSummary>,
    /// The share of the last days that it was up.
    pub uptime: UptimeSummary,
    /// How it is in each region of which anything is known; `None` where that is the same in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regions: Option<Vec<RegionSummary>>,
    /// The name of the region to which what is wrong with it is confined, in the site's first language.
    #[serde(skip)]
    pub confined_to: Option<String>,
}

/// A component in a region.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RegionSummary {
    /// The region's id.
    pub id: String,
    /// Its name in the site's first language.
    pub name: String,
    /// The component's status there.
    pub status: &'static str,
}

/// The evidence about a component.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidenceSummary {
    /// The number of its sources.
    pub sources: usize,
    /// The end of the newest observation.
    pub confirmed_at: String,
    /// Until when it holds: as long as one source is fresh; `None` where none is.
    pub valid_until: Option<String>,
}

/// The share of time that a component was up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UptimeSummary {
    /// The number of days.
    pub days: u32,
    /// The ratio, from 0 to 1; `None` where too little of the time is known.
    pub ratio: Option<f64>,
    /// The share of the time that is known, from 0 to 1.
    pub measured: f64,
}

/// An open incident.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IncidentSummary {
    /// Its slug.
    pub slug: String,
    /// Its title in the site's first language.
    pub title: String,
    /// Its last state.
    pub state: &'static str,
    /// `none`, `minor`, `major` or `critical`.
    pub impact: &'static str,
    /// Whether the file says it, instead of its following from the statuses.
    #[serde(skip)]
    pub impact_said: bool,
    /// When the trouble began.
    pub started: String,
    /// The status that it gives each of its components now.
    pub components: BTreeMap<String, &'static str>,
    /// When the next update is promised for.
    pub next_update: Option<String>,
    /// The ids of the regions that it concerns; empty where that is everywhere, and `None` where the site has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regions: Option<Vec<String>>,
    /// Their names in the site's first language.
    #[serde(skip)]
    pub region_names: Vec<String>,
}

/// A maintenance under way or to come.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MaintenanceSummary {
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
pub struct ContradictionSummary {
    /// The signal's id.
    pub signal: String,
    /// The id of the region of which alone it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The ids of its components.
    pub components: Vec<String>,
    /// Since when it breaches.
    pub since: String,
    /// Its last value.
    pub value: Number,
    /// Whether more may have been there than was counted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub capped: bool,
    /// The value that is usual at that time of day, where a signal of a region or of all regions has a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usual: Option<Number>,
    /// The value from which on it breaches.
    pub threshold: Number,
}

/// A number that may be infinite, of which JSON knows none: it is the text `+Inf` then, as in Prometheus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 == f64::INFINITY {
            true => formatter.write_str("+Inf"),
            false => self.0.fmt(formatter),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.is_finite() {
            true => serializer.serialize_f64(self.0),
            false => serializer.collect_str(self),
        }
    }
}

impl Summary {
    /// Whether something is wrong with the service, or nothing is known of it.
    pub fn is_trouble(&self) -> bool {
        !matches!(self.headline.indicator, "none" | "maintenance")
    }
}

/// The summary of what the page of a site says.
pub fn summary(site: &Site, status: &SiteStatus) -> Summary {
    let snapshot = &status.snapshot;
    let maintenances = snapshot.maintenances.iter().chain(&snapshot.upcoming);
    Summary {
        now: time::rfc3339(status.now()),
        headline: HeadlineSummary {
            state: snapshot.headline.state.as_str(),
            indicator: snapshot.headline.indicator().as_str(),
            text: headline(site, status),
            valid_until: snapshot.headline.valid_until.map(time::rfc3339),
            regions: region_ids(site, snapshot.headline.region.as_slice()),
        },
        components: (0..site.components.len())
            .map(|index| component(site, status, index))
            .collect(),
        incidents: (snapshot.incidents.iter())
            .filter_map(|index| incident(site, status.occurrence(*index)))
            .collect(),
        maintenances: maintenances
            .filter_map(|index| maintenance(site, status.occurrence(*index)))
            .collect(),
        contradictions: (snapshot.contradictions.iter())
            .map(|it| contradiction(site, it))
            .collect(),
    }
}

fn contradiction(site: &Site, contradiction: &Contradiction) -> ContradictionSummary {
    let signal = &site.signals[contradiction.signal.0];
    let newest = contradiction.newest;
    let is_family = family(&site.signals, contradiction.signal).nth(1).is_some();
    let components = contradiction.components.iter();
    ContradictionSummary {
        signal: signal.id.clone(),
        region: (signal.region).map(|region| site.regions[region.0].id.clone()),
        components: components
            .map(|component| site.components[component.0].id.clone())
            .collect(),
        since: time::rfc3339(contradiction.breach.since),
        value: Number(newest.sample.value),
        capped: newest.is_least,
        usual: newest.usual.filter(|_| is_family).map(Number),
        threshold: newest.threshold.map_or(Number(f64::INFINITY), Number),
    }
}

fn component(site: &Site, status: &SiteStatus, index: usize) -> ComponentSummary {
    let component = &site.components[index];
    let state = &status.snapshot.components[index];
    let uptime = &status.components[index].uptime;
    ComponentSummary {
        id: component.id.clone(),
        name: component.name.text(LanguageIndex::DEFAULT).to_owned(),
        status: state.status.as_str(),
        since: state.since.map(time::rfc3339),
        evidence: state.evidence.as_ref().map(|evidence| EvidenceSummary {
            sources: evidence.sources.len(),
            confirmed_at: time::rfc3339(evidence.confirmed_at),
            valid_until: evidence.valid_until.map(time::rfc3339),
        }),
        uptime: UptimeSummary {
            days: DAYS,
            ratio: uptime.ratio,
            measured: uptime.measured,
        },
        regions: match state.differing_regions() {
            [] => None,
            regions => Some(regions.iter().map(|it| region(site, it)).collect()),
        },
        confined_to: state.confined_to().map(|it| region_name(site, it)),
    }
}

fn region(site: &Site, now: &RegionNow) -> RegionSummary {
    RegionSummary {
        id: site.regions[now.region.0].id.clone(),
        name: region_name(site, now.region),
        status: now.status.as_str(),
    }
}

/// The name of a region in the site's first language.
fn region_name(site: &Site, region: RegionIndex) -> String {
    let name = &site.regions[region.0].name;
    name.text(LanguageIndex::DEFAULT).to_owned()
}

/// The ids of regions; `None` where the site has none.
fn region_ids(site: &Site, regions: &[RegionIndex]) -> Option<Vec<String>> {
    let ids = regions.iter().map(|it| site.regions[it.0].id.clone());
    (!site.regions.is_empty()).then(|| ids.collect())
}

/// The headline in English: the language of the terminal, and of the API.
pub(super) fn headline(site: &Site, status: &SiteStatus) -> String {
    let locale = Locale::new(&Language::english());
    let headline = &status.snapshot.headline;
    let key = match (headline.state, headline.since) {
        (HeadlineState::Incident, _) if headline.monitoring => {
            "headline-incident-monitoring".to_owned()
        }
        (HeadlineState::Unknown, None) => "headline-unknown-never".to_owned(),
        (state, _) => format!("headline-{}", state.as_str()),
    };
    let since = headline
        .since
        .map(|since| locale.date_time(since.with_timezone(&site.settings.time_zone)));
    let text = locale.text(&key, &[("since", since.as_deref().unwrap_or_default())]);
    let Some(region) = headline.region else {
        return text.into_owned();
    };
    let region = region_name(site, region);
    let text = match headline.state {
        HeadlineState::Suspected => {
            locale.text("headline-suspected-region", &[("region", &region)])
        }
        _ => locale.text("in-region", &[("what", &text), ("region", &region)]),
    };
    text.into_owned()
}

fn incident(site: &Site, occurrence: &Occurrence) -> Option<IncidentSummary> {
    let post = site.post(occurrence.post);
    let course = &occurrence.course;
    let Kind::Incident(incident) = &post.kind else {
        return None;
    };
    let affected = course.affected.iter().map(|affected| {
        let component = &site.components[affected.component.0];
        (component.id.clone(), affected.now.as_str())
    });
    Some(IncidentSummary {
        slug: post.slug.as_str().to_owned(),
        title: post.title.text(LanguageIndex::DEFAULT).to_owned(),
        state: course.state.map_or("", State::as_str),
        impact: course.impact.map_or("", Impact::as_str),
        impact_said: incident.impact.is_some(),
        started: time::rfc3339(incident.started),
        components: affected.collect(),
        next_update: course.next_update.map(time::rfc3339),
        regions: region_ids(site, &course.regions),
        region_names: (course.regions.iter())
            .map(|it| region_name(site, *it))
            .collect(),
    })
}

fn maintenance(site: &Site, occurrence: &Occurrence) -> Option<MaintenanceSummary> {
    let post = site.post(occurrence.post);
    let window = occurrence.window?;
    Some(MaintenanceSummary {
        slug: post.slug.as_str().to_owned(),
        title: post.title.text(LanguageIndex::DEFAULT).to_owned(),
        state: occurrence.course.state.map_or("", State::as_str),
        starts: time::rfc3339(window.starts()),
        ends: time::rfc3339(window.ends()),
    })
}
