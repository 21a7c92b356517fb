//! The page's answer to "does it work?".

use super::edition::Edition;
use super::view::{HeadlineView, LaterView, StatusView};
use crate::site::component::ComponentIndex;
use crate::site::region::RegionIndex;
use crate::site::vocabulary::{Status, Word};
use crate::status::{Condition, Conditions, Headline, HeadlineState};
use crate::time;
use crate::time::Instant;

/// The headline as templates see it.
pub(crate) fn view(edition: &Edition<'_>) -> HeadlineView {
    let snapshot = &edition.status.snapshot;
    let statuses: Vec<Status> = snapshot
        .components
        .iter()
        .map(|component| component.status)
        .collect();
    let later = edition.status.forecast.headlines.iter();
    HeadlineView {
        later: later
            .map(|(from, headline)| later_view(edition, *from, headline))
            .collect(),
        ..view_of(
            edition,
            &snapshot.headline,
            detail(edition, &snapshot.headline, &statuses),
        )
    }
}

/// A headline to come.
fn later_view(edition: &Edition<'_>, from: Instant, headline: &Headline) -> HeadlineView {
    let snapshot = &edition.status.snapshot;
    let forecast = edition.status.forecast.components.iter();
    let statuses: Vec<Status> = snapshot
        .components
        .iter()
        .zip(forecast)
        .map(|(component, segments)| {
            let mut begun = segments.iter().rev();
            let segment = begun.find(|segment| segment.interval.start() <= from);
            segment.map_or(component.status, |segment| segment.status)
        })
        .collect();
    let detail = match headline.state {
        // One component after the other runs out of evidence: a list would soon be wrong.
        HeadlineState::Unknown => not_said(edition, headline),
        _ => detail(edition, headline, &statuses),
    };
    HeadlineView {
        from: time::rfc3339(from),
        ..view_of(edition, headline, detail)
    }
}

fn view_of(edition: &Edition<'_>, headline: &Headline, detail: String) -> HeadlineView {
    let snapshot = &edition.status.snapshot;
    let next = snapshot.next_update;
    let open = snapshot.incidents.iter();
    let promised = open.filter_map(|it| edition.status.occurrence(*it).course.next_update);
    let overdue = promised.filter(|at| *at < edition.status.now()).count();
    HeadlineView {
        state: headline.state.as_str(),
        indicator: headline.indicator().as_str(),
        icon: shape(headline.state),
        text: text(edition, headline),
        detail,
        valid_until: headline.valid_until.map(|at| edition.moment(at)),
        from: String::new(),
        later: Vec::new(),
        next_update: next.map(|at| edition.promise(at)),
        overdue: match overdue {
            0 | 1 => String::new(),
            _ => (edition.locale).count("page-overdue-count", overdue as u64, &[]),
        },
    }
}

/// The headline's words.
pub(super) fn text(edition: &Edition<'_>, headline: &Headline) -> String {
    let words = text_of_state(edition, headline);
    let is_suspected = headline.state == HeadlineState::Suspected;
    in_region(edition, words, is_suspected, headline.region)
}

/// The words of a headline with the region to which what it says is confined.
pub(super) fn in_region(
    edition: &Edition<'_>,
    words: String,
    is_suspected: bool,
    region: Option<RegionIndex>,
) -> String {
    match region {
        None => words,
        Some(region) if is_suspected => {
            let region = edition.locale.isolate(edition.region_name(region));
            edition.text("headline-suspected-region", &[("region", &region)])
        }
        Some(region) => edition.in_region(&words, region),
    }
}

fn text_of_state(edition: &Edition<'_>, headline: &Headline) -> String {
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

pub(super) fn shape(state: HeadlineState) -> &'static str {
    match state {
        HeadlineState::MajorOutage => "cross",
        HeadlineState::PartialOutage | HeadlineState::MinorOutage => "triangle",
        HeadlineState::DegradedPerformance | HeadlineState::Incident => "minus",
        HeadlineState::Suspected => "eye",
        HeadlineState::Unknown => "question",
        HeadlineState::Maintenance => "clock",
        HeadlineState::NoKnownProblems => "ring",
        HeadlineState::AllClear => "check",
    }
}

/// The sentences below the headline: what is affected, or how sure the page is.
fn detail(edition: &Edition<'_>, headline: &Headline, statuses: &[Status]) -> String {
    let affected = |status| affected(edition, statuses, status);
    let mut sentences: Vec<String> = Vec::new();
    match headline.state {
        HeadlineState::AllClear => {}
        HeadlineState::NoKnownProblems => {
            let confirmed = headline.confirmed as u64;
            let total = edition.locale.number(statuses.len() as u64);
            sentences.push(match confirmed {
                0 => edition.text("detail-reports", &[]),
                _ => edition
                    .locale
                    .count("detail-confirmed", confirmed, &[("total", &total)]),
            });
        }
        HeadlineState::Incident if headline.monitoring => {
            sentences.push(edition.text("detail-incident-monitoring", &[]));
        }
        HeadlineState::Incident => sentences.push(edition.text("detail-incident", &[])),
        HeadlineState::Unknown => {
            sentences.push(affected(Status::Unknown));
            sentences.push(not_said(edition, headline));
        }
        HeadlineState::Maintenance => match affected(Status::UnderMaintenance) {
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
            sentences.extend(bad.into_iter().map(affected));
        }
    }
    edition.locale.sentences(&sentences)
}

/// Why the page does not say that all is well: the evidence is old, or there never was any.
fn not_said(edition: &Edition<'_>, headline: &Headline) -> String {
    let key = match headline.since {
        Some(_) => "detail-not-said",
        None => "detail-not-said-never",
    };
    edition.text(key, &[])
}

/// The description of a page that shows the headline, for search engines and the like: read far from it, and later.
pub(super) fn description(edition: &Edition<'_>, headline: &HeadlineView) -> String {
    let time = edition.moment_text(edition.status.now());
    let values = [
        ("headline", headline.text.as_str()),
        ("time", time.as_str()),
        ("detail", headline.detail.as_str()),
    ];
    match headline.detail.is_empty() {
        true => edition.text("describe-index", &values[..2]),
        false => edition.text("describe-index-detail", &values),
    }
}

/// The number of components up to which a headline names them; above that it counts those of each group.
const MOST_NAMED: usize = 8;

/// `Down: Web and Log-in.`, or nothing where no component has the status.
fn affected(edition: &Edition<'_>, statuses: &[Status], status: Status) -> String {
    let with_status = statuses
        .iter()
        .enumerate()
        .filter(|(_, other)| **other == status);
    let components = with_status.map(|(at, _)| ComponentIndex(at));
    // Of trouble that is suspected, what signals point to comes first.
    let (of_signals, others): (Vec<_>, Vec<_>) =
        components.partition(|it| affected_word(edition, *it, status) == status.as_str());
    let troubled = statuses
        .iter()
        .filter(|status| **status != Status::Operational);
    let is_long = troubled.count() > MOST_NAMED;
    let sentences = [of_signals, others].map(|components| {
        let Some(first) = components.first() else {
            return String::new();
        };
        let names = match is_long {
            true => edition.groups_or_names(&components),
            false => edition.names(&components),
        };
        let word = affected_word(edition, *first, status);
        edition.locale.affected(word, &names)
    });
    edition.locale.sentences(&sentences)
}

/// The word by which a sentence tells of a component with a status: `reported` where it is suspected and no signal points
/// to it.
pub(super) fn affected_word(
    edition: &Edition<'_>,
    component: ComponentIndex,
    status: Status,
) -> &'static str {
    let mut contradictions = edition.status.snapshot.contradictions.iter();
    match status {
        Status::Suspected if !contradictions.any(|it| it.components.contains(&component)) => {
            "reported"
        }
        _ => status.as_str(),
    }
}

/// The worst status of some components, as a group shows it.
pub(super) fn worst(edition: &Edition<'_>, components: &[ComponentIndex]) -> StatusView {
    let states = &edition.status.snapshot.components;
    let conditions = components.iter().map(|it| states[it.0].condition());
    edition.condition(Conditions::of(conditions).worst())
}

/// The worst statuses to come of some components.
pub(super) fn worst_later(edition: &Edition<'_>, components: &[ComponentIndex]) -> Vec<LaterView> {
    let snapshot = &edition.status.snapshot;
    let mut changes: Vec<(Instant, usize, Condition)> = (components.iter().enumerate())
        .flat_map(|(at, component)| {
            let segments = edition.status.forecast.components[component.0].iter();
            segments.map(move |segment| (segment.interval.start(), at, segment.condition()))
        })
        .collect();
    changes.sort_by_key(|(since, ..)| *since);
    let conditions = components.iter();
    let conditions = conditions.map(|it| snapshot.components[it.0].condition());
    let mut each: Vec<Condition> = conditions.collect();
    let mut counted = Conditions::of(each.iter().copied());
    let mut later: Vec<LaterView> = Vec::new();
    let mut last = edition.condition(counted.worst());
    for together in changes.chunk_by(|a, b| a.0 == b.0) {
        for (_, at, condition) in together {
            counted.replace(each[*at], *condition);
            each[*at] = *condition;
        }
        let status = edition.condition(counted.worst());
        if status.id != last.id {
            last = status.clone();
            let since = edition.moment(together[0].0);
            later.push(LaterView { since, status });
        }
    }
    later
}
