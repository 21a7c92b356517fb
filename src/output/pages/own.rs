//! Pages of the site's own.

use super::edition::Edition;
use super::page::{Body, Page};
use super::view::DocumentView;
use crate::markdown;
use crate::output::Route;
use crate::site::own_page::OwnPage;

/// How much of its text describes a page in previews, in characters.
const DESCRIPTION: usize = 160;

/// The pages of the site's own, by slug.
pub(super) fn pages<'a>(edition: &Edition<'a>) -> impl Iterator<Item = Page<'a>> {
    let pages = edition.site.own_pages.iter();
    pages.map(|own| page(edition, own))
}

fn page<'a>(edition: &Edition<'a>, own: &'a OwnPage) -> Page<'a> {
    let title = edition.title(&own.title);
    let (text, language) = match own.text.get(edition.language()) {
        Some((text, language)) => (markdown::plain_text(text, DESCRIPTION), language),
        None => (String::new(), edition.language()),
    };
    let base = match language == edition.language() {
        true => String::new(),
        // An original leads where it would on its own page.
        false => {
            let here = Route::own(edition.prefix(), &own.slug);
            here.root() + &Route::own(edition.prefix_of(language), &own.slug).url()
        }
    };
    // Below the title, which is the page's only first heading.
    let html = edition.html(&own.text, "", &base, 2);
    let foreign = [&title.lang, &html.lang];
    let foreign = foreign.into_iter().find(|tag| !tag.is_empty());
    let description = match text.is_empty() {
        true => title.text.clone(),
        false => text,
    };
    let document = Box::new(DocumentView {
        url: Route::own(edition.prefix(), &own.slug).url(),
        title: title.text.clone(),
        original: foreign.map_or_else(String::new, |tag| edition.original(tag)),
        lang: title.lang,
        dir: title.dir,
        html: html.text,
        html_lang: html.lang,
        html_dir: html.dir,
    });
    edition.page(
        |language| Route::own(language, &own.slug),
        title.text,
        description,
        Body::Document {
            document,
            source: &own.place.file.path,
        },
    )
}
