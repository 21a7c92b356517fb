//! The news that evidence makes.

use super::part::{blank, concerned, hash, paragraph};
use super::piece::{Announcement, Cause, plain};
use crate::output::pages::edition::Edition;
use crate::output::pages::headline;
use crate::output::route::Route;
use crate::site::channel::message::{About, Message};
use crate::site::component::ComponentIndex;
use crate::site::update::Telling;
use crate::site::vocabulary::{Status, Word as _};
use crate::status::HeadlineState;
use crate::time::{Instant, rfc3339};

/// What evidence shows and nobody has said: the all-clear that was withdrawn, and the components of which it says another
/// thing than people do.
pub(super) fn evidence(edition: &Edition<'_>) -> Vec<Announcement> {
    let snapshot = &edition.status.snapshot;
    let mut found = Vec::new();
    let headline = headline::view(edition);
    if let (HeadlineState::Unknown, Some(since)) =
        (snapshot.headline.state, snapshot.headline.since)
    {
        let affected = &snapshot.headline.affected;
        let of_each = affected.iter().map(|it| (*it, Status::Unknown));
        let shown = Shown {
            what: "unknown".to_owned(),
            since,
            title: headline.text,
            text: headline.detail,
            components: of_each.collect(),
        };
        found.push(shown.announced(edition));
    }
    for (index, component) in snapshot.components.iter().enumerate() {
        let index = ComponentIndex(index);
        let (Some(since), Some(unannounced)) = (component.since, unannounced(edition, index))
        else {
            continue;
        };
        let (word, id) = (unannounced.as_str(), &edition.site.components[index.0].id);
        let names = edition.component_name(index).to_owned();
        let shown = Shown {
            what: format!("{word}-{id}"),
            since,
            title: headline::in_region(
                edition,
                edition.text(&format!("headline-{word}"), &[]),
                unannounced == Status::Suspected,
                component.confined_to(),
            ),
            text: (edition.locale)
                .affected(headline::affected_word(edition, index, unannounced), &names),
            components: vec![(index, unannounced)],
        };
        found.push(shown.announced(edition));
    }
    found
}

/// The status of a component that is in trouble by its evidence or its signals, and by no post.
fn unannounced(edition: &Edition<'_>, index: ComponentIndex) -> Option<Status> {
    let snapshot = &edition.status.snapshot;
    let component = &snapshot.components[index.0];
    let is_shown = component
        .evidence
        .as_ref()
        .is_some_and(|evidence| evidence.shown.is_some_and(Status::is_trouble));
    let claims = component.evidence.iter().flat_map(|it| &it.claims);
    let mut of_trouble = claims.filter(|it| !it.is_operator && it.status.is_trouble());
    // What is told of one region tells nothing of another.
    let is_covered = component.is_excused
        || of_trouble.all(|claim| {
            let region = edition
                .site
                .region_of(&edition.site.sources[claim.source.0].name);
            snapshot.covered_places.contains(&(index, region))
        });
    let is_told = component.status == Status::Suspected
        || component.status.is_trouble() && is_shown && !is_covered;
    is_told.then_some(component.status)
}

/// What evidence shows.
struct Shown {
    /// A word for it.
    what: String,
    since: Instant,
    title: String,
    text: String,
    components: Vec<(ComponentIndex, Status)>,
}

impl Shown {
    fn announced(self, edition: &Edition<'_>) -> Announcement {
        let route = Route::index(edition.prefix());
        let key = format!("#{}@{}", self.what, rfc3339(self.since));
        let home = Route::index(None).on(edition.base_url);
        let each = self.components.iter();
        let each = each.map(|(index, status)| concerned(edition, *index, Some(*status)));
        Announcement {
            voice: plain(edition),
            digest: hash(&[&self.what]),
            cause: Cause::Evidence,
            is_ahead: false,
            telling: Telling::Aloud,
            file: route.file(),
            anchor: None,
            components: self.components.iter().map(|(index, _)| *index).collect(),
            message: Message {
                id: format!("{home}{key}"),
                about: About::Evidence,
                html: paragraph(&self.text),
                components: each.collect(),
                title: self.title,
                text: self.text,
                ..blank(edition, route.on(edition.base_url), self.since)
            },
            key,
        }
    }
}
