//! The site as the API speaks of it: its ids, its addresses, and the instants of its changes.

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::stamp::stamp;
use crate::locale::{LanguageIndex, LocalizedText};
use crate::output::pages::Edition;
use crate::output::route::Route;
use crate::site::component::{ComponentIndex, GroupIndex};
use crate::site::post::Post;
use crate::site::region::RegionIndex;
use crate::status::Timeline;
use crate::status::breach::SignalStatus;
use crate::time::{Instant, calendar};

/// The site as the API speaks of it.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    /// Its first edition.
    pub(super) edition: &'a Edition<'a>,
    /// The page's id, made of the address at which the site is at home: a title may change.
    pub(super) page_id: String,
    /// The instant from which on anything is known of it; the epoch where nothing is.
    pub(super) created: Instant,
    /// The instant from which on anything is known of each component.
    created_components: Vec<Instant>,
    zone: Tz,
}

impl<'a> Subject<'a> {
    /// The site of its first edition.
    pub(super) fn new(edition: &'a Edition<'a>) -> Self {
        let created = first_known(edition);
        let components = (0..edition.site.components.len()).map(ComponentIndex);
        Self {
            edition,
            page_id: page_id(edition.site.settings.base_url.as_str()),
            created,
            created_components: components
                .map(|component| created_component(edition, component, created))
                .collect(),
            zone: edition.site.settings.time_zone,
        }
    }

    /// An instant as the API writes it.
    pub(super) fn stamp(&self, at: Instant) -> String {
        stamp(at, self.zone)
    }

    /// A text in the site's first language.
    pub(super) fn text<'t>(&self, text: &'t LocalizedText) -> &'t str {
        text.text(LanguageIndex::DEFAULT)
    }

    /// The address of the page, without a slash at its end: clients add one.
    pub(super) fn url(&self) -> &'a str {
        self.edition.base_url.as_str().trim_end_matches('/')
    }

    /// The address of the page of a post.
    pub(super) fn post_url(&self, post: &Post) -> String {
        Route::post(None, &post.slug).on(self.edition.base_url)
    }

    /// The address of a document, by its path from the folder of all.
    pub(super) fn document_url(&self, path: &str) -> String {
        Route::api(path).on(self.edition.base_url)
    }

    /// The ids of regions; `None` where the site has none.
    pub(super) fn region_ids(&self, regions: &[RegionIndex]) -> Option<Vec<String>> {
        let all = &self.edition.site.regions;
        let ids = regions.iter().map(|it| all[it.0].id.clone());
        (!all.is_empty()).then(|| ids.collect())
    }

    /// The id of a component, which is that of `allclear.toml`.
    pub(super) fn component_id(&self, ComponentIndex(at): ComponentIndex) -> &'a str {
        &self.edition.site.components[at].id
    }

    /// The id of a group. Groups and components stand in one list: where one of these has the same id, the group's has a
    /// mark that no id can have.
    pub(super) fn group_id(&self, GroupIndex(at): GroupIndex) -> String {
        let site = self.edition.site;
        let id = &site.groups[at].id;
        match site.components.iter().any(|component| component.id == *id) {
            true => format!("group:{id}"),
            false => id.clone(),
        }
    }

    /// The instant from which on anything is known of a component.
    pub(super) fn created(&self, ComponentIndex(at): ComponentIndex) -> Instant {
        self.created_components[at]
    }

    /// The instant at which the status of a component last changed, or what it rests on.
    pub(super) fn updated(&self, component: ComponentIndex) -> Instant {
        let ComponentIndex(at) = component;
        let snapshot = &self.edition.status.snapshot;
        let changed = changed(&snapshot.timelines[at]).or(snapshot.components[at].since);
        let created = self.created(component);
        changed.map_or(created, |changed| changed.max(created))
    }

    /// The instant at which the page last changed, where its posts did at these.
    pub(super) fn page_updated(&self, posts: impl Iterator<Item = Instant>) -> Instant {
        let edition = self.edition;
        let components = (0..edition.site.components.len()).map(ComponentIndex);
        let components = components.map(|component| self.updated(component));
        let signals = edition.site.signals.iter().zip(&edition.status.signals);
        let now = edition.status.now();
        let signals = signals.filter_map(|(signal, status)| {
            heard(status, signal.valid_for, now).or(status.valid_until.filter(|at| *at <= now))
        });
        let all = posts.chain(components).chain(signals);
        all.fold(self.created, Instant::max)
    }
}

/// The id of a page by its address: its host and its path, as a slug.
fn page_id(base_url: &str) -> String {
    let place = base_url
        .split_once("://")
        .map_or(base_url, |(_, place)| place);
    let parts = place.split(|c: char| !c.is_ascii_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("-").to_ascii_lowercase()
}

/// The instant of the first observation or post that is known.
fn first_known(edition: &Edition<'_>) -> Instant {
    let now = edition.status.now();
    let occurrences = edition.status.occurrences.iter();
    let published = occurrences.filter(|it| it.course.is_published);
    let posted = published.flat_map(|occurrence| {
        let first_update = occurrence.published(edition.site).first();
        [Some(occurrence.course.start), first_update.map(|it| it.at)]
    });
    let components = (0..edition.site.components.len()).map(ComponentIndex);
    let seen = components.map(|component| first_seen(edition, component));
    let known = posted.chain(seen).flatten().filter(|at| *at <= now);
    known.min().unwrap_or(Instant::UNIX_EPOCH)
}

/// The instant from which on anything is known of a component: the day that `since` says, or its first observation, or
/// what is first known of the site.
fn created_component(
    edition: &Edition<'_>,
    component: ComponentIndex,
    first_known: Instant,
) -> Instant {
    let since = edition.site.components[component.0].since;
    let since = since.and_then(|day| calendar::day_interval(day, edition.site.settings.time_zone));
    let since = since.map(|day| day.start());
    let first = since.or_else(|| first_seen(edition, component));
    first
        .filter(|at| *at <= edition.status.now())
        .unwrap_or(first_known)
}

/// The instant of the first observation of a component.
fn first_seen(edition: &Edition<'_>, component: ComponentIndex) -> Option<Instant> {
    let sources = edition.site.sources.iter();
    let first = sources.filter_map(|source| {
        let before = (source.observations).partition_point(|it| it.component < component);
        let first = source.observations.get(before)?;
        (first.component == component).then_some(first.from)
    });
    first.min()
}

/// The last instant at which a condition changed; `None` where it has not since anybody looks back.
fn changed(timeline: &Timeline) -> Option<Instant> {
    let now = (timeline.status, timeline.confirmed);
    let mut latest_first = timeline.segments.iter().rev();
    let other = latest_first.find(|it| (it.status, it.confirmed) != now)?;
    Some(other.interval.end())
}

/// The instant from which on a signal has been heard without a gap, where it is heard and was silent before.
fn heard(status: &SignalStatus, valid_for: TimeDelta, now: Instant) -> Option<Instant> {
    status.valid_until.filter(|until| now < *until)?;
    let readings = status.readings.windows(2).rev();
    let mut gaps = readings.filter(|pair| pair[0].sample.at + valid_for < pair[1].sample.at);
    gaps.next().map(|pair| pair[1].sample.at)
}

#[cfg(test)]
mod tests {
    use super::page_id;

    #[test]
    fn a_page_has_its_id_from_its_address() {
        for (base_url, id) in [
            ("https://status.example.com/", "status-example-com"),
            (
                "http://ops.example.com:8080/harbour/status/",
                "ops-example-com-8080-harbour-status",
            ),
            ("https://example.com/%D8%B9/", "example-com-d8-b9"),
        ] {
            assert_eq!(page_id(base_url), id);
        }
    }
}
