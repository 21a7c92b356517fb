//! What the feeds of a language tell: the newest posts of the site, and of each component.
//!
//! Each post is told once, and all feeds and formats that have it share the words.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::pages::{Edition, PageMemo, Story, StoryItem, named, stories};
use super::route::Route;
use crate::diagnostic::Diagnostic;
use crate::site::component::ComponentIndex;
use crate::status::occurrence::OccurrenceIndex;
use crate::time::{self, Instant};

/// The number of posts that a feed of the site has at most, and that of items.
const OF_SITE: usize = 50;

/// The number of posts that a feed of a component has at most.
const OF_COMPONENT: usize = 10;

/// The news of a site in a language, or of one of its components.
#[derive(Debug)]
pub struct News {
    /// The component that it is about; the site where there is none.
    pub component: Option<ComponentIndex>,
    /// The posts, what was last news first.
    pub stories: Vec<Arc<Story>>,
}

/// The news of an edition: of the site, and then of each component.
///
/// # Errors
///
/// Where a template fails.
pub(super) fn news(
    edition: &Edition<'_>,
    memo: &mut PageMemo,
) -> Result<Vec<News>, Box<Diagnostic>> {
    let (site, status) = (edition.site, edition.status);
    let posts = status.posts.iter();
    let mut newest: Vec<(Instant, OccurrenceIndex)> = posts
        .filter_map(|post| post.updated.zip(post.shown))
        .collect();
    newest.sort_by_key(|(at, index)| (Reverse(*at), *index));

    let mut of_components: Vec<Vec<OccurrenceIndex>> = vec![Vec::new(); site.components.len()];
    for (_, index) in &newest {
        for component in named(site, status.occurrence(*index)) {
            let of_it = &mut of_components[component.0];
            if of_it.len() < OF_COMPONENT && of_it.last() != Some(index) {
                of_it.push(*index);
            }
        }
    }
    let of_site = newest.iter().map(|(_, index)| *index);
    let of_site: Vec<OccurrenceIndex> = of_site.take(OF_SITE).collect();

    let mut wanted: Vec<OccurrenceIndex> = of_components.iter().flatten().copied().collect();
    wanted.extend(&of_site);
    wanted.sort_unstable();
    wanted.dedup();
    let told = stories(edition, &wanted, memo)?;
    let stories: BTreeMap<OccurrenceIndex, Arc<Story>> = wanted.into_iter().zip(told).collect();
    let of = |component: Option<ComponentIndex>, posts: Vec<OccurrenceIndex>| News {
        component,
        stories: posts
            .iter()
            .map(|post| Arc::clone(&stories[post]))
            .collect(),
    };
    let of_components = of_components.into_iter().enumerate();
    let of_components =
        of_components.map(|(component, posts)| of(Some(ComponentIndex(component)), posts));
    Ok(std::iter::once(of(None, of_site))
        .chain(of_components)
        .collect())
}

impl News {
    /// The id of the component.
    pub fn component_id<'a>(&self, edition: &Edition<'a>) -> Option<&'a str> {
        let component = self.component?;
        Some(edition.site.components[component.0].id.as_str())
    }

    /// The title of its feeds.
    pub fn title(&self, edition: &Edition<'_>) -> String {
        edition.feed_title(self.component)
    }

    /// The whole address of the page that it is about.
    pub fn page(&self, edition: &Edition<'_>) -> String {
        let route = match self.component_id(edition) {
            None => Route::index(edition.prefix()),
            Some(id) => Route::component(edition.prefix(), id),
        };
        route.on(edition.base_url)
    }

    /// The instant until which the all-clear of the site holds, or it is known that the component works; `None` where
    /// neither is said.
    pub fn valid_until(&self, edition: &Edition<'_>) -> Option<Instant> {
        match self.component {
            None => edition.status.snapshot.headline.valid_until,
            Some(component) => edition.status.good_until(component),
        }
    }

    /// What was told of its posts one by one, newest first, each with the post that it is of.
    pub fn items(&self) -> Vec<(&Story, &StoryItem)> {
        let stories = self.stories.iter();
        let items = stories.flat_map(|story| story.items.iter().map(move |item| (&**story, item)));
        let mut items: Vec<(&Story, &StoryItem)> = items.collect();
        items.sort_by_key(|(_, item)| Reverse(item.at));
        items.truncate(OF_SITE);
        items
    }
}

/// The prefix of Dublin Core's terms in XML feeds.
pub(super) const TERMS: &str = "dcterms";

/// The namespace of that prefix.
pub(super) const TERMS_NAMESPACE: &str = "http://purl.org/dc/terms/";

/// The element by which XML feeds say how long an all-clear holds.
pub(super) const VALID: &str = "dcterms:valid";

/// The time up to an instant, as the DCMI Period Encoding Scheme writes it, in which XML feeds say how long an all-clear
/// holds.
pub(super) fn period_until(until: Instant) -> String {
    format!("end={};scheme=W3C-DTF", time::rfc3339(until))
}

/// The same file of a feed in each other language of the site: the tag of the language, and the whole address.
pub(super) fn in_other_languages(
    edition: &Edition<'_>,
    route: fn(Option<&str>, Option<&str>) -> Route,
    component: Option<&str>,
) -> Vec<(String, String)> {
    let languages = edition.site.settings.languages.iter().enumerate();
    let others = languages.filter(|(index, _)| *index != edition.language().0);
    let others = others.map(|(index, language)| {
        let tag = language.as_str();
        let route = route((index > 0).then_some(tag), component);
        (tag.to_owned(), route.on(edition.base_url))
    });
    others.collect()
}
