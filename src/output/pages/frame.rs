//! The frame of a page: what every kind of page has.

use super::card::Gallery;
use super::edition::Edition;
use super::page::{Body, Page};
use super::view::{LanguageView, PageView};
use crate::locale::LanguageIndex;
use crate::output::route::{Route, TWIN};
use crate::site::vocabulary::FormatName;
use crate::time;

impl<'a> Edition<'a> {
    /// A page and what it knows of itself; `route` gives its place in each language.
    pub(super) fn page<'b>(
        &self,
        route: impl Fn(Option<&str>) -> Route,
        title: String,
        description: String,
        body: Body<'b>,
    ) -> Page<'b> {
        let kind = body.kind();
        let language = self.locale.language();
        let own = route(self.prefix());
        let root = own.root();
        let view = PageView {
            kind,
            tab: title.clone(),
            card: self.gallery().card(&title, &description, ""),
            title,
            description,
            icon: "",
            canonical: own.on(self.base_url),
            markdown: match self.publishes(FormatName::Markdown)
                && !matches!(kind, "not_found" | "reported")
            {
                true => TWIN,
                false => "",
            },
            home: format!("{root}{}", Route::index(self.prefix()).url()),
            root,
            lang: language.as_str().to_owned(),
            locale: language.as_open_graph(),
            dir: language.direction().as_str(),
            built: match kind {
                "index" | "component" | "embed" => self.built(),
                _ => String::new(),
            },
            feeds: self.feed_links(None).collect(),
            languages: self.languages(route),
        };
        Page {
            route: own,
            view,
            body,
        }
    }

    /// The place of the pictures that other services show of its pages.
    pub(super) fn gallery(&self) -> Gallery<'a> {
        Gallery {
            theme: self.theme,
            base_url: self.base_url,
        }
    }

    /// The instant of the build, for programs.
    pub(super) fn built(&self) -> String {
        time::rfc3339(self.status.now())
    }

    fn languages(&self, route: impl Fn(Option<&str>) -> Route) -> Vec<LanguageView> {
        if self.site.settings.languages.len() < 2 {
            return Vec::new();
        }
        let views = self.site.locales.iter().enumerate().map(|(index, locale)| {
            let language = locale.language();
            let route = route((index > 0).then_some(language.as_str()));
            LanguageView {
                tag: language.as_str().to_owned(),
                locale: language.as_open_graph(),
                name: locale.own_name(),
                dir: language.direction().as_str(),
                url: route.url(),
                canonical: route.on(self.base_url),
                current: LanguageIndex(index) == self.language(),
            }
        });
        views.collect()
    }
}
