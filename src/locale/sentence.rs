//! Sentences that are composed of several counted messages.

use chrono::TimeDelta;

use super::Locale;

impl Locale {
    /// A length of time in its two largest units, rounded down, as `2 h 10 min`; a second unit of 0 is
    /// left out.
    ///
    /// Less than a minute, and less than nothing, is `under 1 min`.
    pub fn duration(&self, length: TimeDelta) -> String {
        let minutes = u64::try_from(length.num_minutes()).unwrap_or(0);
        let (days, hours) = (minutes / (24 * 60), minutes / 60 % 24);
        let (large, small) = match (days, hours) {
            (0, 0) if minutes == 0 => return self.text("duration-under-minute", &[]).into_owned(),
            (0, 0) => (("duration-minutes", minutes), ("duration-minutes", 0)),
            (0, _) => (
                ("duration-hours", hours),
                ("duration-minutes", minutes % 60),
            ),
            _ => (("duration-days", days), ("duration-hours", hours)),
        };
        let count = |(key, n)| self.count(key, n, &[]);
        match small {
            (_, 0) => count(large),
            _ => self
                .text(
                    "duration-two",
                    &[("large", &count(large)), ("small", &count(small))],
                )
                .into_owned(),
        }
    }

    /// Which components have a status, as `Down: Web and Log-in.`
    ///
    /// `status` is any status but `operational`, or `reported`, for trouble that no signal points to; `names` is a list of components in this language.
    pub fn affected(&self, status: &str, names: &str) -> String {
        let key = format!("detail-affected-{status}");
        self.text(&key, &[("names", names)]).into_owned()
    }

    /// Sentences, one behind the other; those that are empty are left out.
    pub fn sentences<S: AsRef<str>>(&self, sentences: &[S]) -> String {
        let said = sentences.iter().map(AsRef::as_ref);
        let said = said.filter(|sentence| !sentence.is_empty());
        said.fold(String::new(), |first, second| match first.is_empty() {
            true => second.to_owned(),
            false => {
                let two = [("first", first.as_str()), ("second", second)];
                self.text("sentences-two", &two).into_owned()
            }
        })
    }

    /// How many of the components have evidence, and from how many sources.
    pub fn coverage(&self, covered: u64, total: u64, sources: u64) -> String {
        let total = self.number(total);
        let components = self.count("coverage-components", covered, &[("total", &total)]);
        let sources = self.count("coverage-sources", sources, &[]);
        self.text(
            "coverage",
            &[("components", &components), ("sources", &sources)],
        )
        .into_owned()
    }

    /// What the bars of a component show: how many days, and how many of them are of each kind, by the message that
    /// counts it.
    pub fn bars_label(&self, days: u64, kinds: &[(&str, u64)]) -> String {
        let kinds = kinds.iter().filter(|(_, count)| *count > 0);
        let said = kinds.map(|(key, count)| self.count(key, *count, &[]));
        let what = said.reduce(|before, next| {
            let both = [("troubled", before.as_str()), ("unknown", next.as_str())];
            self.text("bars-both", &both).into_owned()
        });
        let Some(what) = what else {
            return self.count("bars-clear", days, &[]);
        };
        let days = self.count("days-count", days, &[]);
        self.text("bars-label", &[("days", &days), ("what", &what)])
            .into_owned()
    }
}
