//! The history and its months, as in the templates `history.html` and `month.html`.

use super::Twin;
use crate::markdown::Inline;
use crate::output::pages::view::{HistoryView, MonthView};

impl Twin<'_> {
    pub(super) fn history(&mut self, title: &str, history: &HistoryView<'_>) {
        self.heading(1, title);
        if history.years.is_empty() {
            self.paragraph(&self.word("page-nothing-reported"));
        }
        for year in &history.years {
            let heading = [&year.name, &year.count].map(|it| Inline::of(it));
            self.document.heading(2, &Inline::facts(heading));
            for month in &year.months {
                let name = self.link(&month.name, &month.url);
                let heading = Inline::facts([name, Inline::of(&month.count)]);
                self.document.heading(3, &heading);
                for entry in &month.entries {
                    self.entry(&entry.day, entry);
                }
                self.unreported_days(&month.unreported);
            }
        }
    }

    pub(super) fn month(&mut self, month: &MonthView<'_>) {
        self.heading(1, &month.name);
        let number = match month.pages > 1 {
            true => self.edition.text(
                "page-number",
                &[
                    ("page", &month.page.to_string()),
                    ("pages", &month.pages.to_string()),
                ],
            ),
            false => String::new(),
        };
        self.facts([Inline::of(&month.count), Inline::of(&number)]);
        for entry in &month.entries {
            self.entry(&entry.day, entry);
        }
        self.unreported_days(&month.unreported);
        if !month.components.is_empty() {
            self.section("page-affected");
        }
        for component in &month.components {
            let name = self.name(&component.name, &component.url);
            let line = name.mark(": ").text(&component.count);
            self.document.item(&line);
        }
        // Without these, most of a long month would be out of reach.
        let others = month.page_links.iter().filter(|link| !link.current);
        let others = others.map(|link| self.link(&link.number.to_string(), &link.url));
        let others = Inline::facts(others);
        if !others.is_empty() {
            let pages = Inline::of(&self.word("page-pages")).mark(": ");
            self.document.paragraph(&pages.with(&others));
        }
    }
}
