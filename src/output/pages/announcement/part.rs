//! The parts that announcements have in common.

use sha2::{Digest as _, Sha256};

use crate::markdown;
use crate::output::pages::edition::Edition;
use crate::output::route::Route;
use crate::site::channel::message::{About, Concerned, Message, Page};
use crate::site::component::ComponentIndex;
use crate::site::vocabulary::{Status, Word as _};
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
    }
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
