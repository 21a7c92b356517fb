//! Signals: their components and their samples.

use std::sync::Arc;

use super::evidence_files::EvidenceFiles;
use super::future::believed_samples;
use super::memo::Memo;
use super::samples;
use crate::diagnostic::Code;
use crate::site::component::ComponentIndex;
use crate::site::config::SignalConfig;
use crate::site::signal::{Sample, Signal};
use crate::syntax::Reader;

/// A signal with its samples.
pub(super) fn signal(
    reader: &mut Reader<'_>,
    config: SignalConfig,
    evidence: EvidenceFiles<'_>,
    memo: &mut Memo<Arc<Vec<Sample>>>,
) -> Signal {
    let SignalConfig {
        id,
        name,
        components: ids,
        file: path,
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
    let found = path.map(|path| (evidence.find(&path.value), path));
    let samples = match found {
        None => Arc::default(),
        Some((Some(file), _)) => {
            let samples = memo.read(file, reader.diagnostics, |diagnostics| {
                Arc::new(samples::samples(file, evidence.zone, diagnostics))
            });
            believed_samples(samples, &id.value, file, evidence, reader.diagnostics)
        }
        Some((None, path)) => {
            let message = format!("there is no file `{}`", path.value);
            let hint = evidence.paths.names.hint(path.value.as_str(), &[]);
            let hint = hint.unwrap_or_else(|| {
                "a signal's samples are a `.csv`, `.jsonl` or `.json` file in `evidence/`"
                    .to_owned()
            });
            reader.error(Code::MissingEvidenceFile, &path.span, message, hint);
            Arc::default()
        }
    };
    Signal {
        place: reader.place(&id.span),
        id: id.value,
        name,
        components: named,
        unit,
        limit,
        sustained,
        valid_for,
        samples,
    }
}
