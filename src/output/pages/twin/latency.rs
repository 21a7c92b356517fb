//! Latency, as in the template `component.html`: a sentence, the words for the drawing, and the figures.

use super::Twin;
use crate::markdown::Inline;
use crate::output::pages::view::LatencyView;

impl Twin<'_> {
    pub(super) fn latency(&mut self, latency: &[LatencyView]) {
        if latency.is_empty() {
            return;
        }
        self.section("page-latency");
        for stretch in latency {
            self.heading(3, &stretch.name);
            self.paragraph(&stretch.label);
            let head = ["page-time", "page-median", "page-high"];
            let head = head.map(|key| Inline::of(&self.word(key)));
            let rows = stretch.rows.iter();
            let rows = rows.map(|row| [&row.at.text, &row.median, &row.high]);
            let rows = rows.map(|row| row.map(|cell| Inline::of(cell)).to_vec());
            self.document.table(&head, rows);
        }
    }
}
