//! Signals: their components and their samples.

use std::sync::Arc;

use camino::Utf8PathBuf;

use super::evidence_files::EvidenceFiles;
use super::future::believed_samples;
use super::memo::Memo;
use super::samples;
use crate::diagnostic::Code;
use crate::site::component::ComponentIndex;
use crate::site::config::{SamplesFrom, SignalConfig};
use crate::site::latency::{LatencySource, medians, part_of};
use crate::site::signal::{Sample, Signal};
use crate::syntax::{Reader, Spanned};

/// A signal with its samples.
pub(super) fn signal(
    reader: &mut Reader<'_>,
    config: SignalConfig,
    evidence: EvidenceFiles<'_>,
    latency: &[LatencySource],
    memo: &mut Memo<Arc<Vec<Sample>>>,
) -> Signal {
    let SignalConfig {
        id,
        name,
        components: ids,
        samples: from,
        unit,
        limit,
        sustained,
        valid_for,
    } = config;
    let named = ids.iter().filter_map(|id| {
        let found = evidence.components.component(&id.value);
        reader.known(&id.span, found)
    });
    let named: Vec<ComponentIndex> = named.collect();
    let samples = match from {
        None => Arc::default(),
        Some(SamplesFrom::File(path)) => samples_in(reader, &id.value, &path, evidence, memo),
        Some(SamplesFrom::Latency(component)) => {
            let found = evidence.components.component(&component.value);
            let component = reader.known(&component.span, found);
            component.map_or_else(Arc::default, |it| Arc::new(samples_of(it, latency)))
        }
    };
    Signal {
        place: reader.place(&id.span),
        id: id.value,
        region: None,
        name,
        components: named,
        unit,
        limit,
        sustained,
        valid_for,
        samples,
    }
}

/// The samples in the file that a signal names.
fn samples_in(
    reader: &mut Reader<'_>,
    signal: &str,
    path: &Spanned<Utf8PathBuf>,
    evidence: EvidenceFiles<'_>,
    memo: &mut Memo<Arc<Vec<Sample>>>,
) -> Arc<Vec<Sample>> {
    let Some(file) = evidence.find(&path.value) else {
        let message = format!("there is no file `{}`", path.value);
        let hint = evidence.paths.names.hint(path.value.as_str(), &[]);
        let hint = hint.unwrap_or_else(|| {
            "a signal's samples are a `.csv`, `.jsonl` or `.json` file in `evidence/`".to_owned()
        });
        reader.error(Code::MissingEvidenceFile, &path.span, message, hint);
        return Arc::default();
    };
    let samples = memo.read(file, reader.diagnostics, |diagnostics| {
        Arc::new(samples::samples(file, evidence.zone, diagnostics))
    });
    believed_samples(samples, signal, file, evidence, reader.diagnostics)
}

/// The latency of a component as samples, by time: the median of each five minutes of each source is one, at their start,
/// and of several at one instant the longest counts. So nothing changes once rows are thinned.
fn samples_of(component: ComponentIndex, latency: &[LatencySource]) -> Vec<Sample> {
    let medians = latency
        .iter()
        .flat_map(|source| medians(source.of(component)));
    let mut samples: Vec<Sample> = medians
        .map(|(at, value)| Sample {
            at: part_of(at),
            value,
        })
        .collect();
    samples.sort_by(|a, b| a.at.cmp(&b.at).then(b.value.total_cmp(&a.value)));
    samples.dedup_by_key(|sample| sample.at);
    samples
}
