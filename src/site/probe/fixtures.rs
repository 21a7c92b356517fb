//! Probes for unit tests.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use super::Probe;
use super::question::{Asked, Outcome, Reading};
use crate::diagnostic::{Diagnostics, SourceFile};
use crate::site::component::ComponentIndex;
use crate::site::read::config;
use crate::time::Instant;

/// The instant at which tests have asked.
pub(crate) const ASKED_AT: Instant = Instant::from_timestamp_nanos(1_672_277_400_000_000_000);

/// The probe of the lines of a `[[probes]]` table, about the first component of a site.
#[track_caller]
pub(crate) fn probe(lines: &str) -> Probe {
    let text = format!(
        "title = 'A'\nbase_url = 'https://example.com/'\n[[probes]]\ncomponent = 'web'\n{lines}\n"
    );
    let path = "allclear.toml".into();
    let file = Arc::new(SourceFile { path, text });
    let mut diagnostics = Diagnostics::new();
    let config = config::read(&file, &mut diagnostics).map(|config| config.probes);
    let mut probe = config.unwrap().remove(0).probe;
    probe.components = vec![ComponentIndex(0)];
    probe
}

/// What the outcomes of the questions of such a probe say.
#[track_caller]
pub(crate) fn said(lines: &str, outcomes: &[Outcome]) -> Reading {
    let probe = probe(lines);
    let asked = Asked {
        at: ASKED_AT,
        components: &[],
    };
    let mut readings = probe.read(asked, outcomes);
    assert_eq!(readings.len(), 1, "{readings:?}");
    readings.remove(0)
}
