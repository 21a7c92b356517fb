//! The ways to follow the page, as in the template `subscribe.html`.

use super::Twin;
use crate::markdown::{Inline, escaped};
use crate::output::pages::view::{FollowView, SubscribeView};

impl Twin<'_> {
    pub(super) fn subscribe(&mut self, title: &str, subscribe: &SubscribeView) {
        self.heading(1, title);
        self.paragraph(&self.word("subscribe-note"));
        let whole = &subscribe.site;
        if !whole.news.is_empty() {
            self.section("subscribe-feeds");
            for feed in &whole.news {
                let link = self.link(feed.title, &feed.url);
                let item = Inline::facts([link, Inline::of(&feed.note)]);
                self.document.item(&item);
            }
            self.paragraph(&self.word("subscribe-feeds-note"));
            self.code_for("subscribe-slack", &whole.slack);
        }
        for feed in &whole.calendars {
            self.section("subscribe-calendar");
            self.code_for("subscribe-calendar-note", &feed.address);
        }
        if let Some(badge) = &whole.badge {
            self.section("subscribe-badge");
            self.code_for("subscribe-badge-note", &badge.html);
            self.code(&badge.markdown);
        }
        if let Some(embed) = &subscribe.embed {
            self.section("subscribe-embed");
            self.code_for("subscribe-embed-frame", &embed.frame);
            self.code_for("subscribe-embed-element", &embed.element);
        }
        if !subscribe.api.is_empty() || !subscribe.markdown.is_empty() {
            self.section("subscribe-programs");
            self.code_for("subscribe-api", &subscribe.api);
            self.code_for("subscribe-markdown", &subscribe.markdown);
        }
        if !subscribe.groups.is_empty() {
            self.section("subscribe-components");
            self.paragraph(&self.word("subscribe-components-note"));
        }
        for group in &subscribe.groups {
            if !group.name.is_empty() {
                self.heading(3, &group.name);
            }
            for component in &group.components {
                self.follow(component);
            }
        }
    }

    /// The ways to follow a component, on a line.
    fn follow(&mut self, component: &FollowView) {
        let name = self.name(&component.name, &component.url);
        let feeds = component.news.iter().chain(&component.calendars);
        let feeds = feeds.map(|feed| self.link(feed.title, &feed.url));
        let badge = component.badge.iter();
        let badge = badge.map(|badge| self.link(&self.word("subscribe-badge"), &badge.url));
        let facts = Inline::facts(std::iter::once(name).chain(feeds).chain(badge));
        self.document.item(&facts);
    }

    /// A text to copy, below what it is for; nothing where there is none.
    fn code_for(&mut self, key: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        self.paragraph(&self.word(key));
        self.code(text);
    }

    fn code(&mut self, text: &str) {
        let html = format!("<pre><code>{}</code></pre>", escaped(text));
        self.document.prose(&html);
    }
}
