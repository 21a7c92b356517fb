//! The incident file of a new post.

use allclear::locale::{Language, Locale};
use allclear::site::Site;
use allclear::site::edit::heading::{NewHeading, NewStatus, NewUpdate};
use allclear::site::edit::incident::{FrontMatter, NewFile, quoted};
use allclear::site::edit::time::local;
use allclear::site::vocabulary::State;

use super::super::failure::Failure;
use super::super::typed_time::Viewpoint;
use super::answers::{Answers, IncidentTexts, UNSAID, WindowTexts, speaks_english};

/// The text of the file of an incident.
pub(super) fn incident(
    answers: &Answers,
    times: &IncidentTexts,
    site: &Site,
    view: Viewpoint,
) -> String {
    let mut front_matter = head(answers);
    if answers.components.is_empty() {
        front_matter.comment(
            "What is affected, and how: degraded_performance, partial_outage or major_outage.",
        );
        front_matter.comment("components:");
        for component in site.components.iter().take(12) {
            front_matter.comment(&format!("  {}: partial_outage", component.id));
        }
    } else {
        let named = answers.components.iter().filter_map(|component| {
            Some(NewStatus {
                component: component.id.clone(),
                status: component.status?,
            })
        });
        front_matter.statuses(&named.collect::<Vec<_>>());
    }
    front_matter.value("started", &times.started);
    if let Some(detected) = &times.detected {
        front_matter.value("detected", detected);
    }
    let otherwise = match speaks_english(site) {
        true => UNSAID,
        false => "<!-- Say here what readers should know. -->",
    };
    let message = message(answers, otherwise);
    let mut update = update(State::Investigating, message, site, view);
    update.heading.next.clone_from(&times.next);
    let file = NewFile {
        front_matter,
        summary: String::new(),
        updates: vec![update],
    };
    file.text()
}

/// The text of the file of a maintenance; `rule` is how it repeats.
pub(super) fn maintenance(
    answers: &Answers,
    window: &WindowTexts,
    rule: Option<&str>,
    site: &Site,
    view: Viewpoint,
) -> Result<String, Failure> {
    let mut front_matter = head(answers);
    front_matter.value("kind", "maintenance");
    add_ids(&mut front_matter, answers)?;
    front_matter.value("starts", &window.starts.text);
    front_matter.value("ends", &window.ends.text);
    if let Some(rule) = rule {
        front_matter.value("repeat", rule);
    }
    // Without a text, what is planned and when says enough.
    let message = message(answers, "");
    let file = NewFile {
        front_matter,
        summary: String::new(),
        updates: vec![update(State::Scheduled, message, site, view)],
    };
    Ok(file.text())
}

/// The text of the file of a notice.
pub(super) fn notice(answers: &Answers, window: &WindowTexts) -> Result<String, Failure> {
    let mut front_matter = head(answers);
    front_matter.value("kind", "notice");
    add_ids(&mut front_matter, answers)?;
    front_matter.value("starts", &window.starts.text);
    front_matter.value("ends", &window.ends.text);
    let file = NewFile {
        front_matter,
        summary: message(answers, ""),
        updates: Vec::new(),
    };
    Ok(file.text())
}

/// The front matter up to the title; editors that know the YAML language server complete it once the page was
/// built.
fn head(answers: &Answers) -> FrontMatter {
    let words: Vec<&str> = answers.title.split_whitespace().collect();
    let mut front_matter = FrontMatter::default();
    front_matter.comment("yaml-language-server: $schema=../public/schemas/incident.json");
    front_matter.value("title", &quoted(&words.join(" ")));
    front_matter
}

/// Adds the ids of the components, which have no status in a maintenance or a notice.
fn add_ids(front_matter: &mut FrontMatter, answers: &Answers) -> Result<(), Failure> {
    let components = &answers.components;
    if let Some(component) = components.iter().find(|it| it.status.is_some()) {
        let hint = format!("write `-c {}`", component.id);
        return Err(component.refuse("only an incident gives a component a status", hint));
    }
    if !components.is_empty() {
        let ids: Vec<&str> = components.iter().map(|it| it.id.as_str()).collect();
        front_matter.value("components", &format!("[{}]", ids.join(", ")));
    }
    Ok(())
}

/// The text for readers, or what stands in its place.
fn message(answers: &Answers, otherwise: &str) -> String {
    let message = answers.message.as_deref().unwrap_or(otherwise);
    message.trim().to_owned()
}

/// The first update of a new post, in the site's language.
fn update(state: State, message: String, site: &Site, view: Viewpoint) -> NewUpdate {
    let at = local(view.now, view.zone);
    let heading = match site.locales.first() {
        Some(locale) => NewHeading::new(state, locale, at),
        None => NewHeading::new(state, &Locale::new(&Language::english()), at),
    };
    NewUpdate { heading, message }
}
