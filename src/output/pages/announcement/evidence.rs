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
        let since = component
            .since
            .filter(|_| component.status == Status::Suspected);
        if let Some(since) = since {
            let index = ComponentIndex(index);
            let what = format!("suspected-{}", edition.site.components[index.0].id);
            let names = edition.component_name(index).to_owned();
            let shown = Shown {
                what,
                since,
                title: edition.text("headline-suspected", &[]),
                text: edition.locale.affected(Status::Suspected.as_str(), &names),
                components: vec![(index, Status::Suspected)],
            };
            found.push(shown.announced(edition));
        }
    }
    found
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
