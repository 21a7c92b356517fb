//! Sources of component states, from all files of evidence.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::evidence::{self, States};
use super::evidence_files::EvidenceFiles;
use super::future::believed_states;
use super::gone::left_out;
use super::memo::Memo;
use super::pulled::joined;
use super::samples;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, KnownNames, Place, SourceFile};
use crate::site::component::ComponentIndex;
use crate::site::config::{SamplesFrom, SignalConfig, SourceConfig};
use crate::site::latency::is_latency;
use crate::site::observation::{Observation, PULLED, Source};
use crate::site::reports::{ReportSettings, is_reports};
use crate::syntax::Reader;

/// The component states of a site's files.
#[derive(Debug, Default)]
pub(super) struct ObservedStates {
    /// Those of each file that are believed.
    pub(super) states: Vec<States>,
    /// Those that were pulled from the live page.
    pub(super) pulled: States,
    /// The components of which some are of the future.
    pub(super) disbelieved: BTreeSet<ComponentIndex>,
}

/// The component states of each file that holds some; a file that nothing reads is reported.
pub(super) fn observed(
    reader: &mut Reader<'_>,
    evidence: EvidenceFiles<'_>,
    signals: &[SignalConfig],
    reports: Option<&ReportSettings>,
    memo: &mut Memo<States>,
) -> ObservedStates {
    // The samples of a signal whose file is missing are likely in a file that no signal names.
    let all_there = signals.iter().all(|signal| has_file(signal, evidence));
    let mut observed = ObservedStates::default();
    // Of reports a file is counted for each component, though a signal may be of one alone.
    // Where the site asks for reports and no signal reads any, that is said once.
    let are_reports_known = reports.is_some() || signals.iter().any(reads_reports);
    let files = evidence.files.iter();
    for file in files.filter(|file| !is_latency(&file.path) && !is_named(&file.path, signals)) {
        if file.path.extension() == Some("json") {
            reader.diagnostics.push(unused_answer(file));
        } else if samples::holds_samples(file) {
            let is_known = are_reports_known && is_reports(&file.path);
            let unused = (all_there && !is_known).then(|| unused_samples(file));
            unused
                .into_iter()
                .for_each(|it| reader.diagnostics.push(it));
        } else {
            let states = memo.read(file, reader.diagnostics, |diagnostics| {
                let mut found = Diagnostics::new();
                let states = evidence::states(file, evidence.components, evidence.zone, &mut found);
                diagnostics.append(match evidence.is_by_programs(&file.path) {
                    true => left_out(&found),
                    false => found,
                });
                states
            });
            let disbelieved = &mut observed.disbelieved;
            let states = believed_states(states, file, evidence, reader.diagnostics, disbelieved);
            match file.path == PULLED {
                true => observed.pulled = states,
                false => observed.states.push(states),
            }
        }
    }
    observed
}

/// Whether a signal names a file.
pub(super) fn is_named(path: &Utf8Path, signals: &[SignalConfig]) -> bool {
    let mut named = signals.iter().filter_map(SignalConfig::file);
    named.any(|named| named == path)
}

/// Whether a signal names a file of readers' reports.
pub(super) fn reads_reports(signal: &SignalConfig) -> bool {
    signal.file().is_some_and(|path| is_reports(path))
}

/// Whether the file that a signal names is there.
fn has_file(signal: &SignalConfig, evidence: EvidenceFiles<'_>) -> bool {
    let is_there = |path: &Utf8PathBuf| evidence.find(path).is_some();
    match &signal.samples {
        Some(SamplesFrom::Latency(_)) => true,
        Some(SamplesFrom::File(_)) | None => signal.file().is_some_and(is_there),
    }
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
    pulled: States,
    configured: Vec<SourceConfig>,
) -> Vec<Source> {
    let names = observed.iter().chain([&pulled]).flat_map(States::keys);
    let names: BTreeSet<&str> = names.map(String::as_str).collect();
    let known = KnownNames::new(names.iter().copied());
    for source in &configured {
        let name = &source.name.value;
        if !names.contains(name.as_str()) {
            let message = format!("no evidence comes from a source `{name}`");
            let hint = known.hint(name, &[]);
            reader.warning(Code::UnusedSource, &source.name.span, message, hint);
        }
    }
    by_source(observed, pulled, configured)
}

/// Gathers observations by their source; each source's by component and time.
fn by_source(observed: Vec<States>, pulled: States, configured: Vec<SourceConfig>) -> Vec<Source> {
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    for (name, observations) in observed.into_iter().flatten() {
        match sources.entry(name) {
            Entry::Vacant(entry) => {
                let name = entry.key().clone();
                entry.insert(Source {
                    name,
                    silences: Vec::new(),
                    observations,
                });
            }
            Entry::Occupied(mut entry) => {
                let all = Arc::make_mut(&mut entry.get_mut().observations);
                all.extend(observations.iter().cloned());
            }
        }
    }
    // Those of a single file are, and stay those that the memory has.
    let is_sorted = |source: &Source| source.observations.is_sorted_by_key(Observation::order);
    for source in sources.values_mut().filter(|source| !is_sorted(source)) {
        Arc::make_mut(&mut source.observations).sort_by_key(Observation::order);
    }
    for (name, pulled) in pulled {
        let source = sources.entry(name.clone()).or_insert_with(|| Source {
            name,
            silences: Vec::new(),
            observations: Arc::default(),
        });
        source.observations = Arc::new(joined(&source.observations, &pulled));
    }
    for SourceConfig { name, ignore } in configured {
        if let Some(source) = sources.get_mut(&name.value) {
            source.silences.extend(ignore);
        }
    }
    sources.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixtures::{at, saw};
    use crate::site::vocabulary::Status;

    #[test]
    fn the_files_of_a_source_are_joined_by_component_and_time() {
        let states = |observations: &[Observation]| -> States {
            [("probe".to_owned(), Arc::new(observations.to_vec()))].into()
        };
        let seen = |component, from: &str, status| saw(component, status, at(from), at(from));
        let first = states(&[
            seen(0, "10:00", Status::Operational),
            seen(0, "12:00", Status::Operational),
            seen(1, "10:00", Status::Operational),
        ]);
        let second = states(&[
            seen(0, "10:00", Status::MajorOutage),
            seen(0, "11:00", Status::Operational),
        ]);
        let sources = by_source(vec![first.clone(), second], States::new(), Vec::new());
        let joined: Vec<_> = (sources[0].observations.iter())
            .map(|it| (it.component.0, it.from, it.status))
            .collect();
        let expected = [
            (0, at("10:00"), Status::Operational),
            (0, at("10:00"), Status::MajorOutage),
            (0, at("11:00"), Status::Operational),
            (0, at("12:00"), Status::Operational),
            (1, at("10:00"), Status::Operational),
        ];
        assert_eq!(joined, expected);
        // The file itself is as it was, and is shared where there is no other.
        let alone = by_source(vec![first.clone()], States::new(), Vec::new());
        assert!(Arc::ptr_eq(&alone[0].observations, &first["probe"]));
        assert_eq!(first["probe"].len(), 3);
    }
}
