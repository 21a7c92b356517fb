//! `llms.txt` (llmstxt.org): what the page says now, and where a language model reads more.
//!
//! Its own words are English, as those of that format are, and in every language of the site the same; names and
//! titles are the site's. A model may read it long after it was made, and from a copy: so it says first from when it
//! is, and until when it holds.

use std::collections::HashSet;

use super::file::Output;
use super::format::{Format, Publish};
use super::pages::{Edition, headline_view};
use super::route::Route;
use crate::markdown::{Document, Inline};
use crate::site::component::ComponentIndex;
use crate::site::vocabulary::{FormatName, Word as _};
use crate::status::occurrence::OccurrenceIndex;
use crate::time::Instant;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: Some(FormatName::Markdown),
    publish: Publish::Files(llms_txt),
    feed: None,
};

/// What a sentence may end with in the languages of pages.
const FULL_STOPS: [char; 5] = ['.', '。', '।', '!', '?'];

fn llms_txt(editions: &[Edition<'_>], outputs: &[Output]) -> Vec<Output> {
    let Some(edition) = editions.first() else {
        return Vec::new();
    };
    let published: HashSet<&str> = outputs.iter().map(|it| it.path.as_str()).collect();
    let path = Route::llms().file();
    // A site may have one of its own in `static/`.
    if published.contains(path.as_str()) {
        return Vec::new();
    }
    let mut guide = Guide {
        edition,
        published,
        document: Document::new(edition.base_url.as_str()),
    };
    guide.summary();
    guide.now();
    guide.components();
    guide.pages(editions);
    guide.data();
    vec![Output::new(path, guide.document.finish())]
}

/// The file that is being written.
struct Guide<'a> {
    edition: &'a Edition<'a>,
    /// The paths of all files that are published.
    published: HashSet<&'a str>,
    document: Document,
}

impl Guide<'_> {
    fn summary(&mut self) {
        let edition = self.edition;
        let title = edition.own(&edition.site.settings.title);
        self.document.heading(1, &Inline::of(title));
        let headline = headline_view(edition);
        let said = [headline.text.as_str(), &headline.detail];
        let mut summary = Inline::of(&format!(
            "A status page. What it said at {}: ",
            utc(edition.status.now())
        ));
        for text in said.into_iter().filter(|text| !text.is_empty()) {
            summary = summary.text(text).mark(match text.ends_with(FULL_STOPS) {
                true => " ",
                false => ". ",
            });
        }
        let holds = match edition.status.snapshot.headline.valid_until {
            Some(until) => format!(
                "Valid until {}; after that, treat every status here as unconfirmed and fetch this file again.",
                utc(until)
            ),
            None => "It names no time up to which this is valid: fetch this file again before you rely on it."
                .to_owned(),
        };
        summary = summary.text(&holds);
        if let Some(late) = edition.late_from() {
            let promise = " A newer version is promised before {}: if there is none by then, nobody keeps this page up to date.";
            summary = summary.text(&promise.replace("{}", &utc(late)));
        }
        self.document.quote(&summary);
        let twins = Inline::of("Every page of this site is there as Markdown, too: add ")
            .mark("`index.md`")
            .text(" to its address. Times on pages are in the time zone ")
            .text(edition.site.settings.time_zone.name())
            .mark(".");
        self.document.paragraph(&twins);
    }

    /// What is going on.
    fn now(&mut self) {
        let edition = self.edition;
        let snapshot = &edition.status.snapshot;
        self.document.heading(2, &Inline::of("Now"));
        let index = Route::index(edition.prefix());
        self.page(&edition.text("page-current", &[]), &index, "");
        let occurrences = [
            &snapshot.incidents,
            &snapshot.maintenances,
            &snapshot.upcoming,
            &snapshot.notices,
        ];
        let mut told = HashSet::new();
        for OccurrenceIndex(at) in occurrences.into_iter().flatten() {
            let occurrence = &edition.status.occurrences[*at];
            let post = edition.site.post(occurrence.post);
            if told.insert(post.slug.as_str()) {
                let state = occurrence.course.state;
                let state = state.map_or_else(String::new, |state| {
                    edition.text(&format!("state-{}", state.as_str()), &[])
                });
                let route = Route::post(edition.prefix(), &post.slug);
                self.page(edition.own(&post.title), &route, &state);
            }
        }
    }

    fn components(&mut self) {
        let edition = self.edition;
        let components = &edition.site.components;
        if components.is_empty() {
            return;
        }
        self.document.heading(2, &Inline::of("Components"));
        for (at, component) in components.iter().enumerate() {
            let route = Route::component(edition.prefix(), &component.id);
            let status = edition.status_of(ComponentIndex(at)).text;
            self.page(edition.own(&component.name), &route, &status);
        }
    }

    /// The other pages, and the index in other languages.
    fn pages(&mut self, editions: &[Edition<'_>]) {
        let edition = self.edition;
        let prefix = edition.prefix();
        self.document.heading(2, &Inline::of("Pages"));
        let text = |key| edition.text(key, &[]);
        self.page(&text("page-history"), &Route::history(prefix), "");
        let about = "how everything here is computed, and from what evidence";
        self.page(&text("page-about"), &Route::about(prefix), about);
        let follow = "the feeds, calendars and badges of the whole site and of each component";
        let subscribe = Route::subscribe(prefix);
        self.page(&text("page-subscribe"), &subscribe, follow);
        for own in &edition.site.own_pages {
            let route = Route::own(prefix, &own.slug);
            self.page(edition.own(&own.title), &route, "");
        }
        for other in editions.iter().skip(1) {
            let language = other.locale.language();
            let route = Route::index(other.prefix());
            let note = format!("the status in the language {}", language.as_str());
            self.page(&other.locale.own_name(), &route, &note);
        }
    }

    /// What programs read, as far as it is published.
    fn data(&mut self) {
        let edition = self.edition;
        let api = Route::api_summary();
        let has_api = self.has(&api);
        let feeds = edition.feeds();
        if !has_api && feeds.is_empty() {
            return;
        }
        self.document.heading(2, &Inline::of("Data"));
        if has_api {
            let note = "the status as JSON, for programs";
            self.link("summary.json", &api, note);
        }
        for feed in feeds {
            let route = (feed.route)(edition.prefix(), None);
            if self.has(&route) {
                self.link(feed.title, &route, feed.media_type);
            }
        }
    }

    /// An item that leads to the twin of a page, where there is such a page.
    fn page(&mut self, title: &str, page: &Route, note: &str) {
        let twin = page.twin();
        if self.has(&twin) {
            self.link(title, &twin, note);
        }
    }

    fn link(&mut self, title: &str, route: &Route, note: &str) {
        let link = Inline::new().link(title, &route.on(self.edition.base_url));
        let line = match note {
            "" => link,
            note => link.mark(": ").text(note),
        };
        self.document.item(&line);
    }

    fn has(&self, route: &Route) -> bool {
        self.published.contains(route.file().as_str())
    }
}

/// An instant in UTC to the minute, not later than it is.
fn utc(at: Instant) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
