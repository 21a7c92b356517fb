//! The form by which readers report a problem, and the page that thanks them.

use super::edition::Edition;
use super::members;
use super::page::{Body, Page};
use super::view::{ChoiceView, ReportGroupView, ReportView};
use crate::output::Route;
use crate::site::component::ComponentIndex;
use crate::site::reports::ReportKind;

/// The form; `None` where the site does not ask for reports.
pub(super) fn form(edition: &Edition<'_>) -> Option<ReportView> {
    let reports = edition.site.settings.reports.as_ref()?;
    let groups = members::members(edition).into_iter();
    let regions = edition.site.regions.iter();
    let regions = regions.filter(|_| reports.region_header.is_none());
    Some(ReportView {
        url: reports.url.as_str().to_owned(),
        groups: groups
            .map(|group| ReportGroupView {
                name: group.name,
                components: (group.components.iter())
                    .map(|it| component(edition, *it))
                    .collect(),
            })
            .collect(),
        kinds: reports.kinds.iter().map(|it| kind(edition, it)).collect(),
        regions: regions
            .map(|it| ChoiceView {
                id: it.id.clone(),
                text: edition.own(&it.name).to_owned(),
            })
            .collect(),
    })
}

fn component(edition: &Edition<'_>, index: ComponentIndex) -> ChoiceView {
    ChoiceView {
        id: edition.site.components[index.0].id.clone(),
        text: edition.component_name(index).to_owned(),
    }
}

fn kind(edition: &Edition<'_>, kind: &ReportKind) -> ChoiceView {
    ChoiceView {
        id: kind.id.clone(),
        text: match &kind.name {
            Some(name) => edition.own(name).to_owned(),
            None => edition.text(&format!("report-kind-{}", kind.id), &[]),
        },
    }
}

/// The page that thanks for a report; `None` where the site does not ask for any.
pub(super) fn page<'a>(edition: &Edition<'_>) -> Option<Page<'a>> {
    edition.site.settings.reports.as_ref()?;
    let title = edition.text("title-reported", &[]);
    let description = edition.text("report-thanks", &[]);
    Some(edition.page(Route::reported, title, description, Body::Reported {}))
}
