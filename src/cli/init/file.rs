//! A file that `init` writes beside a site.

/// A file of a pipeline, or of what runs the agent: its path from the site's folder, and its text.
pub(crate) struct PipelineFile {
    pub(crate) path: &'static str,
    pub(crate) text: String,
    /// Whether any that is there is as good: one that others share, and in which its owner wrote something.
    pub(crate) is_kept: bool,
}
