//! What probes said last, so that the log tells what is new about it.

use std::collections::BTreeMap;

use crate::probe::Looked;
use crate::site::Site;
use crate::site::probe::question::{Reading, Verdict};
use crate::site::vocabulary::Word as _;

/// The word of a probe that says nothing.
const SILENT: &str = "silent";

/// What each source said last of each component.
#[derive(Debug, Default)]
pub(super) struct Said(BTreeMap<(String, String), &'static str>);

impl Said {
    /// A line about what probes saw: how many said what, and the reasons of those that say something new.
    pub(super) fn line(&mut self, site: &Site, looked: &[Looked]) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut news = Vec::new();
        for looked in looked {
            let source = &site.probes[looked.probe.0].source;
            for reading in &looked.readings {
                let word = word(reading);
                *counts.entry(word).or_default() += 1;
                let component = &site.components[reading.component.0].id;
                let of = (source.clone(), component.clone());
                if self.0.insert(of, word) != Some(word) {
                    news.push(format!("{component} {word}: {}", reading.why));
                }
            }
        }
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
