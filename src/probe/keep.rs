//! Keeping what probes saw, by the rules of `record`.

use std::cell::Cell;
use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::look::Looked;
use crate::error::Error;
use crate::site::Site;
use crate::site::edit::latency::{self, LatencyRow};
use crate::site::edit::observation::{NewObservation, record};
use crate::site::latency::{latency_file, states_file};
use crate::site::probe::question::Verdict;
use crate::source;
use crate::write;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// The number of observations.
    pub observations: usize,
    /// The files of observations and of latency, from the site's folder.
    pub files: BTreeSet<Utf8PathBuf>,
}

/// Writes what probes saw into the evidence of the site in a folder, and how long it took.
///
/// # Errors
///
/// Where something could not be written; everything else was.
pub fn keep(folder: &Utf8Path, site: &Site, looked: &[Looked]) -> Result<Kept, Error> {
    let mut kept = Kept::default();
    let mut failed = None;
    for looked in looked {
        let source = &site.probes[looked.probe.0].source;
        for reading in &looked.readings {
            let Verdict::Seen(status, at) = reading.verdict else {
                continue;
            };
            let component = &site.components[reading.component.0];
            let seen = NewObservation {
                component: &component.id,
                status,
                source,
                at,
            };
            let path = states_file(source);
            let grown = source::target(folder, &path).and_then(|target| {
                write::grow(&target, |end| record(end, seen, component.valid_for))
            });
            match grown {
                Ok(_) => {
                    kept.observations += 1;
                    kept.files.insert(path);
                }
                Err(error) => failed = failed.or(Some(error)),
            }
            let Some(took) = reading.latency else {
                continue;
            };
            let row = LatencyRow {
                at,
                component: &component.id,
                milliseconds: took.as_secs_f64() * 1000.0,
            };
            let path = latency_file(source);
            match keep_latency(folder, &path, row) {
                Ok(()) => {
                    kept.files.insert(path);
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(kept),
    }
}

/// Adds a row to a file of latency, of which old rows are thinned now and then. One that cannot be thinned only grows: the
/// line that hinders it is somebody's.
fn keep_latency(folder: &Utf8Path, path: &Utf8Path, row: LatencyRow<'_>) -> Result<(), Error> {
    let target = source::target(folder, path)?;
    let is_due = Cell::new(false);
    write::grow(&target, |end| {
        is_due.set(latency::is_thinning_due(end, row.at));
        latency::add(end, row)
    })?;
    if is_due.get() {
        write::edit(&target, |text| {
            let thinned = latency::thinned(text, row.at);
            Ok::<_, Error>((thinned.unwrap_or_else(|_| text.to_owned()), ()))
        })?;
    }
    Ok(())
}
