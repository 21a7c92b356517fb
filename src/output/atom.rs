//! The Atom feed (RFC 4287): an entry per incident, maintenance or notice, which is renewed with each update.

use atom_syndication::{Content, Entry, Feed, Generator, Link, Person, Text};
use serde::Serialize;

use super::feed::{FeedKind, FeedLink};
use super::file::Output;
use super::format::{Context, Format, Publish};
use super::pages::view::IncidentView;
use super::pages::{Edition, incident_in_feed};
use super::route::Route;
use crate::diagnostic::Diagnostic;
use crate::site::vocabulary::FormatName;
use crate::status::occurrence::OccurrenceIndex;
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
        is_linked: |_, _| true,
    }),
};

const MEDIA_TYPE: &str = "application/atom+xml";

/// The number of entries that a feed has at most.
const ENTRIES: usize = 50;

/// The variables of the template of an entry's content.
#[derive(Serialize)]
struct EntryContext<'a> {
    incident: &'a IncidentView,
}

fn publish(edition: &Edition<'_>, context: &mut Context<'_>) -> Vec<Output> {
    match feed(edition) {
        Ok(feed) => vec![feed],
        Err(diagnostic) => {
            context.diagnostics.push(*diagnostic);
            Vec::new()
        }
    }
}

/// The feed of an edition, what was updated last first.
fn feed(edition: &Edition<'_>) -> Result<Output, Box<Diagnostic>> {
    let site = edition.site;
    let posts = edition.status.posts.iter();
    let mut newest: Vec<(Instant, OccurrenceIndex)> = posts
        .filter_map(|post| Some((post.updated?, post.shown?)))
        .collect();
    newest.sort_by_key(|(at, index)| (std::cmp::Reverse(*at), *index));
    newest.truncate(ENTRIES);
    let mut buffer = Vec::new();
    let mut entries = Vec::with_capacity(newest.len());
    for (at, index) in &newest {
        entries.push(entry(edition, *index, *at, &mut buffer)?);
    }
    let route = Route::feed(edition.prefix(), None);
    let address = route.on(edition.base_url);
    let title = edition.own(&site.settings.title);
    let author = Person {
        name: title.to_owned(),
        ..Person::default()
    };
    // Without an entry it is as old as the build: a feed must say a time.
    let updated = newest.first().map_or(edition.status.now(), |(at, _)| *at);
    let feed = Feed {
        title: Text::plain(title),
        id: address.clone(),
        updated: updated.fixed_offset(),
        authors: vec![author],
        generator: Some(Generator {
            value: "allclear".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            ..Generator::default()
        }),
        links: vec![
            link("self", MEDIA_TYPE, address),
            link(
                "alternate",
                "text/html",
                Route::index(edition.prefix()).on(edition.base_url),
            ),
        ],
        lang: Some(edition.locale.language().as_str().to_owned()),
        entries,
        ..Feed::default()
    };
    Ok(Output::new(route.file(), feed.to_string()))
}

fn entry(
    edition: &Edition<'_>,
    index: OccurrenceIndex,
    updated: Instant,
    buffer: &mut Vec<u8>,
) -> Result<Entry, Box<Diagnostic>> {
    let post = edition.site.post(edition.status.occurrence(index).post);
    let view = incident_in_feed(edition, index);
    let address = Route::post(edition.prefix(), &post.slug).on(edition.base_url);
    let context = EntryContext { incident: &view };
    let content = (edition.templates).render("feed_entry.html", &context, buffer)?;
    let first = post.updates.first().map(|update| update.at);
    Ok(Entry {
        title: Text::plain(view.title.as_str()),
        id: address.clone(),
        updated: updated.fixed_offset(),
        published: Some(first.unwrap_or(updated).min(updated).fixed_offset()),
        links: vec![link("alternate", "text/html", address)],
        content: Some(Content {
            value: Some(String::from_utf8_lossy(&content).trim().to_owned()),
            content_type: Some("html".to_owned()),
            lang: Some(view.lang.clone()).filter(|lang| !lang.is_empty()),
            ..Content::default()
        }),
        ..Entry::default()
    })
}

fn link(rel: &str, mime_type: &str, href: String) -> Link {
    Link {
        href,
        rel: rel.to_owned(),
        mime_type: Some(mime_type.to_owned()),
        ..Link::default()
    }
}
