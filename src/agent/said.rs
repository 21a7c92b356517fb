//! What probes said last, so that the log tells what is new about it.

use std::collections::BTreeMap;

use crate::probe::Looked;
use crate::site::Site;
use crate::site::probe::question::{Reading, Verdict};
use crate::site::vocabulary::Word as _;

/// The word of a probe that says nothing.
const SILENT: &str = "silent";

/// What each source said last of each component, and what has been said since the last line about it.
#[derive(Debug, Default)]
pub(super) struct Said {
    last: BTreeMap<(String, String), &'static str>,
    counts: BTreeMap<&'static str, usize>,
    news: Vec<String>,
}

impl Said {
    /// Notes what probes saw.
    pub(super) fn note(&mut self, site: &Site, looked: &[Looked]) {
        for looked in looked {
            let source = &site.probes[looked.probe.0].source;
            for reading in &looked.readings {
                let word = word(reading);
                *self.counts.entry(word).or_default() += 1;
                let component = &site.components[reading.component.0].id;
                let of = (source.clone(), component.clone());
                if self.last.insert(of, word) != Some(word) {
                    self.news
                        .push(format!("{component} {word}: {}", reading.why));
                }
            }
        }
    }

    /// Whether something new was said since the last line.
    pub(super) fn has_news(&self) -> bool {
        !self.news.is_empty()
    }

    /// A line about what probes saw since the last one: how many said what, and the reasons of those that say something new.
    pub(super) fn line(&mut self) -> String {
        let counts = std::mem::take(&mut self.counts);
        let news = std::mem::take(&mut self.news);
        let counts: Vec<String> = counts
            .iter()
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
        match news.is_empty() {
            true => counts.join(", "),
            false => format!("{} ({})", counts.join(", "), news.join("; ")),
        }
    }
}

/// What a reading says, in one word.
pub(super) fn word(reading: &Reading) -> &'static str {
    match reading.verdict {
        Verdict::Seen(status, _) => status.as_str(),
        Verdict::Failed | Verdict::Silent => SILENT,
    }
}
