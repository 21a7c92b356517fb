//! The files of evidence of a site, and the point in time from which they are looked at.

use std::collections::HashMap;
use std::sync::Arc;

use camino::Utf8Path;
use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::diagnostic::{KnownNames, SourceFile};
use crate::site::component::Component;
use crate::site::config::ProbeConfig;
use crate::site::evidence_file::states_file;
use crate::site::latency::is_latency;
use crate::site::lookup::Directory;
use crate::site::observation::PULLED;
use crate::site::probe::Kind;
use crate::time::Instant;

/// The files of evidence of a site, with what their lines refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct EvidenceFiles<'a> {
    /// The files, those of signals too.
    pub(super) files: &'a [Arc<SourceFile>],
    /// The same files by their paths.
    pub(super) paths: &'a EvidencePaths<'a>,
    /// The components of the site.
    pub(super) components: &'a Directory<'a, Component>,
    /// The probes of the site, which write some of them.
    pub(super) probes: &'a [ProbeConfig],
    /// The zone of times that name none.
    pub(super) zone: Tz,
    /// The point in time from which they are looked at.
    pub(super) as_of: AsOf,
}

impl<'a> EvidenceFiles<'a> {
    /// The file at a path.
    pub(super) fn find(self, path: &Utf8Path) -> Option<&'a Arc<SourceFile>> {
        self.paths.by_path.get(path).copied()
    }

    /// Whether nobody but a program writes the file at a path: a probe, also one that is not there any more but had no
    /// name of its own, or `pull`.
    pub(super) fn is_by_programs(self, path: &Utf8Path) -> bool {
        let mut sources = self.probes.iter().map(|it| &it.probe.source);
        let stem = path.file_stem().unwrap_or_default();
        let mut kinds = Kind::KEYS.iter();
        is_latency(path)
            || path == PULLED
            || sources.any(|source| states_file(source) == path)
            || kinds.any(|(kind, _)| {
                stem.strip_prefix(kind)
                    .is_some_and(|it| it.starts_with('-'))
            })
    }
}

/// The files of evidence of a site by their paths.
#[derive(Debug)]
pub(super) struct EvidencePaths<'a> {
    by_path: HashMap<&'a Utf8Path, &'a Arc<SourceFile>>,
    /// The paths, for guesses at what an unknown one means.
    pub(super) names: KnownNames<'a>,
}

impl<'a> EvidencePaths<'a> {
    pub(super) fn new(files: &'a [Arc<SourceFile>]) -> Self {
        let by_path = files.iter().map(|file| (file.path.as_path(), file));
        Self {
            by_path: by_path.collect(),
            names: KnownNames::new(files.iter().map(|file| file.path.as_str())),
        }
    }
}

/// The point in time from which the files of a site are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// The present: what evidence claims to have seen later is not believed.
    Present(Instant),
    /// Later than all that the files say: they are history, of which the instant of a page cuts what came later.
    History,
}

/// The time by which the clocks of machines may differ.
const TOLERANCE: TimeDelta = TimeDelta::minutes(1);

impl AsOf {
    /// The present, and the last instant that anybody can have seen by then; `None` where files are history.
    pub(super) fn limit(self) -> Option<(Instant, Instant)> {
        match self {
            Self::Present(now) => Some((now, now + TOLERANCE)),
            Self::History => None,
        }
    }
}
