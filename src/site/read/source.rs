//! Sources of component states, from all files of evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::Utf8Path;
use chrono_tz::Tz;

use super::evidence::{self, States};
use super::memo::Memo;
use super::samples;
use crate::diagnostic::{Code, Diagnostic, Place, SourceFile, nearest_hint};
use crate::site::component::Component;
use crate::site::config::{SignalConfig, SourceConfig};
use crate::site::observation::Source;
use crate::syntax::Reader;

/// The files of evidence of a site, with what their lines refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct EvidenceFiles<'a> {
    /// The files, those of signals too.
    pub(super) files: &'a [Arc<SourceFile>],
    /// The components of the site.
    pub(super) components: &'a [Component],
    /// The zone of times that name none.
    pub(super) zone: Tz,
}

impl<'a> EvidenceFiles<'a> {
    /// The file at a path.
    pub(super) fn find(self, path: &Utf8Path) -> Option<&'a Arc<SourceFile>> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// The component states of each file that holds some; a file that nothing reads is reported.
pub(super) fn observed(
    reader: &mut Reader<'_>,
    evidence: EvidenceFiles<'_>,
    signals: &[SignalConfig],
    memo: &mut Memo<States>,
) -> Vec<States> {
    let is_named = |file: &SourceFile| {
        let mut named = signals.iter().filter_map(|signal| signal.file.as_ref());
        named.any(|named| named.value == file.path)
    };
    // The samples of a signal whose file is missing are likely in a file that no signal names.
    let all_there = signals.iter().all(|signal| has_file(signal, evidence));
    let mut observed = Vec::new();
    for file in evidence.files.iter().filter(|file| !is_named(file)) {
        if file.path.extension() == Some("json") {
            reader.diagnostics.push(unused_answer(file));
        } else if samples::holds_samples(file) {
            let unused = all_there.then(|| unused_samples(file));
            unused
                .into_iter()
                .for_each(|it| reader.diagnostics.push(it));
        } else {
            observed.push(memo.read(file, reader.diagnostics, |diagnostics| {
                evidence::states(file, evidence.components, evidence.zone, diagnostics)
            }));
        }
    }
    observed
}

/// Whether the file that a signal names is there.
fn has_file(signal: &SignalConfig, evidence: EvidenceFiles<'_>) -> bool {
    let path = signal.file.as_ref().map(|file| &file.value);
    path.is_some_and(|path| evidence.find(path).is_some())
}

/// An answer of Prometheus that no signal names.
fn unused_answer(evidence: &Arc<SourceFile>) -> Diagnostic {
    let place = Place::new(evidence, 0..0);
    let message = "no signal names this file, and component states are not kept in `.json`";
    Diagnostic::warning(Code::UnusedFile, place, message)
        .hint("name it as the `file` of a signal, or write states as JSON Lines in a `.jsonl` file")
}

/// A file of samples that no signal names.
fn unused_samples(evidence: &Arc<SourceFile>) -> Diagnostic {
    let place = Place::new(evidence, 0..evidence.text.len());
    let message = "this file holds samples, but no signal names it";
    Diagnostic::warning(Code::UnusedFile, place, message)
        .hint("name it as the `file` of a signal in `allclear.toml`")
}

/// The sources of all states, by name; one of which there is no state is reported.
pub(super) fn sources(
    reader: &mut Reader<'_>,
    observed: Vec<States>,
    configured: Vec<SourceConfig>,
) -> Vec<Source> {
    let names = observed.iter().flat_map(States::keys);
    let names: BTreeSet<&str> = names.map(String::as_str).collect();
    for source in &configured {
        let name = &source.name.value;
        if !names.contains(name.as_str()) {
            let message = format!("no evidence comes from a source `{name}`");
            let hint = nearest_hint(name, names.iter().copied());
            reader.warning(Code::UnusedSource, &source.name.span, message, hint);
        }
    }
    by_source(observed, configured)
}

/// Gathers observations by their source; each source's by component and time.
fn by_source(observed: Vec<States>, configured: Vec<SourceConfig>) -> Vec<Source> {
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    for (name, observations) in observed.into_iter().flatten() {
        let entry = sources.entry(name).or_insert_with_key(|name| Source {
            name: name.clone(),
            silences: Vec::new(),
            observations: Vec::new(),
        });
        entry.observations.extend(observations);
    }
    for SourceConfig { name, ignore } in configured {
        if let Some(source) = sources.get_mut(&name.value) {
            source.silences.extend(ignore);
        }
    }
    let mut sources: Vec<Source> = sources.into_values().collect();
    for source in &mut sources {
        source
            .observations
            .sort_by_key(|observation| (observation.component, observation.from));
    }
    sources
}
