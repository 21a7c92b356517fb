//! Lists of incidents, as in the templates `entries.html`, `entry.html` and `unreported_days.html`.

use super::Twin;
use crate::markdown::Inline;
use crate::output::pages::view::{EntryView, UnreportedDayView, UnreportedView};

impl Twin<'_> {
    /// An incident in a list, behind its day.
    pub(super) fn entry(&mut self, day: &str, entry: &EntryView) {
        let took = match entry.duration.as_str() {
            "" => &entry.outcome,
            duration => duration,
        };
        let told = match entry.later.as_str() {
            "" => vec![took, &entry.components],
            _ => vec![entry.later.as_str()],
        };
        let title = self.name(&entry.title, &entry.url);
        let worst = std::iter::once(entry.worst.text.as_str());
        let told = worst.chain(told).map(Inline::of);
        self.dated(day, std::iter::once(title).chain(told));
    }

    /// The days with trouble that evidence shows and no incident tells of.
    pub(super) fn unreported_days(&mut self, days: &[UnreportedDayView]) {
        for day in days {
            for trouble in &day.unreported {
                self.unreported(&day.day, trouble);
            }
        }
    }

    pub(super) fn unreported(&mut self, day: &str, trouble: &UnreportedView) {
        let told = [&trouble.status.text, &trouble.text, &trouble.components];
        self.dated(day, told.map(|text| Inline::of(text)));
    }

    /// An item behind its day.
    pub(super) fn dated(&mut self, day: &str, told: impl IntoIterator<Item = Inline>) {
        let told = Inline::facts(told);
        self.document.item(&Inline::of(day).mark(": ").with(&told));
    }
}
