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

    /// The evidence of all components: an item for those of which the same is to be said.
    fn coverage(&mut self, evidence: &[CoverageView]) {
        for row in evidence {
            let links = row.components.iter();
            let links = links.map(|it| self.name(&it.text, &it.url));
            let names = Inline::facts(links);
            let names = match row.components.len() {
                1 => names,
                _ => Inline::facts([Inline::of(&row.names), names]),
            };
            let said = match row.sources.is_empty() {
                true => Inline::of(&row.unmeasured),
                false => Inline::facts(self.held(row)),
            };
            self.document.item(&names.mark(": ").with(&said));
        }
    }

    /// Where evidence comes from, how long it holds, and when it was last confirmed.
    fn held(&self, row: &CoverageView) -> [Inline; 3] {
        let labelled = |key: &str, text: &str| Inline::of(&format!("{}: {text}", self.word(key)));
        let sources = match row.quorum.is_empty() {
            true => row.sources.clone(),
            false => format!("{} ({})", row.sources, row.quorum),
        };
        let at = row.confirmed_at.as_ref().map_or("", |at| &at.text);
        let mut confirmed = labelled("page-confirmed", at);
        if !row.fresh {
            confirmed = confirmed.mark(" ").strong(&self.word("page-expired"));
        }
        [
            labelled("page-sources", &sources),
            labelled("about-holds", &row.valid_for),
            confirmed,
        ]
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
