//! The pages of a site as HTML, and beside each the same as Markdown.
//!
//! Each page gets a view ([`view`]), which is plain text ready to print, and a template. All pages of
//! a language are made from one [`Edition`]. Rendering is pure: pages are values, and somebody else
//! writes them.

use std::collections::HashMap;
use std::sync::Arc;

use camino::Utf8Path;
use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, ParallelIterator,
};

use super::file::Output;
use super::format::{Context, Format, Publish};
use super::route::Route;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fault};
use crate::site::component::ComponentIndex;
use crate::status::occurrence::OccurrenceIndex;
use crate::theme::SharedVariables;

pub use self::announcement::{Announced, Announcement, Cause, Wording, announced};
pub use self::edition::Edition;
pub(super) use self::embed::page as embed_page;
pub(crate) use self::headline::view as headline_view;
pub(crate) use self::incident::named;
pub use self::incident::{summary_away, update_away};
pub(crate) use self::memo::{DocumentMemo, Key, name as name_in_memo};
use self::memo::{MonthKey, MonthMemo, PageBytes, PostMemo};
pub use self::memo::{PageMemo, Shared};
use self::page::{Body, Page};
pub(super) use self::pictures::unused as unused_pictures;
use self::render::render;
pub use self::stories::stories;
pub use self::story::{Story, StoryItem};
use self::view::{EntryView, SiteView};

mod about;
mod announcement;
mod card;
pub mod chart;
pub mod claim;
mod component;
mod edition;
mod embed;
mod feed_links;
mod frame;
mod headline;
mod history;
mod incident;
mod index;
mod known_html;
mod latency;
mod list;
mod members;
mod memo;
mod names;
mod own;
mod page;
mod pictures;
pub mod reference;
mod render;
mod report;
mod signal;
mod site_view;
mod statuses;
mod stories;
mod story;
mod subscribe;
mod twin;
mod unreported;
pub mod view;

/// The row of [`super::OUTPUTS`].
pub(super) const FORMAT: Format = Format {
    name: None,
    publish: Publish::Language(pages),
    feed: None,
};

/// All pages of an edition. Those that the memo has and that would be the same again are taken from it.
fn pages(edition: &Edition<'_>, context: &mut Context<'_>) -> Vec<Output> {
    let occurrences = edition.status.occurrences.par_iter();
    let keys: Vec<Option<Key>> = occurrences
        .map(|occurrence| memo::key(edition, occurrence))
        .collect();
    let language = edition.language();
    let site = site_view::view(edition);
    context.memo.forget_edition_unless(language, &site);
    let variables = match edition.templates.shared(&site) {
        Ok(variables) => variables,
        Err(diagnostic) => {
            context.diagnostics.push(*diagnostic);
            return Vec::new();
        }
    };
    let entries = list::entries(edition, &keys, context.memo);
    let rendering = RenderContext {
        edition,
        memo: context.memo,
        variables,
        site,
    };
    let posts = rendering.posts(&keys);
    if posts.iter().any(is_fault) {
        // Other pages and feeds show the same texts.
        let faults = posts.into_iter().filter(is_fault).filter_map(Result::err);
        context.diagnostics.append(Diagnostics::from(
            faults.map(|fault| *fault).collect::<Vec<_>>(),
        ));
        return Vec::new();
    }
    let others: Vec<Page<'_>> = std::iter::once(index::page(edition, &entries))
        .chain(history::pages(edition, &entries))
        .chain(own::pages(edition))
        .chain(subscribe::page(edition))
        .chain(report::page(edition))
        .chain([about::page(edition), not_found(edition)])
        .collect();
    let month_keys: Vec<Option<MonthKey>> = others.iter().map(memo::month).collect();
    let others = rendering.others(others, &month_keys);
    let components = rendering.components(&entries);

    let posts_to_remember = posts_to_remember(edition, keys, &entries, &posts);
    let months_to_remember = month_keys.into_iter().zip(&others);
    let months_to_remember = months_to_remember.filter_map(|(key, page)| {
        Some(MonthMemo {
            key: key?,
            bytes: page.as_ref().ok()?.bytes(),
        })
    });
    let months_to_remember = months_to_remember.collect();
    context
        .memo
        .remember(language, posts_to_remember, months_to_remember);

    let mut outputs = Vec::with_capacity(2 * (posts.len() + others.len()));
    for result in posts.into_iter().chain(others).chain(components) {
        match result {
            Ok(published) => outputs.extend(std::iter::once(published.page).chain(published.twin)),
            Err(diagnostic) => context.diagnostics.push(*diagnostic),
        }
    }
    // A template that fails on one page fails on all of its kind: once is enough.
    context.diagnostics.sort();
    outputs
}

/// A page as it is published.
struct PublishedPage {
    page: Output,
    /// The page in Markdown, where the site has that.
    twin: Option<Output>,
}

impl PublishedPage {
    /// The page that is published at a route.
    fn new(route: &Route, bytes: PageBytes) -> Self {
        Self {
            page: Output::new(route.file(), bytes.page),
            twin: (bytes.twin).map(|twin| Output::new(route.twin().file(), twin)),
        }
    }

    /// The page, which lies where it does because of a file of the site.
    fn because_of(self, source: &Utf8Path) -> Self {
        Self {
            page: self.page.because_of(source),
            twin: self.twin.map(|twin| twin.because_of(source)),
        }
    }

    fn bytes(&self) -> PageBytes {
        PageBytes {
            page: self.page.bytes.clone(),
            twin: self.twin.as_ref().map(|twin| twin.bytes.clone()),
        }
    }
}

/// A page as it is published, or why its template failed.
type Rendered = Result<PublishedPage, Box<Diagnostic>>;

fn is_fault(page: &Rendered) -> bool {
    matches!(page, Err(diagnostic) if diagnostic.code == Code::Fault)
}

/// The inputs of rendering the pages of an edition.
struct RenderContext<'a> {
    edition: &'a Edition<'a>,
    memo: &'a PageMemo,
    /// The site as templates see it.
    variables: SharedVariables,
    site: SiteView,
}

impl RenderContext<'_> {
    /// The pages of all posts that are published.
    fn posts(&self, keys: &[Option<Key>]) -> Vec<Rendered> {
        let edition = self.edition;
        let published: Vec<OccurrenceIndex> = edition.status.pages().collect();
        published
            .par_iter()
            .map_init(Vec::new, |buffer, index| {
                let occurrence = edition.status.occurrence(*index);
                let known = keys[index.0].as_ref().and_then(|key| {
                    let name = memo::name(edition.site, occurrence);
                    self.memo.page(edition.language(), &name, key)
                });
                match known {
                    Some(page) => {
                        let slug = &edition.site.post(occurrence.post).slug;
                        let route = Route::post(edition.prefix(), slug);
                        Ok(PublishedPage::new(&route, page))
                    }
                    None => self.post(*index, buffer),
                }
            })
            .collect()
    }

    /// The page of a post; a fault of this program names the file of the post.
    fn post(&self, index: OccurrenceIndex, buffer: &mut Vec<u8>) -> Rendered {
        let edition = self.edition;
        let page = Fault::caught(|| self.render(&incident::page(edition, index), buffer));
        page.unwrap_or_else(|fault| {
            let post = edition.site.post(edition.status.occurrence(index).post);
            let path = post.place.file.path.clone();
            Err(Box::new(Diagnostic::fault(
                path,
                "making the page of this file",
                &fault,
            )))
        })
    }

    /// All other pages; `keys` says which of them the memo may have.
    fn others(&self, pages: Vec<Page<'_>>, keys: &[Option<MonthKey>]) -> Vec<Rendered> {
        pages
            .into_par_iter()
            .zip(keys)
            .map_init(Vec::new, |buffer, (page, key)| {
                let language = self.edition.language();
                let known = key.as_ref().and_then(|key| self.memo.month(language, key));
                match known {
                    Some(known) => Ok(PublishedPage::new(&page.route, known)),
                    None => self.render(&page, buffer),
                }
            })
            .collect()
    }

    /// The pages of components. Only the pages that are being made are in memory as views, which are larger than pages.
    fn components(&self, entries: &[Arc<EntryView>]) -> Vec<Rendered> {
        let edition = self.edition;
        let context = component::ComponentContext::new(edition);
        (0..edition.site.components.len())
            .into_par_iter()
            .map_init(Vec::new, |buffer, index| {
                let index = ComponentIndex(index);
                let page = component::page(edition, entries, index, &context);
                self.render(&page, buffer)
            })
            .collect()
    }

    fn render(&self, page: &Page<'_>, buffer: &mut Vec<u8>) -> Rendered {
        let html = render(self.edition, &self.variables, page, buffer)?;
        let twin = twin::of(self.edition, &self.site, page);
        let published = PublishedPage {
            page: html,
            twin: twin.map(|twin| Output::new(page.route.twin().file(), twin)),
        };
        Ok(match page.body.source() {
            Some(source) => published.because_of(source),
            None => published,
        })
    }
}

/// The occurrences that may be the same in the next build, by their names in the memo. `pages` are those of the
/// posts that are published, in the order of those.
fn posts_to_remember(
    edition: &Edition<'_>,
    keys: Vec<Option<Key>>,
    entries: &[Arc<EntryView>],
    pages: &[Rendered],
) -> HashMap<String, PostMemo> {
    let mut page_of_each: Vec<Option<&PublishedPage>> = vec![None; keys.len()];
    for (index, page) in edition.status.pages().zip(pages) {
        page_of_each[index.0] = page.as_ref().ok();
    }
    let mut settled = HashMap::with_capacity(keys.iter().flatten().count());
    let occurrences = edition.status.occurrences.iter().zip(entries);
    for (key, (page, (occurrence, entry))) in keys
        .into_iter()
        .zip(page_of_each.into_iter().zip(occurrences))
    {
        let Some(key) = key else { continue };
        let post = edition.site.post(occurrence.post);
        let memo = PostMemo {
            key,
            bytes: page
                .filter(|_| memo::has_own_page(post))
                .map(PublishedPage::bytes),
            entry: Arc::clone(entry),
        };
        settled.insert(memo::name(edition.site, occurrence), memo);
    }
    settled
}

/// The page for addresses that nothing is at.
fn not_found<'a>(edition: &Edition<'_>) -> Page<'a> {
    let title = edition.text("title-not-found", &[]);
    let description = edition.text("describe-not-found", &[]);
    let mut page = edition.page(Route::not_found, title, description, Body::NotFound {});
    // It is shown at any depth, so that only whole paths lead anywhere.
    page.view.root = edition.base_url.path().to_owned();
    let index = Route::index(edition.prefix()).url();
    page.view.home = format!("{}{index}", page.view.root);
    page.view.canonical = String::new();
    page
}
