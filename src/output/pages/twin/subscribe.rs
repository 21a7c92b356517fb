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
            if !whole.slack.is_empty() {
                self.code(&self.word("subscribe-slack"), &whole.slack);
                self.paragraph(&self.word("subscribe-chats"));
            }
        }
        for feed in &whole.calendars {
            self.section("subscribe-calendar");
            self.paragraph(&self.word("subscribe-calendar-note"));
            let open = Inline::new().link(&self.word("subscribe-calendar-open"), &feed.open);
            self.document.paragraph(&open);
            self.code(&self.word("subscribe-calendar-address"), &feed.address);
        }
        if let Some(badge) = &whole.badge {
            self.section("subscribe-badge");
            self.paragraph(&self.word("subscribe-badge-note"));
            self.code("HTML", &badge.html);
            self.code("Markdown", &badge.markdown);
        }
        if let Some(embed) = &subscribe.embed {
            self.section("subscribe-embed");
            self.paragraph(&self.word("subscribe-embed-note"));
            self.code(&self.word("subscribe-embed-frame"), &embed.frame);
            self.code(&self.word("subscribe-embed-element"), &embed.element);
        }
        if !subscribe.api.is_empty() || !subscribe.markdown.is_empty() {
            self.section("subscribe-programs");
            if !subscribe.api.is_empty() {
                self.paragraph(&self.word("subscribe-api-note"));
            }
            self.code(&self.word("subscribe-api"), &subscribe.api);
            self.code(&self.word("subscribe-markdown"), &subscribe.markdown);
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

    /// The ways to follow a component.
    fn follow(&mut self, component: &FollowView) {
        let name = self.name(&component.name, &component.url);
        let news = component.news.iter();
        let news = news.map(|feed| self.link(feed.title, &feed.url));
        let calendar = self.word("subscribe-calendar");
        let calendars = component.calendars.iter();
        let calendars = calendars.map(|feed| Inline::new().link(&calendar, &feed.open));
        let badge_word = self.word("subscribe-badge");
        let badge = component.badge.iter();
        let badge = badge.map(|badge| self.link(&badge_word, &badge.url));
        let links = std::iter::once(name).chain(news).chain(calendars);
        let facts = Inline::facts(links.chain(badge));
        self.document.paragraph(&facts);
        if component.slack.is_empty() && component.calendars.is_empty() && component.badge.is_none()
        {
            return;
        }
        self.paragraph(&self.word("subscribe-copy"));
        self.code("Slack", &component.slack);
        for feed in &component.calendars {
            self.code(&calendar, &feed.address);
        }
        if let Some(badge) = &component.badge {
            self.code(&format!("{badge_word}, HTML"), &badge.html);
            self.code(&format!("{badge_word}, Markdown"), &badge.markdown);
        }
    }

    /// A text to copy, below what it is; nothing where there is none.
    fn code(&mut self, label: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        self.paragraph(label);
        let html = format!("<pre><code>{}</code></pre>", escaped(text));
        self.document.prose(&html);
    }
}
