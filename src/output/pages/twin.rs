//! The twin of a page: the same in Markdown, for programs, terminals and language models.
//!
//! It is made from the view of the page, which is what a reader sees, with the same messages: the two cannot disagree.
//! It is not made by templates of the theme. A theme is about looks, of which Markdown has none; a template that
//! forgets one escape lets a title begin a heading; and no theme need be changed for it. Each file here stands beside
//! the template of the same name.
//!
//! What only helps the eye is left out: drawings, of which the words are there, and ways around the site. Links are
//! whole addresses, since such a text is read far from where it was fetched, and they lead to pages, which all can
//! open: whoever wants their twins adds `index.md`.

use super::edition::Edition;
use super::page::{Body, Page};
use super::view::{Moment, Promise, SiteView};
use crate::markdown::{Document, Inline};
use crate::output::route::Route;

mod about;
mod component;
mod history;
mod incident;
mod index;
mod latency;
mod list;
mod signal;
mod subscribe;

/// The twin of a page; `None` where there is none, as for unknown addresses.
pub(super) fn of(edition: &Edition<'_>, site: &SiteView, page: &Page<'_>) -> Option<String> {
    if page.view.markdown.is_empty() {
        return None;
    }
    let mut twin = Twin {
        edition,
        site,
        document: Document::new(&page.view.canonical),
    };
    let home = Route::index(edition.prefix()).on(edition.base_url);
    twin.document
        .paragraph(&Inline::new().link(&site.title, &home));
    match &page.body {
        Body::Index { headline, index } => twin.index(headline, index),
        Body::Incident { incident } => twin.incident(incident, &page.view),
        Body::History { history } => twin.history(&page.view.title, history),
        Body::Month { month, .. } => twin.month(month),
        Body::Component { component } => twin.component(component),
        Body::About { about } => twin.about(&page.view.title, about),
        Body::Document { document, .. } => {
            twin.heading(1, &document.title);
            twin.paragraph(&document.original);
            twin.document.prose(&document.html);
        }
        Body::Subscribe { subscribe } => twin.subscribe(&page.view.title, subscribe),
        Body::Reported {} | Body::NotFound {} | Body::Embed { .. } => return None,
    }
    Some(twin.document.finish())
}

/// A twin that is being written.
struct Twin<'a> {
    edition: &'a Edition<'a>,
    site: &'a SiteView,
    document: Document,
}

impl Twin<'_> {
    /// A message.
    fn word(&self, key: &str) -> String {
        self.edition.text(key, &[])
    }

    /// A message with an instant in it.
    fn sentence(&self, key: &str, at: &Moment) -> Inline {
        Inline::of(&self.edition.text(key, &[("time", &at.text)]))
    }

    /// The next update that was promised, and whether it is late.
    fn promise(&self, promise: &Promise) -> Inline {
        let key = match promise.overdue {
            true => "page-next-overdue",
            false => "page-next-due",
        };
        self.sentence(key, &promise.at)
    }

    fn heading(&mut self, level: u8, text: &str) {
        self.document.heading(level, &Inline::of(text));
    }

    /// A heading that the interface has, of the second level.
    fn section(&mut self, key: &str) {
        self.heading(2, &self.word(key));
    }

    fn paragraph(&mut self, text: &str) {
        self.document.paragraph(&Inline::of(text));
    }

    fn facts(&mut self, parts: impl IntoIterator<Item = Inline>) {
        self.document.paragraph(&Inline::facts(parts));
    }

    /// A link to a page of the site.
    fn link(&self, text: &str, url: &str) -> Inline {
        let address = format!("{}{url}", self.edition.base_url.as_str());
        Inline::new().link(text, &address)
    }

    /// A link whose text is a name: one of the other direction is kept apart from the words around it.
    fn name(&self, name: &str, url: &str) -> Inline {
        self.link(&self.edition.locale.isolate(name), url)
    }

    /// A name within a line.
    fn named(&self, name: &str) -> Inline {
        Inline::of(&self.edition.locale.isolate(name))
    }
}

/// From one instant to another, whose date is left out where it is that of the first.
fn range(from: &Moment, until: &Moment) -> Inline {
    let until = match until.date == from.date {
        true => &until.time,
        false => &until.text,
    };
    Inline::of(&format!("{} – {until}", from.text))
}
