//! Posts as feeds tell of them, away from the site: with whole addresses, and of a bounded length.

use serde::Serialize;

use super::edition::Edition;
use super::incident::{in_feed, state_text};
use super::view::{IncidentView, UpdateView};
use crate::diagnostic::Diagnostic;
use crate::markdown;
use crate::output::route::Route;
use crate::site::post::{Kind, Post};
use crate::site::update::{LocalizedMarkdown, Update};
use crate::site::vocabulary::State;
use crate::status::occurrence::OccurrenceIndex;
use crate::time::Instant;

/// The length of an entry's texts at most, in bytes of HTML: its page has all of them.
const ENTRY: usize = 20_000;

/// The length of the text of one item at most, in bytes of HTML.
const ITEM: usize = 10_000;

/// The length that an update without a text counts for.
const UPDATE: usize = 200;

/// The length of what stands for a text that is too long, in characters.
const EXCERPT: usize = 1_000;

/// The number of items that a post has in a feed of items at most.
const ITEMS: usize = 50;

/// A post as the feeds in a language tell of it.
#[derive(Debug)]
pub struct Story {
    /// The whole address of its page.
    pub address: String,
    /// Its title, behind its state where it has one.
    pub title: String,
    /// The tag of the language of its title or summary where that is not the edition's, else empty.
    pub lang: String,
    /// The instant at which readers first knew of it.
    pub published: Instant,
    /// The instant at which anything of it last changed.
    pub updated: Instant,
    /// All of it as HTML.
    pub content: String,
    /// The names of the components that it names.
    pub components: Vec<String>,
    /// Its updates and corrections one by one, and an end that no update announced, newest first. None of them ever changes.
    pub items: Vec<StoryItem>,
}

/// What a piece of news about a post is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// A published update, by its index in the post.
    Update(usize),
    /// A correction.
    Correction,
    /// An end that no update announced.
    End,
    /// The post itself, which has no update.
    Itself,
}

/// A piece of news about a post.
#[derive(Debug)]
pub struct StoryItem {
    /// What it is.
    pub told: Told,
    /// The whole address of its place on the page of the post, which never changes.
    pub address: String,
    /// The title of the post behind the state that it came into with this.
    pub title: String,
    /// Its instant.
    pub at: Instant,
    /// Its text as HTML; may be empty.
    pub html: String,
    /// The same without what changed.
    pub said: String,
}

/// The variables of the template of an entry's content.
#[derive(Serialize)]
struct EntryContext<'a> {
    incident: &'a IncidentView,
    /// The address of the page where it has more than is here; else empty.
    more: &'a str,
}

/// The story of a post.
///
/// # Errors
///
/// Where the template of its content fails.
pub(super) fn story(
    edition: &Edition<'_>,
    index: OccurrenceIndex,
    buffer: &mut Vec<u8>,
) -> Result<Story, Box<Diagnostic>> {
    let occurrence = edition.status.occurrence(index);
    let post = edition.site.post(occurrence.post);
    let address = Route::post(edition.prefix(), &post.slug).on(edition.base_url);
    let mut view = in_feed(edition, index);
    let status = &edition.status.posts[occurrence.post.0];
    let updated = status.updated.unwrap_or(occurrence.course.start);
    let published = status.announced.unwrap_or(updated);
    let texts = StoryContext {
        edition,
        index,
        post,
        address: &address,
    };
    let items = texts.items(&view, published);
    let is_shortened = texts.shorten(&mut view);
    let context = EntryContext {
        incident: &view,
        more: if is_shortened { &address } else { "" },
    };
    let content = (edition.templates).render("feed_entry.html", &context, buffer)?;
    let content = String::from_utf8_lossy(&content).trim().to_owned();
    let components = view.components.into_iter().map(|it| it.name);
    Ok(Story {
        title: with_state(edition, &view.state_text, &view.title),
        lang: view.lang,
        published,
        updated,
        content,
        components: components.collect(),
        items,
        address,
    })
}

/// What changed with an update.
fn changed(update: &UpdateView) -> String {
    let changes: Vec<String> = (update.changes.iter())
        .map(|it| format!("{} ({})", it.name, it.status.text))
        .collect();
    match changes.as_slice() {
        [] => String::new(),
        changes => paragraph(&changes.join(" · ")),
    }
}

/// The title of a post behind a state of it.
pub(super) fn with_state(edition: &Edition<'_>, state: &str, title: &str) -> String {
    match state {
        "" => title.to_owned(),
        state => edition.text("feed-title", &[("state", state), ("title", title)]),
    }
}

/// The inputs of the texts of a story.
struct StoryContext<'a> {
    edition: &'a Edition<'a>,
    index: OccurrenceIndex,
    post: &'a Post,
    address: &'a str,
}

impl StoryContext<'_> {
    /// What was told of a post one by one, newest first; of a post without an update, itself.
    fn items(&self, view: &IncidentView, published: Instant) -> Vec<StoryItem> {
        let edition = self.edition;
        let updates = view.updates.iter().zip(self.updates());
        let count = view.updates.len();
        let updates = updates.take(ITEMS).enumerate();
        let updates = updates.map(|(number, (update, source))| {
            let said = self.update(view, update, &source.text);
            StoryItem {
                told: Told::Update(count - 1 - number),
                address: format!("{}#{}", self.address, update.id),
                title: with_state(edition, &update.state_text, &view.title),
                at: source.at,
                html: changed(update) + &said,
                said,
            }
        });
        let corrections = view.corrections.iter().zip(&self.post.corrections).rev();
        let corrections = corrections.take(ITEMS).map(|(correction, source)| {
            let said = paragraph(&shortened(&correction.note));
            StoryItem {
                told: Told::Correction,
                address: format!("{}#{}", self.address, correction.id),
                title: with_state(edition, &edition.text("feed-correction", &[]), &view.title),
                at: source.at,
                html: said.clone(),
                said,
            }
        });
        let mut items: Vec<StoryItem> = updates.chain(corrections).collect();
        let occurrence = edition.status.occurrence(self.index);
        let end = occurrence.end_without_update(edition.site);
        items.extend(end.map(|at| StoryItem {
            told: Told::End,
            // The head of the page says it: there is no such place below.
            address: format!("{}#ended", self.address),
            title: with_state(edition, &state_text(edition, State::Resolved), &view.title),
            at,
            html: String::new(),
            said: String::new(),
        }));
        if view.updates.is_empty() {
            let said = self.summary(view);
            items.push(StoryItem {
                told: Told::Itself,
                address: self.address.to_owned(),
                title: with_state(edition, &self.first_state(), &view.title),
                at: published,
                html: said.clone(),
                said,
            });
        }
        // What was said at the same time stands behind what followed from it.
        items.sort_by_key(|item| std::cmp::Reverse(item.at));
        items
    }

    /// The state of a post when it was announced; empty for a notice.
    fn first_state(&self) -> String {
        match &self.post.kind {
            Kind::Incident(_) => state_text(self.edition, State::Investigating),
            Kind::Maintenance(_) => state_text(self.edition, State::Scheduled),
            Kind::Notice(_) => String::new(),
        }
    }

    /// The updates that are published, newest first.
    fn updates(&self) -> impl Iterator<Item = &Update> {
        let index = self.edition.status.occurrence(self.index).post;
        let published = self.edition.status.published(self.edition.site, index);
        published.iter().rev()
    }

    /// What was said with an update.
    fn update(
        &self,
        view: &IncidentView,
        update: &UpdateView,
        source: &LocalizedMarkdown,
    ) -> String {
        let mut html = match update.html.len() > ITEM {
            true => self.excerpt(source) + &self.link(),
            false => in_its_language(&update.html, &update.lang, update.dir),
        };
        // A plan is often announced by what stands before its first update.
        if view
            .updates
            .last()
            .is_some_and(|first| first.id == update.id)
        {
            html.push_str(&self.summary(view));
        }
        html
    }

    /// The text before the first update.
    fn summary(&self, view: &IncidentView) -> String {
        match view.summary.len() > ITEM {
            true => self.excerpt(&self.post.summary) + &self.link(),
            false => in_its_language(&view.summary, &view.summary_lang, view.summary_dir),
        }
    }

    /// Leaves out the oldest of what is more than an entry holds; whether anything was.
    fn shorten(&self, view: &mut IncidentView) -> bool {
        let mut left = ENTRY;
        let mut is_shortened = false;
        let mut takes = |length: usize| {
            let fits = length <= left;
            left = left.saturating_sub(length);
            fits
        };
        let kept = (view.corrections.iter_mut().rev())
            .take_while(|it| takes(it.note.len().min(4 * EXCERPT) + UPDATE))
            .map(|it| it.note = shortened(&it.note))
            .count();
        is_shortened |= kept < view.corrections.len();
        view.corrections.drain(..view.corrections.len() - kept);

        let mut kept = 0;
        for (update, source) in view.updates.iter_mut().zip(self.updates()) {
            if !takes(update.html.len() + UPDATE) {
                is_shortened = true;
                if kept > 0 {
                    break;
                }
                update.html = self.excerpt(&source.text);
            }
            kept += 1;
        }
        view.updates.truncate(kept);
        if !takes(view.summary.len()) {
            is_shortened = true;
            view.summary = match view.updates.is_empty() {
                true => self.excerpt(&self.post.summary),
                false => String::new(),
            };
        }
        is_shortened
    }

    /// The beginning of a text, as plain text.
    fn excerpt(&self, text: &LocalizedMarkdown) -> String {
        let text = text.get(self.edition.language());
        text.map_or_else(String::new, |(text, _)| {
            paragraph(&markdown::plain_text(text, EXCERPT))
        })
    }

    /// The link to the page, which has what is not here.
    fn link(&self) -> String {
        let text = markdown::escaped(&self.edition.text("feed-more", &[]));
        format!("<p><a href=\"{}\">{text}</a></p>", self.address)
    }
}

/// A text of one paragraph as HTML.
fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", markdown::escaped(text))
}

/// The first characters of a text that is too long.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// HTML with the language and the direction that it has, where these are not the feed's.
fn in_its_language(html: &str, lang: &str, dir: &str) -> String {
    match lang {
        "" => html.to_owned(),
        lang => format!("<div lang=\"{lang}\" dir=\"{dir}\">{html}</div>\n"),
    }
}
