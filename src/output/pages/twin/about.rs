//! The page that says how everything is computed, as in the template `about.html`.

use super::{Twin, range};
use crate::markdown::Inline;
use crate::output::pages::view::{AboutView, CoverageView, Moment};

impl Twin<'_> {
    pub(super) fn about(&mut self, title: &str, about: &AboutView) {
        self.heading(1, title);
        let as_of = self.sentence("page-as-of", &about.built);
        self.document.paragraph(&as_of);
        self.paragraph(&self.word("about-lead"));
        self.section("about-status");
        for key in [
            "about-status-worst",
            "about-status-signals",
            "about-status-clear",
        ] {
            self.paragraph(&self.word(key));
        }
        self.section("page-uptime");
        let values = [("days", about.days.as_str()), ("zone", &about.zone)];
        let uptime = self.edition.text("about-uptime", &values);
        let floor = self.word("about-uptime-floor");
        let said = [about.formula.as_str(), &uptime, &floor];
        self.paragraph(&self.edition.locale.sentences(&said));
        if !about.evidence.is_empty() {
            self.section("page-evidence");
            self.paragraph(&about.coverage);
            self.coverage(&about.evidence);
        }
        if !about.signals.is_empty() {
            self.section("page-signals");
            for signal in &about.signals {
                let line = self.named(&signal.name).mark(": ").text(&signal.text);
                let line = Inline::facts([line, Inline::of(&signal.components)]);
                self.document.item(&line);
            }
        }
        self.section("about-delays");
        for figure in &about.delays {
            self.dated(&figure.name, [Inline::of(&figure.text)]);
        }
        self.interventions(about);
        self.corrections(about);
    }

    /// The evidence of all components, as a table.
    fn coverage(&mut self, evidence: &[CoverageView]) {
        let head = [
            "about-component",
            "page-sources",
            "page-confirmed",
            "about-holds",
        ];
        let head = head.map(|key| Inline::of(&self.word(key)));
        let none = Inline::of(&self.word("about-no-evidence"));
        let expired = self.word("page-expired");
        let rows = evidence.iter().map(|row| {
            let links = row.components.iter();
            let links = links.map(|it| self.name(&it.text, &it.url));
            let links = Inline::facts(links);
            let name = match row.components.len() {
                1 => links,
                _ => Inline::facts([Inline::of(&row.names), links]),
            };
            if row.sources.is_empty() {
                return vec![name, none.clone(), Inline::new(), Inline::new()];
            }
            let sources = [&row.sources, &row.quorum].map(|it| Inline::of(it));
            let mut confirmed = Inline::of(row.confirmed_at.as_ref().map_or("", |at| &at.text));
            if !row.fresh {
                confirmed = confirmed.mark(" ").strong(&expired);
            }
            let holds = Inline::of(&row.valid_for);
            vec![name, Inline::facts(sources), confirmed, holds]
        });
        let rows: Vec<_> = rows.collect();
        self.document.table(&head, rows);
    }

    /// When operators said something else than the evidence, and when sources were not believed.
    fn interventions(&mut self, about: &AboutView) {
        self.section("about-overrides");
        self.paragraph(&about.overrides_count);
        for said in &about.overrides {
            let component = self.edition.locale.isolate(&said.component);
            let name = Inline::new().strong(&component);
            let status = Inline::of(&said.status.text);
            let force = match said.in_force {
                true => Inline::of(&self.word("about-in-force")),
                false => Inline::new(),
            };
            let time = range(&said.from, &said.until);
            self.record([name, status, time, force], &said.reason);
        }
        if about.silences.is_empty() {
            return;
        }
        self.section("about-silences");
        self.paragraph(&self.word("about-silences-note"));
        for silence in &about.silences {
            let source = self.edition.locale.isolate(&silence.source);
            let source = Inline::new().strong(&source);
            self.record(
                [source, range(&silence.from, &silence.until)],
                &silence.reason,
            );
        }
    }

    fn corrections(&mut self, about: &AboutView) {
        self.section("page-corrections");
        if about.corrections.is_empty() {
            self.paragraph(&self.word("about-no-corrections"));
        }
        for correction in &about.corrections {
            let title = self.name(&correction.title, &correction.url);
            let Moment { text, .. } = &correction.at;
            self.record([title, Inline::of(text)], &correction.note);
        }
    }

    /// An item: facts, and a reason.
    fn record(&mut self, facts: impl IntoIterator<Item = Inline>, reason: &str) {
        let facts = Inline::facts(facts);
        self.document.item(&facts.mark(": ").text(reason));
    }
}
