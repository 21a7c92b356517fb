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
use crate::theme::Templates;

pub use self::cache::Cache;
use self::cache::{Kept, MonthKey};
pub use self::edition::Edition;
pub use self::incident::in_feed as incident_in_feed;
use self::view::{
    AboutView, ComponentPageView, EntryView, HeadlineView, HistoryView, IncidentView, IndexView,
    MonthView, PageView, SiteView,
};

mod about;
mod cache;
pub mod chart;
mod component;
mod edition;
mod headline;
mod incident;
mod index;
mod list;
pub mod reference;
mod signal;
pub mod view;

/// A page to be rendered: its template and what the template sees.
#[derive(Debug, Serialize)]
struct Page<'a> {
    site: &'a SiteView,
    page: PageView,
    #[serde(flatten)]
    body: Body<'a>,
}

/// What only one kind of page has, by the name under which its template sees it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Body<'a> {
    Index {
        headline: HeadlineView,
        index: Box<IndexView<'a>>,
    },
    Incident {
        incident: Box<IncidentView>,
    },
    History {
        history: HistoryView<'a>,
    },
    Month {
        month: MonthView<'a>,
        /// The same entries, for the cache.
        #[serde(skip)]
        of: Vec<Arc<EntryView>>,
    },
    Component {
        component: Box<ComponentPageView<'a>>,
    },
    About {
        about: Box<AboutView>,
    },
    NotFound {},
}

impl Body<'_> {
    fn template(&self) -> &'static str {
        match self {
            Self::Index { .. } => "index.html",
            Self::Incident { .. } => "incident.html",
            Self::History { .. } => "history.html",
            Self::Month { .. } => "month.html",
            Self::Component { .. } => "component.html",
            Self::About { .. } => "about.html",
            Self::NotFound {} => "not_found.html",
        }
    }
}

/// All pages of an edition. Those that a cache holds and that would be the same again are taken from it.
pub fn pages(
    edition: &Edition<'_>,
    templates: &Templates,
    cache: Option<&mut Cache>,
) -> (Vec<Output>, Diagnostics) {
    let site = edition.site_view();
    let published = edition.derived.pages.as_slice();
    let incidents = edition.site.posts.len();
    let keys: Vec<Option<cache::Key>> = match &cache {
        Some(_) => (0..incidents)
            .into_par_iter()
            .map(|index| cache::key(edition, index))
            .collect(),
        None => vec![None; incidents],
    };
    let kept = cache.as_deref();
    let entries = list::entries(edition, &keys, kept);
    let render = |buffer: &mut Vec<u8>,
                  (route, page, body): (Route, PageView, Body<'_>)|
     -> Result<Output, Box<Diagnostic>> {
        let template = body.template();
        let html = templates.render(
            template,
            &Page {
                site: &site,
                page,
                body,
            },
            buffer,
        )?;
        Ok(Output::new(route.file(), html))
    };
    let mut rendered: Vec<Result<Output, Box<Diagnostic>>> = published
        .par_iter()
        .map_init(Vec::new, |buffer, index| {
            let incident = &edition.site.posts[*index];
            let known = kept
                .zip(keys[*index].as_ref())
                .and_then(|(kept, key)| kept.page(edition.language(), &cache::name(incident), key));
            match known {
                Some(page) => {
                    let route = Route::post(edition.prefix(), &incident.slug);
                    Ok(Output::new(route.file(), page))
                }
                None => render(buffer, incident::page(edition, *index)),
            }
        })
        .collect();
    let others: Vec<_> = std::iter::once(index::page(edition, &entries))
        .chain(list::history(edition, &entries))
        .chain(component::pages(edition, &entries))
        .chain([about::page(edition), not_found(edition)])
        .collect();
    let months: Vec<Option<MonthKey>> = others
        .iter()
        .map(|(route, _, body)| cache::month(route, body))
        .collect();
    let others: Vec<Result<Output, Box<Diagnostic>>> = others
        .into_par_iter()
        .zip(&months)
        .map_init(Vec::new, |buffer, (page, month)| {
            let known = kept.zip(month.as_ref());
            match known.and_then(|(kept, month)| kept.month(edition.language(), month)) {
                Some(bytes) => Ok(Output::new(page.0.file(), bytes)),
                None => render(buffer, page),
            }
        })
        .collect();
    if let Some(cache) = cache {
        let bytes = |page: &Result<Output, _>| Some(page.as_ref().ok()?.bytes.clone());
        let mut pages: HashMap<usize, Bytes> = published
            .iter()
            .zip(&rendered)
            .filter_map(|(index, page)| Some((*index, bytes(page)?)))
            .collect();
        let settled = keys.into_iter().zip(&entries).enumerate();
        let settled = settled.filter_map(|(index, (key, entry))| {
            let incident = &edition.site.posts[index];
            let kept = Kept {
                key: key?,
                page: pages
                    .remove(&index)
                    .filter(|_| cache::has_own_page(incident)),
                entry: Arc::clone(entry),
            };
            Some((cache::name(incident), kept))
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

fn not_found<'a>(edition: &Edition<'_>) -> (Route, PageView, Body<'a>) {
    let title = edition.text("title-not-found", &[]);
    let description = edition.text("describe-not-found", &[]);
    let (route, mut page) = edition.page("not_found", Route::not_found, title, description);
    // It is shown at any depth, so that only whole paths lead anywhere.
    page.root = edition.site.base_url.path().to_owned();
    page.home = format!("{}{}", page.root, Route::index(edition.prefix()).url());
    page.canonical = String::new();
    (route, page, Body::NotFound {})
}
