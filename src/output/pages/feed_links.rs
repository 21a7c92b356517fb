//! The feeds that the pages of an edition link to.

use super::edition::Edition;
use super::view::HeadLinkView;
use crate::output::feed::{FeedKind, FeedLink};
use crate::site::component::ComponentIndex;

impl<'a> Edition<'a> {
    /// The feeds that pages link to.
    pub(crate) fn feeds(&self) -> Vec<&'a FeedLink> {
        let feeds = self.feeds.iter().copied();
        let linked = feeds.filter(|feed| (feed.is_linked)(self.site, self.status));
        linked.collect()
    }

    /// The title of the feeds of the site, or of one of its components.
    pub(crate) fn feed_title(&self, component: Option<ComponentIndex>) -> String {
        let site = self.own(&self.site.settings.title);
        match component {
            None => site.to_owned(),
            Some(component) => format!("{} · {site}", self.component_name(component)),
        }
    }

    /// The links in a page's head to the feeds of news of the site, or of one of its components.
    pub(super) fn feed_links(
        &self,
        of: Option<ComponentIndex>,
    ) -> impl Iterator<Item = HeadLinkView> {
        let title = match of {
            None => self.own(&self.site.settings.title),
            Some(component) => self.component_name(component),
        };
        let id = of.map(|component| self.site.components[component.0].id.as_str());
        let news = self.feeds.iter().filter(|it| it.kind == FeedKind::News);
        news.map(move |feed| HeadLinkView {
            media_type: feed.media_type,
            title: format!("{title} ({})", feed.title),
            url: (feed.route)(self.prefix(), id).url(),
        })
    }
}
