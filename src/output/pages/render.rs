//! A page as its template makes it.

use serde::Serialize;

use super::edition::Edition;
use super::page::{Body, Page};
use super::view::PageView;
use crate::diagnostic::Diagnostic;
use crate::output::Output;
use crate::theme::SharedVariables;

/// The variables of a page's template.
#[derive(Debug, Serialize)]
struct TemplateView<'a> {
    site: &'a SharedVariables,
    page: &'a PageView,
    #[serde(flatten)]
    body: &'a Body<'a>,
}

/// A page as it is published, or why its template failed.
pub(crate) type Rendered = Result<Output, Box<Diagnostic>>;

/// The page that the template of its kind makes; `buffer` is used for many pages.
pub(super) fn render(
    edition: &Edition<'_>,
    site: &SharedVariables,
    page: &Page<'_>,
    buffer: &mut Vec<u8>,
) -> Rendered {
    let view = TemplateView {
        site,
        page: &page.view,
        body: &page.body,
    };
    let html = (edition.templates).render(page.body.template(), &view, buffer)?;
    let output = Output::new(page.route.file(), html);
    Ok(match page.body.source() {
        Some(source) => output.because_of(source),
        None => output,
    })
}
