//! The files of evidence of a site, and the point in time from which they are looked at.

use std::sync::Arc;

use camino::Utf8Path;
use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::diagnostic::SourceFile;
use crate::site::component::Component;
use crate::time::Instant;

/// The files of evidence of a site, with what their lines refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct EvidenceFiles<'a> {
    /// The files, those of signals too.
    pub(super) files: &'a [Arc<SourceFile>],
    /// The components of the site.
    pub(super) components: &'a [Component],
    /// The zone of times that name none.
    pub(super) zone: Tz,
    /// The point in time from which they are looked at.
    pub(super) as_of: AsOf,
}

impl<'a> EvidenceFiles<'a> {
    /// The file at a path.
    pub(super) fn find(self, path: &Utf8Path) -> Option<&'a Arc<SourceFile>> {
        self.files.iter().find(|file| file.path == path)
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
