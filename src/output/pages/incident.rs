//! The pages of incidents, maintenances and notices.

use std::ops::Range;

use chrono::TimeDelta;

use super::chart::bars;
use super::edition::{Edition, icon};
use super::page::{Body, Page};
use super::signal;
use super::view::{
    AffectedView, BarPath, ComponentTimelineView, CorrectionView, DelayView, IncidentView,
    SignalView, UpdateView, WindowView,
};
use crate::output::Route;
use crate::site::component::{ComponentIndex, Impact, Status};
use crate::site::post::{Kind, Post};
use crate::site::update::State;
use crate::status::occurrence::AHEAD;
use crate::status::response::{self, ResponseTimes};
use crate::status::{Course, course};
use crate::time::{Instant, Interval};

/// The level of the outermost heading inside an update on the incident's own page, whose updates are
/// headed by level 3.
const HEADING_LEVEL: u8 = 4;

/// The page of an incident.
pub(super) fn page<'a>(edition: &Edition<'_>, index: usize) -> Page<'a> {
    let slug = &edition.site.posts[index].slug;
    let incident = Box::new(view(edition, index, Shown::OnItsPage));
    let last = incident
        .updates
        .first()
        .map_or(&incident.started, |update| &update.at);
    let time = edition.text("date-time", &[("date", &last.date), ("time", &last.time)]);
    let description = match incident.state_text.as_str() {
        "" => incident.title.clone(),
        state => edition.text(
            "describe-incident",
            &[
                ("title", &incident.title),
                ("state", state),
                ("time", &time),
            ],
        ),
    };
    let is_live = match edition.derived.courses[index].state {
        Some(state) => !state.ends_incident() && !state.ends_maintenance(),
        None => false,
    };
    let mut page = edition.page(
        |language| Route::post(language, slug),
        incident.title.clone(),
        description,
        Body::Incident { incident },
    );
    if is_live {
        page.view.built = edition.built();
    }
    page
}

/// Where an incident is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Alone, on its own page.
    OnItsPage,
    /// Among others, on the index.
    OnIndex,
    /// In a feed, away from the site.
    InFeed,
}

/// An incident as a feed shows it: with whole addresses.
pub fn in_feed(edition: &Edition<'_>, index: usize) -> IncidentView {
    view(edition, index, Shown::InFeed)
}

/// An incident as templates see it.
pub(super) fn view(edition: &Edition<'_>, index: usize, shown: Shown) -> IncidentView {
    let incident = &edition.site.posts[index];
    let course = &edition.derived.courses[index];
    let title = edition.title(&incident.title);
    let url = Route::post(edition.prefix(), &incident.slug).url();
    // On the index, ids must not meet those of other incidents, and what is relative to the
    // incident's page is not relative to this one.
    let (ids, base) = match shown {
        Shown::OnItsPage => (String::new(), String::new()),
        Shown::OnIndex => (
            format!("i{index}-"),
            Route::index(edition.prefix()).root() + &url,
        ),
        Shown::InFeed => {
            let route = Route::post(edition.prefix(), &incident.slug);
            (String::new(), route.on(&edition.site.base_url))
        }
    };
    let summary = edition.html(
        &incident.summary,
        &format!("{ids}summary-"),
        &base,
        HEADING_LEVEL - 1,
    );
    let (state, state_text) = match course.state {
        Some(state) => (state.as_str(), state_text(edition, state)),
        None => ("", String::new()),
    };
    let impact = match &incident.kind {
        Kind::Incident(said) => Some(said.impact),
        _ => None,
    };
    let impact_shown = impact.filter(|impact| *impact != Impact::None);
    let detected = match &incident.kind {
        Kind::Incident(course) => course.detected.map(|at| edition.moment(at)),
        _ => None,
    };
    let delays = match shown {
        Shown::OnItsPage => response::of(edition.site, incident, edition.derived.now()),
        Shown::OnIndex | Shown::InFeed => None,
    };
    // The page is that of all occurrences of a maintenance; among others, each stands for itself.
    let told = match shown {
        Shown::OnItsPage | Shown::InFeed => edition.site.of_one_file(index),
        Shown::OnIndex => index..index + 1,
    };
    let windows = windows(edition, index);
    let foreign = [&title.lang, &summary.lang]
        .into_iter()
        .find(|tag| !tag.is_empty());
    let original = foreign.map_or_else(String::new, |tag| edition.original(tag));
    IncidentView {
        kind: kind(incident),
        url,
        title: title.text,
        lang: title.lang,
        dir: title.dir,
        state,
        state_text,
        impact: impact.map_or("", Impact::as_str),
        impact_text: impact_shown.map_or_else(String::new, |impact| {
            edition.text(&format!("impact-{}", impact.as_str()), &[])
        }),
        impact_icon: impact_shown.map_or("", |impact| icon(impact.status())),
        icon: course.state.map_or("", shape),
        open: course.open,
        started: edition.moment(course.start),
        ended: course.end.map(|end| edition.moment(end)),
        duration: match (course.end, course.open, &incident.kind) {
            (Some(end), false, Kind::Incident(_)) => edition.locale.duration(end - course.start),
            _ => String::new(),
        },
        detected,
        components: components(edition, incident, course),
        course: match shown {
            Shown::OnItsPage => over_time(edition, incident, course),
            Shown::OnIndex | Shown::InFeed => Vec::new(),
        },
        original,
        summary: summary.text,
        summary_lang: summary.lang,
        summary_dir: summary.dir,
        updates: updates(edition, told, &ids, &base),
        windows_text: match windows.last() {
            // One that is further away is shown where there is no other.
            Some((last, _)) => {
                let until = (*last - edition.derived.now()).num_days().unsigned_abs() + 1;
                let days = until.max(AHEAD.num_days().unsigned_abs());
                let days = edition.locale.number(days);
                let values = [("days", days.as_str())];
                let count = windows.len() as u64;
                edition.locale.count("windows-further", count, &values)
            }
            None => String::new(),
        },
        windows: windows.into_iter().map(|(_, window)| window).collect(),
        next_update: course.next_update.map(|at| edition.promise(at)),
        corrections: incident
            .corrections
            .iter()
            .filter(|correction| correction.at <= edition.derived.now())
            .map(|correction| CorrectionView {
                at: edition.moment(correction.at),
                note: edition.own(&correction.note).to_owned(),
            })
            .collect(),
        signals: signals(edition, incident, course, shown),
        delays: delays
            .as_ref()
            .map_or_else(Vec::new, |delays| steps(edition, delays)),
        late: delays.map_or_else(Vec::new, |delays| late(edition, &delays)),
    }
}

/// The signals that show an incident: those that its file names, or else those that breached.
fn signals(edition: &Edition<'_>, post: &Post, course: &Course, shown: Shown) -> Vec<SignalView> {
    let (Kind::Incident(said), Shown::OnItsPage) = (&post.kind, shown) else {
        return Vec::new();
    };
    let signals = match said.signals.as_slice() {
        [] => response::signals(edition.site, post, said, edition.derived.now())
            .into_iter()
            .map(|(signal, _)| signal)
            .collect(),
        named => named.to_vec(),
    };
    let updates: Vec<Instant> = post.updates[..course.published]
        .iter()
        .map(|update| update.at)
        .collect();
    signal::of_incident(edition, &signals, course, &updates)
}

/// The steps from the start to the end; nothing where they are only a start and an end.
fn steps(edition: &Edition<'_>, delays: &ResponseTimes) -> Vec<DelayView> {
    let said = delays
        .first_update
        .filter(|_| delays.to_first_update().is_some());
    let known = [delays.breached, delays.detected, said];
    if known.iter().all(Option::is_none) {
        return Vec::new();
    }
    let mut steps: Vec<(Instant, &str)> = vec![(delays.started, "started")];
    let others = [
        (delays.breached, "breached"),
        (delays.detected, "detected"),
        (said, "first-update"),
        (delays.ended, "ended"),
    ];
    steps.extend(
        others
            .into_iter()
            .filter_map(|(at, name)| Some((at?, name))),
    );
    steps.sort_by_key(|(at, _)| *at);
    steps
        .into_iter()
        .map(|(at, name)| DelayView {
            name: edition.text(&format!("delay-{name}"), &[]),
            at: edition.moment(at),
            after: match at - delays.started {
                none if none == TimeDelta::zero() => String::new(),
                after if after > TimeDelta::zero() => {
                    let duration = edition.locale.duration(after);
                    edition.text("delay-after", &[("duration", &duration)])
                }
                before => {
                    let duration = edition.locale.duration(-before);
                    edition.text("delay-before", &[("duration", &duration)])
                }
            },
        })
        .collect()
}

/// What came late.
fn late(edition: &Edition<'_>, delays: &ResponseTimes) -> Vec<String> {
    let promises = delays.late.len() as u64;
    let mut late = Vec::new();
    if promises > 0 {
        late.push(edition.locale.count("late-promises", promises, &[]));
    }
    if let Some(overran) = delays.overran {
        let duration = edition.locale.duration(overran);
        late.push(edition.text("late-overran", &[("duration", &duration)]));
    }
    late
}

/// `incident`, `maintenance` or `notice`.
pub(super) fn kind(post: &Post) -> &'static str {
    match post.kind {
        Kind::Incident(_) => "incident",
        Kind::Maintenance(_) => "maintenance",
        Kind::Notice(_) => "notice",
    }
}

/// The shape that stands beside a state.
fn shape(state: State) -> &'static str {
    match state {
        State::Resolved | State::Postmortem | State::Completed => "check",
        State::Scheduled | State::InProgress | State::Verifying => "clock",
        State::Cancelled => "dash",
        State::Investigating | State::Identified | State::Monitoring | State::Update => "eye",
    }
}

pub(super) fn state_text(edition: &Edition<'_>, state: State) -> String {
    edition.text(&format!("state-{}", state.as_str()), &[])
}

/// The components that an incident names: with their present status while it is open, else with the
/// worst that it gave them.
fn components(edition: &Edition<'_>, post: &Post, course: &Course) -> Vec<AffectedView> {
    let statuses: Vec<(ComponentIndex, Status)> = match &post.kind {
        Kind::Incident(_) => {
            let affected = course.affected.iter();
            affected
                .map(|standing| {
                    (
                        standing.component,
                        if course.open {
                            standing.now
                        } else {
                            standing.worst
                        },
                    )
                })
                .collect()
        }
        Kind::Maintenance(maintenance) => maintenance
            .components
            .iter()
            .map(|component| (*component, Status::UnderMaintenance))
            .collect(),
        Kind::Notice(notice) => {
            return (notice.components.iter())
                .map(|component| AffectedView {
                    name: edition.component_name(*component).to_owned(),
                    url: edition.component_url(*component).to_owned(),
                    status: edition.status_of(*component),
                })
                .collect();
        }
    };
    statuses
        .into_iter()
        .map(|(component, status)| edition.affected(component, status))
        .collect()
}

/// What became of each component in the course of an incident; nothing where nothing changed.
fn over_time(edition: &Edition<'_>, post: &Post, course: &Course) -> Vec<ComponentTimelineView> {
    let Kind::Incident(_) = post.kind else {
        return Vec::new();
    };
    let now = edition.derived.now();
    let Some(span) = Interval::new(course.start, course.end.unwrap_or(now).min(now)) else {
        return Vec::new();
    };
    let effects = course::effects(post, now);
    let views: Vec<(bool, ComponentTimelineView)> = (course.affected.iter())
        .map(|standing| {
            let of_it = effects
                .iter()
                .filter(|it| it.component == standing.component);
            let parts: Vec<(Interval, Status)> = of_it
                .filter_map(|effect| {
                    let whole = Interval::new(effect.from, effect.until.unwrap_or(now))?;
                    Some((whole.intersect(span)?, effect.status))
                })
                .collect();
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
            let name = edition.component_name(standing.component);
            let values = [("name", name), ("steps", steps.as_str())];
            let label = edition.text("course-label", &values);
            let changed = parts.len() != 1 || parts.iter().any(|(interval, _)| *interval != span);
            let view = ComponentTimelineView {
                name: name.to_owned(),
                url: edition.component_url(standing.component).to_owned(),
                status: edition.status(standing.worst),
                width: bars::STRIP_WIDTH,
                paths: bars::strip(&parts, span)
                    .into_iter()
                    .map(|(class, d)| BarPath { class, d })
                    .collect(),
                steps,
                label,
            };
            (changed, view)
        })
        .collect();
    if views.iter().any(|(changed, _)| *changed) {
        views.into_iter().map(|(_, view)| view).collect()
    } else {
        Vec::new()
    }
}

/// The windows of a maintenance that come after the one of an occurrence, soonest first.
fn windows(edition: &Edition<'_>, index: usize) -> Vec<(Instant, WindowView)> {
    let later = index + 1..edition.site.of_one_file(index).end;
    later
        .map(|index| &edition.derived.courses[index])
        .filter(|course| course.state == Some(State::Scheduled))
        .filter_map(|course| {
            let window = WindowView {
                started: edition.moment(course.start),
                ended: edition.moment(course.end?),
            };
            Some((course.start, window))
        })
        .collect()
}

/// The published updates of the incidents of a file, newest first.
fn updates(edition: &Edition<'_>, told: Range<usize>, ids: &str, base: &str) -> Vec<UpdateView> {
    let published = told.flat_map(|index| {
        let count = edition.derived.courses[index].published;
        edition.site.posts[index].updates[..count].iter()
    });
    let mut views: Vec<UpdateView> = published
        .enumerate()
        .map(|(number, update)| {
            let id = format!("u{}", number + 1);
            let html = edition.html(&update.text, &format!("{ids}{id}-"), base, HEADING_LEVEL);
            UpdateView {
                original: edition.original(&html.lang),
                id,
                state: update.state.as_str(),
                state_text: state_text(edition, update.state),
                at: edition.moment(update.at),
                html: html.text,
                lang: html.lang,
                dir: html.dir,
                changes: update
                    .changes
                    .iter()
                    .map(|(component, status)| edition.affected(*component, *status))
                    .collect(),
            }
        })
        .collect();
    views.reverse();
    views
}
