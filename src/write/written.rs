//! The figures of a build.

/// The result of writing an output folder, in figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or have changed.
    pub written: usize,
    /// Files that were there with the same content, and were not touched.
    pub unchanged: usize,
    /// Files of an earlier build that were deleted.
    pub deleted: usize,
    /// The length of the files that are new or have changed, together.
    pub bytes_written: u64,
    /// The length of the files that were not touched, together.
    pub bytes_unchanged: u64,
    /// Whether the list of the files of earlier builds was torn, as by a power cut: what they made and this build
    /// does not may be there still.
    pub was_manifest_torn: bool,
}
