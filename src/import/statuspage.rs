//! Statuspage documents as drafts of incident files.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use chrono_tz::Tz;

use self::document::{Contents, Found, StatuspageComponent, StatuspagePage};
use self::losses::lose_rest;
use self::post::PageContext;
use super::catalogue::Catalogue;
use super::format::{Document, Export, Format};
use super::tally::{Loss, Losses};
use crate::diagnostic::{Code, Diagnostic};

mod components;
mod document;
mod losses;
mod post;
mod statuses;
mod words;

/// The documents of a Statuspage.
pub(super) const FORMAT: Format = Format {
    command: "statuspage",
    name: "Statuspage",
    extension: "json",
    about: "Import Statuspage documents: incidents, maintenances and components",
    details: "A document is an incident, `incidents.json`, `summary.json` or `scheduled-maintenances.json`. Each \
              incident becomes a file in `incidents/`; components that `allclear.toml` lacks are added to its \
              end. Nothing that is there is overwritten, and a second import changes nothing.",
    examples: "Examples:
  allclear import statuspage incidents.json
  allclear import statuspage export/ && allclear check
  curl -s https://status.example.com/api/v2/incidents.json | allclear import statuspage -",
    read,
};

/// Reads documents; an incident that stands in several of them is read once, from the newest.
fn read(documents: &[Document<'_>], zone: Tz, catalogue: &mut Catalogue) -> Export {
    let mut contents = document::read(documents);
    contents.incidents = newest(contents.incidents);
    let components = components::match_components(&contents, catalogue);
    let Contents {
        pages,
        incidents,
        mut diagnostics,
        ..
    } = contents;
    let context = PageContext::new(&components);
    let mut drafts = Vec::new();
    for found in incidents {
        let named = found.time_zone.as_deref();
        let zone = named.and_then(|zone| zone.parse().ok()).unwrap_or(zone);
        let id = found.incident.id.clone();
        match context.draft(found.incident, zone) {
            Some(draft) => drafts.push(draft),
            None => diagnostics.push(without_time(id)),
        }
    }
    Export {
        drafts,
        losses: losses_of_components(&components.added),
        losses_of_whole: losses_of_pages(&pages),
        diagnostics,
    }
}

/// The report that an incident says no time.
fn without_time(id: Option<String>) -> Diagnostic {
    let id = id.unwrap_or_else(|| "without an id".to_owned());
    let message = format!(
        "the incident `{id}` says nowhere when it was, so that it has no place in the history"
    );
    Diagnostic::file_error(Code::BadDocument, Utf8PathBuf::from("incidents"), message)
        .hint("give its document a `started_at` that can be read, and import again")
}

/// Each incident once: the version that was touched last, or of two such the longer one.
fn newest(incidents: Vec<Found>) -> Vec<Found> {
    let mut by_id: BTreeMap<String, (Found, String)> = BTreeMap::new();
    for found in incidents {
        let incident = &found.incident;
        let text = format!("{incident:?}");
        let key = match &incident.id {
            Some(id) => id.clone(),
            None => format!("{:?} {:?}", incident.started_at, incident.name),
        };
        let rank = |found: &Found, text: &str| {
            let incident = &found.incident;
            let updated = document::instant(incident.updated_at.as_deref(), Tz::UTC);
            let updates = incident.incident_updates.as_ref().map(Vec::len);
            (updated, updates, text.len(), text.to_owned())
        };
        let newer = match by_id.get(&key) {
            Some((old, old_text)) => rank(&found, &text) > rank(old, old_text),
            None => true,
        };
        if newer {
            by_id.insert(key, (found, text));
        }
    }
    by_id.into_values().map(|(found, _)| found).collect()
}

/// The losses in new components: what the documents say of them and a site cannot say.
fn losses_of_components(added: &[StatuspageComponent]) -> Losses {
    let mut losses = Losses::default();
    for row in added {
        if row.id.is_some() {
            losses.lose(Loss::Id);
        }
        lose_rest(&mut losses, "components", &row.rest);
        if row
            .status
            .as_deref()
            .is_some_and(|status| status != "operational")
        {
            losses.lose(Loss::Field("components.status".to_owned()));
        }
    }
    losses
}

/// The losses in the pages that the documents come from, once for each page.
fn losses_of_pages(pages: &[StatuspagePage]) -> Losses {
    let mut losses = Losses::default();
    let pages: BTreeMap<&Option<String>, &StatuspagePage> =
        pages.iter().map(|page| (&page.id, page)).collect();
    for page in pages.into_values() {
        for (field, value) in [
            ("name", &page.name),
            ("url", &page.url),
            ("time_zone", &page.time_zone),
        ] {
            if value.is_some() {
                losses.lose(Loss::Field(format!("page.{field}")));
            }
        }
        lose_rest(&mut losses, "page", &page.rest);
    }
    losses
}

#[cfg(test)]
mod tests;
