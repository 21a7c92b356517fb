//! The index, as in the templates `index.html`, `headline.html`, `current.html` and `group.html`.

use super::{Twin, range};
use crate::markdown::Inline;
use crate::output::pages::view::{GroupView, HeadlineView, IncidentView, IndexView, OptionView};

impl Twin<'_> {
    pub(super) fn index(&mut self, headline: &HeadlineView, index: &IndexView<'_>) {
        self.heading(1, &headline.text);
        self.paragraph(&headline.detail);
        let as_of = self.sentence("page-as-of", &index.built);
        let good_until = headline.valid_until.as_ref();
        let good_until = good_until.map(|at| self.sentence("page-good-until", at));
        let next = match headline.overdue.as_str() {
            "" => headline.next_update.as_ref().map(|it| self.promise(it)),
            overdue => Some(Inline::new().strong(overdue)),
        };
        self.facts([Some(as_of), good_until, next].into_iter().flatten());
        self.events("page-notices", &index.notices, index);
        self.events("page-open-incidents", &index.incidents, index);
        let charts = self.charts(index);
        if charts && index.incidents.is_empty() {
            self.signals(&index.signals);
        }
        self.events("page-under-way", &index.maintenances, index);
        if !index.groups.is_empty() {
            self.section("page-components");
            if !index.bars_since.is_empty() {
                self.paragraph(&index.uptime);
            }
            index.groups.iter().for_each(|group| self.group(group));
            self.paragraph(&index.coverage);
        }
        if charts && !index.incidents.is_empty() {
            self.signals(&index.signals);
        }
        self.upcoming(&index.upcoming);
        self.last_days(index);
        self.get_updates();
    }

    /// Whether the theme's option lets the index show signals.
    fn charts(&self, index: &IndexView<'_>) -> bool {
        let choice = match self.site.options.get("charts") {
            Some(OptionView::Text(choice)) => choice.as_str(),
            _ => "breached",
        };
        let is_shown = match choice {
            "never" => false,
            "always" => true,
            _ => index.breached,
        };
        is_shown && !index.signals.is_empty()
    }

    /// The number of updates of an open incident that the theme's option lets the index show.
    fn shown_updates(&self) -> usize {
        match self.site.options.get("updates") {
            Some(OptionView::Number(count)) => usize::try_from(*count).unwrap_or(usize::MAX),
            _ => usize::MAX,
        }
    }

    /// What is going on, of one kind.
    fn events(&mut self, key: &str, events: &[IncidentView], index: &IndexView<'_>) {
        if events.is_empty() {
            return;
        }
        self.section(key);
        for event in events {
            self.event(event, index);
        }
    }

    fn event(&mut self, event: &IncidentView, index: &IndexView<'_>) {
        let title = self.link(&event.title, &event.url);
        self.document.heading(3, &title);
        if event.kind != "notice" {
            let impact = Inline::of(&event.impact_text);
            let time = match &event.ended {
                Some(ended) => range(&event.started, ended),
                None if event.kind == "maintenance" => Inline::of(&event.started.text),
                None => self.sentence("page-since", &event.started),
            };
            self.facts([impact, time]);
        }
        self.paragraph(&event.concerns);
        self.affected(&event.components);
        self.paragraph(&event.original);
        self.document.prose(&event.summary);
        if let Some(next) = event.next_update.as_ref()
            && index.incidents.len() > 1
        {
            let promise = self.promise(next);
            self.document.paragraph(&promise);
        }
        let shown = self.shown_updates();
        for update in event.updates.iter().take(shown) {
            let posted = Inline::new().strong(&update.state_text);
            let lasting = Inline::new().strong(&update.lasting);
            self.facts([lasting, posted, Inline::of(&update.at.text)]);
            self.update_text(update, event);
        }
        if event.updates.len() > shown {
            let number = event.updates.len() as u64;
            let all = self.edition.locale.count("page-all-updates", number, &[]);
            let all = self.link(&all, &event.url);
            self.document.paragraph(&all);
        }
    }

    fn group(&mut self, group: &GroupView) {
        if !group.name.is_empty() {
            let line = self.named(&group.name).mark(": ").text(&group.status.text);
            self.document.heading(3, &line);
        }
        for component in &group.components {
            let status = self
                .name(&component.name, &component.url)
                .mark(": ")
                .text(&component.status.text);
            let line = Inline::facts([status, Inline::of(&component.uptime.text)]);
            self.document.item(&line);
        }
    }

    /// The maintenances to come.
    fn upcoming(&mut self, upcoming: &[IncidentView]) {
        if upcoming.is_empty() {
            return;
        }
        self.section("page-upcoming");
        for work in upcoming {
            let title = self.link(&work.title, &work.url);
            self.document.heading(3, &title);
            let time = match &work.ended {
                Some(ended) => range(&work.started, ended),
                None => Inline::of(&work.started.text),
            };
            self.document.paragraph(&time);
            self.windows(work);
            self.paragraph(&work.concerns);
            self.affected(&work.components);
            match work.updates.first() {
                Some(told) if work.summary.is_empty() => self.document.prose(&told.html),
                _ => self.document.prose(&work.summary),
            }
        }
    }

    fn last_days(&mut self, index: &IndexView<'_>) {
        if index.days.is_empty() {
            return;
        }
        self.section("page-last-days");
        for day in &index.days {
            for entry in &day.entries {
                self.entry(&day.date, entry);
            }
            for trouble in &day.unreported {
                self.unreported(&day.date, trouble);
            }
            for folded in &day.folded {
                self.dated(&day.date, [Inline::of(folded)]);
            }
            if day.folded.is_empty() && day.entries.is_empty() && day.unreported.is_empty() {
                let nothing = Inline::of(&self.word("page-nothing-reported"));
                self.dated(&day.date, [nothing]);
            }
        }
    }

    /// The feeds, and the page with all ways to follow the site.
    fn get_updates(&mut self) {
        let site = self.site;
        if site.subscribe.is_empty() {
            return;
        }
        self.section("page-subscribe");
        let feeds = site.feeds.iter();
        let feeds = feeds.map(|feed| match feed.open.as_str() {
            "" => self.link(feed.title, &feed.url),
            open => Inline::new().link(feed.title, open),
        });
        let all = self.link(&self.word("page-subscribe-all"), &site.subscribe);
        let links = Inline::facts(feeds.chain([all]));
        self.document.paragraph(&links);
    }
}
