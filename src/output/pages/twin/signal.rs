//! Signals, as in the template `chart.html`: a sentence, the words for the drawing, and the figures.

use super::Twin;
use crate::markdown::Inline;
use crate::output::pages::view::SignalView;

impl Twin<'_> {
    /// Signals without their figures.
    pub(super) fn signals(&mut self, signals: &[SignalView]) {
        self.section("page-signals");
        for signal in signals {
            let name = self.edition.locale.isolate(&signal.name);
            let line = Inline::new().strong(&name).mark(": ").text(&signal.text);
            self.document.item(&line);
        }
    }

    /// A signal with all that its page shows of it.
    pub(super) fn chart(&mut self, signal: &SignalView) {
        self.heading(3, &signal.name);
        self.paragraph(&signal.text);
        if signal.values.is_empty() {
            return;
        }
        self.paragraph(&signal.label);
        let head = ["page-time", "page-value", "page-threshold"];
        let head = head.map(|key| Inline::of(&self.word(key)));
        let rows = signal.rows.iter();
        let rows = rows.map(|row| [&row.at.text, &row.value, &row.threshold]);
        let rows = rows.map(|row| row.map(|cell| Inline::of(cell)).to_vec());
        self.document.table(&head, rows);
    }
}
