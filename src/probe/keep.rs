//! Keeping what probes saw, by the rules of `record`.

use std::cell::Cell;
use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::look::Looked;
use crate::error::Error;
use crate::site::Site;
use crate::site::edit::latency::{LatencyRow, add, is_thinning_due, thinned};
use crate::site::edit::observation::{NewObservation, record};
use crate::site::evidence_file::{latency_file, states_file};
use crate::site::probe::question::Verdict;
use crate::source;
use crate::write;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// The number of observations.
    pub observations: usize,
    /// The files in which they are, from the site's folder.
    pub files: BTreeSet<Utf8PathBuf>,
}

/// Writes what probes saw into the evidence of the site in a folder.
///
/// # Errors
///
/// Where something could not be written; everything else was.
pub fn keep(folder: &Utf8Path, site: &Site, looked: &[Looked]) -> Result<Kept, Error> {
    let mut kept = Kept::default();
    let mut failed = None;
    for looked in looked {
        let source = &site.probes[looked.probe.0].source;
        let path = states_file(source);
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
            let grown = source::target(folder, &path).and_then(|target| {
                write::grow(&target, |end| record(end, seen, component.valid_for))
            });
            match grown {
                Ok(_) => {
                    kept.observations += 1;
                    kept.files.insert(path.clone());
                }
                Err(error) => failed = failed.or(Some(error)),
            }
            let Some(latency) = reading.latency else {
                continue;
            };
            let row = LatencyRow {
                at,
                component: &component.id,
                milliseconds: latency.as_secs_f64() * 1000.0,
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

/// Adds a row of latency to its file, in which old rows are thinned once an hour.
fn keep_latency(folder: &Utf8Path, path: &Utf8Path, row: LatencyRow<'_>) -> Result<(), Error> {
    let target = source::target(folder, path)?;
    let is_due = Cell::new(false);
    write::grow(&target, |end| {
        is_due.set(is_thinning_due(end, row.at));
        add(end, row)
    })?;
    if !is_due.get() {
        return Ok(());
    }
    write::edit(&target, |text| {
        // What cannot be read is reported where the site is.
        let thin = thinned(text, row.at).unwrap_or_else(|_| text.to_owned());
        Ok((thin, ()))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::site::fixtures::at;

    #[test]
    fn latency_is_kept_a_row_each_and_thinned_by_and_by() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let path = latency_file("frankfurt");
        for (clock, milliseconds) in [
            ("27 10:00", 5.0),
            ("27 10:01", 7.0),
            ("27 10:02", 6.123),
            ("28 20:00", 1.0),
        ] {
            let row = LatencyRow {
                at: at(clock),
                component: "web",
                milliseconds,
            };
            keep_latency(folder, &path, row).unwrap();
        }
        let text = source::read_text(folder, &path).unwrap().unwrap();
        assert_eq!(
            text,
            "time,component,milliseconds\n2022-12-27T10:00:00Z,web,6.1\n2022-12-28T20:00:00Z,web,1\n"
        );
    }
}
