//! Signals: their components and their samples.

use std::sync::Arc;

use chrono_tz::Tz;

use super::memo::Memo;
use super::samples;
use crate::diagnostic::{Code, nearest_hint};
use crate::site::component::{Component, ComponentIndex};
use crate::site::config::SignalConfig;
use crate::site::lookup;
use crate::site::signal::{Sample, Signal};
use crate::source::Files;
use crate::syntax::Reader;

/// A signal with its samples.
pub(super) fn signal(
    reader: &mut Reader<'_>,
    config: SignalConfig,
    components: &[Component],
    files: &Files,
    zone: Tz,
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
        let found = lookup::component(components, &id.value);
        reader.known(&id.span, found)
    });
    let named: Vec<ComponentIndex> = named.collect();
    let found = path.map(|path| {
        let found = files.evidence.iter().find(|file| file.path == path.value);
        (found, path)
    });
    let samples = match found {
        None => Arc::default(),
        Some((Some(evidence), _)) => memo.read(evidence, reader.diagnostics, |diagnostics| {
            Arc::new(samples::samples(evidence, zone, diagnostics))
        }),
        Some((None, path)) => {
            let paths = files.evidence.iter().map(|file| file.path.as_str());
            let message = format!("there is no file `{}`", path.value);
            let hint = nearest_hint(path.value.as_str(), paths).unwrap_or_else(|| {
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
