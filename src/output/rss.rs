//! The RSS feeds (RSS 2.0): an item per update and per correction, since chat programs and mail services tell of new items
//! only. The id of an item is the address of the update on its page, and never changes.

use std::collections::BTreeMap;

use chrono::Datelike as _;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use rss::extension::Extension;
use rss::{Category, Channel, Guid, Item};

use super::feed::{FeedKind, FeedLink};
use super::file::Output;
use super::format::{Context, Format, Publish};
use super::news::{self, News, in_other_languages};
use super::pages::{Edition, Story, StoryItem};
use super::route::Route;
use crate::site::vocabulary::FormatName;
use crate::time::Instant;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: Some(FormatName::Rss),
    publish: Publish::Language(publish),
    feed: Some(FeedLink {
        kind: FeedKind::News,
        media_type: MEDIA_TYPE,
        route: Route::rss,
        title: "RSS",
        note: Some("subscribe-rss"),
        for_chats: true,
        is_linked: |_, _| true,
    }),
};

const MEDIA_TYPE: &str = "application/rss+xml";

fn publish(edition: &Edition<'_>, context: &mut Context<'_>) -> Vec<Output> {
    let all = context.news(edition);
    all.par_iter().map(|news| channel(edition, news)).collect()
}

/// A feed, newest first.
fn channel(edition: &Edition<'_>, news: &News) -> Output {
    let component = news.component_id(edition);
    let route = Route::rss(edition.prefix(), component);
    let items: Vec<(&Story, &StoryItem)> = news.items();
    let newest = items.first().and_then(|(_, item)| date(item.at));
    let elsewhere = in_other_languages(edition, Route::rss, component).into_iter();
    let elsewhere = elsewhere.map(|(language, address)| {
        let mut link = link("alternate", address);
        link.attrs.insert("hreflang".to_owned(), language);
        link
    });
    let links = std::iter::once(link("self", route.on(edition.base_url))).chain(elsewhere);
    let mut extensions = BTreeMap::from([(
        "atom".to_owned(),
        BTreeMap::from([("link".to_owned(), links.collect())]),
    )]);
    let mut namespaces =
        BTreeMap::from([("atom".to_owned(), "http://www.w3.org/2005/Atom".to_owned())]);
    if let Some(until) = news.valid_until(edition) {
        let valid = Extension {
            name: news::VALID.to_owned(),
            value: Some(news::period_until(until)),
            ..Extension::default()
        };
        let terms = BTreeMap::from([("valid".to_owned(), vec![valid])]);
        extensions.insert(news::TERMS.to_owned(), terms);
        let namespace = news::TERMS_NAMESPACE.to_owned();
        namespaces.insert(news::TERMS.to_owned(), namespace);
    }
    let channel = Channel {
        title: news.title(edition),
        link: news.page(edition),
        description: edition.text("feed-description", &[]),
        language: Some(edition.locale.language().as_str().to_owned()),
        last_build_date: newest,
        generator: Some(format!("allclear {}", env!("CARGO_PKG_VERSION"))),
        items: items
            .into_iter()
            .map(|(story, it)| item(story, it))
            .collect(),
        extensions,
        namespaces,
        ..Channel::default()
    };
    Output::new(route.file(), channel.to_string())
}

fn item(story: &Story, item: &StoryItem) -> Item {
    let categories = story.components.iter().map(|name| Category {
        name: name.clone(),
        domain: None,
    });
    Item {
        title: Some(item.title.clone()),
        link: Some(item.address.clone()),
        description: Some(item.html.clone()).filter(|html| !html.is_empty()),
        categories: categories.collect(),
        guid: Some(Guid {
            value: item.address.clone(),
            permalink: true,
        }),
        pub_date: date(item.at),
        ..Item::default()
    }
}

/// An instant as RFC 2822 (section 3.3) writes it; `None` for one of a year that it cannot write.
fn date(at: Instant) -> Option<String> {
    (0..=9999).contains(&at.year()).then(|| at.to_rfc2822())
}

/// A link to the feed itself, or to the one in another language.
fn link(rel: &str, href: String) -> Extension {
    let attributes = [
        ("rel", rel.to_owned()),
        ("type", MEDIA_TYPE.to_owned()),
        ("href", href),
    ];
    Extension {
        name: "atom:link".to_owned(),
        attrs: attributes
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
        ..Extension::default()
    }
}
