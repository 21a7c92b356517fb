//! The JSON feeds (JSON Feed 1.1): an item per incident, maintenance or notice, which is renewed with each update.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use serde::Serialize;

use super::feed::{FeedKind, FeedLink};
use super::file::Output;
use super::format::{Context, Format, Publish};
use super::news::News;
use super::pages::{Edition, Story};
use super::route::Route;
use crate::site::vocabulary::FormatName;
use crate::time;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: Some(FormatName::JsonFeed),
    publish: Publish::Language(publish),
    feed: Some(FeedLink {
        kind: FeedKind::News,
        media_type: "application/feed+json",
        route: Route::json_feed,
        title: "JSON Feed",
        note: Some("subscribe-json-feed"),
        for_chats: false,
        is_linked: |_, _| true,
    }),
};

/// A feed.
#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    description: String,
    language: &'a str,
    authors: [Author; 1],
    /// An extension, as its name says by `_`.
    _allclear: Extension,
    items: Vec<Item<'a>>,
}

/// The author of a feed: the page itself.
#[derive(Serialize)]
struct Author {
    name: String,
    url: String,
}

/// What a feed says of the page besides.
#[derive(Serialize)]
struct Extension {
    /// The instant until which its all-clear holds.
    valid_until: Option<String>,
}

/// An entry.
#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    content_html: &'a str,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "str::is_empty")]
    language: &'a str,
}

fn publish(edition: &Edition<'_>, context: &mut Context<'_>) -> Vec<Output> {
    let news = context.news(edition);
    news.par_iter().map(|news| feed(edition, news)).collect()
}

/// A feed, what was last news first.
fn feed(edition: &Edition<'_>, news: &News) -> Output {
    let route = Route::json_feed(edition.prefix(), news.component_id(edition));
    let feed = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: news.title(edition),
        home_page_url: news.page(edition),
        feed_url: route.on(edition.base_url),
        description: edition.text("feed-description", &[]),
        language: edition.locale.language().as_str(),
        authors: [Author {
            name: edition.feed_title(None),
            url: Route::index(edition.prefix()).on(edition.base_url),
        }],
        _allclear: Extension {
            valid_until: news.valid_until(edition).map(time::rfc3339),
        },
        items: news.stories.iter().map(|story| item(story)).collect(),
    };
    Output::new(route.file(), serde_json::to_vec(&feed).unwrap_or_default())
}

fn item(story: &Story) -> Item<'_> {
    Item {
        id: &story.address,
        url: &story.address,
        title: &story.title,
        content_html: &story.content,
        date_published: time::rfc3339(story.published),
        date_modified: time::rfc3339(story.updated),
        tags: &story.components,
        language: &story.lang,
    }
}
