//! The page's answer to "does it work?".

use super::edition::{Edition, icon};
use super::view::{HeadlineView, StatusView};
use crate::component::{ComponentIndex, Status};
use crate::status::HeadlineState;

/// The headline as templates see it.
pub(super) fn view(edition: &Edition<'_>) -> HeadlineView {
    let snapshot = &edition.derived.snapshot;
    let headline = &snapshot.headline;
    let next = snapshot
        .incidents
        .iter()
        .filter_map(|index| edition.derived.courses[*index].next_update)
        .min();
    HeadlineView {
        state: headline.state.as_str(),
        indicator: headline.indicator().as_str(),
        icon: shape(headline.state),
        text: text(edition),
        detail: detail(edition),
        valid_until: headline.valid_until.map(|at| edition.moment(at)),
        next_update: next.map(|at| edition.promise(at)),
    }
}

/// The headline's words.
pub(super) fn text(edition: &Edition<'_>) -> String {
    let headline = &edition.derived.snapshot.headline;
    match (headline.state, headline.since) {
        (HeadlineState::Incident, _) if headline.monitoring => {
            edition.text("headline-incident-monitoring", &[])
        }
        (HeadlineState::Unknown, Some(since)) => edition.text(
            "headline-unknown",
            &[("since", &edition.moment_text(since))],
        ),
        (HeadlineState::Unknown, None) => edition.text("headline-unknown-never", &[]),
        (state, _) => edition.text(&format!("headline-{}", state.as_str()), &[]),
    }
}

fn shape(state: HeadlineState) -> &'static str {
    match state {
        HeadlineState::MajorOutage => "cross",
        HeadlineState::PartialOutage | HeadlineState::MinorOutage => "triangle",
        HeadlineState::DegradedPerformance | HeadlineState::Incident => "minus",
        HeadlineState::Suspected => "eye",
        HeadlineState::Unknown => "question",
        HeadlineState::Maintenance => "clock",
        HeadlineState::NoKnownProblems => "dash",
        HeadlineState::AllClear => "check",
    }
}

/// The sentences below the headline: what is affected, or how sure the page is.
fn detail(edition: &Edition<'_>) -> String {
    let snapshot = &edition.derived.snapshot;
    let mut sentences: Vec<String> = Vec::new();
    match snapshot.headline.state {
        HeadlineState::AllClear => {}
        HeadlineState::NoKnownProblems => {
            let confirmed = snapshot.headline.confirmed as u64;
            let total = edition.locale.number(snapshot.components.len() as u64);
            sentences.push(match confirmed {
                0 => edition.text("detail-confirmed-none", &[]),
                _ => edition
                    .locale
                    .count("detail-confirmed", confirmed, &[("total", &total)]),
            });
        }
        HeadlineState::Incident if snapshot.headline.monitoring => {
            sentences.push(edition.text("detail-incident-monitoring", &[]));
        }
        HeadlineState::Incident => sentences.push(edition.text("detail-incident", &[])),
        HeadlineState::Unknown => {
            sentences.push(affected(edition, Status::Unknown));
            sentences.push(edition.text("detail-not-said", &[]));
        }
        HeadlineState::Maintenance => match affected(edition, Status::UnderMaintenance) {
            none if none.is_empty() => sentences.push(edition.text("detail-maintenance", &[])),
            some => sentences.push(some),
        },
        _ => {
            let bad = [
                Status::MajorOutage,
                Status::PartialOutage,
                Status::DegradedPerformance,
                Status::Suspected,
            ];
            sentences.extend(bad.into_iter().map(|status| affected(edition, status)));
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences.join(" ")
}

/// `Web and Log-in are down.`, or nothing where no component has the status.
fn affected(edition: &Edition<'_>, status: Status) -> String {
    let names: Vec<&str> = edition
        .derived
        .snapshot
        .components
        .iter()
        .enumerate()
        .filter(|(_, state)| state.status == status)
        .map(|(at, _)| edition.component_name(ComponentIndex(at)))
        .collect();
    match names.len() {
        0 => String::new(),
        _ => edition.locale.affected(status.as_str(), &names),
    }
}

/// The worst status of some components, as a group shows it.
pub(super) fn worst(edition: &Edition<'_>, components: &[ComponentIndex]) -> StatusView {
    let worst = components
        .iter()
        .map(|component| edition.derived.snapshot.components[component.0].status)
        .max()
        .unwrap_or(Status::Operational);
    if worst != Status::Operational {
        return StatusView {
            id: worst.as_str(),
            icon: icon(worst),
            text: edition.text(&format!("status-{}", worst.as_str()), &[]),
        };
    }
    // One without evidence keeps the group from saying more than is known.
    let views = components
        .iter()
        .map(|component| edition.status_of(*component));
    let unsure = views.clone().find(|view| view.id == "no_data");
    unsure.unwrap_or_else(|| edition.status(Status::Operational))
}
