//! The components of an incident, a maintenance or a notice, and how each was over time.

use std::collections::BTreeMap;

use super::state::shape;
use crate::output::pages::chart::bars;
use crate::output::pages::edition::Edition;
use crate::output::pages::view::{AffectedView, BarPath, ComponentTimelineView, StatusView};
use crate::site::Site;
use crate::site::component::ComponentIndex;
use crate::site::post::{Kind, Post};
use crate::site::vocabulary::{State, Status, Word};
use crate::status::course::{Affected, Course};
use crate::status::occurrence::Occurrence;
use crate::time::{Instant, Interval};

/// The components that an occurrence names.
pub(crate) fn named(site: &Site, occurrence: &Occurrence) -> Vec<ComponentIndex> {
    match &site.post(occurrence.post).kind {
        Kind::Incident(_) | Kind::Maintenance(_) => {
            let affected = occurrence.course.affected.iter();
            affected.map(|affected| affected.component).collect()
        }
        Kind::Notice(notice) => notice.components.clone(),
    }
}

/// The components that a post names: with their present status while it is open, else with the worst that it gave
/// them, and without one where it is a maintenance that has not begun or never took place.
pub(super) fn components(edition: &Edition<'_>, post: &Post, course: &Course) -> Vec<AffectedView> {
    let icon = match (&post.kind, course.state) {
        (Kind::Maintenance(_), Some(State::Scheduled)) => Some(shape(State::Scheduled)),
        (Kind::Maintenance(_), Some(state)) if course.effects.is_empty() => Some(shape(state)),
        _ => None,
    };
    match &post.kind {
        Kind::Incident(_) if course.is_open && differs_by_region(course) => {
            (course.regional.iter())
                .map(|it| edition.affected_in(it.component, it.region, it.now))
                .collect()
        }
        Kind::Incident(_) | Kind::Maintenance(_) => (course.affected.iter())
            .map(|affected| {
                let status = match course.is_open {
                    true => affected.now,
                    false => affected.worst,
                };
                let view = edition.affected(affected.component, status);
                match icon {
                    Some(icon) => AffectedView {
                        status: StatusView::none(icon),
                        ..view
                    },
                    None => view,
                }
            })
            .collect(),
        Kind::Notice(notice) => (notice.components.iter())
            .map(|component| AffectedView {
                name: edition.component_name(*component).to_owned(),
                url: edition.component_url(*component).to_owned(),
                status: edition.status_of(*component),
            })
            .collect(),
    }
}

/// Whether a component is other in one place than in another.
fn differs_by_region(course: &Course) -> bool {
    let mut first: BTreeMap<ComponentIndex, Status> = BTreeMap::new();
    let mut places = course.regional.iter();
    places.any(|it| *first.entry(it.component).or_insert(it.now) != it.now)
}

/// The time that the drawings of an incident's course show; `None` where there is none.
fn span_of(edition: &Edition<'_>, course: &Course) -> Option<Interval> {
    let now = edition.status.now();
    Interval::new(course.start, course.end.unwrap_or(now).min(now))
}

/// The updates of an incident, on the same time as the drawings of its course.
pub(super) fn updates_over_time(edition: &Edition<'_>, occurrence: &Occurrence) -> String {
    let updates = occurrence.published(edition.site).iter();
    let updates: Vec<Instant> = updates.map(|update| update.at).collect();
    let span = span_of(edition, &occurrence.course);
    span.map_or_else(String::new, |span| bars::marks(&updates, span))
}

/// The statuses of each component in the course of an incident; nothing where nothing changed.
pub(super) fn over_time(
    edition: &Edition<'_>,
    occurrence: &Occurrence,
) -> Vec<ComponentTimelineView> {
    let course = &occurrence.course;
    let Kind::Incident(_) = edition.site.post(occurrence.post).kind else {
        return Vec::new();
    };
    let Some(span) = span_of(edition, course) else {
        return Vec::new();
    };
    let parts: Vec<Vec<(Interval, Status)>> = (course.affected.iter())
        .map(|affected| parts(course, affected.component, span))
        .collect();
    let has_changed =
        |parts: &Vec<_>| parts.len() != 1 || parts.iter().any(|(interval, _)| *interval != span);
    if !parts.iter().any(has_changed) {
        return Vec::new();
    }
    (course.affected.iter().zip(&parts))
        .map(|(affected, parts)| timeline_view(edition, *affected, parts, span))
        .collect()
}

/// The statuses other than operational of a component within the course of an incident.
fn parts(course: &Course, component: ComponentIndex, span: Interval) -> Vec<(Interval, Status)> {
    let of_it = course.effects.iter().filter(|it| it.component == component);
    of_it
        .filter_map(|effect| {
            let whole = Interval::new(effect.from, effect.until.unwrap_or(span.end()))?;
            Some((whole.intersect(span)?, effect.status))
        })
        .collect()
}

fn timeline_view(
    edition: &Edition<'_>,
    affected: Affected,
    parts: &[(Interval, Status)],
    span: Interval,
) -> ComponentTimelineView {
    let steps: Vec<String> = (parts.iter())
        .map(|(interval, status)| {
            let status = edition.text(&format!("status-{}", status.as_str()), &[]);
            let duration = edition.locale.duration(interval.len());
            let values = [("status", status.as_str()), ("duration", &duration)];
            edition.text("course-step", &values)
        })
        .collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let steps = edition.locale.list(&steps);
    let name = edition.component_name(affected.component);
    let values = [("name", name), ("steps", steps.as_str())];
    ComponentTimelineView {
        name: name.to_owned(),
        url: edition.component_url(affected.component).to_owned(),
        status: edition.status(affected.worst),
        width: bars::STRIP_WIDTH,
        paths: bars::strip(parts, span)
            .into_iter()
            .map(|(class, d)| BarPath { class, d })
            .collect(),
        label: edition.text("course-label", &values),
        steps,
    }
}
