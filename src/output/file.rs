//! The files that a build makes, before anything is on a disk.

use bytes::Bytes;
use camino::Utf8PathBuf;

/// One file of the finished site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its path from the output folder, with `/` between its parts, as in `incidents/x/index.html`.
    pub path: Utf8PathBuf,
    /// The whole content; cheap to clone.
    pub bytes: Bytes,
}

impl Output {
    /// The file `path` with the content `bytes`.
    pub fn new(path: impl Into<Utf8PathBuf>, bytes: impl Into<Bytes>) -> Self {
        Self {
            path: path.into(),
            bytes: bytes.into(),
        }
    }
}
