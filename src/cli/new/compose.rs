//! The incident file of a new post.

use allclear::locale::{Language, Locale};
use allclear::site::Site;
use allclear::site::edit::heading::{NewHeading, NewStatus, NewUpdate};
use allclear::site::edit::incident::{FrontMatter, NewFile, quoted};
use allclear::site::edit::time::local;
use allclear::site::vocabulary::{State, Status};
use allclear::time::Instant;

use super::super::failure::{Failure, bad_argument};
use super::answers::{Answers, WindowText, one_line};

/// The text of the file of an incident.
pub(super) fn incident(answers: &Answers, next: Option<&str>, site: &Site, now: Instant) -> String {
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
        let named = answers.components.iter().map(|component| NewStatus {
            component: component.id.clone(),
            status: component.status.unwrap_or(Status::PartialOutage),
        });
        front_matter.statuses(&named.collect::<Vec<_>>());
    }
    let at = local(now, site.settings.time_zone);
    front_matter.value("started", &at);
    let message = message(answers, "We are looking for the cause.");
    let mut update = update(State::Investigating, at, message);
    update.heading.next = Some(next.unwrap_or("30m").to_owned());
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
    window: &WindowText,
    rule: Option<&str>,
    site: &Site,
    now: Instant,
) -> Result<String, Failure> {
    let mut front_matter = head(answers);
    front_matter.value("kind", "maintenance");
    add_ids(&mut front_matter, answers)?;
    front_matter.value("starts", &window.starts);
    front_matter.value("ends", &window.ends);
    if let Some(rule) = rule {
        front_matter.value("repeat", &one_line(rule)?);
    }
    let at = local(now, site.settings.time_zone);
    let message = message(answers, "<!-- Say here what readers will notice. -->");
    let file = NewFile {
        front_matter,
        summary: String::new(),
        updates: vec![update(State::Scheduled, at, message)],
    };
    Ok(file.text())
}

/// The text of the file of a notice.
pub(super) fn notice(answers: &Answers, window: &WindowText) -> Result<String, Failure> {
    let mut front_matter = head(answers);
    front_matter.value("kind", "notice");
    add_ids(&mut front_matter, answers)?;
    front_matter.value("starts", &window.starts);
    front_matter.value("ends", &window.ends);
    let file = NewFile {
        front_matter,
        summary: message(answers, "<!-- Say here what readers should know. -->"),
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
        let id = &component.id;
        return Err(bad_argument(
            format!("only an incident gives `{id}` a status"),
            format!("write `-c {id}`"),
        ));
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

/// The first update of a new post.
fn update(state: State, at: String, message: String) -> NewUpdate {
    let english = Locale::new(&Language::english());
    NewUpdate {
        heading: NewHeading::new(state, &english, at),
        message,
    }
}
