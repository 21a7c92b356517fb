//! The pictures for other services that the pages of a site name.

use std::collections::BTreeSet;

use super::card::{PICTURES, picture};
use super::edition::Edition;
use super::headline::shape;
use super::statuses::icon;
use crate::site::component::ComponentIndex;
use crate::site::post::Kind;
use crate::site::vocabulary::Status;
use crate::status::occurrence::{Occurrence, OccurrenceIndex};
use crate::theme::Asset;

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
