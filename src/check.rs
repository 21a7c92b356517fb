//! Rules about a site that can be read: one function a rule, one code a rule.

pub mod rules;
pub mod since;

use chrono::TimeDelta;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, code_list};
use crate::locale::Locale;
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::source::CONFIG;
use crate::status::{Contradiction, SiteStatus};
use crate::time::{self, Instant};

/// Updates that lie in the future, so that readers do not see them yet.
///
/// It is for builds as of the present: a build as of an earlier instant leaves later updates out on
/// purpose.
pub fn future_updates(site: &Site, now: Instant) -> Diagnostics {
    let updates = site.posts.iter().flat_map(|incident| &incident.updates);
    let future = updates.filter(|update| update.at > now).map(|update| {
        let message = format!(
            "this update lies in the future: it is {} now",
            time::rfc3339(now)
        );
        Diagnostic::warning(Code::FutureUpdate, update.place.clone(), message)
            .hint("look at the year, the day and the time zone; it will be shown from its time on")
    });
    Diagnostics::from(future.collect::<Vec<_>>())
}

/// How long evidence must have said that all is well before an incident looks over.
const QUIET: TimeDelta = TimeDelta::hours(1);

/// Where what is said and what is known disagree.
///
/// All of it is a warning here: a page must be built while they do, for it shows that they do.
/// [`Diagnostics::refuse_contradictions`] makes errors of those that are contradictions.
pub fn contradictions(site: &Site, derived: &SiteStatus) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    for contradiction in &derived.snapshot.contradictions {
        diagnostics.push(contradicting(site, contradiction));
    }
    let components = site.components.iter().zip(&derived.snapshot.components);
    for (at, (component, state)) in components.enumerate() {
        let shown = state.evidence.as_ref().and_then(|evidence| evidence.shown);
        let is_covered = derived.snapshot.covered.contains(&ComponentIndex(at));
        if let Some(shown) = shown.filter(|shown| shown.is_trouble() && !is_covered) {
            let message = format!(
                "evidence shows `{}` in {}, and no open incident names it",
                component.id,
                shown.as_str().replace('_', " ")
            );
            let hint = format!("{} -c {}={}`", OPEN, component.id, shown.as_str());
            diagnostics.push(
                Diagnostic::file_warning(Code::UnannouncedOutage, CONFIG, message).hint(hint),
            );
        }
    }
    for index in &derived.snapshot.incidents {
        let incident = &site.posts[*index];
        for standing in &derived.courses[*index].affected {
            let ComponentIndex(at) = standing.component;
            let evidence = derived.snapshot.components[at].evidence.as_ref();
            let since = evidence.and_then(|evidence| evidence.operational_since);
            let breaches =
                site.signals
                    .iter()
                    .zip(&derived.snapshot.signals)
                    .any(|(signal, state)| {
                        signal.components.contains(&standing.component) && state.breach().is_some()
                    });
            if let Some(since) = since
                && !breaches
                && standing.now.is_trouble()
                && since + QUIET <= derived.now()
            {
                let id = &site.components[at].id;
                let message = format!(
                    "this incident has `{id}` in {}, but all fresh evidence has said operational since {}",
                    standing.now.as_str().replace('_', " "),
                    time::rfc3339(since)
                );
                let hint =
                    format!("post an update with `{{{id}=operational}}`, or resolve the incident");
                diagnostics.push(
                    Diagnostic::warning(Code::IncidentMayBeOver, incident.place.clone(), message)
                        .hint(hint),
                );
            }
        }
    }
    diagnostics
}

/// The command that opens an incident, up to its components.
const OPEN: &str = "open one with `allclear new incident \"TITLE\"";

fn contradicting(site: &Site, contradiction: &Contradiction) -> Diagnostic {
    let Contradiction {
        signal,
        components,
        breach,
        reading,
    } = contradiction;
    let signal = &site.signals[*signal];
    let ids: Vec<&str> = components
        .iter()
        .map(|component| site.components[component.0].id.as_str())
        .collect();
    let message = format!(
        "`{}` is at {}, its threshold is {}, and it has breached since {}: no open incident names {}",
        signal.id,
        reading.sample.value,
        reading.threshold,
        time::rfc3339(breach.since),
        code_list(&ids)
    );
    let flags: String = ids.iter().map(|id| format!(" -c {id}")).collect();
    Diagnostic::warning(Code::Contradiction, signal.place.clone(), message)
        .hint(format!("{OPEN}{flags}`"))
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
    let names: Vec<&str> = missing.iter().map(String::as_str).collect();
    let language = locale.language().as_str();
    let message = format!(
        "the interface lacks {} of its messages in `{language}`, and says them in English",
        names.len()
    );
    let diagnostic = Diagnostic::file_warning(Code::MissingMessage, CONFIG, message);
    Diagnostics::from(vec![
        diagnostic.hint(format!("missing: {}", code_list(&names))),
    ])
}
