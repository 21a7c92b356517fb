//! What is published: every file of the page as a value, one file a format.
//!
//! A new format is one file with a `FORMAT` in it and one row in [`OUTPUTS`]. Of one that readers subscribe to,
//! the row also gives the links in pages and the media type that a server sends; of others, the ending of the
//! file's name does.

use std::collections::{BTreeSet, HashSet};

pub(crate) use self::arrangement::{Arrangement, Flaw, Keyed, arrange};
pub use self::feed::{FeedKind, FeedLink};
pub use self::file::Output;
pub use self::format::{Context, Format, FromEdition, FromFiles, Publish};
use self::pages::Edition;
pub use self::publication::Publication;
pub use self::route::Route;
pub use self::serving::{CacheRule, Serving};
use crate::diagnostic::Code;
use crate::site::Site;
use crate::source::STATIC;

pub mod api;
mod arrangement;
mod assets;
mod atom;
mod attachments;
mod badge;
pub mod build_manifest;
mod clash;
pub mod compressed;
mod embed;
mod feed;
mod file;
mod format;
mod headers;
mod ical;
mod json_feed;
mod latency;
mod llms;
pub mod media_type;
mod news;
pub mod pages;
pub(crate) mod path;
mod publication;
mod robots;
mod route;
mod rss;
mod schemas;
pub mod serving;
mod sitemap;
mod states;
mod statics;
pub mod summary;

/// Every output format; pages link to its feeds in this order.
pub const OUTPUTS: &[Format] = &[
    assets::FORMAT,
    schemas::FORMAT,
    pages::FORMAT,
    atom::FORMAT,
    rss::FORMAT,
    json_feed::FORMAT,
    ical::FORMAT,
    api::FORMAT,
    badge::FORMAT,
    embed::FORMAT,
    embed::SCRIPT_FORMAT,
    attachments::FORMAT,
    states::FORMAT,
    latency::FORMAT,
    statics::FORMAT,
    robots::FORMAT,
    sitemap::FORMAT,
    llms::FORMAT,
    headers::FORMAT,
    build_manifest::FORMAT,
];

/// The feeds among the output formats of a site.
pub fn feeds(site: &Site) -> impl Iterator<Item = &'static FeedLink> {
    let formats = OUTPUTS.iter().filter(|format| format.is_of(site));
    formats.filter_map(|format| format.feed.as_ref())
}

/// Everything that is published of a site, sorted by path; `editions` are those of its languages, the first one
/// first.
pub fn publish(editions: &[Edition<'_>], context: &mut Context<'_>) -> Vec<Output> {
    let Some(first) = editions.first() else {
        return Vec::new();
    };
    let mut outputs = Vec::new();
    for format in OUTPUTS.iter().filter(|format| format.is_of(first.site)) {
        match format.publish {
            Publish::Site(publish) => outputs.extend(publish(first, context)),
            Publish::Language(publish) => {
                for edition in editions {
                    outputs.extend(publish(edition, context));
                }
            }
            Publish::Files(publish) => {
                let files = publish(editions, &outputs);
                outputs.extend(files);
            }
        }
        if context.diagnostics.iter().any(|it| it.code == Code::Fault) {
            // The others would fail over the same, and hide where.
            return Vec::new();
        }
    }
    outputs.sort_by(|a, b| a.path.as_str().cmp(b.path.as_str()));
    let later = later(editions, &outputs);
    clash::report(outputs.iter().chain(&later), context.diagnostics);
    outputs
}

/// The files that will be published by the clock alone, or once a draft is none, without their content: nothing that
/// is wrong with their paths should come to light only then.
fn later(editions: &[Edition<'_>], outputs: &[Output]) -> Vec<Output> {
    let Some(first) = editions.first() else {
        return Vec::new();
    };
    let posts = first.site.posts.iter();
    let posts = posts.map(|post| Route::post(None, &post.slug).file());
    let has_twins = llms::FORMAT.is_of(first.site);
    let prefixes: Vec<Option<&str>> = editions.iter().map(Edition::prefix).collect();
    let months = outputs.iter().filter_map(|it| {
        let source = it.source.as_ref()?;
        let is_static = source.starts_with(STATIC);
        is_static.then(|| route::page_of_month(&prefixes, it.path.as_str()))?
    });
    let mut pages: BTreeSet<String> = posts.chain(months).collect();
    for output in outputs.iter().filter(|it| it.source.is_none()) {
        pages.remove(output.path.as_str());
    }
    let folders = pages.iter().filter_map(|it| it.strip_suffix("index.html"));
    let twins = folders.filter(|_| has_twins);
    let twins: Vec<String> = twins.map(|it| format!("{it}{}", route::TWIN)).collect();
    let pages = pages.into_iter().chain(twins);
    let pages = pages.map(|page| Output::new(page, ""));

    let sources = outputs.iter().filter_map(|it| it.source.as_ref());
    let sources: HashSet<&str> = sources.map(|it| it.as_str()).collect();
    let attachments = first.attachments.iter();
    let attachments = attachments.filter(|it| !sources.contains(it.path.as_str()));
    // Where exactly it will lie does not matter: it is there with those that lie beside it now.
    let attachments = attachments.map(|it| Output::new(it.path.clone(), "").because_of(&it.path));
    let documents = api::later(first, outputs);
    pages.chain(attachments).chain(documents).collect()
}

/// The way in which a web server serves the files of any site.
pub fn serving() -> Serving {
    Serving::with(OUTPUTS.iter().filter_map(|format| format.feed.as_ref()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use camino::Utf8Path;

    use super::*;
    use crate::locale::{Language, Locale};

    #[test]
    fn the_words_of_every_feed_are_there_in_every_language() {
        let feeds: Vec<&FeedLink> = OUTPUTS.iter().filter_map(|it| it.feed.as_ref()).collect();
        assert!(feeds.len() > 3, "{feeds:?}");
        for tag in Language::supported() {
            let locale = Locale::new(&Language::parse(tag).unwrap());
            for key in feeds
                .iter()
                .flat_map(|it| it.note.into_iter().chain([it.kind.note()]))
            {
                assert!(locale.has_message(key), "`{key}` is not in {tag}");
            }
        }
    }

    #[test]
    fn an_output_has_a_media_type() {
        let cases = [
            ("index.html", "text/html"),
            ("history.atom", "application/atom+xml"),
            ("ar/history.atom", "application/atom+xml"),
            ("ar/maintenance.ics", "text/calendar"),
            ("incidents/a/graph.svg", "image/svg+xml"),
            ("incidents/a/meeting.ics", "text/calendar"),
            ("schemas/site.json", "application/json"),
            ("incidents/a/core", "application/octet-stream"),
            ("favicon.ico", "image/x-icon"),
            ("incidents/a/index.md", "text/markdown"),
            ("llms.txt", "text/plain"),
            (".well-known/security.txt", "text/plain"),
            ("site.webmanifest", "application/manifest+json"),
            ("robots.txt", "text/plain"),
            ("sitemap.xml", "application/xml"),
            ("fonts/a.woff2", "font/woff2"),
            ("evidence/states.jsonl", "application/jsonl"),
            ("evidence/latency/frankfurt.csv", "text/csv"),
            ("incidents/a/index.md", "text/markdown"),
        ];
        let serving = serving();
        for (path, media_type) in cases {
            assert_eq!(
                serving.media_type(Utf8Path::new(path)),
                media_type,
                "{path}"
            );
        }
    }
}
