//! What other services show of a page where somebody shares its address: words, and a picture of the state at the build.
//!
//! The pictures are files of the theme. They have no words, so that one serves all languages, and none is published that
//! no page names: readers never load them.

use std::collections::BTreeSet;

use super::edition::Edition;
use super::headline::shape;
use super::statuses::icon;
use super::view::CardView;
use crate::output::Route;
use crate::site::component::ComponentIndex;
use crate::site::post::Kind;
use crate::site::vocabulary::Status;
use crate::status::occurrence::{Occurrence, OccurrenceIndex};
use crate::theme::Asset;

/// The picture of a page that is about no state, and of what is over.
const NEUTRAL: &str = "share.png";

/// All pictures, as assets of the theme.
const PICTURES: [&str; 6] = [
    NEUTRAL,
    "share-ok.png",
    "share-maintenance.png",
    "share-problem.png",
    "share-outage.png",
    "share-unknown.png",
];

/// The picture of a state by its icon, as an asset of the theme.
fn picture(icon: &str) -> &'static str {
    match icon {
        "check" => "share-ok.png",
        "clock" => "share-maintenance.png",
        "eye" | "minus" | "triangle" => "share-problem.png",
        "cross" => "share-outage.png",
        "question" => "share-unknown.png",
        _ => NEUTRAL,
    }
}

/// The card of a page, with the picture of an icon; without one it is about no state.
pub(super) fn card(edition: &Edition<'_>, title: &str, text: &str, icon: &str) -> CardView {
    let asset = edition.theme.asset(picture(icon));
    CardView {
        title: title.to_owned(),
        text: text.to_owned(),
        picture: asset.map_or_else(String::new, |asset| {
            Route::file_of_site(asset.path.as_str()).on(edition.base_url)
        }),
    }
}

/// The icon that stands for a post: that of what is worst while it is going on, and none once it is over.
pub(super) fn icon_of_post(edition: &Edition<'_>, index: OccurrenceIndex) -> &'static str {
    let occurrence = edition.status.occurrence(index);
    match edition.site.post(occurrence.post).kind {
        Kind::Incident(_) if occurrence.course.is_open => icon(worst_now(occurrence)),
        Kind::Maintenance(_) if is_ahead_or_open(edition, occurrence) => "clock",
        _ => "",
    }
}

/// The worst status that an open incident gives a component now; at least a degraded one, for it is open.
fn worst_now(occurrence: &Occurrence) -> Status {
    let affected = occurrence.course.affected.iter();
    let statuses = affected.map(|it| it.now);
    statuses.fold(Status::DegradedPerformance, Status::max)
}

fn is_ahead_or_open(edition: &Edition<'_>, occurrence: &Occurrence) -> bool {
    let course = &occurrence.course;
    let is_over = course.state.is_some_and(|it| it.ends_maintenance());
    !is_over && (course.is_open || course.start > edition.status.now())
}

/// The pictures of the theme that no page names.
pub(crate) fn unused<'a>(edition: &Edition<'a>) -> Vec<&'a Asset> {
    let used = used(edition);
    let unused = PICTURES.iter().filter(|name| !used.contains(*name));
    unused
        .filter_map(|name| edition.theme.asset(name))
        .collect()
}

/// The pictures that pages name.
fn used(edition: &Edition<'_>) -> BTreeSet<&'static str> {
    let headline = shape(edition.status.snapshot.headline.state);
    let components = (0..edition.site.components.len()).map(ComponentIndex);
    let components = components.map(|it| edition.status_of(it).icon);
    let posts = edition.status.pages().map(|it| icon_of_post(edition, it));
    let icons = [headline, ""].into_iter().chain(components).chain(posts);
    icons.map(picture).collect()
}
