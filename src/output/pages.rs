//! Pages: from a site and what is derived from it to HTML.
//!
//! Each page gets a view ([`view`]), which is plain text ready to print, and a template. All pages of
//! a language are made from one [`Edition`]. Rendering is pure: pages are values, and somebody else
//! writes them.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, ParallelIterator,
};
use serde::Serialize;

use super::{Output, Route};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::status::occurrence::OccurrenceIndex;
use crate::theme::Templates;

pub use self::cache::Cache;
use self::cache::{Kept, MonthKey};
pub use self::edition::Edition;
pub use self::incident::in_feed as incident_in_feed;
use self::page::{Body, Page};
use self::view::{PageView, SiteView};

mod about;
mod cache;
pub mod chart;
mod component;
mod edition;
mod headline;
mod incident;
mod index;
mod list;
mod page;
pub mod reference;
mod signal;
pub mod view;

/// What the template of a page sees.
#[derive(Debug, Serialize)]
struct TemplateView<'a> {
    site: &'a SiteView,
    page: &'a PageView,
    #[serde(flatten)]
    body: &'a Body<'a>,
}

/// All pages of an edition. Those that a cache holds and that would be the same again are taken from it.
pub fn pages(
    edition: &Edition<'_>,
    templates: &Templates,
    cache: Option<&mut Cache>,
) -> (Vec<Output>, Diagnostics) {
    let site = edition.site_view();
    let published: Vec<OccurrenceIndex> = edition.status.pages().collect();
    let occurrences = &edition.status.occurrences;
    let keys: Vec<Option<cache::Key>> = match &cache {
        Some(_) => occurrences
            .par_iter()
            .map(|occurrence| cache::key(edition, occurrence))
            .collect(),
        None => vec![None; occurrences.len()],
    };
    let kept = cache.as_deref();
    let entries = list::entries(edition, &keys, kept);
    let render = |buffer: &mut Vec<u8>, page: &Page<'_>| -> Result<Output, Box<Diagnostic>> {
        let view = TemplateView {
            site: &site,
            page: &page.view,
            body: &page.body,
        };
        let html = templates.render(page.body.template(), &view, buffer)?;
        Ok(Output::new(page.route.file(), html))
    };
    let mut rendered: Vec<Result<Output, Box<Diagnostic>>> = published
        .par_iter()
        .map_init(Vec::new, |buffer, index| {
            let occurrence = edition.status.occurrence(*index);
            let known = kept.zip(keys[index.0].as_ref()).and_then(|(kept, key)| {
                let name = cache::name(edition.site, occurrence);
                kept.page(edition.language(), &name, key)
            });
            match known {
                Some(page) => {
                    let slug = &edition.site.post(occurrence.post).slug;
                    let route = Route::post(edition.prefix(), slug);
                    Ok(Output::new(route.file(), page))
                }
                None => render(buffer, &incident::page(edition, *index)),
            }
        })
        .collect();
    let others: Vec<_> = std::iter::once(index::page(edition, &entries))
        .chain(list::history(edition, &entries))
        .chain(component::pages(edition, &entries))
        .chain([about::page(edition), not_found(edition)])
        .collect();
    let months: Vec<Option<MonthKey>> = others.iter().map(cache::month).collect();
    let others: Vec<Result<Output, Box<Diagnostic>>> = others
        .into_par_iter()
        .zip(&months)
        .map_init(Vec::new, |buffer, (page, month)| {
            let known = kept.zip(month.as_ref());
            match known.and_then(|(kept, month)| kept.month(edition.language(), month)) {
                Some(bytes) => Ok(Output::new(page.route.file(), bytes)),
                None => render(buffer, &page),
            }
        })
        .collect();
    if let Some(cache) = cache {
        let bytes = |page: &Result<Output, _>| Some(page.as_ref().ok()?.bytes.clone());
        let mut pages: HashMap<OccurrenceIndex, Bytes> = published
            .iter()
            .zip(&rendered)
            .filter_map(|(index, page)| Some((*index, bytes(page)?)))
            .collect();
        let settled = keys.into_iter().zip(&entries).enumerate();
        let settled = settled.filter_map(|(index, (key, entry))| {
            let occurrence = &occurrences[index];
            let post = edition.site.post(occurrence.post);
            let kept = Kept {
                key: key?,
                page: pages
                    .remove(&OccurrenceIndex(index))
                    .filter(|_| cache::has_own_page(post)),
                entry: Arc::clone(entry),
            };
            Some((cache::name(edition.site, occurrence), kept))
        });
        let months = months.into_iter().zip(&others);
        let months = months.filter_map(|(month, page)| Some((month?, bytes(page)?)));
        cache.keep(edition.language(), settled.collect(), months.collect());
    }
    rendered.extend(others);

    let mut outputs = Vec::with_capacity(rendered.len());
    let mut diagnostics = Diagnostics::new();
    for result in rendered {
        match result {
            Ok(output) => outputs.push(output),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    // A template that fails on one page fails on all of its kind: once is enough.
    diagnostics.sort();
    (outputs, diagnostics)
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
