//! The pages of incidents, maintenances and notices.

use chrono::TimeDelta;

use super::chart::bars;
use super::edition::{Edition, Localized, icon};
use super::page::{Body, Page};
use super::pictures;
use super::signal;
use super::view::{
    AffectedView, BarPath, ComponentTimelineView, CorrectionView, DelayView, IncidentView,
    StatusView, UpdateView, WindowView,
};
use crate::output::Route;
use crate::site::component::ComponentIndex;
use crate::site::post::{Kind, Post};
use crate::site::update::{LocalizedMarkdown, Update};
use crate::site::vocabulary::{Impact, State, Status, Word};
use crate::site::{Site, Slug};
use crate::status::course::{Affected, Course};
use crate::status::occurrence::{AHEAD, Occurrence, OccurrenceIndex};
use crate::status::response::ResponseTimes;
use crate::time::{Instant, Interval, Window};

/// The level of the outermost heading inside an update on the incident's own page, whose updates are
/// headed by level 3.
const HEADING_LEVEL: u8 = 4;

/// The most components of an incident whose feeds its page links.
const MOST_FEEDS: usize = 3;

/// The page of an incident, a maintenance or a notice.
pub(super) fn page<'a>(edition: &Edition<'_>, index: OccurrenceIndex) -> Page<'a> {
    let occurrence = edition.status.occurrence(index);
    let slug = &edition.site.post(occurrence.post).slug;
    let incident = Box::new(on_its_page(edition, index));
    let last = edition.moment(dated(edition, occurrence));
    let time = edition.text("date-time", &[("date", &last.date), ("time", &last.time)]);
    let text = match incident.state_text.as_str() {
        "" => time.clone(),
        state => edition.text("share-incident", &[("state", state), ("time", &time)]),
    };
    let card = edition.gallery().card(
        &incident.title,
        &text,
        pictures::icon_of_post(edition, index),
    );
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
    let is_live = match occurrence.course.state {
        Some(state) => !state.ends_incident() && !state.ends_maintenance(),
        None => false,
    };
    let mut page = edition.page(
        |language| Route::post(language, slug),
        incident.title.clone(),
        description,
        Body::Incident { incident },
    );
    page.view.card = card;
    if is_live {
        page.view.built = edition.built();
    }
    let components = named(edition.site, occurrence);
    if components.len() <= MOST_FEEDS {
        // One of each, for a page has to be light.
        let of_each = components.into_iter();
        let of_each = of_each.flat_map(|it| edition.feed_links(Some(it)).take(1));
        page.view.feeds.extend(of_each);
    }
    page
}

/// The instant since which a post is in its state, or of its last update, which may be later.
///
/// A window that opens and closes by itself, and an end that the file says, come without an update.
pub(super) fn dated(edition: &Edition<'_>, occurrence: &Occurrence) -> Instant {
    let course = &occurrence.course;
    let updates = edition.status.published(edition.site, occurrence.post);
    let last = updates.last().map(|update| update.at);
    if let Some(last) = last.filter(|_| course.state == Some(State::Scheduled)) {
        return last;
    }
    let now = edition.status.now();
    let end = course.end.filter(|end| !course.is_open && *end <= now);
    end.unwrap_or(course.start)
        .max(last.unwrap_or(course.start))
}

/// A post alone on its own page, which is that of all its occurrences.
fn on_its_page(edition: &Edition<'_>, index: OccurrenceIndex) -> IncidentView {
    let occurrence = edition.status.occurrence(index);
    let place = Placement {
        updates: edition.status.published(edition.site, occurrence.post),
        ids: String::new(),
        stage: Stage::OwnPage,
        slug: &edition.site.post(occurrence.post).slug,
    };
    let times = edition.status.response(index).times.as_ref();
    IncidentView {
        course: over_time(edition, occurrence),
        signals: signal::of_incident(edition, index),
        delays: times.map_or_else(Vec::new, |times| steps(edition, times)),
        late: times.map_or_else(Vec::new, |times| late(edition, times)),
        ..view(edition, index, place)
    }
}

/// An occurrence among others on the index, where each stands for itself.
///
/// Ids must not meet those of the others there, and what is relative to the page of the post is not relative
/// to the index.
pub(super) fn on_index(edition: &Edition<'_>, index: OccurrenceIndex) -> IncidentView {
    let occurrence = edition.status.occurrence(index);
    let place = Placement {
        updates: occurrence.published(edition.site),
        ids: format!("i{}-", index.0),
        stage: Stage::Index,
        slug: &edition.site.post(occurrence.post).slug,
    };
    view(edition, index, place)
}

/// A post in a feed, away from the site: with whole addresses, and all its occurrences.
pub(super) fn in_feed(edition: &Edition<'_>, index: OccurrenceIndex) -> IncidentView {
    let occurrence = edition.status.occurrence(index);
    let place = Placement {
        updates: edition.status.published(edition.site, occurrence.post),
        ids: String::new(),
        stage: Stage::Feed,
        slug: &edition.site.post(occurrence.post).slug,
    };
    view(edition, index, place)
}

/// The summary of a post as HTML away from the site, with whole addresses; empty where it has none.
pub fn summary_away(edition: &Edition<'_>, post: &Post) -> String {
    let place = Placement::away(post);
    let summary = place.html(edition, &post.summary, "summary-", HEADING_LEVEL - 1);
    summary.text
}

/// The text of an update of a post, by its index, as HTML away from the site, with whole addresses; empty where it has
/// none.
pub fn update_away(edition: &Edition<'_>, post: &Post, index: usize) -> String {
    let place = Placement::away(post);
    let ids = text_ids(index + 1);
    let text = place.html(edition, &post.updates[index].text, &ids, HEADING_LEVEL);
    text.text
}

/// The prefix of the ids in the text of an update, by its number.
fn text_ids(number: usize) -> String {
    format!("u{number}-")
}

/// The part of a post that is shown somewhere, and how its texts are written there.
struct Placement<'a> {
    /// The updates that are shown, oldest first.
    updates: &'a [Update],
    /// The prefix of ids.
    ids: String,
    /// Where it is shown.
    stage: Stage,
    /// The slug of the post.
    slug: &'a Slug,
}

/// Where a post is shown.
#[derive(Debug, Clone, Copy)]
enum Stage {
    OwnPage,
    Index,
    Feed,
}

impl<'a> Placement<'a> {
    /// The texts of a post away from the site.
    fn away(post: &'a Post) -> Self {
        Self {
            updates: &[],
            ids: String::new(),
            stage: Stage::Feed,
            slug: &post.slug,
        }
    }

    /// A text of the post as HTML. Its relative links lead where they do on the post's page in the language of the text.
    fn html(
        &self,
        edition: &Edition<'_>,
        text: &LocalizedMarkdown,
        ids: &str,
        level: u8,
    ) -> Localized {
        let found = text.get(edition.language());
        let language = found.map_or(edition.language(), |(_, language)| language);
        let route = || Route::post(edition.prefix_of(language), self.slug);
        let base = match self.stage {
            Stage::OwnPage if language == edition.language() => String::new(),
            Stage::OwnPage => Route::post(edition.prefix(), self.slug).root() + &route().url(),
            Stage::Index => Route::index(edition.prefix()).root() + &route().url(),
            Stage::Feed => route().on(edition.base_url),
        };
        edition.html(text, ids, &base, level)
    }
}

/// An occurrence as templates see it, without what only its own page has.
fn view(edition: &Edition<'_>, index: OccurrenceIndex, place: Placement<'_>) -> IncidentView {
    let occurrence = edition.status.occurrence(index);
    let course = &occurrence.course;
    let post = edition.site.post(occurrence.post);
    let incident = match &post.kind {
        Kind::Incident(incident) => Some(incident),
        Kind::Maintenance(_) | Kind::Notice(_) => None,
    };
    let title = edition.title(&post.title);
    let ids = format!("{}summary-", place.ids);
    let summary = place.html(edition, &post.summary, &ids, HEADING_LEVEL - 1);
    let foreign = [&title.lang, &summary.lang]
        .into_iter()
        .find(|tag| !tag.is_empty());
    let original = foreign.map_or_else(String::new, |tag| edition.original(tag));
    let impact = course.impact;
    // One that follows from statuses says nothing that they do not say.
    let impact_said = incident.and_then(|incident| incident.impact);
    let later = later_windows(edition, index);
    IncidentView {
        kind: kind(post),
        url: Route::post(edition.prefix(), &post.slug).url(),
        original,
        title: title.text,
        lang: title.lang,
        dir: title.dir,
        state: course.state.map_or("", State::as_str),
        state_text: (course.state).map_or_else(String::new, |state| state_text(edition, state)),
        impact: impact.map_or("", Impact::as_str),
        impact_text: impact_said.map_or_else(String::new, |impact| {
            edition.text(&format!("impact-{}", impact.as_str()), &[])
        }),
        impact_icon: impact_said.map_or("", |impact| match impact {
            Impact::None => "dash",
            _ => icon(impact.status()),
        }),
        icon: course.state.map_or("", shape),
        open: course.is_open,
        started: edition.moment(course.start),
        ended: course.end.map(|end| edition.moment(end)),
        duration: match (course.end, course.is_open, incident) {
            (Some(end), false, Some(_)) => edition.locale.duration(end - course.start),
            _ => String::new(),
        },
        detected: incident
            .and_then(|it| it.detected)
            .filter(|at| *at <= edition.status.now())
            .map(|at| edition.moment(at)),
        components: components(edition, post, course),
        course: Vec::new(),
        summary: summary.text,
        summary_lang: summary.lang,
        summary_dir: summary.dir,
        updates: updates(edition, &place),
        windows_text: windows_text(edition, &later),
        windows: later.iter().map(|it| window_view(edition, *it)).collect(),
        next_update: course.next_update.map(|at| edition.promise(at)),
        corrections: corrections(edition, post),
        signals: Vec::new(),
        delays: Vec::new(),
        late: Vec::new(),
    }
}

/// The corrections that readers are told of, oldest first.
fn corrections(edition: &Edition<'_>, post: &Post) -> Vec<CorrectionView> {
    let corrections = post.corrections.iter();
    corrections
        .filter(|correction| correction.at <= edition.status.now())
        .enumerate()
        .map(|(number, correction)| CorrectionView {
            id: format!("correction-{}", number + 1),
            at: edition.moment(correction.at),
            note: edition.own(&correction.note).to_owned(),
        })
        .collect()
}

/// The steps from the start to the end; nothing where they are only a start and an end.
fn steps(edition: &Edition<'_>, times: &ResponseTimes) -> Vec<DelayView> {
    let first_update = times
        .first_update
        .filter(|_| times.to_first_update() > Some(TimeDelta::zero()));
    let known = [times.breached, times.detected, first_update];
    if known.iter().all(Option::is_none) {
        return Vec::new();
    }
    let mut steps: Vec<(Instant, &str)> = vec![(times.started, "started")];
    let others = [
        (times.breached, "breached"),
        (times.detected, "detected"),
        (first_update, "first-update"),
        (times.ended, "ended"),
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
            after: match at - times.started {
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

/// The sentences about promises that came late, and about a maintenance that overran.
fn late(edition: &Edition<'_>, times: &ResponseTimes) -> Vec<String> {
    let promises = times.late.len() as u64;
    let mut late = Vec::new();
    if promises > 0 {
        late.push(edition.locale.count("late-promises", promises, &[]));
    }
    if let Some(overran) = times.overran {
        let duration = edition.locale.duration(overran);
        let duration = ("duration", duration.as_str());
        late.push(match times.ended {
            Some(_) => edition.text("late-overran", &[duration]),
            None => {
                let built = edition.moment_text(edition.status.now());
                edition.text("late-overruns", &[("time", &built), duration])
            }
        });
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

/// The words of the state that the last of some updates keeps; empty where none was said.
fn lasting(edition: &Edition<'_>, updates: &[Update]) -> String {
    let said = |update: &&Update| !matches!(update.state, State::Update | State::Postmortem);
    let last = updates.iter().rev().find(said);
    last.map_or_else(String::new, |update| state_text(edition, update.state))
}

pub(super) fn state_text(edition: &Edition<'_>, state: State) -> String {
    edition.text(&format!("state-{}", state.as_str()), &[])
}

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
fn components(edition: &Edition<'_>, post: &Post, course: &Course) -> Vec<AffectedView> {
    let icon = match (&post.kind, course.state) {
        (Kind::Maintenance(_), Some(State::Scheduled)) => Some(shape(State::Scheduled)),
        (Kind::Maintenance(_), Some(state)) if course.effects.is_empty() => Some(shape(state)),
        _ => None,
    };
    match &post.kind {
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

/// The statuses of each component in the course of an incident; nothing where nothing changed.
fn over_time(edition: &Edition<'_>, occurrence: &Occurrence) -> Vec<ComponentTimelineView> {
    let course = &occurrence.course;
    let Kind::Incident(_) = edition.site.post(occurrence.post).kind else {
        return Vec::new();
    };
    let now = edition.status.now();
    let Some(span) = Interval::new(course.start, course.end.unwrap_or(now).min(now)) else {
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

/// The windows of a maintenance that come after the one of an occurrence, soonest first.
fn later_windows(edition: &Edition<'_>, index: OccurrenceIndex) -> Vec<Window> {
    let post = &edition.status.posts[edition.status.occurrence(index).post.0];
    let later = index.0 + 1..post.occurrences.end;
    edition.status.occurrences[later]
        .iter()
        .map(|occurrence| &occurrence.course)
        .filter(|course| course.state == Some(State::Scheduled))
        .filter_map(|course| Window::new(course.start, course.end?))
        .collect()
}

fn window_view(edition: &Edition<'_>, window: Window) -> WindowView {
    WindowView {
        started: edition.moment(window.starts()),
        ended: edition.moment(window.ends()),
    }
}

/// How many further windows there are in how many days; empty where there are none.
fn windows_text(edition: &Edition<'_>, later: &[Window]) -> String {
    let Some(last) = later.last() else {
        return String::new();
    };
    // One that is further away is shown where there is no other.
    let until = (last.starts() - edition.status.now())
        .num_days()
        .unsigned_abs();
    let days = AHEAD.num_days().unsigned_abs().max(until + 1);
    let days = edition.locale.number(days);
    let values = [("days", days.as_str())];
    let count = later.len() as u64;
    edition.locale.count("windows-further", count, &values)
}

/// The updates that are shown, newest first.
fn updates(edition: &Edition<'_>, place: &Placement<'_>) -> Vec<UpdateView> {
    let ids = &place.ids;
    let mut views: Vec<UpdateView> = place
        .updates
        .iter()
        .enumerate()
        .map(|(number, update)| {
            let number = number + 1;
            let text_ids = format!("{ids}{}", text_ids(number));
            let text = place.html(edition, &update.text, &text_ids, HEADING_LEVEL);
            UpdateView {
                original: edition.original(&text.lang),
                id: format!("update-{number}"),
                state: update.state.as_str(),
                state_text: state_text(edition, update.state),
                lasting: match update.state {
                    State::Update => lasting(edition, &place.updates[..number]),
                    _ => String::new(),
                },
                at: edition.moment(update.at),
                html: text.text,
                lang: text.lang,
                dir: text.dir,
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
