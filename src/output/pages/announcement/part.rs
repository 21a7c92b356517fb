//! The parts that announcements have in common.

use sha2::{Digest as _, Sha256};

use crate::markdown;
use crate::output::pages::edition::Edition;
use crate::output::route::Route;
use crate::site::channel::message::{About, Concerned, Message, Page};
use crate::site::component::ComponentIndex;
use crate::site::vocabulary::{State, Status, Word as _};
use crate::time::Instant;

pub(super) fn concerned(
    edition: &Edition<'_>,
    component: ComponentIndex,
    status: Option<Status>,
) -> Concerned {
    Concerned {
        id: edition.site.components[component.0].id.clone(),
        name: edition.component_name(component).to_owned(),
        status,
        status_text: status.map_or_else(String::new, |status| {
            edition.text(&format!("status-{}", status.as_str()), &[])
        }),
        has_changed: status.is_some(),
    }
}

/// The components that a text names at most: it is about what was said.
const NAMED: usize = 12;

/// How components are after a piece of news, before what it says: those that are not as they should be, and those that are so
/// since; of news that ends all, each one.
pub(super) fn standing(components: &[Concerned], state: Option<State>) -> String {
    let is_end = state.is_some_and(|it| it.ends_incident() || it.ends_maintenance());
    let named = components.iter().filter(|it| match it.status {
        None => false,
        Some(Status::Operational) => it.has_changed || is_end,
        Some(_) => true,
    });
    let mut named: Vec<String> = named
        .map(|it| format!("{} ({})", it.name, it.status_text))
        .collect();
    if named.len() > NAMED {
        named.truncate(NAMED);
        named.push("…".to_owned());
    }
    named.join(" · ")
}

/// A message that says nothing yet.
pub(super) fn blank(edition: &Edition<'_>, address: String, at: Instant) -> Message {
    let language = edition.locale.language();
    Message {
        id: String::new(),
        about: About::Test,
        title: String::new(),
        text: String::new(),
        html: String::new(),
        address,
        link: edition.text("feed-more", &[]),
        components: Vec::new(),
        at,
        at_text: edition.moment_text(at),
        page: Page {
            title: edition.own(&edition.site.settings.title).to_owned(),
            address: Route::index(edition.prefix()).on(edition.base_url),
            language: language.as_str().to_owned(),
            direction: language.direction().as_str().to_owned(),
        },
        reply_to: None,
        left: None,
    }
}

pub(super) fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", markdown::escaped(text))
}

/// A short hash of some texts.
pub(super) fn hash(texts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.as_bytes());
        hasher.update([0]);
    }
    let digest = hasher.finalize();
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
