//! A page before a template makes HTML of it.

use std::sync::Arc;

use camino::Utf8Path;
use serde::Serialize;

use super::view::{
    AboutView, ComponentPageView, DocumentView, EntryView, FrameView, HeadlineView, HistoryView,
    IncidentView, IndexView, MonthView, PageView, SubscribeView,
};
use crate::output::Route;

/// A page that is ready for its template.
#[derive(Debug)]
pub(super) struct Page<'a> {
    /// The route at which it is published.
    pub(super) route: Route,
    /// The variables that every kind of page has.
    pub(super) view: PageView,
    /// The variables that only its kind of page has.
    pub(super) body: Body<'a>,
}

/// The part of a page that only pages of its kind have, by the name under which its template sees it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Body<'a> {
    Index {
        headline: Box<HeadlineView>,
        index: Box<IndexView<'a>>,
    },
    Incident {
        incident: Box<IncidentView>,
    },
    History {
        history: HistoryView<'a>,
    },
    Month {
        month: Box<MonthView<'a>>,
        /// The same entries, for the memo.
        #[serde(skip)]
        of: Vec<Arc<EntryView>>,
    },
    Component {
        component: Box<ComponentPageView<'a>>,
    },
    About {
        about: Box<AboutView>,
    },
    Subscribe {
        subscribe: Box<SubscribeView>,
    },
    Document {
        document: Box<DocumentView>,
        /// The file that it is written in.
        #[serde(skip)]
        source: &'a Utf8Path,
    },
    Reported {},
    NotFound {},
    Embed {
        embed: FrameView,
    },
}

impl Body<'_> {
    /// The kind of the page, which themes know too.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Index { .. } => "index",
            Self::Incident { .. } => "incident",
            Self::History { .. } => "history",
            Self::Month { .. } => "month",
            Self::Component { .. } => "component",
            Self::About { .. } => "about",
            Self::Subscribe { .. } => "subscribe",
            Self::Document { .. } => "page",
            Self::Reported {} => "reported",
            Self::NotFound {} => "not_found",
            Self::Embed { .. } => "embed",
        }
    }

    /// The template of the page.
    pub(super) fn template(&self) -> &'static str {
        match self {
            Self::Index { .. } => "index.html",
            Self::Incident { .. } => "incident.html",
            Self::History { .. } => "history.html",
            Self::Month { .. } => "month.html",
            Self::Component { .. } => "component.html",
            Self::About { .. } => "about.html",
            Self::Subscribe { .. } => "subscribe.html",
            Self::Document { .. } => "page.html",
            Self::Reported {} => "reported.html",
            Self::NotFound {} => "not_found.html",
            Self::Embed { .. } => "embed.html",
        }
    }

    /// The file of the site that alone says where the page lies; `None` for a page whose place is allclear's own.
    pub(super) fn source(&self) -> Option<&Utf8Path> {
        match self {
            Self::Document { source, .. } => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use schemars::schema_for;

    use super::PageView;

    #[test]
    fn the_contract_names_every_kind_of_page() {
        let (_, kinds) = include_str!("page.rs").split_once("fn kind(").unwrap();
        let (kinds, _) = kinds.split_once("\n    }\n").unwrap();
        let mut kinds: Vec<&str> = kinds.split('"').skip(1).step_by(2).collect();
        let schema = schema_for!(PageView).to_value();
        let about = schema["properties"]["kind"]["description"]
            .as_str()
            .unwrap();
        let mut named: Vec<&str> = about.split('`').skip(1).step_by(2).collect();
        kinds.sort_unstable();
        named.sort_unstable();
        assert_eq!(named, kinds);
    }
}
