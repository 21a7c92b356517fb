//! What a publication did, or would do.

use std::collections::BTreeSet;

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many files were sent.
    pub sent: usize,
    /// How many bytes were sent.
    pub bytes: u64,
    /// How many files were there already.
    pub unchanged: usize,
    /// How many files were deleted.
    pub deleted: usize,
    /// How many files could not be deleted. Nothing leads to them, and a later publication tries again.
    pub undeleted: usize,
}

/// What would be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// The paths of the files that would be sent.
    pub sent: BTreeSet<String>,
    /// How many bytes would be.
    pub bytes: u64,
    /// The paths of the files that would be deleted.
    pub deleted: BTreeSet<String>,
}

impl Preview {
    pub(super) fn new(
        sent: BTreeSet<String>,
        deleted: BTreeSet<String>,
        size: impl Fn(&str) -> u64,
    ) -> Self {
        Self {
            bytes: sent.iter().map(|path| size(path)).sum(),
            sent,
            deleted,
        }
    }
}
