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
        let said = (headline.text, headline.detail);
        found.push(of_evidence(
            edition,
            "unknown",
            since,
            said,
            of_each.collect(),
        ));
    }
    for (index, component) in snapshot.components.iter().enumerate() {
        let since = component
            .since
            .filter(|_| component.status == Status::Suspected);
        if let Some(since) = since {
            let index = ComponentIndex(index);
            let what = format!("suspected-{}", edition.site.components[index.0].id);
            let names = edition.component_name(index).to_owned();
            let said = (
                edition.text("headline-suspected", &[]),
                edition.locale.affected(Status::Suspected.as_str(), &names),
            );
            found.push(of_evidence(
                edition,
                &what,
                since,
                said,
                vec![(index, Status::Suspected)],
            ));
        }
    }
    found
}

fn of_evidence(
    edition: &Edition<'_>,
    what: &str,
    since: Instant,
    (title, text): (String, String),
    components: Vec<(ComponentIndex, Status)>,
) -> Announcement {
    let route = Route::index(edition.prefix());
    let key = format!("#{what}@{}", rfc3339(since));
    let home = Route::index(None).on(edition.base_url);
    let each = components.iter();
    let each = each.map(|(index, status)| concerned(edition, *index, Some(*status)));
    Announcement {
        voice: plain(edition),
        digest: hash(&[what]),
        cause: Cause::Evidence,
        telling: Telling::Aloud,
        file: route.file(),
        anchor: None,
        message: Message {
            id: format!("{home}{key}"),
            about: About::Evidence,
            title,
            html: paragraph(&text),
            text,
            components: each.collect(),
            ..blank(edition, route.on(edition.base_url), since)
        },
        components: components.into_iter().map(|(index, _)| index).collect(),
        key,
    }
}
