//! The facts from which everything at an instant is computed.

use super::breach::SignalStatus;
use super::observed::Coverage;
use super::occurrence::Occurrence;
use crate::site::Site;
use crate::time::Instant;

/// The facts about a site at an instant: what was said, what was seen, and what was measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    /// The site.
    pub(super) site: &'a Site,
    /// The instant.
    pub(super) now: Instant,
    /// What was said: the occurrences of all posts.
    pub(super) occurrences: &'a [Occurrence],
    /// What was seen.
    pub(super) coverage: &'a Coverage<'a>,
    /// What was measured, in the order of [`Site::signals`].
    pub(super) signals: &'a [SignalStatus],
}
