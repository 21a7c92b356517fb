//! A component, as in the templates `component.html` and `component_headline.html`.

use super::Twin;
use crate::markdown::Inline;
use crate::output::pages::view::{ComponentPageView, EntryView, EvidenceView};

impl Twin<'_> {
    pub(super) fn component(&mut self, component: &ComponentPageView<'_>) {
        self.component_headline(component);
        self.paragraph(&component.row.description);
        if let Some(follow) = &component.follow {
            self.document
                .paragraph(&self.link(&follow.text, &follow.url));
        }
        if !component.open.is_empty() {
            self.section("page-now");
            self.entries(&component.open);
        }
        self.regions(component);
        self.section("page-uptime");
        self.uptime(component);
        self.latency(&component.latency);
        self.section("page-evidence");
        self.evidence(component);
        if !component.entries.is_empty() {
            self.section("page-history");
            self.entries(&component.entries);
        } else if component.quiet {
            self.section("page-history");
            self.paragraph(&self.word("page-nothing-reported"));
        }
    }

    fn component_headline(&mut self, component: &ComponentPageView<'_>) {
        let row = &component.row;
        self.heading(1, &row.name);
        let (status, since) = match &row.since {
            Some(since) if row.status.id == "unknown" => {
                (self.sentence("page-unconfirmed", since), None)
            }
            since => {
                let since = since.as_ref().map(|at| self.sentence("page-since", at));
                (Inline::new().strong(&row.status.text), since)
            }
        };
        let as_of = self.sentence("page-as-of", &component.built);
        let good_until = component.good_until.as_ref();
        let good_until = good_until.map(|at| self.sentence("page-good-until", at));
        let group = Inline::of(&component.group);
        // The words for how long hold the status, too.
        let status = match component.held.as_str() {
            held if !held.is_empty() && row.status.id != "unknown" => Inline::new().strong(held),
            _ => status,
        };
        let facts = [Some(group), Some(status), since, Some(as_of), good_until];
        self.facts(facts.into_iter().flatten());
    }

    fn regions(&mut self, component: &ComponentPageView<'_>) {
        if component.regions.is_empty() {
            return;
        }
        self.section("page-regions");
        for region in &component.regions {
            let since = region.since.as_ref();
            let since = since.map(|at| self.sentence("page-since", at));
            let confirmed = region.confirmed_at.as_ref().map(|at| {
                let line = Inline::of(&self.word("page-confirmed")).mark(" ");
                line.text(&at.text)
            });
            let sources = region.sources.iter().map(|source| self.named(source));
            let status = Inline::of(&region.status.text);
            let facts = [Some(status), since, confirmed].into_iter().flatten();
            let facts = Inline::facts(facts.chain(sources));
            let line = self.named(&region.name).mark(": ").with(&facts);
            self.document.item(&line);
        }
    }

    fn entries(&mut self, entries: &[&EntryView]) {
        for entry in entries {
            self.entry(&entry.full_day, entry);
        }
    }

    fn uptime(&mut self, component: &ComponentPageView<'_>) {
        let row = &component.row;
        if component.figures.is_empty() {
            self.paragraph(&row.uptime.text);
        }
        for figure in &component.figures {
            let told = match figure.note.as_str() {
                "" => &figure.ratio,
                note => note,
            };
            self.dated(&figure.days, [Inline::of(told)]);
        }
        if !row.bars.since.is_empty() {
            self.paragraph(&row.bars.label);
            for day in &row.bars.days {
                let line = match day.url.as_str() {
                    "" => Inline::of(&day.title),
                    url => self.link(&day.title, url),
                };
                self.document.item(&line);
            }
        }
        self.paragraph(&component.formula);
        if component.months.len() > 1 {
            self.heading(3, &self.word("page-months-uptime"));
            for month in &component.months {
                let name = match month.url.as_str() {
                    "" => Inline::of(&month.name),
                    url => self.link(&month.name, url),
                };
                let line = name.mark(": ").text(&month.uptime.text);
                self.document.item(&line);
            }
        }
    }

    fn evidence(&mut self, component: &ComponentPageView<'_>) {
        if let Some(said) = &component.operator {
            let line = Inline::of(&self.word("page-operator"))
                .mark(" ")
                .strong(&said.status.text)
                .mark(" – ")
                .text(&said.reason)
                .mark(" ")
                .with(&self.sentence("page-until", &said.until));
            self.document.paragraph(&line);
        }
        match &component.row.evidence {
            Some(evidence) => self.sources(evidence),
            None => self.paragraph(&component.unmeasured),
        }
    }

    fn sources(&mut self, evidence: &EvidenceView) {
        self.paragraph(&evidence.counts);
        for claim in &evidence.claims {
            let line = self
                .named(&claim.source)
                .mark(": ")
                .text(&claim.status.text);
            self.document.item(&line);
        }
        if evidence.claims.is_empty() {
            let sources = evidence.sources.iter().map(|source| self.named(source));
            let sources = Inline::facts(sources);
            self.fact("page-sources", &sources);
        }
        self.fact("page-confirmed", &Inline::of(&evidence.confirmed_at.text));
        let mut until = Inline::of(&evidence.valid_until.text);
        if evidence.expired {
            until = until.mark(" ").strong(&self.word("page-expired"));
        }
        self.fact("page-valid-until", &until);
    }

    /// An item: a word of the interface, and what belongs to it.
    fn fact(&mut self, key: &str, value: &Inline) {
        let line = Inline::of(&self.word(key)).mark(": ").with(value);
        self.document.item(&line);
    }
}
