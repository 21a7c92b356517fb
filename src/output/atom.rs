//! The Atom feeds (RFC 4287): an entry per incident, maintenance or notice, which is renewed with each update.

use std::collections::BTreeMap;

use atom_syndication::extension::Extension;
use atom_syndication::{Category, Content, Entry, Feed, Generator, Link, Person, Text};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::feed::{FeedKind, FeedLink};
use super::file::Output;
use super::format::{Context, Format, Publish};
use super::news::{self, News, in_other_languages};
use super::pages::{Edition, Story};
use super::route::Route;
use crate::site::vocabulary::FormatName;
use crate::time::Instant;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: Some(FormatName::Atom),
    publish: Publish::Language(publish),
    feed: Some(FeedLink {
        kind: FeedKind::News,
        media_type: MEDIA_TYPE,
        route: Route::feed,
        title: "Atom",
        note: Some("subscribe-atom"),
        for_chats: false,
        is_linked: |_, _| true,
    }),
};

const MEDIA_TYPE: &str = "application/atom+xml";

fn publish(edition: &Edition<'_>, context: &mut Context<'_>) -> Vec<Output> {
    let news = context.news(edition);
    news.par_iter().map(|news| feed(edition, news)).collect()
}

/// A feed, what was last news first.
fn feed(edition: &Edition<'_>, news: &News) -> Output {
    let component = news.component_id(edition);
    let route = Route::feed(edition.prefix(), component);
    let address = route.on(edition.base_url);
    let author = Person {
        name: edition.feed_title(None),
        ..Person::default()
    };
    // Without an entry it is as old as the build: a feed must say a time.
    let newest = news.stories.first();
    let updated = newest.map_or(edition.status.now(), |story| story.updated);
    let language = edition.locale.language().as_str();
    let page = Link {
        hreflang: Some(language.to_owned()),
        ..link("alternate", "text/html", news.page(edition))
    };
    let elsewhere = in_other_languages(edition, Route::feed, component).into_iter();
    let elsewhere = elsewhere.map(|(language, address)| Link {
        hreflang: Some(language),
        ..link("alternate", MEDIA_TYPE, address)
    });
    let links = [link("self", MEDIA_TYPE, address.clone()), page];
    let mut feed = Feed {
        title: Text::plain(news.title(edition)),
        id: address,
        updated: updated.fixed_offset(),
        authors: vec![author],
        generator: Some(Generator {
            value: "allclear".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            ..Generator::default()
        }),
        links: links.into_iter().chain(elsewhere).collect(),
        lang: Some(language.to_owned()),
        entries: news.stories.iter().map(|story| entry(story)).collect(),
        ..Feed::default()
    };
    if let Some(until) = news.valid_until(edition) {
        add_validity(&mut feed, until);
    }
    Output::new(route.file(), feed.to_string())
}

fn entry(story: &Story) -> Entry {
    let categories = story.components.iter().map(|name| Category {
        term: name.clone(),
        ..Category::default()
    });
    Entry {
        title: Text::plain(story.title.as_str()),
        id: story.address.clone(),
        updated: story.updated.fixed_offset(),
        published: Some(story.published.fixed_offset()),
        categories: categories.collect(),
        links: vec![link("alternate", "text/html", story.address.clone())],
        content: Some(Content {
            value: Some(story.content.clone()),
            content_type: Some("html".to_owned()),
            lang: Some(story.lang.clone()).filter(|lang| !lang.is_empty()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

/// Adds the instant until which an all-clear holds, as the term `valid` of Dublin Core.
fn add_validity(feed: &mut Feed, until: Instant) {
    let valid = Extension {
        name: news::VALID.to_owned(),
        value: Some(news::period_until(until)),
        ..Extension::default()
    };
    let terms = BTreeMap::from([("valid".to_owned(), vec![valid])]);
    feed.extensions.insert(news::TERMS.to_owned(), terms);
    let namespace = news::TERMS_NAMESPACE.to_owned();
    feed.namespaces.insert(news::TERMS.to_owned(), namespace);
}

fn link(rel: &str, mime_type: &str, href: String) -> Link {
    Link {
        href,
        rel: rel.to_owned(),
        mime_type: Some(mime_type.to_owned()),
        ..Link::default()
    }
}
