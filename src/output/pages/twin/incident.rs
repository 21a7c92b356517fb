//! An incident, as in the templates `incident.html`, `affected.html` and `windows.html`.

use super::{Twin, range};
use crate::markdown::Inline;
use crate::output::pages::view::{AffectedView, IncidentView, PageView, UpdateView};

impl Twin<'_> {
    pub(super) fn incident(&mut self, incident: &IncidentView, page: &PageView) {
        self.heading(1, &incident.title);
        let state = Inline::new().strong(&incident.state_text);
        let time = match &incident.ended {
            Some(ended) => range(&incident.started, ended),
            None if incident.kind == "maintenance" && !page.built.is_empty() => {
                Inline::of(&incident.started.text)
            }
            None => self.sentence("page-since", &incident.started),
        };
        let lasted = match incident.duration.as_str() {
            "" => Inline::new(),
            duration => Inline::of(&self.edition.text("page-lasted", &[("duration", duration)])),
        };
        self.facts([state, Inline::of(&incident.impact_text), time, lasted]);
        self.paragraph(&incident.concerns);
        self.paragraph(&incident.original);
        self.document.prose(&incident.summary);
        if !incident.components.is_empty() {
            self.section("page-affected");
            self.affected_over_time(incident);
        }
        self.paragraph(&incident.repeats);
        if !incident.windows.is_empty() {
            self.heading(2, &incident.windows_text);
            self.window_list(incident);
        }
        self.updates(incident);
        if !incident.signals.is_empty() {
            self.section("page-signals");
            for signal in &incident.signals {
                self.chart(signal);
            }
        }
        self.delays(incident);
        if !incident.corrections.is_empty() {
            self.section("page-corrections");
            for correction in &incident.corrections {
                let told = Inline::of(&correction.note);
                self.dated(&correction.at.text, [told]);
            }
        }
    }

    fn affected_over_time(&mut self, incident: &IncidentView) {
        if incident.course.is_empty() {
            return self.affected(&incident.components);
        }
        for component in &incident.course {
            let line = self
                .name(&component.name, &component.url)
                .mark(": ")
                .text(&component.steps);
            self.document.item(&line);
        }
    }

    /// Components with their status.
    pub(super) fn affected(&mut self, components: &[AffectedView]) {
        for component in components {
            let name = self.name(&component.name, &component.url);
            let line = match component.status.text.as_str() {
                "" => name,
                status => name.mark(": ").text(status),
            };
            self.document.item(&line);
        }
    }

    /// The further windows of a maintenance, behind how many they are.
    pub(super) fn windows(&mut self, incident: &IncidentView) {
        if !incident.windows.is_empty() {
            self.paragraph(&incident.windows_text);
            self.window_list(incident);
        }
    }

    fn window_list(&mut self, incident: &IncidentView) {
        for window in &incident.windows {
            self.document.item(&range(&window.started, &window.ended));
        }
    }

    fn updates(&mut self, incident: &IncidentView) {
        if incident.updates.is_empty() && incident.next_update.is_none() {
            return;
        }
        self.section("page-updates");
        if let Some(next) = &incident.next_update {
            let promise = self.promise(next);
            self.document.paragraph(&promise);
        }
        for update in &incident.updates {
            let parts = [&update.lasting, &update.state_text, &update.at.text];
            let heading = Inline::facts(parts.map(|part| Inline::of(part)));
            self.document.heading(3, &heading);
            // Behind the text they would look like a part of it.
            self.affected(&update.changes);
            self.update_text(update, incident);
        }
    }

    /// The text of an update.
    pub(super) fn update_text(&mut self, update: &UpdateView, incident: &IncidentView) {
        if update.html.is_empty() {
            return;
        }
        if incident.original.is_empty() {
            self.paragraph(&update.original);
        }
        self.document.prose(&update.html);
    }

    fn delays(&mut self, incident: &IncidentView) {
        if incident.delays.is_empty() && incident.late.is_empty() {
            return;
        }
        self.section("page-delays");
        for step in &incident.delays {
            let at = match step.at.date == incident.started.date {
                true => &step.at.time,
                false => &step.at.text,
            };
            self.dated(&step.name, [at, &step.after].map(|it| Inline::of(it)));
        }
        for sentence in &incident.late {
            self.paragraph(sentence);
        }
    }
}
