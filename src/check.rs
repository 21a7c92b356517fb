//! Rules about a site that can be read: one function a rule, one code a rule.

mod earlier;
mod left_source;
mod moved;
mod rhythm;
pub mod rules;
pub mod since;
mod slow_probe;
mod unread;

pub use self::unread::Unread;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, SourceFile, code_list};
use crate::locale::{LanguageIndex, Locale};
use crate::output::summary::Number;
use crate::site::component::ComponentIndex;
use crate::site::post::{Kind, Post};
use crate::site::vocabulary::{Status, Word};
use crate::site::{BaseUrl, Site, scaffold};
use crate::source::CONFIG;
use crate::status::occurrence::Occurrence;
use crate::status::{Claim, Contradiction, SiteStatus};
use crate::time::{self, Instant};

/// Updates, and times of incidents, that lie in the future, so that readers do not see them yet.
///
/// It is for builds as of the present: a build as of an earlier instant leaves later updates out on
/// purpose.
pub fn future_updates(site: &Site, now: Instant) -> Diagnostics {
    let updates = site.posts.iter().flat_map(|post| &post.updates);
    let future = updates.filter(|update| update.at > now).map(|update| {
        let message = format!(
            "this update lies in the future: it is {} now",
            time::rfc3339(now)
        );
        Diagnostic::warning(Code::FutureUpdate, update.place.clone(), message)
            .hint("look at the year, the day and the time zone; it will be shown from its time on")
    });
    let times = site.posts.iter().flat_map(|post| {
        let future = said_times(post).filter(|(_, at)| now < *at);
        future.map(|(key, _)| {
            let now = time::rfc3339(now);
            let message = format!("`{key}` lies in the future: it is {now} now");
            Diagnostic::warning(Code::FutureUpdate, post.place.clone(), message)
                .hint("look at the year, the day and the time zone; it counts from its time on")
        })
    });
    Diagnostics::from(future.chain(times).collect::<Vec<_>>())
}

/// The times that an incident's file says, by their keys.
fn said_times(post: &Post) -> impl Iterator<Item = (&'static str, Instant)> + use<> {
    let incident = match &post.kind {
        Kind::Incident(incident) => Some(incident),
        Kind::Maintenance(_) | Kind::Notice(_) => None,
    };
    let times = incident.map(|it| {
        let started = Some(it.started).filter(|_| it.is_start_said);
        [
            ("started", started),
            ("detected", it.detected),
            ("ended", it.ended),
        ]
    });
    times
        .into_iter()
        .flatten()
        .filter_map(|(key, at)| Some((key, at?)))
}

/// The time for which evidence must have shown all its components operational before an open incident looks over.
const QUIET: TimeDelta = TimeDelta::hours(1);

/// The contradictions between what posts say and what evidence and signals show.
///
/// All of it is a warning here: a page must be built while they do, for it shows that they do.
/// [`Diagnostics::refuse_contradictions`] makes errors of those that are contradictions.
pub fn contradictions(site: &Site, status: &SiteStatus) -> Diagnostics {
    let contradictions = status.snapshot.contradictions.iter();
    let contradictions = contradictions.map(|it| contradicting(site, it));
    let unannounced =
        (0..site.components.len()).filter_map(|at| unannounced(site, status, ComponentIndex(at)));
    let open = status.snapshot.incidents.iter();
    let breaching = breaching(site, status);
    let over =
        open.flat_map(|index| looks_over(site, status, &breaching, status.occurrence(*index)));
    let all = contradictions.chain(unannounced).chain(over);
    Diagnostics::from(all.collect::<Vec<_>>())
}

/// The contradiction where evidence shows an outage and no post mentions it.
fn unannounced(site: &Site, status: &SiteStatus, index: ComponentIndex) -> Option<Diagnostic> {
    let id = &site.components[index.0].id;
    let snapshot = &status.snapshot;
    let now = &snapshot.components[index.0];
    let shown = now.untold.filter(|shown| *shown >= Status::Suspected)?;
    let region_of = |claim: &Claim| site.region_of(&site.sources[claim.source.0].name);
    let claims = now.evidence.iter().flat_map(|it| &it.claims);
    let (tells, others): (Vec<&Claim>, Vec<&Claim>) =
        claims.filter(|it| !it.is_operator).partition(|claim| {
            let is_covered = (snapshot.covered_places).contains(&(index, region_of(claim)));
            claim.status >= shown.max(Status::DegradedPerformance) && !is_covered
        });
    let names: Vec<&str> = tells
        .iter()
        .map(|it| site.sources[it.source.0].name.as_str())
        .collect();
    let region = region_of(tells.first()?);
    let is_there = |it: &&Claim| region_of(it) == region;
    // Where nothing looks from elsewhere, nobody knows how far it reaches.
    let at = match region {
        Some(region) if tells.iter().all(is_there) && !others.iter().all(is_there) => {
            format!("@{}", site.regions[region.0].id)
        }
        _ => String::new(),
    };
    let names = code_list(&names);
    let (message, hint) = match shown {
        Status::Suspected => (
            format!(
                "evidence of {names} suspects trouble of `{id}`, of which too few sources are fresh to be sure, and no open incident names it"
            ),
            format!("{OPEN} -c {id}{at}`, or see to the sources that are silent"),
        ),
        shown => (
            format!(
                "evidence of {names} shows `{id}` in {}, and no open incident names it",
                shown.as_str().replace('_', " ")
            ),
            format!("{OPEN} -c {id}{at}={}`", shown.as_str()),
        ),
    };
    Some(Diagnostic::file_warning(Code::UnannouncedOutage, CONFIG, message).hint(hint))
}

/// The components of which a signal breaches.
fn breaching(site: &Site, status: &SiteStatus) -> BTreeSet<ComponentIndex> {
    let signals = site.signals.iter().zip(&status.signals);
    let breaching = signals.filter(|(_, state)| state.breach().is_some());
    let components = breaching.flat_map(|(signal, _)| &signal.components);
    components.copied().collect()
}

/// The components of an open incident, by region, of which all evidence says that they work again.
fn looks_over(
    site: &Site,
    status: &SiteStatus,
    breaching: &BTreeSet<ComponentIndex>,
    occurrence: &Occurrence,
) -> Vec<Diagnostic> {
    let post = site.post(occurrence.post);
    let look_over = occurrence.course.regional.iter().filter_map(|said| {
        let now = &status.snapshot.components[said.component.0];
        let region = said.region.map(|region| site.regions[region.0].id.as_str());
        // Of a region only what looks from there knows.
        let since = match said.region {
            Some(region) => {
                let mut regions = now.regions.iter();
                regions
                    .find(|it| it.region == region)?
                    .operational_since?
            }
            None => now.evidence.as_ref()?.operational_since?,
        };
        let is_quiet = !breaching.contains(&said.component)
            && since.max(said.since) + QUIET <= status.now();
        if !is_quiet || !said.now.is_trouble() {
            return None;
        }
        let id = &site.components[said.component.0].id;
        let (within, of_it) = match region {
            Some(region) => (format!(" in `{region}`"), " from there"),
            None => (String::new(), ""),
        };
        let message = format!(
            "this incident has `{id}` in {}{within}, but all fresh evidence{of_it} has said operational since {}",
            said.now.as_str().replace('_', " "),
            time::rfc3339(since)
        );
        let at = region.map_or_else(String::new, |region| format!("@{region}"));
        let hint =
            format!("post an update with `{{{id}{at}=operational}}`, or resolve the incident");
        Some(Diagnostic::warning(Code::IncidentMayBeOver, post.place.clone(), message).hint(hint))
    });
    look_over.collect()
}

/// The command that opens an incident, up to its components.
const OPEN: &str = "open one with `allclear new incident \"TITLE\"";

fn contradicting(site: &Site, contradiction: &Contradiction) -> Diagnostic {
    let Contradiction {
        signal,
        components,
        breach,
        newest,
    } = contradiction;
    let signal = &site.signals[signal.0];
    let region = signal
        .region
        .map(|region| site.regions[region.0].id.as_str());
    let ids: Vec<&str> = components
        .iter()
        .map(|component| site.components[component.0].id.as_str())
        .collect();
    let of_region = region.map_or_else(String::new, |region| format!(" of `{region}`"));
    let least = if newest.is_least { "at least" } else { "at" };
    let usual = newest
        .usual
        .map_or_else(String::new, |usual| format!(" (usually {})", Number(usual)));
    let threshold = newest.threshold.map_or_else(String::new, |threshold| {
        format!(", its threshold is {}", Number(threshold))
    });
    let message = format!(
        "`{}`{of_region} is {least} {}{usual}{threshold}, and it has breached since {}: no open incident names {}",
        signal.id,
        Number(newest.sample.value),
        time::rfc3339(breach.since),
        code_list(&ids)
    );
    let at = region.map_or_else(String::new, |region| format!("@{region}"));
    let flags: String = ids.iter().map(|id| format!(" -c {id}{at}")).collect();
    Diagnostic::warning(Code::Contradiction, signal.place.clone(), message)
        .hint(format!("{OPEN}{flags}`"))
}

/// The title and the address that `init` wrote and nobody has changed. `published_at` is where the page will be,
/// `config` the file that says so.
pub fn scaffold_values(
    site: &Site,
    published_at: &BaseUrl,
    config: &Arc<SourceFile>,
) -> Diagnostics {
    let (title, _) = site.settings.title.get(LanguageIndex::DEFAULT);
    let address = scaffold::BASE_URL.trim_end_matches('/');
    let is_address = BaseUrl::parse(address).as_ref() == Ok(published_at);
    let found = [
        (
            scaffold::is_title(title),
            title,
            "readers see this title, which stands for that of your page",
            "name your page in `title`",
        ),
        (
            is_address,
            address,
            "feeds and the API lead to this address, which stands for that of your page",
            "write into `base_url` where the page will be published",
        ),
    ];
    let found = found.into_iter().filter(|(is_there, ..)| *is_there);
    let diagnostics = found.map(|(_, value, message, hint)| {
        let code = Code::ScaffoldValue;
        let diagnostic = match config.text.find(value) {
            Some(at) => {
                let place = Place::new(config, at..at + value.len());
                Diagnostic::warning(code, place, message)
            }
            None => Diagnostic::file_warning(code, CONFIG, message),
        };
        diagnostic.hint(hint)
    });
    Diagnostics::from(diagnostics.collect::<Vec<_>>())
}

/// Messages of the interface that a language lacks.
pub fn missing_messages(locale: &Locale) -> Diagnostics {
    let missing: Vec<String> = locale
        .missing()
        .iter()
        .map(|missing| missing.to_string().replace('`', ""))
        .collect();
    if missing.is_empty() {
        return Diagnostics::new();
    }
    const MOST_NAMED: usize = 5;
    let names: Vec<&str> = missing.iter().map(String::as_str).collect();
    let hint = match names.get(MOST_NAMED..) {
        None | Some([]) => format!("missing: {}", code_list(&names)),
        Some(others) => {
            let first = names.iter().take(MOST_NAMED);
            let first: Vec<String> = first.map(|name| format!("`{name}`")).collect();
            format!("missing: {}, and {} more", first.join(", "), others.len())
        }
    };
    let language = locale.language().as_str();
    let message = format!(
        "the interface lacks {} of its messages in `{language}`, and says them in English",
        names.len()
    );
    let diagnostic = Diagnostic::file_warning(Code::MissingMessage, CONFIG, message);
    Diagnostics::from(vec![diagnostic.hint(hint)])
}
