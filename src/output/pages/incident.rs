//! The pages of incidents, maintenances and notices.

pub(crate) use self::affected::named;
use self::affected::{components, over_time, updates_over_time};
use self::response::{late, steps};
use self::state::shape;
pub(super) use self::state::{kind, state_text};
use self::windows::{later_windows, repeats, window_view, windows_text};
use super::edition::{Edition, Localized};
use super::page::{Body, Page};
use super::pictures;
use super::signal;
use super::statuses::icon;
use super::view::{CorrectionView, IncidentView, UpdateView};
use crate::output::Route;
use crate::site::Slug;
use crate::site::post::{Kind, Post};
use crate::site::update::{LocalizedMarkdown, Update};
use crate::site::vocabulary::{Impact, State, Word};
use crate::status::occurrence::{Occurrence, OccurrenceIndex};
use crate::time::Instant;

mod affected;
mod response;
mod state;
mod windows;

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
        course_updates: updates_over_time(edition, occurrence),
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
        concerns: edition.concerns(&course.regions),
        components: components(edition, post, course),
        course: Vec::new(),
        course_updates: String::new(),
        summary: summary.text,
        summary_lang: summary.lang,
        summary_dir: summary.dir,
        updates: updates(edition, &place),
        repeats: repeats(edition, occurrence),
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

/// The words of the state that the last of some updates keeps; empty where none was said.
fn lasting(edition: &Edition<'_>, updates: &[Update]) -> String {
    let said = |update: &&Update| !matches!(update.state, State::Update | State::Postmortem);
    let last = updates.iter().rev().find(said);
    last.map_or_else(String::new, |update| state_text(edition, update.state))
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
                    .map(|it| edition.affected_in(it.component, it.region, it.status))
                    .collect(),
            }
        })
        .collect();
    views.reverse();
    views
}
